"""Slivers joined to a neighbour: what is too small or too thin to be a basic unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.sums import group_sums

MIN_AREA = 300.0  # square metres
MIN_WIDTH = 8.0  # metres, twice the area by the perimeter


def join_slivers(
    left: NDArray[np.signedinteger[Any]],
    right: NDArray[np.signedinteger[Any]],
    length: NDArray[np.float64],
    area: NDArray[np.float64],
    group: NDArray[np.signedinteger[Any]],
    wall: NDArray[np.bool_],
    min_area: float = MIN_AREA,
    min_width: float = MIN_WIDTH,
    rounds: int = 8,
) -> NDArray[np.signedinteger[Any]]:
    """Return new labels 0 … of faces after every sliver joined the neighbour of its group with the longest shared border.

    Parameters
    ----------
    left, right
        (m,) face on either side of each border piece, below 0 outside.
    length
        (m,) metres.
    area
        (f,) square metres.
    group
        (f,) faces of different groups (communities) never join.
    wall
        (m,) border pieces across which nothing joins (rivers, railways).
    """
    label = np.arange(len(area), dtype=np.int32)
    for _round in range(rounds):
        count = int(label.max(initial=-1)) + 1
        one = np.where(left >= 0, label[left], -1)
        other = np.where(right >= 0, label[right], -1)
        total = group_sums(label, area, count)
        of = np.zeros(count, np.int32)
        of[label] = group
        edge = one != other
        rim = group_sums(one[edge & (one >= 0)], length[edge & (one >= 0)], count)
        rim += group_sums(other[edge & (other >= 0)], length[edge & (other >= 0)], count)
        thin = (total < min_area) | (2 * total < min_width * rim)
        pair = edge & (one >= 0) & (other >= 0) & ~wall
        pair[pair] = of[one[pair]] == of[other[pair]]
        low, high = np.minimum(one[pair], other[pair]).astype(np.int64), np.maximum(one[pair], other[pair]).astype(np.int64)
        key, index = np.unique(low * count + high, return_inverse=True)
        shared = group_sums(index, length[pair], len(key))
        a = np.concatenate((key // count, key % count))
        b = np.concatenate((key % count, key // count))
        shared = np.concatenate((shared, shared))
        mine = thin[a]
        a, b, shared = a[mine], b[mine], shared[mine]
        if not len(a):
            break
        order = np.lexsort((total[b], shared, a))
        best = np.full(count, -1, np.int64)
        best[a[order]] = b[order]  # the longest is written last
        sliver = np.flatnonzero(best >= 0)
        label = components(count, sliver, best[sliver])[label]
    return label
