"""Two who work on one project see each other; a lock that a dead process left hinders nobody."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from gridplanner.io.keeping import living
from gridplanner.io.keeping.lock import LockedError, lock_path, read_lock, take_lock

_HOLDS = """
import sys
from pathlib import Path
from gridplanner.io.keeping.lock import take_lock
lock = take_lock(Path(sys.argv[1]))
print("taken", flush=True)
sys.stdin.read()
lock.release()
"""


@contextmanager
def _held(place: Path, who: str = "south@desk-2"):
    """Another process that has the project open; killed at the end."""
    command = [sys.executable, "-c", _HOLDS, str(place)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "GRIDPLANNER_WHO": who})
    try:
        assert other.stdout.readline().strip() == b"taken"
        yield other
    finally:
        other.kill()
        other.communicate()


def _changed(place: Path, **values: object) -> None:
    """Let a lock say something else."""
    lock = lock_path(place)
    lock.write_text(json.dumps({**json.loads(lock.read_text()), **values}))


def test_a_lock_is_beside_the_project_until_it_is_released(tmp_path):
    place = tmp_path / "town.gridplan"
    assert read_lock(place) is None
    with take_lock(place) as lock:
        assert [path.name for path in tmp_path.iterdir()] == [".town.gridplan.lock"]
        info = read_lock(place)
        assert info.mine
        assert info.alive
        assert lock.touch()
        assert "@" in info.who
    assert list(tmp_path.iterdir()) == []


def test_another_sees_who_has_it_open_and_a_kill_lets_go(tmp_path):
    place = tmp_path / "town.gridplan"
    with _held(place) as other:
        with pytest.raises(
            LockedError, match=r"town\.gridplan: south@desk-2 has it open since 20..-.*wait until it is closed there"
        ) as caught:
            take_lock(place)
        info = read_lock(place)
        assert (info.who, info.host, info.alive, info.mine) == ("south@desk-2", "desk-2", True, False)
        again = pickle.loads(pickle.dumps(caught.value))  # it crosses from the process that saves
        assert (str(again), again.info.who) == (str(caught.value), "south@desk-2")
        other.kill()
        other.wait()
        assert read_lock(place).is_stale
        with take_lock(place) as lock:  # silently
            assert not lock.told
            assert read_lock(place).mine
    assert list(tmp_path.iterdir()) == []


def test_taking_over_by_force_is_noticed_by_who_had_it(tmp_path):
    place = tmp_path / "town.gridplan"
    first = take_lock(place)
    _changed(place, pid=1, started="", boot="other.other")  # as if another process had it
    with take_lock(place, force=True) as second:
        assert not first.touch()
        first.release()  # which must not remove what is not its own
        assert read_lock(place).token == second.token
        assert second.touch()


def test_a_lock_of_another_computer_is_never_taken_silently(tmp_path):
    place = tmp_path / "town.gridplan"
    take_lock(place)
    _changed(place, computer="another", who="north@far", host="far")
    os.utime(lock_path(place), (0, 0))  # no sign of life for half a century
    info = read_lock(place)
    assert info.alive is None
    assert info.quiet > 1e9
    with pytest.raises(LockedError, match="north@far"):
        take_lock(place)
    assert take_lock(place, force=True).touch()


def test_clocks_that_are_wrong_do_not_free_a_lock(tmp_path):
    place = tmp_path / "town.gridplan"
    with _held(place):
        for at in (0, 4e9):
            os.utime(lock_path(place), (at, at))
            _changed(place, since=at)
            with pytest.raises(LockedError):
                take_lock(place)


def test_after_a_restart_of_this_computer_the_lock_is_free_unless_it_gives_signs_of_life(tmp_path):
    place = tmp_path / "town.gridplan"
    take_lock(place)
    room = living.this_process().boot.partition(".")[2]
    _changed(place, boot=f"earlier.{room}")
    assert read_lock(place).alive is None  # a copy of this computer may have it open just now
    os.utime(lock_path(place), (0, 0))
    assert read_lock(place).is_stale


@pytest.mark.parametrize("content", [b"", b"[]", b'{"pid": "x", "who": 3, "since": 1e400}', b"{" * 5000])
def test_a_lock_that_cannot_be_read_is_somebodys(tmp_path, content):
    place = tmp_path / "town.gridplan"
    lock_path(place).write_bytes(content)
    with pytest.raises(LockedError, match=r"\? has it open since \?"):
        take_lock(place)
    assert take_lock(place, force=True).touch()


def test_a_lock_removed_by_hand_comes_back_with_the_next_sign_of_life(tmp_path):
    place = tmp_path / "town.gridplan"
    lock = take_lock(place)
    lock_path(place).unlink()
    assert lock.touch()
    assert read_lock(place).token == lock.token


def test_where_no_lock_can_be_written_work_goes_on_and_it_is_said(tmp_path):
    folder = tmp_path / "gone"
    lock = take_lock(folder / "town.gridplan")
    assert "others cannot see that you work on it" in lock.told
    assert "choose another folder" in lock.told
    assert lock.touch()
    lock.release()


def test_a_shared_database_needs_no_lock():
    place = Path("postgis:office#town")
    assert take_lock(place).told == ""
    assert read_lock(place) is None


@pytest.mark.parametrize("name", ["方案 一#%20.gridplan", "名" * 82 + ".gridplan", "dot.gridplan."])
def test_names_of_any_kind_have_locks_of_their_own(tmp_path, name):
    with take_lock(tmp_path / name), take_lock(tmp_path / f"a{name}"[:80]):
        assert len(list(tmp_path.iterdir())) == 2
        assert read_lock(tmp_path / name).mine


def test_a_path_longer_than_windows_takes_has_a_lock(tmp_path):
    folder = tmp_path.joinpath(*["社区" * 20] * 4)
    folder.mkdir(parents=True)
    with take_lock(folder / "town.gridplan") as lock:
        assert not lock.told
        assert read_lock(folder / "town.gridplan").mine


def test_a_process_number_used_again_is_another_process():
    me = living.this_process()
    assert living.is_alive(me)
    assert living.is_alive(living.Alive(me.computer, me.boot, me.pid, "1")) is False
    assert living.is_alive(living.Alive(me.computer, me.boot, 2**22 + 1, me.started)) is False
    assert living.is_alive(living.Alive("other", me.boot, me.pid, me.started)) is None
