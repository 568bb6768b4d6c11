"""Sources as offices have them: what is wrong is named with file, field and remedy, what can be mended is mended and reported."""

import dataclasses

import numpy as np
import pytest
import shapely

from gridplanner.errors import InputError
from gridplanner.io.sources import read_sources
from gridplanner.model.issues import Level
from gridplanner.model.places import BarrierKind, RoadClass
from gridplanner.settings import ProjectSettings, Settings, SourceSettings

X, Y = 500_000.0, 3_900_000.0


def points(count, step=50.0):
    return [shapely.Point(X + step * i, Y + 10 * (i % 3)) for i in range(count)]


def square(x=0.0, y=0.0, size=1000.0):
    return shapely.box(X + x, Y + y, X + x + size, Y + y + size)


def issues(project, kind):
    return [issue for issue in project.read_issues if issue.kind == kind]


# households


def test_addresses_without_a_mapped_count_are_one_household_each(write_layer, read, tmp_path):
    project = read(households=write_layer(tmp_path / "homes.gpkg", points(5)))
    assert project.households.households.tolist() == [1.0] * 5
    assert project.households.persons.tolist() == [2.6] * 5
    assert list(project.households.address) == [""] * 5


def test_counts_persons_and_addresses_come_from_the_mapped_fields(write_layer, read, tmp_path):
    columns = {"hh": [2, 0, 7], "pop": [5.5, np.nan, 20.04], "addr": ["甲 1 号", None, " 乙 2 号 "]}
    path = write_layer(tmp_path / "homes.gpkg", points(3), {**columns, "addr": np.array(columns["addr"], object)})
    project = read(households={"path": path, "fields": {"households": "hh", "persons": "pop", "address": "addr"}})
    assert project.households.households.tolist() == [2, 0, 7]
    assert project.households.persons.tolist() == [5.5, 0.0, 20.0]
    assert list(project.households.address) == ["甲 1 号", "", "乙 2 号"]
    assert len(issues(project, "count")) == 1


def test_counts_that_are_missing_or_negative_are_mended_and_reported_with_their_places(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "homes.gpkg", points(5), {"hh": [2.0, np.nan, -3.0, 4.0, -1.0]})
    project = read(households={"path": path, "fields": {"households": "hh"}})
    assert project.households.households.tolist() == [2, 1, 0, 4, 0]
    missing, *negative = issues(project, "count")
    assert (missing.level, missing.ref, missing.x) == (Level.INFO, "2", X + 50)
    assert "homes.gpkg" in missing.message
    assert "hh" in missing.message
    assert [issue.ref for issue in negative] == ["", "3", "5"]
    assert negative[0].level == Level.WARNING


def test_numbers_that_are_text_are_understood_and_others_reported(write_layer, read, tmp_path):
    words = np.array(["12", "１２", "1,200", "12户", "约", None, "3.5", ""], object)
    path = write_layer(tmp_path / "homes.gpkg", points(8), {"hh": words})
    project = read(households={"path": path, "fields": {"households": "hh"}})
    assert project.households.households.tolist() == [12, 12, 1200, 12, 1, 1, 3.5, 1]
    (odd,) = issues(project, "value")
    assert "rows 5" in odd.message
    assert "约" in odd.message


def test_building_polygons_count_by_a_point_inside(write_layer, read, tmp_path):
    shapes = [square(0, 0, 10), shapely.LinearRing(square(50, 0, 10).exterior.coords[:-1]).buffer(1), square(100, 0, 10)]
    path = write_layer(tmp_path / "buildings.gpkg", shapes)
    project = read(households=path)
    assert len(issues(project, "areas_as_points")) == 1
    assert shapely.contains_xy(np.array(shapes, object), project.households.xy).all()
    assert project.households.radius[0] == pytest.approx(np.hypot(5, 5))


def test_a_thousand_bad_counts_do_not_flood_the_list(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "homes.gpkg", points(1000), {"hh": np.full(1000, -1.0)})
    project = read(households={"path": path, "fields": {"households": "hh"}})
    assert len(issues(project, "count")) == 201
    assert "1000 in all" in issues(project, "count")[0].message


def test_places_that_are_not_numbers_or_missing_are_left_out_with_their_rows(write_layer, read, tmp_path):
    shapes = [*points(2), None, shapely.Point(np.inf, Y), shapely.Point(X, Y)]
    project = read(households=write_layer(tmp_path / "homes.gpkg", shapes))
    assert len(project.households) == 3
    assert "rows 3" in issues(project, "no_place")[0].message
    assert "rows 4" in issues(project, "coordinates")[0].message


def test_no_address_far_away_stretches_the_hull(write_layer, read, tmp_path):
    project = read(households=write_layer(tmp_path / "homes.gpkg", [*points(20), shapely.Point(X + 300_000, Y)]))
    assert len(project.households) == 21
    assert shapely.area(project.communities.polygons)[0] < 1e6
    assert issues(project, "astray")


def test_without_communities_the_buffered_hull_is_one(write_layer, read, tmp_path):
    project = read(name="西郊", households=write_layer(tmp_path / "homes.gpkg", points(20)))
    assert (list(project.communities.codes), list(project.communities.names)) == (["900000000001"], ["西郊"])
    assert project.communities.made_up
    assert issues(project, "made_up")[0].level == Level.INFO
    assert shapely.contains_xy(project.communities.polygons[0], project.households.xy).all()
    assert project.communities.polygons[0].exterior.distance(shapely.Point(project.households.xy[0])) > 90


# what is refused


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"households": "hhs"}, ["hhs", "did you mean hh?", "sources.households.fields.households"]),
        ({"households": "qqqqq"}, ["its fields are"]),
        ({"family": "hh"}, ["no family", "households, persons"]),
        ({"households": "id"}, ["identity numbers", "row 2"]),
        ({"address": "id"}, ["identity numbers"]),
        ({"address": "phone"}, ["mobile numbers", "row 1"]),
        ({"persons": "number"}, ["mobile numbers"]),
        ({"address": "mixed"}, ["mobile numbers", "row 3"]),
    ],
)
def test_fields_that_are_unknown_or_hold_people_are_refused(write_layer, read, tmp_path, mapping, words):
    columns = {
        "hh": [1, 2, 3],
        "id": ["", "62080219800101123X", ""],
        "phone": ["13812345678", "", ""],
        "number": [13812345678, 2, 3],
        "mixed": ["甲 1 号", "乙", "丙 2 号 电话13912345678"],
    }
    path = write_layer(tmp_path / "homes.gpkg", points(3), columns)
    with pytest.raises(InputError) as caught:
        read(households={"path": path, "fields": mapping})
    for word in words + ([] if "family" in mapping else ["homes.gpkg"]):
        assert word in str(caught.value), str(caught.value)


def test_long_numbers_that_are_no_people_are_read(write_layer, read, tmp_path):
    columns = {"code": ["620802001001", "13010200100"], "addr": ["甲 123456789012345678 号", "房 1234567890"]}
    path = write_layer(tmp_path / "homes.gpkg", [square(), square(1000)], columns)
    project = read(communities={"path": path, "fields": {"code": "code", "name": "addr"}})
    assert list(project.communities.codes) == ["620802001001", "130102001001"]


def test_a_field_is_found_in_whatever_case(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "homes.gpkg", points(2), {"HH": [3, 4]})
    assert read(households={"path": path, "fields": {"households": "hh"}}).households.households.tolist() == [3, 4]


def test_a_missing_file_is_named_with_the_nearest_one(write_layer, read, tmp_path):
    write_layer(tmp_path / "households.gpkg", points(1))
    with pytest.raises(InputError, match=r"household\.gpkg.*did you mean households\.gpkg"):
        read(households=tmp_path / "household.gpkg")
    with pytest.raises(InputError, match="nor the folder"):
        read(households=tmp_path / "no" / "x.gpkg")


def test_a_wrong_or_ambiguous_layer_lists_the_layers(write_layer, read, tmp_path):
    path = tmp_path / "all.gpkg"
    write_layer(path, points(2), layer="a", geometry="Point")
    write_layer(path, points(3), layer="b", geometry="Point")
    write_layer(path, [square()], layer="area", geometry="Polygon")
    with pytest.raises(InputError, match=r"all\.gpkg.*“c”.*a, b, area"):
        read(households={"path": path, "layer": "c"})
    with pytest.raises(InputError, match="say which"):
        read(households=path)
    project = read(households={"path": path, "layer": "b"}, communities=path)  # the one layer of areas needs no name
    assert (len(project.households), len(project.communities)) == (3, 1)


@pytest.mark.parametrize(
    ("key", "shapes", "words"),
    [
        ("households", [shapely.LineString([(X, Y), (X + 1, Y)])], ["line shapes", "point shapes", "area shapes"]),
        ("communities", points(2), ["point shapes", "area shapes"]),
        ("communities", [shapely.LineString([(X, Y), (X + 1, Y)])], ["line shapes"]),
        ("roads", points(2), ["point shapes", "line shapes"]),
        ("households", [], ["no rows"]),
        ("households", [None, None], ["place"]),
    ],
)
def test_a_layer_of_the_wrong_geometry_is_refused(write_layer, read, tmp_path, key, shapes, words):
    path = write_layer(tmp_path / "layer.gpkg", shapes, {"a": np.arange(len(shapes))})
    with pytest.raises(InputError) as caught:
        read(**{key: path})
    assert "layer.gpkg" in str(caught.value)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_rows_of_another_geometry_are_left_out_with_a_warning(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "mixed.gpkg", [square(), shapely.Point(X, Y)])
    project = read(communities=path)
    assert len(project.communities) == 1
    assert "rows 2" in issues(project, "geometry")[0].message


def test_a_plan_without_a_place_says_what_is_missing():
    with pytest.raises(InputError, match=r"sources\.households"):
        read_sources(Settings())


def test_a_filter_chooses_rows_and_says_when_none_pass(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "homes.gpkg", points(4), {"hh": [1, 2, 3, 4], "kind": ["a", "b", "a", "c"]})
    chosen = read(households={"path": path, "where": "kind = 'a' OR kind LIKE 'C%'", "fields": {"households": "hh"}})
    assert chosen.households.households.tolist() == [1, 3, 4]
    with pytest.raises(InputError, match=r"homes\.gpkg.*no row of 4"):
        read(households={"path": path, "where": "kind = 'z'"})
    with pytest.raises(InputError, match=r"no field “knd”.*did you mean kind"):
        read(households={"path": path, "where": "knd = 'z'"})


# lines


def test_roads_keep_class_name_direction_speed_and_level(write_layer, read, tmp_path):
    lines = [shapely.LineString([(X, Y + 10 * i), (X + 100, Y + 10 * i)]) for i in range(5)]
    columns = {
        "class": ["primary", "城市主干道", "小区内部路", "步行街", "?"],
        "name": ["甲路", "乙路", "", "丁街", ""],
        "oneway": ["yes", "-1", "no", "", ""],
        "kmh": [60, 50, 20, 0, 36],
        "layer": [0, 1, 0, 0, -1],
    }
    path = write_layer(tmp_path / "roads.gpkg", lines, columns)
    fields = {"class": "class", "name": "name", "oneway": "oneway", "speed": "kmh", "level": "layer"}
    roads = (project := read(roads={"path": path, "fields": fields})).roads
    assert roads.classes.tolist() == [RoadClass.ARTERIAL, RoadClass.ARTERIAL, RoadClass.LANE, RoadClass.PATH, RoadClass.STREET]
    assert (roads.oneway.tolist(), roads.level.tolist()) == ([1, -1, 0, 0, 0], [0, 1, 0, 0, -1])
    assert np.allclose(roads.speed * 3.6, [60, 50, 20, 0, 36])
    assert roads.classed
    assert "?" in issues(project, "road_class")[0].message
    plain = read(roads=path).roads
    assert set(plain.classes.tolist()) == {RoadClass.STREET}
    assert not plain.classed
    assert plain.noded  # cleaned as they were read


def test_lines_are_taken_apart_and_doubles_read_once(write_layer, read, tmp_path):
    one, two = [(X, Y), (X, Y), (X + 9, Y)], [(X, Y + 5), (X + 9, Y + 5)]
    shapes = [shapely.MultiLineString([one, two]), shapely.LineString(two[::-1]), shapely.LineString([(X, Y), (X, Y)])]
    project = read(roads=write_layer(tmp_path / "roads.gpkg", shapes))
    assert [project.roads.lines.line(i).tolist() for i in range(2)] == [[list(one[0]), list(one[2])], [list(p) for p in two]]
    assert len(project.roads) == 2
    assert "row 2" in issues(project, "doubled")[0].message
    assert issues(project, "no_length")[0].ref == "3"


def test_barriers_may_be_areas_and_say_their_kind(write_layer, read, tmp_path):
    shapes = [square(), shapely.LineString([(X, Y), (X + 9, Y)]), shapely.LineString([(X, Y), (X + 9, Y + 9)])]
    path = write_layer(tmp_path / "b.gpkg", shapes, {"kind": ["河流", "铁路", "wall"], "name": ["泾河", "", ""]})
    barriers = read(barriers={"path": path, "fields": {"kind": "kind", "name": "name"}}).barriers
    assert barriers.kinds.tolist() == [BarrierKind.WATER, BarrierKind.RAILWAY, BarrierKind.WALL]
    assert len(barriers.lines.line(0)) == 5
    assert set(read(barriers=path).barriers.kinds.tolist()) == {BarrierKind.WATER}


def test_stations_and_posts_carry_chainages(write_layer, read, tmp_path):
    stations = write_layer(tmp_path / "s.gpkg", points(3), {"name": ["甲", "乙", "丙"], "km": ["K814+300", "815.5", "?"]})
    posts = write_layer(tmp_path / "p.gpkg", points(2), {"km": [814.0, 815.0]})
    project = read(
        stations={"path": stations, "fields": {"name": "name", "chainage_km": "km"}},
        rail_posts={"path": posts, "fields": {"chainage_km": "km"}},
    )
    assert project.stations.chainage[[0, 1, 3, 4]].tolist() == [814_300, 815_500, 814_000, 815_000]
    assert np.isnan(project.stations.chainage[2])
    assert issues(project, "value")


def test_key_sites_and_depots_have_defaults_and_clocks(write_layer, read, tmp_path):
    path = write_layer(tmp_path / "k.gpkg", points(2), {"n": ["学校", "医院"], "from": ["07:30", ""], "to": ["8:00", ""], "v": [2, 1]})
    project = read(key_sites={"path": path, "fields": {"name": "n", "from": "from", "to": "to", "visits": "v"}}, depots=path)
    sites = project.key_sites
    assert (sites.visits.tolist(), sites.dwell.tolist(), sites.weight.tolist()) == ([2, 1], [5, 5], [1, 1])
    assert (sites.start[0], sites.stop[0]) == (450, 480)
    assert np.isnan(sites.start[1])
    assert project.depots.crews.tolist() == [1, 1]
    bad = write_layer(tmp_path / "bad.gpkg", points(1), {"from": ["half past"]})
    with pytest.raises(InputError, match=r"bad\.gpkg.*row 1.*from"):
        read(key_sites={"path": bad, "fields": {"from": "from"}})


def test_reading_twice_gives_the_same_and_can_be_cancelled(write_layer, tmp_path):
    from algorithms.progress import Cancelled, Progress
    from gridplanner.model.project import fingerprint

    class Impatient(Progress):
        def is_cancelled(self):
            return True

    settings = Settings(
        project=ProjectSettings(), sources={"households": SourceSettings(path=str(write_layer(tmp_path / "h.gpkg", points(9))))}
    )
    assert fingerprint(read_sources(settings)) == fingerprint(read_sources(dataclasses.replace(settings)))
    with pytest.raises(Cancelled):
        read_sources(settings, Impatient())
