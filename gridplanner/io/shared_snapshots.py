"""Whole projects in a database: their arrays named by what they hold and cut in pieces, so that one that is there is not sent again."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from algorithms.progress import SILENT, Progress
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.packing import Array, Packed, array_to_bytes, bytes_to_array, pack, unpack
from gridplanner.io.postgis import Link
from gridplanner.io.shared_schema import SCHEMA
from gridplanner.model.project import Project

PIECE = 4 * 2**20  # bytes of one row; a server takes up to a gigabyte, but holds a row in memory several times
AT_ONCE = 8 * 2**20  # bytes that are asked for at a time
LARGEST = 2**32  # bytes of one array or tree, more than any project has: what claims more is damaged or hostile


@dataclass(frozen=True)
class _Part:
    """An array as it is stored."""

    digest: bytes
    kind: str
    shape: str
    data: bytes


def write_snapshot(link: Link, project: int, version: int, value: Project, progress: Progress = SILENT) -> None:
    """Write a whole project as that of a version; `project` is its number in the database.

    Arrays are sent in the order of their digests, so that two desks which send the same ones wait for each other and never in a circle.
    """
    packed = pack(value)
    tree = zlib.compress(json.dumps(packed.tree, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode(), 1)
    parts = {name: _part(array) for name, array in packed.arrays.items()}
    fresh = {part.digest: part for part in parts.values()}
    for (digest,) in link.execute(f"SELECT digest FROM {SCHEMA}.arrays WHERE project = %s", (project,)).fetchall():
        fresh.pop(bytes(digest), None)
    total, done = sum(len(part.data) for part in fresh.values()) or 1, 0
    for part in sorted(fresh.values(), key=lambda part: part.digest):
        progress.check()
        progress.report(done / total, _("Sending to the database"))
        _send(link, project, part, progress)
        done += len(part.data)
    link.execute(f"INSERT INTO {SCHEMA}.snapshots (project, version, tree) VALUES (%s, %s, %b)", (project, version, tree))
    with link.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {SCHEMA}.snapshot_values (project, version, name, digest) VALUES (%s, %s, %s, %b)",
            [(project, version, name, part.digest) for name, part in parts.items()],
        )


def read_snapshot(link: Link, project: int, version: int, progress: Progress = SILENT) -> Project:
    """Return the project that was written as a version; raises ProjectFileError where it is damaged."""
    row = link.cursor(binary=True).execute(
        f"SELECT tree FROM {SCHEMA}.snapshots WHERE project = %s AND version = %s", (project, version)
    ).fetchone()  # fmt: skip
    found = link.execute(f"SELECT name, digest FROM {SCHEMA}.snapshot_values WHERE project = %s AND version = %s", (project, version))
    names = {str(name): bytes(digest) for name, digest in found}
    if row is None:
        raise ProjectFileError(_("its snapshot {n} is missing; open an earlier copy").format(n=version))
    try:
        value = unpack(Packed(json.loads(_inflated(bytes(row[0]))), _arrays(link, project, names, progress)))
    except (LookupError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, zlib.error) as why:
        text = _("its snapshot {n} is damaged ({why}); open an earlier copy")
        raise ProjectFileError(text.format(n=version, why=str(why) or type(why).__name__)) from None
    if not isinstance(value, Project):
        raise ProjectFileError(_("its snapshot {n} is no project").format(n=version))
    return value


def _inflated(data: bytes) -> bytes:
    """Return a tree's text; raises ValueError for one that swells beyond all measure."""
    inflater = zlib.decompressobj()
    text = inflater.decompress(data, LARGEST)
    if not inflater.eof:
        raise ValueError("its text is cut off or too long")
    return text


def _part(array: Array) -> _Part:
    kind, data = array_to_bytes(array)
    shape = json.dumps(array.shape)
    return _Part(_digest(kind, shape, data), kind, shape, data)


def _digest(kind: str, shape: str, data: bytes) -> bytes:
    made = sha256(f"{kind}\n{shape}\n".encode())
    made.update(data)
    return made.digest()


def _send(link: Link, project: int, part: _Part, progress: Progress) -> None:
    """Send an array, unless another desk did meanwhile."""
    new = link.execute(
        f"INSERT INTO {SCHEMA}.arrays (project, digest, kind, shape, size) VALUES (%s, %b, %s, %s, %s) "
        "ON CONFLICT DO NOTHING RETURNING size",
        (project, part.digest, part.kind, part.shape, len(part.data)),
    ).fetchone()
    if new is None:
        return
    view = memoryview(part.data)
    for number, start in enumerate(range(0, len(view), PIECE)):
        progress.check()
        link.execute(
            f"INSERT INTO {SCHEMA}.pieces (project, digest, number, data) VALUES (%s, %b, %s, %b)",
            (project, part.digest, number, view[start : start + PIECE]),
        )


def _arrays(link: Link, project: int, names: Mapping[str, bytes], progress: Progress) -> Mapping[str, Array]:
    """Return arrays by name, each one an object of its own as it was; raises ValueError where one is not what its digest says."""
    bearers: dict[bytes, list[str]] = {}
    for name, digest in names.items():
        bearers.setdefault(digest, []).append(name)
    found = link.execute(
        f"SELECT digest, kind, shape, size FROM {SCHEMA}.arrays WHERE project = %s AND digest = ANY(%s)", (project, list(bearers))
    ).fetchall()
    total, done = sum(row[3] for row in found) or 1, 0
    arrays: dict[str, Array] = {}
    for group in _groups(found):
        progress.check()
        progress.report(done / total, _("Reading from the database"))
        data = {bytes(row[0]): bytearray() for row in group}
        pieces = link.cursor(binary=True).execute(
            f"SELECT digest, data FROM {SCHEMA}.pieces WHERE project = %s AND digest = ANY(%s) ORDER BY digest, number",
            (project, list(data)),
        )  # fmt: skip
        for digest, piece in pieces:
            data[bytes(digest)] += piece
        for digest, kind, shape, size in group:
            held = bytes(data[bytes(digest)])
            if len(held) != size or _digest(kind, shape, held) != bytes(digest):
                raise ValueError(_("a value is not what was sent"))
            for name in bearers[bytes(digest)]:
                arrays[name] = bytes_to_array(kind, tuple(json.loads(shape)), held)
            done += size
    return arrays


def _groups(rows: Sequence[tuple[bytes, str, str, int]]) -> Iterator[list[tuple[bytes, str, str, int]]]:
    """Yield rows that are asked for at once."""
    group: list[tuple[bytes, str, str, int]] = []
    held = 0
    for row in rows:
        if group and held + row[3] > AT_ONCE:
            yield group
            group, held = [], 0
        group.append(row)
        held += row[3]
    if group:
        yield group
