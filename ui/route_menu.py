"""The menus of patrol routes: of a route, of a stop on it, of a street and of a key site, by the right button on the map or the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from gridplanner.edits.patrol_edits import PickStreet, UnpickStreet, pick_near
from gridplanner.i18n import _, ngettext
from gridplanner.model.patrol_near import call_of_stop, calls_on
from ui.map.tools.route_pick import street_below, street_state
from ui.map.tools.route_work import SIGN, RouteWork
from ui.map.tools.tool import Pointer

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.route_hand import RouteHand

OFTEN = (1, 2, 3, 4, 6)  # times a shift that are offered


class RouteMenu(QObject):
    """Fills menus with what the hand of a desk can do; each entry is one step of the undo list."""

    def __init__(self, desk: Desk, hand: RouteHand) -> None:
        super().__init__(desk)
        self._desk, self._hand = desk, hand

    def attach(self) -> None:
        """Listen to the tables of the page."""
        card, table = self._desk.patrol.page.card, self._desk.patrol.page.table
        for view, opens in ((card.stops, self._open_stop), (table, self._open_route)):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(lambda at, of=view, does=opens: does(of.viewport().mapToGlobal(at)))

    def open_at(self, at: QPoint) -> bool:
        """Open the menu of what lies on the map at a point of the screen; False where that is nothing."""
        menu = self.menu_at(QPointF(self._desk.canvas.mapFromGlobal(at)))
        if menu is None:
            return False
        self._popup(menu, at)
        return True

    def menu_at(self, place: QPointF) -> QMenu | None:
        """Return the menu of what lies at a pixel of the map, None where that is nothing."""
        work, pointer, menu = self._hand.work(), self._hand.pointer(place), self._menu()
        if work is not None:
            stop = stop_at(work, pointer)
            if stop >= 0:
                self._fill_stop(menu, stop)
                menu.addSeparator()
            site = work.site_at(pointer)
            if site >= 0 and work.row >= 0 and stop < 0:
                self._fill_site(menu, work, site)
                menu.addSeparator()
            row = work.route_at(pointer)
            if row >= 0 and row != work.row:
                code = work.plan.routes[row].code
                self._add(menu, _("Choose route {route}").format(route=code), lambda: self._hand.choose(row))
            edge = work.street_at(pointer)
            if edge >= 0 and work.row >= 0:
                self._fill_street(menu, work, edge)
            if work.row >= 0 and not menu.isEmpty():
                menu.addSeparator()
                self._fill_route(menu)
        self._fill_pick(menu, pointer)
        return None if menu.isEmpty() else menu

    def _fill_stop(self, menu: QMenu, stop: int) -> None:
        hand, route, plan = self._hand, self._hand.route, self._hand.plan
        if route is None or plan is None:
            return
        row, free = hand.row, not route.locked
        call = route.calls[call_of_stop(route, stop)]
        last = len(route.stops) - 2
        self._add(menu, _("Do it earlier"), lambda: hand.earlier(stop), free and stop > 1)
        self._add(menu, _("Do it later"), lambda: hand.later(stop), free and stop < last)
        if call.kind == "street":
            self._add(menu, _("Drive it the other way"), lambda: hand.turn(stop), free)
        if call.kind in ("street", "site"):
            others = menu.addMenu(_("Give it to route"))
            for other, to in enumerate(plan.routes):
                if other != row and to.variant == route.variant:
                    self._add(others, to.code, lambda other=other: hand.give(stop, other), free and not to.locked)  # type: ignore[misc]
            others.setEnabled(free and not others.isEmpty())
        self._add(menu, _("Take it out of the route"), lambda: hand.remove(stop), free)

    def _fill_site(self, menu: QMenu, work: RouteWork, site: int) -> None:
        route, name = work.route, str(work.project.key_sites.names[site])
        assert route is not None
        words = _("Give {name} to route {route}").format(name=name, route=route.code)
        self._add(menu, words, lambda: self._site(work.row, site), not route.locked)

    def _fill_street(self, menu: QMenu, work: RouteWork, edge: int) -> None:
        route = work.route
        assert route is not None
        name = str(work.plan.streets.names[edge]) or _("a street without a name")
        calls = calls_on(route, edge)
        vias = [call for call in calls if route.calls[call].kind == "via"]
        if len(calls) > len(vias):
            self._add(
                menu, _("Take {name} from route {route}").format(name=name, route=route.code), lambda: self._street(work, edge, gives=False)
            )
        else:
            self._add(
                menu, _("Give {name} to route {route}").format(name=name, route=route.code), lambda: self._street(work, edge, gives=True)
            )
        for call in vias:
            words = _("Let route {route} go its own way").format(route=route.code)
            self._add(menu, words, lambda call=call: self._own_way(work.row, call))  # type: ignore[misc]

    def _fill_route(self, menu: QMenu) -> None:
        hand, route = self._hand, self._hand.route
        if route is None:
            return
        self._add(menu, _("Turn route {route} round").format(route=route.code), hand.reverse, not route.locked)
        text = _("Unlock route {route}") if route.locked else _("Lock route {route}")
        self._add(menu, text.format(route=route.code), hand.lock)
        self._add(menu, _("Rename route {route}…").format(route=route.code), hand.recode)
        zone = route.zone
        self._add(menu, _("Plan the rest of its zone again"), lambda: hand.solve_rest(zone), not self._desk.jobs.is_busy)

    def _fill_pick(self, menu: QMenu, pointer: Pointer) -> None:
        """Offer how often the street below the pointer is to be patrolled, whatever its class."""
        project = self._desk.session.project
        row, place = street_below(project, pointer)
        if row < 0:
            return
        at = pick_near(project, *place)
        now = project.picks[at] if at >= 0 else None
        if not menu.isEmpty():
            menu.addSeparator()
        often = menu.addMenu(street_state(project, row))
        for times in OFTEN:
            words = ngettext("Must be patrolled {n} time a shift", "Must be patrolled {n} times a shift", times).format(n=times)
            self._check(often, words, now is not None and now.times == times, lambda times=times: self._pick(place, times))  # type: ignore[misc]
        self._check(often, _("Need not be patrolled"), now is not None and not now.times, lambda: self._pick(place, 0))
        often.addSeparator()
        both = now.both if now is not None else self._hand.wish.both
        self._check(often, _("On both sides"), both, lambda: self._pick(place, now.times if now is not None else 1, both=not both))
        self._add(often, _("As its class says"), lambda: self._unpick(place), now is not None)

    def _site(self, row: int, site: int) -> None:
        from gridplanner.planning.route_hand import add_site

        self._hand.do(lambda project: add_site(project, row, site))

    def _street(self, work: RouteWork, edge: int, *, gives: bool) -> None:
        from gridplanner.planning.route_hand import add_street, remove_street

        make = add_street if gives else remove_street
        self._hand.do(lambda project: make(project, work.row, edge))

    def _own_way(self, row: int, call: int) -> None:
        from gridplanner.planning.route_hand import remove_call

        self._hand.do(lambda project: remove_call(project, row, call))

    def _pick(self, place: tuple[float, float], times: int, *, both: bool | None = None) -> None:
        wish = self._hand.wish
        sides = wish.both if both is None else both
        if times:
            self._hand.wish = dataclasses.replace(wish, times=times, both=sides)
        self._hand.do(lambda _project: PickStreet(*place, times, sides and times > 0))

    def _unpick(self, place: tuple[float, float]) -> None:
        self._hand.do(lambda _project: UnpickStreet(*place))

    def _open_stop(self, at: QPoint) -> None:
        menu = self._menu()
        if self._hand.stop > 0:
            self._fill_stop(menu, self._hand.stop)
            menu.addSeparator()
        self._fill_route(menu)
        self._popup(menu, at)

    def _open_route(self, at: QPoint) -> None:
        menu = self._menu()
        self._fill_route(menu)
        self._popup(menu, at)

    def _menu(self) -> QMenu:
        menu = QMenu(self._desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _popup(self, menu: QMenu, at: QPoint) -> None:
        if not menu.isEmpty():
            self._desk.card.hide()
            menu.popup(at)

    def _add(self, menu: QMenu, words: str, does: Callable[[], object], possible: bool = True) -> None:
        action = menu.addAction(words)
        action.setEnabled(possible)
        action.triggered.connect(lambda _checked=False: does())

    def _check(self, menu: QMenu, words: str, on: bool, does: Callable[[], object]) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: does())


def stop_at(work: RouteWork, pointer: Pointer) -> int:
    """Return the stop of the chosen route below the pointer, -1 for none and for the depot: its sign, or the street that it patrols."""
    route = work.route
    if route is None:
        return -1
    away = np.array([np.hypot(stop.x - pointer.x, stop.y - pointer.y) for stop in route.stops[1:-1]])
    if len(away) and away.min() * pointer.scale <= SIGN:
        return 1 + int(away.argmin())
    served = route.call_of_arc[work.arcs_at(pointer, work.row)]
    streets = [int(call) for call in served if call >= 0 and route.calls[call].kind == "street"]
    return next((stop for stop in range(len(route.stops)) if streets and call_of_stop(route, stop) == streets[0]), -1)
