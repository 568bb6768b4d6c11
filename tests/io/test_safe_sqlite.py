"""SQLite files from elsewhere: only named real tables are read, nothing in the file is run, nothing is written, nothing takes for ever."""

import sqlite3
import time
from contextlib import closing

import pytest

from gridplanner.io.doctor.gpkg_counts import counts_wrong, true_count
from gridplanner.io.safe_sqlite import SqliteFileError, opened, tables_of
from gridplanner.io.tiles.faults import TileFault
from gridplanner.io.tiles.mbtiles import MbtilesPack

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS a, i AS b FROM n"


@pytest.fixture
def base(tmp_path):
    path = tmp_path / "b.db"
    change(path, "CREATE TABLE t (a, b)", "INSERT INTO t VALUES (1, 'x'), (2, 'y')", "CREATE TABLE other (a)")
    return path


def change(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for sql in statements:
            database.execute(sql)


def test_named_tables_are_read_and_nothing_else_is_done(base):
    before = base.read_bytes()
    with opened(base, ("T", "missing")) as found:
        assert found.execute("SELECT a, upper(b) FROM (SELECT a, b FROM t)".replace("upper", "lower")).fetchall() == [(1, "x"), (2, "y")]
        assert found.execute("SELECT count(*), max(rowid), sum(length(b)) FROM t").fetchone() == (2, 2, 2)
        assert tables_of(found) == {"t", "other"}
        for sql in (
            "SELECT * FROM other", "INSERT INTO t VALUES (3, 'z')", "DROP TABLE t", "CREATE TEMP TABLE x (a)", "PRAGMA journal_mode = WAL",
            "ATTACH ':memory:' AS m", "SELECT load_extension('x')", "SELECT upper(b) FROM t", f"SELECT count(*) FROM ({ENDLESS})",
            "BEGIN", "VACUUM", "SELECT * FROM pragma_table_info('t')", "PRAGMA query_only = OFF",
        ):  # fmt: skip
            with pytest.raises(sqlite3.DatabaseError):
                found.execute(sql).fetchall()
    assert base.read_bytes() == before
    assert [path.name for path in base.parent.iterdir()] == [base.name]


@pytest.mark.parametrize("sql", [
    "CREATE VIEW s AS SELECT * FROM t", f"CREATE VIEW s AS {ENDLESS}", "CREATE VIRTUAL TABLE s USING fts5(a, b)",
    "CREATE TABLE s (a, b AS (zeroblob(1000000000)))", "CREATE TABLE s (a, b AS (hex(a)) STORED)",
])  # fmt: skip
def test_what_only_seems_a_table_is_refused(base, sql):
    change(base, sql)
    with pytest.raises(SqliteFileError, match="s in it is not a plain table"), opened(base, ("s",)):
        pass
    with opened(base, ("t",)) as found:  # and is not read by way of another
        assert found.execute("SELECT count(*) FROM t").fetchone() == (2,)


def test_a_file_of_any_name_is_opened(base):
    for name in ("城 #1?&mode=rwc.db", "a%41.db", "b\udcff.db", "c\\d:e.db"):
        try:
            there = base.rename(base.with_name(name))
        except (OSError, ValueError):  # a system that has no such names
            continue
        with opened(there, ("t",)) as found:
            assert found.execute("SELECT count(*) FROM t").fetchone() == (2,)
        base = there


def test_what_is_left_of_a_journal_beside_is_not_run(base):
    change(base, "PRAGMA journal_mode = WAL", "CREATE TABLE w (a)")
    for end in ("-journal", "-wal"):
        base.with_name(base.name + end).write_bytes(b"\x37\x7f\x06\x82" + bytes(5000))
    names = sorted(path.name for path in base.parent.iterdir())
    with opened(base, ("t",)) as found:
        assert found.execute("SELECT count(*) FROM t").fetchone() == (2,)
    assert sorted(path.name for path in base.parent.iterdir()) == names


def test_a_file_that_is_no_database_or_too_short_is_said(base):
    data = base.read_bytes()
    for content, words in ((b"", "not an SQLite"), (data[:-4096], "end is missing"), (data[:16] + b"\x00\x03" + data[18:], "damaged")):
        base.write_bytes(content)
        with pytest.raises(SqliteFileError, match=words), opened(base, ("t",)):
            pass


def test_values_longer_than_wished_and_endless_questions_end(base):
    change(base, "UPDATE t SET b = zeroblob(5000)", "INSERT INTO t SELECT a, b FROM t", "INSERT INTO t SELECT a, b FROM t")
    with opened(base, ("t",), longest=4000) as found, pytest.raises(sqlite3.DatabaseError):
        found.execute("SELECT b FROM t").fetchall()
    start = time.monotonic()
    crossed = ", ".join(f"t AS t{n}" for n in range(20))
    with opened(base, ("t",), seconds=0.2) as found, pytest.raises(sqlite3.OperationalError, match="interrupted"):
        found.execute(f"SELECT count(*) FROM {crossed}").fetchone()
    assert time.monotonic() - start < 3


def test_counts_of_a_package_do_not_run_what_is_in_it(base):
    change(base, "CREATE TABLE gpkg_ogr_contents (table_name, feature_count)", "INSERT INTO gpkg_ogr_contents VALUES ('t', 99), ('s', 7)")
    assert true_count(base, "t", 99) == 2
    change(base, f"CREATE VIEW s AS {ENDLESS}")
    assert counts_wrong(base, "s")
    assert true_count(base, "s", 7) == 7


def test_a_tile_pack_may_have_a_view_over_its_own_tables_and_no_endless_one(tmp_path):
    tables = (
        "CREATE TABLE metadata (name, value)", "INSERT INTO metadata VALUES ('format', 'png')",
        "CREATE TABLE map (zoom_level, tile_column, tile_row, tile_id)", "CREATE TABLE images (tile_id, tile_data)",
        "INSERT INTO map VALUES (0, 0, 0, 'a')", "INSERT INTO images VALUES ('a', x'89504e47')",
    )  # fmt: skip
    good = tmp_path / "good.mbtiles"
    view = "SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images ON map.tile_id = images.tile_id"
    change(good, *tables, f"CREATE VIEW tiles AS {view}")
    pack = MbtilesPack(good)
    assert (pack.least, pack.most, pack.tile(0, 0, 0)) == (0, 0, b"\x89PNG")
    pack.close()
    for number, made in enumerate((ENDLESS, "SELECT 0 AS zoom_level, load_extension('x') AS tile_data", "SELECT * FROM sqlite_dbpage")):
        bad = tmp_path / f"bad{number}.mbtiles"
        change(bad, *tables, f"CREATE VIEW tiles AS {made}")
        with pytest.raises(TileFault, match="not an MBTiles pack"):
            MbtilesPack(bad)
