"""Grids: their fills below the streets, their borders above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import compress
from operator import ne

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import boundary_mask
from gridplanner.model.piece_index import PieceIndex, border_index, index_of_pieces
from gridplanner.model.units import OUTSIDE, Units
from ui.map.colours import grid_colours, palette
from ui.map.grid_shapes import GridShapes
from ui.map.scene import Changed, Scene, Showing
from ui.map.themes import fills_of, theme_sources

NONE = np.zeros((0, 4))


class GridFillLayer:
    """Every grid filled with its colour; unassigned units stay bare."""

    name = "grids"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        planned = project.units is not None and project.grids is not None
        return (project.units, project.grids, showing.colours, *theme_sources(showing)) if planned else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another grid, and of grids with another colour."""
        if changed.plan is None or changed.before.showing.map_theme != changed.after.showing.map_theme:
            return None
        before, after = _fills(changed.before.showing), _fills(changed.after.showing)
        other = _otherwise(before, after)
        shapes = changed.after.grids
        assert shapes is not None
        return np.concatenate((changed.units, changed.screen_boxes(shapes.boxes[shapes.rows_of(np.array(other, np.int64))])))

    def paint(self, painter: QPainter, scene: Scene) -> None:
        shapes, fills, hues = scene.grids, _fills(scene.showing), palette(scene.theme)
        assert shapes is not None
        scene.breathe()
        # jagged edges take half the time, and lie below the borders
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, "borders" in scene.showing.hidden)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setTransform(scene.world(shapes.origin))
        alike: dict[int, tuple[QColor, list[int]]] = {}  # grids of one colour after another: a brush is set once for all of them
        for row, grid in _seen(shapes, scene):
            fill = fills.get(grid, 0)
            colour = hues[fill] if isinstance(fill, int) else fill
            alike.setdefault(fill if isinstance(fill, int) else fill.rgba(), (colour, []))[1].append(row)
        for colour, rows in alike.values():
            painter.setBrush(colour)
            for count, row in enumerate(rows):
                painter.drawPath(shapes.path(row))
                if count % 8 == 7:
                    scene.breathe()
        painter.resetTransform()


class GridBorderLayer:
    """The borders between grids, and fainter those between units where they are wanted or where there are no grids yet."""

    name = "borders"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        units = showing.project.units
        return (units, showing.project.grids, showing.show_units) if units is not None else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another grid."""
        same = changed.before.showing.show_units == changed.after.showing.show_units
        return changed.units if changed.plan is not None and same else None

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        units, plan = project.units, project.grids
        assert units is not None
        index, limits, whole = border_index(units), community_index(units), scene.view.bounds
        count = index.count(whole)
        broader = scene.showing.looks.look(self.name).width
        scene.breathe()
        scene.smooth_lines(painter, count)
        if plan is None or scene.showing.show_units:
            colour = QColor(scene.theme.border)
            colour.setAlphaF(0.45)
            painter.setPen(_pen(colour, 0.8 * broader, Qt.PenCapStyle.FlatCap))
            scene.draw_indexed(painter, index)
        if plan is not None:
            width = broader * float(np.clip(2.2 * scene.view.scale**0.25, 0.9, 2.4))
            painter.setPen(_pen(QColor(scene.theme.border), scene.line_width(width, count)))
            draw_between(painter, scene, units, plan.labels)
        scene.smooth_lines(painter, limits.count(whole))
        painter.setPen(_pen(QColor(scene.theme.border), scene.line_width(2.0 * broader, limits.count(whole))))
        scene.draw_indexed(painter, limits)


class SelectionLayer:
    """The selected grids, outlined in the accent colour."""

    name = "selection"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        if project.units is None or project.grids is None:
            return ()
        return (project.units, project.grids, showing.selected, *sorted(showing.others))

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of units with another grid, and of grids that are selected now or were before."""
        if changed.plan is None:
            return None
        before, after = _chosen(changed.before.showing), _chosen(changed.after.showing)
        boxes = [changed.units]
        for scene, grids in ((changed.before, before - after), (changed.after, after - before)):
            if scene.grids is not None and grids:
                boxes.append(changed.screen_boxes(scene.grids.boxes[scene.grids.rows_of(np.array(sorted(grids), np.int64))], 4.0))
        return np.concatenate(boxes)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        shapes, chosen = scene.grids, _chosen(scene.showing)
        assert shapes is not None
        rows = shapes.rows_of(np.array(sorted(chosen), np.int64))
        if not len(rows):
            return
        pen = QPen(QColor(scene.theme.accent), 3.0)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        tint = QColor(scene.theme.accent)
        tint.setAlphaF(0.10)
        painter.setBrush(tint)
        painter.setTransform(scene.world(shapes.origin))
        for row in rows[scene.sees(shapes.boxes[rows], 4.0)].tolist():
            painter.drawPath(shapes.path(row))
            scene.breathe()
        painter.resetTransform()


def draw_between(painter: QPainter, scene: Scene, units: Units, labels: Ints, *, outside: bool = True) -> int:
    """Draw the border pieces of units that lie between two labels (u,), with the painter's pen; return how many touch the region.

    Those along the outside are drawn too unless `outside` says otherwise. No list of them is kept: the pieces in sight are compared.
    """
    index = border_index(units)
    at = index.touching(scene.bounds(painter.pen().widthF() / 2 + 2))
    scene.breathe()
    rows, pieces = index.rows[at], index.pieces[at]
    padded = np.append(labels, OUTSIDE)  # the side OUTSIDE is the last place
    left, right = units.left[rows], units.right[rows]
    bound = padded[left] != padded[right]
    if not outside:
        bound &= (left >= 0) & (right >= 0)
    scene.breathe()
    return scene.draw_lines(painter, pieces[bound])


@lru_cache(maxsize=4)
def community_index(units: Units) -> PieceIndex:
    """Return the pieces between communities and along the outside."""
    return index_of_pieces(units.xy[units.ends[boundary_mask(units, units.community)]].reshape(-1, 4))


def _fills(showing: Showing) -> Mapping[int, int | QColor]:
    """Return each grid's colour, or its place in the palette where colours only tell neighbours apart."""
    return fills_of(showing) or _colours(showing)


def _colours(showing: Showing) -> Mapping[int, int]:
    if showing.colours is not None:
        return showing.colours
    units, plan = showing.project.units, showing.project.grids
    assert units is not None
    assert plan is not None
    return grid_colours(units, plan)


def _seen(shapes: GridShapes, scene: Scene) -> Iterator[tuple[int, int]]:
    """Return the rows and ids of the grids that touch the region."""
    rows = np.flatnonzero(scene.sees(shapes.boxes))
    return zip(rows.tolist(), shapes.ids[rows].tolist(), strict=True)


def _otherwise(before: Mapping[int, int | QColor], after: Mapping[int, int | QColor]) -> list[int]:
    """Return the grids of both that are filled otherwise; after most edits both name the same grids in the same order."""
    if before is after:
        return []
    if list(before) == list(after):
        return list(compress(after, map(ne, before.values(), after.values())))
    return [grid for grid, fill in after.items() if before.get(grid, fill) != fill]


def _chosen(showing: Showing) -> frozenset[int]:
    return showing.others | ({showing.selected} if showing.selected is not None else set())


def _pen(colour: QColor, width: float, cap: Qt.PenCapStyle = Qt.PenCapStyle.SquareCap) -> QPen:
    """Return a pen for single pieces; square ends close the corners between them, at a tenth of the cost of round ones."""
    return QPen(colour, width, Qt.PenStyle.SolidLine, cap)
