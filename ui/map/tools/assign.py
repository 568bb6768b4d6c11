"""Assign: brush units into the selected grid."""

from __future__ import annotations

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.model.project import Project
from ui.map.tools.tool import Drag, Pointer


class Assign:
    """Every unit that the pointer passes goes to the selected grid; units that cannot go there are passed over."""

    def drag(self, project: Project, target: int | None, press: Pointer) -> Drag:
        units, plan = project.units, project.grids
        if units is None or plan is None or target is None or target not in plan.grids:
            return None
        community = plan.grids[target].community
        chosen: set[int] = set()
        pointer = press
        while not pointer.released:
            unit = pointer.unit
            if unit >= 0 and units.community[unit] == community and plan.labels[unit] != target:
                chosen.add(unit)
            pointer = yield frozenset(chosen)
        return MoveUnits(tuple(sorted(chosen)), target, plan.grids[target].code) if chosen else None
