"""Patrol routes by hand: a street given to the chosen route or taken from it, a way led through another street, the depot moved."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.i18n import N_, _
from gridplanner.model.patrol_near import gaps_at, node_near, node_place
from ui.map.tools.refusal import refuse
from ui.map.tools.route_work import RouteWork, work_of
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach

DRAG = 6.0  # pixels from the press within which letting go is a click
FAR = 60.0  # pixels within which the junction nearest to the hand is meant as a depot
CHOOSE = N_("Click a route to choose it")


class RouteTool:
    """A click chooses a route where none is chosen, with Ctrl another; then streets, ways and the depot are its own.

    `choose` is told which route was clicked.
    """

    cursor = "PointingHandCursor"

    def __init__(self, choose: Callable[[int], None]) -> None:
        self._choose = choose
        self._work: tuple[object, int, str, RouteWork | None] | None = None
        self._lit: dict[tuple[str, int], Preview] = {}

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Show what a click would do."""
        work = self._work_of(reach)
        if work is None:
            return NOTHING
        if work.row < 0 or pointer.extend:
            return self._route_lit(work, pointer)
        if work.at_depot(pointer):
            route = work.route
            assert route is not None
            hint = _("Drag the depot of route {route} to another junction; with Shift those of all routes of its zone")
            return self._shown("depot", work.row, lambda: Preview(
                marks=np.array([[route.stops[0].x, route.stops[0].y]]), hint=hint.format(route=route.code)
            ))  # fmt: skip
        place = _place(work, pointer)
        return _clicked(work, *place)[0] if place[1] >= 0 else NOTHING

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        work = self._work_of(reach)
        if work is None:
            return None
        if work.row < 0 or press.extend:
            row = work.route_at(press)
            yield NOTHING
            self._choose(row)
            return None
        if work.at_depot(press):
            return (yield from _depot_drag(work, press))
        what, row = _place(work, press)
        if row < 0:
            return None
        route = work.route
        assert route is not None
        if route.locked:
            return (yield from refuse(_("Route {route} is locked; unlock it first").format(route=route.code)))
        return (yield from _street_drag(work, press, what, row))

    def _work_of(self, reach: Reach) -> RouteWork | None:
        key = reach.project, reach.route, reach.patrol_choice
        if self._work is None or self._work[:3] != key:
            self._work = (*key, work_of(reach))
            self._lit.clear()
        return self._work[3]

    def _route_lit(self, work: RouteWork, pointer: Pointer) -> Preview:
        row = work.route_at(pointer)
        if row < 0:
            return self._shown("none", -1, lambda: Preview(hint=_(CHOOSE)))
        route = work.plan.routes[row]
        return self._shown("route", row, lambda: Preview(lines=(route.coords,), title=route.code, hint=_(CHOOSE)))

    def _shown(self, kind: str, row: int, make: Callable[[], Preview]) -> Preview:
        if (kind, row) not in self._lit:
            self._lit[kind, row] = make()
        return self._lit[kind, row]


def _place(work: RouteWork, pointer: Pointer) -> tuple[str, int]:
    """Return what the pointer means: a key site or a street, and its row; -1 where it is neither."""
    site = work.site_at(pointer)
    return ("site", site) if site >= 0 else ("street", work.street_at(pointer))


def _clicked(work: RouteWork, what: str, row: int) -> tuple[Preview, Edit | None]:
    """Return what a click on a street or key site comes to: the chosen route loses it where it goes there, else it gets it."""
    # brings scipy with it, which the window needs for little else
    from gridplanner.planning.route_hand import add_site, add_street, remove_call, remove_street

    route, project = work.route, work.project
    assert route is not None
    if what == "site":
        call = next((at for at, call in enumerate(route.calls) if call.site == row), -1)
        make = (lambda: remove_call(project, work.row, call)) if call >= 0 else (lambda: add_site(project, work.row, row))
        return work.tried(("site", row), make)
    on = [(at, call.kind) for at, call in enumerate(route.calls) if any(arc // 2 == row for arc in call.arcs)]
    via = next((at for at, kind in on if kind == "via"), -1)
    if any(kind == "street" for _at, kind in on):
        return work.tried(("street", row), lambda: remove_street(project, work.row, row), work.line_of(row))
    if via >= 0:
        return work.tried(("street", row), lambda: remove_call(project, work.row, via), work.line_of(row))
    return work.tried(("street", row), lambda: add_street(project, work.row, row), work.line_of(row))


def _street_drag(work: RouteWork, press: Pointer, what: str, row: int) -> Drag:
    """Take a click on a street or key site, or lead the route through the street that it is dragged to."""
    from gridplanner.planning.route_hand import add_via

    at = work.arcs_at(press, work.row)
    route, pointer, moved = work.route, press, False
    assert route is not None
    gaps = tuple(sorted({gap for place in at.tolist() for gap in gaps_at(route, place)}))
    while True:
        moved = moved or float(np.hypot(pointer.x - press.x, pointer.y - press.y)) * pointer.scale > DRAG
        shown: Preview
        edit: Edit | None = None
        if not moved:
            shown, edit = _clicked(work, what, row)
        elif not gaps:
            shown = Preview(hint=_("Press on the chosen route to lead it through another street"))
        else:
            over = work.street_at(pointer)
            if over < 0 or (what, row) == ("street", over):
                line = np.array([[press.x, press.y], [pointer.x, pointer.y]])
                shown = Preview(lines=(line,), sure=False, hint=_("Let go on the street that the route is to go through; Esc abandons"))
            else:
                shown, edit = work.tried(("via", gaps, over), lambda e=over: add_via(work.project, work.row, gaps, e), work.line_of(over))  # type: ignore[misc]
        if pointer.released:
            return edit
        pointer = yield shown


def _depot_drag(work: RouteWork, press: Pointer) -> Drag:
    """Let the chosen route start at the junction that its depot is dragged to; with Shift all routes of its zone and variant."""
    from gridplanner.planning.route_hand import move_depot

    route, pointer = work.route, press
    assert route is not None
    zone = [row for row in work.shown if work.plan.routes[row].zone == route.zone]
    while True:
        rows = tuple([work.row, *(row for row in zone if row != work.row)] if pointer.more else [work.row])
        node = node_near(work.plan.streets, pointer.x, pointer.y, FAR / pointer.scale)
        shown: Preview
        edit: Edit | None = None
        if node < 0 or node == route.depot_node:
            shown = Preview(hint=_("Drag the depot to another junction; Esc abandons"))
        else:
            shown, edit = work.tried(("depot", rows, node), lambda: move_depot(work.project, rows, node))  # noqa: B023  (called at once)
            shown = _with_mark(shown, node_place(work.plan.streets, node))
        if pointer.released:
            return edit
        pointer = yield shown


def _with_mark(shown: Preview, place: tuple[float, float]) -> Preview:
    return dataclasses.replace(shown, marks=np.array([place]))
