"""What differs between two model values, as a value: small where an edit was small, and exact; for journals and shared databases.

Differences are looked for by identity first, as edits share all that they leave alone, and by content only where identity fails. A
delta says nothing of the rest, so it fits the value that it was made from and no other.
"""

from __future__ import annotations

import dataclasses
import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from itertools import compress
from operator import is_not
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.array_delta import array_after, array_op
from gridplanner.io.keeping.exactly import ATOMS, SAME, field_names, is_part, runs, same
from gridplanner.io.packing import Packed, array_to_bytes, bytes_to_array, model_class, pack, plain_key, unpack

Array = NDArray[Any]
Op = Any  # JSON: 0, or a list that begins with a letter
VERSION = 1
_ROOMY = 256 << 20  # bytes that may come of few; of more, that many times as many: what is that large has places in it, which hardly pack
_MOST_RATIO = 300
_MOST_ITEMS = 1 << 26  # of a sequence put together from pieces of another
_SMALL = 64  # items of a tuple that are looked into for parts that moved
_HEAD = struct.Struct("<BQQ")  # version, bytes of everything behind it before it was packed, bytes of its text
_BAD = (LookupError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, zlib.error, struct.error, MemoryError)
_NOTHING = object()  # there is nothing to compare with


@dataclasses.dataclass(frozen=True, eq=False)
class Delta:
    """How one value becomes another: operations that refer to `arrays` by number."""

    tree: Op
    arrays: tuple[Array, ...]

    @property
    def is_empty(self) -> bool:
        """True where nothing differs."""
        return bool(self.tree == SAME)


def delta_of(before: object, after: object) -> Delta:
    """Return what has to be done to `before` to have `after`; parts of `before` that moved elsewhere are referred to, not repeated.

    Raises TypeError where a value holds what a project file cannot keep.
    """
    differ = _Differ(before)
    tree = differ.op(before, after)
    return Delta(tree, tuple(differ.arrays))


def applied(before: object, delta: Delta) -> Any:
    """Return the value after a delta: equal to the last bit, and sharing with `before` all that the original shared with it.

    Raises ProjectFileError where the delta was made from another value.
    """
    try:
        return _Applier(before, delta.arrays).value(before, delta.tree)
    except ProjectFileError:
        raise
    except (*_BAD, shapely.errors.ShapelyError) as why:
        raise ProjectFileError(_misfit(why)) from None


def delta_to_bytes(delta: Delta) -> bytes:
    """Return a delta as bytes, the first of which is the version of their format."""
    parts, kinds = [], []
    for array in delta.arrays:
        kind, data = array_to_bytes(array)
        kinds.append([kind, list(array.shape), len(data)])
        parts.append(data)
    text = json.dumps([delta.tree, kinds], ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode("ascii")
    size = len(text) + sum(map(len, parts))
    packer = zlib.compressobj(1)
    return b"".join((_HEAD.pack(VERSION, size, len(text)), packer.compress(text), *map(packer.compress, parts), packer.flush()))


def bytes_to_delta(data: bytes) -> Delta:
    """Return the delta that `delta_to_bytes` wrote; raises ProjectFileError where it is damaged or of a newer version.

    No more is unpacked than the bytes announce, and nothing but values of the model comes to life when it is applied.
    """
    if data[:1] and data[0] > VERSION:
        raise ProjectFileError(_("the change was made by a newer gridplanner; open it with that version or a later one"))
    try:
        _version, size, length = _HEAD.unpack_from(data)
        if size > _ROOMY and size > _MOST_RATIO * len(data):
            raise ValueError("it would unpack to more than any change")
        unpacker = zlib.decompressobj()
        body = unpacker.decompress(memoryview(data)[_HEAD.size :], size) if size else b""
        if len(body) != size or (size and not unpacker.eof and unpacker.decompress(unpacker.unconsumed_tail, 1)):
            raise ValueError("its size is another one")
        tree, kinds = json.loads(body[:length])
        arrays, position = [], length
        for kind, shape, count in kinds:
            arrays.append(_array(kind, tuple(shape), body[position : position + count], count))
            position += count
        if position != size:
            raise ValueError("its parts are of another size")
    except (*_BAD, shapely.errors.ShapelyError) as why:
        raise ProjectFileError(_misfit(why)) from None
    return Delta(tree, tuple(arrays))


def _array(kind: str, shape: tuple[int, ...], data: bytes, count: int) -> Array:
    if len(data) != count or count < 0:
        raise ValueError("it ends too early")
    return bytes_to_array(kind, shape, data)


def _misfit(why: Exception) -> str:
    return _("the change does not fit together ({why})").format(why=str(why) or type(why).__name__)


class _Differ:
    """Says what to do, one part after another; what was made or moved once is named and not said again."""

    def __init__(self, root: object) -> None:
        self.arrays: list[Array] = []
        self._root = root
        self._places: dict[int, list[str | int]] | None = None
        self._made: dict[int, int] = {}

    def op(self, a: object, b: object) -> Op:
        """Return what makes `b` of `a`."""
        if a is b:
            return SAME
        if not is_part(b):
            return SAME if same(a, b) else ["v", pack(b).tree]
        if id(b) in self._made:
            return ["g", self._made[id(b)]]
        if self._places is None:
            self._places = _places_in(self._root)
        if id(b) in self._places:
            return ["r", self._places[id(b)]]
        op = self._part(a, b)
        if op != SAME:
            self._made[id(b)] = len(self._made)
        return op

    def _part(self, a: object, b: object) -> Op:
        if isinstance(b, np.ndarray):
            return array_op(a, b, self.arrays)
        if dataclasses.is_dataclass(b):
            return self._fields(a, b)
        if isinstance(b, Mapping):
            return self._mapping(a, b)
        if isinstance(b, tuple | list):
            return self._items(a, b)
        raise TypeError(f"a {type(b).__name__} cannot be saved")

    def _fields(self, a: object, b: object) -> Op:
        names = field_names(type(b))
        if type(a) is not type(b):
            return ["c", type(b).__name__, {name: self.op(_NOTHING, getattr(b, name)) for name in names}]
        found = {}
        for name in names:
            one, other = getattr(a, name), getattr(b, name)
            if one is not other and (op := self.op(one, other)) != SAME:
                found[name] = op
        return ["d", found] if found else SAME

    def _items(self, a: object, b: Sequence[object]) -> Op:
        if type(a) is not type(b) or not isinstance(a, tuple | list):
            return ["t" if isinstance(b, tuple) else "l", [self.op(_NOTHING, item) for item in b]]
        if len(a) == len(b):
            changed = list(compress(range(len(b)), map(is_not, a, b)))
            if 4 * len(changed) <= len(b) or len(b) <= 4:
                found = [[k, op] for k in changed if (op := self.op(a[k], b[k])) != SAME]
                return ["i", len(b), found] if found else SAME
        pieces = self._pieces(a, b)
        return SAME if pieces == [[0, len(a)]] and len(a) == len(b) else ["q", len(a), pieces]

    def _pieces(self, a: Sequence[object], b: Sequence[object]) -> list[Op]:
        return [[run.start, run.stop] if isinstance(run, range) else self.op(_NOTHING, b[run]) for run in runs(a, b)]

    def _mapping(self, a: object, b: Mapping[Any, object]) -> Op:
        if not isinstance(a, Mapping):
            return ["m", [[self.op(_NOTHING, key), self.op(_NOTHING, value)] for key, value in b.items()]]
        old, new = list(a), list(b)
        keys = SAME if same(old, new) else self._pieces(old, new)
        values = list(a.values()) if keys == SAME else [a.get(key, _NOTHING) for key in new]
        changed = compress(range(len(new)), map(is_not, values, b.values()))
        found = [[k, op] for k in changed if (op := self.op(values[k], b[new[k]])) != SAME]
        if keys == SAME and not found:
            return SAME
        return ["u", len(old), keys, found]


def _places_in(root: object) -> dict[int, list[str | int]]:
    """Return where each part of a value is: what is inside arrays, mappings and long tuples is not looked at."""
    found: dict[int, list[str | int]] = {}
    waiting: list[tuple[object, list[str | int]]] = [(root, [])]
    while waiting:
        value, place = waiting.pop()
        if id(value) in found or not is_part(value):
            continue
        found[id(value)] = place
        if isinstance(value, tuple):
            if len(value) <= _SMALL:
                waiting += [(item, [*place, k]) for k, item in enumerate(value) if type(item) not in ATOMS]
        elif not isinstance(value, np.ndarray | list | Mapping):
            for name in field_names(type(value)):
                part = getattr(value, name)
                if type(part) not in ATOMS:
                    waiting.append((part, [*place, name]))
    return found


class _Applier:
    """Does what a differ said, in the same order, so that the numbers of what was made are the same."""

    def __init__(self, root: object, arrays: Sequence[Array]) -> None:
        self._root, self._arrays = root, arrays
        self._made: list[object] = []

    def value(self, a: object, op: Op) -> Any:
        """Return what an operation makes of `a`."""
        if op == SAME and type(op) is int:
            if a is _NOTHING:
                raise ValueError("there is nothing to keep")
            return a
        code = op[0]
        if code == "v":
            return unpack(Packed(op[1], {}))
        if code == "g":
            return self._made[op[1]]
        if code == "r":
            return self._at(op[1])
        made = self._part(a, code, op)
        self._made.append(made)
        return made

    def _at(self, place: Sequence[str | int]) -> Any:
        value: Any = self._root
        for step in place:
            value = getattr(value, step) if isinstance(step, str) and step in field_names(type(value)) else value[step]
        return value

    def _part(self, a: Any, code: str, op: Op) -> object:
        if code == "c":
            kind = model_class(op[1])
            names = field_names(kind)
            values = {name: self.value(_NOTHING, part) for name, part in op[2].items()}
            return kind(**{name: value for name, value in values.items() if name in names})
        if code == "d":
            values = {name: self.value(getattr(a, name, _NOTHING), part) for name, part in op[1].items()}
            names = field_names(type(a))
            return dataclasses.replace(a, **{name: value for name, value in values.items() if name in names})
        if code in {"t", "l"}:
            items = [self.value(_NOTHING, part) for part in op[1]]
            return tuple(items) if code == "t" else items
        if code in {"i", "q", "u"} and len(a) != op[1]:
            raise ValueError(f"there are {len(a)} things, not {op[1]}")
        if code == "i":
            items = list(a)
            for k, part in op[2]:
                items[k] = self.value(items[k], part)
            return type(a)(items)
        if code == "q":
            return type(a)(self._joined(a, op[2]))
        if code == "m":
            return {plain_key(self.value(_NOTHING, key)): self.value(_NOTHING, part) for key, part in op[1]}
        if code == "u":
            return self._mapping(a, op[2], op[3])
        return array_after(a, code, op, self._arrays)

    def _mapping(self, a: Mapping[Any, object], pieces: Op, changed: Sequence[Op]) -> dict[Any, object]:
        keys = list(a) if pieces == SAME else [plain_key(key) for key in self._joined(list(a), pieces)]
        values = list(a.values()) if pieces == SAME else [a.get(key, _NOTHING) for key in keys]
        for k, part in changed:
            values[k] = self.value(values[k], part)
        if any(value is _NOTHING for value in values):
            raise ValueError("a key has no value")
        return dict(zip(keys, values, strict=True))

    def _joined(self, a: Sequence[object], pieces: Sequence[Op]) -> list[object]:
        items: list[object] = []
        for piece in pieces:
            if isinstance(piece, list) and type(piece[0]) is int:
                start, stop = piece
                if not 0 <= start < stop <= len(a):
                    raise ValueError("there are fewer things")
                if len(items) + stop - start > _MOST_ITEMS:
                    raise ValueError("there are too many things")
                items += a[start:stop]
            else:
                items.append(self.value(_NOTHING, piece))
        return items
