from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.patrolling.sites import shift_window, visit_windows

HOUR = 3600.0


@pytest.mark.parametrize(
    ("opens", "closes", "start", "window"),
    [
        (9, 17, 8, (1, 9)),
        (9, 17, 10, (-1, 7)),
        (9, 17, 18, (15, 23)),  # closed for today: tomorrow's
        (22, 2, 20, (2, 6)),  # over midnight
        (22, 2, 1, (-3, 1)),  # yesterday's, still open
        (22, 2, 3, (19, 23)),
        (np.nan, np.nan, 8, (-np.inf, np.inf)),
    ],
)
def test_a_clock_window_is_told_from_the_start_of_the_shift(opens, closes, start, window):
    first, last = shift_window(np.array([opens * HOUR]), np.array([closes * HOUR]), start * HOUR)
    assert (first[0] / HOUR, last[0] / HOUR) == window


@given(st.integers(0, 23), st.integers(0, 24), st.integers(0, 23))
def test_a_window_is_open_at_the_same_clock_times_as_its_clock_says(opens, closes, start):
    first, last = (float(v[0]) / HOUR for v in shift_window(np.array([opens * HOUR]), np.array([closes * HOUR]), start * HOUR))
    assert first <= last
    assert last >= 0
    assert (first + start - opens) % 24 == 0
    assert (last + start - closes) % 24 == 0


def spread(visits, gap=0.0, opens=-np.inf, closes=np.inf):
    """When the visits of one window begin, of a shift of 300 seconds."""
    first, last, of, turn = visit_windows(np.array([opens]), np.array([closes]), np.array([visits]), 300.0, gap)
    assert of.tolist() == [0] * visits
    assert turn.tolist() == list(range(visits))
    return first.tolist(), last.tolist()


def test_visits_are_spread_over_the_shift():
    assert spread(2) == ([0.0, 150.0], [150.0, 300.0])
    assert spread(3, opens=100.0, closes=250.0) == ([100.0, 150.0, 200.0], [150.0, 200.0, 250.0])
    assert spread(1) == ([-np.inf], [np.inf])
    assert spread(1, opens=100.0, closes=250.0) == ([100.0], [250.0])


def test_visits_begin_as_far_apart_as_wished_where_there_is_room_for_it():
    assert spread(3, 60.0) == ([0.0, 120.0, 240.0], [60.0, 180.0, 300.0])
    assert spread(3, 200.0) == ([0.0, 100.0, 200.0], [100.0, 200.0, 300.0])
