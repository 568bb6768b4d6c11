"""Shapefiles whose parts are missing, cut or at odds: read as far as they go, with every loss told, and nothing written beside them."""

import shutil
import struct

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.vector_files import layer_info, list_layers, read_table
from gridplanner.model.issues import Level

HEAD, ROW = 129, 185  # of the .dbf that most of these are made from
NAMES = ["城东区", "城中区", "城西区", "城北区", "大通县"]
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@pytest.fixture
def areas(write_shapefile, tmp_path):
    """Five squares with names, codes and numbers in GBK."""
    shapes = [shapely.box(500_000 + 10 * at, 3_900_000, 500_009 + 10 * at, 3_900_009) for at in range(5)]
    columns = {"名称": NAMES, "编码": [f"6301{at:02}" for at in range(5)], "户数": [1.5, 2.5, 3.5, 4.5, 5.5]}
    return write_shapefile(tmp_path / "区.shp", shapes, columns, geometry="Polygon", cpg="GBK")


def head_of(dbf):
    data = dbf.read_bytes()
    return int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")


def patch(path, at, data):
    raw = bytearray(path.read_bytes())
    raw[at : at + len(data)] = data
    path.write_bytes(raw)


def words(notes):
    return " | ".join(text.format(**values) for text, values in notes)


def whole(path, layer=None):
    layer = layer or path.stem
    return read_table(path, layer, list(layer_info(path, layer).fields))


def test_a_missing_shx_is_found_out_from_the_shp(areas, tmp_path):
    before = whole(areas)
    areas.with_suffix(".shx").unlink()
    table = whole(areas)
    assert table.wkb.tolist() == before.wkb.tolist()
    assert table.columns["名称"].tolist() == NAMES
    assert ".shx is missing" in words(table.notes)
    assert table.losses == ()
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".cpg", ".dbf", ".prj", ".shp"]


@pytest.mark.parametrize("damage", ["cut", "zeros", "beyond", "garbage"])
def test_a_shx_that_contradicts_the_shp_is_not_believed(areas, damage):
    before, shx = whole(areas), areas.with_suffix(".shx")
    if damage == "cut":
        shx.write_bytes(shx.read_bytes()[: 100 + 8 * 2])
    elif damage == "garbage":
        shx.write_bytes(b"\xff" * 17)
    else:
        patch(shx, 100, bytes(8) if damage == "zeros" else b"\x7f" * 8)
    table = whole(areas)
    assert table.wkb.tolist() == before.wkb.tolist()
    assert ".shx contradicts the .shp" in words(table.notes)


def test_a_shp_that_breaks_off_is_read_up_to_there_and_told(areas):
    areas.write_bytes(areas.read_bytes()[:-40])
    table = whole(areas)
    assert table.columns["名称"].tolist() == NAMES[:4]
    assert not any(shape is None for shape in table.wkb)
    said = words(table.losses)
    assert "breaks off after shape 4" in said
    assert "left out: the last 1" in said


def test_a_missing_dbf_leaves_the_shapes_and_is_told(areas):
    areas.with_suffix(".dbf").unlink()
    table = whole(areas)
    assert (len(table), dict(table.columns)) == (5, {})
    assert ".dbf is missing" in words(table.losses)


def test_a_dbf_that_breaks_off_keeps_its_whole_values(areas):
    dbf = areas.with_suffix(".dbf")
    head, width = head_of(dbf)
    dbf.write_bytes(dbf.read_bytes()[: head + 3 * width + 100])  # in the code of the fourth row, behind its name
    table = whole(areas)
    assert len(table) == 5
    assert table.columns["名称"].tolist() == [*NAMES[:4], None]
    assert np.isnan(table.columns["户数"][3:]).all()
    assert "breaks off after row 3 of 5: values are missing in row 4, 5" in words(table.losses)


def test_a_number_cut_in_two_is_left_out(areas):
    dbf = areas.with_suffix(".dbf")
    head, width = head_of(dbf)
    dbf.write_bytes(dbf.read_bytes()[: head + 5 * width - 18])
    assert np.isnan(whole(areas).columns["户数"][4])


def test_a_dbf_that_claims_more_or_fewer_rows_than_there_are_is_told(areas):
    dbf = areas.with_suffix(".dbf")
    patch(dbf, 4, struct.pack("<I", 9))
    table = whole(areas)
    assert table.columns["名称"].tolist() == NAMES
    assert "says 9 rows but holds 5" in words(table.notes)
    assert table.losses == ()
    patch(dbf, 4, struct.pack("<I", 2))
    table = whole(areas)
    assert table.columns["名称"].tolist() == NAMES
    assert "says 2 rows but holds 5" in words(table.notes)


def test_rows_and_shapes_without_a_partner_are_told(areas, write_shapefile, tmp_path):
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)]
    few = write_shapefile(tmp_path / "few.shp", shapes, {"名称": ["甲", "乙"]}, geometry="Polygon")
    shutil.copyfile(areas.with_suffix(".dbf"), few.with_suffix(".dbf"))
    table = whole(few)
    assert (len(table), table.columns["名称"].tolist()) == (2, NAMES[:2])
    assert "5 rows for 2 shapes; rows without a place were left out: the last 3" in words(table.losses)
    two = write_shapefile(tmp_path / "two.shp", shapes, {"名称": ["甲", "乙"]}, geometry="Polygon")
    shutil.copyfile(two.with_suffix(".dbf"), areas.with_suffix(".dbf"))
    table = whole(areas)
    assert table.columns["名称"].tolist() == ["甲", "乙", None, None, None]
    assert "2 rows for 5 shapes; shapes without values: the last 3" in words(table.losses)


def test_a_dbf_alone_that_breaks_off_is_read_up_to_there(areas, tmp_path):
    path = tmp_path / "表.dbf"
    head, width = head_of(areas.with_suffix(".dbf"))
    path.write_bytes(areas.with_suffix(".dbf").read_bytes()[: head + 2 * width])
    patch(path, 4, struct.pack("<I", 2**31 - 1))
    table = read_table(path, "表", ["名称"], "gbk", places=False)
    assert table.columns["名称"].tolist() == NAMES[:2]
    assert "after row 2 of 2147483647" in words(table.losses)
    path.write_bytes(bytes(40))
    with pytest.raises(InputError, match=r"表\.dbf.*head of the \.dbf is damaged"):
        list_layers(path)


def test_rows_marked_as_deleted_are_left_out_and_the_others_keep_their_numbers(areas):
    dbf = areas.with_suffix(".dbf")
    head, width = head_of(dbf)
    patch(dbf, head + width, b"*")
    table = whole(areas)
    assert table.columns["名称"].tolist() == [NAMES[0], *NAMES[2:]]
    assert table.rows.tolist() == [1, 3, 4, 5]
    assert layer_info(areas, "区").count == 4
    assert "marked as deleted" in words(table.notes)


def field_at(number):
    return 32 + 32 * number


@pytest.mark.parametrize(("codec", "cut", "shown"), [("utf-8", 10, "社区名"), ("gb18030", 9, "社区名称")])
def test_field_names_cut_in_the_middle_of_a_character_are_read_up_to_it(write_shapefile, tmp_path, codec, cut, shown):
    path = write_shapefile(tmp_path / "a.shp", [shapely.Point(0, 0)], {"name": ["甲"], "n": [1]}, encoding=codec)
    patch(path.with_suffix(".dbf"), field_at(0), "社区名称全".encode(codec)[:cut].ljust(11, b"\0"))
    table = whole(path)
    assert {name: column.tolist() for name, column in table.columns.items()} == {shown: ["甲"], "n": [1]}
    assert read_table(path, "a", [shown]).columns[shown].tolist() == ["甲"]
    assert shown in words(table.notes)


def test_field_names_that_come_twice_are_numbered(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", [shapely.Point(0, 0)], {"甲": ["一"], "乙": ["二"], "丙": ["三"]})
    patch(path.with_suffix(".dbf"), field_at(1), "甲".encode("gbk").ljust(11, b"\0"))
    table = whole(path)
    assert {name: column.tolist() for name, column in table.columns.items()} == {"甲": ["一"], "甲_2": ["二"], "丙": ["三"]}
    assert read_table(path, "a", ["甲_2", "丙"]).columns["甲_2"].tolist() == ["二"]


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_values_cut_in_the_middle_of_a_character_are_read_up_to_it_with_their_rows(write_shapefile, tmp_path, codec):
    values = ["城" * 41, "城东区", "x" + "城" * 40, "乐都区"]
    path = write_shapefile(tmp_path / "a.shp", [shapely.Point(0, 0)] * 4, {"名称": ["y" * 80, *values[1:]]}, encoding=codec)
    dbf = path.with_suffix(".dbf")
    head, width = head_of(dbf)
    for row in (0, 2):
        patch(dbf, head + row * width + 1, values[row].encode(codec)[: width - 1].ljust(width - 1))
    table = whole(path)
    kept = [value.encode(codec)[: width - 1].decode(codec, "ignore") for value in values]
    assert table.columns["名称"].tolist() == kept
    cut = [row + 1 for row in (0, 2) if len(kept[row].encode(codec)) < width - 1]
    said = words(table.notes)
    if cut:
        assert "cut in the middle of a character" in said
        assert f"(rows {', '.join(map(str, cut))})" in said
    assert table.losses == ()


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_characters_that_are_none_do_not_cost_the_layer(write_shapefile, read, tmp_path, codec):
    names = [f"城东区第{at}社区" for at in range(9)]
    path = write_shapefile(tmp_path / "a.shp", [shapely.Point(500_000, 3_900_000 + at) for at in range(9)], {"名称": names}, encoding=codec)
    dbf = path.with_suffix(".dbf")
    head, width = head_of(dbf)
    patch(dbf, head + 4 * width + 1, b"ab\xff\xffcd")
    table = whole(path)
    got = table.columns["名称"].tolist()
    assert got[:4] + got[5:] == names[:4] + names[5:]
    assert got[4].startswith("ab\ufffd")
    assert "(rows 5)" in words(table.losses)
    issues = read(depots={"path": path, "fields": {"name": "名称"}}).read_issues
    assert any(issue.level == Level.WARNING and "rows 5" in issue.message for issue in issues)


def test_parts_are_found_whatever_the_case_of_their_names(areas, tmp_path):
    folder = tmp_path / "大写 目录"
    folder.mkdir()
    for end, other in zip(PARTS, (".SHP", ".shx", ".DBF", ".Prj", ".CPG"), strict=True):
        shutil.copyfile(areas.with_suffix(end), folder / f"区 A{other}")
    table = whole(folder / "区 A.SHP")
    assert table.columns["名称"].tolist() == NAMES
    assert table.crs == whole(areas).crs


def test_damaged_records_are_told_and_the_others_read(areas):
    shx = np.frombuffer(areas.with_suffix(".shx").read_bytes()[100:], ">u4").reshape(-1, 2)
    patch(areas, int(shx[1, 0]) * 2 + 8 + 36, struct.pack("<i", 1_000_000))  # the second shape claims a million parts
    table = whole(areas)
    assert [shape is None for shape in table.wkb] == [False, True, False, False, False]
    assert table.columns["名称"].tolist() == NAMES
    assert "damaged or empty could not be read: 1 (rows 2)" in words(table.losses)


def test_bodies_are_refused_with_what_to_do(areas):
    patch(areas, 32, struct.pack("<i", 31))
    with pytest.raises(InputError, match=r"MultiPatch.*footprints"):
        list_layers(areas)


def test_a_head_alone_is_a_layer_without_rows(areas, tmp_path):
    path = tmp_path / "空.shp"
    path.write_bytes(areas.read_bytes()[:100])
    assert (len(whole(path)), layer_info(path, "空").count) == (0, 0)
    path.write_bytes(areas.read_bytes()[:60])
    with pytest.raises(InputError, match=r"空\.shp.*head of a shapefile"):
        list_layers(path)
