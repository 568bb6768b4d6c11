"""What the import dialog proposes for what was found, and what a press changes in the settings."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.io.preview import Preview
from gridplanner.io.source_report import SourceReport
from gridplanner.settings import JoinSettings, Settings, SourceSettings
from tests.ui.fitting import faults
from tests.ui.found_layers import BUILDINGS, COUNTIES, COUNTS, REGISTER, RESIDENTS, SCALED, SHEET, SWAPPED
from ui.dialogs.field_rows import FieldBox
from ui.dialogs.findings_list import findings_of
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.preview_map import PreviewMap
from ui.dialogs.source_choices import AUTO
from ui.styles import Theme


def dialog_of(qtbot: QtBot, *reports: SourceReport, over: QWidget | None = None) -> ImportDialog:
    dialog = ImportDialog(reports, Settings(), over)
    qtbot.addWidget(dialog)
    return dialog


def source(dialog: ImportDialog, role: str) -> SourceSettings:
    return dialog.settings.sources[role]


def box(dialog: ImportDialog, number: int, word: str) -> FieldBox:
    rows = dialog.cards[number].rows
    assert rows is not None
    return rows.boxes[word]


def _alike(one: QColor, other: QColor) -> bool:
    """True for colours that a line drawn softly may differ by."""
    return max(abs(one.red() - other.red()), abs(one.green() - other.green()), abs(one.blue() - other.blue())) < 24


def test_a_layer_that_is_surely_shifted_is_moved_unless_the_planner_leaves_it(qtbot: QtBot, look: Theme) -> None:
    dialog = dialog_of(qtbot, COUNTIES)
    dialog.show()
    banner = dialog.glance.banner
    assert source(dialog, "communities").datum == "gcj02"
    assert dialog.cards[0].wish().datum == "gcj02"
    assert "431 m" in banner._words.text()
    assert "426 m" in banner._words.text()
    assert (banner.move_button.isChecked(), banner.leave_button.isChecked()) == (True, False)
    qtbot.mouseClick(banner.leave_button, Qt.MouseButton.LeftButton)
    assert source(dialog, "communities").datum == "wgs84"
    assert (banner.move_button.isChecked(), banner.leave_button.isChecked()) == (False, True)
    qtbot.mouseClick(banner.move_button, Qt.MouseButton.LeftButton)
    assert source(dialog, "communities").datum == "gcj02"
    dialog.cards[0].choices.choose_datum("bd09")
    assert not banner.leave_button.isChecked()


def test_a_shift_that_is_only_suspected_is_left_to_the_planner(qtbot: QtBot) -> None:
    unsure = dataclasses.replace(COUNTIES, shifts=(dataclasses.replace(COUNTIES.shifts[0], confident=False),))
    dialog = dialog_of(qtbot, unsure)
    assert source(dialog, "communities").datum == AUTO
    assert not dialog.glance.banner.isHidden()


def test_the_map_draws_a_moved_layer_where_it_stood_and_where_it_belongs(qtbot: QtBot, look: Theme) -> None:
    xy = np.array([[101.0, 36.0], [103.0, 36.0], [103.0, 38.0], [101.0, 36.0]])
    moved = Preview(
        dialog_of(qtbot, COUNTIES).cards[0].wish(), "polygon", xy, np.array([0, 4], np.int32), True, 1, 1, before=xy + 0.004, shift=570.0
    )
    still = dataclasses.replace(moved, before=np.zeros((0, 2)), shift=0.0)
    drawn, asked = PreviewMap(), []
    qtbot.addWidget(drawn)
    drawn.near_asked.connect(asked.append)
    drawn.resize(400, 300)
    drawn.show_previews({0: still}, 0)
    assert drawn.closer.isHidden()
    drawn.show_previews({0: moved}, 0)
    assert drawn.closer.isChecked()
    ((lon, lat, metres),) = asked
    assert [lon, lat] in xy.tolist()
    assert 1000 < metres < 2000
    close = drawn.grab().toImage()
    seen = {close.pixelColor(x, y).rgb() for x in range(400) for y in range(40, 260)}
    assert all(any(_alike(QColor(ink), QColor(one)) for one in seen) for ink in (look.accent, look.dot))  # the latter where it stood
    drawn.closer.setChecked(False)
    assert drawn.grab().toImage() != close
    fine = dataclasses.replace(moved, wish=dataclasses.replace(moved.wish, near=(lon, lat, metres)), xy=xy + 0.0005)
    drawn.closer.setChecked(True)
    drawn.show_previews({0: moved}, 0, {0: fine})
    assert drawn._drawn(0) is fine


def test_swapped_and_scaled_coordinates_are_read_as_what_they_are(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, SWAPPED)
    choices = dialog.cards[0].choices
    assert (source(dialog, "depots").crs, source(dialog, "depots").axes) == (AUTO, AUTO)  # reading finds it out
    assert [choices.system.itemText(row).split(" ")[0] for row in range(3)] == ["as", "EPSG:4326", "EPSG:4523"]
    choices.system.setCurrentIndex(1)
    assert source(dialog, "depots").axes == "yx"
    assert "swapped" in choices.said
    choices.order.setCurrentIndex(1)  # no: longitude comes first
    assert source(dialog, "depots").axes == "xy"
    assert choices.said == ""
    scaled = dialog_of(qtbot, SCALED)
    assert source(scaled, "depots").scale == 1e-6
    assert "1,000,000" in scaled.cards[0].choices.said


def test_enter_in_a_field_shows_what_was_typed_and_imports_nothing_yet(qtbot: QtBot, look: Theme) -> None:
    dialog, asked = dialog_of(qtbot, COUNTIES), []
    dialog.show()
    dialog.look_asked.connect(lambda number, wish: asked.append(wish))
    card = dialog.cards[0]
    card.texts.where_line.setText("adcode = '630102'")
    dialog.glance.tabs.choose("rows")
    qtbot.keyClick(card.texts.where_line, Qt.Key.Key_Return)
    dialog.glance.tabs.choose("map")
    card.choices.system.setEditText("4545")
    qtbot.keyClick(card.choices.system, Qt.Key.Key_Return)
    assert [(wish.where, wish.crs) for wish in asked] == [("adcode = '630102'", AUTO), ("adcode = '630102'", "EPSG:4545")]
    assert dialog.isVisible()
    qtbot.keyClick(card._role, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_another_encoding_renames_the_fields_and_keeps_their_meaning(qtbot: QtBot, look: Theme) -> None:
    plain = dataclasses.replace(BUILDINGS, joins=(), mapping={"address": "楼栋编码"})
    dialog = dialog_of(qtbot, plain)
    assert source(dialog, "households").encoding == AUTO
    tiles = dialog.cards[0].texts.tiles
    tiles.tiles[2].click()
    assert tiles.codec == "CP950"
    assert source(dialog, "households").encoding == "CP950"
    assert source(dialog, "households").fields == {"address": "楼栂晤鎢"}
    tiles.choose("gb18030")
    assert source(dialog, "households").fields == {"address": "楼栋编码"}


def test_counts_come_from_the_table_whose_codes_match_best(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, BUILDINGS, COUNTS)
    homes = source(dialog, "households")
    assert homes.join == JoinSettings("/数据/楼栋户数.csv", "楼栋编码", "楼栋编码", "楼栋户数")
    assert homes.fields["households"] == "join.户数"
    assert "joined to 建筑物.shp" in dialog.cards[1]._small.text()
    join = dialog.cards[0].join_row
    assert join is not None
    assert join._words.text().startswith("288 of 300")
    box(dialog, 0, "households").choose("")
    assert "at least one field" in dialog.notice.text()
    join.key_box.choose("")
    assert "codes" in dialog.notice.text()
    assert not dialog.accept_button.isEnabled()
    join.table_box.setCurrentIndex(0)
    assert source(dialog, "households").join is None
    assert source(dialog, "households").fields == {}
    assert dialog.accept_button.isEnabled()
    assert "joined" not in dialog.cards[1]._small.text()


def test_the_table_that_counts_come_from_stands_above_them_and_has_no_place_to_choose(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, BUILDINGS, COUNTS)
    dialog.show()
    homes, table = dialog.cards
    assert homes._column.indexOf(homes.join_row) < homes._column.indexOf(homes.rows)
    for number, placed in ((0, True), (1, False)):
        dialog.choose(number)
        dialog.glance.tabs.choose("map")
        assert dialog.glance._choices.isVisible() == placed
        assert dialog.glance._words.objectName() == "small"  # that a table has no places is no warning
    table.take_for("households")  # by coordinates that only the planner knows of
    assert dialog.glance._choices.isVisible()


def test_a_long_name_wraps_and_widens_no_card(qtbot: QtBot) -> None:
    long = dataclasses.replace(COUNTIES, path="/数据/" + "a_very_long_name_of_a_file" * 6 + ".gpkg")
    broken = SourceReport("/x/a.shp", "", "", 0, problems=("/home/someone/" + "folder/" * 30 + "a.shp: cannot be read",), readable=False)
    dialog = dialog_of(qtbot, long, broken)
    dialog.show()
    inside = dialog._scroll.widget()
    assert inside.minimumSizeHint().width() <= dialog._scroll.viewport().width()
    assert len({card._role.mapTo(inside, card._role.rect().topLeft()).x() for card in dialog.cards}) == 1


def test_a_table_of_single_households_counts_its_rows(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, BUILDINGS, RESIDENTS)
    assert source(dialog, "households").fields == {"households": "join.rows"}


def test_what_is_private_is_seen_to_be_there_and_cannot_be_chosen(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, BUILDINGS, COUNTS)
    offered = box(dialog, 0, "households")
    row = offered.findData("join.身份证号")
    assert not offered.model().flags(offered.model().index(row, 0)) & Qt.ItemFlag.ItemIsEnabled
    dialog.choose(1)
    assert "身份证号" in dialog.glance._hidden.text()


def test_findings_are_grouped_by_what_becomes_of_them(qtbot: QtBot) -> None:
    assert [one.group for one in findings_of(COUNTS)] == ["refused", "mended", "note"]
    assert [one.group for one in findings_of(COUNTIES)] == ["note"]
    broken = SourceReport("/x/a.shp", "", "", 0, problems=("a.shp: cannot be read",), readable=False)
    dialog = dialog_of(qtbot, COUNTS, broken)
    dialog.show()
    next(button for button in dialog.cards[0].findChildren(QPushButton) if button.text() == "3 findings").click()
    said = [label.text() for label in dialog.glance.findings.findChildren(QLabel)]
    assert said == ["Refused", COUNTS.refused[0], "Mended when it is read", "a name was mended", "To know", "2 rows have no place"]
    dialog.choose(1)
    assert dialog.glance.tabs.current == "findings"  # nothing else can be seen of it


def test_a_table_needs_the_fields_of_its_coordinates(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, SHEET)
    dialog.cards[0].take_for("households")
    assert not dialog.accept_button.isEnabled()
    box(dialog, 0, "x").choose("东")
    box(dialog, 0, "y").choose("北")
    assert dialog.accept_button.isEnabled()
    assert source(dialog, "households").fields == {"x": "东", "y": "北", "households": "户数"}
    assert dict(dialog.cards[0].wish().places) == {"x": "东", "y": "北"}
    found = dialog_of(qtbot, REGISTER)
    assert source(found, "households").fields == {"x": "东", "y": "北", "households": "户数"}
    found.cards[0].take_for("indicators")  # a table may be read without its places
    assert found.cards[0].wish().places == ()


def test_fields_that_nothing_fits_wait_behind_a_button_which_puts_the_keyboard_on_the_first(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, COUNTIES)
    dialog.show()
    rows = dialog.cards[0].rows
    assert rows is not None
    assert rows.boxes["street"].isHidden()
    rows._more.click()
    assert not rows.boxes["street"].isHidden()
    assert rows._more.isHidden()


def test_what_was_chosen_stays_when_files_are_added(qtbot: QtBot) -> None:
    dialog = dialog_of(qtbot, COUNTIES, BUILDINGS)
    dialog.cards[0].choices.choose_crs("EPSG:4545")
    dialog.cards[0].choices.choose_datum("wgs84")
    box(dialog, 0, "name").choose("")
    dialog.cards[1].take_for("")
    dialog.cards[1].texts.tiles.choose("cp950")
    before = dialog.settings
    dialog.wait()
    assert not dialog.accept_button.isEnabled()
    dialog.take_reports((COUNTIES, BUILDINGS, REGISTER))
    sources = dialog.settings.sources
    assert sources["communities"] == before.sources["communities"]
    assert sources["communities"].crs == "EPSG:4545"
    assert sources["households"].path == "/数据/登记.csv"
    assert dialog.cards[1].texts.encoding == "CP950"
    assert dialog.accept_button.isEnabled()


def test_only_the_layer_that_is_looked_at_has_all_its_fields_made(qtbot: QtBot) -> None:
    many = [dataclasses.replace(COUNTIES, layer=f"layer {number}", shifts=()) for number in range(40)]
    dialog = dialog_of(qtbot, *many)
    assert [number for number, card in enumerate(dialog.cards) if card._made is not None] == [0]
    assert sum(card.rows is not None for card in dialog.cards) == 1


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_page_of_the_dialog_fits_the_smallest_window(language: str, qtbot: QtBot, look: Theme) -> None:
    over = QWidget()
    over.resize(960, 600)
    qtbot.addWidget(over)
    i18n.set_language(language)
    dialog = dialog_of(qtbot, COUNTIES, BUILDINGS, COUNTS, SWAPPED, over=over)
    dialog.show()
    for number in range(4):
        dialog.choose(number)
        for page in dialog.glance.tabs.names:
            dialog.glance.tabs.choose(page)
            QApplication.processEvents()
            assert dialog.width() <= 960
            assert dialog.height() <= 600
            assert faults(dialog) == [], (number, page)
