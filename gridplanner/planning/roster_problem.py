"""Rules of a roster in the words of operations research."""

from __future__ import annotations

import numpy as np

from algorithms.rostering.problem import FREE as UNFIXED
from algorithms.rostering.problem import OFF as NOT_WORKING
from algorithms.rostering.problem import Fairness, RosterProblem
from gridplanner.model.lines import Ints
from gridplanner.model.roster import LEAVE, OFF, Cells
from gridplanner.model.roster_rules import FREE, RosterRules


def problem_of(rules: RosterRules, kept: Cells | None = None) -> RosterProblem:
    """Return the roster to be found; where `kept` (p, d) is given, cells that differ from it cost what a change costs, but for leave.

    A rest that takes two whole days or more is asked for as that many days off in a row, after every shift.
    """
    people, days = rules.leave.shape
    shifts = len(rules.minutes)
    work, off = _wishes(rules, shifts)
    allowed = np.broadcast_to(~rules.leave[:, :, None], (people, days, shifts)) | (rules.fixed[:, :, None] == np.arange(shifts))
    longest = int(rules.gap.max(initial=1))
    least_off = max(rules.min_off, longest - 1 if longest > 2 else 1)
    most_weekends = rules.max_weekends or len(rules.weekends)
    nights = bool(rules.max_nights and rules.nights.any())

    def each(value: int) -> Ints:
        return np.full(people, value, np.int64)

    def priced(kind: str) -> Ints:
        return np.full(rules.demand.shape, rules.prices[kind], np.int64)

    return RosterProblem(
        allowed=allowed, fixed=np.where(rules.fixed == FREE, UNFIXED, np.maximum(rules.fixed, NOT_WORKING)).astype(np.int64),
        follows=rules.gap <= 1, minutes=rules.minutes, demand=rules.demand, short=priced("short"), over=priced("over"), group=rules.group,
        min_minutes=each(0), max_minutes=rules.cycle_minutes, max_shifts=np.full((people, shifts), days, np.int64), min_run=each(1),
        max_run=each(rules.max_run), min_off=each(least_off), max_weekends=each(most_weekends), weekends=rules.weekends, cost=work,
        off_cost=off, week_minutes=rules.week_minutes, week_starts=rules.weeks, nights=rules.nights if nights else None,
        max_nights=each(rules.max_nights) if nights else None, before=np.maximum(rules.before, NOT_WORKING).astype(np.int64),
        pairs=rules.pairs if rules.pairs.any() else None, skills=rules.able if len(rules.skills) else None,
        skill_demand=rules.skill_demand if len(rules.skills) else None,
        fairness=tuple(
            Fairness(f"{share.kind} {share.group}", share.amount, share.rows, share.price, before=share.start) for share in rules.shares
        ),
        kept=None if kept is None else np.where(rules.leave, UNFIXED, np.maximum(kept, NOT_WORKING)).astype(np.int64),
        change=None if kept is None else np.full((people, days), rules.prices["change"], np.int64),
        lone_on=each(rules.prices["single"]), lone_off=each(rules.prices["single"]),
    )  # fmt: skip


def _wishes(rules: RosterRules, shifts: int) -> tuple[Ints, Ints]:
    """Return what wishes make a shift cost, (p, d, s), and a day off, (p, d)."""
    work, off = np.zeros((*rules.leave.shape, shifts), np.int64), np.zeros(rules.leave.shape, np.int64)
    for wish in rules.wishes:
        if rules.leave[wish.person, wish.day]:
            continue
        for shift in range(shifts):
            work[wish.person, wish.day, shift] += 0 if wish.is_met(shift) else wish.price
        off[wish.person, wish.day] += 0 if wish.is_met(OFF) else wish.price
    return work, off


def cells_of(rules: RosterRules, found: Ints) -> Cells:
    """Return the cells of a roster that was found, with leave where there is some."""
    cells: Cells = np.where(rules.leave & (found < 0), LEAVE, found).astype(np.int8)
    cells.setflags(write=False)
    return cells
