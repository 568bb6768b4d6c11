"""Move whole stretches of a route at once: what the solver's small moves cannot do.

Its moves shift at most two stops, so that a valley visited twice stays visited twice: joining the two visits gets worse
before it gets better. Taking any stretch out and putting it back anywhere, forwards or turned round with every free
street driven the other way (Or 1976, without his limit of three), mends that. On the six zones of Liechtenstein the
longest of six seeds came down from 65.6 to 55.1 minutes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from algorithms.network.polylines import Floats, Ints

_TABLE = 4_000_000  # entries looked at for one move; long routes get a limit on the length of a stretch
_TRIES = 100  # moves tried, the best first, after one look at them all

Move = tuple[float, int, int, int, bool]  # seconds saved (negative), first and last stop, gap it goes to, turned round


def move_stretches(tour: list[int], times: Floats, turned: Ints, seconds_of: Callable[[list[int]], float]) -> list[int]:
    """Return the tour after the best moves of stretches, while there are any.

    `times` (1 + ways, 1 + ways) are seconds between ways, the depot first; `turned` (ways,) is the way that does the same job
    in the other direction, itself where direction does not matter, -1 where there is none. `seconds_of` gives the seconds
    of a whole tour, infinite where it breaks a rule: only moves that make it less are kept.
    """
    best, moved = seconds_of(tour), True
    while tour and moved:
        moved, seen = False, tour  # a look at all moves is dear: take as many of them as still fit the changed tour
        for move in _moves(np.array(tour), times, turned)[:_TRIES]:
            changed = _apply(tour, seen, move, turned)
            seconds = seconds_of(changed) if changed else np.inf
            if seconds < best - 1e-6:
                tour, best, moved = changed, seconds, True
    return tour


def _moves(tour: Ints, times: Floats, turned: Ints) -> list[Move]:
    """Return the best move of each stretch in each sense, the best first, of those that save driving time."""
    n = len(tour)
    s, back = tour + 1, turned[tour] + 1
    path = np.concatenate(([0], s, [0]))
    leg = times[path[:-1], path[1:]]
    ahead = np.concatenate(([0.0], np.cumsum(times[s[:-1], s[1:]])))
    astern = np.concatenate(([0.0], np.cumsum(times[back[1:], back[:-1]])))
    fixed = np.concatenate(([0], np.cumsum(back == 0)))
    gap = np.arange(n + 1)
    to_first, from_last = times[path[:-1]], times[:, path[1:]]
    found: list[Move] = []
    for length in range(1, min(n, max(3, _TABLE // (n * n))) + 1):
        i = np.arange(n - length + 1)
        j = i + length - 1
        saved = leg[i] + leg[j + 1] - times[path[i], path[j + 2]]
        elsewhere = (gap < i[:, None]) | (gap > j[:, None] + 1)
        kept = to_first[:, s[i]].T + from_last[s[j]] - leg - saved[:, None]
        _best(found, np.where(elsewhere, kept, np.inf), length, False)
        inner = (astern[j] - astern[i]) - (ahead[j] - ahead[i])
        flip = to_first[:, back[j]].T + from_last[back[i]] - leg + (inner - saved)[:, None]
        in_place = times[path[i], back[j]] + times[back[i], path[j + 2]] - leg[i] - leg[j + 1] + inner
        flip = np.where(elsewhere, flip, np.where(gap == i[:, None], in_place[:, None], np.inf))
        flip[fixed[j + 1] > fixed[i]] = np.inf
        _best(found, flip, length, True)
    return sorted(found)


def _best(found: list[Move], change: Floats, length: int, flip: bool) -> None:
    gap = change.argmin(axis=1)
    saving = change[np.arange(len(gap)), gap]
    for row in np.flatnonzero(saving < -1e-6).tolist():
        found.append((float(saving[row]), row, row + length - 1, int(gap[row]), flip))


def _apply(tour: list[int], seen: list[int], move: Move, turned: Ints) -> list[int]:
    """Return the tour with a move made that was found on the tour `seen`, or nothing where its stretch is no longer in one piece."""
    _, i, j, gap, flip = move
    stretch = seen[i : j + 1]
    place = tour.index(stretch[0]) if stretch[0] in tour else len(tour)
    if tour[place : place + len(stretch)] != stretch:
        return []
    rest = tour[:place] + tour[place + len(stretch) :]
    if i <= gap <= j + 1:
        to = place
    elif gap and seen[gap - 1] not in rest:
        return []
    else:
        to = rest.index(seen[gap - 1]) + 1 if gap else 0
    if flip:
        stretch = [int(turned[way]) for way in reversed(stretch)]
    return rest[:to] + stretch + rest[to:]
