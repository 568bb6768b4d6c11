"""Scenarios in the window: begin, switch, rename, delete, copy a grid across, and guard the master plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gridplanner.edits.copy_grid import CopyGrid, area_there, free_area
from gridplanner.edits.scenario_edits import AdoptMaster, BranchScenario, DeleteScenario, KeepBackup, RenameScenario, SwitchScenario
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.project import Project
from gridplanner.model.scenarios import backup_title, free_title, scenario_names, scenario_title
from gridplanner.model.statistics import unit_households
from ui.dialogs.scenario_dialog import CopyGridDialog, MasterDialog, NameDialog
from ui.figures import amount

if TYPE_CHECKING:
    from ui.desk import Desk

BELOW = ("scenario-branch", "scenario-rename", "scenario-delete", "", "scenario-compare", "scenario-copy", "", "scenario-master")


class Scenarios:
    """What can be done with the scenarios of a desk; every change is one step of the undo list."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        desk.window.bar.scenario.choose.fill = self.fill_menu

    @property
    def _project(self) -> Project:
        return self._desk.session.project

    def open_menu(self) -> None:
        """Open the list of scenarios below its button."""
        self._desk.window.bar.scenario.choose.open_menu()

    def fill_menu(self, menu: QMenu) -> None:
        """Fill a menu with the scenarios, the one worked on checked, and what can be done with it."""
        project, actions = self._project, self._desk.window.action_set.qt
        for name in scenario_names(project):
            title = scenario_title(name).replace("&", "&&")
            row = QAction(_("{scenario} · master plan").format(scenario=title) if name == project.master else title, menu)
            row.setCheckable(True)
            row.setChecked(name == project.scenario)
            row.setEnabled(not self._desk.jobs.is_busy)
            row.triggered.connect(partial(self._choose, name))
            menu.addAction(row)
        menu.addSeparator()
        for key in BELOW:
            if key:
                menu.addAction(actions[key])
            else:
                menu.addSeparator()

    def switch(self, name: str) -> None:
        """Work on another scenario."""
        if name != self._project.scenario:
            self._desk.do(SwitchScenario(name))

    def step(self, by: int) -> None:
        """Work on the next scenario of the list, or on one before."""
        names = scenario_names(self._project)
        self.switch(names[(names.index(self._project.scenario) + by) % len(names)])

    def branch(self) -> None:
        """Ask for a name and go on under it; the plan so far stays as it is under its own."""
        words = _("The plan stays as it is under “{scenario}”; you go on with a copy.")
        words = words.format(scenario=scenario_title(self._project.scenario))
        self._ask_name(
            _("Begin a scenario"), words, _("Begin"), free_title(self._project), "", lambda to: self._desk.do(BranchScenario(to))
        )

    def rename(self) -> None:
        """Ask for another name of the scenario."""
        name = self._project.scenario
        title = scenario_title(name)
        self._ask_name(_("Rename this scenario"), "", _("Rename"), title, title, lambda to: self._rename(name, to))

    def delete(self) -> None:
        """Delete the scenario; undo brings it back."""
        self._desk.do(DeleteScenario(self._project.scenario))

    def adopt(self) -> None:
        """Make the scenario the master plan; where there is one, the word is asked for and a copy of it kept."""
        project = self._project
        if project.master is None:
            self._desk.do(AdoptMaster(project.scenario))
            return
        backup = backup_title(project, date.today().isoformat())
        words = _("“{scenario}” takes the place of “{master}”, which is kept as “{backup}”.")
        words = words.format(scenario=scenario_title(project.scenario), master=scenario_title(project.master), backup=backup)
        self._ask_word(_("Make this scenario the master plan"), words, lambda: self._desk.do(AdoptMaster(project.scenario, backup)))

    def before_replacing(self, then: Callable[[], object]) -> None:
        """Do what replaces the grids: at once, or where they are the master plan after the typed word, with a copy kept."""
        project = self._project
        if project.master != project.scenario or project.grids is None:
            then()
            return
        backup = backup_title(project, date.today().isoformat())
        words = _("“{scenario}” is the master plan. Its grids are replaced by new ones; those of now are kept as “{backup}”.")
        words = words.format(scenario=scenario_title(project.scenario), backup=backup)

        def go_on() -> None:
            self._desk.do(KeepBackup(backup))
            then()

        self._ask_word(_("Replace the master plan"), words, go_on)

    def copy_grid(self) -> None:
        """Ask which grid of which scenario becomes a grid here."""
        project, selected = self._project, self._desk.selection.selected
        known = project.grids.grids.get(selected) if project.grids is not None and selected is not None else None
        dialog = CopyGridDialog(project, known.code if known is not None else "", self._desk.window)

        def copy() -> None:
            if dialog.grid is not None:
                self.copy_across(dialog.scenario, dialog.grid, dialog.code)

        dialog.accepted.connect(copy)
        dialog.open()

    def copy_across(self, scenario: str, grid: int, code: str) -> None:
        """Copy a grid of another scenario, select it, and say what could not be followed."""
        before, edit = self._project, CopyGrid(scenario, grid, code)
        try:
            words, place = followed_words(before, edit)
        except EditRejected as why:
            self._desk.window.status.say(str(why))
            return
        self._desk.do(edit)
        after = self._project
        if after is not before and after.grids is not None:
            self._desk.select(int(after.grids.labels[place]))
            self._desk.hand.zoom_to_chosen()
            self._desk.jobs.last_words = words
            self._desk.tell_moment()

    def _choose(self, name: str, _checked: bool = False) -> None:
        self.switch(name)

    def _rename(self, name: str, to: str) -> None:
        if to != scenario_title(name):
            self._desk.do(RenameScenario(name, to))

    def _ask_name(self, title: str, words: str, accept: str, name: str, own: str, then: Callable[[str], object]) -> None:
        taken = {scenario_title(other) for other in scenario_names(self._project)} - {own}
        dialog = NameDialog(title, words, accept, name, taken, self._desk.window)
        dialog.accepted.connect(lambda: then(dialog.name))
        dialog.open()

    def _ask_word(self, title: str, words: str, then: Callable[[], object]) -> None:
        dialog = MasterDialog(title, words, self._desk.window)
        dialog.accepted.connect(then)
        dialog.open()


def followed_words(project: Project, edit: CopyGrid) -> tuple[str, int]:
    """Return in one sentence what copying a grid follows and what it cannot, and a unit of its area; raises EditRejected."""
    area = area_there(project, edit.scenario, edit.grid)
    free = free_area(project, edit.scenario, edit.grid)
    units = project.units
    if units is None or not len(free):
        raise EditRejected(_("Everything there belongs to locked grids here; unlock them first"))
    weight = unit_households(units, project.households)
    locked = float(weight[area.units].sum() - weight[free].sum())
    text = _("Grid {grid} copied: {n} of {all} households")
    words = text.format(grid=edit.code, n=amount(area.wanted - area.missing - locked), all=amount(area.wanted))
    more = [_("{n} lie in units that are cut otherwise here").format(n=amount(area.missing))] if area.missing >= 1 else []
    more += [_("{n} others came with them").format(n=amount(area.added))] if area.added >= 1 else []
    more += [_("{n} stay in locked grids").format(n=amount(locked))] if locked >= 1 else []
    return _("; ").join((words, *more)), int(free[0])
