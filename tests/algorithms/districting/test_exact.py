"""The exact step lists every set it should, and what it calls optimal is what enumeration finds."""

import dataclasses
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import all_partitions, broken_districts, graph_of, is_connected, rule_holds

from algorithms.districting.columns import enumerate_columns, sets_in_all
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.exact import SPANS, solve_exactly
from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.set_partition import choose_columns
from algorithms.districting.solve import solve_districting

PARAMS = DistrictingParams(rounds=20, replicas=2, cycles=1)


def tiny_land(seed, least=6, most=9):
    return next(made for s in range(seed * 100, seed * 100 + 100) if least <= (made := MadeLand(s, streets=3)).count <= most)


def matrices(land):
    joined = np.zeros((land.count, land.count), bool)
    pairs = land.adjacency
    joined[pairs.low, pairs.high] = joined[pairs.high, pairs.low] = True
    return joined


def sets_by_enumeration(graph, weight, near, low, high):
    """Every connected set of near units with its load in the window, a unit above it counting as the window's end."""
    count = len(weight)
    capped = np.minimum(weight, high)
    found = set()
    for size in range(1, count + 1):
        for units in combinations(range(count), size):
            rows = list(units)
            load = capped[rows].sum(axis=0).max()
            if low <= load <= high and near[np.ix_(rows, rows)].all() and is_connected(graph, rows):
                found.add(units)
    return found


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2_000), st.integers(1, 2), st.floats(0.3, 1.5), st.floats(0.1, 1.0))
def test_every_connected_balanced_set_is_listed_once(seed, kinds, reach, width):
    land = tiny_land(seed % 20, 6, 11)
    rng = np.random.default_rng(seed)
    weight = rng.integers(0, 4, (land.count, kinds)).astype(float)
    xy = np.array([[p.centroid.x, p.centroid.y] for p in land.polygons])
    joined = matrices(land)
    near = (np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= reach * 600) | joined | np.eye(land.count, dtype=bool)
    low, high = 2.0, 2.0 + 6 * width
    columns = enumerate_columns(weight, joined, near, low, high, 10_000)
    assert columns is not None
    members = columns.members
    listed = [tuple(np.sort(members.indices[members.indptr[i] : members.indptr[i + 1]]).tolist()) for i in range(len(columns))]
    assert len(set(listed)) == len(listed)
    assert set(listed) == sets_by_enumeration(graph_of(land.count, land.adjacency), weight, near, low, high)
    for row, units in enumerate(listed[:50]):
        assert columns.row_of(np.array(units)) == row
        assert columns.root[row] == units[0]


def test_a_set_that_is_no_column_has_no_row():
    land = tiny_land(1)
    joined = matrices(land)
    columns = enumerate_columns(np.ones((land.count, 1)), joined, np.ones_like(joined), 2.0, 2.0, 1_000)
    assert columns.row_of(np.array([0])) == -1
    apart = next((a, b) for a, b in combinations(range(land.count), 2) if not joined[a, b])
    assert columns.row_of(np.array(apart)) == -1


def test_more_sets_than_allowed_are_not_listed():
    land = MadeLand(3, streets=12)
    joined = matrices(land)
    weight = np.full((land.count, 1), 1.0)
    near = np.ones_like(joined)
    assert enumerate_columns(weight, joined, near, 3.0, 3.0, 20) is None
    assert sets_in_all(weight, joined, near, 3.0, 3.0, 20) == np.inf
    all_of_them = enumerate_columns(weight, joined, near, 3.0, 3.0, 100_000)
    assert sets_in_all(weight, joined, near, 3.0, 3.0, 100_000) == pytest.approx(len(all_of_them), rel=0.6)


def test_units_that_weigh_nothing_do_not_make_it_list_without_end():
    land = MadeLand(4, streets=16)
    joined = matrices(land)
    assert enumerate_columns(np.zeros((land.count, 1)), joined, np.ones_like(joined), 0.5, 1.0, 500) is None


@pytest.mark.parametrize("seed", range(12))
def test_what_is_proven_optimal_is_the_best_that_enumeration_finds_under_the_rule(seed):
    land = tiny_land(seed)
    problem = land.problem(2 + seed % 3)
    start = make_contiguous(problem, dichotomy(problem))
    proof = solve_exactly(problem, start, PARAMS)
    assert proof is not None
    graph = graph_of(land.count, problem.adjacency)
    plans = list(all_partitions(graph, land.count, int(problem.districts[0])))
    best = min(evaluate(problem, labels, PARAMS).cost.sum() for labels in plans if rule_holds(problem, labels, proof.span, proof.window))
    assert broken_districts(graph, proof.labels) == []
    assert evaluate(problem, proof.labels, PARAMS).cost.sum() == pytest.approx(proof.value)
    assert proof.bound <= best + 1e-6
    assert proof.value <= min(best, evaluate(problem, start, PARAMS).cost.sum()) + 1e-3
    assert proof.value - proof.bound < 1e-3


def test_a_unit_heavier_than_any_district_has_a_district_of_its_own():
    land = tiny_land(2)
    land.weight[:] = 10.0
    land.weight[0] = 500.0
    problem = land.problem(3)
    start = make_contiguous(problem, dichotomy(problem))
    proof = solve_exactly(problem, start, PARAMS)
    assert proof is not None
    assert proof.value <= evaluate(problem, start, PARAMS).cost.sum() + 1e-9
    assert broken_districts(graph_of(land.count, problem.adjacency), proof.labels) == []


def test_the_narrowest_rule_that_is_tried_still_lets_in_the_plan_in_hand():
    problem = MadeLand(5, streets=8).problem(4)  # narrower rules leave far fewer sets of it
    start = make_contiguous(problem, dichotomy(problem))
    widest = solve_exactly(problem, start, PARAMS)
    assert widest is not None
    assert widest.span == SPANS[0]
    proof = solve_exactly(problem, start, dataclasses.replace(PARAMS, columns=widest.columns // 2))
    assert proof is not None
    assert proof.span < SPANS[0]
    assert proof.columns < widest.columns // 2
    assert widest.value - 1e-6 <= proof.value <= evaluate(problem, start, PARAMS).cost.sum() + 1e-9


def test_too_many_sets_are_no_proof():
    problem = MadeLand(8, streets=12).problem(3)
    start = make_contiguous(problem, dichotomy(problem))
    assert solve_exactly(problem, start, dataclasses.replace(PARAMS, columns=50)) is None


def test_a_bound_holds_however_short_the_search():
    land = MadeLand(8, streets=8)
    problem = land.problem(5)
    start = make_contiguous(problem, dichotomy(problem))
    full = solve_exactly(problem, start, PARAMS)
    short = solve_exactly(problem, start, dataclasses.replace(PARAMS, search=1e-9))
    assert full is not None
    assert short is not None
    assert short.bound <= full.value + 1e-6
    assert full.value <= short.value + 1e-3


def test_a_choice_is_never_dearer_than_the_one_in_hand():
    from scipy.sparse import csr_array

    members = csr_array(np.array([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1], [1, 1, 1, 0]], float))
    cost = np.array([2.0, 2.0, 1.0, 1.5, 0.1])
    choice = choose_columns(members, cost, 2, np.array([0, 1]))
    assert sorted(choice.rows.tolist()) == [2, 3]
    assert (choice.value, choice.bound) == pytest.approx((2.5, 2.5))


def test_regions_whose_districts_are_few_units_are_certified():
    problem = MadeLand(1, streets=7).problem(6)
    assert len(problem.area) <= 10 * 6
    found = solve_districting(problem, PARAMS, 1)
    (certificate,) = found.certificates
    assert certificate.status == "optimal"
    assert certificate.method == "columns"
    assert certificate.value == pytest.approx(found.cost.sum())
    assert certificate.bound == pytest.approx(certificate.value)
    (off,) = solve_districting(problem, dataclasses.replace(PARAMS, columns=0), 1).certificates
    assert (off.status, off.why) == ("none", "off")
    assert off.value >= certificate.value - 1e-6
