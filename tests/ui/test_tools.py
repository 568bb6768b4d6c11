import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.edits.rule_edits import KeepTogether
from gridplanner.errors import EditRejected
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.settings import GridSettings
from tests.ui.builders import planned, town
from tests.ui.hand import Table, households, open_table, sums_hold, town_of_eight, words
from ui.map.tools.assign import Assign
from ui.map.tools.even_out import EvenOut
from ui.map.tools.keep import Keep
from ui.map.tools.merge import Merge
from ui.map.tools.push_border import PushBorder
from ui.styles import Theme

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def project() -> Project:
    return town_of_eight()


@pytest.fixture
def table(qtbot: QtBot, project: Project, look: Theme) -> Iterator[Table]:
    with open_table(qtbot, project, look) as opened:
        yield opened


def test_assigning_counts_target_and_losers_at_the_cursor_and_passes_over_what_cannot_go(table: Table, project: Project) -> None:
    table.start(LockGrids((1,)).apply(project))
    before = table.session.project
    hand = table.take(Assign(), selected=4)
    hand.press(hand.middle(36))
    hand.move(hand.middle(37))
    shown = table.canvas.gestures.preview
    assert shown.units == {36, 37}
    figures = dict(zip(grid_figures(before).ids.tolist(), grid_figures(before).households.tolist(), strict=True))
    gain = households(before, 36, 37)
    told = [(tally.before, tally.after) for tally in shown.tallies]
    assert told == [(figures[4], figures[4] + gain), (figures[0], figures[0] - gain)]
    card = table.canvas.gestures.card
    assert card.isVisible()
    assert not card.geometry().contains(hand.middle(37).toPoint())
    for unit in (38, 39):  # 39 is of the grid that is locked
        hand.move(hand.middle(unit))
    assert "1 unit passed over" in table.canvas.gestures.preview.hint
    hand.release(hand.middle(39))
    assert not card.isVisible()
    assert table.labels[36:40].tolist() == [4, 4, 4, 1]
    assert words(table) == "Move 3 units to grid 620802100001005"
    assert sums_hold(table, before)
    table.session.undo()
    assert table.session.project is before


def test_assigning_warns_where_a_grid_would_fall_apart_and_refuses_a_locked_target(table: Table, project: Project) -> None:
    hand = table.take(Assign(), selected=1)
    hand.press(hand.middle(14))
    for unit in (13, 12):
        hand.move(hand.middle(unit))
    assert "would fall into 2 pieces" in table.canvas.gestures.preview.warning
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.middle(12))
    assert not table.edits
    table.start(LockGrids((4,)).apply(project))
    hand = table.take(Assign(), selected=4)
    hand.press(hand.middle(36))
    assert table.canvas.gestures.preview.refused
    assert table.canvas.cursor().shape() == Qt.CursorShape.ForbiddenCursor
    hand.release(hand.middle(36))
    assert not table.edits
    assert table.canvas.cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_brush_has_a_size_and_the_wheel_with_ctrl_changes_it_in_mid_stroke(table: Table) -> None:
    hand = table.take(Assign(), selected=4)
    gestures, at = table.canvas.gestures, hand.border(24, 36)
    gestures.resize_brush(1)
    assert gestures.brush > 0
    hand.press(at)
    assert gestures.preview.units == {24, 36}
    scale = table.canvas.view.scale
    hand.turn(at, 1, CTRL)
    for _notch in range(4):
        hand.turn(at, 1, CTRL)
    assert table.canvas.view.scale == scale
    assert gestures.preview.units > {24, 36}
    hand.release(at)
    assert set(np.flatnonzero(table.labels == 4).tolist()) > {24, 36, 48}
    hand.turn(at, 1, Qt.KeyboardModifier.NoModifier)
    assert table.canvas.view.scale > scale


def test_the_source_limits_what_is_assigned(table: Table) -> None:
    table.canvas.gestures.source = "one"
    hand = table.take(Assign(), selected=4)
    hand.drag(hand.middle(38), hand.middle(39), hand.middle(51))
    assert table.labels[[38, 39, 51]].tolist() == [4, 1, 5]
    table.canvas.gestures.source = "unassigned"
    hand = table.take(Assign(), selected=4)
    hand.drag(hand.middle(36), hand.middle(37))
    assert len(table.edits) == 1


def test_neighbours_are_merged_by_clicks_and_the_first_goes_on(table: Table, project: Project) -> None:
    hand = table.take(Merge())
    hand.click(hand.middle(0))
    hand.click(hand.middle(48))
    shown = table.canvas.gestures.preview
    assert len(shown.units) == 24
    assert shown.tallies[0].after > shown.tallies[0].before
    hand.click(hand.middle(6))
    assert "different communities" in table.canvas.gestures.preview.hint
    hand.click(hand.middle(3))
    hand.key(Qt.Key.Key_Backspace)
    hand.key(Qt.Key.Key_Return)
    plan = table.session.project.grids
    assert plan is not None
    assert set(plan.grids) == {0, 1, 2, 3, 5, 6, 7}
    assert plan.grids[0].code == "620802100001001"
    assert (plan.retired[-1].code, plan.retired[-1].successors) == ("620802100001005", ("620802100001001",))
    assert words(table) == "Merge 620802100001005 into grid 620802100001001"
    assert sums_hold(table, project)
    table.session.undo()
    assert table.session.project is project


def test_merging_across_communities_with_locked_grids_and_apart_is_refused(project: Project) -> None:
    three = planned(town(), wide=3, high=2)  # 0, 4, 8 and 12 lie one above the other
    with pytest.raises(EditRejected, match="different communities"):
        MergeGrids(1, (2,)).apply(project)
    with pytest.raises(EditRejected, match="locked"):
        MergeGrids(0, (4,)).apply(LockGrids((4,)).apply(project))
    with pytest.raises(EditRejected, match="does not touch"):
        MergeGrids(0, (8,)).apply(three)
    with pytest.raises(EditRejected, match="at least two"):
        MergeGrids(0, (0,)).apply(project)
    merged = MergeGrids(0, (8, 4)).apply(three).grids
    assert merged is not None
    assert int((merged.labels == 0).sum()) == 18


@pytest.fixture
def uneven(project: Project) -> Project:
    """The town with grid 0 a row larger at the cost of grid 4, and a band that both are out of."""
    assert project.grids is not None
    labels = project.grids.labels.copy()
    labels[48:51] = 0
    return dataclasses.replace(
        project,
        grids=dataclasses.replace(project.grids, labels=labels),
        settings=dataclasses.replace(project.settings, grids=GridSettings(target_households=410.0, tolerance=0.15)),
    )


def test_evening_out_is_accepted_move_by_move(table: Table, uneven: Project) -> None:
    table.start(uneven)
    hand = table.take(EvenOut())
    hand.click(hand.middle(0))
    shown = table.canvas.gestures.preview
    assert shown.arrows is not None
    assert len(shown.arrows) == len(shown.notes) >= 1
    moves = len(shown.arrows)
    for _move in range(moves):
        hand.key(Qt.Key.Key_Return)
    assert len(table.edits) == moves
    assert not table.canvas.gestures.is_dragging
    figures = grid_figures(table.session.project)
    assert figures.status[figures.ids.tolist().index(0)] == "ok"
    assert sums_hold(table, uneven)


def test_evening_out_begins_with_the_selected_grid_and_all_moves_are_one_step(table: Table, uneven: Project) -> None:
    table.start(uneven)
    hand = table.take(EvenOut(), selected=0)
    assert table.canvas.gestures.is_dragging
    hand.key(Qt.Key.Key_Return, SHIFT)
    assert len(table.edits) == len(table.session.history.past) == 1
    table.session.undo()
    assert table.session.project is uneven
    table.show()
    hand = table.take(EvenOut(), selected=0)
    hand.key(Qt.Key.Key_Escape)
    assert len(table.edits) == 1


def test_evening_out_says_why_not(table: Table, uneven: Project) -> None:
    table.start(LockGrids((1, 4, 5)).apply(uneven))
    hand = table.take(EvenOut())
    hand.click(hand.middle(0))
    assert "locked" in table.canvas.gestures.preview.hint
    hand.key(Qt.Key.Key_Return)
    assert not table.edits


def test_what_is_shown_for_a_project_that_was_undone_meanwhile_comes_to_nothing(table: Table, uneven: Project) -> None:
    table.start(uneven)
    hand = table.take(EvenOut(), selected=0)
    assert table.canvas.gestures.card.isVisible()
    table.session.do(LockGrids((2,)))
    table.canvas.show_project(dataclasses.replace(table.canvas.showing, project=table.session.project))
    assert not table.canvas.gestures.card.isVisible()
    hand.key(Qt.Key.Key_Return)
    assert not table.edits
    hand = table.take(EvenOut(), selected=0)
    table.session.undo()
    table.show()  # told by nobody
    hand.key(Qt.Key.Key_Return)
    assert not table.edits
    assert not table.canvas.gestures.is_dragging


def test_the_right_button_picks_for_assigning_and_opens_the_menu_for_other_tools(table: Table) -> None:
    picked: list[int] = []
    asked: list[int] = []
    table.canvas.grid_clicked.connect(picked.append)
    table.canvas.menu_asked.connect(lambda grid, _at: asked.append(grid))
    for tool in (Assign(), PushBorder()):
        hand = table.take(tool)
        at = hand.middle(4)
        hand.click(at, button=Qt.MouseButton.RightButton)
        menu = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at.toPoint(), table.canvas.mapToGlobal(at.toPoint()))
        QApplication.sendEvent(table.canvas, menu)
    assert (picked, asked) == ([1], [1])


def test_a_brush_with_a_size_keeps_units_together(table: Table) -> None:
    hand = table.take(Keep())
    table.canvas.gestures.resize_brush(2)
    hand.drag(hand.border(25, 26), hand.border(26, 27))
    made = table.edits[0]
    assert isinstance(made, KeepTogether)
    assert set(made.units) >= {25, 26, 27}
