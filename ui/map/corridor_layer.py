"""The corridor along the railway: the area of each segment in a colour that says how many households live there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.rail import RailCorridor
from ui.map.scene import Scene, Showing
from ui.map.shapes import path_of
from ui.styles import Theme

# Cynthia Brewer's sequential scheme YlOrBr, five classes; on a dark ground the lightest stands out, so that it is for the most households
CLASSES = ("#ffffd4", "#fed98e", "#fe9929", "#d95f0e", "#993404")
STRENGTH = {"light": 0.5, "dark": 0.4}


class CorridorLayer:
    """One area a segment, translucent, so that houses and streets are seen through it."""

    name = "corridor"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = showing.project.rail
        return (plan.corridor,) if plan is not None and len(plan.corridor.codes) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        plan = scene.showing.project.rail
        assert plan is not None
        corridor = plan.corridor
        shapes = corridor_shapes(corridor)
        limits, colours = corridor_limits(corridor), corridor_colours(scene.theme)
        step = np.searchsorted(limits, corridor.households, side="right")
        edge = QColor(scene.theme.muted)
        edge.setAlphaF(0.7)
        seen = scene.sees(np.array([box for box, _path in shapes]), 3.0)
        for row in np.flatnonzero(seen).tolist():
            painter.setTransform(scene.world(_origin(corridor)))
            pen = QPen(edge, 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(colours[int(step[row])] if corridor.households[row] else Qt.BrushStyle.NoBrush)
            painter.drawPath(shapes[row][1])
            painter.resetTransform()
            scene.breathe()


def corridor_classes(look: Theme) -> tuple[str, ...]:
    """Return the colour of each class, from few to many households."""
    return CLASSES if look.name == "light" else CLASSES[::-1]


def corridor_colours(look: Theme) -> tuple[QColor, ...]:
    """Return the fill of each class, from few to many households."""
    found = []
    for name in corridor_classes(look):
        colour = QColor(name)
        colour.setAlphaF(STRENGTH[look.name])
        found.append(colour)
    return tuple(found)


@lru_cache(maxsize=8)
def corridor_limits(corridor: RailCorridor) -> tuple[int, ...]:
    """Return the households at which the colour changes, rising, of two digits at most; as many as there are classes, less one."""
    most = float(corridor.households.max(initial=0.0))
    wished = [most * (step / len(CLASSES)) ** 2 for step in range(1, len(CLASSES))]
    found: list[int] = []
    for value in wished:
        unit = 10 ** max(len(str(int(value))) - 2, 0)
        found.append(max(round(value / unit) * unit, found[-1] + 1 if found else 1))
    return tuple(found)


@lru_cache(maxsize=4)
def corridor_shapes(corridor: RailCorridor) -> list[tuple[tuple[float, float, float, float], QPainterPath]]:
    """Return the box of each area in metres and its outline as a path in metres from the first area's corner."""
    found = []
    for shape in corridor.polygons:
        loops = _loops(shape.__geo_interface__["coordinates"])
        path = path_of(loops, _origin(corridor))
        path.setFillRule(Qt.FillRule.OddEvenFill)
        found.append((tuple(shape.bounds) if loops else (np.inf, np.inf, -np.inf, -np.inf), path))
    return found


@lru_cache(maxsize=4)
def _origin(corridor: RailCorridor) -> tuple[float, float]:
    found = next((shape.bounds for shape in corridor.polygons if not shape.is_empty), (0.0, 0.0))
    return float(found[0]), float(found[1])


def _loops(part: Any) -> list[Floats]:
    """Return the rings in a shape's coordinates, however deep they lie."""
    if not len(part):
        return []
    if isinstance(part[0][0], float | int):
        return [np.array(part, np.float64)[:, :2]]
    return [loop for below in part for loop in _loops(below)]
