"""Figures per grid, computed from units and labels; nothing of this is stored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.band import Band, band_of
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import community_parts, grid_ids, grid_rings, grid_rows, parts_without, sides
from gridplanner.model.places import Households
from gridplanner.model.project import Project
from gridplanner.model.units import BorderKind, Units, border_lengths, sum_by_unit, unit_areas
from gridplanner.settings import GridSettings


@dataclass(frozen=True, eq=False)
class GridFigures:
    """One row per grid in the order of `grid_ids`; percentages 0–100, `inner_pct` NaN where a grid has no inner boundary.

    `deviation` is signed, in per cent of the target; `dev_mean` in per cent of the community's mean; `pieces` counts connected
    pieces; `status` is ok, parts, under, over or split.
    """

    ids: Ints
    community: Ints
    households: Floats
    persons: Floats
    load: Floats
    deviation: Floats
    dev_mean: Floats
    area_m2: Floats
    compact: Floats
    street_pct: Floats
    inner_pct: Floats
    pieces: Ints
    status: Texts

    def __len__(self) -> int:
        return len(self.ids)


def grid_figures(project: Project) -> GridFigures:
    """Return the figures of the project's grid plan; raises ValueError where it has none."""
    if project.units is None or project.grids is None:
        raise ValueError("the project has no grid plan")
    return _figures(project.units, project.grids, project.households, project.settings.grids)


@lru_cache(maxsize=8)
def _figures(units: Units, plan: GridPlan, homes: Households, settings: GridSettings | None) -> GridFigures:
    ids, row, count = grid_ids(plan), grid_rows(plan), len(plan.grids)
    band = band_of(settings)
    households = group_sums(row, unit_households(units, homes), count)
    persons = group_sums(row, unit_persons(units, homes), count)
    load = band.load(households, persons)
    community = np.array([plan.grids[g].community for g in ids.tolist()], np.int32)
    area = group_sums(row, unit_areas(units), count)
    rim, street, inner, drivable = _boundary(units, row, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        inner_pct = np.where(inner > 0, 100 * drivable / inner, np.nan)
        mean = _community_mean(band, households, persons, community)
        dev_mean = np.where(mean > 0, 100 * (load / mean - 1), 0.0)
    rings = grid_rings(units, plan)
    pieces = np.bincount(rings.face[rings.area > 0], minlength=count).astype(np.int32)
    status = _status(band, load, pieces, _parts_touched(units, plan, row, pieces))
    return GridFigures(
        ids, community, households, persons, load, 100 * (load - 1), dev_mean, area, 4 * np.pi * area / rim**2, 100 * street / rim,
        inner_pct, pieces, status,
    )  # fmt: skip


@lru_cache(maxsize=8)
def unit_households(units: Units, homes: Households) -> Floats:
    """Return households per unit, (u,)."""
    return sum_by_unit(units, homes.households)


@lru_cache(maxsize=8)
def unit_persons(units: Units, homes: Households) -> Floats:
    """Return persons per unit, (u,)."""
    return sum_by_unit(units, homes.persons)


def community_limits(units: Units) -> Bools:
    """Return which border pieces are limits of a community or of the whole area, (m,)."""
    left, right = sides(units, units.community)
    return np.asarray(left != right)


def _boundary(units: Units, row: Ints, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return (whole, on streets or limits, inside the community, of that on drivable ways) metres of each grid's boundary."""
    left, right = sides(units, row)
    bound = left != right
    limit = community_limits(units)
    length = border_lengths(units)
    on_street = limit | np.isin(units.kind, (BorderKind.STREET, BorderKind.ARTERIAL, BorderKind.RAILWAY, BorderKind.WATER))
    drivable = np.isin(units.kind, (BorderKind.LANE, BorderKind.STREET, BorderKind.ARTERIAL))

    def metres(mask: Bools) -> Floats:
        total = np.zeros(count)
        for side in (left, right):
            rows = bound & mask & (side >= 0)
            total += group_sums(side[rows], length[rows], count)
        return total

    return metres(bound), metres(on_street), metres(~limit), metres(~limit & drivable)


def _community_mean(band: Band, households: Floats, persons: Floats, community: Ints) -> Floats:
    """Return for each grid the mean load of its community's grids."""
    size = int(community.max(initial=-1)) + 1
    total = [group_sums(community, values, size) for values in (households, persons)]
    return (band.load(*total) / np.maximum(np.bincount(community, minlength=size), 1))[community]


def _parts_touched(units: Units, plan: GridPlan, row: Ints, pieces: Ints) -> Ints:
    """Return in how many parts of its community each grid lies, given that locked grids and those with a rule of their own stay."""
    found = _touched(community_parts(units), row, len(pieces))
    stays = np.array([plan.grids[g].locked or bool(plan.grids[g].kind) for g in grid_ids(plan).tolist()], bool)
    if not stays.any() or not (pieces > found).any():
        return found
    found = np.where(stays, found, _touched(parts_without(units, stays[row]), row, len(pieces)))
    for grid in np.flatnonzero(stays & (pieces > found)).tolist():
        mine = row == grid
        found[grid] = len(np.unique(parts_without(units, stays[row] & ~mine)[mine]))
    return found.astype(np.int32)


def _touched(part: Ints, row: Ints, count: int) -> Ints:
    size = int(part.max(initial=0)) + 1
    pair = np.unique(row.astype(np.int64) * size + part)
    return np.bincount(pair // size, minlength=count).astype(np.int32)


def _status(band: Band, load: Floats, pieces: Ints, parts: Ints) -> Texts:
    status = np.full(len(load), "ok", object)
    status[pieces > 1] = "parts"
    status[load < band.low - 1e-9] = "under"
    status[load > band.high + 1e-9] = "over"
    status[pieces > parts] = "split"
    return status
