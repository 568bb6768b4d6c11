from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algorithms.network.polylines import polyline_lengths
from algorithms.railguard.chainage import measures, metres_of, pieces, points_at


def crooked(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.cumsum(rng.uniform(1, 50, (rng.integers(2, 12), 2)), axis=0)  # always onward, so that places are unique


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_the_place_at_so_many_metres_lies_at_so_many_metres(seed, shares):
    line = crooked(seed)
    metres = np.array(shares) * measures(line)[-1]
    found, distance = metres_of(line, points_at(line, metres))
    assert found == pytest.approx(metres, abs=1e-6)
    assert distance == pytest.approx(np.zeros(len(metres)), abs=1e-6)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 12))
def test_pieces_tile_the_line(seed, count):
    line = crooked(seed)
    total = measures(line)[-1]
    cuts = np.unique(np.concatenate(([0.0], np.random.default_rng(seed).uniform(0, total, count - 1), [total])))
    coords, offsets = pieces(line, cuts[:-1], cuts[1:])
    assert polyline_lengths(coords, offsets) == pytest.approx(np.diff(cuts), abs=2e-5)
    assert np.array_equal(coords[offsets[1:-1]], coords[offsets[1:-1] - 1])
    assert np.array_equal(coords[[0, -1]], line[[0, -1]])
    kept = {tuple(point) for point in coords.tolist()}
    assert sum(tuple(point) in kept for point in line.tolist()) >= len(line) - count  # only a vertex at a cut may go


def test_a_piece_may_end_on_a_vertex_and_must_have_a_length():
    line = np.array([[0, 0], [10, 0], [20, 0], [20, 5]], float)
    assert pieces(line, [10], [20])[0].tolist() == [[10, 0], [20, 0]]
    assert pieces(line, [5], [99])[0].tolist() == [[5, 0], [10, 0], [20, 0], [20, 5]]
    with pytest.raises(ValueError, match="length"):
        pieces(line, [7], [7])


def test_a_point_beside_the_line_is_measured_to_its_foot():
    metres, distance = metres_of(np.array([[0, 0], [100, 0]], float), [[30, 4], [-3, 4]])
    assert (metres.tolist(), distance.tolist()) == ([30.0, 0.0], [4.0, 5.0])
