"""Tables joined to layers by a code: sums are those of the table, codes match however they are written, nothing is lost in silence."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io.doctor.joins import code_texts, make_join, match_codes
from gridplanner.io.layer_parts import open_parts
from gridplanner.io.reading import Reading
from gridplanner.io.sources import inspect, read_sources
from gridplanner.io.table import Table
from gridplanner.model.issues import Level
from gridplanner.settings import JoinSettings, Settings, SourceSettings

X, Y = 500_000.0, 3_900_000.0


def write_csv(path, rows, encoding="utf-8"):
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding=encoding)
    return path


def square(number):
    return shapely.box(X + 20 * number, Y, X + 20 * number + 10, Y + 10)


@pytest.fixture
def houses(write_layer, tmp_path):
    """Four buildings with a code as text, one of them in two parts, and a count of its own."""
    columns = {"BH": np.array(["001", "002", "002", "004"], object), "户数": [9, 9, 9, 9], "层": [1, 2, 2, 4], "段": [2, 1, 2, 2]}
    return write_layer(tmp_path / "houses.gpkg", [square(n) for n in range(4)], columns, geometry="Polygon")


def join_homes(houses, table, fields, key="楼号", where=""):
    source = SourceSettings(str(houses), fields=fields, where=where, join=JoinSettings(str(table), key, "BH"))
    return read_sources(Settings(sources={"households": source}))


def told(project):
    return [issue.message for issue in project.read_issues if issue.kind == "join"]


def test_counts_come_to_their_buildings_and_sums_are_those_of_the_table(houses, tmp_path):
    table = write_csv(
        tmp_path / "户数表.csv",
        [("楼号", "户数", "人口", "地址"), (1.0, 10, 30, "甲路1号"), ("２", 20, 50, ""), (4, 5, 12, "丙路")],
        "gb18030",
    )
    project = join_homes(houses, table, {"households": "join.户数", "persons": "人口", "address": "地址"})
    assert project.households.households.tolist() == [10, 20, 0, 5]
    assert project.households.persons.sum() == 92
    assert project.households.address.tolist() == ["甲路1号", "", "", "丙路"]
    first, second = told(project)
    assert first.startswith(
        "houses.gpkg, rows 3: their code is that of another feature before them, such as 002 (1 in all); what the table"
    )
    assert second == "户数表.csv: 3 codes lost their leading zeros, such as 1 for 001, and were matched without them"


def test_a_row_a_household_is_counted_by_its_rows(houses, tmp_path):
    rows = [("楼号", "室"), *(("001", n) for n in range(7)), *(("002", n) for n in range(3)), ("004", 1), ("", 5), ("099", 6), ("099", 7)]
    project = join_homes(houses, write_csv(tmp_path / "rows.csv", rows), {"households": "join.rows"})
    assert project.households.households.tolist() == [7, 3, 0, 1]
    words = " ".join(told(project))
    assert "rows.csv: 1 codes are of no feature of houses.gpkg, such as 099, and were left out; with them rows 2" in words
    assert "rows.csv, rows 12: without a code in “楼号”" in words
    assert "2 codes stand in several rows, such as 001, 002: numbers were added up" in words


def test_what_has_no_partner_is_told_with_examples(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数"), ("001", 5), ("001", 6), ("A7", 4)])
    project = join_homes(houses, table, {"households": "join.户数"})
    assert project.households.households.tolist() == [11, 0, 0, 0]
    words = " ".join(told(project))
    assert "houses.gpkg, rows 2, 3, 4: their code has no row in t.csv, such as 002, 004 (3 in all); they were counted as 0" in words
    assert "such as A7, and were left out; with them 户数 4" in words


def test_the_layers_own_field_goes_before_the_tables_unless_it_is_asked_for(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数"), ("001", 1), ("002", 2), ("004", 4)])
    assert join_homes(houses, table, {"households": "户数", "address": "join.户数"}).households.households.tolist() == [9, 9, 9, 9]
    assert join_homes(houses, table, {"households": "join.户数"}).households.households.tolist() == [1, 2, 0, 4]


def test_of_several_features_of_a_code_the_first_that_passes_the_filter_is_counted(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数", "类"), ("001", 1, "楼"), ("002", 20, "楼"), ("004", 4, "棚")])
    project = join_homes(houses, table, {"households": "join.户数"}, where="类 = '楼' AND 段 = 2")
    assert project.households.households.tolist() == [1, 20]
    with pytest.raises(InputError, match="no row of 4 passes"):
        join_homes(houses, table, {"households": "join.户数"}, where="层 > 9")


def test_rows_marked_as_deleted_do_not_shift_what_is_joined(write_shapefile, tmp_path):
    columns = {"BH": [f"{n:03d}" for n in range(6)], "n": np.arange(6)}
    path = write_shapefile(tmp_path / "a.shp", [shapely.Point(X + 9 * n, Y) for n in range(6)], columns, crs="EPSG:4545")
    data = bytearray(path.with_suffix(".dbf").read_bytes())
    start, width = (int.from_bytes(data[at : at + 2], "little") for at in (8, 10))
    data[start] = data[start + width] = ord("*")
    path.with_suffix(".dbf").write_bytes(data)
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数"), *((f"{n:03d}", n) for n in range(6))])
    assert join_homes(path, table, {"households": "join.户数"}, where="n < 4").households.households.tolist() == [2, 3]


def test_what_is_lost_of_the_joined_table_is_told(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数"), ("001", 1), ("002", "1", "000"), ("004", 4)])
    project = join_homes(houses, table, {"households": "join.户数"})
    assert [issue.level for issue in project.read_issues if "t.csv, rows 2: cells beyond" in issue.message] == [Level.WARNING]


def test_a_filter_may_ask_for_joined_fields_and_for_those_of_the_layer(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数", "用途"), ("001", 1, "住宅"), ("002", 2, "商业"), ("004", 4, "住宅")])
    fields = {"households": "join.户数"}
    assert join_homes(houses, table, fields, where="用途 = '住宅'").households.households.tolist() == [1, 4]
    assert join_homes(houses, table, fields, where="层 > 1").households.households.tolist() == [2, 0, 4]
    assert join_homes(houses, table, fields, where="用途 = '住宅' AND 层 > 1").households.households.tolist() == [4]
    with pytest.raises(InputError, match="did you mean 用途"):
        join_homes(houses, table, fields, where="用图 = '住宅'")


def test_figures_of_communities_come_to_their_areas(write_layer, read, tmp_path):
    areas = [shapely.box(X + 1000 * n, Y, X + 1000 * n + 1000, Y + 1000) for n in range(2)]
    layer = write_layer(tmp_path / "c.gpkg", areas, {"XZQDM": np.array([620802001001.0, 620802001002.0])}, geometry="Polygon")
    table = write_csv(tmp_path / "名单.csv", [("代码", "名称"), ("620802001002", "东街社区"), ("620802001001", "西街社区")])
    source = SourceSettings(str(layer), fields={"code": "XZQDM", "name": "名称"}, join=JoinSettings(str(table), "代码", "XZQDM"))
    project = read_sources(Settings(sources={"communities": source}))
    assert dict(zip(project.communities.codes, project.communities.names, strict=True)) == {
        "620802001001": "西街社区", "620802001002": "东街社区",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "key", "words"),
    [
        ({"households": "join.户"}, "楼号", "has no field “户”"),
        ({"households": "户口"}, "楼号", "did you mean 户数"),
        ({"households": "join.户数"}, "楼", r"has no field “楼” \(sources.households.join.key\)"),
        ({"households": "户数"}, "楼号", "none of its fields is used"),
    ],
)
def test_what_a_join_does_not_find_is_named(houses, tmp_path, fields, key, words):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数", "电话"), ("001", 1, "13812345678")])
    with pytest.raises(InputError, match=words):
        join_homes(houses, table, fields, key)


def test_a_join_that_matches_nothing_is_refused(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "n"), ("x1", 1), ("x2", 2)])
    with pytest.raises(
        InputError, match=r"no code of its field “楼号” \(X1, X2 …\) is one of the field “BH” of houses.gpkg \(001, 002, 004 …\)"
    ):
        join_homes(houses, table, {"households": "n"})


def test_people_are_refused_in_joined_tables_too(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户主", "说明", "n"), ("001", "王", "电话13812345678", 1)])
    with pytest.raises(InputError, match=r"t\.csv: the field “说明” holds mobile numbers \(row 1\)"):
        join_homes(houses, table, {"households": "n", "address": "说明"})
    with pytest.raises(InputError, match="“户主” holds names of persons by its name"):
        join_homes(houses, table, {"households": "n", "address": "户主"})
    keys = write_csv(tmp_path / "k.csv", [("户", "n"), ("62080219800101123X", 1)])
    with pytest.raises(InputError, match=r"“户” holds identity numbers"):
        join_homes(houses, keys, {"households": "n"}, key="户")


def test_codes_are_the_same_however_they_are_written():
    written = [" 620802001.0", "６２０８０２００１", "620 802 001", 620802001, 620802001.0, "'620802001", "6.20802001E+8"]
    assert set(code_texts(np.array(written, object))) == {"620802001"}
    assert code_texts(np.array([1.0, np.nan, 2.5])).tolist() == ["1", "", "2.5"]
    assert code_texts(np.array(["6.20802E+11", "a-1", None, ""], object)).tolist() == ["6.20802E+11", "A-1", "", ""]


def plain_table(name, **columns):
    count = len(next(iter(columns.values())))
    return Table(None, name, "", np.full(count, None, object), columns, np.arange(1, count + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=30), st.lists(st.integers(0, 12), min_size=1, max_size=20), st.randoms())
def test_what_is_counted_is_given_once_or_told(of_rows, of_features, random):
    counts = np.array([random.randint(0, 50) for _row in of_rows], float)
    table = plain_table("t", code=np.array(of_rows), n=counts)
    join = make_join(JoinSettings("t", "code", "code"), "households", table, "code", {"join.n": "n"}, frozenset({"join.n"}))
    matched = match_codes(join, np.array([f"{code}.0" for code in of_features], object))
    given_out = matched.column(join.columns(["join.n"], Reading())["join.n"], slice(None), counted=True)
    lost = sum(count for code, count in zip(of_rows, counts, strict=True) if code not in of_features)
    assert given_out.sum() + lost == counts.sum()
    for code in set(of_features) & set(of_rows):  # the oracle: one feature of each code bears its sum
        mine = [value for value, own in zip(given_out, of_features, strict=True) if own == code]
        assert sorted(mine) == sorted([counts[np.array(of_rows) == code].sum(), *([0.0] * (len(mine) - 1))])


def test_tables_dropped_along_are_offered_where_their_codes_are_the_layers(write_layer, tmp_path):
    codes = np.array([f"B{n:04d}" for n in range(30)], object)
    layer = write_layer(tmp_path / "楼栋.gpkg", [square(n) for n in range(30)], {"FID_": np.arange(30), "BH": codes}, geometry="Polygon")
    counts = write_csv(
        tmp_path / "户数.csv", [("楼号", "户数", "序号"), *((f"b{n:04d}", n % 5 + 1, n) for n in range(20)), ("B9999", 3, 77)]
    )
    other = write_csv(tmp_path / "别的.csv", [("序号", "值"), *((n, n) for n in range(30))])
    reports = {report.path: report for report in inspect([layer, counts, other])}
    (choice,) = reports[str(layer)].joins
    assert (choice.path, choice.key, choice.to) == (str(counts), "楼号", "BH")
    assert (choice.matched, choice.of, choice.features) == (20, 21, 30)
    assert reports[str(counts)].joins == ()
    areas = write_layer(tmp_path / "社区.gpkg", [square(n) for n in range(6)], {"户数": np.arange(1001, 1007)}, geometry="Polygon")
    numbers = write_csv(tmp_path / "号.csv", [("编码", "名称"), *((n, f"甲{n}") for n in range(1, 3000))])
    assert inspect([areas, numbers])[0].joins == ()  # numbers of households are no codes


def test_a_layer_read_in_parts_is_joined_as_the_whole_is(houses, tmp_path):
    table = write_csv(tmp_path / "t.csv", [("楼号", "户数"), ("001", 1), ("002", 2), ("004", 4)])
    source = SourceSettings(str(houses), fields={"households": "join.户数"}, join=JoinSettings(str(table), "楼号", "BH"))
    parts = open_parts("households", source, Reading())
    field = parts.fields["households"]
    assert [parts.rows(first, 2).columns[field].tolist() for first in (0, 2)] == [[1, 2], [0, 4]]
    assert parts.within((X + 55, Y, X + 65, Y + 9), "EPSG:4545").columns[field].tolist() == [4]


def test_a_table_with_coordinates_is_read_in_parts(tmp_path):
    path = write_csv(tmp_path / "a.csv", [("hh", "经度", "纬度"), *((n, 106.0 + n / 100, 35.0, "x"[n < 4 :]) for n in range(5))])
    reading = Reading()
    parts = open_parts("households", SourceSettings(str(path), fields={"households": "hh"}), reading)
    reading.tell_notes("households", parts.rows(2, 3))
    assert [issue.message.partition(":")[0] for issue in reading.issues if issue.kind == "source"] == ["a.csv, rows 5"]
    assert [len(parts.rows(first, 2)) for first in (0, 2, 4)] == [2, 2, 1]
    assert parts.within((106.015, 34.9, 106.035, 35.1), "EPSG:4326").points[:, 0].tolist() == [106.02, 106.03]
    assert parts.centre() == pytest.approx((106.02, 35.0))
