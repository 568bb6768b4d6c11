import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.project import Project, fingerprint
from gridplanner.settings import ExportSettings, GridSettings
from tests.ui.builders import planned, town
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.dialogs.choice_box import CANCEL
from ui.dialogs.damage_box import DamageBox
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.replan_dialog import ReplanDialog
from ui.dialogs.settings_dialog import SettingsDialog
from ui.error_box import ErrorBox
from ui.main_window import MainWindow
from ui.map.shapes import unit_loops
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
    return not desk.jobs.is_busy and desk.derived.project is desk.session.project and desk.derived.checked


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

    desk.hand.select_and_zoom(int(planned.grids.labels[0]) if planned.grids is not None else 0)
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
    qtbot.waitUntil(lambda: len(window.findChildren(ImportDialog)[0].cards) == 2, timeout=LONG)  # it opens at once and fills
    window.findChildren(ImportDialog)[0].accept()
    qtbot.waitUntil(lambda: len(desk.session.project.communities) > 0 and rested(window), timeout=LONG)
    assert len(desk.session.project.communities) == 6
    assert len(desk.session.project.depots) > 0
    assert window.steps.step.id == "grids"
    desk.session.undo()
    assert len(desk.session.project.communities) == 0


def test_a_file_that_cannot_be_opened_is_told_and_changes_nothing(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of(window)
    before = desk.session.project
    broken = tmp_path / "broken.gridplan"
    broken.write_bytes(b"no project")
    desk.files.open(broken)
    qtbot.waitUntil(lambda: bool(window.findChildren(DamageBox)), timeout=LONG)
    (box,) = window.findChildren(DamageBox)
    assert any("broken.gridplan" in label.text() for label in box.findChildren(QLabel))
    assert list(box.buttons) == [CANCEL]  # nothing of it can be saved, and there is no backup
    box.buttons[CANCEL].click()
    assert desk.session.project is before
    desk.files.open(tmp_path / "nowhere.gridplan")
    qtbot.waitUntil(lambda: bool(window.findChildren(ErrorBox)), timeout=LONG)
    assert "nowhere.gridplan" in window.findChildren(ErrorBox)[0].text
    assert desk.session.project is before
    window.findChildren(ErrorBox)[0].accept()
    assert not list(tmp_path.glob(".*.lock"))


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
    desk.session.undo()
    assert desk.session.project is project


def test_closing_with_unsaved_work_asks(window: MainWindow, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    desk.do(MoveUnits((4,), 0))
    monkeypatch.setattr(QMessageBox, "exec", lambda _box: QMessageBox.StandardButton.Cancel)
    assert not window.close()
    assert window.isVisible()
    desk.session.undo()
    assert not desk.files.needs_saving


def test_a_new_project_is_empty_and_keeps_nothing_of_the_one_before(window: MainWindow, qtbot: QtBot, saved: Path) -> None:
    desk = desk_of(window)
    desk.files.import_data([saved])  # a project among the data to import is opened
    qtbot.waitUntil(lambda: desk.files.path == saved and rested(window), timeout=LONG)
    desk.use_tool("assign")
    desk.files.start_anew()
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    assert not desk.has_data
    assert not desk.files.needs_saving
    assert desk.files.path is None
    assert window.welcome.isVisible()
    assert window.steps.step.id == "data"
    assert desk.canvas.gestures.tool is None
    assert "Sample town" in window.status._words.text()


def test_selected_grids_are_locked_made_exclusive_and_released(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    assert not window.action_set.qt["exclusive"].isEnabled()
    table = desk.side.table
    for row, held in ((0, Qt.KeyboardModifier.NoModifier), (2, Qt.KeyboardModifier.ControlModifier)):
        at = table.visualRect(table.grids.index(row, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, held, at)
    chosen = desk.selection.chosen
    assert set(chosen) == {table.grids.grid_at(0), table.grids.grid_at(2)}
    assert desk.canvas.showing.others == {chosen[1]}
    window.action_set.qt["lock"].trigger()
    plan = desk.session.project.grids
    assert plan is not None
    assert {grid for grid, known in plan.grids.items() if known.locked} == set(chosen)
    assert desk.session.history.present.words == "Lock 2 grids"
    assert window.action_set.qt["lock"].text() == "Unlock"
    home = plan.grids[chosen[0]].community
    other = next(grid for grid, known in plan.grids.items() if known.community == home and grid not in chosen)
    desk.do(MoveUnits((int(np.flatnonzero(plan.labels == chosen[0])[0]),), other))
    assert "locked" in window.status._words.text()
    desk.hand.open_menu(window.mapToGlobal(QPoint(300, 300)))
    menu = next(menu for menu in window.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions() if action.text()][:3] == ["Unlock", "Make exclusive", "Keep units together"]
    menu.close()
    window.action_set.qt["unlock-all"].trigger()
    assert not window.action_set.qt["unlock-all"].isEnabled()
    window.action_set.qt["exclusive"].trigger()
    assert len(desk.session.project.rules.exclusive) == 2
    window.action_set.qt["exclusive"].trigger()
    assert len(desk.session.project.rules.exclusive) == 0


def test_units_brushed_with_the_tool_are_kept_together_and_shown(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    qtbot.waitUntil(lambda: rested(window) and desk.canvas._located is project.units, timeout=LONG)
    window.action_set.qt["keep"].trigger()
    assert "Keep together" in window.status._words.text()
    assert desk.canvas.showing.show_units
    units = project.units
    assert units is not None

    def middle(unit: int) -> QPoint:
        x, y = unit_loops(units).loops(unit)[0].mean(axis=0).tolist()
        return QPointF(*desk.canvas.view.point_to_screen(x, y)).toPoint()

    qtbot.mousePress(desk.canvas, Qt.MouseButton.LeftButton, pos=middle(25))
    qtbot.mouseMove(desk.canvas, middle(26))
    qtbot.mouseRelease(desk.canvas, Qt.MouseButton.LeftButton, pos=middle(26))
    assert desk.session.history.present.words == "Keep 2 units together"
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    assert set(desk.derived.kept) == {int(project.grids.labels[unit]) for unit in (25, 26)}  # type: ignore[union-attr]
    window.action_set.qt["select"].trigger()
    assert desk.canvas.gestures.tool is None


def test_a_plan_is_replanned_by_its_button_as_one_step(window: MainWindow, qtbot: QtBot, saved: Path) -> None:
    desk = desk_of(window)
    errors: list[str] = []
    desk.jobs.failed.connect(lambda text, details: errors.append(text + details))
    desk.session.open(planned(open_project(saved), 8), saved=True)
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    before = desk.session.project
    assert not window.steps._replan.isVisible()
    window.steps.choose("grids")
    qtbot.mouseClick(window.steps._replan, Qt.MouseButton.LeftButton)
    dialog = window.findChildren(ReplanDialog)[0]
    dialog._from.setText("2026-03-01")
    dialog.accept()
    assert desk.jobs.is_busy
    assert not window.steps._replan.isEnabled()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
    assert not errors
    assert window.status._words.text().startswith("Re-planned: ")
    plan = desk.session.project.grids
    assert plan is not None
    assert plan.replan is not None
    assert desk.session.project.settings.grids is not None
    assert desk.session.project.settings.grids.valid_from == "2026-03-01"
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    assert desk.derived.transfers is not None
    assert desk.side.moves.model.rowCount() == len(desk.derived.transfers) > 0
    assert desk.side.moves.isVisible()
    desk.side.moves.table.clicked.emit(desk.side.moves.model.index(0, 0))
    assert desk.canvas._mark is not None
    window.action_set.qt["undo"].trigger()
    assert desk.session.project is before


def test_the_settings_dialog_changes_the_plan_file_settings_in_one_step(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    qtbot.waitUntil(lambda: rested(window), timeout=LONG)
    desk.window.steps.choose("grids")
    window.action_set.qt["settings"].trigger()
    dialog = window.findChildren(SettingsDialog)[0]
    qtbot.waitUntil(lambda: dialog.fit._headline.text().endswith("communities fit"), timeout=LONG)
    dialog._band.tolerance.setValue(12)
    dialog._effort.setCurrentIndex(2)
    dialog.accept()
    grids = desk.session.project.settings.grids
    assert grids is not None
    assert (grids.tolerance, grids.effort) == (0.12, "thorough")
    desk.session.undo()
    assert desk.session.project is project
