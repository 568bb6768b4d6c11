"""Small signs before the lines of a crew's sheet: which way to turn, and what kind of stop it is."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gridplanner.model.street_turns import Turn
from gridplanner.model.turn_by_turn import Instruction, Kind
from ui.map.patrol_marks import paint_stop
from ui.styles import LIGHT, font

ANGLES = {  # degrees to the left that the head of an arrow is turned
    Turn.NONE: 0.0, Turn.STRAIGHT: 0.0, Turn.SLIGHT_LEFT: 40.0, Turn.LEFT: 90.0, Turn.SHARP_LEFT: 135.0, Turn.SLIGHT_RIGHT: -40.0,
    Turn.RIGHT: -90.0, Turn.SHARP_RIGHT: -135.0,
}  # fmt: skip
STOPS = {Kind.DEPART: "depot", Kind.BACK: "depot", Kind.SITE: "site", Kind.REST: "rest"}
HALF = 5.5  # points from the middle of a sign to its end
HEAD = 3.2  # points that the head of an arrow is long


def paint_sign(painter: QPainter, middle: QPointF, row: Instruction, colour: QColor) -> None:
    """Draw the sign of an instruction around a place, in the route's colour where it is a stop or patrols."""
    if row.kind in STOPS:
        paint_stop(painter, middle, STOPS[row.kind], colour, LIGHT, scale=0.72)
        return
    ink = colour if row.kind is Kind.PATROL else QColor(LIGHT.muted)
    painter.setPen(QPen(ink, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if row.turn is Turn.ROUNDABOUT:
        painter.drawEllipse(middle, HALF, HALF)
        painter.setFont(font(7, bold=True))
        painter.drawText(QRectF(middle.x() - 8, middle.y() - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, str(row.way_out))
    elif row.turn is Turn.ROUND:
        _paint_round(painter, middle, ink)
    else:
        _paint_arrow(painter, middle, ANGLES[row.turn], ink)


def _paint_arrow(painter: QPainter, middle: QPointF, angle: float, ink: QColor) -> None:
    """Draw a stem from below, and from the middle on an arm that is turned to the left by an angle in degrees."""
    way = QPointF(-math.sin(math.radians(angle)), -math.cos(math.radians(angle)))
    bend, arm = middle, HALF
    if angle:
        bend, arm = middle - QPointF(way.x() * 3.0, 1.0), HALF + 1.5
    if abs(angle) > 90:  # the arm comes down beside the stem
        bend, arm = middle - QPointF(way.x() * 6.0, HALF - 1.0), HALF + 4.0
    tip = bend + way * arm
    painter.drawPolyline(QPolygonF([QPointF(bend.x(), middle.y() + HALF), bend, tip - way * HEAD * 0.8]))
    _paint_head(painter, tip, way, ink)


def _paint_round(painter: QPainter, middle: QPointF, ink: QColor) -> None:
    left, right, top = middle.x() - 3.0, middle.x() + 3.0, middle.y() - HALF
    painter.drawLine(QPointF(right, middle.y() + HALF), QPointF(right, top + 3.0))
    painter.drawArc(QRectF(left, top, 6.0, 6.0), 0, 180 * 16)
    painter.drawLine(QPointF(left, top + 3.0), QPointF(left, middle.y() + HALF - HEAD))
    _paint_head(painter, QPointF(left, middle.y() + HALF), QPointF(0.0, 1.0), ink)


def _paint_head(painter: QPainter, tip: QPointF, way: QPointF, ink: QColor) -> None:
    side, back = QPointF(-way.y(), way.x()) * 2.6, tip - way * HEAD
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([tip, back + side, back - side]))
    painter.restore()
