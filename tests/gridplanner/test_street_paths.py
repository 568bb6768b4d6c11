"""Shortest ways along streets and borders, beside networkx on a random network, and where a waypoint takes to."""

import itertools

import networkx
import numpy as np
import pytest

from gridplanner.model.line_sides import inside_ring, left_of
from gridplanner.model.street_paths import StreetWalk, net_of, street_net
from tests.ui.builders import planned, town

# a ladder: two rails of three pieces, four rungs
#   4 ── 5 ── 6 ── 7
#   │    │    │    │
#   0 ── 1 ── 2 ── 3
PLACES = np.array([(x * 10.0, y * 10.0) for y in (0, 1) for x in range(4)])
LADDER = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (0, 4), (1, 5), (2, 6), (3, 7)]


def ladder(**factor):
    pieces = PLACES[np.array(LADDER)]
    costs = np.array([factor.get(f"p{i}", 1.0) for i in range(len(LADDER))])
    return net_of(pieces, costs)


def test_a_waypoint_takes_to_a_corner_nearby_else_to_the_street_else_to_nothing():
    net = ladder()
    assert net.nearest(np.array([10.5, 0.4]), 3.0).xy.tolist() == [10.0, 0.0]
    assert net.nearest(np.array([14.0, -1.0]), 3.0).xy.tolist() == [14.0, 0.0]
    assert net.nearest(np.array([10.5, 0.4]), 3.0, corners=0.0).xy.tolist() == [10.5, 0.0]
    assert net.nearest(np.array([14.0, -5.0]), 3.0) is None


def test_the_way_is_the_shortest_and_begins_and_ends_amid_pieces():
    net = ladder()
    start, stop = net.nearest(np.array([4.0, 0.0]), 1.0, corners=0.0), net.nearest(np.array([30.0, 6.0]), 1.0, corners=0.0)
    assert StreetWalk(net, start).to(stop).tolist() == [[4, 0], [10, 0], [20, 0], [30, 0], [30, 6]]
    dear = ladder(p2=9.0)  # the piece from 2 to 3 counts nine times its length
    assert [30.0, 0.0] not in StreetWalk(dear, start).to(stop).tolist()
    near = net.nearest(np.array([8.0, 0.0]), 1.0, corners=0.0)
    assert StreetWalk(net, start).to(near).tolist() == [[4, 0], [8, 0]]


def test_what_is_not_joined_cannot_be_reached():
    net = net_of(np.array([[[0.0, 0.0], [10.0, 0.0]], [[0.0, 5.0], [10.0, 5.0]]]), np.ones(2))
    start, stop = (net.nearest(np.array([5.0, y]), 1.0, corners=0.0) for y in (0.0, 5.0))
    assert StreetWalk(net, start).to(stop) is None


def test_ways_asked_for_one_after_another_are_as_short_as_networkx_finds_them():
    rng = np.random.default_rng(2)
    places = np.round(rng.uniform(0, 1000, (150, 2)), 2)
    ends = np.array([(i, j) for i in range(150) for j in np.argsort(np.hypot(*(places - places[i]).T))[1:5]])
    net = net_of(places[ends], rng.uniform(1.0, 3.0, len(ends)))
    graph = networkx.Graph()
    for (a, b), cost in zip(net.ends.tolist(), net.cost.tolist(), strict=True):
        graph.add_edge(a, b, weight=min(cost, graph.get_edge_data(a, b, {"weight": np.inf})["weight"]))
    node = {tuple(place): i for i, place in enumerate(net.xy.tolist())}
    walk = StreetWalk(net, net.nearest(net.xy[0], 1.0))
    for goal in range(1, 150, 7):
        way = walk.to(net.nearest(net.xy[goal], 1.0))
        if way is None:
            assert not networkx.has_path(graph, 0, goal)
            continue
        nodes = [node[tuple(place)] for place in way.tolist()]
        found = sum(graph.edges[a, b]["weight"] for a, b in itertools.pairwise(nodes))
        assert (nodes[0], nodes[-1]) == (0, goal)
        assert found == pytest.approx(networkx.shortest_path_length(graph, 0, goal, weight="weight"))


def test_the_network_of_a_town_is_its_streets_and_borders_near_a_place():
    project = planned(town(8, 6, 5), 8, 2, 3)
    net = street_net(project, 200.0, 200.0, 70.0)
    assert project.units is not None
    known = {tuple(place) for place in project.units.xy.tolist()}
    assert {tuple(place) for place in net.xy.tolist()} <= known
    assert 5 <= len(net.xy) < len(known)
    assert len(street_net(project, 5000.0, 0.0, 70.0).ends) == 0


def test_sides_and_insides_are_those_of_geometry():
    rng = np.random.default_rng(5)
    points = rng.uniform(-20, 20, (400, 2))
    line = np.array([[-10.0, -3.0], [0.0, 2.0], [10.0, -1.0]])
    bend = np.interp(points[:, 0], line[:, 0], line[:, 1])
    near = np.abs(points[:, 0]) <= 10
    assert np.array_equal(left_of(points, line)[near], (points[:, 1] > bend)[near])
    assert np.array_equal(left_of(points, line[::-1]), ~left_of(points, line))
    ring = np.array([[-9.0, -9.0], [9.0, -9.0], [0.0, 12.0], [0.0, 0.0]])
    assert inside_ring(points, ring).sum() == pytest.approx(400 * 135 / 1600, rel=0.3)
    assert inside_ring(np.array([[0.5, 0.0], [-0.5, 0.0]]), ring).tolist() == [True, False]
