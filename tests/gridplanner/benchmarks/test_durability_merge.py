"""The merge's benchmark in small, and that its oracle finds what is not as it was left."""

from block_town import block_town, grid, planned, unit

from gridplanner.benchmarks.durability_merge import measured
from gridplanner.benchmarks.merge_oracle import differences
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.table_edits import ChangeGrids


def test_packages_of_a_small_town_meet_with_each_conflict_found_and_nothing_else_touched():
    town = planned(block_town(30, 6, split=tuple(range(5, 30, 5)), prove=False))
    rows, _notes = measured(town, 5, 2, 4)
    assert [(row.measure, row.value) for row in rows if row.ok is False] == []
    assert {row.measure: row.value for row in rows}["conflicts found"] == 5


def test_the_oracle_finds_a_unit_in_another_grid_and_a_name():
    town = planned(block_town(8, 4, split=(4,)))
    goal = next(key for key, one in town.grids.grids.items() if one.community == 0 and key != grid(town, 0, 0))
    moved = MoveUnits((unit(town, 0, 0),), goal).apply(town)
    assert differences(town, moved, [(0, 0)]).units == 1
    assert differences(town, moved, [(1, 1)]).units == 0
    assert differences(town, ChangeGrids(((goal, (("name", "甲"),)),)).apply(town), [(0, 0)]).grids == 2
