"""Who is on duty at a time and where: for the list with work phones, and for the map."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

import numpy as np

from gridplanner.model.project import Project
from gridplanner.model.roster import RosterPlan
from gridplanner.model.roster_calendar import DAY, column_of
from gridplanner.model.roster_figures import OnDuty, on_duty_together

Moment = tuple[int, int]  # column of a day, clock minute


def on_duty_at(project: Project, plan: RosterPlan, moment: Moment) -> tuple[OnDuty, ...]:
    """Return who is on duty at a moment, squad by squad; a shift that goes on past midnight counts on the day after."""
    there = {(day, person) for person, day, _shift in _cells_at(plan, moment)}
    days = sorted({day for day, _person in there})
    found = [one for day in days for one in on_duty_together(project, plan, day) if (day, one.person) in there]
    order = {name: row for row, name in enumerate(plan.squads)}
    return tuple(sorted(found, key=lambda one: (order.get(one.squad, len(order)), one.shift, one.person)))


@lru_cache(maxsize=32)
def manned(plan: RosterPlan, moment: Moment) -> Mapping[str, str]:
    """Return for each segment or route that has people on duty at a moment who they are."""
    found: dict[str, list[str]] = {}
    for person, day, _shift in _cells_at(plan, moment):
        for place in filter(None, (part.strip() for part in str(plan.places[person, day]).split(";"))):
            found.setdefault(place, []).append(plan.people[person].code)
    return {place: ", ".join(codes) for place, codes in found.items()}


def moment_of_shift(plan: RosterPlan, day: int, shift: int) -> Moment:
    """Return when a shift of a day begins."""
    return day, plan.shifts[shift].start


def moment_of_clock(plan: RosterPlan, now: datetime) -> Moment | None:
    """Return a time as a moment of the roster, None where it lies outside it."""
    day = column_of(plan, now.date())
    return (day, 60 * now.hour + now.minute) if 0 <= day < plan.days else None


def shifts_at(plan: RosterPlan, minute: int) -> tuple[int, ...]:
    """Return the shifts that are on at a clock minute, last those that began the day before."""
    return tuple(row for ago in (0, 1) for row, shift in enumerate(plan.shifts) if shift.start <= minute + ago * DAY < shift.stop)


def _cells_at(plan: RosterPlan, moment: Moment) -> list[tuple[int, int, int]]:
    """Return person, day and shift of those on duty."""
    day, minute = moment
    found = []
    for ago in (1, 0):
        if not 0 <= day - ago < plan.days:
            continue
        at = minute + ago * DAY
        open_now = [row for row, shift in enumerate(plan.shifts) if shift.start <= at < shift.stop]
        column = plan.cells[:, day - ago]
        found += [(person, day - ago, int(column[person])) for person in np.flatnonzero(np.isin(column, open_now)).tolist()]
    return found
