import itertools

import numpy as np
import pytest

from algorithms.checkpoints.min_cut import min_cut


@pytest.mark.parametrize("seed", range(40))
def test_no_other_split_of_a_small_network_costs_less(seed):
    rng = np.random.default_rng(seed)
    n, m = 7, int(rng.integers(6, 16))
    u, v = rng.integers(0, n, m), rng.integers(0, n, m)
    cost = rng.integers(0, 9, m)
    side = np.array([1, 1, 0, 0, 0, 0, -1])
    found = min_cut(u, v, cost, side)
    best = min(
        int(cost[inner[u] != inner[v]].sum())
        for free in itertools.product((False, True), repeat=4)
        for inner in [np.array([True, True, *free, False])]
    )
    assert found.value == found.flow == best
    assert found.inside[:2].all()
    assert not found.inside[6]
    assert found.edges.tolist() == np.flatnonzero(found.inside[u] != found.inside[v]).tolist()


def test_of_two_cuts_as_cheap_the_inner_one_is_taken():
    cut = min_cut(np.array([0, 1]), np.array([1, 2]), np.array([4, 4]), np.array([1, 0, -1]))
    assert cut.edges.tolist() == [0]


def test_sides_that_are_not_joined_need_no_cut():
    cut = min_cut(np.array([0]), np.array([1]), np.array([3]), np.array([1, 0, -1]))
    assert (cut.edges.tolist(), cut.value, cut.flow) == ([], 0, 0)
    assert min_cut(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int), np.array([1, -1])).flow == 0


def test_capacities_that_no_flow_can_count_are_refused():
    for cost in ([-1], [2**62]):
        with pytest.raises(ValueError, match="capacities"):
            min_cut(np.array([0]), np.array([1]), np.array(cost), np.array([1, -1]))
