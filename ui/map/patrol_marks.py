"""Signs of patrol routes on map, legend and page: what a stop is can be told by its shape, which route it is by its colour and code."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gridplanner.i18n import N_
from gridplanner.model.lines import Floats
from gridplanner.model.route_colours import COLOURS, PALETTE
from ui.styles import SMALL, Theme, font

LIGHT = PALETTE  # those of paper and of phones too; the same eight for the dark look
DARK = ("#74a9ff", "#ff9d5c", "#4fd394", "#ff85b0", "#e8c04a", "#4cc9dd", "#c9a48c", "#b4bdca")
assert len(LIGHT) == len(DARK) == COLOURS
STOP_WORDS = {"depot": N_("Depot"), "street": N_("Road"), "site": N_("Key site"), "rest": N_("Break")}
VIA, PICKED, NEED_NOT = "via", "picked", "need-not"  # signs that are no stops: a way led by hand, streets picked by hand
PALE = 0.34  # of its colour that a route keeps beside the one that is chosen
EMPTY, DASHES = 1.5, (4.0, 2.5)  # pixels of an empty stretch, and its dashes in multiples of these
HEAD, WING = 8.0, 5.0  # pixels that an arrow is long, and half as broad


def route_colour(number: int, look: Theme) -> QColor:
    """Return the colour with a number below COLOURS."""
    return QColor((DARK if look.name == "dark" else LIGHT)[number % COLOURS])


def paler(colour: QColor, look: Theme) -> QColor:
    """Return a colour that steps back behind the others."""
    ground = QColor(look.land)
    parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]  # getRgb returns a tuple
    return QColor(*(round(PALE * a + (1 - PALE) * b) for a, b in parts))


def paint_arrows(painter: QPainter, places: Floats, ways: Floats, colour: QColor, halo: QColor) -> None:
    """Draw small heads at places (n, 2) in pixels, each along a unit vector (n, 2)."""
    side = np.column_stack((-ways[:, 1], ways[:, 0])) * WING
    tips, backs = places + ways * HEAD * 0.6, places - ways * HEAD * 0.4
    painter.setPen(QPen(halo, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(colour)
    for tip, left, neck, right in zip(tips.tolist(), (backs + side).tolist(), (backs + ways * 2).tolist(), (backs - side).tolist(),
                                      strict=True):  # fmt: skip
        painter.drawPolygon(QPolygonF([QPointF(*tip), QPointF(*left), QPointF(*neck), QPointF(*right)]))


def paint_stop(painter: QPainter, at: QPointF, kind: str, colour: QColor, look: Theme, number: str = "", scale: float = 1.0) -> None:
    """Draw a stop: a square for a depot, a diamond for a key site, a ring with two bars for a break, a disc for a street.

    Or another sign: a small full disc where a way was led by hand, a broad ring for a street picked by hand, barred where it need not be.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QColor(look.panel)
    painter.setPen(QPen(colour, 2.0 * scale))
    painter.setBrush(ground)
    x, y = at.x(), at.y()
    size = (9.0 if number else 5.0) * scale
    if kind == VIA:
        painter.setPen(QPen(QColor(look.halo), 1.6))
        painter.setBrush(colour)
        painter.drawEllipse(at, 4.2 * scale, 4.2 * scale)
        return
    if kind in (PICKED, NEED_NOT):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, broad in ((QColor(look.halo), 4.6), (colour, 2.2)):
            painter.setPen(QPen(ink, broad * scale, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawEllipse(at, 6.5 * scale, 6.5 * scale)
            if kind == NEED_NOT:
                painter.drawLine(QPointF(x - 4.6 * scale, y + 4.6 * scale), QPointF(x + 4.6 * scale, y - 4.6 * scale))
        return
    if kind == "depot":
        painter.setPen(QPen(QColor(look.halo), 1.6))
        painter.setBrush(colour)
        box = QRectF(x - 6.5 * scale, y - 6.5 * scale, 13 * scale, 13 * scale)
        painter.drawRoundedRect(box, 2.5, 2.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(4 * scale, 4 * scale, -4 * scale, -4 * scale), 1.0, 1.0)
        return
    if kind == "site":
        size *= 1.25
        painter.drawPolygon(QPolygonF([QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)]))
    else:
        painter.drawEllipse(at, size, size)
    if kind == "rest" and not number:
        painter.setPen(QPen(colour, 1.8 * scale))
        for dx in (-1.8 * scale, 1.8 * scale):
            painter.drawLine(QPointF(x + dx, y - 2.2 * scale), QPointF(x + dx, y + 2.2 * scale))
    if number:
        _write_number(painter, at, number, kind, look)


def _write_number(painter: QPainter, at: QPointF, number: str, kind: str, look: Theme) -> None:
    painter.setFont(font(SMALL if len(number) < 3 else SMALL - 2, bold=True))
    painter.setPen(QColor(look.text))
    painter.drawText(QRectF(at.x() - 14, at.y() - 9, 28, 18), Qt.AlignmentFlag.AlignCenter, number)
    if kind == "rest":  # the bars below the number
        for dx in (-1.6, 1.6):
            painter.drawLine(QPointF(at.x() + dx, at.y() + 5.0), QPointF(at.x() + dx, at.y() + 7.5))


def paint_crew(painter: QPainter, at: QPointF, colour: QColor, look: Theme, words: str, *, pale: bool, rests: bool) -> None:
    """Draw a crew on its way: a broad disc with its number; two bars while it stands."""
    size = 6.5 if pale else 9.5
    painter.setPen(QPen(QColor(look.halo), 2.4))
    painter.setBrush(paler(colour, look) if pale else colour)
    painter.drawEllipse(at, size, size)
    if rests:
        painter.setPen(QPen(QColor(look.panel), 2.0))
        for dx in (-2.2, 2.2):
            painter.drawLine(QPointF(at.x() + dx, at.y() - 3.2), QPointF(at.x() + dx, at.y() + 3.2))
    elif words and not pale:
        painter.setFont(font(SMALL if len(words) < 3 else SMALL - 2, bold=True))
        painter.setPen(QColor(look.panel))
        painter.drawText(QRectF(at.x() - 14, at.y() - 9, 28, 18), Qt.AlignmentFlag.AlignCenter, words)
