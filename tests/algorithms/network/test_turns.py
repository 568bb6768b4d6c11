"""Searches that make no banned turn, beside a search over the graph whose nodes are arcs; and turns of lines as pairs of arcs."""

from __future__ import annotations

import heapq
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.nearest import EdgePlaces
from algorithms.network.place_times import place_times
from algorithms.network.reach import reach_from, reached
from algorithms.network.road_graph import arc_ends, to_networkx
from algorithms.network.shortest_paths import NO_ARC, arc_network, fastest_ways, times_from, times_to, travel_tables, travel_times
from algorithms.network.turns import banned_pairs, with_banned
from tests.algorithms.network.made_roads import random_lattice, roads


def meeting_arcs(graph):
    """All pairs of arcs of which the second begins where the first ends."""
    arcs = np.arange(2 * graph.edge_count)
    begin, end = arc_ends(graph, arcs)
    return np.argwhere(end[:, None] == begin)


def with_random_bans(rng, graph, share=0.25):
    pairs = meeting_arcs(graph)
    return with_banned(graph, pairs[rng.random(len(pairs)) < share])


def by_arcs(graph, price, source, after):
    """Return the priced seconds to the end of every arc, driven last, from a node come to by an arc."""
    cost = graph.seconds * np.repeat(price, 2)
    begin, end = (ends.tolist() for ends in arc_ends(graph, np.arange(len(cost))))
    banned = set(map(tuple, graph.banned.tolist()))
    best = np.full(len(cost), np.inf)
    heap = [(float(cost[a]), a) for a in range(len(cost)) if begin[a] == source and (after, a) not in banned]
    while heap:
        at, arc = heapq.heappop(heap)
        if at >= best[arc]:
            continue
        best[arc] = at
        for onward in range(len(cost)):
            if begin[onward] == end[arc] and (arc, onward) not in banned and np.isfinite(cost[onward]):
                heapq.heappush(heap, (at + float(cost[onward]), onward))
    return best


def table_by_arcs(graph, price, ends):
    """Return the costs between all (node, arc driven last) and all (node, arc driven next)."""
    begins, goals = ends
    banned = set(map(tuple, graph.banned.tolist()))
    head = arc_ends(graph, np.arange(2 * graph.edge_count))[1]
    table = np.full((len(begins), len(goals)), np.inf)
    for row, (source, after) in enumerate(begins):
        best = by_arcs(graph, price, source, after)
        for column, (target, before) in enumerate(goals):
            allowed = [a for a in np.flatnonzero(head == target).tolist() if (a, before) not in banned]
            stay = 0.0 if source == target and (after, before) not in banned else np.inf
            table[row, column] = min([stay, *best[allowed].tolist()])
    return table


def seams(rng, graph, count, end):
    """Nodes with an arc that ends (1) or begins (0) there, or none."""
    arcs = rng.integers(2 * graph.edge_count, size=count)
    nodes = arc_ends(graph, arcs)[end]
    return nodes, np.where(rng.random(count) < 0.3, NO_ARC, arcs)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.booleans())
def test_times_seconds_and_ways_are_those_of_a_search_over_arcs(seed, priced, clipped):
    rng = np.random.default_rng(seed)
    graph = with_random_bans(rng, random_lattice(rng, 3, 4))
    price = rng.uniform(1, 4, graph.edge_count) if priced else np.ones(graph.edge_count)
    if priced:
        price[rng.random(len(price)) < 0.1] = np.inf
    (sources, after), (targets, before) = seams(rng, graph, 5, 1), seams(rng, graph, 6, 0)
    around = np.concatenate((sources, targets)) if clipped else None
    network = arc_network(graph, around, 0.0, price if priced else None)
    begins, goals = (list(zip(n.tolist(), a.tolist(), strict=True)) for n, a in ((sources, after), (targets, before)))
    expected = table_by_arcs(graph, price, (begins, goals))
    assert travel_times(network, sources, targets, after=after, before=before) == pytest.approx(expected)
    cost, seconds = travel_tables(network, sources, targets, after=after, before=before)
    assert cost == pytest.approx(expected)
    assert np.array_equal(np.isfinite(cost), np.isfinite(seconds))
    row, column = np.nonzero(np.isfinite(cost))
    ways = fastest_ways(network, sources[row], targets[column], after=after[row], before=before[column])
    banned = set(map(tuple, graph.banned.tolist()))
    for i, j, way in zip(row.tolist(), column.tolist(), ways, strict=True):
        tail, head = arc_ends(graph, way)
        assert np.array_equal(np.append(tail, targets[j]), np.insert(head, 0, sources[i]))
        assert not banned & set(itertools.pairwise([int(after[i]), *way.tolist(), int(before[j])]))
        assert (graph.seconds[way] * price[way // 2]).sum() == pytest.approx(cost[i, j])
        assert graph.seconds[way].sum() == pytest.approx(seconds[i, j])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_times_to_and_from_one_node_of_a_graph_with_bans_are_columns_of_its_table(seed):
    rng = np.random.default_rng(seed)
    graph = with_random_bans(rng, random_lattice(rng))
    network, nodes = arc_network(graph), np.arange(graph.node_count)
    table = travel_times(network, nodes, nodes)
    for node in (0, graph.node_count - 1):
        assert times_from(network, node) == pytest.approx(table[node])
        assert times_to(network, node) == pytest.approx(table[:, node])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_places_and_posts_at_nodes_are_as_far_apart_as_their_nodes(seed):
    rng = np.random.default_rng(seed)
    graph = with_random_bans(rng, random_lattice(rng, oneway=0.0))
    edge = rng.permutation(graph.edge_count)[:6]  # two-way streets, so each place is at its own node and nowhere else
    places = EdgePlaces(edge, np.zeros(6), np.zeros(6), np.zeros((6, 2)))
    network = arc_network(graph)
    table = travel_times(network, graph.u[edge], graph.u[edge])
    found = place_times(graph, network, places, places, 1.0)
    assert np.all(found <= table + 1e-9)
    assert found[graph.u[edge][:, None] == graph.u[edge]] == pytest.approx(0.0)
    lead = rng.uniform(0, 30, 6)
    seconds, first = reached(graph, network, reach_from(graph, network, places, lead), places)
    each = place_times(graph, network, places, places, 1.0, lead=lead)
    assert seconds == pytest.approx(each.min(axis=0))
    assert each[first, np.arange(6)] == pytest.approx(seconds)


def crossing():
    """Four streets of 100 m that meet, west, east, south, north: lines 0 … 3, all of them away from the middle."""
    return roads([(0, 0), (-100, 0)], [(0, 0), (100, 0)], [(0, 0), (0, -100)], [(0, 0), (0, 100)])


MIDDLE = np.zeros((1, 2))


def end_of(graph, line):
    return int(graph.v[line])


def turn_times(graph):
    nodes = np.array([end_of(graph, line) for line in range(4)])
    return travel_times(arc_network(graph), nodes, nodes)


def test_who_may_not_turn_left_turns_back_in_the_street_ahead():
    graph = crossing()
    pairs, understood = banned_pairs(graph, np.array([0]), np.array([3]), MIDDLE, np.array([False]))
    assert understood.tolist() == [True]
    assert pairs.tolist() == [[1, 6]]  # west street towards the middle, north street away from it
    times = turn_times(with_banned(graph, pairs))
    assert times[0].tolist() == [0, 20, 20, 40]
    assert times[3].tolist() == [20, 20, 20, 0]


def test_the_only_turn_allowed_bans_all_others_and_turning_back_but_not_another_one_allowed():
    graph = crossing()
    one = banned_pairs(graph, np.array([0]), np.array([1]), MIDDLE, np.array([True]))[0]
    assert one.tolist() == [[1, 0], [1, 4], [1, 6]]
    two = banned_pairs(graph, np.array([0, 0]), np.array([1, 2]), np.zeros((2, 2)), np.array([True, True]))[0]
    assert two.tolist() == [[1, 0], [1, 6]]
    assert to_networkx(with_banned(graph, two)).graph["banned"] == {(1, 0), (1, 6)}


def test_turning_back_is_allowed_unless_banned():
    graph = crossing()
    west, middle = end_of(graph, 0), int(graph.u[0])
    arcs, none = (np.array([1]), np.array([0])), np.array([NO_ARC])
    here = np.array([middle])
    assert travel_times(arc_network(graph), here, here, after=arcs[0], before=arcs[1]).tolist() == [[0.0]]
    pairs = banned_pairs(graph, np.array([0]), np.array([0]), MIDDLE, np.array([False]))[0]
    assert pairs.tolist() == [[1, 0]]
    network = arc_network(with_banned(graph, pairs))
    assert travel_times(network, here, here, after=arcs[0], before=arcs[1]).tolist() == [[20.0]]  # round by another street
    assert travel_times(network, here, here, after=arcs[0], before=none).tolist() == [[0.0]]
    assert travel_times(network, here, np.array([west]), after=arcs[0]).tolist() == [[30.0]]
    assert len(fastest_ways(network, here, here, after=arcs[0], before=arcs[1])[0]) == 2


def test_turns_that_are_not_clear_ban_nothing():
    graph = roads([(-100, 0), (0, 0), (100, 0)], [(0, 0), (0, 100)], [(0, 0), (0, -100)], oneway=[2])
    start, end = np.array([0, 1, 2, 1, 1]), np.array([1, 0, 1, 2, 1])
    via = np.array([[0, 0], [0, 0], [0, 0], [5, 0], [0, 0]], float)
    pairs, understood = banned_pairs(graph, start, end, via, np.zeros(5, bool))
    # a street that runs through, at either end; one closed this way; no meeting there; and a turn back that is clear
    assert understood.tolist() == [False, False, False, False, True]
    assert pairs.tolist() == [[5, 4]]


def test_pairs_that_are_no_turn_are_refused():
    graph = crossing()
    with pytest.raises(ValueError, match="do not meet"):
        with_banned(graph, np.array([[0, 2]]))
    with pytest.raises(ValueError, match="not there"):
        with_banned(graph, np.array([[1, 8]]))
    middle = np.array([int(graph.u[0])])
    with pytest.raises(ValueError, match="does not meet"):
        travel_times(arc_network(graph), middle, middle, after=np.array([0]))
    with pytest.raises(ValueError, match="price"):
        arc_network(graph, price=np.full(4, 0.5))


def test_parallel_streets_are_told_apart_by_what_may_follow():
    graph = roads([(0, 0), (100, 0)], [(0, 0), (50, 40), (100, 0)], [(100, 0), (200, 0)])
    pairs = banned_pairs(graph, np.array([0]), np.array([2]), np.array([[100.0, 0.0]]), np.array([False]))[0]
    network = arc_network(with_banned(graph, pairs))
    start, goal = np.array([0]), np.array([int(graph.v[2])])
    assert fastest_ways(network, start, np.array([1]))[0].tolist() == [0]
    assert fastest_ways(network, start, goal)[0].tolist() == [2, 4]


def test_a_loop_at_the_end_of_a_street_is_where_one_turns_round():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (120, 20), (140, 0), (120, -20), (100, 0)])
    turned = with_banned(graph, np.array([[0, 1]]))
    head, home = np.array([int(graph.v[0])]), np.array([int(graph.u[0])])
    way = fastest_ways(arc_network(turned), head, home, after=np.array([0]))[0]
    assert [arc // 2 for arc in way.tolist()] == [1, 0]
    assert fastest_ways(arc_network(graph), head, home, after=np.array([0]))[0].tolist() == [1]
