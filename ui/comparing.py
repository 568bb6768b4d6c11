"""Comparing the scenario worked on with another, or with a project from a file: asks a thread, shows tables and the map's difference."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from gridplanner.i18n import N_, _
from gridplanner.model.comparison import Comparison
from gridplanner.model.project import Project
from gridplanner.model.scenarios import fits, project_in, scenario_names, scenario_of, scenario_title
from ui.latest import Latest
from ui.map.difference import Difference, difference_of
from ui.map.scene import Showing
from ui.panels.compare_panel import ComparePanel

if TYPE_CHECKING:
    from ui.desk import Desk

KINDS = "Excel (*.xlsx);;CSV (*.csv)"
FILE = "\0file"  # stands for the project from a file in the list of what to compare with; no scenario has such a name


@dataclass(frozen=True, eq=False)
class Compared:
    """A comparison and what it was made of: `project` the one worked on, `there` the same in the other scenario, or one from a file."""

    project: Project
    there: Project
    comparison: Comparison
    difference: Difference


def compared(request: object, is_obsolete: Callable[[], bool]) -> Iterator[Compared]:
    """Yield the comparison of two projects."""
    from gridplanner.planning.comparison import compare  # brings a matching of scipy's, which nothing else in the window needs

    assert isinstance(request, tuple)
    there, project, title = request
    if is_obsolete():
        return
    comparison = compare(there, project)
    if title:
        comparison = dataclasses.replace(comparison, titles=(title, comparison.titles[1]))
    difference = difference_of(project.units, project.grids, there.units, there.grids, comparison.changed)
    yield Compared(project, there, comparison, difference)


class Comparing(QObject):
    """Compares the scenario of a desk with another one, or with a file's project, for as long as it is switched on.

    `take_asked` says that the project of the file is to be taken in.
    """

    take_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.is_on = False
        self.other = ""
        self.found: Compared | None = None
        self._file: tuple[Project, str] | None = None
        self._can_take = False
        self.panel = ComparePanel()
        self._beside = False
        self._latest: Latest | None = None

    def attach(self) -> None:
        """Listen to the parts of the desk, once they are there."""
        panel, side = self.panel, self._desk.side
        side.add_tab("compare", N_("Compare"), panel)
        side.tabs.set_there("compare", there=False)
        panel.other_chosen.connect(self.choose)
        panel.move_chosen.connect(self._show_move)
        panel.grid_chosen.connect(self._show_grid)
        panel.export_asked.connect(self._ask_export)
        panel.beside_asked.connect(self.show_beside)
        panel.take_asked.connect(self.take_asked)
        self._desk.bridge.changed.connect(self._take_change)

    @property
    def file_title(self) -> str:
        """What the project of the file is called, empty where there is none."""
        return self._file[1] if self._file is not None else ""

    @property
    def difference(self) -> Difference | None:
        """What the map shows of the comparison; None where there is none for the units that are there now."""
        found, units = self.found, self._desk.session.project.units
        return found.difference if found is not None and found.project.units is units else None

    def dressed(self, showing: Showing) -> Showing:
        """Return what is shown, with the difference to the other scenario."""
        return dataclasses.replace(showing, difference=self.difference)

    def toggle(self) -> None:
        """Begin to compare with the master plan or the scenario that was left last, or stop."""
        if self.is_on:
            self.stop()
            return
        project = self._desk.session.project
        others = [part.name for part in project.scenarios]
        if others:
            wish = project.master if project.master in others else others[-1]
            self.choose(self.other if self.other in others else str(wish))

    def choose_file(self, project: Project, title: str, *, can_take: bool) -> None:
        """Compare with a project from a file; `can_take` says that it is another version of this one, which can be taken in."""
        self._file, self._can_take, self.found = (project, title), can_take, None
        self.choose(FILE)

    def choose(self, name: str) -> None:
        """Compare with a scenario, or with the project of the file where `name` is FILE."""
        self.is_on, self.other = True, name
        self._list()
        self._desk.side.tabs.set_there("compare", there=True)
        self._desk.side.open_tab("compare")
        self._ask()
        self._desk.tell_moment()

    def stop(self) -> None:
        """Compare no longer."""
        self.is_on, self.found, self._file = False, None, None
        self._desk.side.tabs.set_there("compare", there=False)
        if self._beside:
            self._beside = False
            self._desk.maps.show_project(None)
        self._desk.show_maps()

    def close(self) -> None:
        """End the thread."""
        if self._latest is not None:
            self._latest.close()

    def _take_change(self, before: Project, after: Project) -> None:
        if not self.is_on:
            return
        names = [part.name for part in after.scenarios]
        if self.other == FILE:
            names.append(FILE)
        if self.other not in names:  # switched to, deleted or renamed
            self.other = before.scenario if before.scenario in names else names[-1] if names else ""
        if not names:
            self.stop()
            return
        self._list()
        self._ask()

    def _list(self) -> None:
        project = self._desk.session.project
        others = [(name, scenario_title(name)) for name in scenario_names(project) if name != project.scenario]
        if self._file is not None:
            others.append((FILE, self._file[1]))
        self.panel.offer_take(there=self.other == FILE and self._can_take)
        self.panel.list_others(others, self.other)

    def _ask(self) -> None:
        """Ask the thread, or say why there is nothing to compare."""
        project = self._desk.session.project
        there, title = self._there()
        if not (comparable(project, there) if title else _fits(project, there)):
            self.found = None
            words = _("Both scenarios need grids over the same addresses to be compared.")
            words = _("The file needs grids over the same addresses as this project to be compared.") if title else words
            self.panel.show_comparison(None, (None, None), words)
            self._desk.show_maps()
            return
        if self._latest is None:
            self._latest = Latest(compared, "comparison", self)
            self._latest.answered.connect(self._take)
            self._latest.failed.connect(self._desk.canvas.failed)
        if self.found is None:
            self.panel.show_comparison(None, (None, None), _("Comparing…"))
        self._latest.ask((there, project, title))

    def _there(self) -> tuple[Project, str]:
        """Return what is compared with: the project in another scenario, or that of the file with its title."""
        if self.other == FILE and self._file is not None:
            return self._file
        return project_in(self._desk.session.project, self.other), ""

    def _take(self, found: Compared) -> None:
        current = found.there is self._file[0] if self.other == FILE and self._file is not None else found.there.scenario == self.other
        if self.is_on and found.project is self._desk.session.project and current:
            self.found = found
            self.panel.show_comparison(found.comparison, (found.there.grids, found.project.grids))
            self._desk.show_maps()
            self._beside = self._beside and self._desk.maps.second is not None  # it may have been closed
            if self._beside:
                self.show_beside()

    def _show_move(self, row: int) -> None:
        if self.found is not None:
            moves = self.found.comparison.moves
            self._select(int(moves.after[row]))
            left, bottom, right, top = moves.boxes[row].tolist()
            around = max(right - left, top - bottom, 40.0) / 2
            x, y = (left + right) / 2, (bottom + top) / 2
            self._desk.canvas.zoom_to((x - around, y - around, x + around, y + around))

    def _show_grid(self, row: int) -> None:
        if self.found is not None:
            grid = int(self.found.comparison.pairs.after[row])
            if grid >= 0:
                self._select(grid)
                self._desk.hand.zoom_to_chosen()

    def _select(self, grid: int) -> None:
        plan = self._desk.session.project.grids
        if plan is not None and grid in plan.grids:
            self._desk.select(grid)

    def _ask_export(self) -> None:
        if self.found is None:
            return
        title, preferences, name = self.panel.export.text(), self._desk.preferences, _("comparison")
        start = Path(preferences.folder("export")) / f"{name}.xlsx"
        name, _kind = QFileDialog.getSaveFileName(self._desk.window, title, str(start), KINDS)
        if name:
            self.export_to(Path(name))

    def export_to(self, path: Path) -> None:
        """Write the tables of the comparison to a file: .xlsx, else CSV."""
        if self.found is None:
            return
        self._desk.preferences.remember_folder("export", path.parent)
        words = _("Writing {file}").format(file=path.name)
        comparison = self.found.comparison
        self._desk.jobs.run(words, "gridplanner.io.comparison_table:write_comparison", comparison, path, then=lambda _nothing: None)

    def show_beside(self) -> None:
        """Show the other scenario in the second map window."""
        if self.found is not None:
            self._beside = True
            self._desk.maps.show_project(self.found.there, self.found.comparison.titles[0])


def _fits(project: Project, there: Project) -> bool:
    """Return whether a project can be compared with itself in another scenario."""
    return project.grids is not None and there.grids is not None and fits(project, scenario_of(there, there.scenario))


def comparable(project: Project, there: Project) -> bool:
    """Return whether a project from a file has grids over the same addresses."""
    if project.grids is None or there.grids is None or project.crs != there.crs:
        return False
    return bool(np.array_equal(project.households.xy, there.households.xy))
