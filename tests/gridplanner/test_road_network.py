"""Streets as a road graph for patrols: what is odd about them is said with its place, and no speed of a layer breaks it."""

import numpy as np
import pytest
import shapely

from algorithms.network.shortest_paths import arc_network, travel_times
from gridplanner.model.issues import Level
from gridplanner.model.lines import Lines
from gridplanner.model.places import NO_TURNS, RoadClass, Roads, Turns, texts
from gridplanner.planning.road_network import FASTEST, KMH, SPEED, graph_of_roads, road_findings


def streets(*lines, oneway=(), speed=(), classes=(), level=(), turns=NO_TURNS) -> Roads:
    count = len(lines)
    offsets = np.cumsum([0, *(len(line) for line in lines)]).astype(np.int32)

    def column(given, default, dtype):
        return np.array([*given, *[default] * (count - len(given))], dtype)

    return Roads(
        Lines(np.array([xy for line in lines for xy in line], float), offsets), column(classes, RoadClass.STREET, np.int8),
        texts(["residential"] * count), texts([""] * count), column(oneway, 0, np.int8), column(speed, 0.0, float),
        column(level, 0, np.int8), turns=turns,
    )  # fmt: skip


CROSS = ([(0, 0), (1000, 0)], [(1000, 0), (2000, 0)], [(1000, 0), (1000, 900)], [(1000, 0), (1000, -900)])


def findings(roads, mode="car"):
    return {issue.kind: issue for issue in road_findings(roads, *graph_of_roads(roads, mode), mode)}


def test_streets_that_hang_together_have_nothing_odd():
    assert findings(streets(*CROSS)) == {}


def test_parts_apart_are_counted_and_the_largest_is_shown():
    found = findings(streets(*CROSS, [(0, 500), (0, 600)], [(3000, 0), (3000, 800)], [(3000, 800), (3400, 800)]))
    issue = found["roads_apart"]
    assert issue.values == {"count": 2, "km": "1.3", "most": "1.2"}
    assert (issue.x, issue.y, issue.level) == (3000, 400, Level.WARNING)
    assert list(found) == ["roads_apart"]


@pytest.mark.parametrize(("oneway", "kind"), [(1, "one_way_trap"), (-1, "no_way_in")])
def test_a_one_way_trap_is_shown_for_cars_and_is_none_on_foot(oneway, kind):
    roads = streets(*CROSS, [(2000, 0), (2000, 600)], oneway=(0, 0, 0, 0, oneway))
    issue = findings(roads)[kind]
    assert issue.values == {"count": 1, "km": "0.6", "most": "0.6"}
    assert (issue.x, issue.y, issue.level) == (2000, 300, Level.INFO)
    assert findings(roads, "foot") == {}


def test_speeds_that_cannot_be_are_those_of_the_class():
    odd = (0.0, -5.0, np.inf, np.nan)
    roads = streets(*CROSS, speed=odd)
    graph, _rows = graph_of_roads(roads, "car")
    assert graph.length / graph.seconds[::2] == pytest.approx(SPEED[RoadClass.STREET] * KMH)
    assert findings(roads)["road_speed"].values == {"count": 3}  # nought is not known
    assert graph_of_roads(streets(*CROSS, speed=(1.1 * FASTEST * KMH, 20.0)), "car")[0].seconds[::2].tolist() == pytest.approx(
        [120.0, 50.0, 108.0, 108.0]
    )


def test_streets_without_length_are_counted():
    roads = streets(*CROSS, [(500, 0), (500, 0)])
    assert findings(roads)["road_length"].values == {"count": 1}


def test_a_bridge_is_no_crossing():
    roads = streets([(0, 0), (500, 0), (1000, 0)], [(500, -400), (500, 0), (500, 400)], level=(0, 1))
    assert findings(roads)["roads_apart"].values["km"] == "0.8"
    assert findings(streets([(0, 0), (500, 0), (1000, 0)], [(500, -400), (500, 0), (500, 400)])) == {}


def test_turns_are_kept_where_they_are_clear_and_told_where_not():
    places = np.array([[1000.0, 0.0], [1000.0, 0.0], [0.0, 0.0]])
    turns = Turns(np.array([0, 2, 0], np.int32), np.array([1, 2, 3], np.int32), places, np.array([False, True, False]))
    roads = streets(*CROSS, turns=turns)
    graph, rows = graph_of_roads(roads, "car")
    assert graph.banned.tolist() == [[0, 2], [5, 1], [5, 2], [5, 6]]
    issue = findings(roads)["turns"]
    assert issue.values == {"count": 1}
    assert (issue.x, issue.y) == (0, 0)
    assert findings(roads, "foot") == {}
    # who may not go straight on turns back in a side street
    west, east = (int(np.flatnonzero((graph.node_xy == place).all(axis=1))[0]) for place in ((0, 0), (2000, 0)))
    direct = travel_times(arc_network(graph_of_roads(streets(*CROSS), "car")[0]), np.array([west]), np.array([east]))
    assert travel_times(arc_network(graph), np.array([west]), np.array([east])) == pytest.approx(direct + 1800 / (30 * KMH))
    assert rows.tolist() == [0, 1, 2, 3]


def test_turns_of_streets_that_cars_do_not_take_are_no_finding():
    turns = Turns(np.array([0], np.int32), np.array([2], np.int32), np.array([[1000.0, 0.0]]), np.array([True]))
    roads = streets(*CROSS, classes=(3, 3, RoadClass.PATH), turns=turns)
    assert findings(roads) == {}
    assert not len(graph_of_roads(roads, "car")[0].banned)


def test_a_layer_with_speeds_of_nothing_is_read_and_says_so(tmp_path):
    import pyogrio.raw

    from gridplanner.io.sources import read_sources
    from gridplanner.settings import ProjectSettings, Settings, SourceSettings

    shapes = np.array([shapely.to_wkb(shapely.LineString(line)) for line in CROSS], object)
    path = tmp_path / "roads.gpkg"
    pyogrio.raw.write(
        str(path), shapes, [np.array([-30.0, 0.0, 50.0, 900.0])], ["speed"], driver="GPKG", geometry_type="LineString", crs="EPSG:4545"
    )
    source = SourceSettings(path=str(path), fields={"speed": "speed"})
    project = read_sources(Settings(project=ProjectSettings(crs="EPSG:4545"), sources={"roads": source}))
    assert project.roads.speed == pytest.approx([0, 0, 50 * KMH, 0])
    (issue,) = (issue for issue in project.read_issues if issue.kind == "road_speed")
    assert issue.values["rows"] == "1, 2, 4"
    assert np.isfinite(graph_of_roads(project.roads, "car")[0].seconds).all()
