"""The units that a round brush touches, found from the one below its middle outwards."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import pieces_around
from gridplanner.model.units import Units


def units_touched(units: Units, start: int, x: float, y: float, radius: float) -> Ints:
    """Return the units that a circle around (x, y) in metres touches, in rising order; `start` is the unit there, always one of them.

    The work grows with the units touched: from each, borders within the radius lead on to the unit beyond.
    """
    found = {start}
    front = np.array([start], np.int64)
    while len(front):
        pieces = pieces_around(units, front)
        hit = pieces[distances(units, pieces, x, y) <= radius]
        beyond = np.unique(np.concatenate((units.left[hit], units.right[hit])))
        fresh = [unit for unit in beyond.tolist() if unit >= 0 and unit not in found]
        found.update(fresh)
        front = np.array(fresh, np.int64)
    return np.array(sorted(found), np.int32)


def distances(units: Units, pieces: Ints, x: float, y: float) -> Floats:
    """Return how far some border pieces are from a place, in metres."""
    ends = units.xy[units.ends[pieces]]
    return np.asarray(distances_to(ends, np.array([[x, y]]))[0])


def distances_to(ends: Floats, places: Floats) -> Floats:
    """Return the distance of each of `places` (p, 2) to each of the straight pieces `ends` (m, 2, 2), (p, m)."""
    start, way = ends[:, 0], ends[:, 1] - ends[:, 0]
    from_start = places[:, None] - start[None]
    square = np.maximum((way**2).sum(axis=1), 1e-12)
    share = np.clip((from_start * way[None]).sum(axis=2) / square[None], 0.0, 1.0)
    gap = from_start - share[..., None] * way[None]
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]))
