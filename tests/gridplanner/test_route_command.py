"""The command that writes routes for crews: what it is asked for, and what it says where that cannot be."""

from dataclasses import replace

import pytest

from gridplanner.cli import main
from gridplanner.io.project_file import save_project
from tests.patrol_town import made_plan


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("routes") / "town.gridplan"
    save_project(made_plan(households=False), path)
    return path


def run(*words):
    return main(["routes", *map(str, words), "--lang", "en"])


def test_help_shows_an_example(capsys):
    for language in ("en", "zh_CN"):
        with pytest.raises(SystemExit) as stopped:
            main(["routes", "--help", "--lang", language])
        assert stopped.value.code == 0
        assert "gridplanner routes town.gridplan --out sheets" in capsys.readouterr().out


def test_one_route_is_written_for_a_phone(file, tmp_path, capsys):
    assert run(file, "--out", tmp_path, "--format", "gpx", "--route", "X02-1-V2", "--datum", "gcj02") == 0
    assert [path.name for path in tmp_path.iterdir()] == ["routes.gpx"]
    assert "<name>X02-1-V2</name>" in (tmp_path / "routes.gpx").read_text(encoding="utf-8")
    assert "Files written: 1, routes: 1" in capsys.readouterr().err


def test_a_variant_is_written_alone(file, tmp_path):
    assert run(file, "--out", tmp_path, "--format", "kml", "--variant", "2") == 0
    assert len(list(tmp_path.iterdir())) == 1 + 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--route", "X01-9"), "There is no route X01-9; did you mean X01-"),
        (("--variant", "3"), "There is no variant 3; the plan has 2"),
        (("--day", "8"), "Nothing is drawn for day 8; variants are drawn for 7 days"),
        (("--day", "-1"), "--variant and --day count from 1"),
        (("--format", "pdf"), "PDF pages are written by the desktop program"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is(file, tmp_path, capsys, words, said):
    assert run(file, "--out", tmp_path / "out", "--format", "gpx", *words) == 2
    assert said in capsys.readouterr().err
    assert not list((tmp_path / "out").glob("*"))


def test_a_project_without_routes_names_the_command_that_makes_them(tmp_path, capsys):
    path = tmp_path / "town.gridplan"
    save_project(replace(made_plan(households=False), patrol=None), path)
    assert run(path, "--out", tmp_path / "out") == 2
    assert f"run “gridplanner patrol {path}” first" in capsys.readouterr().err


def test_a_day_that_is_none_is_refused(file, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(file, "--out", tmp_path, "--date", "5.1.2026")
    assert "5.1.2026 is not a day such as 2026-01-05" in capsys.readouterr().err
