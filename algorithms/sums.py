"""Sums of values by group."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def group_sums(group: NDArray[np.signedinteger[Any]], values: NDArray[Any], count: int = 0) -> NDArray[np.float64]:
    """Return the sum of `values` in each of the groups 0 … `count` - 1 (or up to the highest one).

    >>> group_sums(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]), 4).tolist()
    [1.0, 0.0, 5.0, 0.0]
    """
    return np.asarray(np.bincount(group, values, minlength=count), np.float64)
