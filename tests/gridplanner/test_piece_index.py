"""Pieces and points by place: what an index finds is what looking at every one finds."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridplanner.model.lookup import unit_at
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.piece_index import border_index, index_of_pieces, index_of_points
from tests.ui.builders import town

RNG = np.random.default_rng(4)
MIDDLES = RNG.uniform(0, 1000, (3000, 2))
STEPS = RNG.normal(0, 1, (3000, 2)) * 10.0 ** RNG.uniform(-1, 2.5, (3000, 1))  # short and long ones mixed
PIECES = np.hstack((MIDDLES - STEPS, MIDDLES + STEPS))
INDEX = index_of_pieces(PIECES)
side = st.floats(-300, 1300)


@given(side, side, st.floats(0, 900), st.floats(0, 900))
def test_the_pieces_touching_a_box_are_found_each_once(left: float, bottom: float, wide: float, high: float) -> None:
    box = (left, bottom, left + wide, bottom + high)
    index = INDEX
    low, high_ends = np.minimum(PIECES[:, :2], PIECES[:, 2:]), np.maximum(PIECES[:, :2], PIECES[:, 2:])
    wanted = (low[:, 0] <= box[2]) & (high_ends[:, 0] >= box[0]) & (low[:, 1] <= box[3]) & (high_ends[:, 1] >= box[1])
    found = index.rows[index.touching(box)]
    assert sorted(found.tolist()) == np.flatnonzero(wanted).tolist()
    assert index.count(box) >= len(found)


def test_an_index_holds_the_pieces_it_was_given_in_levels_by_length() -> None:
    assert np.array_equal(INDEX.pieces, PIECES[INDEX.rows])
    assert len(INDEX.levels) > 1
    assert len(index_of_pieces(np.zeros((0, 4)))) == 0
    assert isinstance(INDEX.near((-1e4, -1e4, 1e4, 1e4)), slice)


@given(side, side, st.floats(0, 900), st.floats(0, 900))
def test_the_runs_of_a_box_hold_its_points(left: float, bottom: float, wide: float, high: float) -> None:
    index = index_of_points(MIDDLES)
    runs = index.runs((left, bottom, left + wide, bottom + high))
    found = np.concatenate([index.xy[a:b] for a, b in runs]) if runs else np.zeros((0, 2))
    inside = (np.abs(MIDDLES - (left + wide / 2, bottom + high / 2)) <= (wide / 2, high / 2)).all(axis=1)
    assert {tuple(place) for place in MIDDLES[inside].tolist()} <= {tuple(place) for place in found.tolist()}
    assert len(found) <= len(MIDDLES)


def test_one_place_many_times_is_one_cell() -> None:
    index = index_of_points(np.full((50, 2), 7.0))
    assert index.runs((7, 7, 7, 7)) == [(0, 50)]
    assert index.runs((80, 80, 90, 90)) == []
    assert index_of_points(np.zeros((0, 2))).runs((0, 0, 1, 1)) == []


def test_the_unit_at_a_place_is_the_one_whose_polygon_holds_it() -> None:
    units = town(14, 10, 2).units
    assert units is not None
    tree = shapely.STRtree(unit_polygons(units))
    rng = np.random.default_rng(3)
    low, high = units.xy.min(axis=0) - 40, units.xy.max(axis=0) + 40
    level = np.column_stack((rng.uniform(low[0], high[0], 60), rng.choice(units.xy[:, 1], 60)))  # at the height of a node
    for x, y in np.concatenate((rng.uniform(low, high, (200, 2)), units.xy[::3], level)).tolist():
        hit = tree.query(shapely.Point(x, y), predicate="intersects")
        assert unit_at(units, x, y) == (hit.min() if len(hit) else -1)
    assert len(border_index(units)) == len(units.ends)
