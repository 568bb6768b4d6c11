"""Districts around centres are connected, within their band, and as good as by enumeration."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import all_partitions, is_connected

from algorithms.districting.centres import CentreProblem, Connected, hop_distances, lightest_paths, solve_centres
from algorithms.location.problem import LocationParams, Status
from algorithms.progress import SILENT

PARAMS = LocationParams(rounds=120)


def lattice(rows, columns, seed, districts=2, width=0.35):
    """A lattice of units with random weights, hop costs and a band of ± `width`."""
    rng = np.random.default_rng(seed)
    graph = nx.convert_node_labels_to_integers(nx.grid_2d_graph(rows, columns))
    low, high = np.array(sorted(tuple(sorted(pair)) for pair in graph.edges)).T
    weight = rng.integers(1, 20, rows * columns).astype(float)
    mean = weight.sum() / districts
    band = (np.ceil((1 - width) * mean), np.floor((1 + width) * mean))
    cost = weight[:, None] * hop_distances(len(weight), low, high)
    return graph, CentreProblem(cost, weight, low, high, districts, band)


def least(graph, problem):
    count = len(problem.weight)
    best = np.inf
    for labels in all_partitions(graph, count, problem.districts):
        load = np.bincount(labels, problem.weight)
        if load.min() >= problem.band[0] and load.max() <= problem.band[1]:
            parts = [np.flatnonzero(labels == k) for k in range(problem.districts)]
            best = min(best, sum(problem.cost[np.ix_(part, part)].sum(axis=0).min() for part in parts))
    return best


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 3), st.floats(0.05, 0.4))
def test_small_lands_are_solved_as_well_as_by_enumeration(seed, districts, width):
    graph, problem = lattice(2, 4, seed, districts, width)
    found, best = solve_centres(problem, PARAMS), least(graph, problem)
    assert found.value == pytest.approx(best)
    if np.isfinite(best):
        assert found.status is Status.OPTIMAL
        assert all(is_connected(graph, np.flatnonzero(found.sites == centre)) for centre in found.opened)
        assert found.sites[found.opened].tolist() == found.opened.tolist()
    else:
        assert found.status is Status.INFEASIBLE


def test_a_ring_of_cheap_units_is_not_served_across_a_gap():
    # a path 0-1-2-3-4: by cost alone both ends belong to the middle's rival, by connectedness they cannot
    cost = np.array([[0, 9, 9, 1, 0], [9, 0, 9, 9, 9], [9, 9, 0, 9, 9], [9, 9, 9, 0, 9], [0, 9, 9, 9, 0]], float)
    problem = CentreProblem(cost, np.ones(5), np.arange(4), np.arange(1, 5), 2, (2, 3))
    found = solve_centres(problem, PARAMS)
    graph = nx.path_graph(5)
    assert found.value == least(graph, problem)
    assert all(is_connected(graph, np.flatnonzero(found.sites == centre)) for centre in found.opened)


def test_a_separator_parts_the_lost_units_from_their_centre():
    graph, problem = lattice(3, 3, 1)
    rule = Connected(9, problem.low, problem.high)
    sites = np.array([0, 4, 0, 4, 4, 4, 0, 4, 4])  # corners 2 and 6 are cut off from centre 0
    links = rule.broken(sites)
    assert {(link.customer, link.site) for link in links} == {(2, 0), (6, 0)}
    for link in links:
        graph_without = graph.subgraph(set(graph) - set(link.others))
        assert not nx.has_path(graph_without, link.customer, link.site)


def test_the_lightest_path_counts_both_ends():
    weight = np.array([5.0, 1.0, 2.0, 9.0])
    paths = lightest_paths(weight, np.array([0, 1, 0, 3]), np.array([1, 2, 3, 2]))
    assert paths[0, 2] == pytest.approx(8.0)  # by unit 1, not by unit 3
    assert paths[2, 2] == 2.0


@pytest.mark.parametrize(("name", "optimum"), [("hop distance ME", 1_200_838), ("hop distance NM", 1_743_350)])
def test_published_counties_reach_their_proven_optimum(test_data, name, optimum):
    from gridplanner.benchmarks.published import INSTANCES

    instance = next(each for each in INSTANCES if each.name == name)
    found = instance.solve(test_data / "districting", SILENT)
    assert found.value == pytest.approx(optimum, abs=0.5)
    assert found.bound == pytest.approx(found.value, rel=1e-7)
