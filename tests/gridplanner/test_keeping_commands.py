"""Commands that write a project respect who works on it; earlier versions and work left behind are brought back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from gridplanner.benchmarks.made_city import made_city
from gridplanner.cli import main
from gridplanner.edits.settings_edits import ChangeSettings
from gridplanner.io.keeping.lock import lock_path, take_lock
from gridplanner.io.keeping.recovery import left_behind, recovered
from gridplanner.io.project_file import mark_of, open_project, open_saved, save_project, save_saved
from gridplanner.io.saved import Saved
from gridplanner.journalling import Journalling, work_folders
from gridplanner.model.project import Project
from gridplanner.project_at_work import worked_on
from gridplanner.session import Session
from gridplanner.who import who


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """A state folder of the test's own."""
    monkeypatch.setenv("GRIDPLANNER_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project file without any plan."""
    path = tmp_path_factory.mktemp("made") / "town.gridplan"
    save_project(made_city(400, seed=2), path)
    return path


@pytest.fixture
def town(made, tmp_path):
    """A copy of it."""
    return shutil.copyfile(made, tmp_path / "town.gridplan")


def _let_another_hold(path, name: str = "south@desk-2") -> None:
    """Let a lock be there as of another computer."""
    take_lock(path, force=True)
    about = json.loads(lock_path(path).read_text())
    lock_path(path).write_text(json.dumps({**about, "who": name, "computer": "another"}))


def test_a_step_is_refused_where_another_has_the_project_open(town, capsys):
    _let_another_hold(town)
    before = town.read_bytes()
    assert main(["units", str(town), "--quiet"]) == 2
    told = capsys.readouterr().err
    assert "south@desk-2 has it open since" in told
    assert f"delete {lock_path(town)}" in told  # another computer cannot be asked whether it still works
    assert main(["units", str(town), "--out", str(town.with_name("other.gridplan")), "--quiet"]) == 0  # which only reads it
    assert town.read_bytes() == before
    assert main(["check", str(town), "--quiet"]) in {0, 1}


def test_a_step_lets_go_of_the_lock_logs_itself_and_keeps_the_version_before(town, capsys):
    assert main(["units", str(town), "--quiet"]) == 0
    assert not lock_path(town).exists()
    saved = open_saved(town)
    assert saved.mark.number == 2
    assert len(saved.changes) == 1
    assert "unit" in saved.changes[0].words
    assert main(["backups", str(town), "--json", "--quiet"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["n"], listed["save"]) == (1, 1)


def test_a_version_that_could_not_be_kept_is_told_where_the_bar_does_not_wipe_it(town, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GRIDPLANNER_STATE", str(tmp_path / "file"))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert main(["units", str(town), "--lang", "en"]) == 0
    lines = capsys.readouterr().err.replace("\r\x1b[K", "\n").splitlines()
    assert any("█" in line for line in lines)
    assert [line for line in lines if "is saved, but its earlier version was not kept" in line and "█" not in line]


def test_what_somebody_saved_meanwhile_is_not_overwritten(town):
    told: list[str] = []
    with worked_on(town, town, told.append) as work:
        theirs = open_saved(town)
        mark = save_saved(replace(theirs, project=made_city(300, seed=3)), town, expected=theirs.mark.save_id)  # through another name, say
        with pytest.raises(Exception, match=r"changed by .* since you opened it"):
            work.save(work.project, "a step")
    assert mark_of(town) == mark
    assert told == []


def test_an_export_leaves_a_project_alone_that_another_has_open(town, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["export", str(town), "--out", str(out), "--format", "geojson", "--quiet"]) == 0
    (exported,) = out.glob("*.gridplan")
    first = exported.read_bytes()
    _let_another_hold(exported)
    assert main(["export", str(town), "--out", str(out), "--format", "geojson", "--quiet"]) == 2
    assert "south@desk-2 has it open" in capsys.readouterr().err
    assert exported.read_bytes() == first
    _let_another_hold(exported, who())  # the desktop itself, say, from which is exported
    assert main(["export", str(town), "--out", str(out), "--format", "geojson", "--quiet"]) == 0
    assert exported.read_bytes() == first


def test_an_earlier_version_is_listed_and_brought_back(town, tmp_path, capsys):
    names = ["one", "two", "three"]
    for name in names:
        saved = open_saved(town)
        settings = replace(saved.project.settings, project=replace(saved.project.settings.project, name=name))
        save_saved(replace(saved, project=replace(saved.project, settings=settings)), town)
    assert main(["backups", str(town)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["3", "2", "1"]
    out = tmp_path / "before.gridplan"
    assert main(["backups", str(town), "--restore", "2", "--out", str(out), "--quiet"]) == 0
    assert open_project(out).name == "one"
    assert open_project(town).name == "three"
    assert main(["backups", str(town), "--restore", "3", "--quiet"]) == 0
    assert open_project(town).name == "two"
    assert main(["backups", str(town), "--restore", "4", "--out", str(out), "--quiet"]) == 0
    assert open_project(out).name == "three"
    assert main(["backups", str(town), "--restore", "99"]) == 2
    assert "there is no version 99" in capsys.readouterr().err
    assert main(["backups", str(town), "--out", str(out)]) == 2
    assert main(["backups", str(tmp_path / "never.gridplan")]) == 0
    assert "keeps no earlier version" in capsys.readouterr().out


def test_versions_of_several_projects_at_one_path_are_told_apart(town, tmp_path, capsys):
    mark = mark_of(town)
    for seed in (3, 4):  # a plan run again into the folder: another project of the same name
        save_saved(Saved(made_city(200, seed=seed)), town)
        assert mark_of(town).project_id != mark.project_id
        save_project(open_project(town), town)
    copy = shutil.copyfile(town, tmp_path / "copy.gridplan")
    save_project(open_project(copy), copy)
    assert main(["backups", str(town), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["5", "4", "3", "2", "1"]
    assert [line.endswith("copy.gridplan") for line in lines] == [True, False, False, False, False]
    out = tmp_path / "first.gridplan"
    assert main(["backups", str(town), "--restore", "1", "--out", str(out), "--quiet"]) == 0
    assert mark_of(out) == mark


def test_work_left_behind_is_listed_recovered_and_forgotten(town, tmp_path, capsys):
    assert main(["recover"]) == 0
    assert "No work was left behind" in capsys.readouterr().out
    saved = open_saved(town)
    session = Session(Project())
    journalling = Journalling(session)
    journalling.opened(town, saved.mark)
    session.open(saved.project, saved=True, log=saved.changes)
    session.do(ChangeSettings("project", replace(saved.project.settings.project, name="left behind")))
    journalling.close(keep=True)
    assert main(["recover", "--list"]) == 0
    assert "town.gridplan, 1 edit not saved" in capsys.readouterr().out
    out = tmp_path / "back.gridplan"
    assert main(["recover", "--out", str(out), "--quiet"]) == 0
    assert open_project(out).name == "left behind"
    assert main(["recover", "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["recover", "--forget", "--quiet"]) == 0
    assert main(["recover", "--forget"]) == 2


def test_work_left_behind_knows_a_command_s_save_from_its_own(town):
    session = Session(Project())
    journalling = Journalling(session)
    opened = open_saved(town)
    journalling.opened(town, opened.mark)
    session.open(opened.project, saved=True)
    session.do(ChangeSettings("project", replace(opened.project.settings.project, name="saved")))
    journal, records = journalling.begin_save()
    mine = save_saved(replace(opened, project=session.project, mark=replace(opened.mark, journal=journal, records=records)), town)
    journalling.saved(mine, town)
    session.do(ChangeSettings("project", replace(opened.project.settings.project, name="left behind")))
    journalling.close(keep=True)
    assert main(["units", str(town), "--quiet"]) == 0
    theirs = mark_of(town)
    (left,) = left_behind(work_folders())
    found = recovered(left)
    assert found.project.name == "left behind"
    assert found.mark.save_id == mine.save_id != theirs.save_id  # so that saving it does not overwrite the units


def test_a_damaged_file_gives_what_it_still_holds(town, tmp_path, capsys):
    damaged = tmp_path / "damaged.gridplan"
    data = bytearray(town.read_bytes())
    data[-60_000:-50_000] = bytes(10_000)
    damaged.write_bytes(data)
    out = tmp_path / "saved.gridplan"
    assert main(["recover", str(damaged)]) == 2
    assert "--out FILE.gridplan" in capsys.readouterr().err
    assert main(["recover", str(damaged), "--out", str(out), "--quiet"]) == 0
    assert open_project(out).name == open_project(town).name
    save_project(open_project(out), out)
    out.write_bytes(out.read_bytes()[:-20_000])
    assert main(["check", str(out), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert f"gridplanner recover {out} --out" in told
    assert f"gridplanner backups {out}" in told
    assert main(["recover", str(tmp_path / "none.gridplan"), "--out", str(tmp_path / "x.gridplan")]) == 2
