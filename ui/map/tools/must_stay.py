"""Must stay: click a unit that is to stay in its grid in plans made from now on; a click on one that does releases it."""

from __future__ import annotations

from gridplanner.edits.rule_edits import HoldUnits, Release
from gridplanner.model.lookup import unit_at
from gridplanner.model.project import Project
from ui.map.tools.tool import NOTHING, Drag, Pointer, Preview, Reach


class MustStay:
    """One click, one rule; the unit below the pointer lights up."""

    cursor = "PointingHandCursor"

    def __init__(self) -> None:
        self._last: tuple[Project, int, Preview] | None = None

    def hover(self, reach: Reach, pointer: Pointer) -> Preview:
        """Light up the unit below the pointer."""
        if pointer.unit < 0 or reach.project.grids is None:
            return NOTHING
        if self._last is None or self._last[0] is not reach.project or self._last[1] != pointer.unit:
            self._last = reach.project, pointer.unit, Preview(frozenset({pointer.unit}))
        return self._last[2]

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project = reach.project
        pointer = press
        while not pointer.released:
            pointer = yield self.hover(reach, pointer)
        if project.units is None or project.grids is None or pointer.unit < 0:
            return None
        stays = project.rules.must_stay.xy.tolist()
        held = next((row for row, (x, y) in enumerate(stays) if unit_at(project.units, x, y) == pointer.unit), None)
        return HoldUnits((pointer.unit,)) if held is None else Release("must_stay", held)
