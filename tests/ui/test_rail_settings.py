"""The settings of the railway in their dialog: every key has a field, tables are written into, nonsense is said before it is applied."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.settings import RailBreak, RailMark, RailPost, RailSettings, RailShiftPlan
from tests.ui.fitting import clipped, nameless
from ui import styles
from ui.dialogs.field_boxes import NumbersLine, SeveralBoxes, TableBoxes
from ui.dialogs.row_table import RowTable
from ui.dialogs.step_fields import FIELDS
from ui.dialogs.step_settings import StepSettingsDialog, step_facts
from ui.panels.tab_strip import TabStrip

FULL = RailSettings(
    start="K814+000", stop="K1044+000", squads=4, guards=44, squad_guards=(11, 11, 12, 10), line="青藏线",
    breaks=(RailBreak("K900+000", "K900+020", "青藏线", "up"),),
    marks=(RailMark("K814+000", "格尔木站"), RailMark("K900+500", x=12.5, y=-3.0)),
    posts=(RailPost("K883+310", "K883+790", "隧道", 2),), plans=(RailShiftPlan("day"), RailShiftPlan("night", 22, 2, {"length": 2.0})),
)  # fmt: skip


@pytest.fixture(scope="module")
def _look(qapp: QApplication) -> None:
    styles.use_theme(qapp, "light")


@pytest.fixture
def dialog(qtbot: QtBot, _look: None) -> StepSettingsDialog:
    made = StepSettingsDialog("Railway", FULL)
    qtbot.addWidget(made)
    made.show()
    return made


def box(dialog: StepSettingsDialog, name: str) -> object:
    return dialog._boxes[name]


def rows(dialog: StepSettingsDialog, name: str) -> RowTable:
    found = box(dialog, name)
    assert isinstance(found, RowTable)
    return found


def test_every_key_of_the_section_has_a_field() -> None:
    keys = {field.name for field in dataclasses.fields(RailSettings)}
    assert {field.name for field in FIELDS[RailSettings]} == keys


def test_what_nobody_touches_stays_as_it_was(dialog: StepSettingsDialog) -> None:
    assert dialog.settings == FULL
    assert dict(step_facts(FULL)) == {"Squads": "4", "Guards in all": "44"}


def test_tables_are_written_into_and_rows_are_added_and_removed(dialog: StepSettingsDialog) -> None:
    breaks = rows(dialog, "breaks")
    breaks.add_row()
    assert dialog.settings.breaks == FULL.breaks  # type: ignore[union-attr]
    for column, text in enumerate(("K961+350", "961公里", "", "")):
        breaks.table.item(1, column).setText(text)
    assert dialog.settings.breaks[1] == RailBreak("K961+350", "961公里")  # type: ignore[union-attr]
    breaks.table.setCurrentCell(0, 0)
    breaks.away.click()
    assert [row.at for row in dialog.settings.breaks] == ["K961+350"]  # type: ignore[union-attr]
    plans = rows(dialog, "plans")
    plans.table.item(1, 1).setText("20")
    assert dialog.settings.plans[1] == RailShiftPlan("night", 20, 2, {"length": 2.0})  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "row", "column", "text", "why"),
    [
        ("breaks", 0, 0, "somewhere", "“somewhere” is not a chainage such as K814+300"),
        ("posts", 0, 3, "two", "“two” is no number"),
        ("plans", 0, 0, "", ""),
        ("marks", 0, 1, "", "marks: K814+000 needs the name of a station, or x and y"),
        ("breaks", 0, 3, "left", "left"),
    ],
)
def test_a_cell_that_makes_no_sense_is_said_and_keeps_the_dialog(
    dialog: StepSettingsDialog, name: str, row: int, column: int, text: str, why: str
) -> None:
    rows(dialog, name).table.item(row, column).setText(text)
    assert dialog.accept_button.isEnabled() is (why == "")  # a row with nothing in it is none
    assert why in dialog.notice.text()


def test_lines_lists_and_weights_are_read(dialog: StepSettingsDialog) -> None:
    start, each, forbid, weights = (box(dialog, name) for name in ("start", "squad_guards", "forbid", "weights"))
    assert isinstance(start, QLineEdit)
    assert isinstance(each, NumbersLine)
    assert isinstance(forbid, SeveralBoxes)
    assert isinstance(weights, TableBoxes)
    start.setText("K800")
    each.setText("12, 12，10 10")
    forbid.boxes["station"].setChecked(True)
    weights.boxes["school"].setValue(0.25)
    now = dialog.settings
    assert isinstance(now, RailSettings)
    assert (now.start, now.squad_guards, set(now.forbid)) == ("K800", (12, 12, 10, 10), {"station", "tunnel", "bridge"})
    assert now.weights == {**FULL.weights, "school": 0.25}
    each.setText("12, 12, 10, 11")
    assert not dialog.accept_button.isEnabled()


def test_every_page_fits_and_is_named(dialog: StepSettingsDialog, qapp: QApplication) -> None:
    tabs = dialog.findChild(TabStrip)
    assert tabs is not None
    assert len(tabs.names) == 7
    for name in tabs.names:
        tabs.choose(name)
        qapp.processEvents()
        assert not clipped(dialog)
        assert not nameless(dialog)


@pytest.mark.usefixtures("_look")
def test_an_empty_field_says_what_that_means_or_nothing(qtbot: QtBot) -> None:
    i18n.set_language("zh_CN")  # the head of its catalogue stands under no words at all
    made = StepSettingsDialog("Railway", RailSettings())
    qtbot.addWidget(made)
    shown = {name: made._boxes[name].placeholderText() for name in ("line", "prefix")}  # type: ignore[union-attr]
    assert shown == {"line": "所有正线", "prefix": ""}
    assert made._boxes["squad_guards"].placeholderText()  # type: ignore[union-attr]
