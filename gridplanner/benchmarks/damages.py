"""Ways in which a project file is damaged, or made up by someone who means harm; each is done to a copy by chance with a seed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from gridplanner.io.keeping.parity import TABLE as SPARE
from gridplanner.io.project_text import AGAIN, FILE, digest_of
from gridplanner.io.project_values import VALUES

Chance = np.random.Generator
TABLES = (FILE, AGAIN, VALUES, SPARE, "gridplanner_changes", "gpkg_contents", "grids", "roads", "communities")
HOSTILE = 'x"; DROP TABLE gridplanner_values; --'
_PAGE = 16384


def bits_flipped(path: Path, chance: Chance) -> None:
    """1 to 64 bits anywhere."""
    data = bytearray(path.read_bytes())
    for place in chance.integers(0, len(data), int(chance.integers(1, 65))).tolist():
        data[place] ^= 1 << int(chance.integers(0, 8))
    path.write_bytes(data)


def bits_flipped_in_truth(path: Path, chance: Chance) -> None:
    """1 to 8 bits in the first two fifths of the file, where arrays and text are."""
    data = bytearray(path.read_bytes())
    for place in chance.integers(0, len(data) * 2 // 5, int(chance.integers(1, 9))).tolist():
        data[place] ^= 1 << int(chance.integers(0, 8))
    path.write_bytes(data)


def truncated(path: Path, chance: Chance) -> None:
    """The end is missing."""
    data = path.read_bytes()
    path.write_bytes(data[: int(chance.integers(0, len(data)))])


def pages_zeroed(path: Path, chance: Chance) -> None:
    """1 to 8 pages in a row are noughts, or noise."""
    data = bytearray(path.read_bytes())
    first, count = int(chance.integers(0, len(data) // _PAGE)), int(chance.integers(1, 9))
    part = slice(first * _PAGE, min((first + count) * _PAGE, len(data)))
    length = part.stop - part.start
    data[part] = bytes(length) if chance.random() < 0.5 else chance.bytes(length)
    path.write_bytes(data)


def pages_swapped(path: Path, chance: Chance) -> None:
    """Two pages stand in each other's place."""
    data = bytearray(path.read_bytes())
    one, other = (chance.integers(0, len(data) // _PAGE, 2) * _PAGE).tolist()
    data[one : one + _PAGE], data[other : other + _PAGE] = data[other : other + _PAGE], data[one : one + _PAGE]
    path.write_bytes(data)


def table_dropped(path: Path, chance: Chance) -> None:
    """One or two tables are dropped."""
    with _changing(path) as base:
        for table in chance.choice(TABLES, int(chance.integers(1, 3)), replace=False).tolist():
            base.execute(f"DROP TABLE IF EXISTS {table}")


def rows_deleted(path: Path, chance: Chance) -> None:
    """1 to 5 arrays, a row of the text, or entries of the log are deleted."""
    with _changing(path) as base:
        what = int(chance.integers(0, 4))
        if what < 2:
            for name in _some_names(base, chance, 5):
                base.execute(f"DELETE FROM {VALUES} WHERE name = ?", (name,))
        elif what == 2:
            base.execute(f"DELETE FROM {FILE} WHERE key = (SELECT key FROM {FILE} LIMIT 1 OFFSET {int(chance.integers(0, 7))})")
        else:
            base.execute("DELETE FROM gridplanner_changes WHERE fid % 2")


def rows_swapped(path: Path, chance: Chance) -> None:
    """Two arrays have each other's names, or each other's bytes and checksums."""
    with _changing(path) as base:
        one, other = _some_names(base, chance, 2, exactly=True)
        if chance.random() < 0.5:
            for before, after in ((one, "\x01"), (other, one), ("\x01", other)):
                base.execute(f"UPDATE {VALUES} SET name = ? WHERE name = ?", (after, before))
        else:
            row = base.execute(f"SELECT kind, shape, checksum, data FROM {VALUES} WHERE name = ?", (one,)).fetchone()
            base.execute(f"UPDATE {VALUES} SET kind = ?, shape = ?, checksum = ?, data = ? WHERE name = ?", (*row, other))


def rows_altered(path: Path, chance: Chance) -> None:
    """A word of the text, of the log or of a row is another."""
    changes = (
        f"UPDATE {FILE} SET value = replace(value, '0', '1') WHERE key = 'project'",
        f"UPDATE {FILE} SET value = '6' WHERE key = 'version'",
        f"UPDATE {FILE} SET value = replace(value, '\"number\"', '\"numbers\"') WHERE key = 'mark'",
        "UPDATE gridplanner_changes SET exact = replace(exact, 'a', 'b')",
        f"UPDATE {VALUES} SET kind = '<i8' WHERE kind = '<f8'",
        f"UPDATE {VALUES} SET data = CAST(data AS TEXT) WHERE kind = 'text'",
        f"UPDATE {FILE} SET value = CAST(value AS BLOB) WHERE key = 'project'",
        f"INSERT INTO {VALUES} VALUES ('more', '<f8', '[1]', 'x', zeroblob(8))",
        f"UPDATE {VALUES} SET shape = '[' || (1 << 40) || ']'",
        f"UPDATE {VALUES} SET data = zeroblob(length(data)) WHERE rowid = {int(chance.integers(1, 40))}",
    )
    with _changing(path) as base:
        base.execute(changes[int(chance.integers(0, len(changes)))])


def hostile(path: Path, chance: Chance) -> None:
    """Views, triggers, virtual and generated columns in the place of tables; names that are SQL."""
    table, column = {0: (FILE, "key"), 1: (VALUES, "name"), 2: ("gridplanner_changes", "who")}[int(chance.integers(0, 3))]
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS key, i AS value FROM n"
    made = (
        (f"ALTER TABLE {table} RENAME TO real", f"CREATE VIEW {table} AS SELECT * FROM real"),
        (f"DROP TABLE {table}", f"CREATE VIEW {table} AS {endless}"),
        (f"DROP TABLE {table}", f"CREATE VIRTUAL TABLE {table} USING fts5(key, value)"),
        (f"DROP TABLE {table}", f"CREATE TABLE {table} (a INTEGER, key AS (zeroblob(1000000000)), value AS (hex(zeroblob(99999999))))"),
        (f"CREATE TRIGGER t AFTER INSERT ON {table} BEGIN DELETE FROM {table}; END", f"DELETE FROM {table}"),
        (f'CREATE TABLE "{HOSTILE.replace(chr(34), chr(34) * 2)}" (a)', f"UPDATE {VALUES} SET name = name || '{HOSTILE}'"),
        (f"UPDATE {VALUES} SET kind = '|O'", f"UPDATE {VALUES} SET name = '../../../x'  WHERE rowid = 1"),
        (f"CREATE INDEX i ON {table}(length({column}))", f"DROP TABLE IF EXISTS {AGAIN}", f"DELETE FROM {FILE} WHERE key = 'manifest'"),
    )
    with _changing(path) as base:
        for sql in made[int(chance.integers(0, len(made)))]:
            base.execute(sql)


def forged(path: Path, chance: Chance) -> None:
    """Checksums that agree, over what no program saved: deep text, unknown classes, arrays without end, later versions."""
    what = int(chance.integers(0, 6))
    with _changing(path) as base:
        rows = dict(base.execute(f"SELECT key, value FROM {FILE}"))
        del rows["checksum"]
        if what == 0:
            rows["project"] = "[" * 200_000 + "]" * 200_000
        elif what == 1:
            rows["project"] = rows["project"].replace('"Project"', '"Popen"').replace('"Settings"', '"Path"')
        elif what == 2:
            rows["project"] = '{"$scalar":"|O","value":{"$array":"households.xy"}}'
        elif what == 3:
            rows["version"], rows["program"] = str(int(chance.integers(8, 10**6))), HOSTILE
        else:
            kind, shape = [("<f8", [1 << 39]), ("odd text", [1 << 39])][what - 4]
            manifest = json.loads(rows["manifest"])
            manifest["arrays"]["households.xy"] = digest_of(["households.xy", kind, json.dumps(shape), bytes(16)])
            rows["manifest"] = json.dumps(manifest)
            sql = f"UPDATE {VALUES} SET kind = ?, shape = ?, checksum = ?, data = ? WHERE name = 'households.xy'"
            base.execute(sql, (kind, json.dumps(shape), manifest["arrays"]["households.xy"], bytes(16)))
        rows["checksum"] = digest_of(part for key in sorted(rows) for part in (key, rows[key]))
        for table in (FILE, AGAIN):
            base.execute(f"DELETE FROM {table}")
            base.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows.items())


DAMAGES: dict[str, tuple[int, Callable[[Path, Chance], None]]] = {  # of 500
    "bits flipped": (70, bits_flipped), "bits of the text and the arrays flipped": (70, bits_flipped_in_truth),
    "truncated": (60, truncated), "pages zeroed or noise": (60, pages_zeroed), "pages swapped": (30, pages_swapped),
    "tables dropped": (40, table_dropped), "rows deleted": (40, rows_deleted), "rows swapped": (30, rows_swapped),
    "rows altered": (40, rows_altered), "views, triggers and names of SQL": (40, hostile), "made up with checksums": (20, forged),
}  # fmt: skip


def _changing(path: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(path, isolation_level=None))


def _some_names(base: sqlite3.Connection, chance: Chance, most: int, *, exactly: bool = False) -> list[str]:
    names = [name for (name,) in base.execute(f"SELECT name FROM {VALUES} WHERE length(data) > 0 ORDER BY name")]
    count = most if exactly else int(chance.integers(1, most + 1))
    return [str(name) for name in chance.choice(names, count, replace=False)]
