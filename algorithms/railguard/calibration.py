"""Readings of posts along a measured line made into one rising scale, over broken chains, without the posts that cannot be right."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from algorithms.network.polylines import Bools, Floats, Ints

_APART = 5.0  # metres: two posts nearer to each other than this count as one place
_SLOWEST = 0.5  # readings rise by no less than this share of what the line's posts rise by on the whole
_LEAST_OFF = 15.0  # metres by which a stretch may always differ: posts stand where there is room
_SPREADS = 6.0  # robust standard deviations of how much stretches differ, beyond which one is told
_FEW = 5  # stretches below which there is no spread to measure
_DRAWN = (0.9, 1.6)  # what few posts may read to a metre of the drawn line: maps cut corners, and seldom add any
_MANY = 1000  # posts by which the direction of a line is found
_CHAINS = 200.0  # metres of misfit that weigh as much as a thousandth of a post, where two choices keep equally many


@dataclass(frozen=True, eq=False)
class Calibration:
    """What is read along a line: at `along` (k,) metres, rising, `behind` (k,) for who comes and `ahead` (k,) for who goes on.

    They differ at a broken chain. `used` (n,) says which posts the scale follows, `lone` (n,) which of the others rise with their
    neighbours but are off by as much both before and behind them; `odd` (m, 2) are the posts between which readings rise by more or less
    than drawing errors allow, by `off` (m,) metres. `chains` (breaks,) says which broken chains lie on the line.
    """

    along: Floats
    behind: Floats
    ahead: Floats
    used: Bools
    lone: Bools
    odd: Ints
    off: Floats
    chains: Bools

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)


def runs_against(along: ArrayLike, reading: ArrayLike, weight: ArrayLike | None = None) -> bool:
    """Return whether a line is drawn against its readings: more of them (by weight) fall in line order than rise.

    Of very many posts one in so many is looked at: which way a line runs, some hundreds tell as well.
    """
    place, read = np.asarray(along, np.float64), np.asarray(reading, np.float64)
    heavy = np.ones(len(place)) if weight is None else np.asarray(weight, np.float64)
    some = np.argsort(place, kind="stable")[:: 1 + len(place) // _MANY]
    place, read, heavy = place[some], read[some], heavy[some]
    up, down = (_rising(sign * place, read, heavy, 0.0, 1.0) for sign in (1.0, -1.0))
    return float(heavy[down].sum()) > float(heavy[up].sum())


def calibrate(length: float, along: ArrayLike, reading: ArrayLike, breaks: ArrayLike = (), weight: ArrayLike | None = None) -> Calibration:
    """Return the scale of a line of `length` metres on which posts at `along` (n,) read `reading` (n,) metres, n at least 1.

    `breaks` (b, 2) are broken chains: the place that reads the first number behind it reads the second ahead. `weight` (n,) says how much
    a post is to be believed. The scale keeps the posts whose readings rise and that weigh most together; it is linear between them, and
    beyond the first and the last it goes on as it rises between those two, but from nought where it would begin a little below.

    Examples
    --------
    >>> found = calibrate(3000.0, [500, 1500, 2000, 2500], [10_500, 11_480, 9_000, 12_480], [(11_020, 11_000)])
    >>> found.along.round().tolist(), found.behind.round().tolist(), found.ahead.round().tolist(), found.used.tolist()
    ([0.0, 500.0, 1020.0, 1500.0, 2500.0, 3000.0], [10000.0, 10500.0, 11020.0, 11480.0, 12480.0, 12980.0], \
[10000.0, 10500.0, 11000.0, 11480.0, 12480.0, 12980.0], [True, True, False, True])
    """
    place, read = np.asarray(along, np.float64), np.asarray(reading, np.float64)
    heavy = np.ones(len(place)) if weight is None else np.asarray(weight, np.float64)
    chains = np.asarray(breaks, np.float64).reshape(-1, 2)
    if not len(place) == len(read) == len(heavy) or not len(place) or length <= 0:
        raise ValueError("a line needs a length and at least one post, and every post a place and a reading")
    post, steady, at = _steady(read, chains)
    if not len(post):  # every post reads what a short chain leaves out
        found = calibrate(length, place, read, (), heavy)
        return replace(found, chains=np.zeros(len(chains), bool))
    first = _rising(place[post], steady, heavy[post], 0.0, 1.0)
    pace = _pace(place[post][first], steady[first])
    kept = _rising(place[post], steady, heavy[post], _SLOWEST * pace, pace)
    kept, lone = _without_lone(place[post], steady, kept)
    odd, off = _odd(place[post][kept], steady[kept])
    used, alone = np.zeros(len(place), bool), np.zeros(len(place), bool)
    used[post[kept]] = alone[post[lone]] = True
    rows = _rows(length, place[post][kept], steady[kept], at, chains)
    return Calibration(*rows[:3], used, alone & ~used, post[kept][odd], off, rows[3])


def _steady(read: Floats, chains: Floats) -> tuple[Ints, Floats, Floats]:
    """Return readings counted on steadily over the broken chains, and those of the chains themselves.

    A post gets one for every stretch between two broken chains that has its reading: (m,) posts, (m,) steady readings.
    """
    jump = np.concatenate(([0.0], np.cumsum(chains[:, 0] - chains[:, 1])))
    low = np.concatenate(([-np.inf], chains[:, 1]))
    high = np.concatenate((chains[:, 0], [np.inf]))
    fits = (read[:, None] >= low - 1e-6) & (read[:, None] <= high + 1e-6)
    post, stretch = np.nonzero(fits)
    return post, read[post] + jump[stretch], chains[:, 0] + jump[:-1]


def _pace(place: Floats, read: Floats) -> float:
    """Return what readings of posts in line order rise by to a metre of the line: the median over neighbours."""
    return float(np.clip(np.median(np.diff(read) / np.diff(place)), 0.5, 2.0)) if len(place) > 1 else 1.0


def _rising(place: Floats, read: Floats, weight: Floats, slowest: float, pace: float) -> Ints:
    """Return the rows, in line order, of posts that rise along the line and weigh most together (a longest increasing subsequence).

    Where several choices weigh the same, the one whose stretches differ least from `pace`.
    """
    order = np.lexsort((read, place))
    x, y, w = place[order], read[order], weight[order].astype(np.float64)
    best, before = w.copy(), np.full(len(x), -1)
    for row in range(1, len(x)):
        run, rise = x[row] - x[:row], y[row] - y[:row]
        misfit = np.minimum(np.abs(rise - pace * run) / _CHAINS, 1.0)
        score = np.where((run >= _APART) & (rise > 0) & (rise >= slowest * run), best[:row] - 1e-3 * misfit, -np.inf)
        choice = int(score.argmax())
        if score[choice] > 0:
            best[row], before[row] = best[row] + score[choice], choice
    way = [int(best.argmax())] if len(x) else []
    while way and before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return order[np.array(way[::-1], np.int64)]


def _allowed(run: Floats, rise: Floats) -> tuple[float, Floats]:
    """Return the pace of stretches and by how many metres each may differ from it."""
    ratio = rise / run
    pace = float(np.median(ratio))
    spread = 1.4826 * float(np.median(np.abs(ratio - pace)))
    return pace, np.maximum(_LEAST_OFF, _SPREADS * spread * run)


def _without_lone(place: Floats, read: Floats, kept: Ints) -> tuple[Ints, Ints]:
    """Return the rows kept without posts that are off by as much before as behind them, the worst first, and those rows."""
    left_out: list[int] = []
    while len(kept) > _FEW:
        run, rise = np.diff(place[kept]), np.diff(read[kept])
        pace, allowed = _allowed(run, rise)
        off = rise - pace * run
        wrong = (np.abs(off) > allowed) & (np.abs(off) > _LEAST_OFF)
        pair = wrong[:-1] & wrong[1:] & (off[:-1] * off[1:] < 0)
        pair &= np.abs(off[:-1] + off[1:]) <= np.maximum(allowed[:-1], allowed[1:])
        if not pair.any():
            break
        worst = int(np.where(pair, np.minimum(np.abs(off[:-1]), np.abs(off[1:])), -1.0).argmax())
        left_out.append(int(kept[worst + 1]))
        kept = np.delete(kept, worst + 1)
    return kept, np.array(left_out, np.int64)


def _odd(place: Floats, read: Floats) -> tuple[Ints, Floats]:
    """Return the pairs of neighbours (m, 2) whose stretch differs by more than drawing errors allow, and by how many metres."""
    if len(place) < 2:
        return np.zeros((0, 2), np.int64), np.zeros(0)
    run, rise = np.diff(place), np.diff(read)
    if len(run) < _FEW:
        few = (rise < _DRAWN[0] * run - _LEAST_OFF) | (rise > _DRAWN[1] * run + _LEAST_OFF)
        row = np.flatnonzero(few)
        return np.column_stack((row, row + 1)), (rise - run)[row]
    pace, allowed = _allowed(run, rise)
    row = np.flatnonzero(np.abs(rise - pace * run) > allowed)
    return np.column_stack((row, row + 1)), (rise - pace * run)[row]


def _rows(length: float, place: Floats, read: Floats, at: Floats, chains: Floats) -> tuple[Floats, Floats, Floats, Bools]:
    """Return the rows of a calibration and which broken chains lie on the line; `at` (b,) are their steady readings."""
    slope = (read[-1] - read[0]) / (place[-1] - place[0]) if len(place) > 1 and place[-1] - place[0] >= 1000.0 else 1.0
    ends = np.array([read[0] - slope * place[0], read[-1] + slope * (length - place[-1])])
    if ends[0] < 0.0 < _SLOWEST * place[0] <= read[0]:  # drawn a little longer than to where the count begins
        ends[0] = 0.0
    inner = (place > 0.01) & (place < length - 0.01)  # a post at an end is that end
    x = np.concatenate(([0.0], place[inner], [length]))
    y = np.concatenate(([ends[0]], read[inner], [ends[1]]))
    on = (at > y[0] + 1e-6) & (at < y[-1] - 1e-6)
    where = np.interp(at[on], y, x)
    jump = chains[:, 0] - chains[:, 1]
    keep = np.all(np.abs(x[:, None] - where[None, :]) > 1e-3, axis=1) if on.any() else np.ones(len(x), bool)
    rows_x = np.concatenate((x[keep], where))
    rows_y = np.concatenate((y[keep], at[on]))
    order = np.argsort(rows_x, kind="stable")
    rows_x, rows_y = rows_x[order], rows_y[order]
    passed = np.array([float(jump[at < one - 1e-3].sum()) for one in rows_y])  # of chains before, on the line or not
    gone = np.array([float(jump[at < one + 1e-3].sum()) for one in rows_y])
    return rows_x, rows_y - passed, rows_y - gone, on
