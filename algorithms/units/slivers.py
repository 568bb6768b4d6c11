"""Slivers joined to a neighbour: what is too small or too thin to be a basic unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.sums import group_sums

MIN_AREA = 300.0  # square metres
MIN_WIDTH = 8.0  # metres, twice the area by the perimeter
ASIDE = np.array([0.6, 0.8])  # north-east, and along no street of a town laid out by the compass or its diagonals


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
    island: NDArray[np.bool_] | None = None,
    middle: NDArray[np.float64] | None = None,
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
    island
        (f,) faces that join whatever their size: strips between two carriageways, insides of roundabouts. Of neighbours that share half
        as much with one as the longest does, it joins the one to the north-east, so that a strip that streets cross takes one side
        all along; `middle` (m, 2) are the places of the border pieces.
    """
    label = np.arange(len(area), dtype=np.int32)
    alone = np.zeros(len(area), bool) if island is None else island
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
        odd = np.ones(count, bool)
        odd[label[~alone]] = False
        thin = odd | (total < min_area) | (2 * total < min_width * rim)
        pair = edge & (one >= 0) & (other >= 0) & ~wall
        pair[pair] = of[one[pair]] == of[other[pair]]
        low, high = np.minimum(one[pair], other[pair]).astype(np.int64), np.maximum(one[pair], other[pair]).astype(np.int64)
        key, index = np.unique(low * count + high, return_inverse=True)
        shared = group_sums(index, length[pair], len(key))
        a = np.concatenate((key // count, key % count))
        b = np.concatenate((key % count, key // count))
        shared = np.concatenate((shared, shared))
        if middle is not None and odd.any():
            shared = _one_sided(a, shared, odd, _ahead(index, length[pair], middle[pair], len(key)))
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


def _ahead(
    index: NDArray[np.signedinteger[Any]], length: NDArray[np.float64], middle: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """Return how far to the north-east the border of each pair lies, once for either side, (2 count,)."""
    whole = np.maximum(group_sums(index, length, count), 1e-9)
    far = group_sums(index, length * (middle @ ASIDE), count) / whole
    return np.concatenate((far, far))


def _one_sided(
    a: NDArray[np.signedinteger[Any]], shared: NDArray[np.float64], odd: NDArray[np.bool_], ahead: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return shared lengths with the border of each island that lies farthest ahead, of those half as long as its longest, made longest."""
    longest = np.zeros(len(odd))
    np.maximum.at(longest, a, shared)
    fair = np.flatnonzero(odd[a] & (shared >= longest[a] / 2))
    order = fair[np.lexsort((ahead[fair], a[fair]))]
    last = order[np.append(a[order[1:]] != a[order[:-1]], True)] if len(order) else order
    out = shared.copy()
    out[last] = longest[a[last]] + 1.0
    return out
