"""Railways: the track as maps draw it, and the guard segments along it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.piece_index import PieceIndex, index_of_pieces
from gridplanner.model.places import Railway
from ui.map.road_layer import line_pieces
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of

SQUADS = ("#0b5fff", "#d9480f", "#067647", "#8a3ffc", "#b58900", "#c2255c")


class RailLayer:
    """Tracks, dark with light sleepers."""

    name = "rail"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.railway,) if len(showing.project.railway) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        broader = scene.showing.looks.look(self.name).width
        painter.setPen(QPen(QColor(scene.theme.rail), 3.0 * broader, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        scene.draw_indexed(painter, rail_index(project.railway))
        pen = QPen(QColor(scene.theme.halo), 1.6 * broader, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([5.0, 5.0])
        painter.setPen(pen)
        lines = project.railway.lines
        for index in range(len(lines)):
            if scene.touches(lines.line(index)):
                painter.drawPolyline(polygon_of(scene.view.to_screen(lines.line(index))))
                scene.breathe()


@lru_cache(maxsize=4)
def rail_index(railway: Railway) -> PieceIndex:
    """Return the straight pieces of all tracks."""
    return index_of_pieces(line_pieces(railway.lines)[0])


class GuardLayer:
    """Guard segments as a band in the colour of their squad, their ends marked."""

    name = "guards"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.rail,) if showing.project.rail is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        assert scene.showing.project.rail is not None
        broader = scene.showing.looks.look(self.name).width
        for segment in scene.showing.project.rail.segments:
            if not scene.touches(np.asarray(segment.coords, np.float64), 8.0 * max(broader, 1.0)):
                continue
            colour = QColor(SQUADS[segment.squad % len(SQUADS)])
            colour.setAlphaF(0.55 if segment.guard % 2 else 0.35)
            at = scene.view.to_screen(np.asarray(segment.coords, np.float64))
            painter.setPen(QPen(colour, 11.0 * broader, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(polygon_of(at))
            painter.setPen(QPen(QColor(scene.theme.border), 1.4))
            painter.setBrush(QColor(scene.theme.halo))
            painter.drawEllipse(QPointF(*at[0].tolist()), 3.2, 3.2)
            scene.breathe()
