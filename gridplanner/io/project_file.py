"""The project file (.gridplan): one GeoPackage that holds the project to the last bit, and shows its layers in QGIS.

The truth is the tables `gridplanner_file`, `gridplanner_values` and `gridplanner_changes`: one JSON text, exact arrays and the log, all
under one checksum. The layers beside them are a view, made anew at every save and never read (`project_views.py`).
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import shapely

from algorithms.progress import SILENT, Progress, Span
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io import gpkg
from gridplanner.io.earlier_files import brought_up
from gridplanner.io.packing import Packed, pack, unpack
from gridplanner.io.project_log import CHANGES, digest_of_log, exact_texts, read_log, write_log
from gridplanner.io.project_text import (
    AGAIN,
    CHECKED,
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
from gridplanner.io.project_values import VALUES, read_values, stored, write_values
from gridplanner.io.project_views import views
from gridplanner.io.safe_sqlite import SqliteFileError, opened, tables_of
from gridplanner.io.saved import ChangedProjectError, DamagedProjectError, Mark, Saved, new_id
from gridplanner.io.scenario_views import scenario_views
from gridplanner.model.project import Project
from gridplanner.who import who

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
    SqliteFileError,
    shapely.errors.ShapelyError,
)
_TABLES = (FILE, AGAIN, VALUES, CHANGES)
_WRITTEN = 0.6  # of a save, when what must not be lost is written and the views follow


def save_project(project: Project, path: Path, progress: Progress = SILENT) -> None:
    """Write a project; the file is written beside and swapped in whole, so a failure leaves the earlier one as it was.

    A project file that is there already keeps its name among projects and its log of changes, and counts on. Raises ProjectFileError
    where the folder cannot be written.
    """
    save_saved(replace(_earlier(path), project=project), path, progress)


def save_saved(saved: Saved, path: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark:
    """Write a project with its mark and log as `save_project` does, and return the mark of the new save.

    `expected` is the save_id that the file must still have; raises ChangedProjectError where someone else saved it since, and the file
    stays as they left it.
    """
    mark = _next(saved.mark)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".tmp", dir=path.parent)
    except OSError as why:
        raise ProjectFileError(_("{file}: cannot be saved: {why}; choose another folder").format(file=path, why=why)) from None
    os.close(handle)
    beside = Path(name)
    try:
        _write(replace(saved, mark=mark), beside, progress)
        progress.check()
        beside.chmod(0o644)
        with beside.open("rb+") as stream:
            os.fsync(stream.fileno())
        _check_expected(path, expected)
        beside.replace(path)
        _sync_folder(path.parent)
    except (OSError, sqlite3.Error, OverflowError) as why:
        raise ProjectFileError(
            _("{file}: cannot be saved: {why}; is the disk full, or the file open elsewhere?").format(file=path, why=why)
        ) from None
    finally:
        beside.unlink(missing_ok=True)
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
    except (ProjectFileError, *DAMAGE):
        pass
    return Saved(Project())


def _next(mark: Mark) -> Mark:
    """Return the mark of the save that follows."""
    return replace(mark, project_id=mark.project_id or new_id(), save_id=new_id(), number=mark.number + 1, at=time.time(), who=who())


def _check_expected(path: Path, expected: str) -> None:
    if not expected:
        return
    try:
        there = mark_of(path)
    except ProjectFileError as why:
        text = _("{why} It is not the file that was opened, so it was not overwritten: save under another name.")
        raise ChangedProjectError(text.format(why=why), Mark()) from None
    if there is not None and there.save_id != expected:
        text = _("{file}: changed by {who} at {when} since you opened it, so it was not overwritten: take their work in, or save under "
                 "another name")  # fmt: skip
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(there.at)) if there.at else "?"
        raise ChangedProjectError(text.format(file=path, who=there.who or "?", when=when), there)


def _about(connection: sqlite3.Connection) -> About:
    if not {FILE, VALUES} <= tables_of(connection):
        raise ForeignFileError(_("it is not a gridplanner project; import it as a source instead"))
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
        text = _("{file}: the project file is damaged or of another kind ({why}); open an earlier copy")
        raise DamagedProjectError(text.format(file=path, why=str(why) or type(why).__name__), path) from None


def _write(saved: Saved, path: Path, progress: Progress) -> None:
    packed = pack(saved.project)
    values = stored(packed.arrays, Span(progress, 0.0, 0.3))
    exact = exact_texts(saved.changes)
    about = about_now(tree_text(packed.tree), saved.mark, {one.name: one.digest for one in values}, digest_of_log(exact))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        gpkg.create(connection, systems.to_wkt(systems.WGS84))
        connection.execute("BEGIN")
        write_about(connection, FILE, about)
        write_values(connection, values)
        write_log(connection, saved.changes, exact)
        gpkg.add_attributes(connection, CHANGES, _("Log of changes"))
        connection.execute("COMMIT")
        progress.check()
        progress.report(_WRITTEN, _("Saving the project"))
        _show(saved.project, connection)
        connection.execute("BEGIN")
        write_about(connection, AGAIN, about)
        connection.execute("COMMIT")


def _show(project: Project, connection: sqlite3.Connection) -> None:
    """Write the layers that QGIS shows; one that cannot be drawn is left out, for a view must never keep work from being saved."""
    srs = -1
    if systems.is_known(project.crs):
        srs = gpkg.add_crs(connection, project.crs, systems.to_wkt(project.crs), systems.describe(project.crs))
    for draw in (*views(), *scenario_views(project)):
        connection.execute("BEGIN")
        try:
            view = draw(project)
            if view is not None and len(view.shapes):
                gpkg.add_layer(connection, view.name, view.geometry, srs, view.shapes, view.columns)
            connection.execute("COMMIT")
        except Exception:  # whatever a half-made plan does to its drawing
            connection.execute("ROLLBACK")


def _sync_folder(folder: Path) -> None:
    """Make the swap itself last, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
