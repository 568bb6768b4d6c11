"""Manners of the window: words that fit, names for every field, contrast, failures that keep the work, the tour, the language."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QSettings, QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.io.inspection import SourceReport
from gridplanner.io.project_file import open_project
from gridplanner.model.project import Project, fingerprint
from gridplanner.settings import ExportSettings, GridSettings, PatrolSettings, RailSettings, Settings, ZoneSettings
from tests.ui.fitting import clipped, faults, unknown_signs
from ui import styles
from ui.app import make_app, make_window
from ui.crash_box import CrashBox
from ui.crash_keeper import CrashKeeper
from ui.desk import Desk
from ui.dialogs.basemap_dialog import BasemapDialog
from ui.dialogs.export_dialog import ExportDialog
from ui.dialogs.help_dialog import HelpDialog
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.proof_dialog import ProofDialog
from ui.dialogs.replan_dialog import ReplanDialog
from ui.dialogs.scenario_dialog import NameDialog
from ui.dialogs.settings_dialog import SettingsDialog
from ui.dialogs.step_settings import StepSettingsDialog
from ui.error_box import ErrorBox
from ui.main_window import MainWindow
from ui.preferences import Preferences

LONG = 30_000
HOMES = SourceReport(
    "/数据/西郊 街道/住户.shp", "住户", "point", 4109, {"户数": "integer", "人口": "integer", "地址": "string"}, "", "GB18030 (.cpg)",
    "households", {"households": "户数", "address": "地址"}, crs_guess="EPSG:4523", crs_why="the eastings begin with zone number 35",
    problems=("the coordinate system is not given", "12 rows have no place"),
)  # fmt: skip
BROKEN = SourceReport("/data/坏.shp", "", "", 0, problems=("坏.shp: cannot be read: the file is empty; copy it again",), readable=False)
DIALOGS: dict[str, Callable[[Project, QWidget], QDialog]] = {
    "help": lambda _project, over: HelpDialog(over),
    "plan settings": lambda project, over: SettingsDialog(project, parent=over),
    "zones": lambda _project, over: StepSettingsDialog("Zones", ZoneSettings(), over),
    "patrol": lambda _project, over: StepSettingsDialog("Patrol", PatrolSettings(), over),
    "rail": lambda _project, over: StepSettingsDialog("Rail", RailSettings(), over),
    "re-plan": lambda _project, over: ReplanDialog(GridSettings(), "2026-03-01", over),
    "export": lambda _project, over: ExportDialog(ExportSettings(), Path("/数据/导出 图层"), over),
    "import": lambda _project, over: ImportDialog([HOMES, BROKEN], Settings(), over),
    "import, waiting": lambda _project, over: ImportDialog(None, Settings(), over),
    "proof": lambda project, over: ProofDialog(project, over),
    "basemap": lambda _project, over: BasemapDialog(None, "EPSG:4545", None, "", over),
    "scenario": lambda _project, over: NameDialog("New scenario", "Begins like this one.", "Make", "B", ("A",), over),
    "error": lambda _project, over: ErrorBox("坏.shp: cannot be read; copy it again", "Traceback", over),
    "crash": lambda _project, over: CrashBox("KeyError\n  line", "Every edit is kept.", lambda _path, _told: None, over),
}


@pytest.fixture(scope="module")
def one_window(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Iterator[MainWindow]:
    """One window with its worker for all tests here: each costs a second."""
    path = tmp_path_factory.mktemp("preferences") / "preferences.ini"
    preferences = Preferences(QSettings(str(path), QSettings.Format.IniFormat))
    preferences.language, preferences.theme = "en", "light"
    preferences.remember_choice("tour", "seen")
    make_app(preferences)
    shown = make_window(preferences)
    until = time.monotonic() + 30
    while shown.desk is None and time.monotonic() < until:
        qapp.processEvents()
    yield shown
    desk_of(shown).session.mark_saved(desk_of(shown).session.project)
    shown.close()


@pytest.fixture
def window(one_window: MainWindow) -> Iterator[MainWindow]:
    desk = desk_of(one_window)
    desk.use_language("en")
    desk.session.open(Project(), saved=True)
    yield one_window
    desk.session.mark_saved(desk.session.project)
    desk.use_language("en")


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_in_the_smallest_window_shows_all_its_words_and_names_its_fields(
    name: str, language: str, qtbot: QtBot, project: Project, look: styles.Theme
) -> None:
    over = QWidget()
    over.resize(960, 600)
    qtbot.addWidget(over)
    i18n.set_language(language)
    dialog = DIALOGS[name](project, over)
    qtbot.addWidget(dialog)
    dialog.show()
    QApplication.processEvents()
    assert dialog.width() <= 960
    assert dialog.height() <= 600
    assert faults(dialog) == []


@pytest.mark.parametrize("size", [(960, 600), (1366, 768)])
def test_the_window_fits_its_sizes_in_both_languages_with_and_without_a_project(
    size: tuple[int, int], window: MainWindow, qtbot: QtBot, project: Project
) -> None:
    desk = desk_of(window)
    window.resize(*size)
    for filled in (False, True):
        if filled:
            desk.session.open(project, saved=True)
            qtbot.waitUntil(lambda: desk.derived.project is project and desk.derived.issues is not None, timeout=LONG)
            window.steps.choose("grids")
        for code in i18n.LANGUAGES:
            desk.use_language(code)
            QApplication.processEvents()
            assert (window.width(), window.height()) == size
            assert faults(window) == [], code
            if QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese):
                assert unknown_signs(window) == []


def test_tools_lose_their_words_before_they_go_behind_the_arrows(window: MainWindow, project: Project) -> None:
    strip = window.bar.tools
    wide = strip.sizeHint().width()
    strip.resize(wide, strip.height())
    assert strip.rest == []
    assert all(button.worded for button in strip.buttons)
    strip.resize(wide - 40, strip.height())
    assert strip.rest == []
    assert not all(button.worded for button in strip.buttons)
    strip.resize(strip.minimumSizeHint().width() + 80, strip.height())
    assert len(strip.rest) >= 1
    shown = [button for button in strip.buttons if button not in strip.rest]
    assert {"undo", "redo"} <= {name for name, action in window.action_set.qt.items() if action in {button.action for button in shown}}
    assert all(button.x() >= 0 and button.geometry().right() < strip.width() for button in shown)
    assert strip._more.isVisibleTo(strip)


class Bell(QObject):
    """Something that rings."""

    rung = Signal()


def test_a_failure_in_a_slot_is_told_once_and_a_copy_can_be_saved(
    window: MainWindow, qtbot: QtBot, project: Project, tmp_path: Path
) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    desk.do(MoveUnits((4,), 0))
    keeper, bell = CrashKeeper(window), Bell()
    bell.rung.connect(lambda: {}["王小明"])
    caught = sys.excepthook
    keeper.watch()
    try:
        bell.rung.emit()
        bell.rung.emit()
    finally:
        keeper.release()
    assert sys.excepthook is caught
    (box,) = window.findChildren(CrashBox)  # one box for both
    assert box.details.count("KeyError") == 2
    assert box.isVisible()
    assert any("journal" in label.text() for label in box.findChildren(QLabel))
    qtbot.mouseClick(next(b for b in box.findChildren(QPushButton) if b.text() == "Copy details"), Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert "KeyError" in copied
    assert "test_manners.py" in copied
    assert "王小明" not in copied  # what an error quotes is the planner's
    assert str(Path(__file__).parents[2]) not in copied
    told: list[str] = []
    box._save_as(tmp_path / "elsewhere.gridplan", told.append)  # type: ignore[misc]
    qtbot.waitUntil(lambda: told == [""], timeout=LONG)
    assert fingerprint(open_project(tmp_path / "elsewhere.gridplan").grids) == fingerprint(desk.session.project.grids)
    box.accept()
    desk.session.undo()  # the program goes on
    assert desk.session.project is project


def test_a_failure_of_the_box_itself_does_not_loop(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = CrashKeeper(window)

    def fail(*_arguments: object) -> None:
        keeper.catch(ValueError, ValueError("inner"), None)
        raise ValueError("outer")

    monkeypatch.setattr("ui.crash_box.CrashBox", fail)
    keeper.catch(ValueError, ValueError("first"), None)
    assert window.findChildren(CrashBox) == []


def test_what_fails_at_every_repaint_asks_once_and_failures_of_threads_are_told_too(window: MainWindow, qtbot: QtBot) -> None:
    keeper, bell = CrashKeeper(window), Bell()
    bell.rung.connect(lambda: {}["missing"])
    keeper.watch()
    try:
        bell.rung.emit()
        window.findChildren(CrashBox)[-1].accept()
        bell.rung.emit()
        assert not any(box.isVisible() for box in window.findChildren(CrashBox))
        assert "same error" in window.status._words.text()
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: any(box.isVisible() and "ZeroDivision" in box.details for box in window.findChildren(CrashBox)))
    finally:
        keeper.release()
    for box in window.findChildren(CrashBox):
        assert any("no unsaved work" in label.text() for label in box.findChildren(QLabel))
        box.accept()


def test_the_tour_lights_one_part_after_another_and_can_be_left(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(project, saved=True)
    window.resize(960, 600)
    window.preferences.remember_choice("tour", "")
    window.action_set.qt["tour"].trigger()
    tour = window.tour
    assert tour is not None
    assert window.preferences.choice("tour") == "seen"
    assert len(tour.stops) == 7
    for number in range(len(tour.stops)):
        assert tour.number == number
        assert tour.lit.isValid()
        assert tour.rect().contains(tour.card.geometry())
        assert clipped(tour) == []
        if number + 1 < len(tour.stops):
            qtbot.keyClick(tour, Qt.Key.Key_Right)
    qtbot.keyClick(tour, Qt.Key.Key_Left)
    assert tour.number == len(tour.stops) - 2
    desk.use_language("zh_CN")
    assert tour.isVisible()
    window.resize(1366, 768)
    assert tour.size() == QSize(1366, 768)
    qtbot.keyClick(tour, Qt.Key.Key_Escape)
    assert window.tour is None
    window._tour_once()
    qtbot.wait(10)
    assert window.tour is None  # once is enough


def test_dialogs_that_are_open_are_closed_when_the_language_changes(window: MainWindow) -> None:
    desk = desk_of(window)
    desk.show_help()
    page = window.findChildren(HelpDialog)[0]
    assert page.isVisible()
    desk.use_language("zh_CN")
    assert not page.isVisible()
    assert window.action_set.qt["save"].text() != "Save"


def test_a_form_comes_back_in_the_size_it_was_left_in(window: MainWindow) -> None:
    window.resize(1366, 768)
    desk = desk_of(window)
    desk.show_help()
    page = window.findChildren(HelpDialog)[-1]
    page.resize(page.width() + 40, page.height() + 24)
    left = page.size()
    page.accept()
    desk.show_help()
    again = window.findChildren(HelpDialog)[-1]
    assert again is not page
    assert again.size() == left
    again.accept()


def test_what_is_dropped_while_something_is_computed_is_refused_in_words(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    desk = desk_of(window)
    desk.jobs.run("counting", "tests.ui.worker_tasks:wait", 20.0, then=lambda _value: None)
    desk.files.drop([tmp_path])
    (box,) = [box for box in window.findChildren(ErrorBox) if box.isVisible()]
    assert "Wait for it or cancel it" in box.text
    box.accept()
    desk.jobs.cancel()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
