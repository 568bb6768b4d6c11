"""The window at the steps of beats and patrol zones: which tool a key means, what the pages say, and what becomes of the choice."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gridplanner.edits.edit import Replace
from gridplanner.edits.group_edits import LockGroups, MovePieces
from gridplanner.model.groups import groups_of
from gridplanner.model.project import Project
from tests.grouped_town import quartered
from tests.ui.hand import Hand
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.map.beat_layer import signed
from ui.map.tools.assign import Assign
from ui.map.tools.group_assign import GroupAssign
from ui.panels.beats_page import BeatsPage
from ui.panels.pareto_choice import ParetoChoice
from ui.panels.sorted_table import LOCKED
from ui.preferences import Preferences
from ui.steps import State
from ui.styles import Theme

LONG = 30_000


def middle_of(project: Project, grid: int) -> int:
    """Return a unit of a grid."""
    assert project.grids is not None
    return int(np.flatnonzero(project.grids.labels == grid)[0])


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=LONG)
    yield shown
    assert shown.desk is not None
    shown.desk.session.mark_saved(shown.desk.session.project)
    shown.close()


def opened(window: MainWindow, qtbot: QtBot, step: str) -> tuple[Desk, Hand]:
    """Open the town at a step."""
    desk, project = window.desk, quartered()
    assert desk is not None
    desk.session.open(project, saved=True)
    qtbot.waitUntil(lambda: desk.canvas.unit_at(100.0, 100.0) >= 0 and desk.derived.project is project, timeout=LONG)
    window.steps.choose(step)
    return desk, Hand(desk.canvas)


def test_at_the_step_of_beats_the_keys_of_the_grid_tools_act_on_beats(window: MainWindow, qtbot: QtBot) -> None:
    desk, hand = opened(window, qtbot, "beats")
    actions, project = window.action_set.qt, desk.session.project
    assert desk.maps.theme == "beat"
    assert not actions["pen"].isEnabled()
    hand.click(hand.middle(middle_of(project, 15)))
    assert desk.groups.chosen == (4,)
    assert "004" in desk.side.beats_page._title.text()
    actions["lock"].trigger()
    assert desk.session.history.present.words == "Lock 1 beat"
    assert desk.session.project.beats.beats[4].locked  # type: ignore[union-attr]
    actions["lock"].trigger()
    actions["assign"].trigger()
    assert isinstance(desk.canvas.gestures.tool, GroupAssign)
    hand.click(hand.middle(middle_of(project, 11)))  # of the chosen beat already: nothing comes of it
    hand.click(hand.middle(middle_of(project, 14)), button=Qt.MouseButton.RightButton)
    hand.click(hand.middle(middle_of(project, 7)))
    assert desk.session.history.present.words == "Move 1 grid to beat 004"
    assert "beats" not in {step for step, state in desk.derived.states.items() if state.value == "stale"}
    window.steps.choose("grids")
    assert type(desk.canvas.gestures.tool).__name__ == "Assign"
    assert desk.groups.kind == ""
    desk.session.undo()
    desk.session.undo()
    desk.session.undo()
    assert desk.session.project is project


def test_selected_grids_become_a_zone_and_the_slider_brings_another_plan(window: MainWindow, qtbot: QtBot) -> None:
    desk, hand = opened(window, qtbot, "zones")
    hand.click(hand.middle(middle_of(desk.session.project, 0)), keys=Qt.KeyboardModifier.ControlModifier)
    assert desk.selection.chosen == (0,)
    window.action_set.qt["group-split-off"].trigger()
    assert desk.session.history.present.words == "Make a new zone of 1 grid"
    assert desk.groups.chosen == (5,)
    desk.side.zones_page.choice_taken.emit(1)
    assert desk.session.history.present.words == "Take zone plan 2 between even work and fast response"
    assert desk.groups.chosen == ()
    desk.side.open_tab("cross")
    qtbot.waitUntil(lambda: desk.side.cross.table.isVisible(), timeout=LONG)
    desk.side.cross.filter.setText(desk.session.project.grids.grids[14].code)  # type: ignore[union-attr]
    assert desk.side.cross.table.lines.rowCount() == 1
    assert desk.side.cross.table.lines.index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == "004 Beat 4"
    assert "1 grid ·" in desk.side.cross.sums.text()
    desk.use_language("zh_CN")
    desk.use_language("en")


def test_a_tool_in_hand_is_another_one_once_the_beats_come_or_go_and_a_card_does_not_outlive_its_step(
    window: MainWindow, qtbot: QtBot
) -> None:
    desk, hand = opened(window, qtbot, "beats")
    project, plan = desk.session.project, desk.session.project.beats
    hand.click(hand.middle(middle_of(project, 15)))
    page = desk.side.beats_page
    assert page.card.isVisibleTo(page)
    window.steps.choose("zones")
    window.steps.choose("beats")
    assert desk.groups.chosen == ()
    assert not page.card.isVisibleTo(page)
    desk.session.do(Replace("No beats", {"beats": None}))
    desk.use_tool("assign")
    assert isinstance(desk.canvas.gestures.tool, Assign)  # without beats the keys are those of grids
    desk.session.do(Replace("Beats", {"beats": plan}))
    assert isinstance(desk.canvas.gestures.tool, GroupAssign)
    desk.session.undo()
    assert isinstance(desk.canvas.gestures.tool, Assign)
    desk.session.redo()
    desk.use_tool("cut")  # a tool of grids alone
    window.steps.choose("zones")
    assert desk.tool == ""


def test_a_plan_that_a_lock_forbids_leaves_the_slider_where_it_was(window: MainWindow, qtbot: QtBot) -> None:
    desk, _hand = opened(window, qtbot, "zones")
    desk.do(LockGroups("zones", (1,)))
    pareto = desk.side.zones_page.pareto
    qtbot.waitUntil(lambda: desk.derived.project is desk.session.project, timeout=LONG)
    before = desk.session.project
    pareto.chart.picked.emit(1)
    assert desk.session.project is before
    assert pareto.slider.value() == 1  # even work is at the right
    assert "110 %" in pareto._words.text()


def test_locked_rows_have_a_padlock_and_a_plan_out_of_date_says_so_instead_of_what_was_proven(qtbot: QtBot, look: Theme) -> None:
    page, project = BeatsPage(), LockGroups("beats", (3,)).apply(quartered())
    qtbot.addWidget(page)
    page.show_project(project)
    page.show_state(State.DONE)
    rows = page.table.rows
    assert [rows.index(row, 0).data(LOCKED) for row in range(4)] == [False, False, True, False]
    assert rows.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "003, locked"
    page.resize(380, 400)
    with_lock = page.table.grab().toImage()
    page.show_project(quartered())
    assert page.table.grab().toImage() != with_lock
    assert "proven best" in page._proof.text()
    page.show_state(State.STALE)
    assert page._heading.text().endswith("out of date")
    assert "Group again" in page._proof.text()
    page.show_state(State.DONE)
    assert "proven best" in page._proof.text()


def test_a_press_on_the_handle_alone_takes_nothing_from_the_hand(qtbot: QtBot, look: Theme) -> None:
    choice, project = ParetoChoice(), MovePieces("zones", (2,), 1).apply(quartered())
    qtbot.addWidget(choice)
    choice.retranslate()
    choice.show_plan(project)
    taken: list[int] = []
    choice.taken.connect(taken.append)
    choice.slider.setSliderDown(True)
    choice.slider.setSliderDown(False)
    assert taken == []
    choice.resize(340, 240)
    one = project.zones.choices[0]  # type: ignore[union-attr]
    QTest.mouseClick(choice.chart, Qt.MouseButton.LeftButton, pos=choice.chart.place(one.mean_minutes, one.spread).toPoint())
    assert taken == [0]


def test_figures_of_the_page_of_zones_follow_edits_of_grids(window: MainWindow, qtbot: QtBot) -> None:
    desk, _hand = opened(window, qtbot, "zones")
    project, page = desk.session.project, desk.side.zones_page
    assert project.grids is not None
    labels = project.grids.labels.copy()
    labels[labels == 2] = 1  # a grid of zone 2 joins one of zone 1, as the tools for grids do it
    desk.session.do(Replace("Grids", {"grids": dataclasses.replace(project.grids, labels=labels)}))
    after = desk.session.project
    qtbot.waitUntil(lambda: desk.derived.project is after and desk.derived.checked, timeout=LONG)
    groups = groups_of(after, "zones")
    assert groups is not None
    assert after.zones is not None
    assert after.zones.ground is not None
    work = np.bincount(groups.of_unit, after.zones.ground.work)[1:]
    told = [page.table.rows.index(row, 2).data() for row in range(4)]
    assert told == [signed(100 * (value / work.mean() - 1)) for value in work.tolist()]
    assert told[0] == "+25 %"
    assert page._heading.text().endswith("out of date")


def test_where_no_grids_are_shown_no_tool_for_them_can_be_taken(window: MainWindow, qtbot: QtBot) -> None:
    desk, _hand = opened(window, qtbot, "beats")
    desk.use_tool("assign")
    for step in ("rings", "checkpoints", "rating"):
        window.steps.choose(step)
        assert desk.tool == ""
        assert not window.action_set.qt["assign"].isEnabled()
        assert window.action_set.qt["cordon"].isEnabled()
    window.steps.choose("grids")
    assert window.action_set.qt["assign"].isEnabled()
