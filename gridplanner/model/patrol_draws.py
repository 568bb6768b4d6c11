"""Which variant of its routes each patrol zone drives on which day: drawn by lot, so that nobody can know it before.

How often a variant is drawn follows the maximin of a security game (Pita and others, *Deployed ARMOR protection*, AAMAS 2008): the
street that is least often seen is seen as often as can be.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Bools, Floats, Ints, line_lengths
from gridplanner.model.patrol import Draw, PatrolPlan, Route

ROUNDS = 1500  # of the game between the draw and the streets
STEP = 0.5  # of its learning: half the largest change of a pay-off, as optimistic play asks for
DEARER = 0.02  # a variant twice as long is as if its streets were so much less often seen
EVEN = 0.5  # the part of a draw by equal chances, so that every variant is driven: a street is seen as often as can be by the rest
NO_RUNS = 3  # with so many variants none is driven on two days running


@dataclass(frozen=True, eq=False)
class Chances:
    """How one zone's variants are drawn.

    `variants` (n,) in rising order and the chance `p` (n,) of each: half of it even, half by `maximin`. Of the streets that only some of
    them drive, `worst` is the least chance that one is driven on a day (1 where there is no such street). `bits` is the entropy of p,
    `most_bits` that of equal chances. `hour_bits` is the entropy of the street that a crew is on within an hour of the clock, in the
    mean of the hours when they are out.
    """

    zone: int
    variants: Ints
    p: Floats
    worst: float
    bits: float
    most_bits: float
    hour_bits: float


def zones_driven(plan: PatrolPlan) -> tuple[int, ...]:
    """Return the ids of the zones that have routes, in the order of the routes."""
    return tuple(dict.fromkeys(route.zone for route in plan.routes))


def variants_of(plan: PatrolPlan, zone: int) -> Ints:
    """Return the variants that there are of a zone's routes, in rising order."""
    return np.array(sorted({route.variant for route in plan.routes if route.zone == zone}), np.int64)


def variant_on(plan: PatrolPlan, zone: int, day: int) -> int:
    """Return the variant that a zone drives on a day; its first where none was drawn, 0 where it has no route."""
    known = variants_of(plan, zone).tolist()
    drawn = _drawn(plan).get((day, zone), -1)
    return drawn if drawn in known else min(known, default=0)


@lru_cache(maxsize=8)
def chances_of(plan: PatrolPlan) -> tuple[Chances, ...]:
    """Return how each zone's variants are drawn, in the order of `zones_driven`."""
    return tuple(_chances(plan, zone) for zone in zones_driven(plan))


def overlap_of(plan: PatrolPlan, zone: int) -> Floats:
    """Return the Jaccard overlap, by metres, of the streets that every two variants of a zone drive and that are not required, (n, n)."""
    variants, streets = variants_of(plan, zone), plan.streets
    driven = np.zeros((len(variants), len(streets)), bool)
    for route in plan.routes:
        if route.zone == zone:
            driven[np.searchsorted(variants, route.variant), route.arcs // 2] = True
    free = driven[:, streets.times == 0].astype(np.float64)
    common = (free * line_lengths(streets.lines)[streets.times == 0]) @ free.T
    own = np.diag(common)
    union = own[:, None] + own - common
    return np.asarray(np.where(union > 0, common / np.where(union > 0, union, 1.0), 1.0))


def lengths_of(plan: PatrolPlan, zone: int) -> Floats:
    """Return the metres that each variant of a zone drives, (n,)."""
    routes = [route for route in plan.routes if route.zone == zone]
    variants = variants_of(plan, zone)
    row = np.searchsorted(variants, [route.variant for route in routes])
    metres: Floats = np.zeros(len(variants))
    np.add.at(metres, row, [route.required_m + route.dead_m for route in routes])
    return metres


def with_draws(plan: PatrolPlan, days: int, seed: int) -> PatrolPlan:
    """Return the plan with a variant drawn for each zone and day; the same plan, days and seed give the same draws."""
    draws: list[Draw] = []
    for chances in chances_of(plan):
        rng = np.random.default_rng([seed, chances.zone])
        draws += [Draw(day, chances.zone, variant) for day, variant in enumerate(_drawn_days(chances, days, rng))]
    draws.sort(key=lambda draw: draw.day)  # within a day as the zones come
    return dataclasses.replace(plan, draws=tuple(draws), seed=seed)


@lru_cache(maxsize=8)
def _drawn(plan: PatrolPlan) -> dict[tuple[int, int], int]:
    return {(draw.day, draw.zone): draw.variant for draw in plan.draws}


def _drawn_days(chances: Chances, days: int, rng: np.random.Generator) -> list[int]:
    """Return a variant for each day, none on two days running where there are NO_RUNS or more; in the long run each as often as p says."""
    n = len(chances.variants)
    p = _step_chances(chances.p) if n >= NO_RUNS else chances.p
    found: list[int] = []
    for _day in range(days):
        now = p if not found or n < NO_RUNS else np.where(np.arange(n) == found[-1], 0.0, p)
        found.append(int(rng.choice(n, p=now / now.sum())) if found else int(rng.choice(n, p=chances.p)))
    return [int(variant) for variant in chances.variants[found]]


def _step_chances(p: Floats) -> Floats:
    """Return q such that drawing by q among all but yesterday's gives each variant as often as p says, as far as that is possible.

    Such a chain is in balance at shares proportional to q (1 - q).
    """
    wanted = np.minimum(p, 0.499)
    wanted = wanted / wanted.sum()
    q = wanted
    for _ in range(100):
        q = wanted / np.maximum(1.0 - q, 1e-9)
        q = q / q.sum()
    return np.asarray(q)


def _chances(plan: PatrolPlan, zone: int) -> Chances:
    variants = variants_of(plan, zone)
    routes = [route for route in plan.routes if route.zone == zone]
    column = np.searchsorted(variants, [route.variant for route in routes])
    length = lengths_of(plan, zone)
    driven = np.zeros((len(plan.streets), len(variants)), bool)
    for route, variant in zip(routes, column.tolist(), strict=True):
        driven[route.arcs // 2, variant] = True
    rows = _fewest(driven)
    p = EVEN / len(variants) + (1.0 - EVEN) * maximin(rows, DEARER * (length / max(float(length.min()), 1.0) - 1.0))
    worst = float((rows @ p).min()) if len(rows) else 1.0
    hours = _hours(plan, routes, column, p)
    return Chances(zone, variants, p, worst, _entropy(p), float(np.log2(len(variants))), hours)


def _fewest(driven: Bools) -> Bools:
    """Return the different rows of those streets that some variants drive and others do not, without rows that hold another."""
    rows = np.unique(driven[driven.any(axis=1) & ~driven.all(axis=1)], axis=0)
    rows = rows[np.argsort(rows.sum(axis=1), kind="stable")]
    kept: list[Bools] = []
    for row in rows:
        if not any((other <= row).all() for other in kept):
            kept.append(row)
    return np.array(kept, bool).reshape(-1, driven.shape[1])


def maximin(rows: Bools, cost: Floats) -> Floats:
    """Return chances p (n,) for which the least of `rows` (k, n) @ p, less `cost` @ p, is as large as can be.

    Where no row binds, the chances are equal. Optimistic play of both sides (Rakhlin and Sridharan, *Optimization, learning, and games
    with predictable sequences*, 2013) from equal chances; their mean is within about 0.02 of the best.

    Examples
    --------
    >>> maximin(np.array([[True, False, False], [False, True, True]]), np.zeros(3)).round(2)
    array([0.5 , 0.25, 0.25])
    """
    n = rows.shape[1]
    if not len(rows) or (len(rows) == n and (rows.sum(axis=1) == 1).all() and not cost.any()):
        return np.full(n, 1.0 / n)
    pay = rows.astype(np.float64)
    p, q = np.full(n, 1.0 / n), np.full(len(rows), 1.0 / len(rows))
    gain, loss = np.zeros(n), np.zeros(len(rows))
    last_gain, last_loss = np.zeros(n), np.zeros(len(rows))
    mean = np.zeros(n)
    for _ in range(ROUNDS):
        now_gain, now_loss = q @ pay - cost, pay @ p
        gain, loss = gain + now_gain, loss + now_loss
        p = _weights(STEP * (gain + now_gain - last_gain))
        q = _weights(-STEP * (loss + now_loss - last_loss))
        last_gain, last_loss = now_gain, now_loss
        mean += p
    return np.asarray(mean / mean.sum())


def _weights(logs: Floats) -> Floats:
    value = np.exp(logs - logs.max())
    return np.asarray(value / value.sum())


def _hours(plan: PatrolPlan, routes: list[Route], column: Ints, p: Floats) -> float:
    """Return the entropy of the street on which one of the crews is within an hour of the clock, bits, in the mean of the hours."""
    streets = plan.streets
    keys, weights = [np.zeros(0, np.int64)], [np.zeros(0)]
    for route, variant in zip(routes, column.tolist(), strict=True):
        if not len(route.arcs):
            continue
        edge = route.arcs // 2
        hour = (route.passed[:-1] // 60).astype(np.int64) % 24
        patrolled = arcs_patrolled(route)
        keys.append(hour * len(streets) + edge)
        weights.append(p[variant] * np.where(patrolled, streets.patrol[edge], streets.seconds[route.arcs]))
    key, at = np.unique(np.concatenate(keys), return_inverse=True)
    spent = np.bincount(at, np.concatenate(weights), len(key))
    hour = key // max(len(streets), 1)
    bits = [_entropy(spent[hour == h] / spent[hour == h].sum()) for h in np.unique(hour).tolist() if spent[hour == h].sum() > 0]
    return float(np.mean(bits)) if bits else 0.0


def arcs_patrolled(route: Route) -> Bools:
    """Return which arcs of a route are patrolled, (arcs,): those of its street calls, not those passed on the way."""
    street = np.array([call.kind == "street" for call in route.calls] + [False])  # the last place is that of DEAD, -1
    return np.asarray(street[route.call_of_arc])


def _entropy(p: Floats) -> float:
    q = p[p > 0]
    return float(-(q * np.log2(q)).sum()) if len(q) > 1 else 0.0
