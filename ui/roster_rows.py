"""A roster as the calendar lists it: people by squad, and how many are on duty in each shift against how many are needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Ints
from gridplanner.model.roster import RosterPlan

Cell = tuple[int, int]  # person, day


@dataclass(frozen=True, eq=False)
class RosterRows:
    """`lines` (n, 2) are squad and person of each line, the person -1 in the line of the squad itself; `line` (p,) that of each person.

    `squads` are those of the plan and, where people have none of these, what theirs is called. `have` (g, d, s) people on duty, `need`
    (g, d, s). `short` and `over` (g, d, s) are how many are missing and too many.
    """

    lines: Ints
    line: Ints
    squads: tuple[str, ...]
    squad: Ints
    have: Ints
    need: Ints

    @property
    def short(self) -> Ints:
        """How many people are missing, (g, d, s)."""
        missing: Ints = np.maximum(self.need - self.have, 0)
        return missing

    @property
    def over(self) -> Ints:
        """How many people are on duty beyond what is needed, (g, d, s)."""
        extra: Ints = np.maximum(self.have - self.need, 0)
        return extra

    def members(self, squad: int) -> Ints:
        """Return the rows of the people of a squad."""
        return np.flatnonzero(self.squad == squad)


@lru_cache(maxsize=8)
def rows_of_roster(plan: RosterPlan) -> RosterRows:
    """Return the lines of a roster."""
    squads = list(plan.squads)
    squads += [name for name in dict.fromkeys(member.squad for member in plan.people) if name not in plan.squads]
    at = {name: row for row, name in enumerate(squads)}
    squad = np.array([at[member.squad] for member in plan.people], np.int64)
    have = np.zeros((len(squads), plan.days, len(plan.shifts)), np.int64)
    for shift in range(len(plan.shifts)):
        np.add.at(have[:, :, shift], squad, (plan.cells == shift).astype(np.int64))
    need = np.zeros_like(have)
    need[: len(plan.squads)] = plan.demand
    lines: list[tuple[int, int]] = []
    line = np.full(len(plan.people), -1, np.int64)
    for group in range(len(squads)):
        members = np.flatnonzero(squad == group)
        if len(squads) > 1 and len(members):
            lines.append((group, -1))
        for person in members.tolist():
            line[person] = len(lines)
            lines.append((group, person))
    return RosterRows(np.array(lines, np.int64).reshape(-1, 2), line, tuple(squads), squad, have, need)


def changed_cells(before: RosterPlan, after: RosterPlan) -> tuple[Cell, ...]:
    """Return the cells that say something else than before; none where the people or the first day are others."""
    if before.start != after.start or [member.code for member in before.people] != [member.code for member in after.people]:
        return ()
    days = min(before.days, after.days)
    people, at = np.nonzero(before.cells[:, :days] != after.cells[:, :days])
    return tuple(zip(people.tolist(), at.tolist(), strict=True))
