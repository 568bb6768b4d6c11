"""What a disk, a folder or another program did to a file, in words that say what to do about it."""

from __future__ import annotations

import enum
import errno
import math
import os
import shutil
import sqlite3
from pathlib import Path

from gridplanner.i18n import N_, _


class Trouble(enum.Enum):
    """Why a file cannot be written or read."""

    FULL = "full"
    TOO_BIG = "too big"
    READ_ONLY = "read only"
    FORBIDDEN = "forbidden"
    HELD = "held"
    GONE = "gone"
    TOO_LONG = "too long"
    BAD_NAME = "bad name"
    A_FOLDER = "a folder"
    NO_FOLDER = "no folder"
    FAULTY = "faulty"
    OTHER = "other"


_NUMBERS = {
    Trouble.FULL: ("ENOSPC", "EDQUOT"),
    Trouble.TOO_BIG: ("EFBIG", "EOVERFLOW"),
    Trouble.READ_ONLY: ("EROFS",),
    Trouble.FORBIDDEN: ("EACCES", "EPERM"),
    Trouble.HELD: ("EBUSY", "ETXTBSY", "EAGAIN", "EDEADLK", "ENOLCK"),
    Trouble.GONE: (
        "ENOENT", "ENODEV", "ENXIO", "ESTALE", "ENOTCONN", "ECONNABORTED", "ECONNRESET", "ECONNREFUSED", "EHOSTDOWN", "EHOSTUNREACH",
        "ENETDOWN", "ENETUNREACH", "ENETRESET", "ETIMEDOUT", "EREMOTEIO", "ESHUTDOWN", "EPIPE", "ENOMEDIUM",
    ),
    Trouble.TOO_LONG: ("ENAMETOOLONG",),
    Trouble.BAD_NAME: ("EINVAL", "EILSEQ"),
    Trouble.A_FOLDER: ("EISDIR", "ENOTEMPTY"),
    Trouble.NO_FOLDER: ("EEXIST", "ENOTDIR"),
    Trouble.FAULTY: ("EIO", "EUCLEAN", "EBADMSG"),
}  # fmt: skip
_BY_NUMBER = {getattr(errno, name): trouble for trouble, names in _NUMBERS.items() for name in names if hasattr(errno, name)}
# Windows' own numbers say more than the errno that Python makes of them (learn.microsoft.com: System Error Codes)
_BY_WINDOWS = {
    **dict.fromkeys((39, 112, 1295), Trouble.FULL),
    223: Trouble.TOO_BIG,
    19: Trouble.READ_ONLY,
    **dict.fromkeys((32, 33, 1224), Trouble.HELD),
    **dict.fromkeys((2, 3, 15, 20, 21, 51, 53, 55, 59, 64, 67, 121, 1117, 1167, 1231, 1232, 1236, 2250), Trouble.GONE),
    **dict.fromkeys((111, 206), Trouble.TOO_LONG),
    **dict.fromkeys((123, 161), Trouble.BAD_NAME),
    **dict.fromkeys((23, 483, 1392), Trouble.FAULTY),
}
_BY_SQLITE = {
    "SQLITE_FULL": Trouble.FULL,
    "SQLITE_READONLY": Trouble.READ_ONLY,
    "SQLITE_PERM": Trouble.FORBIDDEN,
    "SQLITE_BUSY": Trouble.HELD,
    "SQLITE_LOCKED": Trouble.HELD,
    "SQLITE_CANTOPEN": Trouble.GONE,
    "SQLITE_IOERR": Trouble.FAULTY,
    "SQLITE_TOOBIG": Trouble.TOO_BIG,
}
_WORDS = {
    Trouble.FULL: N_("the disk is full (or your share of it); make room there, or choose another disk"),
    Trouble.TOO_BIG: N_("that disk takes no file of this size; choose another disk"),
    Trouble.READ_ONLY: N_("the disk or the file is write-protected; take the protection off, or choose another folder"),
    Trouble.FORBIDDEN: N_("you have no permission for it; ask whoever looks after the folder, or choose another folder"),
    Trouble.HELD: N_("another program holds the file; close it there and try again, or choose another name"),
    Trouble.GONE: N_("the folder or the drive is not there any more; connect it again and try again, or choose another folder"),
    Trouble.TOO_LONG: N_("the name or the path is too long; choose a shorter name, or a folder nearer to the top"),
    Trouble.BAD_NAME: N_("that disk takes no such name; choose another name"),
    Trouble.A_FOLDER: N_("there is a folder of this name; choose another name"),
    Trouble.NO_FOLDER: N_("what should be a folder on the way there is a file; choose another folder"),
    Trouble.FAULTY: N_("the disk or the connection to it is faulty; choose another disk, and have this one checked"),
}


class NoRoom(OSError):  # noqa: N818  (named for what happened)
    """A disk has less room than a file will need, found before anything was written; both in bytes."""

    def __init__(self, needed: int, free: int) -> None:
        super().__init__(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.needed, self.free = needed, free


def trouble_of(why: BaseException) -> Trouble:
    """Return the kind of trouble that an OSError or an error of SQLite tells of."""
    if isinstance(why, OSError):
        windows = getattr(why, "winerror", None)
        if windows in _BY_WINDOWS:
            return _BY_WINDOWS[windows]
        return _BY_NUMBER.get(why.errno or 0, Trouble.OTHER)
    if isinstance(why, sqlite3.Error):
        name = str(getattr(why, "sqlite_errorname", "") or "")
        return next((trouble for start, trouble in _BY_SQLITE.items() if name.startswith(start)), Trouble.OTHER)
    return Trouble.OTHER


def cause_words(why: BaseException, folder: Path | None = None) -> str:
    """Return what happened and what to do, without the name of the file; `folder` is looked at where the error says little."""
    if isinstance(why, NoRoom):
        text = _("the disk is full: about {needed} MB are needed and {free} MB are free; make room there, or choose another disk")
        return text.format(needed=math.ceil(why.needed / 1e6), free=math.floor(why.free / 1e6))
    trouble = trouble_of(why)
    if trouble is Trouble.OTHER and folder is not None and _is_full(folder):
        trouble = Trouble.FULL
    if trouble is not Trouble.OTHER:
        return _(_WORDS[trouble])
    said = (why.strerror if isinstance(why, OSError) else None) or str(why) or type(why).__name__
    return _("the system says “{why}”; try again, or choose another folder").format(why=said)


def _is_full(folder: Path) -> bool:
    """Tell whether a disk has next to nothing left: libraries say of that only what they were about to write."""
    try:
        usage = shutil.disk_usage(folder)
    except (OSError, ValueError):
        return False
    return usage.total > 0 and usage.free < 1 << 17


def disk_words(path: Path, why: BaseException) -> str:
    """Return the words for a file that could not be written."""
    return _("{file}: cannot be saved: {why}").format(file=path, why=cause_words(why))


def reading_words(path: Path, why: BaseException) -> str:
    """Return the words for a file that could not be read."""
    if trouble_of(why) is Trouble.FORBIDDEN:
        return _("{file}: cannot be read: you have no permission for it; ask whoever looks after the folder").format(file=path)
    return _("{file}: cannot be read: {why}").format(file=path, why=cause_words(why))


def is_disk_trouble(why: BaseException) -> bool:
    """Tell whether an error comes from the disk, not from what the file holds."""
    return isinstance(why, OSError | sqlite3.Error) and trouble_of(why) is not Trouble.OTHER
