"""A duty roster: who works which shift on which day, where, and what it costs in wishes not met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Bools, Floats, Texts
from gridplanner.model.places import texts

Cells = NDArray[np.int8]
OFF, LEAVE = -1, -2  # what stands in a cell where no shift does


@dataclass(frozen=True)
class RosterShift:
    """A shift: clock minutes from midnight of its day; `stop` is past 1440 where it ends the next day; `night` where it counts as one."""

    name: str
    start: int
    stop: int
    night: bool = False

    @property
    def hours(self) -> float:
        """How long it lasts."""
        return (self.stop - self.start) / 60.0


@dataclass(frozen=True)
class RosterMember:
    """A person of the roster by code, never by name: its squad (or zone), skills, and its own segment or route (empty: any).

    `hours` and `points` are those of the ledger before the first day, `ahead` by how many hours, nights, days of a weekend and points it
    had more than its fair share then. `max_hours` a week, 0: as the section says.
    """

    code: str
    squad: str
    skills: tuple[str, ...] = ()
    place: str = ""
    hours: float = 0.0
    points: float = 0.0
    ahead: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    max_hours: float = 0.0


@dataclass(frozen=True)
class RosterPenalty:
    """One thing that the roster costs: `kind` of ROSTER_WEIGHTS, of which person (row, -1: none), day and shift (-1), amount and cost.

    `squad` is the one that is short or shares unevenly, `other` the person who has least where `person` has most; `text` the skill that
    is missing or the wish that is not met.
    """

    kind: str
    person: int
    day: int
    shift: int
    amount: float
    cost: float
    text: str = ""
    squad: str = ""
    other: int = -1


@dataclass(frozen=True, eq=False)
class RosterCells:
    """Leave, wishes and fixed cells as a table gives them, one row each, text as in roster_settings.RosterCell."""

    people: Texts
    days: Texts
    kinds: Texts
    shifts: Texts
    until: Texts

    def __len__(self) -> int:
        return len(self.people)


NO_ROSTER_CELLS = RosterCells(texts(), texts(), texts(), texts(), texts())


@dataclass(frozen=True, eq=False)
class RosterPlan:
    """Who is on duty when. `start` is the first day, YYYY-MM-DD.

    `cells` (p, d) int8: row of `shifts`, OFF or LEAVE; `places` (p, d) text: code of the segments or route, or of several joined by a
    semicolon; `fixed` (p, d) are cells that the planner set and the solver keeps; `before` (p, h) are the last cells of the roster before.
    `squads` (g,) and `demand` (g, d, s) how many people each squad needs. `value` is the sum of `penalties`, `bound` the least that any
    roster costs, `status` optimal, gap, hand (changed since) or none. `group` is as in the settings.
    """

    start: str
    shifts: tuple[RosterShift, ...]
    people: tuple[RosterMember, ...]
    cells: Cells
    places: Texts
    fixed: Bools
    before: Cells
    squads: tuple[str, ...]
    demand: NDArray[np.int64]
    penalties: tuple[RosterPenalty, ...] = ()
    value: float = 0.0
    bound: float = 0.0
    status: str = "none"
    group: str = "rail"
    issues: tuple[Issue, ...] = ()
    made_from: str = ""

    def __len__(self) -> int:
        return len(self.people)

    @property
    def days(self) -> int:
        """How many days it covers."""
        return int(self.cells.shape[1])

    @property
    def hours(self) -> Floats:
        """The hours that each person works in it, (p,)."""
        each = np.array([*(shift.hours for shift in self.shifts), 0.0, 0.0])  # rows -2 and -1 are leave and off
        worked: Floats = each[self.cells].sum(axis=1)
        return worked
