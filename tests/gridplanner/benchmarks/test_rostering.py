from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from algorithms.rostering.faults import faults
from algorithms.rostering.penalties import value_of
from algorithms.rostering.problem import OFF, Fairness, RosterParams
from algorithms.rostering.solve import find_roster
from gridplanner.benchmarks.made_squads import made_week
from gridplanner.benchmarks.rostering import DATA, after_call, rostering_rows
from gridplanner.benchmarks.rostering_instances import BEST, read_shift_instance
from gridplanner.benchmarks.rostering_peer import peer_roster
from gridplanner.errors import InputError

SMALL = """
SECTION_HORIZON
7
SECTION_SHIFTS
# ShiftID, Length in mins, Shifts which cannot follow this shift | separated
E,480,
L,540,E
SECTION_STAFF
A,E=7|L=2,2400,960,5,2,2,1
B,E=0|L=7,2400,0,5,1,1,0
SECTION_DAYS_OFF
B,0,3
SECTION_SHIFT_ON_REQUESTS
A,1,L,3
SECTION_SHIFT_OFF_REQUESTS
B,2,L,4
SECTION_COVER
0,E,1,100,1
1,L,2,90,2
"""


def published(name: str) -> Path:
    folder = os.environ.get(DATA)
    if not folder:
        pytest.skip(f"{DATA} is not set")
    return Path(folder, "rostering", f"{name}.txt")


def test_an_instance_is_read_as_its_file_says(tmp_path: Path) -> None:
    path = tmp_path / "small.txt"
    path.write_text(SMALL, encoding="ascii")
    problem = read_shift_instance(path)
    assert problem.shape == (2, 7, 2)
    assert problem.follows.tolist() == [[True, True], [False, True]]
    assert (problem.max_minutes.tolist(), problem.min_minutes.tolist()) == ([2400, 2400], [960, 0])
    assert (problem.max_run.tolist(), problem.min_run.tolist(), problem.min_off.tolist()) == ([5, 5], [2, 1], [2, 1])
    assert not problem.allowed[1, :, 0].any()
    assert np.flatnonzero(problem.fixed[1] == OFF).tolist() == [0, 3]
    assert (problem.weekends.tolist(), problem.max_weekends.tolist()) == ([[5, 6]], [1, 0])
    assert (problem.demand[0, 1].tolist(), problem.short[0, 1].tolist(), problem.over[0, 1].tolist()) == ([0, 2], [0, 90], [0, 2])
    off, late = np.full((2, 7), OFF), np.full((2, 7), OFF)
    late[0, 1], late[1, 2] = 1, 1
    assert value_of(problem, off) == 3 + 100 + 2 * 90
    assert value_of(problem, late) == 4 + 100 + 90


def test_a_file_of_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "other.txt"
    path.write_text("nothing\n", encoding="ascii")
    with pytest.raises(InputError, match=r"other\.txt"):
        read_shift_instance(path)


def test_the_first_published_instance_is_proven_within_three_seconds() -> None:
    problem = read_shift_instance(published("Instance1"))
    began = time.perf_counter()
    found = find_roster(problem, RosterParams(seed=1))
    assert (found.value, found.bound, found.proven) == (BEST["Instance1"], BEST["Instance1"], True)
    assert not faults(problem, found.cells)
    assert value_of(problem, found.cells) == BEST["Instance1"]
    assert time.perf_counter() - began < 3.0


def test_the_peer_means_the_same_roster(tmp_path: Path) -> None:
    path = tmp_path / "small.txt"
    path.write_text(SMALL, encoding="ascii")
    problem = read_shift_instance(path)
    shares = Fairness("late", np.tile([0, 1], (7, 1)), np.arange(2), 3)
    problem = replace(problem, fairness=(shares,), nights=np.array([False, True]), max_nights=np.array([1, 2]))
    peer = peer_roster(problem, 20.0, 1)
    assert peer.proven
    assert peer.cells is not None
    assert not faults(problem, peer.cells)
    assert value_of(problem, peer.cells) == find_roster(problem, RosterParams()).value


def test_a_call_keeps_what_was_before_it_and_takes_the_guard_off() -> None:
    problem = made_week(6, 1, 3)
    cells = np.arange(42).reshape(6, 7) % 4 - 1
    called = after_call(problem, cells, 2, 3, 5)
    assert np.array_equal(called.fixed[:, :3], cells[:, :3])
    assert called.fixed[2].tolist() == [*cells[2, :3].tolist(), OFF, OFF, *problem.fixed[2, 5:].tolist()]
    assert called.change is not None
    assert np.flatnonzero(called.change[2] == 0).tolist() == [3, 4]


def test_instances_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATA, raising=False)
    with pytest.raises(InputError, match=DATA):
        rostering_rows(quick=True, seeds=1, cases=("shifts",))


def test_squads_of_one_want_nobody_less_than_no_one() -> None:
    assert all(made_week(6, 6, seed).demand.min() >= 0 for seed in range(1, 5))
