"""Points that are doubtful: nowhere, far away, doubled, several in a row, on a border; what is done is told, what counts stays."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.model.issues import Level
from gridplanner.planning.units import propose_units
from gridplanner.settings import GridSettings

X, Y = 500_000.0, 3_900_000.0


def square(x=0.0, y=0.0, width=1000.0, height=1000.0):
    return shapely.box(X + x, Y + y, X + x + width, Y + y + height)


def spread(count=60):
    rng = np.random.default_rng(2)
    return list(shapely.points(X + rng.uniform(10, 1990, count), Y + rng.uniform(10, 990, count)))


def told(project, kind):
    return [issue for issue in project.read_issues if issue.kind == kind]


@pytest.fixture
def communities(write_layer, tmp_path):
    return write_layer(tmp_path / "c.gpkg", [square(), square(1000)], {"n": ["甲", "乙"]})


def test_zeros_are_no_place_and_a_zero_among_others_is_one(write_layer, read, tmp_path, communities):
    path = write_layer(tmp_path / "h.gpkg", [*spread(), shapely.Point(0, 0), shapely.Point(0, 0)], {"hh": np.arange(62)})
    project = read(households={"path": path, "fields": {"households": "hh"}}, communities=communities)
    (zero,) = told(project, "null_place")
    assert (zero.level, zero.values["rows"], zero.repair) == (Level.WARNING, "61, 62", "null_place")
    assert project.households.households.sum() == np.arange(60).sum()
    near = write_layer(tmp_path / "near.gpkg", [shapely.Point(0, 0), shapely.Point(0.1, 0.1)], crs="EPSG:4326")
    assert len(read(households=near).households) == 2  # where the others are near it is a place like another


def test_addresses_far_from_all_others_are_told_with_their_place_and_stay(write_layer, read, tmp_path, communities):
    path = write_layer(tmp_path / "h.gpkg", [*spread(), shapely.Point(X + 90_000, Y)])
    project = read(households=path, communities=communities)
    (astray,) = told(project, "astray")
    assert (astray.level, astray.ref, astray.x) == (Level.WARNING, "61", X + 90_000)
    assert "89 km" in astray.message
    assert len(project.households) == 61


def test_the_same_row_twice_counts_twice_and_is_told(write_layer, read, tmp_path, communities):
    points = spread(10)
    columns = {"hh": np.array([3] * 12), "a": ["甲街1号"] * 10 + ["甲街1号", "甲街2号"]}
    path = write_layer(tmp_path / "h.gpkg", [*points, points[4], points[5]], columns)
    project = read(households={"path": path, "fields": {"households": "hh", "address": "a"}}, communities=communities)
    assert project.households.households.sum() == 36
    (doubled,) = told(project, "doubled_points")
    assert (doubled.level, doubled.values["rows"], doubled.repair) == (Level.INFO, "11", "")


def test_of_several_points_in_a_row_the_first_is_taken_and_told(write_layer, read, tmp_path, communities):
    several = shapely.MultiPoint([(X + 5, Y + 5), (X + 800, Y + 5)])
    path = write_layer(tmp_path / "h.gpkg", [shapely.MultiPoint([(X + 1, Y + 1)]), several])
    project = read(households=path, communities=communities)
    assert project.households.xy.tolist() == [[X + 1, Y + 1], [X + 5, Y + 5]]
    (issue,) = told(project, "several_points")
    assert (issue.level, issue.ref, issue.x) == (Level.WARNING, "2", X + 5)


def test_an_address_on_a_border_is_in_one_community_always_the_same_and_told(write_layer, read, tmp_path, communities):
    on = [
        shapely.Point(X + 1000, Y + 300),
        shapely.Point(X + 1000.001, Y + 500),
        shapely.Point(X + 1000.02, Y + 500),
        shapely.Point(X, Y + 9),
    ]
    path = write_layer(tmp_path / "h.gpkg", [*spread(), *on])
    project = read(households=path, communities=communities)
    found = told(project, "on_border")
    assert {issue.ref for issue in found if issue.ref} == {"61", "62"}
    assert found[0].values["count"] == 2
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=GridSettings()))
    first, second = (propose_units(project).apply(project).units for _time in range(2))
    assert (first.address_unit >= 0).all()
    assert first.address_unit.tolist() == second.address_unit.tolist()


def test_addresses_outside_go_to_the_nearest_within_200_m_and_all_are_listed(write_layer, read, tmp_path, communities):
    path = write_layer(tmp_path / "h.gpkg", [*spread(), shapely.Point(X - 150, Y + 500), shapely.Point(X - 250, Y + 500)])
    project = read(households=path, communities=communities)
    project = dataclasses.replace(project, settings=dataclasses.replace(project.settings, grids=GridSettings()))
    units = propose_units(project).apply(project).units
    assert units.address_unit[60] >= 0 > units.address_unit[61]
    listed = [(issue.kind, issue.level, issue.ref, issue.x) for issue in units.issues]
    assert listed == [("outside", Level.WARNING, "61", X - 150), ("outside", Level.WARNING, "62", X - 250)]


def test_buildings_count_by_a_point_inside_even_where_their_outline_crosses_itself(write_layer, read, tmp_path, communities):
    bow = shapely.Polygon([(X + 100, Y + 100), (X + 120, Y + 120), (X + 120, Y + 100), (X + 100, Y + 120)])
    bad = shapely.Polygon([(X, Y), (X + 10, np.inf), (X + 10, Y + 10)])
    path = write_layer(tmp_path / "b.gpkg", [bow, square(300, 300, 20, 20), bad])
    project = read(households=path, communities=communities)
    assert len(project.households) == 2
    assert shapely.contains_xy(bow.buffer(0.01), *project.households.xy[0])
    assert [issue.values["rows"] for issue in told(project, "coordinates")] == ["3"]


def test_negative_crews_and_visits_are_told(write_layer, read, tmp_path, communities):
    path = write_layer(tmp_path / "d.gpkg", spread(3), {"n": np.array([2, -1, 1])})
    project = read(
        depots={"path": path, "fields": {"crews": "n"}}, key_sites={"path": path, "fields": {"visits": "n"}}, communities=communities
    )
    assert project.depots.crews.tolist() == [2, 1, 1]
    assert project.key_sites.visits.tolist() == [2, 1, 1]
    assert [(issue.layer, issue.ref) for issue in told(project, "count")] == [("key_sites", "2"), ("depots", "2")]
