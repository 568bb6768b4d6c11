"""One step on a project file from the command line: saved in place or elsewhere, refused in words, nothing changed by a failure."""

import dataclasses
import json

import numpy as np
import pytest
from block_town import block_town, planned
from checkpoint_town import RING, district
from duty_town import duty_town

from gridplanner.cli import main
from gridplanner.io.project_file import open_project, save_project
from gridplanner.model.checkpoints import NO_CORDONS
from gridplanner.model.project import NO_RAILWAY
from gridplanner.settings import Settings
from gridplanner.step_commands import STEP_COMMANDS


@pytest.fixture
def file(tmp_path):
    """A planned town of 8 × 4 blocks with depots, as a project file."""
    town = duty_town()
    path = tmp_path / "小镇.gridplan"
    save_project(dataclasses.replace(town, beats=None, zones=None, checkpoints=None, rings=None, chiefs=None), path)
    return path


def run(*words):
    return main([*map(str, words), "--lang", "en"])


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("command", STEP_COMMANDS)
def test_help_of_every_step_has_an_example(command, lang, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help", "--lang", lang])
    assert stopped.value.code == 0
    assert f"gridplanner {command} town.gridplan" in capsys.readouterr().out


def test_every_example_is_understood(capsys):
    for command in STEP_COMMANDS.values():
        words = command.example.split()[1:]
        assert run(*words[:1], "/nowhere/town.gridplan", *words[2:]) == 2
        assert "there is no such project file" in capsys.readouterr().err


def test_units_and_partition_start_from_nothing_but_data(tmp_path, capsys):
    path = tmp_path / "a.gridplan"
    save_project(dataclasses.replace(block_town(4, 4), settings=Settings()), path)
    assert run("partition", path) == 2
    words = capsys.readouterr().err
    assert "has no basic units yet" in words
    assert f"gridplanner units {path}" in words
    assert run("units", path, "--quiet") == 0
    assert len(open_project(path).units) == 16
    assert run("partition", path, "--target-households", 400, "--effort", "quick", "--json", "--quiet") == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["grids"]["count"] == 3
    assert list(summary["steps"]) == ["grids"]
    project = open_project(path)
    assert project.settings.grids.target_households == 400
    assert len(project.grids) == 3


def test_a_step_is_saved_in_place_or_elsewhere_with_its_settings(file, tmp_path, capsys):
    before = file.read_bytes()
    other = tmp_path / "out" / "other.gridplan"
    assert run("beats", file, "--target-persons", 3000, "--within", "communities", "--out", other) == 0
    words = capsys.readouterr().err
    assert "Beats: 2" in words
    assert f"Saved: {other}" in words
    assert file.read_bytes() == before
    assert open_project(other).settings.beats.target_persons == 3000
    assert len(open_project(other).beats) == 2
    assert run("beats", other, "--tolerance", 0.1) == 0
    project = open_project(other)
    assert len(project.beats) == 2
    assert (project.settings.beats.target_persons, project.settings.beats.within) == (3000, "communities")  # asked for once, kept
    assert project.settings.beats.tolerance == 0.1


def test_what_is_found_in_several_places_is_said_once_and_at_most_ten_findings_are(tmp_path, capsys):
    lanes = [([(1500, y), (3500, y)], "residential", "" if y > 700 else f"巷{y}", 0) for y in range(520, 1480, 80)]
    path = tmp_path / "square.gridplan"
    save_project(district(RING, *lanes), path)
    assert run("checkpoints", path) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith(("info", "warning"))]
    assert len(said) == len(set(said)) <= 10
    assert any(line.endswith("no checkpoint may hold it (×9)") for line in said)
    save_project(district(RING, *[(line, word, f"巷{i}", way) for i, (line, word, _, way) in enumerate(lanes)]), path)
    assert run("checkpoints", path) == 0
    assert "4 more findings" in capsys.readouterr().err


def test_response_takes_several_limits(file, capsys):
    assert run("response", file, "--minutes", 2, 4, "--json", "--quiet") == 0
    assert [row["minutes"] for row in json.loads(capsys.readouterr().out)["response"]] == [2.0, 4.0]
    assert open_project(file).settings.response.minutes == (2.0, 4.0)
    assert run("response", file, "--minutes", 4, 2) == 2
    assert "[response] minutes is [4.0, 2.0]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("zones", "--count", "0"), "[zones] count is 0"),
        (("beats", "--tolerance", "2"), "[beats] tolerance is 2.0"),
        (("rail", "--squads", "3"), "[rail] 1 guards cannot fill 3 squads"),
        (("patrol",), "has no patrol zones yet"),
        (("zones", "--out", "plan.shp"), "write plan.shp.gridplan"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_leaves_the_file_alone(file, words, told, capsys):
    before = file.read_bytes()
    assert run(words[0], file, *words[1:]) == 2
    assert told in capsys.readouterr().err
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("name", ["town.gpkg", "notes.txt", "folder.gridplan"])
def test_what_is_no_project_is_refused_and_no_other_file_is_proposed(tmp_path, name, capsys):
    path = tmp_path / name
    if name.startswith("folder"):
        path.mkdir()
    else:
        path.write_text("nothing", encoding="utf-8")
    assert run("beats", path) == 2
    words = capsys.readouterr().err
    assert name in words
    assert "Traceback" not in words
    assert f"{name}.gridplan" not in words


def test_an_unknown_choice_is_refused_by_the_parser(file, capsys):
    with pytest.raises(SystemExit) as stopped:
        run("beats", file, "--within", "provinces")
    assert stopped.value.code == 2
    assert "stations" in capsys.readouterr().err


def test_a_step_that_fails_leaves_the_file_as_it_was(file, capsys):
    project = dataclasses.replace(open_project(file), railway=NO_RAILWAY, cordons=NO_CORDONS)
    save_project(project, file)
    before = file.read_bytes()
    assert run("rail", file) in {2, 3}
    assert capsys.readouterr().err
    assert file.read_bytes() == before


def test_an_earlier_plan_that_is_out_of_date_is_told(tmp_path, capsys):
    path = tmp_path / "a.gridplan"
    town = planned(block_town(4, 4))
    homes = dataclasses.replace(town.households, households=np.full(16, 80.0))
    save_project(dataclasses.replace(town, households=homes), path)
    assert run("partition", path, "--effort", "quick") == 0
    words = capsys.readouterr().err
    assert "the basic units are older" in words
    assert f"gridplanner units {path}" in words
