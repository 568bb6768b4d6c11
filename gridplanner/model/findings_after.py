"""Findings by increments: after an edit of the grid plan, what it can have changed is looked for again at its grids alone."""

from __future__ import annotations

import dataclasses

import numpy as np

from gridplanner.model.check import Findings, gaps, given_issues, grid_issues
from gridplanner.model.issues import Issue
from gridplanner.model.outlines import Traced
from gridplanner.model.plan_change import PlanChange
from gridplanner.model.project import Project
from gridplanner.model.statistics import GridFigures


def findings_after(before: Findings, change: PlanChange, touched: Traced, figures: GridFigures, after: Project) -> Findings:
    """Return the findings of `after` as far as they are quickly known, given those `before` a change of its plan and its `figures`.

    Codes, rules, stale plans and wishes are carried over: `gridplanner.model.check.completed` looks for them again.
    """
    units, plan = after.units, after.grids
    assert units is not None
    assert plan is not None
    rows = np.searchsorted(figures.ids, touched.ids)
    bad = figures.status[rows] != "ok"
    anew = grid_issues(after, figures, rows[bad], touched.outlines(units)[bad]) if bad.any() else {}
    bare = touched.ids[np.bincount(touched.ground.face, minlength=len(touched.ids)) == 0]
    lost = [label for label in change.grids if label not in plan.grids and (plan.labels == label).any()]
    empty = {label for label in before.empty if label not in change.grids} | set(bare.tolist()) | set(lost)
    grids = _followed(before.grids, anew, change, touched)
    gone = gaps(units, after.communities)
    return dataclasses.replace(before, given=given_issues(after), grids=grids, empty=tuple(sorted(empty)), gaps=gone)


def _followed(before: dict[int, Issue], anew: dict[int, Issue], change: PlanChange, touched: Traced) -> dict[int, Issue]:
    """Return the issues by grid with those of the touched grids in place of the old, in rising order."""
    grids = dict(before)
    for label in change.grids.union(touched.ids.tolist()) - anew.keys():
        grids.pop(label, None)
    grids.update(anew)  # where a grid had an issue, its place stays
    return dict(sorted(grids.items())) if anew.keys() - before.keys() else grids
