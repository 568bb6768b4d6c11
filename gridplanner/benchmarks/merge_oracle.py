"""What a merge must have made, told without the merge: each community as whoever edited it left it, unit by unit on the ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.model.lines import Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project

BEND = 0.02  # metres by which the lattice may move a border that got a corner from its other side


@dataclass(frozen=True)
class Differences:
    """How many units of some communities are not there as they were, or in another grid; grids called otherwise; households moved."""

    units: int
    grids: int
    households: float


def differences(wanted: Project, found: Project, rows: Sequence[tuple[int, int]]) -> Differences:
    """Return what differs in communities, pairs of rows in `wanted` and in `found`; grids are told by what is known of them."""
    units, grids, homes = 0, 0, 0.0
    for there, here in rows:
        mine, theirs = _units_in(wanted, there), _units_in(found, here)
        units += _other_units(wanted, mine, found, theirs)
        grids += len(_grids_in(wanted, there) ^ _grids_in(found, here))
        homes += abs(_held(wanted, mine) - _held(found, theirs))
    return Differences(units, grids, homes)


def _units_in(project: Project, row: int) -> Ints:
    assert project.units is not None
    return np.flatnonzero(project.units.community == row)


def _other_units(wanted: Project, mine: Ints, found: Project, theirs: Ints) -> int:
    """Return how many units are not there with the same ground in the same grid, of the version that has more of these."""
    assert wanted.units is not None
    assert found.units is not None
    one, other = unit_polygons(wanted.units)[mine], unit_polygons(found.units)[theirs]
    tree = shapely.STRtree(other)
    place, unit = tree.query(shapely.point_on_surface(one), predicate="within")
    apart = shapely.area(shapely.symmetric_difference(one[place], other[unit]))
    same = apart <= BEND * shapely.length(one[place])
    codes = _codes(wanted, mine)[place] == _codes(found, theirs)[unit]
    return max(len(mine), len(theirs)) - int(np.sum(same & codes))


def _codes(project: Project, rows: Ints) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    plan = project.grids
    assert plan is not None
    return np.array([plan.grids[int(label)].code for label in plan.labels[rows]], object)


def _grids_in(project: Project, row: int) -> set[tuple[object, ...]]:
    assert project.grids is not None
    return {
        (grid.code, grid.name, grid.locked, grid.workers, grid.kind, grid.prev_code)
        for grid in project.grids.grids.values()
        if grid.community == row
    }


def _held(project: Project, rows: Ints) -> float:
    assert project.units is not None
    inside = np.append(np.zeros(len(project.units), bool), False)  # the last for addresses in no unit
    inside[rows] = True
    return float(project.households.households[inside[project.units.address_unit]].sum())
