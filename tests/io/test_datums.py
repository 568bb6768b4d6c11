"""GCJ-02 and BD-09: there and back to the centimetre everywhere in China, against the published series written out by itself."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridplanner.io.doctor.datums import DATUMS, SHIFTED, from_wgs84, metres_between, shift_metres, to_wgs84
from gridplanner.io.gcj02 import EAST, NORTH, SOUTH, WEST

IN_BOX = st.tuples(st.floats(WEST, EAST, exclude_min=True, exclude_max=True), st.floats(SOUTH, NORTH, exclude_min=True, exclude_max=True))
PLACES = np.array([(106.68, 35.54), (116.404, 39.915), (109.5, 18.25), (121.5, 25.05), (112.33, 16.83), (114.1, 9.7), (75.99, 39.47)])


def published_gcj02(lon, lat):
    """Return GCJ-02 by the series as it circulates, term by term."""
    x, y, pi = lon - 105.0, lat - 35.0, math.pi
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (20.0 * math.sin(6.0 * x * pi) + 20.0 * math.sin(2.0 * x * pi)) * 2.0 / 3.0
    north += (20.0 * math.sin(y * pi) + 40.0 * math.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * pi) + 320 * math.sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (20.0 * math.sin(6.0 * x * pi) + 20.0 * math.sin(2.0 * x * pi)) * 2.0 / 3.0
    east += (20.0 * math.sin(x * pi) + 40.0 * math.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * pi) + 300.0 * math.sin(x / 30.0 * pi)) * 2.0 / 3.0
    magic = 1 - 0.00669342162296594323 * math.sin(math.radians(lat)) ** 2
    d_lat = north * 180.0 / ((6378245.0 * (1 - 0.00669342162296594323)) / (magic * math.sqrt(magic)) * pi)
    d_lon = east * 180.0 / (6378245.0 / math.sqrt(magic) * math.cos(math.radians(lat)) * pi)
    return lon + d_lon, lat + d_lat


def published_bd09(lon, lat):
    """Return BD-09 of GCJ-02 degrees by the series as it circulates."""
    waves = math.pi * 3000.0 / 180.0
    reach = math.hypot(lon, lat) + 0.00002 * math.sin(lat * waves)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * waves)
    return reach * math.cos(angle) + 0.0065, reach * math.sin(angle) + 0.006


@settings(deadline=None, max_examples=50)
@given(IN_BOX)
def test_the_shifts_are_the_published_series(place):
    gcj = published_gcj02(*place)
    assert metres_between(from_wgs84(np.array([place]), "gcj02"), np.array([gcj]))[0] < 1e-4
    assert metres_between(from_wgs84(np.array([place]), "bd09"), np.array([published_bd09(*gcj)]))[0] < 1e-4


@settings(deadline=None, max_examples=50)
@given(st.lists(IN_BOX, min_size=1, max_size=30), st.sampled_from(SHIFTED))
def test_there_and_back_is_within_a_centimetre_everywhere_in_the_box(places, datum):
    lonlat = np.array(places)
    shifted = from_wgs84(lonlat, datum)
    assert metres_between(to_wgs84(shifted, datum), lonlat).max() < 0.01
    assert metres_between(from_wgs84(to_wgs84(shifted, datum), datum), shifted).max() < 0.01


@pytest.mark.parametrize("datum", SHIFTED)
def test_places_along_the_borders_of_the_box_and_on_islands_are_found_again(datum):
    along = np.linspace(0.0, 1.0, 2_000)
    lon, lat = WEST + (EAST - WEST) * along, SOUTH + (NORTH - SOUTH) * along
    for inset in (1e-9, 1e-6, 1e-3, 0.01):
        rim = np.concatenate([
            np.column_stack((np.full(2_000, WEST + inset), lat)), np.column_stack((np.full(2_000, EAST - inset), lat)),
            np.column_stack((lon, np.full(2_000, SOUTH + inset))), np.column_stack((lon, np.full(2_000, NORTH - inset))), PLACES,
        ])  # fmt: skip
        rim = rim[(rim > (WEST, SOUTH)).all(axis=1) & (rim < (EAST, NORTH)).all(axis=1)]
        assert metres_between(to_wgs84(from_wgs84(rim, datum), datum), rim).max() < 0.01


@pytest.mark.parametrize("datum", SHIFTED)
def test_outside_the_box_nothing_moves_but_for_the_strip_that_the_box_is_shifted_onto(datum):
    far = np.array([
        (8.7, 50.0), (139.7, 35.7), (-70.0, -33.0), (106.0, 0.5), (100.0, 57.0), (72.0, 30.0), (WEST - 0.03, 40.0), (120.0, NORTH + 0.03),
    ])  # fmt: skip
    assert np.array_equal(from_wgs84(far, datum), far)
    assert np.array_equal(to_wgs84(far, datum), far)
    strip = from_wgs84(np.array([[EAST - 1e-6, 40.0]]), datum)  # shifted to the outside of the box: it is the box's
    assert strip[0, 0] > EAST
    assert metres_between(to_wgs84(strip, datum), np.array([[EAST - 1e-6, 40.0]]))[0] < 0.01
    assert np.array_equal(from_wgs84(strip, datum), strip)


def test_in_china_the_shift_is_of_the_known_size():
    some = np.random.default_rng(1).uniform((80.0, 22.0), (122.0, 48.0), (5_000, 2))
    gcj, bd = (shift_metres(from_wgs84(some, datum), datum) for datum in SHIFTED)
    assert 20 < gcj.min() < gcj.max() < 720
    assert 650 < bd.min() < bd.max() < 1_560
    assert (shift_metres(some, "cgcs2000") == 0).all()


def test_what_is_not_a_number_stays_so_and_nothing_is_changed_in_place():
    given_places = np.array([[106.68, 35.54], [np.nan, 35.0], [np.inf, np.nan]])
    kept = given_places.copy()
    for datum in DATUMS:
        with np.errstate(invalid="ignore"):
            found = to_wgs84(given_places, datum)
        assert np.isfinite(found).all(axis=1).tolist() == [True, False, False]
        assert np.array_equal(given_places, kept, equal_nan=True)
        assert to_wgs84(np.zeros((0, 2)), datum).shape == (0, 2)


def test_a_hundred_thousand_places_take_no_time():
    places = np.random.default_rng(0).uniform((73.0, 18.0), (135.0, 53.0), (100_000, 2))
    start = time.perf_counter()
    to_wgs84(places, "bd09")
    assert time.perf_counter() - start < 1.0  # measured: 0.08 s
