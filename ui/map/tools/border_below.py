"""The border between two grids below the pointer: which it is, whether it can be moved, and its light."""

from __future__ import annotations

import numpy as np

from gridplanner.i18n import _
from gridplanner.model.brush import distances
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.outlines import pieces_around
from gridplanner.model.project import Project
from ui.map.tools.tool import NOTHING, Pointer, Preview, Reach

SNAP = 10.0  # pixels within which a border is taken hold of


class BorderBelow:
    """Lights up the border below the pointer; one is made anew only where it is another."""

    def __init__(self) -> None:
        self._last: tuple[Project, tuple[int, int], Preview] | None = None

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Return the border below the pointer, lit up, or nothing."""
        pair = grids_beside(reach.project, pointer)
        if pair is None:
            return NOTHING
        if self._last is None or self._last[0] is not reach.project or self._last[1] != pair:
            self._last = reach.project, pair, _lit(reach.project, pair)
        return self._last[2]


def refusal(project: Project, pair: tuple[int, int]) -> str:
    """Return why the border between two grids cannot be moved, empty where it can."""
    plan = project.grids
    assert plan is not None
    for grid in pair:
        if plan.grids[grid].locked:
            return _("Grid {grid} is locked; unlock it first").format(grid=plan.grids[grid].code)
    if plan.grids[pair[0]].community != plan.grids[pair[1]].community:
        return _("This is the limit between two communities; a grid never crosses its community")
    return ""


def grids_beside(project: Project, pointer: Pointer) -> tuple[int, int] | None:
    """Return the two grids whose border is within SNAP pixels, the one below the pointer in front; None where there is none."""
    units, plan = project.units, project.grids
    if units is None or plan is None or pointer.unit < 0:
        return None
    pieces = pieces_around(units, np.array([pointer.unit]))
    sides = np.unique(np.concatenate((units.left[pieces], units.right[pieces])))
    pieces = pieces_around(units, sides[sides >= 0])
    left, right = units.left[pieces], units.right[pieces]
    inner = (left >= 0) & (right >= 0)
    inner[inner] = plan.labels[left[inner]] != plan.labels[right[inner]]
    pieces = pieces[inner]
    if not len(pieces):
        return None
    gap = distances(units, pieces, pointer.x, pointer.y)
    at = int(gap.argmin())
    if gap[at] * pointer.scale > SNAP:
        return None
    found = int(plan.labels[units.left[pieces[at]]]), int(plan.labels[units.right[pieces[at]]])
    if found[0] not in plan.grids or found[1] not in plan.grids:
        return None
    return found if found[0] == plan.labels[pointer.unit] else (found[1], found[0])


def _lit(project: Project, pair: tuple[int, int]) -> Preview:
    """Return the border between two grids, lit up, or why it cannot be moved."""
    why = refusal(project, pair)
    if why:
        return Preview(hint=why, refused=True)
    assert project.units is not None
    ground = neighbourhood_of(project, pair)
    border = ground.between(ground.places(pair[0]), ground.places(pair[1]))
    ends = project.units.xy[project.units.ends[ground.pieces[border]]]
    return Preview(pieces=ends.reshape(-1, 4))
