from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.errors import Infeasible
from algorithms.railguard import line_partition
from algorithms.railguard.segmentation import even_squads, segment, segment_lengths, share_guards


def best_by_enumeration(weights, parts, forced, forbidden):
    """Least (heaviest load, sum of squares) over every choice of cuts, or None where there is no choice."""
    n = len(weights)
    sums = np.concatenate(([0], np.cumsum(weights)))
    best = None
    for cuts in itertools.combinations([p for p in range(1, n) if p not in forbidden], parts - 1):
        if set(forced) <= set(cuts):
            load = np.diff(sums[[0, *cuts, n]])
            found = (int(load.max()), int((load**2).sum()))
            best = found if best is None or found < best else best
    return best


@pytest.mark.parametrize("dense", [150_000, 0], ids=["whole layers", "monotone"])
@settings(max_examples=600, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=10), st.data())
def test_no_other_division_is_fairer(dense, weights, data):
    n = len(weights)
    parts = data.draw(st.integers(1, n))
    forced = data.draw(st.sets(st.integers(1, n - 1), max_size=2)) if n > 1 else set()
    forbidden = (data.draw(st.sets(st.integers(1, n - 1), max_size=2)) if n > 1 else set()) - forced
    squads = even_squads(parts, data.draw(st.integers(1, parts)))
    counted = weights if any(weights) else [1] * n
    best = best_by_enumeration(counted, parts, forced, forbidden)
    before, line_partition._DENSE = line_partition._DENSE, dense
    try:
        if best is None:
            with pytest.raises(Infeasible):
                segment(weights, squads, list(forced), list(forbidden))
            return
        found = segment(weights, squads, list(forced), list(forbidden))
    finally:
        line_partition._DENSE = before
    load = np.add.reduceat(np.array(counted), found.breaks[:-1])
    assert (int(load.max()), int((load**2).sum())) == best
    assert (found.breaks[0], found.breaks[-1]) == (0, n)
    assert forced <= set(found.breaks.tolist())
    assert not forbidden & set(found.breaks.tolist())
    assert np.bincount(found.squad).tolist() == squads.tolist()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_both_ways_of_searching_a_layer_agree_on_longer_lines(seed):
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, rng.choice([3, 50]), 60) + (np.arange(60) == rng.integers(60)) * rng.choice([0, 400])
    weights[0] += 1
    forced = rng.choice(np.arange(1, 60), rng.integers(0, 4), replace=False)
    found = []
    for dense in (150_000, 0):
        before, line_partition._DENSE = line_partition._DENSE, dense
        try:
            found.append(segment(weights, [rng.integers(5, 6), 4, 3], forced).load)
        finally:
            line_partition._DENSE = before
    assert (found[0] ** 2).sum() == (found[1] ** 2).sum()
    assert found[0].max() == found[1].max()


def test_a_heavy_atom_is_a_segment_of_its_own_and_the_rest_is_even():
    #      1 1 1 [9] 1 1 1 1 1 1
    found = segment([1, 1, 1, 9, 1, 1, 1, 1, 1, 1], [4])
    assert found.load.tolist() == [3.0, 9.0, 3.0, 3.0]


def test_lines_end_where_segments_end_and_tunnels_are_not_divided():
    assert segment(np.ones(9), [3], forced_breaks=[2]).breaks.tolist() in ([0, 2, 5, 9], [0, 2, 6, 9])
    assert segment(np.ones(6), [2], forbidden=[2, 3, 4]).breaks.tolist() in ([0, 1, 6], [0, 5, 6])


def test_squads_follow_one_another_and_get_work_by_their_size():
    found = segment(np.ones(440), even_squads(44, 4))
    assert found.squad.tolist() == np.repeat([0, 1, 2, 3], 11).tolist()
    assert found.guard.tolist() == list(range(11)) * 4
    assert np.bincount(found.squad, weights=found.load).tolist() == [110.0] * 4
    assert even_squads(9, 4).tolist() == [3, 2, 2, 2]


def test_work_that_is_zero_everywhere_is_divided_by_atoms():
    assert segment(np.zeros(6), [3]).breaks.tolist() == [0, 2, 4, 6]


def test_weights_that_are_not_whole_are_divided_as_exactly():
    rng = np.random.default_rng(3)
    weights = rng.random(200)
    found = segment(weights, [7])
    whole = segment(np.rint(weights * 1e6), [7])
    assert found.breaks.tolist() == whole.breaks.tolist()
    assert found.load.sum() == pytest.approx(weights.sum())


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: segment([1, 1], [3]), Infeasible, "3 guards for 2 pieces"),
        (lambda: segment([1, 1, 1], [1], [1]), Infeasible, "2 separate stretches for 1 guards"),
        (lambda: even_squads(3, 4), Infeasible, "at most 3 squads"),
        (lambda: segment_lengths([5, 5, 5], [2]), Infeasible, "at least 3 guards"),
        (lambda: segment([1, -1], [1]), ValueError, "negative"),
        (lambda: segment([1, 1], [1], [1], [1]), ValueError, "forced and forbidden"),
        (lambda: segment([1, 1], [1], [7]), ValueError, "between 0 and 2"),
        (lambda: segment_lengths([0.0], [1]), ValueError, "length"),
    ],
)
def test_what_cannot_be_is_said(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_golmud_is_divided_into_equal_lengths():
    """230 km, 4 squads, 44 guards."""
    found = segment_lengths([230_000.0], even_squads(44, 4))
    assert np.allclose(found.stop - found.start, 230_000 / 44, rtol=1e-12)
    assert found.start[1:].tolist() == found.stop[:-1].tolist()
    assert (found.start[0], found.stop[-1]) == (0.0, 230_000.0)
    assert np.bincount(found.squad, weights=found.stop - found.start) == pytest.approx([57_500.0] * 4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 6))
def test_no_other_sharing_of_guards_among_lines_is_fairer(lengths, more):
    guards = len(lengths) + more
    work = np.array(lengths, float)
    found = share_guards(work, guards)

    def score(counts):
        return max(work / counts), sum(work**2 / counts)

    choices = [c for c in itertools.product(range(1, guards + 1), repeat=len(work)) if sum(c) == guards]
    best = min(score(np.array(c)) for c in choices)
    assert found.sum() == guards
    assert score(found) == pytest.approx(best)


def test_a_long_line_takes_no_time():
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    found = segment(rng.lognormal(0, 0.5, 20_000), even_squads(300, 20))
    assert time.perf_counter() - start < 1.0  # 0.02 s on two idle cores
    assert found.load.max() / found.load.mean() < 1.012
