"""What a roster must keep and what it is weighed by, as numbers: the one reading of settings, leave and wishes that all others use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, OFF, Cells, RosterCells, RosterPlan
from gridplanner.model.roster_calendar import (
    column_of,
    day_of,
    first_day,
    gap_days,
    shift_minutes,
    week_starts,
    weekend_days,
    weekends,
)
from gridplanner.settings import RosterCell, RosterSettings

FREE, ANY = -3, -4  # of a cell: nothing is fixed; of a wish: any shift
SCALE = 100  # prices are whole hundredths of what the settings say
KINDS = ("hours", "nights", "weekends", "points")  # what is shared evenly, in the order of RosterMember.ahead
_SHIFT_NAMES = {"早班": "early", "中班": "middle", "晚班": "late", "夜班": "night", "白班": "day", "日班": "day"}
KIND_NAMES = {"leave": N_("leave"), "fixed": N_("a fixed shift"), "want": N_("a wish"), "avoid": N_("a wish")}
OFF_WORDS = ("off", "rest", "休", "休息", "轮休")


@dataclass(frozen=True)
class RosterWish:
    """What a person wishes on a day (columns): `kind` want or avoid; `shift` a row, OFF or ANY; `price` where it is not met."""

    person: int
    day: int
    kind: str
    shift: int
    price: int

    def is_met(self, cell: int) -> bool:
        """Return whether what stands in the cell is as wished; who is on leave wishes nothing."""
        if cell == LEAVE:
            return True
        there = cell >= 0 if self.shift == ANY else cell == self.shift
        return there == (self.kind == "want")


@dataclass(frozen=True, eq=False)
class RosterShare:
    """What a squad's people share evenly: `amount` (d, s) whole units of each cell, one is `unit` hours (nights, …) and costs `price`.

    `start` (n,) units that each of the people `rows` (n,) begins with: what it had ahead, less what it is due for the days it is there;
    `due` (n,) is that in hours (nights, …).
    """

    kind: str
    group: int
    rows: Ints
    amount: Ints
    unit: float
    price: int
    start: Ints
    due: Floats


@dataclass(frozen=True, eq=False)
class RosterRules:
    """p people, d days, s shifts, g squads, k skills.

    `gap` (s, s) days from one shift to the next at least; `weekends` (w, 2) and `weeks` columns of days; `week_minutes`, `cycle_minutes`
    (p,); `leave` (p, d); `fixed` (p, d) FREE, OFF or a shift; `able` (k, p), `skill_demand` (k, g, d, s); prices in hundredths.
    """

    minutes: Ints
    gap: Ints
    nights: Bools
    weekend: Bools
    weekends: Ints
    weeks: Ints
    group: Ints
    demand: Ints
    pairs: Bools
    week_minutes: Ints
    cycle_minutes: Ints
    max_run: int
    max_nights: int
    min_off: int
    max_weekends: int
    before: Cells
    leave: Bools
    fixed: Cells
    wishes: tuple[RosterWish, ...]
    skills: tuple[str, ...]
    able: Bools
    skill_demand: Ints
    shares: tuple[RosterShare, ...]
    prices: Mapping[str, int]
    issues: tuple[Issue, ...] = ()


def rules_of(project: Project, plan: RosterPlan) -> RosterRules:
    """Return the rules of a roster: of its section, of leave, wishes and fixed cells, and of what was set by hand.

    Of `plan` its people, shifts, days, demand, `fixed` cells and the days before are read; what the other cells hold does not matter.
    """
    return _rules(project.settings.roster or RosterSettings(), project.roster_cells, plan)


@lru_cache(maxsize=8)
def _rules(section: RosterSettings, given: RosterCells, plan: RosterPlan) -> RosterRules:
    start, days, shifts = first_day(plan), plan.days, plan.shifts
    cells, issues = _known_cells(plan, section, given)
    leave, fixed, wishes = _cells(plan, section, cells)
    minutes = shift_minutes(shifts)
    week = np.array([round(60 * (member.max_hours or section.max_hours_week)) for member in plan.people], np.int64)
    skills = tuple(sorted({skill for wanted in section.skill_demand.values() for skill in wanted}))
    pairs = np.array([shift.name in section.pair_shifts for shift in shifts], bool)
    weekend = weekend_days(start, days)
    nights = np.array([shift.night for shift in shifts], bool)
    group = groups_of(plan)
    return RosterRules(
        minutes=minutes, gap=gap_days(shifts, section.rest_hours), nights=nights,
        weekend=weekend, weekends=weekends(start, days), weeks=week_starts(start, days), group=group, demand=plan.demand, pairs=pairs,
        week_minutes=week, cycle_minutes=week * days // 7 if days >= 14 else np.full(len(plan), days * int(minutes.max(initial=0))),
        max_run=section.max_run, max_nights=section.max_nights, min_off=section.min_off_run, max_weekends=section.max_weekends,
        before=plan.before, leave=leave, fixed=fixed, wishes=wishes, skills=skills,
        able=np.array([[skill in member.skills for member in plan.people] for skill in skills], bool).reshape(len(skills), len(plan)),
        skill_demand=_skill_demand(plan, section, skills), shares=_shares(plan, section, leave, week, weekend, group),
        prices={name: round(SCALE * section.weights[name]) for name in ("short", "over", "change", "single")},
        issues=(*issues, *_contradictions(plan, cells)),
    )  # fmt: skip


def groups_of(plan: RosterPlan) -> Ints:
    """Return the row of each person's squad, (p,)."""
    row = {squad: i for i, squad in enumerate(plan.squads)}
    return np.array([row[member.squad] for member in plan.people], np.int64)


@dataclass(frozen=True)
class _Known:
    """What is said of a person's days: columns from … to, clipped to the roster's."""

    person: int
    days: range
    kind: str
    shift: int
    weight: float


def _known_cells(plan: RosterPlan, section: RosterSettings, given: RosterCells) -> tuple[list[_Known], tuple[Issue, ...]]:
    """Return what the settings and the table say of the roster's people and days, and what they say of nobody."""
    row = {member.code: i for i, member in enumerate(plan.people)}
    found: list[_Known] = []
    unknown: dict[str, Issue] = {}
    for cell in (*section.cells, *_rows(given)):
        days = _columns(plan, cell)
        if not len(days):
            continue
        shift = shift_row(plan, cell.shift, cell.kind)
        if cell.person not in row:
            near = get_close_matches(cell.person, tuple(row), n=1)
            text = N_("There is nobody called {person} in the roster; {what} was left aside; did you mean {near}?")
            if not near:
                text = N_("There is nobody called {person} in the roster; {what} was left aside; people are called {near}")
            values = {"person": cell.person, "what": KIND_NAMES[cell.kind], "near": near[0] if near else ", ".join([*list(row)[:5], "…"])}
            unknown[cell.person] = Issue(Level.WARNING, "roster", text, values, "roster", cell.person)
        elif shift is None:
            text = N_("{person}: {what} names the shift {shift}, which there is not, and was left aside")
            values = {"person": cell.person, "what": KIND_NAMES[cell.kind], "shift": cell.shift}
            unknown[f"{cell.person} {cell.shift}"] = Issue(Level.WARNING, "roster", text, values, "roster", cell.person)
        else:
            found.append(_Known(row[cell.person], days, cell.kind, shift, cell.weight))
    return found, tuple(unknown.values())


def _contradictions(plan: RosterPlan, cells: list[_Known]) -> list[Issue]:
    """Return who has leave and a fixed shift, or two fixed shifts, on the same day."""
    held: dict[int, dict[int, set[int]]] = {}
    for cell in cells:
        if cell.kind in {"leave", "fixed"}:
            for day in cell.days:
                value = OFF if cell.kind == "leave" else cell.shift  # a day off that is fixed is no contradiction to leave
                held.setdefault(cell.person, {}).setdefault(day, set()).add(value)
    found = []
    for person, days in sorted(held.items()):
        odd = sorted(day for day, values in days.items() if len(values) > 1)
        if odd:
            text = N_("{person}: leave and fixed shifts contradict one another on {days}; leave holds, otherwise what was given last")
            told = ", ".join(day_of(plan, day).isoformat() for day in odd[:5]) + (" …" if odd[5:] else "")
            code = plan.people[person].code
            found.append(Issue(Level.WARNING, "roster", text, {"person": code, "days": told}, "roster", code))
    return found


def _rows(given: RosterCells) -> Iterator[RosterCell]:
    for values in zip(given.people, given.days, given.kinds, given.shifts, given.until, strict=True):
        person, day, kind, shift, until = (str(value) for value in values)
        try:
            yield RosterCell(person, day, kind, shift, until)
        except ValueError:  # what cannot be understood was told when it was read
            continue


def _columns(plan: RosterPlan, cell: RosterCell) -> range:
    first = column_of(plan, date.fromisoformat(cell.day))
    last = column_of(plan, date.fromisoformat(cell.until)) if cell.until else first
    return range(max(first, 0), min(last + 1, plan.days))


def shift_row(plan: RosterPlan, text: str, kind: str = "want") -> int | None:
    """Return the row of a shift by its name, OFF or ANY; None for a name that there is not. A fixed cell without a name is off."""
    word = text.strip().casefold()
    if not word:
        return OFF if kind == "fixed" else ANY
    if word in OFF_WORDS:
        return OFF
    names = (word, _SHIFT_NAMES.get(word, word))
    return next((row for row, shift in enumerate(plan.shifts) if shift.name.casefold() in names), None)


def _cells(plan: RosterPlan, section: RosterSettings, cells: list[_Known]) -> tuple[Bools, Cells, tuple[RosterWish, ...]]:
    """Return leave, fixed cells and wishes; what the planner set by hand comes last and holds."""
    leave = np.zeros(plan.cells.shape, bool)
    fixed = np.full(plan.cells.shape, FREE, np.int8)
    wishes: list[RosterWish] = []
    for cell in cells:
        days = slice(cell.days.start, cell.days.stop)
        if cell.kind == "leave":
            leave[cell.person, days] = True
        elif cell.kind == "fixed":
            fixed[cell.person, days] = cell.shift
        else:
            price = round(SCALE * section.weights["wish"] * cell.weight)
            wishes += [RosterWish(cell.person, day, cell.kind, cell.shift, price) for day in cell.days]
    fixed[leave] = OFF
    away = plan.fixed & (plan.cells == LEAVE)
    leave |= away
    fixed[plan.fixed] = np.maximum(plan.cells[plan.fixed], OFF)
    return leave, fixed, tuple(wishes)


def _skill_demand(plan: RosterPlan, section: RosterSettings, skills: tuple[str, ...]) -> Ints:
    """Return how many people of a skill each squad needs wherever it needs anybody, (k, g, d, s)."""
    wanted = np.zeros((len(skills), *plan.demand.shape), np.int64)
    for column, shift in enumerate(plan.shifts):
        for skill, number in section.skill_demand.get(shift.name, {}).items():
            wanted[skills.index(skill), :, :, column] = np.minimum(number, plan.demand[:, :, column])
    return wanted


def _shares(plan: RosterPlan, section: RosterSettings, leave: Bools, week: Ints, weekend: Bools, group: Ints) -> tuple[RosterShare, ...]:
    """Return what each squad shares evenly: hours, nights, days of weekends, points; shares follow the days that one is there."""
    minutes = shift_minutes(plan.shifts)
    night = np.array([shift.night for shift in plan.shifts], float)
    points = np.array([section.points.get(shift.name, 0.0) for shift in plan.shifts]) * minutes / 60.0
    all_days = np.ones((plan.days, 1))
    amounts = {
        "hours": all_days * (minutes / 60.0), "nights": all_days * night, "weekends": weekend[:, None] * np.ones(len(minutes)),
        "points": all_days * points,
    }  # fmt: skip
    there = (~leave).sum(axis=1) * week / max(float(week.max(initial=0)), 1.0)  # days, fewer where one works fewer hours
    capacity = week / 60.0 * (~leave).sum(axis=1) / 7.0
    found = []
    for kind, amount in amounts.items():
        whole, unit = whole_units(amount)
        price = round(SCALE * section.weights[kind] * unit)
        if not price or not whole.any():
            continue
        for squad in range(len(plan.squads)):
            rows = np.flatnonzero((group == squad) & (there > 0))
            if len(rows) < 2:
                continue
            wanted = float((plan.demand[squad] * amount).sum())
            hours = float((plan.demand[squad] * amounts["hours"]).sum())
            wanted *= min(1.0, float(capacity[rows].sum()) / max(hours, 1e-9))  # nobody is due what nobody can work
            due = wanted * there[rows] / there[rows].sum()
            ahead = np.array([plan.people[row].ahead[KINDS.index(kind)] for row in rows.tolist()])
            start = np.rint((ahead - due) / unit).astype(np.int64)
            found.append(RosterShare(kind, squad, rows, whole, unit, price, start, due))
    return tuple(found)


def whole_units(amount: Floats) -> tuple[Ints, float]:
    """Return amounts as whole numbers of the largest unit that measures all of them to a thousandth, and that unit.

    >>> whole_units(np.array([[8.0, 12.0, 0.0]]))
    (array([[2, 3, 0]]), 4.0)
    """
    fine = np.rint(1000.0 * amount).astype(np.int64)
    unit = int(np.gcd.reduce(fine.ravel())) if fine.size else 0
    return (fine // unit, unit / 1000.0) if unit else (fine, 1.0)
