"""What a peer is given: one area after the other, as a weighted graph with a place for every unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Area:
    """Units to be grouped into `k` districts of equal weight.

    `weight` (n,) households, whole numbers; `xy` (n, 2) metres; neighbours `low`, `high` (p,) with `length` (p,) metres of common
    border, at least 1.
    """

    weight: Ints
    xy: Floats
    low: Ints
    high: Ints
    length: Ints
    k: int

    def __len__(self) -> int:
        return len(self.weight)

    def csr(self) -> tuple[Ints, Ints, Ints]:
        """Return (starts, neighbours, lengths) with every pair in both directions, rows in rising order."""
        src, dst = np.concatenate((self.low, self.high)), np.concatenate((self.high, self.low))
        order = np.lexsort((dst, src))
        starts = np.searchsorted(src[order], np.arange(len(self) + 1))
        return starts.astype(np.int64), dst[order].astype(np.int64), np.concatenate((self.length, self.length))[order]


def read_areas(path: Path) -> Iterator[tuple[Ints, Area]]:
    """Yield (rows, area) for every area of a file of arrays: low, high, length, weight, xy, area of each unit, districts of each area."""
    with np.load(path) as given:
        low, high, area, number = given["low"], given["high"], given["area"], given["districts"]
        length = np.maximum(np.rint(given["length"]), 1).astype(np.int64)
        weight, xy = np.rint(given["weight"]).astype(np.int64), given["xy"]
    place = np.zeros(len(area), np.int64)
    order = np.argsort(area, kind="stable")
    starts = np.searchsorted(area[order], np.arange(len(number) + 1))
    by_pair = np.argsort(area[low], kind="stable")
    pair_starts = np.searchsorted(area[low][by_pair], np.arange(len(number) + 1))
    for a in range(len(number)):
        rows = order[starts[a] : starts[a + 1]]
        pairs = by_pair[pair_starts[a] : pair_starts[a + 1]]
        place[rows] = np.arange(len(rows))
        yield rows, Area(weight[rows], xy[rows], place[low[pairs]], place[high[pairs]], length[pairs], int(number[a]))
