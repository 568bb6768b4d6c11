"""Patrol zones: a broad line around each, over the grids' own borders."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.outlines import zone_rows
from ui.map.grid_layer import draw_between
from ui.map.land_layer import loops_of
from ui.map.scene import Changed, Scene, Showing
from ui.map.shapes import path_of


class ZoneLayer:
    """The borders between zones, or the hulls of zones that were made of streets alone."""

    name = "zones"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        return (project.zones, project.units, project.grids) if project.zones is not None else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another grid; zones are made of grids."""
        same = changed.before.showing.project.zones is changed.after.showing.project.zones
        return changed.units if changed.plan is not None and same else None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        zones = project.zones
        assert zones is not None
        width = 3.5 * scene.showing.looks.look(self.name).width
        colour = QColor(scene.theme.zone)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.RoundJoin))
        if project.units is not None and project.grids is not None and zones.members:
            several = len(zones.zones) > 1  # the outer border is left to the communities, unless there is no other
            draw_between(painter, scene, project.units, zone_rows(project.grids, zones), outside=not several)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for hull in zones.hulls:
            painter.drawPath(path_of([scene.view.to_screen(ring) for ring in loops_of(hull)], (0.0, 0.0)))
            scene.breathe()
