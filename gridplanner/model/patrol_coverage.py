"""What a patrol plan covers over a day and a week: how often each street and key site is visited, how long it waits, who sees a patrol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats, Ints, Texts, parts_of_lines
from gridplanner.model.outlines import zone_rows
from gridplanner.model.patrol import Call, PatrolPlan, Route
from gridplanner.model.patrol_draws import arcs_patrolled, variant_on, zones_driven
from gridplanner.model.places import Households
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.model.zones import ZonePlan
from gridplanner.settings import PatrolSettings, clock_minutes

DAY = 1440.0  # minutes


@dataclass(frozen=True, eq=False)
class Coverage:
    """What is seen within `hours` that begin at midnight and repeat: a day of 24, or all days of the draw.

    Of each street edge (m,) of the plan: `visits` drives along it either way, of them `patrolled`, and `interval_h` the longest time
    between two of them, hours; of each key site of the project (s,): `site_visits`, `site_interval_h`, and `site_zone`, the id of the
    zone whose crews visit it, -1 for none. Where there is no visit the interval is infinite, where there is one it is `hours`.

    `zones` are the ids of the patrol zones. A row a day and a column a zone, and a last column for all: `seen_households` and `seen_km`
    are the shares of the households and of the street kilometres that had a patrol near by that day, NaN where there are none.
    """

    hours: float
    visits: Ints
    patrolled: Ints
    interval_h: Floats
    site_visits: Ints
    site_interval_h: Floats
    site_zone: Ints
    zones: tuple[int, ...]
    seen_households: Floats
    seen_km: Floats


def coverage_of_week(project: Project) -> Coverage | None:
    """Return what the plan covers over all days of the draw; None where there is no plan, or one that does not say where it drives."""
    plan = project.patrol
    if plan is None:
        return None
    days = (project.settings.patrol or PatrolSettings()).days
    zones = zones_driven(plan)
    return _coverage_of(project, tuple(tuple(variant_on(plan, zone, day) for zone in zones) for day in range(days)))


def coverage_of_day(project: Project, day: int) -> Coverage | None:
    """Return what the plan covers on one day (from 0) by the variants drawn for it, as if all days were like it."""
    plan = project.patrol
    return None if plan is None else _coverage_of(project, (tuple(variant_on(plan, zone, day) for zone in zones_driven(plan)),))


def longest_wait(plan: PatrolPlan, coverage: Coverage, zone: int | None = None) -> int:
    """Return the row of the required street (in a zone, or in any) that waits longest for a patrol, -1 where none is required."""
    of = plan.streets.zone
    rows = np.flatnonzero((plan.streets.times > 0) & ((of >= 0) if zone is None else (of == zone)))
    return int(rows[np.argmax(coverage.interval_h[rows])]) if len(rows) else -1


def _coverage_of(project: Project, variants: tuple[tuple[int, ...], ...]) -> Coverage | None:
    plan, zones = project.patrol, project.zones
    if plan is None or zones is None or not len(plan.streets):
        return None
    homes = _homes(project.households, project.units, project.grids, zones)
    return _coverage(plan, homes, tuple(zones.zones), len(project.key_sites), project.settings.patrol or PatrolSettings(), variants)


@dataclass(frozen=True, eq=False)
class _Places:
    """Places (n,) as shapely points, what each counts, and the row of its zone, -1 for none."""

    points: Texts
    weight: Floats
    zone: Ints


@dataclass(frozen=True, eq=False)
class _Passes:
    """All passes of all routes, one row each: the `route`, the `edge`, whether it is `patrolled`, minutes when it `begins` and `ends`."""

    route: Ints
    edge: Ints
    patrolled: Bools
    begins: Floats
    ends: Floats


@dataclass(frozen=True, eq=False)
class _SiteCalls:
    """All visits of key sites by all routes: the `route`, the `site` and the clock minutes when it `begins`."""

    route: Ints
    site: Ints
    begins: Floats


@lru_cache(maxsize=8)
def _homes(households: Households, units: Units | None, grids: GridPlan | None, zones: ZonePlan) -> _Places:
    points = shapely.points(households.xy)
    zone = np.full(len(households), -1, np.int64)
    if zones.members or len(zones.labels):
        if units is not None and len(units.address_unit) == len(households):
            known = units.address_unit >= 0
            zone[known] = zone_rows(grids, zones)[units.address_unit[known]]
    elif len(zones.hulls):
        inside, hull = shapely.STRtree(zones.hulls).query(points, predicate="intersects")
        order = np.argsort(-hull, kind="stable")  # a place on a common border is the first zone's, which is written last
        zone[inside[order]] = hull[order]
    return _Places(points, households.households, zone)


@lru_cache(maxsize=8)
def _street_places(plan: PatrolPlan, zones: tuple[int, ...]) -> _Places:
    """Return the parts of the streets of the zones."""
    middle, km, line = parts_of_lines(plan.streets.lines)
    row = {zone: number for number, zone in enumerate(zones)}
    known, at = np.unique(plan.streets.zone, return_inverse=True)
    zone = np.array([row.get(int(key), -1) for key in known], np.int64)[at][line]
    return _Places(shapely.points(middle[zone >= 0]), km[zone >= 0], zone[zone >= 0])


@lru_cache(maxsize=8)
def _passes(plan: PatrolPlan) -> _Passes:
    streets = plan.streets
    routes = [(number, route) for number, route in enumerate(plan.routes) if len(route.arcs)]
    if not routes:
        none = np.zeros(0, np.int64)
        return _Passes(none, none, np.zeros(0, bool), np.zeros(0), np.zeros(0))
    arcs = np.concatenate([route.arcs for _, route in routes])
    patrolled = np.concatenate([arcs_patrolled(route) for _, route in routes])
    begins = np.concatenate([route.passed[: len(route.arcs)] for _, route in routes])
    spent = np.where(patrolled, streets.patrol[arcs // 2], streets.seconds[arcs]) / 60
    number = np.repeat([number for number, _ in routes], [len(route.arcs) for _, route in routes])
    return _Passes(number, arcs // 2, patrolled, begins, begins + spent)


@lru_cache(maxsize=32)
def _coverage(
    plan: PatrolPlan, homes: _Places, zones: tuple[int, ...], sites: int, settings: PatrolSettings, variants: tuple[tuple[int, ...], ...]
) -> Coverage:
    """Return the coverage of days (rows of `variants`) on which each zone with routes drives the variant given."""
    days, passes, calls = len(variants), _passes(plan), _site_calls(plan)
    column = {zone: number for number, zone in enumerate(zones_driven(plan))}
    of_zone = np.array([column[route.zone] for route in plan.routes], np.int64)
    chosen = np.array(variants, np.int64).reshape(days, -1)[:, of_zone] == np.array([route.variant for route in plan.routes], np.int64)
    day, row = np.nonzero(chosen[:, passes.route])
    edge, begins, ends = passes.edge[row], DAY * day + passes.begins[row], DAY * day + passes.ends[row]
    visits, interval = _visits(edge, begins, len(plan.streets), days)
    patrolled = np.bincount(edge[passes.patrolled[row]], minlength=len(plan.streets))
    day, row = np.nonzero(chosen[:, calls.route] & (calls.site < sites))
    site_visits, site_interval = _visits(calls.site[row], DAY * day + calls.begins[row], sites, days)
    site_zone = np.full(sites, -1, np.int64)
    site_zone[calls.site[row]] = np.array([route.zone for route in plan.routes], np.int64)[calls.route[row]]
    near, shapes, streets = _near(settings, edge, begins, ends, (days, len(plan.streets))), _shapes(plan), _street_places(plan, zones)
    seen = [
        _shares(places, _seen(places.points, shapes, near, settings.seen_m), len(zones))
        for places in (homes, streets)
    ]  # fmt: skip
    return Coverage(24.0 * days, visits, patrolled, interval, site_visits, site_interval, site_zone, zones, *seen)


def _near(settings: PatrolSettings, edge: Ints, begins: Floats, ends: Floats, shape: tuple[int, int]) -> Bools:
    """Return on which days (days, m) a patrol is on each edge while people look out for it; that time may last over midnight."""
    start, stop = (clock_minutes(clock) for clock in settings.seen_between)
    span = (stop - start) % DAY or DAY
    near = np.zeros(shape, bool)
    for clock in (begins, ends):
        inside = (clock - start) % DAY <= span
        near[((clock[inside] - start) // DAY).astype(np.int64) % shape[0], edge[inside]] = True
    return near


def _visits(rows: Ints, minutes: Floats, count: int, days: int) -> tuple[Ints, Floats]:
    """Return how often each of `count` rows is visited, and the hours of its longest wait, the last days being followed by the first."""
    visits = np.bincount(rows, minlength=count)
    interval = np.full(count, np.inf)
    if not len(rows):
        return visits, interval
    whole = DAY * days
    clock = minutes % whole
    order = np.lexsort((clock, rows))
    rows, clock = rows[order], clock[order]
    first = np.flatnonzero(np.append(True, rows[1:] != rows[:-1]))
    last = np.append(first[1:], len(rows)) - 1
    wait = np.append(clock[1:] - clock[:-1], 0.0)
    wait[last] = clock[first] + whole - clock[last]
    interval[rows[first]] = np.maximum.reduceat(wait, first) / 60
    return visits, interval


@lru_cache(maxsize=8)
def _site_calls(plan: PatrolPlan) -> _SiteCalls:
    found = [
        (number, call.site, stop.arrive)
        for number, route in enumerate(plan.routes)
        for call, stop in zip(_sites_of(route), (stop for stop in route.stops if stop.kind == "site"), strict=False)
    ]
    table = np.array(found, np.float64).reshape(-1, 3)
    return _SiteCalls(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def _sites_of(route: Route) -> list[Call]:
    return [call for call in route.calls if call.kind == "site"]


@lru_cache(maxsize=8)
def _shapes(plan: PatrolPlan) -> Texts:
    lines = plan.streets.lines
    found: Texts = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, lines.coords, (lines.offsets,))
    return found


def _seen(points: Texts, shapes: Texts, near: Bools, metres: float) -> Bools:
    """Return on which days (days, n) places have a patrol within so many metres, which is on the edges `near` (days, m) that day.

    What the streets of every day reach is searched for once; each day adds what its own streets reach of the rest.
    """
    always = near.all(axis=0)
    seen = np.repeat(_within(points, shapes[always], metres)[None], len(near), axis=0)
    rest = np.flatnonzero(~seen[0]) if len(near) else np.zeros(0, np.int64)
    for day in range(len(near)):
        seen[day, rest] = _within(points[rest], shapes[near[day] & ~always], metres)
    return seen


def _within(points: Texts, lines: Texts, metres: float) -> Bools:
    if not len(points) or not len(lines):
        return np.zeros(len(points), bool)
    whole = shapely.multilinestrings(lines)
    shapely.prepare(whole)
    return np.asarray(shapely.dwithin(whole, points, metres))


def _shares(places: _Places, seen: Bools, zones: int) -> Floats:
    """Return the share of what the places count that is seen each day in each zone, and in all, (days, zones + 1)."""
    inside = places.zone >= 0
    table = np.zeros((len(seen) + 1, zones + 1))
    for row, weight in enumerate((*(places.weight * mask for mask in seen), places.weight)):
        table[row, :zones] = np.bincount(places.zone[inside], weight[inside], zones)
        table[row, zones] = weight.sum()
    with np.errstate(invalid="ignore"):
        return np.asarray(table[:-1] / np.where(table[-1] > 0, table[-1], np.nan))
