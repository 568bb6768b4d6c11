"""Beats or zones while a tool is at work on them: what they carry, what they would carry, and whether they would fall into pieces."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np

from gridplanner.edits.group_edits import locked_words
from gridplanner.i18n import _
from gridplanner.model.group_loads import group_loads, sums_of
from gridplanner.model.group_sides import Ground
from gridplanner.model.groups import NONE, Groups, code_of, groups_of, pieces_of
from gridplanner.model.lines import Ints
from gridplanner.model.units import Units
from gridplanner.settings import GridSettings
from ui.figures import amount
from ui.map.beat_layer import signed
from ui.map.tools.tool import Reach, Tally


class GroupWork:
    """The groups that a gesture works on; made once for each gesture."""

    def __init__(self, reach: Reach, groups: Groups) -> None:
        project = reach.project
        assert project.units is not None
        self.project, self.units, self.groups = project, project.units, groups
        self.loads = group_loads(project, groups)
        self.sums = sums_of(groups, self.loads.of_unit)
        never = (project.settings.grids or GridSettings()).never_cross
        self.ground = ground_of_units(project.units, tuple(sorted(never)))
        self._pieces: dict[int, int] = {}

    def group_at(self, unit: int) -> int:
        """Return the group of a unit, NONE where it is in none or there is no unit."""
        return int(self.groups.of_unit[unit]) if unit >= 0 else NONE

    def whole(self, unit: int) -> Ints:
        """Return the units that change group together with one, as rows."""
        return np.flatnonzero(self.groups.whole == self.groups.whole[unit])

    def names(self, units: Collection[int]) -> tuple[int, ...]:
        """Return what edits call some units."""
        return pieces_of(self.project, self.groups, np.array(sorted(units), np.int64))

    def code(self, group: int) -> str:
        """Return a group's code."""
        return code_of(self.groups.known, group)

    def locked(self, *groups: int) -> str:
        """Return why one of some groups stays as it is, empty where none is locked."""
        return next((locked_words(self.groups, group) for group in groups if self.groups.locked(group)), "")

    def title(self, group: int) -> str:
        """Return a group's kind and code as a line begins with it."""
        text = _("Beat {code}") if self.groups.kind == "beats" else _("Zone {code}")
        return text.format(code=self.code(group))

    def tally(self, group: int | None, change: float = 0.0) -> Tally:
        """Return the line about a group that would gain so much; None for one that would begin."""
        before = self.sums.get(group, 0.0) if group is not None else 0.0
        after, loads = before + change, self.loads
        name = self.title(group) if group is not None else _("New beat") if self.groups.kind == "beats" else _("New zone")
        gone = _("{n} persons").format(n=amount(after)) if loads.persons else ""
        told = (gone, signed(loads.deviation(after)))
        if group is not None and change:
            persons = _("{before} → {after} persons").format(before=amount(before), after=amount(after)) if loads.persons else ""
            way = (
                signed(loads.deviation(after)) if loads.persons else f"{signed(loads.deviation(before))} → {signed(loads.deviation(after))}"
            )
            told = (persons, way)
        return Tally("", before, after, loads.is_inside(after), loads.persons, name, "  ".join(filter(None, told)))

    def falls(self, moved: Ints, to: int | None) -> str:
        """Return words where a group would end or lie in more pieces than it does now, were some units to go to another group."""
        of_unit = self.groups.of_unit
        new = max(self.groups.known, default=0) + 1 if to is None else to
        after = of_unit.copy()
        after[moved] = new
        givers = [group for group in np.unique(of_unit[moved]).tolist() if group != NONE]
        for group in (*givers, new):
            pieces = self.ground.pieces(after == group, self.groups.whole)
            if not pieces:
                return _("The {group} would end").format(group=self.groups.called(group))
            if pieces > max(self._before(group), 1):
                if group not in self.groups.known:
                    return _("It would lie in {n} pieces").format(n=pieces)
                return _("The {group} would fall into {n} pieces").format(group=self.groups.called(group), n=pieces)
        return ""

    def _before(self, group: int) -> int:
        if group not in self._pieces:
            self._pieces[group] = self.ground.pieces(self.groups.of_unit == group, self.groups.whole)
        return self._pieces[group]


def work_of(reach: Reach) -> GroupWork | None:
    """Return the beats or zones that tools work on, None where there are none."""
    groups = groups_of(reach.project, reach.groups) if reach.groups else None
    return GroupWork(reach, groups) if groups is not None else None


@lru_cache(maxsize=2)
def ground_of_units(units: Units, never: tuple[str, ...]) -> Ground:
    """Return what counts pieces among some units; made once for them."""
    return Ground(units, never)
