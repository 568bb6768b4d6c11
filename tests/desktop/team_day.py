"""Two desks' day in the real window, by mouse and keys: `python -m tests.desktop.team_day FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QMenu

from gridplanner.io.gridpack import handout_of
from gridplanner.io.project_file import open_saved, save_project
from gridplanner.model.outlines import unit_boxes
from tests.desktop.hand import on_screen
from tests.desktop.police_day import PoliceDay
from tests.desktop.working_day import main
from tests.ui.builders import planned, town
from ui.dialogs.changes_dialog import ChangesDialog
from ui.dialogs.handout_dialog import HandoutDialog
from ui.dialogs.take_in_dialog import TakeInDialog
from ui.map.conflicts import MINE, OPEN

ACROSS = 24
BOTH, THEIRS = 2 * ACROSS + 4, 6 * ACROSS + 4  # units that both sides move, and that the other alone moves
MINE_TO, THEIRS_TO, ALSO_TO = 6, 1, 18  # where to


class TeamDay(PoliceDay):
    """A community is handed out, changed here and there, brought back, and what both changed is decided on the map."""

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (
            self.open,
            self.hand_out,
            self.change_here,
            self.change_there,
            self.take_in,
            self.give_up,
            self.decide,
            self.look_at_log,
        ):
            step()
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    @property
    def place(self) -> Path:
        return self.folder / "team.gridplan"

    @property
    def package(self) -> Path:
        return self.folder / "west.gridpack"

    def open(self) -> None:
        save_project(planned(town(ACROSS, 16), columns=ACROSS), self.place)
        self.hand.ask(lambda: self.desk.open_paths([self.place]))
        self.hand.wait(lambda: self.project.grids is not None and not self.desk.jobs.is_busy, "the project")
        self.hand.wait(self.desk.canvas.isVisible, "the map")

    def hand_out(self) -> None:
        """The community is chosen by a click on the map while the dialog is there."""
        self.choose_in_menu("team", "hand-out")
        dialog = self.hand.focus_dialog(HandoutDialog)
        assert isinstance(dialog, HandoutDialog)
        self.hand.ask(lambda: dialog.move(self.window.geometry().right() - dialog.width(), 80))
        self.hand.click(self.hand.ask(lambda: on_screen(self.desk.canvas, *self.middle(BOTH))))
        self.hand.wait(lambda: dialog.rows == (0,), "the community to be chosen")
        self.hand.focus(dialog)
        self.hand.click(dialog.to)
        self.hand.type("desk west")
        self.hand.click(dialog.file)
        self.hand.key("ctrl+a")
        self.hand.type(str(self.package))
        self.look("hand_out_asked")
        self.hand.click(dialog.accept_button)
        self.hand.wait(lambda: len(self.project.handouts) == 1, "the lease")
        assert handout_of(self.package).to == "desk west"
        self.hand.focus(self.window)
        self.save()

    def change_here(self) -> None:
        self.assign(BOTH, MINE_TO)
        assert self.label(BOTH) == MINE_TO
        self.hand.wait(lambda: "desk west" in self.window.status._words.text(), "the word that it is handed out")
        self.save()

    def change_there(self) -> None:
        """The package is opened in the same window, as the other desk would."""
        self.open_file(self.package)
        self.hand.wait(lambda: self.desk.team.package is not None and len(self.project.communities) == 1, "the package")
        assert "desk west" in self.hand.ask(self.window.windowTitle)
        west = {unit: row for row, unit in enumerate(unit for unit in range(ACROSS * 16) if unit % ACROSS < ACROSS // 2)}
        self.assign(west[BOTH], THEIRS_TO)
        self.assign(west[THEIRS], ALSO_TO)
        assert (self.label(west[BOTH]), self.label(west[THEIRS])) == (THEIRS_TO, ALSO_TO)
        self.save()

    def take_in(self) -> None:
        self.open_file(self.place)
        self.hand.wait(lambda: len(self.project.communities) == 2 and self.desk.team.package is None, "the project")
        self.bring()
        assert self.label(BOTH) == MINE_TO
        assert self.hand.ask(lambda: self.desk.team.taking.panel.model.sides) == (OPEN,)

    def give_up(self) -> None:
        """Cancel leaves everything as it was."""
        before = self.project
        self.hand.click(self.desk.team.taking.panel.away)
        self.hand.wait(lambda: not self.desk.team.taking.is_deciding, "the conflicts to go")
        assert self.project is before
        assert self.hand.ask(lambda: self.desk.session.is_saved)

    def decide(self) -> None:
        """Mine by a key, then theirs after all; taken in by a key, undone and done again."""
        self.bring()
        before, panel = self.project, self.desk.team.taking.panel
        self.hand.key("1")
        self.hand.wait(lambda: panel.model.sides == (MINE,), "mine to be chosen")
        self.hand.key("2")
        self.hand.wait(lambda: panel.take.isEnabled() and panel.model.sides != (MINE,), "theirs to be chosen")
        self.look("decided")
        self.hand.key("ctrl+Return")
        self.hand.wait(lambda: self.project is not before, "it to be taken in")
        assert (self.label(BOTH), self.label(THEIRS)) == (THEIRS_TO, ALSO_TO)
        assert self.project.handouts == ()
        after = self.project
        self.hand.key("ctrl+z")
        self.hand.wait(lambda: self.project is before, "it to be undone")
        self.hand.key("ctrl+y")
        self.hand.wait(lambda: self.project is after, "it to be done again")
        self.save()

    def look_at_log(self) -> None:
        self.choose_in_menu("team", "changes")
        dialog = self.hand.focus_dialog(ChangesDialog)
        assert isinstance(dialog, ChangesDialog)
        self.hand.click(dialog.text)
        self.hand.type("move 1 unit")
        self.hand.wait(lambda: len(dialog.listed) == 3, "the three moves of both")
        self.hand.ask(lambda: dialog.grab().save(str(self.folder / "log.png")))
        self.hand.key("Escape")
        self.hand.focus(self.window)
        saved = open_saved(self.place)
        assert [change.number for change in saved.changes] == list(range(1, len(saved.changes) + 1))
        assert saved.project.grids is not None
        assert int(saved.project.grids.labels[BOTH]) == THEIRS_TO

    # eyes and fingers

    def bring(self) -> None:
        """Take the package in, up to the list of conflicts."""
        self.choose_in_menu("team", "take-in")
        self.hand.focus_dialog(QFileDialog)
        self.hand.type(str(self.package))
        self.hand.key("Return")
        dialog = self.hand.focus_dialog(TakeInDialog)
        assert isinstance(dialog, TakeInDialog)
        self.hand.ask(lambda: dialog.grab().save(str(self.folder / "comes.png")))
        self.hand.click(dialog.accept_button)
        self.hand.wait(lambda: self.desk.team.taking.is_deciding, "the conflicts")
        self.hand.focus(self.window)

    def choose_in_menu(self, menu: str, action: str) -> None:
        """Choose an entry of a menu by two clicks."""
        bar = self.window.bar._menu_bar

        def title() -> QPoint:
            return bar.mapToGlobal(bar.actionGeometry(self.window.bar._menus[menu].menuAction()).center())

        def entry() -> QPoint:
            shown: QMenu = self.window.bar._menus[menu]
            return shown.mapToGlobal(shown.actionGeometry(self.window.action_set.qt[action]).center())

        self.hand.wait(self.window.action_set.qt[action].isEnabled, f"{action} to be possible")
        self.hand.click(self.hand.ask(title))
        self.hand.wait(self.window.bar._menus[menu].isVisible, f"the menu {menu}")
        self.hand.click(self.hand.ask(entry))

    def open_file(self, path: Path) -> None:
        self.hand.key("ctrl+o")
        self.hand.focus_dialog(QFileDialog)
        self.hand.type(str(path))
        self.hand.key("Return")
        self.hand.wait(lambda: self.desk.files.path == path and not self.desk.jobs.is_busy, f"{path.name} to be open")
        self.hand.focus(self.window)

    def save(self) -> None:
        self.hand.key("ctrl+s")
        self.hand.wait(lambda: self.desk.session.is_saved and not self.desk.files.saves.is_saving, "the project to be saved")

    def assign(self, unit: int, grid: int) -> None:
        """Give a unit to a grid with the assign tool."""
        before = self.project
        self.hand.ask(self.desk.canvas.fit)
        self.hand.wait(lambda: not self.desk.canvas.is_unfinished, "the map")
        self.hand.key("s")
        self.click_grid(grid)
        self.hand.wait(lambda: self.desk.selection.selected == grid, "the grid to be selected")
        self.hand.key("a")
        at = self.hand.ask(lambda: on_screen(self.desk.canvas, *self.middle(unit)))
        self.hand.drag([at, at + QPoint(1, 1)])
        self.hand.wait(lambda: self.project is not before, "the unit to move")
        self.hand.key("s")

    def middle(self, unit: int) -> tuple[float, float]:
        assert self.project.units is not None
        left, bottom, right, top = unit_boxes(self.project.units)[unit].tolist()
        return (left + right) / 2, (bottom + top) / 2

    def label(self, unit: int) -> int:
        assert self.project.grids is not None
        return int(self.project.grids.labels[unit])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), TeamDay))
