"""What the map shows of two versions that do not agree: the ground of each conflict, how it is decided, and what either side has there."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.lines import Floats
from ui.map.shapes import Areas

OPEN, MINE, THEIRS = 0, 1, 2  # how a conflict is decided


@dataclass(frozen=True, eq=False)
class Conflicts:
    """The conflicts of a merge on the map.

    `areas` has the ground of each (no loops for those that have no place), `sides` (n,) is OPEN, MINE or THEIRS. `chosen` is the place of
    the one in hand in `areas`, -1 for none; of it `mine` and `theirs` (m, 4) are the outlines of the grid that it lies in on either side,
    in metres, and `titles` what these are called.
    """

    areas: Areas
    sides: tuple[int, ...]
    chosen: int
    mine: Floats
    theirs: Floats
    titles: tuple[str, str]
