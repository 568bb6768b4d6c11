"""Which hard rules a roster breaks: rest, hours of a week, days and nights in a row, days off, weekends, leave, nobody alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from gridplanner.i18n import N_
from gridplanner.model.lines import Ints
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


def broken_rules(rules: RosterRules, cells: Cells) -> list[Broken]:
    """Return every hard rule that a roster breaks, person after person; what lies before its days is known, what comes after is not."""
    found = [one for person in range(len(cells)) for one in broken_by(rules, person, cells[person])]
    return [*found, *_alone(rules, cells)]


def broken_by(rules: RosterRules, person: int, row: Cells) -> list[Broken]:
    """Return the rules that a person's own days (d,) break."""
    past = rules.before.shape[1]
    days: Ints = np.maximum(np.concatenate((rules.before[person], row)), OFF).astype(np.int64)
    found = [Broken("leave", person, day) for day in np.flatnonzero(rules.leave[person] & (row >= 0)).tolist()]
    for rule, day, amount in (
        *_rest(rules, days), *_hours(rules, person, days, past), *_runs(rules, days, past), *_weekends(rules, days, past),
    ):  # fmt: skip
        if day >= past:
            found.append(Broken(rule, person, day - past, amount))
    return found


def why_not(rules: RosterRules, cells: Cells, person: int, day: int, shift: int) -> str:
    """Return the first rule that a person breaks by working a shift on a day beyond those broken already, empty where there is none."""
    if rules.leave[person, day]:
        return "leave"
    row = cells[person].copy()
    before = Counter(one.rule for one in broken_by(rules, person, row))
    row[day] = shift
    more = Counter(one.rule for one in broken_by(rules, person, row)) - before
    return next((rule for rule in RULES if more[rule]), "")


def _rest(rules: RosterRules, days: Ints) -> Iterator[tuple[str, int, float]]:
    on = np.flatnonzero(days >= 0)
    for first, second in zip(on[:-1].tolist(), on[1:].tolist(), strict=True):
        if second - first < rules.gap[days[first], days[second]]:
            yield "rest", second, float(second - first)


def _hours(rules: RosterRules, person: int, days: Ints, past: int) -> Iterator[tuple[str, int, float]]:
    """Weeks begin on Mondays; a week whose first days are not known counts from the first that is."""
    worked = np.append(rules.minutes, 0)[days]
    for start in rules.weeks.tolist():
        first, last = max(start + past, 0), start + past + 7
        total = int(worked[first:last].sum())
        if total > rules.week_minutes[person] and worked[max(first, past) : last].any():
            yield "hours", max(first, past) + int(np.flatnonzero(worked[max(first, past) : last])[-1]), total / 60.0
    total = int(worked[past:].sum())
    if total > rules.cycle_minutes[person]:
        yield "cycle", past + int(np.flatnonzero(worked[past:])[-1]), total / 60.0


def _runs(rules: RosterRules, days: Ints, past: int) -> Iterator[tuple[str, int, float]]:
    """Days on and nights in a row, told on the first planned one that is too many; days off that are too few, on the day after."""
    on = days >= 0
    night = np.append(rules.nights, False)[days]
    at = 0
    for worked, group in groupby(on.tolist()):
        long = len(list(group))
        if worked and long > rules.max_run and at + long > past:
            yield "run", max(at + rules.max_run, past), float(long)
        inside = at > 0 and at + long < len(days)  # at the edges it may be longer than is known
        if not worked and inside and long < rules.min_off:
            yield "off", at + long, float(long)
        at += long
    at = 0
    for dark, group in groupby(night.tolist()):
        long = len(list(group))
        if dark and rules.max_nights and long > rules.max_nights and at + long > past:
            yield "nights", max(at + rules.max_nights, past), float(long)
        at += long


def _weekends(rules: RosterRules, days: Ints, past: int) -> Iterator[tuple[str, int, float]]:
    if not rules.max_weekends:
        return
    on, taken = days[past:] >= 0, 0
    for pair in rules.weekends.tolist():
        inside = [day for day in pair if 0 <= day < len(on) and on[day]]
        taken += bool(inside)
        if inside and taken > rules.max_weekends:
            yield "weekends", past + inside[0], float(taken)


def _alone(rules: RosterRules, cells: Cells) -> Iterator[Broken]:
    for shift in np.flatnonzero(rules.pairs).tolist():
        for squad in range(len(rules.demand)):
            rows = np.flatnonzero(rules.group == squad)
            there = cells[rows] == shift
            for day in np.flatnonzero(there.sum(axis=0) == 1).tolist():
                yield Broken("alone", int(rows[np.argmax(there[:, day])]), day)
