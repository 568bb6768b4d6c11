"""The planner's hand on the grid plan: units go to another grid, and what was proven of it is proven no longer."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.refusals import grid_of, plan_of, refuse_locked, refuse_unknown
from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.grids import Certificate, GridPlan, RetiredGrid, listed_codes
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import inner_border
from gridplanner.model.project import Project
from gridplanner.model.units import Units

FEW = 16  # grids up to which it is faster to look for each of them among the labels than to sort these


@dataclass(frozen=True)
class MoveUnits:
    """Give units to a grid of their community.

    A grid that loses its last unit ends: its code is not given again, and the grid that got the unit is its successor. What was proven
    of the community's plan is proven no longer. Beside a copy of the labels, the work grows with the units that move.
    """

    units: tuple[int, ...]
    to_grid: int
    code: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use, with the grid's `code` as the planner knows it where it was given."""
        count = len(self.units)
        text = ngettext("Move {n} unit to grid {grid}", "Move {n} units to grid {grid}", count)
        return text.format(n=count, grid=self.code or self.to_grid)

    def apply(self, project: Project) -> Project:
        """Return the project with the units relabelled.

        Raises EditRejected for an unknown grid or unit, a locked grid on either side, or a unit of another community.
        """
        plan, units = plan_of(project), project.units
        assert units is not None  # a grid plan has units
        target = grid_of(plan, self.to_grid)
        rows = np.array(self.units, np.intp)
        refuse_unknown(units, rows)
        if np.any(units.community[rows] != target.community):
            raise EditRejected(_("Grid {grid} is in another community; a grid never crosses its community").format(grid=target.code))
        givers = set(np.unique(plan.labels[rows]).tolist())
        refuse_locked(plan, {self.to_grid} | givers)
        labels = plan.labels.copy()
        labels[rows] = self.to_grid
        gone = givers - _with_units(labels, givers)
        grids, retired = plan.grids, plan.retired
        if gone:
            since = project.settings.grids.valid_from if project.settings.grids is not None else ""
            grids = {**plan.grids}
            ended = [grid for grid in (grids.pop(key) for key in sorted(gone)) if grid.code]
            retired += tuple(RetiredGrid(grid.community, grid.code, grid.name, (target.code,), since) for grid in ended)
            if ended:
                before = listed_codes([target.code, *(grid.code for grid in ended)])
                grids[self.to_grid] = dataclasses.replace(target, prev_code=before, valid_from=since or target.valid_from)
        certificates = edited_certificates(units, plan, {target.community})
        after = dataclasses.replace(plan, labels=labels, grids=grids, certificates=certificates, retired=retired)
        return dataclasses.replace(project, grids=after)


def edited_certificates(units: Units, plan: GridPlan, communities: Collection[int]) -> tuple[Certificate, ...]:
    """Return the certificates of a plan of which some communities are about to be changed by hand.

    What was proven of them is proven no longer; the bound, the value and the metres of border of the plan as it was computed stay, so
    that the hand's work can be measured by them. Every edit that relabels units hands its plan through here.
    """
    fresh = [part for part in plan.certificates if part.community in communities and part.why != "edited"]
    if not fresh:
        return plan.certificates
    border = {part.community: inner_border(units, plan.labels, part.community) for part in fresh}
    return tuple(
        dataclasses.replace(part, status="none", why="edited", border=border[part.community]) if part.community in border else part
        for part in plan.certificates
    )


def _with_units(labels: Ints, grids: Collection[int]) -> set[int]:
    """Return which of some grids have a unit."""
    if len(grids) < FEW:
        return {grid for grid in grids if (labels == grid).any()}
    return set(np.unique(labels).tolist()) & set(grids)
