"""The planner's hand on the roster: cells set, fixed and swapped, leave and wishes, and a sick call; every change is one step back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from gridplanner.edits.computed import Computed
from gridplanner.edits.edit import Edit, Replace
from gridplanner.edits.roster_block import PutCells
from gridplanner.edits.roster_edits import EnterCell, FixCells, SwapCells, TakeBack
from gridplanner.edits.several import Several
from gridplanner.i18n import _, ngettext
from gridplanner.model.roster import LEAVE, OFF, RosterPlan
from gridplanner.model.roster_calendar import day_of, shift_words
from gridplanner.model.roster_words import cell_name
from ui.clipboard import Table
from ui.dialogs.sick_dialog import SickDialog
from ui.roster_rows import Cell, changed_cells, rows_of_roster
from ui.roster_words import marks_of

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.panels.roster_page import RosterPage

SICK = "gridplanner.planning.roster_again:propose_sick_call"
NEXT = "gridplanner.planning.roster:propose_next_roster"


class RosterHand(QObject):
    """What is done by hand with the roster of a desk."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk

    def attach(self) -> None:
        """Listen to the page, once it is there."""
        calendar = self._page.calendar
        calendar.set_asked.connect(self.set_cells)
        calendar.fix_asked.connect(self.fix)
        calendar.swap_asked.connect(self.swap)
        calendar.pasted.connect(self.paste)
        calendar.menu_asked.connect(lambda at: self._popup(self.cell_menu(), at))
        self._page.card.sick_asked.connect(self.ask_sick)

    @property
    def _page(self) -> RosterPage:
        return self._desk.side.roster

    @property
    def _plan(self) -> RosterPlan | None:
        return self._desk.session.project.roster

    # cells

    def set_cells(self, cells: Sequence[Cell], value: int) -> None:
        """Put a shift, a day off or leave into cells; leave is noted for later rosters too, and taken back where something else comes."""
        plan = self._plan
        if plan is None or not cells:
            return
        edits: list[Edit] = []
        if value == LEAVE:
            edits = [EnterCell(code, first, "leave", until=last) for code, first, last in _runs(plan, cells)]
        else:
            away = [cell for cell in cells if plan.cells[cell] == LEAVE]
            edits = [TakeBack(*run) for run in _runs(plan, away)]
            put = [cell for cell in cells if value != OFF or plan.cells[cell] != LEAVE]
            if put:
                edits.append(PutCells(tuple((*_named(plan, cell), _key(plan, value)) for cell in put)))
        words = edits[-1].words if len(edits) == 1 else self._words(len(cells), cell_name(plan, value))
        self._do(edits, words)

    def fix(self, cells: Sequence[Cell]) -> None:
        """Fix cells, so that planning again keeps them; free them where all are fixed."""
        plan = self._plan
        if plan is not None and cells:
            fixed = not all(plan.fixed[cell] for cell in cells)
            self._desk.do(FixCells(tuple(_named(plan, cell) for cell in cells), fixed))

    def swap(self, one: Cell, other: Cell) -> None:
        """Let two cells change what they hold: of two people their days, of one person two days."""
        plan = self._plan
        if plan is None or one == other:
            return
        if one[0] != other[0]:
            (person, day), (second, later) = _named(plan, one), _named(plan, other)
            self._desk.do(SwapCells(person, day, second, later))
            return
        pairs = ((one, other), (other, one))
        put = tuple((*_named(plan, to), _key(plan, int(plan.cells[of]))) for to, of in pairs)
        self._do([PutCells(put)], PutCells(put).words)

    def paste(self, table: Table, first: Cell) -> None:
        """Put a block of the clipboard into the calendar from a cell on; marks and names of shifts are understood, empty cells are off."""
        plan = self._plan
        if plan is None or not table:
            return
        rows = rows_of_roster(plan)
        order = [int(person) for _squad, person in rows.lines if person >= 0]
        codes = {member.code: row for row, member in enumerate(plan.people)}
        headed = bool(table[0]) and not table[0][0] and any(line and line[0] in codes for line in table[1:])
        body = [line[1:] for line in table[1:]] if headed else table
        people = [codes.get(line[0], -1) for line in table[1:]] if headed else order[order.index(first[0]) :]
        put, unknown = [], ""
        for person, line in zip(people, body, strict=False):
            for day, words in enumerate(line, 0 if headed else first[1]):
                value = value_of_words(plan, words)
                if value is None:
                    unknown = unknown or words
                elif person >= 0 and day < plan.days and value != plan.cells[person, day]:
                    put.append((*_named(plan, (person, day)), _key(plan, value)))
        if unknown:
            self._desk.window.status.say(_("“{text}” is no shift of this roster").format(text=unknown))
        elif put:
            self._do([PutCells(tuple(put))], PutCells(tuple(put)).words)
        else:
            self._desk.window.status.say(_("Nothing changes"))

    def wish(self, cells: Sequence[Cell], kind: str, shift: int) -> None:
        """Note that people wish a shift (or a day off) or wish none on some days; `shift` -1 with kind `want` is a day off."""
        plan = self._plan
        if plan is not None and cells:
            edits = [EnterCell(code, day, kind, _key(plan, shift), last) for code, day, last in _runs(plan, cells)]
            self._do(edits, edits[0].words if len(edits) == 1 else self._words(len(cells), _("wish")))

    def take_back(self, cells: Sequence[Cell]) -> None:
        """Take back leave and wishes."""
        plan = self._plan
        if plan is not None and cells:
            edits = [TakeBack(*run) for run in _runs(plan, cells)]
            self._do(edits, edits[0].words if len(edits) == 1 else _("Take back leave and wishes"))

    # planning again

    def ask_sick(self, person: int = -1) -> None:
        """Ask who is away and from when to when, then let others take over."""
        plan = self._plan
        if plan is None or not len(plan) or self._desk.jobs.is_busy:
            return
        cells = self._page.calendar.chosen
        mine = [cell for cell in cells if person in (-1, cell[0])]
        days = [day for _person, day in mine] or [max(self._desk.roster.moment[0], 0)]
        who = person if person >= 0 else mine[0][0] if mine else max(self._page.card.person, 0)
        dialog = SickDialog(plan, who, min(days), max(days), self._desk.window)
        dialog.accepted.connect(lambda: self.call_sick(dialog.person, dialog.first, dialog.last))
        dialog.open()

    def call_sick(self, person: int, first: int, last: int) -> None:
        """Plan again with a person away on some days, in the worker, and show which cells are others."""
        desk, plan, project = self._desk, self._plan, self._desk.session.project
        if plan is None:
            return
        code = plan.people[person].code

        def take(edit: Replace) -> str:
            refused = desk.do(Computed(edit, project))
            if refused or self._plan is None:
                return refused
            cells = changed_cells(plan, self._plan)
            self._page.show_changes(plan, cells)
            others = sum(cell[0] != person for cell in cells)
            text = ngettext("{person} is away; {n} cell of others changed", "{person} is away; {n} cells of others changed", others)
            return text.format(person=code, n=others)

        days = day_of(plan, first).isoformat(), day_of(plan, last).isoformat()
        desk.jobs.run(_("Sick call of {person}").format(person=code), SICK, project, code, *days, then=take, can_finish=True)

    def make_next(self) -> None:
        """Make the roster of the days that follow, in the worker."""
        desk, project = self._desk, self._desk.session.project
        if self._plan is not None:
            desk.jobs.run(_("The next roster"), NEXT, project, then=lambda edit: desk.do(Computed(edit, project)), can_finish=True)

    # menus

    def cell_menu(self) -> QMenu:
        """Return the menu of the chosen cells."""
        plan, cells = self._plan, self._page.calendar.chosen
        menu = self._menu()
        if plan is None or not cells:
            return menu
        marks = marks_of(plan)
        for value in (*range(len(plan.shifts)), OFF, LEAVE):
            key = _("Del") if value == OFF else "V" if value == LEAVE else marks.key(value)
            words = cell_name(plan, value)
            menu.addAction(f"{words}\t{key}").triggered.connect(lambda _checked=False, to=value: self.set_cells(cells, to))
        menu.addSeparator()
        all_fixed = all(plan.fixed[cell] for cell in cells)
        menu.addAction((_("Give free") if all_fixed else _("Fix")) + "\tF").triggered.connect(lambda: self.fix(cells))
        if len(cells) == 2:
            menu.addAction(_("Swap the two")).triggered.connect(lambda: self.swap(*cells))
        wishes = menu.addMenu(_("Wish"))
        for kind, shift, words in self._wishes(plan):
            wishes.addAction(words).triggered.connect(lambda _checked=False, k=kind, s=shift: self.wish(cells, k, s))
        wishes.addSeparator()
        wishes.addAction(_("Take back leave and wishes")).triggered.connect(lambda: self.take_back(cells))
        menu.addSeparator()
        people = {person for person, _day in cells}
        sick = menu.addAction(_("Sick call…"))
        sick.triggered.connect(lambda: self.ask_sick(cells[0][0]))
        sick.setEnabled(len(people) == 1 and not self._desk.jobs.is_busy)
        menu.addAction(_("Copy")).triggered.connect(self._page.calendar.copy)
        return menu

    def _wishes(self, plan: RosterPlan) -> list[tuple[str, int, str]]:
        """Return what can be wished: kind, shift, and the words."""
        found = [("want", OFF, _("Wishes the day off"))]
        for row, shift in enumerate(plan.shifts):
            found.append(("want", row, _("Wishes {shift}").format(shift=shift_words(shift))))
        for row, shift in enumerate(plan.shifts):
            found.append(("avoid", row, _("Wishes no {shift}").format(shift=shift_words(shift))))
        return found

    def _menu(self) -> QMenu:
        menu = QMenu(self._desk.window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _popup(self, menu: QMenu, at: QPoint) -> None:
        if not menu.isEmpty():
            menu.popup(at)

    def _words(self, count: int, shift: str) -> str:
        return ngettext("{n} cell of the roster: {shift}", "{n} cells of the roster: {shift}", count).format(n=count, shift=shift)

    def _do(self, edits: Sequence[Edit], words: str) -> None:
        if edits:
            self._desk.do(edits[0] if len(edits) == 1 else Several(words, tuple(edits)))


def value_of_words(plan: RosterPlan, words: str) -> int | None:
    """Return what a pasted cell means: a shift's mark or name in any language in use, off, leave; None where it means nothing."""
    text, marks = words.strip().casefold(), marks_of(plan)
    if text in ("", "-", "–", "off", _("off").casefold(), "休"):
        return OFF
    if text in ("leave", "v", "假", "休假", _("leave").casefold(), marks.leave.casefold()):
        return LEAVE
    for row, shift in enumerate(plan.shifts):
        if text in (shift.name.casefold(), shift_words(shift).casefold(), marks.shifts[row].casefold(), marks.key(row).casefold()):
            return row
    return None


def _named(plan: RosterPlan, cell: Cell) -> tuple[str, str]:
    return plan.people[cell[0]].code, day_of(plan, cell[1]).isoformat()


def _key(plan: RosterPlan, value: int) -> str:
    return "leave" if value == LEAVE else "off" if value == OFF else plan.shifts[value].name


def _runs(plan: RosterPlan, cells: Iterable[Cell]) -> list[tuple[str, str, str]]:
    """Return the chosen days of each person as runs: code, first and last day."""
    found: list[list[int]] = []
    for person, day in sorted(cells):
        if found and found[-1][0] == person and found[-1][2] == day - 1:
            found[-1][2] = day
        else:
            found.append([person, day, day])
    return [(plan.people[person].code, day_of(plan, first).isoformat(), day_of(plan, last).isoformat()) for person, first, last in found]
