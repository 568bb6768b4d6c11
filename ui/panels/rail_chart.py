"""The profile chart: work by kind along the line, with the breaks of the segments as handles that are dragged."""

from __future__ import annotations

import dataclasses

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gridplanner.edits.edit import Edit
from gridplanner.edits.rail_edits import MoveBreak
from gridplanner.i18n import _
from gridplanner.model.places import NO_STATIONS, Stations
from gridplanner.model.project import Project
from gridplanner.model.rail_near import RailSpot, place_at
from gridplanner.model.rail_work import next_row, row_at
from ui.map.rail_strokes import plan_shown
from ui.map.tally_card import TallyCard
from ui.map.tools.rail_work import RailWork
from ui.map.tools.tool import NOTHING, Preview
from ui.panels.rail_drawing import HIGH, LEFT, RIGHT, Profile, break_places
from ui.panels.rail_profile import ProfileAxis, Reach, axis_of
from ui.styles import theme

GRIP, CLICK, WHEEL = 6.0, 4.0, 1.25  # pixels that mean a break, that are still a click; how much closer one notch goes
CLOSER = {Qt.Key.Key_Plus: 1.5, Qt.Key.Key_Equal: 1.5, Qt.Key.Key_Minus: 1 / 1.5}


class RailChart(QWidget):
    """The wheel zooms, a drag beside the breaks moves what is shown, a click chooses a segment; the arrow keys go to the next one.

    `segment_chosen` carries the row of a segment, `edit_made` an edit, `pointed` the place on a line below the pointer, or None, and `led`
    what a break in hand would come to, for the map.
    """

    segment_chosen = Signal(int)
    edit_made = Signal(object)
    pointed = Signal(object)
    led = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HIGH)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.work: RailWork | None = None
        self._axis: ProfileAxis | None = None
        self._stations: Stations = NO_STATIONS
        self.reach = Reach(0.0, 1.0, LEFT, 1.0)
        self._over: float | None = None  # pixel of the pointer
        self._break, self._held = -1, False  # the break below the pointer, by the row before it; whether it is dragged
        self._pressed: QPointF | None = None
        self._pans = False
        self._shown: Preview = NOTHING
        self._edit: Edit | None = None
        self._card: TallyCard | None = None
        self._elsewhere = -1, 0.0  # the break that the map's hand leads, by the row before it, and where along its line
        self.retranslate()

    def show_plan(self, project: Project, choice: str, row: int) -> None:
        """Show the plan of a name (day, night …) of a project, with a segment lit; what part of the line is shown stays."""
        plan = project.rail
        if plan is None or not plan.segments:
            self.work = self._axis = None
            self.update()
            return
        before = self.work
        if before is None or before.project is not project or before.name != plan_shown(plan, choice):
            self.work = RailWork(project, plan, choice, row)
            self._stations = project.stations
            axis = axis_of(plan, self.work.name)
            if self._axis is None or axis.whole != self._axis.whole:
                self.reach = self._fitted(Reach(0.0, axis.whole, LEFT, 1.0))
            self._axis = axis
            self._let_go()
        assert self.work is not None
        self.work.row = row if row in self.work.shown else -1
        self._tell_segment()
        self.update()

    def retranslate(self) -> None:
        """Take up the language and the look in use."""
        self.setAccessibleName(_("Work along the line"))
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HIGH)

    # the hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._axis is not None:
            notches = event.angleDelta().y() / 120.0
            sideways = event.angleDelta().x() / 120.0
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or (sideways and not notches):
                self.reach = self.reach.panned(60.0 * (notches or sideways), self._axis.whole)
            else:
                self.reach = self.reach.zoomed(WHEEL**notches, event.position().x(), self._axis.whole)
            self._hover(event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.work is not None:
            self._pressed = event.position()
            self._break = self._break_at(event.position())
            self._held = self._break >= 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None or self._axis is None:
            self._hover(at)
        elif self._held:
            self._lead(at, free=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
        elif self._pans or abs(at.x() - self._pressed.x()) > CLICK:
            self._pans = True
            self.reach = self.reach.panned(at.x() - self._pressed.x(), self._axis.whole)
            self._pressed = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        edit, clicked = self._edit, not self._held and not self._pans
        self._let_go()
        if edit is not None:
            self.edit_made.emit(edit)
        elif clicked and (row := self._segment_at(event.position())) >= 0:
            self.segment_chosen.emit(row)
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all of the line."""
        if self._axis is not None and self._break_at(event.position()) < 0:
            self.reach = self._fitted(Reach(0.0, self._axis.whole, LEFT, 1.0))
            self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        self._over = None
        if not self._held:
            self._break = -1
        self.pointed.emit(None)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, work = event.key(), self.work
        if work is None or self._axis is None:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Escape and self._held:
            self._let_go()
            self.update()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            at = work.shown.index(work.row) + step if work.row in work.shown else 0
            self.segment_chosen.emit(work.shown[min(max(at, 0), len(work.shown) - 1)])
        elif key in CLOSER:
            self.reach = self.reach.zoomed(CLOSER[Qt.Key(key)], self.width() / 2, self._axis.whole)
            self.update()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        self.reach = self._fitted(self.reach)

    def show_led(self, row: int, along: float) -> None:
        """Show where the break behind a segment is while a hand on the map leads it; row -1: it was let go."""
        self._elsewhere = row, along
        if self.work is not None and self._axis is not None and row >= 0:
            place = self._axis.on_axis(self.work.plan.segments[row].line, along)
            if not self.reach.start <= place <= self.reach.stop:
                wide = self.reach.stop - self.reach.start
                self.reach = self.reach.moved_to(place - wide / 2, wide, self._axis.whole)
        self.update()

    def show_all(self, row: int) -> None:
        """Let a segment be in sight."""
        if self.work is None or self._axis is None or not 0 <= row < len(self.work.plan.segments):
            return
        segment = self.work.plan.segments[row]
        low, high = self._axis.on_axis(segment.line, segment.low), self._axis.on_axis(segment.line, segment.high)
        if low < self.reach.start or high > self.reach.stop:
            wide = max(self.reach.stop - self.reach.start, 1.5 * (high - low))
            self.reach = self.reach.moved_to((low + high - wide) / 2, min(wide, self._axis.whole), self._axis.whole)
        self.update()

    def _fitted(self, reach: Reach) -> Reach:
        return dataclasses.replace(reach, left=LEFT, wide=max(self.width() - LEFT - RIGHT, 1.0))

    def _lead(self, at: QPointF, *, free: bool) -> None:
        """Show what the break in hand would come to where the pointer is."""
        assert self.work is not None
        assert self._axis is not None
        segment = self.work.plan.segments[self._break]
        along = self.reach.place(at.x()) - float(self._axis.starts[segment.line])
        self._over = at.x()
        if self._pressed is not None and abs(at.x() - self._pressed.x()) <= 1 and self._edit is None:
            return
        self._shown, self._edit = self.work.moved(self._break, along, 1 / self.reach.scale, free=free)
        if self._card is None:
            self._card = TallyCard(self.window())
        corner = self.mapTo(self.window(), self.rect().topLeft())
        self._card.show_preview(self._shown, QPointF(corner) + at, QRectF(QRect(corner, self.size())))  # beside the chart, not over it
        self._card.raise_()
        left, right = self.work.plan.segments[self._break], self.work.plan.segments[next_row(self.work.plan, self._break)]
        self.pointed.emit(None)
        self.led.emit(dataclasses.replace(self._shown, lines=(*self._shown.lines, left.coords, right.coords)))
        self.update()

    def _let_go(self) -> None:
        if self._held:
            self.led.emit(NOTHING)
        self._pressed, self._held, self._pans, self._break = None, False, False, -1
        self._shown, self._edit = NOTHING, None
        if self._card is not None:
            self._card.show_preview(NOTHING, QPointF())
        self.unsetCursor()

    def _hover(self, at: QPointF) -> None:
        self._over, self._break = at.x(), self._break_at(at)
        self.setCursor(Qt.CursorShape.SplitHCursor if self._break >= 0 else Qt.CursorShape.ArrowCursor)
        self.pointed.emit(self._spot(at))
        self.update()

    def _spot(self, at: QPointF) -> RailSpot | None:
        if self.work is None or self._axis is None:
            return None
        line, along = self._axis.on_line(self.reach.place(at.x()))
        return RailSpot(line, along, *place_at(self.work.plan.lines[line], along))

    def _segment_at(self, at: QPointF) -> int:
        spot = self._spot(at)
        return row_at(self.work.plan, self.work.name, spot.line, spot.along) if spot is not None and self.work is not None else -1

    def _break_at(self, at: QPointF) -> int:
        """Return the row of the segment before the break that the pointer means, -1 for none."""
        if self.work is None or self._axis is None or not self.work.breaks:
            return -1
        away = np.abs(break_places(self.work, self._axis) - self.reach.place(at.x())) * self.reach.scale
        best = int(away.argmin())
        return self.work.breaks[best] if away[best] <= GRIP else -1

    def _tell_segment(self) -> None:
        work = self.work
        words = work.plan.segments[work.row].code if work is not None and work.row >= 0 else ""
        self.setAccessibleDescription(_("Segment {code} is chosen").format(code=words) if words else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.work is None or self._axis is None:
            return
        painter = QPainter(self)
        at, lit = None, self._break
        if isinstance(self._edit, MoveBreak):
            at = self._axis.on_axis(self.work.plan.segments[lit].line, self._edit.along)
        elif 0 <= self._elsewhere[0] < len(self.work.plan.segments):
            lit = self._elsewhere[0]
            at = self._axis.on_axis(self.work.plan.segments[lit].line, self._elsewhere[1])
        Profile(self.work, self._axis, self.reach, self._stations, self.size(), theme()).paint(painter, self._over, lit, at)
        painter.end()
