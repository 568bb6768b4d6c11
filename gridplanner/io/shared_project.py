"""Projects that an office keeps in a database: postgis:CONNECTION#PROJECT, opened, saved against the version that was opened, listed.

Who saves adds a version to the one that was opened. Where another desk did so first, nothing is written: SharedConflictError brings
their version and the one that both began with, for the merge that packages have too.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gridplanner.errors import InputError, ProjectFileError
from gridplanner.i18n import N_, _
from gridplanner.io.keeping.delta import applied, bytes_to_delta, delta_of, delta_to_bytes
from gridplanner.io.keeping.exactly import same
from gridplanner.io.postgis import Link, open_database
from gridplanner.io.project_file import FORMAT_VERSION
from gridplanner.io.saved import ChangedProjectError, Mark, Saved, new_id
from gridplanner.io.shared_commits import (
    Version,
    add_changes,
    add_version,
    fresh_changes,
    newest,
    project_at,
    read_changes,
    refuse_newer,
    since_snapshot,
    version_of,
    versions,
    words_of,
)
from gridplanner.io.shared_places import connection_and_title
from gridplanner.io.shared_schema import SCHEMA, has_tables, ready_for_saving, refuse_reading, refuse_removing
from gridplanner.io.shared_snapshots import write_snapshot
from gridplanner.model.changes import Change
from gridplanner.model.merge import Taken
from gridplanner.model.merging import merge
from gridplanner.model.project import Project
from gridplanner.nearest import nearest_word
from gridplanner.progress import SILENT, Cancelled, Progress, Span
from gridplanner.who import who

PATIENCE_S = 30.0  # seconds of silence until the server is given up; sending and receiving are no silence
LARGE = 8 * 2**20  # bytes of a difference that is stored as a snapshot instead
EVERY = 25  # versions from one snapshot to the next
GONE_THROUGH = 4 * 2**20  # bytes of differences from one snapshot to the next
_TAKEN = N_("the database has another project named “{name}”; open that one, or choose another name")
_held: tuple[str, str, Project] | None = None  # what this process opened or saved last: place, save, project


@dataclass(frozen=True, eq=False)
class News:
    """What became of a project since a save: the newest mark, the difference as bytes for `applied`, what it brings in figures, the log."""

    mark: Mark
    delta: bytes
    taken: Taken
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class SharedProject:
    """A project in a database, as a list shows it."""

    name: str
    newest: Version


class SharedConflictError(ChangedProjectError):
    """Another desk saved since the version that was opened; `base` and `theirs` are read when they are asked for.

    `version` is the number of the version that was opened. Reading raises what opening does.
    """

    def __init__(self, text: str, mark: Mark, place: Path, version: int) -> None:
        super().__init__(text, mark)
        self.place, self.version = place, version

    def __reduce__(self) -> tuple[type[SharedConflictError], tuple[str, Mark, Path, int]]:  # type: ignore[override]
        return type(self), (str(self), self.mark, self.place, self.version)

    @cached_property
    def base(self) -> Saved:
        """The version that both began with."""
        return open_shared(self.place, number=self.version)

    @cached_property
    def theirs(self) -> Saved:
        """The newest version."""
        return open_shared(self.place)


def open_shared(place: Path, progress: Progress = SILENT, *, number: int | None = None) -> Saved:
    """Return the newest version of a project, or that of a number, with its mark and the log of its changes.

    All of it is of one moment, whatever others save meanwhile. Raises ProjectFileError, and InputError where there is no way to it.
    """
    with _reading(place) as (link, project, project_id), _words_for(place):
        last = newest(link, project)
        chosen = last if number is None else next((one for one in versions(link, project) if one.number == number), None)
        if chosen is None:
            raise ProjectFileError(_("it has no version {n}; its newest is {newest}").format(n=number, newest=last.number))
        value = project_at(link, project, chosen.number, progress)
        saved = Saved(value, chosen.mark(project_id), read_changes(link, project, chosen.number))
    _hold(place, saved.mark.save_id, saved.project)
    return saved


def save_shared(saved: Saved, place: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark:
    """Add a version to a project, or begin it where there is none of that name, and return the mark of what is there now.

    `expected` is the save that it follows (else that of `saved.mark`). Raises SharedConflictError where there is a newer one, and
    ProjectFileError where it cannot be saved; either leaves the database as it was. A kill leaves all of a version or nothing.
    """
    connection, title = connection_and_title(place)
    wanted = dataclasses.replace(saved.mark, save_id=new_id(), who=who())
    is_sent = is_long = False
    try:
        with open_database(connection, read_only=False, patience=PATIENCE_S) as link:
            ready_for_saving(link, connection)
            with _words_for(place):
                found = _find(link, title)
                progress.report(0.0, _("Sending to the database"))
                if found is None:
                    mark = _begin(link, saved, title, wanted, Span(progress, 0.1, 0.9), expected)
                    is_long = False
                else:
                    mark = _follow(link, saved, found, wanted, Span(progress, 0.1, 0.9), place, expected or saved.mark.save_id)
                    is_long = _is_long(link, found[0])
            progress.check()
            is_sent = True
    except InputError as why:
        kept = _kept(place, wanted.save_id) if is_sent else None  # the line may have broken after the server had kept it
        if kept is None:
            text = _("{why}. Your work is not lost: it is still open here; save it again when the database is there, or save it as a file")
            raise ProjectFileError(text.format(why=str(why).rstrip("."))) from None
        mark = kept
    _hold(place, mark.save_id, saved.project)
    if is_long:
        _add_snapshot(place, saved.project, mark, Span(progress, 0.9, 1.0))
    return mark


def newest_version(place: Path) -> Version:
    """Return the newest version of a project: one small question, for who wants to hear of others' work."""
    with _reading(place) as (link, project, _project_id), _words_for(place):
        return newest(link, project)


def both_versions(place: Path, save_id: str, progress: Progress = SILENT) -> tuple[Saved, Saved]:
    """Return the version that a save made, and the newest: what a desk with edits of its own is brought together with."""
    with _reading(place) as (link, project, _project_id), _words_for(place):
        opened = version_of(link, project, save_id)
        if opened is None:
            raise ProjectFileError(_(_TAKEN).format(name=connection_and_title(place)[1]))
    return open_shared(place, Span(progress, 0.0, 0.5), number=opened), open_shared(place, Span(progress, 0.5, 1.0))


def last_save_of(place: Path, journal: str) -> Mark | None:
    """Return the mark of the last version that was saved from a journal; None where there is none."""
    with _reading(place) as (link, project, project_id):
        found = [one for one in versions(link, project) if one.journal == journal]
        return found[-1].mark(project_id) if found else None


def news_since(place: Path, save_id: str, progress: Progress = SILENT) -> News:
    """Return what others changed since a save, for a desk that has nothing of its own to lose: small where the changes are small."""
    with _reading(place) as (link, project, project_id), _words_for(place):
        last, opened = newest(link, project), version_of(link, project, save_id)
        if opened is None:
            raise ProjectFileError(_(_TAKEN).format(name=connection_and_title(place)[1]))
        refuse_newer(last.format, last.program)
        held = _held
        is_held = held is not None and held[:2] == (str(place), save_id)
        base = held[2] if held is not None and is_held else project_at(link, project, opened, Span(progress, 0.0, 0.5))
        theirs = project_at(link, project, last.number, Span(progress, 0.5, 1.0))
        changes = read_changes(link, project, last.number, opened)
    _hold(place, last.save_id, theirs)
    return News(last.mark(project_id), delta_to_bytes(delta_of(base, theirs)), merge(base, base, theirs).taken, changes)


def shared_versions(place: Path) -> tuple[Version, ...]:
    """Return all versions of a project, the first one first."""
    with _reading(place) as (link, project, _project_id):
        return versions(link, project)


def shared_projects(connection: str) -> tuple[SharedProject, ...]:
    """Return the projects of a database by name; none where nobody ever kept one there. Raises InputError."""
    with open_database(connection, patience=PATIENCE_S) as link:
        if not has_tables(link):
            return ()
        refuse_reading(link, connection)
        rows = link.execute(f"SELECT name, project FROM {SCHEMA}.projects ORDER BY name").fetchall()
        return tuple(SharedProject(str(name), newest(link, project)) for name, project in rows)


def remove_shared(place: Path) -> None:
    """Remove a project with all of its versions; raises InputError where the user may not."""
    connection, title = connection_and_title(place)
    with open_database(connection, read_only=False, patience=PATIENCE_S) as link:
        found = _find(link, title) if has_tables(link) else None
        if found is None:
            raise _missing(link, place)
        refuse_removing(link, connection)
        link.execute(f"DELETE FROM {SCHEMA}.projects WHERE project = %s", (found[0],))


def _begin(link: Link, saved: Saved, title: str, wanted: Mark, progress: Progress, expected: str) -> Mark:
    """Make a project and its first version."""
    if expected:
        raise ProjectFileError(_("somebody removed it from the database since you opened it; put it in under another name"))
    project_id = saved.mark.project_id or new_id()
    row = link.execute(
        f"INSERT INTO {SCHEMA}.projects (name, project_id) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING project", (title, project_id)
    ).fetchone()
    if row is None:
        raise ProjectFileError(_(_TAKEN).format(name=title))
    changes = fresh_changes(link, row[0], saved.changes)
    at = add_version(link, row[0], None, wanted, words_of(changes[-1:]) or _("Put into the database"), None)
    if at is None:
        raise ProjectFileError(_(_TAKEN).format(name=title))
    add_changes(link, row[0], 1, changes)
    write_snapshot(link, row[0], 1, saved.project, progress)
    return dataclasses.replace(wanted, project_id=project_id, number=1, at=at)


def _follow(link: Link, saved: Saved, found: tuple[int, str], wanted: Mark, progress: Progress, place: Path, expected: str) -> Mark:
    """Add a version to the one that was opened; raises SharedConflictError where that is not the newest."""
    project, project_id = found
    last = newest(link, project)
    if last.save_id != expected:
        opened = version_of(link, project, expected)
        if opened is None:
            raise ProjectFileError(_(_TAKEN).format(name=connection_and_title(place)[1]))
        raise _conflict(place, last, project_id, opened)
    refuse_newer(last.format, last.program)
    held = _held
    base = held[2] if held is not None and held[:2] == (str(place), expected) else project_at(link, project, last.number, progress)
    progress.check()
    delta = _difference(base, saved.project) if last.format == FORMAT_VERSION else None
    is_whole = delta is None
    changes = fresh_changes(link, project, saved.changes)
    at = add_version(link, project, last.number, wanted, words_of(changes), None if is_whole else delta)
    if at is None:  # another desk was faster by a moment
        raise _conflict(place, newest(link, project), project_id, last.number)
    add_changes(link, project, last.number + 1, changes)
    if is_whole:
        write_snapshot(link, project, last.number + 1, saved.project, progress)
    return dataclasses.replace(wanted, project_id=project_id, number=last.number + 1, at=at)


def _difference(before: Project, after: Project) -> bytes | None:
    """Return what makes one project the other; None where a snapshot is better, above all where it would not be the very same."""
    delta = delta_to_bytes(delta_of(before, after))
    return delta if len(delta) <= LARGE and same(applied(before, bytes_to_delta(delta)), after) else None


def _is_long(link: Link, project: int) -> bool:
    """Return whether opening the newest version goes through so many that a snapshot is due."""
    many, large = since_snapshot(link, project)
    return many >= EVERY or large > GONE_THROUGH


def _add_snapshot(place: Path, value: Project, mark: Mark, progress: Progress) -> None:
    """Write a snapshot of a version that is there; what goes wrong here costs time when it is opened, no work."""
    connection, title = connection_and_title(place)
    with contextlib.suppress(InputError, Cancelled), open_database(connection, read_only=False, patience=PATIENCE_S) as link:
        found = _find(link, title)
        if found is not None:
            write_snapshot(link, found[0], mark.number, value, progress)


def _kept(place: Path, save_id: str) -> Mark | None:
    """Return the mark of a save that was sent and never answered, None where it is not there or nobody can tell."""
    with contextlib.suppress(InputError, ProjectFileError), _reading(place) as (link, project, project_id):
        return next((one.mark(project_id) for one in versions(link, project) if one.save_id == save_id), None)
    return None


def _conflict(place: Path, last: Version, project_id: str, opened: int) -> SharedConflictError:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(last.at))
    text = _("“{name}”: {who} saved version {n} at {when}, after the version {opened} that you have; take it in, then save again")
    words = text.format(name=connection_and_title(place)[1], who=last.who, n=last.number, when=when, opened=opened)
    return SharedConflictError(words, last.mark(project_id), place, opened)


@contextmanager
def _reading(place: Path) -> Iterator[tuple[Link, int, str]]:
    """Yield a connection, and the number and id of the project that a place names."""
    connection, title = connection_and_title(place)
    with open_database(connection, patience=PATIENCE_S) as link:
        if has_tables(link):
            refuse_reading(link, connection)
            found = _find(link, title)
        else:
            found = None
        if found is None:
            raise _missing(link, place)
        yield link, *found


@contextmanager
def _words_for(place: Path) -> Iterator[None]:
    """Say of what project an error tells."""
    try:
        yield
    except ChangedProjectError:
        raise
    except ProjectFileError as why:
        raise ProjectFileError(_("{file}: {why}").format(file=place, why=why)) from None


def _find(link: Link, title: str) -> tuple[int, str] | None:
    row = link.execute(f"SELECT project, project_id FROM {SCHEMA}.projects WHERE name = %s", (title,)).fetchone()
    return None if row is None else (int(row[0]), str(row[1]))


def _missing(link: Link, place: Path) -> ProjectFileError:
    title = connection_and_title(place)[1]
    names = [row[0] for row in link.execute(f"SELECT name FROM {SCHEMA}.projects").fetchall()] if has_tables(link) else []
    hint = nearest_word(title, names) if names else _("it holds none yet; put one in: gridplanner shared put")
    return ProjectFileError(_("{file}: the database has no project of that name; {hint}").format(file=place, hint=hint))


def _hold(place: Path, save_id: str, project: Project) -> None:
    global _held
    _held = (str(place), save_id, project)
