"""Figures per grid, computed from units and labels; nothing of this is stored."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from algorithms.sums import group_sums
from gridplanner.model.band import Band, band_of
from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import Ground, community_parts, grid_ids, grid_rings, grid_rows, parts_among, piece_counts, sides
from gridplanner.model.places import Households
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.model.units import OUTSIDE, BorderKind, Units, border_lengths, sum_by_unit, unit_areas
from gridplanner.settings import GridSettings

_ON_STREET = np.isin(np.arange(len(BorderKind)), (BorderKind.STREET, BorderKind.ARTERIAL, BorderKind.RAILWAY, BorderKind.WATER))
_DRIVABLE = np.isin(np.arange(len(BorderKind)), (BorderKind.LANE, BorderKind.STREET, BorderKind.ARTERIAL))


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


_recent = Recent[GridFigures](8)  # for those who ask again: the map, the export


def grid_figures(project: Project) -> GridFigures:
    """Return the figures of the project's grid plan; raises ValueError where it has none."""
    if project.units is None or project.grids is None:
        raise ValueError("the project has no grid plan")
    given = (project.units, project.grids, project.households, project.settings.grids)
    known = _recent.find(*given)
    return known if known is not None else _recent.keep(from_scratch(*given), *given)


def remember(project: Project, figures: GridFigures) -> None:
    """Let `grid_figures` of this very project return figures that were made by increments; they are equal to the last bit."""
    _recent.keep(figures, project.units, project.grids, project.households, project.settings.grids)


def from_scratch(units: Units, plan: GridPlan, homes: Households, settings: GridSettings | None) -> GridFigures:
    """Return the figures of a grid plan, every row made anew."""
    ids, row = grid_ids(plan), grid_rows(plan)
    everything = Ground(np.arange(len(units)), row, np.arange(len(units.ends)), *sides(units, row))
    rows = figure_rows(units, plan, homes, band_of(settings), ids, everything, piece_counts(grid_rings(units, plan), len(ids)))
    return with_means(rows, band_of(settings))


def figure_rows(units: Units, plan: GridPlan, homes: Households, band: Band, ids: Ints, ground: Ground, pieces: Ints) -> GridFigures:
    """Return the rows of the grids `ids`, made of `ground` and lying in so many `pieces`, `dev_mean` still open (NaN).

    The sums run over the units and border pieces in rising order, so that a row is the same to the last bit whether it is made with all
    others or alone.
    """
    count = len(ids)
    households = group_sums(ground.face, unit_households(units, homes)[ground.units], count)
    persons = group_sums(ground.face, unit_persons(units, homes)[ground.units], count)
    load = band.load(households, persons)
    community = np.array([plan.grids[g].community for g in ids.tolist()], np.int32)
    area = group_sums(ground.face, unit_areas(units)[ground.units], count)
    rim, street, inner, drivable = _boundary(units, ground, count)
    with np.errstate(invalid="ignore", divide="ignore"):
        inner_pct = np.where(inner > 0, 100 * drivable / inner, np.nan)
        compact, street_pct = 4 * np.pi * area / rim**2, 100 * street / rim
    status = _status(band, load, pieces, _parts_touched(units, plan, ids, ground, pieces))
    return GridFigures(
        ids, community, households, persons, load, 100 * (load - 1), np.full(count, np.nan), area, compact, street_pct, inner_pct,
        pieces, status,
    )  # fmt: skip


def with_means(figures: GridFigures, band: Band) -> GridFigures:
    """Return the figures of all grids with `dev_mean` filled in."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _community_mean(band, figures.households, figures.persons, figures.community)
        return dataclasses.replace(figures, dev_mean=np.where(mean > 0, 100 * (figures.load / mean - 1), 0.0))


@lru_cache(maxsize=8)
def unit_households(units: Units, homes: Households) -> Floats:
    """Return households per unit, (u,)."""
    return sum_by_unit(units, homes.households)


@lru_cache(maxsize=8)
def unit_persons(units: Units, homes: Households) -> Floats:
    """Return persons per unit, (u,)."""
    return sum_by_unit(units, homes.persons)


def _boundary(units: Units, ground: Ground, count: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return (whole, on streets or limits, inside the community, of that on drivable ways) metres of each grid's boundary."""
    pieces, left, right = ground.pieces, ground.left, ground.right
    bound = left != right
    limit = _is_limit(units, pieces)
    length = border_lengths(units)[pieces]
    kind = units.kind[pieces]

    def metres(mask: Bools) -> Floats:
        total = np.zeros(count)
        for side in (left, right):
            rows = bound & mask & (side >= 0)
            total += group_sums(side[rows], length[rows], count)
        return total

    return metres(bound), metres(limit | _ON_STREET[kind]), metres(~limit), metres(~limit & _DRIVABLE[kind])


def _is_limit(units: Units, pieces: Ints) -> Bools:
    """Return which of some border pieces are limits of a community or of the whole area."""
    left, right = units.left[pieces], units.right[pieces]
    left = np.where(left >= 0, units.community[left], OUTSIDE)
    right = np.where(right >= 0, units.community[right], OUTSIDE)
    return np.asarray(left != right)


def _community_mean(band: Band, households: Floats, persons: Floats, community: Ints) -> Floats:
    """Return for each grid the mean load of its community's grids."""
    size = int(community.max(initial=-1)) + 1
    total = [group_sums(community, values, size) for values in (households, persons)]
    return (band.load(*total) / np.maximum(np.bincount(community, minlength=size), 1))[community]


def _parts_touched(units: Units, plan: GridPlan, ids: Ints, ground: Ground, pieces: Ints) -> Ints:
    """Return in how many parts of its community each grid lies, given that locked grids and those with a rule of their own stay.

    What stays can only divide a community further, so it is looked at where a grid is in more pieces than its community alone explains.
    """
    part = community_parts(units)[ground.units]
    size = int(part.max(initial=0)) + 1
    pair = np.unique(ground.face.astype(np.int64) * size + part)
    found = np.bincount(pair // size, minlength=len(ids)).astype(np.int32)
    torn = np.flatnonzero(pieces > found)
    for row in torn.tolist():
        grid = int(ids[row])
        home = np.flatnonzero(units.community == plan.grids[grid].community)
        beside = [label for label in np.unique(plan.labels[home]).tolist() if label in plan.grids and label != grid]
        stays = [label for label in beside if plan.grids[label].locked or plan.grids[label].kind]
        if stays:
            left = home[~np.isin(plan.labels[home], np.array(stays))]
            found[row] = len(np.unique(parts_among(units, left)[plan.labels[left] == grid]))
    return found


def _status(band: Band, load: Floats, pieces: Ints, parts: Ints) -> Texts:
    status = np.full(len(load), "ok", object)
    status[pieces > 1] = "parts"
    status[load < band.low - 1e-9] = "under"
    status[load > band.high + 1e-9] = "over"
    status[pieces > parts] = "split"
    return status
