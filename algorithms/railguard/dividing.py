"""A guarded line divided among its squads and guards: posts and locked segments stay, the rest is divided as evenly as can be, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.progress import SILENT, Progress
from algorithms.railguard.dividing_limits import why_not
from algorithms.railguard.line_partition import LARGEST_TOTAL, Course, even_way, least_heaviest, measured_course
from algorithms.railguard.line_work import CannotDivide, DivideParams, Division, LineWork
from algorithms.railguard.reached_partition import Reach, even_reached_way, least_reached

_WISH = 1000  # wishes are counted in thousandths
_ROUNDED = 4  # billionths of all work by which a load that is not whole may be off: two ends, work and access


def divide_line(line: LineWork, params: DivideParams | None = None, progress: Progress = SILENT) -> Division:
    """Return the fairest division of a line, exactly.

    First the heaviest load is made as light as any division within the limits allows: that is the `bound`. Then, among the divisions whose
    heaviest load is at most that (where breaks are wished, a little above it as `DivideParams` says), the least sum of squared
    deviations from the mean, less what the wished breaks are worth. Every guard gets a segment. Held runs are segments of their own and
    count in no balance. Squads follow one another along the line, each with its guards; their borders need not be walls. Work that is
    zero everywhere counts as the metres. Work is counted to a billionth of its sum, wishes to a thousandth.

    Without access costs the parts are found as in Pınar and Aykanat (J. Parallel Distrib. Comput. 64, 2004) and by dynamic programming
    over monotone layers, in about O(n log n) for each guard at worst; with them by dynamic programming over all parts below the cap.

    Raises
    ------
    CannotDivide
        Where no division keeps the limits; it says which limit, and the nearest number of guards or metres that can.

    Examples
    --------
    >>> divide_line(LineWork(np.array([3, 1, 1, 3, 4]), np.array([2, 1]))).start
    array([0, 2, 4])
    """
    params = params or DivideParams()
    rest = _rest(line)
    if len(rest.atoms) == 0 or rest.parts < 1:
        if len(rest.atoms) or rest.parts:
            raise _no_room(rest, int(line.squads.sum()))
        if rest.counts:
            raise CannotDivide("the posts cannot be left to one squad each", "squads")
        return _told(line, rest, np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 0.0)
    counted = _counted(line, rest, params)
    sums, reach = counted.sums, counted.reach
    course, least = _least(line, rest, counted, params, progress)
    wish = np.rint(_WISH * rest.wish)
    cap = counted.rounded + (max(least, _given(params, least, sums, rest.parts, reach)) if wish.any() else least)
    worth = (wish * (2.0 / _WISH * (params.reach * sums[-1] / rest.parts) ** 2)).astype(np.int64)
    cuts = even_way(course, cap, worth, progress) if reach is None else even_reached_way(course, reach, cap, worth, progress)
    load, seconds = _loads(line, rest, cuts, params)
    close = _heaviest(course, reach, cuts) <= least + counted.rounded
    return _told(line, rest, cuts, load, seconds, float(load.max()) if close else least / counted.scale)


def _given(params: DivideParams, least: int, sums: Ints, parts: int, reach: Reach | None) -> int:
    """Return how heavy the heaviest load may be for the sake of wished breaks."""
    most = (1.0 + params.give) * least
    return int(most if reach is not None else min(most, params.even * sums[-1] / parts))


def least_load(line: LineWork, params: DivideParams | None = None, progress: Progress = SILENT) -> float:
    """Return the least that the heaviest load of any division within the limits can be: the bound of `divide_line`, found alone."""
    rest = _rest(line)
    if len(rest.atoms) == 0 or rest.parts < 1:
        return divide_line(line, params, progress).bound
    params = params or DivideParams()
    counted = _counted(line, rest, params)
    return _least(line, rest, counted, params, progress)[1] / counted.scale


def _least(line: LineWork, rest: _Rest, counted: _Counted, params: DivideParams, progress: Progress) -> tuple[Course, int]:
    """Return the rest of the line within the limits of length, and its least heaviest load; raises CannotDivide."""
    course = measured_course(counted.sums, rest.along, rest.walls, rest.parts, params.shortest, params.longest, rest.counts)
    least = least_heaviest(course)
    if least is None:
        raise why_not(course, rest.along, rest.walls, params.shortest, params.longest, int(line.squads.sum()) - rest.parts)
    progress.check()
    return course, least if counted.reach is None else least_reached(course, counted.reach, least, progress)


@dataclass(frozen=True, eq=False)
class _Rest:
    """What is not held: `atoms` (m,) with the `work` (m,) that is balanced, to be divided into `parts`.

    `places` (p,) are the positions 0 … m between these atoms at which a part may begin or end, `walls` rows of them at which it must;
    `along` (p,) metres, `wish` (p,). `slots` (g,) is the squad whose turn it is, by guards in line order without those of a given squad;
    `before` (p,) how many guards of held runs by turn stand before a place; `counts` are the numbers of parts before a place that leave a
    held run there to one squad.
    """

    atoms: Ints
    work: Floats
    places: Ints
    walls: Ints
    along: Floats
    wish: Floats
    slots: Ints
    before: Ints
    counts: dict[int, Bools]
    parts: int


def _rest(line: LineWork) -> _Rest:
    held, n = line.held, len(line.work)
    free = np.ones(n + 1, bool)
    for start, stop in zip(held.start.tolist(), held.stop.tolist(), strict=True):
        free[start:stop] = False
    atoms = np.flatnonzero(free[:n])
    gap = np.diff(atoms, prepend=-1) > 1
    wall = (line.wall[atoms] | gap)[1:]
    opened = line.open[atoms][1:] | wall
    places = np.concatenate(([0], np.flatnonzero(opened) + 1, [len(atoms)])) if len(atoms) else np.zeros(1, np.int64)
    walls = np.searchsorted(places, np.flatnonzero(wall) + 1)
    along = _along(line.metres[atoms])[places]
    work = next((each for each in (line.work[atoms], line.metres[atoms]) if each.any()), np.ones(len(atoms)))
    wish = np.zeros(len(places))
    if len(places) > 2:
        wish[1:-1] = line.wish[atoms[places[1:-1]]]
    wish[walls] = 0.0  # cut anyway
    left = line.squads.copy()
    np.subtract.at(left, held.squad[held.squad >= 0], held.guards[held.squad >= 0])
    if np.any(left < 0):
        squad = int(np.argmin(left))
        has = int(line.squads[squad])
        raise CannotDivide(f"{has - left[squad]} guards of squad {squad + 1} are held, and it has {has}", "squads")
    slots = np.repeat(np.arange(len(left)), left)
    parts = int(len(slots) - held.guards[held.squad < 0].sum())
    turn = np.flatnonzero(held.squad < 0)
    row = np.searchsorted(places, np.searchsorted(atoms, held.start[turn]))
    guards = held.guards[turn]
    stand = np.cumsum(guards) - guards
    before = np.bincount(row, weights=guards, minlength=len(places)).cumsum().astype(np.int64)
    return _Rest(atoms, work, places, walls, along, wish, slots, before, _counts(slots, parts, row, guards, stand), parts)


def _counts(slots: Ints, parts: int, row: Ints, guards: Ints, stand: Ints) -> dict[int, Bools]:
    """Return for the place of each held run how many parts may lie before it, so that its guards are all of one squad."""
    counts: dict[int, Bools] = {}
    if parts < 0 or not len(slots):
        return counts
    for place, count, first in zip(row.tolist(), guards.tolist(), stand.tolist(), strict=True):
        begin = np.arange(parts + 1) + first
        last = begin + count - 1
        inside = last < len(slots)
        one = inside & (slots[np.minimum(begin, len(slots) - 1)] == slots[np.minimum(last, len(slots) - 1)])
        counts[place] = counts.get(place, np.ones(parts + 1, bool)) & one
    return {place: allowed for place, allowed in counts.items() if not allowed.all()}


def _no_room(rest: _Rest, guards: int) -> CannotDivide:
    stretches = len(rest.walls) + 1 if len(rest.atoms) else 0
    needed = guards - rest.parts + stretches
    if rest.parts > 0:
        return CannotDivide(f"all of the line is held, and {rest.parts} guards are left; at most {needed} can be placed", "pieces", needed)
    text = f"held runs leave {max(rest.parts, 0)} guards to {stretches} stretches; at least {needed} guards are needed"
    return CannotDivide(text, "guards", needed)


@dataclass(frozen=True, eq=False)
class _Counted:
    """Work in integers: prefix `sums` (p,) at the places, `scale` times the work, loads off by `rounded` at most; `reach` in the same."""

    sums: Ints
    scale: float
    rounded: int
    reach: Reach | None


def _counted(line: LineWork, rest: _Rest, params: DivideParams) -> _Counted:
    sums = _along(rest.work)[rest.places]
    access = _access(line, rest) * params.access_weight if line.access.size and params.access_weight > 0 else None
    total = float(sums[-1]) + (0.0 if access is None else rest.parts * float(access.max()))
    exact = total <= LARGEST_TOTAL and all(np.all(each == np.rint(each)) for each in (rest.work, access) if each is not None)
    scale = LARGEST_TOTAL // total if exact else LARGEST_TOTAL / total  # whole amounts stay whole
    reach = None if access is None else Reach(np.rint(access * scale).astype(np.int64), rest.slots, rest.before)
    return _Counted(np.rint(sums * scale).astype(np.int64), scale, 0 if exact else _ROUNDED, reach)


def _access(line: LineWork, rest: _Rest) -> Floats:
    """Return the seconds to each piece (s, p - 1) from every squad: the least of its atoms, none of them infinite."""
    seconds = np.atleast_2d(line.access)
    seconds = np.broadcast_to(seconds, (len(line.squads), seconds.shape[1]))[:, rest.atoms]
    known = np.isfinite(seconds)
    farthest = float(seconds[known].max(initial=0.0))
    pieces: Floats = np.minimum.reduceat(np.where(known, seconds, farthest), rest.places[:-1], axis=1)
    return pieces


def _loads(line: LineWork, rest: _Rest, cuts: Ints, params: DivideParams) -> tuple[Floats, Floats]:
    """Return the load and the access seconds of every part."""
    load = np.diff(_along(rest.work)[rest.places[cuts]])
    if not line.access.size:
        return load, np.zeros(len(load))
    squad = rest.slots[np.arange(len(load)) + rest.before[cuts[:-1]]]
    seconds = np.minimum.reduceat(_access(line, rest), cuts[:-1], axis=1)[squad, np.arange(len(load))]
    return load + params.access_weight * seconds, seconds


def _heaviest(course: Course, reach: Reach | None, cuts: Ints) -> int:
    load = np.diff(course.sums[cuts])
    if reach is not None:
        load = load + reach.of(np.arange(len(load)), cuts[:-1], cuts[1:])
    return int(load.max())


def _told(line: LineWork, rest: _Rest, cuts: Ints, load: Floats, seconds: Floats, least: float) -> Division:
    """Return parts and held runs in line order, and whose they are."""
    held = line.held
    start = np.concatenate((rest.atoms[rest.places[cuts[:-1]]], held.start))
    stop = np.concatenate((rest.atoms[rest.places[cuts[1:]] - 1] + 1, held.stop))
    order = np.argsort(start, kind="stable")
    row = np.concatenate((np.full(len(load), -1), np.arange(len(held))))[order]
    start, stop = start[order], stop[order]
    guards = np.where(row < 0, 1, held.guards[row] if len(held) else 1)
    given = np.where(row < 0, -1, held.squad[row] if len(held) else -1)
    turn = np.cumsum(np.where(given < 0, guards, 0)) - guards
    squad = np.where(given < 0, rest.slots[np.maximum(turn, 0)] if len(rest.slots) else 0, given)
    wanted = np.where(given < 0, -1, held.guard[row] if len(held) else -1)
    along = _along(line.work)
    work = along[stop] - along[start]
    loads, reached = work.copy(), _seconds(line, start, squad)
    loads[row < 0], reached[row < 0] = load, seconds
    value, mean = float(load.max(initial=0.0)), float(load.mean()) if len(load) else 0.0
    wished = float(rest.wish[cuts[1:-1]].sum()) if len(cuts) else 0.0
    piece = float(np.diff(_along(rest.work)[rest.places]).max(initial=0.0))
    number = _numbers(squad, guards, wanted, line.squads)
    return Division(start, stop, work, loads, reached, guards, squad, number, row, value, min(least, value), mean, piece, wished)


def _seconds(line: LineWork, start: Ints, squad: Ints) -> Floats:
    """Return the least access of every segment's atoms for its squad, 0 where none is told; infinite where no atom has a way."""
    if not line.access.size:
        return np.zeros(len(start))
    seconds = np.atleast_2d(line.access)
    found: Floats = np.minimum.reduceat(seconds, start, axis=1)[squad if len(seconds) > 1 else 0, np.arange(len(start))]
    return found


def _numbers(squad: Ints, guards: Ints, wanted: Ints, squads: Ints) -> Ints:
    """Return the number of the first guard of every segment within its squad: as wanted where it is free, the rest in line order."""
    number = np.full(len(squad), -1, np.int64)
    for each, size in enumerate(squads.tolist()):
        free = np.ones(size, bool)
        mine = np.flatnonzero(squad == each)
        for row in mine[wanted[mine] >= 0].tolist():
            run = slice(int(wanted[row]), int(wanted[row] + guards[row]))
            if run.stop <= size and free[run].all():
                number[row], free[run] = run.start, False
        left = np.flatnonzero(free).tolist()
        for row in mine[number[mine] < 0].tolist():
            number[row] = left[0]
            del left[: guards[row]]
    return number


def _along(amounts: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(amounts)))
