"""Codes: twelve digits of the community and a sequence from west to east, north to south."""

import numpy as np
import pytest

from gridplanner.code_profiles import profile_of
from gridplanner.errors import InputError
from gridplanner.model.codes import check_room, next_codes, reading_order
from gridplanner.model.places import texts

#  places drawn as a planner would number them:
#    1 2 3
#    4   5
XY = np.array([[200.0, 100.0], [0.0, 110.0], [0.0, 0.0], [100.0, 95.0], [210.0, 5.0]])
AREAS, NAMES = texts(["620802001001", "620802001002"]), texts(["甲", "乙"])
DB11, CJ = profile_of("DB11/T 2157"), profile_of("CJ/T 349")


def test_places_are_numbered_like_words_on_a_page():
    assert reading_order(XY, np.full(5, 100.0**2)).tolist() == [1, 3, 0, 2, 4]


def test_codes_are_distinct_and_start_with_their_community():
    found = next_codes(DB11, XY, np.full(5, 1e4), np.array([0, 0, 0, 1, 1]), AREAS, NAMES)
    assert found.code.tolist() == ["620802001001002", "620802001001001", "620802001001003", "620802001002001", "620802001002002"]
    assert found.number.tolist() == [2, 1, 3, 1, 2]


def test_twenty_digits_hold_the_object_and_two_digits_of_number():
    found = next_codes(profile_of("CJ/T 349:020100"), XY, np.full(5, 1e4), np.array([0, 0, 0, 0, 1]), AREAS, NAMES)
    assert found.code.tolist() == [f"020100620802001001{n}" for n in ("03", "01", "04", "02")] + ["02010062080200100200"]
    assert found.number.tolist() == [3, 1, 4, 2, 0]


NONE = np.zeros(2, np.int64)


def test_room_is_checked_before_there_are_grids():
    check_room(DB11, np.array([999, 1]), NONE, AREAS, NAMES)
    check_room(CJ, np.array([99, 1]), NONE, AREAS, NAMES)
    with pytest.raises(InputError, match="乙 has 100 grids; a code of CJ/T 349 has room for 99"):
        check_room(CJ, np.array([99, 100]), NONE, AREAS, NAMES)


def test_room_is_that_of_all_communities_that_are_numbered_together():
    together = profile_of("template:{street}{seq:02}")
    check_room(together, np.array([50, 49]), NONE, AREAS, NAMES)
    with pytest.raises(InputError, match="甲 … has 100 grids"):
        check_room(together, np.array([50, 50]), NONE, AREAS, NAMES)


def test_exclusive_grids_have_room_of_their_own_where_the_code_shows_the_kind():
    apart = profile_of("template:{community}{kind:JZ}{seq:01}")
    check_room(apart, np.array([12, 9]), np.array([3, 0]), AREAS, NAMES)
    with pytest.raises(InputError, match="甲 has 10 grids"):
        check_room(apart, np.array([12, 9]), np.array([2, 0]), AREAS, NAMES)
    with pytest.raises(InputError, match="甲 has 12 grids"):
        check_room(profile_of("template:{community}{seq:01}"), np.array([12, 9]), np.array([3, 0]), AREAS, NAMES)
