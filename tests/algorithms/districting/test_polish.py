"""A polished plan is never dearer than the pool it was made from, in one piece, and the best of those that keep its groups."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import all_partitions, broken_districts, graph_of, rule_holds

from algorithms.districting.consensus import common_groups, grouped, ranked
from algorithms.districting.exact import SPANS
from algorithms.districting.polish import GROUPS, polish
from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.search import search
from algorithms.progress import Cancelled, Progress

PARAMS = DistrictingParams(rounds=10, replicas=4, cycles=2, halvings=2, columns=60_000, search=1.0)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_a_polished_plan_is_no_dearer_than_its_pool_and_in_one_piece(seed, districts):
    land = MadeLand(seed % 40, streets=9)
    problem = land.problem(districts)
    pool = search(problem, PARAMS, seed)
    found = polish(problem, pool, PARAMS, seed)
    assert found.cost <= min(plan.cost.sum() for plan in pool) + 1e-9
    assert evaluate(problem, found.labels, PARAMS).cost.sum() == pytest.approx(found.cost)
    assert broken_districts(graph_of(land.count, problem.adjacency), found.labels) == []
    assert set(found.labels.tolist()) == set(range(districts))
    assert 0 <= found.groups <= GROUPS[0] * districts


def test_no_plan_that_keeps_the_groups_is_better():
    """Under the narrowest rule, whose plans every rule lets in; the groups are few enough to look at all their plans."""
    tried = 0
    for seed in range(12):
        problem = MadeLand(seed, streets=7).problem(2)
        pool = search(problem, PARAMS, seed)
        found = polish(problem, pool, dataclasses.replace(PARAMS, polish=1), seed)
        group = common_groups(problem, ranked(problem, pool), GROUPS[0] * 2)
        if not found.proven or found.groups != int(group.max()) + 1 or found.groups > 10:
            continue
        small = grouped(problem, group)
        graph = graph_of(found.groups, small.adjacency)
        plans = [p for p in all_partitions(graph, found.groups, 2) if rule_holds(small, p, SPANS[-1], problem.band)]
        best = min((evaluate(problem, p[group], PARAMS).cost.sum() for p in plans), default=np.inf)
        assert found.cost <= best + 1e-3
        tried += len(plans) > 1
    assert tried >= 3


def test_polishing_makes_a_poor_pool_better_and_the_same_seed_gives_the_same_plan():
    problem = MadeLand(3, streets=12).problem(5)
    poor = dataclasses.replace(PARAMS, rounds=2, halvings=1, cycles=1)
    pool = search(problem, poor, 1)
    found, again = (polish(problem, pool, poor, 1) for _ in range(2))
    assert found.cost < min(plan.cost.sum() for plan in pool) - 1e-3
    assert np.array_equal(found.labels, again.labels)
    assert (found.cost, found.groups, found.proven) == (again.cost, again.groups, again.proven)


def test_without_turns_columns_or_time_the_best_of_the_pool_stays():
    class Hurried(Progress):
        def should_finish(self):
            return True

    problem = MadeLand(3, streets=12).problem(5)
    pool = search(problem, PARAMS, 1)
    best = min(pool, key=lambda plan: plan.cost.sum())
    for found in (
        polish(problem, pool, dataclasses.replace(PARAMS, polish=0), 1),
        polish(problem, pool, dataclasses.replace(PARAMS, columns=3), 1),
        polish(problem, pool, PARAMS, 1, Hurried()),
    ):
        assert found.cost == pytest.approx(best.cost.sum())
        assert (found.groups, found.proven) == (0, False)


def test_polishing_can_be_cancelled():
    class Impatient(Progress):
        def is_cancelled(self):
            return True

    problem = MadeLand(3, streets=9).problem(3)
    pool = search(problem, PARAMS, 1)
    with pytest.raises(Cancelled):
        polish(problem, pool, PARAMS, 1, Impatient())
