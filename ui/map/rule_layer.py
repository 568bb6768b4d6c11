"""Rules on the map: areas kept together, grids of their own, lines that stay boundaries, places that stay in a grid."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.rules import RuleAreas
from ui.map.land_layer import loops_of
from ui.map.scene import Scene, Showing
from ui.map.shapes import path_of, polygon_of


class RuleLayer:
    """Exclusive areas hatched, areas kept together dotted in the accent colour, fixed lines broad, places as small diamonds."""

    name = "rules"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.rules,) if len(showing.project.rules) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        rules, look = scene.showing.project.rules, scene.theme
        hatch = QColor(look.border)
        hatch.setAlphaF(0.22)
        for area in area_loops(rules.exclusive):
            path = path_of([scene.view.to_screen(ring) for ring in area], (0.0, 0.0))
            painter.fillPath(path, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painter.strokePath(path, QPen(QColor(look.border), 1.8, Qt.PenStyle.DashLine))
            scene.breathe()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        dots = QPen(QColor(look.accent), 2.2, Qt.PenStyle.DotLine, Qt.PenCapStyle.RoundCap)
        for area in area_loops(rules.keep):
            painter.strokePath(path_of([scene.view.to_screen(ring) for ring in area], (0.0, 0.0)), dots)
            scene.breathe()
        painter.setPen(QPen(QColor(look.warn), 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for row in range(len(rules.fixed_lines)):
            painter.drawPolyline(polygon_of(scene.view.to_screen(rules.fixed_lines.line(row))))
            scene.breathe()
        painter.setPen(QPen(QColor(look.halo), 1.2))
        painter.setBrush(QColor(look.accent))
        for x, y in scene.view.to_screen(rules.must_stay.xy).tolist():
            painter.drawPolygon([QPointF(x, y - 5), QPointF(x + 5, y), QPointF(x, y + 5), QPointF(x - 5, y)])


@lru_cache(maxsize=4)
def area_loops(areas: RuleAreas) -> list[list[Floats]]:
    """Return the rings of each area, (n, 2) each; only for the painting thread."""
    return [loops_of(polygon) for polygon in areas.polygons]
