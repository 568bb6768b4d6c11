"""What the worker is asked to do to open a project: read it, or say what is wrong with it and what can be saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gridplanner.io.keeping.workplace import Left
from gridplanner.io.saved import DamagedProjectError, Saved


@dataclass(frozen=True, eq=False)
class Opened:
    """A project that was opened, or what is wrong with its file and what can be saved of it in a sentence (empty where nothing)."""

    saved: Saved | None = None
    damage: str = ""
    rest: str = ""


def open_place(place: Path) -> Opened:
    """Open what is kept at a place; raises ProjectFileError where it is missing, of a newer version or of another program."""
    from gridplanner.io.project_places import open_at

    try:
        return Opened(open_at(place))
    except DamagedProjectError as why:
        return Opened(damage=why.fault, rest=why.can_be_saved)


def open_rest(place: Path) -> Saved:
    """Return what can be saved of a damaged file; raises ProjectFileError where that is nothing."""
    from gridplanner.io.keeping.salvage import salvaged

    return salvaged(place)


def recover(left: Left) -> Saved:
    """Return what a dead process left, up to its last edit; raises ProjectFileError where there is nothing to begin from."""
    from gridplanner.io.keeping.workplace import recovered

    return recovered(left)
