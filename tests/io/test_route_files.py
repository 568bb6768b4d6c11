"""Routes for phones and spreadsheets are read back by other programs' readers, place by place and minute by minute."""

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as Xml

import fiona
import numpy as np
import openpyxl
import pyogrio
import pytest

from gridplanner.errors import InputError
from gridplanner.i18n import set_language
from gridplanner.io import crs as systems
from gridplanner.io.gcj02 import to_gcj02
from gridplanner.io.layers import write_layers
from gridplanner.io.route_book import sheet_name
from gridplanner.io.route_degrees import moment, time_zone
from gridplanner.io.route_files import RouteWish, write_routes
from gridplanner.model.patrol_sheet import route_sheets
from gridplanner.model.route_track import track_of
from gridplanner.model.turn_by_turn import Kind
from gridplanner.settings import ExportSettings
from tests.patrol_town import made_plan

DAY = date(2026, 1, 5)
GPX = {"g": "http://www.topografix.com/GPX/1/1"}
KML = {"k": "http://www.opengis.net/kml/2.2"}


@pytest.fixture(autouse=True)
def _english():
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(scope="module")
def plan():
    return made_plan()


def in_metres(project, places):
    return systems.transform(np.array(places), systems.WGS84, project.crs)


def test_gpx_has_a_track_of_each_route_with_the_times_of_the_day(plan, tmp_path):
    write_routes(plan, plan.patrol.routes[:2], tmp_path, RouteWish(("gpx",), DAY))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["X01-1.gpx", "X01-2.gpx", "routes.gpx"]
    root = Xml.parse(tmp_path / "routes.gpx").getroot()
    assert root.get("version") == "1.1"
    tracks = root.findall("g:trk", GPX)
    assert [track.findtext("g:name", "", GPX) for track in tracks] == ["X01-1", "X01-2"]
    for track, route in zip(tracks, plan.patrol.routes, strict=False):
        made = track_of(plan.patrol.streets, route)
        points = track.findall("g:trkseg/g:trkpt", GPX)
        places = in_metres(plan, [(float(point.get("lon")), float(point.get("lat"))) for point in points])
        assert np.abs(places - made.xy).max() < 0.02
        times = [datetime.fromisoformat(point.findtext("g:time", "", GPX)) for point in points]
        minutes = [(time - datetime(2026, 1, 4, 16, tzinfo=UTC)).total_seconds() / 60 for time in times]  # midnight in China
        assert np.abs(np.array(minutes) - made.clock).max() <= 0.5 / 60 + 1e-9


def test_gpx_is_read_back_by_gdal_with_chinese_names(plan, tmp_path):
    write_routes(plan, plan.patrol.routes[:1], tmp_path, RouteWish(("gpx",), DAY))
    with fiona.open(tmp_path / "routes.gpx", layer="waypoints") as layer:
        assert layer.crs.to_epsg() == 4326
        points = {row["properties"]["name"]: (row["geometry"]["coordinates"], row["properties"]) for row in layer}
    assert list(points) == ["西派出所", "9 水厂"]
    site = plan.key_sites.xy[0]
    assert np.abs(in_metres(plan, [points["9 水厂"][0]])[0] - site).max() < 0.02
    assert points["9 水厂"][1]["desc"].startswith("Visit 水厂")
    with fiona.open(tmp_path / "routes.gpx", layer="route_points") as layer:
        words = [row["properties"]["desc"] for row in layer]
    sheet = route_sheets(plan, plan.patrol.routes[:1])[0]
    assert words == [sheet.words(row) for row in sheet.instructions]
    with fiona.open(tmp_path / "routes.gpx", layer="tracks") as layer:
        assert [row["properties"]["name"] for row in layer] == ["X01-1"]


def test_kml_has_a_folder_a_zone_and_lines_in_the_colours_of_the_map(plan, tmp_path):
    write_routes(plan, plan.patrol.routes, tmp_path, RouteWish(("kml",), DAY, each=False))
    assert [path.name for path in tmp_path.iterdir()] == ["routes.kml"]
    document = Xml.parse(tmp_path / "routes.kml").getroot().find("k:Document", KML)
    folders = document.findall("k:Folder", KML)
    assert [folder.findtext("k:name", "", KML) for folder in folders] == ["西区", "东区"]
    names = [route.findtext("k:name", "", KML) for folder in folders for route in folder.findall("k:Folder", KML)]
    assert names == [route.code for route in plan.patrol.routes]
    styles = {style.get("id"): style.findtext("k:LineStyle/k:color", "", KML) for style in document.findall("k:Style", KML)}
    sheets = {sheet.title: sheet for sheet in route_sheets(plan, plan.patrol.routes)}
    for folder in document.findall("k:Folder/k:Folder", KML):
        sheet = sheets[folder.findtext("k:name", "", KML)]
        way = folder.find("k:Placemark", KML)
        colour = styles[way.findtext("k:styleUrl", "", KML).removeprefix("#")]
        assert (colour[:2], f"#{colour[6:]}{colour[4:6]}{colour[2:4]}") == ("ff", sheet.colour)
        stops = [stop.findtext("k:TimeStamp/k:when", "", KML) for stop in folder.findall("k:Placemark", KML)[1:]]
        halts = [row for row in sheet.instructions if row.kind in {Kind.DEPART, Kind.SITE, Kind.REST}]
        assert [datetime.fromisoformat(when).strftime("%H:%M %z") for when in stops] == [
            f"{int(row.clock + row.wait) // 60:02d}:{int(row.clock + row.wait) % 60:02d} +0800" for row in halts
        ]
    layers = [str(name) for name, _kind in pyogrio.list_layers(tmp_path / "routes.kml")]
    assert [layer for layer in layers if layer not in {"西区", "东区"}] == [route.code for route in plan.patrol.routes]
    _meta, _index, shapes, _fields = pyogrio.raw.read(tmp_path / "routes.kml", layer="X01-1")
    assert len(shapes) == 3  # the way, the depot and the site


def test_coordinates_for_chinese_maps_are_shifted_and_the_file_says_so(plan, tmp_path):
    for datum in ("wgs84", "gcj02"):
        write_routes(plan, plan.patrol.routes[:1], tmp_path / datum, RouteWish(("gpx", "kml"), None, datum))
    found = {}
    for datum in ("wgs84", "gcj02"):
        root = Xml.parse(tmp_path / datum / "routes.gpx").getroot()
        found[datum] = np.array([(float(point.get("lon")), float(point.get("lat"))) for point in root.iter(f"{{{GPX['g']}}}trkpt")])
        assert root.find(".//g:trkpt/g:time", GPX) is None  # no day, no times
        assert root.findtext("g:metadata/g:keywords", "", GPX) == {"wgs84": "WGS 84", "gcj02": "GCJ-02"}[datum]
        words = Xml.parse(tmp_path / datum / "routes.kml").getroot().findtext("k:Document/k:description", "", KML)
        assert ("GCJ-02" in words) == (datum == "gcj02")
    assert np.abs(to_gcj02(found["wgs84"]) - found["gcj02"]).max() < 3e-7
    assert np.hypot(*(found["wgs84"] - found["gcj02"]).T).min() > 1e-3


def test_the_workbook_lists_all_routes_and_has_a_sheet_of_each(plan, tmp_path):
    write_routes(plan, plan.patrol.routes, tmp_path, RouteWish(("xlsx",), DAY))
    book = openpyxl.load_workbook(tmp_path / "routes.xlsx")
    assert book.sheetnames == ["Routes", *(route.code for route in plan.patrol.routes)]
    rows = list(book["Routes"].iter_rows(min_row=2, values_only=True))
    assert rows[0] == ("X01-1", "西区", 1, 1, "2026-01-05", "08:00", "08:14", 2, 0.5, 1.5, 1)
    for route, sheet in zip(plan.patrol.routes, route_sheets(plan, plan.patrol.routes), strict=True):
        lines = list(book[route.code].iter_rows(min_row=4, values_only=True))
        assert [line[0] for line in lines] == list(range(1, len(sheet.instructions) + 1))
        assert [line[3] for line in lines] == [sheet.words(row, distance=False) for row in sheet.instructions]
        assert sum(line[4] for line in lines) == pytest.approx(route.required_m + route.dead_m)
        assert lines[-1][5] == pytest.approx((route.required_m + route.dead_m) / 1000, abs=0.006)


def test_names_that_files_and_spreadsheets_do_not_take_are_made_plain(plan, tmp_path):
    odd = ["=A/B", "=a/b", "../up", "con\x07trol"]
    routes = tuple(replace(route, code=code, depot="=1+1") for route, code in zip(plan.patrol.routes, odd, strict=False))
    project = replace(plan, patrol=replace(plan.patrol, routes=routes))
    files = write_routes(project, routes, tmp_path, RouteWish(("gpx", "kml", "xlsx")))
    assert {path.parent for path in files} == {tmp_path}
    assert sorted(path.name for path in tmp_path.glob("*.gpx")) == ["=A_B.gpx", "=a_b-2.gpx", "_up.gpx", "con_trol.gpx", "routes.gpx"]
    for path in (*tmp_path.glob("*.gpx"), *tmp_path.glob("*.kml")):
        Xml.parse(path)
    book = openpyxl.load_workbook(tmp_path / "routes.xlsx")
    assert book.worksheets[0]["A2"].data_type == "s"
    assert book.worksheets[0]["A2"].value == "=A/B"


def test_sheets_of_a_workbook_have_names_of_their_own():
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in ("Z" * 40, "z" * 40, "a[1]:*", "")]
    assert names == ["Z" * 31, "z" * 29 + "-2", "a-1---", "-"]


def test_a_failure_leaves_earlier_files_as_they_were(plan, tmp_path):
    write_routes(plan, plan.patrol.routes[:1], tmp_path, RouteWish(("gpx",)))
    before = (tmp_path / "routes.gpx").read_bytes()

    def fail(*_given):
        raise OSError("no paper")

    with pytest.raises(InputError, match="no paper"):
        write_routes(plan, plan.patrol.routes, tmp_path, RouteWish(("gpx", "pdf")), fail)
    assert [path.name for path in tmp_path.iterdir()] == ["routes.gpx"]
    assert (tmp_path / "routes.gpx").read_bytes() == before
    with pytest.raises(InputError, match="desktop program"):
        write_routes(plan, plan.patrol.routes, tmp_path, RouteWish(("pdf",)))
    with pytest.raises(InputError, match="no patrol routes to write"):
        write_routes(plan, (), tmp_path, RouteWish())
    for wrong in ({"formats": ("dxf",)}, {"datum": "ed50"}):
        with pytest.raises(InputError, match=r"dxf|ed50"):
            RouteWish(**wrong)


def test_clocks_past_midnight_are_of_the_next_day_and_china_has_one_time(plan):
    china = time_zone(plan.crs, plan.patrol.routes[0].coords)
    assert moment(DAY, 1445.0, china).isoformat() == "2026-01-06T00:05:00+08:00"
    assert time_zone("EPSG:32632", np.array([[540_000.0, 5_220_000.0]])) is None


def test_an_export_has_the_routes_for_phones_beside_its_layers(plan, tmp_path):
    bare = replace(plan, households=made_plan(households=False).households)
    wished = replace(bare, settings=replace(bare.settings, export=ExportSettings(formats=("gpkg", "gpx", "kml"))))
    write_layers(wished, tmp_path)
    assert (tmp_path / "routes.gpx").exists()
    assert (tmp_path / "routes.kml").exists()
    stops = _rows(tmp_path / "lattice.gpkg", "stops")
    routes = {(row["route_code"], row["variant"]): row for row in _rows(tmp_path / "lattice.gpkg", "routes")}
    assert len(routes) == len(plan.patrol.routes)
    for route in plan.patrol.routes:
        row = routes[route.code, route.variant]
        assert (row["crew"], row["locked"], row["outside_km"]) == (route.crew + 1, 0, 0.0)
        mine = [stop for stop in stops if (stop["route_code"], stop["variant"]) == (route.code, route.variant)]
        assert [stop["seq"] for stop in mine] == list(range(1, len(route.stops) + 1))
        assert [stop["kind"] for stop in mine] == [stop.kind for stop in route.stops]
        assert {stop["zone_code"] for stop in mine} == {row["zone_code"]}
    none = replace(wished, patrol=None)
    write_layers(none, tmp_path / "none")
    assert not (tmp_path / "none" / "routes.gpx").exists()
    kinds = [row["kind"] for row in _rows(tmp_path / "none" / "lattice.gpkg", "issues")]
    assert "no_routes" in kinds


def _rows(path, layer):
    with contextlib.closing(fiona.open(path, layer=layer)) as rows:
        return [dict(row["properties"]) for row in rows]
