"""A GeoPackage written by hand with sqlite3, in one transaction, without the weight of a driver: the views beside a saved project."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from struct import pack

import numpy as np
import shapely

from gridplanner.io.table import Column
from gridplanner.model.lines import Texts

APPLICATION_ID = 0x47504B47  # "GPKG"
VERSION = 10300
_SQL_TYPE = {"f": "REAL", "i": "INTEGER", "u": "INTEGER", "b": "BOOLEAN", "O": "TEXT"}
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL), ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL);
"""
_CONTENTS = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id)
VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)
"""
# the Schema extension (OGC 12-128r17, annex F.9), which says what columns are called, and the table of styles that QGIS reads
_TITLES = """
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC,
  max_is_inclusive BOOLEAN, description TEXT, CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write');
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30),
  ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
"""


def create(connection: sqlite3.Connection, wgs84: str) -> None:
    """Make an empty database a GeoPackage; `wgs84` is the WKT that the standard asks for in every one."""
    connection.executescript(_TABLES)
    add_crs(connection, "EPSG:4326", wgs84, "WGS 84")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def add_crs(connection: sqlite3.Connection, code: str, wkt: str, name: str) -> int:
    """Enter a CRS such as EPSG:4545 and return its number; -1 where it has none."""
    authority, _colon, number = code.partition(":")
    if not number.isdigit():
        return -1
    connection.execute(
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", (name, int(number), authority, int(number), wkt)
    )
    return int(number)


def add_attributes(connection: sqlite3.Connection, name: str, title: str) -> None:
    """Register a plain table, so that readers show it and nothing that is not registered."""
    sql = "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, 'attributes', ?, 0)"
    connection.execute(sql, (name, title))


@dataclass(frozen=True)
class Layer:
    """A layer: its table, what people call it, POINT, LINESTRING, POLYGON, MULTIPOLYGON or GEOMETRY, and the number of its CRS."""

    name: str
    title: str
    geometry: str
    srs: int


def allow_titles(connection: sqlite3.Connection) -> None:
    """Make room for what columns are called and how layers look."""
    connection.executescript(_TITLES)
    add_attributes(connection, "layer_styles", "layer_styles")  # QGIS looks for it among what is registered, and does not show it


def add_title(connection: sqlite3.Connection, table: str, column: str, title: str, meaning: str) -> None:
    """Say what a column is called and means; a second column of the same title in a table has it as a title alone."""
    taken = connection.execute("SELECT 1 FROM gpkg_data_columns WHERE table_name = ? AND name = ?", (table, title)).fetchone()
    sql = "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?, ?, ?, ?, ?)"
    connection.execute(sql, (table, column, None if taken else title, title, meaning or None))


def add_style(connection: sqlite3.Connection, table: str, title: str, qml: str, column: str = "geom") -> None:
    """Enter the style in which QGIS shows a layer from the start; `column` of its geometry, empty where it has none."""
    sql = (
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, "
        "description) VALUES ('', '', ?, ?, ?, ?, 1, '')"
    )
    connection.execute(sql, (table, column, _whole_text(title)[:30], _whole_text(qml)))


def add_layer(connection: sqlite3.Connection, layer: Layer, shapes: Texts, columns: Mapping[str, Column]) -> None:
    """Write one layer; rows without a place are NULL."""
    name, geometry, srs = layer.name, layer.geometry, layer.srs
    fields = "".join(f', "{field}" {_SQL_TYPE.get(column.dtype.kind, "TEXT")}' for field, column in columns.items())
    connection.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {geometry}{fields})')
    there = ~shapely.is_missing(shapes)
    box = shapely.total_bounds(shapes[there]) if there.any() else np.full(4, np.nan)
    bounds = [None if np.isnan(value) else float(value) for value in box]
    known = connection.execute("SELECT 1 FROM gpkg_contents WHERE identifier = ?", (_whole_text(layer.title),)).fetchone()
    title = name if known else _whole_text(layer.title)
    connection.execute(_CONTENTS, (name, title, title, *bounds, srs))
    connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (name, geometry, srs))
    values = [_plain(column) for column in columns.values()]
    marks = ", ".join("?" * (len(values) + 1))
    names = "".join(f', "{field}"' for field in columns)
    connection.executemany(f'INSERT INTO "{name}" (geom{names}) VALUES ({marks})', zip(_blobs(shapes, srs), *values, strict=True))


def _blobs(shapes: Texts, srs: int) -> list[bytes | None]:
    """Return GeoPackage geometry: an eight-byte head without envelope, then WKB."""
    head, empty = b"GP\x00\x01" + pack("<i", srs), b"GP\x00\x11" + pack("<i", srs)
    hollow = shapely.is_empty(shapes)
    wkb = shapely.to_wkb(shapes, byte_order=1)
    return [None if blob is None else (empty if bare else head) + blob for blob, bare in zip(wkb, hollow, strict=True)]


def _plain(column: Column) -> list[object]:
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    if column.dtype == object:
        try:
            "".join(column).encode()
        except (UnicodeEncodeError, TypeError):
            return [_whole_text(str(value)) for value in column]
    return list(column.tolist())


def _whole_text(text: str) -> str:
    """Return text without half characters, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode()
