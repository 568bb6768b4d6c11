"""The formats of the export: what is written is read again, by other programs too, with every sign of it."""

import contextlib
import csv
import dataclasses
import json
import shutil
import subprocess
import warnings
from pathlib import Path

import fiona
import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyproj import CRS as CRSs  # noqa: N811

from algorithms.progress import SILENT
from gridplanner.errors import InputError
from gridplanner.export_profiles import ExportProfile, LayerProfile
from gridplanner.io.crs import WGS84, transform
from gridplanner.io.export_faults import CELL, ROWS, fitted, sheet_faults
from gridplanner.io.export_places import moved, places_of
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.formats.writers import WRITERS
from gridplanner.io.formula_text import meant
from gridplanner.io.growing_export import check_growing
from gridplanner.io.layer_columns import LayerRows, no_places, rows_of
from gridplanner.io.layer_rows import layers_of
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.layers import export_faults, write_layers
from gridplanner.io.profile_rows import apply
from gridplanner.io.shifted_systems import datum_of, datum_said_in
from gridplanner.settings import FORMATS, ExportSettings

CRS = "EPSG:4545"
SIDE = np.array([500_000.0, 3_900_000.0])
# what names are made of: common and rare Chinese (GBK lacks the last two), quotes, markup, what begins a formula, and breaks of lines
SIGNS = "甲乙网格社区銀行〇㐂𠮷A1 =+-@'\"<>&;,%^\\|\n"
NAMES = st.lists(st.text(SIGNS, max_size=30).map(str.strip), min_size=1, max_size=6)


def grids(names) -> LayerRows:
    """A row of squares that share their sides, with these names."""
    x, y = SIDE
    squares = [shapely.box(x + 100.3 * at, y, x + 100.3 * (at + 1), y + 77.7) for at in range(len(names))]
    codes = [f"{at:03d}" for at in range(len(names))]
    return rows_of("grids", np.array(squares, object), {"grid_code": codes, "name": names, "deviation": np.arange(len(names)) - 1.5})


def written(rows, folder, name, crs="project", encoding="utf-8") -> Path:
    places = places_of(CRS, crs)
    placed = moved(rows, places.in_degrees if WRITERS[name].degrees else places)
    WRITERS[name].write([placed], folder, ExportWish("all", "全部", places, encoding), SILENT)
    return next(folder.glob("*.fgb" if name == "flatgeobuf" else f"*.{name}"))


def read_by_pyogrio(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        meta, _fids, wkb, data = pyogrio.raw.read(path, **options)
    return meta, dict(zip(meta["fields"], data, strict=True)), shapely.from_wkb(wkb) if wkb is not None else None


def read_by_fiona(path, **options):
    with contextlib.closing(fiona.open(path, **options)) as rows:
        return [dict(row["properties"]) for row in rows]


def plain(names) -> list[str]:
    return ["" if name is None else str(name) for name in names]


def drawn(name) -> str:
    """A name as a drawing has it: on one line, without what would be a symbol there."""
    line = " ".join(name.split("\n"))
    while "%%" in line:
        line = line.replace("%%", "% %")
    return line


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """An empty folder each time it is called."""
    root, count = tmp_path_factory.mktemp("formats"), iter(range(10_000))

    def new() -> Path:
        folder = root / str(next(count))
        folder.mkdir()
        return folder

    return new


@pytest.fixture(scope="module")
def everything(town, tmp_path_factory):
    """The made town in every format."""
    folder = tmp_path_factory.mktemp("everything")
    write_layers(exporting(town, formats=FORMATS), folder)
    return folder


def exporting(project, **export):
    return dataclasses.replace(project, settings=dataclasses.replace(project.settings, export=ExportSettings(**export)))


@pytest.mark.parametrize("name", ["shp", "gpkg", "geojson", "kml", "gpx", "xlsx", "dxf", "flatgeobuf", "csv"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES)
@example(names=["=cmd|' /C calc'!A0", "𠮷祥社区", "甲\n乙", '"引号"', "a'b", "%%d ^J", "\\U+4E2D"])
def test_names_come_back_as_they_were(place, name, names):
    if name == "gpx":
        points = shapely.points(SIDE + np.arange(len(names))[:, None])
        path = written(rows_of("stops", np.asarray(points, object), {"name": names}), place(), name)
        assert plain(read_by_pyogrio(path, layer="waypoints")[1]["name"]) == names
        assert [row["name"] or "" for row in read_by_fiona(path, layer="waypoints")] == names
        return
    path = written(grids(names), place(), name)
    if name == "xlsx":
        rows = list(load_workbook(path)["grids"].iter_rows(values_only=True))
        assert plain(row[1] for row in rows[1:]) == names
    elif name == "dxf":
        _meta, fields, _shapes = read_by_pyogrio(path)
        words = [text for text, layer in zip(fields["Text"], fields["Layer"], strict=True) if layer == "grids_text"]
        labels = [drawn(name) or f"{at:03d}" for at, name in enumerate(names)]
        assert words == labels
        assert [row["Text"] for row in read_by_fiona(path) if row["Layer"] == "grids_text"] == labels
    elif name == "csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert [meant(row["name"]) for row in csv.DictReader(stream)] == names
        assert [meant(word) for word in plain(read_by_pyogrio(path)[1]["name"])] == names
    elif name == "kml":  # GDAL calls the label of a row Name, and so the field another way
        _meta, fields, _shapes = read_by_pyogrio(path)
        assert plain(fields["name2"]) == names
        assert plain(fields["Name"]) == [name or f"{at:03d}" for at, name in enumerate(names)]
    else:
        _meta, fields, shapes = read_by_pyogrio(path)
        order = np.argsort(plain(fields["grid_code"]))  # an index by place orders rows anew
        assert plain(fields["name"][order]) == names
        assert (fields["deviation"][order] == np.arange(len(names)) - 1.5).all()
        assert len(shapes) == len(names)
        assert sorted(row["name"] or "" for row in read_by_fiona(path)) == sorted(names)


@settings(max_examples=15, deadline=None)
@given(names=NAMES)
@example(names=["𠮷㐂" * 40, "甲" * 130])
def test_a_shapefile_in_gb18030_keeps_all_that_fits_and_tells_the_rest(place, names):
    path = written(grids(names), place(), "shp", encoding="gb18030")
    fits, faults = fitted(grids(names), "gb18030")
    assert plain(read_by_pyogrio(path)[1]["name"]) == list(fits.columns["name"])
    assert plain(row["name"] for row in read_by_fiona(path)) == list(fits.columns["name"])
    kept = [name for name in names if len(name.encode("gb18030")) <= 120]
    assert [name for name in fits.columns["name"] if name in kept] == kept
    assert sum(len(fault.rows) for fault in faults) == len(names) - len(kept)


@pytest.mark.parametrize("name", ["shp", "gpkg", "geojson", "kml", "flatgeobuf", "dxf"])
def test_other_programs_read_them(tmp_path, name):
    if shutil.which("ogrinfo") is None:
        pytest.skip("GDAL's programs are not installed")
    path = written(grids(["西郊𠮷社区", "东郊"]), tmp_path, name)
    done = subprocess.run(["ogrinfo", "-al", str(path)], capture_output=True, text=True, check=True)
    assert "西郊𠮷社区" in done.stdout
    assert "东郊" in done.stdout
    assert name == "dxf" or done.stderr == ""  # of UTF-8 in a drawing it says that it takes it as it is


def test_geojson_is_longitude_and_latitude_with_rings_that_turn_left(town, everything):
    data = json.loads((everything / "grids.geojson").read_text(encoding="utf-8"))
    rows = next(rows for rows in layers_of(town) if rows.schema.name == "grids")
    assert "crs" not in data
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in data["features"]]
    assert all(part.exterior.is_ccw for shape in shapes for part in shapely.get_parts(shape))
    assert shapely.coverage_is_valid(shapely.get_parts(shapes))
    back = shapely.transform(shapes, lambda xy: transform(xy, WGS84, town.crs))
    assert (shapely.hausdorff_distance(back, rows.shapes) < 0.002).all()
    numbers = [digits for feature in data["features"][:1] for digits in np.ravel(feature["geometry"]["coordinates"][0])[:8]]
    assert all(round(float(number), 8) == number for number in numbers)


def test_whole_numbers_are_whole_and_what_is_not_known_is_nothing(everything, tmp_path):
    data = json.loads((everything / "zones.geojson").read_text(encoding="utf-8"))
    first = data["features"][0]["properties"]
    assert isinstance(first["key_sites"], int)
    sheet = load_workbook(everything / "tables.xlsx")["zones"]
    row = dict(zip([cell.value for cell in sheet[1]], [cell.value for cell in sheet[2]], strict=True))
    assert isinstance(row["key_sites"], int)
    assert isinstance(row["dev_pct"], float)
    assert sheet.freeze_panes == "A2"
    rows = rows_of("coverage", np.array([shapely.LineString([SIDE, SIDE + 9])], object), {"interval_h": [np.nan], "visits": [0]})
    properties = json.loads(written(rows, tmp_path, "geojson").read_text(encoding="utf-8"))["features"][0]["properties"]
    assert (properties["interval_h"], properties["visits"]) == (None, 0)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_shifted_places_are_labelled_and_undone_by_our_own_reader(datum, tmp_path, read):
    xy = SIDE + np.random.default_rng(3).uniform(0, 3000, (40, 2))
    rows = rows_of("addresses", shapely.points(xy), {"households": np.ones(40)})
    for name in ("shp", "gpkg", "flatgeobuf", "geojson", "kml"):
        path = written(rows, tmp_path, name, crs=datum)
        if name in {"shp", "gpkg", "flatgeobuf"}:
            crs = pyogrio.read_info(path)["crs"]
            assert datum_of(crs) == datum
            assert not CRSs.from_user_input(crs).equals("EPSG:4326")
        else:
            assert datum_said_in(path) == datum
        found = read(crs=CRS, households=path).households.xy
        assert np.abs(found[np.lexsort(found.T)] - xy[np.lexsort(xy.T)]).max() < 0.01


def test_a_folder_of_shifted_layers_says_so_until_it_is_written_anew(town, tmp_path):
    bare = dataclasses.replace(town, grids=None, zones=None, units=None)
    write_layers(exporting(bare, formats=("csv", "geojson"), crs="gcj02"), tmp_path)
    assert "GCJ-02" in (tmp_path / "crs.txt").read_text(encoding="utf-8")
    assert datum_said_in(tmp_path / "issues.csv") == "gcj02"
    write_layers(exporting(bare, formats=("csv",)), tmp_path)
    assert not (tmp_path / "crs.txt").exists()
    assert not (tmp_path / "issues.geojson").exists()


@pytest.mark.parametrize("crs", ["EPSG:4490", "gcj02", "bd09", "EPSG:32648"])
def test_what_is_shared_stays_shared_in_another_system(town, crs):
    places = places_of(town.crs, crs)
    units, areas = (moved(rows, places).shapes for rows in layers_of(town)[:2])
    assert shapely.coverage_is_valid(shapely.get_parts(areas))
    corners = {tuple(xy) for xy in shapely.get_coordinates(units).tolist()}
    assert {tuple(xy) for xy in shapely.get_coordinates(areas).tolist()} <= corners


def test_what_does_not_fit_is_found_before_anything_is_written(town):
    beats = {**town.zones.zones}
    first = next(iter(beats))
    beats[first] = dataclasses.replace(beats[first], name="长" * 100 + "𠮷")
    project = dataclasses.replace(town, zones=dataclasses.replace(town.zones, zones=beats))
    found = export_faults(project, ExportSettings(formats=("shp", "gpx"), encoding="gbk"))
    (short,) = [fault for fault in found if fault.kind == "shortened" and fault.layer == "zones"]
    assert (short.layer, short.field, short.rows, short.utf8_helps) == ("zones", "name", (1,), False)
    assert short.example.startswith("长长")
    (lost,) = [fault for fault in found if fault.kind == "replaced" and fault.layer == "zones"]
    assert lost.utf8_helps
    assert "GBK" in lost.message
    assert [fault.format for fault in found if fault.kind == "left_out"] == ["gpx"]
    assert not [fault for fault in export_faults(project, ExportSettings(encoding="utf-8")) if fault.kind == "replaced"]


def test_a_sheet_has_its_limits_and_says_so(tmp_path):
    rows = rows_of("transfers", no_places(2), {"address": ["长" * (CELL + 5), "a\x07b"]})
    (fault,) = sheet_faults(rows)
    assert (fault.kind, fault.rows) == ("cut", (1, 2))
    sheet = load_workbook(written(rows, tmp_path, "xlsx"))["transfers"]
    assert [len(sheet["A2"].value), sheet["A3"].value] == [CELL, "ab"]


def test_rows_beyond_the_end_of_a_sheet_are_told():
    field = SCHEMAS["retired"].fields[0]
    schema = dataclasses.replace(SCHEMAS["retired"], fields=(field,))
    for count, kinds in ((ROWS - 1, []), (ROWS, ["too_many"])):
        rows = LayerRows(schema, no_places(count), {field.name: np.full(count, "", object)})
        assert [fault.kind for fault in sheet_faults(rows)] == kinds


def test_a_format_asked_for_twice_is_written_once(town, tmp_path):
    bare = dataclasses.replace(town, grids=None, zones=None, units=None)
    write_layers(exporting(bare, formats=("gpkg", "gpkg", "shp", "shp")), tmp_path)
    assert len(list(tmp_path.glob("*.gpkg"))) == 1


@pytest.mark.parametrize("wish", [{"formats": ("shp", "dxf")}, {"profile": "chinese"}, {"postgis": "town"}])
def test_a_plan_in_chunks_refuses_what_cannot_grow(wish):
    check_growing(ExportSettings(formats=("shp", "gpkg"), crs="gcj02"))
    with pytest.raises(InputError, match="chunks"):
        check_growing(ExportSettings(**wish))


def test_tables_go_where_tables_can_be(tmp_path):
    rows = rows_of("retired", no_places(1), {"grid_code": ["001"], "name": ["旧网格"]})
    assert {name for name in FORMATS if WRITERS[name].takes(rows)} == {"shp", "gpkg", "csv", "xlsx"}
    written(rows, tmp_path, "gpkg")
    written(rows, tmp_path, "csv")
    WRITERS["shp"].write([rows], tmp_path, ExportWish("all", "", places_of(CRS, "project")), SILENT)
    for path in (tmp_path / "all.gpkg", tmp_path / "retired.csv", tmp_path / "retired.dbf"):
        assert list(read_by_pyogrio(path)[1]["name"]) == ["旧网格"]


def test_fields_may_be_called_as_a_geopackage_calls_its_own(tmp_path):
    profile = ExportProfile("x", layers={"grids": LayerProfile(rename={"grid_code": "FID", "name": "geom"}, constant={"fid_2": 7})})
    rows = apply(profile, grids(["甲", "乙"]))
    _meta, fields, shapes = read_by_pyogrio(written(rows, tmp_path, "gpkg"))
    assert (list(fields["FID"]), list(fields["geom"]), fields["fid_2"].tolist()) == (["000", "001"], ["甲", "乙"], [7, 7])
    assert shapely.equals(shapes, rows.shapes).all()


def test_a_layer_without_rows_and_rows_without_places_are_drawn_as_nothing(tmp_path):
    written(rows_of("issues", no_places(0), {}), tmp_path, "dxf")
    shapes = np.array([shapely.Polygon(), None, shapely.box(0, 0, 9, 9)], object)
    rows = rows_of("zones", shapes, {"name": ["\udcce", "b", "c"]})
    assert [shape is None for shape in rows.shapes] == [True, True, False]
    assert shapes[0] is not None
    for name in WRITERS:
        if WRITERS[name].takes(rows):
            path = written(rows, tmp_path, name)
            assert name != "dxf" or "nan" not in path.read_text("gbk")
            assert name != "gpkg" or list(read_by_pyogrio(path, layer="zones")[1]["name"]) == ["?", "b", "c"]


def test_signs_of_four_bytes_live_in_a_table_of_gb18030(tmp_path):
    names = ["𠮷", "㐂甲𠮷", "a𪚥"]
    path = written(grids(names), tmp_path, "shp", encoding="gb18030")
    assert list(read_by_pyogrio(path)[1]["name"]) == names
    assert [row["name"] for row in read_by_fiona(path)] == names
    assert "𠮷".encode("gb18030") in (tmp_path / "grids.dbf").read_bytes()


def test_a_drawing_that_gbk_can_hold_is_one_of_2004_and_others_are_of_2007(tmp_path):
    for names, version, page in ((["甲"], "AC1018", "ANSI_936"), (["𠮷"], "AC1021", "ANSI_65001")):
        data = written(grids(names), tmp_path, "dxf").read_bytes().decode("gbk" if names == ["甲"] else "utf-8")
        assert version in data
        assert page in data
        assert data.endswith("EOF\r\n")


def test_a_label_of_rings_is_a_number_and_routes_are_tracks(tmp_path):
    ring = rows_of("rings", np.array([shapely.box(*SIDE, *SIDE + 10)], object), {"minutes": [5.0], "code": ["P1"]})
    assert b"<name>5</name>" in written(ring, tmp_path, "kml").read_bytes()
    line = rows_of("railsegs", np.array([shapely.LineString([SIDE, SIDE + 9])], object), {"seg_code": ["护1"]})
    meta, fields, _shapes = read_by_pyogrio(written(line, tmp_path, "gpx"), layer="tracks")
    assert meta["geometry_type"] == "MultiLineString"
    assert list(fields["name"]) == ["护1"]
