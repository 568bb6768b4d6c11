"""A line of weights cut into k consecutive parts: first the heaviest part as light as can be, then the parts as even as can be.

Pınar and Aykanat, *Fast optimal load balancing algorithms for 1D partitioning* (J. Parallel Distrib. Comput. 64, 2004): the
heaviest part by parametric search with greedy probes. Evenness by dynamic programming over the positions that such a cap
leaves to each cut. Everything is counted in integers, so both are exact.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress

_NEVER = 1 << 61  # more than any sum of squares: totals are at most 2 ** 30
LARGEST_TOTAL = 1 << 30
_DENSE = 150_000  # cells up to which a layer is looked at whole


def least_cap(sums: Ints, walls: Ints, parts: int) -> int:
    """Return the least weight of the heaviest part over all partitions of the line into so many parts.

    `sums` (n + 1,) are prefix sums of integers; `walls` are positions 0 < w < n at which every partition is cut. There must
    be at least as many atoms as parts, and fewer walls than parts.
    """
    prefix, stop = sums.tolist(), _next_wall(walls, len(sums) - 1)
    low, high = max(int(np.diff(sums).max()), -(-int(sums[-1]) // parts)), int(sums[-1])
    while low < high:
        middle = (low + high) // 2
        if _reaches(prefix, stop, middle, parts):
            high = middle
        else:
            low = middle + 1
    return low


def even_cuts(sums: Ints, walls: Ints, parts: int, cap: int, progress: Progress = SILENT) -> Ints:
    """Return the cuts (parts + 1,), 0 and n included, of least sum of squared weights among partitions with no part above `cap`."""
    n = len(sums) - 1
    low, high = _bands(sums, walls, parts, cap)
    wall = np.concatenate(([0], walls))
    first = np.maximum(np.searchsorted(sums, sums - cap), wall[np.searchsorted(wall, np.arange(n + 1), side="left") - 1])
    first[0] = 0
    best = np.zeros(1, np.int64)
    choices: list[Ints] = []
    for k in range(1, parts + 1):
        progress.check()
        rows = np.arange(low[k], high[k] + 1)
        since = np.maximum(first[rows], low[k - 1]) - low[k - 1]
        until = np.minimum(rows - 1, high[k - 1]) - low[k - 1]
        before = sums[low[k - 1] : high[k - 1] + 1]
        layer = _dense if len(rows) * len(before) <= _DENSE else _monotone
        best, choice = layer(best, before, sums[rows], since, until)
        choices.append(choice + low[k - 1])
    cuts = [n]
    for k in range(parts, 0, -1):
        cuts.append(int(choices[k - 1][cuts[-1] - low[k]]))
    return np.array(cuts[::-1], np.int64)


def _next_wall(walls: Ints, n: int) -> list[int]:
    """Return for every position 0 … n - 1 how far a part that begins there may go."""
    ends = np.append(walls, n)
    ahead: list[int] = ends[np.searchsorted(ends, np.arange(n), side="right")].tolist()
    return ahead


def _reaches(prefix: list[int], stop: list[int], cap: int, parts: int) -> bool:
    """Whether greedy parts of at most `cap` cover the line in at most so many parts."""
    place, end = 0, len(prefix) - 1
    for _ in range(parts):
        further = min(bisect_right(prefix, prefix[place] + cap) - 1, stop[place])
        if further == end:
            return True
        if further == place:
            return False
        place = further
    return False


def _bands(sums: Ints, walls: Ints, parts: int, cap: int) -> tuple[list[int], list[int]]:
    """Return the least and the greatest position that cut k = 0 … parts can have."""
    prefix, n = sums.tolist(), len(sums) - 1
    stop = _next_wall(walls, n)
    back: list[int] = np.concatenate(([0], walls))[np.searchsorted(np.concatenate(([0], walls)), np.arange(n + 1)) - 1].tolist()
    high = [0]
    for k in range(1, parts + 1):
        place = high[-1]
        further = min(bisect_right(prefix, prefix[place] + cap) - 1, stop[place]) if place < n else n
        high.append(min(further, n - (parts - k)))
    low = [n]
    for k in range(parts - 1, -1, -1):
        place = low[-1]
        low.append(max(bisect_left(prefix, prefix[place] - cap), back[place], k))
    low.reverse()
    low[0] = 0
    return low, high


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
