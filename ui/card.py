"""A card over the map: a panel with round corners and a soft shadow around it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.styles import theme

ROUND = 8.0  # pixels of a corner


def paint_card(painter: QPainter, outer: QRectF, shadow: int) -> QRectF:
    """Paint a card with `shadow` pixels of room around it, and return its own box."""
    look, box = theme(), outer.adjusted(shadow, shadow, -shadow, -shadow)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for reach in range(shadow, 0, -2):
        painter.setBrush(QColor(16, 24, 40, 8))
        painter.drawRoundedRect(box.adjusted(-reach, -reach + 2, reach, reach + 2), ROUND + reach, ROUND + reach)
    painter.setPen(QPen(QColor(look.line), 1))
    painter.setBrush(QColor(look.panel))
    painter.drawRoundedRect(box, ROUND, ROUND)
    return box
