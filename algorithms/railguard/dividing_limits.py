"""Why a line cannot be divided within its limits, and what is nearest."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from algorithms.network.polylines import Floats, Ints
from algorithms.railguard.line_partition import Course, measured_course, ways
from algorithms.railguard.line_work import CannotDivide

_STEP = 10.0  # metres: the nearest limit of length is told in multiples of these


def why_not(line: Course, along: Floats, walls: Ints, shortest: float, longest: float, others: int = 0) -> CannotDivide:
    """Return why a course has no division, whose positions lie at `along` metres; `others` guards stand in held runs."""
    parts, n = line.parts, line.end
    told, stretches = parts + others, len(walls) + 1
    if parts > n:
        return CannotDivide(f"{told} guards for {n + others} pieces of line; at most {n + others} can be placed", "pieces", n + others)
    if parts < stretches:
        needed = stretches + others
        return CannotDivide(f"{stretches} separate stretches for {parts} guards; at least {needed} guards are needed", "guards", needed)

    def possible(low: float, high: float, count: int = parts) -> bool:
        free = measured_course(line.sums, along, walls, count, low, high, {})
        return ways(free, int(line.sums[-1])) is not None

    if possible(shortest, longest):
        return CannotDivide(f"no division of {told} guards leaves every post to one squad", "squads")
    few, many = _numbers(line, along, walls, shortest, longest)
    if parts > many > 0:
        least = _STEP * _first(lambda step: not possible(step * _STEP, longest), 1, math.ceil(shortest / _STEP)) - _STEP
        text = f"{told} guards have no room with at least {shortest:g} m each; at most {many + others} guards do, or at least {least:g} m"
        return CannotDivide(text, "shortest", many + others, least)
    piece = float(np.diff(along).max())
    if not possible(shortest, math.inf):
        least = _STEP * _first(lambda step: not possible(step * _STEP, math.inf), 1, math.ceil(shortest / _STEP)) - _STEP
        return CannotDivide(f"at least {shortest:g} m each cannot be kept; at least {least:g} m can", "shortest", 0, least)
    most = _STEP * _first(lambda step: possible(shortest, step * _STEP), math.floor(longest / _STEP), math.ceil(along[-1] / _STEP))
    if few:
        text = f"at least {few + others} guards are needed with at most {longest:g} m each; {told} guards can with at most {most:g} m"
        return CannotDivide(text, "longest", few + others, most)
    what = f"a piece without a break is {piece:g} m long" if piece > longest else "no number of guards can"
    return CannotDivide(f"at most {longest:g} m each cannot be kept: {what}; {told} guards can with at most {most:g} m", "longest", 0, most)


def _numbers(line: Course, along: Floats, walls: Ints, shortest: float, longest: float) -> tuple[int, int]:
    """Return the fewest and the most parts within the limits of length, 0 where no number is; every number between them is."""
    free = measured_course(line.sums, along, walls, line.parts, shortest, longest, {})
    here = np.zeros(1, np.int64)
    found: list[int] = []
    for count in range(1, line.end + 1):
        first = int(np.searchsorted(free.until, here[0]))
        last = int(np.searchsorted(free.since, here[-1], side="right")) - 1
        after = np.arange(first, last + 1)
        row = np.searchsorted(here, free.since[after])
        here = after[(row < len(here)) & (here[np.minimum(row, len(here) - 1)] <= free.until[after])]
        if not len(here) or (found and count > line.parts):
            break
        if here[-1] == line.end:
            found.append(count)
    return (found[0], found[-1]) if found else (0, 0)


def _first(true: Callable[[int], bool], low: int, high: int) -> int:
    """Return the first step from `low` on at which something is true that stays true, at the latest at `high`."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if true(middle) else (middle + 1, high)
    return low
