"""What in a file of others refers to something else: an address on the network, another file of this computer. It is not followed.

Measured on GDAL 3.12: a GeoJSON file whose `crs` is a link makes it ask the network, so does a schema beside a GML file that includes
another; a virtual table of SpatiaLite in a GeoPackage reads any text file of the computer as a layer.
"""

from __future__ import annotations

import json
import mmap
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.doctor.own_folder import Kept, state_of

DATABASES = (".gpkg", ".sqlite", ".db")
# tables that index or search what the same file holds; any other module may read elsewhere
_INDEXES = frozenset((
    "rtree", "rtree_i32", "geopoly", "fts3", "fts4", "fts5", "virtualspatialindex", "virtualelementary", "virtualknn", "virtualknn2",
    "virtualgpkg",
))  # fmt: skip
_NAME = r'(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|\'(?:[^\']|\'\')*\'|[^\s."`\[\'(]+)'
_VIRTUAL = re.compile(
    rf"\s*create\s+virtual\s+table\s+(?:if\s+not\s+exists\s+)?{_NAME}(?:\s*\.\s*{_NAME})?\s+using\s+([A-Za-z0-9_]+)\s*(?:\(|$)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?(?:\*/|$)", re.DOTALL)
_SPACE = rb"(?:\s|/\*.*?\*/|//[^\n]*\n)*"  # GDAL's reader of JSON takes comments, too
_CRS = re.compile(rb"""["'](?:c|\\u0063)(?:r|\\u0072)(?:s|\\u0073)["']""" + _SPACE + rb":" + _SPACE + rb"\{", re.DOTALL | re.IGNORECASE)
_MOST_CRS = 65_536  # bytes
_HERE = frozenset(("name", "epsg", "ogc", "projjson"))
_INCLUDES = re.compile(rb"<\s*(?:[\w.-]+:)?(?:include|redefine|override)\b|<!DOCTYPE|<!ENTITY|\x00", re.IGNORECASE)
_MOST_SCHEMA = 4 << 20
_known: Kept[str] = Kept()


def check_json(read: Path, path: Path) -> None:
    """Raise InputError where a GeoJSON file (`read`, which stands in for `path`) has its coordinate system from an address."""
    if _known.of(("json", *state_of(read)), lambda: "link" if _has_link(read) else "here") == "link":
        text = _("{file}: names its coordinate system by an address on the network, which is not asked; save it again from QGIS")
        raise InputError(text.format(file=path))


def check_tables(path: Path) -> None:
    """Raise InputError where a GeoPackage or SQLite file has virtual tables that may read other files."""
    name = _known.of(("tables", *state_of(path)), lambda: _foreign_table(path))
    if name:
        text = _("{file}: its table “{table}” may read other files of this computer, so it is not opened; save the data again from QGIS")
        raise InputError(text.format(file=path, table=name))


def stays_here(schema: Path) -> bool:
    """Return whether a GML schema (.xsd) refers to no other that its reader would fetch."""
    try:
        with schema.open("rb") as stream:
            text = stream.read(_MOST_SCHEMA + 1)
    except OSError:
        return False
    return len(text) <= _MOST_SCHEMA and _INCLUDES.search(text) is None


def _has_link(path: Path) -> bool:
    if not path.stat().st_size:
        return False
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(not _is_here(bytes(content[found.end() - 1 : found.end() - 1 + _MOST_CRS])) for found in _CRS.finditer(content))


def _is_here(start: bytes) -> bool:
    """Return whether a `crs` says itself which one it is; what is not plain JSON does not."""
    try:
        value, _end = json.JSONDecoder().raw_decode(start.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return False
    said = value.get("type")
    if not isinstance(said, str) or said.lower() not in _HERE:
        return "type" not in value or _is_projjson(said)
    return True


def _is_projjson(said: object) -> bool:
    return isinstance(said, str) and said.endswith("CRS")


def _foreign_table(path: Path) -> str:
    try:
        wal = path.with_name(f"{path.name}-wal").exists()  # whose pages the reader sees, too
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro{'' if wal else '&immutable=1'}", uri=True)) as base:
            rows = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").fetchall()
    except (sqlite3.Error, OSError, OverflowError):
        return ""  # damaged: its reader says what is wrong
    return next((str(name) or "?" for name, sql in rows if _is_foreign(str(sql))), "")


def _is_foreign(sql: str) -> bool:
    """Return whether a table is made by a module that is no index of the same file.

    >>> [_is_foreign(f"CREATE {what}") for what in ("TABLE a(b)", "virtual table r USING rtree(a, b)", "VIRTUAL TABLE t USING csv")]
    [False, False, True]
    """
    plain = _COMMENT.sub(" ", sql)
    if not re.match(r"\s*create\s+virtual\b", plain, re.IGNORECASE):
        return False
    found = _VIRTUAL.match(plain)
    return found is None or found[1].lower() not in _INDEXES
