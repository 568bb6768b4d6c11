from __future__ import annotations

import numpy as np

from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.jobs import Jobs, Way
from algorithms.patrolling.problem import PatrolProblem
from algorithms.patrolling.shortage import fitting, schedule, shared_out
from tests.algorithms.network.made_roads import roads

PLACE = np.array([0, 1, 2, 3, 100, 101, 102], float)  # the depot and six stops, three of them in a far valley
TIMES = np.abs(PLACE[:, None] - PLACE)


def problem(shift: float) -> PatrolProblem:
    return PatrolProblem(roads([(0, 0), (100, 0)]), like_crews(1, 0, shift))


def jobs(weight=1.0, seconds=10.0, opens=0.0, closes=np.inf) -> Jobs:
    values = np.broadcast_to(np.array([weight, seconds, opens, closes], object), (6, 4)).copy()
    for column, given in enumerate((weight, seconds, opens, closes)):
        values[:, column] = np.broadcast_to(given, 6)
    ways = tuple(Way(i, i, i, float(row[1]), (), i, float(row[2]), float(row[3])) for i, row in enumerate(values))
    return Jobs(ways, values[:, 0].astype(float), tuple((i,) for i in range(6)))


def test_a_schedule_adds_driving_waiting_and_service():
    clock, good = schedule(problem(300.0), jobs(opens=[0, 0, 50, 0, 0, 0]), TIMES, [0, 2])
    assert clock.tolist() == [[1, 1, 11], [13, 50, 60], [63, 63, 63]]
    assert good
    assert not schedule(problem(60.0), jobs(), TIMES, [0, 1, 2, 3, 4, 5])[1]
    assert not schedule(problem(300.0), jobs(closes=[5, 5, 5, 5, 5, 5]), TIMES, [0, 1])[1]


def test_a_tour_that_fits_stays_whole():
    assert fitting(problem(1000.0), jobs(), TIMES, [0, 1, 2, 3, 4, 5]) == [0, 1, 2, 3, 4, 5]


def test_the_far_valley_goes_first_and_the_poor_stop_of_a_near_one():
    assert fitting(problem(100.0), jobs(), TIMES, [0, 3, 4, 5, 1, 2]) == [0, 1, 2]
    assert fitting(problem(30.0), jobs(weight=[2, 1, 2, 1, 1, 1]), TIMES, [0, 1, 2]) == [0, 2]
    assert fitting(problem(5.0), jobs(), TIMES, [0, 1, 2]) == []


def test_a_stop_that_cannot_be_in_time_or_is_waited_for_too_long_goes():
    assert fitting(problem(1000.0), jobs(closes=[99, 99, 5, 99, 99, 99]), TIMES, [0, 2, 1]) == [0, 1]
    assert fitting(problem(60.0), jobs(opens=[0, 59, 0, 0, 0, 0]), TIMES, [0, 1, 2]) == [0, 2]


def test_a_tour_is_shared_among_crews_by_time():
    parts = shared_out(jobs(), TIMES, [[0, 1, 2, 3, 4, 5]], 2)
    assert parts == [[0, 1, 2], [3, 4, 5]]
    assert shared_out(jobs(), TIMES, [[0], [1]], 2) == [[0], [1]]
