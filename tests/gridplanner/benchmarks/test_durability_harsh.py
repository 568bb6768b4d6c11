"""Harsh moments as the benchmark makes them, a few of them on a small town."""

from __future__ import annotations

import pytest

from gridplanner.benchmarks.durability_harsh import Outcome, rows_of, says_what_to_do, struck
from gridplanner.benchmarks.made_city import made_city
from gridplanner.benchmarks.own_process import with_grids
from gridplanner.io.project_file import save_project
from gridplanner.planning.units import propose_units


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A small town with grids."""
    path = tmp_path_factory.mktemp("harsh") / "town.gridplan"
    made = made_city(600, seed=2)
    save_project(with_grids(propose_units(made).apply(made))[0], path)
    return path


@pytest.mark.parametrize("kind", ["disk full", "two instances"])
def test_nothing_is_lost_and_the_words_say_what_to_do(town, tmp_path, kind):
    outcomes = struck(kind, town, tmp_path, 1, seed=3)
    assert [outcome.fault for outcome in outcomes] == [""]
    assert [row.measure for row in rows_of("one", kind, outcomes) if row.ok is False] == []
    assert all(outcome.words and outcome.done > 4 for outcome in outcomes)


def test_words_without_a_remedy_or_with_the_systems_own_text_count_against_us():
    assert says_what_to_do("a.gridplan: cannot be saved: the disk is full; make room there, or choose another disk")
    assert not says_what_to_do("a.gridplan: cannot be saved")
    assert not says_what_to_do("[Errno 28] No space left on device; choose another disk")
    found = rows_of("x", "disk full", [Outcome(5, 3, 0, ("it failed",)), Outcome(2, 2, 0, ())])
    figures = {row.measure: (row.value, row.ok) for row in found}
    assert figures["completed edits lost"] == (2, False)
    assert figures["messages that do not say what to do"] == (1, False)
    assert figures["moments without a word"] == (1, False)
