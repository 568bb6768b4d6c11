"""Few cut edges: sets and districts as many and as good as enumeration finds."""

from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import all_partitions, broken_districts, is_connected

from algorithms.districting.cut_edges import CutParams, CutProblem, parted_pairs, solve_cut_edges
from algorithms.districting.short_borders import connected_sets
from algorithms.location.problem import Status
from algorithms.progress import SILENT


def made_graph(seed, count):
    """A random connected graph with random weights."""
    rng = np.random.default_rng(seed)
    graph = nx.random_labeled_tree(count, seed=seed)
    graph.add_edges_from((a, b) for a, b in combinations(range(count), 2) if rng.random() < 0.2)
    low, high = np.array(sorted(tuple(sorted(pair)) for pair in graph.edges)).T
    return graph, rng.integers(1, 12, count), low, high


def least(graph, problem):
    count, best = len(problem.weight), np.inf
    for labels in all_partitions(graph, count, problem.districts):
        load = np.bincount(labels, problem.weight)
        if load.min() >= problem.band[0] and load.max() <= problem.band[1]:
            best = min(best, parted_pairs(problem, labels))
    return best


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4), st.floats(0.1, 0.5))
def test_small_graphs_are_divided_as_well_as_by_enumeration(seed, districts, width):
    graph, weight, low, high = made_graph(seed, 8)
    mean = weight.sum() / districts
    band = (max(1, int(np.ceil((1 - width) * mean))), int((1 + width) * mean))
    problem = CutProblem(weight, low, high, districts, band)
    found, best = solve_cut_edges(problem, CutParams()), least(graph, problem)
    assert found.value == best
    assert found.status is (Status.OPTIMAL if np.isfinite(best) else Status.INFEASIBLE)
    if np.isfinite(best):
        load = np.bincount(found.labels, weight)
        assert len(load) == districts
        assert band[0] <= load.min() <= load.max() <= band[1]
        assert broken_districts(graph, found.labels) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 12))
def test_every_connected_set_with_a_short_border_is_found_once(seed, longest):
    graph, weight, low, high = made_graph(seed, 9)
    band = (10, 30)
    found = connected_sets(weight, low, high, band, longest, 1_000_000)
    wanted = set()
    for size in range(1, 10):
        for units in combinations(range(9), size):
            border = sum((a in units) != (b in units) for a, b in zip(low, high, strict=True))
            if band[0] <= weight[list(units)].sum() <= band[1] and border <= longest and is_connected(graph, units):
                wanted.add((units, border))
    listed = [(tuple(np.flatnonzero(row).tolist()), int(border)) for row, border in zip(found.inside, found.border, strict=True)]
    assert set(listed) == wanted
    assert len(listed) == len(wanted)


def test_sets_of_more_than_64_units_are_found():
    low, high = np.arange(79), np.arange(1, 80)
    found = connected_sets(np.ones(80, int), low, high, (40, 40), 2, 1_000_000)
    assert len(found.border) == 41  # the runs of 40 on a path of 80
    assert sorted(found.border.tolist()) == [1, 1, *[2] * 39]


def test_a_budget_that_ends_says_so():
    _, weight, low, high = made_graph(5, 9)
    assert not connected_sets(weight, low, high, (10, 30), 12, 20).complete
    found = solve_cut_edges(CutProblem(weight, low, high, 2, (1, int(weight.sum()))), CutParams(states=2))
    assert found.status is Status.UNKNOWN


def test_a_band_that_no_set_meets_is_infeasible():
    problem = CutProblem(np.array([4, 4, 4]), np.array([0, 1]), np.array([1, 2]), 2, (6, 6))
    assert solve_cut_edges(problem, CutParams()).status is Status.INFEASIBLE


@pytest.mark.parametrize(("name", "optimum"), [("cut edges ME", 16), ("cut edges NM", 17), ("cut edges ID", 10)])
def test_published_counties_reach_their_proven_optimum(test_data, name, optimum):
    from gridplanner.benchmarks.published import INSTANCES

    instance = next(each for each in INSTANCES if each.name == name)
    found = instance.solve(test_data / "districting", SILENT)
    assert (found.value, found.bound) == (optimum, optimum)
