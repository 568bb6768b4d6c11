from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gridplanner.edits.lock_edits import LockGrids
from gridplanner.model.neighbourhood import neighbourhood_of
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from tests.ui.hand import Table, households, open_table, sums_hold, town_of_eight, words
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


def test_with_alt_a_border_cuts_through_units_and_no_household_is_lost(table: Table, project: Project) -> None:
    hand = table.take(PushBorder())
    start, deep, keys = hand.border(37, 49), hand.middle(49), Qt.KeyboardModifier.AltModifier
    hand.press(start, keys)
    hand.move(deep, keys)
    shown = table.canvas.gestures.preview
    assert len(shown.lines) == 1
    hand.release(deep, keys)
    after = table.session.project
    assert after.units is not None
    assert project.units is not None
    assert len(after.units) > len(project.units)
    assert sums_hold(table, project)
    figures = grid_figures(after)
    held = dict(zip(figures.ids.tolist(), figures.households.tolist(), strict=True))
    assert [held[0], held[4]] == [tally.after for tally in shown.tallies]
    table.session.undo()
    assert table.session.project is project


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
