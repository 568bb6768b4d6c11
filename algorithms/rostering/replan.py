"""A roster again where something has happened: as few changes as can be, then the best among those."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.progress import SILENT, Progress, Span
from algorithms.rostering.conflict import NoRoster, conflict_of
from algorithms.rostering.faults import faults
from algorithms.rostering.parts import part_of, parts_of
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import FREE, OFF, Roster, RosterParams, RosterProblem
from algorithms.rostering.search import Found, search
from algorithms.rostering.solve import any_cells, cells_of, hint_of, never_met
from algorithms.rostering.weighing import whole_programme

HALF = 0.5  # of the clock that is left: what the first step has at most for a group
LEAST = 0.1  # seconds that a search has in any case


def replan(problem: RosterProblem, params: RosterParams | None = None, progress: Progress = SILENT) -> Roster:
    """Return the roster nearest to `problem.kept`: first the least price of people short and cells changed, then the least of all else.

    A group that keeps all its cells and has nobody short is left as it is; the others are searched. `proven` holds for both steps in that
    order; `bound` is one on rosters that change as little as this one. Raises NoRoster, Cancelled, ValueError without `kept`.
    """
    if problem.kept is None or problem.change is None:
        raise ValueError("kept and change say what is to be changed as little as can be")
    params = params or RosterParams()
    end = time.perf_counter() + params.wall
    bound = never_met(problem)
    bare = replace(
        problem, over=np.zeros_like(problem.over), cost=np.zeros_like(problem.cost), off_cost=np.zeros_like(problem.off_cost), fairness=(),
        lone_on=None, lone_off=None,
    )  # fmt: skip
    cells = np.where(problem.kept == FREE, OFF, problem.kept).astype(np.int64)
    proven, cut_short, touched, least = True, False, np.zeros(len(problem.group), bool), np.zeros(len(problem.group), np.int64)
    for people in parts_of(bare):
        part = part_of(bare, people)
        if not (problem.kept[people] == FREE).any() and not value_of(part, cells[people]) and not faults(part, cells[people]):
            continue
        step, limits = Span(progress, 0.0, 0.4), replace(params, wall=max(HALF * (end - time.perf_counter()), LEAST))
        near_cells, found = _searched(part, limits, step, cells[people])
        if near_cells is None:
            raise NoRoster(conflict_of(problem, params, progress), found.finished)
        cells[people] = near_cells
        proven, cut_short = proven and found.finished, cut_short or found.stopped
        touched[people] = True
        least[people[0]] = value_of(part, cells[people])
    settled = replace(problem, fixed=np.where(touched[:, None], problem.fixed, cells))
    for people in parts_of(problem):
        part = part_of(settled, people)
        if not touched[people].any():
            bound += value_of(part, cells[people])
            continue
        step, limits = Span(progress, 0.4, 1.0), replace(params, wall=max(end - time.perf_counter(), LEAST))
        better, found = _searched(part, limits, step, cells[people], (part_of(bare, people), int(least[people].sum())))
        cells[people] = cells[people] if better is None else better
        proven, cut_short = proven and found.finished, cut_short or found.stopped
        bound += found.bound
    value = value_of(problem, cells)
    return Roster(cells, value, min(bound, value), proven, cut_short and not proven)


def _searched(
    problem: RosterProblem, params: RosterParams, progress: Progress, start: Ints, near: tuple[RosterProblem, int] | None = None
) -> tuple[Ints | None, Found]:
    """Return the best cells of a part, of those alone that cost at most so much in another weighing of the same columns.

    Ended before there are any, the first step takes cells that keep the rules: `start` as it is allowed and fixed if that does, else any.
    None where there are none, or where the second step has no better.
    """
    programme, columns = whole_programme(problem)
    if near is not None:
        other, most = near
        prices = whole_programme(other)[0].prices
        priced = np.flatnonzero(prices)
        programme.rows("change", priced[None], prices[priced], high=most)
    may = np.take_along_axis(problem.allowed, np.maximum(start, 0)[..., None], axis=2)[..., 0]
    begin = np.where(problem.fixed != FREE, problem.fixed, np.where(may, start, OFF))
    found = search(programme, params, progress, hint_of(columns, begin))
    if found.values is not None:
        return cells_of(columns, found.values), found
    if near is None and not found.finished:
        return (any_cells(problem, params, progress, begin)[0] if faults(problem, begin) else begin), found
    return None, found
