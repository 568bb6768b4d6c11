import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.edits.edit import Edit
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.settings import GridSettings, Settings, SourceSettings
from tests.ui.builders import planned, town
from tests.ui.hand import Hand
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.dialogs.number_dialog import NumberDialog
from ui.main_window import MainWindow
from ui.preferences import Preferences

LONG = 30_000
SAMPLE = Path(__file__).parents[2] / "sample_data" / "xijiao"


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=LONG)
    yield shown
    assert shown.desk is not None
    shown.desk.session.mark_saved(shown.desk.session.project)
    shown.close()


def test_a_morning_with_the_tools_is_undone_step_by_step(window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk
    assert desk is not None
    made = planned(town(8, 6, 30), 8, 2, 3)
    grids = GridSettings(target_households=float(made.households.households.sum()) / 8, effort="quick")
    project = dataclasses.replace(made, settings=dataclasses.replace(made.settings, grids=grids))
    desk.session.open(project, saved=True)
    canvas, actions, hand = desk.canvas, window.action_set.qt, Hand(desk.canvas)
    qtbot.waitUntil(lambda: canvas.unit_at(100.0, 100.0) >= 0 and desk.derived.project is project, timeout=LONG)
    errors: list[str] = []
    desk.jobs.failed.connect(lambda text, details: errors.append(text + details))

    actions["push"].trigger()
    assert "press on a border" in window.status._words.text()
    hand.drag(hand.border(16, 24), hand.middle(24), hand.border(24, 32))
    assert desk.session.history.present.words == "Move 1 unit to grid 620802100001001"

    actions["source-one"].trigger()
    actions["assign"].trigger()
    assert canvas.gestures.source == "one"
    hand.click(hand.middle(2))  # no grid is selected yet: this one is to receive
    assert desk.selection.selected == 1
    assert "first one's grid" in window.status._words.text()
    actions["brush-larger"].trigger()
    hand.drag(hand.middle(1), hand.middle(9))
    actions["source-next"].trigger()
    assert canvas.gestures.source == "any"
    assert desk.session.history.present.words.endswith("to grid 620802100001002")

    actions["select"].trigger()
    hand.drag(hand.middle(4), hand.middle(6), keys=Qt.KeyboardModifier.ShiftModifier)
    assert set(desk.selection.chosen) == {2, 3}
    assert "2 grids selected" in window.status._words.text()
    actions["merge-chosen"].trigger()
    assert desk.session.history.present.words.startswith("Merge 62080210000200")
    (left,) = desk.selection.chosen  # the other one is no more

    answer(window, desk, "split-into", 2, qtbot)
    assert desk.session.history.present.words.startswith("Split grid")
    assert "proven best" in window.status._words.text()
    plan = desk.session.project.grids
    assert plan is not None
    assert len(plan.grids) == 8

    desk.selection.take((0, 4))
    answer(window, desk, "resolve", 2, qtbot)
    assert desk.session.history.present.words == "Divide 2 grids anew into 2"
    assert not errors

    desk.select(None)
    over = hand.middle(40)
    QApplication.sendEvent(canvas, QEnterEvent(over, over, canvas.mapToGlobal(over)))
    canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)
    hand.move(over, held=Qt.MouseButton.NoButton)
    actions["lock"].trigger()
    plan = desk.session.project.grids
    assert plan is not None
    assert plan.grids[int(plan.labels[40])].locked
    desk.select(int(plan.labels[40]))
    actions["resolve"].trigger()
    assert "locked" in window.status._words.text()
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))

    steps = len(desk.session.history.past)
    assert steps == 6
    for _step in range(steps):
        actions["undo"].trigger()
    assert desk.session.project is project
    assert left in (desk.session.project.grids.grids if desk.session.project.grids is not None else ())


def test_a_result_that_comes_too_late_is_refused_in_words_that_stay(window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk
    assert desk is not None
    project = planned(town(8, 6, 10), 8, 2, 3)
    desk.session.open(project, saved=True)
    window.action_set.qt["select"].trigger()
    desk.resolving.run((0, 4), 2)
    desk.do(ChangeGrids(((0, (("name", "东"),)),)))
    typed = desk.session.project
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
    assert desk.session.project is typed
    assert "run it again" in window.status._words.text()
    for run in (lambda: desk.runner.run_step("grids"), lambda: desk.replanning.run(GridSettings(effort="quick"))):
        desk.session.open(project, saved=True)
        run()
        desk.do(LockGrids((3,)))
        locked = desk.session.project
        qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
        assert desk.session.project is locked
        assert "run it again" in window.status._words.text()


@pytest.mark.parametrize("meanwhile", [MoveUnits((2,), 0), BranchScenario("B")])
def test_data_read_anew_take_nothing_away_that_was_done_meanwhile(meanwhile: Edit, window: MainWindow, qtbot: QtBot) -> None:
    desk = window.desk
    assert desk is not None
    desk.session.open(planned(town(8, 6, 10), 8, 2, 3), saved=True)
    window.action_set.qt["select"].trigger()
    desk.files._import(Settings(sources={"communities": SourceSettings(path=str(SAMPLE / "communities.shp"))}))
    desk.do(meanwhile)
    done = desk.session.project
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
    assert desk.session.project is done
    assert "run it again" in window.status._words.text()


def answer(window: MainWindow, desk: Desk, action: str, number: int, qtbot: QtBot) -> None:
    """Trigger an action, answer its question with a number, and wait for what comes of it."""
    window.action_set.qt[action].trigger()
    dialog = next(dialog for dialog in window.findChildren(NumberDialog) if dialog.isVisible())
    assert dialog.focusWidget() is dialog._number  # a number typed at once counts
    dialog._number.setValue(number)
    assert "about" in dialog._each.text()
    dialog.accept()
    assert desk.jobs.is_busy
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
