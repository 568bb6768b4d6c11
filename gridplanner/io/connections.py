"""Connections to databases by name: services of libpq's own file, and saved ones whose password lies in the system's keyring alone."""

from __future__ import annotations

import contextlib
import os
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gridplanner.database_names import is_address, refuse_address
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.nearest import nearest_word, refuse_unknown
from gridplanner.source_settings import DATABASE
from gridplanner.toml_text import value_text
from gridplanner.user_folder import user_folder

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SSL_MODES = ("prefer", "require", "verify-ca", "verify-full", "allow", "disable")
PORT = 5432
_KEYRING = "gridplanner"  # under which the system keeps the passwords
_KEYS = {"host": str, "port": int, "database": str, "user": str, "sslmode": str}
_OF_SERVICE = {"host": "host", "hostaddr": "host", "port": "port", "dbname": "database", "user": "user", "sslmode": "sslmode"}
_typed: dict[str, str] = {}  # passwords typed since the program began, by connection; gone with the process


@dataclass(frozen=True)
class Connection:
    """Where a database is and who asks; never the password. Of a service it is only what its file says, for showing."""

    name: str
    host: str = "localhost"
    port: int = PORT
    database: str = ""
    user: str = ""
    sslmode: str = SSL_MODES[0]
    is_service: bool = False

    def __post_init__(self) -> None:
        refuse_address(self.name)
        if is_address(self.host) or "@" in self.host:
            raise ValueError(_("host is an address with more than the computer's name; write the name alone, such as 10.0.0.5"))
        if not 1 <= self.port <= 65535:
            raise ValueError(_("port is {value}; it must lie between 1 and 65535").format(value=self.port))
        if not self.is_service:
            refuse_unknown("sslmode", self.sslmode, SSL_MODES)

    @property
    def words(self) -> str:
        """Where it leads, for a person."""
        place = f"{self.host}:{self.port}/{self.database or '…'}"
        return f"{self.user}@{place}" if self.user else place


def in_database(path: str | Path) -> bool:
    """True where the path of a source leads into a database, or is an address of one, which is refused when it is asked for its name."""
    return str(path).startswith(DATABASE) or is_address(str(path))


def database_path(name: str, table: str = "") -> str:
    """Return the path of a source in a database; of one table of it where one is named."""
    return f"{DATABASE}{name}#{table}" if table else f"{DATABASE}{name}"


def name_and_table(path: str | Path) -> tuple[str, str]:
    """Return the connection that a path names, and its table, empty for all; raises InputError for an address, which is not repeated.

    >>> name_and_table("postgis:town#public.roads"), name_and_table("postgis:town")
    (('town', 'public.roads'), ('town', ''))
    """
    name, _sign, table = str(path).removeprefix(DATABASE).partition("#")
    try:
        refuse_address(name)
    except ValueError as why:
        raise InputError(str(why)) from None
    return name, table


def whole_source(path: Path) -> Path:
    """Return a path without the table that it names; that of a file as it is.

    >>> str(whole_source(Path("postgis:town#public.roads"))), str(whole_source(Path("roads#1.shp")))
    ('postgis:town', 'roads#1.shp')
    """
    return Path(database_path(name_and_table(path)[0])) if in_database(path) else path


def known_connections() -> tuple[Connection, ...]:
    """Return the services, then the saved connections that bear other names; raises InputError where the saved ones cannot be read."""
    found = {service.name: service for service in _services()}
    return (*found.values(), *(one for one in _saved() if one.name not in found))


def find_connection(name: str) -> Connection:
    """Return a connection by its name; raises InputError with the nearest name where there is none."""
    known = {one.name: one for one in known_connections()}
    if name in known:
        return known[name]
    remedy = nearest_word(name, tuple(known)) if known else _("add it where the program exports, or put it into the file pg_service.conf")
    text = _("postgis:{name}: there is no service or saved connection of that name; {remedy}")
    raise InputError(text.format(name=name, remedy=remedy))


def save_connection(connection: Connection, password: str = "") -> bool:
    """Keep a connection for all projects, its password in the system's keyring; return False where that could not keep it.

    Without a keyring the password is known until the program ends. Raises InputError where the name is a service's, or nothing can be kept.
    """
    if any(service.name == connection.name for service in _services()):
        raise InputError(_("“{name}” is the name of a service already; choose another").format(name=connection.name))
    others = [one for one in _saved() if one.name != connection.name]
    _write([*others, connection])
    return keep_password(connection.name, password) if password else True


def forget_connection(name: str) -> None:
    """Drop a saved connection and its password."""
    _write([one for one in _saved() if one.name != name])
    _typed.pop(name, None)
    keyring = _keyring()
    if keyring is not None:
        with contextlib.suppress(Exception):  # each keyring has its own errors, and a password that is not there is gone
            keyring.delete_password(_KEYRING, name)


def keep_password(name: str, password: str) -> bool:
    """Put a password into the system's keyring, and use it until the program ends; return False where there is no keyring that works."""
    use_password(name, password)
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(_KEYRING, name, password)
        return bool(keyring.get_password(_KEYRING, name) == password)
    except Exception:  # each keyring has its own errors
        return False


def use_password(name: str, password: str) -> None:
    """Use a password until the program ends; it is written nowhere."""
    _typed[name] = password


def typed_passwords() -> dict[str, str]:
    """Return the passwords in use until the program ends, by connection: for another process of the program."""
    return dict(_typed)


def password_of(connection: Connection) -> str:
    """Return the password that was typed or lies in the keyring; empty where libpq finds one (.pgpass, PGPASSWORD) or none is needed."""
    if connection.name in _typed or connection.is_service:
        return _typed.get(connection.name, "")
    keyring = _keyring()
    if keyring is None:
        return ""
    try:
        return keyring.get_password(_KEYRING, connection.name) or ""
    except Exception:  # each keyring has its own errors
        return ""


def has_keyring() -> bool:
    """True where the system keeps passwords."""
    return _keyring() is not None


def service_files() -> tuple[Path, ...]:
    """Return the files of services, those of libpq, the first that names a service counts."""
    home = Path(os.environ["APPDATA"]) / "postgresql" if sys.platform == "win32" and os.environ.get("APPDATA") else Path.home()
    own = Path(os.environ["PGSERVICEFILE"]) if os.environ.get("PGSERVICEFILE") else home / ".pg_service.conf"
    shared = Path(os.environ["PGSYSCONFDIR"]) / "pg_service.conf" if os.environ.get("PGSYSCONFDIR") else None
    return tuple(path for path in (own, shared) if path is not None and path.is_file())


def saved_file() -> Path:
    """Return the file of the saved connections."""
    return user_folder() / "connections.toml"


def _services() -> list[Connection]:
    found: dict[str, Connection] = {}
    for path in service_files():
        for name, words in _sections(path):
            told = {_OF_SERVICE[key]: value for key, value in words.items() if key in _OF_SERVICE}
            port = told.get("port", "")
            try:
                found.setdefault(name, Connection(
                    name, told.get("host", "localhost"), int(port) if port.isdigit() else PORT, told.get("database", ""),
                    told.get("user", ""), told.get("sslmode", SSL_MODES[0]), is_service=True,
                ))  # fmt: skip
            except ValueError:  # a name that a source could not bear
                continue
    return list(found.values())


def _sections(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the sections of a service file; what it says of passwords is not taken along."""
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return
    name, words = "", dict[str, str]()
    for line in (*(raw.strip() for raw in text.splitlines()), "[]"):
        if line.startswith("["):
            if name:
                yield name, words
            name, words = line.strip("[]"), {}
        elif "=" in line and not line.startswith("#"):
            key, _sign, value = line.partition("=")
            if "pass" not in key:
                words[key.strip()] = value.strip()


def _saved() -> list[Connection]:
    path = saved_file()
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return [_connection(path, name, words) for name, words in table.items()]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as why:
        text = _("{file}: the saved connections cannot be read: {why}; mend the file or remove it")
        raise InputError(text.format(file=path, why=type(why).__name__)) from None


def _connection(path: Path, name: str, words: object) -> Connection:
    """Return a saved connection; raises InputError for a key that is none of its own, above all for a password."""
    known = words if isinstance(words, dict) else {}
    if any("pass" in key.lower() for key in known):
        text = _("{file}: [{name}] holds a password; take it out and type it where the program asks for it: the keyring keeps it")
        raise InputError(text.format(file=path, name=name))
    if not isinstance(words, dict) or any(key not in _KEYS or not isinstance(value, _KEYS[key]) for key, value in words.items()):
        text = _("{file}: [{name}] is no connection; it has {keys}")
        raise InputError(text.format(file=path, name=name, keys=", ".join(_KEYS)))
    try:
        return Connection(name, **words)
    except ValueError as why:
        raise InputError(f"{path}: {why}") from None


def _write(connections: list[Connection]) -> None:
    """Write all saved connections, in place of the earlier ones at once, for the user's eyes alone."""
    path = saved_file()
    lines = []
    for one in sorted(connections, key=lambda one: one.name):
        lines += [f"[{value_text(one.name)}]"]
        lines += [f"{key} = {value_text(getattr(one, key))}" for key in _KEYS]
        lines += [""]
    beside = path.with_suffix(".tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text("\n".join(lines), encoding="utf-8")
        beside.replace(path)
    except (OSError, UnicodeEncodeError) as why:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        text = _("{file}: cannot be written: {why}; check the rights of the folder")
        raise InputError(text.format(file=path, why=getattr(why, "strerror", None) or why)) from None


def _keyring() -> KeyringBackend | None:
    """Return the system's keyring, None where there is none that works."""
    try:
        import keyring  # slow on systems that ask other programs, so only when needed
        import keyring.backends.fail
        import keyring.backends.null
    except ImportError:
        return None
    try:
        backend = keyring.get_keyring()
    except Exception:  # each keyring has its own errors
        return None
    nothing = (keyring.backends.fail.Keyring, keyring.backends.null.Keyring)
    return None if isinstance(backend, nothing) else backend


NO_KEYRING = N_("This computer has no keyring that works: the password is kept until the program ends, or put it into the file .pgpass.")
