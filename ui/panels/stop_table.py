"""The stops of a patrol route in the order of driving, with clock times; one is dragged to another place in the order."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from gridplanner.i18n import N_
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from ui.panels.route_cells import SignCells
from ui.panels.sorted_table import SortedTable, TableColumn
from ui.patrol_figures import clock, stop_name, waits_of
from ui.styles import theme

WAITS = 3  # the column that is there only where a crew waits
EDGE, SCROLLS = 14, 60  # pixels from the rim from which a dragged stop makes the others scroll, and milliseconds a line


def stay_words(minutes: float) -> str:
    """Return how long a stop takes, nothing for what is no stop.

    >>> stay_words(10.0), stay_words(0.4), stay_words(float("nan"))
    ('10', '<1', '')
    """
    return "" if np.isnan(minutes) else "<1" if 0 < minutes < 0.5 else f"{minutes:.0f}"


STOPS = (
    TableColumn(N_("No."), N_("In the order of driving"), 34, True),
    TableColumn(N_("Stop")),
    TableColumn(N_("Arrives"), N_("When the crew begins there"), 56),
    TableColumn(
        N_("Wait"), N_("Minutes that the crew waits before it begins: not open yet, or visited a short while ago"), 46, True, stay_words
    ),
    TableColumn(N_("Stays"), N_("Minutes at the stop, or along the street"), 48, True, stay_words),
)


class StopTable(SortedTable):
    """The stops of one route in the order of driving, which no click on a heading changes but a drag does.

    `moved` says that a stop was dragged to the place of another; Escape lets it be. A `fixed` order is not dragged.
    """

    moved = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(STOPS, parent)
        self.stops: tuple[Stop, ...] = ()
        self.fixed = False
        self._pressed: QPoint | None = None
        self._taken, self._gap = -1, -1  # the stop that is dragged, and the stop ahead of which it would come
        self._scroll = QTimer(self)
        self._scroll.setInterval(SCROLLS)
        self._scroll.timeout.connect(self._scroll_on)
        self._ink = QColor()
        self._signs = SignCells(lambda line: self.stops[line].kind if line < len(self.stops) else "street", lambda: self._ink, self)
        self.setItemDelegateForColumn(1, self._signs)
        self.horizontalHeader().setSectionsClickable(False)
        self.verticalHeader().setDefaultSectionSize(24)

    def show_route(self, plan: PatrolPlan, route: Route, colour: QColor) -> None:
        """Show the stops of a route whose colour on the map is given."""
        self._ink = colour
        if route.stops is not self.stops or route.locked:
            self._let_go()
        self.stops, self.fixed = route.stops, route.locked
        waits = np.array(waits_of(plan, route))
        self.setColumnHidden(WAITS, not waits.any())
        numbers = np.cumsum([stop.kind != "depot" for stop in route.stops])
        self.rows.show(
            (
                [str(number) if stop.kind != "depot" else "" for stop, number in zip(route.stops, numbers.tolist(), strict=True)],
                [stop_name(stop) for stop in route.stops], [clock(stop.arrive) for stop in route.stops],
                np.where(waits > 0, waits, np.nan),
                np.array([np.nan if stop.kind == "depot" else stop.dwell for stop in route.stops]),
            )
        )  # fmt: skip

    def chosen_stop(self) -> int:
        """Return which stop is marked, -1 for none."""
        lines = self.selectionModel().selectedRows()
        return lines[0].row() if lines else -1

    def light(self, row: int) -> None:
        """Mark a stop; -1 marks none."""
        flags = QItemSelectionModel.SelectionFlag
        if 0 <= row < len(self.stops):
            self.selectionModel().setCurrentIndex(self.rows.index(row, 0), flags.ClearAndSelect | flags.Rows)
        else:
            self.selectionModel().clearSelection()

    # a stop that is dragged: a line shows ahead of which one it would come

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        line = self.rowAt(event.position().toPoint().y())
        may = event.button() == Qt.MouseButton.LeftButton and not self.fixed and 0 < line < len(self.stops) - 1
        self._pressed = event.position().toPoint() if may else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return  # passing over other lines with the button held does not mark them
        at = event.position().toPoint()
        if self._taken < 0 and (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._taken = self.rowAt(self._pressed.y())
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._scroll.start()
        if self._taken >= 0:
            self._aim(at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        stop, gap = self._taken, self._gap
        self._let_go()
        if stop < 0:
            super().mouseReleaseEvent(event)
            return
        to = gap - (gap > stop)
        if gap >= 0 and to != stop:
            self.moved.emit(stop, to)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._taken >= 0:
            event.accept()  # Escape is ours while a stop is dragged, not the map's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._taken >= 0 and event.key() == Qt.Key.Key_Escape:
            self._let_go()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap < 0:
            return
        y = self.rowViewportPosition(self._gap)
        painter = QPainter(self.viewport())
        painter.setPen(QPen(QColor(theme().accent), 2))
        painter.drawLine(0, y, self.viewport().width(), y)
        painter.end()

    def _aim(self, y: int) -> None:
        """Take up ahead of which stop the dragged one would come, the depots at both ends staying there."""
        line = self.rowAt(min(max(y, 0), self.viewport().height() - 1))
        if line < 0:
            line = len(self.stops) - 1
        below = y > self.rowViewportPosition(line) + self.rowHeight(line) / 2
        self._gap = min(max(line + below, 1), len(self.stops) - 1)
        self.viewport().update()

    def _scroll_on(self) -> None:
        y, bar = self.viewport().mapFromGlobal(self.cursor().pos()).y(), self.verticalScrollBar()
        step = -1 if y < EDGE else 1 if y > self.viewport().height() - EDGE else 0
        if step and self._gap >= 0:
            bar.setValue(bar.value() + step * (1 if bar.singleStep() <= 1 else bar.singleStep()))
            self._aim(y)

    def _let_go(self) -> None:
        self._pressed, self._taken, self._gap = None, -1, -1
        self._scroll.stop()
        self.unsetCursor()
        self.viewport().update()
