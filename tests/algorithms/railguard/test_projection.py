"""Points put on the nearest of several lines."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.railguard.projection import places_on_lines, spread_along


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_place_is_the_nearest_on_any_line(seed):
    random = np.random.default_rng(seed)
    lines = [np.cumsum(random.normal(size=(random.integers(2, 9), 2)), axis=0) + np.array([0, 4 * k]) for k in range(3)]
    points = random.normal(size=(30, 2)) * 5
    found = places_on_lines(lines, points, 6.0)
    shapes = [shapely.LineString(line) for line in lines]
    away = np.array([[shape.distance(shapely.Point(point)) for shape in shapes] for point in points])
    near = away.min(axis=1) <= 6.0
    assert np.array_equal(found.line >= 0, near)
    assert found.away[near] == pytest.approx(away[near].min(axis=1))
    for row in np.flatnonzero(near).tolist():
        shape = shapes[found.line[row]]
        assert shape.interpolate(found.along[row]).distance(shapely.Point(points[row])) == pytest.approx(found.away[row])


def test_what_lies_past_an_end_is_told_from_what_lies_beside_it():
    line = np.array([[0.0, 0.0], [50.0, 0.0], [100.0, 0.0]])
    found = places_on_lines([line], np.array([[-0.5, 3.0], [-5.0, 3.0], [50.0, 9.0], [103.0, 0.0], [100.0, 40.0]]))
    assert found.past.tolist() == [False, True, False, True, False]
    assert found.along.tolist() == [0, 0, 50, 100, 100]


def test_no_line_and_no_point_give_nothing():
    assert places_on_lines([], np.zeros((2, 2))).line.tolist() == [-1, -1]
    assert len(places_on_lines([np.array([[0.0, 0.0], [1.0, 0.0]])], np.empty((0, 2))).line) == 0


def test_places_are_spread_over_each_polyline_and_not_between_them():
    xy, owner = spread_along(np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 4.0], [90.0, 0.0]]), np.array([0, 3, 4]), 5.0)
    assert xy.tolist() == [[0, 0], [5, 0], [10, 0], [10, 4], [90, 0]]
    assert owner.tolist() == [0, 0, 0, 0, 1]
