import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from gridplanner.edits.lock_edits import LockGrids
from gridplanner.model.lookup import unit_at
from gridplanner.model.outlines import grid_outlines, unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.statistics import grid_figures
from tests.ui.builders import planned, town
from tests.ui.hand import Hand
from tests.ui.test_tools import Table, households, sums_hold, words
from ui.app import make_app, make_window
from ui.map.canvas import Canvas
from ui.map.scene import Showing
from ui.map.tools.cut_line import CutLine
from ui.map.tools.draw import DrawArea
from ui.map.tools.must_stay import MustStay
from ui.map.tools.reshape import Reshape
from ui.map.tools.split_line import SplitLine
from ui.map.tools.street_pen import FixedLine, StreetPen
from ui.preferences import Preferences
from ui.styles import Theme
from ui.teller import HINTS

LONG = 10_000  # milliseconds
ALT = Qt.KeyboardModifier.AltModifier

# The town: units 0–95 in rows of 12, grids of three columns and four rows; columns 0–5 are one community.
#   0  0  0  1  1  1 | 2  2  2  3  3  3     rows 0–3
#   4  4  4  5  5  5 | 6  6  6  7  7  7     rows 4–7


@pytest.fixture
def project() -> Project:
    return planned(town(), wide=3, high=4)


@pytest.fixture
def table(qtbot: QtBot, project: Project, look: Theme) -> Iterator[Table]:
    canvas = Canvas(Showing(project, look, "en"))
    canvas.resize(800, 600)
    with qtbot.waitSignal(canvas.painted):
        canvas.show()
        canvas.show_project(canvas.showing)
    yield Table(canvas, project)
    canvas.close_threads()
    canvas.close()


def node(hand: Hand, column: int, row: int) -> QPointF:
    """Return the pixel of the corner of streets (column, row)."""
    units = hand.canvas.showing.project.units
    assert units is not None
    return hand.pixel(*units.xy[row * 13 + column].tolist())


def is_sound(table: Table, before: Project) -> bool:
    """Whether units and grids cover the town without gap or overlap, nobody is lost, and undo gives back what was."""
    after = table.session.project
    assert after.units is not None
    assert after.grids is not None
    covered = shapely.coverage_is_valid(unit_polygons(after.units)) and shapely.coverage_is_valid(grid_outlines(after.units, after.grids))
    sums = sums_hold(table, before)
    table.session.undo()
    restored = table.session.project is before
    table.session.redo()
    return bool(covered and sums and restored)


def held(project: Project) -> dict[int, float]:
    figures = grid_figures(project)
    return dict(zip(figures.ids.tolist(), figures.households.tolist(), strict=True))


def test_a_line_dragged_across_a_grid_splits_it_and_counts_both_sides_on_the_way(table: Table, project: Project) -> None:
    hand = table.take(SplitLine())
    start, stop = hand.pixel(95.0, -60.0), hand.pixel(85.0, 300.0)
    hand.press(start)
    hand.move(hand.pixel(90.0, 120.0))
    hand.move(stop)
    told = {tally.code: (tally.before, tally.after) for tally in table.canvas.gestures.preview.tallies}
    hand.release(stop)
    assert words(table) == "Split grid 620802100001001 by a line"
    after = held(table.session.project)
    assert after[0] + after[8] == held(project)[0]
    assert after[0] >= after[8] > 0
    assert told["01"][0] == after[0] + after[8]
    assert sorted(then for _before, then in told.values()) == pytest.approx(sorted((after[0], after[8])), rel=0.03)
    grid = table.session.project.grids.grids[8]  # type: ignore[union-attr]
    assert (grid.prev_code, grid.community, grid.locked) == ("620802100001001", 0, False)
    assert grid.code not in {old.code for old in project.grids.grids.values()}  # type: ignore[union-attr]
    assert is_sound(table, project)


def test_with_alt_a_split_leaves_units_whole(table: Table, project: Project) -> None:
    hand = table.take(SplitLine())
    hand.drag(hand.pixel(95.0, -60.0), hand.pixel(90.0, 120.0), hand.pixel(85.0, 300.0), keys=ALT)
    assert len(table.labels) == 96
    assert (table.labels == 8).sum() + (table.labels == 0).sum() == 12
    assert is_sound(table, project)


def test_a_line_of_corners_ends_with_enter_and_backspace_takes_one_back(table: Table, project: Project) -> None:
    hand = table.take(SplitLine(), selected=4)
    for place in ((100.0, 200.0), (100.0, 350.0), (20.0, 350.0)):
        hand.click(hand.pixel(*place))
    assert len(table.canvas.gestures.preview.marks) == 3  # type: ignore[arg-type]
    hand.key(Qt.Key.Key_Backspace)
    assert len(table.canvas.gestures.preview.marks) == 2  # type: ignore[arg-type]
    hand.key(Qt.Key.Key_Return)  # ends inside the grid: it is said, and the line stays in the hand
    assert not table.edits
    assert "does not divide" in table.canvas.gestures.preview.warning
    hand.click(hand.pixel(-60.0, 360.0))
    hand.key(Qt.Key.Key_Return)
    assert words(table) == "Split grid 620802100001005 by a line"
    assert is_sound(table, project)


def test_a_locked_grid_is_refused_before_the_line_ends(table: Table, project: Project) -> None:
    table.start(LockGrids((0,)).apply(project))
    hand = table.take(SplitLine())
    hand.press(hand.pixel(95.0, -60.0))
    hand.move(hand.pixel(85.0, 250.0))
    assert table.canvas.gestures.preview.refused
    assert "locked" in table.canvas.gestures.preview.hint
    hand.release(hand.pixel(85.0, 250.0))
    assert not table.edits
    hand.key(Qt.Key.Key_Escape)
    assert not table.canvas.gestures.is_dragging


def test_an_end_just_short_of_the_border_is_led_on_to_it(table: Table, project: Project) -> None:
    hand = table.take(SplitLine())
    hand.drag(hand.pixel(95.0, 2.0), hand.pixel(90.0, 120.0), hand.pixel(85.0, 225.0))
    assert words(table) == "Split grid 620802100001001 by a line"
    assert is_sound(table, project)


def test_an_area_over_a_locked_grid_is_refused_while_it_is_drawn(table: Table, project: Project) -> None:
    table.start(LockGrids((1,)).apply(project))
    for tool, selected in ((DrawArea(), 0), (StreetPen(), None)):
        hand = table.take(tool, selected=selected)
        hand.press(hand.pixel(150.0, 60.0), ALT)
        for place in ((330.0, 60.0), (330.0, 150.0), (150.0, 150.0)):
            if selected is None:
                hand.release(hand.pixel(*place), ALT)
                hand.press(hand.pixel(*place), ALT)
            hand.move(hand.pixel(*place), ALT)
        assert table.canvas.gestures.preview.refused
        assert "Grid 620802100001002 is locked" in table.canvas.gestures.preview.warning
        hand.key(Qt.Key.Key_Escape)
    assert not table.edits


def test_the_street_pen_follows_streets_and_a_closed_line_makes_a_grid(table: Table, project: Project) -> None:
    hand = table.take(StreetPen())
    corners = [node(hand, 1, 1), node(hand, 4, 1), node(hand, 4, 6), node(hand, 1, 6)]
    for corner in corners:
        hand.click(corner + QPointF(3, -2))
    line = table.canvas.gestures.preview.lines[0]
    assert project.units is not None
    assert all((np.abs(project.units.xy - place).max(axis=1) < 1e-9).any() for place in line[:-1])  # along streets, corner by corner
    hand.move(corners[0], held=Qt.MouseButton.NoButton)
    inside = table.canvas.gestures.preview.tallies[0]
    hand.click(corners[0])
    assert words(table) == "Draw a new grid"
    rows = {12 * row + column for row in range(1, 6) for column in range(1, 4)}
    assert set(np.flatnonzero(table.labels == 8).tolist()) == rows
    assert len(table.labels) == 96  # streets bound units already: nothing is cut
    assert inside.after == households(project, *rows) == held(table.session.project)[8]
    assert is_sound(table, project)


def test_the_street_pen_cuts_where_it_leaves_the_streets(table: Table, project: Project) -> None:
    hand = table.take(StreetPen())
    for x, y in ((75.0, 75.0), (160.0, 80.0), (150.0, 200.0)):
        hand.click(hand.pixel(x, y), ALT)
    hand.key(Qt.Key.Key_Return)
    assert words(table) == "Draw a new grid"
    assert len(table.labels) > 96
    outline = shapely.Polygon([(75.0, 75.0), (160.0, 80.0), (150.0, 200.0)])
    after = table.session.project
    assert after.units is not None
    assert after.grids is not None
    made = grid_outlines(after.units, after.grids)[-1]
    assert made.symmetric_difference(outline).area < 0.03 * outline.area
    assert is_sound(table, project)


def test_an_open_line_of_the_street_pen_from_border_to_border_splits_a_grid_along_streets(table: Table, project: Project) -> None:
    hand = table.take(StreetPen())
    hand.click(node(hand, 0, 2))
    hand.double_click(node(hand, 3, 2))
    assert words(table) == "Split grid 620802100001001 by a line"
    assert len(table.labels) == 96
    assert sorted((int((table.labels == 0).sum()), int((table.labels == 8).sum()))) == [6, 6]
    assert is_sound(table, project)


def test_an_area_drawn_around_places_joins_the_selected_grid_of_its_community_alone(table: Table, project: Project) -> None:
    hand = table.take(DrawArea(), selected=0)
    places = [hand.pixel(x, y) for x, y in ((150.0, 60.0), (420.0, 60.0), (420.0, 150.0), (150.0, 150.0), (152.0, 64.0))]
    hand.press(places[0])
    for place in places[1:]:
        hand.move(place)
    told = table.canvas.gestures.preview.tallies
    hand.release(places[-1])
    assert words(table) == "Add a drawn area to grid 620802100001001"
    after = held(table.session.project)
    assert after[0] == pytest.approx(told[0].after, rel=0.05)
    assert after[0] + after[1] == held(project)[0] + held(project)[1]
    assert {grid: after[grid] for grid in (2, 3)} == {grid: held(project)[grid] for grid in (2, 3)}
    assert is_sound(table, project)


def test_a_border_takes_the_course_that_is_drawn(table: Table, project: Project) -> None:
    hand = table.take(Reshape())
    start, stop = hand.border(14, 15), hand.border(26, 27)
    hand.press(start)
    for x, y in ((215.0, 80.0), (220.0, 150.0)):
        hand.move(hand.pixel(x, y))
    hand.move(stop)
    told = [tally.after for tally in table.canvas.gestures.preview.tallies]
    hand.release(stop)
    before, after = held(project), held(table.session.project)
    gained = 1 if after[1] > before[1] else 0
    assert after[gained] > before[gained]
    assert after[0] + after[1] == before[0] + before[1]
    assert sorted(told) == pytest.approx(sorted((after[0], after[1])), rel=0.02)
    assert is_sound(table, project)


def test_a_line_cuts_units_and_leaves_their_grids(table: Table, project: Project) -> None:
    hand = table.take(CutLine())
    hand.drag(hand.pixel(-30.0, 90.0), hand.pixel(90.0, 95.0), hand.pixel(140.0, 92.0))
    assert words(table) == "Cut units along a line"
    assert len(table.labels) == 98  # the end inside the third unit is dropped
    assert held(table.session.project) == held(project)
    assert is_sound(table, project)


def test_a_fixed_line_follows_streets_and_a_place_that_must_stay_is_held_and_released(table: Table, project: Project) -> None:
    hand = table.take(FixedLine())
    hand.click(node(hand, 2, 0))
    hand.double_click(node(hand, 2, 3))
    assert words(table) == "Draw a line that stays a boundary"
    assert len(table.session.project.rules.fixed_lines.line(0)) == 4
    hand = table.take(MustStay())
    hand.click(hand.middle(14))
    stays = table.session.project.rules.must_stay
    assert stays.codes.tolist() == ["620802100001001"]
    assert project.units is not None
    assert unit_at(project.units, *stays.xy[0].tolist()) == 14
    hand.click(hand.middle(14))
    assert len(table.session.project.rules.must_stay) == 0


def test_an_undo_amid_a_line_leaves_it_behind(table: Table, project: Project) -> None:
    hand = table.take(CutLine())
    hand.press(hand.pixel(-30.0, 90.0))
    table.start(dataclasses.replace(project))
    hand.move(hand.pixel(200.0, 95.0))
    assert not table.canvas.gestures.is_dragging


def test_in_the_window_keys_take_the_tools_hints_say_what_to_do_and_figures_follow_a_split(
    qtbot: QtBot, preferences: Preferences, project: Project
) -> None:
    make_app(preferences)
    window = make_window(preferences)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    desk = window.desk
    assert desk is not None
    desk.session.open(project, saved=True)
    desk.canvas.fit()
    qtbot.waitUntil(lambda: desk.derived.project is project and desk.canvas.unit_at(300.0, 200.0) >= 0, timeout=LONG)
    hand = Hand(desk.canvas)
    for key, tool in (
        ("D", "pen"),
        ("P", "draw"),
        ("C", "reshape"),
        ("Shift+X", "cut"),
        ("Shift+D", "fix"),
        ("Shift+K", "stay"),
        ("X", "split"),
    ):
        assert window.action_set.qt[tool].shortcut().toString() == key
        window.action_set.qt[tool].trigger()
        assert desk.tool == tool
        assert desk.teller._hint() == HINTS[tool]
    window.action_set.qt["draw"].trigger()
    desk.select(0)
    assert desk.teller._hint().startswith("Draw area: draw around")  # a grid is selected: that is not asked for again
    desk.select(None)
    window.action_set.qt["split"].trigger()
    hand.press(hand.pixel(95.0, -30.0))
    hand.move(hand.pixel(85.0, 245.0))
    assert desk.teller._hint().startswith("Split: draw a line across")
    hand.release(hand.pixel(85.0, 245.0))
    assert desk.session.history.present.words == "Split grid 620802100001001 by a line"
    split = desk.session.project
    qtbot.waitUntil(lambda: desk.derived.project is split and desk.derived.checked, timeout=LONG)
    assert desk.side.table.grids.rowCount() == 9
    assert desk.derived.colours.keys() == split.grids.grids.keys()  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: desk.canvas.unit_at(300.0, 200.0) >= 0, timeout=LONG)
    window.action_set.qt["undo"].trigger()
    assert desk.session.project is project
    desk.session.mark_saved(project)
    window.close()
