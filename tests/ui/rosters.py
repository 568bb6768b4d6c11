"""Towns with a roster made by hand, for the window's tests: no solver; every cell follows from its person and day."""

from __future__ import annotations

import dataclasses

import numpy as np
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from gridplanner.model.freshness import made_from
from gridplanner.model.project import Project
from gridplanner.model.rail import RailLine, RailPlan, RailSegment
from gridplanner.model.roster import LEAVE, OFF, RosterMember, RosterPenalty, RosterPlan
from gridplanner.model.roster_calendar import shifts_of
from gridplanner.settings import RosterSettings
from ui.panels.roster_page import RosterPage
from ui.roster_rows import Cell

START = "2026-01-05"  # a Monday
CYCLE = (0, 0, 1, 1, OFF, 2, OFF)  # what a person does on the days of a week, each person a day further on; keeps every rule


def rostered(project: Project, squads: int = 2, people: int = 7, days: int = 7) -> Project:
    """Return a project with guard segments, a squad's worth each, and a roster of early, late and night for them.

    Person i of a squad does CYCLE[(day + i) % 7]; the second of the first squad is on leave on the second day, and the first cell of the
    roster is fixed. Each squad needs two in the early and late shift and one at night, so that squad 1 is one short on the second day.
    """
    settings = dataclasses.replace(project.settings, roster=RosterSettings(start=START, days=days, points={"night": 2.0}))
    project = dataclasses.replace(project, rail=guarded(project, squads, people), settings=settings)
    shifts = shifts_of(settings.roster.shifts if settings.roster is not None else {})
    members = tuple(
        RosterMember(f"{squad}-{person + 1:02d}", str(squad), ("medic",) if person == 0 else (), f"{squad}-{person + 1:02d}")
        for squad in range(1, squads + 1)
        for person in range(people)
    )
    row, day = np.arange(len(members)) % people, np.arange(days)
    cells = np.array(CYCLE, np.int8)[(day[None, :] + row[:, None]) % len(CYCLE)]
    fixed = np.zeros(cells.shape, bool)
    cells[1, 1], fixed[1, 1], fixed[0, 0] = LEAVE, True, True
    places = np.empty(cells.shape, object)
    places[:] = ""
    for person, member in enumerate(members):
        places[person, cells[person] >= 0] = member.place
    demand = np.broadcast_to(np.array([2, 2, 1]), (squads, days, 3)).copy()
    penalties = (
        RosterPenalty("short", -1, 1, 1, 1, 1000.0, squad="1"),
        RosterPenalty("single", 2, 3, -1, 1, 2.0, text="on"),
        RosterPenalty("nights", 2, -1, -1, 1, 10.0, squad="1", other=1),
    )
    before = np.full((len(members), 7), OFF, np.int8)
    names = tuple(str(squad) for squad in range(1, squads + 1))
    plan = RosterPlan(START, shifts, members, cells, places, fixed, before, names, demand, penalties, 1012.0, 1000.0, "gap")
    project = dataclasses.replace(project, roster=plan)
    return dataclasses.replace(project, roster=dataclasses.replace(plan, made_from=made_from(project, "roster")))


def roster_of(project: Project) -> RosterPlan:
    """Return the roster of a project that has one."""
    assert project.roster is not None
    return project.roster


def guarded(project: Project, squads: int, people: int) -> RailPlan:
    """Return a division of the first rail line into equal pieces, one a person."""
    line = project.railway.lines.line(0)
    steps = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    ends = np.linspace(0.0, float(steps[-1]), squads * people + 1)
    segments = []
    for number, (low, high) in enumerate(zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)):
        at = np.concatenate(([low], steps[(steps > low) & (steps < high)], [high]))
        coords = np.column_stack([np.interp(at, steps, line[:, axis]) for axis in (0, 1)])
        squad, guard = number // people + 1, number % people + 1
        segments.append(RailSegment(f"{squad}-{guard:02d}", 0, squad, guard, low, high, (high - low) / 1000, coords, low, high))
    return RailPlan((RailLine("包兰线", line),), tuple(segments), made_from=made_from(project, "rail"))


def middle_of(page: RosterPage, cell: Cell) -> QPoint:
    """The middle of a cell in the viewport of the calendar."""
    calendar = page.calendar
    assert calendar.lines.rows is not None
    return calendar.visualRect(calendar.lines.index(int(calendar.lines.rows.line[cell[0]]), cell[1])).center()


def click_cell(qtbot: QtBot, page: RosterPage, cell: Cell, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Click a cell of the calendar."""
    qtbot.mouseClick(page.calendar.viewport(), Qt.MouseButton.LeftButton, keys, middle_of(page, cell))
