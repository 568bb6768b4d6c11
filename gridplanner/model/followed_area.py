"""Which units here lie where a grid of another scenario lies, by whose households they hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.outlines import outlines_of_grids, polygons_of_units
from gridplanner.model.places import Households
from gridplanner.model.statistics import unit_households
from gridplanner.model.units import Units, sum_by_unit

MOST = 0.5


@dataclass(frozen=True, eq=False)
class FollowedArea:
    """`units` (n,) are the rows of the units here that make the area; `wanted` the households of the grid there.

    `missing` are households of the grid there whose unit here is not of the area, `added` those of the area that are not of the grid
    there: both are 0 where the units are the same.
    """

    units: Ints
    wanted: float
    missing: float
    added: float


def same_units(a: Units, b: Units) -> bool:
    """Return whether two partitions are one and the same, row by row."""
    if a is b:
        return True
    parts = ("xy", "ends", "left", "right", "community")
    return all(np.array_equal(getattr(a, part), getattr(b, part)) for part in parts)


@lru_cache(maxsize=2)
def followed_area(units: Units, homes: Households, there: Units, plan: GridPlan, grid: int) -> FollowedArea:
    """Return the units here that lie where `grid` of `plan` over the units `there` lies.

    A unit with households is of the area where the grid there has more than half of them, by address; one without, where it has more
    than half of its ground. Both partitions hold the same addresses and communities.
    """
    inside = plan.labels == grid
    if same_units(units, there):
        rows = np.flatnonzero(inside).astype(np.int32)
        return FollowedArea(rows, float(unit_households(units, homes)[rows].sum()), 0.0, 0.0)
    at_home = there.address_unit >= 0
    wanted = np.zeros(len(homes), bool)
    wanted[at_home] = inside[there.address_unit[at_home]]
    count = float(homes.households[wanted].sum())
    mine = sum_by_unit(units, np.where(wanted, homes.households, 0.0))
    all_mine = unit_households(units, homes)
    chosen = mine > MOST * all_mine
    chosen |= _by_ground(units, all_mine <= 0, there, plan, grid)
    community = plan.grids[grid].community
    chosen &= units.community == community
    held, got = float(all_mine[chosen].sum()), float(mine[chosen].sum())
    return FollowedArea(np.flatnonzero(chosen).astype(np.int32), count, count - got, held - got)


def _by_ground(units: Units, empty: Bools, there: Units, plan: GridPlan, grid: int) -> Bools:
    """Return which of the units without households have most of their ground in a grid elsewhere, (u,)."""
    found = np.zeros(len(units), bool)
    if not empty.any():
        return found
    outline = outlines_of_grids(there, plan, np.array([grid], np.int32))[0]
    left, bottom, right, top = shapely.bounds(outline)
    middle = units.xy[units.ends].mean(axis=1)
    near = (middle[:, 0] >= left) & (middle[:, 0] <= right) & (middle[:, 1] >= bottom) & (middle[:, 1] <= top)
    rows = np.unique(np.concatenate((units.left[near], units.right[near])))
    rows = rows[rows >= 0]
    rows = rows[empty[rows]].astype(np.int32)
    if len(rows):
        polygons = polygons_of_units(units, rows)
        found[rows] = shapely.area(shapely.intersection(outline, polygons)) > MOST * shapely.area(polygons)
    return found
