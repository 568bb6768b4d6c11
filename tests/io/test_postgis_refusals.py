"""What a real PostGIS server refuses, or what breaks half way: it is told with the remedy, and nothing is changed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from algorithms.progress import Cancelled, Progress
from gridplanner.benchmarks.own_server import PASSWORD
from gridplanner.errors import InputError
from gridplanner.io import connections
from gridplanner.io.connections import Connection
from gridplanner.io.layer_columns import rows_of
from gridplanner.io.layer_schemas import TEXT, WHOLE
from gridplanner.io.layers import write_layers
from gridplanner.io.postgis import try_connection
from gridplanner.io.postgis_write import DatabaseTarget, write_postgis, written_postgis
from gridplanner.io.vector_files import list_layers, read_table
from tests.io.postgis_server import CRS, SERVICE, SQUARES, Database, made, rows_in, schema_of, squares


class Until(Progress):
    """Cancels after so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    def is_cancelled(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def test_a_failure_in_the_last_layer_leaves_everything_as_it_was(database: Database) -> None:
    schema = schema_of(database, "whole")
    write_postgis([squares()], database.target(schema), CRS)
    before = rows_in(database, f"{schema}.grids")
    broken = made("beats", "Polygon", [("n", WHOLE)], SQUARES[:1], {"n": [2**70]})
    with pytest.raises(InputError, match=f"postgis:{SERVICE}") as refused:
        write_postgis([squares(["甲", "乙", "丙"]), broken], database.target(schema), CRS)
    assert PASSWORD not in str(refused.value)
    assert rows_in(database, f"{schema}.grids") == before
    with pytest.raises(Cancelled):
        write_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS, Until(2))
    with pytest.raises(RuntimeError, match="folder"), written_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS):
        raise RuntimeError("the folder cannot be written")
    assert rows_in(database, f"{schema}.grids") == before
    assert list(list_layers(database.source)).count(f"{schema}.beats") == 0


def test_tables_of_others_are_never_touched(database: Database) -> None:
    schema = schema_of(database, "theirs")
    database.run(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.grids (mine text); INSERT INTO {schema}.grids VALUES ('kept')")
    with pytest.raises(InputError, match=r"theirs\.grids.*not written by gridplanner"):
        write_postgis([squares()], database.target(schema), CRS)
    write_postgis([rows_of("beats", np.zeros(0, object), {})], database.target(schema), CRS)
    assert rows_in(database, f"{schema}.grids") == ["kept"]


def test_a_table_in_use_and_a_connection_that_breaks_are_told_and_change_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = schema_of(database, "busy")
    write_postgis([squares()], database.target(schema), CRS)
    before = rows_in(database, f"{schema}.grids")
    monkeypatch.setattr("gridplanner.io.postgis.LOCK_MS", 50)
    with written_postgis([squares()], database.target(schema), CRS), pytest.raises(InputError, match="in use by somebody else"):
        write_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS)
    kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'gridplanner'"
    with (
        pytest.raises(InputError, match="the connection broke"),
        written_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS),
    ):
        assert database.server.run(kill).strip() == "1"
    assert rows_in(database, f"{schema}.grids") == before

    class Killer(Progress):
        def check(self) -> None:
            database.server.run(kill)

    with pytest.raises(InputError, match="the connection broke"):
        write_postgis([squares(["甲", "乙", "丙"])], database.target(schema), CRS, Killer())
    assert rows_in(database, f"{schema}.grids") == before


def test_a_database_without_postgis_a_wrong_password_and_a_server_that_is_gone_are_told(database: Database) -> None:
    port = database.server.port
    connections.save_connection(Connection("falsch", "127.0.0.1", port, "town", "planner"))
    connections.use_password("falsch", "geheim 123")
    with pytest.raises(InputError, match="password") as refused:
        list_layers(Path("postgis:falsch"))
    assert "geheim" not in str(refused.value)
    connections.use_password("falsch", PASSWORD)
    assert list_layers(Path("postgis:falsch"))
    database.server.run("CREATE DATABASE bare OWNER planner", "postgres")
    connections.save_connection(Connection("bare", "127.0.0.1", port, "bare", "planner"))
    connections.use_password("bare", PASSWORD)
    with pytest.raises(InputError, match="CREATE EXTENSION postgis"):
        list_layers(Path("postgis:bare"))
    connections.save_connection(Connection("nirgends", "127.0.0.1", 1, "town", "planner"))
    with pytest.raises(InputError, match="cannot be reached"):
        list_layers(Path("postgis:nirgends"))
    connections.save_connection(Connection("leer", "127.0.0.1", port, "no_such", "planner"))
    connections.use_password("leer", PASSWORD)
    with pytest.raises(InputError, match="names of the database"):
        list_layers(Path("postgis:leer"))


def test_who_may_not_make_a_schema_is_told_what_to_ask_for(database: Database) -> None:
    database.server.run("CREATE ROLE reader LOGIN PASSWORD 'r'", "postgres")
    connections.save_connection(Connection("reader", "127.0.0.1", database.server.port, "town", "reader"))
    connections.use_password("reader", "r")
    schema = schema_of(database, "forbidden")
    with pytest.raises(InputError, match="may not make the schema"):
        write_postgis([squares()], DatabaseTarget("reader", schema), CRS)
    write_postgis([squares()], database.target(schema), CRS)
    with pytest.raises(InputError, match="GRANT"):
        write_postgis([squares()], DatabaseTarget("reader", schema), CRS)
    assert f"{schema}.grids" not in list_layers(Path("postgis:reader"))


def test_a_colleague_with_all_rights_on_the_rows_may_write_them_anew(database: Database) -> None:
    schema = schema_of(database, "team")
    write_postgis([squares()], database.target(schema), CRS)
    database.server.run(
        "CREATE ROLE mate LOGIN PASSWORD 'm'; "
        f"GRANT USAGE ON SCHEMA {schema} TO mate; GRANT SELECT, INSERT, UPDATE, DELETE ON {schema}.grids TO mate"
    )
    connections.save_connection(Connection("mate", "127.0.0.1", database.server.port, "town", "mate"))
    connections.use_password("mate", "m")
    write_postgis([squares(["甲", "乙", "丙"])], DatabaseTarget("mate", schema), CRS)
    assert rows_in(database, f"{schema}.grids", "name") == ["丙", "乙", "甲"]
    other = made("grids", "Polygon", [("grid_code", TEXT), ("ctid", TEXT)], SQUARES[:1], {"grid_code": ["1"], "ctid": ["x"]})
    with pytest.raises(InputError, match="GRANT"):
        write_postgis([other], DatabaseTarget("mate", schema), CRS)
    write_postgis([other], database.target(schema), CRS)  # also a field that is called as a column of the server's own
    assert rows_in(database, f"{schema}.grids", "ctid_2") == ["x"]
    database.run(
        f"CREATE TABLE {schema}.notes AS SELECT 1 AS grid; ALTER TABLE {schema}.notes ADD FOREIGN KEY (grid) REFERENCES {schema}.grids"
    )
    for rows in (other, squares()):
        with pytest.raises(InputError, match="builds on its table or rows"):
            write_postgis([rows], database.target(schema), CRS)


def test_what_is_no_text_reaches_no_server(database: Database) -> None:
    for user, password in (("us\ud800er", "p"), ("planner", "p\ud800")):
        with pytest.raises(InputError, match="no text"):
            try_connection(Connection("odd", "127.0.0.1", database.server.port, "town", user), password)


def test_two_exports_at_once_come_one_after_the_other(database: Database) -> None:
    schema = schema_of(database, "twice")
    failures: list[BaseException] = []

    def export(names: Sequence[str]) -> None:
        try:
            write_postgis([squares(names)], database.target(schema), CRS)
        except BaseException as why:
            failures.append(why)

    threads = [threading.Thread(target=export, args=([sign * 2] * 3,)) for sign in "甲乙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(set(rows_in(database, f"{schema}.grids", "name"))) == 1


def test_an_export_goes_into_folder_and_database_or_into_neither(database: Database, town, tmp_path: Path) -> None:
    schema = schema_of(database, "export")
    wished = dataclasses.replace(town.settings.export, formats=("gpkg",), postgis=SERVICE, schema=schema)
    project = dataclasses.replace(town, settings=dataclasses.replace(town.settings, export=wished))
    write_layers(project, tmp_path / "out")
    table = read_table(database.source, f"{schema}.grids", ["grid_code", "households"])
    assert len(table) == len(project.grids)
    assert table.columns["households"].sum() == pytest.approx(project.households.households.sum())
    before = sorted(path.name for path in (tmp_path / "out").iterdir())
    database.run(f"ALTER TABLE {schema}.zones RENAME TO away; CREATE TABLE {schema}.zones (mine text)")
    with pytest.raises(InputError, match="not written by gridplanner"):
        write_layers(project, tmp_path / "other")
    assert not list((tmp_path / "other").iterdir())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before
    database.run(
        f"DROP TABLE {schema}.zones; CREATE FUNCTION {schema}.no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not today'; END$$; "
        f"CREATE CONSTRAINT TRIGGER late AFTER INSERT ON {schema}.grids DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION {schema}.no()"
    )
    package = next((tmp_path / "out").glob("*.gpkg"))
    kept = package.stat()
    with pytest.raises(InputError, match="not today"):  # at the very end, when the files are in their places
        write_layers(project, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before
    assert (package.stat().st_ino, package.stat().st_mtime_ns) == (kept.st_ino, kept.st_mtime_ns)
