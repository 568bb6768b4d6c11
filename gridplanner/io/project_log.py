"""The log of changes in a project file: a table that people read in QGIS, and beside it the exact entries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.project_text import digest_of
from gridplanner.model.changes import Change, ChangeLine

CHANGES = "gridplanner_changes"
_TABLE = f"""
CREATE TABLE {CHANGES} (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, number INTEGER, at TEXT, who TEXT, words TEXT, way TEXT, what TEXT, exact TEXT NOT NULL)
"""


def exact_texts(changes: Sequence[Change]) -> list[str]:
    """Return each entry as JSON that says all of it."""
    return [_exact(change) for change in changes]


def write_log(connection: sqlite3.Connection, changes: Sequence[Change], exact: Sequence[str]) -> None:
    """Write the table; `exact` is what `exact_texts` returned."""
    connection.execute(_TABLE)
    rows = (
        (_number(change), _moment(change.at), _shown(change.who), _shown(change.words), _shown(change.way), _shown(_what(change)), text)
        for change, text in zip(changes, exact, strict=True)
    )
    connection.executemany(f"INSERT INTO {CHANGES} (number, at, who, words, way, what, exact) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def digest_of_log(exact: Sequence[str]) -> tuple[int, str]:
    """Return how many entries there are and their digest."""
    return len(exact), digest_of(exact)


def read_log(connection: sqlite3.Connection, said: tuple[int, str]) -> tuple[Change, ...]:
    """Return the log; raises ProjectFileError where it is not the one that was saved."""
    exact = [text for (text,) in connection.execute(f"SELECT exact FROM {CHANGES} ORDER BY fid LIMIT ?", (said[0] + 1,))]
    if not all(type(text) is str for text in exact) or digest_of_log(exact) != said:
        raise ProjectFileError(_("its log of changes is damaged; open an earlier copy"))
    return tuple(change_from(text) for text in exact)


def change_from(text: str) -> Change:
    """Return an entry from its JSON; raises ValueError, TypeError or LookupError where it is none."""
    number, at, who, words, way, lines = json.loads(text)
    if type(number) is not int or not all(type(part) is str for part in (who, words, way)):
        raise ValueError(_("an entry of the log of changes is none"))
    return Change(number, float.fromhex(at), who, words, way, tuple(ChangeLine(*(str(part) for part in line)) for line in lines))


def _exact(change: Change) -> str:
    lines = [[line.what, line.ref, line.field, line.before, line.after] for line in change.lines]
    parts = [change.number, float(change.at).hex(), change.who, change.words, change.way, lines]
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))


def _what(change: Change) -> str:
    return "\n".join(f"{line.what} {line.ref} {line.field}: {line.before} → {line.after}" for line in change.lines)


def _moment(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).astimezone().isoformat(timespec="seconds")
    except (ValueError, OverflowError, OSError):
        return ""


def _number(change: Change) -> int | None:
    return change.number if -(1 << 62) < change.number < 1 << 62 else None


def _shown(text: str) -> str:
    """Return text as a table can hold it: half a character (of the name of a file that is not UTF-8) is a question mark."""
    return text.encode("utf-8", "replace").decode()
