"""The land beside pieces of a line: shared out to the nearest, flat at the ends, no overlap and no gap."""

import numpy as np
import pytest
import shapely

from algorithms.railguard.corridor import corridor_polygons
from algorithms.railguard.projection import places_on_lines

STRAIGHT = np.array([[0.0, 0.0], [3000.0, 0.0]])
BENT = np.array([[0.0, 0.0], [3000.0, 0.0], [4000.0, 2500.0], [2500.0, 4000.0]])


def cut(line, count):
    places = np.linspace(0.0, shapely.LineString(line).length, count + 1)
    return np.zeros(count, np.int64), places[:-1], places[1:]


def test_beside_a_straight_line_each_piece_has_its_rectangle():
    found = corridor_polygons([STRAIGHT], *cut(STRAIGHT, 3), 400.0)
    for number, polygon in enumerate(found):
        assert polygon.symmetric_difference(shapely.box(1000 * number, -400, 1000 * (number + 1), 400)).area < 1.0


def test_the_corridors_of_a_bent_line_cover_its_buffer_once():
    found = corridor_polygons([BENT], *cut(BENT, 7), 600.0)
    whole = shapely.LineString(BENT).buffer(600.0, cap_style="flat", quad_segs=8)
    assert shapely.area(found).sum() == pytest.approx(whole.area, rel=1e-9)
    assert shapely.union_all(found).symmetric_difference(whole).area < 1.0
    assert shapely.is_valid(found).all()


def test_a_place_lies_in_the_corridor_of_the_piece_that_it_is_nearest_to():
    line, low, high = cut(BENT, 7)
    found = corridor_polygons([BENT], line, low, high, 600.0)
    places = np.random.default_rng(3).uniform([-500, -500], [4500, 4500], (2000, 2))
    on = places_on_lines([BENT], places, 590.0)
    clear = (on.line >= 0) & ~on.past & (np.abs(on.along[:, None] - high).min(axis=1) > 25.0) & (on.along > 25.0)
    for row in np.flatnonzero(clear).tolist():
        assert found[np.searchsorted(high, on.along[row])].distance(shapely.Point(places[row])) < 1e-6


def test_lines_beside_each_other_share_the_land_between_them():
    lines = [STRAIGHT, STRAIGHT + np.array([0.0, 500.0])]
    found = corridor_polygons(lines, np.array([0, 1]), np.zeros(2), np.full(2, 3000.0), 400.0)
    assert found[0].intersection(found[1]).area < 1.0
    assert found[0].contains(shapely.Point(1500, 200))
    assert found[1].contains(shapely.Point(1500, 300))
