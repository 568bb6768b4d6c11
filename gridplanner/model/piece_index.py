"""Where line pieces and points are: cells of a lattice, sorted once, so that looking at a window costs what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gridplanner.model.lines import Floats, Ints
from gridplanner.model.places import Households
from gridplanner.model.units import Units

Box = tuple[float, float, float, float]  # left, bottom, right, top in metres
Positions = NDArray[np.int64]
A_CELL = 16  # pieces or points of a cell in the mean
COARSER = 4.0  # pieces of a level are at most so many times as long as those of the level below
MOST = 2048  # cells along one axis


@dataclass(frozen=True, eq=False)
class Cells:
    """A lattice of square cells of `size` metres from (`left`, `bottom`); what lies in cell c is `offsets[c]` to `offsets[c + 1]`."""

    left: float
    bottom: float
    size: float
    columns: int
    rows: int
    offsets: Positions

    def ranges(self, box: Box) -> tuple[Positions, Positions]:
        """Return (starts, stops) of the runs that hold everything in a box, in rising order; neighbouring cells of a row are one run."""
        first, last = self._span(box[0] - self.left, box[2] - self.left, self.columns)
        low, high = self._span(box[1] - self.bottom, box[3] - self.bottom, self.rows)
        if first > last or low > high:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        if first == 0 and last == self.columns - 1:
            return self.offsets[[low * self.columns]], self.offsets[[(high + 1) * self.columns]]
        row = np.arange(low, high + 1) * self.columns
        starts, stops = self.offsets[row + first], self.offsets[row + last + 1]
        some = stops > starts
        return starts[some], stops[some]

    def _span(self, low: float, high: float, count: int) -> tuple[int, int]:
        if high < 0 or low > count * self.size:
            return 1, 0
        return min(max(int(low // self.size), 0), count - 1), min(max(int(high // self.size), 0), count - 1)


def sorted_into_cells(xy: Floats, size: float) -> tuple[Cells, Positions]:
    """Return cells of about `size` metres and the order that sorts places (n, 2) into them, row by row; stable."""
    left, bottom = xy.min(axis=0).tolist()
    right, top = xy.max(axis=0).tolist()
    size = max(size, (right - left) / MOST, (top - bottom) / MOST, 1e-6)
    columns, rows = int((right - left) / size) + 1, int((top - bottom) / size) + 1
    cell = ((xy[:, 1] - bottom) / size).astype(np.int32) * columns + ((xy[:, 0] - left) / size).astype(np.int32)
    order = np.argsort(cell, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=columns * rows))))
    return Cells(left, bottom, size, columns, rows, offsets.astype(np.int64)), order


def cell_size(xy: Floats) -> float:
    """Return the side of a cell that holds A_CELL of places (n, 2) in the mean of those that hold any area."""
    wide, high = (xy.max(axis=0) - xy.min(axis=0)).tolist()
    return float(np.sqrt(max(wide, 1.0) * max(high, 1.0) * A_CELL / len(xy)))


@dataclass(frozen=True, eq=False)
class PieceIndex:
    """Straight pieces sorted by place: `pieces` (m, 4) x1, y1, x2, y2 and `rows` (m,), which of the given ones each is.

    Short and long pieces lie in `levels` of their own, (cells, first position, half the longest extent): a piece is found by its
    middle, in a window that is wider by that half.
    """

    pieces: Floats
    rows: Ints
    levels: tuple[tuple[Cells, int, float], ...]
    box: Box

    def __len__(self) -> int:
        return len(self.rows)

    def near(self, box: Box) -> Positions | slice:
        """Return positions in `pieces` of all that may touch a box, in rising order; a slice where they are all."""
        if box[0] <= self.box[0] and box[1] <= self.box[1] and box[2] >= self.box[2] and box[3] >= self.box[3]:
            return slice(0, len(self.rows))
        found = [run_positions(*self._runs(level, box)) for level in self.levels]
        return found[0] if len(found) == 1 else np.concatenate([*found, np.zeros(0, np.int64)])

    def touching(self, box: Box) -> Positions | slice:
        """Return positions of the pieces whose own boxes touch a box, in rising order."""
        at = self.near(box)
        if isinstance(at, slice):
            return at
        pieces = self.pieces[at]
        beside = (np.maximum(pieces[:, 0], pieces[:, 2]) < box[0]) | (np.minimum(pieces[:, 0], pieces[:, 2]) > box[2])
        beside |= (np.maximum(pieces[:, 1], pieces[:, 3]) < box[1]) | (np.minimum(pieces[:, 1], pieces[:, 3]) > box[3])
        return at[~beside]

    def count(self, box: Box) -> int:
        """Return about how many pieces are in a box, without looking at them."""
        runs = [self._runs(level, box) for level in self.levels]
        return int(sum((stops - starts).sum() for starts, stops in runs))

    @staticmethod
    def _runs(level: tuple[Cells, int, float], box: Box) -> tuple[Positions, Positions]:
        cells, first, reach = level
        starts, stops = cells.ranges((box[0] - reach, box[1] - reach, box[2] + reach, box[3] + reach))
        return starts + first, stops + first


def index_of_pieces(pieces: Floats) -> PieceIndex:
    """Return pieces (m, 4) sorted by place."""
    pieces = np.ascontiguousarray(pieces, np.float64).reshape(-1, 4)
    if not len(pieces):
        return PieceIndex(pieces, np.zeros(0, np.int32), (), (np.inf, np.inf, -np.inf, -np.inf))
    middle = 0.5 * (pieces[:, :2] + pieces[:, 2:])
    extent = np.abs(pieces[:, 2:] - pieces[:, :2]).max(axis=1)
    size = max(cell_size(middle), float(np.median(extent)))
    level = np.ceil(np.log(np.maximum(extent / size, 1.0)) / np.log(COARSER)).astype(np.int8)
    levels, order, first = [], [], 0
    for step in np.unique(level).tolist():
        mine = np.flatnonzero(level == step)
        cells, sort = sorted_into_cells(middle[mine], size * COARSER**step)
        levels.append((cells, first, float(extent[mine].max()) / 2))
        order.append(mine[sort])
        first += len(mine)
    rows = np.concatenate(order)
    ends = pieces.reshape(-1, 2)
    box = (*ends.min(axis=0).tolist(), *ends.max(axis=0).tolist())
    return PieceIndex(pieces[rows], rows.astype(np.int32), tuple(levels), box)


@dataclass(frozen=True, eq=False)
class PointIndex:
    """Points sorted by place: `xy` (n, 2)."""

    xy: Floats
    cells: Cells | None

    def runs(self, box: Box) -> list[tuple[int, int]]:
        """Return (start, stop) of the runs in `xy` that hold every point of a box."""
        if self.cells is None:
            return []
        starts, stops = self.cells.ranges(box)
        return list(zip(starts.tolist(), stops.tolist(), strict=True))


def index_of_points(xy: Floats) -> PointIndex:
    """Return points (n, 2) sorted by place."""
    if not len(xy):
        return PointIndex(xy, None)
    cells, order = sorted_into_cells(xy, 2.0 * cell_size(xy))
    return PointIndex(xy[order], cells)


@lru_cache(maxsize=4)
def border_index(units: Units) -> PieceIndex:
    """Return the border pieces of units sorted by place; `rows` are rows of `units.ends`."""
    return index_of_pieces(units.xy[units.ends].reshape(-1, 4))


@lru_cache(maxsize=4)
def address_index(households: Households) -> PointIndex:
    """Return the addresses sorted by place."""
    return index_of_points(households.xy)


def run_positions(starts: Positions, stops: Positions) -> Positions:
    """Return the positions of runs one after another.

    >>> run_positions(np.array([0, 7]), np.array([2, 10])).tolist()
    [0, 1, 7, 8, 9]
    """
    counts = stops - starts
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(counts.sum())
