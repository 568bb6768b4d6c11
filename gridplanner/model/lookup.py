"""What lies at a place on the map."""

from __future__ import annotations

from functools import lru_cache

import shapely

from gridplanner.model.outlines import unit_polygons
from gridplanner.model.units import OUTSIDE, Units


@lru_cache(maxsize=2)
def _tree(units: Units) -> shapely.STRtree:
    return shapely.STRtree(unit_polygons(units))


def unit_at(units: Units, x: float, y: float) -> int:
    """Return the unit at a place in metres, OUTSIDE where there is none."""
    hit = _tree(units).query(shapely.Point(x, y), predicate="intersects")
    return int(hit.min()) if len(hit) else OUTSIDE
