"""Codes: twelve digits of the community and a sequence from west to east, north to south."""

import numpy as np
import pytest

from gridplanner.code_profiles import profile_of
from gridplanner.errors import InputError
from gridplanner.model.places import texts
from gridplanner.planning.codes import check_room, grid_codes, reading_order

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


def test_twenty_digits_hold_the_object_and_two_digits_of_number():
    areas = texts(["620802001001", "620802001002"])
    profile = profile_of("CJ/T 349:020100")
    codes, number = grid_codes(XY, np.full(5, 1e4), np.array([0, 0, 0, 0, 1]), areas, texts(["甲", "乙"]), profile)
    assert codes.tolist() == [f"020100620802001001{n}" for n in ("03", "01", "04", "02")] + ["02010062080200100200"]
    assert number.tolist() == [3, 1, 4, 2, 1]


def test_room_is_checked_before_there_are_grids():
    names, areas = texts(["甲", "乙"]), texts(["620802001001", "620802001002"])
    check_room(np.array([999, 1]), names)
    check_room(np.array([99, 1]), names, profile_of("CJ/T 349"))
    with pytest.raises(InputError, match="乙 has 100 grids; a code of CJ/T 349 has room for 99"):
        check_room(np.array([99, 100]), names, profile_of("CJ/T 349"))
    together = profile_of("template:{street}{seq:02}")
    check_room(np.array([50, 49]), names, together, areas)
    with pytest.raises(InputError, match="甲 … has 100 grids"):
        check_room(np.array([50, 50]), names, together, areas)
