"""The best roster of a problem, part by part, with the bound that none goes below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress, Span
from algorithms.rostering.columns import assemble
from algorithms.rostering.conflict import NoRoster, conflict_of
from algorithms.rostering.faults import faults
from algorithms.rostering.parts import part_of, parts_of
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import OFF, Conflict, Roster, RosterParams, RosterProblem
from algorithms.rostering.programme import WIDE
from algorithms.rostering.rules import CellColumns
from algorithms.rostering.search import search
from algorithms.rostering.weighing import whole_programme

TRY = 0.1  # of the work: what CP-SAT has before schedules are looked at
SCHEDULES = 0.3  # of the work: what they have


def find_roster(
    problem: RosterProblem, params: RosterParams | None = None, progress: Progress = SILENT, start: Ints | None = None
) -> Roster:
    """Return the roster of least value, proven where the work of `params` suffices.

    `start` (p, d) are cells to begin with; they may break rules. Same seed and workers, same roster, unless the listener or `params.wall`
    ends the search. Raises NoRoster (an Infeasible, its `conflict` says why) where the hard rules cannot be kept together, Cancelled.
    """
    params = params or RosterParams()
    cells = np.full(problem.fixed.shape, OFF)
    lost = _never_met(problem)
    parts = parts_of(problem)
    bound, proven, cut_short = 0, True, False
    done = 0
    for people in parts:
        share = len(people) / max(len(problem.group), 1)
        step = Span(progress, done / max(len(problem.group), 1), done / max(len(problem.group), 1) + share)
        done += len(people)
        limits = params if len(parts) == 1 else replace(params, work=params.work * share, wall=params.wall * share)
        found = _find_part(part_of(problem, people), limits, step, None if start is None else start[people])
        cells[people] = found.cells
        bound, proven, cut_short = bound + found.bound, proven and found.proven, cut_short or found.cut_short
    value = value_of(problem, cells)
    return Roster(cells, value, min(bound + lost, value), proven, cut_short)


def _never_met(problem: RosterProblem) -> int:
    """Return what groups without people cost: they are in no part. Raises NoRoster where one of them must have people."""
    empty = np.bincount(problem.group, minlength=len(problem.demand)) == 0
    if problem.least is not None and problem.least[empty].any():
        missing = np.where(empty[:, None, None], problem.least, 0)
        rules = tuple(("least", -1, int(day)) for day in np.flatnonzero(missing.any(axis=(0, 2))))
        raise NoRoster(Conflict(rules, missing), True)
    count = problem.demand + (0 if problem.skill_demand is None else problem.skill_demand.sum(axis=0))
    return int((count * problem.short)[empty].sum())


def _find_part(problem: RosterProblem, params: RosterParams, progress: Progress, start: Ints | None) -> Roster:
    """Return the best roster of people who belong together.

    Without even shares the linear programme over schedules is nearly tight and comes first; with them CP-SAT has a try before it, as the
    spread between most and least is worth nothing in a linear programme.
    """
    best = _Best(problem, start)
    if problem.fairness and best.by_cells(replace(params, work=TRY * params.work), Span(progress, 0.0, 0.3)):
        return best.roster()
    if best.by_schedules(replace(params, work=SCHEDULES * params.work), Span(progress, 0.3, 0.6)):
        return best.roster()
    best.by_cells(params, Span(progress, 0.6, 1.0))
    if best.cells is None:
        raise NoRoster(conflict_of(problem, params, progress), best.none)
    return best.roster()


class _Best:
    """The best roster so far, and the bound."""

    def __init__(self, problem: RosterProblem, start: Ints | None) -> None:
        self.problem, self.start = problem, start
        self.cells: Ints | None = None
        self.value, self.bound = WIDE, -WIDE
        self.stopped = self.none = False
        if start is not None and not faults(problem, start):
            self.take(start)

    def take(self, cells: Ints | None) -> None:
        """Keep cells that are better."""
        if cells is not None and (value := value_of(self.problem, cells)) < self.value:
            self.cells, self.value = cells, value

    @property
    def done(self) -> bool:
        """Whether nothing is left to be found."""
        return self.none or self.stopped or self.value <= self.bound

    def roster(self) -> Roster:
        """Return what is known now."""
        assert self.cells is not None
        proven = self.value <= self.bound
        return Roster(self.cells, self.value, min(self.bound, self.value), proven, self.stopped and not proven)

    def by_cells(self, params: RosterParams, progress: Progress) -> bool:
        """Search among cells, and return whether that is all."""
        if self.done:
            return True
        programme, columns = whole_programme(self.problem)
        priced = np.flatnonzero(programme.prices)
        if self.bound > -WIDE and len(priced):
            programme.rows("bound", priced[None], programme.prices[priced], low=self.bound)
        hint = self.start if self.cells is None else self.cells
        found = search(programme, params, progress, None if hint is None else hint_of(columns, hint))
        self.none = found.values is None and found.finished and self.cells is None
        self.take(None if found.values is None else cells_of(columns, found.values))
        self.bound, self.stopped = max(self.bound, found.bound), found.stopped
        return self.done

    def by_schedules(self, params: RosterParams, progress: Progress) -> bool:
        """Search among whole schedules, and return whether that is all."""
        if self.done:
            return True
        found = assemble(self.problem, params, progress, self.cells)
        if found is not None:
            self.take(found.cells)
            self.bound, self.stopped = max(self.bound, found.bound), found.stopped
        return self.done


def cells_of(columns: CellColumns, values: Ints) -> Ints:
    """Return the cells (p, d) that the values of a programme stand for."""
    work, _off = columns.own
    on = values[work] > 0
    cells: Ints = np.where(on.any(axis=2), on.argmax(axis=2), OFF)
    return cells


def hint_of(columns: CellColumns, cells: Ints) -> tuple[Ints, Ints]:
    """Return columns and values of given cells."""
    work, off = columns.own
    values = np.concatenate((cells[..., None] == np.arange(work.shape[2]), (cells < 0)[..., None]), axis=2)
    return np.concatenate((work, off[..., None]), axis=2).ravel(), values.ravel().astype(np.int64)
