"""Places that the settings name by chainage, on the guarded lines."""

from __future__ import annotations

import math

from gridplanner.model.mileage import chainage_text, read_chainage, split_chainage
from gridplanner.model.rail import RailLine
from gridplanner.model.rail_near import systems_of


def place_on(line: RailLine, text: str) -> float | None:
    """Return the place along a line that a chainage, or kilometres alone, name in any of its mileage systems; None where it has none.

    Raises ValueError for what is no chainage.
    """
    try:
        split_chainage(text)
    except ValueError:
        letters, metres = read_chainage(text)
        if not math.isfinite(metres):
            raise
        text = chainage_text(metres, letters, 3)
    for mileage in systems_of(line):
        found = mileage.find(text)
        if found:
            return found[0]
    return None
