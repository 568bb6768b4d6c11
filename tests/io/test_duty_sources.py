"""What police planning is given, as offices have it: months in every spelling, impossible counts, Excel and GBK tables."""

import datetime

import numpy as np
import openpyxl
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.inspection import inspect
from gridplanner.io.months import month_text
from gridplanner.io.preview import PreviewWish, read_preview
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.issues import Level

X, Y = 500_000.0, 3_900_000.0
CALENDAR = {"area": "派出所", "month": "月份"}


def points(count, step=50.0):
    return [shapely.Point(X + step * i, Y) for i in range(count)]


def square(x=0.0, size=1000.0):
    return shapely.box(X + x, Y, X + x + size, Y + size)


def texts(*values):
    return np.array(values, object)


def of_kind(project, kind):
    return [issue for issue in project.read_issues if issue.kind == kind]


def told_of(project, layer):
    return [issue for issue in project.read_issues if issue.layer == layer]


def write_table(path, rows, encoding="utf-8"):
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding=encoding)
    return path


@pytest.fixture
def read_with_homes(write_layer, read, tmp_path):
    """Return a reader of sources beside four addresses."""
    homes = write_layer(tmp_path / "homes.gpkg", points(4))
    return lambda **sources: read(households=homes, **sources)


# months


@pytest.mark.parametrize("word", ["2026-01", "2026-1", "202601", "20260115", "2026/1/15", "2026.01", "2026年1月", "2026年01月15日",
                                  "２０２６－０１", " 2026年1月份 ", "2026-01-15T08:30:00", "2026-01-15 08:30"])  # fmt: skip
def test_a_month_is_understood_however_it_is_written(word):
    assert month_text(word) == "2026-01"


@pytest.mark.parametrize("word", ["", None, "2026", "2026-13", "202600", "1-2026", "26-01", "2026-01-15-3", "January", "20260", "1026-01",
                                  "2026-01-32",
                                  "20260100"])  # fmt: skip
def test_what_is_no_month_is_none(word):
    assert month_text(word) == ""


# incidents


def test_incidents_are_places_with_weight_month_and_kind(write_layer, read_with_homes, tmp_path):
    columns = {"n": [2.0, np.nan, -3.0, 1.5], "when": texts("202601", "2026年2月", "soon", None), "kind": texts("盗窃", " 纠纷", "", None)}
    path = write_layer(tmp_path / "calls.gpkg", points(4), columns)
    project = read_with_homes(incidents={"path": path, "fields": {"weight": "n", "month": "when", "kind": "kind"}})
    found = project.incidents
    assert found.weight.tolist() == [2, 1, 0, 1.5]
    assert found.months.tolist() == ["2026-01", "2026-02", "", ""]
    assert found.kinds.tolist() == ["盗窃", "纠纷", "", ""]
    assert found.xy[:, 0].tolist() == [X, X + 50, X + 100, X + 150]
    missing, negative = of_kind(project, "count")
    assert (missing.level, missing.ref) == (Level.INFO, "2")
    assert (negative.level, negative.ref, negative.x) == (Level.WARNING, "3", X + 100)
    (odd,) = of_kind(project, "value")
    assert all(word in odd.message for word in ("calls.gpkg", "rows 3", "when", "soon", "2026-01"))


def test_days_are_taken_by_their_month_and_counts_of_areas_by_a_place_inside(write_layer, read_with_homes, tmp_path):
    when = np.array(["2026-01-31", "2025-12-01"], "datetime64[D]")
    path = write_layer(tmp_path / "areas.gpkg", [square(), square(1000)], {"cases": [40, 2], "day": when}, geometry="Polygon")
    project = read_with_homes(incidents={"path": path, "fields": {"weight": "cases", "month": "day"}})
    assert project.incidents.months.tolist() == ["2026-01", "2025-12"]
    assert project.incidents.weight.tolist() == [40, 2]
    assert shapely.contains_xy(square(), *project.incidents.xy[0])
    assert "areas were read as a point" in of_kind(project, "areas_as_points")[0].message


def test_months_that_went_through_excel_as_numbers_keep_october_where_that_can_be_told(write_layer, read_with_homes, tmp_path):
    fields = {"month": "when"}
    two = write_layer(tmp_path / "two.gpkg", points(4), {"when": np.array([2026.01, 2026.1, 2026.12, np.nan])})
    project = read_with_homes(incidents={"path": two, "fields": fields})
    assert project.incidents.months.tolist() == ["2026-01", "2026-10", "2026-12", ""]
    assert not told_of(project, "incidents")
    one = write_layer(tmp_path / "one.gpkg", points(4), {"when": np.array([2026.2, 2026.1, 2026.11, 2026.125])})
    project = read_with_homes(incidents={"path": one, "fields": fields})
    assert project.incidents.months.tolist() == ["2026-02", "", "2026-11", ""]
    doubt, odd = told_of(project, "incidents")
    assert "January or October" in doubt.message
    assert "rows 2" in doubt.message
    assert "2026.125" in odd.message


# station areas


def test_station_areas_of_one_code_are_one_and_overlaps_are_told(write_layer, read_with_homes, tmp_path):
    shapes = [square(), square(1000), square(2900), square(9000)]
    columns = {"code": texts("A", "A", "B", ""), "name": texts("城关", "城关", "", "")}
    path = write_layer(tmp_path / "areas.gpkg", [*shapes[:2], square(1990), shapes[3]], columns, geometry="Polygon")
    project = read_with_homes(station_areas={"path": path, "fields": {"code": "code", "name": "name"}})
    areas = project.station_areas
    assert areas.codes.tolist() == ["A", "B", ""]
    assert areas.names.tolist() == ["城关", "B", "#4"]
    assert shapely.area(areas.polygons).tolist() == pytest.approx([2e6, 1e6, 1e6])
    (overlap,) = of_kind(project, "overlap")
    assert overlap.values["area"] == pytest.approx(10_000)
    assert X + 1990 <= overlap.x <= X + 2000
    assert "rows 4" in of_kind(project, "value")[0].message


# indicators


def test_every_other_word_of_the_mapping_is_an_indicator(read_with_homes, tmp_path):
    rows = [("派出所", "月份", "刑事", "治安", "满意度"), ("城关", "2026-01", 3, 12, "93.5%"), ("城关", "2026年2月", 4, "", "")]
    path = write_table(tmp_path / "months.csv", rows, "gb18030")
    fields = {**CALENDAR, "刑事案件": "刑事", "治安": "治安", "satisfaction": "满意度"}
    project = read_with_homes(indicators={"path": path, "fields": fields})
    found = project.indicators
    assert found.names.tolist() == ["刑事案件", "治安"]
    assert found.areas.tolist() == ["城关", "城关"]
    assert found.months.tolist() == ["2026-01", "2026-02"]
    assert np.array_equal(found.counts, [[3, 12], [4, np.nan]], equal_nan=True)
    assert np.array_equal(found.satisfaction, [93.5, np.nan], equal_nan=True)
    assert not told_of(project, "indicators")


def test_rows_without_area_or_month_are_left_out_and_doubled_ones_count_once(read_with_homes, tmp_path):
    rows = [
        ("派出所", "月份", "n"), ("甲", "2026-01", 1), ("", "2026-01", 2), ("甲", "?", 3), ("甲", "202601", 4), ("乙", "", 5),
        ("乙", "2026-01", -6), ("丙", "2026-01", "many"),
    ]  # fmt: skip
    path = write_table(tmp_path / "months.csv", rows)
    project = read_with_homes(indicators={"path": path, "fields": {**CALENDAR, "n": "n"}})
    assert project.indicators.areas.tolist() == ["甲", "乙", "丙"]
    assert np.array_equal(project.indicators.counts[:, 0], [1, np.nan, np.nan], equal_nan=True)
    told = {issue.values["rows"]: issue.message for issue in told_of(project, "indicators")}
    assert set(told) == {"2", "3", "4", "5", "6", "7"}
    assert "names no area" in told["2"]
    assert "is not a month" in told["3"]
    assert "left out" in told["3"]
    assert "same area and month" in told["4"]
    assert "names no month" in told["5"]
    assert "negative" in told["6"]
    assert "many" in told["7"]


def test_satisfaction_may_be_a_share_and_is_never_beyond_a_hundred(read_with_homes, tmp_path):
    fields = {**CALENDAR, "satisfaction": "s"}
    shares = write_table(tmp_path / "shares.csv", [("派出所", "月份", "s"), ("甲", "2026-01", 0.5), ("乙", "2026-01", 1)])
    project = read_with_homes(indicators={"path": shares, "fields": fields})
    assert project.indicators.satisfaction.tolist() == [50, 100]
    assert "share" in told_of(project, "indicators")[0].message
    beyond = write_table(tmp_path / "beyond.csv", [("派出所", "月份", "s"), ("甲", "2026-01", 90), ("乙", "2026-01", 101)])
    project = read_with_homes(indicators={"path": beyond, "fields": fields})
    assert np.array_equal(project.indicators.satisfaction, [90, np.nan], equal_nan=True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"month": "月份", "n": "n"}, "fields.area"), ({"area": "派出所", "n": "n"}, "fields.month"), (CALENDAR, "names no indicator")],
)
def test_indicators_need_area_month_and_something_counted(read_with_homes, tmp_path, fields, words):
    path = write_table(tmp_path / "months.csv", [("派出所", "月份", "n"), ("甲", "2026-01", 1)])
    with pytest.raises(InputError, match=words):
        read_with_homes(indicators={"path": path, "fields": fields})


def test_counts_that_are_no_numbers_are_not_given(write_layer, read_with_homes, tmp_path):
    columns = {"area": texts("甲", "乙", "丙"), "month": texts(*["2026-01"] * 3), "n": np.array([np.inf, np.nan, 3.0])}
    path = write_layer(tmp_path / "months.gpkg", points(3), columns)
    project = read_with_homes(indicators={"path": path, "fields": {"area": "area", "month": "month", "n": "n"}})
    assert np.array_equal(project.indicators.counts[:, 0], [np.nan, np.nan, 3], equal_nan=True)


# people on duty


def test_people_on_duty_come_from_a_sheet_whose_cells_are_all_text(read_with_homes, tmp_path):
    book = openpyxl.Workbook()
    rows = [("姓名", "职务", "电话", "单位"), ("甲", "网格员", "010-0001", "001"), ("", "", "x", "y"), ("乙", "街长", 13500000000, None)]
    for row in rows:
        book.active.append(row)
    path = tmp_path / "people.xlsx"
    book.save(path)
    project = read_with_homes(staff={"path": path, "fields": {"name": "姓名", "role": "职务", "work_phone": "电话", "unit": "单位"}})
    found = project.staff
    assert [found.names.tolist(), found.roles.tolist()] == [["甲", "乙"], ["网格员", "街长"]]
    assert found.phones.tolist() == ["010-0001", "13500000000"]
    assert found.units.tolist() == ["001", ""]
    assert len(of_kind(project, "value")) == 2
    save_project(project, tmp_path / "p.gridplan")
    assert open_project(tmp_path / "p.gridplan").staff.phones.tolist() == found.phones.tolist()


def test_dates_of_a_sheet_are_months_and_one_of_several_sheets_is_asked_for(read_with_homes, tmp_path):
    book = openpyxl.Workbook()
    for row in [("area", "when", "n"), ("甲", datetime.date(2026, 1, 1), 3), ("乙", datetime.date(2025, 12, 31), 4)]:
        book.active.append(row)
    book.create_sheet("notes").append(["nothing"])
    path = tmp_path / "months.xlsx"
    book.save(path)
    source = {"path": path, "fields": {"area": "area", "month": "when", "n": "n"}}
    with pytest.raises(InputError, match="has several layers"):
        read_with_homes(indicators=source)
    project = read_with_homes(indicators={**source, "layer": "Sheet"})
    assert project.indicators.months.tolist() == ["2026-01", "2025-12"]
    assert project.indicators.counts[:, 0].tolist() == [3, 4]


def test_people_on_duty_need_what_they_are_on_duty_for(read_with_homes, tmp_path):
    path = write_table(tmp_path / "staff.csv", [("name", "unit"), ("a", "b")])
    for fields in ({}, {"name": "name"}, {"unit": "unit"}):
        with pytest.raises(InputError, match=r"fields\.unit"):
            read_with_homes(staff={"path": path, "fields": fields})
    empty = write_table(tmp_path / "empty.csv", [("name", "unit")])
    with pytest.raises(InputError, match="no rows"):
        read_with_homes(staff={"path": empty, "fields": {"name": "name", "unit": "unit"}})


# known checkpoints and cordons


def test_checkpoint_sites_are_existing_or_forbidden_in_both_languages(write_layer, read_with_homes, tmp_path):
    path = write_layer(tmp_path / "sites.gpkg", points(5), {"k": texts("已有", "Forbidden", "禁止", "", "maybe"), "n": texts(*"abcde")})
    project = read_with_homes(checkpoint_sites={"path": path, "fields": {"kind": "k", "name": "n"}})
    assert project.checkpoint_sites.kinds.tolist() == ["existing", "forbidden", "forbidden", "existing"]
    assert project.checkpoint_sites.names.tolist() == ["a", "b", "c", "d"]
    (odd,) = of_kind(project, "value")
    assert (odd.ref, odd.x) == ("5", X + 200)
    assert "maybe" in odd.message
    bare = read_with_homes(checkpoint_sites=path)
    assert set(bare.checkpoint_sites.kinds) == {"existing"}


def test_cordons_are_lines_and_rings_with_a_count(write_layer, read_with_homes, tmp_path):
    halves = shapely.MultiLineString([[(X, Y), (X + 9, Y)], [(X + 9, Y), (X + 20, Y)]])
    columns = {"name": texts("河边", ""), "n": [2.0, 0.0]}
    path = write_layer(tmp_path / "lines.gpkg", [halves, square()], columns)
    project = read_with_homes(cordons={"path": path, "fields": {"name": "name", "count": "n"}})
    assert [shape.geom_type for shape in project.cordons.shapes] == ["LineString", "Polygon"]
    assert project.cordons.names.tolist() == ["河边", "#2"]
    assert project.cordons.counts.tolist() == [2, 1]
    assert "rows 2" in of_kind(project, "count")[0].message


def test_a_cordon_that_crosses_itself_is_mended_and_told_and_its_count_is_a_count(write_layer, read_with_homes, tmp_path):
    knot = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    flat = shapely.Polygon([(X, Y), (X + 100, Y), (X + 50, Y)])
    path = write_layer(tmp_path / "rings.gpkg", [knot, square(), square(2000), flat], {"n": np.array([np.inf, 3e9, np.nan, 1])})
    project = read_with_homes(cordons={"path": path, "fields": {"count": "n"}})
    assert project.cordons.names.tolist() == ["#1", "#2", "#3"]
    assert project.cordons.counts.tolist() == [1, 10_000, 1]
    assert project.cordons.shapes[0].is_valid
    assert "rows 1, 3" in of_kind(project, "count")[0].message
    assert [issue.ref for issue in of_kind(project, "mended")] == ["1"]
    assert "without extent" in of_kind(project, "geometry")[0].message


# a look before reading


def test_tables_are_described_guessed_and_shown(tmp_path):
    staff = [("姓名", "职务", "工作电话", "单位", "身份证"), ("甲", "网格员", "13812345678", "001", "62080219800101123X")]
    write_table(tmp_path / "people.csv", staff, "gb18030")
    write_table(tmp_path / "考核.csv", [("派出所", "月份", "刑事", "满意度", "备注"), ("城关", "2026-01", 3, 90, "x")])
    months, people = sorted(inspect([tmp_path]), key=lambda report: report.role)
    assert people.role == "staff"
    assert people.mapping == {"name": "姓名", "role": "职务", "work_phone": "工作电话", "unit": "单位"}
    assert people.codec == "GB18030"
    assert "身份证" in people.problems[0]
    assert len(people.problems) == 1
    assert months.role == "indicators"
    assert months.mapping == {"area": "派出所", "month": "月份", "satisfaction": "满意度", "刑事": "刑事"}
    seen = read_preview(PreviewWish(people.path, people.layer, "staff"))
    assert seen.columns == ("姓名", "职务", "工作电话", "单位", "身份证")
    assert seen.rows == (("甲", "网格员", "•••", "001", "•••"),)
    assert "without places" in seen.problem


def test_openstreetmap_has_no_people(read_with_homes, test_data):
    with pytest.raises(InputError, match="is a table"):
        read_with_homes(staff=test_data / "towns" / "liechtenstein.osm.pbf")
