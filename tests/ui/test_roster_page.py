"""The page of the roster: calendar, keys, figures, costs and people on duty."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.model.duty_data import Staff
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, OFF
from gridplanner.settings import RosterPerson, RosterSettings
from tests.ui.builders import planned, town
from tests.ui.fitting import faults
from tests.ui.pages import rows_of
from tests.ui.rosters import click_cell, middle_of, roster_of, rostered
from ui import styles
from ui.derived import can_roster
from ui.panels.roster_page import RosterPage
from ui.roster_rows import Cell, rows_of_roster
from ui.roster_words import marks_of
from ui.steps import State

LONG = 30_000
LEFT = Qt.MouseButton.LeftButton
KEYS = Qt.Key
EARLY, LATE, NIGHT = range(3)


@pytest.fixture(scope="module")
def rota() -> Project:
    return rostered(planned(town()))


@pytest.fixture(scope="module")
def one_page(qapp: QApplication) -> Iterator[RosterPage]:
    styles.use_theme(qapp, "light")
    made = RosterPage()
    made.show()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def page(one_page: RosterPage, rota: Project) -> RosterPage:
    """The page as narrow as the panel lets it be."""
    one_page.resize(343, 640)
    one_page.show_project(rota)
    one_page.show_state(State.DONE)
    one_page.show_moment((0, 480))
    one_page.tabs.choose("calendar")
    one_page.show_person(-1)
    one_page.calendar.choose([])
    one_page.retranslate()
    return one_page


def test_people_stand_below_their_squad_and_each_squad_has_what_its_shifts_have_and_need(page: RosterPage, rota: Project) -> None:
    plan, lines = roster_of(rota), page.calendar.lines
    heads = [lines.headerData(line, Qt.Orientation.Vertical) for line in range(lines.rowCount())]
    assert heads == ["Squad 1", *(f"1-0{n}" for n in range(1, 8)), "Squad 2", *(f"2-0{n}" for n in range(1, 8))]
    assert lines.headerData(5, Qt.Orientation.Horizontal) == "2026-01-10 Sat"
    rows = rows_of_roster(plan)
    for squad, day, shift in np.ndindex(rows.have.shape):
        there = [member for member, row in zip(plan.people, plan.cells, strict=True) if row[day] == shift]
        assert rows.have[squad, day, shift] == sum(member.squad == plan.squads[squad] for member in there)
    assert np.argwhere(rows.short).tolist() == [[0, 1, LATE]]
    assert page.demand.words_at(QPoint(page.calendar.viewport().x() + middle_of(page, (0, 1)).x(), 25)) == (
        "2026-01-06 Tue · late shift\nSquad 1: 1 of 2\nSquad 2: 2 of 2"
    )


def test_the_page_says_what_the_roster_is_worth_and_which_keys_set_its_shifts(page: RosterPage) -> None:
    assert page._heading.text() == "14 people · 2026-01-05–2026-01-11"
    assert page._more.text() == "1 duty has nobody · value 1,012 · at most 1.2 % above the best · 39.4 h on average"
    assert page._legend.text().split("   ") == ["E early shift", "L late shift", "N night shift", "V leave", "Del off", "F fix"]


def test_letters_and_digits_set_shifts_and_none_stands_for_two(rota: Project) -> None:
    plan = roster_of(rota)
    shifts = [dataclasses.replace(plan.shifts[0], name=name) for name in ("early", "evening", "夜班", "早班", "Frühschicht")]
    many = dataclasses.replace(plan, shifts=tuple(shifts))
    marks = marks_of(many)
    assert [marks.key(row) for row in range(5)] == ["E", "N", "3", "4", "R"]  # V and F are for leave and for fixing
    assert marks.shifts == ("E", "N", "夜", "早", "R")
    assert {"F", "W"}.isdisjoint(marks.keys)
    assert marks.keys["V"] == LEAVE
    assert [marks.keys[str(number)] for number in range(1, 6)] == list(range(5))
    i18n.set_language("zh_CN")
    assert len(set(marks_of(many).shifts)) == 5
    assert marks_of(many).keys == marks.keys


def test_a_key_is_asked_for_all_chosen_cells_and_arrows_pass_over_the_line_of_a_squad(page: RosterPage, qtbot: QtBot) -> None:
    asked: list[tuple[tuple[Cell, ...], int]] = []
    page.calendar.set_asked.connect(lambda cells, value: asked.append((cells, value)))
    click_cell(qtbot, page, (6, 2))
    click_cell(qtbot, page, (7, 3), Qt.KeyboardModifier.ControlModifier)
    for key in (KEYS.Key_N, KEYS.Key_2, KEYS.Key_Delete, KEYS.Key_V):
        qtbot.keyClick(page.calendar, key)
    both = ((6, 2), (7, 3))
    assert asked == [(both, NIGHT), (both, LATE), (both, OFF), (both, LEAVE)]
    click_cell(qtbot, page, (6, 2))
    qtbot.keyClick(page.calendar, KEYS.Key_Down)
    assert page.calendar.current == (7, 2)  # the first of squad 2, past its line
    with qtbot.waitSignal(page.calendar.fix_asked) as fixed:
        qtbot.keyClick(page.calendar, KEYS.Key_F)
    assert fixed.args == [((7, 2),)]
    page.calendar.set_asked.disconnect()


def test_a_chosen_cell_is_dragged_onto_another_and_escape_lets_it_be(page: RosterPage, qtbot: QtBot) -> None:
    viewport = page.calendar.viewport()
    click_cell(qtbot, page, (0, 1))

    def drag() -> None:
        qtbot.mousePress(viewport, LEFT, pos=middle_of(page, (0, 1)))
        qtbot.mouseMove(viewport, middle_of(page, (2, 2)) - QPoint(3, 3))
        qtbot.mouseMove(viewport, middle_of(page, (2, 2)))

    with qtbot.assertNotEmitted(page.calendar.swap_asked):
        drag()
        qtbot.keyClick(page.calendar, KEYS.Key_Escape)
        qtbot.mouseRelease(viewport, LEFT, pos=middle_of(page, (2, 2)))
    click_cell(qtbot, page, (0, 1))
    with qtbot.waitSignal(page.calendar.swap_asked) as swapped:
        drag()
        qtbot.mouseRelease(viewport, LEFT, pos=middle_of(page, (2, 2)))
    assert swapped.args == [(0, 1), (2, 2)]


def test_a_person_has_a_card_with_all_duties_and_what_is_not_as_wished(page: RosterPage, qtbot: QtBot) -> None:
    assert not page.card.isVisible()
    click_cell(qtbot, page, (2, 0))
    assert page.card._title.text() == "1-03 · Squad 1"
    assert page.card._figures.text() == "40 h · nights: 1 · weekend days: 2 · days off: 2 · points: 16"
    assert rows_of(page.card.duties) == [
        ["Mon 01-05", "late shift", "16:00–24:00", "1-03"], ["Tue 01-06", "late shift", "16:00–24:00", "1-03"],
        ["Thu 01-08", "night shift", "00:00–08:00", "1-03"], ["Sat 01-10", "early shift", "08:00–16:00", "1-03"],
        ["Sun 01-11", "early shift", "08:00–16:00", "1-03"],
    ]  # fmt: skip
    assert page.card._costs.text().splitlines() == [
        "1-03, Thu 01-08: a single day on duty: 2", "1-03 has 1 night more than 1-02, each against a fair share: 10",
    ]  # fmt: skip
    qtbot.mouseClick(page.card.all, LEFT)
    assert not page.card.isVisible()
    click_cell(qtbot, page, (2, 0))
    assert page.card.isVisible()  # although the cell is the current one already


def test_what_a_person_costs_never_covers_the_duties(page: RosterPage, qtbot: QtBot) -> None:
    """At the larger scaling the card is low: duties come first, what they cost is then in the hint of the figures."""
    click_cell(qtbot, page, (2, 0))
    card = page.card
    usual = page.size()
    for wide, high, there in ((440, 1000, True), (280, 470, False), (440, 1000, True)):
        page.resize(wide, high)
        qtbot.waitUntil(lambda wanted=there: card._costs.isVisible() == wanted)
        assert not there or card._costs.geometry().top() >= card.duties.geometry().bottom()
        assert "a single day on duty" in card._figures.toolTip()
    page.resize(usual)


def test_a_cell_tells_its_shift_and_place_whether_it_is_fixed_and_which_rule_it_breaks(page: RosterPage, rota: Project) -> None:
    assert page.calendar.lines.words_of((2, 0)) == ["1-03, 2026-01-05 Mon: late shift", "1-03"]
    cells = roster_of(rota).cells.copy()
    cells[2, 2] = NIGHT
    page.show_project(dataclasses.replace(rota, roster=dataclasses.replace(roster_of(rota), cells=cells)))
    assert page.calendar.lines.words_of((2, 2)) == ["1-03, 2026-01-07 Wed: night shift", "rests too short between two shifts"]
    assert page.calendar.lines.words_of((0, 0))[-1] == "fixed: stays when the roster is planned again"


def test_costs_are_listed_and_a_click_leads_to_the_cell(page: RosterPage, qtbot: QtBot) -> None:
    page.tabs.choose("costs")
    assert rows_of(page.costs) == [
        ["Tue 01-06 · late shift · Squad 1 · 1 person short", "1,000"], ["1-03, Thu 01-08: a single day on duty", "2"],
        ["1-03 has 1 night more than 1-02, each against a fair share", "10"],
    ]  # fmt: skip
    qtbot.mouseClick(page.costs.viewport(), LEFT, pos=page.costs.visualRect(page.costs.rows.index(1, 0)).center())
    assert page.tabs.current == "calendar"
    assert page.calendar.chosen == ((2, 3),)
    assert page.card.person == 2


def test_the_ledger_has_points_where_any_are_earned_and_what_was_worked_before(page: RosterPage, rota: Project) -> None:
    assert rows_of(page.ledger)[0][:6] == ["1-01", "40", "1", "1", "2", "16"]
    assert page.ledger.isColumnHidden(6)
    people = tuple(dataclasses.replace(member, hours=100.0) for member in roster_of(rota).people)
    page.show_project(dataclasses.replace(rota, roster=dataclasses.replace(roster_of(rota), people=people)))
    assert not page.ledger.isColumnHidden(6)
    assert rows_of(page.ledger)[0][6] == "140"


def test_who_is_on_duty_at_a_time_is_told_with_work_phones(page: RosterPage, rota: Project) -> None:
    staff = Staff(texts(["王"]), texts(["guard"]), texts(["0979-110"]), texts(["1-02"]))
    page.show_project(dataclasses.replace(rota, staff=staff))
    page.show_moment((0, 500))
    assert rows_of(page.duty.table) == [
        ["1-01", "Squad 1", "early shift", "1-01", ""], ["1-02 王", "Squad 1", "early shift", "1-02", "0979-110"],
        ["2-01", "Squad 2", "early shift", "2-01", ""], ["2-02", "Squad 2", "early shift", "2-02", ""],
    ]  # fmt: skip
    page.duty.copy()
    assert QGuiApplication.clipboard().text().splitlines()[2] == "1-02 王\tSquad 1\tearly shift\t1-02\t0979-110"
    page.show_moment((0, 1439))
    assert [row[0] for row in rows_of(page.duty.table)] == ["1-03", "1-04", "2-03", "2-04"]


def test_the_calendar_is_copied_with_codes_and_dates(page: RosterPage, qtbot: QtBot) -> None:
    click_cell(qtbot, page, (0, 0))
    click_cell(qtbot, page, (1, 1), Qt.KeyboardModifier.ShiftModifier)
    page.calendar.copy()
    assert QGuiApplication.clipboard().text() == "\t2026-01-05 Mon\t2026-01-06 Tue\n1-01\tE\tE\n1-02\tE\tV\n"
    page.calendar.copy(whole=True)
    assert len(QGuiApplication.clipboard().text().splitlines()) == 15


def test_without_a_roster_the_page_says_what_to_do_and_with_an_old_one_that_it_is_old(page: RosterPage, rota: Project) -> None:
    page.show_state(State.STALE)
    assert page._heading.text().endswith("out of date")
    page.show_project(dataclasses.replace(rota, roster=None))
    assert page._heading.text() == "No roster yet. Press “Make the roster” at the left."
    assert not page.tabs.isVisible()


def test_many_weeks_scroll_beside_the_column_of_people(page: RosterPage, rota: Project) -> None:
    page.show_project(rostered(rota, squads=1, people=4, days=56))
    QApplication.processEvents()
    bar = page.calendar.horizontalScrollBar()
    assert bar.maximum() > 0
    left = page.calendar.viewport().x()
    bar.setValue(bar.maximum())
    assert page.calendar.viewport().x() == left
    assert not page.demand.words_at(QPoint(left + 5, 5)).startswith("2026-01-05")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_fits_the_narrowest_panel_and_all_that_the_keyboard_reaches_has_a_name(
    page: RosterPage, rota: Project, language: str
) -> None:
    i18n.set_language(language)
    page.retranslate()
    page.show_person(2)
    for tab in page.tabs.names:
        page.tabs.choose(tab)
        QApplication.processEvents()
        assert faults(page) == []


def test_a_roster_can_be_made_of_guards_crews_or_the_people_listed(rota: Project) -> None:
    def possible(group: str, *people: str, **values: object) -> bool:
        section = RosterSettings(group=group, people=tuple(map(RosterPerson, people)))
        settings = dataclasses.replace(rota.settings, roster=section)
        return can_roster(dataclasses.replace(rota, settings=settings, **values))  # type: ignore[arg-type]

    assert possible("rail")
    assert not possible("rail", "1-01", rail=None)
    assert not possible("patrol")  # there are no patrol zones
    assert possible("volunteers", "v1")
    assert not possible("volunteers")
    bare = dataclasses.replace(rota, settings=dataclasses.replace(rota.settings, roster=None))
    assert can_roster(bare)
    assert not can_roster(dataclasses.replace(bare, rail=None))
