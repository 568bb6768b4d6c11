"""Routes on paper and on phones: what stands on the pages, which pages there are, and the dialog that asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gridplanner import i18n
from gridplanner.io.project_file import save_project
from gridplanner.model.patrol_sheet import RouteSheet, route_sheets
from gridplanner.model.project import Project
from gridplanner.model.street_turns import Turn
from gridplanner.model.turn_by_turn import Kind, turn_by_turn
from tests.patrol_town import made_plan
from tests.pdf_text import pdf_pages
from ui.__main__ import main as command_line
from ui.app import make_app, make_window
from ui.dialogs.routes_dialog import PHONES, RouteAsk, RouteChoice, RoutesDialog
from ui.main_window import MainWindow
from ui.preferences import Preferences
from ui.printing.patrol_sheet import pages_of, paint_page, print_sheets
from ui.printing.turn_signs import paint_sign
from ui.route_output import route_choices

DAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def lattice() -> Project:
    return made_plan()


def sheet_of(project: Project, row: int = 0, day: date | None = DAY) -> RouteSheet:
    assert project.patrol is not None
    return route_sheets(project, [project.patrol.routes[row]], day)[0]


def joined(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_pdf_has_every_instruction_stop_and_total_in_words(qapp: QApplication, lattice: Project, tmp_path: Path, language: str) -> None:
    i18n.set_language(language)
    path = tmp_path / "routes.pdf"
    sheet = sheet_of(lattice)
    print_sheets(lattice, [sheet], path)
    assert list(tmp_path.iterdir()) == [path]
    pages = pdf_pages(path)
    assert len(pages) == len(pages_of(sheet))
    whole = joined("".join(pages))
    for row in sheet.instructions:
        assert joined(sheet.words(row, distance=False)) in whole
    for words in ("X01-1", "西区", "水厂", "08:00", "08:14", {"en": "2026-01-05", "zh_CN": "2026年1月5日"}[language]):
        assert words in whole
    assert {"en": "2.0km,ofit500mpatrolledand1.5kmdrivenonly", "zh_CN": "全程2.0公里，其中巡逻500米、空驶1.5公里"}[language] in whole
    assert "二街" in pages[0].splitlines()  # a street's name on the map


def test_each_route_begins_on_a_page_of_its_own_and_long_ones_go_on(qapp: QApplication, lattice: Project, tmp_path: Path) -> None:
    assert lattice.patrol is not None
    plain = sheet_of(lattice)
    rows = [row for row in plain.instructions if row.kind is Kind.DRIVE]
    long = replace(plain, instructions=tuple(replace(rows[number % len(rows)], seq=number + 1) for number in range(150)))
    sheets = [sheet_of(lattice, row) for row in range(4)]
    print_sheets(lattice, [long, *sheets], tmp_path / "routes.pdf")
    pages = pdf_pages(tmp_path / "routes.pdf")
    expected = [len(pages_of(sheet)) for sheet in (long, *sheets)]
    assert len(pages) == sum(expected)
    assert expected[0] >= 4
    starts = [sum(expected[:number]) for number in range(1, 5)]
    for start, sheet in zip(starts, sheets, strict=True):
        assert f"Patrolroute{sheet.title}" in joined(pages[start])
        assert f"1/{len(pages_of(sheet))}" in joined(pages[start])
    listed = [page.rows for page in pages_of(long)]
    assert [row for part in listed for row in part] == list(range(150))


def test_the_map_shows_the_way_in_the_colour_of_the_route(qapp: QApplication, lattice: Project) -> None:
    sheet = sheet_of(lattice)
    image = QImage(595, 842, QImage.Format.Format_RGB32)
    shares = []
    for shown in (sheet, replace(sheet, colour="#c2255c")):
        image.fill(QColor("#ffffff"))
        painter = QPainter(image)
        paint_page(painter, lattice, shown, pages_of(shown)[0], 1, 1.0)
        painter.end()
        pixels = np.array(image.constBits(), np.uint8).reshape(842, 595, 4)[120:400, :, 2::-1].astype(int)
        wanted = np.array(QColor(shown.colour).getRgb()[:3])  # type: ignore[index]  # getRgb returns a tuple
        shares.append(float((np.abs(pixels - wanted).sum(axis=2) < 40).mean()))
    assert min(shares) > 0.004
    assert shares[0] == pytest.approx(shares[1], rel=0.2)


def test_a_plan_made_before_streets_were_kept_still_prints(qapp: QApplication, lattice: Project, tmp_path: Path) -> None:
    assert lattice.patrol is not None
    none = np.zeros(0, np.int64)
    bare = replace(lattice.patrol.routes[0], arcs=none, call_of_arc=none, passed=np.zeros(0), calls=())
    project = replace(lattice, patrol=replace(lattice.patrol, routes=(bare,)))
    print_sheets(project, route_sheets(project, [bare]), tmp_path / "routes.pdf")
    assert "水厂" in joined(pdf_pages(tmp_path / "routes.pdf")[0])


def test_the_choices_are_the_chosen_route_those_on_the_map_and_all(lattice: Project) -> None:
    assert lattice.patrol is not None
    plan = lattice.patrol
    assert [(choice.name, choice.words, choice.rows) for choice in route_choices(plan, "", -1)] == [
        ("shown", "As on the map: Variant 1 (4)", (0, 1, 4, 5)), ("all", "All routes (8)", tuple(range(8))),
    ]  # fmt: skip
    assert route_choices(plan, "2", 3)[0] == RouteChoice("chosen", "Only X01-2-V2", (3,))
    assert route_choices(plan, "day:0", -1)[0].words == "As on the map: As drawn for day 1 (4)"


def test_the_dialog_complains_until_it_can_be_accepted(qtbot: QtBot, tmp_path: Path) -> None:
    usual = RouteAsk("all", "", "zh_CN", ("gpx",), "gcj02", tmp_path)
    dialog = RoutesDialog(PHONES, [RouteChoice("all", "All", (0,))], usual, "2026-01-05")
    qtbot.addWidget(dialog)
    assert dialog.asked == usual
    dialog._day.setText("5.1.2026")
    assert not dialog.accept_button.isEnabled()
    assert "2026-01-05" in dialog.notice.text()
    dialog._day.setText("2026-01-05")
    assert dialog.accept_button.isEnabled()
    dialog._formats["gpx"].setChecked(False)
    assert not dialog.accept_button.isEnabled()
    dialog._formats["kml"].setChecked(True)
    dialog._folder.setText(" ")
    assert not dialog.accept_button.isEnabled()


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences, lattice: Project) -> Iterator[MainWindow]:
    make_app(preferences)
    shown = make_window(preferences)
    qtbot.waitUntil(lambda: shown.desk is not None, timeout=30_000)
    assert shown.desk is not None
    shown.desk.session.open(lattice, saved=True)
    shown.steps.choose("patrol")
    yield shown
    shown.desk.close()
    shown.desk.session.open(Project(), saved=True)
    shown.close()


def test_the_menu_writes_sheets_and_phone_files_and_remembers_how(
    window: MainWindow, lattice: Project, qtbot: QtBot, tmp_path: Path
) -> None:
    desk = window.desk
    assert desk is not None
    for action, files in (("print-routes", {"routes.pdf"}), ("phone-routes", {"routes.gpx", "X01-1.gpx"})):
        window.action_set.qt[action].trigger()
        dialog = desk.output.dialog
        assert dialog is not None
        for name, box in dialog._formats.items():
            box.setChecked(name in ("pdf", "gpx"))
        dialog._folder.setText(str(tmp_path / action))
        dialog._language.setCurrentIndex(dialog._language.findData("zh_CN"))
        dialog.accept()
        qtbot.waitUntil(lambda files=files, action=action: files <= {p.name for p in (tmp_path / action).glob("*")}, timeout=30_000)
        qtbot.waitUntil(lambda action=action: action in window.status._words.text() and "Files saved" in window.status._words.text())
    assert "从西派出所出发" in joined(pdf_pages(tmp_path / "print-routes" / "routes.pdf")[0])
    assert i18n.language() == "en"
    assert {path.name for path in (tmp_path / "phone-routes").iterdir()} == {
        "routes.gpx", "X01-1.gpx", "X01-2.gpx", "X02-1.gpx", "X02-2.gpx",
    }  # fmt: skip
    kept = window.preferences
    assert window.action_set.qt["print-routes"].isEnabled()
    desk.session.open(replace(lattice, patrol=None), saved=True)
    assert not window.action_set.qt["print-routes"].isEnabled()
    assert not window.action_set.qt["phone-routes"].isEnabled()
    assert (kept.choice("routes-language"), kept.choice("routes-phones-formats")) == ("zh_CN", "gpx")


def test_the_command_writes_all_formats(qapp: QApplication, lattice: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "格网.gridplan"
    save_project(lattice, project)
    words = ["routes", str(project), "--out", str(tmp_path / "out"), "--day", "1", "--date", "2026-01-05", "--lang", "zh_CN"]
    assert command_line(words) == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    codes = ("X01-1-V2", "X01-2-V2", "X02-1", "X02-2")  # drawn for the first day
    assert names == {f"routes.{end}" for end in ("gpx", "kml", "xlsx", "pdf")} | {
        f"{code}.{end}" for code in codes for end in ("gpx", "kml")
    }
    pages = [joined(page) for page in pdf_pages(tmp_path / "out" / "routes.pdf")]
    assert [code for code in codes if any(page.startswith(f"巡逻路线{code}") for page in pages)] == list(codes)
    assert "2026年1月5日" in pages[0]
    assert "已写出文件 12 个，路线 4 条" in capsys.readouterr().err


def test_another_thread_may_speak_another_language_for_a_while() -> None:
    with i18n.speaking("zh_CN"):
        assert i18n.language() == "zh_CN"
        assert i18n._("Routes") == "路线"
        with i18n.speaking("en"):
            assert i18n._("Routes") == "Routes"
        assert i18n._("Routes") == "路线"
    assert (i18n.language(), i18n._("Routes")) == ("en", "Routes")


def test_every_turn_has_a_sign(qapp: QApplication, lattice: Project) -> None:
    assert lattice.patrol is not None
    row = next(row for row in turn_by_turn(lattice.patrol.streets, lattice.patrol.routes[0]) if row.kind is Kind.DRIVE)
    pictures = set()
    for turn in Turn:
        image = QImage(60, 60, QImage.Format.Format_RGB32)
        image.fill(QColor("#ffffff"))
        painter = QPainter(image)
        painter.scale(3, 3)
        paint_sign(painter, QPointF(10, 10), replace(row, turn=turn), QColor("#000000"))
        painter.end()
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(Turn) - 1  # straight on looks like going on
