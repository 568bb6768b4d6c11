"""How many grids a community gets, and when none fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.model.band import band_of
from gridplanner.settings import GridSettings

BAND = band_of(GridSettings(target_households=300, tolerance=0.10))


@pytest.mark.parametrize(("households", "grids"), [(300, 1), (600, 2), (4198, 14), (147, 1), (482, 2), (29_000, 97)])
def test_the_number_of_grids_is_the_nearest_that_fits(households, grids):
    assert BAND.number(households / 300) == grids


@given(st.integers(1, 3000))
def test_totals_that_fit_no_number_are_those_between_the_bands(households):
    fits = any(270 * k <= households <= 330 * k for k in range(1, 20))
    assert (len(BAND.fitting(households / 300)) > 0) == fits


def test_minimum_and_maximum_make_a_band_without_a_target():
    band = band_of(GridSettings(min_households=160, max_households=255))
    assert (band.low * band.households, band.high * band.households) == pytest.approx((160, 255))
    assert band.households == 300  # deviations are from the usual target where a plan names none


def test_with_households_and_persons_the_larger_share_is_the_load():
    band = band_of(GridSettings(target_households=300, target_persons=1000))
    assert band.load(300.0, 1100.0) == pytest.approx(1.1)
    assert band.load(330.0, 900.0) == pytest.approx(1.1)


def test_without_a_lower_limit_the_nearest_number_is_taken_too():
    band = band_of(GridSettings(min_households=0, max_households=600))
    assert band.number(2200 / 300) == 7
    assert band.number(150 / 300) == 1


def test_of_two_numbers_as_near_that_fit_the_smaller_is_taken():
    assert band_of(GridSettings(target_households=300, tolerance=0.9)).number(2.5) == 2


def test_what_binds_gives_an_amount_its_name():
    band = band_of(GridSettings(target_households=300, target_persons=1000))
    assert band.amount(band.loads(150.0, 2000.0)) == {"n": "2000", "what": "persons"}
    assert band.amount(band.loads(600.0, 1000.0)) == {"n": "600", "what": "households"}
