"""The ring test never lets a unit break its district, on random lands with barriers and links."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import graph_of, is_connected

from algorithms.graph.contiguity import can_leave, with_links


def test_around_each_unit_stand_its_neighbours_in_turn():
    land = MadeLand(3, streets=8)
    pairs, ring = land.adjacency, land.surroundings
    beside = {(int(a), int(b)) for a, b in zip(pairs.low, pairs.high, strict=True)}
    for v in range(land.count):
        around = ring.units[ring.offsets[v] : ring.offsets[v + 1]]
        mine = {a if b == v else b for a, b in beside if v in (a, b)}
        assert mine <= set(around.tolist())
        for x, y in zip(around.tolist(), np.roll(around, -1).tolist(), strict=True):
            assert x < 0 or y < 0 or x == y or (min(x, y), max(x, y)) in beside


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5), st.floats(0, 0.3))
def test_a_unit_that_may_leave_leaves_its_district_in_one_piece(seed, districts, blocked):
    land = MadeLand(seed, streets=9, blocked_share=blocked)
    graph = graph_of(land.count, land.adjacency)
    rng = np.random.default_rng(seed)
    labels = np.append(rng.integers(0, districts, land.count), -2).astype(np.int32)
    units = np.arange(land.count)
    free = can_leave(land.surroundings, labels, units, labels[:-1])
    for v in np.flatnonzero(free).tolist():
        mine = np.flatnonzero(labels[:-1] == labels[v])
        if len(mine) > 1 and is_connected(graph, mine):
            assert is_connected(graph, mine[mine != v])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_links_between_parts_count_as_neighbours(seed):
    land = MadeLand(seed, streets=8)
    rng = np.random.default_rng(seed)
    a, b = rng.choice(land.count, 2, replace=False).tolist()
    ring = with_links(land.surroundings, np.array([a], np.int32), np.array([b], np.int32))
    graph = graph_of(land.count, land.adjacency)
    graph.add_edge(a, b)
    labels = np.append(rng.integers(0, 3, land.count), -2).astype(np.int32)
    for v in np.flatnonzero(can_leave(ring, labels, np.arange(land.count), labels[:-1])).tolist():
        mine = np.flatnonzero(labels[:-1] == labels[v])
        if len(mine) > 1 and is_connected(graph, mine):
            assert is_connected(graph, mine[mine != v])
