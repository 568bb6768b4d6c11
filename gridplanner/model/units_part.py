"""Some of the units as a partition of their own."""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Ints
from gridplanner.model.outlines import pieces_around
from gridplanner.model.units import OUTSIDE, Units


def part_of_units(units: Units, rows: Ints) -> Units:
    """Return some units (`rows` in rising order) with the borders around them, numbered 0 … in that order; all others are OUTSIDE."""
    place = np.full(len(units) + 1, OUTSIDE, np.int32)  # the last place is OUTSIDE
    place[rows] = np.arange(len(rows), dtype=np.int32)
    pieces = pieces_around(units, rows)
    nodes, ends = np.unique(units.ends[pieces], return_inverse=True)
    return Units(
        xy=units.xy[nodes],
        ends=ends.reshape(-1, 2).astype(np.int32),
        left=place[units.left[pieces]],
        right=place[units.right[pieces]],
        kind=units.kind[pieces],
        road=units.road[pieces],
        blocked=units.blocked[pieces],
        community=units.community[rows],
        address_unit=place[units.address_unit],
        made_from=units.made_from,
    )
