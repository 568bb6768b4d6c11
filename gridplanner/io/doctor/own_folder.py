"""A folder of this process for files that stand in for damaged or packed ones; nothing is ever written beside the user's files."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
Key = tuple[object, ...]
MOST_KEPT = 200  # files whose findings are remembered
_roots: dict[int, Path] = {}  # by process: a forked one has its own, and leaves its parent's alone
_lock = threading.RLock()


def new_folder() -> Path:
    """Return an empty folder that is removed when the process ends."""
    with _lock:
        root = _roots.get(os.getpid())
        if root is None:
            root = Path(tempfile.mkdtemp(prefix="gridplanner-"))
            _roots[os.getpid()] = root
            atexit.register(_remove, root, os.getpid())
        return Path(tempfile.mkdtemp(dir=root))


def _remove(root: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(root, ignore_errors=True)


def state_of(*paths: Path | None) -> Key:
    """Return what changes when one of the files does: names, sizes and times of change."""
    state: list[object] = []
    for path in paths:
        try:
            stat = path.stat() if path is not None else None
        except OSError:
            stat = None
        state.append((str(path), stat.st_mtime_ns, stat.st_size) if stat else (str(path), 0, -1))
    return tuple(state)


class Kept(Generic[T]):
    """Findings about files as they are now, made once for each state of theirs; the oldest are forgotten."""

    def __init__(self) -> None:
        self._found: dict[Key, T] = {}

    def of(self, key: Key, make: Callable[[], T]) -> T:
        """Return what is known of `key`, made now where it is not known."""
        with _lock:
            found = self._found.get(key)
            if found is None:
                found = make()
                self._found[key] = found
                while len(self._found) > MOST_KEPT:
                    del self._found[next(iter(self._found))]
            return found


def give(source: Path, target: Path) -> None:
    """Put a file where the driver looks for it, without a copy where the system allows."""
    try:
        target.symlink_to(source.resolve())
    except OSError:  # Windows asks for a right that few have
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
