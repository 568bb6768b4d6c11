"""Assign: click or brush units into the selected grid."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.i18n import _, ngettext
from gridplanner.model.brush import units_touched
from gridplanner.model.grids import GridPlan
from gridplanner.model.neighbourhood import Neighbourhood, neighbourhood_of
from gridplanner.model.units import Units
from ui.map.tools.counts import Counts
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class Assign:
    """Every unit that the brush touches goes to the selected grid; units that cannot go there are passed over and counted."""

    brushes = True
    picks = True

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        units, plan, target = reach.project.units, reach.project.grids, reach.target
        if units is None or plan is None or target is None or target not in plan.grids or press.unit < 0:
            return None
        if plan.grids[target].locked:
            return (yield from refuse(_("Grid {grid} is locked; unlock it first").format(grid=plan.grids[target].code)))
        stroke = _Stroke(reach, units, plan, target, press)
        pointer = press
        while not pointer.released:
            stroke.pass_over(pointer)
            pointer = yield stroke.preview()
        chosen = tuple(sorted(stroke.chosen))
        return MoveUnits(chosen, target, plan.grids[target].code) if chosen else None


class _Stroke:
    """What one stroke has touched so far."""

    def __init__(self, reach: Reach, units: Units, plan: GridPlan, target: int, press: Pointer) -> None:
        self.project, self.units, self.plan, self.target, self.source = reach.project, units, plan, target, reach.source
        self.first = int(plan.labels[press.unit])
        self.community = plan.grids[target].community
        self.counts = Counts(reach.project)
        self.chosen: set[int] = set()
        self.seen: set[int] = set()
        self.left: set[int] = set()
        self._shown: Preview | None = None
        self._grounds: dict[int, tuple[Neighbourhood, int]] = {}

    def pass_over(self, pointer: Pointer) -> None:
        """Take what the brush touches at a place."""
        if pointer.unit < 0:
            return
        touched = {pointer.unit}
        if pointer.brush > 0:
            touched = set(units_touched(self.units, pointer.unit, pointer.x, pointer.y, pointer.brush).tolist())
        for unit in touched - self.seen:
            self.seen.add(unit)
            label = int(self.plan.labels[unit])
            if label == self.target:
                continue
            (self.chosen if self._can_go(unit, label) else self.left).add(unit)
            self._shown = None

    def preview(self) -> Preview:
        """Return what is shown: made anew only where something more was touched."""
        if self._shown is None:
            self._shown = self._made()
        return self._shown

    def _can_go(self, unit: int, label: int) -> bool:
        grid = self.plan.grids.get(label)
        if self.units.community[unit] != self.community or (grid is not None and grid.locked):
            return False
        return self.source == "any" or (grid is None if self.source == "unassigned" else label == self.first)

    def _made(self) -> Preview:
        passed = ngettext("{n} unit passed over: locked, of another community, or not among those wanted",
                          "{n} units passed over: locked, of another community, or not among those wanted", len(self.left))  # fmt: skip
        hint = passed.format(n=len(self.left)) if self.left else ""
        if not self.chosen:
            return Preview(hint=hint, refused=bool(self.left))
        rows = np.array(sorted(self.chosen))
        of = self.plan.labels[rows]
        losing = [grid for grid in np.unique(of).tolist() if grid in self.plan.grids]
        change = self.counts.of(rows.tolist())
        tallies = [self.counts.tally(self.target, change)]
        tallies += [self.counts.tally(grid, -self.counts.of(rows[of == grid].tolist())) for grid in losing]
        count = len(rows)
        words = ngettext("{n} unit", "{n} units", count).format(n=count)
        codes = [*(self.counts.code(grid) for grid in losing[:3]), *("…" for _grid in losing[3:4])]
        title = f"{self.counts.code(self.target)} ← {_(', ').join(codes)}" if losing else ""
        return Preview(
            frozenset(self.chosen), tallies=tuple(tallies), words=words, title=title, hint=hint, warning=self._falls(rows, losing)
        )

    def _falls(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]], losing: list[int]) -> str:
        """Return words where a grid would fall into more pieces than it is in now."""
        moved = set(rows.tolist())
        for grid in (*losing, self.target):
            if grid not in self._grounds:
                ground = neighbourhood_of(self.project, (grid,))
                self._grounds[grid] = ground, ground.parts(ground.places(grid))
            ground, before = self._grounds[grid]
            if grid == self.target:
                joined = neighbourhood_of(self.project, (grid, *losing))
                members = {place for place, unit in enumerate(joined.rows.tolist()) if joined.label[place] == grid or unit in moved}
                pieces = joined.parts(members)
            else:
                pieces = ground.parts({place for place, unit in enumerate(ground.rows.tolist()) if unit not in moved})
                if not pieces:
                    return _("Grid {grid} would end").format(grid=self.counts.code(grid))
            if pieces > max(before, 1):
                return _("Grid {grid} would fall into {n} pieces").format(grid=self.counts.code(grid), n=pieces)
        return ""
