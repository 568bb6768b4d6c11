"""The journal of a session: what a process leaves when it dies is its project up to the last edit, wherever and whenever that happens."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from gridplanner.edits.edit import Replace
from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.edits.table_edits import ChangeGrids
from gridplanner.errors import ProjectFileError
from gridplanner.io.keeping.exactly import same
from gridplanner.io.keeping.journal import MAGIC, read_journal
from gridplanner.io.keeping.workplace import Workplace, forget, left_behind, recovered
from gridplanner.io.project_places import save_at
from gridplanner.io.saved import Saved
from gridplanner.journalling import Journalling, work_folders
from gridplanner.model.project import Project
from gridplanner.session import Session
from tests.ui.builders import planned, town
from tests.work_desk import Desk, made


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_import_that_was_never_saved_is_found_with_its_edits(desk: Desk) -> None:
    desk.bring(made()).edit(5).die()
    left = desk.is_found()
    assert (left.place, left.edits, left.name) == (None, 5, "西郊街道")
    assert recovered(left).mark.save_id == ""


def test_what_is_done_to_an_empty_window_is_found(desk: Desk) -> None:
    desk.session.open(Project(), saved=True)
    desk.session.do(Replace("Import", {"communities": made().communities}))
    desk.die().is_found()


def test_edits_of_an_opened_file_are_found_and_nothing_is_left_where_there_are_none(desk: Desk, tmp_path: Path) -> None:
    desk.bring(made()).save().journal.close()
    assert left_behind([desk.work]) == []
    assert list(desk.work.iterdir()) == []
    Desk(tmp_path).open().die()
    assert left_behind([desk.work]) == []
    assert list(desk.work.iterdir()) == []
    again = Desk(tmp_path).open().edit(6)
    again.session.undo()
    again.session.travel(-2)
    again.session.redo()
    again.die()
    left = again.is_found()
    assert (left.place, left.edits) == (desk.file, 9)
    assert recovered(left).mark.save_id == again.mark.save_id


def test_while_its_process_lives_work_is_nobodys(desk: Desk) -> None:
    desk.bring(made()).edit(2)
    assert desk.journal.wait_durable()
    assert left_behind([desk.work]) == []
    desk.journal.close()


def test_after_a_save_the_journal_begins_anew_with_what_came_meanwhile(desk: Desk) -> None:
    desk.bring(made()).edit(4)
    taken = desk.take()
    desk.edit(3).save(taken).edit(2)
    assert desk.journal.wait_durable()
    (folder,) = desk.work.iterdir()
    read = read_journal(next(folder.glob("journal-*")))
    assert (read.header.first, len(read.payloads)) == (6, 5)  # the project itself was the first
    assert next(folder.glob("base-*")).samefile(desk.file)
    desk.edit(1).die()
    assert desk.is_found().edits == 6


def test_a_death_between_the_swap_of_the_file_and_the_new_journal_applies_nothing_twice(desk: Desk) -> None:
    desk.bring(made()).save().edit(4)
    taken = desk.take()
    desk.edit(3)
    assert desk.journal.wait_durable()
    mark = save_at(taken, desk.file)
    desk.die()
    left = desk.is_found()
    assert recovered(left).mark.save_id == mark.save_id  # so that the next save does not call it somebody else's
    shutil.copyfile(desk.file, next(left.folder.glob("base-*")))  # a disk without links, where the base is the file itself
    desk.is_found()
    next(left.folder.glob("base-*")).unlink()
    desk.is_found()


def test_the_file_may_be_gone(desk: Desk) -> None:
    desk.bring(made()).save().edit(4)
    desk.journal.wait_durable()
    desk.file.unlink()
    desk.edit(3).die().is_found()


def test_a_base_on_another_disk_is_copied_and_read_where_it_is_until_then(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_names: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    desk.bring(made()).save().journal.close()
    monkeypatch.setattr("os.link", no_link)
    again = Desk(desk.file.parent).open().edit(3)
    assert again.journal.wait_durable()
    (folder,) = desk.work.iterdir()
    until = time.monotonic() + 10
    while '"base-1.gridplan"' not in (folder / "about.json").read_text() and time.monotonic() < until:
        time.sleep(0.01)
    desk.file.unlink()
    again.die().is_found()


def test_work_is_taken_over_and_safe_at_every_moment(desk: Desk, tmp_path: Path) -> None:
    desk.bring(made()).save().edit(3).die()
    left = desk.is_found()
    second = Desk(tmp_path, seed=2).take_over(left)
    assert second.journal.wait_durable()
    assert not left.folder.exists()
    second.edit(3).die()
    third = Desk(tmp_path, seed=3).take_over(second.is_found()).edit(1).save().edit(2)
    third.die()
    assert third.is_found().edits == 2
    forget(third.is_found())
    assert list(desk.work.iterdir()) == []


def test_two_dead_places_of_one_project_are_both_offered_the_later_first(desk: Desk, tmp_path: Path) -> None:
    desk.bring(made()).save().journal.close()
    one, other = Desk(tmp_path, seed=1).open().edit(2), Desk(tmp_path, seed=2).open().edit(3)
    one.die()
    other.die()
    found = left_behind([desk.work])
    assert [left.edits for left in found] == [3, 2]
    assert same(recovered(found[0]).project, other.session.project)
    assert same(recovered(found[1]).project, one.session.project)


def test_another_project_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.bring(made()).edit(2)
    desk.bring(planned(town(seed=5))).edit(2).die()
    desk.is_found()
    again = Desk(desk.file.parent)
    again.bring(made()).edit(1)
    again.session.open(Project(), saved=True)
    assert again.journal.wait_durable()
    again.journal.close(keep=True)
    assert len(left_behind([desk.work])) == 1  # that of the first desk


def test_a_base_that_another_process_wrote_takes_the_place_of_the_whole(desk: Desk) -> None:
    desk.bring(made()).edit(2)
    assert desk.journal.wait_durable()
    taken, base = desk.take(), desk.journal.base_place()
    assert base is not None
    desk.edit(2)
    desk.journal.base_saved(save_at(taken, base), base)
    desk.edit(1).die()
    left = desk.is_found()
    assert (left.place, left.edits) == (None, 3)


def test_an_earlier_save_that_ends_after_a_later_one_changes_nothing(desk: Desk) -> None:
    desk.bring(made()).edit(2)
    assert desk.journal.wait_durable()
    early, base = desk.take(), desk.journal.base_place()
    assert base is not None
    desk.edit(3).save().edit(2)
    assert desk.journal.wait_durable()
    desk.journal.base_saved(save_at(early, base.with_name("base-9.gridplan")), base.with_name("base-9.gridplan"))
    desk.edit(2).die()
    assert desk.is_found().edits == 4


def test_a_save_by_somebody_else_right_after_ours_does_not_become_the_base(desk: Desk) -> None:
    desk.bring(made()).save().edit(3)
    mark = save_at(desk.take(), desk.file)
    save_at(Saved(planned(town(seed=9))), desk.file)
    desk.journal.saved(mark, desk.file)
    desk.edit(2).die().is_found()


@pytest.mark.parametrize("record", range(5))
def test_a_damaged_record_ends_the_recovery_there_and_the_note_says_how_much_is_missing(desk: Desk, record: int) -> None:
    desk.bring(made()).save()
    assert desk.journal.wait_durable()
    states = [desk.session.project]
    for _edit in range(5):
        states.append(desk.edit(1).session.project)
    desk.die()
    (left,) = left_behind([desk.work])
    journal = next(left.folder.glob("journal-*"))
    data, read = bytearray(journal.read_bytes()), read_journal(journal)
    place = data.index(read.payloads[record], len(MAGIC)) + len(read.payloads[record]) // 2
    data[place] ^= 1
    journal.write_bytes(data)
    saved = recovered(left)
    assert same(saved.project, states[record])
    assert len(saved.notes) == 1
    assert (str(4 - record) in saved.notes[0]) or record == 4
    again = Desk(desk.file.parent).take_over(left).edit(1).die()
    assert same(again.session.project, recovered(left_behind([desk.work])[0]).project)


def test_a_damaged_project_file_does_not_take_the_journal_with_it(desk: Desk) -> None:
    desk.bring(made()).save().edit(3).die()
    desk.file.write_bytes(b"nothing")
    left = left_behind([desk.work])[0]
    next(left.folder.glob("base-*")).unlink()
    with pytest.raises(ProjectFileError):
        recovered(left)
    assert left.folder.exists()


def test_a_folder_that_takes_nothing_is_told_once_and_tried_again(desk: Desk, tmp_path: Path) -> None:
    desk.work.write_text("in the way")
    told: list[str] = []
    desk.journal.listener = told.append
    desk.bring(made()).edit(2)
    assert not desk.journal.wait_durable(0.3)
    assert desk.journal.trouble
    desk.work.unlink()
    desk.edit(2)
    assert desk.journal.wait_durable()
    assert len(told) == 2
    assert told[1] == ""
    desk.die().is_found()


def test_a_full_disk_sends_the_journal_to_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "win32":
        pytest.skip("handles of files cannot be replaced there")
    monkeypatch.setenv("GRIDPLANNER_STATE", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    desk = Desk(tmp_path)
    desk.work = work_folders()[0]
    desk.journal = Journalling(desk.session)
    desk.bring(made()).edit(2)
    assert desk.journal.wait_durable()
    (folder,) = desk.work.iterdir()
    handle = desk.journal._scribe._work.journal._handle  # type: ignore[union-attr]
    os.close(handle)
    os.dup2(os.open(folder / "journal-1", os.O_RDONLY), handle)  # the disk turned read-only
    desk.edit(3)
    assert desk.journal.wait_durable()
    assert desk.journal.trouble == ""
    desk.edit(1).die()
    assert left_behind([desk.work]) == []
    (left,) = left_behind(work_folders())
    assert left.folder.parent == work_folders()[1]
    assert same(recovered(left).project, desk.session.project)


def test_newer_and_half_begun_places_of_work_are_left_alone(desk: Desk) -> None:
    desk.bring(made()).edit(1).die()
    (folder,) = desk.work.iterdir()
    about = (folder / "about.json").read_text(encoding="utf-8")
    (folder / "about.json").write_text(about.replace('"format": 1', '"format": 2'), encoding="utf-8")
    (desk.work / "begun").mkdir()
    assert left_behind([desk.work, desk.work / "none"]) == []
    assert {path.name for path in desk.work.iterdir()} == {folder.name, "begun"}


def test_a_journal_without_its_beginning_is_offered_and_says_what_is_wrong(desk: Desk) -> None:
    desk.bring(made()).edit(2).die()
    journal = next(desk.work.glob("*/journal-*"))
    journal.write_bytes(b"\0" * 40 + journal.read_bytes()[40:])
    (left,) = left_behind([desk.work])
    with pytest.raises(ProjectFileError, match="beginning of the journal is damaged"):
        recovered(left)


def test_a_change_that_another_listener_kept_back_comes_with_the_next_one(tmp_path: Path) -> None:
    session, fails = Session(Project()), [False]

    def listener(_before: Project, _after: Project) -> None:
        if fails[0]:
            raise RuntimeError("a fault of the window")

    session.listen(listener)
    desk = Desk(tmp_path)
    desk.session, desk.journal = session, Journalling(session, desk.work)
    desk.bring(made()).edit(2)
    fails[0] = True
    with pytest.raises(RuntimeError):
        desk.edit(1)
    fails[0] = False
    desk.edit(1).die()
    assert desk.is_found().edits == 3


def test_a_place_of_work_that_cannot_be_begun_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProjectFileError):
        Workplace.begin(tmp_path / "file", None)


def test_a_long_way_of_small_edits_stays_small_and_quick(desk: Desk) -> None:
    desk.bring(planned(town(30, 20)))
    assert desk.journal.wait_durable()
    for number in range(40):
        desk.session.do(MoveUnits((number % 15, number % 15 + 30), 0) if number % 2 else ChangeGrids(((9, (("name", f"{number}"),)),)))
    desk.die()
    (folder,) = desk.work.iterdir()
    payloads = read_journal(next(folder.glob("journal-*"))).payloads
    assert max(map(len, payloads[1:])) < 600
    desk.is_found()
