from __future__ import annotations

import itertools

import numpy as np
import pytest

from algorithms.network.road_graph import RoadGraph, arc_ends
from algorithms.network.shortest_paths import arc_network
from algorithms.network.turns import with_banned
from algorithms.patrolling.problem import StopKind
from algorithms.patrolling.walk import NoWay, Walk, WalkCall, Ways, drive_calls
from tests.algorithms.network.made_roads import random_lattice, roads

# 0 --- 1 --- 2 --- 3, 100 m and 10 s each
LINE = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)])


def ways(graph: RoadGraph, price=None) -> Ways:
    return Ways(graph, arc_network(graph, price=price), price)


def street(*arcs: int, seconds=None, either=False, **window) -> WalkCall:
    return WalkCall(StopKind.STREET, arcs, seconds=seconds, either=either, **window)


def site(node: int, dwell=60.0, **window) -> WalkCall:
    return WalkCall(StopKind.SITE, (), node, dwell, **window)


def rest(seconds: float, opens: float, closes: float) -> WalkCall:
    return WalkCall(StopKind.REST, seconds=seconds, opens=opens, closes=closes)


def driven(walk: Walk, graph: RoadGraph, depot: int, home: int) -> bool:
    """Whether consecutive arcs meet, from depot to home."""
    tail, head = arc_ends(graph, walk.arcs)
    return bool(np.array_equal(np.append(tail, home), np.concatenate(([depot], head))))


def test_a_walk_is_timed_arc_by_arc():
    walk = drive_calls(ways(LINE), 0, 0, 1000.0, [street(2, seconds=40.0), site(3, opens=1100.0), street(5)])
    assert walk.arcs.tolist() == [0, 2, 4, 5, 3, 1]
    assert walk.call_of_arc.tolist() == [-1, 0, -1, 2, -1, -1]
    assert walk.passed.tolist() == [1000, 1010, 1050, 1160, 1170, 1180, 1190]
    assert walk.arrive.tolist() == [1010, 1060, 1160]
    assert walk.begin.tolist() == [1010, 1100, 1160]
    assert walk.leave.tolist() == [1050, 1160, 1170]
    assert (walk.seconds, walk.late.tolist(), walk.at.tolist()) == (190.0, [], [1, 3, 3])


def test_a_call_that_ends_after_its_window_is_late_unless_the_window_is_shorter_than_it():
    def late(closes: float) -> list[int]:
        return drive_calls(ways(LINE), 0, 0, 0.0, [site(1, opens=0.0, closes=closes)]).late.tolist()

    assert (late(70.0), late(69.0), late(59.0), late(9.0)) == ([], [0], [], [0])


def test_a_rest_is_taken_at_the_first_junction_after_it_opens():
    calls = [site(0, 5.0), rest(30.0, 12.0, 100.0), site(3, 5.0)]
    walk = drive_calls(ways(LINE), 0, 3, 0.0, calls)
    assert (walk.begin[1], walk.leave[1], walk.at[1]) == (15.0, 45.0, 1)
    assert walk.passed.tolist() == [5.0, 45.0, 55.0, 70.0]


def test_a_rest_that_no_junction_is_reached_in_time_for_is_waited_for():
    walk = drive_calls(ways(LINE), 0, 3, 0.0, [site(0, 5.0), rest(30.0, 16.0, 20.0), site(3, 5.0)])
    assert (walk.arrive[1], walk.begin[1], walk.at[1]) == (15.0, 16.0, 1)
    late = drive_calls(ways(LINE), 0, 3, 0.0, [site(0, 50.0), rest(30.0, 16.0, 20.0)])
    assert late.late.tolist() == [1]


def test_what_cannot_be_reached_is_named():
    trap = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], oneway=[1])
    with pytest.raises(NoWay) as caught:
        drive_calls(ways(trap), 0, 0, 0.0, [street(0), site(2)])
    assert caught.value.call == 2  # it is the way home that is missing
    with pytest.raises(NoWay) as caught:
        drive_calls(ways(trap), 2, 2, 0.0, [site(0)])
    assert caught.value.call == 0


def test_a_closed_edge_is_driven_round_and_a_dear_one_where_it_saves_less():
    square = roads([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 100)], [(0, 100), (0, 0)])
    for price, arcs in ((1.0, 1), (2.9, 1), (3.1, 3), (np.inf, 3)):
        prices = np.array([price, 1.0, 1.0, 1.0])
        u, v = int(square.u[0]), int(square.v[0])
        assert len(drive_calls(ways(square, prices), u, v, 0.0, []).arcs) == arcs


def test_a_banned_turn_is_driven_round():
    cross = roads([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 0), (200, 0)], [(200, 0), (100, 100)])
    free = drive_calls(ways(cross), 0, 0, 0.0, [street(0), street(2)])
    banned = drive_calls(ways(with_banned(cross, np.array([[0, 2], [0, 1]]))), 0, 0, 0.0, [street(0), street(2)])
    assert free.arcs[:2].tolist() == [0, 2]
    assert banned.arcs[:2].tolist() == [0, 4]
    assert driven(banned, cross, 0, 0)


def made_calls(graph: RoadGraph, rng: np.random.Generator, count: int) -> list[WalkCall]:
    core = np.flatnonzero(graph.state == 0)
    calls = []
    for edge in rng.choice(core, count).tolist():
        arcs = [arc for arc in (2 * edge, 2 * edge + 1) if np.isfinite(graph.seconds[arc])]
        free = street(arcs[0], seconds=10.0, either=len(arcs) == 2)
        calls.append(free if rng.random() < 0.7 else site(int(graph.u[edge]), 20.0))
    return calls


@pytest.mark.parametrize("seed", range(12))
def test_streets_are_turned_as_well_as_any_choice_of_sides(seed):
    rng = np.random.default_rng(seed)
    graph = random_lattice(rng, 5, 5, missing=0.1)
    calls = made_calls(graph, rng, 5)
    known, depot = ways(graph), int(graph.u[np.flatnonzero(graph.state == 0)[0]])
    walk = drive_calls(known, depot, depot, 0.0, calls)
    assert driven(walk, graph, depot, depot)
    sides = [((call.arcs, (call.arcs[0] ^ 1,)) if call.either else (call.arcs,)) for call in calls]
    fixed = [[WalkCall(c.kind, arcs, c.node, c.seconds) for c, arcs in zip(calls, one, strict=True)] for one in itertools.product(*sides)]
    assert walk.seconds == pytest.approx(min(drive_calls(known, depot, depot, 0.0, one).seconds for one in fixed))


def test_a_changed_call_needs_only_the_ways_beside_it():
    rng = np.random.default_rng(5)
    graph = random_lattice(rng, 12, 12, missing=0.1)
    calls = made_calls(graph, rng, 40)
    known, depot = ways(graph), int(graph.u[np.flatnonzero(graph.state == 0)[0]])
    drive_calls(known, depot, depot, 0.0, calls)
    before = len(known)
    drive_calls(known, depot, depot, 0.0, [*calls[:20], *made_calls(graph, rng, 1), *calls[21:]])
    assert 0 < len(known) - before <= 8
