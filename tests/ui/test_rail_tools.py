"""The railway in the window: breaks by hand on the map, locks and squads, chainage read and typed, what the map draws and says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gridplanner.edits.rail_edits import LockSegments
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_near import place_at
from tests.ui.hand import Hand
from tests.ui.rail_line import rail_line
from ui.desk import Desk
from ui.dialogs.route_code_dialog import RouteCodeDialog
from ui.find import chainage_hits
from ui.map.corridor_layer import corridor_limits
from ui.map.rail_legend import rail_entries
from ui.map.tools.tool import NOTHING
from ui.moment import moment_of
from ui.rail_hover import tell_rail

LONG = 30_000
NONE, ALT, CONTROL = Qt.MouseButton.NoButton, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def project() -> Project:
    return rail_line()


@pytest.fixture
def desk(one_desk: Desk, qtbot: QtBot, project: Project) -> Desk:
    one_desk.session.open(project, saved=True)
    one_desk.window.steps.choose("rail")
    one_desk.use_tool("")
    one_desk.rail.show_plan("")
    one_desk.rail.choose(-1)
    one_desk.jobs.last_words = ""
    one_desk.canvas.fit()
    qtbot.waitUntil(lambda: one_desk.derived.project is project, timeout=LONG)
    return one_desk


@pytest.fixture
def hand(desk: Desk) -> Hand:
    return Hand(desk.canvas)


def plan_of(desk: Desk) -> RailPlan:
    assert desk.session.project.rail is not None
    return desk.session.project.rail


def at(hand: Hand, along: float, aside: float = 0.0) -> QPointF:
    """The pixel at a place of the line, or some metres beside it to the south."""
    plan = hand.canvas.showing.project.rail
    assert plan is not None
    x, y = place_at(plan.lines[0], along)
    return hand.pixel(x, y - aside)


def ends(desk: Desk, plan: str = "day") -> list[float]:
    return [plan_of(desk).segments[row].high for row in plan_of(desk).of_plan(plan)]


# breaks


def test_the_tools_are_there_at_their_step_alone(desk: Desk) -> None:
    for name, here in (("grids", False), ("rail", True)):
        desk.window.steps.choose(name)
        for tool in ("rail-break", "rail-add"):
            assert desk.window.action_set.is_possible(tool, moment_of(desk)) is here
    desk.use_tool("rail-break")
    desk.window.steps.choose("grids")
    assert desk.tool == ""


def test_a_break_is_dragged_along_the_line_and_undone(desk: Desk, hand: Hand) -> None:
    desk.use_tool("rail-break")
    hand.move(at(hand, 4000.0), held=NONE)
    assert [tally.name for tally in desk.canvas.gestures.preview.tallies] == ["1-02", "1-03"]
    hand.press(at(hand, 4000.0))
    hand.move(at(hand, 4200.0))
    hand.move(at(hand, 4700.0, aside=60.0))
    shown = desk.canvas.gestures.preview
    assert shown.tallies[0].told.startswith("2.70 km · work 2.70 (+30%)")
    assert desk.side.rail.chart._elsewhere == (1, 4700.0)
    assert not desk.session.history.past
    hand.release(at(hand, 4700.0, aside=60.0))
    assert desk.side.rail.chart._elsewhere[0] == -1
    assert ends(desk)[:3] == [2000.0, 4700.0, 6000.0]
    assert desk.session.history.present.words == shown.words == "Move a break to K104+720"
    assert plan_of(desk).segments[1].workload == pytest.approx(2.7)
    assert desk.side.rail._more.text().startswith("Changed by hand: the heaviest weighs 2.70")
    desk.session.undo()
    assert ends(desk)[1] == 4000.0
    assert ends(desk, "night") == [4000.0, 8000.0, 12_000.0]


def test_a_break_snaps_to_where_it_may_be_and_alt_says_why_not(desk: Desk, hand: Hand) -> None:
    desk.use_tool("rail-break")
    hand.drag(at(hand, 8000.0), at(hand, 7600.0), at(hand, 7160.0))
    assert ends(desk)[3] == 7050.0  # the mouth of the tunnel
    desk.session.undo()
    hand.press(at(hand, 8000.0))
    hand.move(at(hand, 7200.0), keys=ALT)
    shown = desk.canvas.gestures.preview
    assert shown.refused
    assert "关山隧道" in shown.warning
    hand.release(at(hand, 7200.0), keys=ALT)
    assert ends(desk)[3] == 8000.0


def test_escape_leaves_a_break_where_it_was(desk: Desk, hand: Hand) -> None:
    desk.use_tool("rail-break")
    hand.press(at(hand, 4000.0))
    hand.move(at(hand, 4600.0))
    hand.key(Qt.Key.Key_Escape)
    hand.release(at(hand, 4600.0))
    assert not desk.session.history.past


def test_a_click_adds_a_break_and_control_takes_one_away(desk: Desk, hand: Hand) -> None:
    desk.use_tool("rail-add")
    hand.move(at(hand, 5000.0), held=NONE)
    assert [tally.name for tally in desk.canvas.gestures.preview.tallies] == ["1-03", "New segment"]
    hand.click(at(hand, 5000.0))
    assert ends(desk)[:4] == [2000.0, 4000.0, 5000.0, 6000.0]
    desk.use_tool("rail-break")
    hand.click(at(hand, 5000.0), keys=CONTROL)
    assert ends(desk)[:3] == [2000.0, 4000.0, 6000.0]
    assert len(desk.session.history.past) == 2


def test_a_locked_segment_keeps_its_breaks(desk: Desk, hand: Hand) -> None:
    desk.do(LockSegments((1,)))
    desk.use_tool("rail-break")
    hand.press(at(hand, 4000.0))
    hand.move(at(hand, 4500.0))
    assert desk.canvas.gestures.preview.warning == "Segment 1-02 is locked; unlock it first"
    hand.release(at(hand, 4500.0))
    assert ends(desk)[1] == 4000.0


def test_keys_lock_walk_remove_and_give(desk: Desk) -> None:
    qt = desk.window.action_set.qt
    qt["rail-next"].trigger()
    qt["rail-next"].trigger()
    assert desk.rail.row == 1
    qt["lock"].trigger()
    assert plan_of(desk).segments[1].locked
    assert not qt["rail-give-next"].isEnabled()
    qt["lock"].trigger()
    qt["rail-give-next"].trigger()
    assert (plan_of(desk).segments[1].squad, plan_of(desk).segments[1].guard) == (2, 4)
    assert desk.rail.row == 1  # it stays chosen under its new code
    desk.rail.choose(5, closer=False)
    qt["rail-remove"].trigger()  # the last one of its line loses the break before it
    assert ends(desk) == [2000.0, 4000.0, 6000.0, 8000.0, 12_000.0]


def test_the_menu_of_the_map_does_what_the_tools_do(desk: Desk, hand: Hand) -> None:
    def words(menu: QMenu) -> list[str]:
        return [action.text() for action in menu.actions() if not action.isSeparator()]

    menu = desk.rail.menu.menu_at(at(hand, 5000.0))
    assert menu is not None
    assert words(menu)[:2] == ["Add a break here", "Choose segment 1-03"]
    assert words(menu)[-2:] == ["Copy K105+020", "Copy DK5+500 up track"]
    menu.actions()[0].trigger()
    assert 5000.0 in ends(desk)
    menu = desk.rail.menu.menu_at(at(hand, 2060.0))
    assert menu is not None
    assert words(menu)[0] == "Take away the break between 1-01 and the next"
    squads = next(under for action in menu.actions() if isinstance(under := action.menu(), QMenu))
    squads.actions()[0].trigger()
    assert [segment.squad for segment in plan_of(desk).segments[:3]] == [1, 2, 1]
    assert desk.rail.menu.menu_at(at(hand, 5000.0, aside=900.0)) is None


def test_a_segment_is_renamed_and_stays_chosen(desk: Desk) -> None:
    desk.rail.choose(0, closer=False)
    desk.rail.recode()
    dialog = desk.window.findChildren(RouteCodeDialog)[-1]
    dialog.field.setText("1-02")
    assert not dialog.accept_button.isEnabled()
    dialog.field.setText("西口")
    dialog.accept()
    assert plan_of(desk).segments[0].code == "西口"
    assert desk.session.history.present.words == "Call segment 1-01 西口"
    assert desk.rail.row == 0


def test_the_plan_of_the_night_has_breaks_of_its_own(desk: Desk, hand: Hand) -> None:
    desk.rail.choose(4, closer=False)
    desk.rail.show_plan("night")
    assert desk.rail.row == -1
    assert desk.canvas.showing.rail_choice == "night"
    desk.use_tool("rail-break")
    hand.drag(at(hand, 4000.0), at(hand, 4300.0), at(hand, 4500.0))
    assert ends(desk, "night")[0] == 4500.0
    assert ends(desk)[1] == 4000.0


def test_a_drag_on_the_chart_goes_into_the_same_history(desk: Desk) -> None:
    work = desk.side.rail.chart.work
    assert work is not None
    desk.side.rail.chart.edit_made.emit(work.moved(0, 2500.0, 1.0)[1])
    assert ends(desk)[0] == 2500.0
    desk.session.undo()
    assert ends(desk)[0] == 2000.0


def test_what_the_chart_has_in_hand_is_seen_on_the_map_until_it_is_let_go(desk: Desk, qtbot: QtBot) -> None:
    chart, left = desk.side.rail.chart, Qt.MouseButton.LeftButton
    start = QPoint(round(chart.reach.x(4000.0)), chart.height() // 2)
    qtbot.mousePress(chart, left, pos=start)
    qtbot.mouseMove(chart, start + QPoint(12, 0))
    shown = desk.canvas.gestures.preview
    assert [line[[0, -1], 0].tolist() for line in shown.lines[1:]] == [[2000.0, 4000.0], [4000.0, 6000.0]]
    assert shown.marks is not None
    assert shown.marks[0, 0] > 4000.0
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert desk.canvas.gestures.preview is NOTHING
    qtbot.mouseRelease(chart, left, pos=start + QPoint(12, 0))
    assert ends(desk)[1] == 4000.0


# chainage


def test_a_click_reads_the_chainage_and_chooses_the_segment(desk: Desk, hand: Hand) -> None:
    hand.click(at(hand, 5000.0))
    assert desk.rail.row == 2
    assert desk.jobs.last_words == "K105+020 · DK5+500 up track · 青南线"
    hand.click(at(hand, 5000.0, aside=1500.0))
    assert desk.rail.row == -1


def test_the_status_line_reads_the_posts_near_the_line_alone(desk: Desk, hand: Hand) -> None:
    told: list[str] = []
    x, y = place_at(plan_of(desk).lines[0], 5000.0)
    for aside in (0.0, 2000.0):
        told.append(desk.rail.words_at((x, y - aside)))
    assert told == ["K105+020 · DK5+500 up track · 青南线", ""]


def test_a_chainage_that_is_typed_leads_there(desk: Desk) -> None:
    desk.rail.go_to("K105+020")
    assert desk.canvas._mark == pytest.approx((5000.0, 0.0))
    desk.rail.go_to("dk5+500")
    assert desk.canvas._mark == pytest.approx((5000.0, 0.0))
    desk.rail.go_to("K103+010")
    assert desk.canvas._mark == pytest.approx((3000.0, 0.0))
    assert desk.jobs.last_words.startswith("K103+010 is left out by a broken chain; this is K103+020")
    desk.rail.go_to("K500")
    assert desk.jobs.last_words == "No line reads K500; the lines are 青南线 K100+000–K111+720"


def test_a_reading_that_occurs_twice_lists_both_places(desk: Desk, qtbot: QtBot) -> None:
    hits = chainage_hits(desk.rail.lines, "K108+800")
    assert [hit.words.split(" · ")[0] for hit in hits] == ["K107+1800", "K108+800"]
    desk.rail.go_to("K108+800")
    box = desk.finder.box
    assert box.isVisibleTo(desk.canvas)
    qtbot.waitUntil(lambda: box.list.count() == 2 and "K107+1800" in box.list.item(0).text(), timeout=LONG)
    box._take(box.list.item(1))
    assert desk.canvas._mark == pytest.approx(place_at(plan_of(desk).lines[0], 9080.0))


def test_chainage_is_read_and_typed_before_there_is_a_plan(desk: Desk, qtbot: QtBot, project: Project) -> None:
    bare = dataclasses.replace(project, rail=None)
    desk.session.open(bare, saved=True)
    qtbot.waitUntil(lambda: len(desk.rail.lines) == 1, timeout=LONG)
    line = desk.rail.lines[0]
    assert line.mileage.text(0.0) == "K100+000"
    assert desk.rail.words_at(place_at(line, 500.0)).endswith("青南线")
    desk.side.rail.go.setText("K101+000")
    desk.side.rail.go.returnPressed.emit()
    assert desk.canvas._mark == pytest.approx((1000.0, 0.0), abs=1.0)


def test_the_find_box_says_what_a_broken_chain_leaves_out(desk: Desk) -> None:
    (hit,) = chainage_hits(desk.rail.lines, "K103+010")
    assert hit.note == "broken chain, K103+010 is left out"
    assert chainage_hits(desk.rail.lines, "103") == ()


def test_the_card_at_the_cursor_tells_place_segment_and_base(desk: Desk, hand: Hand) -> None:
    assert tell_rail(desk, at(hand, 1000.0).toPoint())
    card = desk.card
    facts = {name.text(): value.text() for name, value in card._rows if not name.isHidden()}
    assert card._title.text() == "Segment 1-01"
    assert facts["From–to"] == "K100+000–K102+000"
    assert facts["Work"] == "2.30 (+10%)"
    assert tell_rail(desk, hand.pixel(7500.0, 900.0).toPoint())
    assert card._title.text() == "Base 东站所"
    assert not tell_rail(desk, QPoint(3, 3))


# the map


def test_the_legend_names_squads_signs_and_households(desk: Desk) -> None:
    words = [entry.words for entry in rail_entries(desk.canvas.showing)]
    assert words[:5] == ["Squad 1", "Squad 2", "Base of a squad", "Entry point of the line", "Broken chain"]
    corridor = plan_of(desk).corridor
    assert len(words) == 10
    limits = corridor_limits(corridor)
    assert list(limits) == sorted(set(limits))
    assert limits[-1] < corridor.households.max()


def test_each_layer_of_the_railway_is_seen_and_can_be_hidden(desk: Desk, qtbot: QtBot) -> None:
    pictures = []
    for hidden in (frozenset[str](), frozenset({"guards"}), frozenset({"corridor"}), frozenset({"chainage"})):
        desk.hidden = desk.maps.hidden_at("rail") | hidden
        desk.rail.choose(2, closer=False)
        desk.show_maps()
        qtbot.waitUntil(lambda: not desk.canvas.is_unfinished, timeout=LONG)
        image = desk.canvas.grab().toImage()
        pictures.append(np.frombuffer(image.constBits(), np.uint8).copy())
    assert all((pictures[0] != other).any() for other in pictures[1:])
