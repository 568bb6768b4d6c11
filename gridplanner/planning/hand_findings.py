"""What is amiss with a patrol plan after a change by hand: what is on no route any more, and routes that are late, too long or outside."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import Call, PatrolPlan, Route
from gridplanner.model.patrol_near import street_middle
from gridplanner.model.project import Project
from gridplanner.model.street_words import clock_words
from gridplanner.planning.hand_route import Driven
from gridplanner.planning.hand_tally import unmade, visits_of
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
        values = _values(route, name=stop.name, clock=clock_words(stop.arrive))
        found.append(Issue(Level.WARNING, "late_stop", text, values, "routes", route.code, stop.x, stop.y))
    if settings.zone == "hard" and driven.strayed_m > LEAST_OUTSIDE:
        text = N_("Route {route} leaves its zone for {m} m on its way from stop to stop; take out what leads there, or make the zone soft")
        found.append(Issue(Level.WARNING, "outside_zone", text, _values(route, m=f"{driven.strayed_m:.0f}"), "routes", route.code, x, y))
    return found


def _unserved(
    project: Project, before: PatrolPlan, after: PatrolPlan, changed: Mapping[int, Driven], issues: list[Issue]
) -> list[Issue]:  # fmt: skip
    """Return the findings without those of visits that are made now, and with those of visits that are made no longer."""
    zone = next(iter(changed.values())).route.zone
    for variant in sorted({before.routes[row].variant for row in changed}):
        rows = [row for row in changed if before.routes[row].variant == variant]
        routes = [route for route in after.routes if route.variant == variant]
        was, now = (Counter(_visits(plan.routes[row] for row in rows)) for plan in (before, after))
        for what, row in sorted({(what, row) for what, row, _turn in (was - now) + (now - was)}):
            if what == "edge":
                made = [call.turn for route in routes for call in route.calls if call.kind == "street" and row in _edges(call)]
                wanted = unmade(after, row, visits_of(routes))
                place, name = street_middle(after.streets, row), str(after.streets.names[row]) or _("a street without a name")
            else:
                made = [call.turn for route in routes for call in route.calls if call.kind == "site" and call.site == row]
                wanted = max(max(int(project.key_sites.visits[row]), 1) - len(set(made)), 0)
                place, name = tuple(project.key_sites.xy[row].tolist()), str(project.key_sites.names[row])
            told = _Told(project, after, what, row, variant, zone)
            issues = told.renewed(issues, wanted, made, name, place)
    return issues


def is_unserved(issue: Issue, what: str, row: int) -> bool:
    """Return whether a finding says that a street (`what` edge) or key site (site) of a row is on no route."""
    return issue.kind == "unserved" and issue.values.get(what) == row


@dataclass(frozen=True, eq=False)
class _Told:
    """The findings that say that one street (`what` edge) or key site of a row is on no route of a variant."""

    project: Project
    plan: PatrolPlan
    what: str
    row: int
    variant: int
    zone: int

    def renewed(self, issues: list[Issue], wanted: int, made: list[int], name: str, place: tuple[float, ...]) -> list[Issue]:
        """Return findings of which as many as `wanted` are these, of other turns in the shift than those that are `made`."""
        issues = self._spread(issues)
        mine = [issue for issue in issues if self._is_mine(issue)]
        mine.sort(key=lambda issue: issue.values.get("turn", 0) in made)
        gone = {id(issue) for issue in mine[wanted:]}
        turns = [*made, *(issue.values.get("turn", 0) for issue in mine[:wanted])]
        issues = [issue for issue in issues if id(issue) not in gone]
        for _more in range(wanted - len(mine)):
            turn = next(turn for turn in range(len(turns) + 1) if turn not in turns)
            turns.append(turn)
            issues.append(self._left_out(turn, name, place))
        return issues

    def _is_mine(self, issue: Issue) -> bool:
        return is_unserved(issue, self.what, self.row) and issue.values.get("variant", self.variant) == self.variant

    def _spread(self, issues: list[Issue]) -> list[Issue]:
        """Return findings of which those of this street or site that hold for all variants are one for each."""
        if self.plan.variants < 2:
            return list(issues)
        found: list[Issue] = []
        for issue in issues:
            whole = is_unserved(issue, self.what, self.row) and "variant" not in issue.values
            each = [{"variant": number} for number in range(1, self.plan.variants + 1)] if whole else [{}]
            found += [dataclasses.replace(issue, values={**issue.values, **one}) for one in each] if whole else [issue]
        return found

    def _left_out(self, turn: int, name: str, place: tuple[float, ...]) -> Issue:
        zones = self.project.zones
        known = zones.zones.get(self.zone) if zones is not None else None
        zone, code = (known.name, known.code) if known is not None else (str(self.zone), "")
        given = {"zone": zone, "name": name, "why": N_("it was left out by hand"), self.what: self.row, "turn": turn}
        text = N_("{zone}: {name} is on no route: {why}")
        if self.plan.variants > 1:
            given["variant"] = self.variant
            text = N_("{zone}: {name} is on no route of variant {variant}: {why}")
        return Issue(Level.WARNING, "unserved", text, given, "routes", code, place[0], place[1])


def _visits(routes: Iterable[Route]) -> Iterator[tuple[str, int, int]]:
    """Yield (edge or site, row, turn) of all that routes do; the two directions of a street are visits of their own."""
    for route in routes:
        for call in route.calls:
            if call.kind == "street":
                for arc in call.arcs:
                    yield "edge", arc // 2, 2 * call.turn + arc % 2
            elif call.kind == "site":
                yield "site", call.site, call.turn


def _edges(call: Call) -> set[int]:
    return {arc // 2 for arc in call.arcs}


def _of(issue: Issue) -> tuple[str, object]:
    return issue.ref, issue.values.get("variant", 1)


def _values(route: Route, **values: object) -> dict[str, object]:
    return {"route": route.code, "variant": route.variant, **values}
