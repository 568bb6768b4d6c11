"""What a roster is weighed by, as columns and rows: people short and too many, skills, even shares, single days."""

from __future__ import annotations

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.rostering.problem import Fairness, RosterProblem
from algorithms.rostering.programme import NONE, WIDE, Programme
from algorithms.rostering.rules import CellColumns, cell_columns, group_rows, hard_rows, member_table, on_duty


def whole_programme(problem: RosterProblem) -> tuple[Programme, CellColumns]:
    """Return the programme of a roster, and which of its columns are cells."""
    programme = Programme()
    cells = cell_columns(problem, programme)
    hard_rows(problem, programme, cells)
    group_rows(problem, programme, cells)
    weigh_demand(problem, programme, cells)
    for shares in problem.fairness:
        even_shares(shares, programme, cells)
    _single_days(problem, programme, cells)
    return programme, cells


def weigh_demand(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """Add how many people are short and too many in each group, day and shift, and short of each skill."""
    _people, days, shifts = problem.shape
    work, _off = cells.own
    members = member_table(problem)
    groups, size = members.shape
    count = groups * days * shifts
    each = on_duty(work, members).reshape(-1, size)
    short = programme.columns((count, 1), 0, problem.demand.reshape(-1, 1), problem.short.reshape(-1, 1))
    over = programme.columns((count, 1), 0, size, problem.over.reshape(-1, 1))
    day = np.tile(np.repeat(np.arange(days), shifts), groups)
    factors = [*[1] * size, 1, -1]
    programme.rows("demand", np.hstack((each, short, over)), factors, problem.demand.ravel(), problem.demand.ravel(), day=day)
    if problem.skills is None or problem.skill_demand is None:
        return
    for skill, wanted in zip(problem.skills.astype(bool), problem.skill_demand, strict=True):
        able = np.where((members == NONE) | ~skill[members], NONE, members)
        must = np.flatnonzero(wanted.ravel() > 0)
        missing = programme.columns((len(must), 1), 0, wanted.reshape(-1, 1)[must], problem.short.reshape(-1, 1)[must])
        rows = np.hstack((on_duty(work, able).reshape(-1, size)[must], missing))
        programme.rows("skill_demand", rows, 1, low=wanted.ravel()[must], day=day[must])


def _start_of(shares: Fairness) -> Ints:
    """Return what each person begins with: what was before less what is due, (n,)."""
    start = np.zeros(len(shares.people), np.int64)
    for extra, sign in ((shares.before, 1), (shares.target, -1)):
        if len(extra):
            start = start + sign * extra
    return start


def even_shares(shares: Fairness, programme: Programme, cells: CellColumns) -> None:
    """Add the most and the least that any of them has; in units of the amounts' common divisor where all begin on the same footing."""
    if not shares.price or len(shares.people) < 2:
        return
    work, _off = cells.own
    amount = np.broadcast_to(shares.amount, work.shape[1:]).ravel().astype(np.int64)
    start = _start_of(shares)
    unit = int(np.gcd.reduce(amount)) or 1
    if len(np.unique(start % unit)) > 1:
        unit = int(np.gcd(unit, np.gcd.reduce(start - start.min()))) or 1
    amount, begun = amount // unit, (start - start.min()) // unit
    low, high = int(np.minimum(amount, 0).sum()), int(np.maximum(amount, 0).sum() + begun.max())
    ends = programme.columns((1, 2), low, high, [[shares.price * unit, -shares.price * unit]])
    rows = work[shares.people].reshape(len(shares.people), -1)
    most, least = (np.hstack((rows, np.repeat(ends[:, [end]], len(rows), axis=0))) for end in (0, 1))
    programme.rows("fairness", most, [*amount, -1], -WIDE, -begun, shares.people)
    programme.rows("fairness", least, [*amount, -1], -begun, WIDE, shares.people)


def _single_days(problem: RosterProblem, programme: Programme, cells: CellColumns) -> None:
    """Add the single days on and off; a day at the edge of what is known may go on beyond it."""
    _people, total = cells.off.shape
    for price, sign in ((problem.lone_on, 1), (problem.lone_off, -1)):
        if price is None or not price.any() or total < 3:
            continue
        first = max(cells.past - 1, 1)  # the last day before is single or not by what is planned
        who = np.flatnonzero(price)
        middle = np.arange(first, total - 1)
        lone = programme.columns((len(who), len(middle)), 0, 1, price[who, None])
        off = cells.off[who]
        rows = np.stack((off[:, middle], off[:, middle - 1], off[:, middle + 1], lone), axis=2).reshape(-1, 4)
        # on: lone ≥ off before + off after - off - 1; off: lone ≥ off - off before - off after
        programme.rows("cell", rows, [sign, -sign, -sign, 1], low=-1 if sign > 0 else 0, person=np.repeat(who, len(middle)))
