"""Plans of one patrol of nearly equal length that have little of their way in common, so that nobody can know where a crew will be.

One plan after the other is made anew against the others: a second on a street costs the more, the more of the other plans drive it (the
penalty method for alternative routes), a short search puts the calls into the order that is good at these prices, and what it takes at
the true times decides. Then the orders stay and the ways between the calls are chosen anew (`variant_ways`); plans that are still too
much like another get one more order. Of all plans that came by, those with the least overlap are kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Bools, Floats
from algorithms.patrolling.fleet_search import Tours
from algorithms.patrolling.overlap import free_streets, least_overlapping, overlap_table
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolRoute
from algorithms.patrolling.variant_orders import driven, orders_of, other_order, turned_round
from algorithms.patrolling.variant_ways import OtherWays
from algorithms.progress import SILENT, Progress, Span

_SMALL = 5000  # nodes of a network that is searched whole: cheaper than making sure that nothing leads round outside
_SOFTER = (1.0, 0.6, 0.35, 0.15, 0.0)  # shares of the prices by which an order is driven until it is not too long
_LEVELS = (1.25, 1.0, 0.9, 0.8, 0.7)  # what the prices are multiplied by after that, and
_TOO_LONG = 0.5  # where all were too long, or no order was in time
_TRIES = 4  # searches for one more plan, each at lower prices
_VAIN = 2  # times that no search found one more, after which no more are looked for
_SWEEPS = 2  # over all plans for other ways, before plans are made anew and after
_PASSES = 3  # for other ways over a plan made anew
_PATIENCE = 0.97  # what the overlap of a plan counts for each time that it was made anew in vain
_ALIKE = 8  # power of the overlap by which plans are to keep out of each other's way: the worst pair matters


@dataclass(frozen=True)
class VariantParams:
    """How many variants to look for, and how.

    `count` variants, the plan itself among them, none more than the share `travel` longer to drive than it, in time and in metres
    (patrolling and dead; with `dead_only` deadheading alone). Each is made once, by a search of `iterations` a hundred calls, and up
    to `mends` times more (in the mean) until no two overlap more than `enough`. Prices begin at 1 + `price` for a street that all
    others drive and follow what the length allows; `sigma` is the unevenness, at random, of what streets cost beside that
    (log-normal). Ways are looked for within `margin` metres. `wall_seconds` is only a safety stop.
    """

    count: int = 7
    travel: float = 0.10
    dead_only: bool = False
    mends: float = 2.0
    iterations: int = 60
    price: float = 6.0
    sigma: float = 0.5
    margin: float = 500.0
    enough: float = 0.35
    seed: int = 1
    wall_seconds: float = 300.0

    def __post_init__(self) -> None:
        if min(self.count, self.iterations) < 1 or self.wall_seconds <= 0:
            raise ValueError("count and iterations must be 1 or more, wall_seconds positive")
        if min(self.travel, self.mends, self.price, self.sigma, self.margin, self.enough) < 0:
            raise ValueError("travel, mends, price, sigma, margin and enough must not be negative")


DEFAULTS = VariantParams()


@dataclass(frozen=True, eq=False)
class Variants:
    """Variants of a plan, the plan itself first.

    `plans` are the routes of each; `overlap` (n, n) the Jaccard overlap by metres of the streets that two of them drive and nothing
    requires; `extra` (n,) is how much longer each drives than the plan, in time or in metres, whichever is more, as a share;
    `extra_dead` (n,) the same of its deadheading alone.
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
        return np.asarray(self.overlap[np.triu_indices(len(self.plans), 1)])


def find_variants(
    problem: PatrolProblem, routes: Sequence[PatrolRoute], params: VariantParams = DEFAULTS, progress: Progress = SILENT
) -> Variants:
    """Return variants of the routes of a plan: they serve the same, each crew in its shift, with its windows and its break.

    There are fewer than asked for where no other plan is short enough, and they overlap where the network gives no other way, in the end as
    the same streets in another order: look at `overlap`. Where crews are balanced, none is out longer than the longest of the plan by
    more than its part of the longer driving. The same problem, routes and parameters give the same variants.
    """
    routes = [route for route in routes if len(route.kind)]
    if params.count == 1 or not routes:
        return _result(problem, [list(routes)], False)
    return _Search(problem, list(routes), params).run(progress)


@dataclass(frozen=True, eq=False)
class _Plan:
    """Routes of one variant, which edges they are free to drive (edges,), and the order of the calls."""

    routes: list[PatrolRoute]
    free: Bools
    tours: Tours


class _Search:
    """The plans as they are, and all that came by; `ways` knows the same plans leg by leg."""

    def __init__(self, problem: PatrolProblem, routes: list[PatrolRoute], params: VariantParams) -> None:
        self.problem, self.params = problem, params
        self.longest = (1.0 + params.travel) * _driving(problem, routes, params.dead_only) + 1e-6  # seconds and metres
        self.orders = orders_of(problem, routes, self._crew_times(routes))
        self.plans = [_Plan(routes, free_streets(problem, routes), self.orders.first)]
        self.seen = list(self.plans)
        self.base = np.ones(problem.graph.edge_count) if problem.price is None else problem.price
        self.margin = np.inf if problem.graph.node_count <= _SMALL else params.margin
        self.rng = np.random.default_rng(params.seed)
        self.ends_at = time.monotonic() + params.wall_seconds
        self.level, self.tried, self.vain, self.swept, self.cut_short = params.price, 0, 0, 0, False
        self.failed: dict[int, int] = {}
        self.ways = OtherWays(self.orders, self.margin, params.seed)

    def run(self, progress: Progress) -> Variants:
        wanted = self.params.count - 1
        total = wanted + round(self.params.mends * wanted)
        for number in range(total):
            progress.check()
            self.cut_short = progress.should_finish() or time.monotonic() >= self.ends_at
            if self.cut_short:
                break
            span = Span(progress, number / total, (number + 1) / total)
            if self.vain < _VAIN and len(self.plans) <= wanted and (number < wanted or number % 2):
                self._add(span)
            elif len(self.plans) > 1:
                if self._ways_known() < _SWEEPS:
                    self._sweep(span)
                if self._enough():
                    break
                self._renew(self._worst(), span)
        if not self.cut_short and len(self.plans) > 1:
            self._ways_known()
            for _ in range(_SWEEPS):
                if not self._enough():
                    self._sweep(progress)
        plans = self._chosen()
        progress.report(1.0)
        return _result(self.problem, [plan.routes for plan in plans], self.cut_short)

    def _enough(self) -> bool:
        return len(self.plans) == self.params.count and float(self._table(self.plans).max()) <= self.params.enough

    def _ways_known(self) -> int:
        """Let the search for other ways know all plans; return how often it has gone over them."""
        for plan in self.plans[len(self.ways) :]:
            self.ways.add(plan.routes, plan.tours, self._room(plan.routes))
        return self.swept

    def _room(self, routes: list[PatrolRoute]) -> Floats:
        return self.longest - _driving(self.problem, routes, self.params.dead_only)

    def _sweep(self, progress: Progress) -> None:
        self.swept += 1
        self.ways.sweep(progress)
        for row in range(1, len(self.plans)):
            self._mended(row)

    def _mended(self, row: int) -> None:
        """Take a plan as the search for other ways has it now."""
        one = self.ways.plans[row]
        if one.routes is not self.plans[row].routes:
            self.plans[row] = _Plan(one.routes, self.ways.driven[row].copy(), one.tours)
            self.seen.append(self.plans[row])

    def _crew_times(self, routes: list[PatrolRoute]) -> Floats:
        """Return how long each crew may be out."""
        seconds, crews = np.array([route.seconds for route in routes]), self.problem.crews
        limit = crews.longest[[route.crew for route in routes]]
        if self.problem.balance > 0:
            more = self.params.travel * float(_driving(self.problem, routes, self.params.dead_only)[0])
            limit = np.minimum(limit, seconds.max() + more / len(routes))
        return np.asarray(np.maximum(limit, seconds))

    def _table(self, plans: Sequence[_Plan]) -> Floats:
        table = overlap_table(np.array([plan.free for plan in plans]), self.problem.graph.length)
        np.fill_diagonal(table, 0.0)
        return table

    def _worst(self) -> int:
        """Return the plan to be made anew: one of the two most alike, but rather another the oftener that was in vain."""
        worst = self._table(self.plans)[1:].max(axis=1)
        return 1 + int((worst * _PATIENCE ** np.array([self.failed.get(row, 0) for row in range(1, len(self.plans))])).argmax())

    def _add(self, progress: Progress) -> None:
        """Add a plan; where the search finds none that is short enough, one of the known orders by other ways."""
        for step in range(_TRIES):
            span = Span(progress, step / _TRIES, (step + 1) / _TRIES)
            if self._added(self._made(self.plans, np.ones(len(self.plans)), self.orders.first, span)) or progress.should_finish():
                return
        share = np.mean([plan.free for plan in self.plans], axis=0)
        for tours in [turned_round(self.orders), *(plan.tours for plan in reversed(self.plans))]:
            if self._added(self._driven(tours, share)):
                return
        self.vain += 1

    def _added(self, found: _Plan | None) -> bool:
        """Take a plan that is none of those there are."""
        if found is None or any(_same(found, plan) for plan in self.plans):
            return False
        self.plans.append(found)
        return True

    def _renew(self, row: int, progress: Progress) -> None:
        """Make a plan anew against the others, and keep it where it overlaps less with them."""
        plan, others = self.plans[row], [one for number, one in enumerate(self.plans) if number != row]
        near = self._table([plan, *others])[0, 1:]
        found = self._made(others, (near / max(float(near.max()), 1e-9)) ** _ALIKE + 0.05, plan.tours, progress)
        if found is not None and self.ways.exchange(row, found.routes, found.tours, self._room(found.routes), _PASSES):
            self._mended(row)
            self.failed[row] = 0
        else:
            self.failed[row] = self.failed.get(row, 0) + 1

    def _made(self, others: Sequence[_Plan], weight: Floats, warm: Tours, progress: Progress) -> _Plan | None:
        """Return a plan in an order that is good where streets that the others drive are dear; None where it is too long."""
        self.tried += 1
        params = self.params
        share = weight @ np.array([plan.free for plan in others]) / weight.sum()
        noise = np.exp(params.sigma * self.rng.normal(size=len(share)))
        seed = 1000 * params.seed + self.tried
        search = PatrolParams(params.iterations, starts=1, rounds=1, seed=seed, margin=self.margin)
        price = self._price(share, noise, self.level)
        tours = other_order(self.orders, price, warm, search, self.ends_at, progress)
        if tours is None:
            self.level *= _TOO_LONG
            if warm is self.orders.first:
                return None
            tours = warm
        return self._driven(tours, share, noise)

    def _driven(self, tours: Tours, share: Floats, noise: Floats | None = None) -> _Plan | None:
        """Return tours driven by ways as dear as the length allows, None where they are too long by any; prices follow."""
        for step, softer in enumerate(_SOFTER):
            price = self._price(share, np.ones(len(share)) if noise is None else noise, self.level * softer)
            routes = driven(self.orders, tours, price, self.margin)
            if routes is not None and bool(np.all(_driving(self.problem, routes, self.params.dead_only) <= self.longest)):
                self.level *= _LEVELS[step]
                plan = _Plan(routes, free_streets(self.problem, routes), tours)
                self.seen.append(plan)
                return plan
        self.level *= _TOO_LONG
        return None

    def _price(self, share: Floats, noise: Floats, level: float) -> Floats:
        dearer = noise ** min(level, 1.0) * (1.0 + level * share)
        return np.asarray(self.base * (dearer / dearer.min()))

    def _chosen(self) -> list[_Plan]:
        """Return the plans, the first one first, some of them exchanged for others that came by where that makes them less alike."""
        rows = [next(row for row, one in enumerate(self.seen) if one is plan) for plan in self.plans]
        return [self.seen[row] for row in least_overlapping(self._table(self.seen), len(rows), rows)]


def _same(plan: _Plan, other: _Plan) -> bool:
    return all(np.array_equal(a.arcs, b.arcs) and np.array_equal(a.at, b.at) for a, b in zip(plan.routes, other.routes, strict=True))


def _driving(problem: PatrolProblem, routes: Sequence[PatrolRoute], dead_only: bool) -> Floats:
    """Return the seconds and the metres that routes drive, patrolling and dead, or dead alone, (2,)."""
    total = np.zeros(2)
    for route in routes:
        dead = route.stop_of_arc < 0
        total += (float(problem.graph.seconds[route.arcs[dead]].sum()), route.dead_m)
        if not dead_only:
            total += (float(problem.streets.seconds[route.item[route.stop_of_arc[~dead]]].sum()), route.required_m)
    return total


def _result(problem: PatrolProblem, pool: list[list[PatrolRoute]], cut_short: bool) -> Variants:
    overlap = overlap_table(np.array([free_streets(problem, routes) for routes in pool]), problem.graph.length)
    shares: list[Floats] = []
    for dead_only in (False, True):
        total = np.array([_driving(problem, routes, dead_only) for routes in pool])
        shares.append((total / np.maximum(total[0], 1e-9) - 1.0).max(axis=1) if total[0].all() else np.zeros(len(pool)))
    plans = tuple(tuple(route for route in routes if len(route.kind)) for routes in pool)
    return Variants(plans, overlap, shares[0], shares[1], cut_short)
