"""Cuts divide heavy blocks between buildings, never through one."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.units.subdivide import SubdivideParams, cut_lines

SQUARE = shapely.box(0, 0, 100, 100)


def pieces_of(polygon, cuts):
    lines = [shapely.boundary(polygon), *(shapely.LineString(c) for c in cuts)]
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines, grid_size=0.001))))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60), st.floats(3, 30))
def test_every_piece_is_light_or_cannot_be_cut(seed, count, cap):
    rng = np.random.default_rng(seed)
    xy = np.round(rng.random((count, 2)) * 96 + 2, 2)
    weight = rng.integers(1, 9, count).astype(float)
    cuts = cut_lines(SQUARE, xy, weight, np.zeros(count), SubdivideParams(cap))
    pieces = pieces_of(SQUARE, cuts)
    assert shapely.area(pieces).sum() == pytest.approx(10_000, abs=1)
    for piece in pieces:
        inside = shapely.contains_xy(piece, xy[:, 0], xy[:, 1])
        apart = shapely.distance(shapely.points(xy[inside])[:, None], shapely.points(xy[inside])[None, :])
        assert weight[inside].sum() <= cap or inside.sum() == 1 or apart.max() < 0.5


def test_no_cut_touches_a_building():
    xy = np.array([[x, y] for x in (20.0, 50.0, 80.0) for y in (25.0, 75.0)])
    radius = np.full(6, 9.0)
    cuts = cut_lines(SQUARE, xy, np.full(6, 10.0), radius, SubdivideParams(10.0))
    assert len(cuts) >= 4
    lines = np.array([shapely.LineString(c) for c in cuts])
    assert shapely.distance(lines[:, None], shapely.points(xy)[None, :]).min() >= 9.0


def test_buildings_that_overlap_from_every_side_stay_together():
    xy = np.array([[50.0, 50.0], [52.0, 50.0]])
    assert cut_lines(SQUARE, xy, np.array([30.0, 30.0]), np.full(2, 10.0), SubdivideParams(20.0)) == []


def test_bad_parameters_are_refused():
    with pytest.raises(ValueError, match="cap"):
        SubdivideParams(0)
