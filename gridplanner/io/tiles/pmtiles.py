"""Raster tiles out of a PMTiles pack (PMTiles specification version 3): one file, directories of runs along a Hilbert curve.

Read here and not by the library of that name, which unpacks a whole directory anew for every tile, knows only directories packed by
gzip, and puts no limit to what a broken file makes it unpack.
"""

from __future__ import annotations

import bisect
import struct
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gridplanner.i18n import _
from gridplanner.io.tiles.faults import BROKEN, TileFault
from gridplanner.io.tiles.picture import DEEPEST_PACK, LARGEST_TILE_BYTES

_HEADER = struct.Struct("<7sB11QBBBBBB")
_DEEPEST, _LARGEST_DIRECTORY = 4, 16 << 20  # directories below one another; bytes
_LONGEST_NUMBER = 63  # bits
_NONE, _GZIP = 1, 2
_PICTURES = {2, 3, 4}  # PNG, JPEG, WebP
_KEPT = 32  # leaf directories


@dataclass(frozen=True)
class _Directory:
    """Runs of tiles in rising order: from `ids[i]` on `runs[i]` tiles with the same content; a run of 0 is another directory."""

    ids: list[int]
    runs: list[int]
    lengths: list[int]
    offsets: list[int]


class PmtilesPack:
    """One pack; `least` and `most` are its zoom levels. Used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.credit = ""
        try:
            self._file: BinaryIO = path.open("rb")
        except OSError as why:
            raise self._fault(str(why)) from why
        self._kept: OrderedDict[tuple[int, int], _Directory] = OrderedDict()
        try:
            self._begin()
        except TileFault:
            self._file.close()
            raise

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return a tile, row `y` from the north; None where the pack has none."""
        wanted = hilbert_id(z, x, y)
        offset, length = self._root
        for _depth in range(_DEEPEST):
            found = self._directory(offset, length)
            row = bisect.bisect_right(found.ids, wanted) - 1
            if row < 0:
                return None
            if found.runs[row]:
                if wanted - found.ids[row] >= found.runs[row]:
                    return None
                return self._read(self._data + found.offsets[row], found.lengths[row], LARGEST_TILE_BYTES)
            offset, length = self._leaves + found.offsets[row], found.lengths[row]
        raise self._fault(_("its directories lead nowhere"))

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _begin(self) -> None:
        """Read the header and the first directory, so that a pack that cannot be read is refused at once."""
        head = self._file.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:7] != b"PMTiles":
            raise self._fault(_("it does not begin like one"))
        (
            _magic, version, root, root_length, _meta, _meta_length, self._leaves, _leaves_length, self._data, _data_length,
            _addressed, _entries, _contents, _clustered, self._packing, tile_packing, kind, self.least, self.most,
        ) = _HEADER.unpack(head)  # fmt: skip
        if version != 3:
            raise self._fault(_("it is of version {n}, version 3 is read").format(n=version))
        if kind not in _PICTURES or tile_packing > _NONE:
            text = _("{file} holds vector tiles ({kind}), which cannot be drawn here. Choose a pack of pictures (PNG, JPEG or WebP).")
            raise TileFault(BROKEN, text.format(file=self._path.name, kind="MVT" if kind == 1 else kind))
        if self._packing not in {_NONE, _GZIP}:
            raise self._fault(_("its directories are packed in a way that is not read; write it anew with gzip"))
        if not 0 <= self.least <= self.most <= DEEPEST_PACK:
            raise self._fault(_("its zoom levels make no sense"))
        self._root = (root, root_length)
        self._directory(*self._root)

    def _directory(self, offset: int, length: int) -> _Directory:
        key = (offset, length)
        if key not in self._kept:
            packed = self._read(offset, length, _LARGEST_DIRECTORY)
            try:
                self._kept[key] = _unpacked(_inflated(packed) if self._packing == _GZIP else packed)
            except (zlib.error, IndexError, ValueError) as why:
                raise self._fault(_("a directory of it is damaged")) from why
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _read(self, offset: int, length: int, most: int) -> bytes:
        if length > most:
            raise self._fault(_("a part of it is far too large"))
        try:
            self._file.seek(offset)
            data = self._file.read(length)
        except (OSError, ValueError, OverflowError) as why:
            raise self._fault(str(why)) from why
        if len(data) < length:
            raise self._fault(_("it ends too early"))
        return data

    def _fault(self, reason: str) -> TileFault:
        text = _("{file} is not a usable PMTiles pack: {reason}. Ask for it anew, or choose another file.")
        return TileFault(BROKEN, text.format(file=self._path.name, reason=reason))


def hilbert_id(z: int, x: int, y: int) -> int:
    """Return a tile's number: those of lower zoom levels first, then along the Hilbert curve of its own.

    >>> [hilbert_id(1, x, y) for x, y in ((0, 0), (0, 1), (1, 1), (1, 0))]
    [1, 2, 3, 4]
    """
    number = ((1 << 2 * z) - 1) // 3
    side = 1 << z >> 1
    while side:
        right, below = x & side, y & side
        number += side * ((3 * right) ^ below)
        if not below:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x & (side - 1), y & (side - 1)
        side >>= 1
    return number


def _inflated(packed: bytes) -> bytes:
    """Return gzip's content; raises ValueError where it is larger than any directory may be."""
    worker = zlib.decompressobj(wbits=31)
    data = worker.decompress(packed, _LARGEST_DIRECTORY)
    if worker.unconsumed_tail:
        raise ValueError("directory too large")
    return data


def _unpacked(data: bytes) -> _Directory:
    """Return a directory from its varints: a count, then ids as steps, runs, lengths, and offsets plus one (0: behind the one before)."""
    numbers = iter(_varints(data))
    try:
        count = next(numbers)
        if count > len(data):
            raise ValueError("more entries than bytes")
        ids, total = [], 0
        for _entry in range(count):
            total += next(numbers)
            ids.append(total)
        runs = [next(numbers) for _entry in range(count)]
        lengths = [next(numbers) for _entry in range(count)]
        offsets: list[int] = []
        for row in range(count):
            said = next(numbers)
            offsets.append(said - 1 if said else offsets[row - 1] + lengths[row - 1])
    except StopIteration as why:
        raise ValueError("ends too early") from why
    return _Directory(ids, runs, lengths, offsets)


def _varints(data: bytes) -> list[int]:
    numbers, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            if shift > _LONGEST_NUMBER:
                raise ValueError("a number without end")
        else:
            numbers.append(value)
            value = shift = 0
    return numbers
