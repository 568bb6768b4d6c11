"""Where a crew is at which minute: its way as points with times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.patrol import PatrolStreets, Route
from gridplanner.model.street_turns import arc_line
from gridplanner.model.turn_by_turn import clocks_of, halts_of

SAME = 1e-9  # minutes


@dataclass(frozen=True, eq=False)
class Track:
    """`xy` (n, 2) metres in driving order, `clock` (n,) minutes after midnight, never falling."""

    xy: Floats
    clock: Floats

    def __len__(self) -> int:
        return len(self.xy)


def track_of(streets: PatrolStreets, route: Route) -> Track:
    """Return a route's way with the time at each point: even speed along an arc, and two points at a place where the crew stays.

    A route without arcs takes its time evenly along its line.
    """
    start = route.stops[0].arrive if route.stops else 0.0
    if not len(route.arcs):
        along = _along(route.coords)
        share = along / along[-1] if len(along) and along[-1] > 0 else np.linspace(0.0, 1.0, len(along))
        return _track(route.coords, start + share * route.minutes)
    begin, end = clocks_of(streets, route)
    lines: list[Floats] = []
    clocks: list[Floats] = []
    stays = {halt.before for halt in halts_of(streets, route)}
    for row, arc in enumerate(route.arcs.tolist()):
        line = arc_line(streets, arc)
        along = _along(line)
        share = along / along[-1] if along[-1] > 0 else np.linspace(0.0, 1.0, len(along))
        clock = begin[row] + share * (end[row] - begin[row])
        first = 0 if not row or row in stays or begin[row] > clocks[-1][-1] + SAME else 1  # where the crew did not stay, one point will do
        lines.append(line[first:])
        clocks.append(clock[first:])
    last = float(route.passed[-1])
    if last > clocks[-1][-1] + SAME:
        lines.append(lines[-1][-1:])
        clocks.append(np.array([last]))
    return _track(np.concatenate(lines), np.concatenate(clocks))


def _track(xy: Floats, clock: Floats) -> Track:
    clock = np.maximum.accumulate(clock) if len(clock) else clock
    xy, clock = np.array(xy), np.array(clock)
    xy.setflags(write=False)
    clock.setflags(write=False)
    return Track(xy, clock)


def _along(line: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T)))) if len(line) else np.zeros(0)
