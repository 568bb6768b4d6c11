"""Data by hand: from files and folders to the settings that a plan file would have, with a look at every layer before it is read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gridplanner.io.crs import WGS84, transform
from gridplanner.io.doctor.datums import from_wgs84
from gridplanner.io.inspection import inspect
from gridplanner.io.preview import Preview, PreviewWish, read_preview
from gridplanner.io.source_report import SourceReport
from gridplanner.io.vector_files import read_table
from gridplanner.model.issues import LEFT, Issue, Level
from gridplanner.model.project import Provenance
from gridplanner.settings import Settings
from ui.dialogs.import_dialog import ImportDialog
from ui.dialogs.preview_map import PreviewMap, far_off
from ui.dialogs.source_choices import AUTO, SourceChoices, known_systems
from ui.intake import Intake
from ui.jobs import Jobs
from ui.reading_words import reading_words
from ui.styles import Theme
from ui.worker import Worker

LONG = 30_000
SAMPLE = Path(__file__).parents[2] / "sample_data" / "xijiao"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two layers in a folder with blanks and Chinese signs, one of them without its .prj."""
    there = tmp_path / "西郊 街道 2026" / "图层"
    there.mkdir(parents=True)
    for name in ("communities.shp", "communities.dbf", "communities.shx", "communities.cpg", "depots.geojson"):
        shutil.copy(SAMPLE / name, there / name)
    return there.parent


@pytest.fixture(scope="module")
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    worker = Worker()
    yield Jobs(worker)
    worker.close()


def dialog_of(reports: list[SourceReport], qtbot: QtBot) -> ImportDialog:
    """Return a dialog whose wishes are fulfilled at once."""
    dialog = ImportDialog(None, Settings())
    qtbot.addWidget(dialog)
    dialog.look_asked.connect(lambda number, wish: dialog.take_preview(number, read_preview(wish)))
    dialog.show()
    dialog.take_reports(reports)
    return dialog


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1200, 800)
    qtbot.addWidget(made)
    return made


def test_a_dropped_folder_opens_the_dialog_at_once_fills_it_and_becomes_sources(
    window: QWidget, qtbot: QtBot, jobs: Jobs, folder: Path
) -> None:
    intake, chosen = Intake(jobs, window), []
    intake.ask([folder], Settings(), chosen.append)
    (dialog,) = window.findChildren(ImportDialog)
    assert dialog.isVisible()
    assert not dialog.accept_button.isEnabled()
    intake.ask([folder], Settings(), chosen.append)  # a second drop meanwhile is not taken
    assert len(window.findChildren(ImportDialog)) == 1
    qtbot.waitUntil(lambda: len(dialog.cards) == 2, timeout=LONG)
    qtbot.waitUntil(lambda: len(dialog._previews) == 2 and not jobs.is_busy, timeout=LONG)
    assert dialog._previews[0].placed
    assert dialog.glance.rows.rowCount() == 6
    dialog.cards[1].choices.choose_crs("EPSG:4490")
    dialog.accept()  # while a preview is being made
    qtbot.waitUntil(lambda: bool(chosen), timeout=LONG)
    sources = chosen[0].sources
    assert set(sources) == {"communities", "depots"}
    assert Path(sources["communities"].path).parent.name == "图层"
    assert sources["depots"].crs == "EPSG:4490"


def test_a_dialog_that_is_left_while_files_are_looked_into_cancels_that(window: QWidget, qtbot: QtBot, jobs: Jobs, folder: Path) -> None:
    intake, chosen = Intake(jobs, window), []
    intake.ask([folder], Settings(), chosen.append)
    window.findChildren(ImportDialog)[0].reject()
    qtbot.waitUntil(lambda: not jobs.is_busy, timeout=LONG)
    assert chosen == []


@pytest.fixture
def phone_map_list(tmp_path: Path) -> Path:
    """Return a list of addresses of the sample town with the coordinates of a phone map, in the encoding of a Chinese spreadsheet."""
    table = read_table(SAMPLE / "households.gpkg", "households", ["hh"])
    lonlat = from_wgs84(transform(table.points, table.crs, WGS84), "gcj02")[::4].tolist()
    rows = [f"{count},13912345678,{x:.6f},{y:.6f}" for count, (x, y) in zip(table.columns["hh"][::4].tolist(), lonlat, strict=True)]
    path = tmp_path / "住户 登记.csv"
    path.write_bytes("\n".join(["户数,手机,经度,纬度", *rows]).encode("gb18030"))
    return path


def test_a_list_from_a_phone_map_is_moved_once_the_streets_are_added(
    window: QWidget, qtbot: QtBot, jobs: Jobs, phone_map_list: Path
) -> None:
    intake, chosen = Intake(jobs, window), []
    intake.ask([phone_map_list], Settings(), chosen.append)
    (dialog,) = window.findChildren(ImportDialog)
    qtbot.waitUntil(lambda: len(dialog._previews) == 1 and not jobs.is_busy, timeout=LONG)
    assert dialog.glance.banner.isHidden()
    assert dialog.cards[0].role == "households"
    dialog.more_asked.emit([SAMPLE / "roads.gpkg"])
    assert not dialog.accept_button.isEnabled()
    qtbot.waitUntil(lambda: len(dialog.cards) == 2 and len(dialog._fine) == 2 and not jobs.is_busy, timeout=LONG)
    moved = dialog._previews[0]
    assert 430 < moved.shift < 460
    assert not dialog.glance.banner.isHidden()
    assert dialog._fine[1].wish.near == dialog._fine[0].wish.near
    assert len(dialog._fine[0].xy) < len(moved.xy)  # only what lies there
    dialog.accept()
    qtbot.waitUntil(lambda: bool(chosen), timeout=LONG)
    homes = chosen[0].sources["households"]
    assert (homes.datum, homes.fields) == ("gcj02", {"households": "户数", "x": "经度", "y": "纬度"})


def test_what_was_read_is_said_in_one_line() -> None:
    read = [Provenance(role, "/x", "", count, "") for role, count in (("households", 1633), ("communities", 6), ("depots", 0))]
    assert reading_words(read, []) == "Read: Addresses with households 1,633, Communities 6"
    mended = Issue(Level.INFO, "mended", "mended", repair="mended:1")
    odd, left = Issue(Level.WARNING, "value", "odd"), Issue(Level.INFO, LEFT, "left", repair="mended:2")
    told = reading_words(read[:1], [mended, mended, odd, left])
    assert told == "Read: Addresses with households 1,633 · 2 repairs, 1 warning; the step “Check” lists them"
    all_of_them = Issue(Level.INFO, "mended", "{count} mended", {"count": 2}, repair="mended")
    assert "2 repairs" in reading_words(read[:1], [all_of_them, mended, mended])  # the sum of those told one by one
    assert "300 repairs" in reading_words(read[:1], [Issue(Level.INFO, "mended", "", {"count": 300}, repair="mended"), mended])


def test_a_guessed_system_is_offered_with_its_reason_and_can_be_overridden(qtbot: QtBot, look: Theme) -> None:
    box = (35_490_000.0, 3_900_000.0, 35_500_000.0, 3_910_000.0)
    report = SourceReport("/x/homes.shp", "homes", "point", 3, {"hh": "int"}, box=box, crs_guess="EPSG:4523", crs_why="zone number 35")
    choices = SourceChoices(report)
    qtbot.addWidget(choices)
    assert choices.crs == "EPSG:4523"
    assert "zone number 35" in choices.system.currentText()
    choices.system.setEditText("4547")
    assert choices.crs == "EPSG:4547"
    choices.system.setEditText("epsg:32648")
    assert choices.crs == "epsg:32648"
    choices.choose_crs("EPSG:4545")
    assert choices.crs == "EPSG:4545"
    said = SourceChoices(SourceReport("/x/homes.shp", "homes", "point", 3, {"hh": "int"}, "EPSG:4490 (CGCS2000)", "UTF-8"))
    qtbot.addWidget(said)
    assert (said.crs, said.axes, said.scale, said.datum) == (AUTO, AUTO, 0.0, AUTO)


def test_the_systems_offered_are_called_as_proj_calls_them() -> None:
    from gridplanner.io.crs import describe

    for code, name in known_systems()[2:-1]:
        assert name.split(" / ")[1].replace("GK", "Gauss-Kruger") in describe(code), code


def test_another_system_another_encoding_and_a_filter_are_seen_at_once(qtbot: QtBot, look: Theme) -> None:
    reports = inspect([SAMPLE / "communities.shp", SAMPLE / "households.gpkg"])
    dialog = dialog_of(reports, qtbot)
    card = dialog.cards[0]
    dialog.choose(0)
    assert "钟楼社区" in {dialog.glance.rows.item(0, column).text() for column in range(3)}  # type: ignore[union-attr]
    assert far_off(dialog._previews, 0) == 0
    card.texts.tiles.choose("cp950")
    assert "钟楼社区" not in {text for row in dialog._previews[0].rows for text in row}
    card.texts.tiles.choose("gb18030")
    assert dialog._previews[0].rows[0][1] == "钟楼社区"
    card.choices.choose_crs("EPSG:4545")
    assert "km from the other layers" in dialog.glance._words.text()  # degrees read as metres lie at the zone's origin
    card.texts.where_line.setText("社区名称 = '钟楼社区'")
    qtbot.keyClicks(card.texts.where_line, " ")
    qtbot.waitUntil(lambda: dialog._previews[0].passing < 1.0, timeout=5000)
    assert dialog.settings.sources["communities"].where == "社区名称 = '钟楼社区'"
    assert dialog.settings.sources["communities"].encoding == "GB18030"


def test_the_card_that_is_clicked_or_tabbed_to_is_the_one_looked_at(qtbot: QtBot, look: Theme) -> None:
    dialog = dialog_of(inspect([SAMPLE / "communities.shp", SAMPLE / "depots.geojson"]), qtbot)
    qtbot.mouseClick(dialog.cards[1], Qt.MouseButton.LeftButton, pos=QPoint(6, 6))
    assert dialog.current == 1
    assert dialog.cards[1].objectName() == "chosenCard"
    dialog.choose(0)
    assert dialog.cards[1].objectName() == "card"
    dialog.cards[1].take_for("")
    assert dialog.current == 1  # what is changed is shown


def place(lon: float, lat: float, size: float = 0.02) -> Preview:
    """Return a preview of five points around a place."""
    xy = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0.5]]) * size + (lon, lat)
    return Preview(PreviewWish("", ""), "point", xy, placed=True, shown=5, of=5)


def test_a_layer_far_from_the_others_is_told(qtbot: QtBot, look: Theme) -> None:
    previews = {0: place(106.7, 35.5), 1: place(106.71, 35.51), 2: place(109.7, 35.5)}
    assert far_off(previews, 0) == 0
    assert far_off(previews, 2) == pytest.approx(270, abs=5)
    assert far_off({0: previews[0]}, 0) == 0


def test_the_small_map_draws_what_lies_there_and_follows_the_wheel(qtbot: QtBot, look: Theme) -> None:
    drawn = PreviewMap()
    qtbot.addWidget(drawn)
    drawn.resize(300, 200)
    empty = drawn.grab().toImage()
    drawn.show_previews({0: place(106.7, 35.5)}, 0)
    full = drawn.grab().toImage()
    middle = full.rect().center()
    assert full != empty
    assert full.pixelColor(middle).name() == look.accent  # the point in the middle
    turn = QWheelEvent(
        QPointF(150, 100), QPointF(150, 100), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(drawn, turn)
    closer = drawn.grab().toImage()
    assert closer.pixelColor(middle).name() == look.accent  # the pointer's place stays
    assert closer != full
    drawn.mouseDoubleClickEvent(turn)  # type: ignore[arg-type]  # only that it happened counts
    assert drawn.grab().toImage() == full
    broken = Preview(PreviewWish("", ""), "line", np.array([[np.nan, 1.0], [2.0, np.inf]]), np.array([0, 2], np.int32), placed=True)
    drawn.show_previews({1: broken}, 1)
    assert not drawn.grab().isNull()
