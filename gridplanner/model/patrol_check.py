"""An independent check of a patrol plan: every route is driven again over the plan's own streets, and what is wanted is looked for on them.

Nothing of what made the routes is used, so that it holds for computed and hand-made routes alike.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.freshness import stale_plans
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, line_lengths
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import DEAD, PatrolPlan, PatrolStreets, Route
from gridplanner.model.places import KeySites
from gridplanner.model.project import Project
from gridplanner.model.turn_by_turn import halts_of
from gridplanner.model.zone_ground import streets_of_zones
from gridplanner.settings import PatrolSettings, clock_minutes

MINUTE = 0.02  # minutes by which two sums of the same times may differ
STRAY = 2.0  # metres outside a zone that are not worth a word
METRE = 0.5  # metres by which two sums of the same lengths may differ
OVER, LATE = N_("it takes longer than its shift and overtime"), N_("it comes to a key site when that is closed")
STRAYED = N_("it leaves its zone between its streets")
# findings that hand edits leave, for they do not refuse what the planner wants
_BY_HAND = {OVER: "over_shift", LATE: "late_stop", STRAYED: "outside_zone"}
ASIDE = 300.0  # metres that the node where a crew stops may be farther from a site than the nearest node is: long blocks, one-way streets


def patrol_issues(project: Project) -> tuple[Issue, ...]:
    """Return what is wrong with the patrol plan, an error each; nothing where all rules are kept, or where the plan is out of date.

    Arcs meet, may be driven, and make no banned turn; a route begins and ends at its depot within shift and overtime; times, lengths and
    metres outside the zone add up; stops are the calls; every required street and site is served as often as wanted on the routes of
    each variant, or is among the plan's issues of kind "unserved".
    """
    plan = project.patrol
    if plan is None or not len(plan.streets) or "patrol" in stale_plans(project):
        return ()
    return _checked(plan, project.settings.patrol or PatrolSettings(), project.key_sites, project)


@lru_cache(maxsize=4)
def _checked(plan: PatrolPlan, settings: PatrolSettings, sites: KeySites, project: Project) -> tuple[Issue, ...]:
    walk = _Walk.of(plan, settings, project)
    allowed = {(issue.kind, issue.ref, issue.values.get("variant", 1)) for issue in plan.issues}
    found = [issue for route in plan.routes for issue in _route_issues(walk, route, sites, allowed)]
    seen = Counter((route.variant, route.zone, route.crew) for route in plan.routes)
    for (variant, zone, crew), times in seen.items():
        if times > 1:
            text = N_("Crew {crew} of a zone has {n} routes in variant {variant}")
            ref = next(route.code for route in plan.routes if (route.variant, route.zone, route.crew) == (variant, zone, crew))
            found.append(Issue(Level.ERROR, "route", text, {"crew": crew + 1, "n": times, "variant": variant}, "routes", ref))
    if any(_arcs_wrong(walk, route) for route in plan.routes):
        return tuple(found)  # what such routes serve cannot be said
    return (*found, *missing_issues(plan, sites, project))


@dataclass(frozen=True, eq=False)
class _Walk:
    """What all routes are judged by: ends of arcs, lengths, which streets belong to each zone, and how long a crew may be out.

    Routes of the zones `kept_in` leave them only on the way from the depot and back.
    """

    streets: PatrolStreets
    tail: Ints
    head: Ints
    length: Floats
    inside: dict[int, Bools]
    kept_in: frozenset[int]
    banned: frozenset[tuple[int, int]]
    longest: float

    @staticmethod
    def of(plan: PatrolPlan, settings: PatrolSettings, project: Project) -> _Walk:
        s = plan.streets
        tail, head = np.empty(2 * len(s), np.int64), np.empty(2 * len(s), np.int64)
        tail[0::2], head[0::2], tail[1::2], head[1::2] = s.u, s.v, s.v, s.u
        zones = project.zones
        inside = dict(zip(zone_ids(zones), streets_of_zones(project, s.lines), strict=True)) if zones is not None else {}
        codes = {zone: known.code for zone, known in zones.zones.items()} if zones is not None and settings.zone == "hard" else {}
        legs = {issue.ref for issue in plan.issues if issue.kind == "leg_outside"}
        renamed = not legs <= set(codes.values())  # which zone such a finding is of cannot be said
        kept_in = frozenset(zone for zone, code in codes.items() if code not in legs and not renamed)
        banned = frozenset((a, b) for a, b in s.banned.tolist())
        longest = settings.shift_minutes + settings.max_overtime_min
        return _Walk(s, tail, head, line_lengths(s.lines), inside, kept_in, banned, longest)


def _route_issues(walk: _Walk, route: Route, sites: KeySites, allowed: set[tuple[str, str, object]]) -> list[Issue]:
    """Return what is wrong with one route; after a fault that makes the rest meaningless no more is looked for.

    What the planner did by hand and is told already, as (kind, code, variant), is not told twice.
    """
    wrong = _arcs_wrong(walk, route) or [*_calls_wrong(route), *_sums_wrong(walk, route), *_times_wrong(walk, route, sites)]
    wrong = [what for what in wrong if (_BY_HAND.get(what, ""), route.code, route.variant) not in allowed]
    x, y = (float(route.coords[0, 0]), float(route.coords[0, 1])) if len(route.coords) else (None, None)
    text = N_("Route {route}: {what}")
    return [Issue(Level.ERROR, "route", text, {"route": route.code, "what": what}, "routes", route.code, x, y) for what in wrong]


def _arcs_wrong(walk: _Walk, route: Route) -> list[str]:
    arcs, s = route.arcs, walk.streets
    if len(route.passed) != len(arcs) + 1 or len(route.call_of_arc) != len(arcs):
        return [N_("its streets and times are not as many")]
    if not len(arcs):
        return []
    if arcs.min() < 0 or arcs.max() >= 2 * len(s):
        return [N_("it drives a street that the plan does not have")]
    used = route.call_of_arc[route.call_of_arc != DEAD]
    if np.any(np.diff(used) < 0) or np.any((used < 0) | (used >= len(route.calls))):
        return [N_("its streets do not follow the order of its calls")]
    wrong = []
    if not np.all(np.isfinite(s.seconds[arcs])):
        wrong.append(N_("it drives a street that may not be driven in that direction"))
    if np.any(walk.head[arcs[:-1]] != walk.tail[arcs[1:]]):
        wrong.append(N_("it has a gap: a street does not begin where the one before ends"))
    if walk.tail[arcs[0]] != route.depot_node or walk.head[arcs[-1]] != route.depot_node:
        wrong.append(N_("it does not begin and end at its depot"))
    if walk.banned and _turns_wrong(walk, route):
        wrong.append(N_("it makes a turn that is not allowed"))
    return wrong


def _turns_wrong(walk: _Walk, route: Route) -> bool:
    """Return whether a route makes a banned turn: whoever stops at a site or rests between two streets may leave any way."""
    pairs = zip(route.arcs[:-1].tolist(), route.arcs[1:].tolist(), strict=True)
    banned = {row for row, turn in enumerate(pairs, 1) if turn in walk.banned}
    return bool(banned) and bool(banned - {halt.before for halt in halts_of(walk.streets, route)})


def _calls_wrong(route: Route) -> list[str]:
    """Compare the calls with the arcs that serve them and with the stops that are shown."""
    wrong = []
    serves = route.call_of_arc
    for row, call in enumerate(route.calls):
        at = np.flatnonzero(serves == row)
        if tuple(route.arcs[at].tolist()) != tuple(call.arcs) or (len(at) and at[-1] - at[0] + 1 != len(at)):
            wrong.append(N_("the streets of a call are not those that it drives"))
            break
    stops = [stop.kind for stop in route.stops]
    if stops != ["depot", *(call.kind for call in route.calls if call.kind != "via"), "depot"]:
        wrong.append(N_("its stops are not its calls"))
    return wrong


def _sums_wrong(walk: _Walk, route: Route) -> list[str]:
    wrong = []
    metres = walk.length[route.arcs // 2]
    patrolled = _patrolled(route)
    if abs(metres[patrolled].sum() - route.required_m) > METRE or abs(metres[~patrolled].sum() - route.dead_m) > METRE:
        wrong.append(N_("its lengths do not add up"))
    step = np.hypot(*np.diff(route.coords, axis=0).T) if len(route.coords) > 1 else np.zeros(0)
    if abs(step.sum() - metres.sum()) > METRE or (len(route.coords) and np.any(route.coords[0] != route.coords[-1])):
        wrong.append(N_("its line is not what it drives"))
    if sum(call.kind == "site" for call in route.calls) != route.sites:
        wrong.append(N_("its key sites are not as many as it says"))
    if route.zone in walk.inside:
        outside = ~walk.inside[route.zone][route.arcs // 2]
        if abs(metres[outside].sum() - route.outside_m) > METRE:
            wrong.append(N_("it leaves its zone for more or less than it says"))
        first, last = (int(at) for at in np.flatnonzero(~outside)[[0, -1]]) if not outside.all() else (0, 0)
        if route.zone in walk.kept_in and metres[first:last][outside[first:last]].sum() > STRAY:
            wrong.append(STRAYED)
    return wrong


def _patrolled(route: Route) -> Bools:
    """Return which arcs of a route are patrolled, not just driven."""
    kinds = np.array([call.kind == "street" for call in route.calls] + [False])
    return np.asarray(kinds[route.call_of_arc])


def _times_wrong(walk: _Walk, route: Route, sites: KeySites) -> list[str]:
    wrong = []
    s, arcs = walk.streets, route.arcs
    start = clock_minutes(route.shift)
    takes = np.where(_patrolled(route), s.patrol[arcs // 2], s.seconds[arcs]) / 60.0
    ended = np.concatenate(([start], route.passed[:-1] + takes))  # when the street before each arc is done, and the last one
    if np.any(route.passed < ended - MINUTE):
        wrong.append(N_("it is faster than its streets allow"))
    if abs(route.passed[-1] - start - route.minutes) > MINUTE:
        wrong.append(N_("its minutes do not add up"))
    if route.minutes > walk.longest + MINUTE:
        wrong.append(OVER)
    wrong += _stops_wrong(walk, route, sites, ended)
    return wrong


def _stops_wrong(walk: _Walk, route: Route, sites: KeySites, ended: Floats) -> list[str]:
    """Go from stop to stop: each lies in the time between two arcs, or is the arcs it serves; sites are where they are, and open."""
    wrong: list[str] = []
    at, clock = 0, ended[0]  # the arc that is driven next, and the time
    shown = [stop for stop in route.stops[1:-1] if stop.kind != "via"]
    for (row, call), stop in zip([(row, call) for row, call in enumerate(route.calls) if call.kind != "via"], shown, strict=False):
        if call.kind == "street":
            first = np.flatnonzero(route.call_of_arc == row)
            if not len(first) or abs(route.passed[first[0]] - stop.arrive) > MINUTE:
                return [*wrong, N_("a stop has another time than the street it is")]
            seconds = float(walk.streets.patrol[np.array(call.arcs) // 2].sum())
            if abs(stop.dwell - seconds / 60.0) > MINUTE:
                wrong.append(N_("a street is patrolled in another time than it takes"))
            at, clock = int(first[-1]) + 1, ended[first[-1] + 1]
            continue
        while at < len(route.arcs) and route.passed[at] < stop.arrive + stop.dwell - MINUTE:
            at += 1
            clock = ended[at]
        if stop.arrive < clock - MINUTE:
            return [*wrong, N_("a stop is made while the crew is driving")]
        clock = stop.arrive + stop.dwell
        if call.kind == "site":
            wrong += _site_wrong(walk, route, sites, call.site, stop.arrive, stop.dwell, at)
    return wrong


def _site_wrong(walk: _Walk, route: Route, sites: KeySites, site: int, arrive: float, dwell: float, at: int) -> list[str]:
    if not 0 <= site < len(sites):
        return [N_("it stops at a key site that is not there")]
    wrong = []
    node = int(walk.tail[route.arcs[at]]) if at < len(route.arcs) else route.depot_node
    lines = walk.streets.lines
    ends = np.stack((lines.coords[lines.offsets[:-1]], lines.coords[lines.offsets[1:] - 1]))
    away = np.hypot(*(ends - sites.xy[site]).transpose(2, 0, 1))
    mine = np.stack((walk.streets.u, walk.streets.v)) == node
    if away[mine].min(initial=np.inf) > away.min() + ASIDE:
        wrong.append(N_("it stops for a key site far from it"))
    if abs(dwell - float(sites.dwell[site])) > MINUTE:
        wrong.append(N_("it stays at a key site for another time than wanted"))
    opens, closes = float(sites.start[site]), float(sites.stop[site])
    if not _within(arrive, opens, closes):
        wrong.append(LATE)
    return wrong


def _within(clock: float, opens: float, closes: float) -> bool:
    """Return whether a clock time lies in a window that may run over midnight; NaN stands for any time."""
    first, last = (0.0 if np.isnan(opens) else opens), (1440.0 if np.isnan(closes) else closes)
    last += 1440.0 if last < first else 0.0
    return any(first - MINUTE <= clock + day <= last + MINUTE for day in (-1440.0, 0.0, 1440.0))


def missing_issues(plan: PatrolPlan, sites: KeySites, project: Project) -> list[Issue]:
    """Return an error for each required street and key site that is neither on the routes of a variant nor in the plan's issues."""
    found: list[Issue] = []
    for (variant, kind, row), times in missing_of(plan, sites, project).items():
        if kind == "street":
            x, y = plan.streets.lines.line(row).mean(axis=0).tolist()
            name = str(plan.streets.names[row])
        else:
            (x, y), name = sites.xy[row].tolist(), str(sites.names[row])
        text = N_("{name} is required and {n} times on no route of variant {variant}, and no finding says why")
        found.append(Issue(Level.ERROR, "missing", text, {"name": name, "n": times, "variant": variant, kind: row}, "routes", "", x, y))
    return found


def missing_of(plan: PatrolPlan, sites: KeySites, project: Project) -> dict[tuple[int, str, int], int]:
    """Return how many wanted visits of (variant, "street" or "site", row) are neither on a route nor told as unserved, where any are.

    A street in each direction counts a visit for every direction that may be driven. A finding that names no variant holds for all.
    """
    told: Counter[tuple[int, str, int]] = Counter()
    zone_of = {zone.code: number for number, zone in project.zones.zones.items()} if project.zones is not None else {}
    for issue in plan.issues:
        if issue.kind == "unserved":
            kind, row = ("street", issue.values.get("edge")) if "edge" in issue.values else ("site", issue.values.get("site"))
            if isinstance(row, int):
                variant = issue.values.get("variant", 0)
                first = variant if isinstance(variant, int) else 0
                again = [number for number in range(1, plan.variants + 1) if driven_as(plan, zone_of.get(issue.ref, -1), number) == first]
                for number in {first, *again}:
                    told[(number, kind, row)] += 1
    s = plan.streets
    zones = zone_ids(project.zones) if project.zones is not None else ()
    wanted, each = _wanted(s, zones)
    site_wanted = np.maximum(sites.visits, 1)
    missing: dict[tuple[int, str, int], int] = {}
    for variant in range(1, max(plan.variants, 1) + 1):
        served, visited = _served(plan, variant, len(s), len(sites))
        for kind, want, have in (("street", wanted, served), ("site", site_wanted, visited)):
            for row in np.flatnonzero(have < want).tolist():
                listed = told[(variant, kind, row)] + told[(0, kind, row)]
                lacking = int(want[row] - have[row]) - (int(each[row]) if kind == "street" else 1) * listed
                if lacking > 0:
                    missing[(variant, kind, row)] = lacking
    return missing


def driven_as(plan: PatrolPlan, zone: int, variant: int) -> int:
    """Return the variant that a zone's crews drive where a variant is shown: the zone's first where it has none of that number."""
    known = {route.variant for route in plan.routes if route.zone == zone}
    return variant if variant in known or not known else min(known)


def _wanted(streets: PatrolStreets, zones: tuple[int, ...]) -> tuple[Ints, Ints]:
    """Return how many drives are wanted of each street of a zone, (m,), and how many each visit has: both open directions where meant."""
    open_ways = np.isfinite(streets.seconds.reshape(-1, 2)).sum(axis=1)
    each = np.where(streets.both, np.maximum(open_ways, 1), 1)
    return np.where(np.isin(streets.zone, zones), streets.times * each, 0), each


def _served(plan: PatrolPlan, variant: int, streets: int, sites: int) -> tuple[Ints, Ints]:
    served, visited = np.zeros(streets, np.int64), np.zeros(sites, np.int64)
    both = plan.streets.both
    for route in plan.routes:
        if route.variant != driven_as(plan, route.zone, variant):
            continue
        arcs = route.arcs[_patrolled(route)] if len(route.arcs) else route.arcs
        np.add.at(served, arcs // 2, 1)
        rows = [call.site for call in route.calls if call.kind == "site" and 0 <= call.site < sites]
        np.add.at(visited, np.array(rows, np.int64), 1)
    return np.where(both, _both_served(plan, variant, streets), served), visited


def _both_served(plan: PatrolPlan, variant: int, streets: int) -> Ints:
    """Return the visits that count where each direction is wanted: not more in one direction than its times."""
    arcs = np.zeros(2 * streets, np.int64)
    for route in plan.routes:
        if route.variant == driven_as(plan, route.zone, variant) and len(route.arcs):
            np.add.at(arcs, route.arcs[_patrolled(route)], 1)
    return np.asarray(np.minimum(arcs.reshape(-1, 2), plan.streets.times[:, None]).sum(axis=1))
