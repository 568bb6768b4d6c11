from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.road_graph import arc_ends
from algorithms.patrolling.chains import required_chains, reverse
from algorithms.patrolling.problem import Streets
from tests.algorithms.network.made_roads import random_lattice, roads

NOWHERE = np.zeros(0, np.int64)


def row_of_streets(count: int, **options):
    return roads(*[[(100 * i, 0), (100 * i + 100, 0)] for i in range(count)], **options)


def required(graph, edges=None, both=False, weight=None) -> Streets:
    edge = np.arange(graph.edge_count) if edges is None else np.array(edges)
    return Streets(
        edge, graph.length[edge] / 5, np.full(len(edge), both), np.ones(len(edge)) if weight is None else np.array(weight, float)
    )


def test_streets_in_a_row_are_one_chain():
    graph = row_of_streets(4)
    (chain,) = required_chains(graph, required(graph), NOWHERE, 1e9)
    assert chain in ((0, 2, 4, 6), (7, 5, 3, 1))
    assert reverse(reverse(chain)) == chain


def test_a_chain_ends_at_a_junction_a_kept_node_another_worth_and_a_street_not_required():
    graph = row_of_streets(4)
    middle = int(np.flatnonzero(graph.node_xy[:, 0] == 200)[0])
    assert len(required_chains(graph, required(graph), np.array([middle]), 1e9)) == 2
    assert len(required_chains(graph, required(graph, weight=[1, 1, 3, 3]), NOWHERE, 1e9)) == 2
    assert len(required_chains(graph, required(graph, [0, 1, 3]), NOWHERE, 1e9)) == 2
    crossed = roads([(0, 0), (100, 0), (200, 0)], [(100, 0), (100, 50)])
    assert len(required_chains(crossed, required(crossed), NOWHERE, 1e9)) == 3


def test_one_way_streets_join_only_where_their_directions_agree():
    assert required_chains(row_of_streets(2, oneway=[0, 1]), required(row_of_streets(2)), NOWHERE, 1e9) == [(0, 2)]
    assert len(required_chains(row_of_streets(2, oneway=[0]), required(row_of_streets(2)), NOWHERE, 1e9)) == 2
    against = roads([(100, 0), (0, 0)], [(200, 0), (100, 0)], oneway=[0, 1])
    assert required_chains(against, required(against), NOWHERE, 1e9) == [(2, 0)]


def test_a_ring_is_one_chain_and_a_long_chain_is_cut_into_even_parts():
    ring = roads([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 0)])
    assert [len(chain) for chain in required_chains(ring, required(ring), NOWHERE, 1e9)] == [3]
    graph = row_of_streets(10)  # 20 s each
    assert [len(chain) for chain in required_chains(graph, required(graph), NOWHERE, 110.0)] == [5, 5]
    assert [len(chain) for chain in required_chains(graph, required(graph), NOWHERE, 1.0)] == [1] * 10
    assert [len(chain) for chain in required_chains(graph, required(graph), NOWHERE, 1e9, single={3})] == [1] * 10


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_chains_hold_every_required_edge_once_and_can_be_driven(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, missing=0.5)
    own = required(graph, rng.permutation(graph.edge_count)[: rng.integers(1, graph.edge_count + 1)])
    chains = required_chains(graph, own, rng.integers(0, graph.node_count, 2), rng.choice([30.0, 100.0, 1e9]))
    assert sorted(arc // 2 for chain in chains for arc in chain) == sorted(own.edge.tolist())
    for chain in chains:
        tail, head = arc_ends(graph, np.array(chain))
        assert np.array_equal(head[:-1], tail[1:])
        assert np.all(np.isfinite(graph.seconds[list(chain)]))
        back = np.isfinite(graph.seconds[list(reverse(chain))])
        assert back.all() or not back.any()
