"""The best roster of a problem, part by part, with the bound that none goes below."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

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
from algorithms.rostering.programme import WIDE, Programme
from algorithms.rostering.rules import CellColumns, cell_columns, group_rows, hard_rows
from algorithms.rostering.search import Found, search
from algorithms.rostering.weighing import whole_programme

SHARE, MORE = 0.3, 0.6  # of the work: what schedules, and branch and cut, have before CP-SAT has the rest
HALF = 0.5  # of the clock that is left: what each of them has at most
SMALL, TRY = 600, 1.5  # columns of a small part, and the work that CP-SAT has for one before branch and cut
MOST_SCHEDULES = 1e6  # of any person, where all schedules are looked at


def find_roster(
    problem: RosterProblem, params: RosterParams | None = None, progress: Progress = SILENT, start: Ints | None = None
) -> Roster:
    """Return the roster of least value, proven where the work of `params` suffices.

    `start` (p, d) are cells to begin with; they may break rules. Same seed and workers, same roster, unless the listener or `params.wall`
    ends a search. Raises NoRoster (an Infeasible; its `conflict` says why) where the hard rules cannot be kept together, Cancelled.
    """
    params = params or RosterParams()
    lost = never_met(problem)
    cells = np.full(problem.fixed.shape, OFF)
    bound, proven, cut_short, done, everyone = lost, True, False, 0, max(len(problem.group), 1)
    end = time.perf_counter() + params.wall
    known: dict[bytes, Roster] = {}  # squads without leave or wishes are often all alike
    for people in parts_of(problem):
        share, left = len(people) / everyone, len(people) / (everyone - done)
        step = Span(progress, done / everyone, done / everyone + share)
        done += len(people)
        limits = replace(params, work=params.work * share, wall=max((end - time.perf_counter()) * left, 0.1))
        part, begin = part_of(problem, people), None if start is None else start[people]
        same = part.key() + (b"" if begin is None else begin.tobytes())
        found = known.get(same) or _found_part(part, limits, step, begin)
        if isinstance(found, _Nothing):
            raise NoRoster(conflict_of(problem, params, progress), found.proven)
        if found.proven:
            known[same] = found
        cells[people] = found.cells
        bound, proven, cut_short = bound + found.bound, proven and found.proven, cut_short or found.cut_short
    value = value_of(problem, cells)
    return Roster(cells, value, min(bound, value), proven, cut_short)


def never_met(problem: RosterProblem) -> int:
    """Return what groups without people cost: they are in no part. Raises NoRoster where one of them must have people."""
    empty = np.bincount(problem.group, minlength=len(problem.demand)) == 0
    if problem.least is not None and problem.least[empty].any():
        missing = np.where(empty[:, None, None], problem.least, 0)
        rules = tuple(("least", -1, int(day)) for day in np.flatnonzero(missing.any(axis=(0, 2))))
        raise NoRoster(Conflict(rules, missing), True)
    count = problem.demand + (0 if problem.skill_demand is None else problem.skill_demand.sum(axis=0))
    return int((count * problem.short)[empty].sum())


@dataclass(frozen=True)
class _Nothing:
    """No roster; `proven` where there is none, else none was found within the work."""

    proven: bool


def _found_part(problem: RosterProblem, params: RosterParams, progress: Progress, start: Ints | None) -> Roster | _Nothing:
    """Return the best roster of people who belong together.

    Where nothing is shared evenly and a person has not too many schedules, the linear programme over schedules is nearly tight and settles
    it. Otherwise branch and cut over cells does: the spread between most and least is worth nothing in a linear programme, but few branches
    settle it. In a squad of people who are all alike CP-SAT is faster, so that it has a try before; it has what is left of the work, too.
    """
    best = _Best(problem, params, progress, start)
    best.any(0.0, 0.1)
    if best.cells is None:
        return _Nothing(best.none)
    if not problem.fairness:
        best.by_schedules(0.1, 0.4)
    elif whole_programme(problem)[0].count <= SMALL:
        best.by_cells(0.1, 0.4, replace(params, work=min(TRY, params.work), workers=1))
    best.by_branches(0.4, 0.7)
    best.by_cells(0.7, 1.0, params)
    return best.roster()


class _Best:
    """The best roster so far, and the bound; each way of searching does nothing where nothing is left to be found."""

    def __init__(self, problem: RosterProblem, params: RosterParams, progress: Progress, start: Ints | None) -> None:
        self.problem, self.params, self.progress, self.start = problem, params, progress, start
        self.end = time.perf_counter() + params.wall
        self.cells: Ints | None = None
        self.value, self.bound, self.none = WIDE, -WIDE, False
        if start is not None and not faults(problem, start):
            self.take(start)

    def take(self, cells: Ints | None) -> None:
        """Keep cells that are better."""
        if cells is not None and (value := value_of(self.problem, cells)) < self.value:
            self.cells, self.value = cells, value

    @property
    def left(self) -> float:
        """What is left of the clock."""
        return self.end - time.perf_counter()

    @property
    def done(self) -> bool:
        """Whether nothing is left to be found, or nobody waits for it."""
        self.progress.check()
        return self.none or self.value <= self.bound or self.progress.should_finish() or self.left <= 0

    def roster(self) -> Roster:
        """Return what is known now."""
        assert self.cells is not None
        proven = self.value <= self.bound
        cut_short = not proven and (self.progress.should_finish() or self.left <= 0)
        return Roster(self.cells, self.value, min(self.bound, self.value), proven, cut_short)

    def any(self, first: float, last: float) -> None:
        """Find a roster that keeps the rules, whatever it costs, if there is none to begin with."""
        if self.cells is not None:
            return
        cells, self.none = any_cells(self.problem, self.params, Span(self.progress, first, last), self.start)
        self.take(cells)

    def by_cells(self, first: float, last: float, params: RosterParams) -> None:
        """Search among cells by CP-SAT, from the best on."""
        if self.done:
            return
        programme, columns = whole_programme(self.problem)
        priced = np.flatnonzero(programme.prices)
        if self.bound > -WIDE and len(priced):  # what is known of the value
            programme.rows("bound", priced[None], programme.prices[priced], low=self.bound)
        limits = replace(params, wall=max(self.left, 0.01))
        self._learn(search(programme, limits, Span(self.progress, first, last), _hint(columns, self.cells)), columns)

    def by_branches(self, first: float, last: float) -> None:
        """Search among cells by branch and cut."""
        if self.done:
            return
        programme, columns = whole_programme(self.problem)
        limits = replace(self.params, work=MORE * self.params.work, wall=HALF * max(self.left, 0.01))
        self._learn(branch_and_cut(programme, limits, Span(self.progress, first, last)), columns)

    def by_schedules(self, first: float, last: float) -> None:
        """Search among whole schedules, where there are not too many."""
        if self.done:
            return
        limits = replace(self.params, work=SHARE * self.params.work, wall=HALF * max(self.left, 0.01))
        found = assemble(self.problem, limits, Span(self.progress, first, last), self.cells, MOST_SCHEDULES)
        if found is not None:
            self.take(found.cells)
            self.bound = max(self.bound, found.bound)

    def _learn(self, found: Found, columns: CellColumns) -> None:
        self.take(None if found.values is None else cells_of(columns, found.values))
        self.bound = max(self.bound, found.bound)


class _Patient(Span):
    """A progress that hears nothing of finishing: before there is any roster there is nothing to finish with."""

    def __init__(self, parent: Progress) -> None:
        super().__init__(parent, 0.0, 1.0)

    def should_finish(self) -> bool:
        return False


def any_cells(problem: RosterProblem, params: RosterParams, progress: Progress, start: Ints | None) -> tuple[Ints | None, bool]:
    """Return cells (p, d) that keep the rules, whatever they cost, and whether it is proven that there are none.

    It hears nothing of finishing early. Raises Cancelled.
    """
    programme = Programme()
    columns = cell_columns(problem, programme)
    hard_rows(problem, programme, columns)
    group_rows(problem, programme, columns)
    programme.cost = [np.zeros(programme.count, np.int64)]
    found = search(programme, params, _Patient(progress), _hint(columns, start))
    return None if found.values is None else cells_of(columns, found.values), found.values is None and found.finished


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


def _hint(columns: CellColumns, cells: Ints | None) -> tuple[Ints, Ints] | None:
    return None if cells is None else hint_of(columns, cells)
