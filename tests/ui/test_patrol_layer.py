"""Patrol routes on the map: lanes, sides, what is drawn of a variant and of the chosen route, and the coverage in classes."""

import dataclasses
import itertools

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import coverage_of_week
from gridplanner.model.project import Project
from tests.patrol_town import BLOCK, EAST, WEST, X, Y, made_plan
from tests.ui.painting import Painting
from ui import styles
from ui.map.coverage_classes import DARK, LIGHT, NEVER, interval_class, interval_words, visits_class, visits_words
from ui.map.coverage_layer import MISSED, PLAIN, street_classes
from ui.map.duty_legend import legend_with_duty
from ui.map.patrol_layer import STEP, arrows_along, chosen_route
from ui.map.patrol_marks import paler, route_colour
from ui.map.patrol_strokes import arc_coords, required_rows, route_colours, routes_shown, sides_of, streets_left_out, strokes_of
from ui.map.scene import Showing
from ui.map.themes import legend_of
from ui.map.view import View
from ui.steps import hidden_at
from ui.styles import THEMES, Theme

VIEW = View(X + 5 * BLOCK, Y + 2.5 * BLOCK, 0.8, 1000, 600)


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


@pytest.fixture(scope="module")
def look(qapp: QApplication) -> Theme:
    styles.use_theme(qapp, "light")
    return styles.theme()


@pytest.fixture(scope="module")
def plan(town: Project) -> PatrolPlan:
    assert town.patrol is not None
    return town.patrol


def showing_of(project: Project, look: Theme, **more: object) -> Showing:
    return dataclasses.replace(Showing(project, look, "en", hidden=hidden_at("patrol") | {"zones", "labels"}), **more)  # type: ignore[arg-type]


def colours_at(picture: QImage, column: float, row: float, reach: int = 3) -> set[str]:
    """Return the colours around a place of the lattice."""
    x, y = (round(part) for part in VIEW.point_to_screen(X + BLOCK * column, Y + BLOCK * row))
    return {picture.pixelColor(x + dx, y + dy).name() for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1)}


def test_routes_of_a_variant_or_of_a_day_are_shown(plan: PatrolPlan) -> None:
    assert [plan.routes[row].variant for row in routes_shown(plan, "")] == [1] * 4
    assert [plan.routes[row].variant for row in routes_shown(plan, "2")] == [2] * 4
    drawn = {draw.zone: draw.variant for draw in plan.draws if draw.day == 3}
    assert {(plan.routes[row].zone, plan.routes[row].variant) for row in routes_shown(plan, "day:3")} == set(drawn.items())
    assert routes_shown(plan, "9") == routes_shown(plan, "1")  # there is no variant 9


def test_a_crew_has_one_colour_in_all_variants_and_crews_that_meet_differ(plan: PatrolPlan) -> None:
    colours = route_colours(plan)
    by_crew: dict[tuple[int, int], set[int]] = {}
    for route, colour in zip(plan.routes, colours, strict=True):
        by_crew.setdefault((route.zone, route.crew), set()).add(colour)
    assert all(len(each) == 1 for each in by_crew.values())
    assert len({min(each) for each in by_crew.values()}) == 4


def test_the_lines_follow_every_arc_once_in_driving_order(plan: PatrolPlan) -> None:
    strokes = strokes_of(plan, "1")
    for row in routes_shown(plan, "1"):
        lines = [strokes.coords[strokes.offsets[at] : strokes.offsets[at + 1]] for at in np.flatnonzero(strokes.route == row)]
        driven = np.concatenate([lines[0], *(line[1:] for line in lines[1:])])
        assert driven.tolist() == plan.routes[row].coords.tolist()
        assert all((first[-1] == second[0]).all() for first, second in itertools.pairwise(lines))
        length = sum(np.hypot(*np.diff(line, axis=0).T).sum() for line in lines)
        empty = sum(np.hypot(*np.diff(strokes.coords[strokes.offsets[at] : strokes.offsets[at + 1]], axis=0).T).sum()
                    for at in np.flatnonzero((strokes.route == row) & strokes.dead))  # fmt: skip
        assert empty == pytest.approx(plan.routes[row].dead_m)
        assert length - empty == pytest.approx(plan.routes[row].required_m)


def test_routes_that_share_a_street_lie_beside_each_other_and_others_in_its_middle(plan: PatrolPlan) -> None:
    strokes = strokes_of(plan, "1")
    rows = {row: set((plan.routes[row].arcs >> 1).tolist()) for row in routes_shown(plan, "1")}
    shared = [edge for edge in set().union(*rows.values()) if sum(edge in each for each in rows.values()) > 1]
    assert shared  # both crews of a zone leave by the same street
    assert set(np.abs(strokes.lane).tolist()) == {0.0, 0.5}
    for edge in shared:
        middle = plan.streets.lines.line(edge).mean(axis=0)
        places = set()
        for at in range(len(strokes)):
            line = strokes.coords[strokes.offsets[at] : strokes.offsets[at + 1]]
            side = strokes.side[strokes.offsets[at] : strokes.offsets[at + 1]]
            for number in range(len(line) - 1):
                if (line[[number, number + 1]].mean(axis=0) == middle).all():
                    ahead = line[number + 1] - line[number]
                    right = np.array([ahead[1], -ahead[0]]) / BLOCK
                    assert side[number] @ right >= 0.99
                    places.add((int(strokes.route[at]), *np.round(right * strokes.lane[at], 3).tolist()))
        assert len({route for route, *_where in places}) == len({tuple(where) for _route, *where in places})


def test_sides_point_to_the_right_and_reach_farther_at_corners() -> None:
    coords = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 0.0], [0.0, 5.0]])
    side = sides_of(coords, np.array([0, 3, 5]))
    assert side[0].tolist() == [0.0, -1.0]
    assert side[1] == pytest.approx([1.0, -1.0])  # a corner to the left
    assert side[2].tolist() == [1.0, 0.0]
    assert side[3:].tolist() == [[1.0, 0.0], [1.0, 0.0]]
    back = sides_of(np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 0.0]]), np.array([0, 3]))
    assert np.hypot(*back.T).tolist() == [1.0, 1.0, 1.0]  # where it turns round too


def test_arcs_against_their_street_are_turned_round(plan: PatrolPlan) -> None:
    line = plan.streets.lines.line(7)
    coords, counts = arc_coords(plan, np.array([14, 15, 14]))
    assert counts.tolist() == [2, 2, 2]
    assert coords.tolist() == [*line.tolist(), *line[::-1].tolist(), *line.tolist()]


def test_arrows_lie_on_their_lines_and_point_along_them() -> None:
    screen = np.array([[0.0, 0.0], [3 * STEP, 0.0], [0.0, 50.0], [0.0, 60.0], [10.0, 0.0], [10.0, 60.0]])
    places, ways, line = arrows_along(screen, np.array([0, 2, 4, 6]))
    assert line.tolist() == [0, 0, 0, 2]  # the second is too short for one
    assert places[:3].tolist() == [[STEP / 2, 0.0], [1.5 * STEP, 0.0], [2.5 * STEP, 0.0]]
    assert places[3].tolist() == [10.0, 30.0]
    assert ways.tolist() == [[1.0, 0.0]] * 3 + [[0.0, 1.0]]


def test_the_map_shows_the_routes_in_their_colours_and_the_chosen_one_above_pale_others(
    town: Project, plan: PatrolPlan, look: Theme
) -> None:
    painting = Painting(VIEW)
    picture = painting.show(showing_of(town, look))
    west, east = (next(row for row in routes_shown(plan, "1") if plan.routes[row].zone == zone) for zone in (WEST, EAST))
    colour = {row: route_colour(route_colours(plan)[row], look) for row in (west, east)}
    assert colour[west].name() in colours_at(picture, 0.7, 1.0)
    assert colour[east].name() in colours_at(picture, 8.4, 1.0)
    chosen = painting.show(showing_of(town, look, patrol_route=west))
    assert colour[west].name() in colours_at(chosen, 0.7, 1.0)
    assert paler(colour[east], look).name() in colours_at(chosen, 8.4, 1.0)
    assert colour[east].name() not in colours_at(chosen, 8.4, 1.0)
    assert painting.show(showing_of(town, look, patrol_choice="2")) != picture
    hidden = showing_of(town, look)
    assert painting.show(dataclasses.replace(hidden, hidden=hidden.hidden | {"patrol"})) != picture


def test_a_route_of_another_variant_is_not_the_chosen_one(town: Project, plan: PatrolPlan, look: Theme) -> None:
    other = next(row for row, route in enumerate(plan.routes) if route.variant == 2)
    assert chosen_route(showing_of(town, look, patrol_route=other)) == -1
    assert chosen_route(showing_of(town, look, patrol_route=other, patrol_choice="2")) == other
    assert chosen_route(showing_of(Project(), look, patrol_route=0)) == -1


def asked(town: Project, plan: PatrolPlan, name: str) -> Project:
    """Return the town with a street that must be patrolled too, whose routes do not know of it."""
    times = plan.streets.times.copy()
    times[plan.streets.names == name] = 1
    return dataclasses.replace(town, patrol=dataclasses.replace(plan, streets=dataclasses.replace(plan.streets, times=times)))


def test_streets_that_must_be_patrolled_and_are_not_are_drawn_in_the_colour_of_what_is_wrong(
    town: Project, plan: PatrolPlan, look: Theme
) -> None:
    more = asked(town, plan, "六街")
    assert more.patrol is not None
    assert len(streets_left_out(plan, "1")) == 0
    assert len(streets_left_out(more.patrol, "1")) == 10
    painting = Painting(VIEW)
    assert QColor(look.bad).name() not in colours_at(painting.show(showing_of(town, look)), 3.5, 5.0)
    assert QColor(look.bad).name() in colours_at(painting.show(showing_of(more, look)), 3.5, 5.0)
    words = [entry.words for entry in legend_with_duty("", (), showing_of(more, look))[1]]
    assert "Must be patrolled, on no route" in words
    assert "Must be patrolled, on no route" not in [entry.words for entry in legend_with_duty("", (), showing_of(town, look))[1]]


def test_the_legend_says_what_every_line_and_sign_means(town: Project, plan: PatrolPlan, look: Theme) -> None:
    locked = dataclasses.replace(plan, routes=(dataclasses.replace(plan.routes[0], locked=True), *plan.routes[1:]))
    title, entries = legend_with_duty("By grid", (), showing_of(dataclasses.replace(town, patrol=locked), look))
    assert title == "Patrol routes"
    assert [entry.swatch for entry in entries] == ["line", "thin-dash", "stop:depot", "stop:site", "stop:rest", "lock"]


def test_classes_of_intervals_and_visits_have_fixed_limits_with_a_colour_and_words_each() -> None:
    hours = np.array([0.5, 12.0, 24.2, 59.0, 84.0, 168.0, np.inf])
    assert interval_class(hours, one_day=False).tolist() == [0, 0, 1, 2, 3, 4, NEVER]
    assert interval_class(hours[:2], one_day=True).tolist() == [0, 4]
    assert visits_class(np.array([0, 1, 3, 4, 7, 8, 29]), one_day=False).tolist() == [NEVER, 0, 0, 1, 1, 2, 4]
    for one_day in (False, True):
        assert len(interval_words(one_day=one_day)) == len(visits_words(one_day=one_day)) == len(LIGHT) == len(DARK)
    assert visits_words(one_day=True) == ("1 ×", "2 ×", "3–4 ×", "5–8 ×", "≥ 9 ×")


def test_every_class_is_lighter_or_darker_than_the_one_before() -> None:
    for scheme, rising in ((LIGHT, False), (DARK, True)):
        light = [_luminance(QColor(colour)) for colour in scheme]
        assert light == sorted(light, reverse=not rising)
        assert min(np.abs(np.diff(light))) > 0.03


def _luminance(colour: QColor) -> float:
    """Return how light a colour is to the eye (WCAG 2.1, relative luminance)."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]  # type: ignore[index]
    return float(np.dot((0.2126, 0.7152, 0.0722), parts))


def test_the_coverage_map_has_streets_in_their_classes_and_missed_ones_in_the_colour_of_what_is_wrong(
    town: Project, plan: PatrolPlan, look: Theme
) -> None:
    week = coverage_of_week(town)
    assert week is not None
    classes = street_classes(plan, week, "patrol-interval", one_day=False)
    assert set(classes[required_rows(plan)].tolist()) == {1}  # about a day
    assert (classes[week.visits == 0] == PLAIN).all()
    painting = Painting(VIEW)
    shown = painting.show(showing_of(town, look, map_theme="patrol-interval"))
    assert LIGHT[1] in colours_at(shown, 0.7, 1.0)
    assert [entry.colour for entry in legend_of(showing_of(town, look, map_theme="patrol-interval"))][:5] == list(LIGHT)
    more = asked(town, plan, "六街")
    assert more.patrol is not None
    found = street_classes(more.patrol, week, "patrol-visits", one_day=False)
    assert (found[plan.streets.names == "六街"] == MISSED).all()
    assert QColor(look.bad).name() in colours_at(painting.show(showing_of(more, look, map_theme="patrol-visits")), 3.5, 5.0)
    dark = Painting(VIEW).show(showing_of(town, THEMES["dark"], map_theme="patrol-interval"))
    assert DARK[1] in colours_at(dark, 0.7, 1.0)


def test_without_a_plan_there_is_no_coverage_to_show(town: Project, look: Theme) -> None:
    bare = dataclasses.replace(town, patrol=None)
    words = [entry.words for entry in legend_of(showing_of(bare, look, map_theme="patrol-interval"))]
    assert "no patrol comes by" not in words
