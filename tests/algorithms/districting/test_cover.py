"""Exact covers found with nothing to start from, and what is said where there is none."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from algorithms.districting import cover
from algorithms.districting.cover import cheapest_cover, no_fractional_cover


def sets_of(*sets, units):
    members = np.zeros((len(sets), units))
    for row, inside in enumerate(sets):
        members[row, list(inside)] = 1
    return csr_array(members)


TRIANGLES = sets_of((0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), units=6)


def cheapest_by_trying(members, cost, count):
    full = members.toarray()
    found = [sum(cost[list(rows)]) for rows in combinations(range(len(cost)), count) if (full[list(rows)].sum(axis=0) == 1).all()]
    return min(found, default=np.inf)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("whole", [0, 9_000])
def test_the_cheapest_cover_is_the_one_that_trying_all_finds(seed, whole, monkeypatch):
    monkeypatch.setattr(cover, "WHOLE", whole)  # 0: by reduced cost, a few sets first
    monkeypatch.setattr(cover, "FIRST", 8)
    rng = np.random.default_rng(seed)
    sets = {tuple(sorted(rng.choice(8, rng.integers(2, 4), replace=False).tolist())) for _set in range(28)}
    members, cost = sets_of(*sorted(sets), units=8), rng.uniform(1, 5, len(sets))
    for count in (3, 4):
        found = cheapest_cover(members, cost, count)
        least = cheapest_by_trying(members, cost, count)
        assert found.value == pytest.approx(least)
        assert found.impossible == np.isinf(least)
        if found.rows is not None:
            assert found.proven
            assert len(found.rows) == count
            assert (members[found.rows].sum(axis=0) == 1).all()
        elif no_fractional_cover(members, count):
            assert np.isinf(least)


def test_halves_of_sets_cover_what_whole_ones_cannot():
    assert not no_fractional_cover(TRIANGLES, 3)
    assert cheapest_cover(TRIANGLES, np.ones(6), 3).impossible


def test_a_count_that_no_parts_come_to_and_a_unit_in_no_set_are_impossible():
    assert no_fractional_cover(TRIANGLES, 2)
    assert no_fractional_cover(TRIANGLES, 4)
    alone = sets_of((0, 1), units=3)
    assert no_fractional_cover(alone, 1)
    assert cheapest_cover(alone, np.ones(1), 1).impossible


def test_any_cover_will_do_where_only_one_is_asked_for():
    members = sets_of((0, 1), (2, 3), (0, 2), (1, 3), units=4)
    found = cheapest_cover(members, np.array([1.0, 1.0, 9.0, 9.0]), 2, any_will_do=True)
    assert (members[found.rows].sum(axis=0) == 1).all()
    assert found.bound <= 2.0 + 1e-6
