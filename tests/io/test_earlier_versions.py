"""Project files as the program of every earlier version wrote them open, keep all that was in them, and are saved as the latest version.

Each fixture was saved by the program as it was in the last commit before the format's next version: `version_N.gridplan` is its file,
`version_N.json` what that program had in memory (`saved_facts.py` run beside it); both are packed.
"""

import gzip
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.project_file import FORMAT_VERSION, mark_of, open_project, open_saved, save_project
from gridplanner.model.check import check
from gridplanner.model.project import fingerprint
from gridplanner.model.rail_near import length_of
from gridplanner.model.scenarios import project_in, scenario_names
from gridplanner.summary import summary_of
from tests.io.saved_facts import facts_of
from tests.io.test_project_file import assert_same

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = range(1, FORMAT_VERSION)
SEGMENT_PLACE = re.compile(r"rail\.segments\[\d+\]\.(low|high|plan)$")


@pytest.fixture(scope="module", params=VERSIONS)
def earlier(request, tmp_path_factory):
    """The version, its file, and what it held."""
    version = request.param
    path = tmp_path_factory.mktemp("earlier") / f"version_{version}.gridplan"
    path.write_bytes(gzip.decompress((FIXTURES / f"{path.name}.gz").read_bytes()))
    return version, path, json.loads(gzip.decompress((FIXTURES / f"version_{version}.json.gz").read_bytes()))


def said_version(path):
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT value FROM gridplanner_file WHERE key = 'version'").fetchone()[0])


def test_a_file_of_every_version_opens_with_all_that_was_in_it(earlier):
    version, path, held = earlier
    assert said_version(path) == version
    now = json.loads(json.dumps(facts_of(open_project(path))))
    assert len(held) > 300
    if version == 4:  # its segments had room for their places along the line, and no places in it
        assert held["rail.segments[1].low"] == held["rail.segments[1].high"] == "0.0"
        held = {place: fact for place, fact in held.items() if not SEGMENT_PLACE.search(place)}
    assert {place: now.get(place, "gone") for place in held} == held


def test_it_is_saved_as_the_latest_version_and_stays_the_same(earlier, tmp_path):
    _version, path, _held = earlier
    opened = open_saved(path)
    assert opened.mark == open_saved(path).mark == mark_of(path)  # the same wherever it is opened
    assert opened.changes == opened.notes == ()
    save_project(opened.project, tmp_path / "now.gridplan")
    assert said_version(tmp_path / "now.gridplan") == FORMAT_VERSION
    again = open_project(tmp_path / "now.gridplan")
    assert_same(opened.project, again)
    assert fingerprint(again) == fingerprint(opened.project)


def test_saving_over_it_keeps_its_name_among_projects(earlier, tmp_path):
    _version, path, _held = earlier
    copy = tmp_path / "town.gridplan"
    copy.write_bytes(path.read_bytes())
    before = mark_of(copy)
    save_project(open_project(copy), copy)
    after = mark_of(copy)
    assert (after.project_id, after.number) == (before.project_id, 1)
    assert after.save_id != before.save_id


def test_all_of_it_can_be_worked_with(earlier):
    version, path, _held = earlier
    project = open_project(path)
    assert len(scenario_names(project)) == (1 if version == 1 else 2)
    for name in scenario_names(project):
        there = project_in(project, name)
        check(there)
        assert summary_of(there, {})["grids"]["count"] == 4
        for segment in there.rail.segments:  # those of version 4 and before had no places along the line
            assert 0.0 <= segment.low <= segment.high <= length_of(there.rail.lines[segment.line]) + 1e-6
        assert there.rail.segments[0].low < there.rail.segments[0].high


def test_a_later_version_is_refused_with_the_program_to_open_it(tmp_path):
    path = tmp_path / "later.gridplan"
    path.write_bytes(gzip.decompress((FIXTURES / "version_6.gridplan.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as database, database:
        rows = ((str(FORMAT_VERSION + 1), "version"), ("3.14.1", "program"))
        database.executemany("UPDATE gridplanner_file SET value = ? WHERE key = ?", rows)
    with pytest.raises(ProjectFileError, match=r"newer gridplanner \(3\.14\.1, project files of version 8; this one reads up to 7\)"):
        open_project(path)
