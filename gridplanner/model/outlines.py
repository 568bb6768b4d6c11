"""Shapes of units, grids and zones, traced from the borders: whatever is labelled, its outlines fit exactly."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from algorithms.graph.components import components
from algorithms.units.rings import Rings, ring_polygons, trace_rings
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Ints, Texts
from gridplanner.model.units import OUTSIDE, Units
from gridplanner.model.zones import ZonePlan


@lru_cache(maxsize=8)
def grid_ids(plan: GridPlan) -> Ints:
    """Return the ids of the grids in rising order: the order of everything that has a row per grid."""
    return np.array(sorted(plan.grids), np.int32)


@lru_cache(maxsize=8)
def grid_rows(plan: GridPlan) -> Ints:
    """Return the row in `grid_ids` of each unit's grid, (u,)."""
    return np.searchsorted(grid_ids(plan), plan.labels).astype(np.int32)


def zone_ids(plan: ZonePlan) -> tuple[int, ...]:
    """Return the ids of the zones in their order."""
    return tuple(plan.zones)


def zone_rows(grids: GridPlan, zones: ZonePlan) -> Ints:
    """Return the row in `zone_ids` of each unit's zone, (u,), OUTSIDE for units whose grid is in none."""
    row = {zone: i for i, zone in enumerate(zones.zones)}
    of_grid = np.array([row.get(zones.members.get(int(g), -1), OUTSIDE) for g in grid_ids(grids)], np.int32)
    return of_grid[grid_rows(grids)]


def sides(units: Units, rows: Ints) -> tuple[Ints, Ints]:
    """Return what lies left and right of each border piece under a labelling of the units, OUTSIDE where nothing does."""
    left = np.where(units.left >= 0, rows[units.left], OUTSIDE)
    right = np.where(units.right >= 0, rows[units.right], OUTSIDE)
    return left.astype(np.int32), right.astype(np.int32)


def boundary_mask(units: Units, rows: Ints) -> Bools:
    """Return which border pieces are a boundary under a labelling: those whose two sides differ, (m,)."""
    left, right = sides(units, rows)
    return np.asarray(left != right)


@lru_cache(maxsize=4)
def unit_rings(units: Units) -> Rings:
    """Return the rings of the units as node rows of `units.xy`, for painting."""
    return trace_rings(units.xy, units.ends, units.left, units.right)


@lru_cache(maxsize=4)
def unit_polygons(units: Units) -> Texts:
    """Return a shapely polygon per unit, (u,)."""
    return ring_polygons(units.xy, unit_rings(units), len(units))


@lru_cache(maxsize=8)
def grid_rings(units: Units, plan: GridPlan) -> Rings:
    """Return the rings of the grids (`face` is the row in `grid_ids`) as node rows of `units.xy`, for painting."""
    return trace_rings(units.xy, units.ends, *sides(units, grid_rows(plan)))


@lru_cache(maxsize=8)
def grid_outlines(units: Units, plan: GridPlan) -> Texts:
    """Return a shapely Polygon or MultiPolygon per grid in the order of `grid_ids`: an exact coverage of the communities."""
    return ring_polygons(units.xy, grid_rings(units, plan), len(plan.grids))


def zone_rings(units: Units, grids: GridPlan, zones: ZonePlan) -> Rings:
    """Return the rings of the zones (`face` is the row in `zone_ids`) as node rows of `units.xy`."""
    return trace_rings(units.xy, units.ends, *sides(units, zone_rows(grids, zones)))


def zone_outlines(units: Units, grids: GridPlan, zones: ZonePlan) -> Texts:
    """Return a shapely Polygon or MultiPolygon per zone in the order of `zone_ids`."""
    return ring_polygons(units.xy, zone_rings(units, grids, zones), len(zones.zones))


@lru_cache(maxsize=4)
def community_parts(units: Units) -> Ints:
    """Return a number for the connected part of its community that each unit lies in, (u,): islands and exclaves are parts."""
    return parts_without(units, np.zeros(len(units), bool))


def parts_without(units: Units, gone: Bools) -> Ints:
    """Return a number for the connected part of what is left of its community without some units, (u,); those are parts of their own."""
    inner = (units.left >= 0) & (units.right >= 0)
    a, b = units.left[inner], units.right[inner]
    same = (units.community[a] == units.community[b]) & ~gone[a] & ~gone[b]
    return components(len(units), a[same], b[same])


@lru_cache(maxsize=4)
def pieces_of_units(units: Units) -> tuple[Ints, Ints]:
    """Return (offsets (u + 1,), pieces): `pieces[offsets[i]:offsets[i + 1]]` are the rows of the border pieces on either side of unit i."""
    both = np.concatenate((units.left, units.right))
    order = np.argsort(both, kind="stable")
    order = order[np.searchsorted(both[order], 0) :]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(both[order], minlength=len(units)))))
    return offsets.astype(np.int64), (order % len(units.ends)).astype(np.int32)


def pieces_around(units: Units, rows: Ints) -> Ints:
    """Return the border pieces on either side of some units, each once, in rising order."""
    offsets, pieces = pieces_of_units(units)
    counts = offsets[rows + 1] - offsets[rows]
    at = np.repeat(offsets[rows] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
    return np.unique(pieces[at])


def rings_of_grids(units: Units, plan: GridPlan, grids: Ints) -> Rings:
    """Return the rings of some grids as node rows of `units.xy`; `face` is the row in `grids`.

    The work grows with these grids, not with all: only their own border pieces are looked at.
    """
    size = max(int(plan.labels.max(initial=-1)), int(grids.max(initial=-1))) + 2
    row_of = np.full(size, OUTSIDE, np.int32)
    row_of[grids] = np.arange(len(grids))
    face = row_of[plan.labels]
    pieces = pieces_around(units, np.flatnonzero(face >= 0))
    left = np.where(units.left[pieces] >= 0, face[units.left[pieces]], OUTSIDE)
    right = np.where(units.right[pieces] >= 0, face[units.right[pieces]], OUTSIDE)
    bound = left != right
    nodes, ends = np.unique(units.ends[pieces[bound]], return_inverse=True)
    rings = trace_rings(units.xy[nodes], ends.reshape(-1, 2), left[bound], right[bound])
    return Rings(nodes[rings.nodes], rings.offsets, rings.face, rings.area)
