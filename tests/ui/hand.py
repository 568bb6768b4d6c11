"""A hand with a mouse on a canvas, for the tests of tools: places of units and borders in pixels, presses, moves and keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gridplanner.model.outlines import pieces_around
from ui.map.canvas import Canvas
from ui.map.shapes import unit_loops

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


class Hand:
    """Sends a canvas what a mouse would."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def middle(self, unit: int) -> QPointF:
        """Return the middle of a unit."""
        units = self.canvas.showing.project.units
        assert units is not None
        return self.pixel(*unit_loops(units).loops(unit)[0].mean(axis=0).tolist())

    def border(self, one: int, other: int) -> QPointF:
        """Return the middle of the common border of two units."""
        units = self.canvas.showing.project.units
        assert units is not None
        pieces = pieces_around(units, np.array([one]))
        shared = pieces[(units.left[pieces] == other) | (units.right[pieces] == other)]
        return self.pixel(*units.xy[units.ends[shared[0]]].mean(axis=0).tolist())

    def pixel(self, x: float, y: float) -> QPointF:
        """Return the pixel of a place in metres."""
        return QPointF(*self.canvas.view.point_to_screen(x, y))

    def press(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT) -> None:
        """Press a button."""
        self._send(QEvent.Type.MouseButtonPress, at, button, button, keys)

    def move(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, held: Qt.MouseButton = LEFT) -> None:
        """Move with a button held, or none."""
        self._send(QEvent.Type.MouseMove, at, NONE, held, keys)

    def release(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT) -> None:
        """Let go of a button."""
        self._send(QEvent.Type.MouseButtonRelease, at, button, NONE, keys)

    def click(self, at: QPointF, keys: Qt.KeyboardModifier = PLAIN, button: Qt.MouseButton = LEFT) -> None:
        """Press and let go."""
        self.press(at, keys, button)
        self.release(at, keys, button)

    def double_click(self, at: QPointF) -> None:
        """Click twice, as Qt tells it."""
        self.click(at)
        self._send(QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT, PLAIN)
        self.release(at)

    def drag(self, *places: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
        """Press at the first place, move over the others, and let go at the last."""
        self.press(places[0], keys)
        for place in places[1:]:
            self.move(place, keys)
        self.release(places[-1], keys)

    def turn(self, at: QPointF, notches: int, keys: Qt.KeyboardModifier) -> None:
        """Turn the wheel with keys held."""
        place = self.canvas.mapToGlobal(at)
        wheel = QWheelEvent(at, place, QPoint(), QPoint(0, 120 * notches), NONE, keys, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(self.canvas, wheel)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key."""
        QTest.keyClick(self.canvas, key, keys)

    def _send(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton, keys: Qt.KeyboardModifier) -> None:
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, at, self.canvas.mapToGlobal(at), button, held, keys))
