"""Figures by increments: after an edit, only the rows of the grids that it touched are made anew."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from gridplanner.model.band import band_of
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import Traced, grid_ids, traced
from gridplanner.model.plan_change import PlanChange
from gridplanner.model.project import Project
from gridplanner.model.statistics import GridFigures, figure_rows, with_means

_COLUMNS = tuple(column.name for column in dataclasses.fields(GridFigures) if column.name != "ids")


def touched_by(change: PlanChange, before: GridFigures, after: Project) -> Traced:
    """Return the grids whose figures, findings and shapes are to be made anew after a change of the plan.

    These are the grids of the change that are left, and those of their communities that lie in several pieces: whether these could be
    one depends on what stays beside them.
    """
    units, plan = after.units, after.grids
    assert units is not None
    assert plan is not None
    known = _rows_of(before.ids, change.grids)
    community = np.zeros(int(before.community.max(initial=-1)) + 2, np.bool_)
    community[before.community[known]] = True
    torn = before.ids[(before.pieces > 1) & community[before.community]]
    ids = sorted(grid for grid in change.grids.union(torn.tolist()) if grid in plan.grids)
    return traced(units, plan.labels, np.array(ids, np.int32))


def figures_after(before: GridFigures, touched: Traced, after: Project) -> GridFigures:
    """Return the figures of `after`, given those `before` a change of its plan: equal to the last bit to those made from scratch.

    Rows are made anew for the grids that the change `touched`. The rest is copied, save the deviation from a community's mean.
    """
    units, plan = after.units, after.grids
    assert units is not None
    assert plan is not None
    same = len(before) == len(plan.grids) and len(_rows_of(before.ids, touched.ids.tolist())) == len(touched.ids)
    if same and not len(touched.ids):
        return before
    band = band_of(after.settings.grids)
    made = figure_rows(units, plan, after.households, band, touched.ids, touched.ground, touched.pieces)
    ids = before.ids if same else grid_ids(plan)
    source = None if same else np.searchsorted(before.ids, ids).clip(max=max(len(before) - 1, 0))
    rows = np.searchsorted(ids, touched.ids)
    return with_means(dataclasses.replace(before, **{name: _merged(before, made, name, source, rows) for name in _COLUMNS}, ids=ids), band)


def other_rows(before: GridFigures, after: GridFigures, touched: Traced) -> frozenset[int]:
    """Return the grids whose row may be another, or that are in one of the two alone."""
    made = frozenset(touched.ids.tolist())
    if before.ids is after.ids:
        return made | frozenset(after.ids[before.dev_mean != after.dev_mean].tolist())
    common, old, new = np.intersect1d(before.ids, after.ids, assume_unique=True, return_indices=True)
    moved = common[before.dev_mean[old] != after.dev_mean[new]]
    return made | frozenset(moved.tolist()) | frozenset(np.setxor1d(before.ids, after.ids, assume_unique=True).tolist())


def _merged(before: GridFigures, made: GridFigures, name: str, source: Ints | None, rows: Ints) -> Any:
    """Return a column with what was before, by `source`, but in `rows` what was made anew."""
    was, now = getattr(before, name), getattr(made, name)
    column = was.copy() if source is None else was[source] if len(was) else np.empty(len(source), now.dtype)
    column[rows] = now
    return column


def _rows_of(ids: Ints, wanted: Any) -> Ints:
    """Return the rows of those of some grids that are among `ids`, rising."""
    asked = np.array(sorted(wanted), ids.dtype)
    rows = np.searchsorted(ids, asked)
    rows, asked = rows[rows < len(ids)], asked[rows < len(ids)]
    return np.asarray(rows[ids[rows] == asked])
