from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from algorithms.patrolling.problem import Sites
from algorithms.patrolling.sites import repeated_visits, shift_window, site_access
from tests.algorithms.network.made_roads import roads

HOUR = 3600.0


def test_a_place_is_reached_from_the_nearer_end_of_its_street_but_never_in_a_trap():
    graph = roads([(0, 0), (100, 0)], [(100, 0), (200, 0)], oneway=[1])
    access = site_access(graph, np.array([[30.0, 8.0], [180.0, 0.0]]))
    assert graph.node_xy[access.node].tolist() == [[0, 0], [100, 0]]
    assert access.off_road.tolist() == [8.0, 80.0]
    assert access.along_road.tolist() == [30.0, 0.0]


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


def test_visits_are_spread_over_the_shift():
    sites = Sites(np.array([4, 7]), np.array([60.0, 60.0]), np.array([-np.inf, 100.0]), np.array([np.inf, 250.0]), np.ones(2))
    rows, of = repeated_visits(sites, np.array([2, 3]), 300.0)
    assert of.tolist() == [0, 0, 1, 1, 1]
    assert rows.node.tolist() == [4, 4, 7, 7, 7]
    assert rows.opens.tolist() == [0.0, 150.0, 100.0, 150.0, 200.0]
    assert rows.closes.tolist() == [150.0, 300.0, 150.0, 200.0, 250.0]
    once, _ = repeated_visits(sites, np.array([1, 1]), 300.0)
    assert (once.opens.tolist(), once.closes.tolist()) == (sites.opens.tolist(), sites.closes.tolist())


def test_visits_begin_as_far_apart_as_wished_where_there_is_room_for_it():
    sites = Sites(np.array([4]), np.array([60.0]), np.array([-np.inf]), np.array([np.inf]), np.ones(1))
    apart, _ = repeated_visits(sites, np.array([3]), 300.0, 60.0)
    assert apart.opens.tolist() == [0.0, 120.0, 240.0]
    assert apart.closes.tolist() == [60.0, 180.0, 300.0]
    crowded, _ = repeated_visits(sites, np.array([3]), 300.0, 200.0)
    assert crowded.opens.tolist() == [0.0, 100.0, 200.0]
    assert crowded.closes.tolist() == [100.0, 200.0, 300.0]
