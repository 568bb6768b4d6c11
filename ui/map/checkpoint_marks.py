"""Signs of checkpoints and crossings on map and legend: each has a shape of its own, so that nothing hangs on a colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from ui.checkpoint_places import Status
from ui.styles import SMALL, Theme, font

HELD, SMALLER = 9.5, 4.4  # pixels from the middle of a sign to its rim


def paint_sign(painter: QPainter, at: QPointF, status: Status, look: Theme, rank: str = "", scale: float = 1.0) -> None:
    """Draw the sign of a place: a disc with its rank, a square for an existing one, a ring, a ring with a bar, or a triangle."""
    if status in (Status.NEW, Status.EXISTING):
        _paint_held(painter, at, look, rank, HELD * scale, square=status is Status.EXISTING)
    elif status is Status.LEAK:
        _paint_triangle(painter, at, look, SMALLER * scale)
    elif status is Status.WISHED:
        _paint_held(painter, at, look, "", SMALLER * scale, square=True)
    else:
        _paint_ring(painter, at, look, SMALLER * scale, barred=status is Status.FORBIDDEN)


def paint_post(painter: QPainter, at: QPointF, look: Theme, scale: float = 1.0) -> None:
    """Draw the sign of a post: a square on its corner in a ring."""
    painter.setPen(QPen(QColor(look.halo), 2.0))
    painter.setBrush(QColor(look.text))
    painter.drawEllipse(at, 8.0 * scale, 8.0 * scale)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.panel))
    half = 4.2 * scale
    painter.drawPolygon(QPolygonF([at + QPointF(0, -half), at + QPointF(half, 0), at + QPointF(0, half), at + QPointF(-half, 0)]))


def _paint_held(painter: QPainter, at: QPointF, look: Theme, rank: str, size: float, *, square: bool) -> None:
    painter.setPen(QPen(QColor(look.halo), 2.0))
    painter.setBrush(QColor(look.accent))
    box = QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size)
    if square:
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
    else:
        painter.drawEllipse(box)
    if rank:
        painter.setFont(font(SMALL if len(rank) < 3 else SMALL - 2, bold=True))
        painter.setPen(QColor(look.accent_text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, rank)


def _paint_ring(painter: QPainter, at: QPointF, look: Theme, size: float, *, barred: bool) -> None:
    ink = QColor(look.text if barred else look.accent)
    size += 1.0 if barred else 0.0
    painter.setBrush(QColor(look.halo))
    painter.setPen(QPen(QColor(look.halo), 4.0))
    painter.drawEllipse(at, size, size)
    painter.setPen(QPen(ink, 1.8))
    painter.drawEllipse(at, size, size)
    if barred:
        off = size * 0.707
        painter.drawLine(at + QPointF(-off, off), at + QPointF(off, -off))


def _paint_triangle(painter: QPainter, at: QPointF, look: Theme, size: float) -> None:
    wide = size * 1.25
    painter.setPen(QPen(QColor(look.halo), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(QColor(look.bad))
    painter.drawPolygon(QPolygonF([at + QPointF(0, -wide), at + QPointF(wide, size), at + QPointF(-wide, size)]))
