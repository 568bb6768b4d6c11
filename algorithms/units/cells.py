"""Areas of labelled square cells: outlines traced between cells of different labels, shared by both sides, with their stairs smoothed."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.units.rings import ring_polygons, trace_rings

Ints = NDArray[np.signedinteger[Any]]
NONE = -1
_STAIRS = 0.75  # of a cell: its square is more than the half cell that a corner of a stair is


def cell_areas(column: Ints, row: Ints, label: Ints, count: int, origin: tuple[float, float], size: float) -> NDArray[np.object_]:
    """Return a shapely Polygon or MultiPolygon for each label 0 … count - 1, None where no cell bears it.

    Cell i is the square of `size` metres whose lower left corner is `origin` + `size` × (`column[i]`, `row[i]`); no cell is given twice,
    and cells labelled NONE are left out. Areas neither overlap nor leave gaps between them: stairs become slopes by removing corners of
    less than half a cell on both sides at once (Visvalingam and Whyatt 1993, for a whole coverage).

    >>> [area.normalize().wkt for area in cell_areas(np.array([0, 1]), np.array([0, 0]), np.array([0, 0]), 1, (0.0, 0.0), 10.0)]
    ['POLYGON ((0 0, 0 10, 20 10, 20 0, 0 0))']
    """
    ends, left, right, xy = _sides(column, row, label, origin, size)
    areas = ring_polygons(xy, trace_rings(xy, ends, left, right), count)
    there = np.flatnonzero(shapely.is_geometry(areas))
    areas[there] = shapely.coverage_simplify(areas[there], _STAIRS * size)
    return areas


def without_specks(column: Ints, row: Ints, label: Ints, least: int) -> Ints:
    """Return the labels with pieces of less than `least` cells given to a label beside them, where there is one.

    The largest piece of a label stays, however small, so that no label is lost.
    """
    places = _Places(column, row)
    near = [places.beside(dx, dy) for dx, dy in ((1, 0), (0, 1))]
    pairs = [np.flatnonzero(other >= 0) for other in near]
    a = np.concatenate(pairs)
    b = np.concatenate([other[rows] for other, rows in zip(near, pairs, strict=True)])
    same = label[a] == label[b]
    piece = components(len(label), a[same], b[same])
    size = np.bincount(piece)
    small = size[piece] < least
    order = np.lexsort((piece, -size[piece], label))
    largest = piece[order[np.append(True, np.diff(label[order]) != 0)]]
    small &= ~np.isin(piece, largest) | (label == NONE)
    found = label.copy()
    for one, other in ((a, b), (b, a)):
        taken = small[one] & ~small[other]
        found[one[taken]] = label[other[taken]]
    return found


class _Places:
    """Where cells lie among each other: finds the one beside each."""

    def __init__(self, column: Ints, row: Ints) -> None:
        x, y = column.astype(np.int64) - column.min(), row.astype(np.int64) - row.min()
        self.width = int(x.max()) + 3
        self.key = (y + 1) * self.width + x + 1
        self.order = np.argsort(self.key)
        self.sorted = self.key[self.order]

    def beside(self, dx: int, dy: int) -> Ints:
        """Return the cell that lies `dx` columns and `dy` rows from each, NONE for none."""
        wanted = self.sorted + dy * self.width + dx
        place = np.minimum(np.searchsorted(self.sorted, wanted), len(wanted) - 1)
        found = np.empty(len(wanted), np.int64)
        found[self.order] = np.where(self.sorted[place] == wanted, self.order[place], NONE)
        return found


def _sides(column: Ints, row: Ints, label: Ints, origin: tuple[float, float], size: float) -> tuple[Ints, Ints, Ints, NDArray[np.float64]]:
    """Return the sides (m, 2) of cells between different labels as nodes, the labels left and right of each, and the nodes (n, 2)."""
    places = _Places(column, row)
    ends: list[Ints] = []
    left: list[Ints] = []
    right: list[Ints] = []
    # of each cell the side to the east and to the north; to the west and to the south only where no cell is
    for dx, dy, corners in ((1, 0, ((1, 0), (1, 1))), (0, 1, ((1, 1), (0, 1))), (-1, 0, ((0, 1), (0, 0))), (0, -1, ((0, 0), (1, 0)))):
        other = places.beside(dx, dy)
        beyond = np.where(other >= 0, label[other], NONE)
        kept = (beyond != label) & ((dx + dy > 0) | (other < 0))
        a, b = (np.stack((column[kept] + cx, row[kept] + cy), axis=1) for cx, cy in corners)
        ends.append(np.stack((a, b), axis=1))
        left.append(label[kept])
        right.append(beyond[kept])
    nodes, index = np.unique(np.concatenate(ends).reshape(-1, 2), axis=0, return_inverse=True)
    xy = np.asarray(origin) + size * nodes
    return index.reshape(-1, 2), np.concatenate(left), np.concatenate(right), xy
