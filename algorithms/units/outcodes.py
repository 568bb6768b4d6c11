"""On which sides of a box places lie: what a line's pieces near a gesture are found by, in one look at all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]


def outcodes(xy: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> Codes:
    """Return for each place (n, 2) a bit for each side of a box that it lies beyond (Cohen and Sutherland's codes).

    A straight piece whose ends share a bit does not touch the box.

    >>> outcodes(np.array([[-1.0, 0.5], [0.5, 2.0], [0.5, 0.5]]), np.zeros(2), np.ones(2)).tolist()
    [1, 8, 0]
    """
    code = np.zeros(len(xy), np.uint8)
    for axis in (0, 1):
        column = xy[:, axis]
        code |= (column < low[axis]).view(np.uint8) << np.uint8(2 * axis)
        code |= (column > high[axis]).view(np.uint8) << np.uint8(2 * axis + 1)
    return code


def may_touch(one: Codes, other: Codes) -> NDArray[np.bool_]:
    """Return which pieces may touch the box, given the codes of their two ends."""
    return np.asarray((one & other) == 0)
