"""Keep together: brush units that are to stay in one grid; a click on some that are kept releases them."""

from __future__ import annotations

from gridplanner.edits.rule_edits import KeepTogether, Release
from gridplanner.model.brush import units_touched
from gridplanner.model.rules import area_of_units
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class Keep:
    """Every unit of one community that the pointer passes is kept with the others in plans made from now on."""

    brushes = True

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        project, units = reach.project, reach.project.units
        if units is None or press.unit < 0:
            return None
        community = units.community[press.unit]
        chosen: set[int] = set()
        pointer = press
        while not pointer.released:
            if pointer.unit >= 0:
                touched = units_touched(units, pointer.unit, pointer.x, pointer.y, pointer.brush) if pointer.brush else [pointer.unit]
                chosen.update(int(unit) for unit in touched if units.community[unit] == community)
            pointer = yield Preview(frozenset(chosen))
        if len(chosen) > 1:
            return KeepTogether(tuple(sorted(chosen)))
        row = int(area_of_units(units, project.rules.keep)[press.unit]) if len(project.rules.keep) else -1
        return Release("keep", row) if row >= 0 else None
