"""Where one more call fits best into a walk whose order is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.shortest_paths import travel_times
from algorithms.patrolling.problem import StopKind
from algorithms.patrolling.walk import NoWay, Walk, WalkCall, Ways, call_ends, drive_calls

_TRIED = 24  # places driven through to the end where there are windows to keep, the nearest first


@dataclass(frozen=True, eq=False)
class Insertion:
    """One more call as row `place` of the calls: the walk with it, and `extra` seconds that the walk takes longer."""

    place: int
    extra: float
    walk: Walk


def best_insertion(ways: Ways, depot: int, home: int, start: float, calls: Sequence[WalkCall], new: WalkCall) -> Insertion:
    """Return the place for a new call that makes no more calls late than need be, and of those the walk that ends first.

    Places are tried in the order of the way there and on from there; all that matter where no call has a window.

    Raises
    ------
    NoWay
        Where the new call cannot be reached from anywhere on the walk, or the walk as it is cannot be driven.
    """
    now = drive_calls(ways, depot, home, start, calls)
    placed = [i for i, call in enumerate(calls) if call.kind != StopKind.REST]
    ends = [call_ends(ways.graph, calls[i], bool(now.turned[i])) for i in placed]
    leave, reach = np.array([depot, *(end for _, end in ends)]), np.array([*(entry for entry, _ in ends), home])
    cheapest = np.full(len(leave), np.inf)
    for turned in (False, True) if new.either else (False,):
        entry, end = call_ends(ways.graph, new, turned)
        to, on = travel_times(ways.network, leave, np.array([entry]))[:, 0], travel_times(ways.network, np.array([end]), reach)[0]
        cheapest = np.minimum(cheapest, to + on)
    between = [ways.way_cost(int(a), int(b)) for a, b in zip(leave, reach, strict=True)]
    order = np.argsort(cheapest - np.array(between), kind="stable")
    order = order[np.isfinite(cheapest[order])]
    windows = any(np.isfinite([call.opens, call.closes]).any() for call in (*calls, new))
    best: tuple[int, float] | None = None
    found: Insertion | None = None
    for gap in order[: _TRIED if windows else 1].tolist():
        place = placed[gap] if gap < len(placed) else len(calls)
        try:
            walk = drive_calls(ways, depot, home, start, [*calls[:place], new, *calls[place:]])
        except NoWay:
            continue
        if best is None or (len(walk.late), walk.seconds) < best:
            best, found = (len(walk.late), walk.seconds), Insertion(place, walk.seconds - now.seconds, walk)
    if found is None:
        raise NoWay(len(calls))
    return found
