"""What a roster comes to: hours, nights and weekends of each person, the ledger of hours and points, and who is on duty together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gridplanner.model.duty_data import Staff
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, OFF, RosterPlan
from gridplanner.model.roster_calendar import first_day, weekend_days, weekends
from gridplanner.settings import RosterSettings


@dataclass(frozen=True, eq=False)
class RosterFigures:
    """One row a person, (p,) each: `shifts`, `hours`, `nights`, `weekend_days`, `weekends`, days `off` and on `leave`, `points`.

    `total_hours` and `total_points` are the ledger after the last day: with what each person brought.
    """

    shifts: Ints
    hours: Floats
    nights: Ints
    weekend_days: Ints
    weekends: Ints
    off: Ints
    leave: Ints
    points: Floats
    total_hours: Floats
    total_points: Floats


def roster_figures(project: Project, plan: RosterPlan) -> RosterFigures:
    """Return the figures of each person; points as the settings give them for an hour of each shift."""
    return _figures(project.settings.roster or RosterSettings(), plan)


@lru_cache(maxsize=4)
def _figures(section: RosterSettings, plan: RosterPlan) -> RosterFigures:
    on = plan.cells >= 0
    night = np.array([*(shift.night for shift in plan.shifts), False, False])
    each = np.array([*(section.points.get(shift.name, 0.0) * shift.hours for shift in plan.shifts), 0.0, 0.0])
    weekend = weekend_days(first_day(plan), plan.days)
    padded = np.concatenate((on, np.zeros((len(plan), 1), bool)), axis=1)  # a column outside the days is the last one: off
    pairs = [padded[:, [column if 0 <= column < plan.days else plan.days for column in pair]].any(axis=1)
             for pair in weekends(first_day(plan), plan.days).tolist()]  # fmt: skip
    points = each[plan.cells].sum(axis=1)
    return RosterFigures(
        shifts=on.sum(axis=1), hours=plan.hours, nights=night[plan.cells].sum(axis=1), weekend_days=(on & weekend).sum(axis=1),
        weekends=np.sum(pairs, axis=0, dtype=np.int64) if pairs else np.zeros(len(plan), np.int64),
        off=(plan.cells == OFF).sum(axis=1), leave=(plan.cells == LEAVE).sum(axis=1), points=points,
        total_hours=np.array([member.hours for member in plan.people]) + plan.hours,
        total_points=np.array([member.points for member in plan.people]) + points,
    )  # fmt: skip


@dataclass(frozen=True)
class OnDuty:
    """Somebody on duty on a day: `shift` a row of the shifts, `name` and work `phone` as the staff list has them, else empty."""

    person: int
    shift: int
    squad: str
    code: str
    place: str
    name: str = ""
    phone: str = ""


def on_duty_together(project: Project, plan: RosterPlan, day: int) -> tuple[OnDuty, ...]:
    """Return who is on duty on a day (column), shift after shift and squad after squad: the phone list of those on duty together.

    Names and phones are those of the staff list whose unit is the person's code, else its own segment or route; nothing else is known.
    """
    known = _by_unit(project.staff)
    found = []
    for shift in sorted(range(len(plan.shifts)), key=lambda row: plan.shifts[row].start):
        for person in np.flatnonzero(plan.cells[:, day] == shift).tolist():
            member = plan.people[person]
            name, phone = known.get(member.code) or known.get(member.place) or ("", "")
            found.append(OnDuty(person, shift, member.squad, member.code, str(plan.places[person, day]), name, phone))
    return tuple(sorted(found, key=lambda one: (plan.shifts[one.shift].start, plan.squads.index(one.squad), one.person)))


@lru_cache(maxsize=4)
def _by_unit(staff: Staff) -> dict[str, tuple[str, str]]:
    rows = zip(staff.units, staff.names, staff.phones, strict=True)
    return {str(unit): (str(name), str(phone)) for unit, name, phone in reversed(list(rows)) if unit}


def gap_of(plan: RosterPlan) -> float:
    """Return by how many per cent the roster may be dearer than the best, of what it costs."""
    return 100.0 * max(plan.value - plan.bound, 0.0) / plan.value if plan.value > 0 else 0.0


def roster_section(project: Project) -> dict[str, Any] | None:
    """Return the roster's figures as plain values, for the summary; None where there is none.

    `short` are the duties that nobody has, `broken` the hard rules broken by hand, `spread` the most less the least of a squad's people.
    """
    plan = project.roster
    if plan is None or not len(plan):
        return None
    found = roster_figures(project, plan)
    kinds = Counter(penalty.kind for penalty in plan.penalties)
    spread = {kind: max((p.amount for p in plan.penalties if p.kind == kind), default=0.0) for kind in ("hours", "nights", "weekends")}
    return {
        "for": plan.group, "start": plan.start, "days": plan.days, "people": len(plan), "squads": len(plan.squads),
        "shifts": len(plan.shifts), "demand": int(plan.demand.sum()), "duties": int(found.shifts.sum()),
        "short": round(sum(p.amount for p in plan.penalties if p.kind == "short" and not p.text)),
        "over": round(sum(p.amount for p in plan.penalties if p.kind == "over")),
        "hours": round(float(found.hours.sum()), 2), "hours_min": round(float(found.hours.min()), 2),
        "hours_max": round(float(found.hours.max()), 2), "nights_min": int(found.nights.min()), "nights_max": int(found.nights.max()),
        "hours_spread": round(spread["hours"], 2),
        "nights_spread": round(spread["nights"], 2), "weekends_spread": round(spread["weekends"], 2),
        "wishes_missed": kinds["wish"], "broken": sum(issue.kind == "roster" and issue.level == "error" for issue in plan.issues),
        "status": plan.status, "value": round(plan.value, 2), "bound": round(plan.bound, 2),
        "gap_pct": round(gap_of(plan), 2),
    }  # fmt: skip
