from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from algorithms.patrolling.balance import Scales, balanced
from algorithms.patrolling.check import check_route
from algorithms.patrolling.compactness import overlap, parted
from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, Sites
from algorithms.patrolling.routes import solve_patrol
from algorithms.progress import SILENT
from tests.algorithms.network.made_roads import random_lattice

PLACE = np.array([-3.0, -1.0, 2.0, 4.0, 5.0, 7.0])  # six jobs of 10 s along a street, the depot at 0
TURN = 2.0  # seconds that every tour takes beside driving and service


def driving(tour: list[int]) -> float:
    ends = PLACE[tour] if tour else np.zeros(1)
    return 2 * float(max(ends.max(), 0.0) - min(ends.min(), 0.0))


def every_plan() -> list[list[list[int]]]:
    return [[[j for j in range(6) if choice[j] == crew] for crew in range(2)] for choice in itertools.product(range(2), repeat=6)]


SCALES = Scales(
    lambda tours: np.array([10.0 * len(tour) + driving(tour) if tour else 0.0 for tour in tours]),
    lambda tours: sum(driving(tour) for tour in tours),
    np.array([100.0, 100.0]),
)


def ask(limit, _warm, _progress):
    fits = [plan for plan in every_plan() if np.all(SCALES.away(plan) <= limit + 1e-9)]
    return min(fits, key=SCALES.driving) if fits else None


def test_tours_become_even_for_as_little_driving_as_any():
    first = min(every_plan(), key=SCALES.driving)
    found = balanced(first, SCALES, ask, 1.1, 1.0, 8, SILENT)
    even = [plan for plan in every_plan() if SCALES.ratio(plan) <= 1.1]
    assert SCALES.ratio(first) > 1.1
    assert found.ratio == SCALES.ratio(found.tours) <= 1.1
    assert found.more <= 0.35 or SCALES.driving(found.tours) == min(map(SCALES.driving, even))
    assert found.more == pytest.approx(SCALES.driving(found.tours) / SCALES.driving(first) - 1)


def test_no_more_is_driven_than_allowed():
    first = min(every_plan(), key=SCALES.driving)
    found = balanced(first, SCALES, ask, 1.0, 0.05, 8, SILENT)
    assert found.more <= 0.05
    assert found.ratio <= SCALES.ratio(first)


def test_tours_that_are_even_stay_as_they_are():
    first = min((plan for plan in every_plan() if SCALES.ratio(plan) < 1.05), key=SCALES.driving)
    found = balanced(first, SCALES, ask, 1.05, 0.5, 8, SILENT)
    assert (found.tours, found.more) == (first, 0.0)


def spread_sites(graph, count: int, rng: np.random.Generator) -> Sites:
    core = np.unique(graph.u[graph.state == 0])
    columns = (np.full(count, value) for value in (120.0, -np.inf, np.inf, 1.0))
    return Sites(rng.choice(core, count, replace=False), *columns)


def test_crews_of_one_patrol_are_out_about_as_long():
    rng = np.random.default_rng(4)
    graph = random_lattice(rng, 9, 9, oneway=0.0, missing=0.05)
    problem = PatrolProblem(graph, like_crews(3, int(graph.u[0]), 7200.0), sites=spread_sites(graph, 30, rng))
    params = PatrolParams(iterations=100, starts=1)
    plain = solve_patrol(problem, params)
    wish = PatrolProblem(graph, problem.crews, sites=problem.sites, balance=1.05, balance_travel=0.5)
    even = solve_patrol(wish, params)
    assert check_route(wish, even) == []
    assert plain.balance > 1.05 >= even.balance
    assert 0.0 <= even.balance_travel <= 0.5


def test_a_crew_with_a_break_is_out_about_as_long_as_one_without():
    rng = np.random.default_rng(4)
    graph = random_lattice(rng, 9, 9, oneway=0.0, missing=0.05)
    crews = replace(like_crews(2, int(graph.u[0]), 7200.0), rest=np.array([1800.0, 0.0]))
    problem = PatrolProblem(graph, crews, sites=spread_sites(graph, 30, rng), balance=1.03, balance_travel=0.5)
    even = solve_patrol(problem, PatrolParams(iterations=100, starts=1))
    assert check_route(problem, even) == []
    assert even.no_rest == ()
    assert even.balance <= 1.03


def test_crews_keep_out_of_each_others_parts():
    rng = np.random.default_rng(2)
    graph = random_lattice(rng, 9, 9, oneway=0.0, missing=0.05)
    crews = like_crews(3, int(np.flatnonzero(np.all(np.abs(graph.node_xy - 400) < 45, axis=1))[0]), 2000.0)
    problem = PatrolProblem(graph, crews, sites=spread_sites(graph, 40, rng), compact=1.0)
    result = solve_patrol(problem, PatrolParams(iterations=100, starts=1))
    assert check_route(problem, result) == []
    assert len(result.routes) == 3
    assert result.overlap < result.overlap_before


def test_overlap_is_the_share_of_ground_that_two_crews_cover():
    places = np.array([[0, 0], [2, 0], [0, 2], [2, 2], [1, 0], [3, 0], [1, 2], [3, 2.0]])
    assert overlap(places, [[0, 1, 2, 3], [4, 5, 6, 7]]) == pytest.approx(1 / 3)
    assert overlap(places, [[0, 1, 2, 3], []]) == 0.0


def test_a_job_costs_a_crew_more_the_farther_it_lies_beyond_the_nearest_crew():
    places = np.array([[0.0, 0], [10, 0], [100, 0], [110, 0]])
    seconds = np.zeros((5, 5))
    zero = np.zeros(2, np.int64)
    fleet = Fleet(zero, zero, np.zeros(2), np.full(2, 100.0), np.zeros(2), np.full(2, np.inf), zero)
    tables, apart = parted(Tables(1, seconds, seconds[None]), fleet, places, [[0, 1], [2, 3]], 0.5, 0.1)
    assert apart.table.tolist() == [0, 1]
    assert tables.cost[0, 0].tolist() == pytest.approx([0, 0, 0, 0.05 * 90, 0.05 * 100])
    assert tables.cost[1, 0].tolist() == pytest.approx([0, 0.05 * 100, 0.05 * 80, 0, 0], abs=6)
