"""What is done with the roster in the window: cells set by hand, leave, swaps, a sick call, the map, and files written."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, OFF
from tests.ui.builders import planned, town
from tests.ui.fitting import faults
from tests.ui.painting import Painting
from tests.ui.rosters import click_cell, roster_of, rostered
from ui import styles
from ui.desk import Desk
from ui.dialogs.sick_dialog import SickDialog
from ui.map.duty_layer import DutyLayer
from ui.map.patrol_marks import route_colour
from ui.map.scene import Showing
from ui.map.view import View
from ui.roster_hover import tell_roster
from ui.roster_rows import changed_cells
from ui.steps import State, hidden_at

LONG = 30_000
LEFT = Qt.MouseButton.LeftButton
KEYS = Qt.Key
EARLY, LATE, NIGHT = range(3)


@pytest.fixture(scope="module")
def rota() -> Project:
    return rostered(planned(town()))


@pytest.fixture
def desk(one_desk: Desk, qtbot: QtBot, rota: Project) -> Desk:
    one_desk.session.open(rota, saved=True)
    one_desk.window.steps.choose("roster")
    one_desk.side.roster.tabs.choose("calendar")
    one_desk.side.roster.calendar.choose([])
    one_desk.canvas.fit()
    qtbot.waitUntil(lambda: one_desk.derived.project is rota and one_desk.derived.checked, timeout=LONG)
    return one_desk


def test_the_step_says_what_there_is_and_what_it_is_made_from(desk: Desk, rota: Project) -> None:
    assert desk.derived.states["roster"] is State.DONE
    assert desk.window.steps._buttons["roster"]._note == "14 people · 7 days"
    assert desk.window.steps.run_button.text() == "Make it again"
    assert desk.side.tabs.current == "roster"


def test_cells_are_set_by_keys_and_undo_takes_it_back(desk: Desk, qtbot: QtBot, rota: Project) -> None:
    page = desk.side.roster
    click_cell(qtbot, page, (0, 5))
    click_cell(qtbot, page, (0, 6), Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(page.calendar, KEYS.Key_N)
    plan = roster_of(desk.session.project)
    assert plan.cells[0, 5:].tolist() == [NIGHT, NIGHT]
    assert plan.fixed[0, 5:].all()
    assert plan.status == "hand"
    assert page.calendar.lines.plan is plan  # at once, not when figures are through
    assert desk.session.history.present.words == "2 cells of the roster: night shift"
    assert page.calendar.chosen == ((0, 5), (0, 6))
    qtbot.keyClick(page.calendar, KEYS.Key_F)
    assert not roster_of(desk.session.project).fixed[0, 5:].any()
    desk.session.travel(-2)
    assert desk.session.project is rota


def test_leave_is_noted_for_later_rosters_and_taken_back_with_the_cell(desk: Desk, qtbot: QtBot, rota: Project) -> None:
    page = desk.side.roster
    desk.duties.set_cells([(3, 2), (3, 3), (3, 5)], LEAVE)
    project = desk.session.project
    assert roster_of(project).cells[3, [2, 3, 5]].tolist() == [LEAVE] * 3
    assert list(zip(project.roster_cells.days.tolist(), project.roster_cells.until.tolist(), strict=True)) == [
        ("2026-01-07", "2026-01-08"), ("2026-01-10", "2026-01-10"),
    ]  # fmt: skip
    click_cell(qtbot, page, (3, 3))
    qtbot.keyClick(page.calendar, KEYS.Key_Delete)
    assert roster_of(desk.session.project).cells[3, 3] == OFF
    assert desk.session.project.roster_cells.until.tolist()[0] == "2026-01-07"
    desk.session.travel(-2)
    assert desk.session.project is rota


def test_two_people_swap_a_day_and_one_person_two_days(desk: Desk, rota: Project) -> None:
    before = roster_of(rota).cells
    desk.side.roster.calendar.swap_asked.emit((0, 0), (2, 0))
    after = roster_of(desk.session.project).cells
    assert (after[0, 0], after[2, 0]) == (before[2, 0], before[0, 0])
    desk.side.roster.calendar.swap_asked.emit((4, 0), (4, 3))
    after = roster_of(desk.session.project).cells
    assert (after[4, 0], after[4, 3]) == (before[4, 3], before[4, 0])
    assert len(changed_cells(roster_of(rota), roster_of(desk.session.project))) == 4


def test_a_block_of_a_spreadsheet_is_pasted_by_marks_and_names(desk: Desk, rota: Project) -> None:
    desk.duties.paste([["N", "late"], ["off", "early shift"]], (0, 0))
    plan = roster_of(desk.session.project)
    assert plan.cells[:2, :2].tolist() == [[NIGHT, LATE], [OFF, EARLY]]
    desk.duties.paste([["", "2026-01-05 Mon"], ["2-03", "V"]], (0, 0))
    assert roster_of(desk.session.project).cells[9, 0] == LEAVE  # people are known by their codes where there are any
    count = len(desk.session.history.past)
    desk.duties.paste([["noon"]], (0, 0))
    assert len(desk.session.history.past) == count


def test_the_menu_of_cells_fixes_wishes_and_swaps(desk: Desk, qtbot: QtBot) -> None:
    page = desk.side.roster
    page.calendar.choose([(0, 1), (2, 1)])
    menu = desk.duties.cell_menu()
    words = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert words == ["early shift", "late shift", "night shift", "off", "leave", "Fix", "Swap the two", "Wish", "Sick call…", "Copy"]
    wishes = next(action.menu() for action in menu.actions() if action.text() == "Wish")
    assert wishes is not None
    next(action for action in wishes.actions() if action.text() == "Wishes no night shift").trigger()  # type: ignore[attr-defined]
    kinds = desk.session.project.roster_cells
    assert list(zip(kinds.people.tolist(), kinds.kinds.tolist(), kinds.shifts.tolist(), strict=True)) == [
        ("1-01", "avoid", "night"), ("1-03", "avoid", "night"),
    ]  # fmt: skip
    assert page.calendar.lines.wished[(0, 1)] == "wished: no night shift"
    menu.deleteLater()


def test_a_sick_call_changes_few_cells_marks_them_and_is_one_step_back(desk: Desk, qtbot: QtBot, rota: Project) -> None:
    page = desk.side.roster
    page.calendar.choose([(0, 2), (0, 3)])
    desk.duties.ask_sick()
    dialog = next(made for made in desk.window.findChildren(SickDialog) if made.isVisible())
    assert (dialog.person, dialog.first, dialog.last) == (0, 2, 3)
    assert dialog._duties.text() == "Duties to be taken over: Wed 01-07 late shift, Thu 01-08 late shift"
    qtbot.mouseClick(dialog.accept_button, LEFT)
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)
    assert desk.jobs.last_failure == ""
    after = roster_of(desk.session.project)
    assert after.cells[0, 2:4].tolist() == [LEAVE, LEAVE]
    changed = set(changed_cells(roster_of(rota), after))
    assert page.calendar.changed == changed
    assert page._changes.text().splitlines()[0] == "1-01 Wed 01-07: late shift → leave"
    assert all(after.people[person].squad == "1" and day >= 2 for person, day in changed)
    desk.session.undo()
    assert desk.session.project is rota
    assert not page.calendar.changed
    assert not page._changes.isVisible()


def test_the_map_shows_who_is_on_duty_at_the_time_of_the_cell_that_is_clicked(desk: Desk, qtbot: QtBot) -> None:
    page = desk.side.roster
    click_cell(qtbot, page, (2, 3))
    assert desk.canvas.showing.duty == (3, 0)  # the night shift of Thursday begins at midnight
    assert page.calendar.day == 3
    click_cell(qtbot, page, (2, 4))
    assert desk.canvas.showing.duty == (4, 0)  # a day off keeps the hour
    qtbot.mouseClick(page.calendar.days.viewport(), LEFT, pos=QPoint(page.calendar.columnViewportPosition(5) + 5, 10))
    assert desk.canvas.showing.duty == (5, 0)
    desk.window.steps.choose("rail")
    assert desk.canvas.showing.duty is None
    desk.window.steps.choose("roster")


def test_segments_with_people_on_duty_are_broad_in_their_squads_colour_and_an_edit_elsewhere_paints_nothing(rota: Project) -> None:
    rail, look = rota.rail, styles.LIGHT
    assert rail is not None
    view = View(width=400, height=300).fitted((-60.0, -80.0, 780.0, 500.0), margin=0.05)
    showing = Showing(rota, look, "en", hidden=hidden_at("roster") | {"labels"}, duty=(0, 480))
    picture = Painting(view).show(showing)

    def colour_of(row: int) -> str:
        x, y = view.to_screen(rail.segments[row].coords.mean(axis=0)[None, :])[0].tolist()
        return picture.pixelColor(round(x), round(y)).name()

    early = [colour_of(row) for row in (0, 7)]
    assert early == [route_colour(0, look).name(), route_colour(1, look).name()]
    assert colour_of(5) not in early  # at night
    cells = roster_of(rota).cells.copy()
    cells[5, 4] = OFF
    elsewhere = dataclasses.replace(rota, roster=dataclasses.replace(roster_of(rota), cells=cells))
    layer = DutyLayer()
    assert layer.sources(dataclasses.replace(showing, project=elsewhere)) == layer.sources(showing)
    assert layer.sources(dataclasses.replace(showing, duty=(1, 480))) != layer.sources(showing)


def test_the_card_at_the_cursor_names_who_is_on_duty_there(desk: Desk) -> None:
    plan, rail = roster_of(desk.session.project), desk.session.project.rail
    assert rail is not None
    desk.roster.show_moment((0, 480))

    def hover(row: int) -> bool:
        x, y = rail.segments[row].coords.mean(axis=0).tolist()
        place = desk.canvas.view.point_to_screen(x, y)
        return tell_roster(desk, QPoint(round(place[0]), round(place[1])))

    assert hover(1)
    assert desk.card.isVisible()
    assert (desk.card._title.text(), desk.card._code.text()) == ("1-02", "Mon 01-05 08:00")
    assert desk.card._rows[0][0].text() == plan.people[1].code
    assert desk.card._rows[0][1].text() == "early shift 08:00–16:00"
    assert hover(3)
    assert desk.card._rows[0][1].text() == "nobody"  # 1-04 comes in the late shift
    assert tell_roster(desk, QPoint(5, 5))
    assert not desk.card.isVisible()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_step_fits_the_smallest_window(desk: Desk, language: str) -> None:
    window = desk.window
    before = window.size()
    window.resize(960, 600)
    desk.use_language(language)
    desk.side.roster.show_person(0)
    for tab in desk.side.roster.tabs.names:
        desk.side.roster.tabs.choose(tab)
        QApplication.processEvents()
        assert faults(window) == []
    desk.use_language("en")
    window.resize(before)


@pytest.mark.parametrize("action", ["print-roster", "roster-book"])
def test_the_roster_is_written_from_the_menu(
    desk: Desk, qtbot: QtBot, tmp_path: Path, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = tmp_path / "plan"  # without a suffix
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_words: (str(asked), ""))
    desk.window.action_set.qt[action].trigger()
    path = asked.with_suffix(".pdf" if action == "print-roster" else ".xlsx")
    qtbot.waitUntil(path.exists, timeout=LONG)
    assert path.stat().st_size > 2000
    menu = desk.rosters.menu()
    assert [row.text() for row in menu.actions() if row.text()][-2:] == ["Sick call…", "Make the next roster"]
    menu.deleteLater()
