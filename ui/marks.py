"""Small signs for grids that the planner settled: a padlock for a locked grid, a diamond for a grid of its own."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

SIZE = 9.0  # pixels, both ways


def paint_lock(painter: QPainter, left: float, top: float, colour: QColor, halo: QColor | None = None) -> None:
    """Draw a padlock into a square of SIZE; `halo` draws it broader first, to set it off from a map."""
    body, shackle = QRectF(left + 0.5, top + 4, SIZE - 1, SIZE - 4), QRectF(left + 2.2, top + 0.8, SIZE - 4.4, 7)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for ink, more in ((halo, 3.0), (colour, 0.0)):
        if ink is not None:
            painter.setPen(QPen(ink, 1.3 + more))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawArc(shackle, 0, 180 * 16)
            painter.setPen(QPen(ink, max(more, 0.01), Qt.PenStyle.SolidLine if more else Qt.PenStyle.NoPen))
            painter.setBrush(ink)
            painter.drawRoundedRect(body, 1.2, 1.2)
    painter.restore()


def paint_diamond(painter: QPainter, left: float, top: float, colour: QColor, halo: QColor | None = None) -> None:
    """Draw a hollow diamond into a square of SIZE."""
    half = SIZE / 2
    corners = [QPointF(left + half, top), QPointF(left + SIZE, top + half), QPointF(left + half, top + SIZE), QPointF(left, top + half)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, wide in ((halo, 4.0), (colour, 1.5)):
        if ink is not None:
            painter.setPen(QPen(ink, wide))
            painter.drawPolygon(corners)
    painter.restore()
