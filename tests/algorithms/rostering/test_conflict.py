from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from algorithms.rostering.conflict import NoRoster, conflict_of, shortage
from algorithms.rostering.problem import FREE, OFF
from algorithms.rostering.solve import find_roster
from tests.algorithms.rostering.small_rosters import best_value, plain


def test_a_fixed_cell_against_leave_is_named_with_its_person_and_day() -> None:
    problem = plain(3, 4)
    allowed, fixed = problem.allowed.copy(), problem.fixed.copy()
    allowed[1, 2] = False  # leave
    fixed[1, 2] = 0
    with pytest.raises(NoRoster) as caught:
        find_roster(replace(problem, allowed=allowed, fixed=fixed))
    assert caught.value.proven
    assert set(caught.value.conflict.rules) == {("fixed", 1, 2), ("allowed", 1, 2)}
    assert "fixed" in str(caught.value)


def test_of_what_clashes_nothing_is_named_that_could_be_left_out() -> None:
    fixed = np.array([[0, 0, 0, FREE, OFF, FREE]])
    problem = plain(1, 6, 1, fixed=fixed, max_run=np.array([2]), max_minutes=np.array([480 * 5]))
    found = conflict_of(problem)
    assert set(found.rules) == {("fixed", 0, 0), ("fixed", 0, 1), ("fixed", 0, 2), ("max_run", 0, 2)}
    for _rule, _person, day in (rule for rule in found.rules if rule[0] == "fixed"):
        loose = fixed.copy()
        loose[0, day] = FREE
        assert best_value(replace(problem, fixed=loose)) is not None


def test_too_few_people_are_counted_by_group_day_and_shift_with_what_stands_against_more() -> None:
    least = np.zeros((2, 3, 1), np.int64)
    least[0, 1] = 3
    least[1] = 1
    problem = plain(4, 3, 1, groups=2, least=least, max_run=np.full(4, 2))
    with pytest.raises(NoRoster) as caught:
        find_roster(problem)
    conflict = caught.value.conflict
    assert conflict.short.sum() == 1
    assert conflict.short[0, 1, 0] == 1  # two people, three wanted; no rule but the number stands against it
    assert conflict.rules == (("least", -1, 1),)


def test_a_rule_without_which_fewer_would_be_missing_is_named() -> None:
    wanted = np.ones((1, 4, 1), np.int64)
    problem = plain(1, 4, 1, max_run=np.array([2]), max_minutes=np.array([480 * 3]))
    found = shortage(problem, wanted)
    assert found.short.sum() == 1
    assert {rule for rule, _person, _day in found.rules} == {"least"}  # either of the two rules alone still leaves one day
    found = shortage(replace(problem, max_minutes=np.array([480 * 4])), wanted)
    assert {rule for rule, _person, _day in found.rules} == {"least", "max_run"}


def test_nothing_is_named_where_all_can_be_kept() -> None:
    assert conflict_of(plain(2, 3)).rules == ()


def test_a_group_without_people_that_must_have_some_is_said() -> None:
    least = np.zeros((2, 2, 1), np.int64)
    least[1, 1] = 2
    with pytest.raises(NoRoster) as caught:
        find_roster(plain(2, 2, 1, groups=2, group=np.zeros(2, np.int64), least=least))
    assert caught.value.conflict.rules == (("least", -1, 1),)
    assert caught.value.conflict.short.sum() == 2


def test_a_clash_in_a_later_squad_names_its_person_and_counts_all_squads() -> None:
    fixed = np.full((4, 3), FREE)
    fixed[3] = 0
    with pytest.raises(NoRoster) as caught:
        find_roster(plain(4, 3, 1, groups=2, fixed=fixed, max_run=np.full(4, 2)))
    assert {person for _rule, person, _day in caught.value.conflict.rules} == {3}
    least = np.array([1, 3, 2]).reshape(3, 1, 1)
    with pytest.raises(NoRoster) as caught:
        find_roster(plain(3, 1, 1, groups=3, least=least))
    assert caught.value.conflict.short.ravel().tolist() == [0, 2, 1]


def test_where_nobody_would_do_as_one_of_a_pair_nobody_is_counted_as_missing() -> None:
    fixed = np.array([[0, OFF, FREE]])
    problem = plain(1, 3, 1, pairs=np.array([True]), fixed=fixed, least=np.array([0, 0, 1]).reshape(1, 3, 1))
    with pytest.raises(NoRoster) as caught:
        find_roster(problem)
    assert caught.value.conflict.rules == (("pairs", -1, -1),)
    assert not caught.value.conflict.short.any()
