"""Durability in small: processes killed while they edit and save a file, and the figures of a small city."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridplanner.benchmarks.command import BENCHMARKS
from gridplanner.benchmarks.durability import CASES
from gridplanner.benchmarks.durability_journal import killed, rows_of
from gridplanner.benchmarks.random_hand import KINDS
from gridplanner.io.project_file import save_project
from tests.ui.builders import planned, replanned, town


def test_a_few_kills_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "town.gridplan"
    save_project(replanned(planned(town(), wide=3)), file)
    outcomes = killed(file, tmp_path, 6, seed=3)
    assert [outcome.fault for outcome in outcomes] == [""] * 6
    assert all(outcome.done >= 3 for outcome in outcomes)
    assert sum(outcome.saves for outcome in outcomes) >= 2
    rows = {row.measure: row for row in rows_of("town", outcomes)}
    assert rows["corrupt files"].ok
    assert rows["completed edits lost"].ok
    assert all(row.ok is not False for row in rows.values())


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_of_random_edit_is_taken_now_and_then(name: str) -> None:
    import numpy as np

    from gridplanner.errors import EditRejected

    project, rng = replanned(planned(town(), wide=3)), np.random.default_rng(1)
    for _try in range(20):
        try:
            assert KINDS[name][0](project, rng).apply(project) is not project
        except EditRejected:
            continue
        return
    raise AssertionError


def test_the_benchmark_has_its_cases() -> None:
    assert "durability" in BENCHMARKS
    assert CASES == ("size", "journal", "harsh", "damage", "merge")
