"""A project with what its file says of itself: which save it is, who made it, and the log of its changes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from gridplanner.errors import ProjectFileError
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


class ChangedProjectError(ProjectFileError):
    """The file was saved by someone else since it was opened, so it was not overwritten; `mark` is that of the file as it is now."""

    def __init__(self, text: str, mark: Mark) -> None:
        super().__init__(text)
        self.mark = mark

    def __reduce__(self) -> tuple[type[ChangedProjectError], tuple[str, Mark]]:
        return type(self), (str(self), self.mark)


class DamagedProjectError(ProjectFileError):
    """A project file is damaged; `keeping.salvage.salvaged(path)` returns what can be saved, `can_be_saved` says what that is."""

    def __init__(self, text: str, path: Path, can_be_saved: str = "") -> None:
        super().__init__(text)
        self.path, self.can_be_saved = path, can_be_saved

    @property
    def fault(self) -> str:
        """What is wrong, without what can be saved."""
        return str(self).removesuffix(self.can_be_saved).rstrip(" ") if self.can_be_saved else str(self)

    def __reduce__(self) -> tuple[type[DamagedProjectError], tuple[str, Path, str]]:
        return type(self), (str(self), self.path, self.can_be_saved)


def new_id() -> str:
    """Return a name that no other project, save, journal or package has: 128 random bits as text."""
    return secrets.token_hex(16)
