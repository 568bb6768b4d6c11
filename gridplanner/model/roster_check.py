"""Which hard rules a roster breaks: rest, hours of a week, days and nights in a row, days off, weekends, leave, nobody alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.roster import OFF, Cells
from gridplanner.model.roster_rules import RosterRules

# rules in the order in which they are told; the words say what stands against a cell
RULES = {
    "leave": N_("is on leave"), "rest": N_("rests too short between two shifts"), "hours": N_("has the most hours of a week already"),
    "cycle": N_("has the most hours of the whole roster already"), "run": N_("has the most days on duty in a row already"),
    "nights": N_("has the most nights in a row already"), "off": N_("needs more days off in a row"),
    "weekends": N_("has the most weekends on duty already"), "alone": N_("would be alone in a shift for two"),
}  # fmt: skip


@dataclass(frozen=True)
class Broken:
    """A rule that is broken: of RULES, by which person (row) on which day (column; the later of two); `amount` by what it is told."""

    rule: str
    person: int
    day: int
    amount: float = 0.0


@dataclass(frozen=True)
class _Limits:
    """What the rules say of everybody, as plain values that compare: `minutes`, `nights` by shift, both with one more for off, the last."""

    gap: tuple[tuple[int, ...], ...]
    minutes: tuple[int, ...]
    nights: tuple[bool, ...]
    weekends: tuple[tuple[int, int], ...]
    weeks: tuple[int, ...]
    max_run: int
    max_nights: int
    min_off: int
    max_weekends: int
    past: int


def broken_rules(rules: RosterRules, cells: Cells) -> list[Broken]:
    """Return every hard rule that a roster breaks, person after person; what lies before its days is known, what comes after is not."""
    found = [one for person in range(len(cells)) for one in broken_by(rules, person, cells[person])]
    return [*found, *_alone(rules, cells)]


def broken_by(rules: RosterRules, person: int, row: Cells) -> list[Broken]:
    """Return the rules that a person's own days (d,) break."""
    left = rules.leave[person] & (row >= 0)
    found = [Broken("leave", person, day) for day in np.flatnonzero(left).tolist()] if left.any() else []
    return [*found, *(Broken(rule, person, day, amount) for rule, day, amount in _of_days(rules, person, row))]


def why_not(rules: RosterRules, cells: Cells, person: int, day: int, shift: int) -> str:
    """Return the first rule that a person breaks by working a shift on a day beyond those broken already, empty where there is none."""
    if rules.leave[person, day]:
        return "leave"
    row = cells[person].copy()
    row[day] = shift
    more = [rule for rule, _day, _amount in _of_days(rules, person, row)]
    if not more:
        return ""
    beyond = Counter(more) - Counter(rule for rule, _day, _amount in _of_days(rules, person, cells[person]))
    return next((rule for rule in RULES if beyond[rule]), "")


def _of_days(rules: RosterRules, person: int, row: Cells) -> tuple[tuple[str, int, float], ...]:
    days = rules.before[person].tobytes() + row.tobytes()
    return _own(_limits(rules), int(rules.week_minutes[person]), int(rules.cycle_minutes[person]), days)


@lru_cache(maxsize=8)
def _limits(rules: RosterRules) -> _Limits:
    return _Limits(
        gap=tuple(map(tuple, rules.gap.tolist())), minutes=(*rules.minutes.tolist(), 0), nights=(*rules.nights.tolist(), False),
        weekends=tuple((one, other) for one, other in rules.weekends.tolist()), weeks=tuple(rules.weeks.tolist()), max_run=rules.max_run,
        max_nights=rules.max_nights, min_off=rules.min_off, max_weekends=rules.max_weekends, past=rules.before.shape[1],
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _own(limits: _Limits, week: int, cycle: int, cells: bytes) -> tuple[tuple[str, int, float], ...]:
    """Return rule, day and amount of what a person's days break, those before the roster first among `cells`.

    Kept from one call to the next: an edit by hand changes the days of one person or two, and all others break what they did before.
    """
    days = np.maximum(np.frombuffer(cells, np.int8), OFF).tolist()  # leave is off
    every = (*_rest(limits, days), *_hours(limits, week, cycle, days), *_runs(limits, days), *_weekends(limits, days))
    return tuple((rule, day - limits.past, amount) for rule, day, amount in every if day >= limits.past)


def _rest(limits: _Limits, days: Sequence[int]) -> Iterator[tuple[str, int, float]]:
    on = [day for day, cell in enumerate(days) if cell >= 0]
    for first, second in pairwise(on):
        if second - first < limits.gap[days[first]][days[second]]:
            yield "rest", second, float(second - first)


def _hours(limits: _Limits, week: int, cycle: int, days: Sequence[int]) -> Iterator[tuple[str, int, float]]:
    """Weeks begin on Mondays; a week whose first days are not known counts from the first that is."""
    worked, past = [limits.minutes[cell] for cell in days], limits.past
    for start in limits.weeks:
        first, last = max(start + past, 0), start + past + 7
        total = sum(worked[first:last])
        if total > week and any(worked[max(first, past) : last]):
            yield "hours", _last_on(worked, max(first, past), last), total / 60.0
    total = sum(worked[past:])
    if total > cycle:
        yield "cycle", _last_on(worked, past, len(worked)), total / 60.0


def _last_on(worked: Sequence[int], first: int, stop: int) -> int:
    return max(day for day in range(first, min(stop, len(worked))) if worked[day])


def _runs(limits: _Limits, days: Sequence[int]) -> Iterator[tuple[str, int, float]]:
    """Days on and nights in a row, told on the first planned one that is too many; days off that are too few, on the day after."""
    past, at = limits.past, 0
    for worked, group in groupby(cell >= 0 for cell in days):
        long = len(list(group))
        if worked and long > limits.max_run and at + long > past:
            yield "run", max(at + limits.max_run, past), float(long)
        inside = at > 0 and at + long < len(days)  # at the edges it may be longer than is known
        if not worked and inside and long < limits.min_off:
            yield "off", at + long, float(long)
        at += long
    at = 0
    for dark, group in groupby(limits.nights[cell] for cell in days):
        long = len(list(group))
        if dark and limits.max_nights and long > limits.max_nights and at + long > past:
            yield "nights", max(at + limits.max_nights, past), float(long)
        at += long


def _weekends(limits: _Limits, days: Sequence[int]) -> Iterator[tuple[str, int, float]]:
    if not limits.max_weekends:
        return
    on, taken = [cell >= 0 for cell in days[limits.past :]], 0
    for pair in limits.weekends:
        inside = [day for day in pair if 0 <= day < len(on) and on[day]]
        taken += bool(inside)
        if inside and taken > limits.max_weekends:
            yield "weekends", limits.past + inside[0], float(taken)


def _alone(rules: RosterRules, cells: Cells) -> Iterator[Broken]:
    for shift in np.flatnonzero(rules.pairs).tolist():
        for squad in range(len(rules.demand)):
            rows = np.flatnonzero(rules.group == squad)
            there = cells[rows] == shift
            for day in np.flatnonzero(there.sum(axis=0) == 1).tolist():
                yield Broken("alone", int(rows[np.argmax(there[:, day])]), day)
