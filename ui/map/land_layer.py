"""The land to be planned: the communities, before there are grids on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.places import Communities
from ui.map.scene import Scene, Showing
from ui.map.shapes import path_of, polygon_of


class LandLayer:
    """Every community filled like bare land."""

    name = "communities"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.communities,) if len(showing.project.communities) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        loops = community_loops(scene.showing.project.communities)
        painter.setBrush(QColor(scene.theme.land))
        painter.setPen(Qt.PenStyle.NoPen)
        for rings in loops:
            path = path_of([scene.view.to_screen(ring) for ring in rings], (0.0, 0.0))
            painter.drawPath(path)
            scene.breathe()


class LimitLayer:
    """The outlines of the communities, over the streets that most of them run along."""

    name = "limits"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.communities,) if len(showing.project.communities) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        painter.setPen(QPen(QColor(scene.theme.border), 1.4))
        for rings in community_loops(scene.showing.project.communities):
            for ring in rings:
                painter.drawPolyline(polygon_of(scene.view.to_screen(ring)))
            scene.breathe()


@lru_cache(maxsize=2)
def community_loops(communities: Communities) -> list[list[Floats]]:
    """Return the rings of each community, (n, 2) each; shapely's own geometry interface spares the window its import."""
    return [loops_of(polygon) for polygon in communities.polygons]


def loops_of(polygon: Any) -> list[Floats]:
    """Return the rings of a polygon of the model, shells and holes alike."""
    shape = polygon.__geo_interface__
    coordinates = shape["coordinates"]
    polygons = [coordinates] if shape["type"] == "Polygon" else coordinates
    return [np.array(ring, np.float64)[:, :2] for polygon in polygons for ring in polygon if len(ring)]
