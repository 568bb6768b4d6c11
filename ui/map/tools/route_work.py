"""What the tools of patrol routes share: what of the plan lies below the pointer, and what an edit by hand would come to, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.patrol_near import arcs_near, street_near
from gridplanner.model.project import Project
from gridplanner.settings import PatrolSettings
from ui.map.patrol_strokes import arc_coords, routes_shown
from ui.map.tools.tool import Pointer, Preview, Reach, Tally

if TYPE_CHECKING:
    from gridplanner.planning.route_hand import RouteEdit

NEAR = 9.0  # pixels within which the pointer means a street or a route
SIGN = 11.0  # pixels within which it means a depot
WORST = ("over_shift", "late_stop")  # findings that are told at the cursor


class RouteWork:
    """The patrol plan of a reach with the route that is chosen, row `row` of the plan (-1: none)."""

    def __init__(self, reach: Reach, plan: PatrolPlan) -> None:
        self.project: Project = reach.project
        self.plan = plan
        self.shown = routes_shown(plan, reach.patrol_choice)
        self.row = reach.route if reach.route in self.shown else -1
        self._previews: dict[tuple[object, ...], tuple[Preview, RouteEdit | None]] = {}

    @property
    def route(self) -> Route | None:
        """The route that is chosen."""
        return self.plan.routes[self.row] if self.row >= 0 else None

    def street_at(self, pointer: Pointer) -> int:
        """Return the street below the pointer, -1 for none."""
        return street_near(self.plan.streets, pointer.x, pointer.y, NEAR / pointer.scale)

    def route_at(self, pointer: Pointer) -> int:
        """Return the route below the pointer: of several the one that follows the chosen one, -1 for none."""
        found = [row for row in self.shown if len(self.arcs_at(pointer, row))]
        after = [row for row in found if row > self.row]
        return (after or found or [-1])[0]

    def arcs_at(self, pointer: Pointer, row: int) -> Ints:
        """Return the places in a route's drive that the pointer means."""
        return arcs_near(self.plan.streets, self.plan.routes[row], pointer.x, pointer.y, NEAR / pointer.scale)

    def site_at(self, pointer: Pointer) -> int:
        """Return the key site below the pointer, -1 for none."""
        xy = self.project.key_sites.xy
        if not len(xy):
            return -1
        away = np.hypot(xy[:, 0] - pointer.x, xy[:, 1] - pointer.y)
        return int(away.argmin()) if away.min() * pointer.scale <= SIGN else -1

    def at_depot(self, pointer: Pointer) -> bool:
        """Return whether the pointer means the depot of the chosen route."""
        route = self.route
        if route is None or not route.stops:
            return False
        return float(np.hypot(route.stops[0].x - pointer.x, route.stops[0].y - pointer.y)) * pointer.scale <= SIGN

    def line_of(self, edge: int) -> Floats:
        """Return the pieces of a street as a preview shows them, (m, 4)."""
        line = self.plan.streets.lines.line(edge)
        return np.hstack((line[:-1], line[1:]))

    def tried(self, key: tuple[object, ...], make: Callable[[], RouteEdit], lit: Floats | None = None) -> tuple[Preview, RouteEdit | None]:
        """Return what an edit would come to and the edit, None where it is refused; made once for each `key`."""
        if key not in self._previews:
            try:
                edit = make()
            except EditRejected as why:
                self._previews[key] = Preview(hint=str(why), warning=str(why), refused=True, pieces=lit), None
            else:
                self._previews[key] = self._preview(edit, lit), edit
        return self._previews[key]

    def _preview(self, edit: RouteEdit, lit: Floats | None) -> Preview:
        before, after = self.plan, edit.after
        known = {id(issue) for issue in before.issues}
        fresh = [issue.message for issue in after.issues if id(issue) not in known and issue.kind in WORST]
        head, *others = edit.rows
        return Preview(
            lines=_new_ways(after, before.routes[head], after.routes[head]), sure=False, pieces=lit, words=edit.words, hint=edit.words,
            title=f"{before.routes[head].code}  {self._change(edit, head)}",
            tallies=tuple(
                Tally("", 0.0, 0.0, self._fits(after.routes[row]), name=before.routes[row].code, told=self._change(edit, row))
                for row in others
            ),
            warning=fresh[0] if fresh else "",
        )  # fmt: skip

    def _change(self, edit: RouteEdit, row: int) -> str:
        return change_words(self.plan.routes[row].minutes, edit.after.routes[row].minutes)

    def _fits(self, route: Route) -> bool:
        settings = self.project.settings.patrol or PatrolSettings()
        return route.minutes <= settings.shift_minutes + settings.max_overtime_min + 1e-6


def _new_ways(plan: PatrolPlan, before: Route, after: Route) -> tuple[Floats, ...]:
    """Return the parts of a changed route that it did not drive before, as lines."""
    fresh = np.flatnonzero(~np.isin(after.arcs // 2, before.arcs // 2))
    runs = np.split(after.arcs[fresh], np.flatnonzero(np.diff(fresh) > 1) + 1)
    return tuple(arc_coords(plan, run)[0] for run in runs if len(run))


def work_of(reach: Reach) -> RouteWork | None:
    """Return the routes that tools work on, None where there are none that can be changed by hand."""
    plan = reach.project.patrol
    return RouteWork(reach, plan) if plan is not None and len(plan.streets) and plan.routes else None


def change_words(before: float, after: float) -> str:
    """Return a change of minutes and what it leads to, such as “+6 min → 3 h 52”."""
    text = _("{change} min → {hours} h {minutes:02d}")
    change, whole = round(after - before), round(after)
    sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else "\N{PLUS-MINUS SIGN}"
    return text.format(change=f"{sign}{abs(change)}", hours=whole // 60, minutes=whole % 60)
