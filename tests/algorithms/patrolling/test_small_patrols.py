"""Patrols small enough to look at every order: the search does as well as any."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from algorithms.network.nearest import core_nodes
from algorithms.network.road_graph import to_networkx
from algorithms.network.turns import with_banned
from algorithms.patrolling.crews import Crews
from algorithms.patrolling.problem import (
    PatrolParams,
    PatrolProblem,
    Sites,
    latest_begin,
)
from tests.algorithms.network.made_roads import random_lattice, roads
from tests.algorithms.patrolling.made_patrols import node_at, patrol, reasons, solved, streets


def tours_by_enumeration(problem: PatrolProblem, count: int) -> list[tuple[tuple[int, ...], float]]:
    """Every choice and order of `count` required streets with the seconds of its best tour over every direction."""
    graph = to_networkx(problem.graph)
    far = dict(nx.all_pairs_dijkstra_path_length(graph, weight="seconds"))
    ends = {arc: (tail, head) for tail, head, arc in graph.edges(keys=True)}
    ways = [[a for a in (2 * e, 2 * e + 1) if a in ends] for e in problem.streets.edge.tolist()]
    found = []
    for order in itertools.permutations(range(len(ways)), count):
        best = np.inf
        for arcs in itertools.product(*(ways[i] for i in order)):
            place, seconds = int(problem.crews.depot[0]), float(problem.streets.seconds[list(order)].sum())
            for arc in arcs:
                seconds += far[place].get(ends[arc][0], np.inf)
                place = ends[arc][1]
            best = min(best, seconds + far[place].get(int(problem.crews.home[0]), np.inf))
        found.append((order, best))
    return found


def small_problem(seed: int, shift: float) -> PatrolProblem:
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, 3, 3, missing=0.1)
    edges = rng.choice(graph.edge_count, min(4, graph.edge_count), replace=False)
    return patrol(graph, int(rng.integers(graph.node_count)), shift, streets(graph, edges, weight=rng.integers(1, 5, len(edges))))


@pytest.mark.parametrize("seed", range(25))
def test_a_small_patrol_is_as_short_as_any(seed):
    problem = small_problem(seed, 1e5)
    best = min(seconds for _, seconds in tours_by_enumeration(problem, len(problem.streets)))
    result = solved(problem)
    if np.isfinite(best):
        assert result.routes[0].seconds == pytest.approx(best)
    else:
        assert len(result.unserved)


@pytest.mark.parametrize("seed", range(25))
def test_a_small_patrol_short_of_time_serves_as_much_worth_as_any(seed):
    problem = small_problem(seed, 150.0)
    tours = [tour for count in range(len(problem.streets) + 1) for tour in tours_by_enumeration(problem, count)]
    best = max(float(problem.streets.weight[list(order)].sum()) for order, seconds in tours if seconds <= 150.0)
    result = solved(problem, PatrolParams())
    assert problem.streets.weight.sum() - problem.streets.weight[result.unserved.item].sum() == best


def best_by_enumeration(problem: PatrolProblem) -> float:
    """The least driving and time of all crews, over every share, order and direction of the jobs; infinite where nothing is in time."""
    graph = to_networkx(problem.graph)
    far = dict(nx.all_pairs_dijkstra_path_length(graph, weight="seconds"))
    ends = {arc: (tail, head) for tail, head, arc in graph.edges(keys=True)}
    streets, sites, crews = problem.streets, problem.sites, problem.crews
    jobs = [
        [(*ends[a], float(seconds), -np.inf, np.inf) for a in (2 * e, 2 * e + 1) if a in ends]
        for e, seconds in zip(streets.edge.tolist(), streets.seconds, strict=True)
    ]
    columns = zip(sites.node.tolist(), sites.dwell, sites.opens, latest_begin(sites.opens, sites.closes, sites.dwell), strict=True)
    jobs += [[(node, node, *values)] for node, *values in columns]

    def cost(crew: int, tour) -> float:
        if not tour:
            return 0.0
        place, clock, driven = int(crews.depot[crew]), float(crews.start[crew]), 0.0
        for entry, leave, seconds, opens, last in tour:
            drive = far[place].get(entry, np.inf)
            clock, driven = max(clock + drive, opens), driven + drive
            if clock > last:
                return np.inf
            clock, place = clock + seconds, leave
        drive = far[place].get(int(crews.home[crew]), np.inf)
        away = clock + drive - float(crews.start[crew])
        return driven + drive + away if away <= crews.longest[crew] else np.inf

    best = np.inf
    for order in itertools.permutations(jobs):
        for ways in itertools.product(*order):
            for cut in range(len(jobs) + 1):
                best = min(best, cost(0, ways[:cut]) + cost(1, ways[cut:]))
    return best


@pytest.mark.parametrize("seed", range(16))
def test_two_crews_of_two_depots_do_as_well_as_any(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, 4, 4, oneway=0.1, missing=0.1)
    nodes = np.flatnonzero(core_nodes(graph))
    edges = rng.choice(np.flatnonzero(graph.state == 0), 2, replace=False)
    opens = rng.uniform(0, 100, 3)
    stops = Sites(rng.choice(nodes, 3), rng.uniform(5, 30, 3), opens, opens + rng.uniform(20, 120, 3), np.ones(3))
    zero, shift = np.zeros(2), np.array([260.0, 200.0])
    anytime = np.full(2, np.inf)
    crews = Crews(rng.choice(nodes, 2), rng.choice(nodes, 2), np.array([0.0, 20.0]), shift, zero, zero, -anytime, anytime)
    problem = PatrolProblem(graph, crews, streets(graph, edges), stops)
    best, result = best_by_enumeration(problem), solved(problem, PatrolParams(iterations=200))
    if np.isfinite(best):
        assert len(result.unserved) == 0
        driving = sum(float(graph.seconds[route.arcs[route.stop_of_arc < 0]].sum()) for route in result.routes)
        assert driving + sum(route.seconds for route in result.routes) == pytest.approx(best, abs=0.2)
    else:
        assert len(result.unserved)


def test_a_row_of_streets_that_cannot_be_left_is_served_as_far_as_it_can():
    # Three streets in a row lead to a dead end at which nobody may turn round; before it, one may.
    graph = with_banned(roads(*[[(100 * i, 0), (100 * i + 100, 0)] for i in range(3)]), np.array([[4, 5]]))
    result = solved(patrol(graph, node_at(graph, 0, 0), 3600.0, streets(graph, range(3))))
    assert reasons(result) == {("STREET", 2): "UNREACHABLE"}
