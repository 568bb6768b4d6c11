"""The settings of the roster: shifts with their hours and people, the people listed, the first day; what nobody touched stays."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.settings import RosterPerson, RosterSettings
from tests.ui.fitting import faults
from ui import styles
from ui.dialogs.date_box import DateBox
from ui.dialogs.people_list import PeopleList
from ui.dialogs.shift_list import ShiftList
from ui.dialogs.step_settings import StepSettingsDialog, step_facts
from ui.panels.tab_strip import TabStrip

FULL = RosterSettings(
    start="2026-01-05", days=14, shifts={"early": (6.5, 14.5), "夜班": (20, 8)}, demand={"early": 3, "夜班": 2},
    weekend_demand={"early": 1}, skill_demand={"early": {"medic": 1}}, pair_shifts=("夜班",), points={"夜班": 1.25}, weights={"wish": 7.5},
    people=(RosterPerson("1-01", "1", ("medic", "driver"), 40.0, 12.5, 3.0), RosterPerson("1-02", "1")),
)  # fmt: skip


def dialog_of(qtbot: QtBot, settings: RosterSettings) -> StepSettingsDialog:
    """The dialog, shown."""
    made = StepSettingsDialog("Roster", settings)
    qtbot.addWidget(made)
    made.show()
    return made


def shifts_of(dialog: StepSettingsDialog) -> ShiftList:
    found = dialog.findChild(ShiftList)
    assert found is not None
    return found


def people_of(dialog: StepSettingsDialog) -> PeopleList:
    found = dialog.findChild(PeopleList)
    assert found is not None
    return found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("settings", [FULL, RosterSettings()])
def test_what_nobody_touches_stays_as_it_was(qtbot: QtBot, language: str, settings: RosterSettings) -> None:
    i18n.set_language(language)
    assert dialog_of(qtbot, settings).settings == settings


def test_a_shift_has_hours_people_and_what_holds_for_it_alone(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, FULL)
    early, night = shifts_of(dialog).rows
    assert (early.begins.text(), early.ends.text(), early.people.value(), early.weekend.value()) == ("06:30", "14:30", 3, 1)
    assert (night.weekend.text(), night.pairs.isChecked(), night.points.value()) == ("same", True, 1.25)
    early.ends.setText("15：15")
    night.people.setValue(4)
    night.pairs.setChecked(False)
    made = dialog.settings
    assert made.shifts == {"early": (6.5, 15.25), "夜班": (20, 8)}
    assert made.demand == {"early": 3, "夜班": 4}
    assert made.pair_shifts == ()
    assert made.weekend_demand == FULL.weekend_demand


def test_a_renamed_shift_keeps_what_is_said_of_it_and_one_that_goes_takes_it_away(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, FULL)
    shifts = shifts_of(dialog)
    shifts.rows[0].name.setText("morning")
    made = dialog.settings
    assert list(made.shifts) == ["morning", "夜班"]
    assert made.skill_demand == {"morning": {"medic": 1}}
    assert made.weekend_demand == {"morning": 1}
    qtbot.mouseClick(shifts.rows[0].away, Qt.MouseButton.LeftButton)
    assert dialog.settings.skill_demand == {}
    assert list(dialog.settings.demand) == ["夜班"]
    qtbot.mouseClick(shifts.add, Qt.MouseButton.LeftButton)
    shifts.rows[-1].name.setText("晚班")
    shifts.rows[-1].people.setValue(2)
    assert dialog.settings.shifts["晚班"] == (8.0, 16.0)


def test_what_makes_no_sense_is_said_and_cannot_be_applied(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, FULL)
    rows, people = shifts_of(dialog).rows, people_of(dialog)
    rows[0].begins.setText("25 past")
    assert dialog.notice.text() == "“25 past” is no clock time such as 08:00"
    assert not dialog.accept_button.isEnabled()
    rows[0].begins.setText("06:30")
    assert dialog.accept_button.isEnabled()
    rows[0].name.setText("夜班")
    assert dialog.notice.text() == "Two shifts have the same name"
    rows[0].name.setText("early")
    item = people.table.item(1, 0)
    assert item is not None
    item.setText("1-01")
    assert dialog.notice.text() == "Two people have the code 1-01"
    item.setText("1-02")
    assert not dialog.notice.text()
    people.table.setCurrentCell(0, 3)
    people.table.paste([["often"]])
    assert dialog.notice.text() == "Hours a week: “often” is no number"


def test_people_are_pasted_added_and_removed(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, FULL)
    people = people_of(dialog)
    QGuiApplication.clipboard().setText("2-01\t2\t急救，驾驶\t\t8\n2-02\t2\n2-03\t2\n")
    people.table.setCurrentCell(1, 0)
    people.table.setFocus()
    qtbot.keyClick(people.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [person.code for person in dialog.settings.people] == ["1-01", "2-01", "2-02", "2-03"]
    assert dialog.settings.people[1] == RosterPerson("2-01", "2", ("急救", "驾驶"), hours=8.0)
    assert dialog.settings.people[0] is FULL.people[0]
    people.table.clearSelection()
    people.table.selectRow(2)
    qtbot.mouseClick(people.away, Qt.MouseButton.LeftButton)
    assert [person.code for person in dialog.settings.people] == ["1-01", "2-01", "2-03"]


def test_no_first_day_is_the_next_monday_and_keys_step_from_today(qtbot: QtBot) -> None:
    box = DateBox("", "the next Monday")
    qtbot.addWidget(box)
    assert (box.day, box.text()) == ("", "the next Monday")
    box.stepBy(1)
    assert box.day
    box.day = "2026-03-01"
    box.stepBy(1)
    assert box.day.startswith("20")
    box.day = ""
    assert box.day == ""


def test_the_left_side_tells_whom_the_roster_is_for_and_when_it_begins() -> None:
    facts = dict(step_facts(FULL))
    assert facts["For"] == "guards of the railway"
    assert facts["First day"] == "2026-01-05"
    assert dict(step_facts(dataclasses.replace(FULL, start="")))["First day"] == "the next Monday"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_all_pages_fit_and_all_that_the_keyboard_reaches_has_a_name(qtbot: QtBot, qapp: QApplication, language: str) -> None:
    styles.use_theme(qapp, "light")
    i18n.set_language(language)
    dialog = dialog_of(qtbot, FULL)
    tabs = dialog.findChild(TabStrip)
    assert tabs is not None
    for page in tabs.names:
        tabs.choose(page)
        qapp.processEvents()
        assert faults(dialog) == []
