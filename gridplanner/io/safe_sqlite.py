"""SQLite files from elsewhere, opened so that nothing in them is run: only named tables are read, within limits of size and time.

What the SQLite documentation ("Defense Against The Dark Arts") advises for files that one does not trust, and what a made-up file can do
beside: views and triggers in the place of tables, virtual and generated columns, pages that refer to each other in circles, a file that is
shorter than it says.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.keeping.long_paths import near, uri_of

MAGIC = b"SQLite format 3\x00"
SECONDS = 60.0  # a safety stop for a file made to be read for ever; no reading of ours comes near
_STEPS = 20_000  # of SQLite's machine between two looks at the clock
_PAUSE = 0.5  # seconds between two looks at the clock that SQLite is not busy for
_WHOLE = (1 << 31) - 1  # no limit of ours: what SQLite was compiled with counts
_FUNCTIONS = frozenset({"count", "min", "max", "sum", "length", "substr", "lower", "typeof", "coalesce"})
_LIMITS = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1_000_000,  # the text of a table's making, too
    sqlite3.SQLITE_LIMIT_COLUMN: 2_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 50,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PRAGMAS = (
    "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "temp_store = MEMORY", "query_only = ON",
)  # fmt: skip
_DEFENSIVE = {"SQLITE_DBCONFIG_DEFENSIVE": True, "SQLITE_DBCONFIG_ENABLE_TRIGGER": False, "SQLITE_DBCONFIG_DQS_DML": False}


class SqliteFileError(InputError):
    """An SQLite file is not what it should be, so it is not read."""


@contextmanager
def opened(
    path: Path, tables: Collection[str], *, views: bool = False, seconds: float = SECONDS, longest: int = _WHOLE
) -> Iterator[sqlite3.Connection]:
    """Yield a connection that reads the named tables of a file and nothing else; nothing is written, beside the file neither.

    A named table that is not there is no fault (see `tables_of`), one that is a view or virtual is. With `views` a named table may be a
    view over real tables of the file. Values longer than `longest` bytes are refused, and so is what takes longer than `seconds`.
    Raises SqliteFileError, OSError, and sqlite3.Error from each reading of a damaged file.
    """
    with closing(connection_to(path, tables, views=views, seconds=seconds, longest=longest)) as connection, _alarm(connection, seconds):
        yield connection


def connection_to(
    path: Path,
    tables: Collection[str],
    *,
    views: bool = False,
    seconds: float = SECONDS,
    longest: int = _WHOLE,
    one_thread: bool = True,
) -> sqlite3.Connection:
    """Return a connection as `opened` yields it, for a file that stays open; the caller closes it."""
    check_size(path)
    with near(path) as place:
        connection = sqlite3.connect(f"{uri_of(place)}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=one_thread)
    try:
        _limit(connection, longest)
        connection.set_progress_handler(_Patience(seconds), _STEPS)
        connection.set_authorizer(_only(_readable(connection, tables, views=views), views=views))
    except BaseException:
        connection.close()
        raise
    return connection


def tables_of(connection: sqlite3.Connection) -> set[str]:
    """Return the names of what an opened file holds."""
    return {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}


def check_size(path: Path) -> None:
    """Raise SqliteFileError where a file is no SQLite database or shorter than it says that it is."""
    with path.open("rb") as stream:
        head = stream.read(100)
        size = os.fstat(stream.fileno()).st_size
    if len(head) < 100 or not head.startswith(MAGIC):
        raise SqliteFileError(_("it is not an SQLite file"))
    page = int.from_bytes(head[16:18], "big")
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1):
        raise SqliteFileError(_("its first page is damaged"))
    pages, counted = int.from_bytes(head[28:32], "big"), head[24:28] == head[92:96]
    if counted and pages * page > size:
        raise SqliteFileError(_("its end is missing: {there} of {needed} bytes are there").format(there=size, needed=pages * page))


class _Patience:
    """Ends one question to a file that takes too long; a pause between two looks at the clock is the beginning of another question."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self._begun, self._last = seconds, 0.0, 0.0

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._last > _PAUSE:
            self._begun = now
        self._last = now
        return now - self._begun > self._seconds


def _limit(connection: sqlite3.Connection, longest: int) -> None:
    for limit, value in _LIMITS.items():
        connection.setlimit(limit, value)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
    set_config = getattr(connection, "setconfig", None)  # from Python 3.12 on
    if set_config is not None:
        for name, value in _DEFENSIVE.items():
            with contextlib.suppress(sqlite3.Error, AttributeError):
                set_config(getattr(sqlite3, name), value)
    with contextlib.suppress(AttributeError):  # Python without it cannot load extensions at all
        connection.enable_load_extension(False)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _readable(connection: sqlite3.Connection, tables: Collection[str], *, views: bool) -> set[str]:
    """Return the names of what may be read, in small letters; raises SqliteFileError where a name is not what it seems."""
    real: set[str] = set()
    shown: set[str] = set()
    wanted = {name.lower() for name in tables}
    for kind, name, root, sql in connection.execute("SELECT type, name, rootpage, sql FROM sqlite_master"):
        if not isinstance(name, str) or kind not in {"table", "view"}:
            continue
        is_real = kind == "table" and isinstance(root, int) and root > 0 and "VIRTUAL" not in str(sql)[:20].upper()
        if name.lower() in wanted and not is_real and not (views and kind == "view"):
            raise SqliteFileError(_("{table} in it is not a plain table").format(table=name))
        (real if is_real else shown).add(name.lower())
    for name in sorted(wanted & real):
        quoted = '"' + name.replace('"', '""') + '"'
        if any(hidden for *_column, hidden in connection.execute(f"PRAGMA table_xinfo({quoted})")):
            raise SqliteFileError(_("{table} in it is not a plain table").format(table=name))
    return real | (shown & wanted) if views else wanted


def _only(names: Collection[str], *, views: bool) -> Callable[..., int]:
    """Return SQLite's question whether a statement may do something: only to read what is named."""
    allowed = {*names, "sqlite_master", "sqlite_schema"}
    own = {name.lower() for name in allowed}

    def may(action: int, first: str | None, second: str | None, base: str | None, view: str | None) -> int:
        if view is not None and not views:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and (first or "").lower() in own and base in {"main", None, ""}:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    return may


@contextmanager
def _alarm(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt what takes too long inside one step of SQLite's machine, such as counting the rows of pages in a circle."""
    timer = threading.Timer(seconds + _PAUSE, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
