"""Patrol routes by hand, but for where they go: routes locked and recoded, streets picked that must or need not be patrolled."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field

from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.issues import Issue
from gridplanner.model.patrol import PatrolPlan, Route, StreetPick
from gridplanner.model.project import Project
from gridplanner.nearest import refuse_beyond

SAME = 5.0  # metres within which a pick is the one that was there before


@dataclass(frozen=True)
class LockRoutes:
    """Lock routes (rows of the plan), so that they stay when the rest is planned again, or unlock them."""

    rows: tuple[int, ...]
    locked: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.rows)
        if self.locked:
            return ngettext("Lock {n} route", "Lock {n} routes", count).format(n=count)
        return ngettext("Unlock {n} route", "Unlock {n} routes", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the project with the routes locked or unlocked; raises EditRejected for an unknown route."""
        plan = patrol_of(project)
        changed = {row: dataclasses.replace(route_at(plan, row), locked=self.locked) for row in self.rows}
        return _with_routes(project, plan, changed)


@dataclass(frozen=True)
class RecodeRoute:
    """Give the route of a row another code; `before` is the one it has, for the words."""

    row: int
    code: str
    before: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Call route {before} {code}").format(before=self.before or self.row + 1, code=self.code.strip())

    def apply(self, project: Project) -> Project:
        """Return the project; raises EditRejected for an unknown route and for a code that is empty or another route's of its variant."""
        plan, code = patrol_of(project), self.code.strip()
        route = route_at(plan, self.row)
        if not code:
            raise EditRejected(_("A route needs a code"))
        if any(other.code == code and other.variant == route.variant and other is not route for other in plan.routes):
            raise EditRejected(_("There is a route {code} already; choose another code").format(code=code))
        issues = tuple(_recoded(issue, code) if _is_of(issue, route) else issue for issue in plan.issues)
        renamed = _with_routes(project, plan, {self.row: dataclasses.replace(route, code=code)})
        assert renamed.patrol is not None
        return dataclasses.replace(renamed, patrol=dataclasses.replace(renamed.patrol, issues=issues))


@dataclass(frozen=True)
class PickStreet:
    """Say of the street at a place (metres) that it must be patrolled so many `times` a shift, or need not be (0), whatever its class.

    A pick within 5 m of an earlier one takes its place. Routes follow when they are planned again.
    """

    x: float
    y: float
    times: int = 1
    both: bool = False
    weight: float = 1.0

    @property
    def words(self) -> str:
        """The words in the language in use."""
        if not self.times:
            return _("A street need not be patrolled")
        return ngettext("Patrol a street {n} time a shift", "Patrol a street {n} times a shift", self.times).format(n=self.times)

    def apply(self, project: Project) -> Project:
        """Return the project with the pick; raises EditRejected where it is no place on the map or a number makes no sense."""
        if not (math.isfinite(self.x) and math.isfinite(self.y)):
            raise EditRejected(_("This is no place on the map; click a street"))
        try:
            refuse_beyond("times", self.times, 0, 48)
            refuse_beyond("weight", self.weight, 0.001, 1000)
        except ValueError as why:
            raise EditRejected(str(why)) from why
        pick = StreetPick(self.x, self.y, self.times, self.both, self.weight)
        at = pick_near(project, self.x, self.y)
        picks = list(project.picks)
        if at < 0:
            picks.append(pick)
        else:
            picks[at] = pick
        return dataclasses.replace(project, picks=tuple(picks))


@dataclass(frozen=True)
class UnpickStreet:
    """Take the pick at a place away: the street is as its class says again."""

    x: float
    y: float

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Leave a street to its class")

    def apply(self, project: Project) -> Project:
        """Return the project without the pick; raises EditRejected where there is none."""
        at = pick_near(project, self.x, self.y)
        if at < 0:
            raise EditRejected(_("No street was picked here"))
        return dataclasses.replace(project, picks=project.picks[:at] + project.picks[at + 1 :])


def patrol_of(project: Project) -> PatrolPlan:
    """Return the patrol plan; raises EditRejected where there is none."""
    if project.patrol is None:
        raise EditRejected(_("There are no patrol routes yet; plan them first"))
    return project.patrol


def route_at(plan: PatrolPlan, row: int) -> Route:
    """Return the route of a row; raises EditRejected where there is none."""
    if not 0 <= row < len(plan.routes):
        raise EditRejected(_("There is no such route"))
    return plan.routes[row]


def pick_near(project: Project, x: float, y: float, within: float = SAME) -> int:
    """Return the row of the nearest pick within some metres of a place, -1 where there is none."""
    away = [math.hypot(pick.x - x, pick.y - y) for pick in project.picks]
    nearest = min(range(len(away)), key=away.__getitem__, default=-1)
    return nearest if nearest >= 0 and away[nearest] <= within else -1


def _is_of(issue: Issue, route: Route) -> bool:
    """Return whether a finding is of a route; codes may be alike in two variants."""
    return issue.layer == "routes" and issue.ref == route.code and issue.values.get("variant", route.variant) == route.variant


def _recoded(issue: Issue, code: str) -> Issue:
    values = {**issue.values, "route": code} if "route" in issue.values else issue.values
    return dataclasses.replace(issue, ref=code, values=values)


def _with_routes(project: Project, plan: PatrolPlan, changed: dict[int, Route]) -> Project:
    routes = tuple(changed.get(row, route) for row, route in enumerate(plan.routes))
    return dataclasses.replace(project, patrol=dataclasses.replace(plan, routes=routes))
