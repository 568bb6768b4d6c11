"""A look into files: what they hold, what it probably is, and what is wrong, without reading them in."""

import csv

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.roles import guess_fields, guess_role
from gridplanner.io.sources import inspect, read_sources
from gridplanner.settings import Settings, SourceSettings

HERE = shapely.Point(500_000, 3_900_000)


def test_a_layer_is_described_with_a_guess_of_its_role_and_fields(write_shapefile, tmp_path):
    columns = {"OBJECTID": [1, 2], "户数": [3, 4], "人口": [5, 6], "地址": ["甲", "乙"]}
    path = write_shapefile(tmp_path / "export.shp", [HERE, HERE], columns)
    (report,) = inspect([path])
    assert (report.geometry, report.count, report.role, report.readable) == ("point", 2, "households", True)
    assert report.mapping == {"households": "户数", "persons": "人口", "address": "地址"}
    assert report.fields["户数"].startswith("integer")
    assert report.encoding.startswith("GB18030")
    assert report.crs.startswith("EPSG:4545")
    assert report.problems == ()


def test_a_folder_gives_every_layer_of_every_file(write_layer, write_shapefile, tmp_path):
    write_layer(tmp_path / "plan.gpkg", [HERE], layer="a")
    write_layer(tmp_path / "plan.gpkg", [HERE.buffer(9)], layer="社区", geometry="Polygon")
    (tmp_path / "sub").mkdir()
    write_shapefile(tmp_path / "sub" / "roads.shp", [shapely.LineString([(0, 0), (9, 9)])], {"name": ["x"]}, geometry="LineString")
    (tmp_path / "notes.txt").write_text("nothing")
    reports = inspect([tmp_path])
    assert [(r.layer, r.role) for r in reports] == [("a", "households"), ("社区", "communities"), ("roads", "roads")]


def test_problems_are_named(write_layer, write_shapefile, tmp_path):
    bow = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    path = write_layer(tmp_path / "bad.gpkg", [bow, None, HERE.buffer(9)], {"身份证": ["62080219800101123X", "", ""]})
    (report,) = inspect([path])
    text = " ".join(report.problems)
    assert "1 areas cross" in text
    assert "1 rows have no place" in text
    assert "身份证" in text
    degrees = write_shapefile(tmp_path / "p.shp", [shapely.Point(106, 35)], {"a": [1]}, crs=None)
    assert "WGS 84" in inspect([degrees])[0].problems[0]


def test_what_cannot_be_read_is_a_report_too(tmp_path):
    (tmp_path / "x.gpkg").write_bytes(b"nonsense")
    reports = inspect([tmp_path / "x.gpkg", tmp_path / "missing.shp"])
    assert [report.readable for report in reports] == [False, False]
    assert "x.gpkg" in reports[0].problems[0]
    assert "no such file" in reports[1].problems[0]


def test_an_osm_file_offers_its_layers_and_the_filters_for_them(test_data):
    reports = {report.layer: report for report in inspect([test_data / "towns" / "liechtenstein.osm.pbf"])}
    assert reports["roads"].count == 4660
    assert reports["railway"].role == "railway"
    assert reports["admin_level 8"].count == 11
    assert "admin_level = '8'" in reports["admin_level 8"].where


@pytest.mark.parametrize(
    ("geometry", "names", "count", "role"),
    [
        ("polygon", ["xijiao", "XZQDM", "XZQMC"], 6, "communities"),
        ("polygon", ["区界"], 1, "district"),
        ("polygon", ["outline", "id"], 1, "district"),
        ("polygon", ["shape", "id"], 1, "district"),
        ("polygon", ["buildings", "floors"], 900, "households"),
        ("line", ["lines", "fclass"], 9, "roads"),
        ("line", ["青藏铁路"], 9, "railway"),
        ("line", ["水系"], 9, "barriers"),
        ("point", ["派出所"], 9, "depots"),
        ("point", ["point", "id"], 9, "households"),
        ("point", ["公里标"], 9, "rail_posts"),
        ("", ["x"], 9, ""),
    ],
)
def test_roles_are_guessed_from_geometry_and_names(geometry, names, count, role):
    assert guess_role(geometry, names, count) == role


@pytest.mark.parametrize(
    ("role", "fields", "mapping"),
    [
        ("communities", ["XZQDM", "XZQMC", "JDMC"], {"code": "XZQDM", "name": "XZQMC", "street": "JDMC"}),
        ("communities", ["社区编码", "社区名称"], {"code": "社区编码", "name": "社区名称"}),
        ("communities", ["adcode", "name"], {"code": "adcode", "name": "name"}),
        ("households", ["hh_id", "hh", "street"], {"households": "hh", "address": "street"}),
        ("roads", ["highway", "name", "oneway", "maxspeed"], {"class": "highway", "name": "name", "oneway": "oneway", "speed": "maxspeed"}),
        ("stations", ["站名", "里程"], {"name": "站名", "chainage_km": "里程"}),
    ],
)
def test_fields_are_guessed_from_their_names(role, fields, mapping):
    assert guess_fields(role, fields) == mapping


ROLES = {
    "polygon": ("communities", "households", "barriers", "district"),
    "line": ("roads", "railway"),
    "point": ("households", "stations"),
}


def test_files_that_break_readers_are_read_or_refused_in_words(test_data):
    """Every file of the torture chest, in every role that fits: a project, or an InputError that names the file."""
    folder = test_data / "torture"
    with (folder / "INDEX.csv").open(encoding="utf-8") as stream:
        names = [row["file"] for row in csv.DictReader(stream)]
    for name in names:
        for report in inspect([folder / name]):
            assert report.readable or (folder / name).name in report.problems[0]
            for role in ROLES.get(report.geometry, ("communities",)):
                layer = report.layer if report.readable and not name.startswith("gdal_osm") else ""
                project, refusal = project_or_refusal(role, SourceSettings(path=str(folder / name), layer=layer))
                if project is None:
                    assert (folder / name).name in refusal
                    continue
                assert np.isfinite(project.households.xy).all()
                assert np.isfinite(project.roads.lines.coords).all()
                assert shapely.is_valid(project.communities.polygons).all()


def project_or_refusal(role, source):
    try:
        return read_sources(Settings(sources={role: source})), ""
    except InputError as why:
        return None, str(why)
