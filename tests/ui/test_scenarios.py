"""Scenarios in the window: begun, switched, compared and guarded with the mouse and the keys."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import AdoptMaster, BranchScenario, DeleteScenario, SwitchScenario
from gridplanner.i18n import LANGUAGES, set_language
from gridplanner.model.project import Project
from gridplanner.model.scenarios import project_in, scenario_names
from gridplanner.planning.comparison import compare
from gridplanner.session import Session
from tests.ui.builders import certified
from tests.ui.fitting import clipped
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.dialogs.scenario_dialog import CopyGridDialog, MasterDialog, NameDialog
from ui.main_window import MainWindow
from ui.map.difference import difference_of
from ui.map.difference_layer import changed_areas
from ui.panels.compare_panel import ComparePanel, differing
from ui.panels.history_panel import HistoryModel, HistoryPanel
from ui.preferences import Preferences

LONG = 30_000


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences, project: Project) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=LONG)
    desk = desk_of(shown)
    desk.session.open(project, saved=True)
    yield shown
    desk.session.mark_saved(desk.session.project)
    shown.close()


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def dialog_of(window: MainWindow, kind: type[QDialog]) -> QDialog:
    return next(dialog for dialog in window.findChildren(kind) if dialog.isVisible())


def compared(desk: Desk) -> bool:
    return desk.comparing.found is not None and desk.comparing.found.project is desk.session.project


def branched(project: Project) -> Project:
    for edit in (BranchScenario("B"), MoveUnits((4, 16), 0), MoveUnits((28,), 3)):
        project = edit.apply(project)
    return project


def test_a_scenario_is_begun_changed_compared_and_left(window: MainWindow, qtbot: QtBot, project: Project, tmp_path: Path) -> None:
    desk = desk_of(window)
    assert window.bar.scenario.choose.text() == "Scenario A"
    assert not window.bar.scenario.compare.isEnabled()
    window.action_set.qt["scenario-branch"].trigger()
    dialog = dialog_of(window, NameDialog)
    field = dialog.findChildren(QLineEdit)[0]
    field.setText("Scenario A")
    assert not dialog.accept_button.isEnabled()
    field.clear()
    field.setText("沿河")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.bar.scenario.choose.text() == "沿河"
    desk.do(MoveUnits((4, 16), 0))
    desk.do(MoveUnits((28,), 3))
    qtbot.mouseClick(window.bar.scenario.compare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: compared(desk), timeout=LONG)
    assert desk.side.tabs.current == "compare"
    panel, found = desk.comparing.panel, desk.comparing.found
    assert found is not None
    assert panel.moves.lines.rowCount() == 2
    assert desk.canvas.showing.difference is found.difference
    panel.moves.chosen.emit(0)
    assert desk.selection.selected == int(found.comparison.moves.after[0])
    desk.comparing.export_to(tmp_path / "c.xlsx")
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
    assert (tmp_path / "c.xlsx").exists()
    desk.do(MoveUnits((5,), 0))  # the comparison follows
    qtbot.waitUntil(lambda: compared(desk), timeout=LONG)
    assert desk.comparing.found is not found
    window.bar.scenario.choose.open_menu()
    menu = next(part for part in window.bar.scenario.choose.findChildren(QMenu) if part.isVisible())
    rows = [row for row in menu.actions() if row.isCheckable() and row.text() in {"Scenario A", "沿河"}]
    assert [(row.text(), row.isChecked()) for row in rows] == [("Scenario A", False), ("沿河", True)]
    rows[0].trigger()
    menu.close()
    assert desk.session.project.grids is project.grids
    assert desk.comparing.other == "沿河"
    window.action_set.qt["scenario-delete"].trigger()  # nothing is left to compare with
    assert desk.session.project.scenario == "沿河"
    assert not desk.comparing.is_on
    assert desk.canvas.showing.difference is None
    assert not desk.side.tabs.is_there("compare")
    desk.session.undo()
    assert scenario_names(desk.session.project) == ("", "沿河")


def test_the_master_plan_is_replaced_after_the_typed_word_and_kept(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    window.action_set.qt["scenario-master"].trigger()
    assert desk.session.project.master == ""
    asked: list[str] = []
    desk.scenarios.before_replacing(lambda: asked.append("grids"))
    dialog = dialog_of(window, MasterDialog)
    assert asked == []
    assert not dialog.accept_button.isEnabled()
    qtbot.keyClicks(dialog.findChildren(QLineEdit)[0], "replace")
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    assert asked == ["grids"]
    kept = desk.session.project.scenarios[-1]
    assert kept.grids is project.grids
    assert "backup" in kept.name
    desk.session.undo()
    desk.do(BranchScenario("B"))
    desk.scenarios.before_replacing(lambda: asked.append("not the master"))
    assert asked[-1] == "not the master"
    window.action_set.qt["scenario-master"].trigger()
    dialog = next(part for part in window.findChildren(MasterDialog) if part.isVisible())
    dialog.reject()
    assert desk.session.project.master == ""


def test_a_grid_is_copied_and_what_was_followed_is_said(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(SwitchScenario("").apply(branched(project)), saved=True)
    desk.select(0)
    window.action_set.qt["scenario-copy"].trigger()
    dialog = dialog_of(window, CopyGridDialog)
    assert isinstance(dialog, CopyGridDialog)
    assert (dialog.scenario, dialog.grid) == ("B", 0)
    qtbot.mouseClick(dialog.accept_button, Qt.MouseButton.LeftButton)
    after = desk.session.project
    assert after.grids is not None
    wanted = project_in(after, "B").grids
    assert wanted is not None
    np.testing.assert_array_equal(after.grids.labels == 0, wanted.labels == 0)
    assert "households" in window.status._words.text()
    assert "from “B”" in desk.session.history.present.words


def test_the_other_scenario_stands_beside_in_the_second_map(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    desk.session.open(branched(project), saved=True)
    desk.comparing.toggle()
    qtbot.waitUntil(lambda: compared(desk), timeout=LONG)
    qtbot.mouseClick(desk.comparing.panel.beside, Qt.MouseButton.LeftButton)
    second = desk.maps.second
    assert second is not None
    assert second.canvas.showing.project.grids is project.grids
    desk.comparing.stop()
    assert second.canvas.showing.project is desk.session.project
    second.close()


def test_the_panel_says_both_plans_in_figures_in_either_language(qtbot: QtBot, project: Project) -> None:
    after = branched(project)
    comparison = compare(project_in(after, ""), after)
    panel = ComparePanel()
    qtbot.addWidget(panel)
    panel.resize(342, 700)
    panel.show()
    panel.show_comparison(comparison, (project.grids, after.grids))
    assert panel._headline.text().startswith(f"{comparison.moved:,.0f} households")
    assert panel.moves.isVisible()
    qtbot.mouseClick(panel._pages.button(1), Qt.MouseButton.LeftButton)
    assert panel.grids.isVisible()
    assert panel.grids.lines.rowCount() == len(differing(comparison)) == 4
    rows = [panel.grids.lines.index(row, 4).data() for row in range(4)]
    panel.grids._sort(4)
    assert sorted(rows, key=lambda text: -int(text)) == [panel.grids.lines.index(row, 4).data() for row in range(4)]
    with qtbot.waitSignal(panel.grid_chosen) as chosen:
        panel.grids.clicked.emit(panel.grids.lines.index(0, 0))
    left = comparison.pairs.left
    assert left[chosen.args[0]] == left.max()
    set_language("zh_CN")
    panel.retranslate()
    panel.show_comparison(None, (None, None), "why")
    assert panel._headline.text() == "why"
    assert not panel.grids.isVisible()


def test_what_is_hatched_is_what_changed_and_dashes_are_the_others_borders(project: Project) -> None:
    after = branched(project)
    comparison = compare(project_in(after, ""), after)
    assert after.units is not None
    assert after.grids is not None
    assert project.grids is not None
    found = difference_of(after.units, after.grids, after.units, project.grids, comparison.changed)
    areas = changed_areas(found)
    assert areas.ids.tolist() == [0, 3]
    units = after.units
    one, other = project.grids.labels, after.grids.labels
    inner = (units.left >= 0) & (units.right >= 0)
    was, now = (inner & (labels[units.left] != labels[units.right]) for labels in (one, other))
    assert len(found.borders.pieces) == (was & ~now).sum() > 0


def test_a_proof_is_compared_where_there_is_one(project: Project, qtbot: QtBot) -> None:
    from gridplanner.model.grids import Certificate

    before = certified(project, Certificate(0, "border", "optimal", 100.0, 100.0), Certificate(1, "border", "optimal", 100.0, 100.0))
    after = branched(before)
    panel = ComparePanel()
    qtbot.addWidget(panel)
    panel.show_comparison(compare(project_in(after, ""), after), (before.grids, after.grids))
    told = [panel._totals.itemAtPosition(7, column).widget().text() for column in (1, 2)]  # type: ignore[union-attr]
    assert told == ["2 of 2", "1 of 2"]
    panel.resize(342, 700)
    for code in LANGUAGES:
        set_language(code)
        panel.retranslate()
        panel.show()
        QApplication.processEvents()
        assert clipped(panel) == []


# the history


def test_the_list_of_steps_changes_only_where_the_history_does(qtbot: QtBot, project: Project) -> None:
    session, model = Session(project), HistoryModel()
    told: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(("out", first, last)))

    def show() -> list[tuple[str, int, int]]:
        told.clear()
        model.show(session.history)
        every = (*session.history.past, session.history.present, *session.history.future)
        assert all(one is other for one, other in zip(model.steps, every, strict=True))
        assert model.present == len(session.history.past)
        return list(told)

    assert show() == [("in", 0, 0)]
    session.do(MoveUnits((4,), 0))
    assert show() == [("in", 1, 1)]
    session.do(MoveUnits((5,), 0))
    show()
    session.travel(-2)
    assert show() == []
    session.do(MoveUnits((28,), 3))
    assert show() == [("out", 1, 2), ("in", 1, 1)]
    for k in range(250):
        session.do(MoveUnits((4,), 0 if k % 2 == 0 else 1))
    show()
    session.do(MoveUnits((5,), 0))
    assert show() == [("out", 0, 0), ("in", 200, 200)]
    session.open(project, saved=True)
    assert show() == [("out", 0, 200), ("in", 0, 0)]


def test_the_keys_go_through_the_history(qtbot: QtBot, project: Project) -> None:
    session, panel = Session(project), HistoryPanel()
    qtbot.addWidget(panel)
    panel.step_chosen.connect(session.travel)
    session.listen(lambda _before, _after: panel.show_history(session.history))
    panel.resize(300, 200)
    panel.show()
    for unit in (4, 5, 16):
        session.do(MoveUnits((unit,), 0))
    assert panel.currentIndex().row() == 3
    panel.setFocus()
    for _time in range(2):
        qtbot.keyClick(panel, Qt.Key.Key_Up)
    assert len(session.history.future) == 0  # the arrows only look
    qtbot.keyClick(panel, Qt.Key.Key_Return)
    assert len(session.history.future) == 2
    said = panel.lines.data(panel.lines.index(3), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("3. Move 1 unit")
    assert said.endswith("undone")
    assert panel.lines.rowCount(QModelIndex()) == 4
    panel.grab()
    QApplication.processEvents()


def test_scenarios_that_cannot_be_compared_say_why(window: MainWindow, qtbot: QtBot, project: Project) -> None:
    desk = desk_of(window)
    empty = project_in(branched(project), "B")
    desk.session.open(AdoptMaster("").apply(empty), saved=True)
    desk.do(BranchScenario("C"))
    desk.comparing.choose("B")
    qtbot.waitUntil(lambda: compared(desk), timeout=LONG)
    desk.do(DeleteScenario("B"))
    assert desk.comparing.other == ""
    from gridplanner.edits.edit import Replace

    desk.do(Replace("none", {"grids": None}))
    assert desk.comparing.found is None
    assert "need grids" in desk.comparing.panel._headline.text()
