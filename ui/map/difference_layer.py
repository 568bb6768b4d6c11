"""Where two scenarios differ: units whose households are in another grid hatched, the other scenario's borders dashed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from gridplanner.model.outlines import grid_ids, grid_rows, ground_of, rings_of_ground
from gridplanner.model.units import OUTSIDE
from ui.map.difference import Difference
from ui.map.scene import Scene, Showing
from ui.map.shapes import Areas, areas_of, path_of

GAP = 4.0  # dashes and the room between them, in widths of the pen


class DifferenceLayer:
    """The difference between the scenario shown and the one it is compared with."""

    name = "difference"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        found = showing.difference
        if found is None or found.units is not showing.project.units:
            return ()
        return (found,)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        found = scene.showing.difference
        assert found is not None
        areas = changed_areas(found)
        scene.breathe()
        ink = QColor(scene.theme.bad)
        tint = QColor(ink)
        tint.setAlphaF(0.12)
        hatch = QColor(ink)
        hatch.setAlphaF(0.55)
        for row in np.flatnonzero(scene.sees(areas.boxes)).tolist():
            path = path_of([scene.view.to_screen(loop) for loop in areas.loops(row)], (0.0, 0.0))
            painter.fillPath(path, tint)
            painter.fillPath(path, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            scene.breathe()
        dashes = QPen(ink, 2.0, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        dashes.setDashPattern([GAP, GAP / 2])
        painter.setPen(dashes)
        scene.draw_indexed(painter, found.borders)


@lru_cache(maxsize=2)
def changed_areas(found: Difference) -> Areas:
    """Return the ground of each grid's changed units; ids are the places in `grid_ids` of those grids that have any."""
    units, plan, changed = found.units, found.plan, found.changed
    labels = np.where(changed, grid_rows(plan), OUTSIDE).astype(np.int32)
    rows = np.unique(labels[changed]).astype(np.int32)
    if not len(rows) or not len(grid_ids(plan)):
        return areas_of(np.zeros((0, 2)), np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int32))
    rings = rings_of_ground(units, ground_of(units, labels, rows))
    return areas_of(units.xy[rings.nodes], rings.offsets, rings.face, rows)
