"""The change log in a spreadsheet, and on the command line."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from gridplanner.cli import main
from gridplanner.errors import InputError
from gridplanner.i18n import set_language
from gridplanner.io.change_table import HEAD, write_changes
from gridplanner.io.project_file import save_saved
from gridplanner.io.saved import Saved
from gridplanner.model.change_words import line_words, what_words
from gridplanner.model.changes import DONE, UNDONE, Change, ChangeLine
from gridplanner.model.project import Project

DAY = 86_400.0
LOG = (
    Change(1, 1.76e9, "north@desk-1", "=cmd|' /C calc'!A0", DONE, (ChangeLine("grid", "012", "name", "", "=1+1"),)),
    Change(2, 1.76e9 + 3 * DAY, "south@desk-2", "移动 2 个单元", UNDONE, (
        ChangeLine("units", "units=2 households=34", "grid", "012", "013"), ChangeLine("setting", "grids.tolerance", "value", "0.1", "0.2"),
    )),
    Change(3, 1.76e9 + 4 * DAY, "north@desk-1", "Nothing told"),
)  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "town.gridplan"
    save_saved(Saved(Project(), changes=LOG), path)
    return path


def test_a_row_for_every_line_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    write_changes(LOG, path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == list(HEAD)
    assert [row[0] for row in rows[1:]] == ["1", "2", "2", "3"]
    assert rows[1][4].startswith("'=")
    assert rows[1][9] == "'=1+1"
    assert rows[2][3:] == ["undone", "移动 2 个单元", "Units", "2 units, 34 households", "grid", "012", "013"]
    assert rows[4][5:] == [""] * 5


def test_the_workbook_holds_the_same_as_text(tmp_path: Path) -> None:
    path = tmp_path / "changes.xlsx"
    write_changes(LOG, path)
    rows = list(load_workbook(path).active.iter_rows())
    assert [cell.value for cell in rows[0]] == list(HEAD)
    assert (rows[1][9].value, rows[1][9].data_type) == ("=1+1", "s")
    assert rows[3][6].value == "grids.tolerance"
    assert len(rows) == 5


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.csv or \.xlsx"):
        write_changes(LOG, tmp_path / "changes.doc")


def test_the_command_lists_chooses_and_writes(saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["changes", str(saved), "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "Units 2 units, 34 households: grid 012 → 013" in told
    assert told.count("north@desk-1") == 2
    assert main(["changes", str(saved), "--who", "SOUTH", "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert (only["number"], only["lines"][0]["after"]) == (2, "013")
    assert main(["changes", str(saved), "--since", "2026-01-01", "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip() == "No changes"
    out = tmp_path / "out" / "changes.csv"
    assert main(["changes", str(saved), "--out", str(out), "--quiet"]) == 0
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 5


HOSTILE = (
    Change(1, 1.76e9, "\x1b]0;x\x07li\ud800", "w\x1b[2J\n2  forged", "", (ChangeLine("more", "x", "lines", "", ""), ChangeLine(*[""] * 5))),
    Change(
        2,
        float("inf"),
        "li",
        "w",
        "done",
        (ChangeLine("units", f"units={'9' * 5000}", "grid", "", ""), ChangeLine("more", "9" * 5000, "", "", "")),
    ),
    Change(3, float("nan"), "li", "w", "done"),
    Change(4, -1e300, "li", "w", "done", (ChangeLine("grid", "", "name", "", "南\x1b[31m"),)),
)


def test_a_log_that_says_anything_is_listed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "town.gridplan"
    save_saved(Saved(Project(), changes=HOSTILE), path)
    assert main(["changes", str(path), "--lang", "zh_CN"]) == 0
    told = capsys.readouterr().out
    assert [line.split()[0] for line in told.splitlines() if not line.startswith(" ")] == ["1", "2", "3", "4"]
    assert "Project-Id-Version" not in told  # what gettext says to nothing
    for kind in ("csv", "xlsx"):
        write_changes(HOSTILE, tmp_path / f"changes.{kind}")
    assert "\x1b" not in (tmp_path / "changes.csv").read_text(encoding="utf-8")
    assert load_workbook(tmp_path / "changes.xlsx").active.max_row == 7


def test_the_words_of_a_line_are_those_of_the_field_in_chinese() -> None:
    set_language("zh_CN")
    try:
        assert re.fullmatch("网格 012[：:] ?名称 北里 → 南里", line_words(ChangeLine("grid", "012", "name", "北里", "南里")))
        assert line_words(ChangeLine("grids", "76", "beat", "", "")).startswith("网格 另有 76 项")
        assert line_words(ChangeLine("layer", "railway", "rows", "1", "2")).startswith("图层 铁路线路")
        assert {what_words(ChangeLine(what, "", "", "", "")) for what in ("grid", "grids")} == {"网格"}
    finally:
        set_language("en")


def test_a_step_at_the_command_line_is_in_the_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, homes = tmp_path / "town.gridplan", tmp_path / "homes.csv"
    assert main(["new", str(path), "--crs", "EPSG:4545", "--quiet"]) == 0
    rows = "".join(f"{106.70 + 0.001 * k:.4f},35.5,2\n" for k in range(9))
    homes.write_text(f"lon,lat,households\n{rows}", encoding="utf-8")
    assert main(["import", str(path), f"households={homes}", "--quiet"]) == 0
    capsys.readouterr()
    assert main(["changes", str(path), "--json"]) == 0
    (change,) = json.loads(capsys.readouterr().out)
    assert {"what": "layer", "ref": "households", "field": "rows", "before": "0", "after": "9"} in change["lines"]
    assert str(tmp_path) not in str(change["lines"])
