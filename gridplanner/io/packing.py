"""Model values taken apart into arrays and JSON, and put together again to the last bit; what is shared is kept once and shared again."""

from __future__ import annotations

import dataclasses
import math
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner import settings as settings_module
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.model import (
    beats,
    checkpoints,
    duty_data,
    grids,
    issues,
    leases,
    lines,
    mileage,
    patrol,
    places,
    project,
    rail,
    rings,
    roster,
    rules,
    scenarios,
    street_chiefs,
    units,
    zones,
)

Array = NDArray[Any]
Json = Any
Data = bytes | memoryview
_MODULES: tuple[ModuleType, ...] = (
    settings_module, beats, checkpoints, duty_data, grids, issues, leases, lines, mileage, patrol, places, project, rail, rings, roster,
    rules, scenarios, street_chiefs, units, zones,
)  # fmt: skip

# the kinds of arrays that a file holds as they are
_NUMBERS = re.compile(r"[<>|](?:[biufc]\d{1,2}|[US]\d{1,9}|[mM]8(?:\[\d*[A-Za-zμ]{1,2}\])?)")

_PLAIN = (str, int, float, Enum, np.generic)
_LARGE = 1 << 63  # whole numbers beyond are written in another way: the text of a very long one is refused by Python


def _classes_of(modules: Iterable[ModuleType]) -> dict[str, type]:
    """Return the dataclasses and enumerations of the model by name: the only classes that a file can bring to life."""
    found: dict[str, type] = {}
    for module in modules:
        for name, thing in vars(module).items():
            if isinstance(thing, type) and (dataclasses.is_dataclass(thing) or issubclass(thing, Enum)):
                found[name] = thing
    return found


_CLASSES = _classes_of(_MODULES)


def model_class(name: str) -> type:
    """Return a class of the model by its name; raises KeyError where there is none: nothing else comes to life from bytes."""
    return _CLASSES[name]


@dataclasses.dataclass(frozen=True)
class Packed:
    """A value as JSON that refers to `arrays` by name."""

    tree: Json
    arrays: Mapping[str, Array]


def pack(value: object) -> Packed:
    """Return a value taken apart; arrays are named by their place in it, such as households.xy."""
    kept = _Kept({}, {}, {})
    return Packed(_pack(value, "", kept), kept.arrays)


def unpack(packed: Packed) -> object:
    """Return the value that was packed; raises ProjectFileError where its parts do not fit together."""
    return _unpack(packed.tree, packed.arrays, {})


def unpack_part(tree: Json, arrays: Mapping[str, Array], known: dict[str, object]) -> Any:
    """Return the value of a part of a packed tree; `known` are the shared values met so far by their place, and grows.

    Raises ProjectFileError where an array or a shared value is missing, or parts do not fit together.
    """
    return _unpack(tree, arrays, known)


@dataclasses.dataclass(frozen=True)
class _Kept:
    """What was packed so far: arrays by place, the places of arrays and the trees of classes by identity."""

    arrays: dict[str, Array]
    places: dict[int, str]
    trees: dict[int, Json]


def _pack(value: object, place: str, kept: _Kept) -> Json:
    if value is None or type(value) is bool:
        return value
    if type(value) is str:
        return value if _is_whole(value) else {"$odd": value.encode("utf-8", "surrogatepass").hex()}
    if type(value) is int:
        return value if -_LARGE < value < _LARGE else {"$int": hex(value)}
    if type(value) is float:
        return value if math.isfinite(value) else _odd_float(value)
    if isinstance(value, np.ndarray):
        name = kept.places.setdefault(id(value), place)
        kept.arrays[name] = value
        return {"$array": name}
    if isinstance(value, np.generic):
        return _scalar(value)
    if isinstance(value, Enum):
        return {"$enum": type(value).__name__, "value": value.value}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        known = kept.trees.get(id(value))
        if known is not None:
            return {"$same": known.setdefault("$place", place or "/")}
        tree: Json = {"$class": type(value).__name__}
        kept.trees[id(value)] = tree
        names = [part.name for part in dataclasses.fields(value)]
        tree["fields"] = {name: _pack(getattr(value, name), _join(place, name), kept) for name in names}
        return tree
    if isinstance(value, Mapping):
        pairs = enumerate(value.items())
        return {"$map": [[_pack(k, _join(place, f"{i}k"), kept), _pack(v, _join(place, str(i)), kept)] for i, (k, v) in pairs]}
    if isinstance(value, tuple | list):
        kind = "$tuple" if isinstance(value, tuple) else "$list"
        return {kind: [_pack(item, _join(place, str(i)), kept) for i, item in enumerate(value)]}
    raise TypeError(f"{place}: a {type(value).__name__} cannot be saved")


def _is_whole(text: str) -> bool:
    """Return whether a text is without half characters: JSON would make one of two."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _odd_float(value: float) -> Json:
    bits = struct.pack("<d", value)
    return {"$float": repr(value)} if struct.pack("<d", float(repr(value))) == bits else {"$bits": bits.hex()}


def _scalar(value: np.generic) -> Json:
    """Return a number of numpy as JSON, by its bits where JSON does not hold it."""
    kind = value.dtype
    if not _NUMBERS.fullmatch(kind.str):
        raise TypeError(f"a {kind} cannot be saved")
    if kind.kind in "biu" or (kind.kind == "f" and kind.itemsize <= 8 and math.isfinite(float(value))):
        return {"$scalar": kind.str, "value": value.item()}
    return {"$scalar": kind.str, "bits": np.asarray(value).tobytes().hex()}


def _unpack(tree: Json, arrays: Mapping[str, Array], known: dict[str, object]) -> Any:
    if not isinstance(tree, dict):
        return tree
    try:
        if "$class" in tree:
            return _made(tree, arrays, known)
        if "$same" in tree:
            return known[tree["$same"]]
        if "$array" in tree:
            return arrays[tree["$array"]]
        if "$map" in tree:
            return {plain_key(_unpack(key, arrays, known)): _unpack(item, arrays, known) for key, item in tree["$map"]}
        if "$tuple" in tree:
            return tuple(_unpack(item, arrays, known) for item in tree["$tuple"])
        if "$list" in tree:
            return [_unpack(item, arrays, known) for item in tree["$list"]]
        if "$enum" in tree:
            return _CLASSES[tree["$enum"]](tree["value"])
        return _simple(tree)
    except (KeyError, ValueError, TypeError) as why:
        raise ProjectFileError(_("its content does not fit together ({why})").format(why=why)) from None


def plain_key(key: Any) -> Any:
    """Return a key of a mapping; raises TypeError for one made of parts, of which a made-up file shares so many that it is never hashed."""
    parts = key if isinstance(key, tuple) else (key,)
    if not all(part is None or isinstance(part, _PLAIN) for part in parts):
        raise TypeError(f"a {type(key).__name__} is no key")
    return key


def _simple(tree: Json) -> Any:
    """Return a value that JSON has no word of its own for."""
    if "$scalar" in tree:
        if not _NUMBERS.fullmatch(tree["$scalar"]):
            raise ValueError(tree["$scalar"][:20])
        kind = np.dtype(tree["$scalar"])
        if "bits" in tree:
            return np.frombuffer(bytes.fromhex(tree["bits"]), kind)[0]
        value = tree["value"]
        return kind.type(_simple(value) if isinstance(value, dict) else value)
    if "$odd" in tree:
        return bytes.fromhex(tree["$odd"]).decode("utf-8", "surrogatepass")
    if "$int" in tree:
        return int(tree["$int"], 16)
    if "$bits" in tree:
        return struct.unpack("<d", bytes.fromhex(tree["$bits"]))[0]
    return float(tree["$float"])


def _made(tree: Json, arrays: Mapping[str, Array], known: dict[str, object]) -> object:
    kind = _CLASSES[tree["$class"]]
    names = {part.name for part in dataclasses.fields(kind)}
    values = {name: _unpack(part, arrays, known) for name, part in tree["fields"].items() if name in names}
    made: object = kind(**values)
    if "$place" in tree:
        known[tree["$place"]] = made
    return made


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def array_to_bytes(array: Array) -> tuple[str, bytes]:
    """Return a word for how an array is stored and its bytes: numbers as they are, text as UTF-8, geometries as WKB."""
    kind, data = array_to_data(array)
    return kind, bytes(data)


def array_to_data(array: Array) -> tuple[str, Data]:
    """Return what `array_to_bytes` does, the bytes of numbers without a copy: they are those of the array itself."""
    if array.dtype != object:
        if not _NUMBERS.fullmatch(array.dtype.str):
            raise TypeError(f"an array of {array.dtype} cannot be saved")
        return array.dtype.str, np.ascontiguousarray(array).reshape(-1).view(np.uint8).data if array.size else b""
    values = array.ravel().tolist()
    if all(type(value) is str for value in values):
        if not any("\0" in value for value in values):
            return "text", "\0".join(values).encode("utf-8", "surrogatepass")
        return "odd text", _with_lengths([value.encode("utf-8", "surrogatepass") for value in values])
    if all(isinstance(value, shapely.Geometry) for value in values):
        return "wkb", _with_lengths(shapely.to_wkb(np.array(values, object)).tolist())
    raise TypeError("an array of mixed objects cannot be saved")


def bytes_to_array(kind: str, shape: tuple[int, ...], data: bytes) -> Array:
    """Return the array that `array_to_bytes` took apart; raises ValueError where the bytes do not fit."""
    if kind not in {"text", "odd text", "wkb"}:
        if not _NUMBERS.fullmatch(kind):
            raise ValueError(_("values of the kind {kind} are not read").format(kind=kind[:20]))
        return np.frombuffer(data, np.dtype(kind)).reshape(shape)
    count = math.prod(shape)
    if not count:
        return np.empty(count, object).reshape(shape)
    found: Sequence[object]
    if kind == "text":
        found = data.decode("utf-8", "surrogatepass").split("\0")
    elif kind == "odd text":
        found = [part.decode("utf-8", "surrogatepass") for part in _parts(data, count)]
    else:
        found = _parts(data, count)
    if len(found) != count:  # before there is room for as many as a shape says
        raise ValueError(f"{len(found)} values are not {count}")
    out = np.empty(count, object)
    out[:] = found
    return (shapely.from_wkb(out) if kind == "wkb" else out).reshape(shape)


def _with_lengths(parts: list[bytes]) -> bytes:
    ends = np.cumsum([len(part) for part in parts], dtype="<u8") if parts else np.zeros(0, "<u8")
    return ends.tobytes() + b"".join(parts)


def _parts(data: bytes, count: int) -> list[bytes]:
    ends = np.frombuffer(data, "<u8", count)
    body = data[8 * count :]
    if int(ends[-1]) != len(body):
        raise ValueError("lengths do not fit")
    bounds = [0, *ends.tolist()]
    return [body[a:b] for a, b in pairwise(bounds)]
