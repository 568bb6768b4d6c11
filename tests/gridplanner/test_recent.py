"""What is kept for those who ask again is never of other values, whoever asks at the same time."""

import dataclasses
import sys
import threading

import pytest

from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.model.code_check import code_issues
from gridplanner.model.recent import Recent
from tests.ui.builders import planned, town


@pytest.fixture
def _threads_take_turns_often():
    was = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(was)


def test_equal_values_are_not_the_same_and_the_oldest_is_forgotten_first():
    recent, values = Recent[str](2), [[1], [1], [2]]
    for number, value in enumerate(values):
        recent.keep(str(number), value, "zh")
    assert [recent.find(value, "zh") for value in values] == [None, "1", "2"]
    assert recent.find(values[1]) is None
    assert recent.find([2], "zh") is None


@pytest.mark.usefixtures("_threads_take_turns_often")
def test_codes_are_checked_by_several_threads_at_once():
    one = planned(town())
    code = one.grids.grids[1].code
    two = ChangeGrids(((0, (("code", "620802100001099"),)),)).apply(one)
    twice = {**one.grids.grids, 0: dataclasses.replace(one.grids.grids[0], code=code)}
    three = dataclasses.replace(one, grids=dataclasses.replace(one.grids, grids=twice))
    wanted = {id(project): code_issues(project) for project in (one, two, three)}
    assert len(wanted[id(three)]) > len(wanted[id(one)])
    wrong: list[object] = []

    def ask(order):
        try:
            wrong.extend(project for _turn in range(150) for project in order if code_issues(project) != wanted[id(project)])
        except RuntimeError as why:
            wrong.append(why)

    threads = [threading.Thread(target=ask, args=(order,)) for order in ((one, two, three), (three, two, one), (one, one, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
