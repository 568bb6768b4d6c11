"""The journal where the disk, another window or chance does what it should not: nothing is lost, and what cannot be kept is told."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.journal import Journal
from gridplanner.io.keeping.orders import Start
from gridplanner.io.keeping.scribe import Scribe
from gridplanner.io.keeping.workplace import Left, Renewal, left_behind, recovered
from gridplanner.io.project_places import open_at, save_at
from gridplanner.io.saved import Saved
from tests.work_desk import Desk, made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("damage", ["emptied", "cut", "another letter"])
def test_what_a_place_says_of_itself_is_there_twice(desk: Desk, damage: str) -> None:
    save_at(Saved(made()), desk.file)
    desk.open().edit(1).save().edit(2).die()
    (folder,) = desk.work.iterdir()
    data = (folder / "about.json").read_bytes()
    damaged = {"emptied": b"", "cut": data[:40], "another letter": data.replace(b"town.gridplan", b"toun.gridplan")}[damage]
    assert damaged != data
    (folder / "about.json").write_bytes(damaged)
    left = desk.is_found()
    assert left.place == desk.file
    (folder / "about-again.json").write_bytes(damaged)
    (left,) = left_behind([desk.work])  # nobody knows by now what it is, but it is not hidden
    with pytest.raises(ProjectFileError, match="damaged"):
        recovered(left)


def test_a_project_that_cannot_be_begun_is_told_and_the_one_before_it_stays_where_it_is(tmp_path: Path) -> None:
    scribe = Scribe([tmp_path / "one", tmp_path / "two"])
    project = made()
    scribe.begin(Start("first", whole=project))
    assert scribe.wait_durable(10.0)
    scribe.begin(Start("second", left=Left(tmp_path / "gone", None, "", "", 0.0, 1)))
    until = time.monotonic() + 5.0
    while not scribe.trouble and time.monotonic() < until:
        time.sleep(0.01)
    assert "damaged" in scribe.trouble
    assert len(list((tmp_path / "one").iterdir())) == 1
    assert not (tmp_path / "two").exists()
    scribe.close(keep=False)


def test_a_disk_that_confirms_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = Journal._flush

    def fails(self: Journal) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Journal, "_flush", fails)
    monkeypatch.setattr("gridplanner.io.keeping.scribe.PATIENCE_S", 0.05)
    scribe = Scribe([tmp_path / "one", tmp_path / "two"])
    scribe.begin(Start("first", whole=made()))
    until = time.monotonic() + 5.0
    while not scribe.trouble and time.monotonic() < until:
        time.sleep(0.01)
    assert "faulty" in scribe.trouble
    monkeypatch.setattr(Journal, "_flush", flush)
    assert scribe.wait_durable(10.0)
    scribe.close(keep=False)


def test_a_new_journal_is_on_the_disk_before_it_takes_the_place_of_one_that_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    save_at(Saved(made()), desk.file)
    taken = desk.open().edit(1).take()
    desk.edit(2)
    assert desk.journal.wait_durable()
    swap, copied = Renewal.swap, []

    def looked_at(renewal: Renewal) -> None:
        copied.append((renewal.journal.last, list(renewal.journal._unconfirmed)))
        swap(renewal)

    monkeypatch.setattr(Renewal, "swap", looked_at)
    desk.save(taken).die()
    assert copied == [(3, [])]


def test_two_windows_that_take_over_the_same_work_go_on_apart(desk: Desk, tmp_path: Path) -> None:
    save_at(Saved(made()), desk.file)
    desk.open().edit(2).die()
    (left,) = left_behind([desk.work])
    one, other = Desk(tmp_path, seed=2), Desk(tmp_path, seed=3)
    one.journal.adopted(left, saved := recovered(left))
    for window in (one, other):
        window.mark = saved.mark
        if window is other:
            other.journal.adopted(left, saved)
        window.session.open(saved.project, saved=False, log=saved.changes)
        window.edit(1)
        assert window.journal.wait_durable()
    one.save()
    other.die()
    found = other.is_found()  # its edit was not taken for the one that the other window saved
    assert found.edits >= 1
    assert recovered(found).mark.save_id == saved.mark.save_id != one.mark.save_id  # nor will it overwrite that one
    one.journal.close()


def test_edits_are_applied_to_a_damaged_base_of_which_all_can_be_made_again(desk: Desk) -> None:
    save_at(Saved(made()), desk.file)
    desk.open().edit(2).die()
    (base,) = desk.work.glob("*/base-*")
    data = bytearray(base.read_bytes())
    place = data.index(desk.session.project.households.xy.tobytes()[:64])
    data[place : place + 8] = bytes(8)
    base.write_bytes(data)  # the project's own file, too: it is the same one
    with pytest.raises(ProjectFileError, match="damaged"):
        open_at(desk.file)
    desk.is_found()
