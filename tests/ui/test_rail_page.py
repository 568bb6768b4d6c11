"""The page of the railway and its chart: figures, plans, segments with their card, corridor, and what a hand on the chart does."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.edits.rail_edits import LockSegments, MoveBreak
from gridplanner.model.project import Project
from gridplanner.model.rail import RailPlan
from gridplanner.model.rail_work import work_between
from gridplanner.roster_settings import RosterSettings
from tests.ui.fitting import clipped, nameless, outside, overlapping
from tests.ui.pages import rows_of
from tests.ui.rail_line import LONG, rail_line
from ui import styles
from ui.map.tools.tool import NOTHING, Preview
from ui.panels.rail_chart import RailChart
from ui.panels.rail_drawing import Profile, break_places
from ui.panels.rail_page import RailPage
from ui.panels.rail_profile import axis_of
from ui.panels.sorted_table import SortedTable
from ui.rail_figures import proof_words
from ui.steps import State

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture(scope="module")
def project() -> Project:
    return rail_line()


@pytest.fixture(scope="module")
def one_page(qapp: QApplication) -> Iterator[RailPage]:
    styles.use_theme(qapp, "light")
    made = RailPage()
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def page(one_page: RailPage, project: Project) -> RailPage:
    """The page as narrow as the panel lets it be, by day, with no segment chosen and all of the line on its chart."""
    one_page.resize(343, 700)
    one_page.show_plan(project, "", -1)
    one_page.show_state(State.DONE)
    one_page.tabs.choose("segments")
    one_page.retranslate()
    one_page.chart.mouseDoubleClickEvent(mouse(one_page.chart, QEvent.Type.MouseButtonDblClick, 60.0, LEFT))
    one_page.chart._let_go()
    return one_page


def plan_of(project: Project) -> RailPlan:
    assert project.rail is not None
    return project.rail


def click_row(qtbot: QtBot, table: SortedTable, row: int) -> None:
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.rows.index(row, 0)).center())


def mouse(chart: RailChart, kind: QEvent.Type, x: float, button: Qt.MouseButton, held: Qt.MouseButton = NONE) -> QMouseEvent:
    at = QPointF(x, 60.0)
    return QMouseEvent(kind, at, chart.mapToGlobal(at), button, held, PLAIN)


def move(chart: RailChart, x: float, held: Qt.MouseButton = NONE) -> None:
    QApplication.sendEvent(chart, mouse(chart, QEvent.Type.MouseMove, x, NONE, held))


def press(chart: RailChart, x: float) -> None:
    QApplication.sendEvent(chart, mouse(chart, QEvent.Type.MouseButtonPress, x, LEFT, LEFT))


def release(chart: RailChart, x: float) -> None:
    QApplication.sendEvent(chart, mouse(chart, QEvent.Type.MouseButtonRelease, x, LEFT))


def x_of(chart: RailChart, along: float) -> float:
    """Return the pixel of a place of the line."""
    return chart.reach.x(along)


def test_the_figures_are_those_of_the_plan_shown(page: RailPage, project: Project) -> None:
    assert page._heading.text() == "12.0 km · 6 guards · work max/mean 1.104"
    assert page._more.text() == "Proven: the heaviest segment cannot weigh less than 2.30"
    assert page._more.objectName() == "good"
    assert page.findings.text() == "1 finding ›"
    page.show_plan(project, "night", -1)
    assert page._heading.text() == "12.0 km · 3 guards · work max/mean 1.032"
    assert [row[0] for row in rows_of(page.table)] == ["N1-01", "N1-02", "N1-03"]


def test_a_division_heavier_than_its_bound_for_wished_breaks_tells_both(project: Project) -> None:
    plan = plan_of(project)
    heavier = dataclasses.replace(plan.proofs[0], value=2.31, bound=2.30, status="optimal")
    words, mood = proof_words(dataclasses.replace(plan, proofs=(heavier,)), "day")
    assert words == "Heaviest 2.31; proven least without wishes 2.30"
    assert mood == "good"


def test_each_segment_has_a_row_read_off_the_posts(page: RailPage) -> None:
    rows = rows_of(page.table)
    assert [row[:3] for row in rows[:2]] == [["1-01", "K100+000", "K102+000"], ["1-02", "K102+000", "K104+020"]]
    assert [row[5:8] for row in rows[:3]] == [["2.00", "+10%", "1"], ["2.00", "−4%", "0"], ["2.00", "+6%", "30"]]
    assert page.table.isColumnHidden(3)
    page.resize(620, 700)
    assert not page.table.isColumnHidden(3)
    assert rows[5][8:] == ["东站所", "2"]


def test_the_plan_of_the_night_can_be_chosen(page: RailPage, qtbot: QtBot) -> None:
    assert [page.choice.itemText(row) for row in range(page.choice.count())] == ["By day", "By night"]
    page.choice.setFocus()
    with qtbot.waitSignal(page.plan_taken) as told:
        qtbot.keyClick(page.choice, Qt.Key.Key_Down)
    assert told.args == ["night"]


def test_the_card_tells_what_the_work_of_a_segment_is(page: RailPage, project: Project, qtbot: QtBot) -> None:
    assert not page.card.isVisible()
    with qtbot.waitSignal(page.segment_chosen) as told:
        click_row(qtbot, page.table, 0)
    page.show_plan(project, "", told.args[0])
    lines = [label.text() for label in page.card._lines]
    assert page.card._title.text() == "1-01 · K100+000–K102+000"
    assert lines[0] == "squad 1, guard 1 · 2.00 km · work 2.30 (+10%)"
    assert lines[1] == "Length 2.00 · Level crossings 0.30 (1)"
    assert lines[2] == "Corridor: villages 0, schools 0, households 0"
    assert lines[3] == "From 西站所: 1 min"
    assert lines[4] == "Round: on foot, 60 min there and back, 2 times a shift; meets 1-02 at K102+000, 9:00 after the shift begins"
    assert page.card.squads() == (2, 3)
    shifts = RosterSettings(shifts={"early": (8, 16), "night": (22, 30)}, demand={"early": 1})
    page.show_plan(dataclasses.replace(project, settings=dataclasses.replace(project.settings, roster=shifts)), "", 0)
    assert page.card._lines[4].text().endswith("meets 1-02 at K102+000, 17:00/07:00")
    with qtbot.waitSignal(page.segment_chosen) as told:
        qtbot.mouseClick(page.card.all, LEFT)
    assert told.args == [-1]


def test_a_locked_segment_has_a_padlock_and_is_not_given_away(page: RailPage, project: Project) -> None:
    locked = LockSegments((1,)).apply(project)
    page.show_plan(locked, "", 1)
    assert page.card.lock.text() == "Unlock"
    assert not page.card.give.isEnabled()
    assert page.table.rows.index(1, 0).data(Qt.ItemDataRole.UserRole) is True


def test_the_corridor_leads_to_its_segment(page: RailPage, qtbot: QtBot) -> None:
    page.tabs.choose("corridor")
    assert rows_of(page.corridor)[3] == ["2-01", "2", "1", "160", "416"]
    with qtbot.waitSignal(page.segment_chosen) as told:
        click_row(qtbot, page.corridor, 3)
    assert told.args == [3]


def test_a_chainage_can_be_typed(page: RailPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.place_asked) as told:
        qtbot.keyClicks(page.go, "K104+300")
        qtbot.keyClick(page.go, Qt.Key.Key_Return)
    assert told.args == ["K104+300"]


def test_without_a_plan_the_page_says_what_to_do(page: RailPage, project: Project) -> None:
    page.show_plan(dataclasses.replace(project, rail=None), "", -1)
    assert page._heading.text() == "No guard segments yet. Press “Divide the line” at the left."
    assert not page.chart.isVisible()
    assert not page.table.isVisible()


# the chart


def test_the_chart_holds_the_work_between_any_two_places(project: Project) -> None:
    plan = plan_of(project)
    axis = axis_of(plan, "day")
    for low, high in ((0.0, LONG), (1400.0, 5430.0), (5210.0, 5220.0)):
        assert axis.work(low, high) == pytest.approx(work_between(plan.profile, 0, low, high))
    columns = axis.columns(np.linspace(0.0, LONG, 241))
    assert columns.sum() * 0.05 == pytest.approx(12.5)
    assert axis.on_line(4321.0) == (0, 4321.0)


def test_a_break_dragged_on_the_chart_tells_both_sides_and_is_one_edit(page: RailPage, project: Project, qtbot: QtBot) -> None:
    chart = page.chart
    start = x_of(chart, 4000.0)
    move(chart, start)
    assert chart.cursor().shape() == Qt.CursorShape.SplitHCursor
    press(chart, start)
    told: list[object] = []
    led: list[Preview] = []
    chart.edit_made.connect(told.append)
    chart.led.connect(led.append)
    move(chart, x_of(chart, 4600.0), LEFT)
    assert [tally.name for tally in chart._shown.tallies] == ["1-02", "1-03"]
    assert [tally.told for tally in chart._shown.tallies] == ["2.60 km · work 2.60 (+25%)", "1.40 km · work 1.60 (−23%)"]
    assert chart._card is not None
    assert not chart._card.isHidden()
    release(chart, x_of(chart, 4600.0))
    assert told == [MoveBreak(1, 4600.0)]
    assert chart._card.isHidden()
    chart.edit_made.disconnect(told.append)
    chart.led.disconnect(led.append)
    lines = [line.tolist() for line in led[0].lines]
    assert lines == [[[4000.0, 0.0], [4600.0, 0.0]], *([[low, 0.0], [low + 2000.0, 0.0]] for low in (2000.0, 4000.0))]
    assert led[0].marks is not None
    assert led[0].marks.tolist() == [[4600.0, 0.0]]
    assert led[-1] is NOTHING


def test_escape_leaves_a_break_where_it_was(page: RailPage, qtbot: QtBot) -> None:
    chart, told = page.chart, list[object]()
    chart.edit_made.connect(told.append)
    press(chart, x_of(chart, 4000.0))
    move(chart, x_of(chart, 5000.0), LEFT)
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    release(chart, x_of(chart, 5000.0))
    assert not told
    chart.edit_made.disconnect(told.append)


def test_the_wheel_zooms_at_the_pointer_and_a_drag_moves_the_line(page: RailPage) -> None:
    chart = page.chart
    at, before, phase = QPointF(200.0, 60.0), chart.reach.place(200.0), Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(at, chart.mapToGlobal(at), QPoint(), QPoint(0, 120), NONE, PLAIN, phase, False)
    for _notch in range(5):
        QApplication.sendEvent(chart, turned)
    assert chart.reach.place(200.0) == pytest.approx(before)
    assert chart.reach.stop - chart.reach.start == pytest.approx(LONG / 1.25**5)
    start = chart.reach.start
    free = next(x for x in range(60, 300) if chart._break_at(QPointF(x, 60.0)) < 0)
    press(chart, free)
    move(chart, free + 30.0, LEFT)
    release(chart, free + 30.0)
    assert chart.reach.start == pytest.approx(start - 30.0 / chart.reach.scale)


def test_a_click_and_the_arrow_keys_choose_segments(page: RailPage, project: Project, qtbot: QtBot) -> None:
    chart = page.chart
    with qtbot.waitSignal(page.segment_chosen) as told:
        press(chart, x_of(chart, 5000.0))
        release(chart, x_of(chart, 5000.0))
    assert told.args == [2]
    page.show_plan(project, "", 2)
    with qtbot.waitSignal(page.segment_chosen) as told:
        qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert told.args == [3]


def test_the_chart_names_what_stands_below_the_pointer(page: RailPage, project: Project) -> None:
    chart = page.chart
    assert chart.work is not None
    assert chart._axis is not None
    drawn = Profile(chart.work, chart._axis, chart.reach, project.stations, chart.size(), styles.theme())
    assert [drawn._names(0, along) for along in (3990.0, 5400.0, 7200.0, 9900.0)] == [["中站"], ["南河桥"], ["关山隧道"], []]


def test_breaks_lie_where_segments_meet(page: RailPage) -> None:
    assert page.chart.work is not None
    assert page.chart._axis is not None
    assert break_places(page.chart.work, page.chart._axis).tolist() == [2000.0, 4000.0, 6000.0, 8000.0, 10_000.0]


@pytest.mark.parametrize("code", ["en", "zh_CN"])
@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_is_cut_off_and_everything_has_a_name(page: RailPage, project: Project, qapp: QApplication, code: str, look: str) -> None:
    i18n.set_language(code)
    styles.use_theme(qapp, look)
    page.retranslate()
    for row, tab in ((-1, "segments"), (2, "segments"), (2, "corridor")):
        page.show_plan(project, "", row)
        page.tabs.choose(tab)
        qapp.processEvents()
        for fault in (clipped, overlapping, outside, nameless):
            assert not fault(page)
    picture = page.chart.grab().toImage()
    assert len({picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}) > 8
    styles.use_theme(qapp, "light")
