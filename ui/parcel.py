"""Parcels: values on their way between the window and the worker process, as files.

Pickling a project of a million addresses in one call would hold the interpreter lock, and with it the window, for as long as it takes.
Arrays therefore travel beside the pickle as plain bytes (read and written without the lock), and columns of text in pieces, each joined
into one string, between which other threads get their turn.
"""

from __future__ import annotations

import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np

PIECE = 8192  # texts joined at a time
_SEPARATOR = "\0"


def write_parcel(path: Path, value: object) -> None:
    """Write a value to `path`."""
    buffers: list[pickle.PickleBuffer] = []
    with path.open("wb") as file:
        file.write(bytes(8))
        _Pickler(file, buffers).dump(value)
        end = file.tell()
        views = [buffer.raw() for buffer in buffers]
        file.write(struct.pack(f"<{len(views)}Q", *(view.nbytes for view in views)))
        for view in views:
            file.write(view)
        file.seek(0)
        file.write(struct.pack("<Q", end))


def read_parcel(path: Path) -> Any:
    """Return the value that `write_parcel` wrote; its arrays are read-only."""
    blob = memoryview(bytearray(path.stat().st_size))
    with path.open("rb", buffering=0) as file:
        filled = 0
        while filled < len(blob):
            filled += file.readinto(blob[filled:]) or 0
    blob = blob.toreadonly()
    (end,) = struct.unpack_from("<Q", blob)
    sizes, position = _sizes(blob, end)
    buffers = []
    for size in sizes:
        buffers.append(blob[position : position + size])
        position += size
    return pickle.loads(blob[8:end], buffers=buffers)


def _sizes(blob: memoryview, end: int) -> tuple[list[int], int]:
    """Return the sizes of the buffers behind the pickle, and where the first begins."""
    sizes: list[int] = []
    position, rest = end, len(blob) - end
    while sum(sizes) + 8 * len(sizes) < rest:
        (size,) = struct.unpack_from("<Q", blob, position)
        sizes.append(size)
        position += 8
    return sizes, position


def _column(*pieces: str | list[object]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return a column of objects from its pieces."""
    values: list[object] = []
    seen: dict[str, str] = {}
    for piece in pieces:
        _add_piece(values, piece, seen)
    column = np.empty(len(values), object)
    column[:] = values
    column.setflags(write=False)
    return column


def _add_piece(values: list[object], piece: str | list[object], seen: dict[str, str]) -> None:
    if isinstance(piece, str):
        values += [seen.setdefault(text, text) for text in piece.split(_SEPARATOR)]
    else:
        values += piece


def _joined(values: list[object]) -> str | list[object]:
    """Return texts as one string, anything else as it is."""
    if not all(type(value) is str for value in values):
        return values
    text = _SEPARATOR.join(values)  # type: ignore[arg-type]  # checked above
    return text if text.count(_SEPARATOR) == len(values) - 1 else values


class _Pickler(pickle.Pickler):
    def __init__(self, file: Any, buffers: list[pickle.PickleBuffer]) -> None:
        super().__init__(file, protocol=5, buffer_callback=buffers.append)

    def reducer_override(self, value: object) -> Any:
        if type(value) is np.ndarray and value.dtype == object and value.ndim == 1 and len(value):
            pieces = [_joined(value[start : start + PIECE].tolist()) for start in range(0, len(value), PIECE)]
            return _column, tuple(pieces)
        return NotImplemented
