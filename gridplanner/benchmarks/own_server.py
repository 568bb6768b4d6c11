"""A PostGIS server of one's own for a measurement or a test: a new cluster on this computer alone, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER, PASSWORD, DATABASE = "planner", "口令 p'w\"d\\1", "town"
PLACES = ("/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt")
_QUIET = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_wal_size=2GB", "shared_buffers=64MB", "jit=off")


class NoServer(Exception):  # noqa: N818  (a reason to leave something out, not an error)
    """No PostgreSQL with PostGIS can be started here; the text says why."""


@dataclass(frozen=True)
class OwnServer:
    """A server that runs: its port on the loopback, the folder that it lives in, and the programs that belong to it."""

    port: int
    folder: Path
    programs: Path
    data: Path

    def run(self, text: str, database: str = DATABASE) -> str:
        """Run SQL as the cluster's owner and return what psql prints; RuntimeError where it fails."""
        words = ["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-p", str(self.port), "-U", "postgres", "-d", database]
        return _call(self.programs / "psql", *words, "-c", text)

    def stop(self) -> None:
        """Stop it at once, as a computer that fails does."""
        _call(self.programs / "pg_ctl", "-D", str(self.data), "-m", "immediate", "-w", "stop")


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """Yield a server with the database `town` and PostGIS in it, whose user `planner` needs a password; raises NoServer.

    PostgreSQL does not run as root: there, its processes are given to the system's user postgres.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="gridplanner-server-"))
    server = OwnServer(_free_port(), folder, programs, folder / "data")
    try:
        if _is_root():
            _give_away(folder)
        _start(server)
        yield server
    finally:
        if (server.data / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _start(server: OwnServer) -> None:
    words = ["--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256", "--username=postgres", "--no-sync"]
    try:
        _call(server.programs / "initdb", "-D", str(server.data), *words)
    except RuntimeError as why:
        raise NoServer(f"a cluster cannot be made: {why}") from None
    settings = [f"-c {word}" for word in (*_QUIET, "listen_addresses=127.0.0.1", f"unix_socket_directories={server.folder}")]
    log = server.folder / "log"
    options = f"-p {server.port} {' '.join(settings)}"
    _call(server.programs / "pg_ctl", "-D", str(server.data), "-l", str(log), "-o", options, "-w", "-t", "30", "start")
    server.run(f"CREATE ROLE {USER} LOGIN PASSWORD {_literal(PASSWORD)}", "postgres")
    server.run(f"CREATE DATABASE {DATABASE} OWNER {USER}", "postgres")
    server.run("CREATE EXTENSION postgis")


def _give_away(folder: Path) -> None:
    try:
        shutil.chown(folder, "postgres", "postgres")
    except LookupError:
        raise NoServer("PostgreSQL does not run as root, and the system has no user postgres") from None


def _literal(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _programs() -> Path:
    """Return the folder of the newest PostgreSQL that has PostGIS; raises NoServer."""
    if sys.platform == "win32":
        raise NoServer("a server for tests is started on Linux and macOS only")
    found = [Path(path).resolve().parent for path in (shutil.which("initdb"),) if path]
    found += sorted((path.parent for place in PLACES for path in Path(place).glob("*/bin/initdb")), key=_version, reverse=True)
    found = [path for path in found if all((path / name).exists() for name in ("initdb", "pg_ctl", "psql", "postgres"))]
    if not found:
        raise NoServer("no PostgreSQL server is installed (packages postgresql and postgresql-postgis)")
    for path in found:
        shared = _call(path / "pg_config", "--sharedir").strip() if (path / "pg_config").exists() else ""
        folders = [Path(shared)] if shared else [path.parent / "share", Path("/usr/share/postgresql") / path.parent.name]
        if any((folder / "extension" / "postgis.control").exists() for folder in folders):
            return path
    raise NoServer("PostgreSQL is installed without PostGIS (package postgresql-postgis)")


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parent.name.split(".") if part.isdigit())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _call(program: Path, *words: str) -> str:
    """Return what a program prints; RuntimeError with its last words where it fails. It has no terminal, and none of our settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    extra: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}
    with tempfile.TemporaryFile() as said:  # a pipe would be kept open by the server that stays
        try:
            done = subprocess.run(
                [program, *words], stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=env, cwd="/", check=False, timeout=60, **extra
            )
        except (OSError, KeyError, LookupError, subprocess.TimeoutExpired) as why:
            raise RuntimeError(f"{program.name}: {why}") from None
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if done.returncode:
        raise RuntimeError(f"{program.name}: {text.strip()[-400:]}")
    return text
