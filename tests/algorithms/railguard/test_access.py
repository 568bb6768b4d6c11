"""Access to lines: driven to a gate and walked from there, against Dijkstra's search in one graph of roads and lines together."""

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.nearest import nearest_edge
from algorithms.network.road_graph import build_road_graph
from algorithms.network.shortest_paths import arc_network
from algorithms.railguard.access import LineAccess, along_lines, gate_seconds

WALK, OFF = 1.25, 1.0
BLOCK = 100.0


def ladder(oneway):
    """Streets of three by five crossings, some of them one-way; the line runs along the north of them."""
    lines = [((c, r), (c + 1, r)) for r in range(3) for c in range(4)] + [((c, r), (c, r + 1)) for c in range(5) for r in range(2)]
    coords = BLOCK * np.array(lines, float).reshape(-1, 2)
    forward = np.array([way >= 0 for way in oneway[: len(lines)]])
    backward = np.array([way <= 0 for way in oneway[: len(lines)]])
    return build_road_graph(coords, np.arange(0, 2 * len(lines) + 1, 2), forward, backward, np.full(len(lines), 10.0))


def whole_graph(graph, bases, gates, lead, gate_line, gate_along, line, along):
    """The road graph with a node for each base and gate on its edge, and each line as a chain of its gates and places."""
    both = nx.DiGraph()
    for edge in range(graph.edge_count):
        length = float(graph.length[edge])
        on = [(0.0, ("n", int(graph.u[edge]))), (length, ("n", int(graph.v[edge])))]
        on += [(float(bases.along[i]), ("b", i)) for i in np.flatnonzero(bases.edge == edge).tolist()]
        on += [(float(gates.along[i]), ("g", i)) for i in np.flatnonzero(gates.edge == edge).tolist()]
        for at, one in on:
            for to, other in on:
                arc = 2 * edge + (to < at)
                seconds = abs(to - at) / length * graph.seconds[arc] if to != at else 0.0
                if one != other and np.isfinite(seconds) and not (one[0] == "g" or other[0] == "b"):
                    known = both.get_edge_data(one, other, {"weight": np.inf})["weight"]
                    both.add_edge(one, other, weight=min(known, seconds))
    for i, seconds in enumerate(lead):
        both.add_edge(("start", i), ("b", i), weight=seconds)
    for number in set(gate_line) | set(line):
        chain = [(float(gate_along[i]), ("l", "g", i)) for i in np.flatnonzero(gate_line == number).tolist()]
        chain = sorted(chain + [(float(along[i]), ("l", "p", i)) for i in np.flatnonzero(line == number).tolist()])
        for (at, one), (to, other) in itertools.pairwise(chain):
            both.add_edge(one, other, weight=(to - at) / WALK)
            both.add_edge(other, one, weight=(to - at) / WALK)
    for i in range(len(gate_line)):
        both.add_edge(("g", i), ("l", "g", i), weight=float(gates.distance[i]) / OFF)
    return both


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_every_place_is_reached_as_soon_as_in_one_graph_of_roads_and_lines(seed):
    random = np.random.default_rng(seed)
    graph = ladder(random.choice([-1, 0, 0, 0, 1], 22))
    extent = np.array([4 * BLOCK, 2 * BLOCK])
    bases = nearest_edge(graph, random.random((3, 2)) * extent)
    gates = nearest_edge(graph, random.random((5, 2)) * extent)
    lead = random.random(3) * 60.0
    gate_line, gate_along = random.integers(0, 2, 5), np.round(random.random(5) * 400.0)
    line, along = np.sort(random.integers(0, 3, 12)), np.round(random.random(12) * 400.0)
    seconds = gate_seconds(graph, arc_network(graph), bases, gates, lead, OFF)
    access = along_lines(seconds, gate_line, gate_along, line, along, WALK)
    both = whole_graph(graph, bases, gates, lead, gate_line, gate_along, line, along)
    for base in range(3):
        away = nx.single_source_dijkstra_path_length(both, ("start", base))
        wanted = [away.get(("l", "p", place), np.inf) for place in range(12)]
        assert access.seconds[base] == pytest.approx(wanted, rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_the_gate_that_is_named_is_one_that_gives_the_least_time(seed):
    random = np.random.default_rng(seed)
    seconds = np.where(random.random((2, 6)) < 0.2, np.inf, np.round(random.random((2, 6)) * 100))
    gate_line, gate_along = random.integers(0, 2, 6), random.integers(0, 50, 6).astype(float)
    line, along = random.integers(0, 2, 20), random.integers(0, 50, 20).astype(float)
    access = along_lines(seconds, gate_line, gate_along, line, along, 0.5)
    ways = seconds[:, None, :] + np.abs(along[:, None] - gate_along) / 0.5
    ways[:, line[:, None] != gate_line] = np.inf
    assert np.array_equal(access.seconds, ways.min(axis=2))
    reached = np.isfinite(access.seconds)
    assert np.array_equal(access.gate >= 0, reached)
    named = np.take_along_axis(ways, np.maximum(access.gate, 0)[:, :, None], axis=2)[:, :, 0]
    assert np.array_equal(named[reached], access.seconds[reached])


def test_the_soonest_base_is_the_lowest_of_equals_and_none_where_there_is_no_way():
    access = LineAccess(np.array([[5.0, np.inf, 7.0], [5.0, np.inf, 6.0]]), np.array([[0, -1, 0], [1, -1, 2]]))
    seconds, base, gate = access.soonest()
    assert seconds.tolist() == [5.0, np.inf, 6.0]
    assert base.tolist() == [0, -1, 1]
    assert gate.tolist() == [0, -1, 2]
    assert [part.tolist() for part in LineAccess(np.zeros((0, 2)), np.zeros((0, 2), int)).soonest()] == [[np.inf] * 2, [-1] * 2, [-1] * 2]


def test_without_gates_or_bases_nothing_is_reached():
    none = np.zeros(0, np.int64)
    assert np.isinf(along_lines(np.zeros((2, 0)), none, np.zeros(0), np.array([0]), np.array([5.0]), 1.0).seconds).all()
    assert along_lines(np.zeros((0, 1)), np.array([0]), np.zeros(1), np.array([0]), np.array([5.0]), 1.0).seconds.shape == (0, 1)
