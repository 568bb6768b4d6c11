"""The rows of the roster: one for each duty of a person on a day."""

from __future__ import annotations

from typing import Any

import numpy as np

from gridplanner.io.layer_columns import LayerRows, no_places, rows_of
from gridplanner.model.project import Project
from gridplanner.model.roster_calendar import day_of, weekday_words
from gridplanner.model.street_words import clock_words


def roster(project: Project) -> LayerRows | None:
    """Return a row for each duty, day after day and shift after shift; None where there is no roster."""
    plan = project.roster
    if plan is None:
        return None
    days, people = np.nonzero(plan.cells.T >= 0)
    starts = np.array([shift.start for shift in plan.shifts], np.int64)
    order = np.lexsort((people, starts[plan.cells[people, days]] if len(people) else people, days))
    duties = list(zip(people[order].tolist(), days[order].tolist(), strict=True))
    shifts = [plan.shifts[plan.cells[person, day]] for person, day in duties]
    members = [plan.people[person] for person, _day in duties]
    dates = [day_of(plan, day) for _person, day in duties]
    codes = [str(plan.places[person, day]) for person, day in duties]
    columns: dict[str, Any] = {
        "date": [day.isoformat() for day in dates], "weekday": [weekday_words(day) for day in dates],
        "shift": [shift.name for shift in shifts], "squad": [member.squad for member in members],
        "guard": [member.code for member in members], "hours": [shift.hours for shift in shifts],
        "starts": [clock_words(shift.start) for shift in shifts], "ends": [clock_words(shift.stop) for shift in shifts],
        "route_code" if plan.group == "patrol" else "seg_code": codes,
    }  # fmt: skip
    return rows_of("roster", no_places(len(duties)), columns)
