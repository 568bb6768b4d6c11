"""Whole schedules instead of cells: a bound that is nearly tight, and the best choice among schedules that can be in a better roster."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from algorithms.network.polylines import Floats, Ints
from algorithms.progress import SILENT, Progress, Span
from algorithms.rostering.master import Common, Master, common_of
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import OFF, RosterParams, RosterProblem
from algorithms.rostering.programme import WIDE, Programme
from algorithms.rostering.schedules import ScheduleGraph, schedule_graphs
from algorithms.rostering.search import search

MOST = 60_000  # schedules among which the last choice is made
SOME = 1_500  # schedules of least reduced cost, in the first choice
FIRST = 0.2  # of the work, for a choice among the schedules that the linear programme has asked for


@dataclass(frozen=True, eq=False)
class Assembly:
    """What schedules come to: `cells` (p, d) or None, their `value`, and the `bound` that no roster goes below."""

    cells: Ints | None
    value: int
    bound: int


def assemble(
    problem: RosterProblem, params: RosterParams, progress: Progress = SILENT, start: Ints | None = None, most: float = np.inf
) -> Assembly | None:
    """Return the best choice of a schedule for each person; None where somebody has more than `most`, or too many pasts to tell apart.

    Column generation over resource-constrained paths (Desrosiers, Dumas, Solomon and Soumis 1995); every schedule whose reduced cost is
    within the gap is then listed, and the best choice among those is the best of all (Baldacci, Christofides and Mingozzi 2008).
    `start` (p, d) are cells that keep the rules, or None. Deterministic for one seed.
    """
    began = time.perf_counter()
    graphs = schedule_graphs(problem, most, progress)
    if graphs is None:
        return None
    common = common_of(problem)
    if np.isinf(common.cost.min(axis=2)).any():
        return None  # a cell in which nothing is allowed
    master = Master(common, graphs, len(problem.group))
    if start is not None:
        master.enter(np.where(start == OFF, problem.shape[2], start))
    solved = master.solve(Span(progress, 0.0, 0.3), began + params.wall)
    best = _Choice(common, params, start, WIDE if start is None else value_of(problem, start), master)
    bound = master.whole_bound
    best.among(list(master.schedules), FIRST, Span(progress, 0.3, 0.4))
    if solved and best.value > bound:
        best.among(_cheapest(master, graphs), FIRST, Span(progress, 0.4, 0.6))
    if not solved or best.value <= bound:
        return best.assembly(bound)
    listed = _within(master, graphs, best.value - 1 - master.bound)
    if listed is None:
        return best.assembly(bound)
    return best.assembly(max(bound, best.among(listed, 1.0, Span(progress, 0.6, 1.0))))


class _Choice:
    """The best choice so far."""

    def __init__(self, common: Common, params: RosterParams, start: Ints | None, value: int, master: Master) -> None:
        self.common, self.params, self.master = common, params, master
        self.cells = start
        self.value = value

    def assembly(self, bound: int) -> Assembly:
        """Return what is known now."""
        return Assembly(self.cells, self.value, min(bound, self.value))

    def among(self, schedules: list[tuple[int, Ints, float]], share: float, progress: Progress) -> int:
        """Look for a better choice among some schedules; return the bound on those that are better, or the best value if none is."""
        people, days, options = self.common.cost.shape
        programme = _programme(self.common, schedules, self.master.whole_bound, self.value - 1)
        limits = replace(self.params, work=self.params.work * share, wall=self.params.wall * share, workers=1)
        found = search(programme, limits, progress)
        if found.values is None:
            return self.value if found.finished else self.master.whole_bound
        cells = np.full((people, days), OFF)
        for row in np.flatnonzero(found.values[: len(schedules)]).tolist():
            person, choices, _cost = schedules[row]
            cells[person] = np.where(choices == options - 1, OFF, choices)
        self.cells, self.value = cells, int(programme.prices @ found.values)
        return found.bound


def _programme(common: Common, schedules: list[tuple[int, Ints, float]], least: int, most: int) -> Programme:
    """Return the choice of a schedule for each person as a programme, of values between `least` and `most` only."""
    people, days, options = common.cost.shape
    person = np.array([who for who, _choices, _cost in schedules])
    cost = np.rint([price for _who, _choices, price in schedules]).astype(np.int64)
    cell = (person[:, None] * days + np.arange(days)) * options + np.array([choices for _who, choices, _cost in schedules])
    count = len(schedules)
    each = np.repeat(np.arange(count), days)
    holds = csr_array((np.ones(count * days), (cell.ravel(), each)), shape=(people * days * options, count))
    one = csr_array((np.ones(count), (person, np.arange(count))), shape=(people, count))
    extra = len(common.price)
    programme = Programme()
    programme.columns((count,), 0, 1, cost)
    programme.columns((extra,), common.lower, common.upper, common.price)
    prices = csr_array(programme.prices[None].astype(np.float64))
    whole = vstack([hstack([common.cells @ holds, common.others]), hstack([one, csr_array((people, extra))]), prices], format="csr")
    whole.data = np.rint(whole.data)
    ones = np.ones(people, np.int64)
    programme.given = (
        csr_array(whole).astype(np.int64), np.concatenate((common.low, ones, [least])), np.concatenate((common.high, ones, [most])),
    )  # fmt: skip
    return programme


def _cheapest(master: Master, graphs: list[ScheduleGraph]) -> list[tuple[int, Ints, float]]:
    """Return the schedules that the linear programme has asked for, and of each person those of least reduced cost."""
    prices: Floats = master.prices(master.duals)
    most = max(SOME // len(prices), 1)
    for graph in graphs:
        to_end = graph.to_end(prices[graph.people])
        for place, person in enumerate(graph.people.tolist()):
            for path in graph.cheapest(prices[person], [layer[place] for layer in to_end], np.inf, most)[0]:
                master.add(person, path, master.cost_of(graph, person, path))
    return master.schedules


def _within(master: Master, graphs: list[ScheduleGraph], gap: float) -> list[tuple[int, Ints, float]] | None:
    """Return every schedule whose reduced cost is within the gap, None where there are more than MOST."""
    prices: Floats = master.prices(master.duals)
    found: list[tuple[int, Ints, float]] = []
    for graph in graphs:
        to_end = graph.to_end(prices[graph.people])
        for place, person in enumerate(graph.people.tolist()):
            mine = [layer[place] for layer in to_end]
            paths, _cost, whole = graph.cheapest(prices[person], mine, float(mine[0][0]) + gap + 1e-6, MOST - len(found))
            if not whole:
                return None
            found += [(person, path, master.cost_of(graph, person, path)) for path in paths]
    return found
