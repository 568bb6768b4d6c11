"""Where a project is kept: a file of its own, or whatever else this table has; the one door through which it is opened and saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from algorithms.progress import SILENT, Progress
from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io import gridpack
from gridplanner.io.project_file import open_saved, save_saved
from gridplanner.io.saved import Mark, Saved
from gridplanner.io.shared_places import is_shared, open_in_database, save_in_database

SUFFIX = ".gridplan"


class Save(Protocol):
    """Writes a project to a place; raises ChangedProjectError where the place is no longer as `expected`."""

    def __call__(self, saved: Saved, path: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark: ...


@dataclass(frozen=True)
class PlaceKind:
    """One kind of place: whether a path is one, and how a project is opened and saved there."""

    takes: Callable[[Path], bool]
    open: Callable[[Path], Saved]
    save: Save


def _has_suffix(suffix: str) -> Callable[[Path], bool]:
    return lambda path: path.suffix.lower() == suffix


KINDS: list[PlaceKind] = [
    PlaceKind(is_shared, open_in_database, save_in_database),  # first, as a name in a database may end in anything
    PlaceKind(_has_suffix(SUFFIX), open_saved, save_saved),
    PlaceKind(gridpack.is_pack, gridpack.open_pack_saved, gridpack.save_pack),
]


def is_place(path: Path) -> bool:
    """Return whether a path is where a project may be kept."""
    return any(kind.takes(path) for kind in KINDS)


def open_at(place: Path) -> Saved:
    """Return the project that is kept at a place; raises ProjectFileError."""
    return _kind(place).open(place)


def save_at(saved: Saved, place: Path, progress: Progress = SILENT, *, expected: str = "") -> Mark:
    """Keep a project at a place and return the mark of the save; raises ProjectFileError, ChangedProjectError where `expected` is gone."""
    return _kind(place).save(saved, place, progress, expected=expected)


def _kind(place: Path) -> PlaceKind:
    for kind in KINDS:
        if kind.takes(place):
            return kind
    if place.is_file():
        return next(kind for kind in KINDS if kind.open is open_saved)  # a project file under another name
    raise ProjectFileError(_("{file}: no project is kept there; choose a project file (.gridplan)").format(file=place))
