"""A working day in the real window, by mouse and keys: `python -m tests.desktop.working_day FOLDER`."""

from __future__ import annotations

import sys
import threading
import traceback
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QFileDialog, QLineEdit, QWidget

from gridplanner.io.project_file import open_project
from gridplanner.model.project import Project, fingerprint
from sample_data import SAMPLE_PLAN
from tests.desktop.hand import Eyes, Hand, on_screen
from tests.desktop.places import (
    border_to_push,
    check_coverage,
    deviation_of,
    first_kind,
    inside,
    largest_grid,
    outline,
    two_small_neighbours,
    worst_grid,
)
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.dialogs.paste_dialog import PasteDialog
from ui.main_window import MainWindow
from ui.preferences import Preferences

SOURCES = ("communities.shp", "households.gpkg", "roads.gpkg", "barriers.geojson")


def main(folder: Path, kind: type[Day] | None = None) -> int:
    """Live through a day of a kind; return 1 where something did not work, after saying what."""
    preferences = Preferences(QSettings(str(folder / "preferences.ini"), QSettings.Format.IniFormat), "en")
    app = make_app(preferences)
    window = make_window(preferences)
    window.resize(1600, 960)
    faults: list[str] = []
    sys.excepthook = lambda kind, why, trace: faults.append("".join(traceback.format_exception(kind, why, trace)))
    eyes = Eyes()

    def live() -> None:
        try:
            hand = Hand(eyes)
            hand.wait(lambda: window.desk is not None, "the desk")
            (kind or Day)(hand, window, folder).live()
        except BaseException:
            faults.append(traceback.format_exc())
            for number, part in enumerate(eyes.ask(lambda: [top for top in QApplication.topLevelWidgets() if top.isVisible()])):
                eyes.ask(lambda shown=part, n=number: shown.grab().save(str(folder / f"fault-{n}.png")))
        finally:
            eyes.ask(lambda: app.exit(0))

    threading.Thread(target=live, daemon=True).start()
    app.exec()
    if window.desk is not None:
        window.desk.close()
    print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


class Day:
    """What is done in one day, in order; after each step the model is looked at."""

    def __init__(self, hand: Hand, window: MainWindow, folder: Path) -> None:
        self.hand, self.window, self.folder = hand, window, folder
        assert window.desk is not None
        self.desk: Desk = window.desk

    def live(self) -> None:
        self.hand.focus(self.window)
        for step in (
            self.import_files, self.partition, self.push_borders, self.cut_by_pushing, self.split, self.walk_through_findings, self.merge,
            self.even_out, self.paste_names, self.lock, self.resolve, self.undo_and_redo_all, self.branch_a_scenario, self.save,
            self.export,
        ):  # fmt: skip
            step()
            self.hand.focus(self.window)
            print(f"{step.__name__}: {self.hand.ask(lambda: self.desk.session.history.present.words)}", flush=True)
            self.look(step.__name__)

    # the steps

    def import_files(self) -> None:
        self.hand.key("ctrl+i")
        self.hand.focus_dialog(QFileDialog)
        there = Path(SAMPLE_PLAN).parent / "xijiao"
        self.hand.type(" ".join(f'"{there / name}"' for name in SOURCES))
        self.hand.key("Return")
        dialog = self.hand.focus_dialog(QDialog)
        self.hand.wait(lambda: dialog.accept_button.isEnabled(), "the sources to be looked into")  # type: ignore[attr-defined]
        self.hand.click(self.hand.ask(lambda: dialog.accept_button))  # type: ignore[attr-defined]
        self.wait_for_work()
        project = self.project
        assert len(project.communities) == 6
        assert project.households.households.sum() > 25_000
        self.hand.wait(lambda: self.desk.canvas.isVisible(), "the map")

    def partition(self) -> None:
        self.hand.key("ctrl+comma")
        dialog = self.hand.focus_dialog(QDialog)
        effort = self.hand.ask(lambda: next(box for box in dialog.findChildren(QComboBox) if box.findData("quick") >= 0))
        self.hand.click(effort)
        self.hand.key("Home", "Return")
        self.hand.click(self.hand.ask(lambda: dialog.accept_button))  # type: ignore[attr-defined]
        self.hand.wait(lambda: getattr(self.project.settings.grids, "effort", "") == "quick", "the settings")
        self.hand.focus(self.window)
        self.hand.key("F5")
        self.hand.wait(lambda: self.desk.jobs.is_busy, "the partition to begin")
        self.wait_for_work(180.0)
        assert self.project.grids is not None
        assert len(self.project.grids) > 80

    def push_borders(self) -> None:
        for number in range(2):
            before = self.project
            pair, place, way = self.hand.ask(lambda n=number, was=before: border_to_push(was, n))
            self.closer(place)
            self.hand.key("b")
            start = self.hand.ask(lambda at=place: on_screen(self.desk.canvas, *at))
            steps = [start + QPoint(round(way[0] * far), round(-way[1] * far)) for far in (0, 20, 45, 80, 110)]
            self.hand.drag(steps, before_end=lambda: self.hand.wait(lambda: self.desk.canvas.gestures.preview.tallies, "counts"))
            self.hand.wait(lambda was=before: self.project is not was, "a border to be pushed")
            assert before.grids is not None
            assert self.project.grids is not None
            moved = np.flatnonzero(before.grids.labels != self.project.grids.labels)
            assert len(moved) > 0
            assert set(before.grids.labels[moved].tolist()) | set(self.project.grids.labels[moved].tolist()) <= set(pair)

    def cut_by_pushing(self) -> None:
        before = self.project
        _pair, place, way = self.hand.ask(lambda: border_to_push(before, 3))
        self.closer(place)
        self.hand.key("b")
        start = self.hand.ask(lambda: on_screen(self.desk.canvas, *place))
        steps = [start + QPoint(round(way[0] * far), round(-way[1] * far)) for far in (0, 15, 30, 40)]
        self.hand.drag(steps, keys=("alt",), before_end=lambda: self.hand.wait(lambda: self.desk.canvas.gestures.preview.tallies, "counts"))
        self.hand.wait(lambda: self.project is not before, "a border to be pushed through units")
        assert before.units is not None
        assert self.project.units is not None
        assert self.project.grids is not None
        assert before.grids is not None
        assert len(self.project.units) > len(before.units)
        assert self.project.grids.grids.keys() == before.grids.grids.keys()

    def walk_through_findings(self) -> None:
        kind, grids = self.hand.ask(lambda: first_kind(self.project))
        self.hand.key("ctrl+f")
        self.hand.wait(lambda: self.desk.finder.box.line.hasFocus(), "the find box")
        self.hand.key("Return")
        for number, key in enumerate(("F3", "F3", "shift+F3")):
            self.hand.wait(lambda at=number: self.desk.selection.chosen == (grids[at % len(grids)],), f"number {number + 1} of {kind}")
            self.hand.key(key)

    def paste_names(self) -> None:
        before = self.project
        plan = before.grids
        assert plan is not None
        keys = sorted(plan.grids)[:3]
        lines = ["Grid code\tName\tPeople on duty", *(f"{plan.grids[key].code}\tPost {key}\tAnn, Bo" for key in keys)]
        self.hand.ask(lambda: QGuiApplication.clipboard().setText("\r\n".join(lines)))
        table = self.desk.side.table
        self.hand.ask(lambda: self.desk.side.open_tab("grids"))
        self.hand.click(self.hand.ask(lambda: table.viewport().mapToGlobal(table.visualRect(table.grids.index(0, 0)).center())))
        self.hand.key("ctrl+v")
        dialog = self.hand.focus_dialog(PasteDialog)
        self.hand.key("Return")
        self.hand.wait(lambda: self.project is not before, "names to be pasted")
        self.hand.wait(lambda: not dialog_is_there(dialog), "the dialog to close")
        assert self.project.grids is not None
        assert [self.project.grids.grids[key].name for key in keys] == [f"Post {key}" for key in keys]
        assert all(self.project.grids.grids[key].workers == ("Ann", "Bo") for key in keys)

    def split(self) -> None:
        before = self.project
        grid = self.hand.ask(lambda: largest_grid(before))
        left, right = self.show_grid(grid)
        self.hand.key("x")
        self.hand.drag([left, (left + right) / 2, right])
        self.hand.wait(lambda: self.project is not before, "a grid to be split")
        assert before.grids is not None
        assert self.project.grids is not None
        assert len(self.project.grids) == len(before.grids) + 1
        assert self.project.units is not None
        assert before.units is not None
        assert len(self.project.units) >= len(before.units)

    def merge(self) -> None:
        before = self.project
        a, b = self.hand.ask(lambda: two_small_neighbours(before))
        places = self.hand.ask(lambda: [inside(before, grid) for grid in (a, b)])
        self.closer(((places[0][0] + places[1][0]) / 2, (places[0][1] + places[1][1]) / 2), 0.35)
        self.hand.key("m")
        for place in places:
            self.hand.click(self.hand.ask(lambda at=place: on_screen(self.desk.canvas, *at)))
        self.hand.key("Return")
        self.hand.wait(lambda: self.project is not before, "grids to be merged")
        assert before.grids is not None
        assert self.project.grids is not None
        assert len(self.project.grids) == len(before.grids) - 1
        assert a in self.project.grids.grids

    def even_out(self) -> None:
        before = self.project
        grid = self.hand.ask(lambda: worst_grid(before))
        self.show_grid(grid)
        self.hand.key("e")
        self.click_grid(grid)
        self.hand.wait(lambda: self.desk.canvas.gestures.preview.tallies, "a proposal")
        self.hand.key("shift+Return")
        self.hand.key("Escape")
        assert self.hand.ask(lambda: abs(self.deviation(grid)) <= abs(deviation_of(before, grid)))

    def lock(self) -> None:
        self.hand.key("s")
        grid = self.hand.ask(lambda: sorted(self.project.grids.grids)[3])  # type: ignore[union-attr]
        self.show_grid(grid)
        self.click_grid(grid)
        self.hand.key("l")
        self.hand.wait(lambda: self.project.grids.grids[grid].locked, "a lock")  # type: ignore[union-attr]
        self.locked = grid

    def resolve(self) -> None:
        before = self.project
        assert before.grids is not None
        a, b = self.hand.ask(lambda: two_small_neighbours(before))
        for grid, keys in ((a, ()), (b, ("ctrl",))):
            self.show_grid(grid)
            self.click_grid(grid, keys)
        assert set(self.hand.ask(lambda: self.desk.selection.chosen)) == {a, b}
        self.hand.key("r")
        dialog = self.hand.focus_dialog(QDialog)
        self.hand.key("Return")
        self.hand.wait(lambda: not dialog_is_there(dialog), "the dialog to close")
        self.wait_for_work()
        assert self.project.grids is not None
        moved = np.flatnonzero(before.grids.labels != self.project.grids.labels)
        assert set(before.grids.labels[moved].tolist()) <= {a, b}

    def undo_and_redo_all(self) -> None:
        steps = self.hand.ask(lambda: len(self.desk.session.history.past))
        assert steps >= 7
        last = self.project
        first = self.hand.ask(lambda: self.desk.session.history.past[0].project)
        self.hand.key(*["ctrl+z"] * steps)
        self.hand.wait(lambda: self.project is first, "everything to be undone")
        self.hand.key(*["ctrl+y"] * steps)
        self.hand.wait(lambda: self.project is last, "everything to be done again")

    def branch_a_scenario(self) -> None:
        before = self.project
        self.hand.key("ctrl+shift+n")
        dialog = self.hand.focus_dialog(QDialog)
        name = self.hand.ask(lambda: dialog.findChildren(QLineEdit)[0])
        self.hand.click(name, times=2)
        self.hand.key("ctrl+a")
        self.hand.type("Plan B")
        self.hand.key("Return")
        self.hand.wait(lambda: self.project.scenario == "Plan B", "another scenario")
        self.hand.focus(self.window)
        self.push_borders()
        changed = self.project
        self.hand.key("ctrl+Next")
        self.hand.wait(lambda: self.project.scenario != "Plan B", "the scenario before")
        assert self.project.grids is before.grids
        self.hand.key("ctrl+Next")
        self.hand.wait(lambda: self.project.grids is changed.grids, "Plan B")

    def save(self) -> None:
        self.hand.key("ctrl+shift+s")
        self.hand.focus_dialog(QFileDialog)
        self.hand.key("ctrl+a")
        self.hand.type(str(self.folder / "day.gridplan"))
        self.hand.key("Return")
        self.hand.wait(lambda: self.desk.session.is_saved, "the project to be saved")
        again = open_project(self.folder / "day.gridplan")
        for name in ("communities", "households", "roads", "barriers", "units", "grids", "scenarios"):
            assert fingerprint(getattr(again, name)) == fingerprint(getattr(self.project, name)), name
        assert again.grids is not None
        assert self.project.grids is not None
        assert again.grids.grids == self.project.grids.grids

    def export(self) -> None:
        self.export_to(self.folder / "out")
        assert (self.folder / "out" / "grids.shp").exists()

    def export_to(self, out: Path) -> None:
        """Export into a folder by the dialog."""
        self.hand.key("ctrl+e")
        dialog = self.hand.focus_dialog(QDialog)
        folder = self.hand.ask(lambda: dialog.findChildren(QLineEdit)[0])
        self.hand.click(folder)
        self.hand.key("ctrl+a")
        self.hand.type(str(out))
        self.hand.click(self.hand.ask(lambda: dialog.accept_button))  # type: ignore[attr-defined]
        self.wait_for_work()

    # eyes and fingers

    @property
    def project(self) -> Project:
        return self.desk.session.project

    def deviation(self, grid: int) -> float:
        return deviation_of(self.project, grid)

    def wait_for_work(self, patience: float = 90.0) -> None:
        self.hand.wait(lambda: not self.desk.jobs.is_busy, "the work to be done", patience)
        assert not self.hand.ask(lambda: self.desk.jobs.last_failure)

    def look(self, name: str) -> None:
        """Check what must hold after every step, and keep a picture."""
        if self.project.units is not None and self.project.grids is not None:
            self.hand.ask(lambda: check_coverage(self.project))
        self.hand.ask(lambda: self.window.grab().save(str(self.folder / f"{name}.png")))

    def closer(self, place: tuple[float, float], scale: float = 1.0) -> None:
        """Zoom at a place by the wheel, after bringing it to the middle."""
        canvas = self.desk.canvas
        self.hand.ask(lambda: canvas.point_at(*place))
        self.hand.wait(lambda: canvas._sharpen.isActive() is False, "the map")
        for _notch in range(40):
            now = self.hand.ask(lambda: canvas.view.scale)
            if 0.8 < now / scale < 1.25:
                return
            self.hand.click(self.hand.ask(lambda: on_screen(canvas, *place)), button=4 if now < scale else 5)

    def show_grid(self, grid: int) -> tuple[QPoint, QPoint]:
        """Bring a grid into sight; return places just left and right of it on the screen."""
        project, canvas = self.project, self.desk.canvas

        def shown() -> tuple[QPoint, QPoint]:
            left, bottom, right, top = outline(project, grid).bounds
            canvas.zoom_to((left, bottom, right, top))
            y = inside(project, grid)[1]
            wide = 0.03 * (right - left)
            return on_screen(canvas, left - wide, y), on_screen(canvas, right + wide, y)

        return self.hand.ask(shown)

    def click_grid(self, grid: int, keys: tuple[str, ...] = ()) -> None:
        self.hand.click(self.hand.ask(lambda: on_screen(self.desk.canvas, *inside(self.project, grid))), keys=keys)


def dialog_is_there(dialog: QWidget) -> bool:
    try:
        return dialog.isVisible()
    except RuntimeError:  # deleted when it closed
        return False


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
