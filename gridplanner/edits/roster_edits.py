"""The roster by hand: cells set, swapped, fixed and given free; leave and wishes entered and taken back.

The hand wins: a cell that breaks a rule is set all the same, and the broken rule is a finding of the roster. Figures, penalties and places
follow at once. People are named by their code, days as 2026-01-05, shifts by their name, `off` or `leave`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from gridplanner.errors import EditRejected
from gridplanner.i18n import _, ngettext
from gridplanner.model.freshness import made_from
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, OFF, RosterCells, RosterPlan
from gridplanner.model.roster_calendar import column_of, day_of, shift_words
from gridplanner.model.roster_findings import followed
from gridplanner.model.roster_places import with_places
from gridplanner.model.roster_rules import shift_row
from gridplanner.nearest import near_word, nearest_word
from gridplanner.settings import RosterCell

LEAVE_WORD = "leave"


@dataclass(frozen=True)
class SetCell:
    """Put a person on a shift on a day, or off (`off`, `leave`); the solver keeps such a cell where it is `fixed`."""

    person: str
    day: str
    shift: str
    fixed: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("{person} on {day}: {shift}").format(person=self.person, day=self.day, shift=cell_words(self.shift))

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected for a person, day or shift that there is not."""
        plan = roster_of(project)
        row, column = person_row(plan, self.person), day_column(plan, self.day)
        return _changed(project, plan, {(row, column): (cell_value(plan, self.shift), self.fixed)})


@dataclass(frozen=True)
class SwapCells:
    """Let two people change what they have, each on its day (`other_day` empty: the same day)."""

    person: str
    day: str
    other: str
    other_day: str = ""
    fixed: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Swap {person} and {other} on {day}").format(person=self.person, other=self.other, day=self.day)

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected for people and days that there are not.

        Two days are swapped as a whole: each takes over what the other has on both.
        """
        plan = roster_of(project)
        one, two = person_row(plan, self.person), person_row(plan, self.other)
        if one == two:
            raise EditRejected(_("Two people are needed for a swap"))
        days = {day_column(plan, self.day), day_column(plan, self.other_day or self.day)}
        new: dict[tuple[int, int], tuple[int, bool]] = {}
        for day in days:
            new[one, day] = (int(plan.cells[two, day]), self.fixed)
            new[two, day] = (int(plan.cells[one, day]), self.fixed)
        return _changed(project, plan, new)


@dataclass(frozen=True)
class FixCells:
    """Fix cells (person, day) as they are, so that planning again keeps them, or give them free."""

    cells: tuple[tuple[str, str], ...]
    fixed: bool = True

    @property
    def words(self) -> str:
        """The words in the language in use."""
        count = len(self.cells)
        if self.fixed:
            return ngettext("Fix {n} cell of the roster", "Fix {n} cells of the roster", count).format(n=count)
        return ngettext("Free {n} cell of the roster", "Free {n} cells of the roster", count).format(n=count)

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected for people and days that there are not."""
        plan = roster_of(project)
        fixed = plan.fixed.copy()
        for person, day in self.cells:
            fixed[person_row(plan, person), day_column(plan, day)] = self.fixed
        fixed.setflags(write=False)
        return dataclasses.replace(project, roster=followed(project, dataclasses.replace(plan, fixed=fixed), plan.status))


@dataclass(frozen=True)
class EnterCell:
    """Enter leave, a wish (want, avoid) or a fixed shift of a person from `day` to `until`, as the table of leave and wishes has them.

    It holds for rosters that are made later too. Leave and fixed shifts stand in the roster at once.
    """

    person: str
    day: str
    kind: str = LEAVE_WORD
    shift: str = ""
    until: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        text = {
            "leave": _("Leave of {person} from {day} to {until}"), "fixed": _("Fixed for {person} from {day} to {until}: {shift}"),
            "want": _("{person} wishes {shift} from {day} to {until}"), "avoid": _("{person} wishes no {shift} from {day} to {until}"),
        }.get(self.kind, "{person} {day}")  # fmt: skip
        shift = cell_words(self.shift) if self.shift else _("any shift")
        return text.format(person=self.person, day=self.day, until=self.until or self.day, shift=shift)

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected for a person, shift, day or kind that there is not."""
        plan = roster_of(project)
        row = person_row(plan, self.person)
        first, last = _days(self.day, self.until)
        try:
            RosterCell(self.person, self.day, self.kind, self.shift, self.until)
        except ValueError as why:
            raise EditRejected(str(why)) from why
        if shift_row(plan, self.shift, self.kind) is None:
            cell_value(plan, self.shift)
        cells = joined_cells(without_days(project.roster_cells, self.person, first, last, self.kind), self)
        after = dataclasses.replace(project, roster_cells=cells)
        columns = range(max(column_of(plan, first), 0), min(column_of(plan, last) + 1, plan.days))
        new: dict[tuple[int, int], tuple[int, bool]] = {}
        if self.kind in {"leave", "fixed"}:
            value = LEAVE if self.kind == "leave" else cell_value(plan, self.shift or "off")
            new = {(row, column): (value, False) for column in columns}
        return _with_data(project, after, plan, new, hand=self.kind != "want" and self.kind != "avoid")


@dataclass(frozen=True)
class TakeBack:
    """Take back the leave, wishes and fixed shifts that were entered for a person from `day` to `until`; leave becomes days off."""

    person: str
    day: str
    until: str = ""

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _("Take back leave and wishes of {person} from {day} to {until}").format(
            person=self.person, day=self.day, until=self.until or self.day
        )

    def apply(self, project: Project) -> Project:
        """Return the changed project; raises EditRejected where nothing was entered, or only in the settings."""
        plan = roster_of(project)
        row = person_row(plan, self.person)
        first, last = _days(self.day, self.until)
        cells = without_days(project.roster_cells, self.person, first, last)
        columns = range(max(column_of(plan, first), 0), min(column_of(plan, last) + 1, plan.days))
        away = [column for column in columns if plan.cells[row, column] == LEAVE]
        if cells is project.roster_cells and not away:
            raise EditRejected(_("Nothing was entered for {person} on these days").format(person=self.person))
        after = dataclasses.replace(project, roster_cells=cells)
        return _with_data(project, after, plan, {(row, column): (OFF, False) for column in away}, hand=True)


def roster_of(project: Project) -> RosterPlan:
    """Return the roster; raises EditRejected where there is none."""
    if project.roster is None:
        raise EditRejected(_("There is no roster yet; make one first"))
    return project.roster


def person_row(plan: RosterPlan, code: str) -> int:
    """Return the row of a person; raises EditRejected where there is none of that code."""
    codes = [member.code for member in plan.people]
    if code not in codes:
        hint = near_word(code, tuple(codes)) or nearest_word(code, [*codes[:5], "…"] if codes[5:] else codes)
        raise EditRejected(_("There is nobody called {person} in the roster; {hint}").format(person=code, hint=hint))
    return codes.index(code)


def day_column(plan: RosterPlan, day: str) -> int:
    """Return the column of a day; raises EditRejected where it is none of the roster's."""
    column = column_of(plan, _days(day, "")[0])
    if not 0 <= column < plan.days:
        text = _("{day} is no day of the roster, which goes from {start} to {end}")
        raise EditRejected(text.format(day=day, start=plan.start, end=day_of(plan, plan.days - 1).isoformat()))
    return column


def cell_value(plan: RosterPlan, shift: str) -> int:
    """Return what stands in a cell for a shift's name, `off` or `leave`; raises EditRejected for any other."""
    if shift.casefold() == LEAVE_WORD:
        return LEAVE
    row = shift_row(plan, shift) if shift else None
    if row is None:
        names = (*(one.name for one in plan.shifts), "off", LEAVE_WORD)
        raise EditRejected(_("There is no shift {shift}; {hint}").format(shift=shift, hint=nearest_word(shift, names)))
    return row


def cell_words(shift: str) -> str:
    """Return what a cell is called in the language in use."""
    return {"off": _("off"), LEAVE_WORD: _("leave")}.get(shift.casefold()) or shift_words(shift)


def without_days(cells: RosterCells, person: str, first: date, last: date, kind: str = "") -> RosterCells:
    """Return what was entered without a person's days from `first` to `last`: ranges are cut; the very same where nothing is of them.

    Of one `kind` alone where it is given; leave and a fixed shift take the place of one another.
    """
    kinds = {"leave": {"leave", "fixed"}, "fixed": {"leave", "fixed"}, "want": {"want", "avoid"}, "avoid": {"want", "avoid"}}.get(kind)
    rows: list[tuple[str, ...]] = []
    touched = False
    for row in zip(cells.people, cells.days, cells.kinds, cells.shifts, cells.until, strict=True):
        who, day, what, shift, until = (str(value) for value in row)
        begins, ends = _range(day, until)
        if who != person or (kinds and what not in kinds) or begins is None or ends is None or ends < first or begins > last:
            rows.append((who, day, what, shift, until))
            continue
        touched = True
        if begins < first:
            rows.append((who, day, what, shift, (first - timedelta(days=1)).isoformat()))
        if ends > last:
            rows.append((who, (last + timedelta(days=1)).isoformat(), what, shift, ends.isoformat()))
    return _cells_of(rows) if touched else cells


def joined_cells(cells: RosterCells, entered: EnterCell) -> RosterCells:
    """Return what was entered with one more row."""
    rows = [
        tuple(str(value) for value in row) for row in zip(cells.people, cells.days, cells.kinds, cells.shifts, cells.until, strict=True)
    ]
    return _cells_of([*rows, (entered.person, entered.day, entered.kind, entered.shift, entered.until)])


def _cells_of(rows: Iterable[tuple[str, ...]]) -> RosterCells:
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return RosterCells(*(texts(list(column)) for column in columns))


def _days(day: str, until: str) -> tuple[date, date]:
    first, last = _range(day, until)
    if first is None or last is None:
        raise EditRejected(_("{text} is not a day such as 2026-03-01").format(text=day if first is None else until))
    if last < first:
        raise EditRejected(_("{until} is before {day}").format(until=until, day=day))
    return first, last


def _range(day: str, until: str) -> tuple[date | None, date | None]:
    found: list[date | None] = []
    for text in (day, until or day):
        try:
            found.append(date.fromisoformat(text))
        except ValueError:
            found.append(None)
    return found[0], found[1]


def _changed(project: Project, plan: RosterPlan, new: dict[tuple[int, int], tuple[int, bool]], status: str = "") -> Project:
    """Return the project with cells (value, fixed) put in, places of their days shared out anew, and findings as they are now."""
    cells, fixed = plan.cells.copy(), plan.fixed.copy()
    for (row, column), (value, held) in new.items():
        cells[row, column], fixed[row, column] = np.int8(value), held
    for array in (cells, fixed):
        array.setflags(write=False)
    after = dataclasses.replace(plan, cells=cells, fixed=fixed)
    after = with_places(project, after, {column for _row, column in new})
    return dataclasses.replace(project, roster=followed(project, after, status))


def _with_data(before: Project, after: Project, plan: RosterPlan, new: dict[tuple[int, int], tuple[int, bool]], *, hand: bool) -> Project:
    """Return the project with data entered and cells put in; a roster that was up to date stays so, as it has the new data in it."""
    fresh = plan.made_from == made_from(before, "roster")
    done = _changed(after, plan, new, "hand" if hand and new else "")
    assert done.roster is not None
    return dataclasses.replace(done, roster=dataclasses.replace(done.roster, made_from=made_from(done, "roster"))) if fresh else done
