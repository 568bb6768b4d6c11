"""The patrol as a vehicle-routing problem for PyVRP: a street is a group of two directed clients, one of which is enough.

Bräysy, Martínez, Nagata and Soler, *The mixed capacitated general routing problem with turn penalties* (Expert Systems with
Applications 38, 2011) turn such problems into a generalised vehicle-routing problem; client groups are that idea.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyvrp import Client, ClientGroup, CostEvaluator, Depot, Location, ProblemData, Solution, VehicleType, solve
from pyvrp.exceptions import PenaltyBoundWarning

from algorithms.network.polylines import Floats
from algorithms.network.shortest_paths import ArcNetwork, travel_times
from algorithms.patrolling.jobs import Jobs
from algorithms.patrolling.problem import PatrolParams, PatrolProblem
from algorithms.progress import Progress, Span

TICK = 0.01  # seconds; the solver counts in whole ticks, rounded so that what fits its shift fits the real one


def way_times(problem: PatrolProblem, jobs: Jobs, network: ArcNetwork, progress: Progress) -> Floats:
    """Return seconds (1 + ways, 1 + ways) from where one ends to where another begins; row and column 0 are the depot."""
    out = np.array([problem.depot, *(way.exit for way in jobs.ways)])
    into = np.array([problem.depot, *(way.entry for way in jobs.ways)])
    goals, column = np.unique(into, return_inverse=True)
    return travel_times(network, out, goals, progress)[:, column]


def vehicle_model(problem: PatrolProblem, jobs: Jobs, times: Floats, all_required: bool) -> ProblemData:
    """Return the solver's data; client i is way i. Unless all are required, a job earns a prize by its weight.

    The least prize is worth more than all the crews' time, so that leaving out a job never pays and, where time is short,
    the least weight in all is left out.
    """
    longest = math.floor(problem.longest / TICK)
    ticks = np.ceil(np.minimum(times, 2 * problem.longest) / TICK - 1e-6).astype(np.int64)
    np.fill_diagonal(ticks, 0)
    least = float(jobs.weight.min()) if len(jobs.weight) else 1.0
    prize = np.ceil(4 * longest * len(problem.crews) * jobs.weight / least).astype(np.int64)
    clients: list[Client] = []
    groups: list[ClientGroup] = []
    for job, group in enumerate(jobs.by_job):
        alone = len(group) == 1
        if not alone:
            groups.append(ClientGroup(list(group), required=all_required))
        for w in group:
            way = jobs.ways[w]
            clients.append(
                Client(
                    location=w + 1,
                    service_duration=math.ceil(way.seconds / TICK - 1e-6),
                    tw_early=math.ceil(max(way.opens, 0.0) / TICK - 1e-6),
                    tw_late=longest if way.closes * (1 / TICK) >= longest else math.floor(way.closes / TICK + 1e-6),
                    prize=0 if all_required else int(prize[job]),
                    required=all_required and alone,
                    group=None if alone else len(groups) - 1,
                )
            )
    crew = VehicleType(
        num_available=len(problem.crews),
        tw_early=0,
        tw_late=longest,
        start_late=0,
        shift_duration=math.floor(problem.shift / TICK),
        max_overtime=longest - math.floor(problem.shift / TICK),
        unit_distance_cost=1,  # driving, beside the time it takes: waiting for a site to open is no licence to drive about
        unit_duration_cost=1,
        unit_overtime_cost=1,
    )
    places = [Location(0, 0) for _ in range(len(clients) + 1)]
    matrix: Any = ticks  # the stub of ProblemData asks for a type that no array has
    return ProblemData(places, clients, [Depot(0)], [crew], [matrix], [matrix], groups)


@dataclass
class _Budget:
    """PyVRP's stopping rule: so many iterations, a wall limit, and what the listener wants."""

    iterations: int
    ends_at: float
    progress: Progress
    done: int = 0
    cut_short: bool = False

    def __call__(self, best_cost: int) -> bool:  # noqa: ARG002  (PyVRP offers it)
        self.progress.check()
        if self.done % 20 == 0:
            self.progress.report(self.done / self.iterations)
        if self.done >= self.iterations:
            return True
        self.cut_short = self.progress.should_finish() or time.monotonic() >= self.ends_at
        self.done += 1
        return self.cut_short


@dataclass(frozen=True)
class Search:
    """What a search found: the ways of each crew in order; `feasible` as the solver sees it."""

    tours: list[list[int]]
    feasible: bool
    iterations: int
    cut_short: bool


def search(
    data: ProblemData,
    params: PatrolParams,
    ends_at: float,
    improve: Callable[[list[list[int]]], list[list[int]]],
    progress: Progress,
    warm: list[list[int]],
    give_up: bool = False,
) -> Search:
    """Return the best plan found within the budget; the same seed and budget give the same plan.

    The solver starts afresh `params.starts` times, each time in `params.rounds` rounds between which `improve` mends the
    tours by moves that the solver does not know. Every other start is made from the plan `warm`, the rest (all, where it is
    empty) at random. With `give_up`, half the starts without a feasible plan are enough: the caller has another question.
    """
    count = params.starts * params.rounds
    jobs = data.num_clients - data.num_groups  # a group holds the two ways of one street
    share = -(-params.iterations * max(100, jobs) // (100 * count))
    best: list[list[int]] = []
    tours: list[list[int]] = []
    least, found, done = 0, False, 0
    for step in range(count):
        start, turn = divmod(step, params.rounds)
        if give_up and not found and turn == 0 and 2 * start >= max(2, params.starts):
            break
        known = tours if turn else warm if start % 2 == 0 else []
        initial = Solution(data, known) if known else None
        budget = _Budget(share, ends_at, Span(progress, step / count, (step + 1) / count))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)  # "no feasible plan" is an answer here, given by `feasible`
            seed = (1000 * params.seed + step) % (1 << 32)
            result = solve(data, budget, seed=seed, collect_stats=False, display=False, initial_solution=initial)
        done += result.num_iterations
        feasible = result.is_feasible()
        tours = [[stop.idx for stop in route if stop.is_client()] for route in result.best.routes()]
        tours = improve(tours) if feasible else tours
        cost = CostEvaluator([], 0, 0).cost(Solution(data, tours))
        if (feasible and (not found or cost < least)) or not best:
            best, least, found = tours, cost, feasible
        if budget.cut_short:
            return Search(best, found, done, True)
    return Search(best, found, done, False)
