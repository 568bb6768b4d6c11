"""What a driver sees at a junction: how sharply a way turns there, where else one could go, and which streets form a roundabout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Bools, Floats, Ints, line_lengths
from gridplanner.model.patrol import PatrolStreets

NEAR = 20.0  # metres before and after a junction in which its turn is measured
STRAIGHT, SLIGHT, SHARP, ROUND = 25.0, 55.0, 125.0, 165.0  # degrees from which on a turn is called slight, plain, sharp, and turning round
LONGEST_RING = 500.0  # metres around a roundabout
ROUNDNESS = 0.87  # 4 pi area / perimeter² of a roundabout at least: a circle has 1, a hexagon 0.91, a square block 0.79


class Turn(StrEnum):
    """A turn in words that every language has."""

    NONE = ""
    STRAIGHT = "straight"
    SLIGHT_LEFT = "slight left"
    LEFT = "left"
    SHARP_LEFT = "sharp left"
    SLIGHT_RIGHT = "slight right"
    RIGHT = "right"
    SHARP_RIGHT = "sharp right"
    ROUND = "round"
    ROUNDABOUT = "roundabout"


@dataclass(frozen=True, eq=False)
class Arcs:
    """What is known of each arc of a plan's streets, one row an arc.

    `tail`, `head` (2 m,) nodes; `metres` (2 m,); `begins`, `ends` (2 m,) the direction in degrees, against the clock from the east, of its
    first and last NEAR metres. The arcs that may be driven from node n are `leaving[first[n]:first[n + 1]]`.
    """

    tail: Ints
    head: Ints
    metres: Floats
    begins: Floats
    ends: Floats
    leaving: Ints
    first: Ints

    def exits(self, node: int) -> list[int]:
        """Return the arcs that may be driven from a node."""
        return [int(arc) for arc in self.leaving[self.first[node] : self.first[node + 1]]]

    def angle(self, before: int, after: int) -> float:
        """Return the degrees that a way turns from one arc into the next, to the left positive, −180 to 180."""
        return wrapped(float(self.begins[after] - self.ends[before]))


def wrapped(degrees: float) -> float:
    """Return an angle between −180 and 180 degrees.

    >>> wrapped(350.0), wrapped(-190.0)
    (-10.0, 170.0)
    """
    return (degrees + 180.0) % 360.0 - 180.0


def turn_of(angle: float) -> Turn:
    """Return what a turn by an angle (degrees, to the left positive) is called.

    >>> turn_of(10.0).value, turn_of(92.0).value, turn_of(-40.0).value, turn_of(180.0).value
    ('straight', 'left', 'slight right', 'round')
    """
    size, left = abs(angle), angle > 0
    if size < STRAIGHT:
        return Turn.STRAIGHT
    if size < SLIGHT:
        return Turn.SLIGHT_LEFT if left else Turn.SLIGHT_RIGHT
    if size < SHARP:
        return Turn.LEFT if left else Turn.RIGHT
    if size < ROUND:
        return Turn.SHARP_LEFT if left else Turn.SHARP_RIGHT
    return Turn.ROUND


@lru_cache(maxsize=4)
def arcs_of(streets: PatrolStreets) -> Arcs:
    """Return what is known of the arcs of some streets."""
    u, v = np.asarray(streets.u, np.int64), np.asarray(streets.v, np.int64)
    tail, head = np.column_stack((u, v)).ravel(), np.column_stack((v, u)).ravel()
    length = line_lengths(streets.lines)
    out, into = _directions(streets, length)
    open_arcs = np.flatnonzero(np.isfinite(streets.seconds))
    leaving = open_arcs[np.argsort(tail[open_arcs], kind="stable")]
    nodes = int(max(tail.max(initial=-1), head.max(initial=-1))) + 1
    first = np.searchsorted(tail[leaving], np.arange(nodes + 1))
    back = 180.0  # an arc against its line begins where that ends, in the opposite direction
    begins, ends = np.column_stack((out, into + back)).ravel(), np.column_stack((into, out + back)).ravel()
    return Arcs(tail, head, np.repeat(length, 2), begins, ends, leaving, first)


@lru_cache(maxsize=4)
def roundabouts(streets: PatrolStreets) -> Ints:
    """Return the number of the roundabout that each arc belongs to, (2 m,), −1 for none.

    A roundabout is a closed way of one-way streets, not longer than LONGEST_RING and nearly round, found by following at each end the
    one-way street that keeps to the inside.
    """
    arcs, count = arcs_of(streets), 2 * len(streets)
    ring = np.full(count, -1, np.int64)
    open_arc: Bools = np.isfinite(streets.seconds)
    one_way = open_arc & ~open_arc[np.arange(count) ^ 1] & (arcs.metres < LONGEST_RING)
    rows = np.flatnonzero(one_way)
    found = 0
    for inside in (1.0, -1.0):  # to the left where one drives on the right, to the right elsewhere
        following: dict[int, int] = {}
        for arc in rows.tolist():
            ways = [other for other in arcs.exits(int(arcs.head[arc])) if one_way[other]]
            if ways:
                following[arc] = max(ways, key=lambda other, arc=arc: inside * arcs.angle(arc, other))  # type: ignore[misc]
        for cycle in _cycles(following):
            if np.all(ring[cycle] < 0) and _is_round(streets, arcs, cycle, inside):
                ring[cycle] = found
                found += 1
    ring.setflags(write=False)
    return ring


def arc_line(streets: PatrolStreets, arc: int) -> Floats:
    """Return the coordinates (n, 2) of an arc, in the direction in which it is driven."""
    line = streets.lines.line(arc // 2)
    return line[::-1] if arc % 2 else line


def _directions(streets: PatrolStreets, length: Floats) -> tuple[Floats, Floats]:
    """Return the direction of the first and of the last NEAR metres of each line, degrees (m,)."""
    coords, offsets = streets.lines.coords, np.asarray(streets.lines.offsets, np.int64)
    if not len(length):
        return np.zeros(0), np.zeros(0)
    step = np.hypot(*np.diff(coords, axis=0).T)
    step[offsets[1:-1] - 1] = 0.0  # from one line to the next
    along = np.concatenate(([0.0], np.cumsum(step)))
    start, stop = offsets[:-1], offsets[1:] - 1
    reach = np.minimum(length, NEAR)
    after = _place_at(coords, along, along[start] + reach, start, stop) - coords[start]
    before = coords[stop] - _place_at(coords, along, along[stop] - reach, start, stop)
    return np.degrees(np.arctan2(after[:, 1], after[:, 0])), np.degrees(np.arctan2(before[:, 1], before[:, 0]))


def _place_at(coords: Floats, along: Floats, at: Floats, start: Ints, stop: Ints) -> Floats:
    """Return the places (m, 2) at `at` metres along all lines laid end to end, within `start` … `stop` of each."""
    last = np.clip(np.searchsorted(along, at), start + 1, stop)
    step = along[last] - along[last - 1]
    share = np.clip((at - along[last - 1]) / np.where(step > 0, step, 1.0), 0.0, 1.0)[:, None]
    return np.asarray(coords[last - 1] + share * (coords[last] - coords[last - 1]), np.float64)


def _cycles(following: dict[int, int]) -> list[list[int]]:
    """Return the cycles of a map from each item to the next."""
    seen: dict[int, int] = {}
    cycles: list[list[int]] = []
    for start in following:
        way, at = [], start
        while at in following and at not in seen:
            seen[at] = start
            way.append(at)
            at = following[at]
        if at in following and seen[at] == start:
            cycles.append(way[way.index(at) :])
    return cycles


def _is_round(streets: PatrolStreets, arcs: Arcs, cycle: list[int], inside: float) -> bool:
    perimeter = float(arcs.metres[cycle].sum())
    if not 0 < perimeter <= LONGEST_RING:
        return False
    xy = np.concatenate([arc_line(streets, arc) for arc in cycle])
    x, y = (xy - xy[0]).T
    area = inside * 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return 4 * math.pi * area >= ROUNDNESS * perimeter**2
