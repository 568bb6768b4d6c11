"""The last word on a region: what is called optimal is what enumeration finds, and a bound is below the plan that it is of."""

import dataclasses

import numpy as np
import pytest
from made_land import MadeLand
from oracles import all_partitions, broken_districts, graph_of, rule_holds

from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.search import search
from algorithms.districting.settle import FEW, POOL, settle
from algorithms.progress import Progress

PARAMS = DistrictingParams(rounds=10, replicas=4, cycles=2, halvings=2, columns=60_000, search=1.0)


def tiny_land(seed):
    """A land whose plans can all be counted."""
    return next(made for s in range(seed * 100, seed * 100 + 100) if 6 <= (made := MadeLand(s, streets=3)).count <= 9)


@pytest.fixture(scope="module")
def wide():
    """A problem of more units a district than are listed, and a pool of plans for it."""
    problem = dataclasses.replace(MadeLand(5, streets=13).problem(4), metre=1.0)
    assert len(problem.area) > FEW * 4
    pool = search(problem, PARAMS, 1)
    assert len(pool) >= POOL
    return problem, pool


def test_one_district_is_optimal_by_itself():
    problem = MadeLand(1, streets=8).problem(1)
    pool = [evaluate(problem, np.zeros(len(problem.area), np.int32), PARAMS)]
    for params in (PARAMS, dataclasses.replace(PARAMS, columns=0)):
        labels, found = settle(problem, pool, params)
        assert not labels.any()
        assert (found.status, found.method, found.why) == ("optimal", "one district", "")
        assert found.value == found.bound == pytest.approx(pool[0].cost.sum())


def test_without_columns_nothing_is_proven_and_the_best_of_the_pool_stays(wide):
    problem, pool = wide
    labels, found = settle(problem, pool, dataclasses.replace(PARAMS, columns=0))
    assert np.array_equal(labels, pool[-1].labels)
    assert (found.status, found.bound, found.method, found.why) == ("none", None, "", "off")
    assert found.value == pytest.approx(pool[-1].cost.sum())


@pytest.mark.parametrize("seed", range(10))
def test_few_units_are_proven_optimal_as_enumeration_has_it(seed):
    land = tiny_land(seed)
    problem = land.problem(2 + seed % 3)
    pool = search(problem, PARAMS, seed)
    labels, found = settle(problem, pool, PARAMS, seed)
    graph = graph_of(land.count, problem.adjacency)
    plans = all_partitions(graph, land.count, int(problem.districts[0]))
    best = min(evaluate(problem, p, PARAMS).cost.sum() for p in plans if rule_holds(problem, p, found.span, found.window))
    assert (found.status, found.method, found.why) == ("optimal", "columns", "")
    assert found.value == found.bound
    assert found.value == pytest.approx(evaluate(problem, labels, PARAMS).cost.sum())
    assert found.value <= min(best, pool[-1].cost.sum()) + 1e-3
    assert found.value >= min(evaluate(problem, p, PARAMS).cost.sum() for p in all_partitions(graph, land.count, len(pool[0].cost))) - 1e-6
    assert found.columns > 0
    assert broken_districts(graph, labels) == []


def test_many_units_have_a_gap_and_say_why(wide):
    problem, pool = wide
    labels, found = settle(problem, pool, PARAMS, 1)
    assert (found.status, found.why) == ("gap", "large")
    assert 0 <= found.bound <= found.value
    assert found.bound > 0.1 * found.value  # not the bound that any number is above
    assert found.value <= pool[-1].cost.sum() + 1e-9
    assert found.value == pytest.approx(evaluate(problem, labels, PARAMS).cost.sum())
    assert broken_districts(graph_of(len(problem.area), problem.adjacency), labels) == []


def test_the_same_seed_gives_the_same_plan_and_certificate(wide):
    problem, pool = wide
    (one, said), (other, again) = (settle(problem, pool, PARAMS, 3) for _ in range(2))
    assert np.array_equal(one, other)
    assert said == again


def test_prices_are_never_below_the_floor(wide):
    problem, pool = wide
    few = pool[-1:]
    floor = settle(problem, few, PARAMS)[1]
    priced = settle(problem, few, dataclasses.replace(PARAMS, pricing=3))[1]
    assert floor.method == "floor"
    assert floor.bound - 1e-9 <= priced.bound <= priced.value == floor.value


def test_a_small_pool_is_bounded_and_left_as_it_is(wide):
    problem, pool = wide
    labels, found = settle(problem, pool[-1:], PARAMS)
    assert np.array_equal(labels, pool[-1].labels)
    assert (found.status, found.groups) == ("gap", 0)


def test_whoever_is_in_a_hurry_gets_the_plan_in_hand_with_a_bound():
    class Hurried(Progress):
        def should_finish(self):
            return True

    problem = tiny_land(1).problem(3)
    pool = search(problem, PARAMS, 1)
    labels, found = settle(problem, pool, PARAMS, 1, Hurried())
    assert np.array_equal(labels, pool[-1].labels)
    assert found.bound <= found.value == pytest.approx(pool[-1].cost.sum())


def test_a_search_that_was_stopped_says_that_it_was_not_the_number_of_units():
    class Stop(Progress):
        def should_finish(self):
            return True

    problem = tiny_land(3).problem(3)
    pool = search(problem, PARAMS, 1)
    found = settle(problem, pool, PARAMS, 1, Stop())[1]
    assert (found.status, found.why) == ("gap", "stopped")
    assert found.bound <= found.value
