"""Numbers of people are refused wherever they stand, however they are written, but for the work phone of people on duty."""

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError

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
