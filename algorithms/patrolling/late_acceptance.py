"""Iterated local search of tours by late acceptance, over PyVRP's local search, with its tours turned as well.

Burke and Bykov, *The late acceptance hill-climbing heuristic* (European Journal of Operational Research 258, 2017): a change is kept where
it is better than what was there so many steps ago. What breaks a limit is let pass for a penalty, which rises and falls with how often it
happens (Vidal, Crainic, Gendreau, Lahrichi and Rei, Operations Research 60, 2012). PyVRP's own loop starts with penalties of a size
that a short search never leaves.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from pyvrp import CostEvaluator, PenaltyManager, PenaltyParams, ProblemData, RandomNumberGenerator, Route, Solution
from pyvrp.search import (
    OPERATORS,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    compute_neighbours,
)

from algorithms.patrolling.turning import Turning

_HISTORY = 100  # steps that acceptance looks back
_MOVED, _SHARE = (10, 40), 0.1  # jobs that a step takes out at most: a share of all, between these
_NEIGHBOURS = 50
_NEAR = 0.02  # tours are looked at where they are that near to what is accepted, as a share of the driving
_LATE = 1000.0  # the first price of a tick of lateness, in ticks of driving: high, as a short search must end in time
_WORTH = 0.2  # of the dearest job's prize: what being late by as much as a job takes costs at first; else all late jobs pay
_DEAREST, _AT_MOST = 1e8, 1e5  # a tick of lateness: whatever the prizes, as sums have 64 bits; and later on, where there are no prizes


class LateAcceptance:
    """A search of one problem from one seed, which keeps its penalties from run to run."""

    def __init__(self, data: ProblemData, turning: Turning, seed: int) -> None:
        self._data = data
        self._turning = turning
        self._rng = RandomNumberGenerator(seed=seed)
        self._coin = random.Random(seed)
        jobs = data.num_clients - sum(len(group) - 1 for group in data.groups())
        neighbours = compute_neighbours(data, NeighbourhoodParams(num_neighbours=_NEIGHBOURS))
        moved = min(max(round(_SHARE * jobs), _MOVED[0]), _MOVED[1])
        self._search = LocalSearch(data, self._rng, neighbours, PerturbationManager(PerturbationParams(1, moved)))
        for operator in OPERATORS:
            if operator.supports(data):
                self._search.add_operator(operator(data))
        self._penalties = _penalties(data)

    def fresh(self) -> Solution:
        """Return tours made from random ones."""
        return self._search(Solution.make_random(self._data, self._rng), self._penalties.max_cost_evaluator(), exhaustive=True)

    def run(self, first: Solution, stop: Callable[[float], bool]) -> tuple[Solution, int]:
        """Return the best tours found from the `first` until `stop(cost)` says so, and the number of steps; infeasible ones if none are.

        `stop` is asked before each step, with the cost of the best feasible tours so far (inf without any).
        """
        best = now = first
        history: list[Solution | None] = [None] * _HISTORY
        steps = 0
        prices = self._penalties.cost_evaluator()
        while not stop(float(prices.cost(best)) if best.is_feasible() else np.inf):
            prices = self._penalties.cost_evaluator()
            found = self._search(now, prices, exhaustive=False)
            self._penalties.register(found)
            place = steps % _HISTORY
            steps += 1
            late = prices.penalised_cost(history[place] or first)
            cost, current = prices.penalised_cost(found), prices.penalised_cost(now)
            if self._turning.possible and cost < max(late, current) + 1 + _NEAR * found.distance_cost():
                found, cost = self._turned(found, cost, prices)
            if prices.cost(found) < prices.cost(best):
                best = found
                whole = self._search(found, prices, exhaustive=True)
                if whole.is_feasible():
                    best = found = whole
                    cost = prices.penalised_cost(found)
            if cost < late or cost < current:
                now, current = found, cost
            if current < late or history[place] is None:
                history[place] = now
        return best, steps

    def _turned(self, found: Solution, cost: int, prices: CostEvaluator) -> tuple[Solution, int]:
        """Return tours with their stretches turned for the better, each as a whole forwards or backwards by chance, and their cost."""
        routes = []
        for route in found.routes():
            kind = route.vehicle_type()
            tour = self._turning.mended(kind, [stop.idx for stop in route.schedule()[1:-1]])
            if self._coin.random() < 0.5:
                tour = self._turning.whole(kind, tour)
            routes.append(Route(self._data, tour, kind))
        changed = Solution(self._data, routes)
        better = prices.penalised_cost(changed)
        return (changed, better) if better <= cost else (found, cost)


def _penalties(data: ProblemData) -> PenaltyManager:
    """Return prices of broken limits that begin where one is as dear as the driving that it saves."""
    kinds = data.vehicle_types()
    leg = float(np.mean([kind.unit_distance_cost * np.mean(data.distance_matrix(kind.profile)) for kind in kinds]))
    loads = np.array([client.delivery for client in data.clients()], float).reshape(-1, data.num_load_dimensions)
    load = [max(leg / mean, 1e-3) if mean > 0 else 1.0 for mean in loads.mean(axis=0).tolist()]
    late = _LATE * max(max(kind.unit_distance_cost, kind.unit_duration_cost) for kind in kinds)
    prize, lasts = (np.array([getattr(client, name) for client in data.clients()], float) for name in ("prize", "service_duration"))
    if prize.any():
        late = min(max(late, _WORTH * float(prize.max()) / max(float(lasts.mean()), 1.0)), max(late, _DEAREST))
    params = PenaltyParams(
        solutions_between_updates=50,
        penalty_increase=1.34,
        penalty_decrease=0.9,
        target_feasible=0.4,
        min_penalty=min(*load, late) / 100,
        max_penalty=max(_AT_MOST, 10 * late),
    )
    return PenaltyManager((load, late, late), params)
