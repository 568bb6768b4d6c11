"""The command line as a script uses it: exit codes, words on standard error, nothing half-written."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from gridplanner.cli import main
from gridplanner.io.project_file import open_project
from gridplanner.issue_lines import issue_lines
from gridplanner.model.check import check
from gridplanner.model.issues import Issue, Level
from sample_data import SAMPLE_PLAN

PLAN = """
[project]
name = "小镇"
crs = "EPSG:4545"
[sources.households]
path = "homes.gpkg"
fields = { households = "hh" }
[sources.roads]
path = "roads.gpkg"
fields = { class = "highway" }
[grids]
effort = "quick"
[export]
encoding = "gb18030"
"""


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """A folder with a plan file, 600 households and a lattice of streets."""
    rng = np.random.default_rng(1)
    xy = rng.random((600, 2)) * 800 + (500_000, 3_900_000)
    fields = ["hh"]
    pyogrio.raw.write(
        tmp_path / "homes.gpkg",
        shapely.to_wkb(shapely.points(xy)),
        [np.ones(600, np.int32)],
        fields,
        geometry_type="Point",
        crs="EPSG:4545",
    )
    ticks = np.arange(0, 801, 160.0)
    lines = [shapely.LineString([(500_000 + t, 3_899_900), (500_000 + t, 3_900_900)]) for t in ticks]
    lines += [shapely.LineString([(499_900, 3_900_000 + t), (500_900, 3_900_000 + t)]) for t in ticks]
    highway = np.array(["residential"] * len(lines), object)
    pyogrio.raw.write(
        tmp_path / "roads.gpkg", shapely.to_wkb(np.array(lines)), [highway], ["highway"], geometry_type="LineString", crs="EPSG:4545"
    )
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    return plan


def test_a_plan_is_run_exported_checked_and_exported_again(village, capsys):
    out = village.parent / "out"
    assert main(["run", str(village), "--out", str(out), "--json", "--quiet", "--lang", "en"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["grids"]["count"] == summary["grids"]["in_band"] == 2
    assert summary["households"] == {"read": 600.0, "planned": 600.0, "outside": 0.0}
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["grids"] == summary["grids"]
    saved = out / "小镇.gridplan"
    assert main(["check", str(saved), "--json", "--quiet"]) == 0
    assert all(issue["level"] != "error" for issue in json.loads(capsys.readouterr().out))
    again = village.parent / "again"
    assert main(["export", str(saved), "--out", str(again), "--format", "gpkg", "--encoding", "utf-8", "--quiet"]) == 0
    assert not (again / "grids.shp").exists()
    assert pyogrio.read_info(again / "小镇.gpkg", layer="grids")["features"] == 2


def test_the_same_seed_gives_the_same_files_and_another_seed_is_taken(village):
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        assert main(["run", str(village), "--out", str(village.parent / name), "--seed", seed, "--quiet"]) == 0
    a, b, c = (open_project(village.parent / name / "小镇.gridplan") for name in "abc")
    assert np.array_equal(a.grids.labels, b.grids.labels)
    assert c.settings.project.seed == 6


def test_a_project_with_an_error_makes_check_fail(village, capsys):
    import dataclasses

    from gridplanner.io.project_file import save_project

    out = village.parent / "out"
    main(["run", str(village), "--out", str(out), "--quiet"])
    project = open_project(out / "小镇.gridplan")
    first, second = sorted(project.grids.grids)
    grids = {**project.grids.grids, second: dataclasses.replace(project.grids.grids[second], code=project.grids.grids[first].code)}
    broken = dataclasses.replace(project, grids=dataclasses.replace(project.grids, grids=grids))
    save_project(broken, out / "broken.gridplan")
    assert main(["check", str(out / "broken.gridplan"), "--lang", "en", "--quiet"]) == 1
    assert "used by 2 grids" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("homes.gpkg", "gone.gpkg"), "gone.gpkg"),
        (('households = "hh"', 'households = "hhh"'), "hhh"),
        (("[grids]", "[gridz]"), "did you mean grids"),
        (('crs = "EPSG:4545"', 'crs = "EPSG:4490"'), "EPSG:4490"),
        (('path = "roads.gpkg"', 'path = "roads.gpkg"\nlayer = "streets"'), "streets"),
        (('encoding = "gb18030"', 'profile = "chinesse"'), "did you mean chinese"),
        (('fields = { class = "highway" }', 'where = "DROP TABLE x"'), "where"),
        (('path = "roads.gpkg"', 'path = "homes.gpkg"'), "homes.gpkg"),
    ],
)
def test_bad_input_is_named_with_a_remedy_and_nothing_is_written(village, capsys, change, words):
    village.write_text(village.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    out = village.parent / "out"
    assert main(["run", str(village), "--out", str(out), "--quiet", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert not out.exists() or not list(out.iterdir())


def test_what_was_found_while_reading_is_said_and_not_only_kept(village, capsys):
    homes = village.parent / "homes.gpkg"
    meta, _fids, wkb, data = pyogrio.raw.read(homes)
    wkb[7] = None
    pyogrio.raw.write(homes, wkb, data, meta["fields"], geometry_type="Point", crs="EPSG:4545")
    assert main(["run", str(village), "--out", str(village.parent / "out"), "--lang", "en"]) == 0
    said = capsys.readouterr().err
    assert "warning: homes.gpkg, rows 8: no place, left out" in said
    saved = village.parent / "out" / "小镇.gridplan"
    assert f"“gridplanner check {saved}” lists them" in said


def test_issues_that_are_alike_are_counted_unless_all_are_wanted():
    many = [Issue(Level.WARNING, "outside", "row {n}", {"n": n}) for n in range(30)]
    lines = issue_lines([*many, *many[:3], Issue(Level.INFO, "made_up", "once")], 10)
    assert lines == [*(f"warning: row {n}" for n in range(10)), "  … and 20 more like this", "info: once"]
    assert len(issue_lines(many, None)) == 30
    assert len(issue_lines(many[:11], 10)) == 11  # a line that says “1 more” would be no shorter


@pytest.mark.parametrize("words", [["inspct", "x"], ["--lang", "en", "inspct"], ["--lang=en", "--quiet", "inspct"]])
def test_a_misspelled_command_is_met_with_the_nearest_one(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    assert "inspct is not a command; did you mean inspect?" in capsys.readouterr().err


def test_a_folder_given_as_a_plan_is_named_in_words(tmp_path, capsys):
    assert main(["run", str(tmp_path), "--lang", "en"]) == 2
    assert "Errno" not in capsys.readouterr().err


def test_inspect_tells_what_is_in_a_file_and_exits_2_for_what_cannot_be_read(village, capsys):
    assert main(["inspect", str(village.parent / "homes.gpkg"), "--lang", "en"]) == 0
    assert "[sources.households]" in capsys.readouterr().out
    (village.parent / "bad.shp").write_bytes(b"not a shapefile")
    assert main(["inspect", str(village.parent / "bad.shp"), "--lang", "en"]) == 2


@pytest.mark.parametrize("command", ["run", "demo", "inspect", "check", "feasibility", "export", "benchmark"])
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_help_of_every_command_has_an_example(command, lang, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help", "--lang", lang])
    assert stopped.value.code == 0
    assert f"gridplanner {command}" in capsys.readouterr().out


def test_help_starts_without_the_heavy_libraries():
    code = """
import sys
import gridplanner.cli
try:
    gridplanner.cli.main(["--help"])
except SystemExit:
    print(sorted({"ortools", "pyogrio", "scipy", "PySide6"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert done.stdout.strip().endswith("[]")


def test_the_sample_town_gives_its_summary(tmp_path, capsys):
    expected = json.loads(SAMPLE_PLAN.with_name("xijiao-summary.json").read_text(encoding="utf-8"))
    assert main(["demo", "--out", str(tmp_path), "--no-window", "--json", "--quiet"]) == 0
    summary = json.loads(capsys.readouterr().out)
    for section, figures in expected.items():
        for name, value in figures.items():
            assert summary[section][name] == pytest.approx(value, abs=0.05), f"{section}.{name}"
    assert summary["grids"]["max_deviation"] <= 10
    assert summary["grids"]["mean_street_pct"] >= 80
    (saved,) = tmp_path.glob("*.gridplan")
    assert not [issue for issue in check(open_project(saved)) if issue.level == "error"]


def test_quiet_is_heard_before_the_command_and_after_it(village, tmp_path, capsys):
    assert main(["--quiet", "run", str(village), "--out", str(tmp_path / "a")]) == 0
    assert main(["run", "--quiet", str(village), "--out", str(tmp_path / "b")]) == 0
    assert capsys.readouterr().err == ""


def test_a_seed_that_cannot_be_is_wrong_usage(village, tmp_path, capsys):
    assert main(["run", str(village), "--out", str(tmp_path / "a"), "--seed", "-1"]) == 2
    assert "--seed: seed is -1" in capsys.readouterr().err


def test_grids_of_nowhere_are_an_error_not_silence(village, tmp_path, capsys):
    plan = village.with_name("nowhere.toml")
    plan.write_text('[project]\ncrs = "EPSG:4545"\n[sources.roads]\npath = "roads.gpkg"\n[grids]\n', encoding="utf-8")
    assert main(["run", str(plan), "--out", str(tmp_path / "a")]) == 2
    assert "households" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()


def test_feasibility_is_told_of_a_plan_file_and_of_a_project(village, capsys):
    village.write_text(village.read_text(encoding="utf-8").replace("[grids]", "[grids]\ntarget_households = 400"), encoding="utf-8")
    assert main(["feasibility", str(village), "--json", "--quiet", "--lang", "en"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["communities"], said["fitting"], said["tightest"]) == (1, 0, 0.25)
    assert "With a tolerance of 25.0 % every community fits" in [remedy["message"] for remedy in said["remedies"]]
    out = village.parent / "out"
    assert main(["run", str(village), "--out", str(out), "--lang", "en"]) == 0
    assert "No number of grids fits 1 of 1 communities; With a tolerance of 25.0 %" in capsys.readouterr().err
    assert main(["feasibility", str(out / "小镇.gridplan"), "--quiet", "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("0 of 1 communities fit grids of 360–440 households: 2 grids; all fit from ± 25.0 % on")
    assert "k = 1 gives 600 each, k = 2 gives 300" in text


def test_feasibility_of_what_is_not_there_is_wrong_usage(village, capsys):
    assert main(["feasibility", str(village.parent / "gone.toml"), "--quiet"]) == 2
    assert main(["feasibility", str(village.parent / "gone.gridplan"), "--quiet"]) == 2
    assert "Traceback" not in capsys.readouterr().err
