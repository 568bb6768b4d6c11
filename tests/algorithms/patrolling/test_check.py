"""The checker must see what is wrong: every good result is spoilt in one way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import like_crews
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
