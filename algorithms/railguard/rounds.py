"""Rounds of neighbouring segments of a line, there and back, timed so that neighbours meet where their segments meet."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from algorithms.network.polylines import Bools, Ints
from algorithms.railguard.turns import spread_turns, turned_together

_MINUTE = 60.0
Stay = tuple[int, int, int]  # from the minute to the minute, both included, and the minute at which a meeting is best


@dataclass(frozen=True, eq=False)
class Rounds:
    """Rounds of n segments in one shift, in whole minutes from its beginning.

    `times` (n,) rounds of each segment; `from_high` (n,) says that they begin and end at its upper end, `over` (n,) the minutes to get
    there from its entry. Round q: of segment `segment` (q,), left at `leave` (q,), at the other end at `turn` (q,), back at `back` (q,).
    Meeting m: of segments `lower` (m,) and lower + 1 at their common end at `minute` (m,). `waiting` (n,) are the minutes of the shift
    between rounds: all of them where rounds begin, none at the other end.
    """

    times: Ints
    from_high: Bools
    over: Ints
    segment: Ints
    leave: Ints
    turn: Ints
    back: Ints
    lower: Ints
    minute: Ints
    waiting: Ints

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)


def plan_rounds(seconds: ArrayLike, shift_s: float, rounds: int, touching: ArrayLike = (), entry: ArrayLike = ()) -> Rounds:
    """Return rounds in which neighbours meet at every common end, as often as both go round.

    `seconds` (n,) from one end of a segment to the other, `shift_s` the length of the shift, `rounds` how many are wished in it.
    `touching` (n - 1,) says whether segment i and i + 1 have a common end at which they should meet (empty: all do). `entry` (n,) is -1
    where a segment is entered at its lower end, 1 at its upper, 0 anywhere (empty).

    A segment is gone round as often as wished, or as often as fits where that is less. The shift is divided into as many equal spans, a
    round in each. Neighbours set out from opposite ends, so that two of them either both turn at their common end or both begin there.
    Both turn in the middle of the span, which the slower can reach and return from, and the faster leaves so much later: nobody waits at
    a turn. Where they begin, both are between two spans. A round takes its walking alone, so no plan with as many rounds waits less. Of
    the two ways of alternating that with the least walking from the entries to where rounds begin is taken.

    Where neighbours that turn at their common end go round differently often, they turn together within their spans or, where more
    meetings are won so than lost at their other ends, as often as can be at all (see turns.py). Where they begin there, they meet
    whenever both are between rounds. A way takes whole minutes, rounded up.

    Examples
    --------
    >>> found = plan_rounds([3000.0, 2400.0], 14400.0, 2)
    >>> found.leave, found.turn, found.minute
    (array([ 10, 130,  20, 140]), array([ 60, 180,  60, 180]), array([ 60, 180]))
    """
    way = np.ceil(np.asarray(seconds, np.float64) / _MINUTE - 1e-9).astype(np.int64)
    n, shift = len(way), int(shift_s // _MINUTE)
    if np.any(way < 1) or shift < 1 or rounds < 0:
        raise ValueError("ways and the shift need a length, and rounds must not be negative")
    meets = np.asarray(touching, bool) if len(np.asarray(touching)) else np.ones(max(n - 1, 0), bool)
    side = np.asarray(entry, np.int64) if len(np.asarray(entry)) else np.zeros(n, np.int64)
    if len(meets) != max(n - 1, 0) or len(side) != n:
        raise ValueError("touching needs one value between two segments, entry one a segment")
    high = _alternating(way, meets, side)
    times = np.minimum(rounds, shift // (2 * way))
    turns = _turns(way, times, shift, meets, high)
    lower, minute = _meetings(way, shift, meets, high, turns)
    segment = np.repeat(np.arange(n), times)
    turn = np.array([each for mine in turns for each in mine], np.int64)
    over = np.where((side != 0) & ((side > 0) != high), way, 0)
    waiting = shift - 2 * times * way
    return Rounds(times, high, over, segment, turn - way[segment], turn, turn + way[segment], lower, minute, waiting)


def _alternating(way: Ints, meets: Bools, side: Ints) -> Bools:
    """Return which segments' rounds begin at the upper end: every other one of each chain."""
    chain = np.cumsum(np.concatenate(([0], ~meets))) if len(way) else np.zeros(0, np.int64)
    odd = np.arange(len(way)) % 2 == 1
    cost = np.where(side == 0, 0, np.where((side > 0) == odd, -way, way))  # of setting out from the upper end where odd
    turned = np.bincount(chain, weights=cost)[chain] > 0
    high: Bools = odd ^ turned
    return high


def _span_ends(shift: int, times: int) -> list[int]:
    return [shift * i // times for i in range(times + 1)] if times else []


def _turns(way: Ints, times: Ints, shift: int, meets: Bools, high: Bools) -> list[list[int]]:
    """Return the minutes at which each segment's rounds turn: in the middles of its spans, or when a neighbour of others can be met.

    A round that leaves its span for that may be missed where rounds begin; it does so only where more meetings are won than lost.
    """
    turns = [[(low + up) // 2 for low, up in itertools.pairwise(_span_ends(shift, count))] for count in times.tolist()]

    def met(i: int, turns: list[list[int]]) -> int:
        around = [k for k in (i - 1, i, i + 1) if 0 <= k < len(meets) and meets[k]]
        return sum(len(_at_border(way, shift, high, turns, k)) for k in around)

    for i in np.flatnonzero(meets & ~high[:-1]).tolist():  # both turn at their common end
        if times[i] != times[i + 1]:
            both = slice(i, i + 2)
            trials = [[*turns[:i], *pair, *turns[i + 2 :]] for pair in _pairs_of_turns(way[both].tolist(), shift, turns[both])]
            turns = max([turns, *trials], key=partial(met, i))
    return turns


def _pairs_of_turns(way: list[int], shift: int, turns: list[list[int]]) -> Iterator[list[list[int]]]:
    """Give turns of two neighbours that turn together more often: within the spans of both, and as often as can be."""
    windows = [
        [(low + each, up - each, turn) for (low, up), turn in zip(itertools.pairwise(_span_ends(shift, len(mine))), mine, strict=True)]
        for each, mine in zip(way, turns, strict=True)
    ]
    within = [list(mine) for mine in turns]
    for a, b, minute in _matched(*windows):
        within[0][a] = within[1][b] = minute
    yield within
    together = turned_together(way, shift, turns)
    yield [spread_turns(way[j], shift, len(turns[j]), [(pair[j], minute) for *pair, minute in together]) for j in (0, 1)]


def _meetings(way: Ints, shift: int, meets: Bools, high: Bools, turns: list[list[int]]) -> tuple[Ints, Ints]:
    found = [(i, minute) for i in np.flatnonzero(meets).tolist() for minute in _at_border(way, shift, high, turns, i)]
    return np.array([i for i, _ in found], np.int64), np.array([minute for _, minute in found], np.int64)


def _at_border(way: Ints, shift: int, high: Bools, turns: list[list[int]], i: int) -> list[int]:
    """Return the minutes at which segments i and i + 1 meet at their common end."""
    if not turns[i] or not turns[i + 1]:
        return []
    if not high[i]:
        return sorted(set(turns[i]) & set(turns[i + 1]))
    one, other = (_stays(shift, int(way[j]), turns[j]) for j in (i, i + 1))
    return [minute for _a, _b, minute in _matched(one, other)]


def _stays(shift: int, way: int, turns: list[int]) -> list[Stay]:
    """Return when a guard is where the rounds begin, after each of them."""
    ends = _span_ends(shift, len(turns))[1:]
    return [(turn + way, after - way, end) for turn, after, end in zip(turns, [*turns[1:], shift + way], ends, strict=True)]


def _matched(one: list[Stay], other: list[Stay]) -> Iterator[tuple[int, int, int]]:
    """Give as many pairs of stays with a common minute as can be, no stay twice, and that minute: near what is best for both."""
    a = b = 0
    while a < len(one) and b < len(other):
        low, up = max(one[a][0], other[b][0]), min(one[a][1], other[b][1])
        if low <= up:
            yield a, b, min(max((one[a][2] + other[b][2]) // 2, low), up)
            a, b = a + 1, b + 1
        elif one[a][1] < other[b][1]:
            a += 1
        else:
            b += 1
