"""Whether two model values hold the very same: by identity where they share it, else part by part."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def same_value(one: object, other: object) -> bool:
    """Return whether two model values are equal to the last bit: every field of dataclasses, also those that no fingerprint is made of."""
    if one is other:
        return True
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and _same_arrays(one, other)
    if type(one) is not type(other):
        return False
    if dataclasses.is_dataclass(one):
        return all(same_value(getattr(one, part.name), getattr(other, part.name)) for part in dataclasses.fields(one))
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same_value(value, other[key]) for key, value in one.items())
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(map(same_value, one, other))
    if isinstance(one, float):
        return one == other or (one != one and other != other)
    return bool(one == other)


def _same_arrays(one: NDArray[Any], other: NDArray[Any]) -> bool:
    if one.shape != other.shape or one.dtype != other.dtype:
        return False
    if one.dtype != object:
        return bool(np.array_equal(one, other, equal_nan=one.dtype.kind == "f"))
    some = next(iter(one.flat), None)
    if isinstance(some, shapely.Geometry):
        return bool(np.array_equal(shapely.to_wkb(one), shapely.to_wkb(other)))
    return bool(np.array_equal(one, other))
