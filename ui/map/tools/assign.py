"""Assign: brush units into the selected grid."""

from __future__ import annotations

from gridplanner.edits.grid_edits import MoveUnits
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class Assign:
    """Every unit that the pointer passes goes to the selected grid; units that cannot go there are passed over."""

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        units, plan, target = reach.project.units, reach.project.grids, reach.target
        if units is None or plan is None or target is None or target not in plan.grids:
            return None
        community = plan.grids[target].community
        chosen: set[int] = set()
        pointer = press
        while not pointer.released:
            unit = pointer.unit
            if unit >= 0 and units.community[unit] == community and plan.labels[unit] != target:
                chosen.add(unit)
            pointer = yield Preview(frozenset(chosen))
        return MoveUnits(tuple(sorted(chosen)), target, plan.grids[target].code) if chosen else None
