"""Paths and names longer than a system, or SQLite, takes as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

LONGEST_NAME = 255  # bytes, ext4, APFS (in UTF-8) and most others; NTFS counts UTF-16
LONGEST_FOR_SQLITE = 500  # bytes: its Unix layer takes 512 with what it appends (os_unix.c, MAX_PATHNAME)


def reachable(path: Path) -> Path:
    r"""Return the path as the system takes it at any length: on Windows absolute and behind \\?\."""
    if sys.platform != "win32":
        return path
    text = str(path.absolute())
    if len(text) < 240 or text.startswith("\\\\?\\"):
        return path
    return Path("\\\\?\\UNC\\" + text[2:] if text.startswith("\\\\") else "\\\\?\\" + text)


def fitting_name(before: str, name: str, behind: str) -> str:
    """Return `before` + name + `behind`, the name cut and told apart by its hash where all would be longer than a file's name may be."""
    whole = f"{before}{name}{behind}"
    if len(os.fsencode(whole)) <= LONGEST_NAME:
        return whole
    mark = "~" + hashlib.sha256(os.fsencode(name)).hexdigest()[:12]
    room = LONGEST_NAME - len(os.fsencode(before + mark + behind))
    while len(os.fsencode(name)) > room:
        name = name[:-1]
    return f"{before}{name}{mark}{behind}"


def too_long_for_sqlite(path: Path) -> bool:
    """Tell whether SQLite refuses a path for its length."""
    return sys.platform != "win32" and len(os.fsencode(path.absolute())) > LONGEST_FOR_SQLITE


def uri_of(path: Path) -> str:
    """Return a path as SQLite takes it after `file:`, of any length."""
    # all of it quoted: a server's name in the usual form of a URI (file://server/…) is refused by SQLite
    return f"file:{quote(os.fsencode(reachable(path.resolve())), safe='')}"


@contextmanager
def near(path: Path) -> Iterator[Path]:
    """Yield a path by which SQLite can read a file: the file's own, or another one's where that is too long. Raises OSError."""
    if not too_long_for_sqlite(path):
        yield reachable(path)
        return
    with tempfile.TemporaryDirectory(prefix="gridplanner-") as folder:
        copy = Path(folder) / "project.gridplan"
        try:
            os.link(path, copy)
        except OSError:  # on another disk
            shutil.copyfile(path, copy)
        yield copy
