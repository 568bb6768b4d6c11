from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.railguard.rounds import plan_rounds

HIGH, LOW = 1.0, 0.0


def place_at(found, way, segment, minute):
    """Return where on its segment a guard is, 0 lower end … 1 upper: walked minute by minute from what the plan says alone."""
    start, other = (HIGH, LOW) if found.from_high[segment] else (LOW, HIGH)
    for q in np.flatnonzero(found.segment == segment):
        if found.leave[q] <= minute <= found.back[q]:
            walked = minute - found.leave[q] if minute <= found.turn[q] else found.back[q] - minute
            return start + (other - start) * walked / way[segment]
    return start


def check(found, way, shift, rounds, touching):
    assert np.all(found.turn - found.leave == way[found.segment])
    assert np.all(found.back - found.turn == way[found.segment])
    for segment in range(len(way)):
        q = np.flatnonzero(found.segment == segment)
        assert len(q) == found.times[segment] == min(rounds, shift // (2 * way[segment]))
        assert np.all(found.leave[q][1:] >= found.back[q][:-1])
        assert not len(q) or (found.leave[q[0]] >= 0 and found.back[q[-1]] <= shift)
        assert found.waiting[segment] == shift - 2 * way[segment] * len(q)
    for lower, minute in zip(found.lower.tolist(), found.minute.tolist(), strict=True):
        assert touching[lower]
        assert 0 <= minute <= shift
        assert place_at(found, way, lower, minute) == HIGH
        assert place_at(found, way, lower + 1, minute) == LOW


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(1, 260), min_size=1, max_size=7),
    st.integers(1, 600),
    st.integers(0, 6),
    st.integers(0, 10**6),
)
def test_both_guards_are_where_they_meet_at_the_minute_told(way, shift, rounds, seed):
    rng = np.random.default_rng(seed)
    touching = rng.random(len(way) - 1) < 0.8
    entry = rng.integers(-1, 2, len(way))
    found = plan_rounds(np.array(way) * 60.0 - rng.random(len(way)) * 30, shift * 60.0, rounds, touching, entry)
    check(found, np.array(way), shift, rounds, touching)
    for i in np.flatnonzero(touching).tolist():
        assert found.from_high[i] != found.from_high[i + 1]  # neighbours set out from opposite ends
        like = found.times[i] == found.times[max(i - 1, 0) : i + 3]
        if like.all():  # nobody leaves a span for a neighbour of others
            assert (found.lower == i).sum() == found.times[i]


def most_together(way, times, shift):
    """Return how often two guards can turn in the same minute, trying every way of laying their rounds into a short shift."""

    def layings(way, count):
        return [
            turns for turns in itertools.combinations(range(way, shift - way + 1), count)
            if all(b - a >= 2 * way for a, b in itertools.pairwise(turns))
        ]  # fmt: skip

    return max(len(set(one) & set(other)) for one in layings(way[0], times[0]) for other in layings(way[1], times[1]))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(10, 15))
def test_neighbours_of_other_rounds_turn_together_as_often_as_can_be(one, other, shift):
    way = np.array([one, other])
    found = plan_rounds(way * 60.0, shift * 60.0, 3)
    check(found, way, shift, 3, [True])
    assert len(found.minute) == most_together(way.tolist(), found.times.tolist(), shift)


def test_neighbours_as_fast_meet_in_every_round_at_both_ends():
    #   0 → ← 1   2 → ← 3     two rounds in eight hours
    found = plan_rounds(np.full(4, 5400.0), 28_800.0, 2)
    assert found.from_high.tolist() == [False, True, False, True]
    assert list(zip(found.lower.tolist(), found.minute.tolist(), strict=True)) == [
        (0, 120),
        (0, 360),
        (1, 240),
        (1, 480),
        (2, 120),
        (2, 360),
    ]
    assert found.leave.tolist() == [30, 270] * 4


def test_the_faster_leaves_later_and_nobody_waits_where_they_turn():
    found = plan_rounds([7200.0, 1800.0], 28_800.0, 2)
    assert found.turn.tolist() == [120, 360, 120, 360]
    assert found.leave.tolist() == [0, 240, 90, 330]
    assert found.waiting.tolist() == [0, 360]


def test_where_few_rounds_fit_few_are_gone_and_met():
    found = plan_rounds([3600.0, 13_000.0, 20_000.0], 28_800.0, 2)
    assert found.times.tolist() == [2, 1, 0]
    assert (found.lower.tolist(), found.minute.tolist()) == ([0], [217])  # the slow one's only turn, as soon as it can
    check(found, np.array([60, 217, 334]), 480, 2, [True, True])


def test_rounds_begin_where_segments_are_entered_if_neighbours_can_still_meet():
    assert plan_rounds(np.full(3, 600.0), 7200.0, 1, entry=[1, -1, 1]).over.tolist() == [0, 0, 0]
    assert plan_rounds(np.full(3, 600.0), 7200.0, 1, entry=[1, 1, 1]).over.tolist() == [0, 10, 0]
    apart = plan_rounds(np.full(3, 600.0), 7200.0, 1, touching=[False, False], entry=[1, 1, 1])
    assert (apart.from_high.tolist(), apart.lower.tolist()) == ([True, True, True], [])


def test_no_rounds_are_wished_and_what_has_no_length_is_refused():
    assert plan_rounds([600.0], 7200.0, 0).waiting.tolist() == [120]
    assert plan_rounds([], 7200.0, 2).times.tolist() == []
    for seconds, shift, rounds in (([0.0], 7200.0, 1), ([600.0], 0.0, 1), ([600.0], 7200.0, -1)):
        with pytest.raises(ValueError, match="need a length"):
            plan_rounds(seconds, shift, rounds)
    with pytest.raises(ValueError, match="one value between"):
        plan_rounds([600.0, 600.0], 7200.0, 1, touching=[True, True])
