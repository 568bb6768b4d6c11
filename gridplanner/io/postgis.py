"""A database opened by name and closed again, and its failures in words; the only place that knows psycopg.

Passwords go to libpq as they are needed and into no text: what a server or libpq says is searched for them before it is shown.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql as sql

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.connections import Connection, find_connection, password_of


class Link(psycopg.Connection[Any]):
    """A connection that gives a server up which says and takes nothing for `patience` seconds: hung, or behind a broken network."""

    patience: float = 0.0

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **words: Any) -> Any:
        return super().wait(self._watched(gen) if self.patience else gen, *args, **words)

    def _watched(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        """Go through what psycopg waits for, and count the time in which nothing came of it."""
        try:
            step = next(gen)
            last = time.monotonic()
            while True:
                ready = yield step
                now = time.monotonic()
                if ready:
                    last = now
                elif now - last > self.patience:
                    self.pgconn.finish()  # whatever follows, a rollback above all, must not wait again
                    raise psycopg.OperationalError(_("the server has not answered for {n} seconds").format(n=round(self.patience)))
                step = gen.send(ready)
        except StopIteration as done:
            return done.value


HIDDEN = "•••"
REACH_S = 10  # seconds until a server that does not answer is given up
HANG_S = 300.0  # seconds until one is given up that answered and says nothing more; a long statement is silent too
LOCK_MS = 5_000  # milliseconds that a table in use elsewhere is waited for
# how servers and libpq say that the password is wrong or missing, in the languages that matter here; there is no code for it
_PASSWORD_WORDS = ("password", "authentication", "认证", "口令", "密码")
_NAME_WORDS = ("does not exist", "不存在")
_LOCKED, _FORBIDDEN, _READ_ONLY, _STOPPED = "55P03", "42501", "25006", "57014"
_FULL = ("53100", "53200", "54000")
_FOREIGN_SIGNS = ("22P05", "22021")
_NEEDED = ("2BP01", "23503")
_GONE = ("42P01", "3F000", "42703")


@contextmanager
def open_database(name: str, *, read_only: bool = True, patience: float = HANG_S) -> Iterator[Link]:
    """Yield a connection inside one transaction, which is committed at the end and rolled back where anything is raised.

    A server that hangs is given up after `patience` seconds of silence. The functions of PostGIS are found wherever it was installed.
    Raises InputError, also for what the database refuses meanwhile.
    """
    connection = find_connection(name)
    password = password_of(connection)
    link = _link(connection, password)
    link.patience = patience
    broken = False
    try:
        with link:
            link.read_only = read_only
            link.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ if read_only else psycopg.IsolationLevel.READ_COMMITTED
            _prepare(link, connection)
            if patience < HANG_S:  # short statements: the server itself gives up one that nobody waits for any more
                link.execute("SELECT set_config('statement_timeout', %s, true)", (str(round(4000 * patience)),))
            try:
                yield link
            except psycopg.Error:
                broken = link.broken
                raise
    except psycopg.Error as why:
        raise fault(connection, why, password, broken=broken or link.broken) from None
    except UnicodeDecodeError:
        text = _("postgis:{name}: its text is not UTF-8; the database must have an encoding of its own, such as UTF8, not SQL_ASCII")
        raise InputError(text.format(name=name)) from None
    finally:
        link.close()


def try_connection(connection: Connection, password: str = "") -> str:
    """Return what a database says of itself; raises InputError where it cannot be reached or has no PostGIS."""
    password = password or password_of(connection)
    try:
        with _link(connection, password) as link:
            version = str(link.execute("SELECT current_setting('server_version')").fetchone()[0])  # type: ignore[index]
            _prepare(link, connection)
            postgis = str(link.execute("SELECT postgis_lib_version()").fetchone()[0])  # type: ignore[index]
    except psycopg.Error as why:
        raise _unreachable(connection, str(why), password) from None
    return _("Connected: PostgreSQL {version}, PostGIS {postgis}").format(version=version.split(" ")[0], postgis=postgis)


def _link(connection: Connection, password: str) -> Link:
    """Return an open connection; raises InputError where there can be none."""
    words: dict[str, Any] = {"service": connection.name}
    if not connection.is_service:
        words = {
            "host": connection.host, "port": connection.port, "dbname": connection.database or None, "user": connection.user or None,
            "sslmode": connection.sslmode, "gssencmode": "disable",
        }  # fmt: skip
    if password:
        words["password"] = password
    try:
        return Link.connect(
            connect_timeout=REACH_S, application_name="gridplanner", client_encoding="utf8", keepalives_idle=30, keepalives_interval=10,
            keepalives_count=3, tcp_user_timeout=60_000, **words,
        )  # fmt: skip
    except UnicodeError:
        text = _("postgis:{name}: user, password or names have a sign that is no text; type them anew")
        raise InputError(text.format(name=connection.name)) from None
    except (psycopg.Error, OSError) as why:
        raise _unreachable(connection, str(why), password) from None


def _prepare(link: Link, connection: Connection) -> None:
    """Set what every session needs; raises InputError where PostGIS is not there."""
    link.execute("SELECT set_config('lock_timeout', %s, true), set_config('DateStyle', 'ISO', true)", (str(LOCK_MS),))
    row = link.execute(
        "SELECT quote_ident(n.nspname), current_database() FROM pg_catalog.pg_extension e "
        "JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'postgis'"
    ).fetchone()
    if row is None:
        text = _("postgis:{name}: the database has no PostGIS; ask its keeper to run CREATE EXTENSION postgis in it")
        raise InputError(text.format(name=connection.name))
    link.execute("SELECT set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), %s::text), true)", (row[0],))


def fault(connection: Connection, why: psycopg.Error, password: str = "", *, broken: bool = False) -> InputError:
    """Return the error for what a database refused: what it said, and what to do."""
    state, said = why.sqlstate or "", _clean(why.diag.message_primary or str(why), password)
    if broken or state.startswith(("08", "57P")):
        remedy = _("the connection broke; the database is as it was: try again when the server is there")
    elif state == _LOCKED:
        remedy = _("a table is in use by somebody else; close it there, or try again later")
    elif state == _FORBIDDEN:
        remedy = _("ask the keeper of the database for the right (GRANT)")
    elif state == _READ_ONLY:
        remedy = _("it is a copy for reading; give the connection to the first server")
    elif state == _STOPPED:
        remedy = _("the server stopped it; try again, or ask its keeper for more time")
    elif state in _FULL:
        remedy = _("the server has no room left; ask its keeper")
    elif state in _FOREIGN_SIGNS:
        remedy = _("its encoding lacks a character; it should be UTF8")
    elif state in _NEEDED:
        remedy = _("something else in the database builds on its table or rows; remove that, or choose another schema")
    elif state in _GONE:
        remedy = _("the table was changed meanwhile; try again")
    else:
        remedy = _("the database is as it was")
    return InputError(_("postgis:{name}: {why}; {remedy}").format(name=connection.name, why=said, remedy=remedy))


def _unreachable(connection: Connection, said: str, password: str) -> InputError:
    words = _clean(said, password)
    if any(word in words.lower() for word in _PASSWORD_WORDS):
        remedy = _("check the user and the password: type it in the connection's window, or put it into the file .pgpass or PGPASSWORD")
    elif any(word in words for word in _NAME_WORDS):
        remedy = _("check the names of the database and of the user")
    else:
        remedy = _("check host, port and network, and that the server runs")
    text = _("postgis:{name}: {where} cannot be reached: {why}; {remedy}")
    return InputError(text.format(name=connection.name, where=connection.words, why=words, remedy=remedy))


def _clean(said: str, password: str) -> str:
    """Return the first lines of a message in one line, without the password."""
    lines = [line.strip() for line in said.strip().splitlines() if line.strip()]
    words = " ".join(lines[-1:] if len(lines) > 3 else lines).rstrip(".; ")
    return words.replace(password, HIDDEN) if password else words
