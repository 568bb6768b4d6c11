"""Damaged project files: refused in words, and as much of them saved as is whole, each lost part named."""

import dataclasses
import itertools
import shutil
import sqlite3
from contextlib import closing

import numpy as np
import pytest

from gridplanner.benchmarks.damages import DAMAGES
from gridplanner.benchmarks.durability_damage import content_of, outcome
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import BranchScenario
from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.pages import Pages, Text
from gridplanner.io.keeping.parity import BLOCK, mended, spare_of
from gridplanner.io.keeping.salvage import can_be_saved, salvaged
from gridplanner.io.project_file import open_saved, save_project, save_saved
from gridplanner.io.saved import DamagedProjectError, Mark, Saved
from gridplanner.model.changes import Change, ChangeLine
from gridplanner.model.check import check
from gridplanner.model.project import fingerprint
from tests.io.test_project_file import assert_same
from tests.ui.builders import patrolled, planned, town

NO_SPARE = "DROP TABLE gridplanner_spare"
LOG = tuple(Change(n, 1.5e9 + n / 3, "a@b", f"改 {n}", "done", (ChangeLine("grid", "7", "name", "", "甲"),)) for n in range(1, 40))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A planned town with another scenario and a log, and its file."""
    project = patrolled(planned(town(columns=6, rows=4, per_unit=8), columns=6, wide=3))
    for edit in (BranchScenario("B"), MoveUnits((4,), 3)):
        project = edit.apply(project)
    path = tmp_path_factory.mktemp("saved") / "whole.gridplan"
    save_saved(Saved(project, Mark(number=3), LOG), path)
    return path, open_saved(path)


@pytest.fixture
def copy(saved, tmp_path):
    return shutil.copyfile(saved[0], tmp_path / "p.gridplan")


def change(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for sql in statements:
            database.execute(sql)


def rescued(path):
    """What can be saved of a file that is refused; it can be checked, saved and opened."""
    with pytest.raises(ProjectFileError):
        open_saved(path)
    found = salvaged(path)
    check(found.project)
    save_project(found.project, path.with_name("rescued.gridplan"))
    assert_same(found.project, open_saved(path.with_name("rescued.gridplan")).project)
    return found


def test_each_copy_of_the_text_is_enough(saved, copy):
    _path, whole = saved
    for sql in ("DROP TABLE gridplanner_file", "UPDATE gridplanner_file SET value = 'x' WHERE key = 'project'"):
        shutil.copyfile(saved[0], copy)
        change(copy, sql)
        found = rescued(copy)
        assert_same(whole.project, found.project)
        assert (found.mark, found.changes, found.notes) == (whole.mark, whole.changes, ())
    with pytest.raises(DamagedProjectError, match="All of the project can be saved") as caught:
        open_saved(copy)
    assert caught.value.can_be_saved == can_be_saved(copy) == "All of the project can be saved"


def test_parts_of_both_copies_make_one(saved, copy):
    _path, whole = saved
    change(
        copy, "UPDATE gridplanner_file SET value = 'x' WHERE key = 'project'", "DELETE FROM gridplanner_file_again WHERE key = 'manifest'"
    )
    assert_same(whole.project, rescued(copy).project)


def test_a_file_without_its_first_page_or_its_end_is_read_page_by_page(saved, copy):
    path, whole = saved
    data = path.read_bytes()
    for content in (bytes(16384) + data[16384:], data[: len(data) * 2 // 3]):
        copy.write_bytes(content)
        found = rescued(copy)
        assert_same(whole.project, found.project)
        assert found.notes == ()


@pytest.mark.parametrize("sql", [
    "DELETE FROM gridplanner_values WHERE name = 'units.left'",
    "UPDATE gridplanner_values SET data = zeroblob(length(data)) WHERE name LIKE 'units.e%'",
    "UPDATE gridplanner_values SET kind = '<i8' WHERE kind = '<i4'",
    "UPDATE gridplanner_values SET name = 'x' WHERE name = 'grids.labels'",
])  # fmt: skip
def test_an_array_that_is_lost_is_made_again_from_the_spare_bytes(saved, copy, sql):
    _path, whole = saved
    change(copy, sql)
    found = rescued(copy)
    assert_same(whole.project, found.project)
    assert found.notes == ()


def test_flipped_bits_and_lost_pages_of_arrays_are_mended(saved, copy):
    path, whole = saved
    data = path.read_bytes()
    start = data.index(whole.project.households.xy.tobytes()[:64])
    for places in ([start + 9], range(start, start + 3000)):
        bad = bytearray(data)
        for place in places:
            bad[place] ^= 0x55
        copy.write_bytes(bad)
        assert_same(whole.project, rescued(copy).project)


def test_blocks_are_mended_one_a_group_and_not_more():
    chance = np.random.default_rng(1)
    parts = [chance.bytes(size) for size in (0, 90_000, 1, 250_000, 3_999)]
    spare = spare_of(parts)
    rows = {"sums 0": spare.sums, **{f"blocks {k}": spare.blocks[k * 16_000 : (k + 1) * 16_000] for k in range(4)}}
    lengths = [len(part) for part in parts]
    groups = len(spare.blocks) // BLOCK
    for first in (0, 17, 60):  # as many blocks in a row as there are groups
        whole = bytearray(b"".join(parts))
        stop = min((first + groups) * BLOCK, len(whole))
        whole[first * BLOCK : stop] = bytes(stop - first * BLOCK)
        ends = np.cumsum([0, *lengths]).tolist()
        bad = [bytes(whole[a:b]) for a, b in itertools.pairwise(ends)]
        assert mended(bad, lengths, rows) == parts
    apart = [parts[0], bytearray(parts[1]), parts[2], bytearray(parts[3]), parts[4]]
    for part, block in ((1, 2), (3, 2 + groups - 22), (3, 2 + 2 * groups - 22)):  # single bytes of several blocks, maybe of one group
        apart[part][block * BLOCK + 7 * block] ^= 0x10
    assert mended([bytes(part) for part in apart], lengths, rows) == parts
    assert mended([*parts[:3], None, parts[4]], lengths, rows)[3] != parts[3]
    assert mended([None, None, None, None, None], lengths, {}) == [None] * 5
    assert spare_of([]).sums == b""


def test_a_lost_column_leaves_the_rest_of_its_layer(saved, copy):
    _path, whole = saved
    change(copy, NO_SPARE, "DELETE FROM gridplanner_values WHERE name IN ('households.address', 'roads.speed')")
    found = rescued(copy)
    assert found.notes == ("Lost: column address of the addresses", "Lost: column speed of the roads")
    assert set(found.project.households.address.tolist()) == {""}
    np.testing.assert_array_equal(found.project.households.xy, whole.project.households.xy)
    assert fingerprint(found.project.grids) == fingerprint(whole.project.grids)


def test_lost_communities_and_roads_come_back_from_the_layers_that_are_shown(saved, copy):
    _path, whole = saved
    change(copy, NO_SPARE, "DELETE FROM gridplanner_values WHERE name LIKE 'communities%' OR name LIKE 'roads.lines%'")
    found = rescued(copy)
    assert len(found.notes) == 2
    assert all("layer that QGIS shows" in note for note in found.notes)
    assert fingerprint(found.project.communities) == fingerprint(whole.project.communities)
    np.testing.assert_array_equal(found.project.roads.lines.coords, whole.project.roads.lines.coords)


def test_plans_go_with_the_ground_that_they_stand_on_and_the_others_stay(saved, copy):
    _path, whole = saved
    change(copy, NO_SPARE, "DELETE FROM gridplanner_values WHERE name LIKE 'units%' OR name = 'rail.segments.0.coords'")
    found = rescued(copy)
    assert (found.project.units, found.project.grids, found.project.rail) == (None, None, None)
    assert found.project.patrol.routes[0].code == whole.project.patrol.routes[0].code
    assert len(found.project.households) == len(whole.project.households)
    assert "Lost: the basic units" in found.notes
    assert "Lost: the guard segments" in found.notes
    assert "Lost with what it was made on: the grids" in found.notes
    shutil.copyfile(saved[0], copy)
    change(copy, NO_SPARE, "DELETE FROM gridplanner_values WHERE name = 'households.xy'")
    found = rescued(copy).project
    assert len(found.grids) == len(whole.project.grids)  # the map of the grids is worth more than their figures
    assert not len(found.units.address_unit)


def test_a_scenario_loses_its_own_part_alone(saved, copy):
    _path, whole = saved
    (other,) = whole.project.scenarios
    name = next(name for name in names_in(copy) if name.startswith("scenarios.0.grids.labels"))
    change(copy, NO_SPARE, f"DELETE FROM gridplanner_values WHERE name = '{name}'")
    found = rescued(copy)
    assert found.project.scenarios[0].grids is None
    assert found.project.scenarios[0].name == other.name
    assert fingerprint(found.project.grids) == fingerprint(whole.project.grids)
    assert found.notes == ("Lost of scenario Scenario A: the grids",)


def test_a_log_with_gaps_is_kept_and_said(saved, copy):
    change(copy, "DELETE FROM gridplanner_changes WHERE number = 5")
    found = rescued(copy)
    assert [entry.number for entry in found.changes] == [entry.number for entry in LOG if entry.number != 5]
    assert found.notes == ("The log of changes is not whole",)


def test_where_nothing_of_a_project_is_left_that_is_said(saved, copy):
    data = saved[0].read_bytes()
    for content in (b"", b"not a database", data[:20_000], bytes(len(data))):
        copy.write_bytes(content)
        with pytest.raises(DamagedProjectError, match=r"p\.gridplan.*nothing of a project"):
            salvaged(copy)
        assert can_be_saved(copy) == ""


@pytest.mark.parametrize("damage", DAMAGES)
def test_no_damage_is_accepted_silently_and_none_brings_the_program_down(saved, copy, damage):
    path, whole = saved
    truth = content_of(whole.project)
    for number in range(2):
        shutil.copyfile(path, copy)
        DAMAGES[damage][1](copy, np.random.default_rng((1, number)))
        found = set(outcome(copy, whole, truth))
        assert not found & {"crashed", "silent", "untold"}


def test_pages_are_read_as_sqlite_reads_them(tmp_path):
    rows = [(n, [None, n * 12345678901 - 7, n / 3, "甲" * n, bytes(n * 37), 0, 1, -1][n % 8]) for n in range(1, 400)]
    for size in (512, 4096, 65536):
        path = tmp_path / f"{size}.db"
        change(path, f"PRAGMA page_size = {size}", "CREATE TABLE t (a, b)")
        with closing(sqlite3.connect(path)) as database, database:
            database.executemany("INSERT INTO t VALUES (?, ?)", rows)
        found = {}
        for record in Pages(path.read_bytes()).records():
            if len(record.values) == 2:
                number, value = record.values
                found[number] = value.decode() if isinstance(value, Text) else value
        assert found == dict(rows)


def names_in(path):
    with closing(sqlite3.connect(path)) as database:
        return [name for (name,) in database.execute("SELECT name FROM gridplanner_values")]


def test_salvage_keeps_the_name_of_the_project_only_where_it_is_sure(saved, copy):
    _path, whole = saved
    change(copy, "DELETE FROM gridplanner_file WHERE key = 'checksum'", "DELETE FROM gridplanner_file_again WHERE key = 'checksum'")
    found = rescued(copy)
    assert_same(dataclasses.replace(whole.project), found.project)
    assert found.mark == Mark()
    assert "saved as a new project" in found.notes[0]
