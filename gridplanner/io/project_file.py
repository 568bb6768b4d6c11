"""The project file (.gridplan): one GeoPackage that holds the project to the last bit, and shows its layers in QGIS.

The truth is the tables `gridplanner_file`, `gridplanner_values` and `gridplanner_changes`: one JSON text, exact arrays and the log, all
under one checksum. The layers beside them are a view, made anew at every save and never read (`project_views.py`).
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from algorithms.progress import SILENT, Progress, Span
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io import gpkg
from gridplanner.io.earlier_files import brought_up
from gridplanner.io.keeping.backups import keep_backup
from gridplanner.io.keeping.disk_words import Trouble, reading_words, trouble_of
from gridplanner.io.keeping.parity import spare_of, write_spare
from gridplanner.io.keeping.swap import swapped
from gridplanner.io.packing import Packed, pack, unpack
from gridplanner.io.project_log import CHANGES, digest_of_log, exact_texts, read_log, write_log
from gridplanner.io.project_shown import show
from gridplanner.io.project_text import (
    AGAIN,
    CHECKED,
    DAMAGE,
    FILE,
    About,
    ForeignFileError,
    NewerFileError,
    about_now,
    read_about,
    tree_text,
    write_about,
)
from gridplanner.io.project_text import FORMAT_VERSION as FORMAT_VERSION
from gridplanner.io.project_values import VALUES, StoredArray, read_values, stored, write_values
from gridplanner.io.safe_sqlite import opened, tables_of
from gridplanner.io.saved import ChangedProjectError, DamagedProjectError, Mark, Saved, new_id
from gridplanner.model.project import Project
from gridplanner.who import who

_TABLES = (FILE, AGAIN, VALUES, CHANGES)
_PACKED, _WRITTEN = 0.2, 0.3  # of a save, when all is taken apart; of the rest, when what must not be lost is written and layers follow
_SPARE = 1.2  # times what must not be lost is what a file needs at least; the layers come on top


def save_project(project: Project, path: Path, progress: Progress = SILENT) -> None:
    """Write a project; the file is written beside and swapped in whole, so a failure leaves the earlier one as it was.

    A project file that is there already keeps its name among projects and its log of changes, and counts on. Raises ProjectFileError
    where it cannot be written.
    """
    save_saved(replace(_earlier(path), project=project), path, progress)


def save_saved(saved: Saved, path: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark:
    """Write a project with its mark and log as `save_project` does, and return the mark of the new save.

    `expected` is the save_id that the file must still have; raises ChangedProjectError where someone else saved it since, and the file
    stays as they left it.
    """
    mark = _next(saved.mark)
    content = _content(replace(saved, mark=mark), Span(progress, 0.0, _PACKED))
    size = int(_SPARE * (2 * len(content.about.tree) + sum(len(one.data) for one in content.values)))
    try:
        with swapped(
            path, size=size, make_folder=not expected, before=partial(_before_swap, path, mark.project_id, expected, progress)
        ) as beside:
            _write(saved, content, beside, Span(progress, _PACKED, 1.0))
            progress.check()
    except OverflowError as why:
        raise ProjectFileError(_("{file}: cannot be saved: {why}").format(file=path, why=why)) from None
    return mark


def open_project(path: Path) -> Project:
    """Return the project in a file; raises ProjectFileError where it is missing, damaged, of a newer version or of another program."""
    return open_saved(path).project


def open_saved(path: Path) -> Saved:
    """Return the project in a file with its mark and log.

    Raises ProjectFileError where it is missing, of a newer version or of another program, DamagedProjectError where it is damaged.
    """
    if not path.is_file():
        raise ProjectFileError(_("{file}: there is no such project file; check the path").format(file=path))
    try:
        return _opened(path)
    except DamagedProjectError as why:
        from gridplanner.io.keeping.salvage import can_be_saved  # needed for damaged files alone

        rest = can_be_saved(path)
        raise DamagedProjectError(_("{fault}. {rest}").format(fault=why, rest=rest) if rest else str(why), path, rest) from None


def _opened(path: Path) -> Saved:
    with _words_for(path), opened(path, _TABLES) as connection:
        about = _about(connection)
        arrays = read_values(connection, about.arrays, path.stat().st_size)
        project = unpack(Packed(json.loads(about.tree), arrays))
        if not isinstance(project, Project):
            raise ProjectFileError(_("its content is not a project"))
        changes = read_log(connection, about.changes) if about.version >= CHECKED else ()
        return Saved(brought_up(project, about.version), about.mark, changes)


def mark_of(path: Path) -> Mark | None:
    """Return the mark of a project file without reading the project; None where there is no file, raises as `open_saved` does."""
    if not path.exists():
        return None
    with _words_for(path), opened(path, _TABLES) as connection:
        return _about(connection).mark


def _earlier(path: Path) -> Saved:
    """Return mark and log of the file that a save replaces; a new project where there is none that can be read."""
    try:
        if path.is_file():
            with opened(path, _TABLES) as connection:
                about = _about(connection)
                changes = read_log(connection, about.changes) if about.version >= CHECKED else ()
                return Saved(Project(), replace(about.mark, journal="", records=0), changes)
    except DAMAGE:
        pass
    return Saved(Project())


def _next(mark: Mark) -> Mark:
    """Return the mark of the save that follows."""
    return replace(mark, project_id=mark.project_id or new_id(), save_id=new_id(), number=mark.number + 1, at=time.time(), who=who())


def _before_swap(path: Path, project_id: str, expected: str, progress: Progress) -> None:
    """Look at the file that is about to be replaced: it must be the one that was opened, and becomes an earlier version."""
    try:
        there = mark_of(path)
    except ProjectFileError as why:
        if expected:
            text = _("{why} It is not the file that was opened, so it was not overwritten: save under another name.")
            raise ChangedProjectError(text.format(why=why), Mark()) from None
        there = Mark(project_id=project_id)  # whatever lies there is kept, too
    if there is None:
        if expected:  # an empty folder where a drive was is no place to save to
            text = _("{file}: it is not there any more, was it moved or removed, or its drive taken out? Bring it back, or save under "
                     "another name")  # fmt: skip
            raise ProjectFileError(text.format(file=path))
        return
    if expected and there.save_id != expected:
        text = _("{file}: changed by {who} at {when} since you opened it, so it was not overwritten: take their work in, or save under "
                 "another name")  # fmt: skip
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(there.at)) if there.at else "?"
        raise ChangedProjectError(text.format(file=path, who=there.who or "?", when=when), there)
    told = keep_backup(path, there.project_id or project_id, there)
    if told:
        progress.note(told)


def _about(connection: sqlite3.Connection) -> About:
    there = tables_of(connection)
    if not there & {FILE, VALUES, AGAIN}:
        raise ForeignFileError(_("it is not a gridplanner project; import it as a source instead"))
    if not {FILE, VALUES} <= there:
        raise ProjectFileError(_("a table of it is missing; open an earlier copy"))
    return read_about(connection)


@contextmanager
def _words_for(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or foreign file causes into words that name it."""
    try:
        yield
    except (ForeignFileError, NewerFileError) as why:
        raise type(why)(_("{file}: {why}").format(file=path, why=why)) from None
    except ProjectFileError as why:
        raise DamagedProjectError(_("{file}: {why}").format(file=path, why=why), path) from None
    except DAMAGE as why:
        if isinstance(why, OSError) and trouble_of(why) is not Trouble.FAULTY:
            raise ProjectFileError(reading_words(path, why)) from None
        text = _("{file}: the project file is damaged or of another kind ({why}); open an earlier copy")
        raise DamagedProjectError(text.format(file=path, why=str(why) or type(why).__name__), path) from None


@dataclass(frozen=True)
class _Content:
    """What must not be lost, ready to be written."""

    about: About
    values: list[StoredArray]
    log: list[str]


def _content(saved: Saved, progress: Progress) -> _Content:
    packed = pack(saved.project)
    values = stored(packed.arrays, progress)
    log = exact_texts(saved.changes)
    layout = [(one.kind, one.shape, len(one.data)) for one in values]
    about = about_now(tree_text(packed.tree), saved.mark, {one.name: one.digest for one in values}, digest_of_log(log), layout)
    return _Content(about, values, log)


def _write(saved: Saved, content: _Content, path: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        gpkg.create(connection, systems.to_wkt(systems.WGS84))
        connection.execute("BEGIN")
        write_about(connection, FILE, content.about)
        write_values(connection, content.values)
        write_log(connection, saved.changes, content.log)
        connection.execute("COMMIT")
        progress.check()
        connection.execute("BEGIN")
        write_spare(connection, spare_of([one.data for one in content.values]))
        connection.execute("COMMIT")
        progress.check()
        progress.report(_WRITTEN, _("Saving the project"))
        show(saved.project, connection, Span(progress, _WRITTEN, 1.0))
        connection.execute("BEGIN")
        write_about(connection, AGAIN, content.about)
        connection.execute("COMMIT")
