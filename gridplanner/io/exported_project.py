"""The project file of an export, where one of the same name is in the folder already: in use, or replaced and kept."""

from __future__ import annotations

from pathlib import Path

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.backups import keep_backup
from gridplanner.io.keeping.lock import LockedError, locked_words, read_lock
from gridplanner.io.project_file import mark_of
from gridplanner.io.saved import Mark
from gridplanner.who import who


def spare_open_project(new: Path, place: Path) -> str:
    """Make ready that `new` replaces the project file at `place`: that becomes an earlier version; return words where it could not.

    One that the same person has open, the desktop that exports, say, stays as it is and `new` is removed: it is what is worked on, and
    the export a picture of it. Raises LockedError where somebody else has it open.
    """
    if not place.exists():
        return ""
    info = read_lock(place)
    if info is not None and not info.mine and not info.is_stale:
        if info.who != who():
            raise LockedError(locked_words(place, info), info)
        new.unlink()
        return ""
    try:
        mark = mark_of(place) or Mark()
    except ProjectFileError:  # damaged: kept all the more
        mark = Mark()
    return keep_backup(place, mark.project_id, mark)
