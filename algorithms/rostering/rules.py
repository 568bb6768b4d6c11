"""The hard rules of a roster as linear rows over one column per person, day and shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Bools, Ints
from algorithms.rostering.problem import FREE, OFF, RosterProblem
from algorithms.rostering.programme import NONE, WIDE, Programme


@dataclass(frozen=True, eq=False)
class CellColumns:
    """Columns of the cells: `work` (p, h + d, s) and `off` (p, h + d), of which the first `past` days are those before, all fixed."""

    work: Ints
    off: Ints
    past: int

    @property
    def own(self) -> tuple[Ints, Ints]:
        """The columns of the days that are planned."""
        return self.work[:, self.past :], self.off[:, self.past :]


def days_before(problem: RosterProblem) -> Ints:
    """Return the cells before the first day, (p, h)."""
    return np.empty((problem.shape[0], 0), np.int64) if problem.before is None else problem.before


def minutes_before(problem: RosterProblem) -> Ints:
    """Return the minutes of each cell before the first day, (p, h)."""
    minutes: Ints = np.append(problem.minutes, 0)[days_before(problem)]
    return minutes


def cell_columns(problem: RosterProblem, programme: Programme) -> CellColumns:
    """Add the columns of the cells, exactly one of a person's shifts or off on each day."""
    people, days, shifts = problem.shape
    before = days_before(problem)
    past = before.shape[1]
    each = np.arange(shifts)
    known = np.concatenate((before, problem.fixed), axis=1)
    may = np.concatenate((np.ones((people, past, shifts), bool), problem.allowed), axis=1) & (
        (known == FREE)[..., None] | (known[..., None] == each)
    )
    rest = (known == FREE) | (known == OFF)
    work_cost = np.zeros((people, past + days, shifts), np.int64)
    off_cost = np.zeros((people, past + days), np.int64)
    work_cost[:, past:], off_cost[:, past:] = cell_costs(problem)
    work = programme.columns(may.shape, 0, may, work_cost)
    off = programme.columns(rest.shape, 0, rest, off_cost)
    person, day = (index.ravel() for index in np.indices(rest.shape))
    programme.rows("cell", np.concatenate((work, off[..., None]), axis=2).reshape(-1, shifts + 1), 1, 1, 1, person, day - past)
    return CellColumns(work, off, past)


def cell_costs(problem: RosterProblem) -> tuple[Ints, Ints]:
    """Return what each cell costs by itself: wishes and change, (p, d, s) and (p, d)."""
    work, off = problem.cost.astype(np.int64), problem.off_cost.astype(np.int64)
    if problem.kept is None or problem.change is None:
        return work, off
    other = (problem.kept[..., None] != FREE) & (problem.kept[..., None] != np.arange(problem.shape[2]))
    away = (problem.kept != FREE) & (problem.kept != OFF)
    return work + other * problem.change[..., None], off + away * problem.change


def hard_rows(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """Add the rows of everything that a person's own days must keep."""
    _successions(problem, programme, cells)
    _totals(problem, programme, cells)
    _runs(problem, programme, cells)
    _nights(problem, programme, cells)
    _weekends(problem, programme, cells)


def _successions(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """No shift on the day after one that it may not follow: the largest sets of both, at most one of them all."""
    people, total, _shifts = cells.work.shape
    first_day = max(cells.past - 1, 0)
    barred: Bools = ~problem.follows.astype(bool)
    person, day = (index.ravel() for index in np.indices((people, max(total - 1 - first_day, 0))))
    for after in np.unique(barred[barred.any(axis=1)], axis=0):
        first = np.flatnonzero((barred | ~after).all(axis=1))  # every shift that bars all of these
        both = np.concatenate((cells.work[:, first_day:-1][:, :, first], cells.work[:, first_day + 1 :][:, :, after]), axis=2)
        programme.rows("follows", both.reshape(-1, both.shape[2]), 1, high=1, person=person, day=day + 1 + first_day - cells.past)


def _totals(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """Minutes over all days and over weeks, and how many of each shift."""
    people, days, shifts = problem.shape
    work, _off = cells.own
    each = np.arange(people)
    long = np.broadcast_to(problem.minutes, (days, shifts)).ravel()
    most = int(long.sum())
    least = np.where(problem.min_minutes > 0, problem.min_minutes, -WIDE)
    if (problem.min_minutes > 0).any():
        programme.rows("min_minutes", work.reshape(people, -1), long, low=least, person=each)
    if (problem.max_minutes < most).any():
        programme.rows("max_minutes", work.reshape(people, -1), long, high=problem.max_minutes, person=each)
    for shift in range(shifts):
        few = problem.max_shifts[:, shift] < days
        programme.rows("max_shifts", work[few, :, shift], 1, high=problem.max_shifts[few, shift], person=each[few])
    if problem.week_minutes is not None and problem.week_starts is not None:
        for start in problem.week_starts.tolist():
            span = cells.work[:, max(start + cells.past, 0) : max(start + 7 + cells.past, 0)]
            minutes = np.broadcast_to(problem.minutes, span.shape[1:]).ravel()
            if span.shape[1] and start + 7 > 0:
                worked = minutes_before(problem)[:, max(start + cells.past, 0) :].sum(axis=1) if start < 0 else 0
                high = np.maximum(problem.week_minutes, worked)  # what is over already cannot be helped, but nothing is added
                programme.rows("week_minutes", span.reshape(people, -1), minutes, high=high, person=each, day=start)


def _runs(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """Days on and off in a row. A run's first day is a column of its own where runs must be long: the rows are then as tight as can be.

    Rajan and Takriti (2005) for the least lengths.
    """
    _people, total = cells.off.shape
    off = cells.off
    for longest in np.unique(problem.max_run).tolist():
        who = np.flatnonzero(problem.max_run == longest)
        for start in range(max(total - longest, 0)):
            if start + longest >= cells.past:
                programme.rows("max_run", off[who, start : start + longest + 1], 1, low=1, person=who, day=start + longest - cells.past)
    who = np.flatnonzero((problem.min_run > 1) | (problem.min_off > 1))
    if not len(who) or total < 2:
        return
    past_on, past_off = (began[who] for began in _going_on(cells, programme))
    known = np.zeros((len(who), total - 1), bool)
    known[:, : max(cells.past - 1, 0)] = True
    on_starts = programme.columns(known.shape, known & past_on, ~known | past_on)  # of day 1 on: not known on the first
    off_starts = programme.columns(known.shape, known & past_off, ~known | past_off)
    new = np.arange(max(cells.past, 1), total)
    change = np.stack((off[who][:, new], off[who][:, new - 1], off_starts[:, new - 1], on_starts[:, new - 1]), axis=2)
    person, day = np.repeat(who, len(new)), np.tile(new, len(who)) - cells.past
    programme.rows("cell", change.reshape(-1, 4), [1, -1, -1, 1], 0, 0, person, day)
    for rule, least, starts, sign in (("min_run", problem.min_run, on_starts, 1), ("min_off", problem.min_off, off_starts, -1)):
        for length in np.unique(least[who]).tolist():
            these = np.flatnonzero(least[who] == length)
            for end in range(1, total):
                window = starts[these, max(end - length, 0) : end]  # runs that began in the last `length` days still go on
                rows = np.column_stack((window, off[who[these], end]))
                factors = [*[1] * window.shape[1], sign]
                if end - cells.past >= 0:
                    programme.rows(rule, rows, factors, high=1 if sign > 0 else 0, person=who[these], day=end - cells.past)


def _going_on(cells: CellColumns, programme: Programme) -> tuple[Bools, Bools]:
    """Return where runs on and off began that go on at the end of the days before, (p, days - 1) each, from the second day on."""
    off = programme.bounds[1][cells.off[:, : cells.past]] > 0  # of days before, all is known
    found = []
    for same in (~off, off):
        lasting = np.logical_and.accumulate(same[:, ::-1], axis=1)[:, ::-1]
        began = np.zeros((len(off), cells.off.shape[1] - 1), bool)
        began[:, : max(cells.past - 1, 0)] = lasting[:, 1:] & ~lasting[:, :-1]
        found.append(began)
    return found[0], found[1]


def _nights(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """So many nights may follow one another."""
    if problem.nights is None or problem.max_nights is None or not problem.nights.any():
        return
    night = cells.work[:, :, problem.nights.astype(bool)]
    for longest in np.unique(problem.max_nights).tolist():
        who = np.flatnonzero(problem.max_nights == longest)
        for start in range(max(night.shape[1] - longest, 0)):
            if start + longest >= cells.past:
                window = night[who, start : start + longest + 1].reshape(len(who), -1)
                programme.rows("max_nights", window, 1, high=longest, person=who, day=start + longest - cells.past)


def _weekends(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """How many weekends have a day on; a weekend that is only half within the days counts by that half."""
    count = len(problem.weekends)
    who = np.flatnonzero(problem.max_weekends < count)
    if not count or not len(who):
        return
    _work, off = cells.own
    worked = programme.columns((len(who), count), 0, 1)
    for half in range(problem.weekends.shape[1]):
        day = problem.weekends[:, half]
        inside = np.flatnonzero((day >= 0) & (day < off.shape[1]))
        pair = np.stack((worked[:, inside], off[who][:, day[inside]]), axis=2).reshape(-1, 2)
        programme.rows("cell", pair, 1, low=1, person=np.repeat(who, len(inside)), day=np.tile(day[inside], len(who)))
    programme.rows("max_weekends", worked, 1, high=problem.max_weekends[who], person=who)


def group_rows(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """Add what each group must have: the least people on duty, and never one alone where pairs are the rule."""
    _people, days, shifts = problem.shape
    work, _off = cells.own
    members = member_table(problem)
    each = on_duty(work, members)  # (g, d, s, most members)
    groups = len(members)
    day = np.broadcast_to(np.arange(days)[None, :, None], (groups, days, shifts))
    if problem.least is not None and problem.least.any():
        must = problem.least > 0
        programme.rows("least", each[must], 1, low=problem.least[must], day=day[must])
    if problem.pairs is not None and problem.pairs.any():
        paired = np.flatnonzero(problem.pairs)
        on = programme.columns((groups, days, len(paired)), 0, 1).ravel()
        size = each.shape[3]
        rows = np.column_stack((each[:, :, paired].reshape(len(on), -1), on))
        when = day[:, :, paired].ravel()
        programme.rows("pairs", rows, [*[1] * size, -2], low=0, day=when)
        programme.rows("pairs", rows, [*[1] * size, -size], high=0, day=when)


def member_table(problem: RosterProblem) -> Ints:
    """Return the people of each group, (g, most of any), padded with NONE."""
    groups = len(problem.demand)
    size = np.bincount(problem.group, minlength=groups)
    table = np.full((groups, max(int(size.max(initial=0)), 1)), NONE)
    order = np.argsort(problem.group, kind="stable")
    place = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    table[problem.group[order], place] = order
    return table


def on_duty(work: Ints, members: Ints) -> Ints:
    """Return the columns of a group's people on each day and shift, (g, d, s, most)."""
    found = np.where((members == NONE)[..., None, None], NONE, work[members])
    return np.moveaxis(found, 1, -1)
