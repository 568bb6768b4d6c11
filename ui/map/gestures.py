"""Gestures: what mouse and keys on the map mean: move and zoom it, select grids, or feed the tool in use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from gridplanner.model.project import Project
from ui.map.area_select import AreaSelect
from ui.map.tally_card import TallyCard
from ui.map.tools.tool import NOTHING, Drag, Hovering, Pointer, Preview, Reach, Starting, Tool

if TYPE_CHECKING:
    from ui.map.canvas import Canvas

WHEEL = 1.25  # zoom factor of one notch
STEP = 8.0  # pixels between two places of a fast brush stroke
CLICK = 4  # pixels within which a press and release is a click
BRUSHES = (0.0, 8.0, 16.0, 28.0, 44.0, 64.0, 90.0)  # radii of the brush in pixels; 0 is the unit below the pointer alone
ARROWS = {Qt.Key.Key_Left: (80, 0), Qt.Key.Key_Right: (-80, 0), Qt.Key.Key_Up: (0, 80), Qt.Key.Key_Down: (0, -80)}


class Gestures:
    """The hand on one canvas: the tool in use, the drag in hand and what it shows.

    Without a tool a drag moves the map, with Shift it draws a rectangle and with Alt a lasso that select grids; Ctrl adds.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.tool: Tool | None = None
        self.preview: Preview = NOTHING
        self.brush = 0.0
        self.source = "any"
        self.card = TallyCard(canvas)
        self._project: Project | None = None  # that the preview was made for
        self._drag: Drag | None = None
        self._area: AreaSelect | None = None
        self._pressed: QPointF | None = None
        self._held = False
        self._making = False
        self._panning = False
        self._space = False
        self.last = QPointF()

    @property
    def is_dragging(self) -> bool:
        """True while a tool is at work."""
        return self._drag is not None

    @property
    def is_clicking(self) -> bool:
        """True while a button is held or has just been let go: what is told now comes from the mouse, not from a key."""
        return self._pressed is not None

    @property
    def has_brush(self) -> bool:
        """True where the tool in use has a brush with a size."""
        return bool(getattr(self.tool, "brushes", False))

    @property
    def picks(self) -> bool:
        """True where the right button picks a grid for the tool in use; otherwise it opens the menu of a grid."""
        return bool(getattr(self.tool, "picks", False))

    def follow(self, project: Project) -> None:
        """Forget the drag in hand where the project is another one by now, but for the tool's own edit."""
        if self.preview is not NOTHING and not self._making and not self.is_current(project):
            self.abandon()

    def is_current(self, project: Project) -> bool:
        """Return whether what is shown was made for this project: an undo amid a drag leaves it without meaning."""
        return project is self._project

    def lend(self, preview: Preview) -> None:
        """Show what a part of the window beside the map has in hand; its own card tells the figures."""
        if self._drag is None:
            self._project, self.preview = self._canvas.showing.project, preview
            self._canvas.hinted.emit()
            self._canvas.update()

    def use_tool(self, tool: Tool | None) -> None:
        """Let a tool have the left button; None is selecting and dragging the map."""
        self.abandon()
        self.tool = tool
        self.show_cursor()
        if tool is not None:
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)  # its keys are the canvas's
        if isinstance(tool, Starting):
            drag = tool.start(self._reach())
            if drag is not None:
                self._pressed = None
                self._advance(drag, None)

    def abandon(self) -> None:
        """Forget the drag in hand."""
        if self._drag is not None:
            self._drag.close()
        self._drag = self._area = None
        self._held = False
        self._show(NOTHING)

    def resize_brush(self, steps: int) -> None:
        """Take the next larger or smaller brush."""
        at = min(range(len(BRUSHES)), key=lambda i: abs(BRUSHES[i] - self.brush))
        self.brush = BRUSHES[min(max(at + steps, 0), len(BRUSHES) - 1)]
        self._canvas.update()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Ctrl or Shift held the wheel is the tool's."""
        notches = event.angleDelta().y() / 120.0 or event.angleDelta().x() / 120.0
        with_key = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if with_key and notches and self.has_brush:
            self.last = event.position()
            self.resize_brush(1 if notches > 0 else -1)
            if self._drag is not None:
                self._advance(self._drag, self._pointer(event.position()))
        elif self._drag is not None and with_key and notches:
            self._advance(self._drag, replace(self._pointer(event.position()), turned=1 if notches > 0 else -1))
        elif notches:
            self._canvas.zoom(WHEEL**notches, event.position())

    def press(self, event: QMouseEvent) -> None:
        """Begin to move the map, to draw an area, or a tool's drag."""
        self._pressed = self.last = event.position()
        keys = event.modifiers()
        self._canvas.stop_resting()  # the card would lie over what the hand is about to do
        if event.button() == Qt.MouseButton.MiddleButton or self._space:
            self._start_pan()
        elif event.button() == Qt.MouseButton.RightButton and self.picks and self._drag is None:
            self._canvas.grid_clicked.emit(self._canvas.grid_at(event.position()))
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        elif self.tool is not None:
            self._held = True
            pointer = replace(self._pointer(event.position(), keys), pressed=True)
            if self._drag is None:
                self._advance(self.tool.drag(self._reach(), pointer), None)
            else:
                self._advance(self._drag, pointer)
        elif keys & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier):
            place = self._canvas.view.point_to_world(event.position().x(), event.position().y())
            lasso, adds = bool(keys & Qt.KeyboardModifier.AltModifier), bool(keys & Qt.KeyboardModifier.ControlModifier)
            self._project = self._canvas.showing.project
            self._area = AreaSelect(*place, self._canvas.unit_at(*place), lasso=lasso, adds=adds)

    def move(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        place, before = event.position(), self.last
        self.last = place
        if self._panning:
            self._canvas.look(self._canvas.view.panned(place.x() - before.x(), place.y() - before.y()))
        elif self._area is not None:
            self._area.move_to(*self._canvas.view.point_to_world(place.x(), place.y()))
            self._show(self._area.preview)
        elif self._drag is not None:
            way = place - before
            count = max(1, int(max(abs(way.x()), abs(way.y())) / STEP)) if self._held and self.has_brush else 1
            for i in range(1, count + 1):
                if self._drag is not None:
                    self._advance(self._drag, self._pointer(before + way * (i / count), event.modifiers()))
        elif event.buttons() & Qt.MouseButton.LeftButton and self.tool is None and self._is_drag(place):
            self._start_pan()
        else:
            self._hover(event)
            self._canvas.rest()

    def release(self, event: QMouseEvent) -> None:
        """End what the press began."""
        place = event.position()
        if self._panning:
            self._panning = False
            self.show_cursor()
        elif self._area is not None and event.button() == Qt.MouseButton.LeftButton:
            area, self._area = self._area, None
            self._show(NOTHING)
            if self._is_drag(place):
                self._canvas.grids_taken.emit(area.grids(self._canvas.showing.project, self._reach().chosen))
            else:
                self._click(place, adds=True)
        elif self._drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = False
            self._advance(self._drag, replace(self._pointer(place, event.modifiers()), released=True))
        elif event.button() == Qt.MouseButton.LeftButton and self._pressed is not None and not self._is_drag(place) and self.tool is None:
            self._click(place, adds=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        self._pressed = None

    def double_click(self, event: QMouseEvent) -> None:
        """Accept what the tool shows; without a tool look closer at the grid."""
        if self._drag is not None:
            self._advance(self._drag, replace(self._pointer(event.position(), event.modifiers()), accepted=True))
        elif self.tool is None and event.button() == Qt.MouseButton.LeftButton:
            grid = self._canvas.grid_at(event.position())
            self._pressed = None
            if grid is not None:
                self._canvas.grid_opened.emit(grid)

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False where it means nothing here."""
        key = event.key()
        if key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.show_cursor()
        elif key == Qt.Key.Key_Escape:
            if self._drag is not None or self._area is not None:
                self.abandon()
            else:
                self._canvas.grid_clicked.emit(None)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._drag is not None:
            self._advance(self._drag, replace(self._pointer(self.last, event.modifiers()), accepted=True))
        elif key == Qt.Key.Key_Backspace and self._drag is not None:
            self._advance(self._drag, replace(self._pointer(self.last, event.modifiers()), back=True))
        elif key in ARROWS:
            self._canvas.look(self._canvas.view.panned(*ARROWS[Qt.Key(key)]))
        else:
            return False
        return True

    def key_up(self, event: QKeyEvent) -> None:
        """Let go of the space bar."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.show_cursor()

    def show_cursor(self) -> None:
        """Give the pointer the shape of what it does."""
        shape = Qt.CursorShape.ArrowCursor
        if self._space:
            shape = Qt.CursorShape.OpenHandCursor
        elif self.preview.refused:
            shape = Qt.CursorShape.ForbiddenCursor
        elif self.tool is not None:
            shape = Qt.CursorShape[getattr(self.tool, "cursor", "CrossCursor")]
        if self._canvas.cursor().shape() != shape:
            self._canvas.setCursor(shape)

    def _click(self, place: QPointF, *, adds: bool) -> None:
        grid = self._canvas.grid_at(place)
        if grid is not None and adds:
            self._canvas.grid_added.emit(grid)
        else:
            self._canvas.grid_clicked.emit(grid)

    def _hover(self, event: QMouseEvent) -> None:
        if isinstance(self.tool, Hovering):
            shown = self.tool.hover(self._reach(), self._pointer(event.position(), event.modifiers()))
            if shown is not self.preview:
                self._project = self._canvas.showing.project
                self._show(shown)
        elif self.brush and self.has_brush:
            self._canvas.update()

    def _advance(self, drag: Drag, pointer: Pointer | None) -> None:
        """Send a drag one place on, and its edit on its way where it ended."""
        if pointer is None:
            self._project = self._canvas.showing.project
        elif not self.is_current(self._canvas.showing.project):
            self.abandon()
            return
        try:
            shown = next(drag) if pointer is None else drag.send(pointer)
        except StopIteration as end:
            self._drag = None
            self._show(NOTHING)
            if end.value is not None:
                self._canvas.edit_made.emit(end.value)
            elif pointer is None and self._pressed is not None:
                self._canvas.grid_clicked.emit(self._canvas.grid_at(self._pressed))
            return
        if pointer is None:
            self._canvas.stop_resting()
        self._drag = drag
        if shown.edit is not None:
            self._making = True
            try:
                self._canvas.edit_made.emit(shown.edit)
            finally:
                self._making = False
            self._project = self._canvas.showing.project
        self._show(shown)

    def _show(self, preview: Preview) -> None:
        """Show what a tool shows, and tell where it expects something else than before."""
        before, self.preview = self.preview, preview
        if preview.refused != before.refused:
            self.show_cursor()
        if preview.hint != before.hint:
            self._canvas.hinted.emit()
        self.card.show_preview(preview, self.last, self._busy(preview))
        self._canvas.update()

    def _busy(self, preview: Preview) -> QRectF | None:
        """Return where on the screen arrows are, which the card at the cursor keeps off."""
        if preview.arrows is None or not len(preview.arrows):
            return None
        places = self._canvas.view.to_screen(preview.arrows.reshape(-1, 2))
        (left, top), (right, bottom) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        return QRectF(left, top, right - left, bottom - top).adjusted(-16, -32, 16, 16)

    def _reach(self) -> Reach:
        showing = self._canvas.showing
        chosen = () if showing.selected is None else (showing.selected, *sorted(showing.others))
        group = showing.chosen_groups[0] if showing.chosen_groups else None
        return Reach(
            showing.project, showing.selected, chosen, self.source, showing.groups, group, showing.patrol_route, showing.patrol_choice,
            showing.rail_segment, showing.rail_choice,
        )  # fmt: skip

    def _pointer(self, place: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Pointer:
        x, y = self._canvas.view.point_to_world(place.x(), place.y())
        scale = self._canvas.view.scale
        return Pointer(
            x, y, self._canvas.unit_at(x, y),
            extend=bool(keys & Qt.KeyboardModifier.ControlModifier),
            free=bool(keys & Qt.KeyboardModifier.AltModifier),
            more=bool(keys & Qt.KeyboardModifier.ShiftModifier),
            scale=scale,
            brush=self.brush / scale,
        )  # fmt: skip

    def _start_pan(self) -> None:
        self._panning = True
        self._canvas.stop_resting()
        self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _is_drag(self, place: QPointF) -> bool:
        return self._pressed is not None and (place - self._pressed).manhattanLength() > CLICK
