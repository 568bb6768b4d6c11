"""The rating map in the window: months on a slider, the table, what the map paints, and the printed page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from gridplanner.errors import InputError
from gridplanner.model.duty_data import NO_INDICATORS, Indicators, StationAreas
from gridplanner.model.places import NO_ROADS, texts
from gridplanner.model.project import Project
from gridplanner.model.ratings import NOT_RATED, Ratings, ratings_of
from gridplanner.settings import RatingSettings
from tests.ui.builders import planned, town
from tests.ui.painting import Painting
from ui.app import make_app, make_window
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.map.rating_layer import FILLS, RatingLabelLayer, legend_with_rating, mark, verdict
from ui.map.scene import Showing
from ui.map.view import View
from ui.panels.rating_page import RatingPage
from ui.preferences import Preferences
from ui.printing.rating_sheet import Sheet, write_sheet
from ui.second_map import SecondMap
from ui.steps import hidden_at
from ui.styles import LIGHT

MONTHS = ("2025-11", "2025-12", "2026-01")
COUNTS = ((1, 9, 5), (6, 2, 1))  # of the western and the eastern area, by month
SETTINGS = RatingSettings(method="absolute", limits={"cases": 10}, suppress_below=2, month="2026-01")
VIEW = View(360.0, 240.0, 0.9, 700, 500)


def rated_town(settings: RatingSettings | None = SETTINGS) -> Project:
    project = planned(town())
    rows = [(name, month, counts[i]) for name, counts in zip("WE", COUNTS, strict=True) for i, month in enumerate(MONTHS)]
    area, month, counts = zip(*rows, strict=True)
    nobody = np.full(len(rows), np.nan)
    return dataclasses.replace(
        project,
        station_areas=StationAreas(project.communities.polygons, texts(["1", "2"]), texts(["W", "E"])),
        indicators=Indicators(texts(list(area)), texts(list(month)), texts(["cases"]), np.array(counts, float)[:, None], nobody),
        settings=dataclasses.replace(project.settings, rating=settings),
    )


def with_many_areas(project: Project, count: int) -> Project:
    names = texts([f"Area {i}" for i in range(count)])
    polygons = texts([project.communities.polygons[0]] * count)
    indicators = Indicators(
        names, texts(["2026-01"] * count), texts(["cases"]), np.arange(count, dtype=float)[:, None], np.full(count, 80.0)
    )
    areas = StationAreas(polygons, texts([str(i) for i in range(count)]), names)
    return dataclasses.replace(project, station_areas=areas, indicators=indicators)


def showing(project: Project, month: str = "", hidden: frozenset[str] = hidden_at("rating")) -> Showing:
    return Showing(project, LIGHT, "en", hidden=hidden, rating_month=month)


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=30_000)
    desk_of(shown).session.open(rated_town(), saved=True)
    desk_of(shown).canvas.fit()
    shown.steps.choose("rating")
    qtbot.waitUntil(lambda: desk_of(shown).rating.ratings is not None, timeout=30_000)
    yield shown
    desk_of(shown).session.mark_saved(desk_of(shown).session.project)
    shown.close()


def desk_of(window: MainWindow) -> Desk:
    assert window.desk is not None
    return window.desk


def page_of(desk: Desk) -> RatingPage:
    assert desk.rating.page is not None
    return desk.rating.page


def cells(page: RatingPage) -> list[list[str]]:
    rows = page.table.rows
    return [[rows.index(line, column).data() for column in range(rows.columnCount())] for line in range(rows.rowCount())]


@pytest.mark.parametrize("month", MONTHS)
def test_the_map_paints_every_area_in_the_colour_of_the_month(qapp: QApplication, month: str) -> None:
    project = dataclasses.replace(rated_town(), roads=NO_ROADS)
    ratings = ratings_of(project)
    image = Painting(VIEW).show(showing(project, month))
    painted = []
    for row, polygon in enumerate(project.station_areas.polygons):
        left, bottom, right, top = polygon.bounds
        x, y = VIEW.point_to_screen((left + right) / 2, bottom + 0.15 * (top - bottom))
        level = ratings.level[row, ratings.column(month)]
        painted.append(image.pixelColor(round(x), round(y)) == QColor(FILLS[level]) if level != NOT_RATED else None)
    hidden = [counts[MONTHS.index(month)] < 2 for counts in COUNTS]
    assert painted == [None if none else True for none in hidden]


def test_a_month_that_is_moved_to_paints_the_map_anew_and_one_that_stays_does_not(qapp: QApplication) -> None:
    project, painting = rated_town(), Painting(VIEW)
    first = painting.show(showing(project, "2025-12"))
    assert painting.show(showing(project, "2025-12")) == first
    assert painting.show(showing(project, "2026-01")) != first
    assert painting.show(showing(project, "")) == painting.show(showing(project, "2026-01"))


def test_colours_can_be_told_without_colours(qapp: QApplication) -> None:
    ratings = ratings_of(rated_town())
    assert [verdict(ratings, 0, column) for column in range(3)] == ["not rated", "5 black", "3 yellow ↓"]
    assert [mark(ratings, 1, column) for column in range(3)] == ["4", "2↓", ""]
    lightness = [QColor(fill).lightnessF() for fill in FILLS]
    assert len({round(value, 1) for value in lightness}) >= 4
    labels = RatingLabelLayer()
    assert labels.sources(showing(rated_town()))
    assert not labels.sources(showing(rated_town(), hidden=hidden_at("grids")))
    _title, entries = legend_with_rating("By grid", (), showing(rated_town(), "2025-12"))
    assert _title == "Rating 2025-12"
    assert [entry.words[0] for entry in entries] == ["1", "2", "3", "4", "5", "h", "↑"]


def test_the_slider_moves_the_map_through_the_months_and_keeps_one_when_asked(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    page = page_of(desk)
    qtbot.waitUntil(lambda: desk.side.tabs.current == "rating")
    assert (page.month, page.slider.value(), desk.canvas.showing.rating_month) == ("2026-01", 2, "2026-01")
    assert not page.keep.isEnabled()
    QTest.keyClick(page.slider, Qt.Key.Key_Left)
    assert (page.month, desk.canvas.showing.rating_month) == ("2025-12", "2025-12")
    assert not desk.session.history.past  # looking at another month changes nothing
    page.keep.click()
    assert desk.session.project.settings.rating == dataclasses.replace(SETTINGS, month="2025-12")
    qtbot.waitUntil(lambda: not page.keep.isEnabled())
    desk.session.undo()
    qtbot.waitUntil(lambda: page.month == "2026-01")
    assert desk.session.project.settings.rating == SETTINGS


def test_the_tab_is_there_at_its_step_and_its_button_leads_there(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    window.steps.choose("grids")
    assert not desk.side.tabs.is_there("rating")
    desk.runner.run_step("rating")
    qtbot.waitUntil(lambda: desk.side.tabs.current == "rating")
    assert window.steps.step.id == "rating"
    assert "rating" not in desk.hidden


def test_a_click_on_a_row_goes_to_the_area(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    page = page_of(desk)
    page.table.clicked.emit(page.table.rows.index(1, 0))
    left, bottom, right, top = desk.session.project.station_areas.polygons[1].bounds
    assert left < desk.canvas.view.x < right
    assert bottom < desk.canvas.view.y < top


def test_the_second_map_can_show_the_rating_beside_the_grids(window: MainWindow, qtbot: QtBot) -> None:
    desk = desk_of(window)
    window.steps.choose("grids")
    second: SecondMap = desk.maps.open_second()
    second.themes.setCurrentIndex(second.themes.findData("rating"))
    second.themes.activated.emit(second.themes.currentIndex())
    assert "rating" not in second.canvas.showing.hidden
    assert "grids" in second.canvas.showing.hidden
    assert {"rating"} <= desk.canvas.showing.hidden
    desk.maps.use_theme("rating")
    second.themes.setCurrentIndex(second.themes.findData("grid"))
    second.themes.activated.emit(second.themes.currentIndex())
    assert "rating" not in desk.canvas.showing.hidden
    assert "grids" not in second.canvas.showing.hidden


def test_the_table_hides_small_counts_and_sorts(qtbot: QtBot) -> None:
    page = RatingPage()
    qtbot.addWidget(page)
    page.resize(343, 400)
    page.show()
    page.show_ratings(ratings_of(rated_town()), "2025-12", "2026-01")
    assert cells(page) == [["W", "5 black", "9", "0.90"], ["E", "2 blue ↓", "2", "0.20"]]
    page.slider.setValue(2)
    assert cells(page) == [["W", "3 yellow ↓", "5", "0.50"], ["E", "not rated", "<2", "–"]]
    page.table.horizontalHeader().sectionClicked.emit(2)
    page.table.horizontalHeader().sectionClicked.emit(2)
    assert [row[2] for row in cells(page)] == ["<2", "5"]
    assert "Counts below 2 are not shown." in page._words.text()


def test_an_empty_page_says_what_to_bring(qtbot: QtBot) -> None:
    page = RatingPage()
    qtbot.addWidget(page)
    page.show()
    assert page.table.isHidden()
    assert "Import monthly figures" in page._heading.text()
    page.show_ratings(_no_areas(), "", "")
    assert "give [sources.station_areas]" in page._heading.text()
    page.show_ratings(ratings_of(rated_town()), "", "")
    assert page.table.isVisible()


def _no_areas() -> Ratings:
    project = rated_town()
    return ratings_of(dataclasses.replace(project, station_areas=type(project.station_areas)(texts(), texts(), texts())))


def pages(path: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def sheet(project: Project, path: Path, month: str = "") -> Sheet:
    return Sheet(project, month, "2026-02-03", "en", path)


def test_a_page_of_the_rating_is_saved_as_pdf(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "new" / "rating.pdf"
    write_sheet(sheet(rated_town(), path))
    assert path.read_bytes().startswith(b"%PDF")
    assert pages(path) == 1
    assert list(path.parent.iterdir()) == [path]


def test_a_picture_of_the_rating_has_the_colours_of_the_month(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "rating.png"
    shares = {}
    for month in MONTHS[1:]:
        write_sheet(sheet(rated_town(), path, month))
        image = QImage(str(path)).scaledToWidth(400, Qt.TransformationMode.FastTransformation)
        assert 1.3 < image.width() / image.height() < 1.5
        seen = [image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())]
        shares[month] = [seen.count(fill) / len(seen) for fill in FILLS]
    assert shares["2025-12"][4] > 0.03  # the west is black, the east blue
    assert shares["2025-12"][1] > 0.03
    assert shares["2026-01"][4] < 0.01
    assert shares["2026-01"][2] > 0.03


def test_a_long_table_goes_on_over_the_page(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "rating.pdf"
    counts = []
    for areas in (5, 60, 217):
        write_sheet(sheet(with_many_areas(rated_town(RatingSettings()), areas), path))
        counts.append(pages(path))
    assert counts == [1, 2, 5]


def test_what_cannot_be_written_is_told_and_the_earlier_file_stays(qapp: QApplication, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no rating to print"):
        write_sheet(sheet(dataclasses.replace(rated_town(), indicators=NO_INDICATORS), tmp_path / "rating.pdf"))
    blocked = tmp_path / "file"
    blocked.write_text("here", encoding="utf-8")
    for name in ("rating.pdf", "rating.png"):
        with pytest.raises(InputError, match="cannot be written"):
            write_sheet(sheet(rated_town(), blocked / name))
    assert blocked.read_text(encoding="utf-8") == "here"


def test_the_menu_saves_the_month_that_is_shown(window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = desk_of(window)
    page_of(desk).slider.setValue(1)
    asked = []

    def choose(_parent: object, _title: str, start: str, kinds: str) -> tuple[str, str]:
        asked.append(start)
        return str(tmp_path / "map"), kinds.split(";;")[1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    window.action_set.qt["print-rating"].trigger()
    qtbot.waitUntil(lambda: (tmp_path / "map.png").exists(), timeout=30_000)
    assert asked[0].endswith("2025-12.pdf")
    qtbot.waitUntil(lambda: "map.png" in window.status._words.text())
