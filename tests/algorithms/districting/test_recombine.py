"""Pairs halved anew never make a plan dearer, never break it, and never touch what is fixed."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import broken_districts, graph_of

from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.recombine import recombine
from algorithms.districting.regions import share_of, shares
from algorithms.districting.search import search

PARAMS = DistrictingParams(rounds=20, replicas=2, cycles=2, columns=0)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.integers(1, 6))
def test_a_round_of_recombination_makes_no_plan_dearer_and_breaks_none(seed, districts, steps):
    land = MadeLand(seed, streets=10)
    problem = land.problem(districts)
    before = make_contiguous(problem, dichotomy(problem))
    after = recombine(problem, before, PARAMS, np.random.default_rng(seed), steps)
    assert evaluate(problem, after, PARAMS).cost.sum() <= evaluate(problem, before, PARAMS).cost.sum() + 1e-6
    assert broken_districts(graph_of(land.count, problem.adjacency), after) == []
    assert set(after.tolist()) == set(before.tolist())


def test_recombination_finds_better_plans_than_the_lines_it_starts_from():
    problem = MadeLand(3, streets=12).problem(8)
    before = make_contiguous(problem, dichotomy(problem))
    after = recombine(problem, before, PARAMS, np.random.default_rng(1), 20)
    assert evaluate(problem, after, PARAMS).cost.sum() < 0.97 * evaluate(problem, before, PARAMS).cost.sum()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_districts_with_a_fixed_unit_stay_as_they_are(seed):
    land = MadeLand(seed, streets=10)
    problem = land.problem(5)
    before = make_contiguous(problem, dichotomy(problem))
    fixed = np.zeros(land.count, bool)
    fixed[seed % land.count] = True
    held = dataclasses.replace(problem, fixed=fixed)
    after = recombine(held, before, PARAMS, np.random.default_rng(seed), 5)
    district = before[seed % land.count]
    assert np.array_equal(after == district, before == district)


def test_nothing_happens_where_there_is_one_district():
    problem = MadeLand(1, streets=8).problem(1)
    labels = np.zeros(len(problem.area), np.int32)
    assert np.array_equal(recombine(problem, labels, PARAMS, np.random.default_rng(1), 3), labels)


def two_regions():
    """Two lands side by side as one problem of two regions."""
    from algorithms.graph.adjacency import Adjacency
    from algorithms.graph.contiguity import Surroundings

    a, b = (MadeLand(seed, streets=9).problem(4) for seed in (5, 6))
    u = len(a.area)
    shifted = np.where(b.surroundings.units >= 0, b.surroundings.units + u, b.surroundings.units)
    pairs = Adjacency(
        np.concatenate((a.adjacency.low, b.adjacency.low + u)),
        np.concatenate((a.adjacency.high, b.adjacency.high + u)),
        *(np.concatenate((getattr(a.adjacency, name), getattr(b.adjacency, name))) for name in ("length", "cost", "crossable")),
    )
    ring = Surroundings(
        np.concatenate((a.surroundings.offsets, b.surroundings.offsets[1:] + a.surroundings.offsets[-1])),
        np.concatenate((a.surroundings.units, shifted)),
    )
    joined = {name: np.concatenate((getattr(a, name), getattr(b, name))) for name in ("weight", "xy", "area", "rim", "districts")}
    region = np.repeat([0, 1], [u, len(b.area)]).astype(np.int32)
    return dataclasses.replace(a, **joined, region=region, adjacency=pairs, surroundings=ring), a, b


def test_a_region_taken_out_is_the_problem_it_was():
    whole, _a, b = two_regions()
    share = share_of(whole, np.array([1], np.int32))
    mine = share.problem
    for name in ("weight", "xy", "area", "rim", "districts"):
        assert np.array_equal(getattr(mine, name), getattr(b, name))
    assert np.array_equal(mine.adjacency.low, b.adjacency.low)
    assert np.array_equal(mine.surroundings.units, b.surroundings.units)
    assert np.array_equal(mine.surroundings.offsets, b.surroundings.offsets)
    assert share.districts.tolist() == [4, 5, 6, 7]
    assert np.array_equal(search(mine, PARAMS, 3)[-1].labels, search(b, PARAMS, 3)[-1].labels)


def test_shares_hold_every_region_once():
    whole, _a, _b = two_regions()
    assert [part.regions.tolist() for part in shares(whole, 10**6)] == [[0, 1]]
    apart = shares(whole, 1)
    assert [part.regions.tolist() for part in apart] == [[0], [1]]
    assert np.array_equal(np.sort(np.concatenate([part.units for part in apart])), np.arange(len(whole.area)))
