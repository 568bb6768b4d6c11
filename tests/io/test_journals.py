"""Journals: whatever happens to the file, what is read is a prefix of what was written."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.journal import Header, Journal, journal_in, read_journal, read_on

EDITS = [b"one", b"", b"three " * 9, bytes(30), b"\xa7rec five"]


def written(path: Path, edits: list[bytes] = EDITS, room: int = 64) -> bytes:
    journal = Journal.begin(path, Header("j", "s", "p", 3, 7), room)
    for number, payload in enumerate(edits):
        assert journal.append(payload) == 7 + number
        journal.sync()
    journal.close()
    return path.read_bytes()


def test_what_was_written_is_read_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path, EDITS[:3])
    read = read_journal(path)
    assert read.header == Header("j", "s", "p", 3, 7)
    assert read.payloads == tuple(EDITS[:3])
    assert (read.last, read.is_torn, read.lost) == (9, False, 0)
    written(path)
    more = read_on(path, read)
    assert more.payloads == tuple(EDITS[3:])
    assert more.header.first == 10
    assert more.end == read_journal(path).end


def test_every_truncation_leaves_a_prefix_and_says_where_something_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    data = written(path)
    ends = [read_journal(path).end]
    for count in range(len(EDITS) - 1, -1, -1):
        written(path, EDITS[:count])
        ends.insert(0, read_journal(path).end)
    for length in range(len(data) + 1):
        if length < ends[0]:
            with pytest.raises(ProjectFileError):
                journal_in(data[:length], path)
            continue
        read = journal_in(data[:length], path)
        whole = sum(end <= length for end in ends) - 1
        assert read.payloads == tuple(EDITS[:whole])
        assert read.is_torn is (length > ends[whole] and whole < len(EDITS))
        assert read.lost == 0


def test_every_flipped_bit_leaves_a_prefix_and_counts_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    data = written(path)
    end = read_journal(path).end
    for place in range(min(len(data), end + 30)):
        for bit in range(8):
            try:
                read = journal_in(data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :], path)
            except ProjectFileError:
                assert place < 300  # the header
                continue
            assert read.payloads == tuple(EDITS[: len(read.payloads)])
            missing = len(EDITS) - len(read.payloads)
            assert read.lost == max(missing - 1, 0)
            assert (missing == 0) is (place >= end)
            assert read.is_torn is (place < end + 24)  # what begins there would not be looked at beyond the head of a record


def test_a_failed_write_leaves_the_journal_good_and_the_next_one_tries_again(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("the system has no limit for the size of files")
    import resource
    import signal

    path = tmp_path / "journal"
    journal = Journal.begin(path, Header("j"), 4096)
    journal.append(b"before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, limits[1]))
    try:
        journal.append(b"small edits go on in the room that is kept ready")
        with pytest.raises(ProjectFileError, match="journal"):
            journal.append(bytes(range(256)) * 40)
        assert read_journal(path).payloads[0] == b"before"
        assert read_journal(path).is_torn
        assert journal.append(b"after") == 3
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert journal.append(bytes(range(256)) * 40) == 4
    journal.close()
    read = read_journal(path)
    assert [len(payload) for payload in read.payloads] == [6, 48, 5, 10240]
    assert not read.is_torn


def test_room_is_kept_ready(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path / "journal", Header("j"), 1 << 12)
    for _edit in range(20):
        journal.append(bytes(1000))
        journal.sync()
        assert (tmp_path / "journal").stat().st_size - journal.end >= 1 << 11
    journal.close()


def test_newer_and_foreign_files_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    written(path)
    from gridplanner.io.keeping import journal

    was, journal.FORMAT = journal.FORMAT, 2
    try:
        written(path)
    finally:
        journal.FORMAT = was
    with pytest.raises(ProjectFileError, match="newer"):
        read_journal(path)
    for data in (b"", b"SQLite format 3\0" * 9, os.urandom(500), journal.MAGIC, journal.MAGIC + bytes(200)):
        path.write_bytes(data)
        with pytest.raises(ProjectFileError, match="damaged"):
            read_journal(path)
    with pytest.raises(ProjectFileError, match="cannot be read"):
        read_journal(tmp_path / "none")
    with pytest.raises(ProjectFileError, match="cannot be saved"):
        Journal.begin(tmp_path / "none" / "journal", Header("j"))


def test_room_made_ready_by_writing_never_runs_over_edits_that_come_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, begun = os.write, threading.Event()

    def slowly(handle: int, data: memoryview | bytes) -> int:
        if len(data) == room and not any(data):
            begun.set()
            time.sleep(0.02)  # an edit comes in between
        return write(handle, data)

    room = 1 << 12
    path = tmp_path / "journal"
    journal = Journal.begin(path, Header("j"), room)
    monkeypatch.setattr(os, "write", slowly)
    journal.append(bytes(range(256)) * 40)  # more than the room
    thread = threading.Thread(target=journal.sync)
    thread.start()
    assert begun.wait(5.0)
    journal.append(b"meanwhile")
    thread.join()
    journal.append(b"after")
    journal.close()
    assert [len(payload) for payload in read_journal(path).payloads] == [10240, 9, 5]


def test_what_the_disk_failed_to_confirm_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal"
    journal = Journal.begin(path, Header("j"), 4096)
    flush = Journal._flush
    failures = iter([False, True])

    def dropping(self: Journal) -> None:
        if next(failures, False):
            place, record = self._unconfirmed[-1]
            with path.open("rb+") as stream:  # as a system does that gives up pages it could not write
                stream.seek(place)
                stream.write(bytes(len(record)))
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        flush(self)

    monkeypatch.setattr(Journal, "_flush", dropping)
    journal.append(b"first")
    journal.sync()
    journal.append(b"second")
    with pytest.raises(ProjectFileError, match="faulty"):
        journal.sync()
    assert len(read_journal(path).payloads) == 1
    journal.sync()
    journal.append(b"third")
    journal.sync()
    journal.close()
    assert read_journal(path).payloads == (b"first", b"second", b"third")
