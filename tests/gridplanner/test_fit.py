"""The arithmetic of totals and bands, against counting every number of grids."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.model.band import Band
from gridplanner.model.fit import fits, fitting_numbers, tightest_spread

LOADS = st.one_of(st.just(0.0), st.integers(1, 6000).map(lambda n: n / 300), st.floats(0.001, 40))
LIMITS = st.tuples(st.sampled_from([0.0, 0.5, 0.8, 0.9, 0.95]), st.sampled_from([1.0, 1.05, 1.1, 1.5]))


@given(LOADS, LIMITS)
def test_the_numbers_that_fit_are_those_of_the_band(load, limits):
    low, high = limits
    first, last = fitting_numbers(np.array([load]), low, high)
    assert range(int(first[0]), int(last[0]) + 1) == Band(300.0, None, low, high).fitting(load) or last[0] < first[0]
    assert bool(fits(np.array([load]), low, high)[0]) == (len(Band(300.0, None, low, high).fitting(load)) > 0)


@given(st.lists(LOADS, min_size=1, max_size=5), LIMITS)
def test_many_totals_are_judged_as_each_alone(loads, limits):
    together = fits(np.array(loads), *limits)
    assert together.tolist() == [bool(fits(np.array([load]), *limits)[0]) for load in loads]


@given(st.integers(1, 6000), st.sampled_from([1.0, 0.7, 1.3]))
def test_the_tightest_spread_is_the_least_over_every_number_of_grids(households, middle):
    share = households / 300 / middle
    least = min(abs(share / k - 1) for k in range(1, 60))
    assert tightest_spread(np.array([households / 300]), middle)[0] == pytest.approx(least)


@given(st.integers(1, 6000))
def test_a_band_as_wide_as_the_tightest_spread_fits_and_a_narrower_one_does_not(households):
    load = np.array([households / 300])
    t = float(tightest_spread(load)[0])
    assert fits(load, 1 - t, 1 + t)[0]
    if t > 1e-4:
        assert not fits(load, 1 - 0.999 * t, 1 + 0.999 * t)[0]


def test_totals_of_the_place_where_two_villages_are_too_small():
    totals = np.array([147.0, 482.0, 1258.0]) / 300
    assert tightest_spread(totals) == pytest.approx([0.51, 59 / 300, 1258 / 1200 - 1])
    assert fits(totals, 0.9, 1.1).tolist() == [False, False, True]
