import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.project import Project, fingerprint
from gridplanner.settings import ExportSettings, GridSettings
from tests.ui.builders import town
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.error_box import ErrorBox
from ui.main_window import MainWindow
from ui.preferences import Preferences
from ui.steps import State

LONG = 30_000  # milliseconds: a worker starts and loads its libraries once in these tests


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=LONG)
    yield shown
    desk_of(shown).session.mark_saved(desk_of(shown).session.project)
    shown.close()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "西郊.gridplan"
    project = town(8, 6, 30)
    settings = dataclasses.replace(project.settings, grids=GridSettings(effort="quick"), export=ExportSettings(("gpkg",)))
    save_project(dataclasses.replace(project, settings=settings), path)
    return path


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def rested(window: MainWindow) -> bool:
    desk = desk_of(window)
    return not desk.jobs.is_busy and desk.derived.project is desk.session.project and desk.derived.issues is not None


def test_a_town_goes_through_the_window_from_file_to_file(window: MainWindow, qtbot: QtBot, saved: Path, tmp_path: Path) -> None:
    desk = desk_of(window)
    errors: list[str] = []
    desk.jobs.failed.connect(lambda text, details: errors.append(text + details))

    desk.files.open(saved)
    qtbot.waitUntil(lambda: desk.session.project.units is not None and rested(window), timeout=LONG)
    assert desk.session.is_saved
    assert desk.canvas.isVisible()
    assert desk.derived.states["grids"] is State.READY
    before = desk.session.project

    window.steps.choose("grids")
    qtbot.mouseClick(window.steps._run, Qt.MouseButton.LeftButton)
    assert desk.jobs.is_busy
    assert not window.action_set.qt["grids"].isEnabled()
    qtbot.waitUntil(lambda: desk.session.project.grids is not None and rested(window), timeout=LONG)
    assert not errors
    assert desk.side.table.grids.rowCount() == len(desk.session.project.grids or ())
    assert "Undo" in window.action_set.qt["undo"].text()
    planned = desk.session.project

    window.action_set.qt["undo"].trigger()
    assert desk.session.project is before
    window.action_set.qt["redo"].trigger()
    assert desk.session.project is planned
    assert desk.files.needs_saving

    desk.select_and_zoom(int(planned.grids.labels[0]) if planned.grids is not None else 0)
    desk.files.path = tmp_path / "planned.gridplan"
    desk.files.save()
    qtbot.waitUntil(lambda: desk.session.is_saved, timeout=LONG)
    assert fingerprint(open_project(desk.files.path).grids) == fingerprint(planned.grids)

    desk.files.export()
    dialog = window.findChildren(ExportDialog)[0]
    dialog._folder.setText(str(tmp_path / "out"))
    dialog.accept()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy and (tmp_path / "out").exists(), timeout=LONG)
    assert not errors
    assert list((tmp_path / "out").glob("*.gpkg"))


def test_dropped_files_are_looked_into_confirmed_and_read(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of(window)
    source = Path(__file__).parents[2] / "sample_data" / "xijiao"
    for name in ("communities.shp", "communities.dbf", "communities.shx", "communities.prj", "communities.cpg", "depots.geojson"):
        shutil.copy(source / name, tmp_path / name)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("communities.shp", "depots.geojson")])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, mime, left, none)
    QApplication.sendEvent(window, enter)  # Qt gives a drop only to a widget that took the drag
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, mime, left, none))
    qtbot.waitUntil(lambda: bool(window.findChildren(ImportDialog)), timeout=LONG)
    window.findChildren(ImportDialog)[0].accept()
    qtbot.waitUntil(lambda: len(desk.session.project.communities) > 0 and rested(window), timeout=LONG)
    assert len(desk.session.project.communities) == 6
    assert len(desk.session.project.depots) > 0
    assert window.steps.step.id == "grids"
    desk.undo()
    assert len(desk.session.project.communities) == 0


def test_a_file_that_cannot_be_opened_is_told_and_changes_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of(window)
    before = desk.session.project
    broken = tmp_path / "broken.gridplan"
    broken.write_bytes(b"no project")
    desk.files.open(broken)
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorBox)), timeout=LONG)
    assert "broken.gridplan" in window.findChildren(ErrorBox)[0].text
    assert desk.session.project is before
    window.findChildren(ErrorBox)[0].accept()


def test_the_language_and_the_look_change_while_the_window_is_open(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    window.action_set.qt["language-zh_CN"].trigger()
    assert window.action_set.qt["language-zh_CN"].isChecked()
    assert desk.canvas.showing.language == "zh_CN"
    assert desk.preferences.language == "zh_CN"
    window.action_set.qt["theme-dark"].trigger()
    assert desk.canvas.showing.theme.name == "dark"
    window.action_set.qt["language-en"].trigger()
    window.action_set.qt["theme-light"].trigger()
    assert window.steps._run.text() == "Import more data"


def test_an_edit_by_hand_is_shown_and_one_that_is_refused_is_told(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    desk.do(MoveUnits((4,), 0))
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    assert desk.side.history.count() == 2
    assert desk.derived.figures is not None
    after = desk.session.project
    desk.do(MoveUnits((11,), 0))
    assert desk.session.project is after
    assert "community" in window.status._words.text()
    desk.select(0)
    window.action_set.qt["layer-roads"].trigger()
    assert "roads" in desk.canvas.showing.hidden
    desk.undo()
    assert desk.session.project is project


def test_closing_with_unsaved_work_asks(window: MainWindow, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    desk.do(MoveUnits((4,), 0))
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: QMessageBox.StandardButton.Cancel)
    assert not window.close()
    assert window.isVisible()
    desk.undo()
    assert not desk.files.needs_saving


def test_a_new_project_is_empty_and_keeps_nothing_of_the_one_before(window: MainWindow, qtbot: QtBot, saved: Path) -> None:
    desk = desk_of(window)
    desk.files.import_data([saved])  # a project among the data to import is opened
    qtbot.waitUntil(lambda: desk.files.path == saved and rested(window), timeout=LONG)
    desk.use_assign()
    desk.files.start_anew()
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    assert not desk.has_data
    assert not desk.files.needs_saving
    assert desk.files.path is None
    assert window.welcome.isVisible()
    assert window.steps.step.id == "data"
    assert desk.canvas.tool is None
    assert "Sample town" in window.status._words.text()
