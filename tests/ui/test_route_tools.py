"""The tools of patrol routes in the window: clicks and drags on the map, keys, menus and buttons, and what each comes to."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from gridplanner.edits.patrol_edits import LockRoutes, PickStreet
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.project import Project
from tests.patrol_town import BLOCK, X, Y, edge_between, made_plan, node, place
from tests.ui.hand import Hand
from ui.desk import Desk
from ui.dialogs.route_code_dialog import RouteCodeDialog
from ui.map.tools.route_work import change_words
from ui.moment import moment_of
from ui.steps import State

LONG = 30_000
NONE, SHIFT, CONTROL = Qt.MouseButton.NoButton, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


@pytest.fixture
def desk(one_desk: Desk, qtbot: QtBot, town: Project) -> Desk:
    one_desk.session.open(town, saved=True)
    one_desk.window.steps.choose("patrol")
    one_desk.patrol.show_choice("")
    one_desk.use_tool("")
    one_desk.routes.choose(-1)
    one_desk.canvas.fit()
    qtbot.waitUntil(lambda: one_desk.derived.project is town, timeout=LONG)
    return one_desk


@pytest.fixture
def hand(desk: Desk) -> Hand:
    desk.use_tool("route")
    return Hand(desk.canvas)


def plan_of(desk: Desk) -> PatrolPlan:
    assert desk.session.project.patrol is not None
    return desk.session.project.patrol


def route(desk: Desk, row: int = 0) -> Route:
    return plan_of(desk).routes[row]


def words(desk: Desk) -> str:
    return desk.session.history.present.words


def street(desk: Desk, start: int, end: int) -> int:
    return edge_between(plan_of(desk).streets, start, end) // 2


def at_street(hand: Hand, start: int, end: int) -> QPointF:
    """The pixel at two fifths of a block: not where signs are."""
    (x0, y0), (x1, y1) = place(start), place(end)
    return hand.pixel(0.6 * x0 + 0.4 * x1, 0.6 * y0 + 0.4 * y1)


def patrols(desk: Desk, row: int) -> set[int]:
    return {arc // 2 for call in route(desk, row).calls if call.kind == "street" for arc in call.arcs}


# the route tool


def test_the_tools_are_there_at_their_step_alone(desk: Desk) -> None:
    for name, here in (("grids", False), ("patrol", True)):
        desk.window.steps.choose(name)
        for tool in ("route", "pick-street"):
            assert desk.window.action_set.is_possible(tool, moment_of(desk)) is here
    desk.use_tool("route")
    desk.window.steps.choose("grids")
    assert desk.tool == ""


def test_a_click_chooses_a_route_and_control_another(desk: Desk, hand: Hand) -> None:
    assert desk.routes.hint == "Routes: click a route to choose it; then click streets, or drag its line or its depot"
    hand.click(at_street(hand, node(3, 1), node(4, 1)))
    assert desk.canvas.showing.patrol_route == 0
    assert desk.side.patrol.card.row == 0
    hand.click(at_street(hand, node(3, 4), node(4, 4)), keys=CONTROL)
    assert desk.canvas.showing.patrol_route == 1
    assert not desk.session.history.past
    hand.key(Qt.Key.Key_Escape)
    assert desk.canvas.showing.patrol_route == -1


def test_a_click_gives_a_street_takes_it_out_and_tells_the_minutes_before(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    lane = at_street(hand, node(3, 1), node(3, 0))
    hand.move(lane, held=NONE)
    shown = desk.canvas.gestures.preview
    edge = street(desk, node(3, 1), node(3, 0))
    before = route(desk)
    assert shown.words == f"Give {plan_of(desk).streets.names[edge]} to route X01-1"
    hand.click(lane)
    assert edge in patrols(desk, 0)
    assert shown.title == f"X01-1  {change_words(before.minutes, route(desk).minutes)}"
    assert words(desk) == shown.words
    hand.move(lane, held=NONE)
    assert desk.canvas.gestures.preview.words.startswith("Take 纬4路")
    hand.click(lane)
    assert edge not in patrols(desk, 0)
    for _step in range(2):
        desk.session.undo()
    assert route(desk) is before


def test_the_other_crew_that_loses_a_street_is_told_of_too(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    fifth = at_street(hand, node(1, 4), node(2, 4))
    hand.move(fifth, held=NONE)
    shown = desk.canvas.gestures.preview
    assert [tally.name for tally in shown.tallies] == ["X01-2"]
    hand.click(fifth)
    edge = street(desk, node(1, 4), node(2, 4))
    assert edge in patrols(desk, 0)
    assert edge not in patrols(desk, 1)


def test_a_required_street_that_is_taken_out_is_among_the_findings_at_once(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    hand.click(at_street(hand, node(3, 1), node(4, 1)))
    assert words(desk) == "Take 二街 from route X01-1"
    assert [issue.kind for issue in plan_of(desk).issues] == ["unserved"]


def test_a_way_is_dragged_through_a_street_and_taken_back_by_a_click(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    before = route(desk)
    start, goal = at_street(hand, node(3, 1), node(4, 1)), at_street(hand, node(3, 0), node(4, 0))
    hand.press(start)
    hand.move(start + QPointF(3, 3))
    assert desk.canvas.gestures.preview.words.startswith("Take 二街")  # still a click
    hand.move((start + goal) / 2)
    hand.move(goal)
    assert desk.canvas.gestures.preview.words == "Lead route X01-1 through 一街"
    hand.release(goal)
    edge = street(desk, node(3, 0), node(4, 0))
    assert [call.kind for call in route(desk).calls].count("via") == 1
    assert edge in route(desk).arcs // 2
    assert edge not in patrols(desk, 0)
    hand.move(goal, held=NONE)
    assert desk.canvas.gestures.preview.words == "Let route X01-1 go its own way"
    hand.click(goal)
    assert np.array_equal(route(desk).arcs, before.arcs)


def test_escape_abandons_a_drag_and_an_empty_place_does_nothing(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    hand.press(at_street(hand, node(3, 1), node(4, 1)))
    hand.move(at_street(hand, node(3, 0), node(4, 0)))
    hand.key(Qt.Key.Key_Escape)
    hand.release(at_street(hand, node(3, 0), node(4, 0)))
    assert not desk.session.history.past
    hand.drag(at_street(hand, node(3, 1), node(4, 1)), hand.pixel(X + 3.5 * BLOCK, Y + 0.5 * BLOCK))
    assert not desk.session.history.past


def test_a_site_is_given_and_taken_by_a_click(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(1)
    site = hand.pixel(*place(node(0, 0)))
    hand.click(site)
    assert words(desk) == "Give 水厂 to route X01-2"
    hand.click(site)
    assert words(desk) == "Take 水厂 from route X01-2"
    assert route(desk, 1).sites == 0


def test_the_depot_is_dragged_to_another_junction_with_shift_for_the_zone(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    depot = hand.pixel(*place(node(2, 3)))
    hand.move(depot, held=NONE)
    assert "Drag the depot of route X01-1" in desk.canvas.gestures.preview.hint
    hand.drag(depot, hand.pixel(*place(node(3, 3))), hand.pixel(*place(node(4, 3))))
    assert [route(desk, row).depot_node for row in (0, 1)] == [node(4, 3), node(2, 3)]
    desk.session.undo()
    hand.drag(depot, hand.pixel(*place(node(4, 3))), keys=SHIFT)
    assert [route(desk, row).depot_node for row in (0, 1)] == [node(4, 3), node(4, 3)]
    assert words(desk) == "Let 2 routes start at another place: Junction"


def test_a_locked_route_refuses_and_says_why(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    desk.do(LockRoutes((0,)))
    lane = at_street(hand, node(3, 1), node(3, 0))
    hand.move(lane, held=NONE)
    assert desk.canvas.gestures.preview.refused
    assert desk.canvas.gestures.preview.warning == "Route X01-1 is locked; unlock it first"
    hand.click(lane)
    assert words(desk) == "Lock 1 route"


# keys, buttons, menus


def test_keys_lock_reorder_and_take_out(desk: Desk, qtbot: QtBot) -> None:
    actions = desk.window.action_set.qt
    desk.routes.choose(0)
    assert actions["lock"].text() == "Lock"
    actions["lock"].trigger()
    assert route(desk).locked
    assert actions["lock"].text() == "Unlock"
    assert not actions["route-reverse"].isEnabled()
    actions["lock"].trigger()
    assert not actions["route-remove"].isEnabled()  # no stop is marked
    desk.side.patrol.card.stops.light(2)
    assert desk.routes.stop == 2
    actions["route-earlier"].trigger()
    assert words(desk) == "Do 水厂 earlier on route X01-1"
    assert desk.routes.stop == 1  # the mark goes with the stop
    actions["route-later"].trigger()
    assert [call.kind for call in route(desk).calls] == ["street", "site"]
    actions["route-remove"].trigger()
    assert [call.kind for call in route(desk).calls] == ["street"]
    assert actions["route-remove"].shortcut().toString() == "Del"


def test_buttons_of_the_card_do_what_they_say(desk: Desk) -> None:
    buttons = desk.routes.buttons
    desk.routes.choose(0)
    desk.side.patrol.card.stops.light(1)
    assert {name: button.isEnabled() for name, button in buttons.items()} == {"up": False, "down": True, "close": True, "reverse": True}
    before = route(desk)
    buttons["down"].click()
    assert [call.kind for call in route(desk).calls] == ["site", "street"]
    desk.side.patrol.card.stops.light(2)
    buttons["reverse"].click()
    assert words(desk) == "Drive 二街 the other way on route X01-1"
    desk.side.patrol.card.stops.light(-1)
    buttons["reverse"].click()
    assert words(desk) == "Turn route X01-1 round"
    assert all(button.toolTip() and button.accessibleName() for button in buttons.values())
    for _step in range(3):
        desk.session.undo()
    assert route(desk) is before
    desk.routes.move_stop(2, 1)
    assert [call.kind for call in route(desk).calls] == ["site", "street"]
    desk.routes.give(1, 1)
    assert words(desk) == "Give 水厂 to route X01-2"


def entries(menu: QMenu) -> dict[str, QMenu | None]:
    return {action.text(): action.menu() for action in menu.actions() if not action.isSeparator()}  # type: ignore[misc]


def choose(menu: QMenu, *texts: str) -> None:
    for text in texts[:-1]:
        below = entries(menu)[text]
        assert below is not None
        menu = below
    next(action for action in menu.actions() if action.text() == texts[-1]).trigger()


def test_the_menu_of_the_map_offers_what_can_be_done_there(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    menu = desk.routes.menu.menu_at(at_street(hand, node(3, 1), node(4, 1)))
    assert menu is not None
    offered = list(entries(menu))
    assert offered[:5] == ["Do it earlier", "Do it later", "Drive it the other way", "Give it to route", "Take it out of the route"]
    assert "Take 二街 from route X01-1" in offered
    assert {"Turn route X01-1 round", "Lock route X01-1", "Plan the rest of its zone again"} <= set(offered)
    choose(menu, "Give it to route", "X01-2")
    assert words(desk) == "Give 二街 to route X01-2"
    menu = desk.routes.menu.menu_at(at_street(hand, node(7, 4), node(8, 4)))
    assert menu is not None
    choose(menu, "Choose route X02-2")
    assert route(desk, desk.canvas.showing.patrol_route).code == "X02-2"


def test_a_street_is_picked_by_the_menu_as_often_as_wished_on_both_sides(desk: Desk, hand: Hand) -> None:
    lane = at_street(hand, node(3, 1), node(3, 0))
    for texts, picked in (
        (("纬4路: need not be patrolled", "Must be patrolled 3 times a shift"), (3, False)),
        (("纬4路: need not be patrolled", "On both sides"), (3, True)),
        (("纬4路: need not be patrolled", "Need not be patrolled"), (0, False)),
    ):
        menu = desk.routes.menu.menu_at(lane)
        assert menu is not None
        choose(menu, *texts)
        assert [(pick.times, pick.both) for pick in desk.session.project.picks] == [picked]
    menu = desk.routes.menu.menu_at(lane)
    assert menu is not None
    choose(menu, "纬4路: need not be patrolled", "As its class says")
    assert desk.session.project.picks == ()


def test_the_pick_tool_says_what_must_and_what_need_not_be_patrolled(desk: Desk) -> None:
    desk.use_tool("pick-street")
    hand = Hand(desk.canvas)
    desk.routes.wish = type(desk.routes.wish)(0.0, 0.0, 2)
    lane = at_street(hand, node(3, 1), node(3, 0))
    hand.move(lane, held=NONE)
    assert desk.canvas.gestures.preview.title == "纬4路: need not be patrolled"
    hand.click(lane)
    assert words(desk) == "Patrol a street 2 times a shift"
    assert [(pick.times, pick.x, pick.y) for pick in desk.session.project.picks] == [(2, X + 3 * BLOCK, Y + 0.5 * BLOCK)]
    hand.move(lane, held=NONE)
    assert desk.canvas.gestures.preview.title == "Picked: 2 times a shift"
    hand.click(lane, keys=SHIFT)
    assert [pick.times for pick in desk.session.project.picks] == [0]
    hand.click(lane, keys=SHIFT)
    assert desk.session.project.picks == ()
    desk.routes.wish = type(desk.routes.wish)(0.0, 0.0)


def test_another_code_is_asked_for(desk: Desk, qtbot: QtBot) -> None:
    desk.routes.choose(0)
    desk.routes.recode()
    dialog = desk.window.findChildren(RouteCodeDialog)[-1]
    dialog.field.setText("X01-2")
    dialog.field.setText("晨巡一号")
    dialog.accept()
    assert route(desk).code == "晨巡一号"
    assert words(desk) == "Call route X01-1 晨巡一号"


def test_planning_the_rest_again_goes_to_the_worker_with_the_variant_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(desk.jobs, "run", lambda *given, **more: asked.append((*given, more["can_finish"])))
    assert desk.window.action_set.qt["resolve"].text() == "Plan the rest again"
    desk.window.action_set.qt["resolve"].trigger()
    desk.patrol.show_choice("2")
    desk.routes.solve_rest(1)
    project = desk.session.project
    told = "Plan the rest again", "gridplanner.planning.patrol_rest:propose_rest", project
    assert asked == [(*told, None, 1, True), (*told, 1, 2, True)]
    desk.patrol.show_choice("day:0")
    desk.routes.solve_rest()
    assert len(asked) == 2  # a day shows several variants


def test_words_of_a_stale_plan_say_whose_streets_are_meant(desk: Desk, hand: Hand, qtbot: QtBot) -> None:
    desk.do(PickStreet(X + 3 * BLOCK, Y + 0.5 * BLOCK))
    qtbot.waitUntil(lambda: desk.derived.states.get("patrol") is State.STALE, timeout=LONG)
    assert desk.routes.hint.startswith("Out of date: changes by hand follow the streets that the routes were planned on")
    desk.routes.choose(0)
    hand.click(at_street(hand, node(3, 1), node(3, 0)))
    assert words(desk) == "Give 纬4路 to route X01-1"


def test_changes_of_minutes_in_words() -> None:
    assert change_words(226.0, 232.0) == "+6 min → 3 h 52"
    assert change_words(232.4, 226.4) == "−6 min → 3 h 46"
    assert change_words(59.8, 59.9) == "±0 min → 1 h 00"


def test_an_edit_is_shown_within_fifty_milliseconds(desk: Desk, hand: Hand) -> None:
    desk.routes.choose(0)
    places = [at_street(hand, node(c, r), node(c + 1, r)) for r in (0, 2, 3, 5) for c in range(5)]
    hand.move(places[0], held=NONE)
    took = []
    for at in places[1:]:
        begun = time.process_time()
        hand.move(at, held=NONE)
        took.append(time.process_time() - begun)
    assert sorted(took)[len(took) // 2] < 0.05
