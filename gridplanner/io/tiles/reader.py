"""One door to tiles, wherever they lie: kept on disk, on the web, or in a pack."""

from __future__ import annotations

import threading
from pathlib import Path

from gridplanner.i18n import _
from gridplanner.io.tiles.basemap_source import PACK, WEB, BasemapSource, check_source
from gridplanner.io.tiles.faults import BROKEN, MISSING, QUOTA, REFUSED, TileFault
from gridplanner.io.tiles.mbtiles import MbtilesPack
from gridplanner.io.tiles.picture import check_tile
from gridplanner.io.tiles.pmtiles import PmtilesPack
from gridplanner.io.tiles.tile_cache import TileCache
from gridplanner.io.tiles.web_tiles import fetch_tile


class TileReader:
    """Reads the tiles of one source; safe to use from several threads. Raises TileFault for one that cannot be used at all."""

    def __init__(self, source: BasemapSource, cache: TileCache | None) -> None:
        check_source(source)
        self.source, self._cache = source, cache
        self._pack: MbtilesPack | PmtilesPack | None = open_pack(Path(source.addresses[0])) if source.kind == PACK else None
        self._alone = threading.Lock()
        self.least, self.most = (source.least, source.most) if self._pack is None else (self._pack.least, self._pack.most)
        self.credit = source.credit or (self._pack.credit if self._pack is not None else "")
        self.layers = len(source.addresses) if source.kind == WEB else 1

    def kept(self, layer: int, z: int, x: int, y: int) -> bytes | None:
        """Return a tile that is at hand without a network, however old."""
        found = self._cache.read(self.source, layer, z, x, y) if self._cache is not None and self._pack is None else None
        return found[0] if found is not None else None

    def read(self, layer: int, z: int, x: int, y: int) -> bytes | None:
        """Return a tile's bytes, checked to be a picture; None where there is none. Raises TileFault where it could not be had."""
        if self._pack is not None:
            with self._alone:
                data = self._pack.tile(z, x, y)
            return check_tile(data, _("A tile of {file}").format(file=Path(self.source.addresses[0]).name)) if data else None
        kept = self._cache.read(self.source, layer, z, x, y) if self._cache is not None else None
        if kept is not None and kept[1]:
            return kept[0]
        try:
            data = fetch_tile(self.source, layer, z, x, y)
        except TileFault as why:
            if kept is not None and why.kind not in {REFUSED, QUOTA}:
                return kept[0]  # an old tile is better than none
            if why.kind == MISSING:
                return None
            raise
        if self._cache is not None:
            self._cache.write(self.source, layer, z, x, y, data)
        return data

    def close(self) -> None:
        """Let go of the file."""
        if self._pack is not None:
            with self._alone:
                self._pack.close()


def open_pack(path: Path) -> MbtilesPack | PmtilesPack:
    """Return a tile pack, told by how it begins; raises TileFault."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as why:
        raise TileFault(BROKEN, _("{file} cannot be read ({reason}).").format(file=path.name, reason=why.strerror or why)) from why
    if head[:7] == b"PMTiles":
        return PmtilesPack(path)
    if head[:15] == b"SQLite format 3":
        return MbtilesPack(path)
    text = _("{file} is neither an MBTiles nor a PMTiles pack. Choose a file ending in .mbtiles or .pmtiles.")
    raise TileFault(BROKEN, text.format(file=path.name))
