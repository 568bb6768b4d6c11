"""The best roster of a problem, part by part, with the bound that none goes below."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress, Span
from algorithms.rostering.columns import assemble
from algorithms.rostering.conflict import NoRoster, conflict_of
from algorithms.rostering.faults import faults
from algorithms.rostering.mixed_integer import branch_and_cut
from algorithms.rostering.parts import part_of, parts_of
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import OFF, Conflict, Roster, RosterParams, RosterProblem
from algorithms.rostering.programme import WIDE
from algorithms.rostering.rules import CellColumns
from algorithms.rostering.search import Found, search
from algorithms.rostering.weighing import whole_programme

SHARE = 0.3  # of the work: what each way has before the last


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

    Without even shares the linear programme over schedules is nearly tight and comes first. With them branch and cut over cells does: the
    spread between most and least is worth nothing in a linear programme, and is settled by a few branches.
    """
    best = _Best(problem, start)
    best.any(params, progress)
    if best.cells is None:
        raise NoRoster(conflict_of(problem, params, progress), best.none)
    stages = (best.by_branches, best.by_schedules) if problem.fairness else (best.by_schedules, best.by_branches)
    for stage, share, first, last in ((*stages[:1], SHARE, 0.1, 0.5), (*stages[1:], SHARE, 0.5, 0.7), (best.by_cells, 1.0, 0.7, 1.0)):
        if not best.done:
            stage(replace(params, work=share * params.work), Span(progress, first, last))
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

    def any(self, params: RosterParams, progress: Progress) -> None:
        """Find a roster, whatever it costs, if there is none to begin with."""
        if self.cells is None:
            programme, columns = whole_programme(self.problem)
            found = search(programme, params, progress, None if self.start is None else hint_of(columns, self.start), any_will_do=True)
            self.none = found.values is None and found.finished
            self.take(None if found.values is None else cells_of(columns, found.values))
            self.bound = max(self.bound, found.bound)

    def by_cells(self, params: RosterParams, progress: Progress) -> None:
        """Search among cells by CP-SAT, from the best on."""
        programme, columns = whole_programme(self.problem)
        priced = np.flatnonzero(programme.prices)
        if self.bound > -WIDE and len(priced):  # what is known of the value
            programme.rows("bound", priced[None], programme.prices[priced], low=self.bound)
        found = search(programme, params, progress, None if self.cells is None else hint_of(columns, self.cells))
        self._learn(found, columns)

    def by_branches(self, params: RosterParams, progress: Progress) -> None:
        """Search among cells by branch and cut."""
        programme, columns = whole_programme(self.problem)
        self._learn(branch_and_cut(programme, params, progress), columns)

    def by_schedules(self, params: RosterParams, progress: Progress) -> None:
        """Search among whole schedules."""
        found = assemble(self.problem, params, progress, self.cells)
        if found is not None:
            self.take(found.cells)
            self.bound, self.stopped = max(self.bound, found.bound), found.stopped

    def _learn(self, found: Found, columns: CellColumns) -> None:
        self.take(None if found.values is None else cells_of(columns, found.values))
        self.bound, self.stopped = max(self.bound, found.bound), found.stopped


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
