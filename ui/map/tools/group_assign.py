"""Assign at the steps of beats and zones: click or brush whole grids into the chosen beat or zone; and make a new one of some."""

from __future__ import annotations

import numpy as np

from gridplanner.edits.edit import Edit
from gridplanner.edits.group_edits import MovePieces, SplitOff
from gridplanner.i18n import _, ngettext
from gridplanner.model.brush import units_touched
from gridplanner.model.groups import NONE
from ui.map.tools.group_work import GroupWork, work_of
from ui.map.tools.refusal import refuse
from ui.map.tools.tool import Drag, Pointer, Preview, Reach


class GroupAssign:
    """Every grid that the brush touches goes to the chosen group; those of locked groups are passed over and counted."""

    brushes = True
    picks = True

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        work = work_of(reach)
        if work is None or reach.group is None or reach.group not in work.groups.known or press.unit < 0:
            return None
        if why := work.locked(reach.group):
            return (yield from refuse(why))
        stroke = Stroke(work, reach.source, press, reach.group)
        pointer = press
        while not pointer.released:
            stroke.pass_over(pointer)
            pointer = yield stroke.preview()
        return stroke.edit()


class GroupSplit:
    """The grids of one group that the brush touches become a group of their own."""

    brushes = True

    def drag(self, reach: Reach, press: Pointer) -> Drag:
        work = work_of(reach)
        if work is None or press.unit < 0:
            return None
        if why := work.locked(work.group_at(press.unit)):
            return (yield from refuse(why))
        stroke = Stroke(work, "one", press, None)
        pointer = press
        while not pointer.released:
            stroke.pass_over(pointer)
            pointer = yield stroke.preview()
        return stroke.edit()


class Stroke:
    """What one stroke has touched so far, in whole grids; `target` is the group that they go to, None for a new one."""

    def __init__(self, work: GroupWork, source: str, press: Pointer, target: int | None) -> None:
        self.work, self.source, self.target = work, source, target
        self.first = work.group_at(press.unit)
        self.chosen: set[int] = set()
        self._left: set[int] = set()
        self._seen: set[int] = set()
        self._shown: Preview | None = None

    def pass_over(self, pointer: Pointer) -> None:
        """Take what the brush touches at a place."""
        if pointer.unit < 0:
            return
        touched = {pointer.unit}
        if pointer.brush > 0:
            touched = set(units_touched(self.work.units, pointer.unit, pointer.x, pointer.y, pointer.brush).tolist())
        for unit in sorted(touched):
            if unit in self._seen:
                continue
            whole = set(self.work.whole(unit).tolist())
            self._seen |= whole
            group = self.work.group_at(unit)
            if group == self.target:
                continue
            (self.chosen if self._can_go(group) else self._left).update(whole)
            self._shown = None

    def preview(self) -> Preview:
        """Return what is shown: made anew only where something more was touched."""
        if self._shown is None:
            self._shown = self._made()
        return self._shown

    def edit(self) -> Edit | None:
        """Return what comes of the stroke; where all that was touched is locked, an edit that will be refused and says why."""
        groups, of_unit = self.work.groups, self.work.groups.of_unit
        taken = self.chosen or {unit for unit in self._left if groups.locked(int(of_unit[unit]))}
        if not taken:
            return None
        names = self.work.names(taken)
        if self.target is None:
            return SplitOff(groups.kind, names, self.work.code(self.first), groups.by_units)
        return MovePieces(groups.kind, names, self.target, self.work.code(self.target), groups.by_units)

    def _can_go(self, group: int) -> bool:
        if self.work.groups.locked(group):
            return False
        return self.source == "any" or (group == NONE if self.source == "unassigned" else group == self.first)

    def _made(self) -> Preview:
        work, rows = self.work, np.array(sorted(self.chosen), np.int64)
        hint = _("Some were passed over: locked, or not among those wanted") if self._left else ""
        if not len(rows):
            locked = work.locked(*{int(work.groups.of_unit[unit]) for unit in self._left})
            return Preview(hint=locked or hint, warning=locked, refused=bool(self._left))
        of = work.groups.of_unit[rows]
        losing = [group for group in np.unique(of).tolist() if group != NONE]
        tallies = [work.tally(self.target, work.loads.of(rows))]
        tallies += [work.tally(group, -work.loads.of(rows[of == group])) for group in losing]
        count = len(work.names(self.chosen))
        words = ngettext("{n} unit", "{n} units", count) if work.groups.by_units else ngettext("{n} grid", "{n} grids", count)
        return Preview(
            frozenset(self.chosen), tallies=tuple(tallies), words=words.format(n=count), hint=hint, warning=work.falls(rows, self.target)
        )
