"""Areas of the planner's hand: what lies within a closed line becomes a grid, or joins one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.cut_edits import Line, as_line
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.new_grid import with_new_grid
from gridplanner.edits.refusals import grid_of, plan_of, refuse_locked
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.cut import cut_units, with_cut
from gridplanner.model.cut_parts import units_within
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project


@dataclass(frozen=True)
class DrawGrid:
    """Make all of a community (a row) that lies within a closed line a new grid; units that the line crosses are cut."""

    ring: Line
    community: int

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Draw a new grid")

    def apply(self, project: Project) -> Project:
        """Return the project with the grid; raises EditRejected where the line holds nothing, what is locked, or one whole grid."""
        plan_of(project)
        after, rows = _enclosed(project, as_line(self.ring), self.community)
        plan = plan_of(after)
        labels = np.unique(plan.labels[rows])
        if len(labels) == 1 and int(labels[0]) in plan.grids and np.count_nonzero(plan.labels == labels[0]) == len(rows):
            raise EditRejected(_("Grid {grid} has this very outline already").format(grid=plan.grids[int(labels[0])].code))
        return with_new_grid(after, rows)


@dataclass(frozen=True)
class AddArea:
    """Give a grid all of its community that lies within a closed line; units that the line crosses are cut."""

    ring: Line
    grid: int
    code: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use, with the grid's `code` as the planner knows it where it was given."""
        return _("Add a drawn area to grid {grid}").format(grid=self.code or self.grid)

    def apply(self, project: Project) -> Project:
        """Return the project with the area in the grid; raises EditRejected where it holds nothing more, or what is locked."""
        plan = plan_of(project)
        grid = grid_of(plan, self.grid)
        refuse_locked(plan, np.array([self.grid]))
        after, rows = _enclosed(project, as_line(self.ring), grid.community, self.grid)
        return MoveUnits(tuple(rows.tolist()), self.grid).apply(after)


def _enclosed(project: Project, ring: Floats, community: int, taker: int | None = None) -> tuple[Project, Ints]:
    """Return the project with units cut along a closed line, and the rows of those within that are not in `taker` yet."""
    units, plan = project.units, plan_of(project)
    assert units is not None  # a grid plan has units
    if len(np.unique(ring, axis=0)) < 3:
        raise EditRejected(_("An area needs three places at least"))
    members = units.community == community
    if taker is not None:
        members &= plan.labels != taker
    cut = cut_units(project, [np.vstack((ring, ring[:1]))], members)
    rows = units_within(cut.units, ring, np.concatenate((members, members[cut.parent])))
    if not len(rows):
        raise EditRejected(_("There is nothing within the line that could change sides"))
    after = with_cut(project, cut)
    refuse_locked(plan, plan_of(after).labels[rows])
    return after, rows
