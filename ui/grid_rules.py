"""What the planner lays down for grids that are selected: locks, grids of their own, units that stay together."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.rule_edits import KeepTogether, MakeExclusive, Release
from gridplanner.edits.several import Several
from gridplanner.i18n import ngettext
from gridplanner.model.project import Project
from gridplanner.model.recent import Recent
from gridplanner.model.rules import area_of_units

Kept = Mapping[int, tuple[int, ...]]
_locked = Recent[int](2)  # counts of locked grids


def kept_areas(project: Project) -> Kept:
    """Return for each grid the rows of the areas kept together that lie in it, in part at least; grids without any are left out."""
    units, plan, areas = project.units, project.grids, project.rules.keep
    if units is None or plan is None or not len(areas):
        return {}
    of_unit = area_of_units(units, areas)
    inside = np.flatnonzero(of_unit >= 0)
    pairs = np.unique(np.column_stack((plan.labels[inside], of_unit[inside])), axis=0)
    found: dict[int, tuple[int, ...]] = {}
    for grid, row in pairs.tolist():
        found[grid] = (*found.get(grid, ()), row)
    return found


def all_locked(project: Project, grids: Collection[int]) -> bool:
    """Return whether there are grids and all of them are locked."""
    plan = project.grids
    return bool(grids) and plan is not None and all(plan.grids[grid].locked for grid in grids)


def locked_count(project: Project) -> int:
    """Return how many grids are locked; counted once as long as nothing else is known of any grid."""
    plan = project.grids
    if plan is None:
        return 0
    known = _locked.find(plan.grids)
    return known if known is not None else _locked.keep(sum(grid.locked for grid in plan.grids.values()), plan.grids)


def all_exclusive(project: Project, grids: Collection[int]) -> bool:
    """Return whether there are grids and all of them are grids of their own."""
    plan = project.grids
    return bool(grids) and plan is not None and all(plan.grids[grid].kind == "exclusive" for grid in grids)


def lock_edit(project: Project, grids: Collection[int]) -> Edit:
    """Return the edit that locks grids, or unlocks them where all are locked."""
    return LockGrids(tuple(sorted(grids)), not all_locked(project, grids))


def exclusive_edit(project: Project, grids: Collection[int]) -> Edit | None:
    """Return the edit that makes grids exclusive, or takes that back where all of them are; None where there is nothing to do."""
    plan = project.grids
    assert plan is not None  # grids are selected
    if all_exclusive(project, grids):
        names = {plan.grids[grid].name for grid in grids}
        rows = [row for row, name in enumerate(project.rules.exclusive.names.tolist()) if name in names]
        words = ngettext("Take back that {n} grid is exclusive", "Take back that {n} grids are exclusive", len(grids))
        return _together(words.format(n=len(grids)), [Release("exclusive", row) for row in sorted(rows, reverse=True)])
    edits = [MakeExclusive(grid) for grid in sorted(grids) if plan.grids[grid].kind != "exclusive"]
    return _together(ngettext("Make {n} grid exclusive", "Make {n} grids exclusive", len(edits)).format(n=len(edits)), edits)


def keep_edit(project: Project, grids: Collection[int], kept: Kept) -> Edit | None:
    """Return the edit that keeps the units of each grid together, or releases what is kept where something is in every grid."""
    plan = project.grids
    assert plan is not None  # grids are selected
    if grids and all(grid in kept for grid in grids):
        rows = sorted({row for grid in grids for row in kept[grid]}, reverse=True)
        words = ngettext("Release {n} group kept together", "Release {n} groups kept together", len(rows))
        return _together(words.format(n=len(rows)), [Release("keep", row) for row in rows])
    bare = [grid for grid in sorted(grids) if grid not in kept]
    edits = [KeepTogether(tuple(np.flatnonzero(plan.labels == grid).tolist()), plan.grids[grid].code) for grid in bare]
    return _together(ngettext("Keep {n} grid together", "Keep {n} grids together", len(edits)).format(n=len(edits)), edits)


def _together(words: str, edits: list[KeepTogether] | list[MakeExclusive] | list[Release]) -> Edit | None:
    return Several(words, tuple(edits)) if edits else None
