"""Patrol zones: a broad line around each, over the grids' own borders, and colours where zones do not follow grids."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.groups import groups_of
from gridplanner.model.lines import Floats
from gridplanner.model.zones import ZonePlan
from ui.map.beat_layer import BROAD, group_areas, moved_boxes
from ui.map.colours import palette
from ui.map.grid_layer import draw_between
from ui.map.group_colours import group_colours
from ui.map.land_layer import loops_of
from ui.map.scene import Changed, Scene, Showing
from ui.map.shapes import path_of
from ui.map.themes import theme_of_map

PLACE = 5.0  # pixels, radius of the ring where a zone is served from


class ZoneLayer:
    """The borders between zones, or the hulls of zones that were made of streets alone."""

    name = "zones"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        return (project.zones, project.units, project.grids) if project.zones is not None else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another zone, and of the places that zones are or were served from."""
        moved = moved_boxes(changed, "zones")
        places = [_places(scene.showing.project.zones) for scene in (changed.before, changed.after)]
        rings = [(*changed.after.view.point_to_screen(*place),) for place in set(places[0]) ^ set(places[1])]
        boxes = np.array(rings).reshape(-1, 2)
        reach = PLACE + 3.0
        return None if moved is None else np.concatenate((moved, np.hstack((boxes - reach, boxes + reach))))

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        zones = project.zones
        assert zones is not None
        width = BROAD * scene.showing.looks.look(self.name).width
        colour = QColor(scene.theme.zone)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.RoundJoin))
        groups = groups_of(project, "zones")
        if groups is not None and project.units is not None:
            several = len(groups) > 1  # the outer border is left to the communities, unless there is no other
            draw_between(painter, scene, project.units, groups.of_unit, outside=not several)
            self._paint_places(painter, scene, zones)
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for hull in zones.hulls:
            painter.drawPath(path_of([scene.view.to_screen(ring) for ring in loops_of(hull)], (0.0, 0.0)))
            scene.breathe()

    def _paint_places(self, painter: QPainter, scene: Scene, zones: ZonePlan) -> None:
        """Draw a ring where a zone is served from a place that is no depot; depots have marks of their own."""
        painter.setPen(QPen(QColor(scene.theme.zone), 2.5))
        painter.setBrush(QColor(scene.theme.halo))
        for place in _places(zones):
            painter.drawEllipse(QPointF(*scene.view.point_to_screen(*place)), PLACE, PLACE)


def _places(zones: ZonePlan | None) -> tuple[tuple[float, float], ...]:
    """Return the places that zones are served from which are no depots."""
    known = zones.zones.values() if zones is not None else ()
    return tuple((zone.x, zone.y) for zone in known if zone.depot < 0 and zone.x is not None and zone.y is not None)


class BlockZoneLayer:
    """The colours of zones of street blocks, in the theme by patrol zone: they do not follow the grids that are filled otherwise."""

    name = "zone-fills"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        shown = theme_of_map(showing.map_theme, project).id == "zone" and "grids" not in showing.hidden
        return (project.zones, project.units) if shown and project.zones is not None and len(project.zones.labels) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        groups = groups_of(project, "zones")
        if groups is None or project.units is None:
            return
        number, fills = group_colours(project.units, groups), palette(scene.theme)
        areas = group_areas(project.units, groups.of_unit, tuple(groups.known))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setTransform(scene.world(areas.origin))
        for row in np.flatnonzero(scene.sees(areas.boxes)).tolist():
            painter.setBrush(fills[number[int(areas.ids[row])]])
            painter.drawPath(path_of(areas.loops(row), areas.origin))
            scene.breathe()
        painter.resetTransform()
