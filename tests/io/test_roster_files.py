"""The roster in and out of files: leave and wishes from a table, the exported table, the spreadsheet, the project file."""

import dataclasses

import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from roster_line import guarded_line, picture, rostered

from gridplanner.errors import InputError
from gridplanner.i18n import speaking
from gridplanner.io.days import day_text
from gridplanner.io.inspection import inspect
from gridplanner.io.layers import write_layers
from gridplanner.io.project_file import open_project
from gridplanner.io.roster_book import shift_fills, write_roster_book
from gridplanner.model.duty_data import Staff
from gridplanner.model.issues import Level
from gridplanner.model.places import texts
from gridplanner.model.project import fingerprint
from gridplanner.model.roster_rules import rules_of
from gridplanner.settings import RosterCell

X, Y = 500_000.0, 3_900_000.0
FIELDS = {"person": "人员编号", "day": "日期", "until": "截止日期", "kind": "类型", "shift": "班次"}
HEAD = tuple(FIELDS.values())


@pytest.fixture
def read_cells(write_layer, read, tmp_path):
    """Return a reader of a table of leave and wishes beside some addresses."""
    homes = write_layer(tmp_path / "homes.gpkg", [shapely.Point(X + 50 * i, Y) for i in range(4)])

    def reader(*rows, fields=FIELDS, encoding="utf-8"):
        path = tmp_path / "请假.csv"
        path.write_text("\n".join(",".join(row) for row in (HEAD, *rows)) + "\n", encoding=encoding)
        return read(households=homes, roster_cells={"path": path, "fields": fields})

    return reader


@pytest.fixture(scope="module")
def week():
    cells = (RosterCell("1-02", "2026-01-07", until="2026-01-08"), RosterCell("1-01", "2026-01-05", "want", "off"))
    project = rostered(guarded_line(cells=cells, demand={"early": 1, "late": 1}), "eeeee..", "..vv.ee", "lll....", "...llll")
    staff = Staff(texts(["guard one"]), texts(["guard"]), texts(["000-1"]), texts(["1-01"]))
    return dataclasses.replace(project, staff=staff)


@pytest.mark.parametrize(("word", "day"), [
    ("2026/1/5", "2026-01-05"), ("20260105", "2026-01-05"), ("2026年1月5日", "2026-01-05"), ("２０２６－０１－０５", "2026-01-05"),
    ("2026-01-05T08:00:00", "2026-01-05"), ("2026-13-05", ""), ("5 January", ""), (None, ""),
])  # fmt: skip
def test_a_day_is_understood_however_it_is_written(word, day):
    assert day_text(word) == day


def test_leave_and_wishes_are_read_in_the_words_of_the_office(read_cells):
    project = read_cells(
        ("1-01", "2026/1/5", "2026/1/7", "病假", ""), ("1-02", "20260106", "", "希望", "休"),
        ("１－０３", "2026年1月6日", "", "不希望", "夜班"),
        ("1-04", "2026-01-05", "", "固定", "early"), encoding="gb18030",
    )  # fmt: skip
    found = project.roster_cells
    assert found.people.tolist() == ["1-01", "1-02", "1-03", "1-04"]
    assert found.days.tolist() == ["2026-01-05", "2026-01-06", "2026-01-06", "2026-01-05"]
    assert found.kinds.tolist() == ["leave", "want", "avoid", "fixed"]
    assert found.until.tolist() == ["2026-01-07", "", "", ""]
    line = dataclasses.replace(guarded_line(), roster_cells=found)
    rules = rules_of(line, rostered(line, *["......."] * 4).roster)
    assert rules.leave[0].tolist() == [True] * 3 + [False] * 4
    assert [(wish.person, wish.day, wish.kind, wish.shift) for wish in rules.wishes] == [(1, 1, "want", -1), (2, 1, "avoid", 2)]
    assert rules.fixed[3, 0] == 0
    assert not [issue for issue in project.read_issues if issue.layer == "roster_cells"]


def test_rows_that_say_nothing_are_left_out_and_told(read_cells):
    project = read_cells(
        ("", "2026-01-05", "", "请假", ""), ("1-02", "soon", "", "请假", ""), ("1-03", "", "", "请假", ""),
        ("1-04", "2026-01-05", "2026-01-04", "请假", ""), ("1-05", "2026-01-05", "later", "请假", ""),
        ("1-06", "2026-01-05", "", "旅行", ""),
    )  # fmt: skip
    assert project.roster_cells.people.tolist() == ["1-05"]
    assert project.roster_cells.until.tolist() == [""]
    told = [issue for issue in project.read_issues if issue.layer == "roster_cells"]
    assert [issue.values["rows"] for issue in told] == ["1", "2", "3", "5", "4", "6"]
    assert {issue.level for issue in told} == {Level.WARNING}
    assert all(word in " ".join(issue.message for issue in told) for word in ("soon", "later", "旅行", "2026-01-05"))


def test_names_are_neither_kept_nor_told(read_cells):
    project = read_cells(
        ("1-01", "2026-01-05", "", "请假", ""), ("某某某", "2026-01-05", "", "请假", ""), ("一中队03", "2026-01-05", "", "请假", ""),
        ("Some Body", "2026-01-05", "", "请假", ""),
    )  # fmt: skip
    assert project.roster_cells.people.tolist() == ["1-01", "一中队03"]
    (told,) = [issue for issue in project.read_issues if issue.layer == "roster_cells"]
    assert told.values["rows"] == "2, 4"
    assert "某" not in told.message
    assert "Body" not in told.message


def test_person_and_day_are_needed_and_dates_of_excel_are_days(read_cells, write_layer, read, tmp_path):
    with pytest.raises(InputError, match=r"fields\.day"):
        read_cells(("1-01", "2026-01-05", "", "", ""), fields={"person": "人员编号"})
    book = openpyxl.Workbook()
    book.active.append(["人员编号", "日期"])
    book.active.append(["1-01", np.datetime64("2026-01-05").item()])
    book.save(tmp_path / "leave.xlsx")
    project = read(households=tmp_path / "homes.gpkg", roster_cells={"path": tmp_path / "leave.xlsx",
                                                                     "fields": {"person": "人员编号", "day": "日期"}})  # fmt: skip
    assert (project.roster_cells.days.tolist(), project.roster_cells.kinds.tolist()) == (["2026-01-05"], ["leave"])


def test_a_table_of_leave_is_guessed(tmp_path):
    path = tmp_path / "请假登记.csv"
    path.write_text("队员编号,开始日期,截止日期,类型,班次\n1-01,2026-01-05,,请假,\n", encoding="utf-8")
    (report,) = inspect([path])
    assert report.role == "roster_cells"
    assert report.mapping == {"person": "队员编号", "day": "开始日期", "until": "截止日期", "kind": "类型", "shift": "班次"}


def test_the_exported_table_has_a_row_for_each_duty(week, tmp_path):
    write_layers(week, tmp_path / "out")
    meta, _fid, _shapes, columns = pyogrio.raw.read(tmp_path / "out" / "roster.dbf")
    table = dict(zip(meta["fields"], columns, strict=True))
    assert list(table) == ["date", "weekday", "shift", "squad", "guard", "seg_code", "route_code", "hours", "starts", "ends"]
    assert len(table["date"]) == 14
    assert [table[name][0] for name in ("date", "shift", "guard", "seg_code", "hours")] == [
        "2026-01-05", "early", "1-01", "1-01;1-02;1-03;1-04", 8.0]  # fmt: skip
    assert table["date"].tolist() == sorted(table["date"].tolist())
    (pack,) = (tmp_path / "out").glob("*.gpkg")
    meta, _fid, _shapes, columns = pyogrio.raw.read(pack, layer="roster")
    assert columns[list(meta["fields"]).index("guard")].tolist() == table["guard"].tolist()
    assert "roster,seg_code" in (tmp_path / "out" / "fields.csv").read_text(encoding="utf-8-sig")


def test_a_saved_roster_is_the_very_same(week, tmp_path):
    write_layers(week, tmp_path)
    again = open_project(next(tmp_path.glob("*.gridplan")))
    assert fingerprint(again.roster) == fingerprint(week.roster)
    assert again.roster.issues == week.roster.issues
    assert again.roster.penalties == week.roster.penalties
    assert picture(again.roster) == picture(week.roster)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_spreadsheet_has_the_colours_and_sums_of_the_calendar(week, tmp_path, language):
    with speaking(language):
        write_roster_book(week, tmp_path / "roster.xlsx")
    book = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    assert len(book.sheetnames) == 6
    calendar = book.worksheets[0]
    early, late, _night = shift_fills(week.roster)
    first = [calendar.cell(4, column).fill.fgColor.rgb[2:] for column in range(3, 10)]
    assert first[:5] == [early] * 5
    assert {early, late} <= {calendar.cell(6, column).fill.fgColor.rgb[2:] for column in range(3, 10)} | {early}
    assert [calendar.cell(row, 10).value for row in range(4, 8)] == [40, 16, 24, 32]
    together = list(book.worksheets[4].iter_rows(min_row=2, values_only=True))
    assert len(together) == 14
    assert together[0][5:8] == ("1-01", "guard one", "000-1")
    costs = list(book.worksheets[5].iter_rows(min_row=2, values_only=True))
    assert costs[-1][1] == week.roster.value == sum(row[1] for row in costs[:-1])


def test_no_roster_no_spreadsheet(tmp_path):
    with pytest.raises(InputError, match="no roster yet"):
        write_roster_book(guarded_line(), tmp_path / "roster.xlsx")
