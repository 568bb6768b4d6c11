from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.shortest_paths import arc_network
from algorithms.patrolling.breaks import rest_call, rest_place
from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import Crews
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, Sites, StopKind
from algorithms.patrolling.routes import solve_patrol
from algorithms.patrolling.walk import WalkCall, Ways, drive_calls
from algorithms.progress import Cancelled, Progress
from tests.algorithms.network.made_roads import roads

LINE = roads(*[[(100 * i, 0), (100 * i + 100, 0)] for i in range(6)])  # nodes 0 … 6 in a row, 10 s apart
WAYS = Ways(LINE, arc_network(LINE))


def site(node: int, dwell: float, opens=-np.inf, closes=np.inf) -> WalkCall:
    return WalkCall(StopKind.SITE, (), node, dwell, opens, closes)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_a_rest_delays_the_end_as_little_as_anywhere(seed):
    rng = np.random.default_rng(seed)
    calls = []
    for node in rng.integers(0, 7, rng.integers(0, 5)).tolist():
        dwell, opens = float(rng.integers(0, 30)), float(rng.choice([-np.inf, rng.integers(0, 200)]))
        calls.append(site(node, dwell, opens, max(opens, 0.0) + dwell + float(rng.choice([np.inf, rng.integers(20, 200)]))))
    walk = drive_calls(WAYS, 0, 0, 0.0, calls)
    if len(walk.late):
        return  # the search gives no such walks
    opens = float(rng.integers(0, 150))
    rest = rest_call(float(rng.integers(1, 60)), opens, opens + float(rng.integers(0, 80)))
    ends_by = walk.seconds + float(rng.integers(0, 80))
    fitting = []
    for place in range(len(calls) + 1):
        tried = drive_calls(WAYS, 0, 0, 0.0, [*calls[:place], rest, *calls[place:]])
        if not len(tried.late) and tried.seconds <= ends_by + 1e-6:
            fitting.append((tried.seconds, place))
    place = rest_place(walk, calls, rest, ends_by)
    assert (place is None) == (not fitting)
    if fitting:
        assert {p: s for s, p in fitting}[place] == pytest.approx(min(fitting)[0])


def crew(rest: float, first: float, last: float, shift=1000.0) -> Crews:
    node, zero = np.zeros(1, np.int64), np.zeros(1)
    return Crews(node, node, zero, np.array([shift]), zero, np.array([rest]), np.array([first]), np.array([last]))


def visits(nodes, dwell, opens, closes) -> Sites:
    columns = (np.broadcast_to(np.asarray(v, float), len(nodes)).copy() for v in (dwell, opens, closes, 1.0))
    return Sites(np.array(nodes), *columns)


def test_a_crew_rests_in_its_window_and_is_in_time_after_it():
    problem = PatrolProblem(LINE, crew(60.0, 100.0, 150.0), sites=visits([3, 6, 1], 50.0, [-np.inf, 0, -np.inf], [np.inf, 260, np.inf]))
    result = solve_patrol(problem, PatrolParams(iterations=50))
    assert check_route(problem, result) == []
    (route,) = result.routes
    (k,) = np.flatnonzero(route.kind == StopKind.REST)
    assert 100 <= route.begin[k] <= 150
    assert route.leave[k] - route.begin[k] == 60.0
    assert route.seconds == 120.0 + 150.0 + 60.0


# Without the break the long stop comes first and the crew is back after 245 s. Between 40 and 45 s only a crew that has not begun with it
# can rest, but one that waits for the break at the depot is back after 315 s of 300; by way of node 2 first it is after 295 s.
LONG_FIRST = PatrolProblem(LINE, crew(30.0, 40.0, 45.0, 300.0), sites=visits([1, 2, 6], [100.0, 15.0, 10.0], [-1, -1, 170], np.inf))


def test_a_tour_takes_another_order_where_its_break_fits_no_other_way():
    result = solve_patrol(LONG_FIRST, PatrolParams(iterations=50))
    assert check_route(LONG_FIRST, result) == []
    assert result.no_rest == ()
    assert result.routes[0].item[result.routes[0].kind == StopKind.SITE].tolist() == [1, 0, 2]


def test_a_search_for_room_for_a_break_can_be_cancelled():
    class Late(Progress):
        """Cancels once the tours are there."""

        heard = 0.0

        def report(self, fraction, message=""):
            self.heard = fraction

        def is_cancelled(self):
            return self.heard >= 0.95

    with pytest.raises(Cancelled):
        solve_patrol(LONG_FIRST, PatrolParams(iterations=50), Late())


def test_a_crew_whose_break_fits_nowhere_is_named():
    problem = PatrolProblem(LINE, crew(30.0, 40.0, 45.0), sites=visits([1], 300.0, 0.0, 310.0))
    result = solve_patrol(problem, PatrolParams(iterations=50))
    assert check_route(problem, result) == []
    assert result.no_rest == (0,)
    assert len(result.unserved) == 0
