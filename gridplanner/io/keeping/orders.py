"""What a scribe is asked to keep: another project, an edit, a save."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridplanner.io.keeping.delta import Delta, delta_of
from gridplanner.io.keeping.entry import entry_to_bytes
from gridplanner.io.keeping.recovery import Left
from gridplanner.io.saved import Mark
from gridplanner.model.changes import Change
from gridplanner.model.project import Project

WIDE = 1 << 18  # bytes that differ, from which an edit is not small


@dataclass(frozen=True, eq=False)
class Start:
    """Another project: from the file at `place`, from what a dead process `left`, or `whole`; none of them: nothing is to be kept."""

    journal: str = ""
    place: Path | None = None
    mark: Mark | None = None
    left: Left | None = None
    whole: Project | None = None
    changes: tuple[Change, ...] = ()
    name: str = ""
    opened: Project | None = None  # what was read from `place`, should another save be there by now
    claim: int = -1  # a handle that holds what was left, so that no other process takes it over, too

    @property
    def folder(self) -> Path | None:
        """The folder of the project's own file."""
        return self.place.parent if self.place is not None and self.place.parent.is_dir() else None


@dataclass(eq=False)
class Edit:
    """A change of the project; `delta` where it is known already."""

    number: int
    before: Project
    after: Project
    changes: tuple[Change, ...]
    delta: Delta | None = None

    @property
    def is_small(self) -> bool:
        """True where it can be written within the time of a gesture."""
        return self.delta is not None and sum(array.nbytes for array in self.delta.arrays) <= WIDE

    def to_bytes(self) -> bytes:
        """Return the record of the journal."""
        return entry_to_bytes(self.changes, self.delta or delta_of(self.before, self.after))


@dataclass(frozen=True)
class Save:
    """A save that was made of the project, at `place` where it is the project's own; `source` is the file that was written."""

    mark: Mark
    place: Path | None
    source: Path
    name: str
