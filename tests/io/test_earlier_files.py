"""Project files of earlier versions: guard segments that knew their chainages alone get their places along the line."""

import dataclasses
import json
import sqlite3
from contextlib import closing
from zlib import crc32

import numpy as np

from gridplanner.edits.rail_edits import MoveBreak
from gridplanner.io.project_file import FORMAT_VERSION, open_project, save_project
from gridplanner.model.freshness import made_from, stale_plans
from gridplanner.model.rail_check import rail_issues
from gridplanner.model.rail_work import segment_work
from gridplanner.summary import rail_figures
from tests.guarded_line import divided, line_project

# what version 4 wrote of each class that has grown since
FIELDS = {
    "RailSegment": ("code", "line", "squad", "guard", "start", "stop", "workload", "coords"),
    "RailLine": ("name", "coords", "start"),
    "RailPlan": ("lines", "segments", "plan", "issues", "made_from"),
    "Railway": ("lines", "main", "names"),
    "Stations": ("xy", "names", "chainage", "line"),
    "RailSettings": ("start", "stop", "squads", "guards", "weights", "breaks"),
}
GONE = {"Project": {"rail_things", "roster_cells", "roster"}, "Settings": {"roster"}, "Scenario": {"roster"}}


def as_version_4(tree):
    """A saved tree without what version 4 did not know."""
    if isinstance(tree, list):
        return [as_version_4(part) for part in tree]
    if not isinstance(tree, dict):
        return tree
    made = {key: as_version_4(part) for key, part in tree.items()}
    if "$class" in made:
        name = made["$class"]
        kept = FIELDS.get(name, tuple(made["fields"]))
        made["fields"] = {key: part for key, part in made["fields"].items() if key in kept and key not in GONE.get(name, ())}
    return made


def test_a_file_of_version_4_opens_with_segments_that_can_be_edited(tmp_path):
    path = tmp_path / "old.gridplan"
    project = divided(line_project(weights={"length": 1.0, "crossing": 0.0, "bridge": 0.0, "tunnel": 0.0, "settlement": 0.0}))
    save_project(project, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        tree = json.loads(connection.execute("SELECT value FROM gridplanner_file WHERE key = 'project'").fetchone()[0])
        text = json.dumps(as_version_4(tree))
        assert '"low"' not in text
        values = {"project": text, "checksum": str(crc32(text.encode())), "version": "4"}
        connection.executemany("UPDATE gridplanner_file SET value = ? WHERE key = ?", [(value, key) for key, value in values.items()])
    found = open_project(path)
    assert len(found.rail.segments) == 8
    for old, new in zip(project.rail.segments, found.rail.segments, strict=True):
        assert np.allclose((old.low, old.high), (new.low, new.high))
        assert np.array_equal(old.coords, new.coords)
        assert np.isclose(new.workload, segment_work(found.rail, "day", 0, new.low, new.high))
    assert stale_plans(found) == {"rail"}  # more counts as work now
    current = dataclasses.replace(found, rail=dataclasses.replace(found.rail, made_from=made_from(found, "rail")))
    assert rail_issues(current) == ()
    assert rail_figures(found.rail)["km"] == 10.0
    moved = MoveBreak(0, 1000.0).apply(found).rail
    assert (moved.segments[0].high, moved.segments[1].low) == (1000.0, 1000.0)
    save_project(found, path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT value FROM gridplanner_file WHERE key = 'version'").fetchone()[0] == str(FORMAT_VERSION) == "7"
    assert open_project(path).rail.segments[3].low == found.rail.segments[3].low
