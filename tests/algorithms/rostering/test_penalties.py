from __future__ import annotations

import numpy as np
import pytest

from algorithms.rostering.penalties import Penalty, penalties, value_of
from algorithms.rostering.problem import FREE, OFF, Fairness
from tests.algorithms.rostering.small_rosters import plain


def test_people_short_and_too_many_are_priced_each() -> None:
    problem = plain(3, 2, 1, demand=np.array([[[3], [1]]]), short=np.array([[[100], [100]]]), over=np.array([[[2], [2]]]))
    cells = np.array([[0, 0], [OFF, 0], [OFF, 0]])
    assert penalties(problem, cells) == (
        Penalty("short", 200, 2, day=0, shift=0, group=0),
        Penalty("over", 4, 2, day=1, shift=0, group=0),
    )


def test_a_missing_skill_a_wish_and_a_changed_cell_say_whose_they_are() -> None:
    cost = np.zeros((2, 1, 1), np.int64)
    cost[1] = 7
    problem = plain(
        2, 1, 1, skills=np.array([[True, False]]), skill_demand=np.ones((1, 1, 1, 1), np.int64), cost=cost, off_cost=np.array([[3], [0]]),
        kept=np.array([[0], [FREE]]), change=np.full((2, 1), 20),
    )  # fmt: skip
    assert penalties(problem, np.array([[OFF], [0]])) == (
        Penalty("skill", 100, 1, -1, 0, 0, 0, 0),
        Penalty("wish", 3, 1, 0, 0, OFF),
        Penalty("wish", 7, 1, 1, 0, 0),
        Penalty("change", 20, 1, 0, 0, OFF),
    )


def test_uneven_shares_name_who_has_the_most_and_the_least() -> None:
    amount = np.array([[8], [8], [8]])
    shares = Fairness("hours", amount, np.array([0, 2]), 3, before=np.array([4, 0]), target=np.array([0, 4]))
    problem = plain(3, 3, 1, fairness=(shares,), over=np.zeros((1, 3, 1), np.int64), demand=np.zeros((1, 3, 1), np.int64))
    cells = np.array([[0, 0, OFF], [0, 0, 0], [0, OFF, OFF]])
    assert penalties(problem, cells) == (Penalty("fairness", 48, 16, 0, other=2, name="hours"),)  # 20 and 4


def test_single_days_cost_but_not_where_they_may_go_on_beyond_what_is_known() -> None:
    problem = plain(
        1, 5, 1, demand=np.zeros((1, 5, 1), np.int64), over=np.zeros((1, 5, 1), np.int64), lone_on=np.array([2]), lone_off=np.array([5]),
        before=np.array([[OFF, 0]]),
    )  # fmt: skip
    assert [(part.kind, part.day) for part in penalties(problem, np.array([[OFF, 0, 0, OFF, 0]]))] == [
        ("lone_on", -1), ("lone_off", 0), ("lone_off", 3),
    ]  # fmt: skip
    assert value_of(problem, np.array([[0, 0, OFF, OFF, 0]])) == 0


def test_cells_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="cells are"):
        penalties(plain(1, 4), np.zeros((1, 5), np.int64))
