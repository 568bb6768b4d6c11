"""The heaviest matching of two sides of a sparse bipartite graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Ints = NDArray[np.signedinteger[Any]]


def heaviest_matching(left: Ints, right: Ints, weight: NDArray[np.float64], count: tuple[int, int]) -> Ints:
    """Return for each of `count[0]` left nodes its right node in a matching of greatest total weight, -1 for none, (count[0],).

    Edge i joins `left[i]` and `right[i]`, each pair once, with a weight above 0. Every left node may also stay alone: it has a node
    of its own on the right that weighs next to nothing, so that a full matching exists (Jonker and Volgenant 1987, as scipy has it).

    >>> heaviest_matching(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([5.0, 4.0, 4.0]), (2, 2)).tolist()
    [1, 0]
    """
    lefts, rights = count
    if not len(left):
        return np.full(lefts, -1, np.int32)
    alone = np.arange(lefts)
    least = float(weight.min()) / (4 * lefts)  # all of them together weigh less than any edge
    data = np.concatenate((weight, np.full(lefts, least)))
    rows, columns = np.concatenate((left, alone)), np.concatenate((right, rights + alone))
    graph = csr_matrix((data, (rows, columns)), shape=(lefts, rights + lefts))
    found_rows, found = min_weight_full_bipartite_matching(graph, maximize=True)
    out = np.full(lefts, -1, np.int32)
    out[found_rows] = np.where(found < rights, found, -1)
    return out
