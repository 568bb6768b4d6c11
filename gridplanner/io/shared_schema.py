"""The tables of an office's projects in a database, and the roles that may do just what they need with them.

Nothing in these tables is ever changed: a save is a new row of `commits`, and a row's primary key is its version, so that two desks
that save on the same version cannot both succeed. Long values lie in `pieces`, named by what they are (SHA-256), so that one that did
not change since an earlier snapshot is not stored again.
"""

from __future__ import annotations

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.postgis import Link, sql

SCHEMA = "gridplanner_shared"  # not that of the exports, whose tables are made anew and emptied
READER, EDITOR, KEEPER = "gridplanner_reader", "gridplanner_editor", "gridplanner_keeper"
TABLES = ("projects", "commits", "changes", "arrays", "pieces", "snapshots", "snapshot_values")
# what an editor gives of a row; the rest (time, role, key) is the server's own to say
_GIVEN = {
    "projects": ("name", "project_id"),
    "commits": ("project", "version", "parent", "save_id", "format", "program", "who", "words", "journal", "records", "delta"),
    "changes": ("project", "version", "number", "at", "who", "words", "way", "lines"),
    "arrays": ("project", "digest", "kind", "shape", "size"),
    "pieces": ("project", "digest", "number", "data"),
    "snapshots": ("project", "version", "tree"),
    "snapshot_values": ("project", "version", "name", "digest"),
}
_MAKE = f"""
CREATE SCHEMA IF NOT EXISTS {SCHEMA};
CREATE TABLE IF NOT EXISTS {SCHEMA}.projects (
  project bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (name <> ''),
  project_id text NOT NULL,
  created timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text NOT NULL DEFAULT session_user
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.commits (
  project bigint NOT NULL REFERENCES {SCHEMA}.projects ON DELETE CASCADE,
  version bigint NOT NULL,
  parent bigint,
  save_id text NOT NULL,
  format integer NOT NULL,
  program text NOT NULL,
  who text NOT NULL,
  words text NOT NULL,
  journal text NOT NULL,
  records bigint NOT NULL,
  delta bytea,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text NOT NULL DEFAULT session_user,
  PRIMARY KEY (project, version),
  UNIQUE (project, parent),
  UNIQUE (project, save_id),
  FOREIGN KEY (project, parent) REFERENCES {SCHEMA}.commits (project, version),
  CHECK (version = coalesce(parent, 0) + 1)
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.changes (
  project bigint NOT NULL,
  version bigint NOT NULL,
  number bigint NOT NULL,
  at double precision NOT NULL,
  who text NOT NULL,
  words text NOT NULL,
  way text NOT NULL,
  lines text NOT NULL,
  PRIMARY KEY (project, number),
  FOREIGN KEY (project, version) REFERENCES {SCHEMA}.commits ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.arrays (
  project bigint NOT NULL REFERENCES {SCHEMA}.projects ON DELETE CASCADE,
  digest bytea NOT NULL,
  kind text NOT NULL,
  shape text NOT NULL,
  size bigint NOT NULL,
  PRIMARY KEY (project, digest)
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.pieces (
  project bigint NOT NULL,
  digest bytea NOT NULL,
  number integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (project, digest, number),
  FOREIGN KEY (project, digest) REFERENCES {SCHEMA}.arrays ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.snapshots (
  project bigint NOT NULL,
  version bigint NOT NULL,
  tree bytea NOT NULL,
  PRIMARY KEY (project, version),
  FOREIGN KEY (project, version) REFERENCES {SCHEMA}.commits ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS {SCHEMA}.snapshot_values (
  project bigint NOT NULL,
  version bigint NOT NULL,
  name text NOT NULL,
  digest bytea NOT NULL,
  PRIMARY KEY (project, version, name),
  FOREIGN KEY (project, version) REFERENCES {SCHEMA}.snapshots ON DELETE CASCADE,
  FOREIGN KEY (project, digest) REFERENCES {SCHEMA}.arrays ON DELETE CASCADE
);
ALTER TABLE {SCHEMA}.pieces ALTER COLUMN data SET STORAGE EXTERNAL;
ALTER TABLE {SCHEMA}.commits ALTER COLUMN delta SET STORAGE EXTERNAL;
"""
_NO_TABLES = N_(
    "postgis:{name}: the database has no room for projects yet, and {role} may not make it; let its keeper run the script that "
    "“gridplanner shared roles” prints"
)
_READS_ONLY = N_("postgis:{name}: {role} may read the projects here, not save them; ask its keeper for the role {editor}")
_READS_NOTHING = N_("postgis:{name}: {role} may not read the projects here; ask its keeper for the role {reader} or {editor}")
_KEEPS_NOT = N_("postgis:{name}: {role} may not remove a project; ask its keeper, whose role is {keeper}")


def roles_script() -> str:
    """Return the SQL that a keeper of a database runs once: tables and three roles of least privilege; it may be run again.

    Roles cannot log in: each person's own role is made a member. An editor may add versions, but no row of theirs can be changed or
    deleted by anybody but the keeper, and neither time nor login of a version can be made up.
    """
    lines = [
        "-- Projects of gridplanner kept in this database. Run it as an owner of the database who may make roles:",
        "--   psql -d DATABASE -f roles.sql",
        f"-- then make each person's role a member:  GRANT {EDITOR} TO somebody;",
        "BEGIN;",
        "SET LOCAL client_min_messages = warning;",
    ]
    for role in (READER, EDITOR, KEEPER):
        lines.append(
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; "
            "END IF; END $$;"
        )
    lines += [_MAKE.strip(), f"REVOKE ALL ON SCHEMA {SCHEMA} FROM PUBLIC, {READER}, {EDITOR}, {KEEPER};"]
    lines += [f"REVOKE ALL ON {SCHEMA}.{table} FROM PUBLIC, {READER}, {EDITOR}, {KEEPER};" for table in TABLES]
    lines += [f"GRANT USAGE ON SCHEMA {SCHEMA} TO {READER}, {EDITOR}, {KEEPER};"]
    lines += [f"GRANT SELECT ON {SCHEMA}.{table} TO {READER}, {EDITOR}, {KEEPER};" for table in TABLES]
    for table, columns in _GIVEN.items():
        lines.append(f"GRANT INSERT ({', '.join(columns)}) ON {SCHEMA}.{table} TO {EDITOR}, {KEEPER};")
    lines.append(f"GRANT DELETE ON {SCHEMA}.projects TO {KEEPER};  -- all that belongs to a project goes with it")
    return "\n".join([*lines, "COMMIT;", ""])


def has_tables(link: Link) -> bool:
    """Return whether the tables are there, whoever may read them."""
    found = link.execute(
        "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relname = ANY(%s)", (SCHEMA, list(TABLES)),
    ).fetchone()  # fmt: skip
    return found is not None and int(found[0]) == len(TABLES)


def refuse_reading(link: Link, name: str) -> None:
    """Raise InputError where the tables are there and the user may not read them."""
    if not _may(link, "has_schema_privilege(%s, 'USAGE')", SCHEMA) or not _may(
        link, "has_table_privilege(%s, 'SELECT')", f"{SCHEMA}.commits"
    ):
        raise InputError(_(_READS_NOTHING).format(name=name, role=_role(link), reader=READER, editor=EDITOR))


def ready_for_saving(link: Link, name: str) -> None:
    """Make the tables where they are not there yet; raises InputError where the user may neither make nor fill them."""
    if not has_tables(link):
        if not _may(link, "has_database_privilege(current_database(), %s)", "CREATE"):
            raise InputError(_(_NO_TABLES).format(name=name, role=_role(link)))
        link.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", (SCHEMA,))  # two desks that begin at once
        link.execute(sql.SQL(_MAKE))
        return
    refuse_reading(link, name)
    if not _may(link, "has_column_privilege(%s, 'version', 'INSERT')", f"{SCHEMA}.commits"):
        raise InputError(_(_READS_ONLY).format(name=name, role=_role(link), editor=EDITOR))


def refuse_removing(link: Link, name: str) -> None:
    """Raise InputError where the user may not remove a project."""
    refuse_reading(link, name)
    if not _may(link, "has_table_privilege(%s, 'DELETE')", f"{SCHEMA}.projects"):
        raise InputError(_(_KEEPS_NOT).format(name=name, role=_role(link), keeper=KEEPER))


def _may(link: Link, right: str, thing: str) -> bool:
    row = link.execute(sql.SQL("SELECT " + right), (thing,)).fetchone()
    return row is not None and bool(row[0])


def _role(link: Link) -> str:
    row = link.execute("SELECT current_user").fetchone()
    return str(row[0]) if row is not None else "?"
