"""Spare bytes beside the arrays of a project file, from which a part of them that is damaged is made again.

All bytes, one array after the other, are cut into blocks; block b of n belongs to group b mod groups, so that neighbours are never in one
group. The spare block of a group is the exclusive or of its blocks (RAID 5; Patterson, Gibson and Katz, SIGMOD 1988): one damaged block a
group is made again, and with it any run of blocks as long as there are groups, an eighth of all. Which blocks are damaged their CRC says.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

TABLE = "gridplanner_spare"
BLOCK = 4000  # bytes; a row of four fits into one page of the file
SHARE = 8  # blocks a group: an eighth more is written
_ROW = 4 * BLOCK
_TRIES = 5_000  # of which wrong byte is in which of several damaged blocks of a group
_MOST = 1 << 31  # bytes of all arrays beyond which none are written: memory
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Spare:
    """What is kept beside the arrays: the CRC of each block and the spare blocks, both as bytes."""

    sums: bytes
    blocks: bytes


def spare_of(parts: Sequence[bytes | memoryview]) -> Spare:
    """Return what is to be kept beside arrays; nothing where they are too large for it."""
    total = sum(len(part) for part in parts)
    if not 0 < total <= _MOST:
        return Spare(b"", b"")
    laid = _laid(parts, total)
    return Spare(_sums(laid).tobytes(), np.bitwise_xor.reduce(laid.view(np.uint64), axis=0).tobytes())


def write_spare(connection: sqlite3.Connection, spare: Spare) -> None:
    """Write the table: the CRCs before and after the blocks."""
    connection.execute(f"CREATE TABLE {TABLE} (id INTEGER PRIMARY KEY, what TEXT NOT NULL, data BLOB NOT NULL)")
    rows = (*_rows("sums", spare.sums), *_rows("blocks", spare.blocks), *_rows("sums", spare.sums))
    connection.executemany(f"INSERT INTO {TABLE} (what, data) VALUES (?, ?)", rows)


def mended(found: Sequence[bytes | None], lengths: Sequence[int], rows: Mapping[str, bytes]) -> list[bytes | None]:
    """Return the arrays with damaged blocks made again where there is enough left; those that stay damaged are damaged still.

    `found` are their bytes as they were found, None where nothing was, `lengths` what they were; `rows` are those of the table by `what`.
    """
    total = sum(lengths)
    if not 0 < total <= _MOST:
        return list(found)
    laid = _laid(
        [part if part is not None and len(part) == size else bytes(size) for part, size in zip(found, lengths, strict=True)], total
    )
    groups = laid.shape[1]
    wanted = _joined("sums", rows, 4 * SHARE * groups)
    spare = _joined("blocks", rows, groups * BLOCK)
    if wanted is None or spare is None:
        return list(found)
    sums = np.frombuffer(wanted, "<u4").reshape(SHARE, groups)
    bad = _sums(laid).reshape(SHARE, groups) != sums
    for group in np.flatnonzero(bad.any(axis=0)).tolist():
        own = np.frombuffer(spare, np.uint8, BLOCK, group * BLOCK)
        _mend(laid[:, group], own, sums[:, group], np.flatnonzero(bad[:, group]).tolist())
    flat = laid.reshape(-1)
    return [flat[start:stop].tobytes() for start, stop in pairwise(np.cumsum([0, *lengths]).tolist())]


def _mend(blocks: Bytes, spare: Bytes, sums: NDArray[np.uint32], bad: list[int]) -> None:
    """Make the damaged blocks of a group again, in place: one alone wholly, several where few bytes of them are wrong.

    The exclusive or of blocks and spare block shows which bytes are wrong in some block; in which, the CRCs say.
    """
    wrong = np.bitwise_xor.reduce(blocks, axis=0) ^ spare
    if len(bad) == 1:
        made = blocks[bad[0]] ^ wrong
        if crc32(made.tobytes()) == sums[bad[0]]:
            blocks[bad[0]] = made
            return
    places = np.flatnonzero(wrong)
    if not len(places) or (len(bad) + 1) ** len(places) > _TRIES:
        return
    for choice in product((*bad, -1), repeat=len(places)):  # -1: the spare block itself is wrong there
        tried = blocks.copy()
        for place, row in zip(places.tolist(), choice, strict=True):
            if row >= 0:
                tried[row, place] ^= wrong[place]
        if all(crc32(tried[row].tobytes()) == sums[row] for row in bad):
            blocks[:] = tried
            return


def _laid(parts: Sequence[bytes | memoryview], total: int) -> Bytes:
    """Return all bytes as (SHARE, groups, BLOCK), with noughts at the end."""
    groups = -(-total // (BLOCK * SHARE))
    flat = np.zeros(SHARE * groups * BLOCK, np.uint8)
    at = 0
    for part in parts:
        flat[at : at + len(part)] = np.frombuffer(part, np.uint8)
        at += len(part)
    return flat.reshape(SHARE, groups, BLOCK)


def _sums(laid: Bytes) -> NDArray[np.uint32]:
    whole = memoryview(laid.reshape(-1))  # type: ignore[arg-type]
    return np.array([crc32(whole[at : at + BLOCK]) for at in range(0, len(whole), BLOCK)], "<u4")


def _rows(what: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    for number, at in enumerate(range(0, len(data), _ROW)):
        yield f"{what} {number}", data[at : at + _ROW]


def _joined(what: str, rows: Mapping[str, bytes], length: int) -> bytes | None:
    """Return what was written in several rows, noughts in the place of a lost one; None where nothing is left."""
    parts = []
    for number, at in enumerate(range(0, length, _ROW)):
        size = min(_ROW, length - at)
        part = rows.get(f"{what} {number}", b"")
        parts.append(part if len(part) == size else bytes(size))
    return b"".join(parts) if any(name.startswith(f"{what} ") for name in rows) else None
