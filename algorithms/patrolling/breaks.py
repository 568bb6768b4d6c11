"""Breaks: where on its walk a crew rests, so that everything after it is still in time.

The search knows no breaks: it is given shifts that are shorter by them. Then the break is put where it delays the end least (a scan of all
junctions of the walk, with how much each later call can wait), and where it fits nowhere, one crew's tour is searched again with the
break as a job of its own that can be done wherever the crew comes by.
"""  # fmt: skip

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.network.polylines import Floats, Ints
from algorithms.patrolling.problem import StopKind, latest_begin
from algorithms.patrolling.walk import Walk, WalkCall

_LATE = 1e-6  # seconds


def rest_place(walk: Walk, calls: Sequence[WalkCall], rest: WalkCall, ends_by: float) -> int | None:
    """Return before which call of a walk a rest delays the end least, the number of calls for after the last; None where it fits nowhere.

    `rest` begins within its window; every call must still begin in time and the walk end by `ends_by`. The walk has no rest yet.
    """
    count, lasts = len(calls), float(rest.seconds or 0.0)
    wait = walk.begin - walk.arrive
    slack = np.append(_latest(calls) - walk.begin, ends_by - float(walk.passed[-1]))
    room, absorbed = np.empty(count + 1), np.zeros(count + 1)  # how much later each call may be reached; what waiting later makes good
    room[count] = slack[count]
    for i in range(count - 1, -1, -1):
        room[i] = wait[i] + min(slack[i], room[i + 1])
        absorbed[i] = wait[i] + absorbed[i + 1]
    best: tuple[float, float, int] | None = None
    first = np.concatenate(([0], _after(walk)))
    last = np.append(walk.at, len(walk.arcs))
    for gap in range(count + 1):
        reached = float(walk.passed[-1]) if gap == count else float(walk.arrive[gap])
        clock = np.append(walk.passed[first[gap] : last[gap]], reached)
        within = np.flatnonzero((clock >= rest.opens) & (clock <= rest.closes))
        early = np.flatnonzero(clock <= min(rest.opens, rest.closes))
        if not len(within) and not len(early):
            continue
        at = int(within[0]) if len(within) else int(early[-1])
        delay = max(float(clock[at]), rest.opens) - float(clock[at]) + lasts
        if delay > room[gap] + _LATE:
            continue
        later = (max(0.0, delay - absorbed[gap]), abs(gap - count / 2), gap)
        best = later if best is None else min(best, later)
    return None if best is None else best[2]


def rest_call(seconds: float, opens: float, closes: float) -> WalkCall:
    """Return a rest that begins in a window."""
    return WalkCall(StopKind.REST, seconds=seconds, opens=opens, closes=closes)


def _latest(calls: Sequence[WalkCall]) -> Floats:
    return np.array([float(latest_begin(call.opens, call.closes, call.seconds or 0.0)) for call in calls])


def _after(walk: Walk) -> Ints:
    """Return for each call how many arcs are driven until it is done."""
    return np.asarray(walk.at + np.bincount(walk.call_of_arc[walk.call_of_arc >= 0], minlength=len(walk.at)))
