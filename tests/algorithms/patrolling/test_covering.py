"""Coverage by routes: metres counted on paper, and a greedy choice beside the best of all choices."""

import itertools

import numpy as np
import pytest

from algorithms.network.road_graph import build_road_graph
from algorithms.patrolling.covering import near_metres, pieces_to_cover


def lattice(columns, rows):
    """Streets of 100 m on a lattice; edges in the order of their places."""
    lines = [[(c, r), (c + 1, r)] for r in range(rows + 1) for c in range(columns)]
    lines += [[(c, r), (c, r + 1)] for c in range(columns + 1) for r in range(rows)]
    count = len(lines)
    ones = np.ones(count)
    return build_road_graph(100.0 * np.array(lines, float).reshape(-1, 2), np.arange(0, 2 * count + 1, 2), ones, ones, 10 * ones)


def edge_at(graph, x, y):
    middle = (graph.node_xy[graph.u] + graph.node_xy[graph.v]) / 200
    return int(np.argmin(np.hypot(*(middle - (x, y)).T)))


def test_metres_near_a_route_are_measured_along_the_streets():
    graph = lattice(3, 0)  # one street of three blocks
    every = np.array([edge_at(graph, 0.5, 0), edge_at(graph, 1.5, 0), edge_at(graph, 2.5, 0)])
    assert near_metres(graph, every[:1], every, 130.0).tolist() == [100.0, 100.0, 30.0]
    assert near_metres(graph, every[[0, 2]], every, 20.0).tolist() == [100.0, 40.0, 100.0]
    assert near_metres(graph, every[:0], every, 130.0).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("metres", [900.0, 1200.0])
def test_pieces_bring_as_many_metres_near_as_asked_with_at_most_twice_the_fewest(metres):
    graph = lattice(3, 2)
    every = np.arange(graph.edge_count)
    route = np.array([edge_at(graph, 0.5, 0)])
    others = np.setdiff1d(every, route)

    def reached(pieces):
        return near_metres(graph, np.append(route, pieces).astype(np.int64), every, 50.0).sum()

    chosen = pieces_to_cover(graph, route, every, others, 50.0, metres)
    assert reached(chosen) >= metres
    assert reached(chosen[:-1]) < metres
    fewest = next(n for n in range(len(others)) if any(reached(pieces) >= metres for pieces in itertools.combinations(others, n)))
    assert len(chosen) <= 2 * fewest


def test_nothing_is_chosen_where_nothing_more_can_be_gained():
    graph = lattice(2, 0)
    every = np.arange(graph.edge_count)
    assert pieces_to_cover(graph, every[:1], every, every[:0], 10.0, 1e9).tolist() == []
    assert pieces_to_cover(graph, every, every, every, 10.0, 1e9).tolist() == []
