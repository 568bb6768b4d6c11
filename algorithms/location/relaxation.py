"""A lower bound of the location problem: the rule that each customer has one site is bought off by prices (Lagrangian relaxation)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.location.knapsack import Knapsacks, fractional_knapsacks, whole_knapsacks
from algorithms.location.problem import Floats, Ints, LocationProblem
from algorithms.progress import SILENT, Progress

WHOLE = 4_000_000  # steps of the dynamic programmes of one round above which fractional knapsacks must do
PATIENCE = 12  # rounds without a better bound after which the step is halved
TRAIL = 12  # sets of open sites that are remembered


@dataclass(frozen=True, eq=False)
class Relaxation:
    """What the best prices say: no solution costs less than `bound`.

    `price` (n,) is what serving a customer is worth, `site_bound` (m,) what no solution that opens this site undercuts, `entry_bound`
    (n, m) the same for solutions in which this site serves this customer. `trail`: sets of sites (p,) that were open on the way,
    the best last.
    """

    bound: float
    price: Floats
    site_bound: Floats
    entry_bound: Floats
    trail: tuple[Ints, ...]


def relax(problem: LocationProblem, rounds: int, upper: float, progress: Progress = SILENT) -> Relaxation:
    """Return a lower bound with what it says of each site and entry.

    With prices u, the sites fall apart into knapsacks of reduced costs c - u of which the `count` cheapest are opened; the prices
    climb along the subgradient 1 - (how many open sites want the customer) with Polyak's step towards `upper` (Fisher 1981; for
    this problem Ceselli and Righini 2005). Fractional knapsacks give the bound of the linear programme; where demands are whole
    numbers and small, whole knapsacks follow and give a better one.
    """
    price = np.min(problem.cost, axis=1)
    state = _climb(problem, price, rounds, upper, False, progress)
    whole = problem.least is None and problem.own is None and bool(np.all(problem.demand == np.rint(problem.demand)))
    sites = min(len(problem.capacity), 2 * problem.count)
    if whole and float(problem.capacity.max()) * sites * 2 * len(problem.demand) / problem.count <= WHOLE:
        better = _climb(problem, state.price, max(1, rounds // 2), upper, True, progress)
        state = better if better.bound > state.bound else state
    return state


def _climb(problem: LocationProblem, price: Floats, rounds: int, upper: float, whole: bool, progress: Progress) -> Relaxation:
    """Return the best bound that `rounds` steps of the subgradient method reach from these prices."""

    def knapsacks(cost: Floats, every: bool = False) -> Knapsacks:
        return whole_knapsacks(cost, problem, every) if whole else fractional_knapsacks(cost, problem)

    best: tuple[float, Floats, Knapsacks] | None = None
    theta, stale, drift = 1.0, 0, np.zeros(len(price))
    trail: dict[bytes, Ints] = {}
    for turn in range(rounds):
        if turn % 16 == 0:
            progress.check()
            progress.report(turn / rounds)
        packed = knapsacks(problem.cost - price[:, None])
        opened = cheapest_sites(packed.value, problem)
        bound = float(price.sum() + packed.value[opened].sum())
        if best is None or bound > best[0] + 1e-9 * abs(best[0]):
            best, stale = (bound, price, packed), 0
            trail[opened.tobytes()] = opened
        else:
            stale += 1
            if stale >= PATIENCE:
                theta, stale, price = theta / 2, 0, best[1]
                if theta < 1e-4:
                    break
                continue
        slope = 1.0 - packed.taken[:, opened].sum(axis=1)
        drift = 0.7 * slope + 0.3 * drift
        steep = float(slope @ slope)
        if steep < 1e-12 or not np.isfinite(bound):
            break
        price = price + theta * max(upper - bound, 1e-6 * abs(upper)) / steep * drift
    assert best is not None
    bound, price, packed = best
    if whole:
        packed = knapsacks(problem.cost - price[:, None], every=True)
    return _reading(problem, bound, price, packed, tuple(trail.values())[-TRAIL:])


def _reading(problem: LocationProblem, bound: float, price: Floats, packed: Knapsacks, trail: tuple[Ints, ...]) -> Relaxation:
    """Return what the knapsacks at the best prices say of single sites and entries."""
    if not np.isfinite(bound):
        return Relaxation(bound, price, np.full(len(packed.value), np.inf), np.full(problem.cost.shape, np.inf), trail)
    opened = cheapest_sites(packed.value, problem)
    free = opened[~problem.must_open[opened]]
    dearest = packed.value[free].max() if len(free) else -np.inf
    inside = np.zeros(len(packed.value), bool)
    inside[opened] = True
    # a site that is not among the cheapest replaces the dearest of those that may go
    extra = np.where(inside, 0.0, packed.value - dearest)
    site = bound + np.maximum(extra, 0.0)
    entry = site + np.maximum(packed.reduced, 0.0)
    return Relaxation(bound, price, site, np.where(np.isfinite(problem.cost), entry, np.inf), trail)


def cheapest_sites(value: Floats, problem: LocationProblem) -> Ints:
    """Return the `count` sites of least value, the fixed ones first."""
    return np.sort(np.lexsort((value, ~problem.must_open))[: problem.count])
