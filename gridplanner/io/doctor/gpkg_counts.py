"""How many rows a layer of a GeoPackage has, where the file keeps a number that is not so."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from gridplanner.io.safe_sqlite import SqliteFileError, opened

_CONTENTS = "gpkg_ogr_contents"
_CLAIMED = "SELECT feature_count FROM gpkg_ogr_contents WHERE lower(table_name) = lower(?)"


def counts_wrong(path: Path, layer: str) -> bool:
    """True where the number of rows that a GeoPackage keeps cannot be trusted: its row numbers span more or fewer.

    The driver makes room for that many rows, and stops after them. A layer whose rows have gaps counts as wrong, too: it is then counted.
    """
    try:
        with opened(path, (_CONTENTS, layer)) as base:
            claimed = base.execute(_CLAIMED, (layer,)).fetchone()
            if claimed is None or claimed[0] is None:
                return False
            span = base.execute(f"SELECT min(rowid), max(rowid) FROM {_quoted(layer)}").fetchone()
    except (sqlite3.Error, SqliteFileError, OSError, OverflowError):  # a view, or damaged: the driver says what is wrong
        return True
    rows = 0 if span[0] is None else span[1] - span[0] + 1
    return int(claimed[0]) != rows


def true_count(path: Path, layer: str, claimed: int) -> int:
    """Return the number of rows of a layer, counted where what the file keeps cannot be trusted."""
    if not counts_wrong(path, layer):
        return claimed
    try:
        with opened(path, (layer,)) as base:
            return int(base.execute(f"SELECT count(*) FROM {_quoted(layer)}").fetchone()[0])
    except (sqlite3.Error, SqliteFileError, OSError):
        return claimed


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
