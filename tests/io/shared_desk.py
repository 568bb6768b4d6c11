"""A desk without a window, for tests that need two of them: edits a project in a database, saves, and takes in what others saved first.

Run as a program: PLACE WHO FIRST STEP COUNT FIELD says which grids get another value: every STEP-th from FIRST on, COUNT of them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.edits.take_in_edits import TakeIn
from gridplanner.io.saved import Saved
from gridplanner.io.shared_project import SharedConflictError, open_shared, save_shared
from gridplanner.model.merge import MINE
from gridplanner.model.merging import merge
from gridplanner.session import Session


def edited(saved: Saved, key: int, **fields: object) -> Saved:
    """Return a project with fields of a grid changed, as a person does it: through a session, with its log."""
    session = Session(saved.project)
    session.log = list(saved.changes)
    session.do(ChangeGrids(((key, tuple(fields.items())),)))
    return Saved(session.project, saved.mark, tuple(session.log))


def taken_in(conflict: SharedConflictError, mine: Saved) -> tuple[Saved, int]:
    """Return mine with the newest version in it, mine where both changed the same, and how many conflicts that decided."""
    base, theirs = conflict.base, conflict.theirs
    found = merge(base.project, mine.project, theirs.project)
    decided = merge(base.project, mine.project, theirs.project, {one.key: MINE for one in found.conflicts})
    session = Session(mine.project)
    session.log = list(mine.changes)
    session.do(TakeIn(decided, mine.project, theirs.mark.who))
    return Saved(session.project, theirs.mark, tuple(session.log)), len(found.conflicts)


def saved_at_last(mine: Saved, place: Path) -> tuple[Saved, int]:
    """Save, and take in what others saved as often as it needs; return what was saved and how many conflicts were decided."""
    conflicts = 0
    while True:
        try:
            mark = save_shared(mine, place, expected=mine.mark.save_id)
            return Saved(mine.project, mark, mine.changes), conflicts
        except SharedConflictError as why:
            mine, more = taken_in(why, mine)
            conflicts += more


def main(place: Path, who: str, first: int, step: int, count: int, field: str) -> None:
    """Change grids one after the other and say how many conflicts there were."""
    mine, conflicts = open_shared(place), 0
    assert mine.project.grids is not None
    keys = sorted(mine.project.grids.grids)[first::step][:count]
    print("ready", flush=True)
    sys.stdin.readline()
    for number, key in enumerate(keys):
        mine, more = saved_at_last(edited(mine, key, **{field: f"{who} {number}" if field == "name" else number + 1}), place)
        conflicts += more
    print(json.dumps({"conflicts": conflicts, "version": mine.mark.number}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:6]), sys.argv[6])
