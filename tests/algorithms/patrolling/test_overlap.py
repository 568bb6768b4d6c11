import itertools

import numpy as np

from algorithms.patrolling.overlap import least_overlapping, overlap_table


def test_overlap_is_the_shared_metres_of_all_metres():
    rng = np.random.default_rng(1)
    sets, metres = rng.random((6, 40)) < 0.4, rng.uniform(10, 200, 40)
    table = overlap_table(sets, metres)
    for i, j in itertools.product(range(6), repeat=2):
        both, either = metres[sets[i] & sets[j]].sum(), metres[sets[i] | sets[j]].sum()
        assert np.isclose(table[i, j], both / either)
    assert (overlap_table(np.zeros((2, 3), bool), np.ones(3)) == 1.0).all()  # two plans that drive nothing freely are the same


def test_the_rows_kept_are_nearly_as_unlike_as_the_best_of_all_choices():
    rng = np.random.default_rng(2)
    found, best = [], []
    for _ in range(10):
        table = overlap_table(rng.random((9, 30)) < 0.4, np.ones(30))
        rows = least_overlapping(table, 4)
        assert rows[0] == 0
        assert list(rows[1:]) == sorted(set(rows[1:]))
        found.append(_worst(table, rows))
        best.append(min(_worst(table, (0, *others)) for others in itertools.combinations(range(1, 9), 3)))
    assert np.mean(found) <= 1.03 * np.mean(best)
    assert sum(a <= b + 1e-9 for a, b in zip(found, best, strict=True)) >= 6


def test_rows_given_first_are_only_exchanged_for_better_ones():
    table = overlap_table(np.eye(4, dtype=bool)[[0, 0, 1, 2]], np.ones(4))  # rows 0 and 1 are the same
    assert least_overlapping(table, 3, (0, 1)).tolist() == [0, 2, 3]
    assert least_overlapping(table, 9).tolist() == [0, 1, 2, 3]


def _worst(table, rows):
    return max(table[i, j] for i, j in itertools.combinations(rows, 2))
