from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.errors import Infeasible
from algorithms.progress import Cancelled, Progress
from algorithms.railguard import layer_search, reached_partition
from algorithms.railguard.dividing import divide_line, least_load
from algorithms.railguard.line_work import CannotDivide, DivideParams, Held, LineWork
from algorithms.railguard.squads import even_squads
from gridplanner.benchmarks.rail_enumeration import best_by_enumeration, mean_work, random_line, worth_of

DENSE = layer_search._DENSE


@pytest.fixture(params=[DENSE, 0], ids=["whole layers", "monotone"])
def search(request, monkeypatch):
    monkeypatch.setattr(layer_search, "_DENSE", request.param)


def ones(n, squads, **words):
    return LineWork(np.ones(n), np.array(squads), **words)


def cuts(found):
    return found.start.tolist()[1:]


def refused(line, **limits):
    with pytest.raises(CannotDivide) as why:
        divide_line(line, DivideParams(**limits))
    assert isinstance(why.value, Infeasible)
    return why.value


def test_no_other_division_is_better_whatever_is_asked(search):
    divided = 0
    for seed in range(600):
        line, params = random_line(np.random.default_rng(seed))
        best = best_by_enumeration(line, params)
        if best is None:
            with pytest.raises(CannotDivide):
                divide_line(line, params)
            continue
        found, divided = divide_line(line, params), divided + 1
        assert found.bound == pytest.approx(best[0], rel=1e-7, abs=1e-7), seed
        squares = float((found.load[found.held < 0] ** 2).sum())
        assert worth_of(squares, found.wished, mean_work(line), params) == pytest.approx(best[1], rel=1e-6, abs=1e-6), seed
        assert least_load(line, params) == pytest.approx(best[0], rel=1e-7, abs=1e-7), seed
        assert found.bound <= found.value
        assert (found.start[0], found.stop[-1]) == (0, len(line.work))
        assert found.start[1:].tolist() == found.stop[:-1].tolist()
        assert np.bincount(found.squad, weights=found.guards).tolist() == line.squads.tolist()
        assert found.start[found.held >= 0].tolist() == line.held.start.tolist()
        for squad, size in enumerate(line.squads.tolist()):
            numbers = [n for row in np.flatnonzero(found.squad == squad) for n in [found.guard[row]]]
            assert len(set(numbers)) == len(numbers)
            assert max(numbers) < size
    assert divided > 250


def slow(work, metres, parts, shortest, longest, walls):
    """Return (least heaviest, least squares) by looking at every part for every guard."""
    n = len(work)
    sums, along = np.concatenate(([0], np.cumsum(work))), np.concatenate(([0], np.cumsum(metres)))
    before = np.array([max([0, *(w for w in walls if w < j)]) for j in range(n + 1)])
    i, j = np.arange(n + 1)[:, None], np.arange(n + 1)[None, :]
    load, length = (sums[j] - sums[i]).astype(float), along[j] - along[i]
    load[(i >= j) | (i < before[j]) | (length > longest) | (length < shortest)] = np.inf
    heaviest = np.where(np.arange(n + 1) == 0, 0.0, np.inf)
    for _ in range(parts):
        heaviest = np.maximum(heaviest[:, None], load).min(axis=0)
    square = np.where(load <= heaviest[n], load, np.inf) ** 2
    even = np.where(np.arange(n + 1) == 0, 0.0, np.inf)
    for _ in range(parts):
        even = (even[:, None] + square).min(axis=0)
    return heaviest[n], even[n]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_longer_lines_are_divided_as_well_as_by_looking_at_every_part(seed):
    rng = np.random.default_rng(seed)
    n = 60
    work = rng.integers(0, rng.choice([3, 50]), n) + (np.arange(n) == rng.integers(n)) * rng.choice([0, 400])
    work[0] += 1
    metres = rng.integers(1, 4, n)
    wall = np.isin(np.arange(n), rng.choice(np.arange(20, 40), rng.integers(0, 2)))
    limits = {"shortest": float(rng.choice([0, 4])), "longest": float(rng.choice([math.inf, 16]))}
    best = slow(work, metres, 12, *limits.values(), np.flatnonzero(wall).tolist())
    try:
        found = divide_line(LineWork(work, np.array([5, 4, 3]), metres, wall=wall), DivideParams(**limits))
    except CannotDivide:
        assert best[0] == math.inf
        return
    assert (found.value, found.bound, (found.load**2).sum()) == (best[0], best[0], best[1])


def test_a_heavy_atom_is_a_segment_of_its_own_and_the_rest_is_even():
    #      1 1 1 [9] 1 1 1 1 1 1
    found = divide_line(LineWork(np.array([1, 1, 1, 9, 1, 1, 1, 1, 1, 1]), np.array([4])))
    assert found.load.tolist() == [3, 9, 3, 3]
    assert (found.piece, found.bound, found.mean) == (9, 9, 4.5)  # that piece is why no division is even


def test_lines_end_where_segments_end_and_tunnels_are_not_divided():
    wall, tunnel = np.arange(9) == 2, ~np.isin(np.arange(6), [2, 3, 4])
    assert cuts(divide_line(ones(9, [3], wall=wall))) in ([2, 5], [2, 6])
    assert cuts(divide_line(ones(6, [2], open=tunnel))) in ([1], [5])
    assert cuts(divide_line(ones(6, [2], open=tunnel, wall=np.arange(6) == 3))) == [3]  # a limit within the tunnel


def test_squads_follow_one_another_and_get_work_by_their_size():
    found = divide_line(ones(440, even_squads(44, 4)))
    assert found.squad.tolist() == np.repeat([0, 1, 2, 3], 11).tolist()
    assert found.guard.tolist() == list(range(11)) * 4
    assert np.bincount(found.squad, weights=found.load).tolist() == [110.0] * 4
    assert even_squads(9, 4).tolist() == [3, 2, 2, 2]
    with pytest.raises(Infeasible, match="at most 3 squads"):
        even_squads(3, 4)


def test_work_that_is_zero_everywhere_is_divided_by_length():
    assert cuts(divide_line(LineWork(np.zeros(6), np.array([3])))) == [2, 4]
    assert cuts(divide_line(LineWork(np.zeros(4), np.array([2]), np.array([6, 2, 2, 2])))) == [1]


def test_weights_that_are_not_whole_are_divided_as_exactly():
    work = np.random.default_rng(3).random(200)
    found, whole = (divide_line(LineWork(each, np.array([7]))) for each in (work, np.rint(work * 1e6)))
    assert found.start.tolist() == whole.start.tolist()
    assert found.load.sum() == pytest.approx(work.sum())
    assert found.value == found.bound


@pytest.mark.parametrize(
    ("wished", "give", "reach", "expected"),
    [
        (52, 0.05, 0.05, 52),  # near: two segments are 2 of 50 off
        (52, 0.01, 0.05, 50),  # the heaviest would be 4 % heavier
        (56, 0.2, 0.05, 50),  # farther than a break is drawn
        (56, 0.2, 0.15, 56),
    ],
)
def test_a_break_is_drawn_to_a_wished_place_as_far_as_it_is_worth(wished, give, reach, expected):
    wish = (np.arange(100) == wished).astype(float)
    found = divide_line(ones(100, [2], wish=wish), DivideParams(give=give, even=2.0, reach=reach))
    assert cuts(found) == [expected]
    assert (found.bound, found.value) == (50, max(expected, 100 - expected))


def test_nothing_is_given_for_wishes_beyond_what_is_still_even():
    wish = (np.arange(100) == 52).astype(float)
    assert cuts(divide_line(ones(100, [2], wish=wish), DivideParams(give=0.5, even=1.02, reach=0.2))) == [50]
    assert cuts(divide_line(ones(100, [2], wish=wish), DivideParams(give=0.5, even=1.04, reach=0.2))) == [52]


def test_breaks_move_on_one_after_another_for_a_wish():
    """For a break 8 off its place, several segments on both sides give way a little each."""
    wish = (np.arange(1000) == 508).astype(float)
    found = divide_line(ones(1000, [10], wish=wish), DivideParams(give=0.02, reach=0.05))
    assert 508 in cuts(found)
    assert found.value == 102
    assert sorted(found.load[:5]) == [101, 101, 102, 102, 102]
    assert sorted(found.load[5:]) == [98, 98, 98, 99, 99]


def test_a_post_has_its_guards_and_counts_in_nobodys_balance():
    #  10 atoms | post of two guards, 40 of work | 20 atoms
    work = np.concatenate((np.ones(10), [40.0], np.ones(20)))
    held = Held(np.array([10]), np.array([11]), np.array([2]))
    found = divide_line(LineWork(work, np.array([3, 2]), held=held))
    assert found.load.tolist() == [10, 40, 10, 10]
    assert (found.value, found.mean) == (10, 10)
    assert found.guards.tolist() == [1, 2, 1, 1]
    assert found.squad.tolist() == [0, 0, 1, 1]
    assert found.guard.tolist() == [0, 1, 0, 1]
    assert found.held.tolist() == [-1, 0, -1, -1]


def test_a_post_is_not_shared_by_two_squads():
    held = Held(np.array([10]), np.array([11]), np.array([2]))
    found = divide_line(ones(31, [2, 3], held=held))  # 1 + post would be of squads 0 and 1 … so two stand before it
    assert found.squad.tolist() == [0, 0, 1, 1]
    assert found.load[found.held < 0].tolist() == [5, 5, 20]
    why = refused(ones(31, [1, 1, 1, 1], held=held))
    assert (why.limit, str(why)) == ("squads", "no division of 4 guards leaves every post to one squad")


def test_what_is_locked_stays_and_keeps_its_squad_and_number():
    held = Held(np.array([4]), np.array([7]), np.array([1]), np.array([1]), np.array([1]))
    found = divide_line(ones(13, [2, 2], held=held))
    assert found.start.tolist() == [0, 4, 7, 10]
    assert found.squad.tolist() == [0, 1, 0, 1]  # out of turn, as it was given by hand
    assert found.guard.tolist() == [0, 1, 1, 0]
    beyond = Held(np.array([4]), np.array([7]), np.array([1]), np.array([1]), np.array([7]))
    assert divide_line(ones(13, [2, 2], held=beyond)).guard.tolist() == [0, 0, 1, 1]


def test_all_of_the_line_can_be_held():
    held = Held(np.array([0, 2]), np.array([2, 5]), np.array([1, 2]))
    found = divide_line(ones(5, [1, 2], held=held))
    assert (found.squad.tolist(), found.value, found.bound, len(found)) == ([0, 1], 0.0, 0.0, 2)
    assert refused(ones(5, [2, 1], held=held)).limit == "squads"
    assert (refused(ones(5, [2, 2], held=held)).limit, refused(ones(5, [2, 2], held=held)).guards) == ("pieces", 3)
    assert (refused(ones(6, [1, 2], held=held)).limit, refused(ones(6, [1, 2], held=held)).guards) == ("guards", 4)


def test_a_way_to_the_segment_counts_as_work():
    # the base is at the line's left end: 1 s an atom; who goes far gets less
    line = ones(30, [3], access=np.arange(30.0))
    found = divide_line(line, DivideParams(access_weight=0.2))
    assert found.load.tolist() == pytest.approx(found.work + 0.2 * found.start)
    assert found.work.tolist() == sorted(found.work.tolist(), reverse=True)
    assert divide_line(line).work.tolist() == [10, 10, 10]  # what weighs nothing is told, not counted
    assert divide_line(line).access.tolist() == [0, 10, 20]


def test_each_squad_comes_from_its_own_base():
    access = np.stack((np.arange(20.0), np.arange(20.0)[::-1]))  # bases at either end
    found = divide_line(ones(20, [2, 2], access=access), DivideParams(access_weight=1.0))
    assert found.load.tolist() == found.load.tolist()[::-1]
    assert found.access.tolist() == [0.0, float(found.start[1]), 19.0 - (found.stop[2] - 1), 0.0]


def test_parts_are_looked_at_a_few_at_a_time_where_they_are_many(monkeypatch):
    rng = np.random.default_rng(4)
    line = LineWork(rng.integers(1, 20, 300), np.array([5, 6]), wish=rng.random(300) < 0.1, access=rng.integers(0, 90, (2, 300)))
    whole = divide_line(line, DivideParams(access_weight=0.5))
    monkeypatch.setattr(reached_partition, "_AT_ONCE", 100)
    few = divide_line(line, DivideParams(access_weight=0.5))
    assert few.start.tolist() == whole.start.tolist()
    assert few.bound == whole.bound


def test_what_is_given_stays_the_givers():
    work = np.arange(1.0, 9.0)
    line = LineWork(work, np.array([3]))
    with pytest.raises(ValueError, match="read-only"):
        line.work[0] = 5.0
    divide_line(line)
    work[0] = 5.0  # as before


def test_an_atom_without_a_way_is_as_far_as_the_farthest():
    access = np.array([0, 0, 6, np.inf, np.inf, np.inf])
    found = divide_line(ones(6, [3], open=np.array([1, 0, 1, 1, 0, 0], bool), access=access), DivideParams(access_weight=1.0))
    assert found.load.tolist() == [2, 7, 9]


def test_limits_of_length_are_kept():
    line = LineWork(np.r_[np.full(10, 5.0), np.ones(30)], np.array([5]), np.full(40, 100.0))
    free, bound = divide_line(line), divide_line(line, DivideParams(shortest=500, longest=1000))
    metres = 100 * (bound.stop - bound.start)
    assert 100 * (free.stop - free.start).min() < 500
    assert (metres.min(), metres.max()) == (500, 1000)
    assert free.bound < bound.bound == bound.value == 25


def test_a_stretch_shorter_than_the_shortest_segment_is_one():
    found = divide_line(ones(13, [4], wall=np.arange(13) == 2), DivideParams(shortest=3))
    assert np.diff([*found.start, 13]).tolist() in ([2, 3, 4, 4], [2, 4, 3, 4], [2, 4, 4, 3])


@pytest.mark.parametrize(
    ("line", "limits", "limit", "guards", "metres", "message"),
    [
        (ones(2, [3]), {}, "pieces", 2, 0, "3 guards for 2 pieces of line; at most 2"),
        (ones(3, [1], wall=np.arange(3) == 1), {}, "guards", 2, 0, "2 separate stretches for 1 guards; at least 2"),
        (
            ones(230, [44], metres=np.full(230, 1000.0)),
            {"longest": 5000},
            "longest",
            46,
            6000,
            "at least 46 guards are needed with at most 5000 m",
        ),
        (
            ones(230, [44], metres=np.full(230, 1000.0)),
            {"shortest": 6000},
            "shortest",
            38,
            5000,
            "at most 38 guards do, or at least 5000 m",
        ),
        (ones(4, [2], metres=[900, 3000, 900, 900]), {"longest": 2000}, "longest", 0, 3900, "a piece without a break is 3000 m long"),
    ],
)
def test_what_cannot_be_is_said_with_the_nearest_that_can(line, limits, limit, guards, metres, message):
    why = refused(line, **limits)
    assert why.limit == limit
    assert message in str(why)
    assert (why.guards, why.metres) == (guards, metres)
    if metres:
        divide_line(line, DivideParams(**{limit: metres}))
        refused(line, **{limit: metres + (-10 if limit == "longest" else 10)})
    if guards:
        divide_line(LineWork(line.work, np.array([guards]), line.metres, wall=line.wall), DivideParams(**limits))


def test_of_two_limits_that_no_number_keeps_the_first_to_give_way_is_told():
    why = refused(ones(3, [2], metres=np.full(3, 1000.0)), shortest=1100, longest=1900)
    assert (why.limit, why.guards, why.metres) == ("shortest", 0, 1000)
    why = refused(ones(3, [2], metres=np.full(3, 1000.0)), shortest=1000, longest=1900)
    assert (why.limit, why.guards, why.metres) == ("longest", 3, 2000)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LineWork(np.array([1.0, -1.0]), np.array([1])), "not negative"),
        (lambda: LineWork(np.array([1.0, np.nan]), np.array([1])), "finite"),
        (lambda: ones(2, [1], wish=np.ones(3)), "one value an atom"),
        (lambda: ones(2, [1, 0]), "every squad a guard"),
        (lambda: ones(2, [1], access=np.ones((3, 2))), "access"),
        (lambda: ones(4, [3], held=Held(np.array([0, 1]), np.array([2, 3]))), "not overlap"),
        (lambda: ones(4, [3], held=Held(np.array([0]), np.array([2]), squad=np.array([1]))), "a squad that there is"),
        (lambda: Held(np.array([0]), np.array([2, 3])), "one value each"),
    ],
)
def test_what_is_no_line_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_division_can_be_abandoned():
    class Listener(Progress):
        def is_cancelled(self):
            return True

    for access in (np.zeros(0), np.ones(50)):
        with pytest.raises(Cancelled):
            divide_line(ones(50, [5], access=access), DivideParams(access_weight=1.0), Listener())


def test_golmud_is_divided_into_equal_lengths():
    """230 km, 4 squads, 44 guards, in atoms of 50 m."""
    found = divide_line(LineWork(np.full(4600, 0.05), even_squads(44, 4), np.full(4600, 50.0)))
    metres = 50.0 * (found.stop - found.start)
    assert set(metres) == {5200.0, 5250.0}
    assert np.bincount(found.squad, weights=metres) == pytest.approx([57_500.0] * 4, abs=100)


def test_a_long_line_takes_no_time():
    rng = np.random.default_rng(0)
    line = LineWork(rng.lognormal(0, 0.5, 20_000), even_squads(300, 20))
    start = time.perf_counter()
    found = divide_line(line)
    assert time.perf_counter() - start < 1.0  # 0.03 s on two idle cores
    assert found.value == found.bound < 1.012 * found.mean
