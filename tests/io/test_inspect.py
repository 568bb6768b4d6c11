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


def test_facts_and_first_rows_say_what_is_in_the_fields(write_layer, tmp_path):
    columns = {"n": [3, 1, 2], "x": np.array([0.5, np.nan, 1.25]), "t": np.array(["b", "", "a"], object), "e": np.array([None] * 3, object)}
    (report,) = inspect([write_layer(tmp_path / "a.gpkg", [HERE] * 3, columns)])
    facts = {name: (fact.kind, round(fact.filled, 2), fact.distinct, fact.least, fact.most) for name, fact in report.facts.items()}
    assert facts == {
        "n": ("whole", 1.0, 3, "1", "3"),
        "x": ("number", 0.67, 2, "0.5", "1.25"),
        "t": ("text", 0.67, 2, "a", "b"),
        "e": ("empty", 0.0, 0, "", ""),
    }
    assert report.columns == ("n", "x", "t", "e")
    assert report.rows == (("3", "0.5", "b", ""), ("1", "", "", ""), ("2", "1.25", "a", ""))
    assert report.looked_at == 3


def test_unused_sheets_and_damaged_layers_do_not_hide_the_others(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["派出所", "月份", "刑事"])
    book.active.append(["城关", "2026-01", 3])
    book.create_sheet("Sheet2")
    book.save(tmp_path / "月报.xlsx")
    (report,) = inspect([tmp_path / "月报.xlsx"])
    assert (report.role, report.count) == ("indicators", 1)


def test_systems_that_coordinates_may_be_in_are_offered_best_first(write_shapefile, write_layer, tmp_path):
    bare = write_shapefile(tmp_path / "p.shp", [shapely.Point(35_500_000, 3_900_000 + n) for n in range(3)], {"a": [1, 2, 3]}, crs=None)
    (report,) = inspect([bare])
    assert report.crs_candidates[0].crs == report.crs_guess == "EPSG:4523"
    swapped = write_layer(tmp_path / "s.gpkg", [shapely.Point(35.5, 106.6 + n / 100) for n in range(3)], crs="EPSG:4490")
    assert inspect([swapped])[0].crs_candidates[0].axes == "yx"


def test_every_encoding_that_a_text_may_be_in_is_shown(write_shapefile, tmp_path):
    path = write_shapefile(tmp_path / "a.shp", [HERE], {"名称": ["东关社区"]})
    (report,) = inspect([path])
    chosen = next(choice for choice in report.encodings if choice.chosen)
    assert (chosen.codec, chosen.fields) == ("GB18030", ("名称",))
    assert {choice.codec for choice in report.encodings} >= {"GB18030", "UTF-8"}


def test_what_an_osm_file_offers_can_be_read_as_it_says(test_data):
    path = test_data / "towns" / "dreieich.osm.pbf"
    for report in inspect([path]):
        assert report.rows
        source = SourceSettings(str(path), where=report.where, fields=dict(report.mapping))
        sources = {report.role: source}
        if report.role == "rail_features":
            sources["railway"] = SourceSettings(str(path))
        project = read_sources(Settings(sources=sources))
        counts = {"households": len(project.households), "rail_features": len(project.rail_things), "stations": len(project.stations)}
        assert counts.get(report.role, report.count) == report.count


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
    """Every file of the torture chest, in the roles that fit: a project, or an InputError that names the file.

    Those made here are the same few shapes in other dress: one role is enough for each, another one for the next.
    """
    folder = test_data / "torture"
    with (folder / "INDEX.csv").open(encoding="utf-8") as stream:
        names = [row["file"] for row in csv.DictReader(stream)]
    for number, name in enumerate(names):
        for report in inspect([folder / name]):
            assert report.readable or (folder / name).name in report.problems[0]
            roles = ROLES.get(report.geometry, ("communities",))
            for role in (roles[number % len(roles)],) if name.startswith("generated") else roles:
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
