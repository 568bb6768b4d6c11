"""Painting over the map what a tool would do: units that change, lines, handles, arrows, and the circle of the brush."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from gridplanner.model.lines import Floats
from gridplanner.model.outlines import rings_of_units
from gridplanner.model.units import Units
from ui.map.shapes import polygon_of
from ui.map.tools.tool import NOTHING, Preview
from ui.styles import TEXT, Theme, font

if TYPE_CHECKING:
    from ui.map.gestures import Gestures
    from ui.map.scene import Showing
    from ui.map.view import View

HEAD = 9.0  # pixels that the head of an arrow is long


def paint_preview(painter: QPainter, gestures: Gestures, showing: Showing, view: View) -> None:
    """Paint what the tool in use shows at the moment, in a view of the project that it was made for."""
    preview, theme = gestures.preview, showing.theme
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if preview is not NOTHING and gestures.is_current(showing.project):
        if preview.units and showing.project.units is not None:
            _paint_units(painter, showing.project.units, preview, view, theme)
        if preview.pieces is not None:
            _paint_lines(painter, list(preview.pieces.reshape(-1, 2, 2)), view, theme, sure=preview.sure, wide=True)
        _paint_lines(painter, preview.lines, view, theme, sure=preview.sure)
        if preview.marks is not None:
            _paint_marks(painter, preview.marks, view, theme)
        if preview.arrows is not None:
            _paint_arrows(painter, preview.arrows, preview.notes, view, theme)
    if gestures.brush and gestures.has_brush:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, thick in ((theme.halo, 3.0), (theme.accent, 1.5)):
            painter.setPen(QPen(QColor(colour), thick))
            painter.drawEllipse(gestures.last, gestures.brush, gestures.brush)
    painter.restore()


def _paint_units(painter: QPainter, units: Units, preview: Preview, view: View, theme: Theme) -> None:
    rings = rings_of_units(units, np.array(sorted(preview.units), np.int64))
    xy = view.to_screen(units.xy[rings.nodes])
    path = QPainterPath()
    for start, stop in zip(rings.offsets[:-1].tolist(), rings.offsets[1:].tolist(), strict=True):
        path.addPolygon(polygon_of(xy[start:stop]))
        path.closeSubpath()
    fill = QColor(theme.accent)
    fill.setAlphaF(0.28)
    painter.setPen(QPen(QColor(theme.accent), 2.0))
    painter.setBrush(fill)
    painter.drawPath(path)


def _paint_lines(
    painter: QPainter, lines: tuple[Floats, ...] | list[Floats], view: View, theme: Theme, *, sure: bool, wide: bool = False
) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    polygons = [polygon_of(view.to_screen(line)) for line in lines if len(line) > 1]
    thin = 3.0 if wide else 2.0
    for colour, thick, style in ((theme.halo, thin + 3.0, Qt.PenStyle.SolidLine), (theme.accent, thin, _style(sure=sure))):
        painter.setPen(QPen(QColor(colour), thick, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        for polygon in polygons:
            painter.drawPolyline(polygon)


def _style(*, sure: bool) -> Qt.PenStyle:
    return Qt.PenStyle.SolidLine if sure else Qt.PenStyle.DashLine


def _paint_marks(painter: QPainter, marks: Floats, view: View, theme: Theme) -> None:
    painter.setPen(QPen(QColor(theme.accent), 2.0))
    painter.setBrush(QColor(theme.panel))
    for x, y in view.to_screen(marks).tolist():
        painter.drawEllipse(QPointF(x, y), 4.5, 4.5)


def _paint_arrows(painter: QPainter, arrows: Floats, notes: tuple[str, ...], view: View, theme: Theme) -> None:
    places = view.to_screen(arrows.reshape(-1, 2)).reshape(-1, 4)
    for ax, ay, bx, by in places.tolist():
        way = QLineF(ax, ay, bx, by)
        if way.length() < 2.0:
            continue
        dx, dy = way.dx() / way.length(), way.dy() / way.length()
        neck = QPointF(bx - HEAD * dx, by - HEAD * dy)
        side = QPointF(-dy, dx) * (0.55 * HEAD)
        for colour, thick in ((theme.halo, 6.0), (theme.accent, 2.5)):
            pen = QPen(QColor(colour), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawLine(QPointF(ax, ay), neck)
            pen.setWidthF(max(thick - 2.5, 1.0))
            painter.setPen(pen)
            painter.setBrush(QColor(colour))
            painter.drawPolygon(QPolygonF([QPointF(bx, by), neck + side, neck - side]))
    painter.setFont(font(TEXT, bold=True))
    metrics = QFontMetricsF(painter.font())
    for (ax, ay, bx, by), note in zip(places.tolist(), notes, strict=False):
        wide, high = math.ceil(metrics.horizontalAdvance(note)) + 16.0, math.ceil(metrics.height()) + 4.0
        box = QRectF(0.0, 0.0, wide, high)
        box.moveCenter(_beside(ax, ay, bx, by, wide, high))
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.setBrush(QColor(theme.panel))
        painter.drawRoundedRect(box, high / 2, high / 2)
        painter.setPen(QColor(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, note)


def _beside(ax: float, ay: float, bx: float, by: float, wide: float, high: float) -> QPointF:
    """Return the middle of a box beside an arrow: as far off its middle that the two do not touch, above rather than below."""
    length = max(math.hypot(bx - ax, by - ay), 1e-9)
    nx, ny = (by - ay) / length, (ax - bx) / length
    if ny > 0 or (ny == 0 and nx < 0):
        nx, ny = -nx, -ny
    away = (abs(nx) * wide + abs(ny) * high) / 2 + 0.55 * HEAD + 4.0
    return QPointF((ax + bx) / 2 + nx * away, (ay + by) / 2 + ny * away)
