"""Which basic units are neighbours, from the borders between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.sums import group_sums


@dataclass(frozen=True, eq=False)
class Adjacency:
    """Pairs of neighbouring units, each once: `low` < `high` (p,), `length` and `cost` (p,) of their common border.

    `crossable` (p,) is False where the whole common border is blocked: such units are no neighbours for contiguity, but a
    district that holds both has no boundary between them.
    """

    low: NDArray[np.signedinteger[Any]]
    high: NDArray[np.signedinteger[Any]]
    length: NDArray[np.float64]
    cost: NDArray[np.float64]
    crossable: NDArray[np.bool_]


def adjacency(
    left: NDArray[np.signedinteger[Any]],
    right: NDArray[np.signedinteger[Any]],
    length: NDArray[np.float64],
    cost: NDArray[np.float64],
    blocked: NDArray[np.bool_],
    count: int,
) -> Adjacency:
    """Return the neighbour pairs of `count` units from border pieces (m,), sides below 0 being outside."""
    inner = (left >= 0) & (right >= 0)
    low = np.minimum(left, right)[inner].astype(np.int64)
    high = np.maximum(left, right)[inner].astype(np.int64)
    key, index = np.unique(low * count + high, return_inverse=True)
    free = group_sums(index, ~blocked[inner], len(key)) > 0
    return Adjacency(
        (key // count).astype(np.int32),
        (key % count).astype(np.int32),
        group_sums(index, length[inner], len(key)),
        group_sums(index, cost[inner], len(key)),
        free,
    )
