"""The heaviest matching, held against every matching there is."""

import itertools

import numpy as np
import pytest

from algorithms.graph.matching import heaviest_matching


def best_by_enumeration(weights):
    """Return the weight of the best matching of a small table of weights, 0 where nothing joins two nodes."""
    rows, columns = weights.shape
    wide = np.hstack((weights, np.zeros((rows, rows))))
    return max(sum(wide[i, c] for i, c in enumerate(chosen)) for chosen in itertools.permutations(range(rows + columns), rows))


@pytest.mark.parametrize("seed", range(20))
def test_no_matching_is_heavier(seed):
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 5, 2)
    weights = rng.integers(1, 50, (rows, columns)) * (rng.random((rows, columns)) < 0.6)
    left, right = np.nonzero(weights)
    found = heaviest_matching(left, right, weights[left, right].astype(float), (rows, columns))
    chosen = found[found >= 0]
    assert len(set(chosen.tolist())) == len(chosen)
    assert sum(weights[i, c] for i, c in enumerate(found) if c >= 0) == best_by_enumeration(weights)
    assert all(weights[i, c] > 0 for i, c in enumerate(found) if c >= 0)


def test_nothing_in_common_matches_nothing():
    none = np.zeros(0, np.int32)
    assert heaviest_matching(none, none, np.zeros(0), (3, 2)).tolist() == [-1, -1, -1]
