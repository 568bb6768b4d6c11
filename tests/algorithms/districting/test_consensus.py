"""Units that good plans keep together: few enough, in one piece, and as dear joined as they are apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import broken_districts, graph_of

from algorithms.districting.consensus import common_groups, grouped, ranked
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.problem import DistrictingParams, district_sums, evaluate
from algorithms.districting.recombine import recombine

PARAMS = DistrictingParams()


def stripes(land, districts, rng):
    """Districts between parallel lines in any direction: not all of them in one piece where borders are blocked."""
    angle = rng.random() * np.pi
    along = land.problem(districts).xy @ (np.cos(angle), np.sin(angle))
    return (np.argsort(np.argsort(along)) * districts // len(along)).astype(np.int32)


def good_plans(problem, count, seed):
    start = make_contiguous(problem, dichotomy(problem))
    return [recombine(problem, start, PARAMS, np.random.default_rng(seed + k), 4) for k in range(count)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(1, 4), st.integers(1, 60), st.sampled_from([0.0, 0.2]))
def test_groups_are_no_more_than_asked_for_in_one_piece_and_kept_by_the_best_plan(seed, districts, plans, most, blocked):
    land, rng = MadeLand(seed % 50, streets=9, blocked_share=blocked), np.random.default_rng(seed)
    problem = land.problem(districts)
    labellings = [stripes(land, districts, rng) for _ in range(plans)]
    group = common_groups(problem, labellings, most)
    graph = graph_of(land.count, problem.adjacency)
    assert set(group.tolist()) == set(range(int(group.max()) + 1))
    assert len(set(group.tolist())) <= most
    whole = common_groups(problem, labellings[:1], land.count)  # the pieces of the best plan's districts
    if int(whole.max()) + 1 > most:
        assert not group.any()
    else:
        assert broken_districts(graph, group) == []
        assert len(set(zip(group.tolist(), labellings[0].tolist(), strict=True))) == int(group.max()) + 1


def test_groups_are_those_that_all_plans_have_in_common_where_there_is_room():
    problem = MadeLand(4, streets=10).problem(4)
    plans = good_plans(problem, 3, 1)
    group = common_groups(problem, plans, len(problem.area))
    for plan in plans:
        assert len(set(zip(group.tolist(), plan.tolist(), strict=True))) == int(group.max()) + 1
    pairs = problem.adjacency
    agree = np.all([plan[pairs.low] == plan[pairs.high] for plan in plans], axis=0)
    assert np.array_equal(group[pairs.low][agree], group[pairs.high][agree])
    assert 4 < group.max() + 1 < len(problem.area)
    fewer = common_groups(problem, plans, int(group.max()))
    assert 4 <= fewer.max() + 1 < group.max() + 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([0.0, 0.2]))
def test_what_keeps_the_groups_costs_the_same_in_the_grouped_problem(seed, districts, blocked):
    land, rng = MadeLand(seed % 50, streets=9, blocked_share=blocked), np.random.default_rng(seed)
    problem = land.problem(districts)
    group = common_groups(problem, [stripes(land, max(districts, 2), rng) for _ in range(3)], land.count)
    small = grouped(problem, group)
    plan = rng.integers(0, districts, int(group.max()) + 1).astype(np.int32)
    assert small.targets == pytest.approx(problem.targets)
    for mine, whole in zip(district_sums(small, plan, districts), district_sums(problem, plan[group], districts), strict=True):
        assert mine == pytest.approx(whole)
    assert evaluate(small, plan, PARAMS).cost == pytest.approx(evaluate(problem, plan[group], PARAMS).cost)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_groups_are_neighbours_where_units_of_theirs_are(seed):
    land, rng = MadeLand(seed % 50, streets=8, blocked_share=0.3), np.random.default_rng(seed)
    problem = land.problem(4)
    group = common_groups(problem, [stripes(land, 4, rng) for _ in range(2)], land.count)
    pairs, small = problem.adjacency, grouped(problem, group).adjacency
    wanted: dict[tuple[int, int], bool] = {}
    for low, high, open_ in zip(group[pairs.low].tolist(), group[pairs.high].tolist(), pairs.crossable.tolist(), strict=True):
        if low != high:
            key = (min(low, high), max(low, high))
            wanted[key] = wanted.get(key, False) or open_
    assert dict(zip(zip(small.low.tolist(), small.high.tolist(), strict=True), small.crossable.tolist(), strict=True)) == wanted


def test_plans_are_ranked_by_cost_and_each_only_once():
    problem = MadeLand(4, streets=10).problem(4)
    one, other, third = (stripes(MadeLand(4, streets=10), 4, np.random.default_rng(seed)) for seed in range(3))
    renamed = np.array([2, 0, 3, 1], np.int32)[one]
    pool = [evaluate(problem, plan, PARAMS) for plan in (other, one, third, renamed)]
    found = ranked(problem, pool)
    cost = [evaluate(problem, plan, PARAMS).cost.sum() for plan in found]
    assert cost == sorted(cost)
    assert len(set(np.round(cost, 9).tolist())) == 3
    assert sorted(cost) == sorted(evaluate(problem, plan, PARAMS).cost.sum() for plan in (one, other, third))
