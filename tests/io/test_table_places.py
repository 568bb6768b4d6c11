"""Tables whose columns hold coordinates are read as points, in whatever way these are written; what is none is told by its row."""

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.doctor.coordinate_text import coordinate_number, coordinate_pairs, geometry_from_text
from gridplanner.io.doctor.table_places import find_place_fields, guess_place_fields
from gridplanner.io.sources import inspect
from gridplanner.io.table import Table

LON, LAT = 106.684, 35.54


def write_csv(path, rows, encoding="utf-8"):
    lines = [",".join(f'"{value}"' if "," in str(value) or '"' in str(value) else str(value) for value in row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def table_of(**columns):
    count = len(next(iter(columns.values())))
    made = {name: np.array(values, object if isinstance(values[0], str) or None in values else None) for name, values in columns.items()}
    return Table(None, "", "", np.full(count, None, object), made, np.arange(1, count + 1))


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("106.684", 106.684),
        (" １０６．６８４ ", 106.684),
        ("\u00a0106.684\u3000", 106.684),
        ("E106°41′02.4″", 106.684),
        ("106°41'2.4\"E", 106.684),
        ("东经106度41分2.4秒", 106.684),
        ("106:41:02.4", 106.684),
        ("106 41 02.4", 106.684),
        ("106°41.04′", 106.684),
        ("106,68400", 106.684),
        ("35,500,123.5", 35_500_123.5),
        ("W106.684", -106.684),
        ("35.54S", -35.54),
        (106, 106.0),
    ],
)
def test_a_coordinate_is_understood_however_it_is_written(text, degrees):
    assert coordinate_number(text) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("text", ["", "不详", "2026-01-05", "35号", "106°61′00″", "1/2", "E106.6N", None, "nan°"])
def test_what_is_no_coordinate_is_none(text):
    assert np.isnan(coordinate_number(text))


@pytest.mark.parametrize(
    "text",
    [
        "106.684,35.54", "106.684 35.54", "(106.684，35.54)", "[106.684, 35.54]", '{"lng": 106.684, "lat": 35.54}', "lat=35.54 lon=106.684",
        "E106°41′02.4″ N35°32′24″", "N35°32′24″,E106°41′02.4″", "北纬35.54 东经106.684", "106°41′02.4″E35°32′24″N",
    ],
)  # fmt: skip
def test_both_coordinates_may_stand_in_one_cell(text):
    assert coordinate_pairs(np.array([text], object))[0] == pytest.approx((LON, LAT))


def test_text_of_shapes_is_read_with_its_system():
    hexed = shapely.to_wkb(shapely.set_srid(shapely.Point(1, 2), 4490), hex=True, include_srid=True)
    shapes, crs = geometry_from_text(np.array(["SRID=4490;POINT (1 2)", hexed, "LINESTRING (0 0, 1 1)", "", None, "x"], object))
    assert [shape and shape.geom_type for shape in shapes] == ["Point", "Point", "LineString", None, None, None]
    assert crs == "EPSG:4490"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["名称", "经度", "纬度"], {"x": "经度", "y": "纬度"}),
        (["Longitude (°)", "Latitude (°)"], {"x": "Longitude (°)", "y": "Latitude (°)"}),
        (["bd_lng", "bd_lat", "wgs84_lng", "wgs84_lat"], {"x": "wgs84_lng", "y": "wgs84_lat"}),
        (["起点经度", "终点经度", "终点纬度"], {"x": "终点经度", "y": "终点纬度"}),
        (["X坐标", "Y坐标"], {"x": "X坐标", "y": "Y坐标"}),
        (["北坐标", "东坐标"], {"x": "东坐标", "y": "北坐标"}),
        (["POINT_X", "POINT_Y"], {"x": "POINT_X", "y": "POINT_Y"}),
        (["lon", "plat"], {}),
        (["编号", "经纬度"], {"lonlat": "经纬度"}),
        (["id", "geom"], {"wkt": "geom"}),
        (["户数", "人口"], {}),
    ],
)
def test_columns_of_coordinates_are_known_by_their_names(names, found):
    assert find_place_fields(names) == found


def test_columns_of_coordinates_are_known_by_what_is_in_them():
    lon, lat = [106.6841, 106.6852, 106.6873], [35.5412, 35.5423, 35.5499]
    assert guess_place_fields(table_of(a=["x", "y", "z"], b=lat, c=lon)) == {"x": "c", "y": "b"}
    assert guess_place_fields(table_of(a=[f"{x},{y}" for x, y in zip(lon, lat, strict=True)])) == {"lonlat": "a"}
    assert guess_place_fields(table_of(a=["POINT (1 2)"] * 3)) == {"wkt": "a"}
    assert guess_place_fields(table_of(a=[30.0, 35.0, 41.0], b=[88.0, 92.0, 99.0])) == {}  # ages and weights
    assert guess_place_fields(table_of(坐标=["城东", "城西", "城南"])) == {}  # a word for places of another kind


def test_a_table_with_coordinates_is_read_as_points_and_rows_without_are_told(read, tmp_path):
    rows = [("小区", "户数", "经度", "纬度"), ("甲", 12, LON, LAT), ("乙", 13, "E106°41′02″", "35.55"), ("丙", 14, "", "")]
    rows += [("丁", 15, "不详", LAT), ("戊", 3, 0, 0)]
    path = write_csv(tmp_path / "homes.csv", rows, "gb18030")
    project = read(households={"path": path, "fields": {"households": "户数"}})
    assert project.households.households.tolist() == [12, 13]
    assert project.crs == "EPSG:4545"
    told = " ".join(issue.message for issue in project.read_issues)
    assert "rows 3, 4, 5: no place, left out (3 in all)" in told
    assert "rows 4: “不详, 35.54” in 经度, 纬度 are no coordinates" in told
    assert "rows 5: both coordinates are 0" in told


def test_columns_named_in_the_plan_go_before_the_rest(read, write_layer, tmp_path):
    path = write_csv(tmp_path / "a.csv", [("lon", "lat", "e", "n"), (1, 2, 500_100, 3_900_000), (1, 2, 500_200, 3_900_100)])
    project = read(households={"path": path, "fields": {"x": "e", "y": "n"}, "crs": "EPSG:4545"})
    assert project.households.xy.tolist() == [[500_100, 3_900_000], [500_200, 3_900_100]]
    drawn = write_layer(tmp_path / "b.gpkg", [shapely.Point(0, 0)], {"e": [500_300.0], "n": [3_900_200.0]})
    project = read(households={"path": drawn, "fields": {"x": "e", "y": "n"}, "crs": "EPSG:4545"})
    assert project.households.xy.tolist() == [[500_300, 3_900_200]]


def test_shapes_as_text_give_lines_and_areas(read, tmp_path):
    path = write_csv(tmp_path / "r.csv", [("名称", "几何"), ("甲路", f"LINESTRING ({LON} {LAT}, {LON} 35.55)"), ("乙路", "")])
    project = read(roads={"path": path, "fields": {"name": "名称"}})
    assert project.roads.names.tolist() == ["甲路"]


@pytest.mark.parametrize("suffix", [".xlsx", ".ods", ".dbf"])
def test_every_kind_of_table_may_have_coordinates(read, tmp_path, suffix):
    path = write_table_file(tmp_path / f"homes{suffix}", {"户数": [3, 4], "lng": [LON, LON + 0.01], "lat": [LAT, LAT]})
    project = read(households={"path": path, "fields": {"households": "户数"}})
    assert project.households.households.tolist() == [3, 4]


def write_table_file(path, columns):
    """Write a table without places in the format of the suffix."""
    import warnings

    import pyogrio.raw

    drivers = {".xlsx": "XLSX", ".ods": "ODS", ".dbf": "ESRI Shapefile"}
    arrays = [np.array(values, object if isinstance(values[0], str) else None) for values in columns.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            str(path), None, arrays, list(columns), driver=drivers[path.suffix], geometry_type=None, crs=None, encoding="utf-8"
        )
    return path


def test_a_filter_works_on_a_table_with_coordinates_and_names_what_it_does_not_find(read, tmp_path):
    path = write_csv(tmp_path / "a.csv", [("用途", "lon", "lat"), ("住宅", LON, LAT), ("商业", LON, 35.55)])
    assert len(read(households={"path": path, "where": "用途 = '住宅' AND lat < 36"}).households) == 1
    with pytest.raises(InputError, match="did you mean 用途"):
        read(households={"path": path, "where": "用途别 = 1"})


@pytest.mark.parametrize(
    ("fields", "words"), [({"x": "lon"}, "give x and y"), ({"x": "lon", "y": "la"}, "did you mean lat"), ({"xx": "lon"}, "has no xx")]
)
def test_half_a_place_is_refused(read, tmp_path, fields, words):
    path = write_csv(tmp_path / "a.csv", [("lon", "lat"), (LON, LAT)])
    with pytest.raises(InputError, match=words):
        read(households={"path": path, "fields": fields})


def test_a_table_without_places_says_how_to_give_them(read, tmp_path):
    path = write_csv(tmp_path / "a.csv", [("户数", "坐标"), (3, "城东"), (4, "城西")])
    with pytest.raises(InputError, match=r"table without places.*x = “?.经度.*its columns are 户数, 坐标"):
        read(households={"path": path})


def test_inspect_finds_the_places_of_a_table(tmp_path):
    path = write_csv(tmp_path / "门牌.csv", [("户数", "经度", "纬度"), *((n % 4 + 1, LON + n / 1e3, LAT + n / 2e3) for n in range(9))])
    (report,) = inspect([path])
    assert (report.geometry, report.role, report.from_columns, report.crs_guess) == ("point", "households", True, "EPSG:4326")
    assert report.mapping == {"households": "户数", "x": "经度", "y": "纬度"}
