"""Numbers of people are refused wherever they stand, however they are written, but for the work phone of people on duty."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.private_numbers import private_in, private_name
from gridplanner.io.sources import inspect
from gridplanner.io.table import Table

X, Y = 500_000.0, 3_900_000.0


def write_table(path, rows):
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def read_with_homes(write_layer, read, tmp_path):
    """Return a reader of sources beside an address."""
    homes = write_layer(tmp_path / "homes.gpkg", [shapely.Point(X, Y)])
    return lambda **sources: read(households=homes, **sources)


NUMBERS = [
    "13812345678",
    "+8613812345678",
    "8613812345678",
    "138-1234-5678",
    "138 1234 5678",
    "+86 138 1234 5678",
    "１３８１２３４５６７８",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mobile_number_is_known_however_it_is_written(read_with_homes, tmp_path, number):
    path = write_table(tmp_path / "staff.csv", [("name", "unit"), ("a", "001"), (f"王 {number}", "002")])
    with pytest.raises(InputError, match=r"“name” holds mobile numbers \(row 2\)"):
        read_with_homes(staff={"path": path, "fields": {"name": "name", "unit": "unit"}})


@pytest.mark.parametrize(
    "word", ["620802001001001", "010-8123-4567", "0933-8212345", "13-1234-5678", "1号楼3 8123", "20260115083000", "138001380001"]
)
def test_codes_landlines_and_dates_are_no_mobile_numbers(read_with_homes, tmp_path, word):
    path = write_table(tmp_path / "staff.csv", [("name", "unit"), ("a", word)])
    assert read_with_homes(staff={"path": path, "fields": {"name": "name", "unit": "unit"}}).staff.units.tolist() == [word]


@pytest.mark.parametrize("word", ["name", "role", "unit"])
def test_a_mobile_number_stands_nowhere_but_in_the_work_phone(read_with_homes, tmp_path, word):
    path = write_table(tmp_path / "staff.csv", [("name", "role", "unit", "phone"), ("a", "b", "c", ""), ("a", "b", "c", "13812345678")])
    fields = {"name": "name", "role": "role", "unit": "unit", "work_phone": "phone"}
    assert read_with_homes(staff={"path": path, "fields": fields}).staff.phones.tolist() == ["", "13812345678"]
    with pytest.raises(InputError, match=r"staff\.csv.*“phone” holds mobile numbers \(row 2\)"):
        read_with_homes(staff={"path": path, "fields": {**fields, word: "phone"}})


def test_an_identity_number_stands_nowhere_at_all(write_layer, read_with_homes, tmp_path):
    path = write_table(tmp_path / "staff.csv", [("name", "unit", "id"), ("a", "b", "62080219800101123X")])
    with pytest.raises(InputError, match="identity numbers"):
        read_with_homes(staff={"path": path, "fields": {"name": "name", "unit": "unit", "work_phone": "id"}})
    table = write_table(tmp_path / "months.csv", [("派出所", "月份", "n"), ("甲", "2026-01", "13812345678")])
    with pytest.raises(InputError, match="mobile numbers"):
        read_with_homes(indicators={"path": table, "fields": {"area": "派出所", "month": "月份", "n": "n"}})
    calls = write_layer(tmp_path / "calls.gpkg", [shapely.Point(X, Y)], {"kind": np.array(["报警人13812345678"], object)})
    with pytest.raises(InputError, match="mobile numbers"):
        read_with_homes(incidents={"path": calls, "fields": {"kind": "kind"}})


SPREADSHEET = [
    "138 12345678",
    " 1 3 8 1 2 3 4 5 6 7 8 ",
    "1.3812345678E+10",
    "13812345678.0",
    "138\u00a01234\u00a05678",
    "'13812345678",
    "１３８　１２３４　５６７８",
]


@pytest.mark.parametrize("number", SPREADSHEET)
def test_a_mobile_number_is_known_as_spreadsheets_and_web_pages_leave_it(number):
    assert found_in([number], "address") == "mobile numbers"


IDENTITIES = [
    "62080219800101123X", "620802 19800101 1234", "620802-19800101-1234", "6 2 0 8 0 2 1 9 8 0 0 1 0 1 1 2 3 4",
    "６２０８０２１９８００１０１１２３Ｘ",
    "6.20802198001011E+17", "620802198001011234\u200b", 620802198001011234, 6.20802198001011e17,
]  # fmt: skip


@pytest.mark.parametrize("number", IDENTITIES)
def test_an_identity_number_is_known_however_it_is_written(number):
    assert found_in([number], "code") == "identity numbers"


@pytest.mark.parametrize(
    "word",
    ["620802001001001", 620802001001.0, "6208021980", "106.68400000000", "2026-01-05 08:30:00", "13-01-01-0001", "1.5E+10", "138 0013 80"],
)
def test_codes_dates_and_coordinates_are_none_of_them(word):
    assert found_in([word], "address") is None


def found_in(values, word, field="f"):
    kind = object if isinstance(values[0], str) else None
    table = Table(Path("t.csv"), "", "", np.full(len(values), None, object), {field: np.array(values, kind)}, np.arange(1, len(values) + 1))
    found = private_in(table, field, "households", word)
    return found and found.what


def test_numbers_beyond_every_code_are_no_trouble():
    assert found_in([1e300, np.inf, np.nan, -1e300], "address") is None


@pytest.mark.parametrize("field", ["姓名", "户主", "户主姓名", "居民姓名", "业主", "联系人姓名", "HZXM", "owner_name", "householder"])
def test_names_of_residents_are_refused_by_the_name_of_their_column(write_layer, read_with_homes, tmp_path, field):
    calls = write_layer(tmp_path / "calls.gpkg", [shapely.Point(X, Y)], {field: np.array(["王"], object)})
    with pytest.raises(InputError, match="holds names of persons by its name"):
        read_with_homes(incidents={"path": calls, "fields": {"kind": field}})
    assert private_name(field, "staff") == ""


@pytest.mark.parametrize(
    "field", ["户主数", "住户", "居民", "村民人数", "路名", "名称", "单位名称", "name", "street_name", "居民户数", "负责单位"]
)
def test_other_names_are_no_names_of_residents(field):
    assert private_name(field, "households") == ""


def test_a_number_is_no_name():
    assert found_in([3, 5], "households", "业主") is None
    assert found_in(["王", "李"], "households", "业主") == "names of persons"


def test_nested_values_and_lists_of_geojson_are_searched(read_with_homes, tmp_path):
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"contact":{"tel":13812345678},"tags":["a","62080219800101123X"],'
        '"plain":["x","y"]},"geometry":{"type":"Point","coordinates":[106.68,35.54]}}]}'
    )
    path = tmp_path / "sites.geojson"
    path.write_text(text, encoding="utf-8")
    for field, what in (("contact", "mobile"), ("tags", "identity")):
        with pytest.raises(InputError, match=f"“{field}” holds {what} numbers"):
            read_with_homes(key_sites={"path": path, "fields": {"name": field}})
    assert len(read_with_homes(key_sites={"path": path, "fields": {"name": "plain"}}).key_sites) == 1


def test_a_column_that_is_not_mapped_is_not_read(read, tmp_path):
    path = write_table(
        tmp_path / "homes.csv", [("lon", "lat", "hh", "身份证", "电话"), (106.68, 35.54, 3, "62080219800101123X", "13812345678")]
    )
    project = read(households={"path": path, "fields": {"households": "hh"}})
    assert project.households.households.tolist() == [3]
    for field in ("身份证", "电话"):
        with pytest.raises(InputError, match=field):
            read(households={"path": path, "fields": {"address": field}})


def test_inspect_hides_and_does_not_propose_what_is_private(tmp_path):
    rows = [
        ("户主姓名", "户数", "经度", "纬度", "联系方式"),
        *(("王", n % 3 + 1, 106.68 + n / 1e3, 35.54 + n / 1e3, 13812345670 + n) for n in range(5)),
    ]
    (report,) = inspect([write_table(tmp_path / "住户.csv", rows)])
    assert report.mapping == {"households": "户数", "x": "经度", "y": "纬度"}
    assert report.rows[0][0] == report.rows[0][4] == "•••"
    assert {name for name, fact in report.facts.items() if fact.private} == {"户主姓名", "联系方式"}
    assert report.facts["联系方式"].least == ""
    assert len([words for words in report.problems if "cannot be mapped" in words]) == 2


@pytest.mark.parametrize(
    "value", [13812345678, 13812345678.0, "138 1234 5678", "１３８１２３４５６７８", 620802198001011234.0, "620802 19800101 123X"]
)
def test_spreadsheets_are_searched_as_numbers_and_as_text(read, tmp_path, value):
    from openpyxl import Workbook

    book = Workbook()
    for row in (("户数", "备注", "经度", "纬度"), (3, None, 106.68, 35.54), (4, value, 106.69, 35.55)):
        book.active.append(row)
    path = tmp_path / "住户.xlsx"
    book.save(path)
    assert read(households={"path": path, "fields": {"households": "户数"}}).households.households.tolist() == [3, 4]
    with pytest.raises(InputError, match=r"住户\.xlsx.*“备注” holds (mobile|identity) numbers \(row 2\)"):
        read(households={"path": path, "fields": {"households": "户数", "address": "备注"}})
