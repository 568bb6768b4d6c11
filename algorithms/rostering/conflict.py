"""Why there is no roster, or none with enough people: rules that cannot be kept together, and who is missing where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from algorithms.errors import Infeasible
from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress
from algorithms.rostering.parts import part_of, parts_of
from algorithms.rostering.problem import FREE, OFF, Conflict, RosterParams, RosterProblem
from algorithms.rostering.programme import Programme
from algorithms.rostering.rules import cell_columns, hard_rows
from algorithms.rostering.search import search, solved, solver_for, written
from algorithms.rostering.weighing import whole_programme

STEP = RosterParams(work=5.0, wall=20.0, workers=1)  # of one question
STRUCTURE = "cell"  # rows that say what columns mean, no rule


class NoRoster(Infeasible):
    """There is no roster (`proven`), or none was found within the work; `conflict` says what stands against it."""

    def __init__(self, conflict: Conflict, proven: bool) -> None:
        rules = sorted({rule for rule, _person, _day in conflict.rules})
        super().__init__(f"rules that cannot be kept together: {', '.join(rules) or 'not known'}; {int(conflict.short.sum())} people short")
        self.conflict, self.proven = conflict, proven


def conflict_of(problem: RosterProblem, params: RosterParams | None = None, progress: Progress = SILENT) -> Conflict:
    """Return why the hard rules cannot be kept together; no rules where they can.

    A person whose own rules clash is named with rules that clash, of which none can be left out; otherwise it is the least number of
    people that are missing, and every rule without which fewer of a group would be. Raises Cancelled.
    """
    limits = replace(STEP, seed=(params or STEP).seed)
    rules: list[tuple[str, int, int]] = []
    for person in range(len(problem.group)):
        progress.check()
        rules += [(rule, person, day) for rule, day in _own_clash(part_of(problem, np.array([person])), limits, progress)]
    if rules:
        return Conflict(tuple(rules), np.zeros(problem.demand.shape, np.int64))
    if problem.least is None and problem.pairs is None:
        return Conflict((), np.zeros(problem.demand.shape, np.int64))
    least = np.zeros(problem.demand.shape, np.int64) if problem.least is None else problem.least
    empty = np.bincount(problem.group, minlength=len(least)) == 0
    short = np.where(empty[:, None, None], least, 0)
    rules = [("least", -1, int(day)) for day in np.flatnonzero(short.any(axis=(0, 2)))]
    for people in parts_of(replace(problem, fairness=())):  # no hard rule joins two groups
        groups = np.unique(problem.group[people])
        found = shortage(part_of(problem, people), least[groups], limits, progress)
        short[groups] = found.short
        rules += found.rules
    return Conflict(tuple(dict.fromkeys(rules)), short)


def shortage(problem: RosterProblem, wanted: Ints, params: RosterParams | None = None, progress: Progress = SILENT) -> Conflict:
    """Return the fewest people that are missing of those `wanted` (g, d, s), where all else is kept, and the rules that stand against it.

    A rule is named (for all people and days) where fewer would be missing without it. Where pairs alone cannot be kept, they are named and
    nobody is counted. Raises Cancelled.
    """
    params = params or STEP
    bare = _only_missing(problem, wanted)
    short = _missing(bare, params, progress)
    if short is None:  # pairs of which there are too few: they are what cannot be kept
        return Conflict((("pairs", -1, -1),), np.zeros_like(wanted))
    if not short.any():
        return Conflict((), short)
    days = sorted({int(day) for _group, day, _shift in np.argwhere(short)})
    rules = [("least", -1, day) for day in days]
    for rule, freed in _without(bare).items():
        progress.check()
        fewer = _missing(freed, params, progress)
        if fewer is not None and fewer.sum() < short.sum():
            rules.append((rule, -1, -1))
    return Conflict(tuple(rules), short)


def _only_missing(problem: RosterProblem, wanted: Ints) -> RosterProblem:
    """Return the problem in which only missing people count."""
    return replace(
        problem, demand=wanted, short=np.ones_like(wanted), over=np.zeros_like(wanted), least=None, cost=np.zeros_like(problem.cost),
        off_cost=np.zeros_like(problem.off_cost), fairness=(), skills=None, skill_demand=None, kept=None, change=None, lone_on=None,
        lone_off=None,
    )  # fmt: skip


def _missing(problem: RosterProblem, params: RosterParams, progress: Progress) -> Ints | None:
    """Return who is missing at least, (g, d, s), None where no roster was found."""
    programme, columns = whole_programme(problem)
    found = search(programme, params, progress)
    if found.values is None:
        return None
    work, _off = columns.own
    on = np.zeros(problem.demand.shape, np.int64)
    np.add.at(on, problem.group, found.values[work])
    missing: Ints = np.maximum(problem.demand - on, 0)
    return missing


def _without(problem: RosterProblem) -> dict[str, RosterProblem]:
    """Return the problem without each of its rules in turn; only what it has."""
    people, days, shifts = problem.shape
    endless = np.full(people, int(problem.minutes.sum()) * days)
    freed: dict[str, Any] = {
        "fixed": {"fixed": np.full_like(problem.fixed, FREE)},
        "allowed": {"allowed": np.ones_like(problem.allowed)},
        "follows": {"follows": np.ones_like(problem.follows)},
        "min_minutes": {"min_minutes": np.zeros(people, np.int64)},
        "max_minutes": {"max_minutes": endless},
        "week_minutes": {"week_minutes": None},
        "max_shifts": {"max_shifts": np.full((people, shifts), days)},
        "max_run": {"max_run": np.full(people, days + 366)},
        "min_run": {"min_run": np.zeros(people, np.int64)},
        "min_off": {"min_off": np.zeros(people, np.int64)},
        "max_nights": {"max_nights": None},
        "max_weekends": {"max_weekends": np.full(people, len(problem.weekends))},
        "pairs": {"pairs": None},
    }  # fmt: skip
    held = {
        "fixed": bool((problem.fixed != FREE).any()), "allowed": not problem.allowed.all(), "follows": not problem.follows.all(),
        "week_minutes": problem.week_minutes is not None, "max_nights": problem.max_nights is not None, "pairs": problem.pairs is not None,
    }  # fmt: skip
    return {rule: replace(problem, **change) for rule, change in freed.items() if held.get(rule, True)}


def _own_clash(problem: RosterProblem, params: RosterParams, progress: Progress) -> list[tuple[str, int]]:
    """Return the fewest rules of one person that cannot be kept together, each with its day (-1: all); none where all can."""
    from ortools.sat.python import cp_model

    programme, rules = _free_person(problem)
    if search(programme, params, progress).values is not None:
        return []
    kept = list(range(len(rules)))
    for rule in list(reversed(kept)):  # what can be left out without helping is left out, the last first
        progress.check()
        fewer = [other for other in kept if other != rule]
        model, _variables = written(_with_rules(programme, rules, fewer))
        status, _stopped = solved(solver_for(params), model, params, progress)
        if status == cp_model.INFEASIBLE:
            kept = fewer
    return [rules[rule] for rule in kept]


def _free_person(problem: RosterProblem) -> tuple[Programme, list[tuple[str, int]]]:
    """Return the rows of one person, where what is fixed and allowed are rows too, and the rules by name and day."""
    programme = Programme()
    free = replace(problem, fixed=np.full_like(problem.fixed, FREE), allowed=np.ones_like(problem.allowed))
    columns = cell_columns(free, programme)
    hard_rows(free, programme, columns)
    work, off = columns.own
    for day in range(problem.shape[1]):
        barred = work[0, day, ~problem.allowed[0, day]]
        if len(barred):
            programme.rows("allowed", barred[None], 1, high=0, day=day)
        fixed = int(problem.fixed[0, day])
        if fixed != FREE:
            programme.rows("fixed", np.array([[off[0, day] if fixed == OFF else work[0, day, fixed]]]), 1, low=1, day=day)
    rules = {(block.rule, int(day)) for block in programme.blocks if block.rule != STRUCTURE for day in block.day.tolist()}
    return programme, sorted(rules, key=lambda rule: (rule[0] in ("fixed", "allowed"), rule))


def _with_rules(programme: Programme, rules: list[tuple[str, int]], kept: list[int]) -> Programme:
    """Return the programme with some of its rules only."""
    names = {rules[rule] for rule in kept}
    some = Programme(programme.lower, programme.upper, programme.cost, [], programme.count)
    for block in programme.blocks:
        held = [block.rule == STRUCTURE or (block.rule, day) in names for day in block.day.tolist()]
        some.rows(
            block.rule, block.columns[held], block.factors[held], block.low[held], block.high[held], block.person[held], block.day[held]
        )
    return some
