"""Parts of cut units: which side of the line they are on, their ground, and what a closed line holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.sums import group_sums
from algorithms.units.outcodes import may_touch, outcodes
from algorithms.units.rings import ring_polygons, trace_rings
from gridplanner.model.line_sides import inside_ring
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.units import OUTSIDE, Units


@dataclass(frozen=True, eq=False)
class Cut:
    """Units after a cut: rows stay, parts are appended; `parent` (n,) is the unit that each appended one was part of.

    `along` (m,) is 1 where the line runs along a border piece, in its direction, -1 where it runs against it, 0 elsewhere.
    """

    units: Units
    parent: Ints
    along: np.ndarray[tuple[int], np.dtype[np.int8]]


@dataclass(frozen=True, eq=False)
class Divided:
    """Units beside a line: `rows` (n,) units, `part` (n,) the connected part that each is in when nothing crosses the line.

    `side` (parts,) is 1 for parts left of the line, -1 for those right of it, 0 where the line does not run along a part, or on both sides
    of it alike; `area` (parts,) square metres.
    """

    rows: Ints
    part: Ints
    side: Ints
    area: Floats


def divided_by(cut: Cut, members: Bools) -> Divided:
    """Return how the line of a cut divides some of its units (u,)."""
    units = cut.units
    rows = np.flatnonzero(members)
    place = np.full(len(units) + 1, OUTSIDE, np.int64)  # the last for OUTSIDE
    place[rows] = np.arange(len(rows))
    one, other = place[units.left], place[units.right]
    pieces = np.flatnonzero((one >= 0) | (other >= 0))
    one, other, along = one[pieces], other[pieces], cut.along[pieces].astype(np.int64)
    open_ = (along == 0) & (one >= 0) & (other >= 0)
    part = components(len(rows), one[open_], other[open_])
    step = units.xy[units.ends[pieces, 1]] - units.xy[units.ends[pieces, 0]]
    length, cross = np.hypot(*step.T), _cross(units, pieces)
    count = int(part.max(initial=-1)) + 1
    vote, area = np.zeros(count), np.zeros(count)
    for side, sign in ((one, 1), (other, -1)):
        mine = side >= 0
        inner = mine & (one >= 0) & (other >= 0)
        vote += group_sums(part[side[inner]], (sign * along * length)[inner], count)
        area += group_sums(part[side[mine]], sign * cross[mine], count)
    return Divided(rows, part, np.sign(np.round(vote, 6)).astype(np.int64), area)


def units_within(units: Units, ring: Floats, members: Bools) -> Ints:
    """Return those of some units (u,) that lie within a closed line (k, 2), rising: those with a place well inside them that does."""
    code = outcodes(units.xy, ring.min(axis=0), ring.max(axis=0))
    box = may_touch(code[units.ends[:, 0]], code[units.ends[:, 1]])
    near = np.zeros(len(units) + 1, bool)  # the last for OUTSIDE
    near[units.left[box]] = near[units.right[box]] = True
    rows = np.flatnonzero(near[:-1] & members)
    if not len(rows):
        return rows
    polygons = polygons_near(units.xy, units.ends, units.left, units.right, len(units), rows)
    return rows[inside_ring(shapely.get_coordinates(shapely.point_on_surface(polygons)), ring)]


def areas_of(units: Units, rows: Ints) -> Floats:
    """Return the square metres of some units (n,), by one look at all border pieces."""
    place = np.full(len(units) + 1, OUTSIDE, np.int64)  # the last for OUTSIDE
    place[rows] = np.arange(len(rows))
    one, other = place[units.left], place[units.right]
    pieces = np.flatnonzero((one >= 0) | (other >= 0))
    cross = _cross(units, pieces)
    area = np.zeros(len(rows) + 1)  # the last for what lies beyond
    np.add.at(area, one[pieces], cross)
    np.add.at(area, other[pieces], -cross)
    return area[:-1]


def polygons_near(xy: Floats, ends: Ints, left: Ints, right: Ints, count: int, rows: Ints) -> Texts:
    """Return a polygon for each of some faces, (n,), by one look at all pieces: nothing is made ready for the others."""
    place = np.full(count + 1, OUTSIDE, np.int64)  # the last for OUTSIDE
    place[rows] = np.arange(len(rows))
    one, other = place[left], place[right]
    pieces = np.flatnonzero((one >= 0) | (other >= 0))
    nodes, local = np.unique(ends[pieces], return_inverse=True)
    near = xy[nodes]
    return ring_polygons(near, trace_rings(near, local.reshape(-1, 2), one[pieces], other[pieces]), len(rows))


def _cross(units: Units, pieces: Ints) -> Floats:
    """Return the square metres between each piece and a place near all of them: positive where that is on its left."""
    a, b = units.xy[units.ends[pieces, 0]], units.xy[units.ends[pieces, 1]]
    origin = a.mean(axis=0) if len(a) else np.zeros(2)
    a, b = a - origin, b - origin
    return np.asarray((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2)
