"""The planner's hand on patrol routes: the route and the stop that are chosen, their order, what is locked, and planning the rest again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, QSize
from PySide6.QtWidgets import QPushButton

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Edit, Replace
from gridplanner.edits.patrol_edits import LockRoutes, RecodeRoute
from gridplanner.errors import EditRejected
from gridplanner.i18n import N_, _
from gridplanner.model.patrol import PatrolPlan, Route, StreetPick
from gridplanner.model.patrol_near import call_of_stop, stop_of_call
from gridplanner.model.project import Project
from ui.dialogs.route_code_dialog import RouteCodeDialog
from ui.icons import icon
from ui.latest import Latest
from ui.map.patrol_strokes import DAY
from ui.map.tools.route_pick import StreetPicker
from ui.map.tools.route_tool import RouteTool
from ui.map.tools.route_work import RouteWork
from ui.map.tools.tool import Pointer, Reach, Tool
from ui.route_menu import RouteMenu
from ui.steps import State
from ui.styles import theme

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.panels.route_card import RouteCard

STEP = LAYER = "patrol"
ROUTE, PICK = "route", "pick-street"
HINTS = {
    ROUTE: N_(
        "Routes: click a street to give it to the route or take it out; drag the route onto a street, or its depot; Ctrl and click chooses"
    ),
    PICK: N_("Pick streets: click a street that must be patrolled, with Shift one that need not be; again takes it back"),
}
CHOOSE = N_("Routes: click a route to choose it; then click streets, or drag its line or its depot")
STALE = N_(
    "Out of date: changes by hand follow the streets that the routes were planned on; planning the rest again (R) takes those of today"
)
BUTTONS = (
    ("up", N_("Do it earlier"), "earlier"), ("down", N_("Do it later"), "later"), ("close", N_("Take it out of the route"), "remove"),
    ("reverse", N_("Drive it the other way; with no stop marked turn the whole route round"), "turn"),
)  # fmt: skip


class RouteHand(QObject):
    """What is done by hand with the patrol routes of a desk; every change is one step of the undo list.

    The route that is chosen and the variant or day that is shown are those of `desk.patrol`, the stop is the one marked on its page.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.wish = StreetPick(0.0, 0.0)
        self.menu = RouteMenu(desk, self)
        self.buttons: dict[str, QPushButton] = {}
        self._ready: Latest | None = None
        self._warmed: tuple[object, int] | None = None

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        for name, _words, does in BUTTONS:
            button = QPushButton()
            button.setObjectName("icon")
            button.setFixedSize(28, 28)
            button.setIconSize(QSize(18, 18))
            button.clicked.connect(lambda _checked=False, what=does: getattr(self, what)())
            self._card.buttons.addWidget(button)
            self.buttons[name] = button
        self._card.stops.moved.connect(self.move_stop)
        self._card.stops.selectionModel().selectionChanged.connect(lambda *_chosen: self._take_stop())
        self._desk.canvas.grid_clicked.connect(self._take_click)
        self.menu.attach()
        self.retranslate()

    def close(self) -> None:
        """End the thread."""
        if self._ready is not None:
            self._ready.close()

    @property
    def _card(self) -> RouteCard:
        return self._desk.patrol.page.card

    # what is chosen

    @property
    def plan(self) -> PatrolPlan | None:
        """The plan that the hand is on, None at other steps and where there is none."""
        plan = self._desk.session.project.patrol
        return plan if plan is not None and self._desk.window.steps.step.id == STEP else None

    @property
    def is_on(self) -> bool:
        """True where the hand is on patrol routes."""
        return self.plan is not None

    @property
    def row(self) -> int:
        """The row of the route that is chosen, -1 for none."""
        plan, row = self.plan, self._desk.patrol.route
        return row if plan is not None and 0 <= row < len(plan.routes) else -1

    @property
    def route(self) -> Route | None:
        """The route that is chosen."""
        return self.plan.routes[self.row] if self.plan is not None and self.row >= 0 else None

    @property
    def locked(self) -> bool:
        """True where the route that is chosen is locked."""
        return self.route is not None and self.route.locked

    @property
    def stop(self) -> int:
        """The stop that is marked on the page, -1 for none and for the depot."""
        stop = self._card.stops.chosen_stop()
        return stop if self.route is not None and call_of_stop(self.route, stop) >= 0 else -1

    @property
    def hint(self) -> str:
        """What the map expects next, empty where the hand is on something else."""
        tool = self._desk.tool
        if tool == ROUTE and self._desk.derived.states.get(STEP) is State.STALE:
            return _(STALE)
        if tool == ROUTE and self.row < 0:
            return _(CHOOSE)
        return _(HINTS[tool]) if tool in HINTS else ""

    def choose(self, row: int) -> None:
        """Choose the route at a row of the plan, -1 for none; the map stays where it is."""
        if row != self._desk.patrol.route:
            self._desk.patrol.choose(row, closer=False)
            self._desk.jobs.last_words = ""

    def tool(self, name: str) -> Callable[[], Tool] | None:
        """Return what makes a tool of the patrol step, None for others."""
        self._warm()
        made: dict[str, Callable[[], Tool]] = {ROUTE: lambda: RouteTool(self.choose), PICK: lambda: StreetPicker(lambda: self.wish)}
        return made.get(name)

    def tell(self) -> None:
        """Say on the page what can be done."""
        route, free = self.route, not self.locked
        stop, last = self.stop, len(route.stops) - 2 if route is not None else 0
        possible = {"up": stop > 1, "down": 0 < stop < last, "close": stop > 0, "reverse": route is not None and bool(route.calls)}
        for name, button in self.buttons.items():
            button.setEnabled(possible[name] and free)
        self._warm()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        for name, words, _does in BUTTONS:
            self.buttons[name].setIcon(icon(name, theme().text, 18))
            self.buttons[name].setToolTip(_(words))
            self.buttons[name].setAccessibleName(_(words))
        self.tell()

    # what is done; a stop counts from 0, the depot, as the page lists them

    def earlier(self, stop: int | None = None) -> None:
        """Do a stop of the chosen route before the one ahead of it."""
        self._move(self.stop if stop is None else stop, -1)

    def later(self, stop: int | None = None) -> None:
        """Do a stop of the chosen route after the one behind it."""
        self._move(self.stop if stop is None else stop, 1)

    def move_stop(self, stop: int, to: int) -> None:
        """Do a stop of the chosen route at another place in its order."""
        route = self.route
        if route is not None and stop != to:
            self._move(stop, to - stop)

    def remove(self, stop: int | None = None) -> None:
        """Take a stop out of the chosen route; where it is required the findings say that it is on no route."""
        from gridplanner.planning.route_hand import remove_call

        call = self._call(self.stop if stop is None else stop)
        if call >= 0:
            self._do(lambda project: remove_call(project, self.row, call))

    def turn(self, stop: int | None = None) -> None:
        """Drive the street of a stop the other way; with no stop marked turn the whole route round."""
        from gridplanner.planning.route_hand import turn_call

        stop = self.stop if stop is None else stop
        if stop < 0:
            self.reverse()
            return
        call = self._call(stop)
        if call >= 0:
            self._do(lambda project: turn_call(project, self.row, call))

    def reverse(self) -> None:
        """Turn the chosen route round."""
        from gridplanner.planning.route_hand import reverse_route

        if self.row >= 0:
            self._do(lambda project: reverse_route(project, self.row))

    def give(self, stop: int, to: int) -> None:
        """Give a stop of the chosen route to another route."""
        from gridplanner.planning.route_hand import give_call

        call = self._call(stop)
        if call >= 0:
            self._do(lambda project: give_call(project, self.row, call, to))

    def lock(self) -> None:
        """Lock the chosen route or unlock it; with none chosen the one below the pointer."""
        row = self.row if self.row >= 0 else self.row_at(self._desk.canvas.gestures.last)
        plan = self.plan
        if plan is None or row < 0:
            self._desk.window.status.say(_("Click a route to lock it, or point at one"))
            return
        self._desk.do(LockRoutes((row,), not plan.routes[row].locked))

    def recode(self) -> None:
        """Ask for another code of the chosen route."""
        route, plan, row = self.route, self.plan, self.row
        if route is None or plan is None:
            return
        taken = {other.code for other in plan.routes if other is not route and other.variant == route.variant}
        dialog = RouteCodeDialog(route.code, taken, self._desk.window)
        dialog.accepted.connect(lambda: self._desk.do(RecodeRoute(row, dialog.code, route.code)) if dialog.code != route.code else None)
        dialog.open()

    def solve_rest(self, zone: int | None = None) -> None:
        """Plan the routes again that are not locked, in the worker: those of a zone, or all of the variant that is shown."""
        desk, plan, project = self._desk, self.plan, self._desk.session.project
        if plan is None:
            return
        shown = desk.patrol.choice
        if shown.startswith(DAY):
            desk.window.status.say(_("Days show routes of several variants; choose a variant, then plan its rest again"))
            return
        variant = int(shown) if shown.isdecimal() else 1
        stale = desk.derived.states.get(STEP) is State.STALE

        def take(edit: Replace) -> str:
            refused = desk.do(Computed(edit, project))
            if refused:
                return refused
            return _("Planned again with the streets, sites and settings of today; locked routes stayed") if stale else ""

        words = _("Plan the rest again")
        desk.jobs.run(words, "gridplanner.planning.patrol_rest:propose_rest", project, zone, variant, then=take, can_finish=True)

    # what lies below the pointer

    def work(self) -> RouteWork | None:
        """Return the routes shown as tools see them."""
        plan = self.plan
        if plan is None or not len(plan.streets) or LAYER in self._desk.hidden:
            return None
        reach = Reach(self._desk.session.project, route=self.row, patrol_choice=self._desk.patrol.choice)
        return RouteWork(reach, plan)

    def pointer(self, place: QPointF) -> Pointer:
        """Return a pixel of the map as tools see it."""
        view = self._desk.canvas.view
        return Pointer(*view.point_to_world(place.x(), place.y()), -1, scale=view.scale)

    def row_at(self, place: QPointF) -> int:
        """Return the row of the route at a pixel of the map, -1 for none."""
        work = self.work()
        return work.route_at(self.pointer(place)) if work is not None else -1

    def open_menu_at(self, at: QPoint) -> bool:
        """Open the menu of what lies at a point of the screen; False where that is nothing of the patrol."""
        return self.is_on and self.menu.open_at(at)

    def mark_stop_of(self, call: int) -> None:
        """Mark the stop of a call on the page."""
        if self.route is not None:
            self._card.stops.light(stop_of_call(self.route, call))

    def do(self, make: Callable[[Project], Edit]) -> None:
        """Make an edit of the project and do it, or say why not."""
        self._do(make)

    def _take_click(self, grid: int | None) -> None:
        """Choose the route that was clicked; beside all of them, and with Escape, none."""
        if self.is_on and self._desk.tool in ("", ROUTE):
            self.choose(self.row_at(self._desk.canvas.gestures.last) if grid is not None or self._desk.canvas.underMouse() else -1)

    def _take_stop(self) -> None:
        self.tell()
        self._desk.tell_moment()

    def _call(self, stop: int) -> int:
        return call_of_stop(self.route, stop) if self.route is not None else -1

    def _move(self, stop: int, steps: int) -> None:
        from gridplanner.planning.route_hand import move_call

        call, to, row = self._call(stop), self._call(stop + steps), self.row
        if call < 0:
            return
        if to < 0:
            self._desk.window.status.say(_("It is the first or the last stop already"))
        elif not self._do(lambda project: move_call(project, row, call, to)):
            self._card.stops.light(stop + steps)

    def _do(self, make: Callable[[Project], Edit]) -> str:
        try:
            edit = make(self._desk.session.project)
        except EditRejected as why:
            self._desk.window.status.say(str(why))
            return str(why)
        return self._desk.do(edit)

    def _warm(self) -> None:
        """Have in mind what the first edit would have to wait for: the road graph of the plan and the ways of the chosen route."""
        plan, row = self.plan, self.row
        if plan is None or row < 0 or not len(plan.streets) or self._warmed == (plan.streets, plan.routes[row].zone):
            return
        self._warmed = plan.streets, plan.routes[row].zone
        if self._ready is None:
            self._ready = Latest(_ready, "routes", self)
        self._ready.ask((self._desk.session.project, row))


def _ready(request: object, _is_obsolete: Callable[[], bool]) -> Iterator[object]:
    from gridplanner.planning.route_hand import ready_to_edit

    assert isinstance(request, tuple)
    ready_to_edit(*request)
    yield np.True_
