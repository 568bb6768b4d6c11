"""Tables, views and materialised views of a PostGIS database, listed and read as the layers of a file are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io import crs as systems
from gridplanner.io.connections import database_path, name_and_table
from gridplanner.io.doctor.datums import NAMES, SHIFTED
from gridplanner.io.postgis import Link, open_database, sql
from gridplanner.io.shifted_systems import wkt_of
from gridplanner.io.table import Column, Note, Table
from gridplanner.io.vector_files import LayerInfo
from gridplanner.nearest import nearest_word

CHUNK = 50_000
_EXACT = 15  # digits that a float64 keeps
_WHOLE, _REAL, _DECIMAL, _YES, _TEXT = "whole", "real", "decimal", "yes", "text"
_KINDS = {
    "int2": _WHOLE, "int4": _WHOLE, "int8": _WHOLE, "oid": _WHOLE, "float4": _REAL, "float8": _REAL, "numeric": _DECIMAL, "bool": _YES,
}  # fmt: skip
_CASTS = {_WHOLE: "::int8", _REAL: "::float8", _DECIMAL: "::text", _YES: "::bool", _TEXT: "::text"}
_WORDS = {
    "int2": "integer", "int4": "integer", "int8": "integer64", "float4": "real", "float8": "real", "numeric": "real", "bool": "integer",
    "date": "date", "time": "time", "timetz": "time", "timestamp": "datetime", "timestamptz": "datetime",
}  # fmt: skip
_LEFT_OUT = ("bytea", "raster", "geometry", "geography", "tsvector")
_CURVED = ("COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CIRCULARSTRING", "GEOMETRY")

# Everything that can be read, with each of its geometry columns: tables, parted tables, views, foreign tables, materialised views.
_RELATIONS = """
SELECT n.nspname, c.relname, c.oid::bigint, c.relkind::text, a.attname, t.typname,
       upper(postgis_typmod_type(a.atttypmod)), greatest(postgis_typmod_srid(a.atttypmod), 0),
       count(a.attname) OVER (PARTITION BY c.oid)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typname IN ('geometry', 'geography'))
  ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'gridplanner_shared') AND n.nspname NOT LIKE 'pg\\_%%'
  AND has_schema_privilege(n.oid, 'USAGE') AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT'))
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname, a.attnum
"""
_FIELDS = """
SELECT a.attname, t.typname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(a.attrelid, a.attnum, 'SELECT')
  AND t.typname <> ALL(%s)
ORDER BY a.attnum
"""
_KEY = """
SELECT a.attname FROM pg_catalog.pg_index i
CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = %s AND i.indisprimary ORDER BY k.place
"""


@dataclass(frozen=True)
class Relation:
    """One layer of a database: a table or view with one of its geometry columns (`shape`), or none of them.

    `kind` and `srid` are what the column is declared to hold: GEOMETRY and 0 where anything may stand in it.
    """

    schema: str
    table: str
    number: int
    is_view: bool
    shape: str
    is_geography: bool
    kind: str
    srid: int
    shapes: int

    @property
    def layer(self) -> str:
        """Its name as a layer: schema.table, with the column where there are several, as GDAL has it."""
        return f"{self.schema}.{self.table}" + (f"({self.shape})" if self.shapes > 1 else "")

    @property
    def called(self) -> sql.Composable:
        """Its name in a query."""
        return sql.Identifier(self.schema, self.table)

    @property
    def place(self) -> sql.Composable:
        """Its geometry in a query, in the plane."""
        column = sql.Identifier(self.shape)
        return sql.SQL("{}::geometry").format(column) if self.is_geography else column


def list_layers(path: Path) -> dict[str, str]:
    """Return the tables and views of a database that may be read, with their geometry types (empty for plain tables).

    Where the path names one of them, that one alone.
    """
    name, only = name_and_table(path)
    with open_database(name) as link:
        found = {one.layer: _type_word(one.kind) for one in _relations(link)}
    if only and only not in found:
        raise _no_layer(path, only, tuple(found))
    return {only: found[only]} if only else found


def layer_info(path: Path, layer: str) -> LayerInfo:
    """Return what is in a table or view without reading its rows."""
    with open_database(name_and_table(path)[0]) as link:
        one = _find(link, path, layer)
        fields = _fields(link, one)
        count = int(link.execute(sql.SQL("SELECT count(*) FROM {}").format(one.called)).fetchone()[0])  # type: ignore[index]
        kind, crs = "", ""
        if one.shape:
            kind = _type_word(one.kind if one.kind != "GEOMETRY" else _kind_of_rows(link, one))
            crs = _crs_of(link, _srid(link, path, one)) or _shifted(link, one)
    return LayerInfo(layer, kind, {name: _WORDS.get(word, "string") for name, word in fields.items()}, count, crs)


def layer_bounds(path: Path, layer: str) -> tuple[float, float, float, float]:
    """Return (west, south, east, north) of a layer in its own CRS; NaN where it has no places."""
    with open_database(name_and_table(path)[0]) as link:
        one = _find(link, path, layer)
        if not one.shape:
            return (np.nan,) * 4
        text = "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent({}) AS e FROM {}) AS t"
        row = link.execute(sql.SQL(text).format(one.place, one.called)).fetchone()
    west, south, east, north = (np.nan if value is None else float(value) for value in row or (None,) * 4)
    return west, south, east, north


def read_table(
    path: Path, layer: str, columns: Sequence[str], limit: int | None = None, *, first: int = 0,
    box: tuple[float, float, float, float] | None = None, places: bool = True,
) -> Table:  # fmt: skip
    """Return the rows of a table or view with only the columns asked for, as `vector_files.read_table` does.

    Rows come in the order of the primary key, of a table without one as they lie, of a view as it gives them. Whole numbers with gaps
    become float64, decimals too unless they are codes of more than fifteen digits, which become text; dates, arrays, JSON and the like
    become text.
    """
    name, _only = name_and_table(path)
    notes: list[Note] = []
    with open_database(name) as link:
        one = _find(link, path, layer)
        kinds = _kinds(link, one, path, columns)
        if places and not one.shape:
            text = _("{file}: the layer “{layer}” is a table without places; give a layer with points, lines or areas")
            raise InputError(text.format(file=path, layer=layer))
        crs = ""
        srid = 0
        if places:
            srid = _srid(link, path, one)
            crs = _crs_of(link, srid) or _shifted(link, one)
            if srid and not crs:
                text = N_("{file}: its SRID {srid} is not in spatial_ref_sys of the database; say the coordinate system in the source")
                notes.append((text, {"file": database_path(name), "srid": srid}))
        query = _query(one, kinds, _key(link, one), places=places, limit=limit, first=first, box=box, srid=srid)
        wkb, values = _fetched(link, query, len(kinds))
    fields = {column: _column(kind, part) for (column, kind), part in zip(kinds.items(), values, strict=True)}
    rows = np.arange(first + 1, first + len(wkb) + 1)
    return Table(Path(database_path(name)), layer, crs, wkb, fields, rows, "UTF-8", tuple(notes))


def _query(
    one: Relation, kinds: dict[str, str], key: Sequence[str], *, places: bool, limit: int | None, first: int,
    box: tuple[float, float, float, float] | None, srid: int,
) -> sql.Composed:  # fmt: skip
    """Return the query for rows: the geometry as little-endian WKB in the plane, then the columns in types that numpy has."""
    shape: sql.Composable = sql.SQL("NULL::bytea")
    if places:
        plain = sql.SQL("ST_CurveToLine({})").format(one.place) if one.kind.rstrip("ZM") in _CURVED else one.place
        shape = sql.SQL("ST_AsBinary(ST_Force2D({}), 'NDR')").format(plain)
    chosen = [shape, *(sql.Identifier(column) + sql.SQL(_CASTS[kind]) for column, kind in kinds.items())]
    parts: list[sql.Composable] = [sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(chosen), one.called)]
    if box is not None and one.shape:
        sides = sql.SQL(", ").join(sql.Literal(float(side)) for side in box)
        parts.append(sql.SQL("WHERE {} && ST_MakeEnvelope({}, {})").format(one.place, sides, sql.Literal(srid)))
    if key:
        parts.append(sql.SQL("ORDER BY {}").format(sql.SQL(", ").join(map(sql.Identifier, key))))
    elif not one.is_view:
        parts.append(sql.SQL("ORDER BY ctid"))
    if limit is not None:
        parts.append(sql.SQL("LIMIT {}").format(sql.Literal(limit)))
    if first:
        parts.append(sql.SQL("OFFSET {}").format(sql.Literal(first)))
    return sql.SQL(" ").join(parts)


def _fetched(link: Link, query: sql.Composed, count: int) -> tuple[np.ndarray[Any, Any], list[list[Any]]]:
    """Return the geometries (n,) and `count` lists of values; the server hands them over piece by piece."""
    wkb: list[bytes | None] = []
    values: list[list[Any]] = [[] for _number in range(count)]
    with link.cursor(name="gridplanner", binary=True) as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(CHUNK):
            shapes, *parts = zip(*rows, strict=True)
            wkb += shapes
            for whole, part in zip(values, parts, strict=True):
                whole += part
    out = np.empty(len(wkb), object)
    out[:] = wkb
    return out, values


def _column(kind: str, values: list[Any]) -> Column:
    """Return values as the column that a file would have given."""
    gaps = None in values
    if kind == _TEXT:
        return _objects(values)
    if kind == _YES:
        return _objects(values) if gaps else np.array(values, bool)
    if kind == _DECIMAL:
        if any(value is not None and len(value.partition(".")[0].lstrip("-0")) > _EXACT for value in values):  # a code, not an amount
            return _objects(values)
        return np.array([np.nan if value is None else float(value) for value in values], np.float64)
    if not gaps:
        return np.array(values, np.int64 if kind == _WHOLE else np.float64)
    if kind == _WHOLE and any(value is not None and abs(value) > 10**_EXACT for value in values):
        return _objects([None if value is None else str(value) for value in values])
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _objects(values: list[Any]) -> Column:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _relations(link: Link) -> list[Relation]:
    found = []
    for schema, table, number, kind, shape, word, declared, srid, shapes in link.execute(_RELATIONS).fetchall():
        earth = word == "geography"
        found.append(Relation(
            schema, table, number, kind in ("v", "f", "p"), shape or "", earth, (declared or "GEOMETRY") if shape else "",
            (srid or 4326 if earth else srid) if shape else 0, shapes,
        ))  # fmt: skip
    return found


def _find(link: Link, path: Path, layer: str) -> Relation:
    """Return a layer by its name; raises InputError with the nearest one where it is not there."""
    known = {one.layer: one for one in _relations(link)}
    if layer not in known:
        raise _no_layer(path, layer, tuple(known))
    return known[layer]


def _no_layer(path: Path, layer: str, known: tuple[str, ...]) -> InputError:
    text = _("postgis:{name}: there is no table “{layer}” that may be read; {hint}")
    hint = nearest_word(layer, known) if known else _("the database shows none at all to this user")
    return InputError(text.format(name=name_and_table(path)[0], layer=layer, hint=hint))


def _fields(link: Link, one: Relation) -> dict[str, str]:
    """Return the columns that may be read and can be shown, with the names of their types."""
    return {str(name): str(word) for name, word in link.execute(_FIELDS, (one.number, list(_LEFT_OUT))).fetchall()}


def _kinds(link: Link, one: Relation, path: Path, columns: Sequence[str]) -> dict[str, str]:
    """Return how each of the columns asked for is read."""
    known = _fields(link, one)
    missing = [column for column in columns if column not in known]
    if missing:
        text = _("{file}: has no field “{field}”; {hint}")
        raise InputError(text.format(file=f"{path} ({one.layer})", field=missing[0], hint=nearest_word(missing[0], tuple(known))))
    return {column: _KINDS.get(known[column], _TEXT) for column in columns}


def _key(link: Link, one: Relation) -> list[str]:
    return [str(name) for (name,) in link.execute(_KEY, (one.number,)).fetchall()]


def _kind_of_rows(link: Link, one: Relation) -> str:
    """Return the most frequent type of the first thousand geometries of a column that may hold any."""
    text = (
        "SELECT GeometryType(g) FROM (SELECT {} AS g FROM {} WHERE {} IS NOT NULL LIMIT 1000) AS t "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    row = link.execute(sql.SQL(text).format(one.place, one.called, sql.Identifier(one.shape))).fetchone()
    return str(row[0]) if row else "GEOMETRY"


def _srid(link: Link, path: Path, one: Relation) -> int:
    """Return the SRID of a layer; raises InputError where its rows have several."""
    if one.srid:
        return one.srid
    text = "SELECT DISTINCT ST_SRID({}) FROM {} WHERE {} IS NOT NULL ORDER BY 1 LIMIT 3"
    found = [int(number) for (number,) in link.execute(sql.SQL(text).format(one.place, one.called, sql.Identifier(one.shape))).fetchall()]
    if len(found) > 1:
        text = _("{file} ({layer}): its rows have several SRIDs ({srids}); make a view that has one, by ST_Transform")
        name = database_path(name_and_table(path)[0])
        raise InputError(text.format(file=name, layer=one.layer, srids=", ".join(map(str, found))))
    return found[0] if found else 0


def _crs_of(link: Link, srid: int) -> str:
    """Return an SRID as a code or WKT that PROJ knows, empty where the database does not say."""
    row = link.execute("SELECT auth_name, auth_srid, srtext FROM spatial_ref_sys WHERE srid = %s", (srid,)).fetchone() if srid else None
    if row is None:
        return ""
    code = f"{row[0]}:{row[1]}"
    return code if systems.is_known(code) else str(row[2]) if row[2] and systems.is_known(str(row[2])) else ""


def _shifted(link: Link, one: Relation) -> str:
    """Return GCJ-02 or BD-09, which have no SRID, where the comment of a table of ours names it; empty elsewhere."""
    row = link.execute("SELECT obj_description(%s::oid, 'pg_class')", (one.number,)).fetchone()
    words = str(row[0]) if row and row[0] else ""
    found = (datum for datum in SHIFTED if words.startswith("gridplanner") and f"; {NAMES[datum]}: " in words)
    return next((wkt_of(datum) for datum in found), "")


def _type_word(kind: str) -> str:
    """Return a geometry type as files name it: MULTIPOLYGONZ is MultiPolygon."""
    plain = kind.rstrip("ZM")
    words = (
        "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection", "CircularString",
        "CompoundCurve", "CurvePolygon", "MultiCurve", "MultiSurface", "PolyhedralSurface", "Triangle", "Tin",
    )  # fmt: skip
    return next((word for word in words if word.upper() == plain), "Unknown" if kind else "")
