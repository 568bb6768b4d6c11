"""Locks of grids: what is locked is changed by no tool and by no new plan."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from gridplanner.edits.refusals import grid_of, plan_of
from gridplanner.i18n import ngettext
from gridplanner.model.project import Project


@dataclass(frozen=True)
class LockGrids:
    """Lock grids, or unlock them."""

    grids: tuple[int, ...]
    locked: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.grids)
        if self.locked:
            return ngettext("Lock {n} grid", "Lock {n} grids", count).format(n=count)
        return ngettext("Unlock {n} grid", "Unlock {n} grids", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the project with the grids locked or unlocked; raises EditRejected for an unknown grid."""
        plan = plan_of(project)
        others = [grid for grid in self.grids if grid_of(plan, grid).locked is not self.locked]
        changed = {grid: dataclasses.replace(plan.grids[grid], locked=self.locked) for grid in others}
        return dataclasses.replace(project, grids=dataclasses.replace(plan, grids={**plan.grids, **changed}))
