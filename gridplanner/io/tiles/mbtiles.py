"""Raster tiles out of an MBTiles pack (MBTiles specification 1.3): an SQLite database, opened for reading only."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io.safe_sqlite import SqliteFileError, connection_to
from gridplanner.io.tiles.faults import BROKEN, TileFault
from gridplanner.io.tiles.picture import DEEPEST_PACK, LARGEST_TILE_BYTES

_TABLES = ("metadata", "tiles")  # the specification lets `tiles` be a view
_SECONDS = 10.0  # for one question: a view may be made to have no end
_RASTER = {"png", "jpg", "jpeg", "webp", ""}


class MbtilesPack:
    """One pack; `least` and `most` are its zoom levels, `credit` what it asks to be said. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._base = connection_to(path, _TABLES, views=True, seconds=_SECONDS, one_thread=False)
        except (sqlite3.Error, SqliteFileError, OSError) as why:
            raise self._fault(why) from why
        try:
            self._begin()
        except TileFault:
            self._base.close()
            raise

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return a tile, row `y` from the north (the file counts from the south); None where the pack has none."""
        where = (z, x, (1 << z) - 1 - y)
        try:
            row = self._base.execute(
                "select substr(tile_data, 1, ?), length(tile_data) from tiles where zoom_level = ? and tile_column = ? and tile_row = ?",
                (LARGEST_TILE_BYTES, *where),
            ).fetchone()
        except sqlite3.Error as why:
            text = _("{file} cannot be read any more ({reason}).")
            raise TileFault(BROKEN, text.format(file=self._path.name, reason=why)) from why
        if row is None or row[0] is None:
            return None
        if not isinstance(row[0], bytes) or int(row[1]) > LARGEST_TILE_BYTES:
            raise TileFault(BROKEN, _("A tile of {file} is no picture, or far too large; it was not opened.").format(file=self._path.name))
        return row[0]

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _begin(self) -> None:
        try:
            rows = self._base.execute("select name, value from metadata").fetchall()
            lowest, highest = self._base.execute(  # one by one, so that SQLite finds each by the index alone
                "select (select min(zoom_level) from tiles), (select max(zoom_level) from tiles)"
            ).fetchone()
        except sqlite3.Error as why:
            raise self._fault(why) from why
        said = {str(name): str(value) for name, value in rows}
        kind = said.get("format", "").lower()
        if kind not in _RASTER:
            text = _("{file} holds vector tiles ({kind}), which cannot be drawn here. Choose a pack of pictures (PNG, JPEG or WebP).")
            raise TileFault(BROKEN, text.format(file=self._path.name, kind=kind))
        if lowest is None:
            raise TileFault(BROKEN, _("{file} holds no tiles.").format(file=self._path.name))
        if not (isinstance(lowest, int) and isinstance(highest, int) and 0 <= lowest <= highest <= DEEPEST_PACK):
            raise self._fault(_("its zoom levels make no sense"))
        self.least, self.most = lowest, highest
        self.credit = said.get("attribution", "")

    def _fault(self, why: Exception | str) -> TileFault:
        text = _("{file} is not an MBTiles pack ({reason}). Ask for it anew, or choose another file.")
        return TileFault(BROKEN, text.format(file=self._path.name, reason=why))
