"""How the place of a project in a database is written, and the way to it, which brings the database's library only when it is gone."""

from __future__ import annotations

from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.io.connections import database_path, name_and_table
from gridplanner.io.saved import Mark, Saved
from gridplanner.progress import SILENT, Progress
from gridplanner.source_settings import DATABASE

LONGEST_TITLE = 120  # signs
_ENDINGS = (".gridplan", ".gridpack", ".toml")  # by which files are told apart; a project in a database is none of them
_FOREIGN = '/\\#"'  # signs that a path, or the place itself, has another use for


def is_shared(place: str | Path) -> bool:
    """Return whether a place of a project lies in a database."""
    return str(place).startswith(DATABASE)


def shared_place(connection: str, title: str) -> Path:
    """Return the place of a project in a database; raises InputError for a name that none can have.

    >>> str(shared_place("town", "西郊 2026"))
    'postgis:town#西郊 2026'
    """
    title = title.strip()
    is_file = title.lower().endswith(_ENDINGS)
    if not title or len(title) > LONGEST_TITLE or is_file or any(sign in _FOREIGN or not sign.isprintable() for sign in title):
        text = _(
            "“{name}” cannot be the name of a project in a database: 1 to {n} signs, none of them {signs}, without the ending of a file"
        )
        raise InputError(text.format(name=title, n=LONGEST_TITLE, signs=" ".join(_FOREIGN)))
    return Path(database_path(connection, title))


def connection_and_title(place: Path) -> tuple[str, str]:
    """Return the connection and the name of a project that a place names; raises InputError for another."""
    connection, title = name_and_table(place)
    return connection, name_and_table(shared_place(connection, title))[1]


def place_name(place: Path) -> str:
    """Return a place as a person reads it: the name of a file, or that of a project with its database."""
    if not is_shared(place):
        return place.name
    connection, title = name_and_table(place)
    return f"{title} @ {connection}"


def open_in_database(place: Path) -> Saved:
    """See `shared_project.open_shared`."""
    from gridplanner.io.shared_project import open_shared

    return open_shared(place)


def last_save_in_database(place: Path, journal: str) -> Mark | None:
    """Return the mark of the last save that a journal's work has in the database, None where it has none there."""
    from gridplanner.io.shared_project import last_save_of

    return last_save_of(place, journal)


def save_in_database(saved: Saved, path: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark:
    """See `shared_project.save_shared`."""
    from gridplanner.io.shared_project import save_shared

    return save_shared(saved, path, progress, expected=expected)
