"""Which communities of a province are planned together."""

import numpy as np
import shapely

from gridplanner.code_profiles import profile_of
from gridplanner.model.places import Communities, texts
from gridplanner.planning.chunks import chunks_of


def row_of_squares(codes: list[str]) -> Communities:
    shapes = shapely.box(np.arange(len(codes)) * 10.0, 0, np.arange(len(codes)) * 10.0 + 10, 10)
    return Communities(shapes, texts(codes), texts(codes), texts([""] * len(codes)))


def chunks(codes: list[str], households: list[float], most: float, profile: str = "DB11/T 2157") -> list[list[int]]:
    return [rows.tolist() for rows in chunks_of(row_of_squares(codes), np.array(households), profile_of(profile), most)]


OFFICES = [f"62080200{office}00{number}" for office in (1, 2) for number in range(4)]


def test_every_community_is_in_one_chunk_and_no_chunk_holds_too_much():
    found = chunks(OFFICES, [10.0] * 8, 25.0)
    assert sorted(row for rows in found for row in rows) == list(range(8))
    assert max(len(rows) for rows in found) == 2


def test_a_street_office_stays_whole_where_it_may():
    assert chunks(OFFICES, [10.0] * 8, 50.0) == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_a_community_that_is_too_large_is_a_chunk_of_its_own():
    assert [0] in chunks(OFFICES, [99.0, *[10.0] * 7], 50.0)


def test_land_where_nobody_lives_goes_with_the_nearest_chunk():
    held = [30.0, 0.0, 0.0, 30.0, 30.0, 30.0, 30.0, 0.0]
    found = chunks(OFFICES, held, 30.0)
    assert [rows for rows in found if 7 in rows] == [[6, 7]]
    assert all(any(held[row] for row in rows) for rows in found)
    assert sorted(row for rows in found for row in rows) == list(range(8))


def test_communities_numbered_together_stay_together_whatever_they_hold():
    codes = ["620802001001", "620802002001", "620802001002", "620802002002"]
    found = chunks(codes, [100.0] * 4, 150.0, "template:{county}{street}{seq:05}")
    assert found == [[0, 2], [1, 3]] or found == [[1, 3], [0, 2]]
