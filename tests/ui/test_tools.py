import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gridplanner.edits.edit import Edit
from gridplanner.edits.lock_edits import LockGrids
from gridplanner.edits.merge_edits import MergeGrids
from gridplanner.edits.rule_edits import KeepTogether
from gridplanner.errors import EditRejected
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from gridplanner.session import Session
from gridplanner.settings import GridSettings
from tests.ui.builders import planned, town
from tests.ui.hand import Hand
from ui.map.canvas import Canvas
from ui.map.scene import Showing
from ui.map.tools.assign import Assign
from ui.map.tools.even_out import EvenOut
from ui.map.tools.keep import Keep
from ui.map.tools.merge import Merge
from ui.map.tools.push_border import PushBorder
from ui.map.tools.tool import Tool
from ui.styles import Theme

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier

# The town: units 0–95 in rows of 12, grids of three columns and four rows; columns 0–5 are one community.
#   0  0  0  1  1  1 | 2  2  2  3  3  3     rows 0–3
#   4  4  4  5  5  5 | 6  6  6  7  7  7     rows 4–7


@pytest.fixture
def project() -> Project:
    return planned(town(), wide=3, high=4)


class Table:
    """A canvas with a session behind it, as the desk has them."""

    def __init__(self, canvas: Canvas, project: Project) -> None:
        self.canvas, self.session, self.hand = canvas, Session(project), Hand(canvas)
        self.edits: list[Edit] = []
        self.refused = ""
        canvas.edit_made.connect(self._do)

    def _do(self, edit: Edit) -> None:
        self.edits.append(edit)
        try:
            self.session.do(edit)
        except EditRejected as why:
            self.refused = str(why)
        self.show()

    def show(self, **changes: object) -> None:
        """Show the project as it is now."""
        self.canvas.showing = dataclasses.replace(self.canvas.showing, project=self.session.project, **changes)  # type: ignore[arg-type]

    def start(self, project: Project) -> None:
        """Go on with another project."""
        self.session.open(project, saved=True)
        self.show()

    @property
    def labels(self) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        """The grid of each unit."""
        assert self.session.project.grids is not None
        return np.asarray(self.session.project.grids.labels)

    def take(self, tool: Tool, selected: int | None = None) -> Hand:
        """Take a tool in hand with a grid selected."""
        self.show(selected=selected)
        self.canvas.use_tool(tool)
        return self.hand


@pytest.fixture
def table(qtbot: QtBot, project: Project, look: Theme) -> Iterator[Table]:
    canvas = Canvas(Showing(project, look, "en"))
    canvas.resize(800, 600)
    with qtbot.waitSignal(canvas.painted):
        canvas.show()
        canvas.show_project(canvas.showing)
    qtbot.waitUntil(lambda: canvas.unit_at(300.0, 200.0) >= 0)
    yield Table(canvas, project)
    canvas.close_threads()
    canvas.close()


def words(table: Table) -> str:
    return table.session.history.present.words


def sums_hold(table: Table, before: Project) -> bool:
    """Whether every unit is in a grid that is known, and no household is lost."""
    figures = grid_figures(table.session.project)
    assert table.session.project.grids is not None
    known = set(np.unique(table.labels).tolist()) == set(table.session.project.grids.grids)
    return known and float(figures.households.sum()) == pytest.approx(float(grid_figures(before).households.sum()))


def households(project: Project, *units: int) -> float:
    assert project.units is not None
    return float(project.households.households[np.isin(project.units.address_unit, units)].sum())


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


def test_a_border_lights_up_is_pushed_gives_back_and_both_grids_stay_connected(table: Table, project: Project) -> None:
    hand = table.take(PushBorder())
    start, deep = hand.border(37, 49), hand.border(49, 61)  # between grids 0 and 4, and a row into 4
    hand.move(start, held=Qt.MouseButton.NoButton)
    assert table.canvas.gestures.preview.pieces is not None
    hand.press(start)
    hand.move(hand.middle(49))
    hand.move(deep)
    far = table.canvas.gestures.preview
    assert 49 in far.units
    assert far.units <= set(np.flatnonzero(table.labels == 4).tolist())
    gain, loss = (tally.after - tally.before for tally in far.tallies)
    assert abs(gain) == abs(loss) == households(project, *far.units)
    assert gain == -loss
    assert far.words.startswith("Border on streets ")
    hand.move(start)
    assert not table.canvas.gestures.preview.units
    hand.move(hand.border(25, 37))
    back = table.canvas.gestures.preview.units
    assert 37 in back
    assert back <= set(np.flatnonzero(table.labels == 0).tolist())
    hand.move(deep)
    assert table.canvas.gestures.preview.units == far.units
    hand.release(deep)
    assert set(np.flatnonzero(table.labels == 0).tolist()) == set(np.flatnonzero(project.grids.labels == 0).tolist()) | far.units  # type: ignore[union-attr]
    for grid in (0, 4):
        ground = neighbourhood_of(table.session.project, (grid,))
        assert ground.parts(ground.places(grid)) == 1
    assert words(table).endswith("to grid 620802100001001")
    assert sums_hold(table, project)
    assert len(table.session.history.past) == 1
    table.session.undo()
    assert table.session.project is project


def test_with_shift_a_border_is_pushed_along_its_whole_length_and_escape_abandons(table: Table) -> None:
    hand = table.take(PushBorder())
    start, deep = hand.border(37, 49), hand.border(49, 61)
    hand.press(start, SHIFT)
    hand.move(deep, SHIFT)
    assert table.canvas.gestures.preview.units == {48, 49, 50}
    hand.key(Qt.Key.Key_Escape)
    hand.release(deep)
    assert not table.edits


def test_the_last_unit_of_a_grid_is_never_pushed_away(table: Table) -> None:
    hand = table.take(PushBorder())
    hand.drag(hand.border(37, 49), hand.middle(61), hand.middle(85), hand.border(85, 73), hand.middle(85), keys=SHIFT)
    ground = neighbourhood_of(table.session.project, (4,))
    assert ground.parts(ground.places(4)) == 1


def test_a_border_of_a_locked_grid_or_between_communities_is_refused_in_words(table: Table, project: Project) -> None:
    table.start(LockGrids((4,)).apply(project))
    hand = table.take(PushBorder())
    hand.move(hand.border(37, 49), held=Qt.MouseButton.NoButton)
    assert "locked" in table.canvas.gestures.preview.hint
    hand.drag(hand.border(37, 49), hand.middle(49))
    assert not table.edits
    hand.move(hand.border(29, 30), held=Qt.MouseButton.NoButton)
    assert "two communities" in table.canvas.gestures.preview.hint
    assert table.canvas.gestures.preview.refused


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
    table.session.do(LockGrids((2,)))
    table.show()
    hand.key(Qt.Key.Key_Return)
    assert not table.edits
    assert not table.canvas.gestures.is_dragging


def test_a_brush_with_a_size_keeps_units_together(table: Table) -> None:
    hand = table.take(Keep())
    table.canvas.gestures.resize_brush(2)
    hand.drag(hand.border(25, 26), hand.border(26, 27))
    made = table.edits[0]
    assert isinstance(made, KeepTogether)
    assert set(made.units) >= {25, 26, 27}
