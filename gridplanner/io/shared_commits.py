"""Versions of a project in a database: each one a row that says what became of the one before, and by whom; none is ever changed."""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from gridplanner import __version__
from gridplanner.errors import GridplannerError, ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.earlier_files import brought_up
from gridplanner.io.keeping.delta import applied, bytes_to_delta
from gridplanner.io.postgis import Link
from gridplanner.io.project_file import FORMAT_VERSION
from gridplanner.io.saved import Mark
from gridplanner.io.shared_schema import SCHEMA
from gridplanner.io.shared_snapshots import read_snapshot
from gridplanner.model.changes import Change, ChangeLine
from gridplanner.model.project import Project
from gridplanner.progress import SILENT, Progress
from gridplanner.who import who

MOST_WORDS = 300  # signs of what a version says of itself
_VERSION = "c.version, c.save_id, c.who, extract(epoch FROM c.at)::float8, c.words, c.format, c.program, c.journal, c.records, c.role"


@dataclass(frozen=True)
class Version:
    """One save of a project in a database: its number from 1 on, who made it (as their computer says, and as the server knows them)."""

    number: int
    save_id: str
    who: str
    at: float
    words: str
    format: int
    program: str
    journal: str
    records: int
    role: str

    def mark(self, project_id: str) -> Mark:
        """Return what a project that was opened at this version bears."""
        return Mark(project_id, self.save_id, self.number, self.at, self.who, self.journal, self.records)


def newest(link: Link, project: int) -> Version:
    """Return the last version; raises ProjectFileError where there is none."""
    row = link.execute(f"SELECT {_VERSION} FROM {SCHEMA}.commits c WHERE project = %s ORDER BY version DESC LIMIT 1", (project,)).fetchone()
    if row is None:
        raise ProjectFileError(_("it has no version; let the keeper of the database remove it"))
    return Version(*row)


def version_of(link: Link, project: int, save_id: str) -> int | None:
    """Return which version a save is, None where it is none of this project."""
    row = link.execute(f"SELECT version FROM {SCHEMA}.commits WHERE project = %s AND save_id = %s", (project, save_id)).fetchone()
    return None if row is None else int(row[0])


def versions(link: Link, project: int) -> tuple[Version, ...]:
    """Return all versions, the first one first."""
    rows = link.execute(f"SELECT {_VERSION} FROM {SCHEMA}.commits c WHERE project = %s ORDER BY version", (project,)).fetchall()
    return tuple(Version(*row) for row in rows)


def project_at(link: Link, project: int, number: int, progress: Progress = SILENT) -> Project:
    """Return a project as a version left it: the newest snapshot up to it, and what became of that one after the other.

    Raises ProjectFileError where it is damaged or was saved by a newer program.
    """
    last = link.execute(
        f"SELECT max(s.version), max(c.format), (array_agg(c.program ORDER BY c.format DESC))[1] FROM {SCHEMA}.commits c "
        f"LEFT JOIN {SCHEMA}.snapshots s USING (project, version) WHERE project = %s AND version <= %s", (project, number),
    ).fetchone()  # fmt: skip
    if last is None or last[0] is None:
        raise ProjectFileError(_("its version {n} is missing").format(n=number))
    refuse_newer(int(last[1]), str(last[2]))
    value = read_snapshot(link, project, int(last[0]), progress)
    rows = link.cursor(binary=True).execute(
        f"SELECT version, format, delta FROM {SCHEMA}.commits WHERE project = %s AND version > %s AND version <= %s ORDER BY version",
        (project, last[0], number),
    ).fetchall()  # fmt: skip
    for version, _format, delta in rows:
        progress.check()
        value = _after(value, int(version), delta)
    row = link.execute(f"SELECT format FROM {SCHEMA}.commits WHERE project = %s AND version = %s", (project, last[0])).fetchone()
    return brought_up(value, int(row[0]) if row is not None else FORMAT_VERSION)  # one format from a snapshot to the next


def refuse_newer(version: int, program: str) -> None:
    """Raise ProjectFileError for a format that a later program made."""
    if version > FORMAT_VERSION:
        text = _("it was saved by a newer gridplanner ({program}); open it with that version or a later one")
        raise ProjectFileError(text.format(program=program))


def add_version(link: Link, project: int, parent: int | None, mark: Mark, words: str, delta: bytes | None) -> float | None:
    """Add a version and return when, by the server's clock; None where another desk was faster. `mark` names save and journal.

    Without `delta` a snapshot of the version must follow in the same transaction.
    """
    row = link.execute(
        f"INSERT INTO {SCHEMA}.commits (project, version, parent, save_id, format, program, who, words, journal, records, delta) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %b) ON CONFLICT DO NOTHING RETURNING extract(epoch FROM at)::float8",
        (project, (parent or 0) + 1, parent, mark.save_id, FORMAT_VERSION, __version__, _plain(who()), _plain(words)[:MOST_WORDS],
         mark.journal, mark.records, None if delta is None else zlib.crc32(delta).to_bytes(4, "little") + delta),
    ).fetchone()  # fmt: skip
    return None if row is None else float(row[0])


def since_snapshot(link: Link, project: int) -> tuple[int, int]:
    """Return how many versions, and how many bytes of them, would have to be gone through to open the newest."""
    row = link.execute(
        f"SELECT count(*), coalesce(sum(octet_length(delta)), 0) FROM {SCHEMA}.commits WHERE project = %s AND version > "
        f"(SELECT max(version) FROM {SCHEMA}.snapshots WHERE project = %s)", (project, project),
    ).fetchone()  # fmt: skip
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def read_changes(link: Link, project: int, version: int, after: int = 0) -> tuple[Change, ...]:
    """Return the log of changes up to a version, or of those after another one."""
    rows = link.execute(
        f"SELECT number, at, who, words, way, lines FROM {SCHEMA}.changes "
        "WHERE project = %s AND version <= %s AND version > %s ORDER BY number",
        (project, version, after),
    ).fetchall()
    try:
        return tuple(
            Change(number, at, said, words, way, tuple(ChangeLine(*map(str, line)) for line in json.loads(lines)))
            for number, at, said, words, way, lines in rows
        )
    except (ValueError, TypeError, RecursionError) as why:
        raise ProjectFileError(_("its log of changes is damaged ({why})").format(why=why)) from None


def fresh_changes(link: Link, project: int, log: Sequence[Change]) -> list[Change]:
    """Return those changes of a log that the database does not have yet, numbered on from those that it has.

    Two desks number their changes alike; who took in the other's goes behind them.
    """
    rows = link.execute(f"SELECT number, at, who, words, way FROM {SCHEMA}.changes WHERE project = %s", (project,)).fetchall()
    known = {tuple(row[1:]) for row in rows}  # not the time alone: clocks are coarse
    last = max((row[0] for row in rows), default=0)
    fresh = [one for one in log if (one.at, _plain(one.who), _plain(one.words), one.way) not in known]
    return [dataclasses.replace(change, number=last + at) for at, change in enumerate(fresh, 1)]


def add_changes(link: Link, project: int, version: int, changes: Sequence[Change]) -> None:
    """Add changes to the log."""
    rows = []
    for one in changes:
        lines = json.dumps([dataclasses.astuple(line) for line in one.lines], ensure_ascii=True)
        rows.append((project, version, one.number, one.at, _plain(one.who), _plain(one.words), one.way, lines))
    with link.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {SCHEMA}.changes (project, version, number, at, who, words, way, lines) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def words_of(changes: Sequence[Change]) -> str:
    """Return in one line what changes a version brings."""
    return " · ".join(dict.fromkeys(change.words for change in changes if change.words))


def _after(value: Project, version: int, sealed: bytes | None) -> Project:
    """Return a project with what a version changed; raises ProjectFileError where that is damaged."""
    data = b"" if sealed is None else bytes(sealed)
    try:
        if zlib.crc32(data[4:]) != int.from_bytes(data[:4], "little") or len(data) < 4:
            raise ValueError("checksum")
        made = applied(value, bytes_to_delta(data[4:]))
        if not isinstance(made, Project):
            raise TypeError("no project")
    except (GridplannerError, LookupError, ValueError, TypeError, ArithmeticError, AttributeError, RecursionError, zlib.error) as why:
        text = _("its version {n} is damaged ({why}); open an earlier copy")
        raise ProjectFileError(text.format(n=version, why=str(why) or type(why).__name__)) from None
    return made


def _plain(text: str) -> str:
    """Return a text without NUL and half characters, which no database holds."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
