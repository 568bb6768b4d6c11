"""The menus of the railway: of a guard segment, of a break and of a place on the line, by the right button on the map or the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from gridplanner.i18n import _
from ui.map.tools.rail_work import GRIP
from ui.panels.rail_card import squads_beside
from ui.rail_figures import readings

if TYPE_CHECKING:
    from gridplanner.model.rail_near import RailSpot
    from ui.desk import Desk
    from ui.map.tools.rail_work import RailWork
    from ui.rail_hand import RailHand


class RailMenu(QObject):
    """Fills menus with what the hand of a desk can do; each entry is one step of the undo list."""

    def __init__(self, desk: Desk, hand: RailHand) -> None:
        super().__init__(desk)
        self._desk, self._hand = desk, hand

    def attach(self) -> None:
        """Listen to the table of the page."""
        table = self._desk.side.rail.table
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(lambda at: self._open_row(at))

    def open_at(self, at: QPoint) -> bool:
        """Open the menu of what lies on the map at a point of the screen; False where that is nothing."""
        menu = self.menu_at(QPointF(self._desk.canvas.mapFromGlobal(at)))
        if menu is None:
            return False
        self._popup(menu, at)
        return True

    def menu_at(self, place: QPointF) -> QMenu | None:
        """Return the menu of what lies at a pixel of the map, None where that is nothing."""
        work, pointer = self._hand.work(), self._hand.pointer(place)
        spot = work.spot(pointer) if work is not None else None
        if work is None or spot is None:
            return None
        menu = self._menu()
        ends = work.break_at(spot, GRIP / pointer.scale)
        segment = work.segment_at(spot)
        if ends >= 0:
            here, behind = work.plan.segments[ends], work.removed(ends)
            words = _("Take away the break between {code} and the next").format(code=here.code)
            self._add(menu, words, lambda: self._hand.remove_break(ends), behind[1] is not None)
        elif segment >= 0:
            self._add(menu, _("Add a break here"), lambda: self._hand.add_break(spot), work.added(spot, 1 / pointer.scale)[1] is not None)
        if segment >= 0:
            menu.addSeparator()
            self._fill_segment(menu, work, segment)
        menu.addSeparator()
        self._fill_place(menu, work, spot)
        return menu

    def _fill_segment(self, menu: QMenu, work: RailWork, row: int) -> None:
        hand, segment = self._hand, work.plan.segments[row]
        if row != hand.row:
            self._add(menu, _("Choose segment {code}").format(code=segment.code), lambda: hand.choose(row, closer=False))
        text = _("Unlock segment {code}") if segment.locked else _("Lock segment {code}")
        self._add(menu, text.format(code=segment.code), lambda: hand.lock(row))
        squads = menu.addMenu(_("Give it to squad"))
        for squad in squads_beside(work.plan, row):
            self._add(squads, _("Squad {n}").format(n=squad), lambda squad=squad: hand.give(row, squad))  # type: ignore[misc]
        squads.setEnabled(not segment.locked)
        self._add(menu, _("Rename segment {code}…").format(code=segment.code), lambda: hand.recode(row))
        self._add(menu, _("Divide the rest again"), hand.solve_rest, not self._desk.jobs.is_busy)

    def _fill_place(self, menu: QMenu, work: RailWork, spot: RailSpot) -> None:
        for text in readings(work.plan.lines[spot.line], spot.along):
            self._add(menu, _("Copy {text}").format(text=text), lambda text=text: QGuiApplication.clipboard().setText(text))  # type: ignore[misc]

    def _open_row(self, at: QPoint) -> None:
        table, work = self._desk.side.rail.table, self._hand.work()
        line = table.rowAt(at.y())
        found = table.rows.row_at(line)
        if work is None or found is None or found >= len(table.shown):
            return
        menu = self._menu()
        self._fill_segment(menu, work, table.shown[found])
        self._popup(menu, table.viewport().mapToGlobal(at))

    def _menu(self) -> QMenu:
        menu = QMenu(self._desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _popup(self, menu: QMenu, at: QPoint) -> None:
        self._desk.card.hide()
        menu.popup(at)

    def _add(self, menu: QMenu, words: str, does: Callable[[], object], possible: bool = True) -> None:
        action = menu.addAction(words)
        action.setEnabled(possible)
        action.triggered.connect(lambda _checked=False: does())
