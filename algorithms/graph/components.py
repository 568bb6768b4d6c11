"""Connected components in numpy alone: the desktop need not wait for a larger library to say what hangs together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def components(count: int, a: NDArray[np.integer], b: NDArray[np.integer]) -> NDArray[np.signedinteger[Any]]:
    """Return a component number 0 … for each of `count` nodes joined by the pairs (a, b), numbered by their first node.

    Roots hook onto the smaller of two, then paths are compressed (Shiloach and Vishkin 1982).

    >>> components(4, np.array([2]), np.array([0])).tolist()
    [0, 1, 0, 2]
    """
    label = np.arange(count)
    while True:
        one, other = label[a], label[b]
        apart = one != other
        if not apart.any():
            break
        a, b, one, other = a[apart], b[apart], one[apart], other[apart]
        np.minimum.at(label, np.maximum(one, other), np.minimum(one, other))
        while True:
            further = label[label]
            if np.array_equal(further, label):
                break
            label = further
    return np.unique(label, return_inverse=True)[1].astype(np.int32)
