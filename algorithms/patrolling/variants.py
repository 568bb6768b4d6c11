"""Plans of one patrol of nearly equal length that have little of their way in common, so that nobody can know where a crew will be.

The plan's calls are put into other orders by a short search among travel times that were made uneven at random, as in randomised
vehicle routing, and driven by other ways among streets that are the dearer the more other variants drive them (the penalty method for
alternative routes). What counts is what they take at the true times. Of a pool the plans with the least overlap are kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.patrolling.overlap import free_streets, overlap_table
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolRoute
from algorithms.patrolling.variant_orders import driven, orders_of, other_order
from algorithms.progress import SILENT, Progress, Span

TRACE = False
_SMALL = 5000  # nodes of a network that is searched whole


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
    iterations: int = 60
    sigma: float = 0.3
    power: float = 1.0
    mends: int = 2
    margin: float = 500.0
    seed: int = 1
    wall_seconds: float = 120.0

    def __post_init__(self) -> None:
        if min(self.count, self.iterations) < 1 or min(self.travel, self.sigma, self.power, self.margin, self.mends) < 0:
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
    """The plans so far, each with the streets that it is free to drive and the order of its calls."""

    def __init__(self, problem: PatrolProblem, routes: list[PatrolRoute], params: VariantParams) -> None:
        self.problem, self.params = problem, params
        self.plans = [routes]
        self.sets = [free_streets(problem, routes)]
        self.margin = np.inf if problem.graph.node_count <= _SMALL else params.margin
        self.room = params.travel * _driving(problem, routes, params.dead_only) + 1e-6
        self.orders = orders_of(problem, routes, self._longest())
        self.tours = [self.orders.first]
        self.base = np.ones(problem.graph.edge_count) if problem.price is None else problem.price
        self.rng = np.random.default_rng(params.seed)
        self.ends_at = time.monotonic() + params.wall_seconds
        self.cut_short = False
        self.level = params.power
        self.asked = 0

    def run(self, progress: Progress) -> Variants:
        params = self.params
        wanted = params.count - 1
        total = wanted + params.mends * wanted
        for number in range(wanted):
            if self._stop(progress):
                break
            self._one(len(self.plans), Span(progress, number / total, (number + 1) / total))
        for number in range(wanted, total):
            if len(self.plans) < 2 or self._stop(progress):
                break
            self._one(self._worst(), Span(progress, number / total, (number + 1) / total))
            if TRACE and number % 10 == 8:
                pairs = _result(self.problem, self.plans, False)
                print(number, round(self.level, 2), pairs.pairs.mean().round(3), pairs.pairs.max().round(3), pairs.extra.mean().round(3), flush=True)
        progress.report(1.0)
        return _result(self.problem, self.plans, self.cut_short)

    def _stop(self, progress: Progress) -> bool:
        progress.check()
        self.cut_short = self.cut_short or progress.should_finish() or time.monotonic() >= self.ends_at
        return self.cut_short

    def _longest(self) -> Floats:
        """Return how long each crew may be out."""
        routes, crews = self.plans[0], self.problem.crews
        seconds = np.array([route.seconds for route in routes])
        limit = crews.longest[[route.crew for route in routes]]
        if self.problem.balance > 0:
            limit = np.minimum(limit, seconds.max() + self.room / len(routes))
        return np.maximum(limit, seconds)

    def _worst(self) -> int:
        """Return the plan to be made anew: of the two most alike the one that is more like all others."""
        table = overlap_table(np.array(self.sets), self.problem.graph.length)
        np.fill_diagonal(table, 0.0)
        if self.asked % 2:
            return 1 + int(table[1:].mean(axis=1).argmax())
        pair = np.unravel_index(int(table.argmax()), table.shape)
        return int(max((one for one in pair if one > 0), key=lambda one: table[one].mean()))

    def _one(self, row: int, progress: Progress) -> None:
        """Look for a plan in the place `row` that has little in common with the others, and take it where it is better."""
        self.asked += 1
        params, length = self.params, self.problem.graph.length
        others = [one for number, one in enumerate(self.sets) if number != row]
        new = row == len(self.plans)
        weight = np.ones(len(others))
        if not new:
            near = overlap_table(np.array([self.sets[row], *others]), length)[0, 1:]
            weight = (near / max(near.max(), 1e-9)) ** 4 + 0.05
        share = weight @ np.array(others) / weight.sum()
        noise = np.exp(params.sigma * self.rng.normal(size=len(share)))
        price = self._price(share, noise, self.level)
        search = PatrolParams(
            iterations=params.iterations, starts=1, rounds=1, seed=1000 * params.seed + self.asked, margin=self.margin
        )
        warm = self.tours[0] if new else self.tours[row]
        tours = other_order(self.orders, price, warm, search, self.ends_at, progress)
        for step, softer in enumerate((1.0, 0.6, 0.35, 0.15, 0.0)):
            routes = driven(self.orders, tours, self._price(share, noise, self.level * softer), self.margin)
            if routes is not None and _driving(self.problem, routes, params.dead_only) <= self.room / params.travel * (1 + params.travel):
                break
        else:
            self.level *= 0.6
            return
        self.level *= (1.25, 1.0, 0.9, 0.8, 0.7)[step]
        edges = free_streets(self.problem, routes)
        if new:
            self.plans, self.sets, self.tours = [*self.plans, routes], [*self.sets, edges], [*self.tours, tours]
            return
        fresh = overlap_table(np.array([edges, *others]), length)[0, 1:]
        if (fresh.max() , fresh.mean()) < (near.max(), near.mean()) or (fresh**4).sum() < (near**4).sum():
            self.plans[row], self.sets[row], self.tours[row] = routes, edges, tours

    def _price(self, share: Floats, noise: Floats, level: float) -> Floats:
        dearer = (noise**min(level, 1.0)) * (1.0 + level * share)
        return self.base * dearer / dearer.min()


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
