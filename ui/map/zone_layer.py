"""Patrol zones: a broad line around each, over the grids' own borders."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats
from gridplanner.model.outlines import zone_rows
from gridplanner.model.units import Units
from gridplanner.model.zones import ZonePlan
from ui.map.land_layer import loops_of
from ui.map.scene import Scene, Showing
from ui.map.shapes import border_pieces, path_of


class ZoneLayer:
    """The borders between zones, or the hulls of zones that were made of streets alone."""

    name = "zones"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        return (project.zones, project.units, project.grids) if project.zones is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        zones = project.zones
        assert zones is not None
        colour = QColor(scene.theme.zone)
        painter.setPen(QPen(colour, 3.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if project.units is not None and project.grids is not None and zones.members:
            scene.draw_pieces(painter, zone_pieces(project.units, project.grids, zones))
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for hull in zones.hulls:
            painter.drawPath(path_of([scene.view.to_screen(ring) for ring in loops_of(hull)], (0.0, 0.0)))
            scene.breathe()


@lru_cache(maxsize=2)
def zone_pieces(units: Units, grids: GridPlan, zones: ZonePlan) -> Floats:
    """Return the pieces between zones, (m, 4); those of the outer border are left to the communities."""
    rows = zone_rows(grids, zones)
    inner = (units.left >= 0) & (units.right >= 0)
    differ = inner & (rows[np.where(inner, units.left, 0)] != rows[np.where(inner, units.right, 0)])
    return units.xy[units.ends[differ]].reshape(-1, 4) if differ.any() else border_pieces(units, rows)
