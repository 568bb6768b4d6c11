"""How much of their way plans of one patrol have in common, and which of many plans have least."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.patrolling.problem import PatrolProblem, PatrolRoute


def free_streets(problem: PatrolProblem, routes: Sequence[PatrolRoute]) -> Bools:
    """Return which edges routes drive that nothing requires, (edges,): those that another plan may do without."""
    driven = np.zeros(problem.graph.edge_count, bool)
    for route in routes:
        driven[route.arcs // 2] = True
    driven[problem.streets.edge] = False
    return driven


def overlap_table(sets: Bools, metres: Floats) -> Floats:
    """Return the Jaccard overlap by metres of every two of n sets of edges, (n, n): 1 on the diagonal and for two empty sets.

    >>> overlap_table(np.array([[True, True, False], [False, True, True]]), np.array([50.0, 100.0, 50.0]))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    used = sets.any(axis=0)
    rows = sets[:, used].astype(np.float64)
    common = (rows * metres[used]) @ rows.T
    own = np.diag(common)
    union = own[:, None] + own[None, :] - common
    return np.where(union > 0, common / np.where(union > 0, union, 1.0), 1.0)


def least_overlapping(table: Floats, count: int, first: Sequence[int] = (0,)) -> Ints:
    """Return `count` rows of a table of overlaps whose worst overlap, and then the mean, is small; row first[0] is one of them.

    To the rows `first` those are added that overlap least with what is chosen, then single rows are exchanged while that helps.
    The first row comes first, the rest in rising order.
    """
    n = len(table)
    apart = table.copy()
    np.fill_diagonal(apart, 0.0)
    chosen = list(first)
    while len(chosen) < min(count, n):
        rest = np.setdiff1d(np.arange(n), chosen)
        near = apart[rest][:, chosen]
        chosen.append(int(rest[np.lexsort((near.mean(axis=1), near.max(axis=1)))[0]]))
    best = _worth(apart, chosen)
    improved = True
    while improved and len(chosen) < n:
        improved = False
        for place in range(1, len(chosen)):
            for row in np.setdiff1d(np.arange(n), chosen).tolist():
                other = [*chosen[:place], row, *chosen[place + 1 :]]
                worth = _worth(apart, other)
                if worth < best:
                    chosen, best, improved = other, worth, True
    return np.array([chosen[0], *sorted(chosen[1:])], np.int64)


def _worth(apart: Floats, rows: list[int]) -> tuple[float, float]:
    part = apart[rows][:, rows]
    return round(float(part.max()), 9), round(float(part.mean()), 9)
