"""What a project file says of itself: its mark, the JSON text of the project, and the checksums under which all of it stands."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from zlib import crc32

import shapely

from gridplanner import __version__
from gridplanner.errors import InputError, ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.saved import Mark

FORMAT = "gridplanner project"
# 6: without a mark, a log of changes and one checksum over all; 5: sources without axes, scale, join and repairs left out; 4: guard
# segments without their places along the line; 3: routes without what their crews do; 2: without beats and what police planning adds;
# 1: without scenarios, and what is shared written at each place
FORMAT_VERSION = 7
CHECKED = 7  # the version from which one checksum covers all that a file says of itself, and with it everything else
FILE, AGAIN = "gridplanner_file", "gridplanner_file_again"  # the same rows at the beginning and at the end of the file
DAMAGE = (
    sqlite3.Error,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    MemoryError,
    InputError,  # a file that is no plain SQLite file
    ProjectFileError,
    shapely.errors.ShapelyError,
)  # whatever a damaged or made-up file makes its reader raise


@dataclass(frozen=True)
class About:
    """What the rows of `gridplanner_file` say: `tree` is the JSON text of the project, `arrays` the digest of each array by its name.

    `changes` are the number of entries in the log and their digest, `layout` the kind, shape and length in bytes of each array in the order
    of `arrays`. Files of earlier versions have no digests: `arrays` is None.
    """

    version: int
    program: str
    tree: str
    mark: Mark
    arrays: Mapping[str, str] | None = None
    changes: tuple[int, str] = (0, "")
    layout: tuple[tuple[str, str, int], ...] = ()


def digest_of(parts: Iterable[Any]) -> str:
    """Return a digest of bytes and texts, their bounds included."""
    digest = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else memoryview(part).cast("B")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def write_about(connection: sqlite3.Connection, table: str, about: About) -> None:
    """Write the rows of the latest version."""
    connection.execute(f"CREATE TABLE {table} (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)")
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows_of(about).items())


def rows_of(about: About) -> dict[str, str]:
    """Return the rows that say what `about` says, checksum and all."""
    rows = {
        "format": FORMAT,
        "version": str(about.version),
        "program": about.program,
        "mark": json.dumps(dataclasses.asdict(about.mark)),
        "manifest": json.dumps(
            {"arrays": dict(about.arrays or {}), "changes": list(about.changes), "layout": about.layout}, separators=(",", ":")
        ),
        "project": about.tree,
    }
    return {**rows, "checksum": _checksum(rows)}


def about_now(
    tree: str, mark: Mark, arrays: Mapping[str, str], changes: tuple[int, str], layout: Iterable[tuple[str, str, int]] = ()
) -> About:
    """Return what this version of the program says of a project."""
    return About(FORMAT_VERSION, __version__, tree, mark, arrays, changes, tuple(layout))


def read_about(connection: sqlite3.Connection, table: str = FILE) -> About:
    """Return what a file says of itself, checked; raises ProjectFileError where it is foreign, newer or damaged."""
    rows: dict[str, str] = {}
    for key, value in connection.execute(f"SELECT key, value FROM {table}"):
        if type(key) is not str or type(value) is not str or key in rows or len(rows) > 100:
            raise ProjectFileError(_("its text is damaged; open an earlier copy"))
        rows[key] = value
    if rows.get("format") != FORMAT:
        raise ForeignFileError(_("it is not a gridplanner project; import it as a source instead"))
    version = int(rows["version"])
    if version > FORMAT_VERSION:
        raise NewerFileError(newer_words(rows.get("program", ""), version))
    if not is_checked(rows):
        raise ProjectFileError(_("its text is damaged; open an earlier copy"))
    return about_from(rows)


def is_checked(rows: Mapping[str, str]) -> bool:
    """Return whether the checksum of a file's rows agrees with them; raises KeyError or ValueError where one is missing or no number."""
    if int(rows["version"]) < CHECKED:
        return int(rows["version"]) > 0 and crc32(rows["project"].encode("utf-8", "surrogatepass")) == int(rows["checksum"])
    return _checksum({key: value for key, value in rows.items() if key != "checksum"}) == rows["checksum"]


def about_from(rows: Mapping[str, str]) -> About:
    """Return what a file's rows say, unchecked; raises KeyError, ValueError or TypeError where they say nothing."""
    version, tree, program = int(rows["version"]), rows["project"], rows.get("program", "")
    if version < CHECKED:
        return About(version, program, tree, _mark_of_earlier(tree))
    manifest = json.loads(rows.get("manifest", '{"arrays": {}, "changes": [0, ""]}'))
    count, digest = manifest["changes"]
    layout = tuple((str(kind), str(shape), int(length)) for kind, shape, length in manifest.get("layout", ()))
    mark = mark_from(json.loads(rows["mark"]))
    return About(version, program, tree, mark, dict(manifest["arrays"]), (int(count), str(digest)), layout)


def newer_words(program: str, version: int) -> str:
    """Return what is said of a file of a later version."""
    text = _("it was saved by a newer gridplanner ({program}, project files of version {theirs}; this one reads up to {ours}); "
             "open it with that version or a later one")  # fmt: skip
    return text.format(program=program or "?", theirs=version, ours=FORMAT_VERSION)


class ForeignFileError(ProjectFileError):
    """An SQLite file of another program."""


class NewerFileError(ProjectFileError):
    """A project file of a later version of the program."""


def mark_from(parts: Mapping[str, Any]) -> Mark:
    """Return the mark that a file or a journal holds as JSON; raises TypeError or ValueError where it is none."""
    known = {part.name: type(getattr(Mark(), part.name)) for part in dataclasses.fields(Mark)}
    values = {name: kind(parts[name]) for name, kind in known.items() if name in parts}
    return Mark(**values)


def _mark_of_earlier(tree: str) -> Mark:
    """Return a mark for a file from before there were marks: the same text has the same mark wherever it is opened."""
    digest = digest_of([tree])
    return Mark(project_id=digest, save_id=f"earlier-{digest}", number=0, at=0.0)


def _checksum(rows: Mapping[str, str]) -> str:
    return digest_of(part for key in sorted(rows) for part in (key, rows[key]))


def tree_text(tree: object) -> str:
    """Return the JSON text of a packed project: ASCII alone, so that no reader can take it for anything else."""
    return json.dumps(tree, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
