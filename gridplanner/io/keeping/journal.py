"""A journal: a file that grows by one record an edit, and of which every whole record can be read whatever happened to the rest.

Records are numbered through; a file that holds the first n of them is followed by record n + 1. Behind the last record there is room
kept ready, filled with zeros, so that a disk that fills up does not stop ordinary edits.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import struct
import sys
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from zlib import crc32

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.disk_words import disk_words, reading_words

MAGIC = b"gridplanner journal\n"
FORMAT = 1
ROOM = 4 << 20  # bytes kept ready
_PIECE = 1 << 18  # bytes of room made ready in one go: an edit waits no longer than for these
_MARK = b"\xa7rec"
_RECORD = struct.Struct("<4sQQI")  # mark, bytes of the payload, number, checksum of both and of the payload
_NUMBERS = struct.Struct("<QQ")


class NewerJournalError(ProjectFileError):
    """A journal that another version has to read."""


@dataclass(frozen=True)
class Header:
    """What a journal says of itself: its id, the save that its records begin from (its ids and number), and the first record's number."""

    journal: str
    save_id: str = ""
    project_id: str = ""
    save_number: int = 0
    first: int = 1


@dataclass(frozen=True, eq=False)
class JournalRead:
    """What was read: the payloads of all records up to the first that is damaged, from number `header.first` on.

    `end` is the place behind them, `is_torn` says that something began there that was not written whole, `lost` how many whole records
    follow behind a damaged one: they cannot be applied.
    """

    header: Header
    payloads: tuple[bytes, ...]
    end: int
    is_torn: bool = False
    lost: int = 0

    @property
    def last(self) -> int:
        """The number of the last record that could be read, `header.first` − 1 where there is none."""
        return self.header.first + len(self.payloads) - 1


class Journal:
    """A journal open for writing; one thread may append while another syncs. `last` is the number of the last record in it."""

    def __init__(self, path: Path, header: Header, handle: int, end: int, room: int) -> None:
        self.path, self.header, self.last = path, header, header.first - 1
        self._handle, self._end, self._room = handle, end, room
        self._ready = end  # where the room that is kept ready ends
        self._unconfirmed: list[tuple[int, bytes]] = []  # what was written since the disk confirmed all, and where
        self._is_doubtful = False  # the disk failed to confirm it: the system may have dropped it since
        self._writing = threading.Lock()  # held by who writes: a file has one place at a time

    @classmethod
    def begin(cls, path: Path, header: Header, room: int = ROOM) -> Journal:
        """Make a new journal, on the disk itself after `sync`; raises ProjectFileError with words for what the disk says, leaving none."""
        head = MAGIC + _record(0, json.dumps({"format": FORMAT, **asdict(header)}).encode("ascii"))
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
            made = cls(path, header, handle, len(head), room)
            try:
                made._write(0, head)
                made._unconfirmed.append((0, head))
                made._keep_ready()
            except BaseException:
                os.close(handle)
                path.unlink(missing_ok=True)
                raise
        except OSError as why:
            raise ProjectFileError(disk_words(path, why)) from None
        return made

    @property
    def end(self) -> int:
        """The place in the file behind the last record."""
        return self._end

    def append(self, payload: bytes) -> int:
        """Write one record and return its number; it survives this process at once, a power cut after `sync`.

        Raises ProjectFileError where the disk takes it not; the journal is then as it was, and may be tried again.
        """
        number = self.last + 1
        record = _record(number, payload)
        with self._writing:
            try:
                self._write(self._end, record)
            except OSError as why:
                raise ProjectFileError(disk_words(self.path, why)) from None
            self._unconfirmed.append((self._end, record))
            self._end += len(record)
            self.last = number
        return number

    def sync(self) -> None:
        """Return once all records are on the disk itself, and keep room ready for the next; raises ProjectFileError."""
        count = len(self._unconfirmed)
        try:
            if self._is_doubtful:
                for place, record in self._unconfirmed[:count]:
                    with self._writing:
                        self._write(place, record)
            self._is_doubtful = True
            self._flush()
        except OSError as why:
            raise ProjectFileError(disk_words(self.path, why)) from None
        self._is_doubtful = False
        del self._unconfirmed[:count]
        if self._ready - self._end < self._room // 2:
            self._keep_ready()

    def close(self) -> None:
        """Close the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _write(self, place: int, data: bytes) -> None:
        os.lseek(self._handle, place, os.SEEK_SET)
        rest = memoryview(data)
        while rest:
            written = os.write(self._handle, rest)
            if not written:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            rest = rest[written:]

    def _flush(self) -> None:
        if sys.platform == "darwin":
            import fcntl

            try:
                fcntl.fcntl(self._handle, fcntl.F_FULLFSYNC)
            except OSError:
                os.fsync(self._handle)
        elif sys.platform == "win32":
            os.fsync(self._handle)
        else:
            os.fdatasync(self._handle)

    def _keep_ready(self) -> None:
        """Have the disk give room behind the end; where it has none left, edits are written as long as they fit.

        The room is written and confirmed, not only promised: a record that takes the place of zeros changes no list of blocks, so its
        confirmation does not wait for what the disk has to do for other files, such as a project that is being saved.
        """
        with contextlib.suppress(OSError):
            while self._ready - self._end < self._room:
                with self._writing:  # never over an edit that comes meanwhile
                    start = max(self._ready, self._end)
                    self._write(start, bytes(min(_PIECE, self._room)))
                    self._ready = start + min(_PIECE, self._room)
        try:
            self._flush()
        except OSError:
            self._is_doubtful = True  # the system tells of a failure once: the next sync must not take its silence for good news


def read_journal(path: Path) -> JournalRead:
    """Return what a journal holds; raises ProjectFileError where it is none, its beginning is damaged or its format is newer."""
    return journal_in(_bytes_of(path), path)


def journal_in(data: bytes, path: Path) -> JournalRead:
    """Return what the bytes of a journal hold; `path` is for the words. Raises as `read_journal` does."""
    head = _payload_at(data, len(MAGIC), 0) if data.startswith(MAGIC) else None
    try:
        about = json.loads(head or b"")
        if about.pop("format") > FORMAT:
            raise NewerJournalError(_("{file}: the journal was written by a newer gridplanner; start that version").format(file=path))
        header = Header(**about)
        if [type(value) for value in asdict(header).values()] != [str, str, str, int, int]:
            raise TypeError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ProjectFileError(_("{file}: the beginning of the journal is damaged").format(file=path)) from None
    return _read_on(data, len(MAGIC) + _RECORD.size + len(head or b""), header)


def read_on(path: Path, read: JournalRead) -> JournalRead:
    """Return what came to a journal after it was read; its payloads are those that are new."""
    with path.open("rb") as stream:
        stream.seek(read.end)
        data = stream.read()
    after = _read_on(data, 0, replace(read.header, first=read.last + 1))
    return replace(after, end=read.end + after.end)


def _read_on(data: bytes, place: int, header: Header) -> JournalRead:
    payloads: list[bytes] = []
    while (payload := _payload_at(data, place, header.first + len(payloads))) is not None:
        payloads.append(payload)
        place += _RECORD.size + len(payload)
    is_torn = any(data[place : place + _RECORD.size])
    return JournalRead(header, tuple(payloads), place, is_torn, _whole_behind(data, place, header.first + len(payloads)))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as why:
        raise ProjectFileError(reading_words(path, why)) from None


def _record(number: int, payload: bytes) -> bytes:
    return b"".join((_RECORD.pack(_MARK, len(payload), number, _checksum(number, payload)), payload))


def _checksum(number: int, payload: bytes | memoryview) -> int:
    return crc32(payload, crc32(_NUMBERS.pack(len(payload), number)))


def _payload_at(data: bytes, place: int, number: int) -> bytes | None:
    """Return the payload of the record of a number at a place, None where there is no such record, whole and undamaged."""
    found = _record_at(data, place)
    return bytes(found[1]) if found is not None and found[0] == number else None


def _record_at(data: bytes, place: int) -> tuple[int, memoryview] | None:
    if place + _RECORD.size > len(data):
        return None
    mark, length, number, checksum = _RECORD.unpack_from(data, place)
    start = place + _RECORD.size
    if mark != _MARK or length > len(data) - start:
        return None
    payload = memoryview(data)[start : start + length]
    return (number, payload) if _checksum(number, payload) == checksum else None


def _whole_behind(data: bytes, place: int, number: int) -> int:
    """Return how many whole records of higher numbers follow somewhere behind a place."""
    count = 0
    while (place := data.find(_MARK, place)) >= 0:
        found = _record_at(data, place)
        if found is not None and found[0] >= number:
            count, number = count + 1, found[0] + 1
            place += _RECORD.size + len(found[1])
        else:
            place += 1
    return count
