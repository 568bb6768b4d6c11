"""A real PostGIS server for the tests that need one, begun once and gone at the end: on the loopback; and layers for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import shapely

from gridplanner.benchmarks.own_server import DATABASE, PASSWORD, USER, NoServer, OwnServer, own_server
from gridplanner.io.layer_columns import LayerRows, rows_of
from gridplanner.io.layer_schemas import Field, Schema
from gridplanner.io.postgis_write import DatabaseTarget

SERVICE = "西郊 库"


@dataclass(frozen=True)
class Database:
    """A database with PostGIS, named by a service whose password stands in a .pgpass of its own."""

    server: OwnServer
    folder: Path

    @property
    def source(self) -> Path:
        """What a plan file names as the path of a source."""
        return Path(f"postgis:{SERVICE}")

    @property
    def ogr(self) -> str:
        """What GDAL calls it."""
        return f"PG:service='{SERVICE}'"

    def run(self, text: str) -> str:
        """Run SQL as the planner and return what psql prints."""
        return self.server.run(f"SET ROLE {USER}; {text}")

    def target(self, schema: str) -> DatabaseTarget:
        """Return where layers go."""
        return DatabaseTarget(SERVICE, schema)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return a database that can be reached by a service."""
    folder = tmp_path_factory.mktemp("postgis 服务")
    try:
        with own_server() as server, pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("PG")]:
                patch.delenv(name)
            services, passwords = folder / "pg_service.conf", folder / "pgpass"
            services.write_text(f"# 服务\n[{SERVICE}]\nhost=127.0.0.1\nport={server.port}\ndbname={DATABASE}\nuser={USER}\n", "utf-8")
            escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
            passwords.write_text(f"127.0.0.1:{server.port}:{DATABASE}:{USER}:{escaped}\n", "utf-8")
            passwords.chmod(0o600)
            patch.setenv("PGSERVICEFILE", str(services))
            patch.setenv("PGPASSFILE", str(passwords))
            patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
            yield Database(server, folder)
    except NoServer as why:
        pytest.skip(str(why))


CRS = "EPSG:4545"
SQUARES = [shapely.box(x, 0.0, x + 10.0, 10.0) for x in (0.0, 10.0, 20.0)]
EVIL = '"; DROP TABLE "gridplanner"."grids"; --'


def squares(names: Sequence[str] = ("第一网格", "O'Brien", EVIL), **more: object) -> LayerRows:
    columns = {"grid_code": ["001", "002", "003"], "name": list(names), "households": [300.0, 310.5, np.nan], **more}
    return rows_of("grids", np.array(SQUARES, object), columns)


def made(name: str, geometry: str, fields: Sequence[tuple[str, str]], shapes: Sequence[object], columns: dict[str, object]) -> LayerRows:
    schema = Schema(name, geometry, tuple(Field(part, kind, 20, part, part) for part, kind in fields))
    array = np.empty(len(shapes), object)
    array[:] = list(shapes)
    return LayerRows(
        schema, array, {key: np.asarray(value, object if isinstance(value[0], str | None) else None) for key, value in columns.items()}
    )  # type: ignore[index]


def schema_of(database: Database, name: str) -> str:
    """Return a schema that is not there yet, whatever earlier tests left."""
    database.run(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')
    return name


def rows_in(database: Database, table: str, columns: str = "*") -> list[str]:
    return database.run(f"SELECT {columns} FROM {table} ORDER BY 1").splitlines()
