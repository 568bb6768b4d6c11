"""Layers into a PostGIS database: all of them or none, and whoever reads meanwhile sees the old plan or the new one, never a part.

Everything happens in one transaction. A table that is there with the same columns keeps its place, its rights and the views on it, and
only its rows are replaced: readers go on reading the old ones until the end. One with other columns is made anew beside it and takes its
name at the end, with the rights that were granted. A table is known as the program's own by its comment; any other is never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from algorithms.progress import SILENT, Progress
from gridplanner.database_names import LONGEST_NAME, refuse_address, refuse_schema
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import REAL, TABLE, TEXT, WHOLE
from gridplanner.io.layer_schemas import Field as SchemaField
from gridplanner.io.postgis import Link, open_database, sql
from gridplanner.io.table import Column

OWN = "gridplanner"  # how the comment of each table of ours begins
SHIFTED = ("gcj02", "bd09")
_TYPES = {TEXT: "text", WHOLE: "bigint", REAL: "double precision"}
_SYSTEM = ("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid")  # columns that every table has of itself
_PIECE = 5_000  # rows between two looks at whether it is still wanted
_COLUMNS = """
SELECT a.attname::text, format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_TABLES = """
SELECT c.relname::text, c.oid::bigint, c.relkind::text, coalesce(obj_description(c.oid, 'pg_class'), ''),
       pg_has_role(c.relowner, 'USAGE')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_GRANTS = """
SELECT g.privilege_type, g.grantee = 0, pg_get_userbyid(g.grantee) FROM pg_catalog.pg_class c, aclexplode(c.relacl) AS g
WHERE c.oid = %s AND g.grantee <> c.relowner
"""
_VIEWS = """
SELECT DISTINCT v.oid::regclass::text FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
JOIN pg_catalog.pg_class v ON v.oid = r.ev_class
WHERE d.refclassid = 'pg_catalog.pg_class'::regclass AND d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = %s AND v.oid <> %s
ORDER BY 1
"""


@dataclass(frozen=True)
class DatabaseTarget:
    """Where layers go: a service or a saved connection, and the schema of the database that holds one project's layers."""

    connection: str
    schema: str = "gridplanner"

    def __post_init__(self) -> None:
        refuse_address(self.connection)
        refuse_schema(self.schema)


@dataclass(frozen=True)
class _Plan:
    """One table to be: its name, its columns (name, SQL type) in order, and of which field each is (None: number and geometry)."""

    name: str
    columns: tuple[tuple[str, str], ...]
    fields: tuple[SchemaField | None, ...]
    rows: LayerRows
    shape: str  # the geometry's column, empty for a table without places

    @property
    def key(self) -> str:
        return self.columns[0][0]


@dataclass(frozen=True)
class _There:
    """What bears a name in the schema already: its number, kind and comment, and whether the user may do as its owner."""

    number: int
    kind: str
    comment: str
    is_mine: bool

    @property
    def is_own(self) -> bool:
        """True for a table that an export made."""
        return self.kind == "r" and (self.comment == OWN or self.comment.startswith(f"{OWN}:"))


def write_postgis(layers: Sequence[LayerRows], target: DatabaseTarget, crs: str, progress: Progress = SILENT) -> None:
    """Write layers whose coordinates are in `crs` into the database; see `written_postgis`."""
    with written_postgis(layers, target, crs, progress):
        pass


@contextmanager
def written_postgis(layers: Sequence[LayerRows], target: DatabaseTarget, crs: str, progress: Progress = SILENT) -> Iterator[None]:
    """Write layers, and commit them where the body of the `with` ends well: what the body raises leaves the database as it was.

    So files can be moved into their place between the two, when nothing can go wrong with the database any more but its line.
    `crs` is a code or WKT, or gcj02 or bd09: coordinates that no SRID may name, which get SRID 0 and a comment that says so. Tables of
    an earlier export that this one lacks are emptied, as they would show a plan that is gone. Raises InputError that names what the
    database refused and the remedy, and Cancelled where `progress` asks; either leaves the database as it was.
    """
    with open_database(target.connection, read_only=False) as link:
        # only one export a schema at a time; the other one waits as long as for a table in use
        link.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", (OWN, target.schema))
        _make_schema(link, target)
        srid = _srid(link, crs)
        there = {row[0]: _There(*row[1:]) for row in link.execute(_TABLES, (target.schema,)).fetchall()}
        plans = _plans(layers, srid)
        _refuse_strangers(plans, there, target)
        swaps: list[tuple[_Plan, str]] = []
        for done, plan in enumerate(plans):
            progress.check()
            progress.report(done / len(plans), _("Writing {layer}").format(layer=plan.rows.schema.name))
            old = there.get(plan.name)
            number = old.number if old is not None else 0
            if old is not None and _has_columns(link, number, plan):
                link.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(_called(target, plan.name)))
                link.execute(sql.SQL("DELETE FROM {}").format(_called(target, plan.name)))
                _fill(link, target, plan.name, plan, progress)
                if old.is_mine or old.comment != _about(plan, crs):  # only its owner may change what is said of it
                    _comment(link, target, plan.name, plan, crs)
            else:
                if number:
                    _refuse_views(link, target, plan.name, number)
                beside = _beside(plan.name, {*there, *(one.name for one in plans)}) if number else plan.name
                _make_table(link, target, beside, plan, crs, progress)
                if number:
                    _copy_grants(link, target, beside, number)
                    swaps.append((plan, beside))
        for name, old in there.items():
            if old.is_own and name not in {plan.name for plan in plans}:
                link.execute(sql.SQL("DELETE FROM {}").format(_called(target, name)))
        progress.check()
        for plan, beside in swaps:  # last, because nobody can read the old ones from here to the end
            link.execute(sql.SQL("DROP TABLE {}").format(_called(target, plan.name)))
            link.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(_called(target, beside), sql.Identifier(plan.name)))
        progress.report(1.0, "")
        yield


def _called(target: DatabaseTarget, name: str) -> sql.Identifier:
    return sql.Identifier(target.schema, name)


def _make_schema(link: Link, target: DatabaseTarget) -> None:
    """Make the schema where it is missing; a schema that is there needs no right to make one."""
    if link.execute("SELECT FROM pg_catalog.pg_namespace WHERE nspname = %s", (target.schema,)).rowcount:
        return
    row = link.execute("SELECT has_database_privilege(current_database(), 'CREATE'), current_user::text").fetchone()
    if row is not None and not row[0]:
        text = _("postgis:{name}: {user} may not make the schema “{schema}”; ask its keeper to run CREATE SCHEMA … AUTHORIZATION {user}")
        raise InputError(text.format(name=target.connection, user=row[1], schema=target.schema))
    link.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(target.schema)))


def _srid(link: Link, crs: str) -> int:
    """Return the database's own number of a CRS, 0 where it has none: no number is better than a wrong one."""
    if crs.lower() in SHIFTED:
        return 0
    authority, _colon, number = systems.authority_code(crs).partition(":")
    if not number.isdigit():
        return 0
    query = "SELECT srid FROM spatial_ref_sys WHERE upper(auth_name) = upper(%s) AND auth_srid = %s ORDER BY srid LIMIT 1"
    row = link.execute(query, (authority, int(number))).fetchone()
    return int(row[0]) if row is not None else 0


def _plans(layers: Iterable[LayerRows], srid: int) -> list[_Plan]:
    """Return the tables to be, with names that are short enough and differ."""
    plans: list[_Plan] = []
    taken: set[str] = set()
    for rows in layers:
        name = _free(rows.schema.name, taken)
        used = set(_SYSTEM)
        named = [_free(part.name, used) for part in rows.schema.fields]
        columns, fields = [(_free("fid", used), "integer")], list[SchemaField | None]([None])
        shape = ""
        if rows.schema.geometry != TABLE:
            shape = _free("geom", used)
            kind = _shape_type(rows)
            columns.append((shape, f"geometry({kind},{srid})" if srid else f"geometry({kind})"))
            fields.append(None)
        columns += [(own, _TYPES[part.kind]) for own, part in zip(named, rows.schema.fields, strict=True)]
        plans.append(_Plan(name, tuple(columns), (*fields, *rows.schema.fields), rows, shape))
    return plans


def _shape_type(rows: LayerRows) -> str:
    """Return the declared type: areas are always of the multi type, so that one export's table takes the next one's."""
    kind = rows.schema.geometry
    several = kind == "Polygon" or bool((shapely.get_type_id(rows.shapes) > 3).any())
    return f"Multi{kind}" if several and not kind.startswith("Multi") else kind


def _free(name: str, taken: set[str]) -> str:
    """Return a name of 63 bytes at most that is not taken yet, cut between characters, and take it."""
    found, number = _cut(name, LONGEST_NAME), 1
    while found in taken:
        number += 1
        end = f"_{number}"
        found = _cut(name, LONGEST_NAME - len(end)) + end
    taken.add(found)
    return found


def _cut(name: str, most: int) -> str:
    clean = name.replace("\x00", "").encode("utf-8", "replace")
    return clean[:most].decode("utf-8", "ignore") or "_"


def _beside(name: str, taken: Iterable[str]) -> str:
    return _free(f"{_cut(name, LONGEST_NAME - 4)}_new", set(taken))


def _refuse_strangers(plans: Sequence[_Plan], there: Mapping[str, _There], target: DatabaseTarget) -> None:
    """Raise InputError where a table of that name was made by somebody else: it is not ours to replace."""
    for plan in plans:
        if plan.name in there and not there[plan.name].is_own:
            text = _("postgis:{name}: “{schema}.{table}” is there and was not written by gridplanner; choose a schema of its own")
            raise InputError(text.format(name=target.connection, schema=target.schema, table=plan.name))


def _refuse_views(link: Link, target: DatabaseTarget, name: str, number: int) -> None:
    """Raise InputError where views would be lost with a table whose columns have changed."""
    views = [str(view) for (view,) in link.execute(_VIEWS, (number, number)).fetchall()]
    if views:
        text = _("postgis:{name}: “{schema}.{table}” has other columns now, and {views} depend on it; drop them, or choose another schema")
        raise InputError(text.format(name=target.connection, schema=target.schema, table=name, views=", ".join(views)))


def _has_columns(link: Link, number: int, plan: _Plan) -> bool:
    """True where a table has the columns that are wanted, in their order and with their types."""
    found = [(str(name), str(kind).rpartition(".")[2]) for name, kind in link.execute(_COLUMNS, (number,)).fetchall()]
    return found == [*plan.columns]


def _make_table(link: Link, target: DatabaseTarget, name: str, plan: _Plan, crs: str, progress: Progress) -> None:
    """Make a table with its rows, its key and the index of its places: after the rows, which is faster."""
    columns = sql.SQL(", ").join(sql.Identifier(column) + sql.SQL(" ") + sql.SQL(kind) for column, kind in plan.columns)
    link.execute(sql.SQL("CREATE TABLE {} ({})").format(_called(target, name), columns))
    _fill(link, target, name, plan, progress)
    link.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(_called(target, name), sql.Identifier(plan.key)))
    if plan.shape:
        link.execute(sql.SQL("CREATE INDEX ON {} USING gist ({})").format(_called(target, name), sql.Identifier(plan.shape)))
    link.execute(sql.SQL("ANALYZE {}").format(_called(target, name)))
    _comment(link, target, name, plan, crs)


def _fill(link: Link, target: DatabaseTarget, name: str, plan: _Plan, progress: Progress) -> None:
    """Copy the rows into a table, piece by piece; what was copied is forgotten where it is no longer wanted."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column, _kind in plan.columns)
    values: list[Iterable[Any]] = [range(1, len(plan.rows) + 1)]
    if plan.shape:
        values.append(_shapes(plan.rows, plan.columns[1][1]))
    for part in plan.rows.schema.fields:
        values.append(_values(plan.rows.columns[part.name], part.kind))
    with link.cursor() as cursor, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(_called(target, name), names)) as copy:
        for number, row in enumerate(zip(*values, strict=True)):
            if number % _PIECE == 0:
                progress.check()
            copy.write_row(row)


def _shapes(rows: LayerRows, kind: str) -> list[str | None]:
    """Return the geometries as hexadecimal EWKB with the SRID of their column; None where a row has none."""
    shapes = rows.shapes
    if kind.startswith("geometry(Multi"):
        shapes = _as_multi(shapes)
    srid = int(kind.rstrip(")").partition(",")[2] or 0)
    hexes: list[str | None] = shapely.to_wkb(shapely.set_srid(shapes, srid), hex=True, output_dimension=2, include_srid=srid > 0).tolist()
    return hexes


def _as_multi(shapes: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return geometries of the multi types; those that are so already, or None, are the very same."""
    out = shapes.copy()
    makers = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
    kinds = shapely.get_type_id(shapes)
    for kind, make in makers.items():
        single = np.flatnonzero(kinds == kind)
        if len(single):
            out[single] = make(shapes[single], indices=np.arange(len(single)))
    return out


def _values(column: Column, kind: str) -> list[Any]:
    """Return values as the database takes them: None where there is none, text without what its encoding cannot hold."""
    if kind == TEXT:
        return [None if value is None else _clean(str(value)) for value in column.tolist()]
    if column.dtype.kind == "f":
        whole = kind == WHOLE
        return [None if value != value else int(value) if whole else value for value in column.tolist()]
    return list(column.tolist())


def _clean(text: str) -> str:
    """Return a text without NUL and half characters, which no database holds."""
    return text if text.isascii() and "\x00" not in text else text.replace("\x00", "").encode("utf-8", "replace").decode()


def _copy_grants(link: Link, target: DatabaseTarget, name: str, number: int) -> None:
    """Give the new table the rights that were granted on the old one."""
    for right, everybody, role in link.execute(_GRANTS, (number,)).fetchall():
        who: sql.Composable = sql.SQL("PUBLIC") if everybody else sql.Identifier(role)
        link.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(right), _called(target, name), who))


def _comment(link: Link, target: DatabaseTarget, name: str, plan: _Plan, crs: str) -> None:
    """Say what a table is, and what each of its columns is in Chinese and English."""
    link.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(_called(target, name), sql.Literal(_about(plan, crs))))
    for (column, _kind), part in zip(plan.columns, plan.fields, strict=True):
        if part is None:
            continue
        parts = [part.chinese, part.english, _(part.unit) if part.unit else "", _(part.meaning) if part.meaning else ""]
        said = " · ".join(word for word in parts if word)
        where = sql.SQL("{}.{}").format(_called(target, name), sql.Identifier(column))
        link.execute(sql.SQL("COMMENT ON COLUMN {} IS {}").format(where, sql.Literal(said)))


def _about(plan: _Plan, crs: str) -> str:
    """Return the comment of a table: that it is the program's own, its layer, and a system that its SRID does not say."""
    words = f"{OWN}: {plan.rows.schema.name}"
    if plan.shape and crs.lower() in SHIFTED:
        words += f"; {crs.upper().replace('0', '-0')}: " + _("coordinates shifted for phone maps, not to be measured in")
    elif plan.shape and plan.columns[1][1].find(",") < 0:
        words += f"; {systems.describe(crs)}"
    return words
