"""What differs between two arrays: a few places, a piece between a common head and tail, or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from operator import is_not
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridplanner.io.keeping.exactly import SAME, bits, same, same_arrays

Array = NDArray[Any]
Op = Any
_ROOM = 4  # bytes that a changed place costs beside its value, about


def array_op(a: object, b: Array, arrays: list[Array]) -> Op:
    """Return what makes array `b` of `a`, whatever that is; values go to `arrays`."""
    if not isinstance(a, np.ndarray) or a.dtype != b.dtype or a.ndim != b.ndim or not a.ndim or a.shape[1:] != b.shape[1:]:
        return ["a", _kept(b, arrays)]
    if same_arrays(a, b):
        return SAME
    wide, size = int(np.prod(b.shape[1:], dtype=np.int64)), b.dtype.itemsize
    if not wide or (b.dtype != object and size not in (1, 2, 4, 8)):
        return ["a", _kept(b, arrays)]
    one, other = _values(a), _values(b)
    least = min(a.size, b.size)
    places = _changed(one[:least], other[:least])
    sparse = len(places) * (_ROOM + size) + size * (b.size - least)
    head = (int(places[0]) if len(places) else least) // wide
    tail = 0
    if a.shape != b.shape:
        most = min(len(a), len(b)) - head
        from_end = _changed(one[one.size - most * wide :], other[other.size - most * wide :]) if most else np.zeros(0, np.int64)
        tail = (most * wide - 1 - int(from_end[-1])) // wide if len(from_end) else most
    splice = (len(b) - head - tail) * wide * size
    if min(sparse, splice) >= 0.9 * size * b.size:
        return ["a", _kept(b, arrays)]
    if sparse <= splice or a.shape == b.shape:
        steps = np.diff(places, prepend=0)
        flat = b.reshape(-1)
        return ["x", len(a), len(b), *(_kept(part, arrays) for part in (_short(steps), flat[places], flat[least:]))]
    return ["p", len(a), head, tail, _kept(b[head : len(b) - tail], arrays)]


def array_after(a: Any, code: str, op: Op, arrays: Sequence[Array]) -> Array:
    """Return what an operation of `array_op` makes of `a`; raises ValueError where it was made from another array."""
    if code == "a":
        made: Array = arrays[op[1]]
    else:
        if not isinstance(a, np.ndarray) or not a.ndim or len(a) != op[1]:
            raise ValueError("an array is of another size")
        if code == "x":
            made = _spread(a, op[2], arrays[op[3]], arrays[op[4]], arrays[op[5]])
        elif code == "p":
            head, tail, middle = op[2], op[3], arrays[op[4]]
            if head < 0 or tail < 0 or head + tail > len(a) or middle.dtype != a.dtype:
                raise ValueError("a piece of an array does not fit")
            made = np.concatenate((a[:head], middle, a[len(a) - tail :]))
        else:
            raise ValueError(f"{code} is not known")
    if made.flags.writeable:
        made.setflags(write=False)
    return made


def _spread(a: Array, length: int, steps: Array, values: Array, rest: Array) -> Array:
    wide = int(np.prod(a.shape[1:], dtype=np.int64))
    places = np.cumsum(steps.astype(np.int64))
    least = min(len(a), length) * wide
    if length < 0 or places.min(initial=0) < 0 or places.max(initial=-1) >= least or {values.dtype, rest.dtype} != {a.dtype}:
        raise ValueError("places outside of an array")
    if values.shape != places.shape or rest.shape != (length * wide - least,):  # one value would be repeated
        raise ValueError("values of another number")
    made = np.empty(length * wide, a.dtype)
    made[:least] = a.reshape(-1)[:least]
    made[places] = values
    made[least:] = rest
    shaped: Array = made.reshape(length, *a.shape[1:])
    return shaped


def _values(array: Array) -> Array:
    """Return the values one after the other, those of numbers as their bits."""
    flat: Array = array.reshape(-1) if array.dtype == object else bits(array)
    return flat


def _changed(one: Array, other: Array) -> NDArray[np.int64]:
    if one.dtype != object:
        return np.flatnonzero(one != other)
    a, b = one.tolist(), other.tolist()
    return np.array([k for k in compress(range(len(a)), map(is_not, a, b)) if not same(a[k], b[k])], np.int64)


def _short(steps: NDArray[np.int64]) -> Array:
    """Return whole numbers from 0 on in the smallest type that holds them."""
    return steps.astype(np.min_scalar_type(int(steps.max(initial=0))))


def _kept(array: Array, arrays: list[Array]) -> int:
    arrays.append(array)
    return len(arrays) - 1
