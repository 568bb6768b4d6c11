"""Rows know whether they keep their bar, and figures read as a table shows them."""

import math

import pytest

from gridplanner.benchmarks.growth import PROVINCE, estimates
from gridplanner.benchmarks.table import Row, at_least, at_most, figure, print_table, with_worst


@pytest.mark.parametrize(
    ("row", "ok"),
    [
        (at_most("c", "m", 3.0, 3.0), True),
        (at_most("c", "m", 3.1, 3.0), False),
        (at_least("c", "m", 3.0, 3.0), True),
        (at_least("c", "m", 2.9, 3.0), False),
        (at_most("c", "m", 9.0, None), None),
        (at_most("c", "m", math.nan, 3.0), False),
    ],
)
def test_a_row_keeps_its_bar_or_not(row, ok):
    assert row.ok is ok


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.5612, ".561"), (1.234, "1.23"), (12.34, "12.3"), (100.0, "100"), (1234.5, "1,234"), (-0.25, "-.250"), (math.nan, "–")],
)
def test_figures_have_three_digits(value, text):
    assert figure(value) == text


def test_a_worst_seed_is_shown_only_where_it_reads_differently():
    assert with_worst(2.0, 2.0) == with_worst(2.0, None) == "2"
    assert with_worst(2.0, 2.001) == "2 (2.00)"


def test_the_table_shows_bars_missed_and_peers_stopped(capsys):
    print_table([Row("town", "time", 4.0, "s", "≤ 3", False, {"A 1": 9.0}, 4.0, {"A 1": 9.5}, {"B 2": 45.0})])
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split() == ["town", "time", "4", "s", "≤", "3", "NO", "A", "1", "9", "(9.50),", "B", "2", ">", "45"]


def test_growth_as_a_power_is_found_and_carried_to_a_province():
    found = {n: {"units_s": 3e-6 * n, "seconds": 2e-7 * n**1.2, "peak_gib": 0.1 + 0 * n} for n in (100_000, 1_000_000, 5_000_000)}
    found[20_000] = {"units_s": 9.0, "seconds": 9.0, "peak_gib": 9.0}  # too small to say anything
    rows = {(row.case.split(",")[0], row.measure): row.value for row in estimates(found)}
    assert rows["growth with size^b", "time, partition"] == pytest.approx(1.2)
    assert rows["25", "time, partition"] == pytest.approx(2e-7 * PROVINCE**1.2)
    assert rows["25", "time, units"] == pytest.approx(75)
    assert rows["growth with size^b", "peak memory"] == pytest.approx(0, abs=1e-9)
    assert rows["25", "peak memory"] == pytest.approx(0.5)  # at least in proportion


def test_small_cities_give_no_estimate():
    found = {n: {"units_s": 1e-6 * n, "seconds": 1e-6 * n, "peak_gib": 1e-6 * n} for n in (100_000, 200_000)}
    assert {row.case for row in estimates(found)} == {"growth with size^b, from 100,000"}
