"""A project with what its file says of itself: which save it is, who made it, and the log of its changes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from gridplanner.model.changes import Change
from gridplanner.model.project import Project


@dataclass(frozen=True)
class Mark:
    """Which save of which project a file is.

    `project_id` stays with the project for ever (a copy under another name has it too), `save_id` is another at every save, `number`
    counts saves. `journal` names the journal whose first `records` records are in the file: what a start after a kill skips.
    """

    project_id: str = ""
    save_id: str = ""
    number: int = 0
    at: float = 0.0
    who: str = ""
    journal: str = ""
    records: int = 0


@dataclass(frozen=True, eq=False)
class Saved:
    """A project as it was saved; `notes` tell what could not be read of a damaged file, empty where all is well."""

    project: Project
    mark: Mark = Mark()
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


def new_id() -> str:
    """Return a name that no other project, save, journal or package has: 128 random bits as text."""
    return secrets.token_hex(16)
