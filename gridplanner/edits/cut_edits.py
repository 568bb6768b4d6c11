"""Lines of the planner's hand across units and grids: cut units, split a grid in two."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.grid_edits import edited_certificates
from gridplanner.edits.new_grid import with_new_grid
from gridplanner.edits.refusals import grid_of, plan_of, refuse_exclusive, refuse_locked, refuse_unknown, units_of
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.cut import cut_units, with_cut
from gridplanner.model.cut_parts import Cut, Divided, areas_of, divided_by
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.units import Units

Line = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class CutUnits:
    """Cut every unit that lines cross from border to border; `units` names those that may be cut, empty for all.

    The grids stay as they are: the parts of a unit are in its grid. Ends of lines that stop inside a unit are dropped.
    """

    lines: tuple[Line, ...]
    units: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Cut units along a line")

    def apply(self, project: Project) -> Project:
        """Return the project with the units cut.

        Raises EditRejected where nothing is cut, for an unknown unit, a unit of a locked grid that is named, and where there is no room
        for a line. Without names, units of locked grids stay whole.
        """
        units = units_of(project)
        may = np.ones(len(units), bool)
        plan = project.grids
        if plan is not None:
            locked = [key for key, grid in plan.grids.items() if grid.locked]
            may &= ~np.isin(plan.labels, locked)
        if self.units:
            rows = np.unique(np.array(self.units, np.intp))
            refuse_unknown(units, rows)
            if plan is not None and not may[rows].all():
                refuse_locked(plan, plan.labels[rows])
            named = np.zeros(len(units), bool)
            named[rows] = True
            may &= named
        cut = cut_units(project, [as_line(line) for line in self.lines], may)
        if not len(cut.parent):
            raise EditRejected(_("The line cuts no unit; draw it from border to border"))
        after = with_cut(project, cut)
        if after.grids is None or plan is None:
            return after
        touched = set(np.unique(units.community[cut.parent]).tolist())
        proofs = edited_certificates(units, plan, touched)
        return dataclasses.replace(after, grids=dataclasses.replace(after.grids, certificates=proofs))


@dataclass(frozen=True)
class SplitGrid:
    """Split a grid in two along a line that crosses it from border to border; the side with fewer households becomes a new grid.

    Units that the line crosses are cut by it; with `whole` they stay whole and go to the side where most of their ground lies.
    """

    grid: int
    line: Line
    whole: bool = False
    code: str = field(default="", compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use, with the grid's `code` as the planner knows it where it was given."""
        return _("Split grid {grid} by a line").format(grid=self.code or self.grid)

    def apply(self, project: Project) -> Project:
        """Return the project with the new grid; raises EditRejected where the line divides nothing, and for locked and exclusive grids."""
        units, plan = units_of(project), plan_of(project)
        grid = grid_of(plan, self.grid)
        refuse_locked(plan, np.array([self.grid]))
        refuse_exclusive(grid)
        cut = cut_units(project, [as_line(self.line)], plan.labels == self.grid)
        labels = np.concatenate((plan.labels, plan.labels[cut.parent]))
        found = divided_by(cut, labels == self.grid)
        if not {1, -1} <= set(found.side.tolist()):
            raise EditRejected(_("The line does not divide grid {grid}; draw it from border to border").format(grid=grid.code))
        side = found.side[found.part]
        if self.whole:
            side, rows = _whole_sides(cut, found, len(units))
            after = project
        else:
            rows, after = found.rows, with_cut(project, cut)
        left, right = rows[side > 0], rows[side < 0]
        if not len(left) or not len(right):
            raise EditRejected(_("No whole unit of grid {grid} lies on the other side; let the line cut units").format(grid=grid.code))
        assert after.units is not None
        return with_new_grid(after, _smaller(after, after.units, left, right), grid.kind)


def as_line(line: Line) -> Floats:
    """Return places as an array (k, 2); raises EditRejected for fewer than two."""
    coords = np.array(line, np.float64).reshape(-1, 2)
    if len(np.unique(coords, axis=0)) < 2 or not np.isfinite(coords).all():
        raise EditRejected(_("A line needs two places at least"))
    return coords


def _whole_sides(cut: Cut, found: Divided, count: int) -> tuple[Ints, Ints]:
    """Return the side of each whole unit, where most of its ground lies, and its row."""
    unit = np.where(found.rows < count, found.rows, 0)
    unit[found.rows >= count] = cut.parent[found.rows[found.rows >= count] - count]
    area = areas_of(cut.units, found.rows)
    rows, place = np.unique(unit, return_inverse=True)
    balance = np.bincount(place, area * found.side[found.part])
    return np.sign(balance).astype(np.int64), rows


def _smaller(project: Project, units: Units, one: Ints, other: Ints) -> Ints:
    """Return those of two sets of units that hold fewer households; of equal ones the smaller ground."""
    side = np.zeros(len(units) + 1, np.int8)  # the last for addresses in no unit
    side[one], side[other] = 1, 2
    of = side[units.address_unit]
    held = [float(project.households.households[of == number].sum()) for number in (1, 2)]
    if held[0] == held[1]:
        held = [float(areas_of(units, rows).sum()) for rows in (one, other)]
    return one if held[0] < held[1] else other
