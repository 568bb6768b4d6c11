"""The land to be planned: the communities, before there are grids on it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.piece_index import PieceIndex, index_of_pieces
from gridplanner.model.places import Communities
from ui.map.scene import Scene, Showing
from ui.map.shapes import path_of


class LandLayer:
    """Every community filled like bare land."""

    name = "communities"

    def __init__(self) -> None:
        self._kept: tuple[Communities, list[QPainterPath], Floats, tuple[float, float]] | None = None

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.communities,) if len(showing.project.communities) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing = scene.showing
        covered = showing.project.grids is not None and "grids" not in showing.hidden and showing.map_theme == "grid"
        if covered and showing.looks.look("grids").opacity >= 1.0:
            return  # grids cover the communities to the last centimetre
        paths, boxes, origin = self._paths(scene.showing.project.communities)
        painter.setBrush(QColor(scene.theme.land))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setTransform(scene.world(origin))
        for row in np.flatnonzero(scene.sees(boxes)).tolist():
            painter.drawPath(paths[row])
            scene.breathe()
        painter.resetTransform()

    def _paths(self, communities: Communities) -> tuple[list[QPainterPath], Floats, tuple[float, float]]:
        if self._kept is None or self._kept[0] is not communities:
            areas = community_loops(communities)
            origin = tuple(areas[0][0][0].tolist())
            paths = [path_of(rings, origin) for rings in areas]
            self._kept = communities, paths, np.array([box_of(rings) for rings in areas]), origin
        return self._kept[1:]


class LimitLayer:
    """The outlines of the communities, over the streets that most of them run along."""

    name = "limits"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.communities,) if len(showing.project.communities) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        painter.setPen(QPen(QColor(scene.theme.border), 1.4 * scene.showing.looks.look(self.name).width))
        scene.draw_indexed(painter, limit_index(scene.showing.project.communities))


@lru_cache(maxsize=4)
def community_loops(communities: Communities) -> list[list[Floats]]:
    """Return the rings of each community, (n, 2) each; shapely's own geometry interface spares the window its import."""
    return [loops_of(polygon) for polygon in communities.polygons]


@lru_cache(maxsize=4)
def limit_index(communities: Communities) -> PieceIndex:
    """Return the straight pieces of the outlines of all communities."""
    rings = [ring for rings in community_loops(communities) for ring in rings]
    return index_of_pieces(np.concatenate([np.hstack((ring[:-1], ring[1:])) for ring in rings]))


def loops_of(polygon: Any) -> list[Floats]:
    """Return the rings of a polygon of the model, shells and holes alike."""
    shape = polygon.__geo_interface__
    coordinates = shape["coordinates"]
    polygons = [coordinates] if shape["type"] == "Polygon" else coordinates
    return [np.array(ring, np.float64)[:, :2] for polygon in polygons for ring in polygon if len(ring)]


def box_of(rings: list[Floats]) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of rings; NaN where there are none."""
    if not rings:
        return np.nan, np.nan, np.nan, np.nan
    low, high = np.min([ring.min(axis=0) for ring in rings], axis=0), np.max([ring.max(axis=0) for ring in rings], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
