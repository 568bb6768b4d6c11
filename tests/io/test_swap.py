"""A file is replaced whole or not at all, and whatever the disk does is said with what to do about it."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.disk_words import Trouble, cause_words, disk_words, reading_words, trouble_of
from gridplanner.io.keeping.swap import patiently, swapped, write_whole

ODD_NAMES = (
    "方案 一.gridplan", "a b#c%20d&e.gridplan", "dot.gridplan.", "名" * 82 + ".gridplan", " lead.gridplan", "-rf.gridplan",
    "a'b\"c;.gridplan",
)  # fmt: skip


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 256 KiB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", place], capture_output=True).returncode:
        pytest.skip("mounting needs root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def _swap_in(path: Path, write: Callable[[Path], object], **how: Any) -> None:
    with swapped(path, **how) as beside:
        write(beside)


def _large_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t AS SELECT zeroblob(400000)")
        connection.commit()


def _nothing(path: Path) -> None:
    pytest.fail(f"nothing is to be written to {path}")


def _left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_of_any_name_is_swapped_in_and_nothing_is_left(tmp_path, name):
    for content in (b"one", b"two"):
        write_whole(tmp_path / name, content)
        assert (tmp_path / name).read_bytes() == content
    assert _left_in(tmp_path) == [name]


def test_a_failure_leaves_the_earlier_file(tmp_path):
    path = tmp_path / "town.gridplan"
    path.write_bytes(b"earlier")

    def fail(beside: Path) -> None:
        beside.write_bytes(b"half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        _swap_in(path, fail)
    assert path.read_bytes() == b"earlier"
    assert _left_in(tmp_path) == ["town.gridplan"]


def test_what_is_called_before_the_swap_can_refuse_it(tmp_path):
    path = tmp_path / "town.gridplan"
    path.write_bytes(b"earlier")

    def refuse() -> None:
        raise ProjectFileError("changed")

    with pytest.raises(ProjectFileError, match="changed"):
        _swap_in(path, lambda beside: beside.write_bytes(b"new"), before=refuse)
    assert path.read_bytes() == b"earlier"
    assert _left_in(tmp_path) == ["town.gridplan"]


def test_readers_rights_stay_as_they_were(tmp_path):
    path = tmp_path / "town.gridplan"
    write_whole(path, b"one")
    path.chmod(0o664)
    write_whole(path, b"two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o664


def test_through_a_link_the_file_it_leads_to_is_replaced(tmp_path):
    real, link = tmp_path / "real.gridplan", tmp_path / "link.gridplan"
    real.write_bytes(b"one")
    link.symlink_to(real)
    write_whole(link, b"two")
    assert link.is_symlink()
    assert real.read_bytes() == b"two"


def test_sqlite_writes_beside_a_path_longer_than_it_takes(tmp_path):
    folder = tmp_path.joinpath(*["社区" * 20] * 5)
    path = folder / ("名" * 80 + ".gridplan")
    assert len(os.fsencode(path)) > 600
    _swap_in(path, _large_table)
    assert path.read_bytes().startswith(b"SQLite format 3")
    assert _left_in(folder) == [path.name]


_DIES_WHILE_SAVING = """
import os, signal, sys
from pathlib import Path
from gridplanner.io.keeping.swap import swapped
with swapped(Path(sys.argv[1])) as beside:
    beside.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
"""


def test_what_a_killed_save_left_is_removed_by_the_next(tmp_path):
    path = tmp_path / "town.gridplan"
    other = tmp_path / ".saving-000000000000-x-y-1-1-ab.tmp"  # of another file
    other.write_bytes(b"")
    assert subprocess.run([sys.executable, "-c", _DIES_WHILE_SAVING, path]).returncode != 0
    assert len(_left_in(tmp_path)) == 2
    with swapped(path) as living:  # another save that is under way is left alone
        write_whole(path, b"two")
        assert living.exists()
        living.write_bytes(b"three")
    assert _left_in(tmp_path) == [other.name, "town.gridplan"]


def test_a_file_held_for_a_moment_is_waited_for():
    tries = []

    def held_twice() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OSError(errno.EBUSY, "held")

    patiently(held_twice, 5.0)
    assert len(tries) == 3
    tries.clear()
    with pytest.raises(OSError, match="held"):
        patiently(held_twice, 0.0)
    assert len(tries) == 1


def test_a_file_that_another_program_holds_is_waited_for_and_then_said(tmp_path, small_disk):
    path, own = small_disk / "town.gridplan", tmp_path / "own"
    path.write_bytes(b"earlier")
    own.write_bytes(b"")
    subprocess.run(["mount", "--bind", own, path], check=True)  # nothing may be renamed onto it now: EBUSY
    with pytest.raises(ProjectFileError, match="another program holds the file; close it there"):
        _swap_in(path, lambda beside: beside.write_bytes(b"new"), patience=0.05)
    lets_go = threading.Timer(0.2, subprocess.run, (["umount", path],))
    lets_go.start()
    _swap_in(path, lambda beside: beside.write_bytes(b"new"))
    lets_go.join()
    assert path.read_bytes() == b"new"
    assert _left_in(small_disk) == ["town.gridplan"]


def test_a_full_disk_keeps_the_earlier_file_and_says_so(small_disk):
    path = small_disk / "town.gridplan"
    path.write_bytes(b"earlier")
    with pytest.raises(ProjectFileError, match=r"town\.gridplan: cannot be saved: the disk is full.*make room there"):
        _swap_in(path, lambda beside: beside.write_bytes(b"x" * 400_000))
    with pytest.raises(ProjectFileError, match="the disk is full"):
        _swap_in(path, _large_table)
    with pytest.raises(ProjectFileError, match="about 7 MB are needed and 0 MB are free"):
        _swap_in(path, _nothing, size=5_000_000)
    assert path.read_bytes() == b"earlier"
    assert _left_in(small_disk) == ["town.gridplan"]


def test_a_disk_that_became_read_only_is_said(small_disk):
    path = small_disk / "town.gridplan"
    path.write_bytes(b"earlier")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(ProjectFileError, match="write-protected; take the protection off"):
        _swap_in(path, _nothing)
    assert path.read_bytes() == b"earlier"


def test_a_protected_file_is_not_replaced(tmp_path):
    path = tmp_path / "town.gridplan"
    path.write_bytes(b"earlier")
    path.chmod(0o444)
    with pytest.raises(ProjectFileError, match="write-protected"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"earlier"


def test_a_folder_that_vanishes_while_saving_is_said(tmp_path):
    folder = tmp_path / "usb"
    folder.mkdir()
    path = folder / "town.gridplan"
    path.write_bytes(b"earlier")
    with pytest.raises(ProjectFileError, match="not there any more; connect it again"):
        _swap_in(path, lambda _beside: folder.rename(tmp_path / "away"))
    assert (tmp_path / "away" / "town.gridplan").read_bytes() == b"earlier"
    with pytest.raises(ProjectFileError, match="not there any more"):
        _swap_in(path, _nothing, make_folder=False)  # a drive that was taken out is no new place
    assert not folder.exists()


def test_a_size_limit_is_said(tmp_path):
    resource = pytest.importorskip("resource")
    path = tmp_path / "town.gridplan"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(ProjectFileError, match="takes no file of this size"):
            _swap_in(path, _large_table)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert _left_in(tmp_path) == []


@pytest.mark.parametrize("name", ["x" * 256, "名" * 86])
def test_a_name_too_long_is_said_before_anything_is_written(tmp_path, name):
    with pytest.raises(ProjectFileError, match="too long; choose a shorter name"):
        _swap_in(tmp_path / name, _nothing)
    assert _left_in(tmp_path) == []


def test_every_trouble_has_words_with_a_remedy():
    remedies = ("choose", "make room", "close it", "connect it", "take the protection off", "ask")
    for number, name in errno.errorcode.items():
        words = cause_words(OSError(number, os.strerror(number)))
        assert any(remedy in words for remedy in remedies), name
        assert "Errno" not in words
    for trouble, numbers in {
        Trouble.FULL: (errno.ENOSPC, errno.EDQUOT),
        Trouble.GONE: (errno.ESTALE, errno.ENOTCONN, errno.EHOSTDOWN, errno.ENOENT),
        Trouble.FAULTY: (errno.EIO,),
    }.items():
        assert {trouble_of(OSError(number, "")) for number in numbers} == {trouble}


def test_what_windows_says_counts_before_what_python_makes_of_it():
    for number, trouble in ((32, Trouble.HELD), (112, Trouble.FULL), (53, Trouble.GONE), (206, Trouble.TOO_LONG), (19, Trouble.READ_ONLY)):
        why = PermissionError(errno.EACCES, "x")
        why.winerror = number
        assert trouble_of(why) is trouble


def test_reading_without_permission_names_no_other_folder():
    words = reading_words(Path("town.gridplan"), PermissionError(errno.EACCES, "Permission denied"))
    assert "no permission" in words
    assert "choose" not in words
    assert disk_words(Path("town.gridplan"), PermissionError(errno.EACCES, "x")).startswith("town.gridplan: cannot be saved: ")


_KILLED = """
import os, signal, sqlite3, sys
there = sqlite3.connect(sys.argv[1], isolation_level=None)
there.execute("PRAGMA journal_mode = wal")
there.execute("PRAGMA wal_autocheckpoint = 0")
there.execute("CREATE TABLE drawn (a)")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the system knows no such signal")
def test_pages_that_a_killed_program_left_beside_the_earlier_file_do_not_come_into_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "town.gridplan"
    for rows in (3, 500):
        with swapped(file) as beside, closing(sqlite3.connect(beside)) as made:
            made.execute("CREATE TABLE kept (a)")
            made.executemany("INSERT INTO kept VALUES (?)", [("x" * 100,)] * rows)
            made.commit()
        if rows == 3:
            subprocess.run([sys.executable, "-c", _KILLED, str(file)], check=False)
            assert Path(f"{file}-wal").stat().st_size > 0
    with closing(sqlite3.connect(file)) as opened:  # as QGIS does
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert opened.execute("SELECT count(*) FROM kept").fetchone() == (500,)
        assert {name for (name,) in opened.execute("SELECT name FROM sqlite_master")} == {"kept"}
