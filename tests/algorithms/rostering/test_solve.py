from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from algorithms.progress import SILENT, Cancelled, Progress
from algorithms.rostering.columns import assemble
from algorithms.rostering.conflict import NoRoster
from algorithms.rostering.faults import faults
from algorithms.rostering.mixed_integer import branch_and_cut
from algorithms.rostering.parts import parts_of
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import Fairness, RosterParams, RosterProblem
from algorithms.rostering.programme import WIDE
from algorithms.rostering.schedules import schedule_graphs
from algorithms.rostering.search import search
from algorithms.rostering.solve import cells_of, find_roster
from algorithms.rostering.weighing import whole_programme
from gridplanner.benchmarks.made_squads import made_week
from tests.algorithms.rostering.small_rosters import best_value, plain, random_roster

SHORT = RosterParams(work=5.0, wall=30.0)


class Impatient(Progress):
    """Wants to finish, or cancels, at the moment that it is first told of progress."""

    def __init__(self, cancels: bool = False) -> None:
        self.cancels, self.heard = cancels, False

    def report(self, fraction: float, message: str = "") -> None:
        self.heard = True

    def should_finish(self) -> bool:
        return self.heard

    def is_cancelled(self) -> bool:
        return self.cancels and self.heard


@pytest.mark.parametrize("seed", range(12))
def test_a_small_roster_costs_what_the_best_of_all_costs(seed: int) -> None:
    problem = random_roster(seed, people=2, days=4)
    best = best_value(problem)
    if best is None:
        with pytest.raises(NoRoster) as caught:
            find_roster(problem, SHORT)
        assert caught.value.proven
        assert caught.value.conflict.rules
        return
    found = find_roster(problem, SHORT)
    assert (found.value, found.bound, found.proven, found.cut_short) == (best, best, True, False)
    assert value_of(problem, found.cells) == best
    assert not faults(problem, found.cells)


@pytest.mark.parametrize("seed", range(100, 106))
def test_each_way_of_searching_finds_the_best_of_all_by_itself(seed: int) -> None:
    problem = random_roster(seed, people=2, days=4)
    problem = replace(problem, least=None, group=np.arange(2) % len(problem.demand))  # no group without people
    best = best_value(problem)
    for way in (search, branch_and_cut):
        programme, columns = whole_programme(problem)
        found = way(programme, SHORT)
        assert found.finished
        assert (None if found.values is None else value_of(problem, cells_of(columns, found.values))) == best
        assert found.values is None or found.bound == best
    assembled = assemble(problem, SHORT)
    if best is not None:
        assert assembled is not None
        assert (assembled.value, assembled.bound) == (best, best)
    else:
        assert assembled is None or assembled.cells is None


def test_people_share_hours_and_nights_as_the_best_of_all_rosters_does() -> None:
    amount, nights, everyone = np.array([[8, 8]] * 4), np.array([[0, 1]] * 4), np.arange(2)
    problem = plain(
        2, 4, fairness=(Fairness("hours", amount, everyone, 1, np.array([0, 12])), Fairness("nights", nights, everyone, 5)),
        follows=np.array([[True, True], [False, True]]), max_run=np.array([2, 3]),
    )  # fmt: skip
    found = find_roster(problem, SHORT)
    assert found.proven
    assert found.value == best_value(problem)


def test_groups_that_share_nothing_are_parts_and_evenness_joins_them() -> None:
    problem = plain(4, 2, groups=2)
    assert [part.tolist() for part in parts_of(problem)] == [[0, 2], [1, 3]]
    shares = Fairness("hours", np.ones((2, 2), np.int64), np.arange(4), 1)
    assert [part.tolist() for part in parts_of(replace(problem, fairness=(shares,)))] == [[0, 1, 2, 3]]
    assert len(parts_of(replace(problem, fairness=(replace(shares, price=0),)))) == 2


def test_a_group_without_people_costs_all_that_it_wants() -> None:
    problem = plain(1, 2, groups=2)
    found = find_roster(problem, SHORT)
    assert found.proven
    assert found.value == 2 * 100 + 2 * 2 * 100  # one shift of two a day, and the other group's


def test_twenty_guards_are_rostered_with_proof_and_the_same_seed_gives_the_same_roster(week: RosterProblem) -> None:
    first, again = (find_roster(week, RosterParams(seed=3)) for _time in range(2))
    assert first.proven
    assert not faults(week, first.cells)
    assert np.array_equal(first.cells, again.cells)


def test_who_wants_to_finish_has_a_roster_that_keeps_the_rules(week: RosterProblem) -> None:
    began = time.perf_counter()
    found = find_roster(week, RosterParams(), Impatient())
    assert time.perf_counter() - began < 5.0
    assert found.cut_short
    assert not found.proven
    assert found.bound <= found.value == value_of(week, found.cells)
    assert not faults(week, found.cells)


def test_a_roster_to_begin_with_is_never_made_worse(week: RosterProblem) -> None:
    good = find_roster(replace(week, fairness=()), RosterParams()).cells
    found = find_roster(week, RosterParams(), Impatient(), start=good)
    assert found.value <= value_of(week, good)


def test_cancelling_ends_it() -> None:
    with pytest.raises(Cancelled):
        find_roster(made_week(20, 2, 1), RosterParams(), Impatient(cancels=True))
    for thread in threading.enumerate():  # the solver may not outlive the test by much
        if thread.daemon and thread is not threading.current_thread():
            thread.join(5.0)


def test_a_problem_whose_arrays_do_not_fit_says_which() -> None:
    with pytest.raises(ValueError, match="max_run"):
        plain(2, 3, max_run=np.zeros(3, np.int64))


@pytest.fixture(scope="module")
def week() -> RosterProblem:
    return made_week(20, 2, 1)


def test_nothing_to_roster_is_a_roster() -> None:
    problem = plain(0, 2, groups=1)
    found = find_roster(problem, SHORT, SILENT)
    assert found.cells.shape == (0, 2)
    assert found.value == 2 * 2 * 100


def test_schedules_are_priced_no_longer_than_the_clock_allows() -> None:
    week = replace(made_week(20, 2, 1), fairness=())
    assembled = assemble(week, RosterParams(wall=0.0), start=find_roster(week, SHORT, Impatient()).cells)
    assert assembled is not None
    assert assembled.bound == -WIDE  # nothing is known in no time


def test_nobody_elses_schedules_are_told_apart_once_somebody_has_too_many() -> None:
    problem = plain(3, 6, max_run=np.array([2, 3, 4]))  # three different graphs
    graphs = schedule_graphs(problem)
    assert graphs is not None
    counts = [graph.count for graph in graphs]
    assert len(set(counts)) == 3
    assert schedule_graphs(problem, max(counts)) is not None
    assert schedule_graphs(problem, max(counts) - 1) is None
    with pytest.raises(Cancelled):
        schedule_graphs(problem, progress=Told())


class Told(Progress):
    """Wants nothing any more."""

    def is_cancelled(self) -> bool:
        return True
