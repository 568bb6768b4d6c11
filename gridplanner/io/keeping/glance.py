"""What is in a project file, counted in its layers without opening the project: for who chooses among earlier versions."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.io.safe_sqlite import opened, tables_of

_LAYERS = ("grids", "communities", "addresses")
_SECONDS = 5.0


@dataclass(frozen=True)
class Glance:
    """How many grids, communities and addresses a project file has, and the households of its grids; −1 where that is not known."""

    grids: int = -1
    communities: int = -1
    addresses: int = -1
    households: float = -1.0


def glance(path: Path) -> Glance:
    """Return what is in a project file; what cannot be read is not known."""
    try:
        with opened(path, _LAYERS, seconds=_SECONDS) as connection:
            there = tables_of(connection)
            grids, communities, addresses = (_count(connection, layer) if layer in there else 0 for layer in _LAYERS)
            households = _households(connection) if "grids" in there else 0.0
    except (OSError, InputError, sqlite3.Error):
        return Glance()
    return Glance(grids, communities, addresses, households)


def _count(connection: sqlite3.Connection, layer: str) -> int:
    try:
        return int(connection.execute(f'SELECT count(*) FROM "{layer}"').fetchone()[0])
    except sqlite3.Error:
        return -1


def _households(connection: sqlite3.Connection) -> float:
    try:
        return float(connection.execute("SELECT sum(households) FROM grids").fetchone()[0] or 0.0)
    except sqlite3.Error:
        return -1.0
