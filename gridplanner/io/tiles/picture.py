"""What the first bytes of a tile say: which kind of picture it is and how large, before anything decodes it."""

from __future__ import annotations

import struct
from typing import Literal

from gridplanner.i18n import N_, _
from gridplanner.io.tiles.faults import BROKEN, TileFault

LARGEST_TILE = 1024  # pixels along one side; double-density tiles have 512
LARGEST_TILE_BYTES = 8 << 20
DEEPEST_PACK = 31  # zoom levels of a tile pack
LARGEST_IMAGE = 64_000_000  # pixels: 256 MiB once it is open
_SIZELESS = {0xC4, 0xC8, 0xCC}  # JPEG markers among the frame headers that are none (tables, arithmetic coding)


def picture_size(data: bytes) -> tuple[str, int, int] | None:
    """Return the kind (png, jpeg, webp, tiff, gif), width and height of a picture; None where the bytes are none of these.

    >>> picture_size(b"<html>") is None
    True
    """
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        wide, high = struct.unpack(">II", data[16:24])
        return "png", int(wide), int(high)
    if data[:2] == b"\xff\xd8":
        return _jpeg(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and len(data) >= 30:
        return _webp(data)
    if data[:4] in {b"II*\0", b"MM\0*"}:
        return _tiff(data)
    if data[:6] in {b"GIF87a", b"GIF89a"} and len(data) >= 10:
        wide, high = struct.unpack("<HH", data[6:10])
        return "gif", int(wide), int(high)
    return None


def check_tile(data: bytes, place: str) -> bytes:
    """Return a tile's bytes; raises TileFault where they are no picture or one too large. `place` names the tile to the planner."""
    found = picture_size(data)
    if found is None:
        text = _("{place} is not a picture but {kind}. Check the address or the file.")
        raise TileFault(BROKEN, text.format(place=place, kind=_(content_kind(data))))
    _kind, wide, high = found
    if not (0 < wide <= LARGEST_TILE and 0 < high <= LARGEST_TILE):
        text = _("{place} is {wide} × {high} pixels; a tile has at most {most}. It was not opened.")
        raise TileFault(BROKEN, text.format(place=place, wide=wide, high=high, most=LARGEST_TILE))
    return data


def content_kind(data: bytes) -> str:
    """Return what bytes that are no picture probably are, as a msgid."""
    head = data[:400].lstrip().lower()
    if not head:
        return N_("nothing at all")
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return N_("a web page")
    if head.startswith((b"{", b"[")):
        return N_("a message of the server")
    if head.startswith(b"<"):
        return N_("an XML message")
    return N_("a vector tile, which cannot be drawn here") if head[:2] == b"\x1f\x8b" or head[:1] == b"\x1a" else N_("something unknown")


def _jpeg(data: bytes) -> tuple[str, int, int] | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _SIZELESS:
            high, wide = struct.unpack(">HH", data[at + 5 : at + 9])
            return "jpeg", int(wide), int(high)
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _webp(data: bytes) -> tuple[str, int, int] | None:
    form = data[12:16]
    if form == b"VP8X":
        return "webp", 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if form == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return "webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        return "webp", int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return None


def _tiff(data: bytes) -> tuple[str, int, int] | None:
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    at = int.from_bytes(data[4:8], order)
    sizes = {}
    for entry in range(int.from_bytes(data[at : at + 2], order)):
        field = data[at + 2 + 12 * entry : at + 14 + 12 * entry]
        if len(field) < 12:
            break
        wide = 2 if int.from_bytes(field[2:4], order) == 3 else 4  # SHORT or LONG
        sizes[int.from_bytes(field[:2], order)] = int.from_bytes(field[8 : 8 + wide], order)
    return ("tiff", sizes[256], sizes[257]) if {256, 257} <= sizes.keys() else None
