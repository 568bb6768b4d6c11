"""Rounds of two neighbours laid so that both turn at their common end in the same minute as often as can be."""

from __future__ import annotations

import itertools

import numpy as np

from algorithms.network.polylines import Ints

_NEVER = 1 << 40


def turned_together(way: list[int], shift: int, turns: list[list[int]]) -> list[tuple[int, int, int]]:
    """Return the rounds of two neighbours that can turn in the same minute, as many as can be, and that minute, in order.

    `way` are the minutes of either from end to end, `turns` when each would turn by itself; the minutes are as near to these as can be.
    Dynamic programming over pairs of rounds: for each number of meetings the earliest minute at which the last of them can be.
    """
    a, b = np.arange(len(turns[0]))[:, None], np.arange(len(turns[1]))[None, :]
    first = np.maximum(way[0] * (2 * a + 1), way[1] * (2 * b + 1))
    last = shift - np.maximum(way[0] * (2 * (len(a) - a) - 1), way[1] * (2 * (b.size - b) - 1))
    soonest = [np.where(first <= last, first, _NEVER)]
    before: list[Ints] = []
    while (soonest[-1] < _NEVER).any():
        after, came = np.full(first.shape, _NEVER), np.zeros(first.shape, np.int64)
        for row, column in np.argwhere(soonest[-1] < _NEVER).tolist():
            then = soonest[-1][row, column] + np.maximum(2 * way[0] * (a - row), 2 * way[1] * (b - column))
            better = (a > row) & (b > column) & (then <= last) & (then < after)
            after[better], came[better] = then[better], row * b.size + column
        soonest.append(after)
        before.append(came)
    if len(soonest) == 1:
        return []
    at = int(soonest[-2].argmin())
    pairs = [divmod(at, b.size)]
    for came in before[-2::-1]:
        pairs.append(divmod(int(came[pairs[-1]]), b.size))
    pairs.reverse()
    apart = [max(2 * way[0] * (d - c), 2 * way[1] * (f - e)) for (c, e), (d, f) in itertools.pairwise(pairs)]
    latest = [int(last[pairs[-1]])]
    for pair, gap in zip(pairs[-2::-1], reversed(apart), strict=True):
        latest.append(min(int(last[pair]), latest[-1] - gap))
    minutes: list[int] = []
    for k, (c, e) in enumerate(pairs):
        low = max(int(first[c, e]), minutes[-1] + apart[k - 1]) if k else int(first[c, e])
        minutes.append(min(max((turns[0][c] + turns[1][e]) // 2, low), latest[-1 - k]))
    return [(c, e, minute) for (c, e), minute in zip(pairs, minutes, strict=True)]


def spread_turns(way: int, shift: int, times: int, fixed: list[tuple[int, int]]) -> list[int]:
    """Return the minutes at which rounds turn: some are fixed, the others lie evenly between them."""
    ends = [(-1, -way), *fixed, (times, shift + way)]  # one round before the first, and one behind the last, would touch the shift's ends
    turns = np.zeros(times, np.int64)
    for (low, since), (high, until) in itertools.pairwise(ends):
        for k in range(low + 1, min(high + 1, times)):
            turns[k] = since + (until - since) * (k - low) // (high - low)
    return turns.tolist()
