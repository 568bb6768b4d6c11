"""The program's own diary, for whoever has to find out what went wrong: what was done when, how long it took, what failed and where.

It holds words of the program and numbers, and nothing else: no paths, no names, no codes, no text of data, not even the text of an error,
which may quote them. It is written by a thread of its own and gives up silently: a full disk stops the diary, not the work.
"""

from __future__ import annotations

import atexit
import os
import platform
import queue
import re
import sys
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from gridplanner import __version__
from gridplanner.user_folder import state_folder

ROOM = 1_000_000  # bytes of a file before the next one is begun
FILES = 5  # of each process' diary, the oldest is given up
SLOTS = 6  # windows, workers … of a kind that may write at the same time, each its own file
WAITING = 5_000  # lines that may wait for a slow disk; more are dropped
FAREWELL = 0.5  # seconds that the end of the program waits for the last lines
PACKAGES = ("gridplanner", "algorithms", "ui", "sample_data")
FRAMES = 12  # of an exception, the innermost
_WORD = re.compile(r"(?!.*[0-9]{5})[A-Za-z_][A-Za-z0-9_.:,-]{0,79}")  # no code of a place, no telephone
Fact = int | float | bool | str


class Logbook:
    """A diary of one process in files of a folder; nothing that it does raises."""

    def __init__(self, role: str, folder: Path | None = None) -> None:
        self.role = role
        self._folder = folder if folder is not None else log_folder()
        self._lines: queue.Queue[str | threading.Event | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    def note(self, event: str, **facts: Fact) -> None:
        """Write that something happened: numbers as they are, words only where they are words of the program (see `word`)."""
        said = " ".join(f"{name}={_fact(value)}" for name, value in facts.items())
        self._put(f"{_now()} {word(event)} {said}".rstrip())

    def note_failure(self, why: BaseException, event: str = "failed", **facts: Fact) -> None:
        """Write which kind of error was raised where in the program; not its text, which may quote a path or a name."""
        self.note(event, error=type(why).__name__, **facts)
        for module, line, function in places_of(why):
            self._put(f"    {module}:{line} {function}")

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self._folder

    def close(self) -> None:
        """Write what is waiting, then let go of the file."""
        self.flush()
        with suppress(queue.Full):
            self._lines.put_nowait(None)
        if self._thread is not None:
            self._thread.join(FAREWELL)

    def flush(self, seconds: float = FAREWELL) -> None:
        """Wait until what was noted so far is written, but not longer."""
        if self._thread is not None and self._thread.is_alive():
            done = threading.Event()
            with suppress(queue.Full):
                self._lines.put_nowait(done)
                done.wait(seconds)

    def _put(self, line: str) -> None:
        with suppress(queue.Full):
            self._lines.put_nowait(line)
        if self._thread is None:
            with self._guard, suppress(RuntimeError):  # no thread can be begun as the interpreter ends
                if self._thread is None:
                    thread = threading.Thread(target=self._write, daemon=True, name="logbook")
                    thread.start()
                    self._thread = thread
                    atexit.register(self.flush)

    def _write(self) -> None:
        pages = _Pages(self._folder, self.role)
        while True:
            line = self._lines.get()
            if line is None:
                pages.close()
                return
            if isinstance(line, threading.Event):
                line.set()
                continue
            with suppress(OSError, ValueError):
                pages.add(f"{line}\n".encode())


class _Pages:
    """The files of one diary: `role.log` is written, `role.1.log` is the one before it, and so on."""

    def __init__(self, folder: Path, role: str) -> None:
        self._folder, self._role = folder, role
        self._path: Path | None = None
        self._file: BinaryIO | None = None
        self._size = 0

    def add(self, line: bytes) -> None:
        if self._file is None:
            self._open()
        elif self._size + len(line) > ROOM:
            self._turn()
        if self._file is not None:
            self._file.write(line)  # unbuffered: one write a line
            self._size += len(line)

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()

    def _open(self) -> None:
        """Open the first file of the role that no other process writes."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        paths = [self._path] if self._path is not None else [self._folder / f"{self._role}{slot or ''}.log" for slot in range(SLOTS)]
        for path in paths:
            file = path.open("ab", buffering=0)
            if _is_ours(file):
                self._path, self._file, self._size = path, file, path.stat().st_size
                return
            file.close()

    def _turn(self) -> None:
        assert self._path is not None
        assert self._file is not None
        self._file.close()
        self._file = None
        for number in range(FILES - 1, 0, -1):
            older = self._path.with_suffix(f".{number}.log")
            newer = self._path.with_suffix(f".{number - 1}.log") if number > 1 else self._path
            if newer.exists():
                newer.replace(older)
        self._open()


def log_folder() -> Path:
    """Return where the diaries are."""
    return state_folder() / "logs"


def word(text: str) -> str:
    """Return a word of the program as it is, and a dash for what cannot be one; that callers pass no others is theirs to see to (tested).

    >>> word("save_as"), word("ui.saving:save"), word("南大街 12"), word("/home/ann/town.gridplan")
    ('save_as', 'ui.saving:save', '-', '-')
    """
    return text if _WORD.fullmatch(text) else "-"


def places_of(why: BaseException) -> Iterator[tuple[str, int, str]]:
    """Yield module, line and function of the innermost calls of an exception, outermost first; no folder is named."""
    for frame in traceback.extract_tb(why.__traceback__)[-FRAMES:]:
        yield _module(frame.filename), frame.lineno or 0, word(frame.name.strip("<>"))


def _module(filename: str) -> str:
    """Return a source file from the name of its package on: gridplanner/io/gpkg.py, not the folder that it is installed in."""
    parts = Path(filename).parts
    at = max((len(parts) - 1 - parts[::-1].index(package) for package in PACKAGES if package in parts), default=-1)
    if at >= 0:
        return "/".join(parts[at:])
    if "site-packages" in parts:
        return "/".join(parts[len(parts) - parts[::-1].index("site-packages") :])
    return parts[-1] if parts and parts[-1].endswith(".py") else "-"


def _fact(value: Fact) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value) if isinstance(value, int) else word(str(value))


def _now() -> str:
    seconds = time.time()
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.localtime(seconds))}.{int(seconds % 1 * 1000):03d}"


def _is_ours(file: BinaryIO) -> bool:
    """Return whether no other process writes this file; the lock ends with the process."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(2**30)  # a place that is never written
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


_current: Final[list[Logbook]] = []  # of this process; none where nobody began one, so that a library's user keeps no diary


def begin(role: str, **facts: Fact) -> None:
    """Begin the diary of this process (window, worker, command …): versions and system first; one that is begun already goes on."""
    if not (_current and _current[0].role == role and _current[0].folder == log_folder()):
        end()
        _current.append(Logbook(role))
    python = ".".join(str(part) for part in sys.version_info[:3])
    system = f"{platform.system()}-{platform.machine()}"
    note("begin", version=f"v{__version__}", python=f"v{python}", system=system, pid=os.getpid(), **facts)


def end() -> None:
    """End the diary of this process."""
    while _current:
        _current.pop().close()


def note(event: str, **facts: Fact) -> None:
    """Write into the diary of this process, where there is one."""
    for logbook in _current:
        logbook.note(event, **facts)


def note_failure(why: BaseException, event: str = "failed", **facts: Fact) -> None:
    """Write an exception into the diary of this process, where there is one."""
    for logbook in _current:
        logbook.note_failure(why, event, **facts)


def flush() -> None:
    """Wait a moment until what was noted is written."""
    for logbook in _current:
        logbook.flush()


@contextmanager
def timed(event: str, **facts: Fact) -> Iterator[None]:
    """Write how long something took, and what kind of error ended it."""
    start = time.perf_counter()
    try:
        yield
    except BaseException as why:
        note_failure(why, event, seconds=round(time.perf_counter() - start, 3), **facts)
        raise
    note(event, seconds=round(time.perf_counter() - start, 3), **facts)


def logs(folder: Path | None = None) -> Mapping[str, Path]:
    """Return the files of all diaries by name, those that are written now first."""
    place = folder if folder is not None else log_folder()
    try:
        return {path.name: path for path in sorted(place.glob("*.log"), key=lambda path: (path.name.count("."), path.name))}
    except OSError:
        return {}
