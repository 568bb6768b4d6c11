"""A .dbf by its bytes: its fields, the rows that are really there, those marked as deleted, and text that its encoding cannot read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gridplanner.io.text_samples import WHOLE, decoded

Ints = NDArray[np.int64]
_HEAD = 32
_END = 0x0D
_DELETED = ord("*")
_CHUNK = 1 << 24  # bytes decoded at once


@dataclass(frozen=True)
class DbfField:
    """A field: its name as bytes, its type letter, where it stands in a row, and how many bytes wide it is."""

    name: bytes
    kind: str
    start: int
    width: int

    @property
    def is_text(self) -> bool:
        """True for text; numbers and dates are ASCII."""
        return self.kind == "C"


@dataclass(frozen=True)
class DbfTable:
    """What the head of a .dbf says: `claimed` rows of `width` bytes after `header` bytes; `whole` of them are there, `left` bytes more."""

    path: Path
    claimed: int
    header: int
    width: int
    fields: tuple[DbfField, ...]
    whole: int
    left: int

    @property
    def sound(self) -> bool:
        """False where the head makes no sense: nothing can be read by it."""
        return self.width > 0 and bool(self.fields) and self.header > _HEAD and self.fields[-1].start + self.fields[-1].width <= self.width

    def deleted(self) -> Ints:
        """Return the rows, from 0, that are marked as deleted; the driver leaves them out."""
        count = min(self.claimed, self.whole)
        if not count:
            return np.zeros(0, np.int64)
        marks = self._cells(0, 1, count)[:, 0]
        return np.flatnonzero(marks == _DELETED)

    def misread(self, field: DbfField, codec: str, first: int = 0, limit: int | None = None) -> dict[int, str]:
        """Return the rows, from 0, whose text in a field cannot be read in an encoding, and what is wrong: its end is cut, or it is broken.

        Looked for in at most `limit` rows after the first `first` ones.
        """
        faults: dict[int, str] = {}
        count = min(self.claimed, self.whole)
        stop = count if limit is None else min(count, first + limit)
        step = max(_CHUNK // (field.width + 1), 1)
        for begin in range(first, stop, step):
            cells = self._cells(field.start, field.width, min(step, stop - begin), begin)
            if cells.max(initial=0) < 0x80:
                continue
            used = int(np.flatnonzero((cells != 0x20).any(axis=0))[-1]) + 1  # most fields are wider than their longest text
            # a line break after each cell, so that a character cut at its end does not take from the next
            lines = np.full((len(cells), used + 1), 0x0A, np.uint8)
            lines[:, :-1] = cells[:, :used]
            try:
                lines.tobytes().decode(codec)
            except UnicodeDecodeError:
                for at in np.flatnonzero((cells & 0x80).any(axis=1)).tolist():
                    fault = decoded(cells[at].tobytes().split(b"\x00")[0].rstrip(b" "), codec)[1]
                    if fault != WHOLE:
                        faults[begin + at] = fault
        return faults

    def _cells(self, start: int, width: int, count: int, begin: int = 0) -> NDArray[np.uint8]:
        """Return the bytes of one field, (count, width), without holding the whole file in memory."""
        with self.path.open("rb") as stream:
            rows = np.memmap(stream, np.uint8, "r", self.header + begin * self.width, (count, self.width))
            return np.array(rows[:, start : start + width])


def read_dbf_head(path: Path) -> DbfTable:
    """Return what the head of a .dbf says; of one that is shorter than a head, a table that is not `sound`."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        if len(head) < _HEAD:
            return DbfTable(path, 0, 0, 0, (), 0, 0)
        claimed, header, width = (int.from_bytes(head[a:b], "little") for a, b in ((4, 8), (8, 10), (10, 12)))
        described = stream.read(max(header - _HEAD, 0))
    fields: list[DbfField] = []
    start = 1
    for at in range(0, len(described) - 31, 32):
        if described[at] == _END:
            break
        one = described[at : at + 32]
        fields.append(DbfField(one[:11].split(b"\x00")[0].rstrip(b" "), chr(one[11]), start, one[16]))
        start += one[16]
    size = path.stat().st_size - header
    whole, left = divmod(size, width) if width and size > 0 else (0, 0)
    return DbfTable(path, claimed, header, width, tuple(fields), whole, left)
