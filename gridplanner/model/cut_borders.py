"""Borders of units after a cut: what runs along the new ones, and which parts no bridge joins any longer."""

from __future__ import annotations

import numpy as np
import shapely

from algorithms.units.outcodes import may_touch, outcodes
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.places import RoadClass, Roads
from gridplanner.model.units import BorderKind, Units

ALONG = 0.5  # metres within which a new border runs along a street
AT = 0.05  # metres within which a street meets a corner of borders
_KIND = np.array([BorderKind.CUT, BorderKind.PATH, BorderKind.LANE, BorderKind.STREET, BorderKind.ARTERIAL], np.int8)  # by RoadClass
_BARRIERS = (BorderKind.WATER, BorderKind.RAILWAY, BorderKind.WALL)


def street_along(roads: Roads, ends: Floats) -> tuple[Ints, Ints]:
    """Return (kind, road row) of straight borders (n, 2, 2) by the street above ground that each runs along: CUT and -1 for none."""
    kind, road = np.full(len(ends), BorderKind.CUT, np.int8), np.full(len(ends), -1, np.int32)
    lines, row = _streets_near(roads, ends.reshape(-1, 2), ALONG)
    if not len(lines):
        return kind, road
    places = np.concatenate((ends[:, 0], ends[:, 1], ends.mean(axis=1)))
    place, piece = shapely.STRtree(lines).query(shapely.points(places), predicate="dwithin", distance=ALONG)
    pair = np.unique(np.column_stack((place % len(ends), row[piece], place // len(ends))), axis=0)
    border, count = np.unique(pair[:, :2], axis=0, return_counts=True)
    border = border[count == 3]  # both ends and the middle lie on one street
    border = border[np.argsort(roads.classes[border[:, 1]], kind="stable")]
    kind[border[:, 0]], road[border[:, 0]] = _KIND[roads.classes[border[:, 1]]], border[:, 1]
    return kind, road


def newly_blocked(units: Units, parent: Ints, roads: Roads) -> Bools:
    """Return which border pieces (m,) can be crossed no longer because a cut left the way across with another part of their unit.

    `units` are those after the cut, `parent` as in Cut. Barriers between two units can be crossed where anything else lies between them
    too, or where a street meets the barrier.
    """
    count = len(units) - len(parent)
    origin = np.concatenate((np.arange(count), parent, [-1]))  # the last for OUTSIDE
    touched = np.zeros(len(units) + 1, bool)
    touched[parent] = touched[count:-1] = True
    inner = np.flatnonzero(touched[units.left] | touched[units.right])
    left, right = origin[units.left[inner]], origin[units.right[inner]]
    apart = (left >= 0) & (right >= 0) & (left != right)
    inner, left, right = inner[apart], left[apart], right[apart]
    barrier = np.isin(units.kind[inner], _BARRIERS)
    found = np.zeros(len(units.ends), bool)
    if not barrier.any():
        return found
    crossed = ~barrier
    ends = units.xy[units.ends[inner[barrier]]]
    lines, _row = _streets_near(roads, ends.reshape(-1, 2), AT)
    if len(lines):
        at = np.zeros(2 * len(ends), bool)
        at[shapely.STRtree(lines).query(shapely.points(ends.reshape(-1, 2)), predicate="dwithin", distance=AT)[0]] = True
        crossed[barrier] = at.reshape(-1, 2).any(axis=1)
    now = _pairs(units.left[inner], units.right[inner], len(units))
    before = _pairs(left, right, len(units))
    lost = barrier & ~np.isin(now, now[crossed]) & np.isin(before, before[crossed])
    found[inner[lost]] = True
    return found


def _pairs(one: Ints, other: Ints, size: int) -> Ints:
    return np.asarray(np.minimum(one, other).astype(np.int64) * size + np.maximum(one, other))


def _streets_near(roads: Roads, places: Floats, within: float) -> tuple[Texts, Ints]:
    """Return the straight pieces of streets above ground around some places, as lines, and the row of each one's street."""
    none = np.empty(0, object), np.zeros(0, np.int32)
    coords, offsets = roads.lines.coords, roads.lines.offsets
    if not len(places) or len(coords) < 2:
        return none
    code = outcodes(coords, places.min(axis=0) - within, places.max(axis=0) + within)
    at = np.flatnonzero(may_touch(code[:-1], code[1:]))
    row = np.searchsorted(offsets, at, "right") - 1
    keep = (at + 1 < offsets[row + 1]) & (roads.classes[row] > RoadClass.OTHER) & (roads.level[row] >= 0)
    at, row = at[keep], row[keep]
    return (shapely.linestrings(np.stack((coords[at], coords[at + 1]), axis=1)), row) if len(at) else none
