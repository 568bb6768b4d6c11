"""What lies at a place on the map."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Floats, Ints
from gridplanner.model.piece_index import Positions, border_index
from gridplanner.model.units import OUTSIDE, Units


def unit_at(units: Units, x: float, y: float) -> int:
    """Return the unit at a place in metres, OUTSIDE where there is none; on a border, the first of those that meet there.

    The nearest border piece that a ray to the east crosses has the unit on its western side (Shimrat 1962, with the half-open rule
    for nodes). Nothing is made ready but the border pieces sorted by place.
    """
    if not len(units):
        return OUTSIDE
    index = border_index(units)
    at = index.touching((x, y, x, y))
    meeting = _sides_at(units, index.rows[at][_is_on(index.pieces[at], x, y)])
    if len(meeting):
        return int(meeting.min())
    reach = index.levels[0][0].size
    while x <= index.box[2]:
        at = index.near((x, y, x + reach, y))
        pieces = index.pieces[at]
        crossing = np.flatnonzero((pieces[:, 1] > y) != (pieces[:, 3] > y))
        slope = (pieces[crossing, 2] - pieces[crossing, 0]) / (pieces[crossing, 3] - pieces[crossing, 1])
        east = pieces[crossing, 0] + (y - pieces[crossing, 1]) * slope
        ahead = np.flatnonzero((east > x) & (east <= x + reach))
        if len(ahead):
            nearest = crossing[ahead[np.lexsort((slope[ahead], east[ahead]))[0]]]
            row = index.rows[at][nearest]
            rises = pieces[nearest, 3] > pieces[nearest, 1]
            return int(units.left[row] if rises else units.right[row])
        if x + reach > index.box[2]:
            break
        reach *= 4.0
    return OUTSIDE


def _is_on(pieces: Floats, x: float, y: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which pieces (n, 4), whose boxes hold a place, run through it."""
    cross = (pieces[:, 2] - pieces[:, 0]) * (y - pieces[:, 1]) - (pieces[:, 3] - pieces[:, 1]) * (x - pieces[:, 0])
    return np.asarray(cross == 0.0)


def _sides_at(units: Units, rows: Ints | Positions) -> Ints:
    both = np.concatenate((units.left[rows], units.right[rows]))
    return np.asarray(both[both >= 0])
