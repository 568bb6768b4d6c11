"""What is found in a damaged project file: what it says of itself, arrays that are whole, entries of the log, layers as QGIS shows them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridplanner.io.keeping.pages import Pages, Record, Text
from gridplanner.io.keeping.parity import mended
from gridplanner.io.packing import Array, array_to_bytes, bytes_to_array
from gridplanner.io.project_log import change_from, digest_of_log
from gridplanner.io.project_text import DAMAGE, FORMAT, About, about_from, digest_of, is_checked
from gridplanner.io.project_values import array_of, check_room, shape_of
from gridplanner.io.table import Column
from gridplanner.model.changes import Change
from gridplanner.model.lines import Texts

_KEYS = frozenset({"format", "version", "program", "mark", "manifest", "project", "checksum"})
_MOST_TRIES = 64  # of putting both copies of what a file says of itself together
_COLUMNS = frozenset({2, 3, 5, 6, 8})  # of the tables that are read here
_EMPTY = [  # arrays of layers without rows; the offsets of no lines are one nought
    *((kind, shape, b"") for kind in ("<f8", "<i4", "<i8", "|i1", "|b1", "text", "wkb") for shape in ((0,), (0, 2))),
    ("<i4", (1,), bytes(4)),
    ("<i8", (1,), bytes(8)),
]
DRAWN_COLUMNS = {"communities": 5, "roads": 6}  # with the row's number and its shape


@dataclass
class Finds:
    """All that was found.

    `about` is what the file says of itself, None where neither copy is readable; `checked` whether its checksum agrees. `tree` is the text
    of the project. `arrays` are those whose digest agrees, `named` all names that were seen. `drawn` are rows of layers by layer.
    """

    about: About | None = None
    checked: bool = False
    tree: str = ""
    arrays: dict[str, Array] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    changes: tuple[Change, ...] = ()
    changes_whole: bool = False
    drawn: dict[str, dict[int, tuple[object, ...]]] = field(default_factory=dict)
    systems: list[str] = field(default_factory=list)


def found_in(path: Path) -> Finds:
    """Return what is found in a file; raises OSError where it cannot be read."""
    said: dict[str, list[str]] = {}
    rows: list[Record] = []
    log: dict[int, str] = {}
    spare: dict[str, bytes] = {}
    finds = Finds()
    for record in Pages(path.read_bytes()).records(_COLUMNS):
        values = record.values
        if len(values) == 5 and isinstance(values[4], bytes) and not isinstance(values[4], Text) and _is_text(values[:3]):
            rows.append(record)
        elif not record.whole:
            continue
        elif len(values) == 2 and _is_text(values):
            _note(said, _text(values[0]), _text(values[1]))
        elif len(values) == 3 and values[0] is None and isinstance(values[2], bytes) and _is_text(values[1:2]):
            spare.setdefault(_text(values[1]), values[2])
        elif len(values) == 8 and values[0] is None and _is_text(values[7:]):
            log.setdefault(record.row, _text(values[7]))
        elif len(values) in DRAWN_COLUMNS.values() and values[0] is None and _is_shape(values[1]):
            _note_drawn(finds, record)
        elif len(values) == 6 and _is_text(values[2:3]) and isinstance(values[3], int) and isinstance(values[0], Text):
            finds.systems.append(f"{_text(values[2])}:{values[3]}")
    finds.about, finds.checked = _best(said)
    if finds.about is not None:
        finds.tree = finds.about.tree
    raw = _take_arrays(finds, rows)
    _take_mended(finds, raw, spare)
    _take_empty(finds)
    _take_log(finds, [log[row] for row in sorted(log)])
    return finds


def column_of(rows: Mapping[int, tuple[object, ...]], at: int) -> Column:
    """Return a column of a drawn layer as text."""
    out: Texts = np.empty(len(rows), object)
    out[:] = [_text(rows[row][at]) for row in sorted(rows)]
    return out


def shapes_of(rows: Mapping[int, tuple[object, ...]]) -> Texts:
    """Return the shapes of a drawn layer; raises shapely's error where one is damaged."""
    out: Texts = np.empty(len(rows), object)
    out[:] = [bytes(rows[row][1])[8:] for row in sorted(rows)]  # type: ignore[call-overload]
    return np.asarray(shapely.from_wkb(out), object)


def _note(said: dict[str, list[str]], key: str, value: str) -> None:
    if key in _KEYS and value not in said.setdefault(key, []) and len(said[key]) < 8:
        said[key].append(value)


def _note_drawn(finds: Finds, record: Record) -> None:
    values = record.values
    kinds = [type(value) for value in values[2:]]
    if len(values) == 5 and kinds == [Text] * 3:
        finds.drawn.setdefault("communities", {}).setdefault(record.row, values)
    elif len(values) == 6 and kinds == [Text] * 3 + [int]:
        finds.drawn.setdefault("roads", {}).setdefault(record.row, values)


def _best(said: Mapping[str, list[str]]) -> tuple[About | None, bool]:
    """Return what a file says of itself, from whichever copy each part of it is whole in, and whether its checksum agrees."""
    names = [key for key in sorted(_KEYS) if said.get(key)]
    if FORMAT not in said.get("format", [FORMAT]):
        return None, False
    tries = itertools.islice(itertools.product(*(said[name] for name in names)), _MOST_TRIES)
    for values in tries:
        rows = dict(zip(names, values, strict=True))
        try:
            if is_checked(rows):
                return about_from(rows), True
        except DAMAGE:
            continue
    rows = {name: _longest_whole(said[name]) for name in names}
    try:
        return about_from({"version": "7", "program": "", "mark": "{}", **rows}), False
    except DAMAGE:
        return None, False


def _longest_whole(texts: Iterable[str]) -> str:
    """Return the longest of the texts that are whole JSON, or just the longest."""
    found = sorted(texts, key=len, reverse=True)
    for text in found:
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            continue
        return text
    return found[0]


def _take_arrays(finds: Finds, rows: Iterable[Record]) -> dict[str, bytes]:
    """Take the arrays that are whole, and return the bytes of the others by name."""
    raw: dict[str, bytes] = {}
    manifest = finds.about.arrays if finds.about is not None and finds.checked else None
    if manifest is not None:
        finds.named |= set(manifest)
    for record in rows:
        name, kind, shape, said, data = record.values
        key = _text(name)
        finds.named.add(key)
        digest: Any = _text(said) if isinstance(said, Text) else said
        if manifest is not None:
            digest = manifest.get(key)
        if key in finds.arrays or not isinstance(digest, str | int):
            continue
        try:
            sides = shape_of(_text(shape))
            check_room(_text(kind), sides, len(data))  # type: ignore[arg-type]
            finds.arrays[key] = array_of(key, _text(kind), sides, data, digest)  # type: ignore[arg-type]
        except DAMAGE:
            raw.setdefault(key, data)  # type: ignore[arg-type]
    return raw


def _take_mended(finds: Finds, raw: Mapping[str, bytes], spare: Mapping[str, bytes]) -> None:
    """Make arrays again from what is whole of them and the spare bytes beside; their digests say whether it worked."""
    about = finds.about
    if about is None or not finds.checked or about.arrays is None or len(about.layout) != len(about.arrays):
        return
    names = list(about.arrays)
    if all(name in finds.arrays for name in names):
        return
    parts = [
        array_to_bytes(finds.arrays[name])[1] if name in finds.arrays else raw.get(name) for name in names
    ]  # fmt: skip
    for name, (kind, shape, _length), data in zip(names, about.layout, mended(parts, [row[2] for row in about.layout], spare), strict=True):
        if name not in finds.arrays and data is not None:
            try:
                sides = shape_of(shape)
                check_room(kind, sides, len(data))
                finds.arrays[name] = array_of(name, kind, sides, data, about.arrays[name])
            except DAMAGE:
                continue


def _take_empty(finds: Finds) -> None:
    """Take arrays without values for found: their digest says what they were."""
    if finds.about is None or not finds.checked or finds.about.arrays is None:
        return
    for name, digest in finds.about.arrays.items():
        if name not in finds.arrays:
            for kind, shape, data in _EMPTY:
                if digest_of([name, kind, json.dumps(shape), data]) == digest:
                    finds.arrays[name] = bytes_to_array(kind, shape, data)


def _take_log(finds: Finds, texts: list[str]) -> None:
    said = finds.about.changes if finds.about is not None and finds.checked else None
    changes = []
    for text in texts:
        try:
            changes.append(change_from(text))
        except DAMAGE:
            continue
    finds.changes = tuple(changes)
    finds.changes_whole = said is not None and digest_of_log(texts) == said


def _is_text(values: Iterable[object]) -> bool:
    return all(isinstance(value, Text) for value in values)


def _is_shape(value: object) -> bool:
    return isinstance(value, bytes) and value[:3] == b"GP\x00" and len(value) > 8


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
