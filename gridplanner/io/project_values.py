"""The arrays of a project file: one row each, with a digest over its name, kind, shape and bytes."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zlib import crc32

from algorithms.progress import Progress
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.packing import Array, Data, array_to_data, bytes_to_array
from gridplanner.io.project_text import digest_of

VALUES = "gridplanner_values"
MOST_ARRAYS = 1_000_000
MOST_SIDES = 8  # of a shape


@dataclass(frozen=True)
class StoredArray:
    """An array as a file holds it; `digest` is what the manifest has of it."""

    name: str
    kind: str
    shape: str
    data: Data
    digest: str


@dataclass(frozen=True)
class FoundRow:
    """What a row says of an array, before its bytes are read."""

    row: int
    name: str
    kind: str
    shape: tuple[int, ...]
    said: str | int
    length: int


def stored(arrays: Mapping[str, Array], progress: Progress) -> list[StoredArray]:
    """Return arrays as bytes with their digests."""
    found = []
    for done, (name, array) in enumerate(arrays.items()):
        progress.check()
        progress.report(done / len(arrays), _("Saving the project"))
        kind, data = array_to_data(array)
        shape = json.dumps(array.shape)
        found.append(StoredArray(name, kind, shape, data, _digest(name, kind, shape, data)))
    return found


def write_values(connection: sqlite3.Connection, values: list[StoredArray]) -> None:
    """Write the rows."""
    connection.execute(
        f"CREATE TABLE {VALUES} (name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, shape TEXT NOT NULL, "
        "checksum TEXT NOT NULL, data BLOB NOT NULL)"
    )
    rows = ((one.name, one.kind, one.shape, one.digest, one.data) for one in values)
    connection.executemany(f"INSERT INTO {VALUES} VALUES (?, ?, ?, ?, ?)", rows)


def read_values(connection: sqlite3.Connection, manifest: Mapping[str, str] | None, room: int) -> dict[str, Array]:
    """Return all arrays; `manifest` has the digest of each that must be there, None for files from before there were any.

    `room` is the size of the file, which no array exceeds. Raises ProjectFileError where one is missing, damaged or too many, ValueError
    where one is not what its row says.
    """
    arrays: dict[str, Array] = {}
    rows = list(found_rows(connection, room))
    names = {row.name for row in rows}
    if len(names) < len(rows) or (manifest is not None and names != set(manifest)):
        odd = sorted(names.symmetric_difference(manifest or ()))[:3] or ["?"]
        raise ProjectFileError(_("the values of {name} are damaged; open an earlier copy").format(name=", ".join(odd)))
    for row in rows:
        arrays[row.name] = array_in(connection, row, None if manifest is None else manifest[row.name])
    return arrays


def found_rows(connection: sqlite3.Connection, room: int) -> Iterator[FoundRow]:
    """Yield what each row says; raises ValueError where that cannot be."""
    total = 0
    for number, (row, name, kind, shape, said, length, data_type) in enumerate(
        connection.execute(f"SELECT rowid, name, kind, shape, checksum, length(data), typeof(data) FROM {VALUES}")
    ):
        total += length if isinstance(length, int) else 0
        if number > MOST_ARRAYS or total > room:
            raise ValueError(_("there are more values than the file has room for"))
        if not (type(name) is str and type(kind) is str and type(shape) is str and data_type == "blob" and len(shape) < 200):
            raise ValueError(_("the values of {name} are no values").format(name=str(name)[:80]))
        yield FoundRow(row, name, kind, shape_of(shape), said, length)


def shape_of(text: str) -> tuple[int, ...]:
    """Return the shape in a text such as [3, 2]; raises ValueError where it is none."""
    sides = json.loads(text)
    if not isinstance(sides, list) or len(sides) > MOST_SIDES or not all(type(side) is int and 0 <= side < 1 << 40 for side in sides):
        raise ValueError(_("{text} is no shape").format(text=text[:80]))
    return tuple(sides)


def array_in(connection: sqlite3.Connection, row: FoundRow, digest: str | None) -> Array:
    """Return the array of a row; raises ProjectFileError where its bytes are others, ValueError where they do not fit."""
    check_room(row.kind, row.shape, row.length)
    (data,) = connection.execute(f"SELECT data FROM {VALUES} WHERE rowid = ?", (row.row,)).fetchone()
    return array_of(row.name, row.kind, row.shape, data, crc_or_digest(row.said) if digest is None else digest)


def crc_or_digest(said: object) -> int | str:
    """Return the checksum of a row: a number in files from before version 7, else a digest."""
    if isinstance(said, int | str):
        return said
    raise ValueError(_("a checksum is missing"))


def array_of(name: str, kind: str, shape: tuple[int, ...], data: bytes, said: int | str) -> Array:
    """Return an array from its parts, checked against a digest or, in files from before version 7, a CRC of its bytes."""
    now = crc32(data) if isinstance(said, int) else _digest(name, kind, json.dumps(shape), data)
    if now != said:
        raise ProjectFileError(_("the values of {name} are damaged; open an earlier copy").format(name=name))
    return bytes_to_array(kind, shape, data)


def check_room(kind: str, shape: tuple[int, ...], length: int) -> None:
    """Raise ValueError where a shape promises more values than the bytes could hold, before room is made for them."""
    count = math.prod(shape)
    least = 8 if kind in {"wkb", "odd text"} else 1  # text has a mark between two values, even empty ones
    if count > (length + 1) // least + (kind == "text"):
        raise ValueError(_("{count} values do not fit into {length} bytes").format(count=count, length=length))


def _digest(name: str, kind: str, shape: str, data: Data) -> str:
    return digest_of([name, kind, shape, data])
