"""Many cells of a roster set at once: what is typed over a selection, pasted from a spreadsheet, or moved within one person's days."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from gridplanner.edits.roster_edits import cell_value, cell_words, day_column, person_row, roster_of
from gridplanner.i18n import _, ngettext
from gridplanner.model.project import Project
from gridplanner.model.roster_findings import followed
from gridplanner.model.roster_places import with_places


@dataclass(frozen=True)
class PutCells:
    """Put people on shifts: each of `cells` is a code, a day such as 2026-01-05, and a shift's name, `off` or `leave`.

    The solver keeps these cells where they are `fixed`. Places, penalties and findings follow once, not cell by cell.
    """

    cells: tuple[tuple[str, str, str], ...]
    fixed: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        if len(self.cells) == 1:
            person, day, shift = self.cells[0]
            return _("{person} on {day}: {shift}").format(person=person, day=day, shift=cell_words(shift))
        count = len(self.cells)
        shifts = {shift for _person, _day, shift in self.cells}
        if len(shifts) == 1:
            text = ngettext("{n} cell of the roster: {shift}", "{n} cells of the roster: {shift}", count)
            return text.format(n=count, shift=cell_words(shifts.pop()))
        return ngettext("Set {n} cell of the roster", "Set {n} cells of the roster", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected for a person, day or shift that there is not."""
        plan = roster_of(project)
        cells, fixed, days = plan.cells.copy(), plan.fixed.copy(), set()
        for person, day, shift in self.cells:
            row, column = person_row(plan, person), day_column(plan, day)
            cells[row, column], fixed[row, column] = cell_value(plan, shift), self.fixed
            days.add(column)
        for array in (cells, fixed):
            array.setflags(write=False)
        after = with_places(project, dataclasses.replace(plan, cells=cells, fixed=fixed), days)
        return dataclasses.replace(project, roster=followed(project, after))
