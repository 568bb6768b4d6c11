"""What the saving process is asked to do: write a project to its place, unless somebody else has changed it there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from gridplanner.io.saved import ChangedProjectError, Mark, Saved
from gridplanner.progress import SILENT, Progress


@dataclass(frozen=True)
class Written:
    """What became of a save: the mark that the place has now, or why it was refused and whose mark was found there."""

    mark: Mark = field(default_factory=Mark)
    refused: str = ""
    theirs: Mark = field(default_factory=Mark)


def write(saved: Saved, place: Path, expected: str, progress: Progress = SILENT) -> Written:
    """Save a project at its place; raises ProjectFileError where that is not possible."""
    from gridplanner.io.project_places import save_at

    try:
        return Written(save_at(saved, place, progress, expected=expected))
    except ChangedProjectError as why:
        return Written(refused=str(why), theirs=why.mark)
