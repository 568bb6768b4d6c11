"""The checker must see what is wrong: every good result is spoilt in one way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from algorithms.network.turns import with_banned
from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import Crews, like_crews
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, Reason, Sites, StopKind, Streets, Unserved
from algorithms.patrolling.routes import solve_patrol
from tests.algorithms.network.made_roads import roads

# 0 --- 1 --- 2 ==> 3      the last street is a one-way trap; a site at node 2
GRAPH = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)], oneway=[2])
PROBLEM = PatrolProblem(
    GRAPH,
    like_crews(1, 0, 3600.0),
    Streets(np.array([1, 2]), np.array([20.0, 20.0]), np.zeros(2, bool), np.ones(2)),
    Sites(np.array([2]), np.array([30.0]), np.array([100.0]), np.array([900.0]), np.ones(1)),
)
GOOD = solve_patrol(PROBLEM, PatrolParams(iterations=50))


def spoilt(**changes) -> PatrolResult:
    return replace(GOOD, routes=(replace(GOOD.routes[0], **changes),))


def test_a_good_result_passes():
    assert check_route(PROBLEM, GOOD) == []
    assert GOOD.unserved.reason.tolist() == [Reason.UNREACHABLE]


@pytest.mark.parametrize(
    ("result", "finding"),
    [
        (spoilt(arcs=GOOD.routes[0].arcs[::-1].copy()), "may not be driven"),
        (spoilt(arcs=GOOD.routes[0].arcs[:-1], stop_of_arc=GOOD.routes[0].stop_of_arc[:-1]), "not at the depot"),
        (spoilt(seconds=GOOD.routes[0].seconds - 1), "says"),
        (spoilt(dead_m=0.0), "says"),
        (spoilt(arrive=GOOD.routes[0].arrive + 5), "is served at"),
        (spoilt(begin=GOOD.routes[0].begin - 50), "is served at"),
        (spoilt(item=np.where(GOOD.routes[0].kind == StopKind.STREET, 1, GOOD.routes[0].item)), "another street"),
        (replace(GOOD, unserved=Unserved()), "listed or not"),
        (replace(GOOD, unserved=replace(GOOD.unserved, reason=np.array([Reason.NO_TIME], np.int8))), "reason that does not hold"),
        (replace(GOOD, unserved=replace(GOOD.unserved, reason=np.array([Reason.TOO_FAR], np.int8))), "reason that does not hold"),
        (replace(GOOD, routes=()), "listed or not"),
        (replace(GOOD, routes=GOOD.routes * 2), "2 routes"),
        (replace(GOOD, routes=GOOD.routes * 2), "served 2 times"),
    ],
)
def test_a_spoilt_result_is_found_out(result, finding):
    found = check_route(PROBLEM, result)
    assert any(finding in text for text in found), found


def test_a_route_over_its_shift_is_found_out():
    assert any("longer than" in text for text in check_route(replace(PROBLEM, crews=like_crews(1, 0, 60.0)), GOOD))


def test_a_stop_after_closing_is_found_out():
    closed = replace(PROBLEM, sites=replace(PROBLEM.sites, opens=np.array([0.0]), closes=np.array([5.0])))
    assert any("after the site has closed" in text for text in check_route(closed, GOOD))


# 0 === 1 === 2 === 3, two crews: one from node 0 to node 1 with a break, one later from node 3 and back; the street to node 3 is dear.
ROW = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)])
CREWS = Crews(
    np.array([0, 3]), np.array([1, 3]), np.array([0.0, 50.0]), np.array([130.0, 80.0]), np.zeros(2), np.array([5.0, 0.0]),
    np.array([0.0, -np.inf]), np.array([250.0, np.inf]),
)  # fmt: skip
TWICE = Streets(
    np.array([0, 0, 2]), np.full(3, 20.0), np.zeros(3, bool), np.ones(3), np.array([0.0, 100.0, 0.0]), np.array([100.0, 200.0, 300.0]),
    np.array([0, 1, 0]),
)  # fmt: skip
SHARED = PatrolProblem(ROW, CREWS, TWICE, Sites(np.array([2]), np.array([40.0]), np.array([0.0]), np.array([250.0]), np.ones(1)))
DONE = solve_patrol(SHARED, PatrolParams(iterations=50))


def found_in(problem: PatrolProblem, result: PatrolResult) -> str:
    return " | ".join(check_route(problem, result))


def test_two_crews_of_two_depots_pass():
    assert check_route(SHARED, DONE) == []
    assert [route.crew for route in DONE.routes] == [0, 1]
    assert len(DONE.unserved) == 0


def test_what_crews_of_their_own_shifts_may_not_do_is_found_out():
    first, second = DONE.routes
    assert "not at the depot" in found_in(replace(SHARED, crews=replace(CREWS, home=CREWS.depot)), DONE)
    assert "may not be driven from node" in found_in(SHARED, replace(DONE, routes=(replace(first, crew=1), replace(second, crew=0))))
    assert "longer than" in found_in(replace(SHARED, crews=replace(CREWS, shift=np.array([110.0, 80.0]))), DONE)
    assert "there are no crews [2]" in found_in(SHARED, replace(DONE, routes=(first, replace(second, crew=2))))
    assert "the result says" in found_in(SHARED, replace(DONE, balance=1.0))


def test_a_break_that_is_missing_or_not_in_its_window_is_found_out():
    assert "has 1 breaks of 1, and is listed" in found_in(SHARED, replace(DONE, no_rest=(0,)))
    assert "has 1 breaks of 0" in found_in(replace(SHARED, crews=replace(CREWS, rest=np.zeros(2))), DONE)
    never = replace(CREWS, rest_from=np.array([260.0, 0.0]), rest_to=np.array([270.0, 0.0]))
    assert "is served at" in found_in(replace(SHARED, crews=never), DONE)


def test_a_patrol_after_its_window_is_found_out():
    early = replace(TWICE, closes=np.array([100.0, 200.0, 40.0]))
    assert "has closed" in found_in(replace(SHARED, streets=early), DONE)
    last = replace(TWICE, closes=np.array([100.0, 200.0, float(DONE.routes[1].leave[0]) - 1]))
    assert "ends after its window" in found_in(replace(SHARED, streets=last), DONE)


def test_driving_where_a_crew_may_not_and_a_banned_turn_are_found_out():
    arcs = DONE.routes[0].arcs
    assert "where crews may not drive" in found_in(replace(SHARED, price=np.array([np.inf, 1.0, 1.0])), DONE)
    assert "is banned" in found_in(replace(SHARED, graph=with_banned(ROW, arcs[:2])), DONE)


def test_hours_cannot_be_lacking_where_all_is_served():
    assert "hours are said to be lacking" in found_in(SHARED, replace(DONE, shortage_hours=0.5))


def test_outside_is_a_reason_only_where_the_way_is_open_to_others():
    shut = replace(SHARED, price=np.array([1.0, 1.0, np.inf]))
    result = solve_patrol(replace(shut, crews=like_crews(1, 0, 600.0)), PatrolParams(iterations=50))
    assert check_route(replace(shut, crews=like_crews(1, 0, 600.0)), result) == []
    assert result.unserved.reason.tolist() == [Reason.OUTSIDE]
    assert "does not hold" in found_in(replace(shut, price=None, crews=like_crews(1, 0, 600.0)), result)
