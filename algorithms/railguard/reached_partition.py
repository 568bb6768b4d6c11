"""A line cut into parts whose load is their weight and what it costs to reach them: least heaviest load, then the most even."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from algorithms.network.polylines import Bools, Ints
from algorithms.progress import SILENT, Progress, Span
from algorithms.railguard.line_partition import Course, even_way, least_heaviest, ways

_NEVER = 1 << 61  # more than any sum of squares: all loads together are at most 2 ** 30
_AT_ONCE = 1 << 20  # parts looked at together
_PASSES = 4  # of tightening where a part may begin; more find next to nothing


@dataclass(frozen=True, eq=False)
class Reach:
    """What it costs to reach a part: the least `cost` (s, n) of its pieces for the squad whose it is, or (1, n) the same for all.

    Part k that begins at position p is of the squad `slots[k + before[p]]`.
    """

    cost: Ints
    slots: Ints
    before: Ints

    @cached_property
    def _table(self) -> list[Ints]:
        """The least cost of 1, 2, 4, … pieces from each on."""
        table, span = [self.cost], 1
        while 2 * span <= self.cost.shape[1]:
            table.append(np.minimum(table[-1][:, :-span], table[-1][:, span:]))
            span *= 2
        return table

    def of(self, part: int | Ints, start: Ints, stop: Ints) -> Ints:
        """Return the cost of reaching the parts from position `start` to `stop`, the part-th of the line each."""
        squad = self.slots[part + self.before[start]] if len(self.cost) > 1 else np.zeros(len(start), np.int64)
        level = np.frexp(stop - start)[1] - 1
        found = np.empty(len(start), np.int64)
        for each in np.unique(level).tolist():
            row, least = level == each, self._table[each]
            found[row] = np.minimum(least[squad[row], start[row]], least[squad[row], stop[row] - (1 << each)])
        return found


def least_reached(line: Course, reach: Reach, least: int, progress: Progress = SILENT) -> int:
    """Return the least load that the heaviest part can have; `least` is the same without costs, of which there must be a division."""
    cap = min(_heaviest(line, reach, even_way(each, weight, np.zeros_like(line.sums))) for each, weight in _guesses(line, reach, least))
    last = deque(_layers(line, reach, cap, None, Span(progress, 0.0, 0.5)), maxlen=1)
    return int(last[0][1][0])


def _guesses(line: Course, reach: Reach, least: int) -> Iterator[tuple[Course, int]]:
    """Give courses without costs, and caps, whose even divisions are good ones with costs: the costs left out, and spread over the line."""
    yield line, least
    share = line.sums / max(int(line.sums[-1]), 1)
    spread = np.concatenate(([0.0], np.cumsum(reach.cost.min(axis=0) * np.diff(share)))) * line.parts
    smeared = replace(line, sums=line.sums + np.rint(spread).astype(np.int64))
    cap = least_heaviest(smeared)
    if cap is not None:
        yield smeared, cap


def _heaviest(line: Course, reach: Reach, cuts: Ints) -> int:
    return int((np.diff(line.sums[cuts]) + reach.of(np.arange(line.parts), cuts[:-1], cuts[1:])).max())


def _tightened(line: Course, reach: Reach, cap: int) -> Course:
    """Return the course where a part also begins no earlier than the cap allows with the least cost near its end."""
    end, nearest = np.arange(1, line.end + 1), Reach(reach.cost.min(axis=0, keepdims=True), reach.slots, reach.before)
    since = line.capped(cap - int(reach.cost.min()))
    for _ in range(_PASSES):
        start = np.minimum(since[1:], end - 1)
        cost = nearest.of(0, start, end)
        since[1:] = np.maximum(since[1:], np.searchsorted(line.sums, line.sums[1:] - (cap - cost)))
        since = np.minimum.accumulate(since[::-1])[::-1]  # ascending again: what is later begins later
    return replace(line, since=np.minimum(since, line.end))


def even_reached_way(line: Course, reach: Reach, cap: int, worth: Ints, progress: Progress = SILENT) -> Ints:
    """Return the cuts (parts + 1,) with no load above `cap` of least sum of squared loads less the `worth` (n + 1,) of their positions."""
    kept = [(np.zeros(1, np.int64), np.zeros(0, np.int64))]
    for here, _value, choice in _layers(line, reach, cap, worth, Span(progress, 0.5, 1.0)):
        kept.append((here, choice))
    cuts, row = [line.end], 0
    for (here, _), (_, choice) in zip(kept[-2::-1], kept[:0:-1], strict=True):
        row = int(choice[row])
        cuts.append(int(here[row]))
    return np.array(cuts[::-1], np.int64)


def _layers(line: Course, reach: Reach, cap: int, worth: Ints | None, progress: Progress) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Give for every number of parts the last positions that can be, their best value and the row of the position before.

    The value is the least sum of squares less worth, or, without `worth`, the least heaviest load.
    """
    line = _tightened(line, reach, cap)
    since, layers = line.since, ways(line, cap)
    assert layers is not None
    before, value = layers[0], np.zeros(1, np.int64)
    for part, here in enumerate(layers[1:]):
        progress.check()
        progress.report(part / line.parts)
        low, high = np.searchsorted(before, since[here]), np.searchsorted(before, line.until[here], side="right") - 1
        some = low <= high
        here, low, high = here[some], low[some], high[some]
        found, choice = np.full(len(here), _NEVER, np.int64), np.zeros(len(here), np.int64)
        for rows in _chunks(high - low + 1):
            found[rows], choice[rows] = _best(line, reach, cap, part, value, before, here[rows], low[rows], high[rows], worth is None)
        reached: Bools = found < _NEVER
        before, value, choice = here[reached], found[reached], choice[reached]
        if worth is not None:
            value = value - worth[before]
        yield before, value, choice


def _best(
    line: Course, reach: Reach, cap: int, part: int, value: Ints, before: Ints, here: Ints, low: Ints, high: Ints, heaviest: bool
) -> tuple[Ints, Ints]:
    counts = high - low + 1
    offsets = np.cumsum(counts) - counts
    column = np.arange(int(counts.sum())) + np.repeat(low - offsets, counts)
    start, stop = before[column], np.repeat(here, counts)
    load = line.sums[stop] - line.sums[start] + reach.of(part, start, stop)
    cost = np.maximum(value[column], load) if heaviest else value[column] + load**2
    cost[load > cap] = _NEVER
    least = np.minimum.reduceat(cost, offsets)
    column[cost > np.repeat(least, counts)] = len(before)
    return least, np.minimum.reduceat(column, offsets)


def _chunks(counts: Ints) -> Iterator[slice]:
    """Give runs of rows of about as many parts as are looked at together."""
    if len(counts):
        chunk = (np.cumsum(counts) - counts) // _AT_ONCE
        ends = [*np.flatnonzero(np.diff(chunk, prepend=-1)).tolist(), len(counts)]
        for start, stop in itertools.pairwise(ends):
            yield slice(start, stop)
