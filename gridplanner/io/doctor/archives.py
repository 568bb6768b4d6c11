"""Archives: their data files unpacked once into a folder of this process, whatever their names are written in, and nothing outside it."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.io.doctor.contents import ARCHIVES
from gridplanner.io.doctor.own_folder import Kept, new_folder, state_of
from gridplanner.io.table import Note

DATA = (
    ".shp", ".gpkg", ".geojson", ".json", ".kml", ".gml", ".tab", ".mif", ".dxf", ".gpx", ".csv", ".tsv", ".xlsx", ".ods", ".fgb", ".dbf",
)  # fmt: skip
BESIDE = (".shx", ".dbf", ".prj", ".cpg", ".qpj", ".dat", ".map", ".id", ".ind", ".mid", ".csvt")  # parts of another file
# what may hold what is wanted: told when it is left out
_INSIDE = (
    ".zip", ".rar", ".7z", ".gz", ".bz2", ".tar", ".tgz", ".osm", ".pbf", ".kmz", ".gdb", ".geojsonl", ".geojsons", ".sqlite", ".db",
    ".xls", ".xlsb", ".et", ".dwg", ".mdb", ".accdb",
)  # fmt: skip
MOST_MEMBERS = 5_000
MOST_BYTES = 2 << 30
MOST_RATIO = 250  # of large archives
_LARGE = 256 << 20
_CHUNK = 1 << 20
_UTF8_FLAG, _ENCRYPTED = 0x800, 0x1
_SHOWN = 5


@dataclass(frozen=True)
class Member:
    """A data file of an archive: its name there, and where it was unpacked to."""

    name: str
    path: Path


@dataclass(frozen=True)
class Archive:
    """The data files of an archive in the order of their names, and what is to be told of those left out."""

    members: tuple[Member, ...]
    notes: tuple[Note, ...] = ()


_known: Kept[Archive] = Kept()


def is_archive(path: Path) -> bool:
    """True for files that are opened as archives."""
    return path.suffix.lower() in ARCHIVES


def open_archive(path: Path) -> Archive:
    """Return the data files of a .zip or .kmz, unpacked; InputError where it is damaged, encrypted, a bomb, or holds no data."""
    return _known.of(state_of(path), lambda: _unpacked(path))


def layer_names(layers: list[tuple[Member, str]]) -> list[str]:
    """Return a distinct name for each layer of each member: its own, with its file where it comes twice, and its folder where that does.

    >>> one, two = Member("a/roads.shp", Path()), Member("b/roads.shp", Path())
    >>> layer_names([(one, "roads"), (two, "roads"), (two, "town")])
    ['a/roads', 'b/roads', 'town']
    """
    names = [own for _member, own in layers]
    for longer in (_with_file, _with_folder, _in_full):
        often = Counter(names)
        names = [name if often[name] == 1 else longer(member, own) for name, (member, own) in zip(names, layers, strict=True)]
    return names


def _with_file(member: Member, own: str) -> str:
    stem = PurePosixPath(member.name).stem
    return own if own == stem else f"{stem}/{own}"


def _with_folder(member: Member, own: str) -> str:
    inside = PurePosixPath(member.name)
    return str(inside.with_suffix("")) if own == inside.stem else f"{inside.with_suffix('')}/{own}"


def _in_full(member: Member, own: str) -> str:
    """Return the name with its suffix: roads.shp beside roads.gpkg."""
    return member.name if own == PurePosixPath(member.name).stem else f"{member.name}/{own}"


def _unpacked(path: Path) -> Archive:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            _check_size(path, members)
            return _extract(path, archive, members)
    except NotImplementedError:
        text = _("{file}: is packed in a way that is not known; unpack it and give the files inside")
        raise InputError(text.format(file=path)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, IndexError, RuntimeError):
        text = _("{file}: the archive is damaged or incomplete; get it again, or unpack it and give the files inside")
        raise InputError(text.format(file=path)) from None
    except OSError as why:
        raise InputError(_("{file}: cannot be unpacked: {why}").format(file=path, why=why.strerror or why)) from None


def _check_size(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that claims more than a delivery of data holds, or more than its bytes can hold."""
    if len(members) > MOST_MEMBERS:
        text = _("{file}: holds {count} files; unpack it and give the folder with the data")
        raise InputError(text.format(file=path, count=f"{len(members):,}"))
    size, packed = sum(each.file_size for each in members), sum(each.compress_size for each in members)
    if size > MOST_BYTES or (size > _LARGE and size > MOST_RATIO * max(packed, 1)) or packed > path.stat().st_size:
        text = _("{file}: would be {size} MB when unpacked and is not opened; unpack it yourself if you know what it is")
        raise InputError(text.format(file=path, size=f"{size >> 20:,}"))


def _extract(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Archive:
    """Unpack the data files and those that belong to them; each folder of the archive becomes a numbered one of ours."""
    left: dict[str, list[str]] = {}
    wanted: dict[tuple[str, str], list[tuple[PurePosixPath, zipfile.ZipInfo]]] = {}
    for member in members:
        name = member_name(member)
        inside = PurePosixPath(name)
        suffix = inside.suffix.lower()
        if inside.name.startswith((".", "~$")) or "__MACOSX" in inside.parts:
            continue
        if _escapes(name) or stat.S_ISLNK(member.external_attr >> 16):
            left.setdefault("escapes", []).append(name)
        elif database := next((part for part in inside.parts if part.lower().endswith(".gdb")), None):  # a folder of many files
            left.setdefault("inside", []).append(database)
        elif suffix in _INSIDE:
            left.setdefault("inside", []).append(name)
        elif suffix in DATA or suffix in BESIDE:
            wanted.setdefault((str(inside.parent), inside.stem.lower()), []).append((inside, member))
    found: list[Member] = []
    budget = [MOST_BYTES]
    for (_folder, _stem), parts in sorted(wanted.items()):
        suffixes = {inside.suffix.lower() for inside, _member in parts}
        heads = [(inside, each) for inside, each in parts if inside.suffix.lower() in DATA and not _part_of(inside, suffixes)]
        if not heads:
            continue
        place = new_folder()
        for inside, member in parts:
            if member.flag_bits & _ENCRYPTED:
                text = _("{file}: is protected by a password; unpack it and give the files inside")
                raise InputError(text.format(file=path))
            with archive.open(member) as packed, (place / _safe(inside.name)).open("wb") as out:
                _copy(packed, out, min(member.file_size, budget[0]), path)
            budget[0] -= member.file_size
        found += [Member(str(inside), place / _safe(inside.name)) for inside, _member in heads]
    notes = _left_out(path, left)
    if not found:
        text = _("{file}: holds no layer that can be read; unpack it and give the files inside")
        raise InputError(" ".join((text.format(file=path), *(_(words).format(**values) for words, values in notes))))
    return Archive(tuple(found), notes)


def member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name as it was meant: by its flag, else UTF-8 where its bytes are that, else GBK as Windows in China writes it.

    >>> Info = zipfile.ZipInfo; member_name(Info("社区.shp".encode("gbk").decode("cp437")))
    '社区.shp'
    """
    if member.flag_bits & _UTF8_FLAG:
        return member.orig_filename.replace("\\", "/")
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:  # named by an extra field
        return member.filename.replace("\\", "/")
    for codec in ("utf-8", "gb18030", "cp437"):
        try:
            return raw.decode(codec).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return member.filename


def _part_of(inside: PurePosixPath, suffixes: set[str]) -> bool:
    """True for a .dbf that belongs to a shapefile."""
    return inside.suffix.lower() == ".dbf" and ".shp" in suffixes


def _escapes(name: str) -> bool:
    """True for names that lead out of the folder they are unpacked in."""
    parts = PurePosixPath(name).parts
    return name.startswith("/") or ".." in parts or (len(name) > 1 and name[1] == ":") or "\x00" in name


def _safe(name: str) -> str:
    """Return a file name that every system takes; its stem still names the layer."""
    return "".join("_" if char in '<>:"|?*\\/' or ord(char) < 32 else char for char in name)


def _copy(packed: IO[bytes], out: IO[bytes], most: int, path: Path) -> None:
    """Copy what a member holds; InputError where that is more than it says, or than may be unpacked."""
    shutil.copyfileobj(_Limited(packed, most, path), out, _CHUNK)


class _Limited:
    """A stream that refuses to give more bytes than were announced."""

    def __init__(self, stream: IO[bytes], most: int, path: Path) -> None:
        self._stream, self._left, self._path = stream, most, path

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            text = _("{file}: the archive is damaged or incomplete; get it again, or unpack it and give the files inside")
            raise InputError(text.format(file=self._path))
        return data


def _left_out(path: Path, left: dict[str, list[str]]) -> tuple[Note, ...]:
    words = {
        "escapes": N_("{file}: files whose names lead out of the archive were left out: {names}"),
        "inside": N_("{file}: files inside were not opened: {names}; unpack the archive if they are needed"),
    }
    notes: list[Note] = []
    for kind, all_names in left.items():
        names = list(dict.fromkeys(all_names))
        shown = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        notes.append((words[kind], {"file": path.name, "names": shown}))
    return tuple(notes)
