"""Odd-set cuts: which shares they cut off, and that no cover is cut off with them."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from algorithms.districting.odd_cuts import CutProgramme, odd_cuts


def sets_of(*sets, units):
    members = np.zeros((len(sets), units))
    for row, inside in enumerate(sets):
        members[row, list(inside)] = 1
    return csr_array(members)


def ring(units):
    """The sets of two neighbours of a ring."""
    return sets_of(*(sorted((unit, (unit + 1) % units)) for unit in range(units)), units=units)


@pytest.mark.parametrize("units", [3, 5, 7, 9])
def test_half_of_each_pair_of_an_odd_ring_is_cut_off(units):
    cuts = [cut.tolist() for cut in odd_cuts(ring(units), np.full(units, 0.5))]
    assert list(range(units)) in cuts


def test_whole_shares_and_even_rings_are_not_cut():
    assert odd_cuts(ring(6), np.array([1.0, 0, 1, 0, 1, 0])) == []
    assert odd_cuts(ring(6), np.full(6, 0.5)) == []


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_is_below_every_cover_and_reduced_costs_add_up_to_no_more(seed):
    rng = np.random.default_rng(seed)
    sets = {tuple(sorted(rng.choice(9, rng.integers(2, 5), replace=False).tolist())) for _set in range(34)}
    thirds = [tuple(sorted(part.tolist())) for part in np.split(rng.permutation(9), 3)]  # a cover at least
    members = sets_of(*sorted(sets | set(thirds)), units=9)
    cost = rng.uniform(1, 5, members.shape[0])
    programme = CutProgramme(members, cost, 3)
    programme.tighten()
    full = members.toarray()
    for rows in combinations(range(len(cost)), 3):
        if (full[list(rows)].sum(axis=0) == 1).all():
            assert programme.bound + programme.reduced[list(rows)].sum() <= cost[list(rows)].sum() + 1e-6


def test_cuts_raise_the_bound_where_halves_are_cheap():
    # two rings of five: half of every pair costs 5, but whole pairs leave a unit of each ring, which only a dear pair across holds
    around = [tuple(sorted((first + unit, first + (unit + 1) % 5))) for first in (0, 5) for unit in range(5)]
    across = [(unit, 5 + unit) for unit in range(5)]
    programme = CutProgramme(sets_of(*around, *across, units=10), np.array([1.0] * 10 + [10.0] * 5), 5)
    shares = programme._solve()
    assert programme.bound == pytest.approx(5.0, abs=1e-4)
    assert sorted(set(shares.round(6).tolist())) == [0.0, 0.5]
    programme.tighten()
    assert programme.bound == pytest.approx(14.0, abs=1e-4)
