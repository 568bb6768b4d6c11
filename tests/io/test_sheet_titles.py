"""Tables below a title, as offices write them: the names of the columns are found, the rows above told, and no row of data is lost."""

import zipfile

import pytest
from openpyxl import Workbook

from gridplanner.io.doctor.sheet_titles import rows_above
from gridplanner.io.inspection import inspect
from gridplanner.io.vector_files import layer_info, read_table

NAMES = ["楼号", "地址", "户数"]
ROWS = [[f"L{n:03d}", f"东街{n}号", n] for n in range(1, 41)]


def book(path, above, sheets=("登记",)):
    made = Workbook()
    made.remove(made.active)
    for sheet in sheets:
        page = made.create_sheet(sheet)
        for row in [*above, NAMES, *ROWS]:
            page.append(row)
    made.save(path)
    return path


ABOVE = {
    "title": [["西郊住户登记表(2026年)"]],
    "title and maker": [["西郊住户登记表"], ["填表人：甲"]],
    "title and blank": [["西郊住户登记表"], []],
    "blank": [[], []],
    "nothing": [],
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_sheet_is_read_from_the_names_of_its_columns_on(tmp_path, name):
    path = book(tmp_path / "表.xlsx", ABOVE[name])
    table = read_table(path, "登记", NAMES, places=False)
    assert table.columns["户数"].tolist() == list(range(1, 41))
    assert table.columns["楼号"].tolist() == [row[0] for row in ROWS]
    told = [text.format(**values) for text, values in table.notes]
    assert [text[-1] for text in told] == ([str(len(ABOVE[name]))] if ABOVE[name] else [])


def test_each_sheet_is_told_of_by_itself(tmp_path):
    path = book(tmp_path / "表.xlsx", ABOVE["title"], ("东 & 西", "南"))
    for sheet in ("东 & 西", "南"):
        assert list(layer_info(path, sheet).fields) == NAMES
        assert [values["layer"] for _text, values in read_table(path, sheet, NAMES, places=False).notes] == [sheet]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_table_is_read_from_the_names_of_its_columns_on(tmp_path, codec):
    path = tmp_path / "表.csv"
    lines = [
        "西郊住户登记表,,,",
        "填表人：甲,,,2026-01-03",
        "地址,户数,经度,纬度",
        *(f"东街{n}号,{n},{106.6 + n / 1e3},35.5" for n in range(1, 9)),
    ]
    path.write_text("\n".join(lines), encoding=codec)
    (report,) = inspect([path])
    assert (report.role, report.count, report.mapping["households"]) == ("households", 8, "户数")
    assert any("left out: 2" in words for words in report.mended)


def test_a_damaged_sheet_is_refused_and_nothing_breaks(tmp_path):
    path = book(tmp_path / "表.xlsx", ABOVE["title"])
    with zipfile.ZipFile(path) as members:
        at = members.getinfo("xl/worksheets/sheet1.xml").header_offset + 80
    data = bytearray(path.read_bytes())
    data[at : at + 200] = bytes(200)
    path.write_bytes(data)
    (report,) = inspect([path])
    assert not report.readable
    assert "表.xlsx" in report.problems[0]


def test_what_is_no_title_stays():
    assert rows_above([(3, True), (3, False)]) == 0
    assert rows_above([(1, True), (1, True)]) == 0  # a table of one column
    assert rows_above([(1, True), (3, False), (3, False)]) == 0  # data without names: none of its rows may go
    assert rows_above([(2, True), (3, True), (3, False)]) == 0  # names of two columns, and a third without one
    assert rows_above([]) == 0
