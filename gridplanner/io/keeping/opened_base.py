"""The base of a place of work where the file that was opened is gone before it could be linked: written anew from what was read."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from gridplanner.errors import GridplannerError
from gridplanner.io.keeping.orders import Start
from gridplanner.io.keeping.workplace import Workplace
from gridplanner.io.project_file import mark_of, save_saved
from gridplanner.io.saved import Saved

_NAME = "base-0.gridplan"


def keep_opened(work: Workplace, base: Path, start: Start) -> None:
    """Let the journal begin from what was opened, where another save came to its place meanwhile; raises ProjectFileError, OSError."""
    if start.opened is None or start.mark is None or base.suffix.lower() != ".gridplan":
        return
    with contextlib.suppress(GridplannerError, OSError):
        there = mark_of(work.folder / work.about.base)
        if there is not None and there.save_id == start.mark.save_id:
            return
    own = work.folder / _NAME
    save_saved(Saved(start.opened, replace(start.mark, journal=start.journal, records=0), start.changes), own)
    work.use_base(work.about.base, own)
