"""What went before a roster: the last days of the one before it, and the ledger that it carries on."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date

import numpy as np

from gridplanner.model.lines import Bools, Floats
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, OFF, Cells, RosterMember, RosterPlan, RosterShift
from gridplanner.model.roster_calendar import column_of, shift_minutes
from gridplanner.model.roster_rules import KINDS, rules_of
from gridplanner.model.roster_score import amounts_of
from gridplanner.settings import RosterSettings

LEAST_DAYS = 14  # before the first that are kept


def with_ledger(project: Project, people: Sequence[RosterMember], start: date) -> tuple[RosterMember, ...]:
    """Return the people with hours and points as they stand before `start`, and by how much each is ahead of its fair share.

    Both come from the roster before. Without one they are as the settings say, and who has more hours than the mean of its squad is ahead
    by that. Somebody new is as far ahead as the mean of its squad: nobody has to catch up with what was before.
    """
    last = project.roster
    if last is None or column_of(last, start) < 0:
        return tuple(_begun(member, people) for member in people)
    days = min(column_of(last, start), last.days)
    worked = np.append(shift_minutes(last.shifts), (0, 0))[last.cells[:, :days]].sum(axis=1) / 60.0
    section = project.settings.roster or RosterSettings()
    each = np.array([*(section.points.get(shift.name, 0.0) * shift.hours for shift in last.shifts), 0.0, 0.0])
    points = each[last.cells[:, :days]].sum(axis=1)
    ahead = _ahead(project, last, days)
    rows = {member.code: row for row, member in enumerate(last.people)}
    found = []
    for member in people:
        row = rows.get(member.code)
        if row is None:
            found.append(member)
            continue
        earlier = last.people[row]
        found.append(
            dataclasses.replace(
                member, hours=round(earlier.hours + float(worked[row]), 4), points=round(earlier.points + float(points[row]), 4),
                ahead=tuple(round(value, 4) for value in ahead[row].tolist()),
            )
        )  # fmt: skip
    return tuple(found)


def _begun(member: RosterMember, people: Sequence[RosterMember]) -> RosterMember:
    mates = [other for other in people if other.squad == member.squad]
    hours, points = (getattr(member, name) - sum(getattr(mate, name) for mate in mates) / len(mates) for name in ("hours", "points"))
    return dataclasses.replace(member, ahead=(round(hours, 4), 0.0, 0.0, round(points, 4)))


def _ahead(project: Project, last: RosterPlan, days: int) -> Floats:
    """Return by how much each person was ahead after some days of a roster, (p, 4) as in KINDS, about the mean of its squad."""
    ahead = np.array([member.ahead for member in last.people], float).reshape(len(last), len(KINDS))
    rules = rules_of(project, last)
    cells = last.cells.copy()
    cells[:, days:] = OFF
    for share in rules.shares:
        column = KINDS.index(share.kind)
        ahead[share.rows, column] += amounts_of(share, cells) * share.unit - share.due * days / last.days
    for squad in np.unique(rules.group).tolist():
        mine = rules.group == squad
        ahead[mine] -= ahead[mine].mean(axis=0)
    return ahead


def days_before(last: RosterPlan | None, people: Sequence[RosterMember], shifts: Sequence[RosterShift], start: date, most: int) -> Cells:
    """Return the cells of the days right before `start` (p, h) as the last roster has them, `most` days or fourteen; none after a gap."""
    column = -1 if last is None else column_of(last, start)
    if last is None or not 0 <= column <= last.days:
        return np.empty((len(people), 0), np.int8)
    whole = np.concatenate((last.before, last.cells[:, :column]), axis=1)[:, -max(LEAST_DAYS, most) :]
    return _translated(last, whole, people, shifts)


def set_by_hand(
    last: RosterPlan | None, people: Sequence[RosterMember], shifts: Sequence[RosterShift], start: date, days: int
) -> tuple[Cells, Bools]:
    """Return the cells (p, d) that the planner set in the last roster on these days and which they are, as its people still have them."""
    cells = np.full((len(people), days), OFF, np.int8)
    fixed = np.zeros((len(people), days), bool)
    if last is None:
        return cells, fixed
    shift = column_of(last, start)
    first, stop = max(-shift, 0), min(last.days - shift, days)
    if first < stop:
        mine = slice(first + shift, stop + shift)
        cells[:, first:stop] = _translated(last, last.cells[:, mine], people, shifts)
        rows = {member.code: row for row, member in enumerate(last.people)}
        names = {one.name for one in shifts}
        known = np.array([*(one.name in names for one in last.shifts), True, True])
        kept = last.fixed[:, mine] & known[last.cells[:, mine]]
        for row, member in enumerate(people):
            if member.code in rows:
                fixed[row, first:stop] = kept[rows[member.code]]
        cells[~fixed] = OFF
    return cells, fixed


def _translated(last: RosterPlan, cells: Cells, people: Sequence[RosterMember], shifts: Sequence[RosterShift]) -> Cells:
    """Return cells of other people and shifts by those of now; who was not there was off, and so is a shift that there is no more."""
    now = {shift.name: row for row, shift in enumerate(shifts)}
    row_of = np.array([*(now.get(shift.name, OFF) for shift in last.shifts), LEAVE, OFF], np.int8)
    rows = {member.code: row for row, member in enumerate(last.people)}
    found = np.full((len(people), cells.shape[1]), OFF, np.int8)
    for row, member in enumerate(people):
        if member.code in rows:
            found[row] = row_of[cells[rows[member.code]]]
    return found
