"""Coordinate systems: the right zone for a place, and no silent mistakes."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.errors import InputError
from gridplanner.io import crs
from gridplanner.io.doctor.datums import from_wgs84, shift_metres

PLACES = [
    ((106.68, 35.54), "EPSG:4545"),  # Pingliang, 108E
    ((94.9, 36.4), "EPSG:4541"),  # Golmud, 96E
    ((101.8, 36.6), "EPSG:4543"),  # Xining, 102E
    ((87.6, 43.8), "EPSG:4538"),  # Urumqi
    ((126.6, 45.7), "EPSG:4551"),  # Harbin
    ((113.5, 22.2), "EPSG:4547"),  # Macao
    ((121.6, 25.0), "EPSG:4550"),  # Taipei, 123E
    ((109.5, 18.3), "EPSG:4546"),  # Sanya
    ((15.6, 48.4), "EPSG:32633"),  # Krems
    ((8.69, 50.0), "EPSG:32632"),  # Dreieich
    ((85.3, 27.7), "EPSG:32645"),  # Kathmandu
    ((106.9, 47.9), "EPSG:32648"),  # Ulan Bator
    ((127.0, 37.5), "EPSG:32652"),  # Seoul
    ((105.8, 21.0), "EPSG:32648"),  # Hanoi
    ((-70.6, -33.4), "EPSG:32719"),  # Santiago
]


@pytest.mark.parametrize(("place", "code"), PLACES)
def test_auto_is_the_three_degree_zone_in_china_and_utm_elsewhere(place, code):
    assert crs.auto_crs(*place) == code
    assert crs.check_projected(code) == code


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("EPSG:4326", "not a projected"),
        ("EPSG:4490", "not a projected"),
        ("EPSG:99999", "not a known"),
        ("x", "not a known"),
        ("EPSG:2278", "metres"),
    ],
)
def test_a_project_crs_that_is_not_in_metres_is_refused_with_a_remedy(wrong, words):
    with pytest.raises(InputError, match=words) as caught:
        crs.check_projected(wrong)
    assert wrong in str(caught.value)
    assert "EPSG:4548" in str(caught.value)


@settings(deadline=None)
@given(st.floats(100, 112), st.floats(25, 40))
def test_there_and_back_again_is_the_same_place(lon, lat):
    xy = np.array([[lon, lat]])
    there = crs.transform(xy, "EPSG:4326", "EPSG:4545")
    assert np.allclose(crs.transform(there, "EPSG:4545", "EPSG:4326"), xy, atol=1e-9)


def test_easting_comes_first_where_the_standard_says_northing():
    x, y = crs.transform(np.array([[108.0, 35.0]]), "EPSG:4326", "EPSG:4545")[0]
    assert x == pytest.approx(500_000, abs=1)
    assert 3_800_000 < y < 3_900_000


def test_wgs84_and_cgcs2000_are_the_same_and_the_log_says_so(write_layer, read, tmp_path):
    assert crs.note_of("EPSG:4326", "EPSG:4545")
    assert not crs.note_of("EPSG:4490", "EPSG:4545")
    path = write_layer(tmp_path / "a.gpkg", [shapely.Point(106.7, 35.5)], crs="EPSG:4326")
    project = read(households=path)
    assert "CGCS2000" in project.provenance[0].note
    assert project.provenance[0].crs == "EPSG:4326"
    assert project.crs == "EPSG:4545"


def test_the_project_crs_follows_the_households_then_the_roads(write_layer, read, tmp_path):
    homes = write_layer(tmp_path / "homes.gpkg", [shapely.Point(106.7, 35.5)], crs="EPSG:4490")
    roads = write_layer(tmp_path / "roads.gpkg", [shapely.LineString([(101.7, 36.5), (101.8, 36.6)])], crs="EPSG:4490")
    assert read(roads=roads).crs == "EPSG:4543"
    assert read(roads=roads, households=homes).crs == "EPSG:4545"
    assert read(roads=roads, crs="EPSG:4544").crs == "EPSG:4544"


def test_degrees_without_a_crs_are_taken_as_wgs84_with_a_warning(write_shapefile, read, tmp_path):
    path = write_shapefile(tmp_path / "homes.shp", [shapely.Point(106.7, 35.5)], {"a": ["x"]}, crs=None)
    project = read(households=path)
    warning = next(issue for issue in project.read_issues if issue.kind == "crs")
    assert "homes.shp" in warning.message
    assert "WGS 84" in warning.message
    said = read(households={"path": path, "datum": "cgcs2000"})
    assert [issue for issue in said.read_issues if issue.kind == "crs"] == []
    assert said.provenance[0].crs == "EPSG:4490"


@pytest.mark.parametrize(
    ("place", "given", "words"),
    [
        ((4512345.0, 812345.0), None, [".prj", "crs = “EPSG:…”", "import window"]),
        ((512345.0, 3912345.0), None, [".prj", "it may be crs = “EPSG:45"]),
        ((5e9, 7e9), "EPSG:4545", ["far outside", "crs = “EPSG:…”"]),
        ((512345.0, 3912345.0), "EPSG:4326", ["not degrees", "it may be crs = “EPSG:45"]),
    ],
)
def test_coordinates_that_do_not_fit_are_refused_with_what_to_do(write_shapefile, read, tmp_path, place, given, words):
    path = write_shapefile(tmp_path / "homes.shp", [shapely.Point(place)], {"a": ["x"]}, crs=given)
    with pytest.raises(InputError) as caught:
        read(households=path)
    assert "homes.shp" in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("code", ["EPSG:4326", "EPSG:4545"])
def test_a_datum_that_the_plan_states_is_undone_and_the_provenance_says_how_far(write_layer, read, tmp_path, datum, code):
    true = np.array([[106.7, 35.5], [106.71, 35.51]])
    shifted = crs.transform(from_wgs84(true, datum), "EPSG:4326", code)  # in degrees, or in metres of a zone as if they were right
    path = write_layer(tmp_path / "a.gpkg", [shapely.Point(place) for place in shifted], crs=code)
    project = read(households={"path": path, "datum": datum})
    assert np.abs(project.households.xy - crs.transform(true, "EPSG:4326", project.crs)).max() < 0.01
    told = next(issue for issue in project.read_issues if issue.kind == "datum")
    metres = f"{np.median(shift_metres(from_wgs84(true, datum), datum)):.0f} m"
    assert metres in told.message
    assert {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum] in project.provenance[0].note
    assert metres in project.provenance[0].note
