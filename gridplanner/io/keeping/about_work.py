"""What a place of work says of itself, and whether its process lives."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from zlib import crc32

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.journal import NewerJournalError

ABOUT, ALIVE = "about.json", "alive"
AGAIN = "about-again.json"  # the same a second time, for a disk that damages the first
FORMAT = 1
_JOURNAL = re.compile(r"journal-[0-9]{1,18}")


@dataclass(frozen=True)
class About:
    """What a place of work says of itself.

    `place` is where the project is kept, empty where it was never saved; `base` the file in this folder that the journal begins from, a
    path of its own where it could not be brought here, empty where the first record holds the whole project.
    """

    place: str
    name: str
    who: str
    since: float
    base: str
    journal: str
    format: int = FORMAT


def about_of(folder: Path) -> About:
    """Return what a place of work says of itself; raises ProjectFileError where both copies are damaged, NewerJournalError."""
    why: Exception | None = None
    for name in (ABOUT, AGAIN):
        try:
            return _read(folder / name, folder)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            why = why or error
    raise ProjectFileError(_("{file}: the beginning of the journal is damaged").format(file=folder)) from why


def _read(file: Path, folder: Path) -> About:
    said = json.loads(file.read_text(encoding="utf-8"))
    if said["format"] > FORMAT:
        raise NewerJournalError(_("{file}: the journal was written by a newer gridplanner; start that version").format(file=folder))
    about = About(**{name: said[name] for name in asdict(About("", "", "", 0.0, "", ""))})
    texts = [said[name] for name in ("place", "name", "who", "base")]
    if not all(isinstance(text, str) and "\0" not in text for text in texts) or not _JOURNAL.fullmatch(about.journal):
        raise ValueError  # a journal is in this folder and nowhere else
    if said["check"] != _check(about):
        raise ValueError
    return about


def _check(about: About) -> int:
    return crc32(json.dumps(asdict(about), sort_keys=True).encode("ascii"))


def is_left(folder: Path) -> bool:
    """Return whether the process of a place of work has died."""
    try:
        handle = hold(folder / ALIVE, make=False)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    let_go(handle)
    return True


def written_about(folder: Path, about: About, *, sync: bool = True) -> Path:
    """Write what a place of work says of itself beside the earlier words, and return where; raises OSError."""
    beside = folder / f"{ABOUT}.new"
    with beside.open("w", encoding="utf-8") as stream:
        json.dump({**asdict(about), "check": _check(about)}, stream)
        stream.flush()
        if sync:
            os.fsync(stream.fileno())
    return beside


def write_about(folder: Path, about: About, *, sync: bool = True) -> None:
    """Let a place of work say something; raises OSError."""
    written_about(folder, about, sync=sync).replace(folder / ABOUT)


def write_again(folder: Path, about: About) -> None:
    """Write what a place of work says a second time, once the first is there; raises OSError."""
    written_about(folder, about).replace(folder / AGAIN)


def remove_about(folder: Path) -> None:
    """Let a place of work say nothing any more: nobody shall offer what is half removed."""
    for name in (AGAIN, ABOUT):
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def sync_folder(folder: Path) -> None:
    """Make what was moved in a folder last, where the system can; raises OSError."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def hold(path: Path, *, make: bool = True) -> int:
    """Lock a file and return its handle; raises OSError where another process holds it, or it is not there and shall not be made."""
    handle = os.open(path, os.O_RDWR | (os.O_CREAT if make else 0), 0o600)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise
    return handle


def let_go(handle: int) -> None:
    """Unlock what `hold` locked."""
    if handle >= 0:
        os.close(handle)
