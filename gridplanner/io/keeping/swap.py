"""A file replaced whole or not at all: written beside, made to last, swapped in."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import sqlite3
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.disk_words import NoRoom, Trouble, disk_words, is_disk_trouble, trouble_of
from gridplanner.io.keeping.living import Alive, is_alive, this_process
from gridplanner.io.keeping.long_paths import reachable, too_long_for_sqlite

PATIENCE_S = 8.0  # how long another program may hold the file: a look by an antivirus or an indexer takes less
_DAY_S = 86400.0
_ACCESS_DENIED = 5  # of Windows, also where another program holds the file
_SPARE = 1 << 20  # bytes that a disk needs beside the file itself: its folder's own growth


@contextmanager
def swapped(
    path: Path, *, size: int = 0, before: Callable[[], object] | None = None, make_folder: bool = True, patience: float = PATIENCE_S
) -> Iterator[Path]:
    """Yield a new empty file; what is written to it becomes `path` at the end, at once and for good (fsync of file and folder).

    Where the body or the swap fails, the file that was there stays as it was and nothing is left over; what a killed save left over is
    removed by the next one of the same name. `size` (bytes) is what the file is expected to need: a disk that has less is refused
    before anything is written. `before` is called right before the swap, with the new file whole on the disk: where it raises, nothing
    is swapped. `make_folder`: a folder that is not there is made; without it a drive that was taken out is not mistaken for a new place.
    Raises ProjectFileError with words that say what to do where the disk, the folder or another program is in the way.
    """
    target = reachable(Path(os.path.realpath(path)))  # through a link to the file that it leads to
    try:
        beside = _made_beside(target, size, make_folder=make_folder)
    except OSError as why:
        raise ProjectFileError(disk_words(path, why)) from None
    written = beside
    try:
        if too_long_for_sqlite(beside):
            handle, name = tempfile.mkstemp(prefix="gridplanner-", suffix=".tmp")
            os.close(handle)
            written = Path(name)
        yield written
        if written != beside:
            shutil.copyfile(written, beside)
        _keep_mode(beside, target)
        made_to_last(beside)
        with _alone(target.parent):
            if before is not None:
                before()
            _replace(beside, target, patience)
            _remove_pages_of_earlier(target)
        _folder_made_to_last(target.parent)
    except (OSError, sqlite3.Error, OverflowError) as why:
        raise ProjectFileError(disk_words(path, _true_cause(why, written))) from None
    finally:
        for left in {written, beside}:
            with contextlib.suppress(OSError):
                patiently(lambda left=left: left.unlink(missing_ok=True), patience)  # type: ignore[misc]


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file so that it is the earlier one or the new one, never half; raises ProjectFileError."""
    with swapped(path, size=len(data)) as beside:
        beside.write_bytes(data)


def write_exactly(path: Path, data: bytes) -> None:
    """Make a new file with a content; raises OSError, FileExistsError where there is one, and leaves nothing half written."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            if os.write(handle, data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(handle)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise


def patiently(action: Callable[[], object], patience: float = PATIENCE_S) -> None:
    """Do what another program may hinder for a moment, again and again for `patience` seconds; raises the last OSError."""
    until = time.monotonic() + patience
    wait = 0.02
    while True:
        try:
            action()
            return
        except OSError as why:
            if not _may_pass(why) or time.monotonic() + wait > until:
                raise
        time.sleep(wait)
        wait = min(2 * wait, 0.5)


def made_to_last(path: Path) -> None:
    """Return once a file's content is on the disk itself; raises OSError."""
    with path.open("rb+") as stream:
        if sys.platform == "darwin":
            import fcntl

            with contextlib.suppress(OSError):  # fsync leaves it in the drive's own memory there; not every file system knows better
                fcntl.fcntl(stream.fileno(), fcntl.F_FULLFSYNC)
        os.fsync(stream.fileno())


def _replace(beside: Path, target: Path, patience: float) -> None:
    """Swap a file in; raises OSError, and calls it held where Windows denies it: this folder has just taken a file of ours."""
    try:
        patiently(lambda: beside.replace(target), patience)
    except OSError as why:
        if getattr(why, "winerror", None) == _ACCESS_DENIED:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY)) from None
        raise


def _remove_pages_of_earlier(target: Path) -> None:
    """Remove the pages that a program which was killed left beside the earlier SQLite file: SQLite would put them into the new one.

    See "How To Corrupt An SQLite Database File" of its documentation, 1.4: a hot journal of another file of the same name.
    """
    with contextlib.suppress(OSError):
        with target.open("rb") as stream:
            if not stream.read(16).startswith(b"SQLite format 3"):
                return
        for end in ("-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                target.with_name(target.name + end).unlink()


def _made_beside(target: Path, size: int, *, make_folder: bool) -> Path:
    """Return a new empty file in the folder of `target`; raises OSError, also where the save could only fail in the end."""
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if make_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    _check_name(target)
    _remove_left_over(target)
    check_room(target, size)
    owner = this_process()
    for _try in range(100):
        place = target.parent / f"{_start(target)}{owner.computer}-{owner.boot}-{owner.pid}-{owner.started or 0}-{secrets.token_hex(4)}.tmp"
        try:
            os.close(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666))
        except FileExistsError:
            continue
        return place
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def _start(target: Path) -> str:
    """Return how the names of files being written for `target` begin; short whatever its own length is."""
    return f".saving-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _check_name(target: Path) -> None:
    """Raise OSError for a name that the swap would refuse once all is written, and for a file that is meant to stay as it is."""
    try:
        mode = os.lstat(target).st_mode
    except FileNotFoundError:
        return
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def check_room(target: Path, size: int) -> None:
    """Raise NoRoom, an OSError, where the disk that holds `target` has no `size` bytes free, as far as it tells."""
    if size <= 0:
        return
    try:
        usage = shutil.disk_usage(target.parent)
    except (OSError, ValueError):
        return
    if usage.total > 0 and usage.free < size + _SPARE:  # a drive that does not tell has none in all
        raise NoRoom(size + _SPARE, usage.free)


def _keep_mode(beside: Path, target: Path) -> None:
    """Let the new file be read by whom the earlier one could be read by."""
    with contextlib.suppress(OSError):
        earlier = target.stat()
        beside.chmod(stat.S_IMODE(earlier.st_mode))
        if sys.platform != "win32" and earlier.st_gid != beside.stat().st_gid:
            os.chown(beside, -1, earlier.st_gid)


def _true_cause(why: Exception, beside: Path) -> Exception:
    """Return the system's own error where SQLite's says less: it comes again with one more byte."""
    if not isinstance(why, sqlite3.Error):
        return why
    earlier = why.__context__
    while earlier is not None:  # a rollback that fails hides what it was for
        if is_disk_trouble(earlier) and isinstance(earlier, Exception):
            return earlier
        earlier = earlier.__context__
    try:
        with beside.open("ab", buffering=0) as stream:
            stream.write(b"\0")
    except OSError as cause:
        return cause
    if sys.platform != "win32":
        import resource

        if resource.getrlimit(resource.RLIMIT_FSIZE)[0] != resource.RLIM_INFINITY:  # what SQLite wrote too much it took back
            return OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return why


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time check and swap in a folder, where its file system knows such locks."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = None
    try:
        with contextlib.suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            patiently(lambda: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB))
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _folder_made_to_last(folder: Path) -> None:
    """Make the swap itself last, where the system can."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):  # the file is swapped and whole: a folder that cannot be synced is no failure of the save
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _may_pass(why: OSError) -> bool:
    """Tell whether another program may be in the way for a moment: Windows calls that a sharing violation, or access denied."""
    return trouble_of(why) is Trouble.HELD or getattr(why, "winerror", None) == _ACCESS_DENIED


def _remove_left_over(target: Path) -> None:
    """Remove what killed saves of this file left: of dead processes here, and of other computers after a day by the folder's own clock."""
    with contextlib.suppress(OSError):
        start = _start(target)
        for left in [place for place in target.parent.iterdir() if place.name.startswith(start) and place.suffix == ".tmp"]:
            with contextlib.suppress(OSError):
                if _left_over(left, left.name[len(start) : -len(".tmp")]):
                    left.unlink()


def _left_over(place: Path, owner: str) -> bool:
    words = owner.split("-")
    if len(words) == 5 and words[2].isdecimal():
        alive = is_alive(Alive(words[0], words[1], int(words[2]), words[3] if words[3] != "0" else ""))
        if alive is not None:
            return not alive
    return folder_time(place.parent) - place.stat().st_mtime > _DAY_S


def folder_time(folder: Path) -> float:
    """Return what time it is for the disk that holds a folder (a server's clock, not this computer's); raises OSError."""
    handle, name = tempfile.mkstemp(prefix=".time-", suffix=".tmp", dir=folder)
    try:
        return os.fstat(handle).st_mtime
    finally:
        os.close(handle)
        Path(name).unlink()
