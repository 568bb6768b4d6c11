"""What a save replaces is kept, thinned by age and never by the clock alone, and can be brought back."""

from __future__ import annotations

import os
import random
import subprocess
from dataclasses import replace

import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping import backups
from gridplanner.io.keeping.backups import keep_backup, list_backups, restore
from gridplanner.io.keeping.thinning import DAY_S, HOUR_S, kept
from gridplanner.io.project_file import mark_of, open_saved, save_saved
from gridplanner.io.saved import Mark, Saved
from gridplanner.model.project import Project
from gridplanner.settings import ProjectSettings, Settings


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """A state folder of the test's own."""
    monkeypatch.setenv("GRIDPLANNER_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def _named(name: str) -> Project:
    return Project(settings=Settings(project=ProjectSettings(name=name)))


def _kept_after(times: list[float], now: float) -> list[int]:
    """Return which of the saves at some times are left when each save thins what is there."""
    line: list[int] = []
    for number, at in enumerate(times):
        line.append(number)
        stay = kept([times[one] for one in line], at)
        line = [one for place, one in enumerate(line) if place in stay]
    stay = kept([times[one] for one in line], now)
    return [one for place, one in enumerate(line) if place in stay]


def test_each_save_keeps_the_version_before_it(tmp_path):
    path = tmp_path / "town.gridplan"
    saved = Saved(_named("v1"))
    for number in range(1, 5):
        saved = replace(saved, project=_named(f"v{number}"), mark=save_saved(replace(saved, project=_named(f"v{number}")), path))
    found = list_backups(saved.mark.project_id)
    assert [(backup.number, backup.order) for backup in found] == [(3, 3), (2, 2), (1, 1)]
    assert [open_saved(backup.path).project.name for backup in found] == ["v3", "v2", "v1"]
    assert found == list_backups(path)
    assert all(backup.who and backup.at > 1e9 and backup.size > 1000 for backup in found)
    path.unlink()
    assert list_backups(path) == found  # also of what is gone


def test_what_is_restored_replaces_the_file_which_becomes_a_version_itself(tmp_path):
    path = tmp_path / "town.gridplan"
    one = save_saved(Saved(_named("v1")), path)
    two = save_saved(Saved(_named("v2"), one), path)
    (first,) = list_backups(path)
    assert restore(first, path, mark_of(path)) == ""
    assert open_saved(path).project.name == "v1"
    assert mark_of(path) == one
    newest = list_backups(path)[0]
    assert (newest.number, newest.order) == (2, 2)
    assert mark_of(newest.path) == two
    three = save_saved(Saved(_named("v3"), one), path, expected=one.save_id)  # the number of a save comes twice, the order does not
    assert three.number == 2
    assert [backup.order for backup in list_backups(path)] == [3, 2, 1]


def test_a_version_that_cannot_be_read_leaves_the_file(tmp_path):
    path = tmp_path / "town.gridplan"
    one = save_saved(Saved(_named("v1")), path)
    save_saved(Saved(_named("v2"), one), path)
    (first,) = list_backups(path)
    first.path.unlink()
    with pytest.raises(ProjectFileError, match="cannot be read"):
        restore(first, path)
    assert open_saved(path).project.name == "v2"


@pytest.mark.parametrize("name", ["../../evil", "", "a/b", "名", "x" * 300, "\x00", "..", "CON"])
def test_an_id_from_a_file_never_leads_out_of_the_folder(tmp_path, state, name):
    path = tmp_path / "a.gridplan"
    path.write_bytes(b"anything")
    assert keep_backup(path, name, Mark(project_id=name, number=7)) == ""
    (file,) = [found for found in state.rglob("*") if found.suffix == ".gridplan"]
    assert file.parent.parent == state / "backups"
    assert [backup.number for backup in list_backups(path)] == [7]


def test_a_place_that_cannot_take_backups_is_said_and_hinders_no_save(tmp_path, state):
    state.write_text("a file where the folder should be")
    path = tmp_path / "town.gridplan"
    path.write_bytes(b"one")
    words = keep_backup(path, "abc")
    assert "its earlier version was not kept" in words
    assert "choose another folder" in words
    mark = save_saved(Saved(_named("v1")), tmp_path / "other.gridplan")
    save_saved(Saved(_named("v2"), mark), tmp_path / "other.gridplan")
    assert open_saved(tmp_path / "other.gridplan").project.name == "v2"


def test_from_another_disk_it_is_copied(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "none", disk], capture_output=True).returncode:
        pytest.skip("mounting needs root")
    try:
        path = disk / "方案 #1.gridplan"
        one = save_saved(Saved(_named("v1")), path)
        save_saved(Saved(_named("v2"), one), path)
        assert [open_saved(backup.path).project.name for backup in list_backups(path)] == ["v1"]
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_of_all_ages_some_stay():
    """Half a year of saves every ten minutes of the working day."""
    times = [day * DAY_S + hour * HOUR_S + ten * 600.0 for day in range(180) for hour in range(9, 17) for ten in range(6)]
    now = times[-1] + 60
    left = _kept_after(times, now)
    ages = [now - times[one] for one in left]
    assert {one for one, at in enumerate(times) if now - at <= HOUR_S} <= set(left)
    for limit, most in ((HOUR_S, 7), (DAY_S, 7 + 24), (14 * DAY_S, 7 + 24 + 15), (182 * DAY_S, 7 + 24 + 15 + 27)):
        assert sum(age <= limit for age in ages) <= most + 14  # one of each doubling on top
    for day in range(13):
        assert any(day * DAY_S <= age < (day + 1) * DAY_S + HOUR_S for age in ages)
    for week in range(25):
        assert any(week * 7 * DAY_S <= age < (week + 1) * 7 * DAY_S + DAY_S for age in ages)


@pytest.mark.parametrize("jump", [-3650 * DAY_S, 3650 * DAY_S, -HOUR_S])
def test_a_clock_that_was_wrong_removes_not_all(jump):
    times = [1e9 + 60.0 * minute for minute in range(40)]
    wrong = [*times[:20], times[20] + jump, *times[21:]]  # of one save
    left = _kept_after(wrong, wrong[-1])
    assert {37, 38, 39} <= set(left)
    assert any(one < 20 for one in left)
    assert len(left) >= 7
    for_good = [*times[:20], *(at + jump for at in times[20:])]
    left = _kept_after(for_good, for_good[-1])
    assert set(range(20, 40)) <= set(left)
    assert any(one < 20 for one in left)


def test_whatever_the_clock_says_the_newest_and_one_of_each_doubling_stay():
    draw = random.Random(4)
    for _round in range(30):
        times = [draw.uniform(0, 4e9) for _save in range(draw.randint(1, 60))]
        left = _kept_after(times, draw.uniform(0, 4e9))
        newest = len(times) - 1
        assert set(left) >= set(range(max(0, newest - 2), newest + 1))
        back = max(newest - one + 1 for one in left)
        assert back > len(times) // 4  # some of the first half of all that was kept


def test_more_than_the_disk_may_give_is_removed_oldest_first(tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "MOST_BYTES", 4500)
    path, other = tmp_path / "town.gridplan", tmp_path / "other.gridplan"
    path.write_bytes(b"x" * 700)
    for number in range(5):
        assert keep_backup(path, "town", Mark(number=number, at=100.0 + number)) == ""
    other.write_bytes(b"y" * 700)
    for number in range(3):
        assert keep_backup(other, "other", Mark(number=number, at=10.0 + number)) == ""
    assert [backup.number for backup in list_backups("other")] == [2, 1, 0]  # the newest three of each stay
    assert [backup.number for backup in list_backups("town")] == [4, 3, 2]
    other.write_bytes(b"y" * 9000)
    assert "take 0.0 GB; remove those of old projects in" in keep_backup(other, "other", Mark(number=3, at=20.0))
