"""Shapes to paint: grids as paths, their borders as line pieces, and a good place for each label."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath, QPolygonF
from shiboken6 import Shiboken

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import boundary_mask, grid_ids, grid_rings, unit_rings
from gridplanner.model.units import Units

Loops = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas as closed loops: area i, called `ids[i]`, is the even-odd fill of loops `first[i]` to `first[i + 1]`.

    Loop j is `coords[offsets[j]:offsets[j + 1]]`; `boxes` (areas, 4) are left, bottom, right, top.
    """

    ids: Ints
    first: Ints
    coords: Floats
    offsets: Ints
    boxes: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def origin(self) -> tuple[float, float]:
        """A place near all of them, from which they are measured where precision counts."""
        return (float(self.coords[0, 0]), float(self.coords[0, 1])) if len(self.coords) else (0.0, 0.0)

    def loops(self, index: int) -> list[Floats]:
        """Return the loops of one area."""
        return [self.coords[self.offsets[j] : self.offsets[j + 1]] for j in range(self.first[index], self.first[index + 1])]


@lru_cache(maxsize=4)
def unit_loops(units: Units) -> Areas:
    """Return the loops of every unit; ids are rows."""
    rings = unit_rings(units)
    return areas_of(units.xy[rings.nodes], rings.offsets, rings.face, np.arange(len(units), dtype=np.int32))


@lru_cache(maxsize=4)
def grid_loops(units: Units, plan: GridPlan) -> Areas:
    """Return the loops of every grid, in the order of `grid_ids`; shared by the layers that draw grids."""
    rings = grid_rings(units, plan)
    return areas_of(units.xy[rings.nodes], rings.offsets, rings.face, grid_ids(plan))


def areas_of(coords: Floats, offsets: Loops, face: Loops, ids: Ints) -> Areas:
    """Return loops, which are sorted by the row of their area, as areas; an area without a loop gets no box."""
    first = np.searchsorted(face, np.arange(len(ids) + 1), "left").astype(np.int32)
    boxes = np.full((len(ids), 4), np.nan)
    if len(face):
        low, high = np.minimum.reduceat(coords, offsets[:-1]), np.maximum.reduceat(coords, offsets[:-1])
        has = np.flatnonzero(np.diff(first))
        boxes[has, :2] = np.minimum.reduceat(low, first[has])
        boxes[has, 2:] = np.maximum.reduceat(high, first[has])
    return Areas(ids, first, coords, offsets.astype(np.int32), boxes)


def border_pieces(units: Units, labels: Ints) -> Floats:
    """Return the border pieces between different labels and along the outside as (m, 4) x1, y1, x2, y2."""
    return units.xy[units.ends[boundary_mask(units, labels)]].reshape(-1, 4)


def path_of(loops: list[Floats], origin: tuple[float, float]) -> QPainterPath:
    """Return loops as one path, in metres from `origin`."""
    path = QPainterPath()
    for loop in loops:
        path.addPolygon(polygon_of(loop - origin))
        path.closeSubpath()
    return path


def polygon_of(xy: Floats) -> QPolygonF:
    """Return coordinates (n, 2) as Qt's polygon, copied in one piece."""
    source = np.ascontiguousarray(xy, np.float64)
    polygon = QPolygonF()
    polygon.resize(len(source))
    if len(source):
        ctypes.memmove(Shiboken.getCppPointer(polygon.data())[0], source.ctypes.data, source.nbytes)
    return polygon


def inner_point(loops: list[Floats], lines: int = 9) -> tuple[float, float]:
    """Return a point well inside an area of some loops: the middle of its widest place near its middle height; NaN without loops."""
    if not loops:
        return np.nan, np.nan
    a = np.concatenate(loops)
    b = np.concatenate([part for loop in loops for part in (loop[1:], loop[:1])])
    low, high = float(a[:, 1].min()), float(a[:, 1].max())
    share = (np.arange(lines) + 0.5) / lines
    y = low + (high - low) * share
    (ax, ay), (bx, by) = a.T[:, :, None], b.T[:, :, None]
    crossing = (ay > y) != (by > y)
    x = np.full(crossing.shape, np.inf)
    edge, line = np.nonzero(crossing)
    x[edge, line] = ax[edge, 0] + (y[line] - ay[edge, 0]) / (by - ay)[edge, 0] * (bx - ax)[edge, 0]
    x.sort(axis=0)
    x = x[: int(crossing.sum(axis=0).max(initial=0)) // 2 * 2]
    if not len(x):
        return float(a[:, 0].mean()), (low + high) / 2
    width = np.where(np.isinf(x[1::2]), -1.0, x[1::2] - np.where(np.isinf(x[::2]), 0.0, x[::2]))
    row = width.argmax(axis=0)
    best = int((width[row, np.arange(lines)] * (1.0 - 1.4 * np.abs(share - 0.5))).argmax())
    return float(x[2 * row[best] : 2 * row[best] + 2, best].mean()), float(y[best])
