"""Signs of the railway on map, chart and legend: each has a shape of its own, so that nothing hangs on a colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gridplanner.i18n import N_
from ui.styles import Theme

BASE, GATE, CHAIN, STATION, END = "base", "gate", "chain", "station", "end"
SIGN_WORDS = {
    BASE: N_("Base of a squad"), GATE: N_("Entry point of the line"), STATION: N_("Railway station"), CHAIN: N_("Broken chain"),
    END: N_("End of a segment"),
}  # fmt: skip


def paint_rail_sign(painter: QPainter, at: QPointF, kind: str, look: Theme, scale: float = 1.0) -> None:
    """Draw a house for a base, an open gate for an entry point, a white bar for a station, two slanted strokes for a broken chain."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if kind == BASE:
        _paint_base(painter, at, look, scale)
    elif kind == GATE:
        _paint_gate(painter, at, look, scale)
    elif kind == CHAIN:
        _paint_chain(painter, at, look, scale)
    elif kind == STATION:
        painter.setPen(QPen(QColor(look.rail), 1.8 * scale))
        painter.setBrush(QColor(look.panel))
        painter.drawRoundedRect(QRectF(at.x() - 5 * scale, at.y() - 3.5 * scale, 10 * scale, 7 * scale), 2, 2)
    else:
        painter.setPen(QPen(QColor(look.border), 1.4))
        painter.setBrush(QColor(look.halo))
        painter.drawEllipse(at, 3.2 * scale, 3.2 * scale)


def _paint_base(painter: QPainter, at: QPointF, look: Theme, scale: float) -> None:
    x, y, half = at.x(), at.y(), 7.0 * scale
    roof = [(0.0, -1.25), (1.15, -0.2), (0.8, -0.2), (0.8, 0.9), (-0.8, 0.9), (-0.8, -0.2), (-1.15, -0.2)]
    painter.setPen(QPen(QColor(look.halo), 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(QColor(look.accent))
    painter.drawPolygon(QPolygonF([QPointF(x + dx * half, y + dy * half) for dx, dy in roof]))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.panel))
    painter.drawRect(QRectF(x - 0.24 * half, y + 0.1 * half, 0.48 * half, 0.8 * half))


def _paint_gate(painter: QPainter, at: QPointF, look: Theme, scale: float) -> None:
    x, y, half = at.x(), at.y(), 4.6 * scale
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    for ink, thick in ((QColor(look.halo), 5.0), (QColor(look.text), 2.0)):
        painter.setPen(QPen(ink, thick * scale, Qt.PenStyle.SolidLine, cap, join))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([QPointF(x + dx * half, y + dy * half) for dx, dy in ((-1, 1), (-1, -1), (1, -1), (1, 1))])


def _paint_chain(painter: QPainter, at: QPointF, look: Theme, scale: float) -> None:
    x, y, half = at.x(), at.y(), 5.5 * scale
    for ink, thick in ((QColor(look.halo), 5.5), (QColor(look.warn), 2.2)):
        painter.setPen(QPen(ink, thick * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for dx in (-2.4 * scale, 2.4 * scale):
            painter.drawLine(QPointF(x + dx - 2.5 * scale, y + half), QPointF(x + dx + 2.5 * scale, y - half))
