"""What lies beside a project or in the program's own folder may be made up, too: it is refused in words, and leads nowhere else."""

from __future__ import annotations

import json
import os
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping import delta as deltas
from gridplanner.io.keeping import journal
from gridplanner.io.keeping.about_work import ABOUT, About, about_of, write_about
from gridplanner.io.keeping.delta import applied, bytes_to_delta
from gridplanner.io.keeping.living import this_process
from gridplanner.io.keeping.lock import LockedError, lock_path, read_lock, take_lock
from gridplanner.io.keeping.recovery import left_behind
from gridplanner.io.packing import Packed, pack, unpack

PRECIOUS = "precious"


def packed(tree: object, kinds: list[object], body: bytes = b"") -> bytes:
    """Return the bytes of a delta that says what it likes."""
    text = json.dumps([tree, kinds]).encode()
    return deltas._HEAD.pack(1, len(text) + len(body), len(text)) + zlib.compress(text + body, 9)


def test_a_delta_that_unpacks_to_more_than_any_is_not_unpacked() -> None:
    size = deltas._ROOMY + 1
    few = zlib.compress(bytes(1 << 20), 9)
    with pytest.raises(ProjectFileError, match="more than any change"):
        bytes_to_delta(deltas._HEAD.pack(1, size, 10) + few)
    with pytest.raises(ProjectFileError, match="its size is another one"):  # within its limits it is the bytes that decide
        bytes_to_delta(deltas._HEAD.pack(1, deltas._ROOMY, 10) + few)


@pytest.mark.parametrize("kind", ["text", "odd text", "wkb"])
def test_a_shape_makes_no_room_for_values_that_are_not_there(kind: str) -> None:
    with pytest.raises(ProjectFileError):
        bytes_to_delta(packed(["a", 0], [[kind, [10**15], 8]], bytes(8)))


def test_a_key_of_parts_of_parts_is_not_hashed_for_ever() -> None:
    many = 60
    doubled = [["t", [["v", 1]]], *(["t", [["g", k], ["g", k]]] for k in range(many))]
    with pytest.raises(ProjectFileError, match="a tuple is no key"):
        applied(None, bytes_to_delta(packed(["t", [*doubled, ["m", [[["g", many], ["v", 1]]]]]], [])))
    part = {"$class": "ProjectSettings", "$place": "0", "fields": {"name": "x"}}
    parts = [
        part,
        *(
            {"$class": "ProjectSettings", "$place": f"{k + 1}", "fields": {"name": {"$tuple": [{"$same": f"{k}"}] * 2}}}
            for k in range(many)
        ),
    ]
    with pytest.raises(ProjectFileError, match="a ProjectSettings is no key"):
        unpack(Packed({"$tuple": [*parts, {"$map": [[{"$same": str(many)}, 1]]}]}, {}))
    for key in (1, "x", None, 2.5, (1, "x")):
        assert unpack(pack({key: 1})) == {key: 1}


def test_a_piece_said_again_and_again_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deltas, "_MOST_ITEMS", 100_000)
    before = tuple(range(1_000))
    assert len(applied(before, bytes_to_delta(packed(["q", len(before), [[0, len(before)]] * 100], [])))) == 100_000
    with pytest.raises(ProjectFileError, match="too many things"):
        applied(before, bytes_to_delta(packed(["q", len(before), [[0, len(before)]] * 101], [])))
    one = np.zeros(1)
    parts = [["|u1", [0], 0], ["<f8", [0], 0], ["<f8", [1], 8]]
    with pytest.raises(ProjectFileError):
        applied(one, bytes_to_delta(packed(["x", 1, 10**10, 0, 1, 2], parts, bytes(8))))


@pytest.mark.parametrize(
    "said",
    [
        {"journal": "../../elsewhere"}, {"journal": "/dev/zero"}, {"journal": 5}, {"place": ["x"]}, {"base": "a\0b"}, {"format": "1"},
        {"name": None},
    ],
)  # fmt: skip
def test_a_place_of_work_leads_nowhere_else(said: dict[str, object], tmp_path: Path) -> None:
    folder = tmp_path / "work" / "0"
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere").write_text(PRECIOUS, encoding="utf-8")
    write_about(folder, About("town.gridplan", "town", "north@desk", 1.0, "", "journal-1"))
    assert about_of(folder).journal == "journal-1"
    (folder / ABOUT).write_text(json.dumps({**json.loads((folder / ABOUT).read_text()), **said}), encoding="utf-8")
    with pytest.raises(ProjectFileError):
        about_of(folder)
    assert [left.place for left in left_behind([tmp_path / "work"])] == [None]  # offered, as what cannot be read is not hidden


@pytest.mark.parametrize(
    "about", [b"[" * 100_000, b'{"format": 1, "journal": "x", "first": "1"}', b'{"format": 1, "journal": 5}', b"[1]", b"5"]
)
def test_a_journal_that_begins_with_anything_is_refused(about: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal-1"
    path.write_bytes(journal.MAGIC + journal._record(0, about) + journal._record(1, b"x"))
    with pytest.raises(ProjectFileError, match="beginning of the journal"):
        journal.read_journal(path)
    good = b'{"format": 1, "journal": "x", "first": 1}'
    path.write_bytes(journal.MAGIC + journal._record(0, good) + journal._record(1, b"x"))
    assert journal.read_journal(path).payloads == (b"x",)


def test_words_of_a_place_of_work_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / ABOUT).write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(ProjectFileError):
        about_of(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes in the place of a file are of POSIX")
def test_a_link_or_a_pipe_in_the_place_of_a_lock_is_neither_followed_nor_waited_for(tmp_path: Path) -> None:
    place, other = tmp_path / "town.gridplan", tmp_path / "other"
    other.write_text(PRECIOUS, encoding="utf-8")
    for make in (lambda lock: lock.symlink_to(other), lambda lock: lock.symlink_to("/dev/zero"), os.mkfifo):
        make(lock_path(place))
        with pytest.raises(LockedError):
            take_lock(place)
        assert take_lock(place, force=True).told
        assert other.read_text(encoding="utf-8") == PRECIOUS
        lock_path(place).unlink()


@pytest.mark.parametrize("said", [{"token": ["x"]}, {"pid": 10**12}, {"pid": 2**70}, {"since": 1e308}])
def test_a_lock_that_says_anything_can_be_taken_over(said: dict[str, object], tmp_path: Path) -> None:
    place, me = tmp_path / "town.gridplan", this_process()
    about = {"who": "li", "computer": me.computer, "boot": me.boot, "pid": 2**22 + 1, "started": "1", "token": "0", "since": 1, **said}
    lock_path(place).write_text(json.dumps(about), encoding="utf-8")
    assert read_lock(place) is not None
    assert take_lock(place, force=True).told == ""
