from __future__ import annotations

import numpy as np

from algorithms.network.nearest import core_nodes
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs, Way
from algorithms.patrolling.problem import PatrolParams, StopKind
from algorithms.patrolling.shortage import Timetable
from tests.algorithms.network.made_roads import random_lattice
from tests.algorithms.patrolling.made_patrols import patrol, sites, solved, streets

PLACE = np.array([0, 1, 2, 3, 100, 101, 102], float)  # the depot and six stops, three of them in a far valley
TIMES = np.abs(PLACE[:, None] - PLACE)


def timetable(shift: float, jobs: Jobs, crews: int = 1) -> Timetable:
    zero = np.zeros(crews, np.int64)
    fleet = Fleet(zero, zero, np.zeros(crews), np.full(crews, shift), np.zeros(crews), np.full(crews, np.inf), zero)
    return Timetable(jobs, Tables(1, TIMES, TIMES[None]), fleet)


def jobs(weight=1.0, seconds=10.0, opens=0.0, closes=np.inf) -> Jobs:
    values = np.broadcast_to(np.array([weight, seconds, opens, closes], object), (6, 4)).copy()
    for column, given in enumerate((weight, seconds, opens, closes)):
        values[:, column] = np.broadcast_to(given, 6)
    ways = tuple(Way(i, i, i, float(row[1]), (), i, float(row[2]), float(row[3])) for i, row in enumerate(values))
    return Jobs(ways, values[:, 0].astype(float), tuple((i,) for i in range(6)))


def test_a_schedule_adds_driving_waiting_and_service():
    clock, good = timetable(300.0, jobs(opens=[0, 0, 50, 0, 0, 0])).schedule(0, [0, 2])
    assert clock.tolist() == [[1, 1, 11], [13, 50, 60], [63, 63, 63]]
    assert good
    assert not timetable(60.0, jobs()).schedule(0, [0, 1, 2, 3, 4, 5])[1]
    assert not timetable(300.0, jobs(closes=[5, 5, 5, 5, 5, 5])).schedule(0, [0, 1])[1]


def test_a_tour_that_fits_stays_whole():
    assert timetable(1000.0, jobs()).fitting(0, [0, 1, 2, 3, 4, 5]) == [0, 1, 2, 3, 4, 5]


def test_the_far_valley_goes_first_and_the_poor_stop_of_a_near_one():
    assert timetable(100.0, jobs()).fitting(0, [0, 3, 4, 5, 1, 2]) == [0, 1, 2]
    assert timetable(30.0, jobs(weight=[2, 1, 2, 1, 1, 1])).fitting(0, [0, 1, 2]) == [0, 2]
    assert timetable(5.0, jobs()).fitting(0, [0, 1, 2]) == []


def test_a_stop_that_cannot_be_in_time_or_is_waited_for_too_long_goes():
    assert timetable(1000.0, jobs(closes=[99, 99, 5, 99, 99, 99])).fitting(0, [0, 2, 1]) == [0, 1]
    assert timetable(60.0, jobs(opens=[0, 59, 0, 0, 0, 0])).fitting(0, [0, 1, 2]) == [0, 2]


def test_what_there_is_no_way_to_is_left_out_of_a_tour():
    apart = TIMES.copy()
    apart[5:, :5] = apart[:5, 5:] = np.inf  # the last two stops lie where nobody comes from the others
    plain = timetable(1000.0, jobs())
    cut = Timetable(plain.jobs, Tables(1, apart, apart[None]), plain.fleet)
    assert cut.fitting(0, [0, 4, 1, 5]) == [0, 1]
    assert cut.fitting(0, [4, 5]) == []
    one_way = TIMES.copy()
    one_way[4, 0] = np.inf  # and from the fourth there is no way home
    home = Timetable(plain.jobs, Tables(1, one_way, one_way[None]), plain.fleet)
    assert home.fitting(0, [0, 3]) == [0]


def test_a_tour_is_shared_among_crews_by_time():
    assert timetable(1000.0, jobs(), 2).shared_out([0, 1, 2, 3, 4, 5], 0) == [[0, 1, 2], [3, 4, 5]]


def test_the_time_that_is_lacking_at_the_least_is_service_and_the_shortest_ways():
    # Six times 10 s of service and 1 s from the nearest other place, and 1 s home from the nearest stop.
    assert timetable(60.0, jobs()).shortage() == 7.0
    assert timetable(1000.0, jobs()).shortage() == 0.0


def test_a_short_search_fills_the_shifts_with_what_is_worth_most():
    # 40 sites and 60 streets of worths from 0.05 to 5, of which the crews have time for about half; long searches serve 0.60 of the worth.
    rng = np.random.default_rng(1)
    graph = random_lattice(rng, 14, 14, oneway=0.2, missing=0.1)
    edges, core = rng.choice(np.flatnonzero(graph.state == 0), 60, replace=False), np.flatnonzero(core_nodes(graph))
    wanted = streets(graph, edges, 3.0, weight=graph.length[edges] / 1000 * rng.choice([1, 2, 5], 60))
    opens = np.where(rng.random(40) < 0.3, rng.uniform(0, 3000, 40), -np.inf)
    closes = np.where(np.isfinite(opens), opens + 900, np.inf)
    stops = sites(rng.choice(core, 40, replace=False), rng.uniform(100, 300, 40), opens, closes, rng.choice([1.0, 3, 5], 40))
    result = solved(patrol(graph, int(core[len(core) // 2]), 1800.0, wanted, stops, crews=3), PatrolParams(iterations=200))
    left = zip(result.unserved.kind, result.unserved.item, strict=True)
    lost = sum(float((wanted.weight if kind == StopKind.STREET else stops.weight)[row]) for kind, row in left)
    assert 1 - lost / float(wanted.weight.sum() + stops.weight.sum()) > 0.55
