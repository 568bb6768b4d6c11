"""A duty officer's hour in the real window, by mouse and keys: `python -m tests.desktop.roster_day FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from openpyxl import load_workbook
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QPushButton, QTableView

from gridplanner.io.project_file import open_project, save_project
from gridplanner.io.sources import read_sources
from gridplanner.model.project import fingerprint
from gridplanner.model.roster import LEAVE, OFF, RosterPlan
from gridplanner.model.roster_figures import roster_figures
from gridplanner.plan_file import read_plan
from sample_data import SAMPLE_PLAN
from tests.desktop.hand import part_of
from tests.desktop.police_day import PoliceDay
from tests.desktop.working_day import main
from tests.ui.rosters import middle_of
from ui.dialogs.sick_dialog import SickDialog
from ui.panels.roster_page import RosterPage
from ui.roster_duty import manned, on_duty_at
from ui.roster_rows import Cell, changed_cells
from ui.roster_words import marks_of
from ui.tasks import propose

GOLMUD = SAMPLE_PLAN.parent / "golmud.toml"


class RosterDay(PoliceDay):
    """The week of Golmud's 44 guards: planned, corrected by hand, a guard falls ill, it is looked at, printed, saved and opened again."""

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (
            self.open, self.plan_week, self.set_a_cell, self.fix, self.give_leave, self.fall_ill, self.undo_and_redo_all, self.one_person,
            self.on_duty, self.take_out, self.keep,
        ):  # fmt: skip
            step()
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    def open(self) -> None:
        project = read_sources(read_plan(GOLMUD))
        for edit in propose(project, ("rail",)):
            project = edit.apply(project)
        path = self.folder / "golmud.gridplan"
        save_project(project, path)
        self.hand.ask(lambda: self.desk.open_paths([path]))
        self.hand.wait(lambda: self.project.rail is not None and not self.desk.jobs.is_busy, "the project")
        self.hand.wait(self.desk.canvas.isVisible, "the map")
        self.choose("roster")

    def plan_week(self) -> None:
        self.run("roster")
        plan = self.plan
        assert (plan.status, len(plan), plan.days) == ("optimal", 44, 7)
        assert (np.stack([(plan.cells == shift).sum(axis=0) for shift in range(3)]) == [[8], [8], [4]]).all()
        self.hand.wait(self.page.calendar.isVisible, "the calendar")

    def set_a_cell(self) -> None:
        """The letter of a shift puts somebody who is off on duty; the calendar's footer counts one too many."""
        cell = self.cell_of(OFF)
        self.click_cell(cell)
        self.hand.wait(self.page.card.isVisible, "the card")
        self.hand.key("e")
        self.hand.wait(lambda: self.plan.cells[cell] == 0, "the shift to be set")
        assert self.plan.fixed[cell]
        assert [penalty.day for penalty in self.plan.penalties if penalty.kind == "over"] == [cell[1]]
        assert str(self.plan.places[cell])

    def fix(self) -> None:
        cell = self.cell_of(1)
        self.click_cell(cell)
        self.hand.key("f")
        self.hand.wait(lambda: self.plan.fixed[cell], "the cell to be fixed")
        assert self.plan.cells[cell] == 1

    def give_leave(self) -> None:
        """Two days off become leave, by a click on both; it is noted for later rosters too."""
        person, day = self.cell_of(OFF, OFF)
        self.click_cell((person, day))
        self.hand.click(self.place_of((person, day + 1)), keys=("shift",))
        assert self.hand.ask(lambda: self.page.calendar.chosen) == ((person, day), (person, day + 1))
        self.hand.key("v")
        self.hand.wait(lambda: (self.plan.cells[person, day : day + 2] == LEAVE).all(), "the leave")
        cells = self.project.roster_cells
        assert list(zip(cells.people, cells.kinds, strict=True)) == [(self.plan.people[person].code, "leave")]

    def fall_ill(self) -> None:
        """A guard with duties calls in sick from a day on: others step in, nobody is missing, and few cells change."""
        before, cell = self.plan, self.cell_of(0, day=3)
        self.click_cell(cell)
        self.hand.click(self.page.card.sick)
        dialog = self.hand.focus_dialog(SickDialog)
        assert isinstance(dialog, SickDialog)
        assert self.hand.ask(lambda: (dialog.person, dialog.first, dialog.last)) == (cell[0], 3, 3)
        self.hand.click(self.hand.ask(lambda: dialog.accept_button))
        self.hand.wait(lambda: self.plan is not before and not self.desk.jobs.is_busy, "the roster to be planned again")
        assert self.plan.cells[cell] == LEAVE
        changed = changed_cells(before, self.plan)
        assert 2 <= len(changed) <= 4
        assert min(day for _person, day in changed) >= 3
        assert not [penalty for penalty in self.plan.penalties if penalty.kind == "short"]
        self.hand.wait(lambda: self.page.calendar.changed == frozenset(changed), "the marks of what changed")
        self.hand.focus(self.window)

    def undo_and_redo_all(self) -> None:
        last = self.plan
        self.hand.key(*["ctrl+z"] * 4)
        self.hand.wait(lambda: not self.plan.fixed.any() and not (self.plan.cells == LEAVE).any(), "all to be undone")
        assert self.plan.status == "optimal"
        self.hand.key(*["ctrl+y"] * 4)
        self.hand.wait(lambda: self.plan is last, "all to be done again")

    def one_person(self) -> None:
        """The card of a person lists its duties, and a click on one shows it in the calendar."""
        card = self.page.card
        self.click_cell((12, 0))
        duties = self.plan.cells[12] != OFF
        self.hand.wait(lambda: card.person == 12 and card.duties.rows.rowCount() == duties.sum(), "the duties")
        figures = self.hand.ask(lambda: roster_figures(self.project, self.plan))
        assert f"{figures.hours[12]:.0f} h" in self.hand.ask(lambda: card._figures.text())
        last = int(np.flatnonzero(duties)[-1])
        self.hand.click(self.hand.ask(lambda: line_of(card.duties, card.duties.rows.rowCount() - 1)))
        self.hand.wait(lambda: self.page.calendar.chosen == ((12, last),), "the day in the calendar")

    def on_duty(self) -> None:
        """At ten at night the late shift is on duty, in the list and on the map."""
        self.hand.click(self.hand.ask(lambda: part_of(self.page, QPushButton, "On duty")))
        self.hand.wait(self.page.duty.time.isVisible, "the list")
        self.hand.ask(self.page.duty.time.setFocus)
        self.hand.key("Home", *["Up"] * 6)  # from 16:00, where the late shift of the day chosen last begins
        self.hand.wait(lambda: self.desk.roster.moment[1] // 60 == 22, "ten o'clock")
        moment = self.hand.ask(lambda: self.desk.roster.moment)
        people = self.hand.ask(lambda: on_duty_at(self.project, self.plan, moment))
        assert {self.plan.cells[one.person, moment[0]] for one in people} == {1}
        assert self.hand.ask(lambda: self.page.duty.table.rows.rowCount()) == len(people) == 8
        on_map = self.hand.ask(lambda: manned(self.plan, moment))
        assert self.project.rail is not None
        assert on_map.keys() == {segment.code for segment in self.project.rail.segments}
        self.hand.wait(lambda: self.desk.canvas.showing.duty == moment, "the map")
        self.hand.click(self.hand.ask(lambda: part_of(self.page, QPushButton, "Calendar")))

    def take_out(self) -> None:
        """The workbook says what the calendar shows; the sheet is printed."""
        for downs, name in ((1, "roster.pdf"), (2, "roster.xlsx")):
            self.hand.click(self.page.menu)
            self.hand.key(*["Down"] * downs, "Return")
            self.hand.focus_dialog(QFileDialog)
            self.hand.key("ctrl+a")
            self.hand.type(str(self.folder / name))
            self.hand.key("Return")
            self.hand.wait((self.folder / name).exists, name)
            self.hand.focus(self.window)
        assert (self.folder / "roster.pdf").read_bytes()[:5] == b"%PDF-"
        rows = list(load_workbook(self.folder / "roster.xlsx")["Calendar"].iter_rows(min_row=4, values_only=True))
        told = {row[1]: row[2:9] for row in rows if row[0]}
        words = {OFF: None, LEAVE: "leave", 0: "early shift", 1: "late shift", 2: "night shift"}
        assert told == {
            member.code: tuple(words[cell] for cell in row) for member, row in zip(self.plan.people, self.plan.cells.tolist(), strict=True)
        }

    def keep(self) -> None:
        self.hand.key("ctrl+s")
        self.hand.wait(lambda: self.desk.session.is_saved, "the project to be saved")
        again = open_project(self.folder / "golmud.gridplan")
        for name in ("roster", "roster_cells", "rail"):
            assert fingerprint(getattr(again, name)) == fingerprint(getattr(self.project, name)), name
        assert marks_of(self.plan).keys["E"] == 0

    # eyes and fingers

    @property
    def page(self) -> RosterPage:
        return self.desk.side.roster

    @property
    def plan(self) -> RosterPlan:
        plan = self.project.roster
        assert plan is not None
        return plan

    def cell_of(self, *values: int, day: int | None = None) -> Cell:
        """Return the first of the people whose next days hold some values and are free, on any day or on one."""
        plan, long = self.plan, len(values)
        for person in range(len(plan)):
            for first in range(plan.days - long + 1) if day is None else (day,):
                at = slice(first, first + long)
                if plan.cells[person, at].tolist() == list(values) and not plan.fixed[person].any():
                    return person, first
        raise LookupError(f"nobody has {values}")

    def place_of(self, cell: Cell) -> QPoint:
        def place() -> QPoint:
            calendar = self.page.calendar
            rows = calendar.lines.rows
            assert rows is not None
            calendar.scrollTo(calendar.lines.index(int(rows.line[cell[0]]), cell[1]))
            return calendar.viewport().mapToGlobal(middle_of(self.page, cell))

        return self.hand.ask(place)

    def click_cell(self, cell: Cell) -> None:
        self.hand.click(self.place_of(cell))
        self.hand.wait(lambda: self.page.calendar.chosen == (cell,), f"the cell {cell}")


def line_of(table: QTableView, line: int) -> QPoint:
    """Return where a line of a table lies on the screen; asked in the window's thread."""
    index = table.model().index(line, 0)
    table.scrollTo(index)
    return table.viewport().mapToGlobal(table.visualRect(index).center())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), RosterDay))
