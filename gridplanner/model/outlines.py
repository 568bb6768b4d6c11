"""Shapes of units, grids and zones, traced from the borders: whatever is labelled, its outlines fit exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.graph.components import components
from algorithms.units.rings import Rings, ring_polygons, trace_rings
from gridplanner.model.beats import BeatPlan
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.units import OUTSIDE, Units, border_lengths
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


def zone_rows(grids: GridPlan | None, zones: ZonePlan) -> Ints:
    """Return the row in `zone_ids` of each unit's zone, (u,), OUTSIDE for units in none; zones of blocks need no grids."""
    row = {zone: i for i, zone in enumerate(zones.zones)}
    if len(zones.labels):
        known, at = np.unique(zones.labels, return_inverse=True)
        return np.array([row.get(int(zone), OUTSIDE) for zone in known], np.int32)[at]
    if grids is None:
        return np.zeros(0, np.int32)
    of_grid = np.array([row.get(zones.members.get(int(g), -1), OUTSIDE) for g in grid_ids(grids)], np.int32)
    return of_grid[grid_rows(grids)]


def beat_rows(grids: GridPlan, beats: BeatPlan) -> Ints:
    """Return the row (order of `beats.beats`) of each unit's beat, (u,), OUTSIDE for units whose grid is in none."""
    row = {beat: i for i, beat in enumerate(beats.beats)}
    of_grid = np.array([row.get(beats.members.get(int(g), -1), OUTSIDE) for g in grid_ids(grids)], np.int32)
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


def zone_rings(units: Units, grids: GridPlan | None, zones: ZonePlan) -> Rings:
    """Return the rings of the zones (`face` is the row in `zone_ids`) as node rows of `units.xy`."""
    return trace_rings(units.xy, units.ends, *sides(units, zone_rows(grids, zones)))


def zone_outlines(units: Units, grids: GridPlan | None, zones: ZonePlan) -> Texts:
    """Return a shapely Polygon or MultiPolygon per zone in the order of `zone_ids`."""
    return ring_polygons(units.xy, zone_rings(units, grids, zones), len(zones.zones))


def beat_rings(units: Units, grids: GridPlan, beats: BeatPlan) -> Rings:
    """Return the rings of the beats (`face` is the row of the beat) as node rows of `units.xy`."""
    return trace_rings(units.xy, units.ends, *sides(units, beat_rows(grids, beats)))


def beat_outlines(units: Units, grids: GridPlan, beats: BeatPlan) -> Texts:
    """Return a shapely Polygon or MultiPolygon per beat, in the order of `beats.beats`."""
    return ring_polygons(units.xy, beat_rings(units, grids, beats), len(beats.beats))


@lru_cache(maxsize=4)
def community_parts(units: Units) -> Ints:
    """Return a number for the connected part of its community that each unit lies in, (u,): islands and exclaves are parts."""
    return parts_among(units, np.arange(len(units)))


def parts_among(units: Units, rows: Ints) -> Ints:
    """Return a number for the connected part that each of some units (n,) lies in among themselves, within its community."""
    row_of = np.full(len(units), OUTSIDE, np.int32)
    row_of[rows] = np.arange(len(rows))
    pieces = pieces_around(units, rows) if len(rows) < len(units) else np.arange(len(units.ends))
    left, right = units.left[pieces], units.right[pieces]
    inner = (left >= 0) & (right >= 0)
    a, b = row_of[left[inner]], row_of[right[inner]]
    both = (a >= 0) & (b >= 0)
    a, b = a[both], b[both]
    same = units.community[rows[a]] == units.community[rows[b]]
    return components(len(rows), a[same], b[same])


def joined(count: int, one: Ints, other: Ints) -> Ints:
    """Return a number for the part that each of `count` places lies in, where places `one` (n,) and `other` (n,) are joined."""
    return components(count, one, other)


def inner_border(units: Units, labels: Ints, community: int) -> float:
    """Return the metres of border between the grids of a community under a labelling (u,), without its limits."""
    pieces = pieces_around(units, np.flatnonzero(units.community == community))
    pieces = pieces[(units.left[pieces] >= 0) & (units.right[pieces] >= 0)]
    left, right = units.left[pieces], units.right[pieces]
    bound = pieces[(labels[left] != labels[right]) & (units.community[left] == units.community[right])]
    return float(border_lengths(units)[bound].sum())


@lru_cache(maxsize=4)
def pieces_of_units(units: Units) -> tuple[Ints, Ints]:
    """Return (offsets (u + 1,), pieces): `pieces[offsets[i]:offsets[i + 1]]` are the rows of the border pieces on either side of unit i."""
    both = np.concatenate((units.left, units.right))
    order = np.argsort(both, kind="stable")
    order = order[np.searchsorted(both[order], 0) :]
    offsets = np.concatenate(([0], np.cumsum(np.bincount(both[order], minlength=len(units)))))
    return offsets.astype(np.int64), (order % len(units.ends)).astype(np.int32)


@lru_cache(maxsize=4)
def unit_boxes(units: Units) -> Floats:
    """Return left, bottom, right and top of each unit in metres, (u, 4)."""
    offsets, pieces = pieces_of_units(units)
    ends = units.xy[units.ends[pieces]]  # (pieces, 2 ends, 2)
    low, high = ends.min(axis=1), ends.max(axis=1)
    starts = offsets[:-1]
    return np.column_stack((np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)))


def pieces_around(units: Units, rows: Ints) -> Ints:
    """Return the border pieces on either side of some units, each once, in rising order."""
    offsets, pieces = pieces_of_units(units)
    counts = offsets[rows + 1] - offsets[rows]
    at = np.repeat(offsets[rows] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
    found = np.sort(pieces[at])
    fresh = np.ones(len(found), bool)
    np.not_equal(found[1:], found[:-1], out=fresh[1:])
    return np.asarray(found[fresh])  # np.unique takes several times as long


@dataclass(frozen=True, eq=False)
class Ground:
    """What some grids are made of, in the order in which they were asked for.

    `units` (n,) are the rows of their units, `face` (n,) the place of each unit's grid among those asked for; `pieces` (k,) the border
    pieces on either side of these units in rising order, `left` and `right` (k,) the place of the grid there, OUTSIDE for any other.
    """

    units: Ints
    face: Ints
    pieces: Ints
    left: Ints
    right: Ints


def ground_of(units: Units, labels: Ints, grids: Ints) -> Ground:
    """Return what some grids of a labelling (u,) are made of; beside one look at the labels, the work grows with these grids alone."""
    size = max(int(labels.max(initial=-1)), int(grids.max(initial=-1))) + 2
    row_of = np.full(size, OUTSIDE, np.int32)
    row_of[grids] = np.arange(len(grids))
    face = row_of.take(labels)  # three times as fast as indexing
    mine = np.flatnonzero(face >= 0)
    pieces = pieces_around(units, mine)
    left, right = units.left[pieces], units.right[pieces]
    left = np.where(left >= 0, face[left], OUTSIDE)
    right = np.where(right >= 0, face[right], OUTSIDE)
    return Ground(mine, face[mine], pieces, left, right)


def rings_of_ground(units: Units, ground: Ground) -> Rings:
    """Return the rings of the grids of a ground as node rows of `units.xy`; `face` is their place in it."""
    bound = ground.left != ground.right
    nodes, ends = np.unique(units.ends[ground.pieces[bound]], return_inverse=True)
    rings = trace_rings(units.xy[nodes], ends.reshape(-1, 2), ground.left[bound], ground.right[bound])
    return Rings(nodes[rings.nodes], rings.offsets, rings.face, rings.area)


@dataclass(frozen=True, eq=False)
class Traced:
    """Some grids `ids` (n,) in rising order, what they are made of, and their rings."""

    ids: Ints
    ground: Ground
    rings: Rings

    @property
    def pieces(self) -> Ints:
        """(n,) the number of connected pieces of each."""
        return piece_counts(self.rings, len(self.ids))

    def outlines(self, units: Units) -> Texts:
        """Return a shapely Polygon or MultiPolygon for each, (n,)."""
        return ring_polygons(units.xy, self.rings, len(self.ids))


def traced(units: Units, labels: Ints, ids: Ints) -> Traced:
    """Return some grids of a labelling (u,) with their ground and rings."""
    ground = ground_of(units, labels, ids)
    return Traced(ids, ground, rings_of_ground(units, ground))


def piece_counts(rings: Rings, count: int) -> Ints:
    """Return the number of connected pieces of each of the faces 0 … `count` - 1."""
    return np.bincount(rings.face[rings.area > 0], minlength=count).astype(np.int32)


def rings_of_grids(units: Units, plan: GridPlan, grids: Ints) -> Rings:
    """Return the rings of some grids as node rows of `units.xy`; `face` is the row in `grids`.

    The work grows with these grids, not with all: only their own border pieces are looked at.
    """
    return rings_of_ground(units, ground_of(units, plan.labels, grids))


def outlines_of_grids(units: Units, plan: GridPlan, grids: Ints) -> Texts:
    """Return a shapely Polygon or MultiPolygon for each of some grids, (n,), without making all of them."""
    return ring_polygons(units.xy, rings_of_grids(units, plan, grids), len(grids))


def polygons_of_units(units: Units, rows: Ints) -> Texts:
    """Return a shapely polygon for each of some units, (n,): the very ones of `unit_polygons`, without making all of them."""
    own = np.arange(len(units), dtype=np.int32)
    return ring_polygons(units.xy, rings_of_ground(units, ground_of(units, own, rows)), len(rows))


def rings_of_units(units: Units, rows: Ints) -> Rings:
    """Return the rings around some units taken together, as node rows of `units.xy`; `face` is 0. The work grows with these units."""
    inside = np.zeros(len(units) + 1, bool)  # the last place is OUTSIDE
    inside[rows] = True
    pieces = pieces_around(units, rows)
    left, right = inside[units.left[pieces]], inside[units.right[pieces]]
    bound = left != right
    nodes, ends = np.unique(units.ends[pieces[bound]], return_inverse=True)
    face = [np.where(side[bound], 0, OUTSIDE).astype(np.int32) for side in (left, right)]
    rings = trace_rings(units.xy[nodes], ends.reshape(-1, 2), face[0], face[1])
    return Rings(nodes[rings.nodes], rings.offsets, rings.face, rings.area)
