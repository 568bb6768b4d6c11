"""Crews on their own ground: what lies apart is reached over the fewest metres beyond it."""

import numpy as np

from algorithms.network.road_graph import build_road_graph
from algorithms.patrolling.confinement import confine

#  ┌───── long way ────┐     own ground: the two streets along the south (=), and the one in the north-east, which lies apart:
#  │              *====*     the short way joins it to the corner of the south
#  │              │ short
#  *======*=======*


def graph_of(*lines, oneway=()):
    coords = np.array([place for line in lines for place in line], float)
    offsets = np.cumsum([0] + [len(line) for line in lines])
    one = np.isin(np.arange(len(lines)), oneway)
    return build_road_graph(coords, offsets, np.ones(len(lines)), ~one, np.full(len(lines), 10.0))


def numbered(graph, *middles):
    """The edges through some places."""
    centre = (graph.node_xy[graph.u] + graph.node_xy[graph.v]) / 2
    return [int(np.argmin(np.hypot(*(centre - place).T))) for place in middles]


def two_parts(**more):
    return graph_of(
        [(0, 0), (100, 0)], [(100, 0), (200, 0)],  # own
        [(200, 100), (300, 100)],  # own, apart
        [(200, 0), (200, 100)],  # the short way there, not own
        [(300, 100), (300, 300), (0, 300), (0, 0)],  # the long way, not own
        **more,
    )  # fmt: skip


def ground(graph):
    own = numbered(graph, (50, 0), (150, 0), (250, 100))
    return np.isin(np.arange(graph.edge_count), own), own


def test_a_part_of_the_ground_that_lies_apart_is_joined_by_the_shortest_leg():
    graph = two_parts()
    inside, own = ground(graph)
    found = confine(graph, inside, np.array([0]), np.array(own), np.zeros(0, np.int64))
    short = numbered(graph, (200, 50))
    assert np.flatnonzero(found.legs).tolist() == short
    assert not found.approach.any()
    assert found.part.tolist() == [-1, -1, 0]
    assert found.metres.tolist() == [100.0]


def test_a_one_way_leg_there_needs_another_one_back():
    graph = two_parts(oneway=(3,))
    inside, own = ground(graph)
    found = confine(graph, inside, np.array([0]), np.array(own), np.zeros(0, np.int64))
    assert found.legs.sum() == 2
    assert found.metres.tolist() == [100.0 + graph.length[~inside].max()]


def test_what_can_be_entered_but_not_left_has_no_way_at_all():
    graph = graph_of([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)], oneway=(2,))
    trap = numbered(graph, (250, 0))
    node = int(graph.v[trap[0]])
    found = confine(graph, np.ones(3, bool), np.array([0]), np.array([0, trap[0]]), np.array([node]))
    assert found.part.tolist() == [-1, -2, -2]
    assert not found.legs.any()


def test_a_depot_beyond_the_ground_is_joined_by_the_fastest_way():
    graph = two_parts()
    inside, own = ground(graph)
    corner = int(np.argmin(np.hypot(*(graph.node_xy - (300, 100)).T)))
    found = confine(graph, inside, np.array([corner]), np.array(own[:2]), np.zeros(0, np.int64))
    assert np.flatnonzero(found.approach).tolist() == numbered(graph, (200, 50))
    assert not found.legs.any()
