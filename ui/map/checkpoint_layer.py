"""Checkpoints with their rank, crossings that stay open, leaks, and cordons as dashed lines."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.checkpoints import Cordons
from gridplanner.model.lines import Floats
from ui.checkpoint_places import Spot, Status, spots_of
from ui.map.checkpoint_marks import paint_sign
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of

MARGIN = 16.0  # pixels that a sign reaches from its place
SMALLEST = 0.02  # pixels per metre below which signs of places that are not held shrink
ORDER = (Status.OPEN, Status.LEAK, Status.FORBIDDEN, Status.WISHED, Status.NEW, Status.EXISTING)  # the last lies on top


class CheckpointLayer:
    """What is held lies over what is open, the first rank over the last."""

    name = "checkpoints"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        there = project.checkpoints is not None or len(project.cordons) > 0 or len(project.checkpoint_sites) > 0
        return (project.checkpoints, project.cordons, project.checkpoint_sites) if there else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project, look = scene.showing.project, scene.theme
        self._paint_cordons(painter, scene, project.cordons)
        spots = spots_of(project)
        if not len(spots):
            return
        region = scene.region
        at = scene.view.to_screen(spots.xy)
        seen = (at[:, 0] > region.left - MARGIN) & (at[:, 0] < region.right + MARGIN)
        seen &= (at[:, 1] > region.top - MARGIN) & (at[:, 1] < region.bottom + MARGIN)
        plan = project.checkpoints
        scale = float(np.clip(np.sqrt(scene.view.scale / SMALLEST), 0.6, 1.0))

        def rank(spot: Spot) -> int:
            return plan.checkpoints[spot.checkpoint].rank if plan is not None and spot.checkpoint >= 0 else 0

        rows = sorted(np.flatnonzero(seen).tolist(), key=lambda row: (ORDER.index(spots.spots[row].status), -rank(spots.spots[row])))
        for row in rows:
            spot, (x, y) = spots.spots[row], at[row].tolist()
            number = rank(spot)
            paint_sign(painter, QPointF(x, y), spot.status, look, str(number) if number else "", 1.0 if number else scale)
            scene.breathe()

    def _paint_cordons(self, painter: QPainter, scene: Scene, cordons: Cordons) -> None:
        width = scene.showing.looks.look(self.name).width
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for lines in cordon_lines(cordons):
            for line in lines:
                if not scene.touches(line, 8.0 * max(width, 1.0)):
                    continue
                polygon = polygon_of(scene.view.to_screen(line))
                for colour, thick, style in (
                    (scene.theme.halo, 5.0, Qt.PenStyle.SolidLine), (scene.theme.accent, 2.2, Qt.PenStyle.DashLine)
                ):  # fmt: skip
                    painter.setPen(QPen(QColor(colour), thick * width, style, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
                    painter.drawPolyline(polygon)
                scene.breathe()


@lru_cache(maxsize=4)
def cordon_lines(cordons: Cordons) -> list[list[Floats]]:
    """Return the lines of each cordon, (n, 2) each: all rings of an area, or the pieces of a border."""
    return [_lines_of(shape) for shape in cordons.shapes]


def _lines_of(shape: Any) -> list[Floats]:
    """Return every line in a shape of the model, however deep its coordinates lie."""
    found: list[Floats] = []

    def take(part: Any) -> None:
        if len(part) and isinstance(part[0][0], float | int):
            found.append(np.array(part, np.float64)[:, :2])
        else:
            for below in part:
                take(below)

    coordinates = shape.__geo_interface__["coordinates"]
    if len(coordinates):
        take(coordinates)
    return found
