"""Railways: the track as maps draw it, and the guard segments along it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.map.road_layer import line_pieces
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of

SQUADS = ("#0b5fff", "#d9480f", "#067647", "#8a3ffc", "#b58900", "#c2255c")


class RailLayer:
    """Tracks, dark with light sleepers."""

    name = "rail"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.railway,) if len(showing.project.railway) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        pieces = line_pieces(project.railway.lines)[0]
        painter.setPen(QPen(QColor(scene.theme.rail), 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        scene.draw_pieces(painter, pieces)
        pen = QPen(QColor(scene.theme.halo), 1.6, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([5.0, 5.0])
        painter.setPen(pen)
        lines = project.railway.lines
        for index in range(len(lines)):
            painter.drawPolyline(polygon_of(scene.view.to_screen(lines.line(index))))
            scene.breathe()


class GuardLayer:
    """Guard segments as a band in the colour of their squad, their ends marked."""

    name = "guards"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.rail,) if showing.project.rail is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        assert scene.showing.project.rail is not None
        for segment in scene.showing.project.rail.segments:
            colour = QColor(SQUADS[segment.squad % len(SQUADS)])
            colour.setAlphaF(0.55 if segment.guard % 2 else 0.35)
            at = scene.view.to_screen(np.asarray(segment.coords, np.float64))
            painter.setPen(QPen(colour, 11.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(polygon_of(at))
            painter.setPen(QPen(QColor(scene.theme.border), 1.4))
            painter.setBrush(QColor(scene.theme.halo))
            painter.drawEllipse(QPointF(*at[0].tolist()), 3.2, 3.2)
            scene.breathe()
