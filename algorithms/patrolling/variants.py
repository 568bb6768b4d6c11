"""Plans of one patrol of nearly equal length that have little of their way in common, so that nobody can know where a crew will be.

The plan's calls are put into other orders by a short search among travel times that were made uneven at random, as in randomised
vehicle routing, and driven by other ways among streets that are the dearer the more other variants drive them (the penalty method for
alternative routes). What counts is what they take at the true times. Of a pool the plans with the least overlap are kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from algorithms.network.polylines import Bools, Floats
from algorithms.patrolling.fleet_search import Tours
from algorithms.patrolling.overlap import free_streets, least_overlapping, overlap_table
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolRoute
from algorithms.patrolling.variant_orders import Orders, driven, orders_of, other_order
from algorithms.progress import SILENT, Progress, Span

_LEVELS = tuple(1.5 * 0.65**step for step in range(9)) + (0.0,)  # powers of the prices that are tried until a plan is not too long
_STEPS = 1.15, 0.7  # the unevenness of times, after an order that was short enough and one that was not


@dataclass(frozen=True)
class VariantParams:
    """How many variants to look for, and how.

    `count` variants, the plan itself among them, none more than the share `travel` longer to drive than it (patrolling and dead; with
    `dead_only` its deadheading alone). `tries` candidates a variant make the pool, each a search of `iterations` a hundred calls;
    `sigma` is the unevenness of travel times, `power` how fast streets become dearer with every variant that drives them. Then
    `mends` times one of the two most alike is driven anew. `wall_seconds` is only a safety stop.
    """

    count: int = 7
    travel: float = 0.10
    dead_only: bool = False
    tries: float = 1.5
    iterations: int = 60
    sigma: float = 0.3
    power: float = 0.7
    mends: int = 20
    margin: float = 500.0
    seed: int = 1
    wall_seconds: float = 120.0

    def __post_init__(self) -> None:
        if min(self.count, self.iterations) < 1 or self.tries < 1 or min(self.travel, self.sigma, self.power, self.margin, self.mends) < 0:
            raise ValueError("count, iterations and tries must be 1 or more, travel, sigma, power, margin and mends not negative")


DEFAULTS = VariantParams()


@dataclass(frozen=True, eq=False)
class Variants:
    """Variants of a plan, the plan itself first.

    `plans` are the routes of each; `overlap` (n, n) the Jaccard overlap by metres of the streets that two of them drive and nothing
    requires; `extra` (n,) how much longer each drives than the plan, as a share, `extra_dead` (n,) as a share of its deadheading.
    """

    plans: tuple[tuple[PatrolRoute, ...], ...]
    overlap: Floats
    extra: Floats
    extra_dead: Floats
    cut_short: bool = False

    def __len__(self) -> int:
        return len(self.plans)

    @property
    def pairs(self) -> Floats:
        """The overlap of every two, each pair once."""
        return self.overlap[np.triu_indices(len(self.plans), 1)]


def find_variants(
    problem: PatrolProblem, routes: Sequence[PatrolRoute], params: VariantParams = DEFAULTS, progress: Progress = SILENT
) -> Variants:
    """Return variants of the routes of a plan: they serve the same, each crew in its shift, with its windows and its break.

    There are fewer than asked for where no other plan is short enough, and they overlap where the network gives no other way: look at
    `overlap`. No crew is out longer than the longest of the plan, so that what was balanced stays so, unless its shift is the
    only limit. The same problem, routes and parameters give the same variants.
    """
    routes = [route for route in routes if len(route.kind)]
    if params.count == 1 or not routes:
        return _result(problem, [list(routes)], False)
    return _Search(problem, list(routes), params).run(progress)


class _Search:
    """A pool of plans that grows."""

    def __init__(self, problem: PatrolProblem, routes: list[PatrolRoute], params: VariantParams) -> None:
        self.problem, self.params = problem, params
        self.pool = [routes]
        self.sets = [free_streets(problem, routes)]
        self.legs: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.zeros((0, 0))
        self.orders: list[Tours] = []
        self.rng = np.random.default_rng(params.seed)
        self.ends_at = time.monotonic() + params.wall_seconds
        self.cut_short = False
        self.level = 3

    def room(self) -> float:
        """Return how many seconds longer than the plan a variant may drive."""
        return self.params.travel * _driving(self.problem, self.pool[0], self.params.dead_only) + 1e-6

    def run(self, progress: Progress) -> Variants:
        params, problem = self.params, self.problem
        search = PatrolParams(iterations=params.iterations, starts=1, rounds=1, seed=params.seed, margin=params.margin)
        orders = orders_of(problem, self.pool[0], search, self._longest(), Span(progress, 0.0, 0.05))
        self.orders = [orders.first]
        place, jobs = orders.between()
        used = np.zeros((jobs, jobs))
        _note(used, orders.first, orders)
        wanted = max(round((params.count - 1) * params.tries), 1)
        level = 1.0
        for number in range(wanted):
            if self._stop(progress):
                break
            span = Span(progress, 0.05 + 0.65 * number / wanted, 0.05 + 0.65 * (number + 1) / wanted)
            noise = self.rng.normal(size=(jobs, jobs))
            dearer = (np.exp(params.sigma * (noise + noise.T) / np.sqrt(2.0)) * (1.0 + used) ** params.power) ** level
            tours = other_order(orders, dearer[np.ix_(place, place)], replace(search, seed=params.seed + number), self.ends_at, span)
            good = orders.seconds(tours) - orders.seconds(orders.first) <= self.room()
            level *= _STEPS[0 if good else 1]
            if good and self._add(orders, tours, self.sets):
                _note(used, tours, orders)
        chosen = least_overlapping(overlap_table(np.array(self.sets), problem.graph.length), params.count).tolist()
        self.pool, self.sets = [self.pool[row] for row in chosen], [self.sets[row] for row in chosen]
        for number in range(params.mends if len(self.pool) > 1 else 0):
            if self._stop(progress):
                break
            progress.report(0.8 + 0.2 * number / params.mends)
            self._mend(orders)
        progress.report(1.0)
        return _result(problem, self.pool, self.cut_short)

    def _stop(self, progress: Progress) -> bool:
        progress.check()
        self.cut_short = self.cut_short or progress.should_finish() or time.monotonic() >= self.ends_at
        return self.cut_short

    def _longest(self) -> Floats:
        """Return how long each crew may be out."""
        routes, crews = self.pool[0], self.problem.crews
        limit = crews.longest[[route.crew for route in routes]]
        if self.problem.balance > 0:
            limit = np.minimum(limit, max(route.seconds for route in routes))
        return np.maximum(limit, [route.seconds for route in routes])

    def _add(self, orders: Orders, tours: Tours, others: list[Bools]) -> bool:
        """Drive tours by streets that the others drive little, and take the plan into the pool where it is short enough."""
        found = self._driven(orders, tours, others)
        if found is not None:
            self.pool.append(found)
            self.sets.append(free_streets(self.problem, found))
            self.orders.append(tours)
        return found is not None

    def _driven(self, orders: Orders, tours: Tours, others: list[Bools]) -> list[PatrolRoute] | None:
        problem, params = self.problem, self.params
        most = (1.0 + params.travel + 1e-9) * _driving(problem, self.pool[0], params.dead_only)
        uses = np.sum(others, axis=0)
        noise = np.exp(params.sigma * self.rng.normal(size=len(uses)))
        base = np.ones(len(uses)) if problem.price is None else problem.price
        first = max(self.level - 2, 0)
        for step, power in enumerate(_LEVELS[first:]):
            dearer = (noise * (1.0 + uses) ** params.power) ** power
            routes = driven(orders, tours, base * dearer / dearer.min(), params.margin)
            if routes is not None and _driving(problem, routes, params.dead_only) <= most:
                self.level = first + step
                return routes
        return None

    def _mend(self, orders: Orders) -> None:
        """Drive one of the two that are most alike anew, by streets that the others drive little, and keep it where that helps."""
        table = overlap_table(np.array(self.sets), self.problem.graph.length)
        np.fill_diagonal(table, 0.0)
        pair = np.unravel_index(int(table.argmax()), table.shape)
        row = int(max((one for one in pair if one > 0), key=lambda one: table[one].mean()))
        others = [one for number, one in enumerate(self.sets) if number != row]
        found = self._driven(orders, self.orders[int(self.rng.integers(len(self.orders)))], others)
        if found is None:
            return
        edges = free_streets(self.problem, found)
        new = overlap_table(np.array([edges, *others]), self.problem.graph.length)[0, 1:]
        if (new.max(), new.mean()) < (table[row].max(), table[row].sum() / len(others)):
            self.pool[row], self.sets[row] = found, edges


def _note(used: Floats, tours: Tours, orders: Orders) -> None:
    """Count the pairs of jobs that tours do one after the other."""
    jobs, depots = len(orders.jobs.by_job), orders.fleet
    for number, tour in enumerate(tours):
        path = [jobs + int(depots.depot[number]), *(orders.jobs.ways[w].job for w in tour), jobs + int(depots.home[number])]
        np.add.at(used, (path[:-1], path[1:]), 1.0)
        np.add.at(used, (path[1:], path[:-1]), 1.0)


def _driving(problem: PatrolProblem, routes: Sequence[PatrolRoute], dead_only: bool) -> float:
    """Return the seconds that routes drive, patrolling and dead, or dead alone."""
    total = 0.0
    for route in routes:
        total += float(problem.graph.seconds[route.arcs[route.stop_of_arc < 0]].sum())
        if not dead_only:
            total += float(problem.streets.seconds[route.item[route.stop_of_arc[route.stop_of_arc >= 0]]].sum())
    return total


def _result(problem: PatrolProblem, pool: list[list[PatrolRoute]], cut_short: bool) -> Variants:
    overlap = overlap_table(np.array([free_streets(problem, routes) for routes in pool]), problem.graph.length)
    shares = []
    for dead_only in (False, True):
        total = np.array([_driving(problem, routes, dead_only) for routes in pool])
        shares.append(total / total[0] - 1.0 if total[0] > 0 else np.zeros(len(pool)))
    return Variants(tuple(tuple(routes) for routes in pool), overlap, shares[0], shares[1], cut_short)
