"""The roster on paper and as a workbook: which pages there are, what stands on them, and that an earlier file stays until all is well."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from gridplanner import i18n
from gridplanner.errors import InputError
from gridplanner.model.project import Project
from gridplanner.model.roster import OFF
from tests.pdf_text import pdf_pages
from tests.ui.builders import town
from tests.ui.rosters import roster_of, rostered
from ui.printing.roster_sheet import PAGE, RosterSheet, pages_of, paint_page, print_roster

LONG = 30_000


@pytest.fixture(scope="module")
def rota() -> Project:
    return rostered(town())


def test_each_squad_begins_a_page_and_every_person_and_day_is_on_one(rota: Project) -> None:
    wide = rostered(rota, squads=3, people=25, days=56)
    pages = pages_of(roster_of(wide))
    cells = [(person, day) for page in pages for person in page.people for day in page.days]
    assert len(cells) == len(set(cells)) == 75 * 56
    assert all({roster_of(wide).people[person].squad for person in page.people} == {str(page.squad + 1)} for page in pages)
    assert [page.squad for page in pages if page.last] == [0, 1, 2]
    assert max(len(page.days) for page in pages) <= 31
    assert [len(page.people) for page in pages_of(roster_of(rota))] == [7, 7]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_pages_say_who_works_when_and_where(qapp: QApplication, tmp_path: Path, rota: Project, language: str) -> None:
    i18n.set_language(language)
    path = tmp_path / "roster.pdf"
    print_roster(RosterSheet(rota, "2026-01-02", path))
    pages = pdf_pages(path)
    assert len(pages) == 2
    text = "".join(pages[0].split())
    for words in ("1-01", "1-07", "西郊街道", "08:00–16:00", "1/2"):
        assert words in text
    assert "2-01" not in text
    assert "2-01" in pages[1]


def test_a_shift_that_nobody_needs_or_works_is_not_printed(qapp: QApplication, tmp_path: Path, rota: Project) -> None:
    plan = roster_of(rota)
    demand, cells = plan.demand.copy(), np.where(plan.cells == 2, OFF, plan.cells).astype(np.int8)
    demand[..., 2] = 0
    path = tmp_path / "roster.pdf"
    print_roster(RosterSheet(dataclasses.replace(rota, roster=dataclasses.replace(plan, demand=demand, cells=cells)), "2026-01-02", path))
    text = "".join(pdf_pages(path)[0].split())
    assert "16:00–24:00" in text
    assert "00:00–08:00" not in text
    assert "0/0" not in text


def test_shifts_have_their_colours_and_a_squad_that_is_short_is_red(qapp: QApplication, rota: Project) -> None:
    image = QImage(round(PAGE[0]), round(PAGE[1]), QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    sheet = RosterSheet(rota, "2026-01-02", Path("roster.pdf"))
    pages = pages_of(sheet.plan)
    paint_page(painter, sheet, pages[0], 1, len(pages))
    painter.end()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}
    assert {"#cfe2ff", "#ffe2ad", "#d8cdf3"} <= colours


def test_an_earlier_file_stays_where_the_new_one_cannot_be_written(tmp_path: Path, rota: Project) -> None:
    (tmp_path / "folder").write_text("no folder")
    with pytest.raises(InputError, match="cannot be written"):
        print_roster(RosterSheet(rota, "2026-01-02", tmp_path / "folder" / "roster.pdf"))
    with pytest.raises(InputError, match="no roster to print"):
        print_roster(RosterSheet(dataclasses.replace(rota, roster=None), "2026-01-02", tmp_path / "roster.pdf"))
    assert not list(tmp_path.glob(".*"))
