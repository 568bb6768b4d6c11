"""Merge: click neighbouring grids one after another; the first goes on, the others join it."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.merge_edits import MergeGrids, touching
from gridplanner.i18n import _
from gridplanner.model.grids import Grid
from gridplanner.model.project import Project
from ui.map.tools.counts import Counts
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class Merge:
    """Enter, a double click, or a click on the first grid merges what was clicked; a click on another of them takes it back."""

    cursor = "PointingHandCursor"

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project, plan = reach.project, reach.project.grids
        if plan is None or press.unit < 0 or int(plan.labels[press.unit]) not in plan.grids:
            return None
        first = int(plan.labels[press.unit])
        if why := _held(plan.grids[first]):
            return (yield from refuse(why))
        counts, chosen, why = Counts(project), [first], ""
        while True:
            pointer = yield _preview(project, counts, chosen, why)
            ends = pointer.accepted
            if pointer.pressed and pointer.unit >= 0:
                grid, why = int(plan.labels[pointer.unit]), ""
                if grid == first:
                    ends = True
                elif grid in chosen:
                    chosen.remove(grid)
                else:
                    why = _refusal(project, chosen, grid)
                    chosen += [] if why else [grid]
            if pointer.back and len(chosen) > 1:
                chosen.pop()
            if ends:
                codes = tuple(plan.grids[grid].code or str(grid) for grid in chosen)
                return MergeGrids(first, tuple(chosen[1:]), codes) if len(chosen) > 1 else None


def _held(grid: Grid) -> str:
    """Return why a grid stays as it is, empty where it may be merged."""
    if grid.locked:
        return _("Grid {grid} is locked; unlock it first").format(grid=grid.code)
    return _("Grid {grid} is exclusive; take the rule away first").format(grid=grid.code) if grid.kind == "exclusive" else ""


def _refusal(project: Project, chosen: list[int], grid: int) -> str:
    plan, units = project.grids, project.units
    assert plan is not None
    assert units is not None
    known = plan.grids.get(grid)
    if known is None:
        return _("There is no grid here")
    if why := _held(known):
        return why
    if known.community != plan.grids[chosen[0]].community:
        return _("These grids are in different communities; a grid never crosses its community")
    if grid not in touching(units, plan.labels, tuple(chosen)):
        return _("Grid {grid} does not touch the others; only neighbours can be merged").format(grid=known.code)
    return ""


def _preview(project: Project, counts: Counts, chosen: list[int], why: str) -> Preview:
    assert project.grids is not None
    units = frozenset(np.flatnonzero(np.isin(project.grids.labels, chosen)).tolist())
    first = chosen[0]
    if len(chosen) == 1:
        hint = why or _("Merge: click the neighbours that join it; Enter ends, Esc abandons")
        return Preview(units, tallies=(counts.tally(first),), hint=hint, warning=why, refused=bool(why))
    change = sum((counts.held(grid) for grid in chosen[1:]), start=np.zeros(2))
    title = f"{counts.code(first)} ← {_(', ').join(counts.code(grid) for grid in chosen[1:])}"
    hint = why or _("Merge: Enter, or a click on the first grid, merges them; a click on another takes it back")
    return Preview(
        units, tallies=(counts.tally(first, change),), title=title, words=_("Enter merges"), hint=hint, warning=why, refused=bool(why)
    )
