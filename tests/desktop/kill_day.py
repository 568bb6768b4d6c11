"""Killed at work, in the real window, by mouse and keys: `python -m tests.desktop.kill_day FOLDER PART`, the parts one after another.

The parts: edits and back, which the tests live through; or edits, again, fresh and last, which save meanwhile and begin a plan that is
never saved. Each but `back` and `last` ends with SIGKILL from one moment to the next; the next start is what is looked at.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QWidget

from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.project import Project, fingerprint
from sample_data import SAMPLE_PLAN
from tests.desktop.hand import on_screen
from tests.desktop.places import border_to_push
from tests.desktop.working_day import Day, dialog_is_there
from tests.desktop.working_day import main as live_through
from tests.ui.builders import planned, town
from ui.dialogs.recover_dialog import RecoverDialog

TOWN = "town of today.gridplan"


class KillDay(Day):
    """What all parts need: the town, what was known right before the kill, and the recovery."""

    def live(self) -> None:
        raise NotImplementedError

    @property
    def town(self) -> Path:
        return self.folder / TOWN

    def open_town(self) -> None:
        self.hand.key("ctrl+o")
        self.hand.focus_dialog(QFileDialog)
        self.hand.type(str(self.town))
        self.hand.key("Return")
        self.hand.wait(lambda: self.project.grids is not None, "the town")
        self.wait_for_work()
        self.hand.focus(self.window)

    def push(self) -> None:
        """Push a border by mouse."""
        before = self.project
        _pair, place, way = self.hand.ask(lambda: border_to_push(before, 0))
        self.closer(place)
        self.hand.key("b")
        start = self.hand.ask(lambda: on_screen(self.desk.canvas, *place))
        self.hand.drag([start + QPoint(round(way[0] * far), round(-way[1] * far)) for far in (0, 20, 45, 80)])
        self.hand.wait(lambda: self.project is not before, "a border to be pushed", 10.0)

    def lock_one(self, at: int) -> None:
        """Lock a grid by a click and a key."""
        before = self.project
        assert before.grids is not None
        grid = sorted(before.grids.grids)[at]
        self.hand.key("s")
        self.show_grid(grid)
        self.click_grid(grid)
        self.hand.key("l")
        self.hand.wait(lambda: self.project is not before, "a lock", 10.0)

    def die(self) -> None:
        """Note what is there, then be gone."""
        known = {"project": digests(self.project), "log": [change.words for change in self.desk.session.log]}
        (self.folder / "known.json").write_text(json.dumps(known), encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)

    def recover(self, picture: str) -> None:
        """Take the offer of the next start, and find everything."""
        self.hand.ask(lambda: self.desk.files.offer_left())
        dialog = self.hand.focus_dialog(RecoverDialog)
        assert isinstance(dialog, RecoverDialog)
        self.hand.ask(lambda: self.window.grab().save(str(self.folder / f"{picture}-window.png")))
        self.hand.ask(lambda: dialog.grab().save(str(self.folder / f"{picture}.png")))
        self.hand.click(self.hand.ask(lambda: dialog.accept_button))
        self.hand.wait(lambda: not dialog_is_there(dialog), "the dialog to close")
        self.hand.wait(lambda: self.desk.session.opened > 0, "the work to come back")
        self.wait_for_work()
        known = json.loads((self.folder / "known.json").read_text(encoding="utf-8"))
        assert self.hand.ask(lambda: digests(self.project)) == known["project"]
        assert self.hand.ask(lambda: [change.words for change in self.desk.session.log]) == known["log"]
        assert self.hand.ask(lambda: self.desk.files.needs_saving)
        self.hand.focus(self.window)
        self.hand.ask(lambda: self.window.grab().save(str(self.folder / f"{picture}-recovered.png")))

    def save_here(self) -> None:
        self.hand.key("ctrl+s")
        self.hand.wait(lambda: self.desk.session.is_saved, "the project to be saved")


class Edits(KillDay):
    """Borders pushed in a project that was opened; nothing saved."""

    def live(self) -> None:
        self.hand.focus(self.window)
        self.open_town()
        self.push()
        self.lock_one(5)
        self.die()


class Again(KillDay):
    """The edits are there; more of them, a save, one more edit, and killed in the middle of the next save."""

    def live(self) -> None:
        self.hand.focus(self.window)
        self.recover("recover")
        assert self.hand.ask(lambda: self.desk.files.path) == self.town
        self.lock_one(6)
        self.save_here()
        assert digests(open_project(self.town)) == self.hand.ask(lambda: digests(self.project))
        assert self.hand.ask(lambda: self.window.status._facts["saved"].text()).startswith("Saved ")
        self.lock_one(7)
        self.hand.ask(lambda: self.desk.files.save())
        self.die()


class Back(KillDay):
    """The edits are there; saved and closed, nothing is left."""

    def live(self) -> None:
        self.hand.focus(self.window)
        self.recover("recover")
        assert self.hand.ask(lambda: self.desk.files.path) == self.town
        self.save_here()
        assert digests(open_project(self.town)) == self.hand.ask(lambda: digests(self.project))
        assert left_over(self.hand.ask, self.window) == []


class Fresh(KillDay):
    """What was being saved is whole in the file or in the journal; then a plan that was never saved."""

    def live(self) -> None:
        self.hand.focus(self.window)
        known = json.loads((self.folder / "known.json").read_text(encoding="utf-8"))
        if digests(open_project(self.town)) != known["project"]:  # killed before the save was through
            self.recover("recover-saving")
            self.save_here()
        assert digests(open_project(self.town)) == known["project"]
        self.hand.key("ctrl+o")
        self.hand.focus_dialog(QFileDialog)
        self.hand.type(str(SAMPLE_PLAN))
        self.hand.key("Return")
        self.hand.wait(lambda: self.desk.files.path is None and len(self.project.communities) == 6, "the plan to be read")
        self.wait_for_work()
        self.hand.wait(lambda: self.desk.files.keeping.is_durable, "the journal")
        self.die()


class Last(KillDay):
    """The plan that was never saved comes back too; saved and closed, nothing is left."""

    def live(self) -> None:
        self.hand.focus(self.window)
        self.recover("recover-never-saved")
        assert self.hand.ask(lambda: self.desk.files.path) is None
        self.hand.key("ctrl+shift+s")
        self.hand.focus_dialog(QFileDialog)
        self.hand.key("ctrl+a")
        self.hand.type(str(self.folder / "sample.gridplan"))
        self.hand.key("Return")
        self.hand.wait(lambda: not self.desk.files.needs_saving, "the project to be saved")
        assert digests(open_project(self.folder / "sample.gridplan")) == self.hand.ask(lambda: digests(self.project))
        assert left_over(self.hand.ask, self.window) == []


def left_over(ask: Callable[[Callable[[], list[object]]], list[object]], window: QWidget) -> list[object]:
    """Return the work of dead processes that there still is."""
    return ask(lambda: list(window.desk.files.keeping.left_behind(())))  # type: ignore[attr-defined]


def digests(project: Project) -> dict[str, str]:
    """Return what tells one state of a project from another."""
    names = ("communities", "households", "roads", "units", "grids", "scenarios", "rules")
    plan = sorted(project.grids.grids.items()) if project.grids is not None else []  # codes, names, locks
    return {"plan": repr(plan), **{name: str(fingerprint(getattr(project, name))) for name in names}}


PARTS: dict[str, type[KillDay]] = {"edits": Edits, "back": Back, "again": Again, "fresh": Fresh, "last": Last}


def main(folder: Path, part: str) -> int:
    """Live through one part; return 1 where something did not work."""
    if not (folder / TOWN).exists():
        save_project(planned(town()), folder / TOWN)
    return live_through(folder, PARTS[part])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
