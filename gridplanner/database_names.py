"""How a database is named: by a service or a saved connection, never by an address that may hold a password."""

from __future__ import annotations

import re

from gridplanner.i18n import _

LONGEST_NAME = 63  # bytes; PostgreSQL cuts longer names without a word
_ADDRESS = re.compile(r"\s*(?:postgis:)?\s*(?:postgres(?:ql)?|postgis|jdbc:postgresql|pg):/", re.IGNORECASE)
_SIGNS = re.compile(r"[@=:/\\?&;'\"\x00-\x1f]|^\s*$")  # none of which a name needs; an address has one of them


def is_address(text: str) -> bool:
    """True for postgresql://… and the like, whatever stands before it."""
    return bool(_ADDRESS.match(text))


def refuse_schema(name: str) -> None:
    """Raise ValueError for what cannot be the name of a schema that holds layers: one that is too long, or the server's own."""
    data = name.encode("utf-8", "ignore")
    if not name.strip() or len(data) > LONGEST_NAME or data.decode() != name or "\x00" in name:
        raise ValueError(_("schema is “{name}”; it must have 1 to {n} bytes").format(name=name, n=LONGEST_NAME))
    if name.startswith("pg_") or name == "information_schema":
        raise ValueError(_("schema is “{name}”, which belongs to the server itself; choose another, such as gridplanner").format(name=name))


def refuse_address(name: str) -> None:
    """Raise ValueError where a database is not named by a service or a saved connection; the text does not repeat what was written.

    >>> refuse_address("town"), refuse_address("西郊 库")
    (None, None)
    """
    if _SIGNS.search(name):
        raise ValueError(
            _(
                "a database is named by a service of the file pg_service.conf or by a saved connection, such as postgis:town; an address "
                "or a password does not belong here: put the password into the system's keyring or the file .pgpass"
            )
        )
