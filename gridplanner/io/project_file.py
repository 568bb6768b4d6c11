"""The project file (.gridplan): one GeoPackage that holds the project to the last bit, and shows its layers in QGIS.

The truth is the tables `gridplanner_file` and `gridplanner_values`: exact arrays and one JSON text. The layers beside it are a view, made
anew at every save and never read (`project_views.py`).
"""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from zlib import crc32

import shapely

from algorithms.progress import SILENT, Progress
from gridplanner import __version__
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io import gpkg
from gridplanner.io.earlier_files import brought_up
from gridplanner.io.packing import Array, Packed, array_to_bytes, bytes_to_array, pack, unpack
from gridplanner.io.project_views import views
from gridplanner.io.scenario_views import scenario_views
from gridplanner.model.project import Project

FORMAT = "gridplanner project"
# 5: sources without axes, scale, join and repairs left out; 4: guard segments without their places along the line; 3: routes without
# what their crews do; 2: without beats and what police planning adds; 1: without scenarios, and what is shared written at each place
FORMAT_VERSION = 6
_DAMAGE = (
    sqlite3.Error,
    OSError,
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    shapely.errors.ShapelyError,
)


def save_project(project: Project, path: Path, progress: Progress = SILENT) -> None:
    """Write a project; the file is written beside and swapped in whole, so a failure leaves the earlier one as it was.

    Raises ProjectFileError where the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".tmp", dir=path.parent)
    except OSError as why:
        raise ProjectFileError(_("{file}: cannot be saved: {why}; choose another folder").format(file=path, why=why)) from None
    os.close(handle)
    beside = Path(name)
    try:
        _write(project, beside, progress)
        progress.check()
        beside.chmod(0o644)
        with beside.open("rb+") as stream:
            os.fsync(stream.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except (OSError, sqlite3.Error) as why:
        raise ProjectFileError(
            _("{file}: cannot be saved: {why}; is the disk full, or the file open elsewhere?").format(file=path, why=why)
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def open_project(path: Path) -> Project:
    """Return the project in a file; raises ProjectFileError where it is missing, damaged, of a newer version or of another program."""
    if not path.is_file():
        raise ProjectFileError(_("{file}: there is no such project file; check the path").format(file=path))
    with _words_for(path), closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"gridplanner_file", "gridplanner_values"} <= tables:
            raise ProjectFileError(_("it is not a gridplanner project; import it as a source instead"))
        about = dict(connection.execute("SELECT key, value FROM gridplanner_file"))
        if about.get("format") != FORMAT:
            raise ProjectFileError(_("it is not a gridplanner project; import it as a source instead"))
        if int(about.get("version", "0")) > FORMAT_VERSION:
            text = _("it was saved by a newer gridplanner ({program}); open it with that version or a later one")
            raise ProjectFileError(text.format(program=about.get("program", "?")))
        arrays = {name: _array(name, kind, shape, check, data) for name, kind, shape, check, data in connection.execute(
            "SELECT name, kind, shape, checksum, data FROM gridplanner_values")}  # fmt: skip
        tree = about["project"]
        if crc32(tree.encode("utf-8", "surrogatepass")) != int(about["checksum"]):
            raise ProjectFileError(_("its text is damaged; open an earlier copy"))
        project = unpack(Packed(json.loads(tree), arrays))
        if isinstance(project, Project):
            return brought_up(project, int(about.get("version", "0")))
    raise ProjectFileError(_("{file}: its content is not a project").format(file=path))


@contextmanager
def _words_for(path: Path) -> Iterator[None]:
    """Turn whatever a damaged or foreign file causes into words that name it."""
    try:
        yield
    except ProjectFileError as why:
        raise ProjectFileError(_("{file}: {why}").format(file=path, why=why)) from None
    except _DAMAGE as why:
        text = _("{file}: the project file is damaged or of another kind ({why}); open an earlier copy")
        raise ProjectFileError(text.format(file=path, why=str(why) or type(why).__name__)) from None


def _array(name: str, kind: str, shape: str, checksum: int, data: bytes) -> Array:
    if crc32(data) != checksum:
        raise ProjectFileError(_("the values of {name} are damaged; open an earlier copy").format(name=name))
    return bytes_to_array(kind, tuple(json.loads(shape)), data)


def _write(project: Project, path: Path, progress: Progress) -> None:
    packed = pack(project)
    tree = json.dumps(packed.tree, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA page_size = 16384")
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        gpkg.create(connection, systems.to_wkt(systems.WGS84))
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE gridplanner_file (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)")
        connection.execute(
            "CREATE TABLE gridplanner_values (name TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, shape TEXT NOT NULL, "
            "checksum INTEGER NOT NULL, data BLOB NOT NULL)"
        )
        about = {
            "format": FORMAT,
            "version": str(FORMAT_VERSION),
            "program": __version__,
            "checksum": str(crc32(tree.encode())),
            "project": tree,
        }
        connection.executemany("INSERT INTO gridplanner_file VALUES (?, ?)", about.items())
        for done, (name, array) in enumerate(packed.arrays.items()):
            progress.check()
            progress.report(0.5 * done / len(packed.arrays), _("Saving the project"))
            kind, data = array_to_bytes(array)
            connection.execute(
                "INSERT INTO gridplanner_values VALUES (?, ?, ?, ?, ?)", (name, kind, json.dumps(array.shape), crc32(data), data)
            )
        gpkg.add_attributes(connection, "gridplanner_file", "gridplanner")
        connection.execute("COMMIT")
        progress.check()
        progress.report(0.5, _("Saving the project"))
        _show(project, connection)


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
