"""What a project holds, flat: a path for every value; made by the program of each version for its fixture, and by today's to compare.

Stands on numpy and shapely alone, so that it runs beside the program of any version.
"""

import dataclasses
from enum import Enum
from zlib import crc32

import numpy as np
import shapely


def facts_of(value, place=""):
    """Return path → what is there: numbers and texts as they are, arrays as kind, shape, sum and CRC of their bytes."""
    found = {}
    _collect(value, place, found)
    return found


def _collect(value, place, found):
    if dataclasses.is_dataclass(value):
        found[f"{place}:"] = type(value).__name__
        for part in dataclasses.fields(value):
            _collect(getattr(value, part.name), f"{place}.{part.name}" if place else part.name, found)
    elif isinstance(value, np.ndarray):
        found[place] = _array(value)
    elif isinstance(value, Enum):
        found[place] = value.name
    elif hasattr(value, "items"):
        found[f"{place}:"] = [repr(key) for key in value]
        for key, item in value.items():
            _collect(item, f"{place}[{key!r}]", found)
    elif isinstance(value, tuple | list):
        found[f"{place}:"] = len(value)
        for row, item in enumerate(value):
            _collect(item, f"{place}[{row}]", found)
    else:
        found[place] = repr(value)


def _array(values):
    if values.dtype != object:
        data = np.ascontiguousarray(values).tobytes()
        total = float(values.sum()) if values.dtype.kind in "fiub" else 0.0
        return [values.dtype.str, list(values.shape), repr(total), crc32(data)]
    if all(isinstance(item, str) for item in values.flat):
        return ["text", list(values.shape), ",".join(values.ravel()[:3].tolist()), crc32("\0".join(values.ravel().tolist()).encode())]
    return ["shapes", list(values.shape), repr(float(shapely.area(values).sum())), crc32(b"".join(shapely.to_wkb(values).tolist()))]
