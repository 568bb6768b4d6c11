from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network import place_times as module
from algorithms.network.nearest import EdgePlaces, nearest_edge
from algorithms.network.place_times import place_times, place_times_by_source
from algorithms.network.reach import NO_POST, reach_from, reached
from algorithms.network.shortest_paths import arc_network
from tests.algorithms.network.made_roads import random_lattice, roads

WALK = 1.25


def some_places(rng, graph, count) -> EdgePlaces:
    """Places on random edges, some at an end of one, some several on one."""
    edge = rng.integers(graph.edge_count, size=count)
    share = rng.choice([0.0, 1.0, -1.0], count, p=[0.15, 0.15, 0.7])
    share = np.where(share < 0, rng.random(count), share)
    return EdgePlaces(edge, share * graph.length[edge], rng.uniform(0, 60, count), np.zeros((count, 2)))


def by_networkx(graph, sources, targets) -> np.ndarray:
    """The same seconds from a graph in which every edge is cut at the places on it."""
    whole = nx.DiGraph()
    whole.add_nodes_from(range(graph.node_count))

    def link(a, b, seconds):
        if np.isfinite(seconds) and not (whole.has_edge(a, b) and whole[a][b]["seconds"] <= seconds):
            whole.add_edge(a, b, seconds=seconds)

    on_edge = {}
    for kind, places in (("from", sources), ("to", targets)):
        for row, (edge, along) in enumerate(zip(places.edge.tolist(), places.along.tolist(), strict=True)):
            on_edge.setdefault(edge, []).append((along, (kind, row)))
    for edge in range(graph.edge_count):
        stops = [(0.0, int(graph.u[edge])), *sorted(on_edge.get(edge, [])), (float(graph.length[edge]), int(graph.v[edge]))]
        for (low, a), (high, b) in itertools.pairwise(stops):
            share = (high - low) / graph.length[edge]
            for start, stop, seconds in ((a, b, graph.seconds[2 * edge]), (b, a, graph.seconds[2 * edge + 1])):
                link(start, stop, 0.0 if share == 0 else share * seconds)
    table = np.full((len(sources.edge), len(targets.edge)), np.inf)
    for row in range(len(sources.edge)):
        found = nx.single_source_dijkstra_path_length(whole, ("from", row), weight="seconds")
        table[row] = [found.get(("to", column), np.inf) for column in range(len(targets.edge))]
    return table


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_times_between_places_are_those_of_networkx(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, oneway=0.4)
    sources, targets = some_places(rng, graph, 5), some_places(rng, graph, 9)
    network = arc_network(graph)
    road = by_networkx(graph, sources, targets)
    found = place_times(graph, network, sources, targets, WALK)
    assert found == pytest.approx(road + (sources.distance[:, None] + targets.distance) / WALK)
    lead = rng.uniform(0, 100, 5)
    assert place_times(graph, network, sources, targets, WALK, lead=lead) == pytest.approx(road + lead[:, None] + targets.distance / WALK)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_the_first_post_is_the_soonest_of_all(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, oneway=0.4)
    posts, targets, lead = some_places(rng, graph, 4), some_places(rng, graph, 12), rng.uniform(0, 30, 4)
    network = arc_network(graph)
    each = place_times(graph, network, posts, targets, WALK, lead=lead) - targets.distance / WALK
    seconds, first = reached(graph, network, reach_from(graph, network, posts, lead), targets)
    assert seconds == pytest.approx(each.min(axis=0))
    lost = np.isinf(each).all(axis=0)
    assert np.array_equal(first == NO_POST, lost)
    assert each[first[~lost], np.flatnonzero(~lost)] == pytest.approx(seconds[~lost])


def test_rows_come_in_parts_where_the_table_is_large(monkeypatch):
    graph = random_lattice(np.random.default_rng(3))
    rng = np.random.default_rng(4)
    sources, targets = some_places(rng, graph, 7), some_places(rng, graph, 5)
    network = arc_network(graph)
    whole = place_times(graph, network, sources, targets, WALK)
    monkeypatch.setattr(module, "_CHUNK", 2 * 2 * len(network.nodes))
    parts = list(place_times_by_source(graph, network, sources, targets, WALK))
    assert [rows.stop - rows.start for rows, _part in parts] == [2, 2, 2, 1]
    assert np.concatenate([part for _rows, part in parts]) == pytest.approx(whole)


def test_a_place_against_the_one_way_street_is_reached_round_the_block():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (100, 50), (0, 50), (0, 0)], oneway=[0])
    network = arc_network(graph)
    at = nearest_edge(graph, np.array([[20.0, 0.0], [80.0, 0.0]]))
    assert place_times(graph, network, at, at, WALK) == pytest.approx(np.array([[0.0, 6.0], [2 + 20 + 2.0, 0.0]]))


def test_a_post_on_a_street_that_leads_back_to_its_beginning_goes_both_ways_round():
    ring = roads([(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], [(0, 0), (-30, 0)])
    network = arc_network(ring)
    post = nearest_edge(ring, np.array([[100.0, 60.0]]))
    seconds, first = reached(ring, network, reach_from(ring, network, post, np.zeros(1)), nearest_edge(ring, np.array([[-30.0, 0.0]])))
    assert seconds == pytest.approx([(160 + 30) / 10])
    assert first.tolist() == [0]


def test_of_posts_at_one_place_the_first_is_there_first_everywhere():
    graph = random_lattice(np.random.default_rng(7), oneway=0.2)
    rng = np.random.default_rng(8)
    post, targets = some_places(rng, graph, 1), some_places(rng, graph, 40)
    same = EdgePlaces(*[np.repeat(column, 4, axis=0) for column in (post.edge, post.along, post.distance, post.xy)])
    network = arc_network(graph)
    lead = np.array([9.0, 4.0, 4.0, 6.0])  # the second and the third leave their yard first
    seconds, first = reached(graph, network, reach_from(graph, network, same, lead), targets)
    assert set(first[np.isfinite(seconds)].tolist()) == {1}
    assert np.isfinite(seconds).sum() > 20


def test_without_posts_nothing_is_reached():
    graph = roads([(0, 0), (100, 0)])
    network = arc_network(graph)
    none = EdgePlaces(np.zeros(0, np.int64), np.zeros(0), np.zeros(0), np.zeros((0, 2)))
    seconds, first = reached(graph, network, reach_from(graph, network, none, np.zeros(0)), nearest_edge(graph, np.zeros((1, 2))))
    assert np.isinf(seconds).all()
    assert first.tolist() == [NO_POST]
