from dataclasses import replace

import numpy as np
import pytest

from algorithms.network.road_graph import build_road_graph
from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import Crews, like_crews
from algorithms.patrolling.overlap import free_streets
from algorithms.patrolling.problem import NO_SITES, PatrolParams, PatrolProblem, PatrolResult, Sites, StopKind, Streets
from algorithms.patrolling.routes import solve_patrol
from algorithms.patrolling.variants import VariantParams, find_variants
from algorithms.progress import Progress
from tests.algorithms.network.made_roads import random_lattice

QUICK = PatrolParams(iterations=80, starts=2)
FEW = VariantParams(count=5, mends=2.0, iterations=40)


def made(seed, crews=2, windows=False, rest=0.0, size=10, **lattice) -> tuple[PatrolProblem, PatrolResult]:
    """A patrol on a random lattice and its plan: a dozen streets, eight sites."""
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, size, size, **lattice)
    core = np.flatnonzero(graph.state == 0)
    edges = np.sort(rng.choice(core, 12, replace=False))
    nodes = rng.choice(np.unique(graph.u[core]), 8, replace=False)
    opens, closes = np.full(8, -np.inf), np.full(8, np.inf)
    if windows:
        opens[:3], closes[:3] = 600.0, 2400.0
    depot = int(graph.u[core[len(core) // 2]])
    team = like_crews(crews, depot, 7200.0)
    if rest:
        full = np.ones(crews)
        team = Crews(team.depot, team.home, team.start, team.shift, team.overtime, rest * full, 600.0 * full, 3000.0 * full)
    problem = PatrolProblem(
        graph, team, Streets(edges, graph.length[edges] / 5.0, np.arange(12) < 3, np.ones(12)),
        Sites(nodes, np.full(8, 60.0), opens, closes, np.ones(8)),
    )  # fmt: skip
    return problem, solve_patrol(problem, QUICK)


def served(routes) -> list[tuple[int, int, int]]:
    """What routes serve: kind, row, and the arc where a street is to be patrolled both ways."""
    return sorted((int(k), int(i), 0) for route in routes for k, i in zip(route.kind, route.item, strict=True) if k != StopKind.REST)


@pytest.mark.parametrize(("seed", "windows", "rest"), [(1, False, 0.0), (2, True, 0.0), (3, True, 600.0)])
def test_every_variant_is_a_plan_that_keeps_all_rules_and_serves_the_same(seed, windows, rest):
    problem, plan = made(seed, windows=windows, rest=rest)
    found = find_variants(problem, plan.routes, FEW)
    assert len(found) == 5
    assert found.plans[0] == plan.routes
    for routes in found.plans:
        assert not check_route(problem, replace(plan, routes=routes))
        assert served(routes) == served(plan.routes)
        assert sum(int((route.kind == StopKind.REST).sum()) for route in routes) == len(plan.routes) * (rest > 0)


def test_variants_have_little_in_common_and_are_not_much_longer():
    problem, plan = made(4, crews=1, size=14, oneway=0.0, missing=0.0)
    found = find_variants(problem, plan.routes, replace(FEW, count=8))
    assert len(found) == 8
    assert found.pairs.mean() <= 0.35
    assert 0 < found.extra.max() <= 0.10 + 1e-6
    drive = np.array([(_seconds(problem, routes), sum(r.required_m + r.dead_m for r in routes)) for routes in found.plans])
    assert np.allclose(found.extra, (drive / drive[0] - 1).max(axis=1))
    first, last = (free_streets(problem, routes) for routes in (found.plans[0], found.plans[-1]))
    metres = problem.graph.length
    assert np.isclose(found.overlap[0, -1], metres[first & last].sum() / metres[first | last].sum())


def test_the_same_seed_gives_the_same_variants_and_another_seed_others():
    problem, plan = made(5)
    one, same, other = (find_variants(problem, plan.routes, replace(FEW, count=3, mends=0.0, seed=seed)) for seed in (1, 1, 2))
    assert [_arcs(routes) for routes in one.plans] == [_arcs(routes) for routes in same.plans]
    assert [_arcs(routes) for routes in one.plans] != [_arcs(routes) for routes in other.plans]


def test_in_a_valley_without_side_ways_the_overlap_says_so():
    """One road of five pieces, the third of which is free; whatever the order, it is driven."""
    graph = build_road_graph([(100.0 * i, 0) for i in range(5) for i in (i, i + 1)], 2 * np.arange(6), [1] * 5, [1] * 5, [10.0] * 5)
    edges = np.array([0, 1, 3, 4])
    problem = PatrolProblem(graph, like_crews(1, 0, 3600.0), Streets(edges, np.full(4, 20.0), np.zeros(4, bool), np.ones(4)), NO_SITES)
    plan = solve_patrol(problem, QUICK)
    found = find_variants(problem, plan.routes, FEW)
    assert 1 < len(found) <= 5  # in other orders
    assert (found.pairs == 1.0).all()
    assert len({str([(route.arcs.tolist(), route.at.tolist()) for route in routes]) for routes in found.plans}) == len(found)
    assert all(not check_route(problem, replace(plan, routes=routes)) for routes in found.plans)


def test_balanced_crews_stay_about_even_in_every_variant():
    problem, plan = made(6)
    even = replace(problem, balance=1.1)
    plan = solve_patrol(even, QUICK)
    longest = max(route.seconds for route in plan.routes)
    found = find_variants(even, plan.routes, FEW)
    room = 0.10 * _seconds(problem, plan.routes) / len(plan.routes)
    assert max(route.seconds for routes in found.plans for route in routes) <= longest + room + 1e-3


def test_one_variant_is_the_plan_and_a_search_that_is_to_finish_keeps_what_it_has():
    problem, plan = made(7)
    assert find_variants(problem, plan.routes, VariantParams(count=1)).plans == (plan.routes,)
    assert len(find_variants(problem, (), FEW)) == 1

    class Finish(Progress):
        def should_finish(self) -> bool:
            return True

    found = find_variants(problem, plan.routes, FEW, Finish())
    assert found.cut_short
    assert found.plans == (plan.routes,)


def test_senseless_parameters_are_refused():
    for wrong in ({"count": 0}, {"travel": -0.1}, {"mends": -1.0}, {"wall_seconds": 0.0}):
        with pytest.raises(ValueError, match="must"):
            VariantParams(**wrong)


def _arcs(routes):
    return [route.arcs.tolist() for route in routes]


def _seconds(problem, routes):
    dead = sum(float(problem.graph.seconds[route.arcs[route.stop_of_arc < 0]].sum()) for route in routes)
    return dead + sum(float(problem.streets.seconds[route.item[route.kind == StopKind.STREET]].sum()) for route in routes)
