"""Communities that are handed out: a quiet hatch over each, and at its head with whom it is and until when."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from gridplanner.i18n import _
from gridplanner.model.lines import Floats
from gridplanner.model.places import Communities
from ui.map.land_layer import box_of, community_loops
from ui.map.scene import Scene, Showing
from ui.map.shapes import path_of
from ui.map.themes import Entry
from ui.styles import SMALL, font

DEPTH = 22.0  # pixels from the head of a community to the middle of its words
PAD, HIGH, ROUND = 8.0, 20.0, 10.0  # pixels of the label
LEAST = 72.0  # pixels of a chord on which words still make sense


class LeaseLayer:
    """The hatch: over the fills of the grids, below their borders."""

    name = "leases"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.leases,) if showing.leases is not None and showing.leases.rows else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        leases = scene.showing.leases
        assert leases is not None
        veil, hatch = QColor(scene.theme.panel), QColor(scene.theme.muted)
        veil.setAlphaF(0.25)
        hatch.setAlphaF(0.5)
        edge = QPen(hatch, 3.0, Qt.PenStyle.SolidLine)
        edge.setDashPattern([3.0, 2.0])
        loops = community_loops(leases.communities)
        seen = scene.sees(_boxes(leases.communities)[list(leases.rows)])
        for row in np.array(leases.rows)[seen].tolist():
            path = path_of([scene.view.to_screen(loop) for loop in loops[row]], (0.0, 0.0))
            painter.fillPath(path, veil)
            painter.fillPath(path, QBrush(hatch, Qt.BrushStyle.FDiagPattern))
            painter.strokePath(path, edge)
            scene.breathe()


class LeaseLabelLayer:
    """The words: over everything, as they say that an edit here may meet another's."""

    name = "leases"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.leases, showing.language) if showing.leases is not None and showing.leases.rows else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        leases = scene.showing.leases
        assert leases is not None
        face = _face()
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        ground, line = QColor(scene.theme.panel), QColor(scene.theme.faint)
        ground.setAlphaF(0.94)
        for row, words, short in zip(leases.rows, leases.words, leases.short, strict=True):
            x, y, room = head_of(community_loops(leases.communities)[row], DEPTH / scene.view.scale)
            room *= scene.view.scale
            if not room >= LEAST:  # NaN where a community has no shape
                continue
            fits = metrics.horizontalAdvance(words) <= room - 2 * PAD
            told = metrics.elidedText(words if fits else short, Qt.TextElideMode.ElideRight, max(room - 2 * PAD, LEAST))
            wide = metrics.horizontalAdvance(told) + 2 * PAD
            left, top = scene.view.point_to_screen(x, y)
            box = QRectF(round(left - wide / 2), round(top - HIGH / 2), round(wide), HIGH)
            region = scene.region
            if box.right() < region.left or box.left() > region.right or box.bottom() < region.top or box.top() > region.bottom:
                continue
            path = QPainterPath()
            path.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)
            painter.fillPath(path, ground)
            painter.strokePath(path, QPen(line, 1.0))
            painter.setPen(QColor(scene.theme.text))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, told)
            scene.breathe()


def lease_entries(showing: Showing) -> tuple[Entry, ...]:
    """Return the line of the legend, none where nothing is handed out or it is not shown."""
    there = showing.leases is not None and showing.leases.rows and "leases" not in showing.hidden
    return (Entry("hatch:f", showing.theme.muted, _("Handed out")),) if there else ()


def head_of(loops: list[Floats], depth: float) -> tuple[float, float, float]:
    """Return the middle of the longest chord of an area at so many metres below its head, and its length; NaN where there is none."""
    if not loops:
        return np.nan, np.nan, np.nan
    a = np.concatenate([loop[:-1] for loop in loops])
    b = np.concatenate([loop[1:] for loop in loops])
    high, low = float(a[:, 1].max()), float(a[:, 1].min())
    y = max(high - depth, (high + low) / 2)
    cross = (a[:, 1] > y) != (b[:, 1] > y)
    x = np.sort(a[cross, 0] + (y - a[cross, 1]) / (b[cross, 1] - a[cross, 1]) * (b[cross, 0] - a[cross, 0]))
    if len(x) < 2:
        return np.nan, np.nan, np.nan
    widths = x[1::2] - x[0 : len(x) // 2 * 2 : 2]
    best = int(widths.argmax())
    return float((x[2 * best] + x[2 * best + 1]) / 2), y, float(widths[best])


@lru_cache(maxsize=4)
def _boxes(communities: Communities) -> Floats:
    return np.array([box_of(rings) for rings in community_loops(communities)]).reshape(-1, 4)


def _face() -> QFont:
    return font(SMALL + 1, bold=True)
