"""The hard rules that given cells break, read off the cells day by day; it shares nothing with the search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Bools, Ints
from algorithms.rostering.problem import FREE, RosterProblem


@dataclass(frozen=True)
class Fault:
    """A rule broken: its `rule` (a field of the problem), person, group, day and shift (-1: none), what is there and the limit."""

    rule: str
    person: int = -1
    group: int = -1
    day: int = -1
    shift: int = -1
    amount: int = 0
    limit: int = 0


def faults(problem: RosterProblem, cells: Ints) -> tuple[Fault, ...]:
    """Return every rule that the cells (p, d) break, by person, then by group.

    A run is reported on its last day where it is too long, on its first where it is too short; a week on its first day. Days before
    count towards what follows them, but what they alone break is no fault.
    """
    if cells.shape != problem.fixed.shape:
        raise ValueError(f"cells are {cells.shape}, not {problem.fixed.shape}")
    found: list[Fault] = []
    for person in range(len(cells)):
        row = cells[person].astype(np.int64)
        past = np.empty(0, np.int64) if problem.before is None else problem.before[person].astype(np.int64)
        found += _cell_faults(problem, person, row)
        found += _sequence_faults(problem, person, np.concatenate((past, row)), len(past))
        found += _total_faults(problem, person, row, past)
    return (*found, *_group_faults(problem, cells))


def _cell_faults(problem: RosterProblem, person: int, row: Ints) -> Iterator[Fault]:
    for day, shift in enumerate(row.tolist()):
        fixed = int(problem.fixed[person, day])
        if fixed not in (FREE, shift):
            yield Fault("fixed", person, day=day, shift=shift, limit=fixed)
        if shift >= 0 and not problem.allowed[person, day, shift]:
            yield Fault("allowed", person, day=day, shift=shift)


def _sequence_faults(problem: RosterProblem, person: int, row: Ints, past: int) -> Iterator[Fault]:
    for day in range(max(past, 1), len(row)):
        if row[day] >= 0 and row[day - 1] >= 0 and not problem.follows[row[day - 1], row[day]]:
            yield Fault("follows", person, day=day - past, shift=int(row[day]), limit=int(row[day - 1]))
    for start, stop in _runs(row >= 0):
        length = stop - start
        if length > problem.max_run[person] and stop > past:
            yield Fault("max_run", person, day=stop - 1 - past, amount=length, limit=int(problem.max_run[person]))
        if start > 0 and past < stop < len(row) and length < problem.min_run[person]:
            yield Fault("min_run", person, day=start - past, amount=length, limit=int(problem.min_run[person]))
        elif stop == past and start > 0 and past < len(row) and length < problem.min_run[person]:
            yield Fault("min_run", person, day=0, amount=length, limit=int(problem.min_run[person]))
    for start, stop in _runs(row < 0):
        if start > 0 and past <= stop < len(row) and stop - start < problem.min_off[person]:
            yield Fault("min_off", person, day=max(start - past, 0), amount=stop - start, limit=int(problem.min_off[person]))
    if problem.nights is not None and problem.max_nights is not None:
        for start, stop in _runs((row >= 0) & problem.nights.astype(bool)[row]):
            if stop - start > problem.max_nights[person] and stop > past:
                limit = int(problem.max_nights[person])
                yield Fault("max_nights", person, day=stop - 1 - past, amount=stop - start, limit=limit)


def _total_faults(problem: RosterProblem, person: int, row: Ints, past: Ints) -> Iterator[Fault]:
    worked = row[row >= 0]
    minutes = int(problem.minutes[worked].sum())
    if minutes < problem.min_minutes[person]:
        yield Fault("min_minutes", person, amount=minutes, limit=int(problem.min_minutes[person]))
    if minutes > problem.max_minutes[person]:
        yield Fault("max_minutes", person, amount=minutes, limit=int(problem.max_minutes[person]))
    for shift, most in enumerate(problem.max_shifts[person].tolist()):
        count = int(np.count_nonzero(row == shift))
        if count > most:
            yield Fault("max_shifts", person, shift=shift, amount=count, limit=most)
    if problem.week_minutes is not None and problem.week_starts is not None:
        limit = int(problem.week_minutes[person])
        for start in problem.week_starts.tolist():
            within, earlier = row[max(start, 0) : max(start + 7, 0)], past[max(len(past) + start, 0) :] if start < 0 else past[:0]
            now, then = (int(problem.minutes[part[part >= 0]].sum()) for part in (within, earlier))
            if now and now + then > limit:
                yield Fault("week_minutes", person, day=start, amount=now + then, limit=limit)
    weekends = 0
    for days in problem.weekends.tolist():
        weekends += any(0 <= day < len(row) and row[day] >= 0 for day in days)
    if weekends > problem.max_weekends[person]:
        yield Fault("max_weekends", person, amount=weekends, limit=int(problem.max_weekends[person]))


def _group_faults(problem: RosterProblem, cells: Ints) -> Iterator[Fault]:
    groups, days, shifts = problem.demand.shape
    for group in range(groups):
        mine = cells[problem.group == group]
        for day in range(days):
            for shift in range(shifts):
                on = int(np.count_nonzero(mine[:, day] == shift))
                least = 0 if problem.least is None else int(problem.least[group, day, shift])
                if on < least:
                    yield Fault("least", group=group, day=day, shift=shift, amount=on, limit=least)
                if on == 1 and problem.pairs is not None and problem.pairs[shift]:
                    yield Fault("pairs", group=group, day=day, shift=shift, amount=1, limit=2)


def _runs(where: Bools) -> Iterator[tuple[int, int]]:
    """Yield first day and day after the last of each run of true days."""
    start = -1
    for day, on in enumerate([*where.tolist(), False]):
        if on and start < 0:
            start = day
        elif not on and start >= 0:
            yield start, day
            start = -1
