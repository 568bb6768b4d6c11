"""Grids: their fills below the streets, their borders above."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats
from gridplanner.model.units import Units
from ui.map.colours import grid_colours, palette
from ui.map.scene import Scene, Showing
from ui.map.shapes import Areas, border_pieces, grid_loops, path_of

FEW = 3000  # pieces that may have round ends, which cost ten times as much


class GridFillLayer:
    """Every grid filled with its colour; unassigned units stay bare."""

    name = "grids"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        return (project.units, project.grids) if project.units is not None and project.grids is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        units, plan = scene.showing.project.units, scene.showing.project.grids
        assert units is not None
        assert plan is not None
        areas, colours, fills = grid_loops(units, plan), grid_colours(units, plan), palette(scene.theme)
        scene.breathe()
        paths = area_paths(areas)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setTransform(scene.world(areas.origin))
        for index in np.flatnonzero(scene.view.sees(areas.boxes)).tolist():
            painter.setBrush(fills[colours.get(int(areas.ids[index]), 0)])
            painter.drawPath(paths[index])
            scene.breathe()
        painter.resetTransform()


class GridBorderLayer:
    """The borders between grids, and fainter those between units where they are wanted or where there are no grids yet."""

    name = "borders"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        units = showing.project.units
        return (units, showing.project.grids, showing.show_units) if units is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        units, plan = project.units, project.grids
        assert units is not None
        if plan is None or scene.showing.show_units:
            colour = QColor(scene.theme.border)
            colour.setAlphaF(0.45)
            painter.setPen(_pen(colour, 0.8, round_ends=False))
            scene.draw_pieces(painter, unit_pieces(units))
        if plan is not None:
            width = float(np.clip(2.2 * scene.view.scale**0.25, 0.9, 2.4))
            pieces = grid_pieces(units, plan)
            painter.setPen(_pen(QColor(scene.theme.border), width, round_ends=_count_near(pieces, scene) < FEW))
            scene.draw_pieces(painter, pieces)
        painter.setPen(_pen(QColor(scene.theme.border), 2.0, round_ends=False))
        scene.draw_pieces(painter, community_pieces(units))


class SelectionLayer:
    """The selected grids, outlined in the accent colour."""

    name = "selection"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        if showing.selected is None or project.units is None or project.grids is None:
            return ()
        return (project.units, project.grids, showing.selected, showing.others)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        units, plan = scene.showing.project.units, scene.showing.project.grids
        assert units is not None
        assert plan is not None
        areas = grid_loops(units, plan)
        chosen = {scene.showing.selected, *scene.showing.others} - {None}
        found = np.flatnonzero(np.isin(areas.ids, np.array(list(chosen), np.int64)))
        if not len(found):
            return
        pen = QPen(QColor(scene.theme.accent), 3.0)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tint = QColor(scene.theme.accent)
        tint.setAlphaF(0.10)
        painter.setBrush(tint)
        painter.setTransform(scene.world(areas.origin))
        for index in found.tolist():
            painter.drawPath(area_paths(areas)[index])
        painter.resetTransform()


@lru_cache(maxsize=4)
def area_paths(areas: Areas) -> list[QPainterPath]:
    """Return each area's path in metres from their origin; only for the painting thread."""
    return [path_of(areas.loops(index), areas.origin) for index in range(len(areas))]


@lru_cache(maxsize=4)
def grid_pieces(units: Units, plan: GridPlan) -> Floats:
    """Return the pieces between grids."""
    return border_pieces(units, plan.labels)


@lru_cache(maxsize=2)
def unit_pieces(units: Units) -> Floats:
    """Return all pieces."""
    return units.xy[units.ends].reshape(-1, 4)


@lru_cache(maxsize=2)
def community_pieces(units: Units) -> Floats:
    """Return the pieces between communities and along the outside."""
    return border_pieces(units, units.community)


def _count_near(pieces: Floats, scene: Scene) -> int:
    left, bottom, right, top = scene.view.bounds
    inside = (pieces[:, 0] >= left) & (pieces[:, 0] <= right) & (pieces[:, 1] >= bottom) & (pieces[:, 1] <= top)
    return int(inside.sum())


def _pen(colour: QColor, width: float, *, round_ends: bool) -> QPen:
    cap = Qt.PenCapStyle.RoundCap if round_ends else Qt.PenCapStyle.FlatCap
    return QPen(colour, width, Qt.PenStyle.SolidLine, cap)
