"""A project of an office's database in the window: opened, put there, saved, what others save taken in, a database that is gone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from gridplanner.benchmarks.own_server import PASSWORD
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.io import connections
from gridplanner.io.saved import Saved
from gridplanner.io.shared_places import shared_place
from gridplanner.io.shared_project import newest_version, open_shared, save_shared, shared_projects
from gridplanner.model.project import Project
from gridplanner.user_folder import state_folder
from tests.io.postgis_server import SERVICE, Database
from tests.io.shared_desk import edited
from tests.ui.builders import planned, town
from tests.ui.fitting import faults
from ui.desk import Desk
from ui.dialogs.changed_box import TAKE_IN, ChangedBox
from ui.dialogs.shared_dialog import SharedDialog
from ui.dialogs.take_in_dialog import TakeInDialog
from ui.map.conflicts import MINE

T = TypeVar("T", bound=QDialog)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def project_of_all() -> Project:
    return planned(town())


@pytest.fixture
def place(database: Database, project_of_all: Project) -> Path:
    made = shared_place(SERVICE, f"窗 {next(_numbers)}")
    save_shared(Saved(project_of_all), made)
    return made


def wait(qtbot: QtBot, what: Callable[[], bool]) -> None:
    qtbot.waitUntil(what, timeout=20_000)


def opened(desk: Desk, place: Path, qtbot: QtBot) -> None:
    """Open a project in the window, whatever was open before."""
    desk.session.mark_saved(desk.session.project)
    desk.files.open(place)
    wait(qtbot, lambda: desk.files.path == place and not desk.jobs.is_busy)


def first(project: Project) -> int:
    assert project.grids is not None
    return min(project.grids.grids)


def name(project: Project, grid: int) -> str:
    assert project.grids is not None
    return project.grids.grids[grid].name


def other_saves(place: Path, grid: int, words: str) -> None:
    saved = open_shared(place)
    save_shared(edited(saved, grid, name=words), place, expected=saved.mark.save_id)


def test_what_others_save_is_heard_of_and_taken_in_by_one_click(one_desk: Desk, place: Path, qtbot: QtBot) -> None:
    desk = one_desk
    opened(desk, place, qtbot)
    assert place.name.partition("#")[2] in desk.window.windowTitle()
    desk.shared.ask()
    wait(qtbot, lambda: not desk.shared._asks)
    assert not desk.window.status._news.isVisibleTo(desk.window)
    grid = first(desk.session.project)
    other_saves(place, grid, "别人")
    desk.shared.ask()
    wait(qtbot, lambda: desk.shared.news is not None)
    button = desk.window.status._news
    assert button.isVisibleTo(desk.window)
    assert button.text().startswith("Version 2 by ")
    assert not faults(desk.window)
    before = desk.session.project
    button.click()
    wait(qtbot, lambda: desk.files.keeping.mark.number == 2)
    after = desk.session.project
    assert name(after, grid) == "别人"
    assert desk.session.is_saved
    assert after.units is before.units  # what did not change is shared, and need not be drawn again
    assert not button.isVisibleTo(desk.window)
    desk.session.do(ChangeGrids(((grid, (("name", "我"),)),)))
    desk.files.save()
    wait(qtbot, lambda: desk.session.is_saved)
    assert newest_version(place).number == 3
    assert name(open_shared(place).project, grid) == "我"
    desk.session.travel(-2)  # taking in can be undone like any edit
    assert name(desk.session.project, grid) == name(before, grid)


def test_a_database_that_is_gone_is_told_and_the_work_goes_on(one_desk: Desk, place: Path, qtbot: QtBot, database: Database) -> None:
    desk = one_desk
    opened(desk, place, qtbot)
    grid = first(desk.session.project)
    database.server.run("ALTER ROLE planner NOLOGIN", "postgres")
    try:
        desk.shared.ask()
        wait(qtbot, lambda: bool(desk.shared.trouble))
        assert desk.window.status._news.text().startswith("Database not reached")
        desk.session.do(ChangeGrids(((grid, (("name", "离线"),)),)))
        assert desk.files.keeping.is_kept
    finally:
        database.server.run("ALTER ROLE planner LOGIN", "postgres")
    desk.shared.ask()
    wait(qtbot, lambda: not desk.shared.trouble)
    desk.files.save()
    wait(qtbot, lambda: desk.session.is_saved)
    assert name(open_shared(place).project, grid) == "离线"


def dialog_of(desk: Desk, kind: type[T], qtbot: QtBot) -> T:
    wait(qtbot, lambda: any(one.isVisible() for one in desk.window.findChildren(kind)))
    return next(one for one in desk.window.findChildren(kind) if one.isVisible())


def test_a_save_after_another_is_resolved_like_a_package(one_desk: Desk, place: Path, qtbot: QtBot) -> None:
    desk = one_desk
    opened(desk, place, qtbot)
    grid = first(desk.session.project)
    saved = open_shared(place)
    theirs = edited(edited(saved, grid, name="别人"), grid + 1, name="别人")
    save_shared(theirs, place, expected=saved.mark.save_id)
    for key in (grid, grid + 2):
        desk.session.do(ChangeGrids(((key, (("name", "我"),)),)))
    desk.files.save()
    box = dialog_of(desk, ChangedBox, qtbot)
    assert not faults(box)
    assert newest_version(place).number == 2  # nothing was overwritten
    box.buttons[TAKE_IN].click()
    dialog_of(desk, TakeInDialog, qtbot).accept()
    wait(qtbot, lambda: desk.team.taking.conflicts is not None)
    desk.team.taking.decide_rest(MINE)
    desk.team.taking.panel.take.click()
    wait(qtbot, lambda: desk.files.keeping.mark.number == 2)
    assert not desk.session.is_saved
    desk.files.save()
    wait(qtbot, lambda: desk.session.is_saved)
    last = open_shared(place)
    assert last.mark.number == 3
    assert [name(last.project, grid + n) for n in range(3)] == ["我", "别人", "我"]
    assert len(last.changes) == 5  # two of theirs, two of ours, taking in
    assert len({change.at for change in last.changes}) == 5


def test_the_dialog_lists_projects_and_opens_the_one_chosen(one_desk: Desk, place: Path, qtbot: QtBot) -> None:
    dialog = SharedDialog(SERVICE, parent=one_desk.window)
    dialog.show()
    wait(qtbot, lambda: dialog.table.rowCount() > 0)
    titles = [dialog.table.item(row, 0).text() for row in range(dialog.table.rowCount())]
    dialog.table.selectRow(titles.index(str(place).partition("#")[2]))
    assert dialog.place == place
    assert dialog.accept_button.isEnabled()
    assert not faults(dialog)
    dialog.reject()


def test_a_project_is_put_in_under_a_name_that_is_free(one_desk: Desk, place: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = one_desk
    monkeypatch.setattr(connections, "_typed", {SERVICE: PASSWORD})  # as typed in the window: it goes to the other processes
    opened(desk, place, qtbot)
    title = str(place).partition("#")[2]
    dialog = SharedDialog(SERVICE, title, desk.window)
    dialog.show()
    wait(qtbot, lambda: dialog.table.rowCount() > 0)
    assert not dialog.accept_button.isEnabled()
    assert "there already" in dialog.notice.text()
    for wrong in ("", "a/b"):
        dialog.title.setText(wrong)
        assert not dialog.accept_button.isEnabled()
    dialog.title.setText(f"{title} 之二")
    assert dialog.accept_button.isEnabled()
    assert not faults(dialog)
    made = dialog.place
    assert made is not None
    dialog.reject()
    desk.files.saves.save_to(made)
    wait(qtbot, lambda: desk.files.path == made)
    assert desk.session.is_saved
    assert made.name.partition("#")[2] in [one.name for one in shared_projects(SERVICE)]
    desk.session.do(ChangeGrids(((first(desk.session.project), (("name", "密"),)),)))
    desk.files.save()
    wait(qtbot, lambda: desk.session.is_saved)
    desk.shared.ask()
    wait(qtbot, lambda: not desk.shared._asks)
    assert not list(Path.cwd().glob(".postgis*"))  # what is no file has no lock beside it
    folders = [state_folder(), *(worker._folder for worker in (desk.worker, desk.files.saves.saving._worker) if worker is not None)]
    written = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if b"p'w" in path.read_bytes()]
