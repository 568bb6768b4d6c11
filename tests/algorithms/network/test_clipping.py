"""Tables of clipped networks are those of the whole graph, however fast the roads outside are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.arc_index import arc_index
from algorithms.network.certainty import certain
from algorithms.network.shortest_paths import arc_network, fastest_ways, travel_tables, travel_times
from tests.algorithms.network.made_roads import random_lattice, roads
from tests.algorithms.network.test_turns import with_random_bans


def big_lattice(rng, fast=4.0):
    """A lattice of two kilometres, slow but for some roads that are up to `fast` times as fast."""
    graph = random_lattice(rng, 40, 40, oneway=0.2, missing=0.15)
    lane = np.rint(graph.node_xy / 100).astype(int) % 13 == 6
    quick = (lane[graph.u] & lane[graph.v]).any(axis=1)
    return replace(graph, seconds=graph.seconds / np.repeat(np.where(quick, fast, 1.0), 2))


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 300.0, 900.0, np.inf]), st.booleans())
def test_a_clipped_table_is_that_of_the_whole_graph(seed, margin, priced):
    rng = np.random.default_rng(seed)
    graph = with_random_bans(rng, big_lattice(rng), 0.02)
    centre = rng.uniform(500, 3500, 2)
    near = np.flatnonzero(np.hypot(*(graph.node_xy - centre).T) < 500)
    some = rng.choice(near, min(12, len(near)), replace=False)
    price = rng.choice([1.0, 1.0, 3.0, np.inf], graph.edge_count, p=[0.5, 0.3, 0.18, 0.02]) if priced else None
    clipped, whole = arc_network(graph, some, margin, price), arc_network(graph, price=price)
    assert (len(clipped.nodes) < graph.node_count) == np.isfinite(margin)
    cost, seconds = travel_tables(clipped, some, some)
    expected = travel_tables(whole, some, some)
    assert cost == pytest.approx(expected[0], rel=1e-12)
    assert seconds == pytest.approx(expected[1]) or priced  # of ways as dear as one another, prices tell the seconds apart
    row, column = np.nonzero(np.isfinite(cost))
    ways = fastest_ways(clipped, some[row], some[column])
    paid = graph.seconds if price is None else graph.seconds * np.repeat(price, 2)
    assert [paid[way].sum() for way in ways] == pytest.approx(cost[row, column])


def test_a_faster_way_outside_the_box_is_found():
    ring = [(0, 0), (0, 3000), (6000, 3000), (6000, 0)]
    graph = roads([(0, 0), (6000, 0)], ring)
    graph = replace(graph, seconds=graph.seconds / np.repeat([1.0, 10.0], 2))
    ends = np.array([0, 1])
    network = arc_network(graph, ends, 100.0)
    assert travel_times(network, ends, ends)[0, 1] == pytest.approx(120.0)
    assert fastest_ways(network, ends[:1], ends[1:])[0].tolist() == [2]


def test_what_a_drive_outside_might_beat_is_not_certain():
    straight = [(0, 0), (500, 0), (1000, 0)]
    graph = roads(straight, [(0, 0), (0, 600)], [(0, 600), (1000, 600)], [(1000, 600), (1000, 0)], [(500, 0), (500, 10)])
    graph = replace(graph, seconds=graph.seconds / np.repeat(np.where(graph.line == 2, 20.0, 1.0), 2))
    west, east = (int(np.flatnonzero((graph.node_xy == place).all(axis=1))[0]) for place in ((0, 0), (1000, 0)))
    middle = int(np.flatnonzero((graph.node_xy == (500, 0)).all(axis=1))[0])
    network = arc_network(graph, np.array([west, east]), 100.0)
    assert not network.whole
    reach = np.full((1, network.times.shape[0]), np.inf)
    reach[0, network.rows(np.array([west, middle, east]))] = [0.0, 50.0, 100.0]
    found = np.array([[50.0, 100.0]])
    # up and out 60 s, then at 200 m/s at best: 3.9 s to the middle, 5.8 s to the east end
    assert certain(network, reach, found, np.array([middle, east])).tolist() == [[True, False]]
    assert certain(network, reach, found / 2, np.array([middle, east])).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(0, 900))
def test_the_nodes_near_some_nodes_are_those_about_their_hull(seed, count, margin):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, 25, 12)
    around = rng.choice(graph.node_count, count)
    found = arc_index(graph).nodes_near(around, margin)
    hull = shapely.convex_hull(shapely.multipoints(graph.node_xy[around]))
    away = shapely.distance(hull, shapely.points(graph.node_xy))
    assert np.all(np.diff(found) > 0)
    assert np.isin(np.flatnonzero(away <= 0.97 * margin), found).all()  # circles have corners
    assert np.all(away[found] <= max(margin, 1.0) + 250 * np.sqrt(2) + 1e-6)
    assert np.isin(around, found).all()
