"""Crews on their way, over the map: only they are painted anew, the map below stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from ui.map.canvas import Canvas
from ui.map.patrol_marks import paint_crew, route_colour
from ui.styles import theme

REACH = 14  # pixels from the middle of a crew to the rim of what it needs


@dataclass(frozen=True)
class CrewMark:
    """A crew at a place in metres: the number of its colour, what is written on it, whether it steps back, and whether it stands."""

    x: float
    y: float
    colour: int
    words: str
    pale: bool = False
    stands: bool = False


class CrewOverlay(QWidget):
    """As large as the map it lies on, below its cards, and without a hand of its own."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.marks: tuple[CrewMark, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        canvas.installEventFilter(self)
        canvas.view_changed.connect(lambda _view: self.update())
        self.resize(canvas.size())
        self.lower()
        self.hide()

    def show_crews(self, marks: Sequence[CrewMark]) -> None:
        """Show crews where they are now."""
        before, self.marks = self.marks, tuple(marks)
        if self.isHidden():
            self.show()
            return
        region = QRegion()
        for mark in (*before, *self.marks):
            region += self._box(mark)
        self.update(region)

    def clear(self) -> None:
        """Show no crews."""
        self.marks = ()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() == QEvent.Type.Resize:
            self.resize(self._canvas.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = theme()
        for mark in sorted(self.marks, key=lambda one: not one.pale):
            if event.region().intersects(self._box(mark)):
                colour: QColor = route_colour(mark.colour, look)
                at = QPointF(*self._canvas.view.point_to_screen(mark.x, mark.y))
                paint_crew(painter, at, colour, look, mark.words, pale=mark.pale, rests=mark.stands)
        painter.end()

    def _box(self, mark: CrewMark) -> QRect:
        x, y = self._canvas.view.point_to_screen(mark.x, mark.y)
        limit = 10**6  # far beside a map that is looked at closely
        x, y = min(max(x, -limit), limit), min(max(y, -limit), limit)
        return QRect(int(x) - REACH, int(y) - REACH, 2 * REACH + 1, 2 * REACH + 1)
