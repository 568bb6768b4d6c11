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
    return _areas(units.xy[rings.nodes], rings.offsets, rings.face, np.arange(len(units), dtype=np.int32))


@lru_cache(maxsize=4)
def grid_loops(units: Units, plan: GridPlan) -> Areas:
    """Return the loops of every grid, in the order of `grid_ids`; shared by the layers that draw grids."""
    rings = grid_rings(units, plan)
    return _areas(units.xy[rings.nodes], rings.offsets, rings.face, grid_ids(plan))


def _areas(coords: Floats, offsets: Loops, face: Loops, ids: Ints) -> Areas:
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


@lru_cache(maxsize=4)
def label_places(areas: Areas) -> Floats:
    """Return a point well inside each area, (areas, 2): the middle of the widest place near its middle height."""
    return np.array([_inner_point(areas.loops(i)) for i in range(len(areas))]).reshape(-1, 2)


def _inner_point(loops: list[Floats], lines: int = 9) -> tuple[float, float]:
    if not loops:
        return np.nan, np.nan
    a = np.concatenate(loops)
    b = np.concatenate([np.roll(loop, -1, axis=0) for loop in loops])
    low, high = a[:, 1].min(), a[:, 1].max()
    best, place = -1.0, (float(a[:, 0].mean()), float((low + high) / 2))
    for share in (np.arange(lines) + 0.5) / lines:
        y = low + (high - low) * share
        crossing = (a[:, 1] > y) != (b[:, 1] > y)
        p, q = a[crossing], b[crossing]
        x = np.sort(p[:, 0] + (y - p[:, 1]) / (q[:, 1] - p[:, 1]) * (q[:, 0] - p[:, 0]))
        x = x[: len(x) // 2 * 2].reshape(-1, 2)
        if not len(x):
            continue
        width = x[:, 1] - x[:, 0]
        row = int(width.argmax())
        score = float(width[row]) * (1.0 - 1.4 * abs(float(share) - 0.5))
        if score > best:
            best, place = score, (float(x[row].mean()), float(y))
    return place
