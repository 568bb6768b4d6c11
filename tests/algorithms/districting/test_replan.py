"""Districting anew: in the band, in one piece, never beyond the limit, and nothing moves that need not."""

import dataclasses
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_land import MadeLand
from oracles import all_partitions, broken_districts, graph_of

from algorithms.districting.anneal import anneal
from algorithms.districting.dichotomy import dichotomy, make_contiguous
from algorithms.districting.exchange import district_pairs, least_exchange
from algorithms.districting.inherit import inherit
from algorithms.districting.problem import DistrictingParams, Stay
from algorithms.districting.regions import share_of
from algorithms.districting.replan import ReplanParams, replan_districting
from algorithms.graph.adjacency import Adjacency
from algorithms.progress import Cancelled, Progress

FEW = ReplanParams(passes=6, rounds=40)


def planned(seed, districts, streets=14, blocked=0.0):
    """A land, its problem, and a plan of it; None where the land is not connected."""
    land = MadeLand(seed, streets=streets, blocked_share=blocked)
    problem = land.problem(districts)
    if broken_districts(graph_of(land.count, problem.adjacency), np.zeros(land.count, int)):
        return None
    plan = anneal(problem, make_contiguous(problem, dichotomy(problem)), DistrictingParams(rounds=150), np.random.default_rng(seed))
    return land, problem, plan


def changed(problem, plan, seed, most=np.inf, share=0.2, names=None):
    """The problem after a share of the units grew or shrank; the mass is the new weight in households."""
    rng = np.random.default_rng(seed)
    factor = np.where(rng.random(len(plan)) < share, rng.uniform(0.3, 2.5, len(plan)), 1.0)
    weight = problem.weight * factor[:, None]
    home = plan if names is None else names[plan]
    return dataclasses.replace(problem, weight=weight, stay=Stay(home, 300.0 * weight[:, 0], most))


def loads(problem, labels):
    return np.bincount(labels, problem.weight[:, 0])


def beyond(problem, labels):
    low, high = problem.band
    load = loads(problem, labels)
    return np.maximum(np.maximum(low - load, load - high), 0).sum()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 8), st.floats(0, 0.15), st.floats(0, 0.3))
def test_the_limit_is_never_exceeded_and_every_district_is_one_piece(seed, districts, blocked, share):
    found = planned(seed, districts, streets=11, blocked=blocked)
    if found is None:
        return
    land, problem, plan = found
    after = changed(problem, plan, seed)
    after = dataclasses.replace(after, stay=dataclasses.replace(after.stay, most=share * after.stay.mass.sum()))
    result = replan_districting(after, FEW, seed)
    assert broken_districts(graph_of(land.count, problem.adjacency), result.labels) == []
    assert sorted(np.unique(result.labels).tolist()) == list(range(int(result.districts.sum())))
    away = after.stay.mass[result.former[result.labels] != plan].sum()
    assert result.moved == pytest.approx(away)
    assert away <= after.stay.most + 1e-6


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_nothing_moves_where_everything_is_in_the_band(seed, districts):
    found = planned(seed, districts)
    _land, problem, plan = found
    load = loads(problem, plan)
    wide = dataclasses.replace(problem, band=(load.min() * 0.9, load.max() * 1.1), stay=Stay(plan * 7 + 3, problem.weight[:, 0]))
    result = replan_districting(wide, FEW, seed)
    assert result.moved == result.certain == result.exchange == 0
    assert np.array_equal(result.former[result.labels], plan * 7 + 3)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_what_moves_is_at_least_what_is_certain_to_move(seed, districts):
    _land, problem, plan = planned(seed, districts)
    after = changed(problem, plan, seed)
    result = replan_districting(after, FEW, seed)
    if beyond(after, result.labels) < 1e-9:
        assert result.moved >= result.certain - 1e-6
    assert result.exchange >= result.certain - 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_a_changed_land_comes_back_into_the_band(seed):
    land, problem, plan = planned(seed, 6, streets=24)
    after = dataclasses.replace(changed(problem, plan, seed, share=0.3), band=(0.88, 1.12))
    result = replan_districting(after, ReplanParams(), seed)
    assert beyond(after, plan) > 0
    assert beyond(after, result.labels) == pytest.approx(0, abs=1e-9)
    assert result.moved < 0.5 * after.stay.mass.sum()
    assert broken_districts(graph_of(land.count, problem.adjacency), result.labels) == []


@pytest.mark.parametrize("seed", [0, 1, 2, 5])
def test_tiny_lands_come_into_the_band_and_move_hardly_more_than_the_best_of_all_partitions(seed):
    land = next(made for s in range(seed * 100, seed * 100 + 100) if 6 <= (made := MadeLand(s, streets=3)).count <= 9)
    problem = land.problem(3, band=(0.4, 1.6))
    every = list(all_partitions(graph_of(land.count, problem.adjacency), land.count, 3))
    plan = min(every, key=lambda labels: np.abs(loads(problem, labels) - 1).sum())
    weight = problem.weight * np.where(plan == np.argmax(loads(problem, plan)), 1.9, 0.8)[:, None]
    after = dataclasses.replace(problem, weight=weight, stay=Stay(plan, 300.0 * weight[:, 0]))
    result = replan_districting(after, ReplanParams(), seed)
    good = [labels for labels in every if beyond(after, labels) < 1e-9]
    assert good
    best = min(after.stay.mass[np.array(order)[labels] != plan].sum() for labels in good for order in permutations(range(3)))
    assert beyond(after, result.labels) < 1e-9
    assert result.certain - 1e-6 <= best - 1e-6 <= result.moved <= 1.5 * best


def test_a_region_that_grew_gets_a_district_more_and_the_others_keep_theirs():
    land, problem, plan = planned(3, 5, streets=24)
    grown = dataclasses.replace(problem, weight=problem.weight * 1.4, stay=Stay(plan, problem.weight[:, 0] * 300))
    result = replan_districting(grown, ReplanParams(), 1)
    assert int(result.districts[0]) == 6
    assert sorted(result.former.tolist()) == [-1, 0, 1, 2, 3, 4]
    assert broken_districts(graph_of(land.count, problem.adjacency), result.labels) == []


def test_a_region_that_shrank_loses_its_lightest_district():
    land, problem, plan = planned(3, 6, streets=24)
    weight = problem.weight * np.where(plan == 2, 0.2, 0.8)[:, None]
    shrunk = dataclasses.replace(problem, weight=weight, stay=Stay(plan, weight[:, 0] * 300))
    result = replan_districting(shrunk, ReplanParams(), 1)
    assert int(result.districts[0]) == 5
    assert sorted(result.former.tolist()) == [0, 1, 3, 4, 5]
    assert result.moved >= weight[plan == 2].sum() * 300
    assert broken_districts(graph_of(land.count, problem.adjacency), result.labels) == []


def test_the_number_stays_where_the_limit_has_no_room_for_another():
    _land, problem, plan = planned(3, 5, streets=24)
    grown = dataclasses.replace(problem, weight=problem.weight * 1.4, stay=Stay(plan, problem.weight[:, 0] * 300, 30.0))
    result = replan_districting(grown, ReplanParams(), 1)
    assert int(result.districts[0]) == 5
    assert result.moved <= 30.0
    assert beyond(grown, result.labels) > 0


def test_units_without_a_district_join_a_neighbour_and_count_as_moved_nowhere():
    land, problem, plan = planned(5, 4, streets=20)
    home = plan.copy()
    home[np.random.default_rng(1).random(land.count) < 0.3] = -1
    wide = dataclasses.replace(problem, band=(0.1, 3.0), stay=Stay(home, problem.weight[:, 0]))
    result = replan_districting(wide, FEW, 1)
    assert broken_districts(graph_of(land.count, problem.adjacency), result.labels) == []
    known = home >= 0
    start = inherit(wide, wide.stay, 0.1)
    strays = start.labels != start.home
    assert result.moved <= wide.stay.mass[strays & known].sum() + 1e-9


def test_a_land_without_any_plan_is_divided_for_the_first_time():
    land, problem, _plan = planned(5, 4, streets=20)
    bare = dataclasses.replace(problem, stay=Stay(np.full(land.count, -1), problem.weight[:, 0]))
    result = replan_districting(bare, ReplanParams(), 1)
    assert result.moved == 0
    assert result.former.tolist() == [-1] * 4
    assert beyond(bare, result.labels) < beyond(bare, make_contiguous(problem, dichotomy(problem))) + 1e-9


def test_the_pieces_of_a_broken_district_are_joined_as_far_as_the_limit_goes():
    land, problem, plan = planned(7, 5, streets=24)
    graph = graph_of(land.count, problem.adjacency)
    broken = plan.copy()
    lone = next(u for u in range(land.count) if plan[u] != 0 and not any(plan[v] == 0 for v in graph[u]) and problem.weight[u, 0] > 0)
    broken[lone] = 0
    mass = problem.weight[:, 0] * 300
    wide = dataclasses.replace(problem, band=(0.1, 3.0))
    mended = replan_districting(dataclasses.replace(wide, stay=Stay(broken, mass)), FEW, 1)
    assert broken_districts(graph, mended.labels) == []
    assert mended.moved == pytest.approx(mass[lone])
    held = replan_districting(dataclasses.replace(wide, stay=Stay(broken, mass, 0.5 * mass[lone])), FEW, 1)
    assert held.moved == 0
    assert broken_districts(graph, held.labels) == [0]


def test_fixed_units_stay_where_they_were():
    _land, problem, plan = planned(3, 5, streets=24)
    fixed = np.random.default_rng(2).random(len(plan)) < 0.4
    after = dataclasses.replace(changed(problem, plan, 3), fixed=fixed)
    result = replan_districting(after, ReplanParams(), 3)
    lives = np.isin(plan, result.former)
    assert np.array_equal(result.former[result.labels][fixed & lives], plan[fixed & lives])


def test_the_same_seed_gives_the_same_districting_and_cancelling_stops():
    class Stop(Progress):
        def is_cancelled(self):
            return True

    _land, problem, plan = planned(1, 6, streets=24)
    after = changed(problem, plan, 1)
    one, two = (replan_districting(after, FEW, 5) for _ in range(2))
    assert np.array_equal(one.labels, two.labels)
    with pytest.raises(Cancelled):
        replan_districting(after, FEW, 5, Stop())
    with pytest.raises(ValueError, match="stay"):
        replan_districting(problem, FEW)


def test_an_exchange_takes_the_shortest_way_to_where_there_is_room():
    #  0 — 1 — 2 — 3: the first has 0.3 too much, only the last has room
    one, other = np.array([0, 1, 2]), np.array([1, 2, 3])
    found = least_exchange(np.array([1.4, 1.1, 1.1, 0.8]), one, other, 0.9, 1.1)
    assert found.load == pytest.approx([1.1, 1.1, 1.1, 1.1])
    assert found.moved == pytest.approx([0.3, 0.3, 0.3, 0.0])
    stuck = least_exchange(np.array([1.4, 1.1]), one[:1], other[:1], 0.9, 1.1)
    assert stuck.load.sum() == pytest.approx(2.5)
    assert stuck.moved.sum() == 0
    #  what is short is filled from the neighbour that can spare it
    filled = least_exchange(np.array([1.0, 0.7]), one[:1], other[:1], 0.8, 1.2)
    assert filled.load == pytest.approx([0.9, 0.8])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_exchange_of_neighbours_is_what_linear_programming_finds(seed):
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 8))
    edges = np.array([(a, b) for a in range(count) for b in range(a + 1, count) if rng.random() < 0.5 or b == a + 1])
    load = np.round(rng.uniform(0.6, 1.4, count), 3)
    load *= count / load.sum()
    found = least_exchange(load, edges[:, 0], edges[:, 1], 0.9, 1.1)
    arcs = np.concatenate((edges, edges[:, ::-1]))
    net = np.zeros((count, len(arcs)))
    net[arcs[:, 0], np.arange(len(arcs))] -= 1
    net[arcs[:, 1], np.arange(len(arcs))] += 1
    best = linprog(np.ones(len(arcs)), A_ub=np.concatenate((net, -net)), b_ub=np.concatenate((1.1 - load, load - 0.9)))
    assert found.moved.sum() == pytest.approx(best.fun, abs=1e-3)


def test_a_narrowed_problem_is_the_region_alone():
    land, problem, plan = planned(4, 4, streets=16)
    half = (problem.xy[:, 0] > 500).astype(np.int32)
    pairs = problem.adjacency
    inner = half[pairs.low] == half[pairs.high]
    split = dataclasses.replace(
        problem,
        region=half,
        districts=np.array([2, 2], np.int32),
        adjacency=Adjacency(pairs.low[inner], pairs.high[inner], pairs.length[inner], pairs.cost[inner], pairs.crossable[inner]),
        stay=Stay(plan, problem.weight[:, 0]),
    )
    part = share_of(split, np.array([1]))
    assert np.array_equal(part.units, np.flatnonzero(half == 1))
    assert part.districts.tolist() == [2, 3]
    low, high = part.units[part.problem.adjacency.low], part.units[part.problem.adjacency.high]
    wanted = (half[pairs.low] == 1) & inner
    assert np.array_equal(np.column_stack((low, high)), np.column_stack((pairs.low[wanted], pairs.high[wanted])))
    labels = (2 + (problem.xy[:, 1] > 500)).astype(np.int32)
    assert np.array_equal(part.put(labels, part.labels(labels)), labels)
    assert len(district_pairs(part.problem.adjacency, part.labels(labels))[0]) == 1
    assert land.count == len(labels)
