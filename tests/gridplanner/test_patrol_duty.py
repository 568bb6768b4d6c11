"""Visits are spread over the time in which crews are out, whatever lies between their shifts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.planning.patrol_duty import duty_hours, visit_hours
from gridplanner.settings import PatrolSettings


def hours(*starts, minutes=240.0):
    return duty_hours(PatrolSettings(crews_per_zone=len(starts), starts=starts, shift_minutes=minutes))


def spread(duty, visits, opens=-np.inf, closes=np.inf, gap=0.0):
    """When the visits of one window may begin, in hours of the clock."""
    first, last, _of, turn = visit_hours(duty, np.array([opens * 60]), np.array([closes * 60]), np.array([visits]), gap)
    assert turn.tolist() == list(range(visits))
    return [(a / 60, b / 60) for a, b in zip(first.tolist(), last.tolist(), strict=True)]


def test_shifts_that_meet_are_one_stretch_and_others_are_their_own():
    assert list(zip(hours("12:00", "08:00").begin, hours("12:00", "08:00").end, strict=True)) == [(480, 960)]
    assert list(zip(hours("22:00", "08:00").begin, hours("22:00", "08:00").end, strict=True)) == [(480, 720), (1320, 1560)]


def test_no_visit_falls_between_two_shifts():
    apart = hours("08:00", "16:00")
    assert spread(apart, 2) == [(8, 12), (16, 20)]
    assert spread(apart, 4) == [(8, 10), (10, 12), (16, 18), (18, 20)]
    assert spread(apart, 1) == [(-np.inf, np.inf)]
    assert spread(apart, 2, opens=11, closes=17) == [(11, 12), (16, 17)]
    assert spread(apart, 2, opens=13, closes=15) == [(13, 15), (13, 15)]  # nobody is out: who looks for it finds it closed


def test_visits_that_fill_all_the_time_with_their_gaps_open_before_they_close():
    """Three visits two hours of duty apart: the second is due when one shift ends and the next begins."""
    first, last = zip(*spread(hours("08:00", "16:00", minutes=120.0), 3, gap=120.0), strict=True)
    assert (first, last) == ((8, 16, 18), (8, 16, 18))


@given(st.integers(0, 23), st.integers(0, 23), st.integers(1, 40), st.sampled_from([30.0, 240.0, 600.0]))
def test_visits_share_the_minutes_of_duty_evenly(one, other, visits, minutes):
    duty = hours(f"{one:02d}:00", f"{other:02d}:00", minutes=minutes)
    first, last, *_ = visit_hours(duty, np.array([0.0]), np.array([3000.0]), np.array([max(visits, 2)]))
    worked = duty.before(last) - duty.before(first)
    assert np.allclose(worked, duty.minutes / max(visits, 2))
    assert np.all(first[1:] >= last[:-1] - 1e-6)
    assert first[0] == pytest.approx(duty.begin[0])
    assert last[-1] == pytest.approx(duty.end[-1])
