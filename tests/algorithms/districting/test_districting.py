"""Districtings are connected, balanced, repeatable, and as good as enumeration on tiny lands."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import all_partitions, broken_districts, graph_of

from algorithms.districting.anneal import anneal, replicate
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.pool import choose_from_pool
from algorithms.districting.problem import DistrictingParams, district_cost, district_sums, evaluate
from algorithms.districting.solve import solve_districting
from algorithms.progress import Cancelled, Progress

FEW = DistrictingParams(rounds=60, replicas=3)


def connected(land):
    return not broken_districts(graph_of(land.count, land.adjacency), np.zeros(land.count, int))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 7), st.floats(0, 0.15))
def test_every_district_is_one_piece_and_none_is_empty(seed, districts, blocked):
    land = MadeLand(seed, streets=10, blocked_share=blocked)
    if not connected(land):
        return  # the caller makes one region of each connected part
    problem = land.problem(districts)
    found = solve_districting(problem, FEW, seed)
    k = int(problem.districts[0])
    assert sorted(np.unique(found.labels).tolist()) == list(range(k))
    assert broken_districts(graph_of(land.count, problem.adjacency), found.labels) == []


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_the_first_plan_is_contiguous(seed, districts):
    land = MadeLand(seed, streets=10)
    problem = land.problem(districts)
    labels = make_contiguous(problem, dichotomy(problem))
    assert broken_districts(graph_of(land.count, problem.adjacency), labels) == []


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_the_running_sums_of_the_annealing_are_those_of_its_labels(seed):
    problem = MadeLand(seed, streets=10).problem(4)
    start = make_contiguous(problem, dichotomy(problem))
    labels = anneal(problem, start, FEW, np.random.default_rng(seed))
    loads, boundary, area = district_sums(problem, labels, 4)
    cost = district_cost(loads.max(axis=0), boundary, area, np.repeat(problem.targets, 4), problem.band, FEW)
    assert cost == pytest.approx(evaluate(problem, labels, FEW).cost)
    assert loads.sum() == pytest.approx(problem.weight.sum())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_the_choice_from_the_pool_is_never_dearer_than_its_best_plan(seed):
    land = MadeLand(seed, streets=11)
    problem = land.problem(4)
    start = make_contiguous(problem, dichotomy(problem))
    plans = [anneal(problem, start, FEW, np.random.default_rng(seed + k)) for k in range(5)]
    costs = [evaluate(problem, plan, FEW).cost for plan in plans]
    labels = choose_from_pool(problem, plans, costs, seed)
    assert evaluate(problem, labels, FEW).cost.sum() <= min(c.sum() for c in costs) + 1e-3
    assert broken_districts(graph_of(land.count, problem.adjacency), labels) == []


def test_the_pool_combines_halves_of_two_plans():
    #  two regions side by side would be trivial; here one region in which each plan is good on one side only
    land = MadeLand(5, streets=12)
    problem = land.problem(4)
    start = make_contiguous(problem, dichotomy(problem))
    plans = [anneal(problem, start, dataclasses.replace(FEW, rounds=200), np.random.default_rng(k)) for k in range(12)]
    costs = [evaluate(problem, plan, FEW).cost for plan in plans]
    chosen = evaluate(problem, choose_from_pool(problem, plans, costs), FEW)
    districts = {frozenset(np.flatnonzero(plan == k).tolist()) for plan in plans for k in range(4)}
    assert all(frozenset(np.flatnonzero(chosen.labels == k).tolist()) in districts for k in range(4))


@pytest.mark.parametrize("seed", range(4))
def test_tiny_lands_are_solved_as_well_as_by_enumeration(seed):
    land = next(made for s in range(seed * 100, seed * 100 + 100) if 6 <= (made := MadeLand(s, streets=3)).count <= 9)
    problem = land.problem(3)
    params = DistrictingParams(rounds=300, replicas=24)
    found = solve_districting(problem, params, seed)
    best = min(
        evaluate(problem, labels, params).cost.sum() for labels in all_partitions(graph_of(land.count, problem.adjacency), land.count, 3)
    )
    assert found.cost.sum() == pytest.approx(best)


def test_the_same_seed_gives_the_same_plan():
    problem = MadeLand(1, streets=14).problem(6)
    one, two = (solve_districting(problem, FEW, 7) for _ in range(2))
    assert np.array_equal(one.labels, two.labels)


def test_copies_of_a_problem_do_not_touch():
    problem = MadeLand(2, streets=9).problem(3)
    tiled = replicate(problem, 3)
    u = len(problem.area)
    assert np.all(tiled.adjacency.low // u == tiled.adjacency.high // u)
    inside = tiled.surroundings.units >= 0
    owner = np.repeat(np.arange(3 * u), np.diff(tiled.surroundings.offsets))
    assert np.all(owner[inside] // u == tiled.surroundings.units[inside] // u)


def test_cancelling_stops_and_finishing_keeps_the_best():
    class Stop(Progress):
        def __init__(self, *, cancel):
            self.cancel = cancel

        def is_cancelled(self):
            return self.cancel

        def should_finish(self):
            return True

    problem = MadeLand(1, streets=12).problem(4)
    with pytest.raises(Cancelled):
        solve_districting(problem, FEW, 1, Stop(cancel=True))
    found = solve_districting(problem, FEW, 1, Stop(cancel=False))
    assert broken_districts(graph_of(len(problem.area), problem.adjacency), found.labels) == []
