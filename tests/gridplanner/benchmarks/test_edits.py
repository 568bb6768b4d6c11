"""The benchmark of edits by hand, on a town small enough to take no time."""

from __future__ import annotations

import pytest

from gridplanner.benchmarks import edits
from gridplanner.benchmarks.edits import STEPS, benchmark_edits, figures_of
from gridplanner.benchmarks.random_hand import around
from tests.ui.builders import planned, town


def test_every_step_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "ASSIGNED", 8)
    found = figures_of(planned(town(), wide=3), rounds=2, seed=1)
    assert (found["grids"], found["units"]) == (16.0, 96.0)
    assert all(0 < found[f"{step}_median"] <= found[f"{step}_p99"] for step in STEPS)


def test_units_around_a_grid_are_of_its_community_and_nearest_first() -> None:
    project = planned(town(), wide=3)
    found = around(project, 0, 5)  # units 0, 1, 2, 12, 13, 14: beside them the rest of the first rings in the west
    assert set(found) == {3, 15, 24, 25, 26}
    assert len(around(project, 0, 1000)) == 48 - 6
    assert len(set(around(project, 0, 1000))) == 42


def test_rows_have_the_bars_and_growth_is_of_the_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    made = {30_000: 2.0, 150_000: 3.0}
    times = dict.fromkeys(("assign_p99", "push_p99", "undo_p99", "grids", "units"), 1.0)
    monkeypatch.setattr(edits, "in_own_process", lambda _module, households: times | {f"{step}_median": made[households] for step in STEPS})
    rows = benchmark_edits(quick=True)
    assert [row.value for row in rows if row.case == "growth"] == [1.5] * 3
    assert all(row.ok for row in rows if row.measure.endswith(("median", "p99")))
