"""README § Benchmarks is made from the kept figures alone, and only what lies between the markers changes."""

import math

import numpy as np
import pytest

from gridplanner.benchmarks.kept_figures import Kept, kept_now, read_kept, write_kept
from gridplanner.benchmarks.readme import BEGIN, END, section_of, write_section
from gridplanner.benchmarks.table import Row
from gridplanner.cli import main
from gridplanner.errors import InputError

ROWS = (
    Row("small", "time", 1.5, "s", "≤ 2", True, {"A 1": 3.0}, 1.75, {"A 1": 4.0}, {"B 2": 45.0}),
    Row("small", "broken", 0.0, "", "≤ 0", True, {"A 1": 2.0}, 0.0, {"A 1": 2.0}),
    Row("large", "time", 2.5, "s", "≤ 2", False),
    Row("large", "broken", 0.0, "", "≤ 0", True),
    Row("growth", "peak memory", math.nan, "GiB"),
)


@pytest.fixture
def kept(tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    write_kept(Kept("partition", ROWS, ("A note.",), 5, "2 cores", "2026-11-22", "gridplanner 0.1"), folder / "partition.json")
    return folder


def test_figures_are_kept_as_they_were(kept):
    found = read_kept(kept / "partition.json")
    assert found.rows[:4] == ROWS[:4]
    assert math.isnan(found.rows[4].value)
    assert (found.notes, found.seeds) == (("A note.",), 5)


def test_figures_of_now_say_the_machine_and_the_versions(tmp_path):
    import platform

    found = kept_now("partition", ROWS, (), 1)
    write_kept(found, tmp_path / "now.json")
    assert read_kept(tmp_path / "now.json").versions == found.versions
    assert "ortools" in found.versions
    assert platform.python_version() in found.machine
    assert platform.node() not in found.machine


def test_figures_of_arrays_are_kept_as_plain_numbers(tmp_path):
    row = Row("roster", "penalty", np.int64(45), "", "≤ 45", np.bool_(True), {"A 1": np.float64(2086.0)})  # type: ignore[arg-type]
    write_kept(Kept("rail", (row,)), tmp_path / "rail.json")
    assert read_kept(tmp_path / "rail.json").rows == (Row("roster", "penalty", 45, "", "≤ 45", True, {"A 1": 2086.0}),)


def test_the_section_has_a_line_a_case_and_a_line_a_peer(kept):
    lines = section_of([read_kept(kept / "partition.json")]).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert table[:6] == [
        "|  | time, s (≤ 2) | broken (≤ 0) |",
        "| --- | --- | --- |",
        "| **small** | 1.50 (1.75) | 0 |",
        "| A 1 | 3 (4) | 2 |",
        "| B 2 | > 45 |  |",
        "| large | 2.50 ✗ | 0 |",
    ]
    assert table[6:] == ["|  | peak memory, GiB |", "| --- | --- |", "| growth | – |"]
    assert "- A note." in lines
    assert any("2 cores, 2026-11-22; medians of 5 seeds" in line for line in lines)


def test_only_what_lies_between_the_markers_changes_and_twice_gives_the_same(kept, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"# Head\n{BEGIN}\nold\n{END}\ntail\n", encoding="utf-8")
    assert main(["benchmark", "readme", "--out", str(readme), "--quiet"]) == 0  # the figures of the checkout
    assert write_section(readme, kept) == 1
    once = readme.read_text(encoding="utf-8")
    assert once.startswith(f"# Head\n{BEGIN}\n")
    assert once.endswith(f"{END}\ntail\n")
    assert "old" not in once
    assert "### partition" in once
    write_section(readme, kept)
    assert readme.read_text(encoding="utf-8") == once


def test_a_readme_without_markers_and_unreadable_figures_are_named_and_nothing_is_written(kept, tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("# Head\n", encoding="utf-8")
    with pytest.raises(InputError, match="benchmarks: begin"):
        write_section(readme, kept)
    readme.write_text(f"{BEGIN}\nold\n{END}\n", encoding="utf-8")
    (kept / "broken.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"broken\.json"):
        write_section(readme, kept)
    assert "old" in readme.read_text(encoding="utf-8")
    with pytest.raises(InputError, match=r"gone\.md"):
        write_section(tmp_path / "gone.md", kept)
