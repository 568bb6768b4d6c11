"""Gestures: what mouse and keys on the map mean: move and zoom it, select a grid, or feed the tool in use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from gridplanner.edits.edit import Edit
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach, Tool

if TYPE_CHECKING:
    from ui.map.canvas import Canvas

WHEEL = 1.25  # zoom factor of one notch
STEP = 8.0  # pixels between two places of a fast brush stroke
CLICK = 4  # pixels within which a press and release is a click


class Gestures:
    """The hand on one canvas: the tool in use, the drag in hand and what it shows."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.tool: Tool | None = None
        self.preview: Preview = NOTHING
        self.brush = 0.0
        self.source: str | int = "any"
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None
        self._held = False
        self._panning = False
        self._space = False
        self.last = QPointF()

    @property
    def is_dragging(self) -> bool:
        """True while a tool is at work."""
        return self._drag is not None

    def use_tool(self, tool: Tool | None) -> None:
        """Let a tool have the left button; None is selecting and dragging the map."""
        self.abandon()
        self.tool = tool
        self.show_cursor()

    def abandon(self) -> None:
        """Forget the drag in hand."""
        if self._drag is not None:
            self._drag.close()
            self._drag = None
            self.preview = NOTHING
            self._canvas.update()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Ctrl or Shift held the wheel is the tool's."""
        notches = event.angleDelta().y() / 120.0 or event.angleDelta().x() / 120.0
        with_key = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if self._drag is not None and with_key and notches:
            self._advance(self._drag, replace(self._pointer(event.position()), turned=1 if notches > 0 else -1))
        elif notches:
            self._canvas.zoom(WHEEL**notches, event.position())

    def press(self, event: QMouseEvent) -> None:
        """Begin to move the map, or a tool's drag."""
        self._pressed = self.last = event.position()
        if event.button() == Qt.MouseButton.MiddleButton or self._space:
            self._start_pan()
        elif event.button() == Qt.MouseButton.RightButton and self.tool is not None:
            self._canvas.grid_clicked.emit(self._canvas.grid_at(event.position()))
        elif event.button() == Qt.MouseButton.LeftButton and self.tool is not None:
            self._held = True
            pointer = replace(self._pointer(event.position(), event.modifiers()), pressed=True)
            if self._drag is None:
                self._advance(self.tool.drag(self._reach(), pointer), None)
            else:
                self._advance(self._drag, pointer)

    def move(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        place, before = event.position(), self.last
        self.last = place
        if self._panning:
            self._canvas.look(self._canvas.view.panned(place.x() - before.x(), place.y() - before.y()))
        elif self._drag is not None:
            way = place - before
            count = max(1, int(max(abs(way.x()), abs(way.y())) / STEP)) if self._held else 1
            for i in range(1, count + 1):
                if self._drag is not None:
                    self._advance(self._drag, self._pointer(before + way * (i / count), event.modifiers()))
        elif event.buttons() & Qt.MouseButton.LeftButton and self.tool is None and self._is_drag(place):
            self._start_pan()
        else:
            self._canvas.rest()

    def release(self, event: QMouseEvent) -> None:
        """End what the press began."""
        if self._panning:
            self._panning = False
            self.show_cursor()
        elif self._drag is not None and event.button() == Qt.MouseButton.LeftButton:
            self._held = False
            self._advance(self._drag, replace(self._pointer(event.position(), event.modifiers()), released=True))
        elif event.button() == Qt.MouseButton.LeftButton and self._pressed is not None and not self._is_drag(event.position()):
            grid = self._canvas.grid_at(event.position())
            if grid is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._canvas.grid_added.emit(grid)
            else:
                self._canvas.grid_clicked.emit(grid)
        self._pressed = None

    def double_click(self, event: QMouseEvent) -> None:
        """Accept what the tool shows."""
        if self._drag is not None:
            self._advance(self._drag, replace(self._pointer(event.position(), event.modifiers()), accepted=True))

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; False where it means nothing here."""
        steps = {Qt.Key.Key_Left: (80, 0), Qt.Key.Key_Right: (-80, 0), Qt.Key.Key_Up: (0, 80), Qt.Key.Key_Down: (0, -80)}
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.show_cursor()
        elif event.key() == Qt.Key.Key_Escape:
            if self._drag is not None:
                self.abandon()
            else:
                self._canvas.grid_clicked.emit(None)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._drag is not None:
            self._advance(self._drag, replace(self._pointer(self.last, event.modifiers()), accepted=True))
        elif event.key() in steps:
            self._canvas.look(self._canvas.view.panned(*steps[Qt.Key(event.key())]))
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
        shape = Qt.CursorShape.ArrowCursor if self.tool is None else Qt.CursorShape.CrossCursor
        self._canvas.setCursor(Qt.CursorShape.OpenHandCursor if self._space else shape)

    def _advance(self, drag: Drag, pointer: Pointer | None) -> None:
        """Send a drag one place on, and its edit on its way where it ended."""
        try:
            self.preview = next(drag) if pointer is None else drag.send(pointer)
            if pointer is None:
                self._canvas.stop_resting()
            self._drag = drag
        except StopIteration as end:
            self._drag, self.preview = None, NOTHING
            edit: Edit | None = end.value
            if edit is not None:
                self._canvas.edit_made.emit(edit)
            elif pointer is None and self._pressed is not None:
                self._canvas.grid_clicked.emit(self._canvas.grid_at(self._pressed))
        self._canvas.update()

    def _reach(self) -> Reach:
        showing = self._canvas.showing
        chosen = () if showing.selected is None else (showing.selected, *sorted(showing.others))
        return Reach(showing.project, showing.selected, chosen, self.brush, self.source)

    def _pointer(self, place: QPointF, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> Pointer:
        x, y = self._canvas.view.point_to_world(place.x(), place.y())
        return Pointer(
            x, y, self._canvas.unit_at(x, y),
            extend=bool(keys & Qt.KeyboardModifier.ControlModifier),
            free=bool(keys & Qt.KeyboardModifier.AltModifier),
            more=bool(keys & Qt.KeyboardModifier.ShiftModifier),
            scale=self._canvas.view.scale,
        )  # fmt: skip

    def _start_pan(self) -> None:
        self._panning = True
        self._canvas.stop_resting()
        self._canvas.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _is_drag(self, place: QPointF) -> bool:
        return self._pressed is not None and (place - self._pressed).manhattanLength() > CLICK
