"""The command that writes layers: every option of it, told what is lost, and wrong words refused with a remedy."""

import dataclasses
import json

import pytest

from gridplanner.benchmarks.made_city import made_city
from gridplanner.cli import main
from gridplanner.export_profiles import ExportProfile, LayerProfile
from gridplanner.io.profile_file import write_profile
from gridplanner.io.project_file import open_project, save_project
from gridplanner.planning.units import propose_units
from gridplanner.settings import FORMATS


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A small project file, its communities cut into units."""
    made = made_city(600, seed=2)
    called = dataclasses.replace(made.settings.project, name="镇")
    made = dataclasses.replace(made, settings=dataclasses.replace(made.settings, project=called))
    made = propose_units(made).apply(made)
    path = tmp_path_factory.mktemp("project") / "镇.gridplan"
    save_project(made, path)
    return path


def test_all_formats_are_written_with_what_they_cannot_carry(project, tmp_path, capsys):
    words = [word for name in FORMATS for word in ("--format", name)]
    assert main(["export", str(project), "--out", str(tmp_path), *words, "--json", "--lang", "en", "--quiet"]) == 0
    said = json.loads(capsys.readouterr().out)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"units.shp", "units.geojson", "units.kml", "units.csv", "units.fgb", "tables.xlsx", "镇.gpkg", "镇.dxf", "镇.qgz"} <= names
    assert {path.rsplit("/", 1)[-1].rsplit("\\", 1)[-1] for path in said["files"]} == names
    assert [(fault["kind"], fault["format"]) for fault in said["faults"]] == [("left_out", "gpx")]
    assert "units" in said["faults"][0]["message"]


def test_options_override_the_settings_of_the_project(project, tmp_path, capsys):
    write_profile(ExportProfile("own", layers={"units": LayerProfile("单元", rename={"unit_id": "编号"})}), tmp_path / "own.toml")
    words = [
        "--format",
        "shp",
        "--encoding",
        "utf-8",
        "--crs",
        "bd09",
        "--no-qgis",
        "--profile",
        str(tmp_path / "own.toml"),
        "--lang",
        "en",
    ]
    assert main(["export", str(project), "--out", str(tmp_path / "out"), *words]) == 0
    assert (tmp_path / "out" / "单元.cpg").read_text() == "UTF-8"
    assert "BD-09" in (tmp_path / "out" / "单元.prj").read_text()
    assert not list((tmp_path / "out").glob("*.q*"))
    assert "Exports:" in capsys.readouterr().err
    kept = open_project(next((tmp_path / "out").glob("*.gridplan"))).settings.export
    assert (kept.formats, kept.crs, kept.qgis) == (("shp",), "bd09", False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "shpp"], "did you mean shp"),
        (["--crs", "EPSG:1"], "gcj02"),
        (["--profile", "chinesse"], "did you mean chinese"),
        (["--profile", "gone.toml"], "gone.toml"),
        (["--schema", "grids"], "--postgis NAME"),
        (["--postgis", "postgresql://user:secret@host/db"], "postgis"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_written(project, tmp_path, capsys, words, said):
    assert main(["export", str(project), "--out", str(tmp_path / "out"), *words, "--lang", "en", "--quiet"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_what_is_lost_is_told_with_the_way_out(project, tmp_path, capsys):
    opened = open_project(project)
    profile = ExportProfile("p", layers={"units": LayerProfile(constant={"来源": "𠮷祥"})})
    write_profile(profile, tmp_path / "p.toml")
    path = tmp_path / "gbk.gridplan"
    settings = dataclasses.replace(opened.settings, export=dataclasses.replace(opened.settings.export, encoding="gbk"))
    save_project(dataclasses.replace(opened, settings=settings), path)
    assert main(["export", str(path), "--out", str(tmp_path / "o"), "--profile", str(tmp_path / "p.toml"), "--lang", "en"]) == 0
    said = capsys.readouterr().err
    assert "characters that GBK lacks" in said
    assert "--encoding utf-8" in said
