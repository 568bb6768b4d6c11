"""A project that an office keeps in a database: versions that follow each other, two desks at once, and a server that fails."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import GridplannerError, InputError, ProjectFileError
from gridplanner.io import shared_commits, shared_project
from gridplanner.io.keeping.workplace import left_behind, recovered
from gridplanner.io.packing import array_to_bytes, pack
from gridplanner.io.project_places import is_place, open_at, save_at
from gridplanner.io.saved import ChangedProjectError, Mark, Saved
from gridplanner.io.shared_places import place_name, shared_place
from gridplanner.io.shared_project import (
    SharedConflictError,
    newest_version,
    open_shared,
    remove_shared,
    save_shared,
    shared_projects,
    shared_versions,
)
from gridplanner.io.shared_schema import SCHEMA
from gridplanner.journalling import Journalling
from gridplanner.model.project import Project
from gridplanner.progress import Cancelled, Progress
from gridplanner.session import Session
from tests.block_town import block_town, planned
from tests.io.postgis_server import SERVICE, Database
from tests.io.shared_desk import edited, saved_at_last

_numbers = itertools.count(1)
HOME = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def town() -> Project:
    return planned(block_town(8, 4))


@pytest.fixture
def place(database: Database, town: Project) -> Path:
    """A project in the database, put there by this test alone."""
    made = shared_place(SERVICE, f"西郊 O'Brien {next(_numbers)}")
    save_shared(Saved(town), made)
    return made


def exact(project: Project) -> tuple[object, dict[str, tuple[str, bytes]]]:
    """Return all that is in a project, to the last bit."""
    packed = pack(project)
    return packed.tree, {name: array_to_bytes(array) for name, array in packed.arrays.items()}


def first_grid(saved: Saved) -> int:
    assert saved.project.grids is not None
    return min(saved.project.grids.grids)


def name_of(saved: Saved, key: int) -> str:
    assert saved.project.grids is not None
    return saved.project.grids.grids[key].name


def test_what_is_put_in_is_opened_to_the_last_bit(place: Path, town: Project) -> None:
    shared_project._held = None
    saved = open_at(place)
    assert exact(saved.project) == exact(town)
    assert saved.mark.number == 1
    assert saved.mark.save_id == newest_version(place).save_id
    assert is_place(place)
    assert place_name(place) == f"{str(place).partition('#')[2]} @ {SERVICE}"


def test_versions_follow_each_other_with_who_when_and_what(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_project, "EVERY", 3)  # snapshots in between
    saved = open_shared(place)
    key = first_grid(saved)
    states = {1: exact(saved.project)}
    for number in range(2, 9):
        if number % 2:
            shared_project._held = None  # as another process that has not opened it
        saved = edited(saved, key, name=f"名 {number}")
        mark = save_at(saved, place, expected=saved.mark.save_id)
        saved = dataclasses.replace(saved, mark=mark)
        states[number] = exact(saved.project)
    shared_project._held = None
    for number, state in states.items():
        assert exact(open_shared(place, number=number).project) == state
    found = shared_versions(place)
    assert [one.number for one in found] == list(range(1, 9))
    assert all(abs(one.at - time.time()) < 600 for one in found)
    assert found[-1].words == saved.changes[-1].words
    again = open_shared(place)
    assert again.changes == saved.changes
    assert [one.number for one in again.changes] == list(range(1, 8))


def test_changes_of_one_tick_of_the_clock_are_all_logged(place: Path) -> None:
    saved = open_shared(place)
    key = first_grid(saved)
    saved = edited(edited(saved, key, name="一"), key, name="二")
    one, other = saved.changes[-2:]
    log = (*saved.changes[:-2], one, dataclasses.replace(other, at=one.at))
    mark = save_shared(dataclasses.replace(saved, changes=log), place)
    log = (*log, dataclasses.replace(one, number=log[-1].number + 1, words="third"))
    save_shared(dataclasses.replace(saved, changes=log, mark=mark), place)
    assert [change.words for change in open_shared(place).changes] == [change.words for change in log]


def test_a_version_stores_what_changed_and_not_the_town(place: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = open_shared(place)
    save_shared(edited(saved, first_grid(saved), name="x"), place, expected=saved.mark.save_id)
    one = f"(SELECT max(project) FROM {SCHEMA}.projects)"
    size = int(database.run(f"SELECT octet_length(delta) FROM {SCHEMA}.commits WHERE version = 2 AND project = {one}"))
    arrays = int(database.run(f"SELECT sum(size) FROM {SCHEMA}.arrays WHERE project = {one}"))
    assert 0 < size < 2_000
    monkeypatch.setattr(shared_project, "LARGE", 0)  # the next is a snapshot
    saved = open_shared(place)
    save_shared(edited(saved, first_grid(saved), name="y"), place, expected=saved.mark.save_id)
    assert database.run(f"SELECT count(*) FROM {SCHEMA}.snapshots WHERE project = {one}").strip() == "2"
    assert int(database.run(f"SELECT sum(size) FROM {SCHEMA}.arrays WHERE project = {one}")) == arrays  # no array changed
    shared_project._held = None
    assert name_of(open_shared(place), first_grid(saved)) == "y"


def test_who_was_slower_gets_both_versions_and_nothing_is_overwritten(place: Path) -> None:
    mine = theirs = open_shared(place)
    key = first_grid(mine)
    save_shared(edited(theirs, key, name="theirs"), place, expected=theirs.mark.save_id)
    with pytest.raises(ChangedProjectError) as caught:
        save_shared(edited(mine, key, name="mine"), place, expected=mine.mark.save_id)
    why = caught.value
    assert isinstance(why, SharedConflictError)
    assert name_of(why.theirs, key) == "theirs"
    assert exact(why.base.project) == exact(mine.project)
    assert why.mark == why.theirs.mark == open_shared(place).mark
    assert why.mark.who in str(why)
    assert "version 2" in str(why)
    assert [one.number for one in shared_versions(place)] == [1, 2]
    told = pickle.loads(pickle.dumps(why))  # as it comes out of another process
    assert (str(told), told.mark, told.version) == (str(why), why.mark, 1)
    saved, _conflicts = saved_at_last(edited(mine, key + 1, name="mine"), place)
    assert saved.mark.number == 3
    assert [one.number for one in open_shared(place).changes] == [1, 2, 3]


def test_another_project_of_the_same_name_is_not_overwritten(place: Path, town: Project) -> None:
    for expected in ("", "0" * 32):
        with pytest.raises(ProjectFileError, match="another project"):
            save_shared(Saved(town), place, expected=expected)
    remove_shared(place)
    with pytest.raises(ProjectFileError, match="removed it"):
        save_shared(Saved(town), place, expected="0" * 32)
    with pytest.raises(ProjectFileError, match="no project of that name"):
        open_shared(place)
    assert str(place).partition("#")[2] not in [one.name for one in shared_projects(SERVICE)]


@pytest.mark.parametrize("title", ["", "  ", "a/b", "a#b", "..\\x", "x" * 121, "a\nb", 'a"b', "town.GridPlan", "x.toml"])
def test_names_that_a_place_cannot_hold_are_refused(title: str) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        shared_place("town", title)


def test_an_address_with_a_password_is_no_place_and_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        open_at(Path("postgis:postgresql://me:canary@host/db#West"))
    assert "canary" not in str(caught.value)


def desk(place: Path, who: str, first: int, step: int, count: int, field: str = "name") -> subprocess.Popen[str]:
    env = {**os.environ, "GRIDPLANNER_WHO": who, "PYTHONPATH": str(HOME)}
    words = [sys.executable, "-m", "tests.io.shared_desk", str(place), who, str(first), str(step), str(count), field]
    return subprocess.Popen(words, cwd=HOME, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def begun(*desks: subprocess.Popen[str]) -> None:
    """Wait until all desks have opened the project, then let them edit."""
    for one in desks:
        assert one.stdout is not None
        assert one.stdout.readline().strip() == "ready"
    for one in desks:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()


def test_two_desks_at_once_lose_no_edit(place: Path) -> None:
    start = open_shared(place)
    assert start.project.grids is not None
    keys = sorted(start.project.grids.grids)
    assert len(keys) >= 8
    # 甲 and 乙 name four grids each, of which two are the same
    desks = [desk(place, "甲", 0, 1, 5), desk(place, "乙", 3, 1, 5)]
    begun(*desks)
    said = [json.loads(one.communicate(timeout=60)[0].splitlines()[-1]) for one in desks]
    assert [one.returncode for one in desks] == [0, 0]
    last = open_shared(place)
    names = [name_of(last, key) for key in keys[:8]]
    assert names[:3] == [f"甲 {n}" for n in range(3)]
    assert names[5:] == [f"乙 {n}" for n in range(2, 5)]
    assert all(name in {f"甲 {n + 3}", f"乙 {n}"} for n, name in enumerate(names[3:5]))
    found = shared_versions(place)
    assert [one.number for one in found] == list(range(1, 12))  # each edit is a version of its own, none was dropped
    assert {one.who for one in found[1:]} == {"甲", "乙"}
    assert max(one["version"] for one in said) == 11
    logged = [change for change in last.changes if change.words.startswith("Change name")]
    assert sorted(change.who for change in logged) == ["乙"] * 5 + ["甲"] * 5


def test_a_killed_desk_leaves_whole_versions(place: Path) -> None:
    one = desk(place, "丙", 0, 1, 8)
    begun(one)
    time.sleep(0.03)
    one.kill()
    one.wait()
    for pipe in (one.stdin, one.stdout):
        assert pipe is not None
        pipe.close()
    shared_project._held = None
    last = open_shared(place)
    assert last.mark.number == len(shared_versions(place)) == len(last.changes) + 1


def test_a_connection_cut_in_the_middle_leaves_the_version_that_was(place: Path, database: Database) -> None:
    saved = open_shared(place)

    class Cutting(Progress):
        def report(self, fraction: float, message: str = "") -> None:
            database.server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gridplanner'")

    with pytest.raises(ProjectFileError, match="Your work is not lost"):
        save_shared(edited(saved, first_grid(saved), name="x"), place, Cutting(), expected=saved.mark.save_id)
    assert newest_version(place).number == 1
    assert save_shared(edited(saved, first_grid(saved), name="x"), place, expected=saved.mark.save_id).number == 2


def test_a_save_that_arrived_but_was_never_answered_counts(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = open_shared(place)
    real = shared_project.open_database

    @contextlib.contextmanager
    def broken(name: str, *, read_only: bool = True, patience: float = 0.0):  # type: ignore[no-untyped-def]
        with real(name, read_only=read_only, patience=patience) as link:
            yield link
        if not read_only:
            raise InputError("the connection broke")

    monkeypatch.setattr(shared_project, "open_database", broken)
    mark = save_shared(edited(saved, first_grid(saved), name="x"), place, expected=saved.mark.save_id)
    assert mark.number == 2
    assert mark == open_shared(place).mark


def test_work_of_a_killed_desk_is_recovered_though_others_saved_since(place: Path, tmp_path: Path) -> None:
    """The journal goes back to the version that was opened: all versions are still in the database."""
    saved = open_shared(place)
    key = first_grid(saved)
    session = Session(saved.project)
    journal = Journalling(session, tmp_path / "work")
    journal.opened(place, saved.mark)
    session.open(saved.project, saved=True, log=saved.changes)
    session.do(ChangeGrids(((key, (("name", "未保存"),)),)))
    assert journal.wait_durable()
    save_shared(edited(saved, key + 1, name="别人"), place, expected=saved.mark.save_id)
    journal.close(keep=True)  # what is left is what a kill leaves
    shared_project._held = None
    (left,) = left_behind([tmp_path / "work"])
    found = recovered(left)
    assert left.place == place
    assert name_of(found, key) == "未保存"
    assert (found.mark.save_id, found.notes) == (saved.mark.save_id, ())
    last, _conflicts = saved_at_last(found, place)
    assert (name_of(last, key), name_of(last, key + 1), last.mark.number) == ("未保存", "别人", 3)


def test_cancelling_leaves_the_version_that_was(place: Path) -> None:
    saved = open_shared(place)

    class Cancelling(Progress):
        def is_cancelled(self) -> bool:
            return True

    with pytest.raises(Cancelled):
        save_shared(edited(saved, first_grid(saved), name="x"), place, Cancelling(), expected=saved.mark.save_id)
    assert newest_version(place).number == 1


@pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped by signals")
def test_a_server_that_hangs_is_given_up(place: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_project, "PATIENCE_S", 0.4)
    saved = open_shared(place)
    stopped: list[int] = []

    class Hanging(Progress):
        def report(self, fraction: float, message: str = "") -> None:
            if not stopped:
                text = "SELECT pid FROM pg_stat_activity WHERE application_name = 'gridplanner'"
                stopped.extend(int(line) for line in database.server.run(text).splitlines())
                for pid in stopped:
                    os.kill(pid, signal.SIGSTOP)

    started = time.monotonic()
    try:
        with pytest.raises(ProjectFileError, match="has not answered"):
            save_shared(edited(saved, first_grid(saved), name="x"), place, Hanging(), expected=saved.mark.save_id)
        assert time.monotonic() - started < 5
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    assert newest_version(place).number == 1


def test_a_version_of_a_newer_program_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved = open_shared(place)
    for module in (shared_commits, shared_project):
        monkeypatch.setattr(module, "FORMAT_VERSION", 10_000)
    mark = save_shared(edited(saved, first_grid(saved), name="x"), place, expected=saved.mark.save_id)
    assert mark.number == 2  # a new format begins with a snapshot
    monkeypatch.undo()
    for act in (lambda: open_shared(place), lambda: save_shared(saved, place, expected=mark.save_id)):
        with pytest.raises(ProjectFileError, match="newer gridplanner"):
            act()


def damage(database: Database, text: str) -> None:
    """Do what nobody may do through the program."""
    database.server.run(f"SET search_path = {SCHEMA}; {text}")


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE pieces SET data = overlay(data placing '\\xff' from 3) WHERE project = {p}",
        "DELETE FROM pieces WHERE project = {p} AND digest = (SELECT digest FROM pieces WHERE project = {p} LIMIT 1)",
        "UPDATE arrays SET kind = 'O' WHERE project = {p}",
        "UPDATE arrays SET shape = '[9999999999]' WHERE project = {p}",
        "UPDATE snapshots SET tree = '\\x00' WHERE project = {p}",
        "DELETE FROM snapshots WHERE project = {p}",
        "UPDATE commits SET delta = overlay(delta placing '\\xff' from 9) WHERE project = {p} AND version = 2",
        "UPDATE commits SET delta = NULL WHERE project = {p} AND version = 2",
        "UPDATE changes SET lines = '[[1]]' WHERE project = {p}",
    ],
)
def test_damage_in_the_database_is_found_and_told(place: Path, database: Database, text: str) -> None:
    saved = open_shared(place)
    save_shared(edited(saved, first_grid(saved), name="x"), place, expected=saved.mark.save_id)
    damage(database, text.format(p=f"(SELECT max(project) FROM {SCHEMA}.projects)"))
    shared_project._held = None
    with pytest.raises(ProjectFileError) as caught:
        open_shared(place)
    assert str(place) in str(caught.value)
    if "version = 2" in text:  # what was before is still there
        assert exact(open_shared(place, number=1).project) == exact(saved.project)


def test_one_moment_is_read_while_others_save(place: Path) -> None:
    """Opening again and again while another desk saves always finds a version whole, with the log that belongs to it."""
    saved = open_shared(place)
    key, stop = first_grid(saved), threading.Event()
    failures: list[str] = []

    def write() -> None:
        mine = saved
        for number in range(6):
            mine = edited(mine, key, name=f"{number}")
            mine = dataclasses.replace(mine, mark=save_shared(mine, place, expected=mine.mark.save_id))
        stop.set()

    thread = threading.Thread(target=write)
    thread.start()
    while not stop.is_set():
        found = open_shared(place)
        if len(found.changes) != found.mark.number - 1:
            failures.append(f"{found.mark.number}: {len(found.changes)}")
        if found.mark.number > 1 and name_of(found, key) != str(found.mark.number - 2):
            failures.append(f"{found.mark.number}: {name_of(found, key)}")
    thread.join()
    assert not failures


def test_a_place_without_a_connection_says_where_to_add_one() -> None:
    with pytest.raises(GridplannerError, match="no service or saved connection"):
        save_shared(Saved(Project(), Mark()), shared_place("nowhere", "x"))
