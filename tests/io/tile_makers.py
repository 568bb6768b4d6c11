"""Tiles, packs and a tile server made on the fly, for tests of basemaps."""

from __future__ import annotations

import gzip
import sqlite3
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def png(colour: tuple[int, int, int] = (200, 60, 60), wide: int = 256, high: int = 256) -> bytes:
    """A picture of one colour; its header may claim any size, its pixels are those of at most 1024 × 1024."""
    rows = (b"\0" + bytes(colour) * min(wide, 1024)) * min(high, 1024)
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_mbtiles(path: Path, tiles: dict[tuple[int, int, int], bytes], **metadata: str) -> Path:
    """An MBTiles pack; tiles are given by zoom, column, and row from the north."""
    base = sqlite3.connect(path)
    base.execute("create table metadata (name text, value text)")
    base.execute("create table tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)")
    base.executemany("insert into metadata values (?, ?)", {"name": "made", "format": "png", **metadata}.items())
    rows = [(z, x, (1 << z) - 1 - y, data) for (z, x, y), data in tiles.items()]
    base.executemany("insert into tiles values (?, ?, ?, ?)", rows)
    base.commit()
    base.close()
    return path


def write_pmtiles(path: Path, tiles: dict[int, bytes], *, leaf_of: int = 0, packing: int = 2, kind: int = 2, most: int = 2) -> Path:
    """A PMTiles pack of version 3; tiles are given by their number. With `leaf_of` they lie in leaf directories of so many each."""
    entries, data, place = [], b"", {}
    for number, content in sorted(tiles.items()):
        if content not in place:
            place[content] = len(data)
            data += content
        last = entries[-1] if entries else None
        if last is not None and last[1] == place[content] and last[0] + last[3] == number:
            entries[-1] = (*last[:3], last[3] + 1)  # a run of the same content
        else:
            entries.append((number, place[content], len(content), 1))
    pack = gzip.compress if packing == 2 else bytes
    leaves, root = b"", entries
    if leaf_of:
        root = []
        for first in range(0, len(entries), leaf_of):
            leaf = pack(_directory(entries[first : first + leaf_of]))
            root.append((entries[first][0], len(leaves), len(leaf), 0))
            leaves += leaf
    top = pack(_directory(root))
    at = [127, len(top), 127 + len(top), 0, 127 + len(top), len(leaves), 127 + len(top) + len(leaves), len(data)]
    head = b"PMTiles\x03" + struct.pack("<8Q", *at) + struct.pack("<3Q", len(tiles), len(entries), len(place))
    head += bytes([1, packing, 1, kind, 0, most]) + bytes(25)
    path.write_bytes(head + top + leaves + data)
    return path


def _directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    numbers, before = [len(entries)], 0
    for number, _at, _length, _run in entries:
        numbers.append(number - before)
        before = number
    numbers += [run for _number, _at, _length, run in entries]
    numbers += [length for _number, _at, length, _run in entries]
    end = None
    for _number, at, length, _run in entries:
        numbers.append(0 if at == end else at + 1)
        end = at + length
    return b"".join(map(_varint, numbers))


def _varint(value: int) -> bytes:
    parts = []
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    return bytes([*parts, value])


class TileServer:
    """What a server answers: `answers` maps a path's beginning to a status and a body; `asked` are the paths that came.

    With `promised` it says that so many bytes come, sends the body, and then nothing for a while.
    """

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, bytes]] = {"/": (200, png())}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.url = ""
        self.promised = 0

    def answer(self, path: str) -> tuple[int, bytes]:
        found = max((start for start in self.answers if path.startswith(start)), key=len)
        return self.answers[found]


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """A real server on this machine."""
    told = TileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.agents.add(self.headers.get("User-Agent", ""))
            status, body = told.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(told.promised or len(body)))
            self.end_headers()
            self.wfile.write(body)
            if told.promised:
                self.wfile.flush()
                self.rfile.read(1)  # until the other side has had enough

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
