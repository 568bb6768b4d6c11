from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.nearest import core_nodes, nearest_edge, nearest_end, nearest_node
from algorithms.network.road_graph import arc_ends, build_road_graph, to_networkx
from algorithms.network.shortest_paths import arc_network, fastest_ways, times_from, times_to, travel_times
from tests.algorithms.network.made_roads import random_lattice, roads
from tests.algorithms.network.osm_town import read_streets


def test_the_faster_of_two_parallel_streets_is_taken():
    graph = roads([(0, 0), (50, 80), (100, 0)], [(0, 0), (100, 0)])
    network = arc_network(graph)
    assert travel_times(network, np.array([0]), np.array([1])).tolist() == [[10.0]]
    assert graph.line[fastest_ways(network, np.array([0]), np.array([1]))[0] // 2].tolist() == [1]


def test_a_place_that_cannot_be_reached_is_infinitely_far():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], oneway=[1])
    network = arc_network(graph)
    assert travel_times(network, np.array([0, 2]), np.array([2, 0])).tolist() == [[20.0, 0.0], [0.0, np.inf]]
    with pytest.raises(ValueError, match="no way"):
        fastest_ways(network, np.array([2]), np.array([0]))


def test_nodes_outside_a_clipped_network_are_refused():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (900, 0)])
    network = arc_network(graph, np.array([0, 1]), 50.0)
    assert network.nodes.tolist() == [0, 1]
    with pytest.raises(ValueError, match="outside"):
        travel_times(network, np.array([0]), np.array([2]))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_times_and_ways_are_those_of_networkx(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng)
    network = arc_network(graph)
    nodes = np.arange(graph.node_count)
    times = travel_times(network, nodes, nodes)
    for source, reached in nx.all_pairs_dijkstra_path_length(to_networkx(graph), weight="seconds"):
        assert times[source] == pytest.approx([reached.get(target, np.inf) for target in nodes.tolist()])
        assert times_from(network, source) == pytest.approx(times[source])
        assert times_to(network, source) == pytest.approx(times[:, source])
    source, target = np.nonzero(np.isfinite(times))
    for start, goal, way in zip(source, target, fastest_ways(network, source, target), strict=True):
        tail, head = arc_ends(graph, way)
        assert np.array_equal(np.append(tail, goal), np.insert(head, 0, start))
        assert graph.seconds[way].sum() == pytest.approx(times[start, goal])
    clipped = arc_network(graph, nodes[:4], 60.0)
    assert np.all(travel_times(clipped, nodes[:4], nodes[:4]) >= times[:4, :4] - 1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_nearest_node_and_edge_are_those_of_a_full_search(seed):
    import shapely

    rng = np.random.default_rng(seed)
    graph = random_lattice(rng)
    points = rng.uniform(-50, 350, (20, 2))
    among = core_nodes(graph) if core_nodes(graph).any() else None
    node, distance = nearest_node(graph, points, among)
    choice = np.arange(graph.node_count) if among is None else np.flatnonzero(among)
    full = np.hypot(*(points[:, None] - graph.node_xy[choice]).transpose(2, 0, 1))
    assert distance == pytest.approx(full.min(axis=1))
    assert np.all(np.isin(node, choice))
    places = nearest_edge(graph, points)
    shapes = shapely.linestrings(graph.coords, indices=np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets)))
    assert places.distance == pytest.approx(shapely.distance(shapely.points(points)[:, None], shapes).min(axis=1), abs=1e-6)
    end, metres = nearest_end(graph, places)
    assert np.all(metres <= graph.length[places.edge] / 2 + 1e-9)
    assert np.all((end == graph.u[places.edge]) | (end == graph.v[places.edge]))


def test_no_node_and_no_edge_to_choose_is_said():
    graph = roads([(0, 0), (100, 0)])
    with pytest.raises(ValueError, match="no node"):
        nearest_node(graph, np.zeros((1, 2)), np.zeros(2, bool))
    with pytest.raises(ValueError, match="no edge"):
        nearest_edge(graph, np.zeros((1, 2)), np.zeros(1, bool))


def test_clipping_a_real_country_loses_nothing_within_a_town(test_data):
    streets = read_streets(test_data / "towns" / "liechtenstein.osm.pbf", 2056)
    graph = build_road_graph(streets.coords, streets.offsets, streets.forward, streets.backward, streets.speed, streets.level)
    rng = np.random.default_rng(1)
    town = np.flatnonzero(core_nodes(graph) & (np.hypot(*(graph.node_xy - np.median(graph.node_xy, axis=0)).T) < 2500))
    some = rng.choice(town, 60, replace=False)
    whole, clipped = arc_network(graph), arc_network(graph, some, 2000.0)
    assert len(clipped.nodes) < len(whole.nodes)
    assert travel_times(clipped, some, some) == pytest.approx(travel_times(whole, some, some))
