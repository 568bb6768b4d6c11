"""The days and shifts of a roster: clock hours, nights, weekends, weeks, and how many days must lie between two shifts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from gridplanner.i18n import N_, _
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.roster import RosterPlan, RosterShift

DAY = 1440  # minutes
NIGHT_FROM, NIGHT_TO = 22 * 60, 6 * 60  # the hours of the night
NIGHT_MINUTES = 180  # of them that make a shift a night shift, as Directive 2003/88/EC, article 2, has it
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def shifts_of(hours: Mapping[str, Sequence[float]]) -> tuple[RosterShift, ...]:
    """Return the shifts that clock hours (from, to) say; one that ends at or before it begins ends the next day.

    >>> [(shift.stop, shift.night) for shift in shifts_of({"late": (16, 24), "night": (20, 8), "day": (8, 8)})]
    [(1440, False), (1920, True), (1920, True)]
    """
    found = []
    for name, (begins, ends) in hours.items():
        start, stop = round(60 * begins), round(60 * ends)
        stop += DAY if stop <= start else 0
        found.append(RosterShift(name, start, stop, is_night(start, stop)))
    return tuple(found)


def is_night(start: int, stop: int) -> bool:
    """Return whether three hours at least of a shift lie between 22 and 6 o'clock."""
    lit = sum(
        max(0, min(stop, day * DAY + DAY + NIGHT_TO) - max(start, day * DAY + NIGHT_FROM)) for day in range(-1, math.ceil(stop / DAY) + 1)
    )
    return lit >= NIGHT_MINUTES


def shift_minutes(shifts: Sequence[RosterShift]) -> Ints:
    """Return how long each shift lasts, (s,)."""
    return np.array([shift.stop - shift.start for shift in shifts], np.int64)


def gap_days(shifts: Sequence[RosterShift], rest_hours: float) -> Ints:
    """Return how many days after a shift (row) begins another (column) may begin at the earliest, 1: the next day, (s, s)."""
    start, stop = (np.array([getattr(shift, name) for shift in shifts], np.int64) for name in ("start", "stop"))
    days: Ints = np.maximum(np.ceil((stop[:, None] + 60.0 * rest_hours - start[None, :]) / DAY).astype(np.int64), 1)
    return days


def rest_between(first: RosterShift, second: RosterShift, days: int) -> float:
    """Return the hours between two shifts that begin so many days after one another."""
    return (days * DAY + second.start - first.stop) / 60.0


def first_day(plan: RosterPlan) -> date:
    """Return the first day of a roster."""
    return date.fromisoformat(plan.start)


def day_of(plan: RosterPlan, column: int) -> date:
    """Return the day of a column of the cells."""
    return first_day(plan) + timedelta(days=column)


def column_of(plan: RosterPlan, day: date) -> int:
    """Return the column of a day, which may lie before or after the roster's."""
    return (day - first_day(plan)).days


def weekend_days(start: date, days: int) -> Bools:
    """Return which days are Saturdays and Sundays, (days,)."""
    return np.array([(start + timedelta(days=i)).weekday() >= 5 for i in range(days)], bool)


def weekends(start: date, days: int) -> Ints:
    """Return the columns of Saturday and Sunday of each weekend that has a day in the roster, (w, 2); a column may lie outside."""
    saturday = 5 - start.weekday()
    first = saturday if saturday >= -1 else saturday + 7  # a roster that begins on a Sunday has half a weekend
    return np.array([(column, column + 1) for column in range(first, days, 7)], np.int64).reshape(-1, 2)


def week_starts(start: date, days: int) -> Ints:
    """Return the columns of the Mondays of all weeks that have a day in the roster; the first may be negative."""
    return np.arange(-start.weekday(), days, 7)


def coming_monday(today: date) -> date:
    """Return the first Monday after a day."""
    return today + timedelta(days=7 - today.weekday())


def weekday_words(day: date) -> str:
    """Return the short name of a day of the week in the language in use."""
    return _(WEEKDAYS[day.weekday()])


def day_words(day: date) -> str:
    """Return a day with its day of the week in the language in use."""
    return _("{weekday} {month:02d}-{day:02d}").format(weekday=weekday_words(day), month=day.month, day=day.day)


def clock_span(shift: RosterShift) -> str:
    """Return the hours of a shift, such as 08:00–16:00; 24:00 and what is past it is told as such.

    >>> clock_span(RosterShift("night", 1200, 1920))
    '20:00–08:00 (+1)'
    """
    stop, later = shift.stop, 0
    while stop > DAY:
        stop, later = stop - DAY, later + 1
    return f"{shift.start // 60:02d}:{shift.start % 60:02d}–{stop // 60:02d}:{stop % 60:02d}" + (f" (+{later})" if later else "")


SHIFT_WORDS: Mapping[str, str] = {
    "early": N_("early shift"), "late": N_("late shift"), "night": N_("night shift"), "day": N_("day shift"), "middle": N_("middle shift"),
}  # fmt: skip


def shift_words(shift: RosterShift | str) -> str:
    """Return what a shift is called: a name that the program knows in the language in use, any other as it is."""
    name = shift if isinstance(shift, str) else shift.name
    return _(SHIFT_WORDS[name]) if name in SHIFT_WORDS else name
