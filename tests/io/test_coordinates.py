"""Coordinates that are not what they seem: swapped, scaled, of another zone or of none; put right where that is beyond doubt."""

import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io import crs as systems
from gridplanner.io.doctor.coordinates import Neighbour, candidates, settled
from gridplanner.io.doctor.manners import Manner
from gridplanner.io.preview import PreviewWish, read_preview
from gridplanner.model.issues import Level

DATA = Path(os.environ.get("GRIDPLANNER_TEST_DATA", "nowhere"))
TORTURE = DATA / "torture" / "generated"
TOWN = np.array([(106.66, 35.52), (106.70, 35.52), (106.70, 35.56), (106.66, 35.56), (106.68, 35.54)])
NEAR = Neighbour("communities.gpkg", "EPSG:4490", (106.65, 35.51, 106.71, 35.57))


def in_system(code, lonlat=TOWN):
    return systems.transform(lonlat, "EPSG:4490", code)


@pytest.mark.parametrize(
    ("xy", "said", "expected"),
    [
        (TOWN, "", ("EPSG:4326", "xy", 1.0)),
        (TOWN, "EPSG:4490", ("EPSG:4490", "xy", 1.0)),
        (TOWN[:, ::-1], "", ("EPSG:4326", "yx", 1.0)),
        (TOWN * 1e6, "EPSG:4326", ("EPSG:4326", "xy", 1e-6)),
        (TOWN * 1e7, "", ("EPSG:4326", "xy", 1e-7)),
        (TOWN[:, ::-1] * 1e6, "", ("EPSG:4326", "yx", 1e-6)),
        (in_system("EPSG:4524"), "", ("EPSG:4524", "xy", 1.0)),  # zone 36, its number before the eastings
        (in_system("EPSG:4524"), "EPSG:4545", ("EPSG:4524", "xy", 1.0)),
        (in_system("EPSG:4524")[:, ::-1], "", ("EPSG:4524", "yx", 1.0)),
        (in_system("EPSG:4496"), "", ("EPSG:4496", "xy", 1.0)),  # six degrees wide, zone 18
        (in_system("EPSG:4545"), "EPSG:4524", ("EPSG:4545", "xy", 1.0)),  # the file says a zone number that is not there
        (in_system("EPSG:4545")[:, ::-1], "EPSG:4545", ("EPSG:4545", "yx", 1.0)),
        (systems.transform(TOWN, "EPSG:4326", "EPSG:3857"), "EPSG:3857", ("EPSG:3857", "xy", 1.0)),
        (in_system("EPSG:2360"), "EPSG:2381", ("EPSG:2360", "xy", 1.0)),  # Xian 1980: an old survey stays the old survey
    ],
)
def test_coordinates_are_known_by_their_numbers(xy, said, expected):
    best = settled(candidates(xy, said))
    assert best is not None
    assert (best.crs, best.axes, best.scale) == expected
    assert best.why
    assert np.abs(best.lonlat - TOWN).max() < 0.003


def test_metres_without_a_zone_could_be_anywhere_and_a_layer_beside_them_settles_it():
    for code in ("EPSG:4545", "EPSG:4544", "EPSG:32648"):
        xy = in_system(code)
        assert settled(candidates(xy)) is None
        best = settled(candidates(xy, "", [NEAR]))
        assert best is not None
        assert best.crs == code  # UTM lies a kilometre and a half off a zone of CGCS2000
        assert "communities.gpkg" in best.why
    far = Neighbour("far.gpkg", "EPSG:4490", (90.0, 30.0, 90.1, 30.1))
    assert settled(candidates(in_system("EPSG:4545"), "", [far])) is None


def test_degrees_times_a_hundred_thousand_look_like_the_map_of_the_web_and_are_asked_about():
    found = candidates(TOWN * 1e5)
    assert settled(found) is None
    assert {("EPSG:4326", 1e-5), ("EPSG:3857", 1.0)} <= {(each.crs, each.scale) for each in found[:2]}
    best = settled(candidates(TOWN * 1e5, "", [NEAR]))
    assert best is not None
    assert best.scale == 1e-5


def test_the_older_surveys_are_offered_after_todays():
    codes = [each.crs for each in candidates(in_system("EPSG:4524"))]
    assert codes[0] == "EPSG:4524"
    assert {"EPSG:2360", "EPSG:2412"} <= set(codes)  # Xian 1980 and Beijing 1954, zone 36


def test_degrees_that_make_sense_as_they_stand_are_left_alone():
    for place in ((10.0, 50.0), (30.5, 50.4), (24.9, 60.2), (18.9, 69.6), (100.0, 80.0)):
        best = settled(candidates(np.array([place, np.add(place, 0.01)])))
        assert best is not None
        assert best.axes == "xy"
    kashgar = np.array([(39.4, 76.0), (39.5, 75.9)])  # as it stands in the Arctic Ocean
    best = settled(candidates(kashgar))
    assert best is not None
    assert best.axes == "yx"


@pytest.mark.parametrize(
    ("xy", "given", "kind", "words"),
    [
        (TOWN[:, ::-1], "EPSG:4326", "axes", "axes = “xy”"),
        (TOWN[:, ::-1], None, "axes", "axes = “xy”"),
        (TOWN * 1e6, "EPSG:4326", "scale", "scale = 1"),
        (in_system("EPSG:4524"), "EPSG:4545", "crs", "crs = “EPSG:…”"),
        (in_system("EPSG:4524"), None, "crs", "crs = “EPSG:…”"),
        (in_system("EPSG:4545")[:, ::-1], "EPSG:4545", "axes", "axes = “xy”"),
    ],
)
def test_what_is_beyond_doubt_is_put_right_told_and_can_be_refused(write_shapefile, read, tmp_path, xy, given, kind, words):
    path = write_shapefile(tmp_path / "homes.shp", [shapely.Point(place) for place in xy], {"a": ["x"] * len(xy)}, crs=given)
    project = read(households=path)
    assert np.abs(systems.transform(project.households.xy, project.crs, "EPSG:4326") - TOWN).max() < 1e-5
    told = next(issue for issue in project.read_issues if issue.kind == kind)
    assert (told.level, told.repair, told.layer) == (Level.WARNING, kind, "households")
    assert "homes.shp" in told.message
    assert words in told.message
    assert project.provenance[0].note
    with pytest.raises(InputError) as caught:  # as it stands it is nowhere
        read(households={"path": path, "as_is": (kind,)})
    assert "homes.shp" in str(caught.value)
    seen = read_preview(PreviewWish(str(path), "homes"))
    assert np.abs(seen.xy - TOWN).max() < 1e-5
    assert seen.repair


def test_the_plan_says_axes_and_scale_and_nothing_is_assumed(write_layer, read, tmp_path):
    shapes = [shapely.Polygon(np.array(TOWN[:4, ::-1]) * 1e4)]
    path = write_layer(tmp_path / "odd.gpkg", shapes, crs="EPSG:4326", geometry="Polygon")
    with pytest.raises(InputError):
        read(communities=path)
    project = read(communities={"path": path, "axes": "yx", "scale": 1e-4})
    assert (
        np.abs(
            systems.transform(shapely.get_coordinates(project.communities.polygons[:1])[:4], project.crs, "EPSG:4326").mean(axis=0)
            - TOWN[4]
        ).max()
        < 0.02
    )
    assert not [issue for issue in project.read_issues if issue.repair in {"axes", "scale", "crs"}]


def test_a_source_without_a_system_is_settled_by_the_others(write_shapefile, write_layer, read, tmp_path):
    area = write_layer(tmp_path / "communities.gpkg", [shapely.box(*NEAR.box)], crs="EPSG:4490", geometry="Polygon")
    homes = write_shapefile(tmp_path / "homes.shp", [shapely.Point(p) for p in in_system("EPSG:4545")], {"a": ["x"] * 5}, crs=None)
    with pytest.raises(InputError) as caught:
        read(households=homes)
    assert "crs = “EPSG:" in str(caught.value)
    project = read(households=homes, communities=area)
    assert project.crs == "EPSG:4545"
    assert np.abs(project.households.xy - in_system("EPSG:4545")).max() < 0.01
    assert [issue.repair for issue in project.read_issues if issue.kind == "crs"] == ["crs"]


def test_an_old_survey_without_an_exact_way_is_told(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "old.gpkg", [shapely.Point(106.68, 35.54)], crs="EPSG:4610")
    project = read(households=path)
    told = next(issue for issue in project.read_issues if "exact" in issue.message)
    assert told.level == Level.INFO
    assert "Xian 1980" in told.message
    assert "exact" in project.provenance[0].note
    assert np.isnan(systems.accuracy("EPSG:4610", 106.68, 35.54))
    assert systems.accuracy("EPSG:2056", 9.5, 47.2) == 1.0
    assert systems.accuracy("EPSG:4545", 106.68, 35.54) == 0.0


def test_coordinates_written_are_those_that_were_read():
    for manner in (
        Manner("EPSG:4326", "yx", 1e-6),
        Manner("EPSG:4545", datum="gcj02"),
        Manner("EPSG:4490", datum="bd09"),
        Manner("EPSG:4524", "yx"),
    ):
        own = manner.written(systems.transform(TOWN, "EPSG:4326", manner.out))
        assert np.abs(systems.transform(manner.read(own), manner.out, "EPSG:4326") - TOWN).max() < 1e-8


@pytest.mark.skipif(not DATA.is_dir(), reason="GRIDPLANNER_TEST_DATA is not set")
@pytest.mark.parametrize(
    ("name", "kind"),
    [("cgcs2000_gk_zone_prefix", ""), ("cgcs2000_zone35_prefix", ""), ("lonlat_swapped", "axes"), ("no_prj", "crs")],
)
def test_the_files_that_break_readers_lie_where_they_belong(read, name, kind):
    project = read(communities=TORTURE / f"{name}.shp")
    assert len(project.communities) == 13
    lonlat = systems.transform(shapely.get_coordinates(project.communities.polygons), project.crs, "EPSG:4326")
    assert lonlat.min(axis=0) == pytest.approx((100.869979, 35.447944), abs=1e-4)
    assert lonlat.max(axis=0) == pytest.approx((103.07097, 37.47032), abs=1e-4)
    told = {issue.kind for issue in project.read_issues} & {"axes", "scale", "crs"}
    assert told == ({kind} if kind else set())
