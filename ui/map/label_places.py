"""Which labels are drawn: the more important of two that overlap, found for all of them at once."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.piece_index import run_positions

Pairs = tuple[Ints, Ints]


def without_overlap(boxes: Floats, rank: Ints) -> Bools:
    """Return which boxes (n, 4) of left, top, right, bottom are kept: each in the order of `rank` unless one kept already overlaps it.

    `rank` (n,) are different numbers, the least first. Done in rounds: kept are those that wait for no better one, then gone are those
    that overlap a kept one, until all are decided.
    """
    better, worse = _ranked(overlapping(boxes), rank)
    kept, gone = np.zeros(len(boxes), bool), np.zeros(len(boxes), bool)
    while not (kept | gone).all():
        open_pairs = ~gone[better] & ~kept[better] & ~gone[worse]
        waits = np.zeros(len(boxes), bool)
        waits[worse[open_pairs]] = True
        kept |= ~gone & ~waits
        gone[worse[kept[better]]] = True
    return kept


def overlapping(boxes: Floats) -> Pairs:
    """Return all pairs of boxes that overlap, each once, by cells as large as the largest box."""
    if len(boxes) < 2:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    size = np.maximum((boxes[:, 2:] - boxes[:, :2]).max(axis=0), 1.0)
    middle = 0.5 * (boxes[:, :2] + boxes[:, 2:])
    column, row = ((middle - middle.min(axis=0)) / size).astype(np.int64).T
    wide = int(column.max()) + 2  # a column that stays empty, so that no row touches the next
    cell = (row + 1) * wide + column
    order = np.argsort(cell, kind="stable")
    sorted_cell = cell[order]
    firsts, seconds = [], []
    for step in (0, 1, wide - 1, wide, wide + 1):
        start, stop = (np.searchsorted(sorted_cell, cell + step, side) for side in ("left", "right"))
        first = np.repeat(np.arange(len(boxes)), stop - start)
        second = order[run_positions(start, stop)]
        touch = (boxes[first, :2] < boxes[second, 2:]).all(axis=1) & (boxes[second, :2] < boxes[first, 2:]).all(axis=1)
        if step == 0:
            touch &= first < second
        firsts.append(first[touch])
        seconds.append(second[touch])
    return np.concatenate(firsts), np.concatenate(seconds)


def _ranked(pairs: Pairs, rank: Ints) -> Pairs:
    first, second = pairs
    swap = rank[first] > rank[second]
    return np.where(swap, second, first), np.where(swap, first, second)
