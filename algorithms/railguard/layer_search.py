"""One layer of a division by dynamic programming: the best predecessor of every position, squares of differences as the cost."""

from __future__ import annotations

import numpy as np

from algorithms.network.polylines import Ints

_NEVER = 1 << 61  # more than any sum of squares: totals are at most 2 ** 30
_DENSE = 150_000  # cells up to which a layer is looked at whole


def squares_layer(best: Ints, before: Ints, here: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints]:
    """Return for every row the least `best[column] + (here[row] - before[column]) ** 2` over columns since … until, and its column.

    `before` and `here` are prefix sums of integers, ascending, as `since` and `until` are; every row must have a column unless its
    value is not asked for.
    """
    layer = _dense if len(here) * len(before) <= _DENSE else _monotone
    return layer(best, before, here, since, until)


def _dense(best: Ints, before: Ints, here: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints]:
    """Return the best cost and predecessor of every row by looking at every pair."""
    column = np.arange(len(before))
    cost = (here[:, None] - before) ** 2 + best
    cost[(column < since[:, None]) | (column > until[:, None])] = _NEVER
    choice = cost.argmin(axis=1)
    return np.minimum(cost[np.arange(len(here)), choice], _NEVER), choice


def _monotone(best: Ints, before: Ints, here: Ints, since: Ints, until: Ints) -> tuple[Ints, Ints]:
    """Return the same, using that later rows have later predecessors (squares obey the quadrangle inequality).

    Rows are settled in halving strides; each looks only between the predecessors of its settled neighbours, so a stride costs
    one pass over the line.
    """
    n = len(here)
    value, choice = np.full(n, _NEVER, np.int64), np.zeros(n, np.int64)
    step = 1 << max(n - 1, 1).bit_length()
    settled = np.zeros(0, np.int64)
    while step:
        rows = np.arange(step - 1, n, 2 * step) if len(settled) else np.arange(step - 1, n, step)
        if len(rows):
            low, high = since[rows], until[rows]
            if len(settled):
                right = np.searchsorted(settled, rows)
                left_choice = choice[settled[np.maximum(right - 1, 0)]]
                right_choice = choice[settled[np.minimum(right, len(settled) - 1)]]
                low = np.where(right > 0, np.maximum(low, left_choice), low)
                high = np.where(right < len(settled), np.minimum(high, right_choice), high)
            some = high >= low
            choice[rows[~some]] = np.clip(low[~some], 0, len(before) - 1)
            value[rows[some]], choice[rows[some]] = _ragged(best, before, here[rows[some]], low[some], high[some])
            settled = np.sort(np.concatenate((settled, rows)))
        step //= 2
    return value, choice


def _ragged(best: Ints, before: Ints, here: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return the least cost over columns low … high of every row, and the first column that has it."""
    if not len(here):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    counts = high - low + 1
    offsets = np.concatenate(([0], np.cumsum(counts)))
    column = np.arange(offsets[-1]) + np.repeat(low - offsets[:-1], counts)
    cost = (np.repeat(here, counts) - before[column]) ** 2 + best[column]
    least = np.minimum.reduceat(cost, offsets[:-1])
    column[cost > np.repeat(least, counts)] = len(before)
    return np.minimum(least, _NEVER), np.minimum.reduceat(column, offsets[:-1])
