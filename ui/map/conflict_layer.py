"""Conflicts on the map: hatched one way where mine holds, the other way where theirs does, both ways where it is not decided yet."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from gridplanner.i18n import _
from ui.map.conflicts import MINE, OPEN, THEIRS, Conflicts
from ui.map.scene import Scene, Showing
from ui.map.shapes import inner_point, path_of
from ui.map.themes import Entry
from ui.short_codes import with_short_codes
from ui.styles import SMALL, Theme, font

PAD, LINE = 8.0, 18.0  # pixels of the card on the conflict in hand
MOST = 260.0  # pixels of its words
HATCHES = {MINE: Qt.BrushStyle.BDiagPattern, THEIRS: Qt.BrushStyle.FDiagPattern, OPEN: Qt.BrushStyle.DiagCrossPattern}


class ConflictLayer:
    """The ground of the conflicts, and of the one in hand the grid it lies in: mine in one line, theirs dashed."""

    name = "conflicts"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.conflicts,) if showing.conflicts is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        found = scene.showing.conflicts
        assert found is not None
        for row in np.flatnonzero(scene.sees(found.areas.boxes)).tolist():
            side = found.sides[row]
            path = path_of([scene.view.to_screen(loop) for loop in found.areas.loops(row)], (0.0, 0.0))
            veil, hatch = QColor(scene.theme.panel), QColor(ink(side, scene.theme))
            veil.setAlphaF(0.55 if row == found.chosen else 0.4)
            strong = 0.9 if row == found.chosen else 0.6
            hatch.setAlphaF(strong if side != OPEN else strong / 2)  # of an open one both ways are hatched
            painter.fillPath(path, veil)
            painter.fillPath(path, QBrush(hatch, HATCHES[side]))
            painter.strokePath(path, QPen(QColor(ink(side, scene.theme)), 3.0 if row == found.chosen else 1.6))
            scene.breathe()
        if found.chosen >= 0:
            self._paint_chosen(painter, scene, found)

    def _paint_chosen(self, painter: QPainter, scene: Scene, found: Conflicts) -> None:
        halo = QColor(scene.theme.halo)
        halo.setAlphaF(0.8)
        for pieces, side in ((found.mine, MINE), (found.theirs, THEIRS)):
            colour = QColor(ink(side, scene.theme))
            painter.setPen(QPen(halo, 5.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            scene.draw_pieces(painter, pieces)
            pen = QPen(colour, 2.6, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([4.0, 2.0])
            painter.setPen(pen if side == THEIRS else QPen(colour, 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            scene.draw_pieces(painter, pieces)


class ConflictCardLayer:
    """What either side makes of the conflict in hand, on two lines beside it: over everything else."""

    name = "conflicts"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        found = showing.conflicts
        return (found, showing.language) if found is not None and found.chosen >= 0 and any(found.titles) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        found = scene.showing.conflicts
        assert found is not None
        face = font(SMALL + 1, bold=True)
        metrics = QFontMetricsF(face)
        x, y = inner_point(found.areas.loops(found.chosen))
        if not np.isfinite(x):
            return
        lines = [
            (key, side, metrics.elidedText(with_short_codes(words), Qt.TextElideMode.ElideRight, MOST))
            for key, side, words in (("1", MINE, found.titles[0]), ("2", THEIRS, found.titles[1]))
        ]
        wide = max(metrics.horizontalAdvance(words) for _key, _side, words in lines) + LINE + 2 * PAD + 4
        high = LINE * len(lines) + PAD
        bottom = scene.view.point_to_screen(x, float(found.areas.boxes[found.chosen, 3]))[1]
        left, top = round(scene.view.point_to_screen(x, y)[0] - wide / 2), round(bottom - high - 10)
        box = QRectF(left, top, round(wide), high)
        card = QPainterPath()
        card.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.fillPath(card, QColor(scene.theme.panel))
        painter.strokePath(card, QPen(QColor(scene.theme.line), 1.0))
        painter.setFont(face)
        for number, (key, side, words) in enumerate(lines):
            middle = box.top() + PAD / 2 + LINE * (number + 0.5)
            taken = found.sides[found.chosen] == side
            colour = QColor(ink(side, scene.theme))
            painter.setPen(QPen(colour, 1.0))
            painter.setBrush(colour if taken else QColor(scene.theme.panel))
            painter.drawEllipse(QPointF(box.left() + PAD + 6, middle), 7.5, 7.5)
            painter.setPen(QColor(scene.theme.panel) if taken else colour)
            painter.drawText(QRectF(box.left() + PAD - 2, middle - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, key)
            painter.setPen(QColor(scene.theme.text))
            at = QRectF(box.left() + PAD + LINE + 2, middle - LINE / 2, wide, LINE)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def ink(side: int, look: Theme) -> str:
    """Return the colour of a side: blue and orange, which are told apart by every eye."""
    return {MINE: look.accent, THEIRS: look.warn}.get(side, look.text)


def conflict_entries(showing: Showing) -> tuple[Entry, ...]:
    """Return the lines of the legend while conflicts are shown."""
    look, found = showing.theme, showing.conflicts
    if found is None:
        return ()
    return (
        Entry("hatch:x", ink(OPEN, look), _("Not decided yet")),
        Entry("hatch:b", ink(MINE, look), _("Mine")),
        Entry("hatch:f", ink(THEIRS, look), _("Theirs")),
        *((Entry("line", ink(MINE, look), _("Grid as in mine")),) if len(found.mine) else ()),
        *((Entry("dash", ink(THEIRS, look), _("Grid as in theirs")),) if len(found.theirs) else ()),
    )
