"""What every map carries: a scale bar and a north arrow."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gridplanner.model.lines import Floats
from ui.map.shapes import polygon_of
from ui.map.view import View
from ui.styles import SMALL, TEXT, Theme, font

MARGIN = 24
BAR_WIDE, BAR_HIGH = 180, 58  # pixels at the lower left that the scale bar takes at most


class Decorations:
    """A scale bar at the lower left and a north arrow at the upper right, kept as pictures: letters cost more than the rest of a frame."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[object, QImage]] = {}

    def paint(self, painter: QPainter, view: View, theme: Theme) -> None:
        """Draw both on a view."""
        ratio = painter.device().devicePixelRatioF()
        bar = QRectF(0, view.height - 60, 200, 60)
        metres = bar_length(view.scale)
        wide = metres * view.scale
        self._draw(painter, "bar", bar, ratio, (metres, round(wide, 2), theme), lambda inner: _paint_scale_bar(inner, metres, wide, theme))
        arrow = QRectF(view.width - 60, 0, 60, 90)
        self._draw(painter, "arrow", arrow, ratio, (theme,), lambda inner: _paint_north_arrow(inner, theme))

    def _draw(
        self, painter: QPainter, name: str, box: QRectF, ratio: float, shown: tuple[object, ...], paint: Callable[[QPainter], None]
    ) -> None:
        kept = self._kept.get(name)
        if kept is None or kept[0] != (ratio, shown):
            image = QImage(round(box.width() * ratio), round(box.height() * ratio), QImage.Format.Format_ARGB32_Premultiplied)
            image.setDevicePixelRatio(ratio)
            image.fill(0)
            inner = QPainter(image)
            paint(inner)
            inner.end()
            kept = self._kept[name] = (ratio, shown), image
        painter.drawImage(box.topLeft(), kept[1])


def paint_mark(painter: QPainter, place: tuple[float, float], theme: Theme) -> None:
    """Draw a ring around a pixel."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, thick in ((theme.halo, 5.0), (theme.bad, 2.5)):
        painter.setPen(QPen(QColor(colour), thick))
        painter.drawEllipse(QPointF(*place), 14.0, 14.0)


def paint_trace(painter: QPainter, view: View, lines: Sequence[Floats], theme: Theme) -> None:
    """Draw a broad light band along lines in metres, through which their own colour is seen, with a handle at both ends of each."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    band = QColor(theme.accent)
    band.setAlphaF(0.38)
    screen = [view.to_screen(line) for line in lines if len(line)]
    painter.setPen(QPen(band, 15.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for line in screen:
        painter.drawPolyline(polygon_of(line))
    painter.setPen(QPen(QColor(theme.accent), 2.0))
    painter.setBrush(QColor(theme.panel))
    for line in screen:
        for x, y in line[[0, -1]].tolist():
            painter.drawEllipse(QPointF(x, y), 4.0, 4.0)


def bar_length(scale: float, longest: float = 140.0) -> float:
    """Return the length of the scale bar in metres: the largest 1, 2 or 5 × 10ⁿ that is at most `longest` pixels.

    >>> bar_length(0.5), bar_length(2.0)
    (200.0, 50.0)
    """
    room = longest / scale
    # The logarithm of 999.9999999999999 is 3.0, so the power may be one too high: a shorter bar is tried as well.
    power = 10.0 ** math.floor(math.log10(room))
    return max(step * power for step in (0.5, 1.0, 2.0, 5.0) if step * power <= room)


def _paint_scale_bar(painter: QPainter, metres: float, wide: float, theme: Theme) -> None:
    """Draw a bar of `wide` pixels into a box of 200 × 60."""
    left, y = float(MARGIN), 60.0 - MARGIN - 2.0
    words = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m" if metres >= 1 else f"{metres * 100:g} cm"
    _paint_plate(painter, QRectF(left - 10, y - 26, wide + 20, 34), theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for colour, thick in ((theme.map, 5.0), (theme.text, 2.0)):
        painter.setPen(QPen(QColor(colour), thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(QPointF(left, y), QPointF(left + wide, y))
    painter.setFont(font(SMALL + 1))
    align = Qt.AlignmentFlag
    for colour, dx, dy in ((theme.map, -1, 0), (theme.map, 1, 0), (theme.map, 0, -1), (theme.map, 0, 1), (theme.text, 0, 0)):
        painter.setPen(QColor(colour))
        painter.drawText(QRectF(left + dx, y - 22 + dy, 40, 18), align.AlignLeft | align.AlignBottom, "0")
        painter.drawText(QRectF(left + wide - 80 + dx, y - 22 + dy, 80, 18), align.AlignRight | align.AlignBottom, words)


def _paint_north_arrow(painter: QPainter, theme: Theme) -> None:
    """Draw an arrow into a box of 60 × 90."""
    x, y = 60.0 - MARGIN - 8.0, float(MARGIN)
    _paint_plate(painter, QRectF(x - 17, y - 8, 34, 54), theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.text))
    painter.drawPolygon(QPolygonF([QPointF(x, y), QPointF(x + 7, y + 24), QPointF(x, y + 19), QPointF(x - 7, y + 24)]))
    painter.setFont(font(TEXT - 1))
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(x - 12, y + 25, 24, 16), Qt.AlignmentFlag.AlignCenter, "N")


def _paint_plate(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """Paint the map paler behind a decoration, so that labels below do not run into it."""
    ground = QColor(theme.map)
    ground.setAlphaF(0.9)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 6, 6)
