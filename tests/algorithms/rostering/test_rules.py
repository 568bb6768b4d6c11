from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from algorithms.rostering.faults import faults
from algorithms.rostering.problem import OFF, RosterParams, RosterProblem
from algorithms.rostering.solve import find_roster
from tests.algorithms.rostering.small_rosters import best_value, plain

LONG = np.full(1, 480 * 6)


def alone(**changes: Any) -> RosterProblem:
    """One person wanted on every one of six days."""
    return plain(1, 6, 1, **changes)


def two(**changes: Any) -> RosterProblem:
    """Two people, an early and a late shift on each of four days, both wanted."""
    return plain(2, 4, 2, **changes)


# each: a problem in which nothing but that rule stands against what is wanted
RULES: dict[str, RosterProblem] = {
    "allowed": two(allowed=np.arange(16).reshape(2, 4, 2) != 5, max_shifts=np.array([[0, 4], [4, 0]])),
    "fixed": alone(fixed=np.array([[-2, OFF, -2, -2, OFF, -2]])),
    "follows": two(follows=np.array([[True, False], [False, True]]), max_shifts=np.array([[2, 3], [3, 2]])),
    "max_minutes": alone(max_minutes=np.array([480 * 4])),
    "min_minutes": alone(min_minutes=np.array([480 * 3]), demand=np.zeros((1, 6, 1), np.int64)),
    "max_shifts": two(max_shifts=np.array([[2, 4], [1, 4]])),
    "max_run": alone(max_run=np.array([2])),
    "min_run": alone(min_run=np.array([3]), max_run=np.array([4]), demand=np.array([0, 1, 0, 0, 1, 0]).reshape(1, 6, 1)),
    "min_off": alone(min_off=np.array([2]), max_run=np.array([3])),
    "max_weekends": alone(weekends=np.array([[0, 1], [4, 5]]), max_weekends=np.array([1])),
    "week_minutes": alone(week_minutes=np.array([480 * 2]), week_starts=np.array([-4, 3])),
    "max_nights": two(nights=np.array([False, True]), max_nights=np.array([1, 2]), max_shifts=np.array([[0, 4], [4, 1]])),
    "pairs": two(pairs=np.array([False, True])),
    "least": two(least=np.full((1, 4, 2), 1), short=np.zeros((1, 4, 2), np.int64), off_cost=np.zeros((2, 4), np.int64)),
}
WITHOUT: dict[str, Any] = {
    "allowed": np.ones((2, 4, 2), bool), "fixed": np.full((1, 6), -2), "follows": np.ones((2, 2), bool), "max_minutes": LONG,
    "min_minutes": np.zeros(1, np.int64), "max_shifts": np.full((2, 2), 4), "max_run": np.array([20]), "min_run": np.array([1]),
    "min_off": np.array([1]), "max_weekends": np.array([2]), "week_minutes": None, "max_nights": None, "pairs": None, "least": None,
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_without_the_rule_the_best_roster_breaks_it_and_with_it_none_does(rule: str) -> None:
    problem = RULES[rule]
    free = replace(problem, **{rule: WITHOUT[rule]})
    if rule == "least":
        free = replace(free, cost=np.ones((2, 4, 2), np.int64))
        problem = replace(problem, cost=np.ones((2, 4, 2), np.int64))
    loose = find_roster(free, RosterParams(work=5.0))
    assert not faults(free, loose.cells)
    assert rule in {fault.rule for fault in faults(problem, loose.cells)}
    kept = find_roster(problem, RosterParams(work=5.0))
    assert not faults(problem, kept.cells)
    assert kept.value == best_value(problem)
    assert kept.value > loose.value


def test_a_run_goes_on_from_the_days_before() -> None:
    problem = alone(max_run=np.array([3]), before=np.array([[OFF, 0, 0]]))
    found = find_roster(problem, RosterParams(work=5.0))
    assert found.cells[0].tolist()[:2] == [0, OFF]
    worked = np.zeros((1, 6), np.int64)
    assert {(fault.rule, fault.day) for fault in faults(problem, worked)} == {("max_run", 5)}


def test_what_the_days_before_broke_is_no_fault_of_the_roster() -> None:
    problem = alone(max_run=np.array([2]), min_off=np.array([3]), before=np.array([[0, 0, 0, OFF, 0]]))
    found = find_roster(problem, RosterParams(work=5.0))
    assert not faults(problem, found.cells)
    assert found.value == best_value(problem)


def test_faults_say_who_when_how_much_and_the_limit() -> None:
    problem = two(max_shifts=np.array([[1, 4], [4, 4]]), pairs=np.array([False, True]))
    cells = np.array([[0, 0, OFF, OFF], [OFF, OFF, OFF, 1]])
    few, pair = faults(problem, cells)
    assert (few.rule, few.person, few.shift, few.amount, few.limit) == ("max_shifts", 0, 0, 2, 1)
    assert (pair.rule, pair.group, pair.day, pair.shift, pair.amount, pair.limit) == ("pairs", 0, 3, 1, 1, 2)


def test_cells_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="cells are"):
        faults(alone(), np.zeros((1, 5), np.int64))


def test_a_shift_of_no_minutes_may_be_worked_in_a_week_that_was_over_before() -> None:
    problem = plain(
        1, 4, 2, minutes=np.array([480, 0]), before=np.array([[0, 0]]), week_minutes=np.array([480]), week_starts=np.array([-2]),
    )  # fmt: skip
    assert not faults(problem, np.ones((1, 4), np.int64))
    assert find_roster(problem, RosterParams(work=5.0)).value == best_value(problem) == 400
