"""The settings of patrols in their dialog: every key has a field, clock times, streets by name, and what nobody touched stays."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.settings import PatrolSettings, StreetWish
from tests.ui.fitting import faults
from ui.dialogs.field_boxes import ClocksLine
from ui.dialogs.step_fields import PATROL
from ui.dialogs.step_settings import StepSettingsDialog, step_facts
from ui.dialogs.wish_list import WishList
from ui.panels.tab_strip import TabStrip
from ui.styles import Theme

FINE = PatrolSettings(shift_minutes=237.5, balance=1.0275, cover_share=0.333, weights={"primary": 2.55}, times={"primary": 2},
                      streets=(StreetWish("和平路", 3, True, 7.25),), starts=("08:00", "20:30"))  # fmt: skip


def opened(qtbot: QtBot, settings: PatrolSettings, roads: tuple[str, ...] = (), picks: int = 0) -> StepSettingsDialog:
    dialog = StepSettingsDialog("Patrol routes", settings, None, (), roads, picks)
    qtbot.addWidget(dialog)
    return dialog


def test_every_key_of_the_settings_has_a_field() -> None:
    assert {field.name for field in PATROL} == {field.name for field in dataclasses.fields(PatrolSettings)}


def test_what_nobody_touched_stays_as_it_was_however_fine(qtbot: QtBot) -> None:
    assert opened(qtbot, FINE).settings == FINE
    assert opened(qtbot, PatrolSettings()).settings == PatrolSettings()
    assert [name for name, _value in step_facts(FINE)] == ["Crews per zone", "Patrols go", "Shift", "Variants"]


def test_clock_times_are_read_however_they_are_divided_and_nonsense_is_refused(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FINE)
    line = dialog._boxes["starts"]
    assert isinstance(line, ClocksLine)
    line.setText("7:00；15：00、 23:00")
    assert dialog.settings.starts == ("07:00", "15:00", "23:00")
    line.selectAll()
    qtbot.keyClicks(line, "soon")
    assert not dialog.accept_button.isEnabled()
    assert "soon" in dialog.notice.text()
    between = dialog._boxes["break_between"]
    assert isinstance(between, ClocksLine)
    line.setText("08:00")
    between.setText("11:00")
    assert not dialog.accept_button.isEnabled()  # two are wanted


def test_visits_a_shift_are_whole_numbers_and_weights_are_not(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FINE)
    dialog._boxes["times"].boxes["secondary"].setValue(4)  # type: ignore[union-attr]
    dialog._boxes["weights"].boxes["secondary"].setValue(0.5)  # type: ignore[union-attr]
    made = dialog.settings
    assert made.times == {"primary": 2, "secondary": 4}
    assert isinstance(made.times["secondary"], int)
    assert made.weights == {"primary": 2.55, "secondary": 0.5}


def test_streets_are_asked_for_by_name_with_completion(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FINE, ("解放路", "和平路", "", "解放路"))
    wishes = dialog._boxes["streets"]
    assert isinstance(wishes, WishList)
    assert [row.wish for row in wishes.rows] == list(FINE.streets)
    row = wishes.add_row(StreetWish(" "))
    assert dialog.settings == FINE  # a row without a name is none
    row.name.completer().setCompletionPrefix("解放")
    completer = row.name.completer()
    assert completer.completionCount() == 1  # each name once
    assert completer.currentCompletion() == "解放路"
    row.name.setText("解放路")
    row.times.setValue(0)
    assert row.times.text() == "not at all"
    row.both.setChecked(True)
    assert dialog.settings.streets == (FINE.streets[0], StreetWish("解放路", 0, True))
    wishes.rows[0].times.setValue(1)
    assert dialog.settings.streets[0] == StreetWish("和平路", 1, True, 7.25)  # its weight stays
    qtbot.mouseClick(wishes.rows[0].away, Qt.MouseButton.LeftButton)
    assert dialog.settings.streets == (StreetWish("解放路", 0, True),)


def test_picked_streets_are_counted_and_cleared_only_when_asked(qtbot: QtBot) -> None:
    dialog = opened(qtbot, FINE, (), 3)
    assert not dialog.clear_picks
    dialog._clear.click()
    assert dialog.clear_picks
    assert dialog.settings == FINE


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_page_fits_the_smallest_window_and_names_its_fields(qtbot: QtBot, look: Theme, language: str) -> None:
    i18n.set_language(language)
    dialog = opened(qtbot, FINE, ("和平路",), 12)
    dialog.show()
    tabs = dialog.findChild(TabStrip)
    assert tabs is not None
    for page in dict.fromkeys(field.page for field in PATROL):
        tabs.choose(page)
        QApplication.processEvents()
        assert dialog.width() <= 960
        assert dialog.height() <= 600
        assert faults(dialog) == []
