"""The course of a border between two grids, drawn anew by the planner's hand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplanner.edits.cut_edits import Line, as_line
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.refusals import grid_of, plan_of, refuse_locked
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.borders_near import border_between, nearest_on
from gridplanner.model.cut import cut_units, with_cut
from gridplanner.model.cut_parts import Cut, Divided, divided_by
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.project import Project
from gridplanner.model.units import Units


@dataclass(frozen=True)
class ReshapeBorder:
    """Give the border between two grids another course: what lies between the old and the new one changes sides.

    The line's ends are led on to the nearest places of the border; units that it crosses are cut.
    """

    line: Line
    one: int
    other: int
    codes: tuple[str, str] = field(default=("", ""), compare=False)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        one, other = self.codes[0] or self.one, self.codes[1] or self.other
        return _("Give the border between grids {one} and {other} another course").format(one=one, other=other)

    def apply(self, project: Project) -> Project:
        """Return the project with the new border; raises EditRejected for locked grids, and where nothing lies between the two courses."""
        plan = plan_of(project)
        pair = [grid_of(plan, key) for key in (self.one, self.other)]
        refuse_locked(plan, np.array([self.one, self.other]))
        if pair[0].community != pair[1].community:
            raise EditRejected(_("These grids are in different communities; a grid never crosses its community"))
        units, line = project.units, as_line(self.line)
        assert units is not None  # a grid plan has units
        border = units.xy[units.ends[border_between(units, plan.labels, self.one, self.other)]]
        if not len(border):
            raise EditRejected(_("These grids have no border in common"))
        line = np.vstack((nearest_on(border, line[0]), line, nearest_on(border, line[-1])))
        cut = cut_units(project, [line], (plan.labels == self.one) | (plan.labels == self.other))
        labels = np.concatenate((plan.labels, plan.labels[cut.parent]))
        after = with_cut(project, cut)
        moves = [(_pocket(cut, labels, giver, taker), taker) for giver, taker in ((self.one, self.other), (self.other, self.one))]
        if not any(len(rows) for rows, _taker in moves):
            raise EditRejected(_("Draw the new course from one place on the border to another"))
        for rows, taker in moves:
            if len(rows):
                after = MoveUnits(tuple(rows.tolist()), taker).apply(after)
        return after


def _pocket(cut: Cut, labels: Ints, giver: int, taker: int) -> Ints:
    """Return the units of one grid that lie between the line and the border to the other: all it divides off but the largest part."""
    found = divided_by(cut, labels == giver)
    beside = _parts_beside_line(cut, found)
    if np.count_nonzero(beside) < 2:
        return np.zeros(0, np.int64)
    largest = int(np.flatnonzero(beside)[np.argmax(found.area[beside])])
    beside[largest] = False
    touching = _parts_beside(cut.units, found, labels == taker)
    return found.rows[(beside & touching)[found.part]]


def _parts_beside_line(cut: Cut, found: Divided) -> Bools:
    """Return which parts have the line as a border to another part."""
    units, part = cut.units, np.full(len(cut.units) + 1, -1, np.int64)
    part[found.rows] = found.part
    rows = np.flatnonzero(cut.along)
    a, b = part[units.left[rows]], part[units.right[rows]]
    apart = (a >= 0) & (b >= 0) & (a != b)
    beside = np.zeros(len(found.side), bool)
    beside[a[apart]] = beside[b[apart]] = True
    return beside


def _parts_beside(units: Units, found: Divided, others: Bools) -> Bools:
    """Return which parts border some other units (u,)."""
    part = np.full(len(units) + 1, -1, np.int64)
    part[found.rows] = found.part
    beyond = np.append(others, False)  # the last for OUTSIDE
    beside = np.zeros(len(found.side) + 1, bool)  # the last for what is in no part
    beside[part[units.left[beyond[units.right]]]] = True
    beside[part[units.right[beyond[units.left]]]] = True
    return beside[:-1]
