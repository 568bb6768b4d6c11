"""The few files that a package may hold, read from a zip that is not trusted: names, sizes and kinds are checked before any is unpacked."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _

MANIFEST, BASE, WORK = "manifest.json", "base.gridplan", "work.gridplan"
MEMBERS = (MANIFEST, BASE, WORK)
MOST_MANIFEST = 1 << 20  # bytes
MOST_BYTES = 4 << 30  # of one member
MOST_RATIO = 200  # unpacked to packed of a large member: a project file of empty pages alone is about as far
LARGE = 16 << 20
_DIRECTORY = 4096  # bytes of the list of members: three short names
_CHUNK = 1 << 20
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_TAIL = 22 + 65_535  # of the end record and the longest comment


@contextmanager
def opened_pack(path: Path) -> Iterator[zipfile.ZipFile]:
    """Yield the zip of a package whose list of members is as a package's is; raises ProjectFileError, in words, where it is not."""
    if not path.is_file():
        raise ProjectFileError(_("{file}: there is no such package; check the path").format(file=path))
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            _check_members(path, archive.infolist())
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, IndexError, RuntimeError, NotImplementedError, struct.error):
        raise ProjectFileError(_damaged(path)) from None
    except OSError as why:
        raise ProjectFileError(_("{file}: cannot be read: {why}").format(file=path, why=why.strerror or why)) from None


def read_member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return the content of a small member; raises ProjectFileError where it is more than `most` bytes."""
    parts: list[bytes] = []
    _copy(archive, name, parts.append, most)
    return b"".join(parts)


def unpack_member(archive: zipfile.ZipFile, name: str, into: BinaryIO) -> None:
    """Write the content of a member into a file of ours; raises ProjectFileError where it is more than it said."""
    _copy(archive, name, into.write, MOST_BYTES)


def _copy(archive: zipfile.ZipFile, name: str, write: Callable[[bytes], object], most: int) -> None:
    member = archive.getinfo(name)
    most, done = min(most, member.file_size), 0
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            done += len(chunk)
            if done > most:
                raise ProjectFileError(_too_large(Path(archive.filename or "")))
            write(chunk)
    if done != member.file_size:
        raise ProjectFileError(_damaged(Path(archive.filename or "")))


def _check_directory(path: Path) -> None:
    """Refuse a list of members longer than three names take, before it is read into memory."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(size - _TAIL, 0))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise ProjectFileError(_("{file}: is not a package (.gridpack), or only the beginning of one; get it again").format(file=path))
    count, length = struct.unpack("<H", tail[at + 10 : at + 12])[0], struct.unpack("<I", tail[at + 12 : at + 16])[0]
    if count != len(MEMBERS) or length > _DIRECTORY or tail[max(at - 20, 0) : at].startswith(_END_64):
        raise ProjectFileError(_foreign(path))


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if sorted(names) != sorted(MEMBERS):  # no other name, none twice: so none that leads elsewhere
        raise ProjectFileError(_foreign(path))
    for member in members:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or member.flag_bits & 0x1 or member.orig_filename != member.filename:
            raise ProjectFileError(_foreign(path))
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ProjectFileError(_foreign(path))
        large = member.file_size > LARGE and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        if large or member.file_size > (MOST_MANIFEST if member.filename == MANIFEST else MOST_BYTES):
            raise ProjectFileError(_too_large(path))
    if sum(member.compress_size for member in members) > path.stat().st_size:  # members that share their bytes
        raise ProjectFileError(_too_large(path))


def _damaged(path: Path) -> str:
    return _("{file}: the package is damaged or incomplete; get it again").format(file=path)


def _foreign(path: Path) -> str:
    return _("{file}: holds files that no package holds, so it was not opened").format(file=path)


def _too_large(path: Path) -> str:
    return _("{file}: would unpack to more than it says or more than any package holds, so it was not opened").format(file=path)
