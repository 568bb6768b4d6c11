"""A straight railway whose guards are rostered: squads of as many guards, a segment each, and no map beside it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.roster import OFF, RosterMember, RosterPlan
from gridplanner.model.roster_calendar import shifts_of
from gridplanner.model.roster_findings import followed
from gridplanner.model.roster_places import no_places, with_places
from gridplanner.settings import ProjectSettings, RailSettings, RosterSettings, Settings

MONDAY = "2026-01-05"
SIGNS = {"e": "early", "l": "late", "n": "night"}
KILOMETRE = 1000.0


def guarded_line(squads: int = 1, guards: int = 4, **roster: Any) -> Project:
    """Return a project with a rail plan of one kilometre a guard and the settings of a roster."""
    count = squads * guards
    line = RailLine("line", np.array([[0.0, 0.0], [KILOMETRE * count, 0.0]]))
    segments = []
    for number in range(count):
        squad, guard = number // guards + 1, number % guards + 1
        low, high = KILOMETRE * number, KILOMETRE * (number + 1)
        coords = np.array([[low, 0.0], [high, 0.0]])
        segments.append(RailSegment(f"{squad}-{guard:02d}", 0, squad, guard, low, high, 1.0, coords, low, high))
    section = RosterSettings(**{"start": MONDAY, **roster})
    settings = Settings(project=ProjectSettings("line"), rail=RailSettings(squads=squads, guards=count), roster=section)
    return Project(settings=settings, crs="EPSG:4545", rail=RailPlan((line,), tuple(segments)))


def rostered(project: Project, *rows: str, before: tuple[str, ...] = (), demand: dict[str, int] | None = None) -> Project:
    """Return the project with a roster as drawn: a row a person, `e` early, `l` late, `n` night, `v` leave, `.` off."""
    section = project.settings.roster or RosterSettings()
    shifts = shifts_of(section.shifts)
    names = [shift.name for shift in shifts]
    wanted = [(demand or dict(section.demand)).get(name, 0) for name in names]
    people = tuple(RosterMember(f"1-{number:02d}", "1", place=f"1-{number:02d}") for number in range(1, len(rows) + 1))
    cells = drawn(rows, names)
    plan = RosterPlan(
        start=section.start, shifts=shifts, people=people, cells=cells, places=no_places(*cells.shape), fixed=np.zeros(cells.shape, bool),
        before=drawn(before, names) if before else np.empty((len(rows), 0), np.int8), squads=("1",),
        demand=np.broadcast_to(np.array(wanted, np.int64), (1, cells.shape[1], len(shifts))), status="optimal",
    )  # fmt: skip
    return dataclasses.replace(project, roster=followed(project, with_places(project, plan)))


def drawn(rows: tuple[str, ...], names: list[str]) -> np.ndarray:
    """Return drawn rows as cells."""
    value = {".": OFF, "v": OFF - 1, **{sign: names.index(name) for sign, name in SIGNS.items() if name in names}}
    return np.array([[value[sign] for sign in row] for row in rows], np.int8)


def picture(plan: RosterPlan) -> list[str]:
    """Return a roster as it would be drawn."""
    sign = {OFF: ".", OFF - 1: "v", **{row: shift.name[0] for row, shift in enumerate(plan.shifts)}}
    return ["".join(sign[int(cell)] for cell in row) for row in plan.cells]
