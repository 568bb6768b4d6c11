"""The page of the patrol routes: figures, variants and days, stops, coverage, and what it does in the window."""

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.edits.patrol_edits import PickStreet
from gridplanner.model.issues import Issue, Level
from gridplanner.model.patrol import PatrolPlan
from gridplanner.model.patrol_coverage import coverage_of_day, coverage_of_week
from gridplanner.model.project import Project
from tests.patrol_town import WEST, made_plan
from tests.ui.fitting import faults
from tests.ui.pages import rows_of
from ui import styles
from ui.coverage_rows import seen_of_zones
from ui.desk import Desk
from ui.dialogs.step_settings import StepSettingsDialog
from ui.map.patrol_strokes import routes_shown
from ui.panels.patrol_page import PatrolPage
from ui.panels.sorted_table import SortedTable
from ui.panels.tab_strip import TabStrip
from ui.patrol_figures import patrol_figures, unserved
from ui.steps import State

LONG = 30_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def town() -> Project:
    return made_plan()


def plan_of(project: Project) -> PatrolPlan:
    assert project.patrol is not None
    return project.patrol


@pytest.fixture(scope="module")
def one_page(qapp: QApplication) -> Iterator[PatrolPage]:
    styles.use_theme(qapp, "light")
    made = PatrolPage()
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def page(one_page: PatrolPage, town: Project) -> PatrolPage:
    """The page as narrow as the panel lets it be, showing the first variant with no route chosen."""
    one_page.resize(343, 640)
    one_page.show_plan(town, "", -1)
    one_page.show_state(State.DONE)
    one_page.tabs.choose("routes")
    one_page.coverage.tabs.choose("streets")
    one_page.retranslate()
    return one_page


def click_row(qtbot: QtBot, table: SortedTable, row: int) -> None:
    """Click a row of a table with the mouse."""
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.rows.index(row, 0)).center())


def test_the_figures_are_those_of_the_variant_shown(page: PatrolPage, town: Project) -> None:
    plan = plan_of(town)
    figures = patrol_figures(plan, "1")
    first = [route for route in plan.routes if route.variant == 1]
    assert (figures.routes, figures.metres) == (4, sum(route.required_m + route.dead_m for route in first))
    east = [route.minutes for route in first if route.zone != WEST]
    west = [route.minutes for route in first if route.zone == WEST]
    assert figures.ratio == pytest.approx(max(2 * max(east) / sum(east), 2 * max(west) / sum(west)))
    assert page._heading.text() == "4 routes · 6.0 km · 67 % empty"
    assert page._more.text() == "longest 33 min, mean 23 min · longest route 1.42 × the mean of its zone (X02)"
    assert page._more.toolTip() == "X01: longest 33 min, mean 24 min\nX02: longest 33 min, mean 23 min"
    assert not page.left_out.isVisible()


def test_each_route_has_a_row_with_its_crews_figures(page: PatrolPage) -> None:
    assert rows_of(page.table)[:2] == [
        ["X01-1", "X01", "1", "08:00", "14", "2.0", "75%", "1"], ["X01-2", "X01", "2", "16:00", "33", "1.2", "58%", "0"],
    ]  # fmt: skip
    assert page.table.isColumnHidden(1)  # the code says it too
    page.resize(600, 640)
    assert not page.table.isColumnHidden(1)


def test_a_variant_and_a_day_can_be_chosen_and_say_which_routes_these_are(page: PatrolPage, town: Project, qtbot: QtBot) -> None:
    words = [page.choice.itemText(row) for row in range(page.choice.count())]
    assert words == ["Variant 1", "Variant 2", *(f"As drawn for day {day}" for day in range(1, 8))]
    told: list[str] = []
    page.choice_taken.connect(told.append)
    page.choice.setFocus()
    qtbot.keyClick(page.choice, Qt.Key.Key_Down)
    assert told == ["2"]
    page.show_plan(town, "day:1", -1)
    plan = plan_of(town)
    drawn = {draw.zone: draw.variant for draw in plan.draws if draw.day == 1}
    assert {plan.routes[row].code for row in routes_shown(plan, "day:1")} == {row[0] for row in rows_of(page.table)}
    assert all(plan.routes[row].variant == drawn[plan.routes[row].zone] for row in routes_shown(plan, "day:1"))
    assert page.choice.currentText() == "As drawn for day 2"


def test_a_route_shows_its_stops_in_order_with_the_clock(page: PatrolPage, town: Project, qtbot: QtBot) -> None:
    assert not page.card.isVisible()
    with qtbot.waitSignal(page.route_chosen) as told:
        click_row(qtbot, page.table, 1)
    page.show_plan(town, "", told.args[0])
    assert page.card._title.text() == "X01-2 · 西区 · 16:00–16:33"
    assert page.card._figures.text() == "33 min · 1.2 km, of these 0.7 km empty"
    assert rows_of(page.card.stops) == [
        ["", "西派出所", "16:00", "", ""], ["1", "五街", "16:00", "", "2"],
        ["2", "Break", "16:02", "", "30"], ["", "西派出所", "16:33", "", ""],
    ]  # fmt: skip
    qtbot.mouseClick(page.card.stops.horizontalHeader().viewport(), LEFT, pos=QPoint(80, 10))
    assert rows_of(page.card.stops)[0][1] == "西派出所"  # the order is that of driving
    with qtbot.waitSignal(page.card.stop_chosen) as where:
        click_row(qtbot, page.card.stops, 2)
    rest = plan_of(town).routes[1].stops[2]
    assert where.args == [rest.x, rest.y]
    with qtbot.waitSignal(page.route_chosen) as told:
        qtbot.mouseClick(page.card.all, LEFT)
    assert told.args == [-1]


def test_what_is_on_no_route_is_counted_for_the_variant_shown(page: PatrolPage, town: Project, qtbot: QtBot) -> None:
    def lost(**values: object) -> Issue:
        return Issue(Level.WARNING, "unserved", "{zone} {name}", {"zone": "西区", "name": "三街", **values}, "routes", "X01")

    plan = dataclasses.replace(plan_of(town), issues=(lost(), lost(variant=2), Issue(Level.INFO, "balance", "even")))
    short = dataclasses.replace(town, patrol=plan)
    assert [len(unserved(short, choice)) for choice in ("1", "2", "")] == [1, 2, 1]
    page.show_plan(short, "2", -1)
    assert page.left_out.text() == "2 streets or sites are on no route ›"
    with qtbot.waitSignal(page.findings_asked):
        qtbot.mouseClick(page.left_out, LEFT)


def test_a_route_beyond_its_shift_is_red_and_one_outside_its_zone_says_so(page: PatrolPage, town: Project) -> None:
    plan = plan_of(town)
    routes = (dataclasses.replace(plan.routes[0], minutes=121.0, outside_m=1250.0), *plan.routes[1:])
    page.show_plan(dataclasses.replace(town, patrol=dataclasses.replace(plan, routes=routes)), "", 0)
    ink = page.table.rows.index(0, 0).data(Qt.ItemDataRole.ForegroundRole)
    assert ink is not None
    assert page.table.rows.index(1, 0).data(Qt.ItemDataRole.ForegroundRole) is None
    assert page._more.text().endswith("1.2 km outside the zones")
    assert page.card._figures.text().endswith("1.2 km outside its zone")


def test_without_a_plan_the_page_says_what_to_do_and_with_an_old_one_that_it_is_old(page: PatrolPage, town: Project) -> None:
    page.show_state(State.STALE)
    assert page._heading.text().endswith("out of date")
    assert page._heading.objectName() == "warning"
    page.show_project(dataclasses.replace(town, patrol=None))
    assert page._heading.text() == "No patrol routes yet. Press “Plan patrol routes” at the left."
    assert not page.tabs.isVisible()
    assert not page.play.isVisible()


def test_a_plan_from_before_streets_were_kept_is_shown_all_the_same(page: PatrolPage, town: Project) -> None:
    old = tuple(
        dataclasses.replace(route, arcs=np.zeros(0, np.int64), calls=(), passed=np.zeros(0), call_of_arc=np.zeros(0, np.int64))
        for route in plan_of(town).routes[:2]
    )
    page.show_plan(dataclasses.replace(town, patrol=PatrolPlan(old)), "", 0)
    assert [row[0] for row in rows_of(page.table)] == ["X01-1", "X01-2"]
    assert not page.choice.isVisible()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_fits_the_narrowest_panel_and_all_that_the_keyboard_reaches_has_a_name(
    page: PatrolPage, town: Project, language: str
) -> None:
    i18n.set_language(language)
    page.show_plan(town, "", 0)
    page.coverage.show_spans(town, "", "")
    page.coverage.show_coverage(town, coverage_of_week(town))
    page.retranslate()
    for tab in ("routes", "coverage"):
        page.tabs.choose(tab)
        QApplication.processEvents()
        assert faults(page) == []


def test_the_page_of_coverage_has_streets_sites_and_zones_of_a_day_or_all_days(page: PatrolPage, town: Project, qtbot: QtBot) -> None:
    coverage = page.coverage
    page.tabs.choose("coverage")
    coverage.show_spans(town, "2", "patrol-visits")
    coverage.show_coverage(town, coverage_of_day(town, 2))
    assert coverage.span.currentText() == "Day 3"
    assert coverage.theme.currentText() == "Visits"
    assert [row[0] for row in rows_of(coverage.sites)] == ["水厂", "车站"]
    assert rows_of(coverage.sites)[0][1:] == ["1", "24 h"]
    day = coverage_of_day(town, 2)
    assert day is not None
    assert [row[0] for row in rows_of(coverage.zones)] == seen_of_zones(town, day)[0] == ["X01", "X02"]
    with qtbot.waitSignal(coverage.lines_chosen) as lines:
        click_row(qtbot, coverage.streets, 0)
    assert len(lines.args[0]) == 10
    coverage.tabs.choose("sites")
    with qtbot.waitSignal(coverage.place_chosen) as place:
        click_row(qtbot, coverage.sites, 1)
    assert place.args == town.key_sites.xy[1].tolist()
    told: list[str] = []
    coverage.theme_taken.connect(told.append)
    coverage.theme.setFocus()
    qtbot.keyClick(coverage.theme, Qt.Key.Key_Up)
    assert told == ["patrol-interval"]


@pytest.fixture
def desk(one_desk: Desk, qtbot: QtBot, town: Project) -> Desk:
    one_desk.session.open(town, saved=True)
    one_desk.maps.use_theme("grid")
    one_desk.window.steps.choose("patrol")
    one_desk.side.patrol.tabs.choose("routes")
    one_desk.patrol.show_choice("")
    one_desk.canvas.fit()
    qtbot.waitUntil(lambda: one_desk.derived.project is town and one_desk.derived.checked, timeout=LONG)
    return one_desk


def test_a_click_on_a_row_chooses_the_route_and_the_map_shows_it_closer(desk: Desk, qtbot: QtBot, town: Project) -> None:
    assert desk.side.tabs.current == "patrol"
    before = desk.canvas.view.scale
    click_row(qtbot, desk.side.patrol.table, 0)
    assert desk.canvas.showing.patrol_route == 0
    assert desk.canvas.view.scale > before
    assert desk.side.patrol.card.isVisible()
    desk.patrol.show_choice("2")
    chosen = plan_of(town).routes[desk.canvas.showing.patrol_route]
    assert (chosen.zone, chosen.crew, chosen.variant) == (WEST, 0, 2)  # the same crew in the other variant
    click_row(qtbot, desk.side.patrol.card.stops, 1)
    assert desk.canvas._mark is not None


def test_a_route_is_locked_from_its_card_and_undo_takes_that_back(desk: Desk, qtbot: QtBot) -> None:
    click_row(qtbot, desk.side.patrol.table, 1)
    card = desk.side.patrol.card
    qtbot.mouseClick(card.lock, LEFT)
    assert plan_of(desk.session.project).routes[1].locked
    assert card.lock.text() == "Unlock"
    assert card.row == 1  # the same route stays chosen in the new plan
    desk.session.undo()
    assert not plan_of(desk.session.project).routes[1].locked


def test_the_coverage_is_worked_out_when_its_tab_is_seen_and_colours_the_map(desk: Desk, qtbot: QtBot) -> None:
    page = desk.side.patrol
    page.tabs.choose("coverage")
    qtbot.waitUntil(lambda: page.coverage.streets.rows.rowCount() == 2, timeout=LONG)
    assert "see a patrol within 150 m, 08:00–20:00" in page.coverage._words.text()
    page.coverage.theme.setFocus()
    qtbot.keyClick(page.coverage.theme, Qt.Key.Key_Down)
    assert desk.canvas.showing.map_theme == "patrol-interval"
    assert desk.maps.legend is not None
    assert desk.maps.legend._head.text() == "By longest patrol interval"
    desk.window.steps.choose("zones")
    assert desk.maps.theme != "patrol-interval"  # the theme is the step's own
    desk.window.steps.choose("patrol")
    assert desk.maps.theme == "patrol-interval"


def test_the_list_of_what_is_on_no_route_leads_to_the_findings_of_patrols(desk: Desk) -> None:
    desk.side.patrol.findings_asked.emit()
    assert desk.side.tabs.current == "issues"
    assert desk.side.issues._subject.currentData() == "patrol"
    desk.side.open_tab("patrol")


def test_the_settings_of_the_step_are_asked_for_and_picked_streets_can_be_cleared(desk: Desk, qtbot: QtBot) -> None:
    assert desk.do(PickStreet(500_000.0, 3_900_000.0)) == ""
    desk.window.steps.settings_asked.emit()
    dialog = next(made for made in desk.window.findChildren(StepSettingsDialog) if made.isVisible())
    dialog._boxes["variants"].setValue(5)  # type: ignore[union-attr]
    tabs = dialog.findChild(TabStrip)
    assert tabs is not None
    qtbot.mouseClick(tabs.button("By name"), LEFT)
    qtbot.mouseClick(dialog._clear, LEFT)
    qtbot.mouseClick(dialog.accept_button, LEFT)
    assert desk.session.project.settings.patrol is not None
    assert desk.session.project.settings.patrol.variants == 5
    assert desk.session.project.picks == ()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_step_fits_the_smallest_window(desk: Desk, language: str) -> None:
    window = desk.window
    before = window.size()
    window.resize(960, 600)
    desk.use_language(language)
    desk.patrol.choose(0)
    for tab in ("routes", "coverage"):
        desk.side.patrol.tabs.choose(tab)
        QApplication.processEvents()
        assert faults(window) == []
    desk.use_language("en")
    window.resize(before)
