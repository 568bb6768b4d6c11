"""Even groups under a hard tolerance: the best plan, the tightest tolerance and what is excluded, against every plan there is."""

import dataclasses

import numpy as np
import pytest
from made_land import MadeLand
from oracles import all_partitions, broken_districts, graph_of

from algorithms.districting.even_groups import EvenParams, solve_even_groups
from algorithms.districting.problem import DistrictingParams, evaluate
from algorithms.districting.tolerance import points_of

PARAMS = EvenParams(cost=DistrictingParams(border=20.0, rounds=20, replicas=4, cycles=1, halvings=4))


def tiny_land(seed, least=6, most=9):
    """A land of few units that all have people."""
    for more in range(1000):
        land = MadeLand(seed * 1000 + more, streets=4 + more % 3)
        if least <= land.count <= most:
            land.weight = np.random.default_rng(seed).integers(10, 25, land.count).astype(float)
            return land
    raise AssertionError


def every_plan(problem, districts):
    """How far off its worst group is, in points, and the plan, of every plan there is."""
    graph = graph_of(len(problem.weight), problem.adjacency)
    for labels in all_partitions(graph, len(problem.weight), districts):
        yield points_of(float(np.abs(np.bincount(labels, problem.weight[:, 0]) - 1).max())), labels


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("wished", [3, 15, 40])
def test_the_plan_is_the_best_and_the_tolerance_the_tightest_of_all(seed, wished):
    problem = tiny_land(seed).problem(3)
    plans = list(every_plan(problem, 3))
    tightest = min(points for points, _labels in plans)
    found = solve_even_groups(problem, wished, PARAMS)
    assert found.points == max(wished, tightest)
    assert (found.tightest, found.excluded) == (tightest, tightest - 1 if tightest else None)
    banded = dataclasses.replace(problem, band=(1 - found.points / 100, 1 + found.points / 100))
    costs = [float(evaluate(banded, labels, PARAMS.cost).cost.sum()) for points, labels in plans if points <= found.points]
    assert found.status == "optimal"
    assert found.value == pytest.approx(min(costs))
    assert float(evaluate(banded, found.labels, PARAMS.cost).cost.sum()) == pytest.approx(found.value)
    assert not broken_districts(graph_of(len(problem.weight), problem.adjacency), found.labels)


def test_groups_are_shared_out_over_parts_that_nothing_joins():
    # two parts of 200 and 100: three groups of one hundred, whatever the regions say that each part gets
    land = tiny_land(3)
    problem = land.problem(3)
    both = side_by_side(problem, 2.0, 1.0)
    wrong = dataclasses.replace(both, districts=np.array([1, 2], np.int32))
    found = solve_even_groups(wrong, 30, PARAMS)
    assert found.status == "optimal"
    n = len(problem.weight)
    assert len(np.unique(found.labels[:n])) == 2
    assert len(np.unique(found.labels[n:])) == 1


def side_by_side(problem, first, second):
    """A problem twice, as two parts that nothing joins, with these loads."""
    n, pairs = len(problem.weight), problem.adjacency
    twice = {name: np.concatenate((getattr(problem, name),) * 2) for name in ("area", "rim")}
    load = problem.weight / problem.weight.sum()
    joined = dataclasses.replace(
        pairs,
        low=np.concatenate((pairs.low, pairs.low + n)), high=np.concatenate((pairs.high, pairs.high + n)),
        length=np.tile(pairs.length, 2), cost=np.tile(pairs.cost, 2), crossable=np.tile(pairs.crossable, 2),
    )  # fmt: skip
    return dataclasses.replace(
        problem, weight=np.concatenate((first * load, second * load)), xy=np.concatenate((problem.xy, problem.xy + 1e4)),
        adjacency=joined, region=np.repeat(np.arange(2, dtype=np.int32), n), districts=np.array([2, 1], np.int32), **twice,
    )  # fmt: skip


def test_a_unit_that_is_too_heavy_alone_sets_the_tolerance():
    land = tiny_land(2)
    land.weight[0] = land.weight[1:].sum()
    problem = land.problem(3)  # loads of a mean of 1: the heavy unit weighs 1.5
    found = solve_even_groups(problem, 10, PARAMS)
    assert found.points >= 50
    assert found.tightest == found.points == min(points for points, _labels in every_plan(problem, 3))


@pytest.mark.parametrize("count", [1, "all"])
def test_one_group_and_one_unit_a_group_leave_no_choice(count):
    problem = tiny_land(1).problem(1)
    count = len(problem.weight) if count == "all" else count
    problem = dataclasses.replace(problem, districts=np.array([count], np.int32), weight=problem.weight * count)
    found = solve_even_groups(problem, 20, PARAMS)
    assert len(np.unique(found.labels)) == count
    assert found.status == "optimal"
    assert found.points >= found.tightest


def test_where_groups_are_too_many_to_be_listed_the_plan_says_so_and_has_a_bound():
    land = MadeLand(7, streets=14)
    land.weight = np.random.default_rng(7).integers(10, 25, land.count).astype(float)
    found = solve_even_groups(land.problem(5), 20, dataclasses.replace(PARAMS, groups=50))
    assert (found.why, found.groups) == ("large", 0)
    assert found.bound <= found.value
    listed = solve_even_groups(land.problem(5), 20, PARAMS) if land.count < 30 else None
    assert listed is None or found.bound <= listed.value + 1e-6
    assert found.tightest is None or found.tightest == found.points


def test_the_same_seed_gives_the_same_plan():
    problem = MadeLand(5, streets=9).problem(8)
    one, other = (solve_even_groups(problem, 20, PARAMS, seed=4) for _run in range(2))
    np.testing.assert_array_equal(one.labels, other.labels)
    assert (one.value, one.bound, one.tightest) == (other.value, other.bound, other.tightest)
