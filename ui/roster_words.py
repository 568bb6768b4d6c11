"""What a roster is called in words and marks: its shifts, its days, its squads, what it is worth."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from gridplanner.i18n import _, ngettext
from gridplanner.model.patrol_sheet import date_words
from gridplanner.model.project import Project
from gridplanner.model.roster import LEAVE, RosterPlan
from gridplanner.model.roster_calendar import day_of, first_day, shift_words, weekday_words
from gridplanner.model.roster_calendar import day_words as calendar_words
from gridplanner.model.roster_words import proof_words

# letters of shifts whose names have none
LETTERS = {"早": "E", "晚": "L", "中": "L", "夜": "N", "白": "D", "日": "D", "上": "M", "下": "A"}
TAKEN = "FVW"  # letters of the calendar that are no shift's: fix, leave, wish


@dataclass(frozen=True)
class Marks:
    """`shifts` are the one or two signs that stand for each shift in a cell, `leave` the one for leave, `keys` what each letter sets."""

    shifts: tuple[str, ...]
    leave: str
    keys: Mapping[str, int]

    def of(self, value: int) -> str:
        """Return the signs for what stands in a cell."""
        return self.shifts[value] if value >= 0 else self.leave if value == LEAVE else ""

    def key(self, value: int) -> str:
        """Return the letter that sets a value, the first where several do, empty for none."""
        return next((key for key, sets in self.keys.items() if sets == value), "")


def clock(minutes: int) -> str:
    """Return minutes from midnight as a clock shows them."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@lru_cache(maxsize=64)
def _marks(names: tuple[str, ...], shown: tuple[str, ...], leave: str) -> Marks:
    """Return the marks of shifts by their names, and as they are `shown` in the language in use."""
    keys: dict[str, int] = {}
    for row, name in enumerate(names):
        wanted = LETTERS.get(name[:1], "") + name.upper() + (string.ascii_uppercase if name[:1] in string.ascii_letters else "")
        letter = next((sign for sign in wanted if sign in string.ascii_uppercase and sign not in TAKEN and sign not in keys), "")
        if letter:
            keys[letter] = row
    letters = {row: letter for letter, row in keys.items()}
    keys.update({str(row + 1): row for row in range(min(len(names), 9))})
    keys["V"] = LEAVE
    keys.setdefault("L", LEAVE)
    made: list[str] = []
    for row, words in enumerate(shown):
        first = words[:1]
        if first in string.ascii_letters:
            first = letters.get(row, first.upper())
        made.append(first if first not in made else words[:2] if words[:2] not in made else str(row + 1))
    return Marks(tuple(made), leave, keys)


def marks_of(plan: RosterPlan) -> Marks:
    """Return the marks of a roster's shifts in the language in use, each unlike the others, and the letters that set them."""
    names = tuple(shift.name for shift in plan.shifts)
    return _marks(names, tuple(shift_words(name) for name in names), _("V"))


def day_words(plan: RosterPlan, day: int) -> str:
    """Return the date of a column with its day of the week."""
    at = day_of(plan, day)
    return f"{date_words(at)} {weekday_words(at)}"


def short_day(plan: RosterPlan, day: int) -> str:
    """Return the day of the week, the month and the day of a column."""
    return calendar_words(day_of(plan, day))


def span_words(plan: RosterPlan) -> str:
    """Return the first and the last day."""
    return _("{begins}–{ends}").format(begins=date_words(first_day(plan)), ends=date_words(day_of(plan, plan.days - 1)))


def roster_words(project: Project) -> str:
    """Return what a roster came to, in a line."""
    plan = project.roster
    if plan is None:
        return ""
    missing = sum(round(penalty.amount) for penalty in plan.penalties if penalty.kind == "short" and not penalty.text)
    said = [
        ngettext("{n} person", "{n} people", len(plan)).format(n=len(plan)),
        ngettext("{n} day", "{n} days", plan.days).format(n=plan.days),
        ngettext("{n} duty has nobody", "{n} duties have nobody", missing).format(n=missing) if missing else _("all shifts filled"),
        proof_words(plan),
    ]
    return _("Roster: {words}").format(words=" · ".join(filter(None, said)))
