from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from algorithms.progress import Progress
from algorithms.rostering.conflict import NoRoster
from algorithms.rostering.faults import faults
from algorithms.rostering.penalties import penalties, value_of
from algorithms.rostering.problem import FREE, OFF, RosterParams, RosterProblem
from algorithms.rostering.replan import replan
from algorithms.rostering.solve import find_roster
from gridplanner.benchmarks.made_squads import made_week
from gridplanner.benchmarks.rostering import after_call
from tests.algorithms.rostering.small_rosters import all_rosters, plain, random_roster

FIRST = ("short", "skill", "change")


def nearness(problem: RosterProblem, cells: np.ndarray) -> tuple[int, int]:
    """What counts first, and the whole value."""
    return sum(part.cost for part in penalties(problem, cells) if part.kind in FIRST), value_of(problem, cells)


@pytest.mark.parametrize("seed", range(200, 212))
def test_no_roster_changes_less_and_none_of_those_is_better(seed: int) -> None:
    problem = random_roster(seed, people=2, days=4)
    random = np.random.default_rng(seed)
    problem = replace(problem, kept=random.integers(FREE, 2, (2, 4)), change=random.integers(0, 9, (2, 4)))
    best = min((nearness(problem, cells) for cells in all_rosters(problem)), default=None)
    if best is None:
        with pytest.raises(NoRoster):
            replan(problem)
        return
    found = replan(problem)
    assert found.proven
    assert nearness(problem, found.cells) == best
    assert (found.value, found.bound) == (best[1], best[1])
    assert not faults(problem, found.cells)


def test_a_guard_who_calls_in_sick_changes_few_cells_of_that_squad_alone() -> None:
    problem = made_week(44, 4, 2)
    roster = find_roster(problem, RosterParams())
    person, day = np.argwhere(roster.cells[:, 2:] >= 0)[5] + (0, 2)
    called = after_call(problem, roster.cells, int(person), int(day), int(day) + 1)
    found = replan(called)
    changed = np.argwhere(found.cells != roster.cells)
    assert found.proven
    assert 1 <= len(changed) <= 4
    assert found.cells[person, day] == OFF
    assert not faults(called, found.cells)
    assert set(problem.group[changed[:, 0]].tolist()) == {int(problem.group[person])}
    assert (changed[:, 1] >= day).all()


def test_a_roster_that_needs_no_change_stays() -> None:
    problem = made_week(6, 1, 1)
    roster = find_roster(problem, RosterParams(seed=1))
    same = replan(replace(problem, kept=roster.cells, change=np.full(roster.cells.shape, 20)))
    assert np.array_equal(same.cells, roster.cells)


def test_what_is_kept_must_be_said() -> None:
    with pytest.raises(ValueError, match="kept"):
        replan(plain())


class Finished(Progress):
    """Wants to finish from the start."""

    def should_finish(self) -> bool:
        return True


def test_who_wants_to_finish_has_a_roster_again_that_keeps_the_rules_and_the_clock_is_kept() -> None:
    problem = made_week(120, 4, 1, days=14)
    roster = find_roster(problem, RosterParams(), Finished())
    kept = np.random.default_rng(1).integers(FREE, 3, roster.cells.shape)  # breaks most rules
    called = replace(problem, kept=kept, change=np.full(kept.shape, 20))
    found = replan(called, RosterParams(), Finished())
    assert not faults(called, found.cells)
    assert found.bound <= found.value
    assert not found.proven
    began = time.perf_counter()
    found = replan(called, RosterParams(wall=1.0))
    assert not faults(called, found.cells)
    assert time.perf_counter() - began < 4.0


def test_a_sick_call_that_is_finished_at_once_changes_nobody_else() -> None:
    problem = replace(made_week(120, 4, 1, days=14), fairness=())
    cells = find_roster(problem, RosterParams(work=1.0)).cells
    person, day = np.argwhere(cells >= 0)[0].tolist()
    called = after_call(problem, cells, person, day, 14)
    found = replan(called, RosterParams(), Finished())
    assert not faults(called, found.cells)
    assert set(np.argwhere(found.cells != cells)[:, 0].tolist()) == {person}
