"""Codes: twelve digits of the community and a sequence from west to east, north to south."""

import numpy as np
import pytest

from gridplanner.errors import InputError
from gridplanner.model.places import texts
from gridplanner.planning.codes import grid_codes, reading_order

#  places drawn as a planner would number them:
#    1 2 3
#    4   5
XY = np.array([[200.0, 100.0], [0.0, 110.0], [0.0, 0.0], [100.0, 95.0], [210.0, 5.0]])


def test_places_are_numbered_like_words_on_a_page():
    assert reading_order(XY, np.full(5, 100.0**2)).tolist() == [1, 3, 0, 2, 4]


def test_codes_are_distinct_and_start_with_their_community():
    codes, number = grid_codes(XY, np.full(5, 1e4), np.array([0, 0, 0, 1, 1]), texts(["620802001001", "620802001002"]), texts(["甲", "乙"]))
    assert codes.tolist() == ["620802001001002", "620802001001001", "620802001001003", "620802001002001", "620802001002002"]
    assert number.tolist() == [2, 1, 3, 1, 2]


def test_a_thousand_grids_in_one_community_are_refused():
    xy = np.random.default_rng(0).random((1000, 2)) * 1e4
    with pytest.raises(InputError, match="999"):
        grid_codes(xy, np.ones(1000), np.zeros(1000, int), texts(["620802001001"]), texts(["甲"]))
