"""Crews on their way: where they are at a time of day, and play, pause, slider and speed in the window."""

import dataclasses
import time

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner.edits.patrol_edits import LockRoutes
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.project import Project
from tests.patrol_town import made_plan
from ui.desk import Desk
from ui.map.patrol_strokes import route_colours
from ui.panels.play_bar import SPEEDS
from ui.patrol_hover import passes, street_near
from ui.patrol_motion import Way, span_of, ways_of
from ui.patrol_show import PatrolShow

LONG = 30_000
EIGHT, FOUR = 8 * 60.0, 16 * 60.0


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


@pytest.fixture(scope="module")
def plan(town: Project) -> PatrolPlan:
    assert town.patrol is not None
    return town.patrol


def way_of(plan: PatrolPlan, code: str) -> Way:
    return next(way for way in ways_of(plan, "1") if plan.routes[way.row].code == code)


def test_a_crew_is_where_each_arc_begins_at_the_time_it_is_passed(plan: PatrolPlan) -> None:
    for way in ways_of(plan, "1"):
        route = plan.routes[way.row]
        for number, minute in enumerate(route.passed[:-1].tolist()):
            assert way.at(minute) == pytest.approx(tuple(route.coords[number]), abs=1e-6)
        assert way.at(route.passed[-1]) == pytest.approx(tuple(route.coords[-1]), abs=1e-6)
        assert (np.diff(way.minutes) >= 0).all()


def test_a_crew_drives_evenly_along_a_street_and_is_nowhere_before_and_after(plan: PatrolPlan) -> None:
    way, route = way_of(plan, "X01-1"), plan.routes[0]
    half = (route.passed[0] + route.passed[1]) / 2
    assert way.at(half) == pytest.approx(tuple(route.coords[:2].mean(axis=0)))
    assert way.at(EIGHT - 0.1) is None
    assert way.at(EIGHT + route.minutes + 0.1) is None
    begin, end = span_of(ways_of(plan, "1"))
    assert (begin, end) == (EIGHT, pytest.approx(FOUR + plan.routes[1].minutes))
    assert span_of(()) == (0.0, 0.0)


def test_a_crew_stands_where_it_stops_and_only_there(plan: PatrolPlan) -> None:
    for code in ("X01-1", "X01-2"):
        way = way_of(plan, code)
        route = plan.routes[way.row]
        stop = next(stop for stop in route.stops if stop.kind in {"site", "rest"})
        for minute in (stop.arrive + 0.1, stop.arrive + stop.dwell / 2, stop.arrive + stop.dwell - 0.1):
            assert way.at(minute) == pytest.approx((stop.x, stop.y), abs=1e-6)
            assert way.stands(minute)
        assert not way.stands(stop.arrive - 0.1)
        assert not way.stands(stop.arrive + stop.dwell + 0.1)


def test_the_ways_of_a_plan_from_before_streets_were_kept_go_evenly_along_their_line(plan: PatrolPlan) -> None:
    none = np.zeros(0, np.int64)
    old = dataclasses.replace(plan.routes[0], arcs=none, call_of_arc=none, passed=np.zeros(0), calls=())
    (way,) = ways_of(PatrolPlan((old,)), "1")
    assert way.at(EIGHT) == tuple(old.coords[0])
    assert way.at(EIGHT + old.minutes) == pytest.approx(tuple(old.coords[-1]))


@pytest.fixture
def desk(one_desk: Desk, qtbot: QtBot, town: Project) -> Desk:
    one_desk.session.open(town, saved=True)
    one_desk.window.steps.choose("patrol")
    one_desk.patrol.show_choice("")
    one_desk.canvas.fit()
    one_desk.side.patrol.play.speed.setCurrentIndex(SPEEDS.index(600))
    qtbot.waitUntil(lambda: one_desk.derived.project is town and one_desk.derived.checked, timeout=LONG)
    return one_desk


def marks(desk: Desk) -> tuple[tuple[float, float], ...]:
    crews = desk.patrol._crews
    assert crews is not None
    return tuple((mark.x, mark.y) for mark in crews.marks)


def is_shown(desk: Desk) -> bool:
    crews = desk.patrol._crews
    return crews is not None and crews.isVisible()


def press_play(desk: Desk, qtbot: QtBot) -> None:
    qtbot.mouseClick(desk.side.patrol.play.button, Qt.MouseButton.LeftButton)


def test_play_lets_the_crews_move_and_pause_keeps_them_where_they_are(desk: Desk, qtbot: QtBot) -> None:
    play = desk.side.patrol.play
    assert not is_shown(desk)
    assert play.button.accessibleName() == "Show the crews on their way"
    press_play(desk, qtbot)
    assert desk.patrol.plays
    assert play.button.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: desk.patrol.minute is not None and desk.patrol.minute > EIGHT + 0.4)
    first = marks(desk)
    assert len(first) == 2  # the morning crews, one a zone
    qtbot.waitUntil(lambda: marks(desk) != first)
    press_play(desk, qtbot)
    stood = marks(desk)
    qtbot.wait(80)
    assert marks(desk) == stood
    assert is_shown(desk)
    assert play.slider.value() > play.slider.minimum()


def test_only_the_crews_are_painted_anew_while_they_move(desk: Desk, qtbot: QtBot) -> None:
    frame = desk.canvas.frame
    qtbot.waitUntil(lambda: not desk.canvas.is_unfinished, timeout=LONG)
    frame = desk.canvas.frame
    press_play(desk, qtbot)
    qtbot.wait(200)
    assert desk.canvas.frame is frame  # the picture of the map is still the very same
    press_play(desk, qtbot)


def test_the_key_plays_and_the_slider_shows_any_time(desk: Desk, qtbot: QtBot, plan: PatrolPlan) -> None:
    desk.window.action_set.qt["patrol-play"].trigger()
    assert desk.patrol.plays
    desk.window.action_set.qt["patrol-play"].trigger()
    assert not desk.patrol.plays
    play = desk.side.patrol.play
    play.slider.setValue(round((FOUR + 10) * 10))
    assert play.time.text() == "16:10"
    crews = desk.patrol._crews
    assert crews is not None
    assert [mark.stands for mark in crews.marks] == [True, True]  # both evening crews rest
    assert {mark.colour for mark in crews.marks} == {route_colours(plan)[1], route_colours(plan)[5]}
    play.slider.setFocus()
    qtbot.keyClick(play.slider, Qt.Key.Key_Right)
    assert play.time.text() == "16:11"


def test_hours_in_which_nobody_is_out_are_passed_over_and_the_end_stops_the_clock(desk: Desk, qtbot: QtBot) -> None:
    desk.patrol.go_to(EIGHT + 14.1)
    press_play(desk, qtbot)
    qtbot.waitUntil(lambda: (desk.patrol.minute or 0.0) >= FOUR, timeout=5000)
    desk.patrol.go_to(FOUR + 32.8)
    qtbot.waitUntil(lambda: not desk.patrol.plays, timeout=5000)
    assert desk.side.patrol.play.time.text() == "16:33"
    press_play(desk, qtbot)  # again from the beginning
    assert desk.patrol.minute == pytest.approx(EIGHT, abs=1.0)


def test_the_crew_of_the_chosen_route_stands_out(desk: Desk) -> None:
    desk.patrol.go_to(EIGHT + 5)
    desk.patrol.choose(0)
    crews = desk.patrol._crews
    assert crews is not None
    assert [mark.pale for mark in crews.marks] == [False, True]
    desk.patrol.choose(-1)
    assert not any(mark.pale for mark in crews.marks)


@pytest.mark.parametrize("what", ["step", "plan", "variant", "hidden"])
def test_another_step_plan_or_variant_ends_the_show(desk: Desk, what: str) -> None:
    desk.patrol.toggle_play()
    assert is_shown(desk)
    if what == "step":
        desk.window.steps.choose("zones")
    elif what == "plan":
        desk.do(LockRoutes((0,)))
    elif what == "variant":
        desk.patrol.show_choice("2")
    else:
        desk.toggle_layer("patrol")
        desk.patrol.go_to(EIGHT + 5)
        desk.patrol._timer.stop()
    assert not is_shown(desk)
    assert not desk.patrol.plays
    if what == "hidden":
        desk.toggle_layer("patrol")
    if what == "step":
        desk.patrol.toggle_play()  # not at the step: nothing to play
        assert not desk.patrol.plays


def test_a_picture_of_twelve_crews_is_made_in_a_fraction_of_a_fortieth_second(desk: Desk, town: Project, plan: PatrolPlan) -> None:
    shifted = [
        dataclasses.replace(
            route, code=f"{route.code}{turn}", crew=route.crew + 2 * turn, passed=route.passed + turn,
            stops=tuple(dataclasses.replace(stop, arrive=stop.arrive + turn) for stop in route.stops),
        )
        for turn in range(6) for route in plan.routes if route.variant == 1 and route.stops[0].arrive < 600
    ]  # fmt: skip
    desk.session.open(dataclasses.replace(town, patrol=dataclasses.replace(plan, routes=tuple(shifted), draws=())), saved=True)
    show: PatrolShow = desk.patrol
    show.go_to(EIGHT + 6)
    assert len(marks(desk)) == 12
    began = time.thread_time()
    for turn in range(40):
        show.go_to(EIGHT + 6 + turn / 10)
        QApplication.processEvents()
    assert (time.thread_time() - began) / 40 < 0.020


def test_the_card_at_the_cursor_tells_when_a_route_passes(desk: Desk, plan: PatrolPlan) -> None:
    route = plan.routes[0]
    street = route.coords[np.flatnonzero(route.call_of_arc == 0)[0] :][:2].mean(axis=0)  # the middle of the first block it patrols
    desk.canvas.hovered.emit(-1, QPointF(*desk.canvas.view.point_to_screen(*street.tolist())).toPoint())
    assert desk.card._title.text() == "Route X01-1"
    shown = {name.text(): value.text() for name, value in desk.card._rows if not value.isHidden()}
    assert shown["On duty"] == "08:00–08:14"
    way = way_of(plan, "X01-1")
    patrols = float(route.passed[np.flatnonzero(route.call_of_arc == 0)[0]]) + 1 / 6  # half of the 20 s that a block takes
    there, does, back = passes(way, *street.tolist(), 5.0)
    assert (there, does) == (pytest.approx(480.0 + 35 / 60), pytest.approx(patrols))
    assert back > 490.0
    assert shown["Passes here"].startswith("08:0")
    assert passes(way, 0.0, 0.0, 5.0) == []
    desk.canvas.hovered.emit(-1, QPointF(2.0, 2.0).toPoint())
    assert not desk.card.isVisible()


def test_on_the_coverage_map_the_card_tells_how_a_street_is_covered(desk: Desk, qtbot: QtBot, plan: PatrolPlan) -> None:
    desk.side.patrol.tabs.choose("coverage")
    desk.maps.use_theme("patrol-visits")
    qtbot.waitUntil(lambda: desk.patrol.coverage is not None, timeout=LONG)
    row = int(np.flatnonzero(plan.streets.names == "二街")[2])
    x, y = plan.streets.lines.line(row).mean(axis=0).tolist()
    assert street_near(plan, x, y + 3.0, 5.0) == row
    assert street_near(plan, x, y + 30.0, 5.0) == -1
    desk.canvas.hovered.emit(-1, QPointF(*desk.canvas.view.point_to_screen(x, y)).toPoint())
    assert desk.card._title.text() == "二街"
    assert [value.text() for _name, value in desk.card._rows[:4]] == ["yes", "7 times", "10 times", "24.2 h"]
    desk.maps.use_theme("grid")
    desk.side.patrol.tabs.choose("routes")
