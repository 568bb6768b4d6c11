"""Street chiefs in the window: stretches in colours that differ where they meet, the table, and what lies below the pointer."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gridplanner.model.project import Project
from gridplanner.model.street_chiefs import ChiefPlan, Stretch
from tests.ui.builders import planned, town
from tests.ui.duty_towns import in_charge
from tests.ui.pages import rows_of, shown_page
from tests.ui.painting import Painting
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.map.chief_layer import HUES, middle_of, stretch_colours, stretch_near
from ui.map.scene import Showing
from ui.map.view import View
from ui.panels.chiefs_page import ChiefsPage, charge_of, charge_words
from ui.preferences import Preferences
from ui.steps import State, hidden_at
from ui.styles import Theme

LONG = 30_000
VIEW = View(360.0, 240.0, 0.9, 800, 600)


@pytest.fixture(scope="module")
def district() -> Project:
    return in_charge(planned(town()))


@pytest.fixture
def page(qtbot: QtBot, look: Theme, district: Project) -> ChiefsPage:
    return shown_page(qtbot, ChiefsPage(), district, 500)


def showing_of(project: Project, look: Theme) -> Showing:
    return Showing(project, look, "en", hidden=hidden_at("chiefs"))


def test_stretches_that_meet_differ_in_colour_and_those_of_one_code_are_alike(district: Project) -> None:
    plan = district.chiefs
    assert plan is not None
    one, two, across, lane = stretch_colours(plan)
    assert len({one, two, across}) == 3  # they meet in one place
    assert lane == across


def test_on_a_lattice_of_streets_no_two_that_touch_are_alike() -> None:
    size = 12
    rows = [Stretch(f"A{i}", "", np.column_stack((np.arange(size) * 50.0, np.full(size, 50.0 * i))), 1.0, 1.0) for i in range(size)]
    pieces = [
        Stretch(f"B{j}-{i}", "", np.array([[50.0 * j, 50.0 * i], [50.0 * j, 50.0 * (i + 1)]]), 1.0, 1.0)
        for j in range(size) for i in range(size - 1)
    ]  # fmt: skip
    plan = ChiefPlan((*rows, *pieces))
    colours = stretch_colours(plan)
    at: dict[tuple[float, float], list[int]] = {}
    for row, stretch in enumerate(plan.stretches):
        for place in stretch.coords.tolist():
            at.setdefault((place[0], place[1]), []).append(row)
    assert all(len({colours[row] for row in meeting}) == len(meeting) for meeting in at.values())


def test_the_map_shows_each_stretch_in_its_colour(look: Theme, district: Project) -> None:
    picture = Painting(VIEW).show(showing_of(district, look))
    plan = district.chiefs
    assert plan is not None
    for place, row in (((100.0, 200.0), 0), ((600.0, 200.0), 1), ((360.0, 100.0), 2)):
        x, y = (round(part) for part in VIEW.point_to_screen(*place))
        seen = {picture.pixelColor(x + dx, y + dy).name() for dx in range(-3, 4) for dy in range(-3, 4)}
        assert QColor(HUES[stretch_colours(plan)[row]]).name() in seen
    bare = Painting(VIEW).show(showing_of(dataclasses.replace(district, chiefs=None), look))
    assert bare != picture


def test_the_stretch_below_a_place_is_the_nearest_within_reach(district: Project) -> None:
    plan = district.chiefs
    assert plan is not None
    assert stretch_near(plan, 100.0, 206.0, 8.0) == 0
    assert stretch_near(plan, 100.0, 206.0, 5.0) == -1
    assert stretch_near(plan, 362.0, 100.0, 8.0) == 2
    assert middle_of(plan.stretches[2].coords) == (360.0, 240.0)


def test_the_table_has_a_row_for_each_code_with_both_sides(page: ChiefsPage, district: Project, qtbot: QtBot) -> None:
    assert rows_of(page.table) == [
        ["S001", "中山路", "张街长", "0.36", "−50 %", "01, 02 | 04"],
        ["S002", "中山路", "李街长", "0.36", "0 %", "03 | 05, 06"],
        ["S003", "street without a name, 北巷", "", "0.54", "+50 %", "01, 07 | 02"],
    ]
    assert page._heading.text() == "3 stretches · 1.3 km · 1 without a chief"
    assert not page._detail.isVisible()
    with qtbot.waitSignal(page.lines_chosen) as told:
        page.table.clicked.emit(page.table.rows.index(2, 0))
    assert district.chiefs is not None
    assert [line is stretch.coords for line, stretch in zip(told.args[0], district.chiefs.stretches[2:], strict=True)] == [True, True]
    assert page._detail.text() == "S003 · street without a name, 北巷 · 0.54 km · chief: – · left: 01, 07 · right: 02"
    charge = charge_of(district, 3)
    assert charge is not None
    assert charge_words(charge) == page._detail.text()
    assert charge_of(district, 4) is None


def test_without_a_plan_the_page_says_what_to_do_and_with_an_old_one_that_it_is_old(page: ChiefsPage, district: Project) -> None:
    page.show_state(State.STALE)
    assert page._heading.text().endswith("out of date")
    page.show_project(dataclasses.replace(district, chiefs=None))
    assert page._heading.text() == "No street chiefs yet. Press “Divide the streets” at the left."
    assert not page.table.isVisible()


@pytest.fixture
def desk(qtbot: QtBot, preferences: Preferences, district: Project) -> Iterator[Desk]:
    make_app(preferences)
    window = make_window(preferences)
    qtbot.waitUntil(lambda: window.desk is not None, timeout=LONG)
    made = window.desk
    assert made is not None
    made.session.open(district, saved=True)
    window.steps.choose("chiefs")
    qtbot.waitUntil(lambda: made.derived.checked and made.canvas.unit_at(100.0, 100.0) >= 0, timeout=LONG)
    yield made
    made.session.mark_saved(made.session.project)
    window.close()


def test_a_row_is_shown_closer_and_marked_on_the_map_and_the_card_tells_of_it(desk: Desk, qtbot: QtBot) -> None:
    assert desk.side.tabs.current == "chiefs"
    table = desk.side.chiefs.table
    before = desk.canvas.view
    table.clicked.emit(table.rows.index(0, 0))
    view = desk.canvas.view
    assert view.scale > before.scale
    assert (view.x, view.y) == pytest.approx((180.0, 200.0))
    assert len(desk.canvas._traced) == 1
    desk.canvas.hovered.emit(0, QPointF(*view.point_to_screen(180.0, 200.0)).toPoint())
    assert desk.card._title.text() == "Stretch S001"
    desk.canvas.mark((0.0, 0.0))
    assert not desk.canvas._traced
