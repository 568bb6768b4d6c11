"""Scenarios in the project file, and their comparison as tables."""

import csv
import dataclasses
import json
import sqlite3
import warnings
from contextlib import closing
from zlib import crc32

import numpy as np
import pytest

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.scenario_edits import AdoptMaster, BranchScenario, SwitchScenario
from gridplanner.errors import InputError
from gridplanner.io.comparison_table import write_comparison
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.project import fingerprint
from gridplanner.model.scenarios import project_in, scenario_names
from gridplanner.planning.comparison import compare
from tests.ui.builders import planned, town


@pytest.fixture
def project():
    made = planned(town())
    for edit in (AdoptMaster(""), BranchScenario('沿河 "B"'), MoveUnits((4, 16), 0), BranchScenario("C"), MoveUnits((28,), 3)):
        made = edit.apply(made)
    return made


def test_every_scenario_is_opened_as_it_was_saved(project, tmp_path):
    path = tmp_path / "town.gridplan"
    save_project(project, path)
    opened = open_project(path)
    assert fingerprint(opened) == fingerprint(project)
    assert (opened.scenario, opened.master) == ("C", "")
    for name in scenario_names(project):
        one, other = project_in(opened, name), project_in(project, name)
        np.testing.assert_array_equal(one.grids.labels, other.grids.labels)
        assert one.grids.grids == other.grids.grids
        assert one.settings == other.settings


def test_what_scenarios_share_is_written_once_and_shared_again(project, tmp_path):
    path, alone = tmp_path / "town.gridplan", tmp_path / "alone.gridplan"
    save_project(project, path)
    save_project(dataclasses.replace(project, scenarios=(), master=None), alone)
    opened = open_project(path)
    assert all(other.units is opened.units for other in opened.scenarios)
    assert opened.scenarios[0].rules is opened.rules
    assert stored(path) - stored(alone) < project.units.xy.nbytes  # two more columns of labels, and no units
    assert SwitchScenario("").apply(opened).units is opened.units


def test_a_file_from_before_there_were_scenarios_opens(project, tmp_path):
    path = tmp_path / "old.gridplan"
    plain = dataclasses.replace(project, scenario="", scenarios=(), master=None)
    save_project(plain, path)
    with closing(sqlite3.connect(path)) as database, database:
        tree = json.loads(database.execute("SELECT value FROM gridplanner_file WHERE key = 'project'").fetchone()[0])
        for name in ("scenario", "scenarios", "master"):
            del tree["fields"][name]
        text = json.dumps(tree)
        rows = (("project", text), ("checksum", str(crc32(text.encode()))), ("version", "1"))
        database.executemany("UPDATE gridplanner_file SET value = ?2 WHERE key = ?1", rows)
    opened = open_project(path)
    assert fingerprint(opened) == fingerprint(plain)
    assert (opened.scenario, opened.scenarios, opened.master) == ("", (), None)


def test_qgis_sees_the_other_scenarios_under_their_titles(project, tmp_path):
    import pyogrio

    path = tmp_path / "town.gpkg"
    save_project(project, path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        names = [str(name) for name, _geometry in pyogrio.list_layers(path)]
        assert {"grids", "grids – Scenario A", "grids – 沿河 'B'"} <= set(names)
        assert pyogrio.read_info(path, layer="grids – Scenario A")["features"] == len(project.grids)


def test_the_comparison_is_written_as_tables_of_places_and_counts(project, tmp_path):
    from openpyxl import load_workbook

    comparison = compare(project_in(project, ""), project)
    write_comparison(comparison, tmp_path / "c.xlsx")
    write_comparison(comparison, tmp_path / "c.csv")
    book = load_workbook(tmp_path / "c.xlsx", read_only=True)
    sheets = [[list(row) for row in book[name].iter_rows(values_only=True)] for name in book.sheetnames]
    book.close()
    moves, grids = sheets
    assert len(moves) == 1 + len(comparison.moves) == 3
    assert sum(row[3] for row in moves[1:]) == comparison.moved
    assert len(grids) == 1 + len(comparison.pairs)
    with (tmp_path / "c.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row[:5] for row in csv.reader(stream)] == [[str(value) for value in row[:5]] for row in moves]
    assert (tmp_path / "c-grids.csv").exists()
    addresses = set(project.households.address.tolist())
    assert not addresses & {str(value) for row in (*moves, *grids) for value in row}


def test_a_table_that_cannot_be_written_is_said(project, tmp_path):
    (tmp_path / "c.csv").mkdir()
    with pytest.raises(InputError, match=r"c\.csv"):
        write_comparison(compare(project_in(project, ""), project), tmp_path / "c.csv")


def stored(path) -> int:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT sum(length(data)) FROM gridplanner_values").fetchone()[0]
