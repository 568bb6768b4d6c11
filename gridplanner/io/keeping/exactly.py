"""Equality of model values to the last bit: 1 is not 1.0, −0.0 is not 0.0, and NaN is itself."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from itertools import compress, count
from operator import is_not
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SAME = 0  # nothing to do
ATOMS = frozenset((str, int, float, bool, type(None)))


def field_names(kind: Any) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass."""
    return _field_names(kind)


@lru_cache(maxsize=512)
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(part.name for part in dataclasses.fields(kind))


def is_part(value: object) -> bool:
    """Return whether a value is made of others, so that it may be shared: an array, a dataclass, a mapping, a tuple or a list."""
    kind: Any = type(value)
    return _is_made_of_parts(kind)


@lru_cache(maxsize=512)
def _is_made_of_parts(kind: Any) -> bool:
    if issubclass(kind, Enum):
        return False
    return issubclass(kind, np.ndarray | tuple | list | Mapping) or dataclasses.is_dataclass(kind)


def same(a: object, b: object) -> bool:
    """Return whether two values are the same to the last bit."""
    if a is b:
        return True
    if type(a) is not type(b):
        return isinstance(a, Mapping) and isinstance(b, Mapping) and _same_mappings(a, b)
    if isinstance(a, float) and isinstance(b, float):
        return struct.pack("<d", a) == struct.pack("<d", b)
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return same_arrays(a, b)
    if isinstance(a, np.generic) and isinstance(b, np.generic):
        return a.tobytes() == b.tobytes()
    if isinstance(a, shapely.Geometry) and isinstance(b, shapely.Geometry):
        return bool(shapely.to_wkb(a) == shapely.to_wkb(b))
    if isinstance(a, tuple | list) and isinstance(b, tuple | list):
        return len(a) == len(b) and all(same(a[k], b[k]) for k in compress(range(len(a)), map(is_not, a, b)))
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return _same_mappings(a, b)
    if dataclasses.is_dataclass(a) and not isinstance(a, Enum):
        return all(same(getattr(a, name), getattr(b, name)) for name in field_names(type(a)))
    return bool(a == b)


def same_arrays(a: NDArray[Any], b: NDArray[Any]) -> bool:
    """Return whether two arrays have one type, one shape and the same values to the last bit."""
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    if a.dtype == object:
        return same(a.ravel().tolist(), b.ravel().tolist())
    return bool(np.array_equal(bits(a), bits(b)))


def bits(array: NDArray[Any]) -> NDArray[Any]:
    """Return the values of an array of numbers as whole numbers of their bits, one after the other; never a copy where it is in order."""
    flat = np.ascontiguousarray(array).reshape(-1)
    size = flat.dtype.itemsize
    return flat.view(f"u{size}" if size in (1, 2, 4, 8) else "u1")


def _same_mappings(a: Mapping[Any, object], b: Mapping[Any, object]) -> bool:
    return same(list(a), list(b)) and same(list(a.values()), list(b.values()))


def runs(a: Sequence[object], b: Sequence[object]) -> Iterator[range | int]:
    """Yield what `b` is made of, in order: ranges of `a`, and places in `b` of things that `a` has not."""
    head = common(a, b)
    tail = common(a[::-1], b[::-1], min(len(a), len(b)) - head)
    if head:
        yield range(head)
    known: dict[object, int] = {}
    for k in range(head, len(a) - tail):
        known.setdefault(_key(a[k]), k)
    start = stop = 0
    for k in range(head, len(b) - tail):
        if stop > start and stop < len(a) - tail and same(a[stop], b[k]):
            stop += 1
            continue
        if stop > start:
            yield range(start, stop)
        at = known.get(_key(b[k]), -1)
        if at >= 0 and same(a[at], b[k]):
            start, stop = at, at + 1
        else:
            start = stop = 0
            yield k
    if stop > start:
        yield range(start, stop)
    if tail:
        yield range(len(a) - tail, len(a))


def common(a: Sequence[object], b: Sequence[object], most: int | None = None) -> int:
    """Return how many things two sequences begin with in common."""
    limit = min(len(a), len(b)) if most is None else most
    for k in compress(count(), map(is_not, a[:limit], b[:limit])):
        if not same(a[k], b[k]):
            return k
    return limit


def _key(value: object) -> object:
    """Return what is equal for equal things, for a dictionary; equal keys do not yet make the same things."""
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value
