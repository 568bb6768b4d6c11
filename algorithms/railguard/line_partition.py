"""A line of weights cut into k consecutive parts: first the heaviest part as light as can be, then the parts as even as can be.

Pınar and Aykanat, *Fast optimal load balancing algorithms for 1D partitioning* (J. Parallel Distrib. Comput. 64, 2004): the
heaviest part by parametric search with greedy probes. Evenness by dynamic programming over the positions that such a cap
leaves to each cut. Everything is counted in integers, so both are exact.

A part that contains another may be as heavy and as long as allowed where the inner one is heavy and long enough; then so are the two
that cross. Parts within such limits obey the quadrangle inequality, and with them their squares and whatever a cut is worth.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.progress import SILENT, Progress
from algorithms.railguard.layer_search import squares_layer

LARGEST_TOTAL = 1 << 30
_EXACT = 1e-6  # metres by which a part may miss a limit of length: sums of lengths are rounded


@dataclass(frozen=True, eq=False)
class Course:
    """A line to be cut into `parts`, at positions 0 … n only, with prefix sums `sums` (n + 1,) of integers.

    A part that ends at position j may begin at positions `since[j]` … `until[j]` (n + 1,), both ascending. `counts[j]` (parts + 1,) says
    with how many parts before it position j may be a cut, where that is limited. `plain`: every piece may be a part.
    """

    sums: Ints
    since: Ints
    until: Ints
    parts: int
    counts: Mapping[int, Bools] = field(default_factory=dict)
    plain: bool = True

    @property
    def end(self) -> int:
        """The last position."""
        return len(self.sums) - 1

    def capped(self, cap: int) -> Ints:
        """Return `since` where no part may weigh more than the cap."""
        return np.maximum(self.since, np.searchsorted(self.sums, self.sums - cap))


def course(sums: Ints, walls: Ints, parts: int) -> Course:
    """Return the course of a line that is cut at the positions `walls` and may be cut anywhere."""
    return Course(sums, _wall_before(walls, len(sums) - 1), np.arange(len(sums)) - 1, parts)


def measured_course(
    sums: Ints, along: Floats, walls: Ints, parts: int, shortest: float, longest: float, counts: Mapping[int, Bools]
) -> Course:
    """Return the course of a line whose positions lie at `along` (n + 1,) metres; a stretch between walls may be short as a whole."""
    n = len(sums) - 1
    before = _wall_before(walls, n)
    since = np.maximum(before, np.searchsorted(along, along - longest - _EXACT))
    until = np.arange(n + 1) - 1
    if shortest > 0:
        until = np.minimum(until, np.searchsorted(along, along - shortest + _EXACT, side="right") - 1)
        ends = np.append(walls, n)
        until[ends] = np.maximum(until[ends], before[ends])
        until = np.maximum.accumulate(until)
    return Course(sums, since, until, parts, counts, shortest <= 0 and not counts)


def least_cap(sums: Ints, walls: Ints, parts: int) -> int:
    """Return the least weight of the heaviest part over all partitions of the line into so many parts.

    `sums` (n + 1,) are prefix sums of integers; `walls` are positions 0 < w < n at which every partition is cut. There must
    be at least as many atoms as parts, and fewer walls than parts.
    """
    found = least_heaviest(course(sums, walls, parts))
    if found is None:
        raise ValueError("more parts than atoms, or no more than walls")
    return found


def even_cuts(sums: Ints, walls: Ints, parts: int, cap: int, progress: Progress = SILENT) -> Ints:
    """Return the cuts (parts + 1,), 0 and n included, of least sum of squared weights among partitions with no part above `cap`."""
    return even_way(course(sums, walls, parts), cap, np.zeros(len(sums), np.int64), progress)


def least_heaviest(line: Course) -> int | None:
    """Return the least weight that the heaviest part can have, None where no division keeps the limits."""
    total = int(line.sums[-1])
    if not 0 < line.parts <= line.end:
        return None
    low = _least_that_fits(max(int(np.diff(line.sums).max()), -(-total // line.parts)), total, _greedy(line))
    return low if low is None or line.plain else _least_that_fits(low, total, lambda cap: ways(line, cap) is not None)


def even_way(line: Course, cap: int, worth: Ints, progress: Progress = SILENT) -> Ints:
    """Return the cuts (parts + 1,) with no part above `cap` of least sum of squared weights less the `worth` (n + 1,) of their positions.

    There must be such a division. All sums must stay below 2 ** 61.
    """
    since, layers = line.capped(cap), ways(line, cap)
    assert layers is not None
    best, choices = np.zeros(1, np.int64), []
    for before, here in itertools.pairwise(layers):
        progress.check()
        first, last = np.searchsorted(before, since[here]), np.searchsorted(before, line.until[here], side="right") - 1
        best, choice = squares_layer(best, line.sums[before], line.sums[here], first, last)
        best -= worth[here]
        choices.append(choice)
    cuts, row = [line.end], 0
    for layer, choice in zip(layers[-2::-1], reversed(choices), strict=True):
        row = int(choice[row])
        cuts.append(int(layer[row]))
    return np.array(cuts[::-1], np.int64)


def ways(line: Course, cap: int) -> list[Ints] | None:
    """Return the positions behind k = 0 … parts parts in divisions with no part above `cap`, None where there is no such division."""
    since, until = line.capped(cap), line.until
    low, high = _bands(line, since)
    if any(first > last for first, last in zip(low, high, strict=True)):
        return None
    layers = [np.arange(first, last + 1) for first, last in zip(low, high, strict=True)]
    if line.plain:
        return layers
    for k, here in enumerate(layers):
        kept = here
        for position, allowed in line.counts.items():
            if not allowed[k]:
                kept = kept[kept != position]
        if k:
            before = layers[k - 1]
            first = np.searchsorted(before, since[kept])
            kept = kept[(first < len(before)) & (before[np.minimum(first, len(before) - 1)] <= until[kept])]
        if not len(kept):
            return None
        layers[k] = kept
    for k in range(line.parts - 1, -1, -1):
        after, here = layers[k + 1], layers[k]
        first = np.searchsorted(after, np.searchsorted(until, here))  # the first position of a part that may begin here
        layers[k] = here[(first < len(after)) & (since[after[np.minimum(first, len(after) - 1)]] <= here)]
    return layers


def _bands(line: Course, since: Ints) -> tuple[list[int], list[int]]:
    """Return the least and the greatest position that cut k = 0 … parts can have; least above greatest where there is no division."""
    first, last, n, parts = since.tolist(), line.until.tolist(), line.end, line.parts
    low, high = [0] * (parts + 1), [n] * (parts + 1)
    low[parts], high[0] = n, 0
    for k in range(parts, 0, -1):  # from the end back: by the heaviest and by the shortest parts
        low[k - 1], high[k - 1] = first[low[k]], min(high[k - 1], last[high[k]]) if high[k] >= 0 else -1
    for k in range(1, parts + 1):
        low[k] = max(low[k], bisect_left(last, low[k - 1]))
        high[k] = min(high[k], bisect_right(first, high[k - 1]) - 1)
    return low, high


def _least_that_fits(low: int, high: int, fits: Callable[[int], bool]) -> int | None:
    """Return the least cap from `low` to `high` that fits, None where none does; what is near the lower end is tried first."""
    cap, step = low, 1
    while not fits(cap):
        if cap >= high:
            return None
        low, cap, step = cap + 1, min(cap + step, high), 4 * step
    while low < cap:
        middle = (low + cap) // 2
        low, cap = (low, middle) if fits(middle) else (middle + 1, cap)
    return low


def _greedy(line: Course) -> Callable[[int], bool]:
    """Return a function that says whether parts of at most a cap, as long as can be, cover the line in at most so many parts."""
    prefix, end, parts = line.sums.tolist(), line.end, line.parts
    stop = (np.searchsorted(line.since, np.arange(end), side="right") - 1).tolist()

    def fits(cap: int) -> bool:
        place = 0
        for _ in range(parts):
            further = min(bisect_right(prefix, prefix[place] + cap) - 1, stop[place])
            if further == end:
                return True
            if further == place:
                return False
            place = further
        return False

    return fits


def _wall_before(walls: Ints, n: int) -> Ints:
    """Return for every position the last wall before it, or the line's beginning."""
    wall = np.concatenate(([0], walls))
    before: Ints = wall[np.maximum(np.searchsorted(wall, np.arange(n + 1)) - 1, 0)]
    return before
