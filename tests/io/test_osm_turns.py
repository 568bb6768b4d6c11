"""Turn restrictions of OpenStreetMap: which are read, which are told, and that a drive keeps them."""

import dataclasses

import numpy as np
import pytest

from algorithms.network.road_graph import arc_ends
from algorithms.network.shortest_paths import arc_network, fastest_ways
from gridplanner.io.packing import Packed, pack, unpack
from gridplanner.io.project_file import open_project, save_project
from gridplanner.io.sources import read_sources
from gridplanner.model.lines import Lines
from gridplanner.model.places import NO_TURNS, Roads, Turns, texts
from gridplanner.model.project import fingerprint
from gridplanner.plan_file import read_plan
from gridplanner.planning.road_network import graph_of_roads

HEAD = "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n"
WEST, EAST, SOUTH, NORTH = 11, 12, 13, 14  # ways that lead from the crossing, node 1


@pytest.fixture
def crossing(tmp_path):
    """Write a crossing of four streets (with a footway among them) and restrictions: tags, and members as (role, type, number)."""

    def write(*relations, without=()):
        places = {1: (35.5, 106.7), 2: (35.5, 106.699), 3: (35.5, 106.701), 4: (35.499, 106.7), 5: (35.501, 106.7)}
        text = HEAD + "".join(f'<node id="{n}" version="1" lat="{lat}" lon="{lon}"/>' for n, (lat, lon) in places.items())
        text += '<way id="10" version="1"><nd ref="2"/><nd ref="5"/><tag k="highway" v="footway"/></way>'
        for way, end in ((WEST, 2), (EAST, 3), (SOUTH, 4), (NORTH, 5)):
            if way not in without:
                text += f'<way id="{way}" version="1"><nd ref="1"/><nd ref="{end}"/><tag k="highway" v="residential"/></way>'
        for number, (tags, members) in enumerate(relations):
            inside = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for role, kind, ref in members)
            inside += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in {"type": "restriction", **tags}.items())
            text += f'<relation id="{number + 1}" version="1">{inside}</relation>'
        path = tmp_path / "map.osm"
        path.write_text(text + "</osm>", encoding="utf-8")
        return path

    return write


def turn(start, end, via=("via", "node", 1)):
    return [("from", "way", start), via, ("to", "way", end)]


LEFT = {"restriction": "no_left_turn"}


@pytest.mark.parametrize(
    ("tags", "members", "kept"),
    [
        (LEFT, turn(WEST, NORTH), [(1, 4, False)]),
        ({"restriction": "only_straight_on"}, turn(WEST, EAST), [(1, 2, True)]),
        ({"restriction": "no_u_turn"}, turn(EAST, EAST), [(2, 2, False)]),
        ({"restriction": "no_entry"}, [*turn(WEST, NORTH), ("from", "way", SOUTH)], [(1, 4, False), (3, 4, False)]),
        ({**LEFT, "except": "bus;bicycle"}, turn(WEST, NORTH), [(1, 4, False)]),
        ({**LEFT, "except": "psv; motorcar"}, turn(WEST, NORTH), []),
        ({"restriction:motor_vehicle": "no_left_turn"}, turn(WEST, NORTH), [(1, 4, False)]),
        ({"restriction:hgv": "no_left_turn"}, turn(WEST, NORTH), []),
        ({"restriction": "no_right_turn_on_red"}, turn(WEST, SOUTH), []),
        ({"type": "route", **LEFT}, turn(WEST, NORTH), []),
    ],
)
def test_a_restriction_is_a_turn_from_street_to_street(crossing, read, tags, members, kept):
    project = read(roads=crossing((tags, members)))
    turns = project.roads.turns
    assert list(zip(turns.from_row.tolist(), turns.to_row.tolist(), turns.only.tolist(), strict=True)) == kept
    assert turns.via == pytest.approx(np.tile(project.roads.lines.line(1)[0], (len(kept), 1)), abs=1e-6)
    assert [issue.kind for issue in project.read_issues if issue.kind == "turns"] == []


def test_what_cannot_be_kept_is_told_and_rows_follow_the_streets_that_are_left(crossing, read):
    path = crossing(
        (LEFT, turn(SOUTH, WEST)),
        (LEFT, turn(WEST, NORTH, ("via", "way", EAST))),
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, turn(WEST, NORTH)),
        ({**LEFT, "hour_on": "07:00", "hour_off": "09:00"}, turn(WEST, NORTH)),
        (LEFT, turn(EAST, SOUTH)),
        (LEFT, turn(WEST, NORTH, ("via", "node", 99))),
        without=(EAST,),
    )
    project = read(roads={"path": path, "where": "highway = 'residential'"})
    assert project.roads.turns.from_row.tolist() == [1]  # west, south, north: the footway is not read
    assert project.roads.turns.to_row.tolist() == [0]
    (issue,) = (issue for issue in project.read_issues if issue.kind == "turns")
    assert issue.values == {"file": "map.osm", "kept": 1, "ways": 1, "times": 2, "lost": 2}


def test_cars_keep_the_turns_and_walkers_do_not(crossing, read):
    roads = read(roads=crossing((LEFT, turn(WEST, NORTH)))).roads
    car, street = graph_of_roads(roads, "car")
    west, north = (int(np.flatnonzero(street[car.line] == row)[0]) for row in (1, 4))
    assert car.banned.tolist() == [[2 * west + 1, 2 * north]]
    assert np.array_equal(graph_of_roads(roads, "motorcycle")[0].banned, car.banned)
    assert not len(graph_of_roads(roads, "foot")[0].banned)


def test_the_turns_of_krems_are_kept_by_every_way(test_data):
    project = read_sources(read_plan(test_data.parent / "acceptance" / "plans" / "krems.toml"))
    assert len(project.roads.turns) == 8
    graph = graph_of_roads(project.roads, "car")[0]
    assert len(graph.banned) >= 8
    network = arc_network(graph)
    begin, end = arc_ends(graph, graph.banned[:, 0])[0], arc_ends(graph, graph.banned[:, 1])[1]
    free = arc_network(dataclasses.replace(graph, banned=graph.banned[:0]))
    banned = set(map(tuple, graph.banned.tolist()))
    made = [set(zip(way[:-1].tolist(), way[1:].tolist(), strict=True)) & banned for way in fastest_ways(free, begin, end)]
    assert sum(map(bool, made)) >= 3
    assert not any(set(zip(way[:-1].tolist(), way[1:].tolist(), strict=True)) & banned for way in fastest_ways(network, begin, end))


def street(turns=NO_TURNS):
    none = np.zeros(1, np.int8)
    line = Lines(np.array([[0.0, 0.0], [10.0, 0.0]]), np.array([0, 2], np.int32))
    return Roads(line, none + 3, texts(["residential"]), texts(["A"]), none, np.zeros(1), none, turns=turns)


def test_turns_are_saved_and_streets_saved_before_there_were_turns_open_as_they_were(tmp_path, crossing, read):
    project = read(roads=crossing((LEFT, turn(WEST, NORTH))))
    save_project(project, tmp_path / "a.gridplan")
    assert fingerprint(open_project(tmp_path / "a.gridplan").roads) == fingerprint(project.roads)
    packed = pack(street())
    old = {**packed.tree, "fields": {name: part for name, part in packed.tree["fields"].items() if name != "turns"}}
    assert len(unpack(Packed(old, packed.arrays)).turns) == 0


def test_plans_made_before_there_were_turns_are_not_stale_for_them():
    assert fingerprint(street()) == "571e102962467947391e0551d592a4c9"  # as the version before turns gave it
    some = Turns(np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros((1, 2)), np.zeros(1, bool))
    assert fingerprint(street(some)) != fingerprint(street())
