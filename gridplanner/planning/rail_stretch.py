"""Places that the settings name by chainage, on the guarded lines."""

from __future__ import annotations

from gridplanner.model.rail import RailLine
from gridplanner.model.rail_near import systems_of


def place_on(line: RailLine, text: str) -> float | None:
    """Return the place along a line that a chainage names in any of its mileage systems, None where it is not on the line.

    Raises ValueError for what is no chainage.
    """
    for mileage in systems_of(line):
        found = mileage.find(text)
        if found:
            return found[0]
    return None
