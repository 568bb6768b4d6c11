"""Merging grids: one goes on with its id, code and name, the others end and name it as their successor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.refusals import grid_of, plan_of, refuse_exclusive, units_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.outlines import community_parts, pieces_around
from gridplanner.model.project import Project
from gridplanner.model.units import Units


@dataclass(frozen=True)
class MergeGrids:
    """Give all units of `others` to the grid `into`. `codes` are the codes of all of them as the planner knows them, `into` in front."""

    into: int
    others: tuple[int, ...]
    codes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        codes = self.codes or tuple(str(grid) for grid in (self.into, *self.others))
        return _("Merge {others} into grid {grid}").format(others=_(", ").join(codes[1:]), grid=codes[0])

    def apply(self, project: Project) -> Project:
        """Return the project with one grid in place of several.

        Raises EditRejected for unknown, locked or exclusive grids, grids of two communities, and grids that do not touch one another
        although their community lies in one part.
        """
        plan, units = plan_of(project), units_of(project)
        for grid in (self.into, *self.others):
            refuse_exclusive(grid_of(plan, grid))
        others = tuple(grid for grid in dict.fromkeys(self.others) if grid != self.into)
        if not others:
            raise EditRejected(_("Choose at least two grids to merge"))
        if len({plan.grids[grid].community for grid in (self.into, *others)}) > 1:
            raise EditRejected(_("These grids are in different communities; a grid never crosses its community"))
        apart = _apart(units, np.asarray(plan.labels), (self.into, *others))
        if apart is not None:
            code = plan.grids[apart].code or apart
            raise EditRejected(_("Grid {grid} does not touch the others; only neighbours can be merged").format(grid=code))
        rows = np.flatnonzero(np.isin(plan.labels, others))
        return MoveUnits(tuple(rows.tolist()), self.into).apply(project)


def touching(units: Units, labels: np.ndarray[tuple[int], np.dtype[np.int32]], grids: tuple[int, ...]) -> set[int]:
    """Return the grids that border some grids, those themselves left out."""
    rows = np.flatnonzero(np.isin(labels, grids))
    pieces = pieces_around(units, rows)
    sides = np.concatenate((units.left[pieces], units.right[pieces]))
    return set(np.unique(labels[sides[sides >= 0]]).tolist()) - set(grids)


def _apart(units: Units, labels: np.ndarray[tuple[int], np.dtype[np.int32]], grids: tuple[int, ...]) -> int | None:
    """Return a grid that neither borders what the first one reaches over the others nor lies in another part of the community."""
    reached, left = {grids[0]}, set(grids[1:])
    while left:
        near = touching(units, labels, tuple(reached)) & left
        if not near:
            part = community_parts(units)
            own = np.unique(part[np.isin(labels, list(reached))])
            near = {grid for grid in left if not np.isin(part[labels == grid], own).any()}
            if not near:
                return min(left)
        reached |= near
        left -= near
    return None
