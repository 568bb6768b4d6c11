"""A GeoPackage with one layer in CGCS2000 degrees, written with nothing but SQLite.

The tables are those of OGC 12-128r18; every date is fixed, so the same town gives the same content on every day.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import shapely

SRS = 4490
_DATE = "2026-01-05T00:00:00.000Z"
_CGCS2000 = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,'
    'AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4490"]]'
)
_WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
    'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],'
    'AUTHORITY["EPSG","4326"]]'
)
_TABLES = """
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""


def write_geopackage(path: Path, layer: str, geometries: Sequence[shapely.Geometry], fields: Mapping[str, Sequence[str | int]]) -> None:
    """A GeoPackage of one layer; fields are text or whole numbers by their first value."""
    path.unlink(missing_ok=True)
    kind = geometries[0].geom_type.upper()
    types = {name: "INTEGER" if isinstance(values[0], int) else "TEXT" for name, values in fields.items()}
    rows = zip(map(_blob, geometries), *fields.values(), strict=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(_TABLES)
        database.executemany(
            "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)",
            [
                ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined", "undefined Cartesian coordinate reference system"),
                ("Undefined geographic SRS", 0, "NONE", 0, "undefined", "undefined geographic coordinate reference system"),
                ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84, "longitude/latitude in decimal degrees on the WGS 84 spheroid"),
                ("CGCS2000", SRS, "EPSG", SRS, _CGCS2000, "longitude/latitude in decimal degrees on the CGCS2000 spheroid"),
            ],
        )
        columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
        database.execute(f'CREATE TABLE "{layer}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {kind}, {columns})')
        bounds = [float(value) for value in shapely.total_bounds(list(geometries))]
        database.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)", (layer, layer, _DATE, *bounds, SRS))
        database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (layer, kind, SRS))
        names = ", ".join(f'"{name}"' for name in types)
        marks = ", ".join("?" * (len(types) + 1))
        database.executemany(f'INSERT INTO "{layer}" (geom, {names}) VALUES ({marks})', rows)


def _blob(geometry: shapely.Geometry) -> bytes:
    """The geometry as a GeoPackage keeps it: a header, its envelope (none for a point), and well-known binary."""
    x0, y0, x1, y1 = geometry.bounds
    point = geometry.geom_type == "Point"
    head = struct.pack("<2sBBi", b"GP", 0, 0b0001 if point else 0b0011, SRS)
    envelope = b"" if point else struct.pack("<4d", x0, x1, y0, y1)
    binary: bytes = shapely.to_wkb(geometry, byte_order=1)
    return head + envelope + binary
