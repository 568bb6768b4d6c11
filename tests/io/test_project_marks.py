"""Which save of which project a file is, its log of changes, and saves that never overwrite what was not seen."""

import pickle
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from gridplanner.errors import ProjectFileError
from gridplanner.io.project_file import mark_of, open_project, open_saved, save_project, save_saved
from gridplanner.io.project_places import is_place, open_at, save_at
from gridplanner.io.saved import ChangedProjectError, DamagedProjectError, Mark, Saved
from gridplanner.model.changes import REDONE, UNDONE, Change, ChangeLine
from gridplanner.model.project import Project
from tests.ui.builders import town

ODD = "a\0b\ud800'\"\n网格"
LOG = (
    Change(1, 1.1, "a@b", "Rename", lines=(ChangeLine("grid", "7", "name", "", ODD),)),
    Change(2, float("inf"), ODD, ODD, UNDONE),
    Change(10**30, -0.0, "", "", REDONE, (ChangeLine("", "", "", "", ""), ChangeLine("unit", "1", "grid", "A", "B"))),
)


@pytest.fixture(scope="module")
def project() -> Project:
    return town(columns=6, rows=4, per_unit=6)


def test_mark_and_log_come_back_as_they_were(project, tmp_path):
    path = tmp_path / "p.gridplan"
    begun = Mark("p1", "s1", 7, 0.0, "", "journal", 12)
    before = time.time()
    mark = save_saved(Saved(project, begun, LOG), path)
    assert (mark.project_id, mark.number, mark.journal, mark.records) == ("p1", 8, "journal", 12)
    assert mark.save_id not in ("", "s1")
    assert before <= mark.at <= time.time()
    assert mark.who
    opened = open_saved(path)
    assert (opened.mark, opened.notes) == (mark, ())
    assert repr(opened.changes) == repr(LOG)
    assert mark_of(path) == mark


def test_a_new_project_gets_a_name_and_a_copy_keeps_it(project, tmp_path):
    first = save_saved(Saved(project), tmp_path / "a.gridplan")
    second = save_saved(Saved(project), tmp_path / "b.gridplan")
    copy = save_saved(open_saved(tmp_path / "a.gridplan"), tmp_path / "c.gridplan")
    assert len({first.project_id, second.project_id, ""}) == 3
    assert (copy.project_id, copy.number) == (first.project_id, 2)
    assert mark_of(tmp_path / "none.gridplan") is None


def test_saving_a_project_alone_keeps_the_log_and_counts_on(project, tmp_path):
    path = tmp_path / "p.gridplan"
    mark = save_saved(Saved(project, Mark(journal="j", records=3), LOG), path)
    save_project(open_project(path), path)
    opened = open_saved(path)
    assert repr(opened.changes) == repr(LOG)
    assert (opened.mark.project_id, opened.mark.number) == (mark.project_id, 2)
    assert (opened.mark.journal, opened.mark.records) == ("", 0)  # whoever saved knows of no journal


def test_what_someone_else_saved_since_is_not_overwritten(project, tmp_path):
    path = tmp_path / "p.gridplan"
    seen = save_saved(Saved(project), path)
    again = save_saved(open_saved(path), path, expected=seen.save_id)
    good = path.read_bytes()
    with pytest.raises(
        ChangedProjectError, match=rf"p\.gridplan: changed by {again.who} at \d{{4}}-\d\d-\d\d .* since you opened it"
    ) as caught:
        save_saved(Saved(project, seen), path, expected=seen.save_id)
    assert caught.value.mark == again
    assert path.read_bytes() == good
    assert [place.name for place in tmp_path.iterdir()] == ["p.gridplan"]
    path.write_bytes(b"something else")
    with pytest.raises(ChangedProjectError, match="not the file that was opened"):
        save_saved(Saved(project, again), path, expected=again.save_id)
    assert path.read_bytes() == b"something else"
    path.unlink()
    with pytest.raises(ProjectFileError, match="not there any more"):
        save_saved(Saved(project, again), path, expected=again.save_id)
    assert save_saved(Saved(project, again), path).number == 3


def test_the_log_is_a_table_that_people_read(project, tmp_path):
    path = tmp_path / "p.gridplan"
    save_saved(Saved(project, changes=LOG), path)
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT number, at, who, words, way, what FROM gridplanner_changes ORDER BY fid").fetchall()
    assert rows[0][0] == 1
    assert rows[0][1].startswith(("1970-01-01T", "1969-12-31T"))
    assert rows[0][2:5] == ("a@b", "Rename", "done")
    assert rows[0][5].startswith("grid 7 name:  → a")
    assert rows[1][:2] == (2, "")
    assert rows[2][0] is None  # no table has room for such a number; the entry itself has


def test_a_log_that_was_changed_by_hand_is_noticed(project, tmp_path):
    path = tmp_path / "p.gridplan"
    for sql in ("DELETE FROM gridplanner_changes WHERE fid = 1", "UPDATE gridplanner_changes SET fid = 9 WHERE fid = 1",
                "INSERT INTO gridplanner_changes (exact) VALUES ('[]')"):  # fmt: skip
        save_saved(Saved(project, changes=LOG), path)
        with closing(sqlite3.connect(path)) as database, database:
            database.execute(sql)
        with pytest.raises(DamagedProjectError, match="log of changes"):
            open_saved(path)


def test_errors_keep_what_they_say_on_their_way_out_of_a_worker():
    changed = pickle.loads(pickle.dumps(ChangedProjectError("words", Mark("p", "s", 3))))
    damaged = pickle.loads(pickle.dumps(DamagedProjectError("words", Path("x"), "all of it")))
    assert (str(changed), changed.mark) == ("words", Mark("p", "s", 3))
    assert (str(damaged), damaged.path, damaged.can_be_saved) == ("words", Path("x"), "all of it")


def test_a_place_is_opened_and_saved_by_its_kind(project, tmp_path):
    path = tmp_path / "P.GRIDPLAN"
    assert is_place(path)
    assert not is_place(tmp_path / "homes.csv")
    mark = save_at(Saved(project), path)
    assert open_at(path).mark == mark
    (tmp_path / "renamed.bak").write_bytes(path.read_bytes())
    assert open_at(tmp_path / "renamed.bak").mark == mark
    with pytest.raises(ProjectFileError, match=r"homes\.csv"):
        open_at(tmp_path / "homes.csv")
