"""The files of a shapefile looked at together: what is missing or contradicts the rest is mended in a copy, and told.

After the ESRI Shapefile Technical Description (1998): .shp with records of shapes, .shx with where each begins, .dbf with a row each.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.dbf import sibling
from gridplanner.io.doctor.dbf_table import DbfTable, read_dbf_head
from gridplanner.io.doctor.own_folder import Kept, give, new_folder, state_of
from gridplanner.io.reading import named
from gridplanner.io.table import Note

Ints = NDArray[np.int64]
_HEAD = 100
_CODE = 9994
_TYPES = (0, 1, 3, 5, 8, 11, 13, 15, 18, 21, 23, 25, 28, 31)
_MULTIPATCH = 31
_NOTHING = 0
_BLANK, _DBF_END = b" ", b"\x1a"


@dataclass(frozen=True, eq=False)
class Parts:
    """A shapefile (or a .dbf alone) as the driver can read it: the `path` to open, and where each shape begins.

    `notes` tell what was mended, `losses` what could not be and is missing in what is read; `deleted` rows are left out by the driver.
    """

    path: Path
    starts: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    table: DbfTable | None = None
    notes: tuple[Note, ...] = ()
    losses: tuple[Note, ...] = ()
    deleted: int = 0

    def shapeless(self, rows: Ints) -> Ints:
        """Return those of the rows, from 0, whose record says that it holds a shape: they are damaged where none was read."""
        rows = rows[rows < len(self.starts)]
        types = _words_at(self.path, self.starts[rows] + 8, "<i4")
        found: Ints = rows[types != _NOTHING]
        return found


@dataclass
class _Found:
    """What is learnt while the parts are looked at."""

    notes: list[Note] = field(default_factory=list)
    losses: list[Note] = field(default_factory=list)


_known: Kept[Parts] = Kept()


def shapefile_parts(path: Path) -> Parts:
    """Return a .shp, or a .dbf without one, with its parts as the driver can read them; InputError where nothing can be read."""
    if path.suffix.lower() == ".dbf":
        return _known.of(state_of(path), lambda: _lone_table(path))
    beside = [sibling(path, suffix) for suffix in (".shx", ".dbf", ".prj")]
    return _known.of(state_of(path, *beside), lambda: _shapefile(path, *beside))


def _shapefile(path: Path, shx: Path | None, dbf: Path | None, prj: Path | None) -> Parts:
    said = _Found()
    kind = _kind(path)
    if kind == _MULTIPATCH:
        text = _("{file}: holds bodies in three dimensions (MultiPatch); save their footprints as polygons and give those")
        raise InputError(text.format(file=path))
    starts, lengths, rebuilt = _index(path, shx, said)
    table = _sound_table(path, dbf, said, told=bool(len(starts)))
    patch = _patched(path, table, len(starts), said) if table is not None else b""
    table_is_bad = dbf is not None and table is None
    misnamed = any(part is not None and part.stem != path.stem for part in (shx, dbf, prj)) or any(
        part is not None and part.suffix != (suffix.upper() if path.suffix.isupper() else suffix)
        for part, suffix in ((shx, ".shx"), (dbf, ".dbf"), (prj, ".prj"))
    )
    opened = path
    if rebuilt or patch or table_is_bad or misnamed:
        opened = new_folder() / f"{path.stem}.shp"
        give(path, opened)
        _write_index(path, opened.with_suffix(".shx"), starts, lengths)
        if prj is not None:
            give(prj, opened.with_suffix(".prj"))
        if table is not None and dbf is not None:
            table = _table_beside(dbf, opened.with_suffix(".dbf"), patch, table)
    deleted = _tell_deleted(table, said) if table is not None else 0
    return Parts(opened, starts, table, tuple(said.notes), tuple(said.losses), deleted)


def _kind(path: Path) -> int:
    """Return the type of shape that the head of a .shp says."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if len(head) < _HEAD or struct.unpack(">i", head[:4])[0] != _CODE:
        text = _("{file}: is shorter than the head of a shapefile; it was not copied whole, copy it again")
        raise InputError(text.format(file=path))
    return int(struct.unpack("<i", head[32:36])[0])


def _index(path: Path, shx: Path | None, said: _Found) -> tuple[Ints, Ints, bool]:
    """Return where each shape begins and how long it is, in bytes, and whether that had to be found out anew."""
    size = path.stat().st_size
    values = {"file": path.name}
    if shx is not None:
        raw = np.fromfile(shx, ">u4", offset=_HEAD) if shx.stat().st_size > _HEAD else np.zeros(0, ">u4")
        pairs = raw[: len(raw) // 2 * 2].reshape(-1, 2).astype(np.int64) * 2
        starts, lengths = pairs[:, 0], pairs[:, 1]
        if _agrees(path, starts, lengths, size):
            return starts, lengths, False
    starts, lengths, stopped = _walk(path, size)
    if shx is None and len(starts) + stopped:
        said.notes.append((N_("{file}: its .shx is missing; where the shapes begin was found out from the .shp"), values))
    elif shx is not None:
        said.notes.append((N_("{file}: its .shx contradicts the .shp; where the shapes begin was found out from the .shp"), values))
    if stopped:
        text = N_("{file}: the .shp breaks off after shape {count}: its last {bytes} bytes hold no whole shape; get the file again")
        said.losses.append((text, {**values, "count": len(starts), "bytes": f"{stopped:,}"}))
    return starts, lengths, True


def _agrees(path: Path, starts: Ints, lengths: Ints, size: int) -> bool:
    """True where an index leads to every shape of the file: within it, with the lengths that the shapes say, and up to its end."""
    if not len(starts):
        return size <= _HEAD + 8
    ends = starts + 8 + lengths
    if (starts < _HEAD).any() or (ends > size).any() or ends.max() < size - 8:
        return False
    return bool((_words_at(path, starts + 4, ">i4").astype(np.int64) * 2 == lengths).all())


def _walk(path: Path, size: int) -> tuple[Ints, Ints, int]:
    """Return where the shapes begin and how long they are by going from each to the next, and the bytes after the last whole one."""
    starts: list[int] = []
    lengths: list[int] = []
    at = _HEAD
    if size > _HEAD:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            while at + 12 <= size:
                words, kind = struct.unpack_from(">4xi", data, at)[0], struct.unpack_from("<i", data, at + 8)[0]
                if words < 2 or at + 8 + 2 * words > size or kind not in _TYPES:
                    break
                starts.append(at)
                lengths.append(2 * words)
                at += 8 + 2 * words
    rest = size - at
    return np.array(starts, np.int64), np.array(lengths, np.int64), rest if rest > 8 else 0


def _words_at(path: Path, places: Ints, kind: str) -> NDArray[np.int32]:
    """Return the four-byte numbers at places of a file."""
    if not len(places):
        return np.zeros(0, np.int32)
    with path.open("rb") as stream:
        data = np.memmap(stream, np.uint8, "r")
        return np.ascontiguousarray(data[places[:, None] + np.arange(4)]).view(kind)[:, 0]


def _write_index(shp: Path, shx: Path, starts: Ints, lengths: Ints) -> None:
    with shp.open("rb") as stream:
        head = bytearray(stream.read(_HEAD))
    struct.pack_into(">i", head, 24, (_HEAD + 8 * len(starts)) // 2)
    shx.write_bytes(bytes(head) + (np.column_stack((starts, lengths)) // 2).astype(">u4").tobytes())


def _sound_table(path: Path, dbf: Path | None, said: _Found, *, told: bool) -> DbfTable | None:
    """Return the table of a shapefile, None where it is missing or makes no sense, which is told where there are shapes."""
    values = {"file": path.name}
    if dbf is None:
        if told:
            said.losses.append((N_("{file}: its .dbf is missing: the shapes have neither names nor values; copy all files of it"), values))
        return None
    table = read_dbf_head(dbf)
    if table.sound:
        return table
    said.losses.append((N_("{file}: its .dbf is damaged: the shapes have neither names nor values; get it again"), values))
    return None


def _patched(path: Path, table: DbfTable, shapes: int, said: _Found) -> bytes:
    """Tell where rows and shapes do not match, and return what must stand after the whole rows: nothing where the driver copes."""
    values = {"file": path.name, "claimed": table.claimed, "rows": table.whole, "shapes": shapes}
    have = min(table.claimed, table.whole)
    if table.claimed > table.whole and table.whole < shapes:
        lacking = shapes - table.whole
        text = N_("{file}: its .dbf breaks off after row {rows} of {claimed}: values are missing in row {cut}; get the file again")
        said.losses.append((text, {**values, "cut": named(np.arange(table.whole + 1, shapes + 1))}))
        return _rest_of_row(table).ljust(table.width, _BLANK) + _BLANK * (table.width * (lacking - 1)) + _DBF_END
    if table.claimed < shapes <= table.whole:
        text = N_("{file}: its .dbf says {claimed} rows but holds {rows}; those of the {shapes} shapes were read")
        said.notes.append((text, values))
        return _DBF_END
    if have < shapes:  # the driver would leave the shapes out
        text = N_("{file}: its .dbf has {rows} rows for {shapes} shapes; shapes without values: the last {count}; get the file again")
        said.losses.append((text, {**values, "count": shapes - table.whole}))
        return _BLANK * (table.width * (shapes - table.whole)) + _DBF_END
    if table.claimed > table.whole:
        text = N_("{file}: its .dbf says {claimed} rows but holds {rows}; those of the {shapes} shapes were read")
        said.notes.append((text, values))
    elif have > shapes:
        text = N_("{file}: its .dbf has {rows} rows for {shapes} shapes; rows without a place were left out: the last {count}")
        said.losses.append((text, {**values, "rows": have, "count": have - shapes}))
    return b""


def _rest_of_row(table: DbfTable) -> bytes:
    """Return the row that a .dbf breaks off in: its fields up to the break; a number or date cut in two would be wrong and is left out."""
    with table.path.open("rb") as stream:
        stream.seek(table.header + table.whole * table.width)
        rest = stream.read(table.left)
    for each in table.fields:
        if each.start < len(rest) < each.start + each.width and not each.is_text:
            return rest[: each.start]
    return rest.removesuffix(_DBF_END)


def _table_beside(dbf: Path, target: Path, patch: bytes, table: DbfTable) -> DbfTable:
    """Put the table beside a shapefile that stands in for another, with its missing rows, and return what its head says."""
    if not patch:
        give(dbf, target)
        return read_dbf_head(target)
    rows = table.whole + len(patch) // table.width
    with dbf.open("rb") as source, target.open("wb") as out:
        left = table.header + table.whole * table.width
        while left and (data := source.read(min(left, 1 << 20))):
            out.write(data)
            left -= len(data)
        out.write(patch)
        out.seek(4)
        out.write(struct.pack("<I", rows))
    return read_dbf_head(target)


def _lone_table(path: Path) -> Parts:
    """Return a .dbf without shapes; one that claims more rows than it holds is cut to those that are there."""
    said = _Found()
    table = read_dbf_head(path)
    if not table.sound:
        raise InputError(_("{file}: the head of the .dbf is damaged: nothing can be read by it; get the file again").format(file=path))
    opened = path
    values = {"file": path.name, "claimed": table.claimed, "rows": table.whole}
    if table.claimed > table.whole:
        begun = _rest_of_row(table)
        patch = begun.ljust(table.width, _BLANK) + _DBF_END if begun.strip() else _DBF_END
        text = N_("{file}: breaks off after row {rows} of {claimed}: the rest is missing; get the file again")
        said.losses.append((text, values))
        opened = new_folder() / f"{path.stem}.dbf"
        table = _table_beside(path, opened, patch, table)
    elif table.claimed < table.whole:
        text = N_("{file}: says {claimed} rows but holds {rows}: those after row {claimed} were left out")
        said.losses.append((text, values))
    deleted = _tell_deleted(table, said)
    return Parts(opened, table=table, notes=tuple(said.notes), losses=tuple(said.losses), deleted=deleted)


def _tell_deleted(table: DbfTable, said: _Found) -> int:
    gone = table.deleted()
    if len(gone):
        text = N_("{file}: rows marked as deleted in the .dbf were left out: {count} ({rows})")
        said.notes.append((text, {"file": table.path.name, "count": len(gone), "rows": named(gone + 1)}))
    return len(gone)
