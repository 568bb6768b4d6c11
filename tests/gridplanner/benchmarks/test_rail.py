"""The benchmark of railway protection judges what it says it judges; how fast anything is, is for a quiet machine."""

import dataclasses

import numpy as np
import pytest

from algorithms.railguard.dividing import divide_line
from algorithms.railguard.line_work import LineWork
from gridplanner.benchmarks import rail_dividing, rail_places
from gridplanner.benchmarks.rail import CASES, benchmark_rail
from gridplanner.errors import InputError


def test_a_line_is_divided_as_other_exact_ways_divide_it(monkeypatch):
    monkeypatch.setattr(rail_dividing, "ATOMS", 600)
    monkeypatch.setattr(rail_dividing, "GUARDS", 29)
    monkeypatch.setattr(rail_dividing, "SQUADS", 4)
    monkeypatch.setattr(rail_dividing, "MIDDLE", (150, 7))
    monkeypatch.setattr(rail_dividing, "SMALL", (60, 4))
    rows = rail_dividing.dividing_rows(False, 1)
    apart = [row for row in rows if row.measure.startswith("apart")]
    assert [row.case for row in apart] == ["600 atoms, 29 guards", "150 atoms, 7 guards", "60 atoms, 4 guards"]
    assert all(row.ok for row in apart)
    assert [name.split()[0] for name in apart[2].peers] == ["numpy,", "OR-Tools"]
    assert all(value == 0 for row in apart for value in row.peers.values())


def test_the_other_exact_way_sees_a_division_that_is_not_the_best():
    work = rail_dividing.long_work(80, 1)
    found = divide_line(LineWork(work, np.array([6])))
    least, squares = rail_dividing.best_within(work, 6, found.value)
    assert (least, squares) == (found.value, (found.load**2).sum())
    assert rail_dividing.best_within(work, 6, 2 * found.value) == (least, squares)  # heavier parts help nobody
    assert rail_dividing.best_within(work, 6, found.value - 1)[0] == np.inf


def test_small_lines_are_counted(monkeypatch):
    monkeypatch.setattr(rail_dividing, "QUICK_LINES", 60)
    rows = {row.measure: row for row in rail_dividing.small_rows(True, 1)}
    assert rows["divided"].value + rows["rightly refused"].value == 60
    assert all(row.ok is not False for row in rows.values())


def test_golmud_keeps_its_bars():
    rows = {row.measure: row for row in rail_places.golmud_rows(True, 1)}
    assert all(row.ok is not False for name, row in rows.items() if name != "step")
    assert rows["mean length"].value == pytest.approx(230 / 44, abs=0.01)


def test_the_gap_between_segments_is_seen(test_data, monkeypatch):
    monkeypatch.setenv(rail_places.DATA, str(test_data))
    plans = []
    monkeypatch.setattr(rail_places, "gap", lambda plan, gap=rail_places.gap: plans.append(plan) or gap(plan))
    rows = rail_places.town_rows(True, 1)
    assert all(row.ok is not False for row in rows)
    plan = plans[0]
    first = dataclasses.replace(plan.segments[0], high=plan.segments[0].high - 7)
    assert rail_places.gap(dataclasses.replace(plan, segments=(first, *plan.segments[1:]))) == pytest.approx(7)
    assert rail_places.gap(dataclasses.replace(plan, segments=plan.segments[:-1])) > 100


def test_the_line_over_the_plateau_reads_its_official_length(test_data, monkeypatch):
    monkeypatch.setenv(rail_places.DATA, str(test_data))
    rows = rail_places.tibet_rows(True, 1)
    assert [row.case for row in rows if row.measure == "beside the official total"] == [
        "Xining–Golmud, official 814 km",
        "Golmud–Lhasa, official 1,142 km",
    ]
    assert all(row.ok is not False for row in rows)


def test_what_is_named_without_its_data_is_refused(monkeypatch):
    monkeypatch.delenv(rail_places.DATA, raising=False)
    with pytest.raises(InputError, match="china"):
        benchmark_rail(cases=("tibet",))
    assert {"golmud", "dividing", "small", "tibet", "towns", "shifts", "weeks", "sick"} == set(CASES)
