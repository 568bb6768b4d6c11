from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.nearest import core_nodes, nearest_node
from algorithms.network.road_graph import arc_ends, build_road_graph
from algorithms.network.turns import with_banned
from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import Crews
from algorithms.patrolling.problem import (
    NO_SITES,
    PatrolParams,
    PatrolProblem,
    Sites,
    Streets,
)
from algorithms.patrolling.routes import route_line, solve_patrol
from algorithms.progress import Cancelled, Progress
from tests.algorithms.network.made_roads import random_lattice, roads
from tests.algorithms.network.osm_town import read_streets
from tests.algorithms.patrolling.made_patrols import QUICK, node_at, patrol, reasons, sites, solved, streets

# A block: depot 0 in the south-west, 100 m sides, 10 m/s to drive and 5 m/s to patrol.
#   2 --- 3
#   |     |
#   0 --- 1
SIDES = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)]]


def test_a_block_is_driven_round_without_deadheading():
    graph = roads(*SIDES)
    result = solved(patrol(graph, node_at(graph, 0, 0), 3600.0, streets(graph, [0, 1, 2, 3])))
    (route,) = result.routes
    assert (route.seconds, route.required_m, route.dead_m) == (80.0, 400.0, 0.0)
    assert route.arrive.tolist() == [0.0, 20.0, 40.0, 60.0]


def test_a_crew_that_must_wait_for_a_site_to_open_does_not_drive_about_meanwhile():
    graph = random_lattice(np.random.default_rng(3), columns=6, rows=6, oneway=0.0, missing=0.0)
    every = streets(graph, np.arange(0, graph.edge_count, 3))
    depot = int(np.flatnonzero(core_nodes(graph))[0])
    (free,) = solved(patrol(graph, depot, 14_400.0, every)).routes
    (waits,) = solved(patrol(graph, depot, 14_400.0, every, sites([depot], opens=12_000.0))).routes
    assert waits.dead_m <= 1.1 * free.dead_m + 100


def test_a_one_way_street_is_driven_its_way():
    graph = roads(*SIDES, oneway=[0])
    depot = node_at(graph, 100, 0)
    (route,) = solved(patrol(graph, depot, 3600.0, streets(graph, [0]))).routes
    assert route.arcs[route.stop_of_arc >= 0].tolist() == [0]
    assert (route.seconds, route.dead_m) == (20.0 + 30.0, 300.0)


def test_both_sides_of_a_street_are_two_drives():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)])
    (route,) = solved(patrol(graph, node_at(graph, 0, 0), 3600.0, streets(graph, [0, 1], both=True))).routes
    assert sorted(route.arcs) == [0, 1, 2, 3]
    assert (route.seconds, route.required_m) == (80.0, 400.0)


def test_what_lies_beyond_a_one_way_trap_is_listed_as_unreachable():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)], oneway=[1])
    problem = patrol(graph, node_at(graph, 0, 0), 3600.0, streets(graph, [0, 1, 2]), sites([node_at(graph, 300, 0)]))
    result = solved(problem)
    assert reasons(result) == {("STREET", 1): "UNREACHABLE", ("STREET", 2): "UNREACHABLE", ("SITE", 0): "UNREACHABLE"}
    assert result.routes[0].required_m == 100.0


def test_the_way_round_may_lead_out_of_the_searched_box():
    # The one-way street 0 leads from the depot to B; the only way back runs 3 km around.
    graph = roads([(0, 0), (100, 0)], [(100, 0), (50, 3000)], [(50, 3000), (0, 0)], oneway=[0, 1, 2])
    problem = patrol(graph, node_at(graph, 0, 0), 3600.0, streets(graph, [0]))
    assert len(solved(problem, replace(QUICK, margin=10.0)).routes) == 1


def test_a_street_farther_than_the_shift_is_listed_as_too_far():
    graph = roads([(0, 0), (5000, 0)], [(5000, 0), (5100, 0)], [(0, 0), (0, 100)])
    result = solved(patrol(graph, node_at(graph, 0, 0), 900.0, streets(graph, [1, 2])))
    assert reasons(result) == {("STREET", 0): "TOO_FAR"}


def test_a_row_of_streets_is_not_called_too_far_where_its_first_one_is_not():
    # Five streets of 20 s in a row begin 440 s away: 1,030 s for all, 910 s for the first, and the shift is 1,000 s.
    graph = roads([(0, 0), (4400, 0)], *[[(4400 + 100 * i, 0), (4500 + 100 * i, 0)] for i in range(5)])
    result = solved(patrol(graph, node_at(graph, 0, 0), 1000.0, streets(graph, range(1, 6))))
    assert 0 < len(result.unserved) < 5
    assert set(reasons(result).values()) == {"NO_TIME"}


def test_a_site_that_has_closed_or_opens_too_late_is_listed_as_closed():
    graph = roads([(0, 0), (6000, 0)])
    far = node_at(graph, 6000, 0)
    problem = patrol(graph, node_at(graph, 0, 0), 3600.0, sites=sites([far, far, far], closes=[500.0, 900.0, 9000.0], opens=[0, 0, 3500]))
    result = solved(problem)
    assert reasons(result) == {("SITE", 0): "CLOSED", ("SITE", 2): "CLOSED"}


def test_a_crew_waits_for_a_site_to_open():
    graph = roads([(0, 0), (100, 0)])
    (route,) = solved(patrol(graph, node_at(graph, 0, 0), 3600.0, sites=sites([node_at(graph, 100, 0)], opens=300.0))).routes
    assert (route.arrive[0], route.begin[0], route.leave[0], route.seconds) == (10.0, 300.0, 360.0, 370.0)


def test_where_time_is_short_the_least_worth_is_left_out():
    # Four like streets around the depot, 15 s each with the way back; there is time for three.
    star = [[(0, 0), (50, 0)], [(0, 0), (0, 50)], [(0, 0), (-50, 0)], [(0, 0), (0, -50)]]
    graph = roads(*star)
    for poor in range(4):
        weight = np.where(np.arange(4) == poor, 1.0, 2.0)
        problem = patrol(graph, node_at(graph, 0, 0), 50.0, streets(graph, range(4), weight=weight))
        assert reasons(solved(problem)) == {("STREET", poor): "NO_TIME"}
    overtime = patrol(graph, node_at(graph, 0, 0), 50.0, streets(graph, range(4)), max_overtime=10.0)
    assert len(solved(overtime).unserved) == 0


def test_several_crews_share_what_is_too_much_for_one():
    star = [[(0, 0), (50, 0)], [(0, 0), (0, 50)], [(0, 0), (-50, 0)], [(0, 0), (0, -50)]]
    graph = roads(*star)
    result = solved(patrol(graph, node_at(graph, 0, 0), 31.0, streets(graph, range(4)), crews=2))
    assert len(result.unserved) == 0
    assert [route.seconds for route in result.routes] == [30.0, 30.0]


def test_a_site_beside_the_depot_still_makes_a_route():
    graph = roads([(0, 0), (100, 0)])
    problem = patrol(graph, 0, 3600.0, sites=sites([0]))
    (route,) = solved(problem).routes
    assert (len(route.arcs), route.seconds) == (0, 60.0)
    assert route_line(problem, route).tolist() == [[0, 0], [0, 0]]


def test_nothing_to_do_makes_no_route():
    graph = roads([(0, 0), (100, 0)])
    assert solve_patrol(patrol(graph, 0, 3600.0)).routes == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"depot": 9}, "depot"),
        ({"shift": 0.0}, "shift"),
        ({"crews": 0}, "there must be a crew"),
        ({"streets": Streets(np.array([0, 0]), np.ones(2), np.zeros(2, bool), np.ones(2))}, "twice"),
        ({"streets": Streets(np.array([0]), np.ones(1), np.zeros(1, bool), np.zeros(1))}, "weights"),
        ({"sites": sites([0], opens=5.0, closes=4.0)}, "opens"),
    ],
)
def test_a_problem_that_makes_no_sense_is_refused(change, message):
    graph = roads([(0, 0), (100, 0)])
    with pytest.raises(ValueError, match=message.replace("opens", "open")):
        patrol(**({"graph": graph, "depot": 0, "shift": 3600.0} | change))


def made_problem(seed: int) -> PatrolProblem:
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng)
    edges = rng.choice(graph.edge_count, rng.integers(0, graph.edge_count) + 1, replace=False)
    opens = np.where(rng.random(3) < 0.5, -np.inf, rng.uniform(0, 400, 3))
    closes = np.where(rng.random(3) < 0.5, np.inf, np.maximum(opens, 0) + rng.uniform(0, 300, 3))
    stops = Sites(rng.integers(0, graph.node_count, 3), rng.uniform(0, 60, 3), opens, closes, rng.uniform(0.5, 3, 3))
    seconds = graph.length[edges] / rng.choice([2.0, 5.0], len(edges))
    required = Streets(edges, seconds, rng.random(len(edges)) < 0.2, rng.uniform(0.5, 3, len(edges)))
    depot = int(nearest_node(graph, np.zeros((1, 2)), core_nodes(graph))[0][0]) if core_nodes(graph).any() else 0
    return patrol(
        graph, depot, float(rng.choice([150.0, 400.0, 3000.0])), required, stops, int(rng.integers(1, 4)), float(rng.choice([0, 60]))
    )


def mixed_problem(seed: int) -> PatrolProblem:
    """Crews of several depots, shifts and breaks; streets at several times; banned turns, prices and edges out of bounds."""
    rng = np.random.default_rng(seed)
    plain = made_problem(seed)
    graph, old = plain.graph, plain.streets
    arcs = np.flatnonzero(np.isfinite(graph.seconds))
    tail, head = arc_ends(graph, arcs)
    pairs = np.array([(a, b) for a, h in zip(arcs, head, strict=True) for b in arcs[tail == h] if rng.random() < 0.15], np.int64)
    graph = with_banned(graph, pairs.reshape(-1, 2))
    price = rng.choice([1.0, 2.0, np.inf], graph.edge_count, p=[0.6, 0.35, 0.05])
    turns = int(rng.integers(1, 3))
    turn = np.repeat(np.arange(turns), len(old))
    part = float(plain.crews.shift[0]) / turns
    columns = (np.tile(column, turns) for column in (old.edge, old.seconds, old.both, old.weight))
    required = Streets(*columns, turn * part, (turn + 1) * part - rng.choice([0.0, 20.0]), turn)
    count = int(rng.integers(1, 4))
    nodes = np.flatnonzero(core_nodes(graph)) if core_nodes(graph).any() else np.zeros(1, np.int64)
    rest = rng.choice([0.0, 60.0], count)
    shift = float(plain.crews.shift[0]) * rng.choice([1.0, 0.7], count)
    opens = rng.uniform(0, shift - rest)
    crews = Crews(
        rng.choice(nodes, count), rng.choice(nodes, count), rng.choice([0.0, 50.0], count), shift, np.full(count, 60.0), rest,
        opens, opens + rng.choice([0.0, 100.0, 1000.0], count),
    )  # fmt: skip
    wishes = {"balance": float(rng.choice([0.0, 1.02])), "compact": float(rng.choice([0.0, 1.0]))}
    return PatrolProblem(graph, crews, required, plain.sites, price, balance_travel=0.5, **wishes)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_crews_that_differ_keep_every_rule(seed):
    problem = mixed_problem(seed)
    assert check_route(problem, solve_patrol(problem, PatrolParams(iterations=30, starts=1, balance_steps=2))) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_every_route_can_be_driven_and_everything_is_served_or_listed(seed):
    problem = made_problem(seed)
    result = solved(problem)
    for route in result.routes:
        line = route_line(problem, route)
        assert np.array_equal(line[0], line[-1])
        assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(route.required_m + route.dead_m)


def test_the_same_seed_gives_the_same_routes():
    problem = made_problem(11)
    one, two = (solve_patrol(problem, QUICK) for _ in range(2))
    assert len(one.routes)
    assert [route.arcs.tolist() for route in one.routes] == [route.arcs.tolist() for route in two.routes]
    assert one.unserved.item.tolist() == two.unserved.item.tolist()


class Impatient(Progress):
    """Wants the result at once, or none at all."""

    def __init__(self, cancelled=False):
        self.cancelled, self.heard = cancelled, []

    def report(self, fraction, message=""):
        self.heard.append(fraction)

    def should_finish(self):
        return True

    def is_cancelled(self):
        return self.cancelled


@pytest.mark.parametrize("seed", range(8))
def test_a_search_cut_short_still_gives_routes_that_can_be_driven(seed):
    problem, listener = made_problem(seed), Impatient()
    result = solve_patrol(problem, QUICK, listener)
    assert check_route(problem, result) == []
    assert result.cut_short or not result.iterations
    assert listener.heard == sorted(listener.heard)
    assert listener.heard[-1] <= 1.0


def test_a_cancelled_search_raises():
    with pytest.raises(Cancelled):
        solve_patrol(made_problem(11), QUICK, Impatient(cancelled=True))


def test_a_far_valley_is_left_out_whole():
    # Eight streets by the depot and, 1 km away, four in a valley: each group takes 400 s, the way between them 200 s.
    near = [[(0, 50 * i), (0, 50 * i + 50)] for i in range(8)]
    valley = [[(1000 + 50 * i, 0), (1050 + 50 * i, 0)] for i in range(8)]
    lanes = [[(0, 50 * i), (20, 50 * i)] for i in range(1, 9)] + [[(1000 + 50 * i, 0), (1000 + 50 * i, 20)] for i in range(1, 9)]
    graph = roads(*near, *valley, [(0, 0), (1000, 0)], *lanes)
    wanted = np.flatnonzero(graph.line < 16)
    problem = patrol(graph, node_at(graph, 0, 0), 200.0, streets(graph, wanted))
    left = graph.line[problem.streets.edge[solved(problem).unserved.item]]
    assert left.tolist() == list(range(8, 16))


def test_a_real_country_is_patrolled_in_six_zones(test_data):
    """68 km of primary and secondary roads in six zones, one crew each: the best known plan takes 196.9 minutes."""
    from scipy.cluster.vq import kmeans2

    given_roads = read_streets(test_data / "towns" / "liechtenstein.osm.pbf", 2056)
    road = (given_roads.coords, given_roads.offsets, given_roads.forward, given_roads.backward, given_roads.speed, given_roads.level)
    graph = build_road_graph(*road)
    required = np.flatnonzero(np.isin(given_roads.highway[graph.line], ["primary", "secondary"]))
    centres, zone = kmeans2(graph.node_xy[graph.u[required]], 6, seed=3, minit="++")
    depots = nearest_node(graph, centres, core_nodes(graph))[0]
    minutes = metres = 0.0
    for z in range(6):
        edges = required[zone == z]
        own = Streets(edges, graph.length[edges] / (30 / 3.6), np.zeros(len(edges), bool), graph.length[edges] / 1000)
        result = solved(patrol(graph, int(depots[z]), 240 * 60.0, own, NO_SITES), PatrolParams(iterations=100, starts=2))
        assert len(result.unserved) == 0
        minutes += sum(route.seconds for route in result.routes) / 60
        metres += sum(route.required_m for route in result.routes)
    assert metres == pytest.approx(graph.length[required].sum())
    assert minutes < 196.9 * 1.01


def test_a_crew_that_the_shortest_plan_leaves_at_home_gets_its_part_where_balance_is_wished():
    graph = roads(*SIDES, [(100, 0), (200, 0)], [(200, 0), (200, 100)], [(200, 100), (100, 100)], [(100, 0), (100, -300)])
    given = patrol(graph, node_at(graph, 100, -300), 3600.0, streets(graph, range(7)), crews=2)
    alone, both = solved(given), solved(replace(given, balance=1.1))
    assert [len(alone.routes), len(both.routes)] == [1, 2]
    assert both.balance <= 1.1
    driven = [sum(route.dead_m for route in result.routes) for result in (alone, both)]
    assert both.balance_travel == pytest.approx(driven[1] / driven[0] - 1)
