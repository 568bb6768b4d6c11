"""What is amiss with a patrol plan after a change by hand: what is on no route any more, and routes that are late, too long or outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.project import Project
from gridplanner.planning.hand_route import Driven
from gridplanner.planning.hand_tally import missing, visits_of
from gridplanner.settings import PatrolSettings

OF_ROUTE = ("over_shift", "late_stop", "outside_zone")  # findings of a route that are told anew when it changes
LEAST_OUTSIDE = 1.0  # metres


def with_routes(project: Project, plan: PatrolPlan, changed: Mapping[int, Driven]) -> PatrolPlan:
    """Return the plan with changed routes and the findings that follow from them."""
    routes = tuple(changed[row].route if row in changed else route for row, route in enumerate(plan.routes))
    after = dataclasses.replace(plan, routes=routes)
    renewed = {(route.code, route.variant) for route in (plan.routes[row] for row in changed)}
    kept = [issue for issue in plan.issues if not (issue.kind in OF_ROUTE and _of(issue) in renewed)]
    kept = _unserved(project, plan, after, changed, kept)
    for driven in changed.values():
        kept += route_findings(project, driven)
    return dataclasses.replace(after, issues=tuple(kept))


def route_findings(project: Project, driven: Driven) -> list[Issue]:
    """Return what is amiss with one route: longer than its shift, late at a stop, outside its zone."""
    settings, route = project.settings.patrol or PatrolSettings(), driven.route
    found = []
    longest = settings.shift_minutes + settings.max_overtime_min
    x, y = route.stops[0].x, route.stops[0].y
    if route.minutes > longest + 1e-6:
        text = N_("Route {route} takes {minutes} min, {over} more than its shift allows; give some of it to another route or take it out")
        values = _values(route, minutes=f"{route.minutes:.0f}", over=f"{max(route.minutes - longest, 1):.0f}")
        found.append(Issue(Level.WARNING, "over_shift", text, values, "routes", route.code, x, y))
    stops = [row for row, call in enumerate(route.calls) if call.kind != "via"]
    for call in driven.late:
        stop = route.stops[1 + stops.index(call)] if call in stops else route.stops[0]
        text = N_("Route {route} comes to {name} at {clock}, too late for it; do it earlier")
        values = _values(route, name=stop.name, clock=_clock(stop.arrive))
        found.append(Issue(Level.WARNING, "late_stop", text, values, "routes", route.code, stop.x, stop.y))
    if settings.zone == "hard" and route.outside_m > LEAST_OUTSIDE:
        text = N_("Route {route} drives {m} m outside its zone")
        found.append(Issue(Level.INFO, "outside_zone", text, _values(route, m=f"{route.outside_m:.0f}"), "routes", route.code, x, y))
    return found


def _unserved(
    project: Project, before: PatrolPlan, after: PatrolPlan, changed: Mapping[int, Driven], issues: list[Issue]
) -> list[Issue]:  # fmt: skip
    """Return the findings without those of visits that are made now, and with those of visits that are made no longer."""
    variants = {before.routes[row].variant for row in changed}
    for variant in sorted(variants):
        was, now = ([route for route in plan.routes if route.variant == variant] for plan in (before, after))
        rows = [row for row in changed if before.routes[row].variant == variant]
        touched = [route for row in rows for route in (before.routes[row], after.routes[row])]
        edges = {arc // 2 for route in touched for call in route.calls if call.kind == "street" for arc in call.arcs}
        visits = visits_of(was), visits_of(now)
        for edge in sorted(edges):
            gaps = [len(missing(after, edge, count)) for count in visits]
            if gaps[1] < gaps[0]:
                issues = _less(issues, "edge", edge, variant, gaps[1])
            for _more in range(gaps[1] - gaps[0]):
                x, y = _middle(after, edge)
                name = str(after.streets.names[edge]) or _("a street without a name")
                issues = [*issues, _left_out(project, after, touched[0].zone, variant, x, y, name=name, edge=edge)]
        sites = {call.site for route in touched for call in route.calls if call.kind == "site"}
        for site in sorted(sites):
            made = [{call.turn for route in routes for call in route.calls if call.site == site} for routes in (was, now)]
            wanted = max(int(project.key_sites.visits[site]), 1) if site < len(project.key_sites) else 0
            gaps = [max(wanted - len(turns), 0) for turns in made]
            if gaps[1] < gaps[0]:
                issues = _less(issues, "site", site, variant, gaps[1])
            for turn in sorted(made[0] - made[1]):
                if turn < wanted:
                    x, y = project.key_sites.xy[site].tolist()
                    name = str(project.key_sites.names[site])
                    issues = [*issues, _left_out(project, after, touched[0].zone, variant, x, y, name=name, site=site, turn=turn)]
    return issues


def _less(issues: list[Issue], what: str, row: int, variant: int, left: int) -> list[Issue]:
    """Return findings of which only so many are `left` that say that a street or site is on no route of a variant."""
    mine = [issue for issue in issues if is_unserved(issue, what, row, variant)]
    gone = {id(issue) for issue in mine[: max(len(mine) - left, 0)]}
    return [issue for issue in issues if id(issue) not in gone]


def is_unserved(issue: Issue, what: str, row: int, variant: int) -> bool:
    """Return whether a finding says that a street (`what` edge) or site of a row is on no route of a variant."""
    return issue.kind == "unserved" and issue.values.get(what) == row and issue.values.get("variant", 1) == variant


def _left_out(
    project: Project, plan: PatrolPlan, zone: int, variant: int, x: float, y: float, **values: object
) -> Issue:  # fmt: skip
    known = project.zones.zones.get(zone) if project.zones is not None else None
    name, code = (known.name, known.code) if known is not None else (str(zone), "")
    given = {"zone": name, "why": _("it was left out by hand"), "turn": 0, **values}
    if plan.variants > 1:
        given["variant"] = variant
    return Issue(Level.WARNING, "unserved", N_("{zone}: {name} is on no route: {why}"), given, "routes", code, x, y)


def _middle(plan: PatrolPlan, edge: int) -> tuple[float, float]:
    line = plan.streets.lines.line(edge)
    low = (len(line) - 1) // 2
    x, y = ((line[low] + line[min(low + 1, len(line) - 1)]) / 2).tolist()
    return x, y


def _of(issue: Issue) -> tuple[str, object]:
    return issue.ref, issue.values.get("variant", 1)


def _values(route: Route, **values: object) -> dict[str, object]:
    return {"route": route.code, "variant": route.variant, **values}


def _clock(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60 % 24:02d}:{whole % 60:02d}"
