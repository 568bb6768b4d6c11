from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.railguard.calibration import Calibration, calibrate, runs_against


def read_at(found: Calibration, along: float, *, coming: bool = False) -> float:
    """What a scale reads at a place."""
    row = int(np.clip(np.searchsorted(found.along, along, side="left" if coming else "right") - 1, 0, len(found.along) - 2))
    share = (along - found.along[row]) / (found.along[row + 1] - found.along[row])
    return float(found.ahead[row] + share * (found.behind[row + 1] - found.ahead[row]))


def test_posts_stretch_the_line_between_them_and_beyond():
    found = calibrate(10_000.0, [2000, 7000], [102_000, 107_500])
    assert found.along.tolist() == [0, 2000, 7000, 10_000]
    assert found.behind.tolist() == pytest.approx([99_800, 102_000, 107_500, 110_800])
    assert found.ahead.tolist() == found.behind.tolist()
    one = calibrate(10_000.0, [2000], [102_000])
    assert one.behind.tolist() == [100_000, 102_000, 110_000]
    close = calibrate(10_000.0, [2000, 2400], [102_000, 102_600])  # too near to each other to say how the line is drawn
    assert close.behind.tolist() == [100_000, 102_000, 102_600, 110_200]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_scale_with_broken_chains_is_found_again_from_its_posts(seed):
    rng = np.random.default_rng(seed)
    length = 60_000.0
    where = np.sort(rng.choice(np.arange(5, 56, 10), rng.integers(0, 4), replace=False)) * 1000.0 + rng.uniform(-900, 900)
    jumps = rng.choice([-800.0, -20.0, 15.0, 3000.0], len(where))
    along = np.unique(np.concatenate(([300.0], rng.uniform(0, length, 80).round(-2), [59_700.0])))
    along = along[np.all(np.abs(along[:, None] - where[None, :]) > 50, axis=1)]
    jump = np.array([jumps[where <= at].sum() for at in along])
    before = np.array([jumps[where < at].sum() for at in where])
    breaks = [(500_000 + at + b, 500_000 + at + b + j) for at, b, j in zip(where, before, jumps, strict=True)]
    order = rng.permutation(len(along))
    found = calibrate(length, along[order], (500_000 + along + jump)[order], breaks)
    assert found.used.all()
    assert found.chains.all()
    assert not len(found.odd)
    for at in rng.uniform(0, length, 20):
        assert read_at(found, at) == pytest.approx(500_000 + at + jumps[where <= at].sum(), abs=1e-6)
    jumped = np.abs(found.ahead - found.behind) > 1e-6
    assert found.along[jumped] == pytest.approx(where, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_most_posts_that_rise_are_kept_as_by_trying_all(seed, weighed):
    rng = np.random.default_rng(seed)
    along = np.sort(rng.choice(np.arange(10), 8, replace=False)) * 1000.0
    read = along + rng.choice([0, 0, 0, 2500, -2500], 8) + 100_000
    weight = rng.integers(1, 4, 8).astype(float) if weighed else np.ones(8)
    found = calibrate(10_000.0, along, read, weight=weight)
    slowest = 0.5 * float(np.clip(pace_of(along, read, weight), 0.5, 2.0))
    best = 0.0
    for count in range(1, 9):
        for rows in combinations(range(8), count):
            run, rise = np.diff(along[list(rows)]), np.diff(read[list(rows)])
            if np.all((rise > 0) & (rise >= slowest * run)):
                best = max(best, weight[list(rows)].sum())
    kept = found.used | found.lone
    assert weight[kept].sum() == best
    assert np.all(np.diff(found.behind) > 0)


def pace_of(along: np.ndarray, read: np.ndarray, weight: np.ndarray) -> float:
    """What the heaviest rising posts rise by to a metre, of those the ones whose stretches differ least from the line's own."""
    best, pace = -np.inf, 1.0
    for count in range(1, len(along) + 1):
        for rows in combinations(range(len(along)), count):
            run, rise = np.diff(along[list(rows)]), np.diff(read[list(rows)])
            if np.all(rise > 0):
                score = weight[list(rows)].sum() - 1e-3 * np.minimum(np.abs(rise - run) / 200.0, 1.0).sum()
                if score > best + 1e-12:
                    best, pace = score, float(np.median(rise / run)) if count > 1 else 1.0
    return pace


def posts(count: int) -> tuple[np.ndarray, np.ndarray]:
    along = np.arange(count) * 1000.0
    return along, along + 814_000


def test_a_post_that_falls_behind_is_left_out():
    along, read = posts(12)
    read[7] = 812_500
    found = calibrate(11_000.0, along, read)
    assert np.flatnonzero(~found.used).tolist() == [7]
    assert not found.lone.any()
    assert len(found.odd) == 0
    assert read_at(found, 7000) == pytest.approx(821_000)


def test_a_post_off_between_its_neighbours_is_left_out_and_one_at_the_end_is_told():
    along, read = posts(12)
    read[5] += 400
    found = calibrate(11_000.0, along, read)
    assert np.flatnonzero(found.lone).tolist() == [5]
    assert np.flatnonzero(~found.used).tolist() == [5]
    along, read = posts(12)
    read[11] += 400
    found = calibrate(11_000.0, along, read)
    assert found.used.all()
    assert found.odd.tolist() == [[10, 11]]
    assert found.off.tolist() == pytest.approx([400])


@pytest.mark.parametrize("jump", [-350.0, 60.0, 2000.0])
def test_a_broken_chain_that_nobody_declared_is_told_once(jump):
    along, read = posts(30)
    read[13:] += jump
    found = calibrate(29_000.0, along, read)
    assert found.used.all()
    assert found.odd.tolist() == [[12, 13]]
    assert found.off.tolist() == pytest.approx([jump])
    declared = calibrate(29_000.0, along, read, [(826_400.0, 826_400.0 + jump)])
    assert not len(declared.odd)
    assert declared.chains.tolist() == [True]


def test_posts_that_stand_where_there_is_room_are_not_told():
    along, read = posts(60)
    read += np.random.default_rng(3).normal(0, 25, 60)
    found = calibrate(59_000.0, along, read)
    assert found.used.all()
    assert not len(found.odd)


def test_a_line_drawn_from_station_to_station_may_be_much_shorter_than_it_reads():
    rng = np.random.default_rng(5)
    along = np.cumsum(rng.uniform(8_000, 30_000, 25))
    read = np.concatenate(([0.0], np.cumsum(np.diff(along) * rng.uniform(1.0, 1.3, 24))))
    found = calibrate(float(along[-1]), along, read)
    assert found.used.all()
    assert not len(found.odd)
    few = calibrate(float(along[-1]), along[[0, 12, 24]], read[[0, 12, 24]])
    assert not len(few.odd)
    assert len(calibrate(10_000.0, [0, 9_000], [0, 20_000]).odd) == 1
    assert len(calibrate(10_000.0, [0, 9_000], [0, 7_000]).odd) == 1


def test_a_chain_that_lies_elsewhere_still_counts_for_the_posts_behind_it():
    found = calibrate(5000.0, [0, 2000, 5000], [900_000, 902_000, 905_000], [(800_500.0, 800_000.0), (950_000.0, 950_100.0)])
    assert found.chains.tolist() == [False, False]
    assert found.behind.tolist() == [900_000, 902_000, 905_000]


def test_a_heavier_reading_goes_before_lighter_ones():
    along, read = posts(6)
    found = calibrate(5000.0, along, np.where(np.arange(6) == 2, 900_000, read), weight=np.where(np.arange(6) == 2, 100.0, 1.0))
    assert np.flatnonzero(found.used).tolist() == [0, 1, 2]


def test_two_posts_at_one_place_do_not_bend_the_line():
    found = calibrate(3000.0, [0, 1000, 1002, 3000], [0, 1000, 1040, 3000])
    assert found.used.sum() == 3


def test_which_way_a_line_runs():
    along, read = posts(9)
    assert not runs_against(along, read)
    assert runs_against(along, read[::-1])
    read[4] = 0
    assert runs_against(along, read[::-1])
    assert not runs_against(along[:1], read[:1])


def test_what_cannot_be_calibrated_is_refused():
    with pytest.raises(ValueError, match="at least one post"):
        calibrate(1000.0, [], [])
    with pytest.raises(ValueError, match="needs a length"):
        calibrate(0.0, [0], [0])


def test_posts_that_all_stand_in_the_gap_of_a_short_chain_are_believed():
    found = calibrate(3000.0, [1000, 2000], [101_000, 102_000], [(100_500.0, 103_000.0)])
    assert found.behind.tolist() == [100_000, 101_000, 102_000, 103_000]
    assert found.chains.tolist() == [False]
