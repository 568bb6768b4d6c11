"""The command `rail`: the line of a project divided by the wishes given, its summary, and what it answers where that cannot be."""

import dataclasses
import json

import pytest

from gridplanner.cli import main
from gridplanner.edits.rail_edits import LockSegments
from gridplanner.io.project_file import open_project, save_project
from gridplanner.run import step_line
from tests.guarded_line import guarded, line_project


@pytest.fixture
def file(tmp_path):
    """The line without a plan, as a project file."""
    path = tmp_path / "护路.gridplan"
    save_project(line_project(), path)
    return path


def run(*words):
    return main([*map(str, words), "--lang", "en"])


def test_a_line_is_divided_by_wishes_that_stay(file, capsys):
    words = ("--guards", 6, "--squads", 3, "--from", "K815+000", "--to", "K823+000", "--corridor", 1000, "--atom", 100, "--max-km", 3)
    assert run("rail", file, *words, "--rounds", 1, "--json") == 0
    said = capsys.readouterr()
    figures = json.loads(said.out)["rail"]
    assert (figures["segments"], figures["km"], figures["squads"], figures["guards"]) == (6, 8.0, 3, 6)
    assert figures["plans"][0]["status"] == "optimal"
    assert figures["plans"][0]["bound"] <= figures["plans"][0]["value"]
    assert figures["corridor"]["schools"] == 1
    assert "Guard segments: 6 on 8.0 km, heaviest" in said.err
    project = open_project(file)
    rail = project.settings.rail
    assert (rail.start, rail.stop, rail.atom_m, rail.corridor_m, rail.max_km, rail.rounds) == ("K815+000", "K823+000", 100, 1000, 3, 1)
    assert project.rail.segments[0].start == 815_000.0
    assert run("check", file) == 0


def test_what_is_proven_is_told_with_what_wished_breaks_cost():
    project = guarded()
    (proof,) = project.rail.proofs
    assert proof.value == proof.bound

    def told(**changed):
        plan = dataclasses.replace(project.rail, proofs=(dataclasses.replace(proof, **changed),))
        return step_line("rail", 0.1, dataclasses.replace(project, rail=plan))

    assert "of the mean work; no division has less (proven)" in told()
    assert "; 0.4 % above the least possible (proven), for breaks at wished places" in told(value=1.004 * proof.bound)
    assert "proven" not in told(status="by hand")


def test_locked_segments_stay_when_the_command_divides_again(tmp_path, capsys):
    path = tmp_path / "a.gridplan"
    project = LockSegments((3,)).apply(guarded())
    save_project(project, path)
    assert run("rail", path, "--rounds", 4) == 0
    after = open_project(path).rail
    assert (after.segments[3].locked, after.segments[3].low) == (True, project.rail.segments[3].low)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--guards", "1", "--squads", "2"), 2, "1 guards cannot fill 2 squads"),
        (("--max-km", "0.5"), 3, "max_km"),
        (("--from", "K900+000"), 2, "lies on no line"),
        (("--line", "兰新线"), 2, "兰新线"),
        (("--min-km", "3", "--max-km", "2"), 2, "min_km 3.0 must be below max_km 2.0"),
    ],
)
def test_what_cannot_be_is_told_and_the_file_stays(file, words, code, told, capsys):
    before = file.read_bytes()
    assert run("rail", file, *words) == code
    assert told in capsys.readouterr().err
    assert file.read_bytes() == before
