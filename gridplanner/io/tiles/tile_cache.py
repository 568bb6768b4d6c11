"""Tiles kept on disk, so that the map is there without a network: whole files only, the longest unused given up first."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
import time
from hashlib import blake2b
from pathlib import Path

from gridplanner.io.tiles.basemap_source import BasemapSource

MOST = 512 << 20  # bytes
FRESH = 30 * 86400.0  # seconds after which a tile is asked for again
_EVERY = 400  # tiles written between two looks at the size
_SPARE = 0.8  # share of MOST left after a clearing, so that not every tile clears


class TileCache:
    """Tiles under `folder`, each source and layer in a folder of its own. Safe to use from several threads and programs."""

    def __init__(self, folder: Path, most: int = MOST) -> None:
        self._folder, self._most = folder, most
        self._written = _EVERY - 50  # look soon after the start, not at it
        self._clearing = threading.Lock()

    def read(self, source: BasemapSource, layer: int, z: int, x: int, y: int) -> tuple[bytes, bool] | None:
        """Return a kept tile and whether it is still fresh; None where there is none."""
        path = self._path(source, layer, z, x, y)
        try:
            data = path.read_bytes()
            age = time.time() - path.stat().st_mtime
        except OSError:
            return None
        return (data, age < FRESH) if data else None

    def write(self, source: BasemapSource, layer: int, z: int, x: int, y: int, data: bytes) -> None:
        """Keep a tile; a disk that is full or not writable is no fault, the tile is only not kept."""
        path = self._path(source, layer, z, x, y)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            number, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(data)
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        self._written += 1
        if self._written >= _EVERY:
            self._written = 0
            self.clear_old()

    def clear_old(self) -> None:
        """Give up the longest unused tiles where there are more than `most` bytes of them."""
        if not self._clearing.acquire(blocking=False):
            return
        try:
            kept = []
            for path in self._folder.rglob("*"):
                with contextlib.suppress(OSError):
                    if path.is_file():
                        about = path.stat()
                        kept.append((max(about.st_atime, about.st_mtime), about.st_size, path))
            total = sum(size for _when, size, _path in kept)
            if total > self._most:
                for _when, size, path in sorted(kept, key=lambda row: row[0]):
                    with contextlib.suppress(OSError):
                        path.unlink()
                        total -= size
                    if total <= self._most * _SPARE:
                        break
        finally:
            self._clearing.release()

    def _path(self, source: BasemapSource, layer: int, z: int, x: int, y: int) -> Path:
        """Return a tile's file. The key is no part of the name: a new key finds the old tiles, and no folder betrays it."""
        name = blake2b(f"{source.addresses[layer]}\n".encode(), digest_size=8).hexdigest()
        return self._folder / name / str(z) / str(x) / f"{y}.tile"
