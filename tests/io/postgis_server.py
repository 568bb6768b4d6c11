"""A real PostGIS server for the tests that need one, begun once and gone at the end: on the loopback, with a password."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gridplanner.benchmarks.own_server import DATABASE, PASSWORD, USER, NoServer, OwnServer, own_server
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
