"""The map: a widget that shows the latest picture, moves it at once, and asks for a sharper one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gridplanner.model.lines import Floats
from gridplanner.model.lookup import unit_at
from gridplanner.model.units import Units
from ui.latest import Latest
from ui.map.bounds import bounds_of
from ui.map.decorations import Decorations, paint_mark, paint_trace
from ui.map.gestures import Gestures
from ui.map.painter import Painter
from ui.map.picture import Picture
from ui.map.preview import paint_preview
from ui.map.regions import Region, step_of
from ui.map.scene import Frame, Patch, Request, Showing
from ui.map.tools.tool import Tool
from ui.map.view import View

AHEAD = 0.15  # share of the window painted beyond each side
AROUND = 250.0  # metres shown on each side of a place


class Canvas(QWidget):
    """Shows a project; drags become edits by way of the tool in use."""

    pointed = Signal(object)  # the pointer's place in metres, or None
    hovered = Signal(int, QPoint)  # the grid under the resting pointer (-1: none), and where
    view_changed = Signal(object)
    grid_clicked = Signal(object)  # a grid's id, or None
    grid_added = Signal(int)  # the same with Ctrl held: selected beside the others, or no longer
    grids_taken = Signal(object)  # the grids that a rectangle or lasso leaves selected, as a tuple
    grid_opened = Signal(int)  # a grid that was double-clicked
    hinted = Signal()  # what the tool expects next is another
    menu_asked = Signal(object, QPoint)  # for the grid under the pointer, or None; where on the screen
    edit_made = Signal(object)
    painted = Signal(object)  # a Frame
    failed = Signal(str)

    def __init__(self, showing: Showing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.showing = showing
        self.view = View()
        self.gestures = Gestures(self)
        self._picture = Picture()
        self._whole = False
        self._decorations = Decorations()
        self._mark: tuple[float, float] | None = None
        self._traced: tuple[Floats, ...] = ()
        self._fitted = True  # the view is to show everything, whatever the window's size, until the planner moves it
        self._located: Units | None = None
        self._painter = Painter()
        self._latest = Latest(self._painter.frames, "map-painter", self)
        self._latest.answered.connect(self._take)
        self._latest.failed.connect(self.failed)
        self._sharpen = _timer(self, 25, self._ask_for_view)
        self._rest = _timer(self, 60, self._tell_hover)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)

    def show_project(self, showing: Showing) -> None:
        """Show another project, selection or look; the old picture stays until the new one is there."""
        self.showing = showing
        self.gestures.follow(showing.project)
        if self._fitted:
            self.fit()
        self._ask(urgent=True)

    def fit(self) -> None:
        """Show everything there is, and what comes next too, until the view is moved."""
        bounds = bounds_of(self.showing.project)
        if bounds is not None:
            self.look(self.view.resized(self.width(), self.height()).fitted(bounds))
        self._fitted = True

    def zoom_to(self, bounds: tuple[float, float, float, float]) -> None:
        """Show some bounds, left, bottom, right and top in metres."""
        self.look(self.view.fitted(bounds, margin=0.25, closest=2.0))

    def point_at(self, x: float, y: float) -> None:
        """Show a place with what is around it, and mark it."""
        self.zoom_to((x - AROUND, y - AROUND, x + AROUND, y + AROUND))
        self.mark((x, y))

    def look(self, view: View) -> None:
        """Show another part of the map."""
        if view != self.view:
            self._fitted = False
            self.view = view
            self.view_changed.emit(view)
            self.update()
            if not self._sharpen.isActive():
                self._sharpen.start()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom about a pixel, or about the middle."""
        point = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        self.look(self.view.zoomed(factor, point.x(), point.y()))

    def mark(self, place: tuple[float, float] | None) -> None:
        """Draw a ring around a place in metres, or around none; lines that were traced are no longer."""
        if place != self._mark or self._traced:
            self._mark, self._traced = place, ()
            self.update()

    def point_along(self, lines: tuple[Floats, ...]) -> None:
        """Show lines, (n, 2) each in metres, with what is around them, and mark them until something else is marked."""
        xy = np.concatenate(lines)
        self.zoom_to((*xy.min(axis=0).tolist(), *xy.max(axis=0).tolist()))
        self._mark, self._traced = None, lines
        self.update()

    def close_threads(self) -> None:
        """End the painting thread."""
        self._latest.close()

    # pictures

    @property
    def frame(self) -> Frame | None:
        """The picture shown, None before the first is there."""
        return self._picture.frame

    @property
    def is_unfinished(self) -> bool:
        """True while what was shown last is not all painted yet."""
        frame = self.frame
        return frame is None or frame.showing is not self.showing or not self._whole

    @property
    def is_moving(self) -> bool:
        """True while the picture is still that of another view."""
        frame = self.frame
        return frame is None or frame.view.scale != self.view.scale or self._sharpen.isActive()

    def _ask_for_view(self) -> None:
        frame = self.frame
        moved_far = frame is None or not 0.5 < self.view.scale / frame.view.scale < 2.0
        self._ask(urgent=moved_far)

    def _ask(self, *, urgent: bool) -> None:
        if self.isVisible() and self.width() > 1:
            ratio = self.devicePixelRatioF()
            step = max(step_of(ratio), 1)
            view, left, top = self.view.widened(AHEAD, step)
            width, height = (-(-size // step) * step for size in (self.view.width, self.view.height))
            self._latest.ask(Request(self.showing, view, ratio, Region(left, top, width, height)), urgent=urgent)

    def _take(self, news: Frame | Patch) -> None:
        self._located = news.showing.project.units
        self._whole = isinstance(news, Patch) and news.whole
        if isinstance(news, Frame):
            self._picture.take(news)
            self.update()
        else:
            region = self._picture.mend(news)
            if region is not None:
                self.update(self._picture.on_widget(region, self.view, self.devicePixelRatioF()))
        self.painted.emit(self.frame)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._picture.draw(painter, self.view, self.devicePixelRatioF(), QColor(self.showing.theme.map))
        paint_preview(painter, self.gestures, self.showing, self.view)
        if self._mark is not None:
            paint_mark(painter, self.view.point_to_screen(*self._mark), self.showing.theme)
        if self._traced:
            paint_trace(painter, self.view, self._traced, self.showing.theme)
        self._decorations.paint(painter, self.view, self.showing.theme)
        if self.hasFocus() and self.window().property("keyboard"):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.showing.theme.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    # gestures

    def use_tool(self, tool: Tool | None) -> None:
        """Let a tool have the left button; None is selecting and dragging the map."""
        self.gestures.use_tool(tool)

    def abandon(self) -> None:
        """Forget the drag in hand."""
        self.gestures.abandon()

    def unit_at(self, x: float, y: float) -> int:
        """Return the unit at a place in metres, -1 where there is none or where they cannot be looked up yet."""
        units = self.showing.project.units
        if units is None or units is not self._located:  # the first question to new units takes a while, the painter asks it
            return -1
        return unit_at(units, x, y)

    def grid_at(self, place: QPointF) -> int | None:
        """Return the grid at a pixel."""
        plan = self.showing.project.grids
        unit = self.unit_at(*self.view.point_to_world(place.x(), place.y()))
        label = int(plan.labels[unit]) if plan is not None and unit >= 0 else -1
        return label if label >= 0 else None

    def rest(self) -> None:
        """Tell the grid below the pointer once it rests."""
        self._rest.start()

    def stop_resting(self) -> None:
        """Tell of no grid until the pointer rests again."""
        self._rest.stop()
        self.hovered.emit(-1, QPoint())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.gestures.wheel(event)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self.view.point_to_world(event.position().x(), event.position().y()))
        self.gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.gestures.press(event)
        self.gestures.double_click(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.gestures.picks and not self.gestures.is_dragging:
            by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
            grid = self.showing.selected if by_key else self.grid_at(QPointF(event.pos()))
            self.menu_asked.emit(grid, event.globalPos())
        event.accept()

    def leaveEvent(self, _event: QEvent) -> None:
        self._rest.stop()
        self.pointed.emit(None)
        self.hovered.emit(-1, QPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.gestures.key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self.gestures.key_up(event)
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._fitted:
            self.fit()
        else:
            self.look(self.view.resized(event.size().width(), event.size().height()))

    def _tell_hover(self) -> None:
        grid = self.grid_at(self.gestures.last)
        self.hovered.emit(-1 if grid is None else grid, self.gestures.last.toPoint())


def _timer(parent: QWidget, milliseconds: int, then: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(then)
    return timer
