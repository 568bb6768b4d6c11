"""Polylines as two arrays, so that a hundred thousand of them cost as little as one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

PART = 50.0  # metres of street that are counted where their middle lies


@dataclass(frozen=True, eq=False)
class Lines:
    """Polylines in metres of the project CRS.

    `coords` is (n, 2) float64; line i is `coords[offsets[i]:offsets[i + 1]]`, `offsets` (lines + 1,) int32.
    """

    coords: Floats
    offsets: Ints

    def __post_init__(self) -> None:
        self.coords.setflags(write=False)
        self.offsets.setflags(write=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def line(self, index: int) -> Floats:
        """Return the (n, 2) coordinates of one line."""
        return self.coords[self.offsets[index] : self.offsets[index + 1]]

    def select(self, rows: NDArray[np.intp] | Bools) -> Lines:
        """Return the lines at `rows` (indices or a mask), in that order."""
        index = np.flatnonzero(rows) if rows.dtype == bool else rows
        counts = np.diff(self.offsets)[index]
        offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        take = np.repeat(self.offsets[:-1][index] - offsets[:-1], counts) + np.arange(offsets[-1])
        return Lines(self.coords[take], offsets)


NO_LINES = Lines(np.empty((0, 2)), np.zeros(1, np.int32))


@lru_cache(maxsize=16)
def line_lengths(lines: Lines) -> Floats:
    """Return the length of each line in metres, (lines,)."""
    if not len(lines):
        return np.zeros(0)
    step = np.hypot(*np.diff(lines.coords, axis=0).T)
    step = np.append(step, 0.0)
    last = lines.offsets[1:] - 1
    step[last[np.diff(lines.offsets) > 0]] = 0.0
    return np.add.reduceat(step, lines.offsets[:-1]) * (np.diff(lines.offsets) > 0)


def parts_of_lines(lines: Lines) -> tuple[Floats, Floats, Ints]:
    """Return the middle (n, 2), the km (n,) and the line (n,) of parts of lines of at most PART metres."""
    if not len(lines):
        return np.empty((0, 2)), np.zeros(0), np.zeros(0, np.int32)
    inside = np.ones(len(lines.coords) - 1, bool)
    inside[lines.offsets[1:-1] - 1] = False
    start = np.flatnonzero(inside)
    step = lines.coords[start + 1] - lines.coords[start]
    length = np.hypot(step[:, 0], step[:, 1])
    parts = np.maximum(np.ceil(length / PART), 1).astype(np.int64)
    piece = np.repeat(np.arange(len(start)), parts)
    number = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = (number + 0.5) / parts[piece]
    line = np.searchsorted(lines.offsets, start, side="right") - 1
    return lines.coords[start[piece]] + step[piece] * share[:, None], (length / parts)[piece] / 1000, line[piece].astype(np.int32)
