"""The search for the tours of a fleet: starts of an iterated local search in rounds, with larger moves between them."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from pyvrp import CostEvaluator, ProblemData, Route, Solution
from pyvrp.exceptions import PenaltyBoundWarning

from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.fleet_model import alike, counting, fleet_model
from algorithms.patrolling.jobs import Jobs
from algorithms.patrolling.late_acceptance import LateAcceptance
from algorithms.patrolling.problem import PatrolParams
from algorithms.patrolling.turning import Turning
from algorithms.progress import Progress, Span

Tours = list[list[int]]  # the ways that each vehicle goes in order, one list a row of the fleet


@dataclass(frozen=True)
class Search:
    """What a search found: tours, one a row of the fleet; `feasible` as the solver sees it; `cost` in seconds, inf where it is not."""

    tours: Tours
    feasible: bool
    cost: float
    iterations: int
    cut_short: bool


def search_tours(
    jobs: Jobs,
    tables: Tables,
    fleet: Fleet,
    params: PatrolParams,
    ends_at: float,
    progress: Progress,
    warm: Sequence[list[int]] = (),
    all_required: bool = True,
    give_up: bool = False,
    improve: Callable[[Tours], Tours] | None = None,
    target: float = -np.inf,
) -> Search:
    """Return the best tours found within the budget; the same seed and budget give the same tours.

    The solver starts afresh `params.starts` times, each time in `params.rounds` rounds between which `improve` mends the tours by
    moves that the solver does not know. Every other start is made from the tours `warm` (one a row of the fleet), the rest (all, where
    there are none) at random. With `give_up`, half the starts without feasible tours are enough: the caller has another question.
    The search ends at `ends_at` (monotonic clock), where the listener wants it to, and once tours cost no more than `target`.
    """
    fleet_of = _Model(fleet_model(jobs, tables, fleet, all_required), alike(fleet), fleet, tables)
    data = fleet_of.data
    count = counting(jobs, tables, fleet)
    unit = count.tick / count.fine
    enough = target / unit
    steps = params.starts * params.rounds
    share = -(-params.iterations * max(100, len(jobs.by_job)) // (100 * steps))
    best: Tours = [[] for _ in range(len(fleet))]
    tours = best
    least, found, done = np.inf, False, 0
    turning = Turning(data, jobs)
    for step in range(steps):
        start, turn = divmod(step, params.rounds)
        if turn == 0:
            search = LateAcceptance(data, turning, (1000 * params.seed + start) % (1 << 32))
        if give_up and not found and turn == 0 and 2 * start >= max(2, params.starts):
            break
        known = tours if turn else warm if start % 2 == 0 else ()
        budget = _Budget(share, ends_at, Span(progress, step / steps, (step + 1) / steps), enough)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)  # "no feasible plan" is an answer here, given by `feasible`
            solution, taken = search.run(fleet_of.solution(known) if any(known) else search.fresh(), budget)
        done += taken
        tours = fleet_of.tours(solution)
        feasible = solution.is_feasible() and fleet_of.has_ways(tours)
        if feasible and improve:
            tours = improve(tours)
        cost = fleet_of.cost(tours) if feasible else np.inf
        if cost < least or not any(best):
            best, least, found = tours, cost, feasible
        if budget.cut_short or least <= enough:
            return Search(best, found, least * unit, done, budget.cut_short)
    return Search(best, found, least * unit, done, False)


@dataclass(frozen=True)
class _Model:
    """The solver's data and which rows of the fleet each of its vehicle types stands for."""

    data: ProblemData
    kinds: list[list[int]]
    fleet: Fleet
    tables: Tables

    def solution(self, tours: Sequence[list[int]]) -> Solution:
        """Return tours as the solver's solution."""
        routes = [Route(self.data, tours[row], kind) for kind, rows in enumerate(self.kinds) for row in rows if tours[row]]
        return Solution(self.data, routes)

    def tours(self, solution: Solution) -> Tours:
        """Return the tours of a solution, those of vehicles that do not differ on their rows in the order they come in."""
        free = [iter(rows) for rows in self.kinds]
        tours: Tours = [[] for rows in self.kinds for _ in rows]
        for route in solution.routes():
            tours[next(free[route.vehicle_type()])] = [stop.idx for stop in route if stop.is_client()]
        return tours

    def has_ways(self, tours: Tours) -> bool:
        """Whether there is a way between the stops of all tours: to the solver a missing one is only dear."""
        first = self.tables.depots
        ends = zip(self.fleet.depot.tolist(), self.fleet.home.tolist(), tours, strict=True)
        paths = [np.array([depot, *(w + first for w in tour), home]) for depot, home, tour in ends if tour]
        return all(bool(np.all(np.isfinite(self.tables.seconds[path[:-1], path[1:]]))) for path in paths)

    def cost(self, tours: Tours) -> float:
        """Return what tours cost as the solver counts, inf where they break a rule."""
        solution = self.solution(tours)
        return float(CostEvaluator([0.0], 0, 0).cost(solution)) if solution.is_feasible() else np.inf


@dataclass
class _Budget:
    """When to stop: after so many iterations, a wall limit, a cost that is good enough, and what the listener wants."""

    iterations: int
    ends_at: float
    progress: Progress
    enough: float
    done: int = 0
    cut_short: bool = False

    def __call__(self, best_cost: float) -> bool:
        self.progress.check()
        if self.done % 20 == 0:
            self.progress.report(self.done / self.iterations)
        if self.done >= self.iterations or best_cost <= self.enough:
            return True
        self.cut_short = self.progress.should_finish() or time.monotonic() >= self.ends_at
        self.done += 1
        return self.cut_short
