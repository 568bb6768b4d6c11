"""Patrol routes and where they stop."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of

ROUTES = ("#0b5fff", "#d9480f", "#067647", "#c2255c", "#b58900", "#0c8599", "#5c3d2e", "#4b5563")  # none like a zone's border


class PatrolLayer:
    """Each route in its colour on a light casing, an arrow where it leaves the depot, stops as rings."""

    name = "patrol"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.patrol,) if showing.project.patrol is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        plan = scene.showing.project.patrol
        assert plan is not None
        broader = scene.showing.looks.look(self.name).width
        ends, joins = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        for index, route in enumerate(plan.routes):
            if not scene.touches(route.coords, 8.0 * max(broader, 1.0)):
                continue
            colour = QColor(ROUTES[index % len(ROUTES)])
            line = polygon_of(scene.view.to_screen(route.coords))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(QColor(scene.theme.halo), 5.5 * broader), QPen(colour, 3.0 * broader)):
                pen.setCapStyle(ends)
                pen.setJoinStyle(joins)
                painter.setPen(pen)
                painter.drawPolyline(line)
                scene.breathe()
            painter.setPen(QPen(colour, 2.0))
            painter.setBrush(QColor(scene.theme.halo))
            stops = [(stop.x, stop.y) for stop in route.stops if stop.kind != "street"]
            for x, y in scene.view.to_screen(np.array(stops, np.float64).reshape(-1, 2)).tolist():
                painter.drawEllipse(QPointF(x, y), 4.5, 4.5)
