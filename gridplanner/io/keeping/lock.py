"""The lock beside a project: who works on it and since when, so that two do not undo each other's work.

It is a courtesy, not a guard: what keeps a save from overwriting another's is the save_id that it expects (`io.saved`). Times in it are
for showing only; whether its owner is alive is told by the process, and on another computer by nobody but the planner.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.disk_words import cause_words
from gridplanner.io.keeping.living import Alive, is_alive, this_process
from gridplanner.io.keeping.long_paths import fitting_name, reachable
from gridplanner.io.keeping.swap import folder_time, write_exactly
from gridplanner.who import who

TOUCH_S = 60.0  # how often an owner gives a sign of life
_LONGEST = 65_536  # bytes of a lock that is read
_WHILE_WRITTEN_S = 0.1  # how long a lock may be half written


@dataclass(frozen=True)
class LockInfo:
    """What a lock says: who has the project open, on which computer, since when (seconds since 1970) and the last sign of life.

    `alive` is False where the owner's process has ended (nobody works on it), None where that cannot be known from here. `quiet` is how
    long ago the last sign of life was by the folder's own clock, in seconds; negative where unknown. `mine`: it is this process's own.
    """

    who: str
    host: str
    since: float
    seen: float
    quiet: float = -1.0
    alive: bool | None = None
    mine: bool = False
    token: str = ""

    @property
    def is_stale(self) -> bool:
        """True where nobody works on the project any more."""
        return self.alive is False


class LockedError(ProjectFileError):
    """Somebody else has the project open; `info` says who and since when."""

    def __init__(self, text: str, info: LockInfo) -> None:
        super().__init__(text)
        self.info = info

    def __reduce__(self) -> tuple[type[LockedError], tuple[str, LockInfo]]:
        return type(self), (str(self), self.info)


class Lock:
    """A lock that was taken. `told` says why none could be written, empty where it was: others then do not see that one works here."""

    def __init__(self, place: Path | None, token: str, since: float, told: str = "") -> None:
        self._place, self.token, self._since, self.told = place, token, since, told

    def touch(self) -> bool:
        """Give a sign of life; call it every TOUCH_S. Returns False where the lock is not ours any more: another has taken it over."""
        if self._place is None:
            return True
        found = _read(self._place)
        if found is None:  # removed by hand, or the folder is gone for a while
            with contextlib.suppress(OSError):
                return _created(self._place, _text(self.token, self._since))
            return True
        if found.get("token") != self.token:
            return False
        with contextlib.suppress(OSError):
            os.utime(self._place)
        return True

    def release(self) -> None:
        """Remove the lock where it is still ours."""
        place, self._place = self._place, None
        if place is not None:
            found = _read(place)
            if found is not None and found.get("token") == self.token:
                with contextlib.suppress(OSError):
                    place.unlink()

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.release()


def take_lock(place: Path, *, force: bool = False) -> Lock:
    """Return the lock of a project's place, taken for this process.

    One left by a process that has ended is taken over, and so is this process's own; another's only with `force`. Raises LockedError
    where somebody else has the project open. Where no lock can be written (a folder without write permission) one is returned whose
    `told` says so; a place that is no file needs none.
    """
    token, since = secrets.token_hex(16), time.time()
    if not is_file(place):
        return Lock(None, token, since)
    lock = lock_path(place)
    try:
        for _try in range(20):
            if _created(lock, _text(token, since)):
                return Lock(lock, token, since)
            info = read_lock(place)
            if info is None:  # released meanwhile
                continue
            if not (force or info.mine or info.is_stale):
                raise LockedError(locked_words(place, info), info)
            if _taken_over(lock, info.token, _text(token, since)):
                return Lock(lock, token, since)
    except OSError as why:
        text = _("{file}: others cannot see that you work on it, as no lock can be written there: {why}")
        return Lock(None, token, since, text.format(file=place, why=cause_words(why)))
    raise LockedError(_("{file}: others open and close it just now; try again").format(file=place), LockInfo("?", "?", since, since))


def read_lock(place: Path) -> LockInfo | None:
    """Return what the lock of a project's place says, None where there is none."""
    if not is_file(place):
        return None
    lock = lock_path(place)
    found = _read(lock)
    if found is None:
        return None
    seen, quiet = 0.0, -1.0
    with contextlib.suppress(OSError):
        seen = lock.stat().st_mtime
        quiet = folder_time(lock.parent) - seen
    mark = Alive(_word(found, "computer"), _word(found, "boot"), int(_number(found, "pid")), _word(found, "started"))
    alive = is_alive(mark) if mark.pid > 0 else None
    if alive is False and mark.boot != this_process().boot and quiet < 3 * TOUCH_S:
        alive = None  # a copy of this computer looks like this one before a restart: as long as it gives signs of life, ask
    mine = mark == this_process()
    name = _word(found, "who") or "?"
    return LockInfo(
        name, _word(found, "host") or name.rpartition("@")[2], _number(found, "since"), seen, quiet, alive, mine, _word(found, "token")
    )


def lock_path(place: Path) -> Path:
    """Return where the lock of a project file is: hidden, beside it."""
    whole = Path(os.path.realpath(place))
    return reachable(whole.with_name(fitting_name(".", whole.name, ".lock")))


def is_file(place: Path) -> bool:
    """Tell whether a project's place is a file; a shared database keeps its own order."""
    return not str(place).lower().startswith("postgis:")


def locked_words(place: Path, info: LockInfo) -> str:
    """Return who has a project open since when, and what to do."""
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(info.since)) if 0 < info.since < 1e11 else "?"
    text = _("{file}: {who} has it open since {since}; wait until it is closed there, or save under another name")
    return text.format(file=place, who=info.who, since=since)


def _text(token: str, since: float) -> bytes:
    me, name = this_process(), who()
    about = {
        "who": name, "host": name.rpartition("@")[2], "since": since, "token": token, "computer": me.computer, "boot": me.boot,
        "pid": me.pid, "started": me.started,
    }  # fmt: skip
    return json.dumps(about, ensure_ascii=True).encode("ascii")


def _created(lock: Path, text: bytes) -> bool:
    """Make the lock, whole at once; False where there is one already. Raises OSError."""
    beside = lock.with_name(f".lock-{secrets.token_hex(8)}.tmp")
    try:
        write_exactly(beside, text)
        try:
            os.link(beside, lock)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            if lock.exists():
                return False
            write_exactly(lock, text)
        return True
    except FileExistsError:
        return False
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def _taken_over(lock: Path, token: str, text: bytes) -> bool:
    """Write our lock over one that has `token`; False where another was quicker. Raises OSError."""
    try:
        with _opened(lock, os.O_RDWR) as stream, _alone(stream.fileno()):
            if _word(_parsed(stream.read(_LONGEST)), "token") != token:
                return False
            stream.seek(0)
            stream.write(text)
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _alone(handle: int) -> Iterator[None]:
    """Hold the system's own lock on an open file, where there is such a thing."""
    if os.name == "posix":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
    yield  # closing the file lets go


def _read(lock: Path) -> dict[str, Any] | None:
    """Return what a lock holds, empty where it is not to be read, None where there is none."""
    until = time.monotonic() + _WHILE_WRITTEN_S
    while True:
        try:
            with _opened(lock, os.O_RDONLY) as stream:
                found = _parsed(stream.read(_LONGEST))
        except FileNotFoundError:
            return None
        except OSError:
            found = {}
        if found or time.monotonic() > until:
            return found
        time.sleep(0.02)


def _opened(lock: Path, flags: int) -> BinaryIO:
    """Open a lock that is a plain file, and no link to another file or pipe that somebody put in its place; raises OSError."""
    handle = os.open(lock, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return os.fdopen(handle, "rb" if flags == os.O_RDONLY else "r+b")


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _word(found: dict[str, Any], key: str) -> str:
    value = found.get(key)
    return value[:200] if isinstance(value, str) else ""


def _number(found: dict[str, Any], key: str) -> float:
    value = found.get(key)
    return float(value) if isinstance(value, int | float) and abs(value) < 1e15 else 0.0
