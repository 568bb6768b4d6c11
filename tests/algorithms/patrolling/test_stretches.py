from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.patrolling.stretches import Ground, move_stretches


def after_moves(tours, times, turned, seconds):
    depots = np.zeros(len(tours), np.int64)
    return move_stretches(tours, Ground(times, 1, depots, depots, turned), seconds)


def seconds_of(times: np.ndarray, *tours: list[int]) -> float:
    paths = [np.array([0, *(way + 1 for way in tour), 0]) for tour in tours]
    return sum(float(times[path[:-1], path[1:]].sum()) for path in paths)


def test_a_valley_visited_twice_is_visited_once():
    # Stops 0-3 lie at the depot, 4-9 in a valley 100 away; the tour goes there twice.
    place = np.array([0, 1, 2, 3, 4, 100, 101, 102, 103, 104, 105], float)
    times = np.abs(place[:, None] - place)
    tour = [0, 4, 5, 6, 1, 2, 7, 8, 9, 3]
    (best,) = after_moves([tour], times, np.arange(10), lambda changed: seconds_of(times, *changed))
    assert sorted(best) == list(range(10))
    assert seconds_of(times, best) == 210.0


def test_a_stretch_is_turned_round_where_that_is_shorter():
    # Four directed ways in a row, each with its opposite (way + 4); the tour drives all of them against the grain.
    start, end = np.array([0, 1, 2, 3, 1, 2, 3, 4.0]), np.array([1, 2, 3, 4, 0, 1, 2, 3.0])
    out, into = np.insert(end, 0, 0.0), np.insert(start, 0, 0.0)
    times = np.abs(out[:, None] - into)
    turned = np.array([4, 5, 6, 7, 0, 1, 2, 3])
    (best,) = after_moves([[4, 5, 6, 7]], times, turned, lambda changed: seconds_of(times, *changed))
    assert seconds_of(times, best) == 4.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_same_jobs_are_done_no_slower_and_no_single_move_is_left(seed):
    rng = np.random.default_rng(seed)
    jobs = int(rng.integers(1, 7))
    times = rng.uniform(1, 100, (2 * jobs + 1, 2 * jobs + 1))
    turned = np.concatenate((np.arange(jobs) + jobs, np.arange(jobs)))
    fixed = rng.random(jobs) < 0.3
    turned[:jobs][fixed] = -1
    turned[jobs:][fixed] = -1
    tour = rng.permutation(jobs).tolist()

    def seconds(one: list[int]) -> float:
        return seconds_of(times, one)

    (best,) = after_moves([tour], times, turned, lambda changed: seconds(changed[0]))
    assert sorted(way % jobs for way in best) == list(range(jobs))
    assert all(way < jobs for way in best if turned[way] < 0)
    assert seconds(best) <= seconds(tour) + 1e-9
    for i, j in itertools.combinations(range(jobs + 1), 2):
        stretch, rest = best[i:j], best[:i] + best[j:]
        senses = [stretch] + ([[int(turned[w]) for w in reversed(stretch)]] if min(turned[w] for w in stretch) >= 0 else [])
        for moved, gap in itertools.product(senses, range(len(rest) + 1)):
            assert seconds(rest[:gap] + moved + rest[gap:]) >= seconds(best) - 1e-5


def test_a_move_that_breaks_a_rule_is_not_made():
    place = np.array([0, 1, 2, 3], float)
    times = np.abs(place[:, None] - place)

    def seconds(tours: list[list[int]]) -> float:
        return seconds_of(times, *tours) if tours[0][0] == 2 else np.inf  # 2 must come first

    (kept,) = after_moves([[2, 0, 1]], times, np.arange(3), seconds)
    assert kept[0] == 2
    assert seconds_of(times, kept) == 6.0


def test_a_valley_visited_by_two_crews_is_left_to_one():
    place = np.array([0, 1, 2, 100, 101, 102, 103], float)
    times = np.abs(place[:, None] - place)
    none, one = sorted(after_moves([[0, 2, 3], [1, 4, 5]], times, np.arange(6), lambda changed: seconds_of(times, *changed)))
    assert none == []
    assert sorted(one) == list(range(6))
    assert seconds_of(times, one) == 206.0


def test_no_crew_takes_more_than_it_may():
    place = np.array([0, 1, 2, 100, 101, 102, 103], float)
    times = np.abs(place[:, None] - place)

    def seconds(tours: list[list[int]]) -> float:
        return seconds_of(times, *tours) if all(len(tour) <= 4 for tour in tours) else np.inf

    tours = after_moves([[0, 2, 3], [1, 4, 5]], times, np.arange(6), seconds)
    assert sorted(way for tour in tours for way in tour) == list(range(6))
    assert [len(tour) <= 4 for tour in tours] == [True, True]
    assert seconds(tours) <= seconds([[0, 2, 3], [1, 4, 5]])
