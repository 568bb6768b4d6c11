"""Saving beside the work, locks, changes by others, damage, earlier versions and recovery, in the real window."""

import dataclasses
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from gridplanner.edits.grid_edits import MoveUnits
from gridplanner.io.keeping.backups import list_backups
from gridplanner.io.keeping.lock import Lock, lock_path, read_lock
from gridplanner.io.keeping.workplace import left_behind
from gridplanner.io.project_file import open_project, open_saved, save_project, save_saved
from gridplanner.journalling import Journalling
from gridplanner.model.project import Project, fingerprint
from gridplanner.session import Session
from ui.desk import Desk
from ui.dialogs.backups_dialog import BackupsDialog
from ui.dialogs.changed_box import ELSEWHERE, ChangedBox
from ui.dialogs.choice_box import CANCEL
from ui.dialogs.damage_box import BACKUP, DamageBox
from ui.dialogs.lock_box import READ, TAKE, LockBox
from ui.dialogs.recover_dialog import RecoverDialog
from ui.dialogs.save_box import SaveBox
from ui.top_bar import UNSAVED

LONG = 30_000  # milliseconds


@pytest.fixture
def desk(one_desk: Desk) -> Iterator[Desk]:
    yield one_desk
    one_desk.session.mark_saved(one_desk.session.project)
    one_desk.files.start_anew()


@pytest.fixture
def file(project: Project, tmp_path: Path) -> Path:
    path = tmp_path / "town.gridplan"
    save_project(project, path)
    return path


def opened(desk: Desk, file: Path, qtbot: QtBot) -> None:
    desk.files.open(file)
    qtbot.waitUntil(lambda: desk.files.path == file and not desk.jobs.is_busy, timeout=LONG)


def saved(desk: Desk, qtbot: QtBot) -> None:
    desk.files.save()
    qtbot.waitUntil(lambda: not desk.files.saves.is_saving, timeout=LONG)


def shown(desk: Desk, kind: type[QDialog], qtbot: QtBot) -> QDialog:
    found: Callable[[], list[QDialog]] = lambda: [box for box in desk.window.findChildren(kind) if box.isVisible()]  # noqa: E731
    qtbot.waitUntil(lambda: bool(found()), timeout=LONG)
    return found()[-1]


def words(box: QDialog) -> str:
    return "\n".join(label.text() for label in box.findChildren(QLabel))


def said(desk: Desk, name: str) -> str:
    return desk.window.status._facts[name].text()


def change_elsewhere(file: Path) -> None:
    there = open_saved(file)
    save_saved(dataclasses.replace(there, project=MoveUnits((16,), 0).apply(there.project)), file)


def hold(file: Path, who: str = "north@desk-7") -> None:
    """Lock a file as a process that lives does: the one that started this one."""
    from gridplanner.io.keeping import living

    mark = living.this_process()
    started = living._started(os.getppid())
    text = (
        f'{{"who": "{who}", "host": "desk-7", "since": 1772000000.0, "token": "t", "computer": "{mark.computer}", '
        f'"boot": "{mark.boot}", "pid": {os.getppid()}, "started": "{started}"}}'
    )
    lock_path(file).write_text(text, encoding="ascii")


def test_edits_made_while_saving_stay_unsaved_and_a_second_save_follows_the_first(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    desk.do(MoveUnits((4,), 0))
    first = desk.session.project
    desk.jobs.run("Waiting", "tests.ui.worker_tasks:wait", 60.0, then=lambda _value: None)
    assert desk.window.action_set.qt["save"].isEnabled()  # a computation runs
    desk.files.save()
    assert said(desk, "saved") == "Saving …"
    desk.do(MoveUnits((5,), 0))
    qtbot.waitUntil(lambda: not desk.files.saves.is_saving, timeout=LONG)
    assert desk.session.saved is first
    assert desk.files.needs_saving
    assert said(desk, "saved") == "Not saved"
    desk.files.save()
    desk.do(MoveUnits((16,), 0))
    desk.files.save()  # queued: saved as it is when its turn comes
    qtbot.waitUntil(lambda: not desk.files.saves.is_saving, timeout=LONG)
    assert desk.session.is_saved
    assert said(desk, "saved").startswith("Saved ")
    assert fingerprint(open_project(file).grids) == fingerprint(desk.session.project.grids)
    assert len(open_saved(file).changes) == 3
    assert desk.jobs.is_busy
    desk.jobs.cancel()
    qtbot.waitUntil(lambda: not desk.jobs.is_busy, timeout=LONG)


def test_another_project_does_not_take_the_place_of_edits_made_while_saving_or_while_it_was_read(
    desk: Desk, file: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.gridplan"
    shutil.copyfile(file, other)
    opened(desk, file, qtbot)
    asked: list[str] = []

    def ask(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "exec", ask)
    desk.do(MoveUnits((4,), 0))
    desk.files.save()
    desk.do(MoveUnits((5,), 0))
    desk.files.open(other)  # waits for the save
    qtbot.waitUntil(lambda: not desk.files.saves.is_saving and bool(asked), timeout=LONG)
    assert desk.files.path == file
    assert desk.files.needs_saving
    saved(desk, qtbot)
    failed: list[str] = []
    desk.files.failed.connect(lambda words, _details: failed.append(words))
    desk.files.open(other)
    desk.do(MoveUnits((16,), 0))  # while it is being read
    qtbot.waitUntil(lambda: bool(failed), timeout=LONG)
    qtbot.waitUntil(lambda: not lock_path(other).exists(), timeout=LONG)
    assert "stays open" in failed[0]
    assert desk.files.path == file
    assert len(asked) == 1


def test_the_lock_is_there_while_a_project_is_open_and_goes_with_it(desk: Desk, file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    other = Path(shutil.copy(file, tmp_path / "other.gridplan"))
    opened(desk, file, qtbot)
    info = read_lock(file)
    assert info is not None
    assert info.mine
    opened(desk, other, qtbot)
    qtbot.waitUntil(lambda: not lock_path(file).exists(), timeout=LONG)
    assert lock_path(other).exists()
    desk.files.start_anew()
    qtbot.waitUntil(lambda: not lock_path(other).exists(), timeout=LONG)


def test_what_another_works_on_is_opened_to_read_or_taken_over_by_an_explicit_word(desk: Desk, file: Path, qtbot: QtBot) -> None:
    hold(file)
    desk.files.open(file)
    box = shown(desk, LockBox, qtbot)
    assert isinstance(box, LockBox)
    assert "north@desk-7" in words(box)
    box.buttons[READ].click()
    qtbot.waitUntil(lambda: desk.files.path == file and not desk.jobs.is_busy, timeout=LONG)
    assert desk.files.keeping.is_reading
    assert "(to read)" in desk.window.windowTitle()
    info = read_lock(file)
    assert info is not None
    assert not info.mine
    desk.files.open(file)
    again = shown(desk, LockBox, qtbot)
    assert isinstance(again, LockBox)
    again.sure.setChecked(True)
    again.buttons[TAKE].click()
    qtbot.waitUntil(lambda: not desk.files.keeping.is_reading and not desk.jobs.is_busy, timeout=LONG)
    info = read_lock(file)
    assert info is not None
    assert info.mine


def test_who_has_been_taken_over_from_is_told(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    hold(file, "south@desk-3")
    desk.files.keeping._touch()
    qtbot.waitUntil(lambda: "south@desk-3" in said(desk, "kept"), timeout=LONG)


def test_nothing_that_somebody_else_saved_is_overwritten(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    desk.do(MoveUnits((4,), 0))
    change_elsewhere(file)
    theirs = file.read_bytes()
    desk.files.save()
    box = shown(desk, ChangedBox, qtbot)
    assert isinstance(box, ChangedBox)
    assert {CANCEL, ELSEWHERE} <= set(box.buttons)
    box.buttons[CANCEL].click()
    assert file.read_bytes() == theirs
    assert desk.files.needs_saving


def test_a_save_asked_for_on_the_way_to_another_place_goes_there(desk: Desk, file: Path, tmp_path: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    other = tmp_path / "other.gridplan"
    desk.do(MoveUnits((4,), 0))
    desk.files.saves.save_to(other)
    qtbot.waitUntil(lambda: desk.files.saves.is_saving, timeout=LONG)
    desk.do(MoveUnits((5,), 0))
    desk.files.save()
    qtbot.waitUntil(lambda: desk.session.is_saved, timeout=LONG)
    assert desk.files.path == other
    assert len(open_saved(other).changes) == 2
    assert len(open_saved(file).changes) == 0
    lock = read_lock(other)
    assert lock is not None
    assert lock.mine


def test_a_save_whose_process_died_before_it_told_of_it_is_no_other_s(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    desk.do(MoveUnits((4,), 0))
    save_saved(desk.files.keeping.as_it_is(), file)
    desk.do(MoveUnits((5,), 0))
    saved(desk, qtbot)
    assert desk.session.is_saved
    assert not [box for box in desk.window.findChildren(ChangedBox) if box.isVisible()]
    assert len(open_saved(file).changes) == 2


def test_the_bar_says_first_what_a_package_holds_and_keeps_the_end_of_a_file(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    bar = desk.window.bar
    bar.name_project("North community · package for the desk of the north until 2027-01-15" + UNSAVED)
    assert bar._name.text().startswith("North community · ")
    assert bar._name.text().endswith("…" + UNSAVED)
    bar.name_project("a name of a file that is much longer than the room there is for it.gridplan")
    assert bar._name.text().endswith(".gridplan")


def test_a_vanished_folder_is_not_where_another_name_is_asked_for(
    desk: Desk, file: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(desk, file, qtbot)
    asked: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda _over, _title, start, _kinds: (asked.append(start), ("", ""))[1])
    desk.preferences.remember_folder("open", tmp_path)
    desk.files.path = tmp_path / "gone" / "town.gridplan"
    desk.files.save_as()
    assert asked == [str(tmp_path / "town.gridplan")]


def test_a_save_that_fails_says_what_to_do_and_can_be_tried_again(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    desk.do(MoveUnits((4,), 0))
    file.chmod(0o444)  # meant to stay as it is
    desk.files.save()
    box = shown(desk, SaveBox, qtbot)
    assert isinstance(box, SaveBox)
    assert "write-protected" in words(box)
    assert "journal" in words(box)
    assert desk.files.needs_saving
    file.chmod(0o644)
    box.buttons["again"].click()
    qtbot.waitUntil(lambda: desk.session.is_saved, timeout=LONG)


def test_the_newest_backup_is_opened_where_a_file_is_damaged(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    first = fingerprint(desk.session.project.grids)
    desk.do(MoveUnits((4,), 0))
    saved(desk, qtbot)
    desk.files.start_anew()
    assert len(list_backups(file)) == 1
    data = bytearray(file.read_bytes())
    data[len(data) // 3 : -len(data) // 3] = bytes(len(data[len(data) // 3 : -len(data) // 3]))
    file.write_bytes(data)
    desk.files.open(file)
    box = shown(desk, DamageBox, qtbot)
    assert isinstance(box, DamageBox)
    box.buttons[BACKUP].click()
    qtbot.waitUntil(lambda: desk.session.project.grids is not None and not desk.jobs.is_busy, timeout=LONG)
    assert fingerprint(desk.session.project.grids) == first
    assert desk.files.path is None
    assert desk.files.needs_saving
    assert file.read_bytes() == data  # the damaged file stays


def test_an_earlier_version_is_looked_into_and_restored(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    first = fingerprint(desk.session.project.grids)
    desk.do(MoveUnits((4,), 0))
    saved(desk, qtbot)
    second = fingerprint(desk.session.project.grids)
    desk.files.show_versions()
    dialog = shown(desk, BackupsDialog, qtbot)
    assert isinstance(dialog, BackupsDialog)
    qtbot.waitUntil(lambda: "12 grids" in dialog.facts.text(), timeout=LONG)
    opened_before = desk.session.opened
    dialog.accept()
    qtbot.waitUntil(lambda: desk.session.opened > opened_before and not desk.jobs.is_busy, timeout=LONG)
    assert fingerprint(desk.session.project.grids) == first
    assert desk.files.path == file
    kept = [fingerprint(open_project(one.path).grids) for one in list_backups(file)]
    assert kept[0] == second  # the file as it was became an earlier version itself


def test_work_of_a_dead_process_is_recovered_with_its_log_as_unsaved_work_of_its_place(desk: Desk, file: Path, qtbot: QtBot) -> None:
    there = open_saved(file)
    session = Session(Project())
    journal = Journalling(session)
    journal.opened(file, there.mark)
    session.open(there.project, saved=True, log=there.changes)
    session.do(MoveUnits((4,), 0))
    assert journal.wait_durable()
    journal.close(keep=True)  # what a kill leaves
    desk.files.offer_left()
    dialog = shown(desk, RecoverDialog, qtbot)
    assert isinstance(dialog, RecoverDialog)
    assert [left.edits for left in dialog.works if left.place == file] == [1]
    dialog.accept()
    qtbot.waitUntil(lambda: desk.files.path == file and not desk.jobs.is_busy, timeout=LONG)
    assert fingerprint(desk.session.project.grids) == fingerprint(session.project.grids)
    assert [change.words for change in desk.session.log] == [change.words for change in session.log]
    assert desk.files.needs_saving
    saved(desk, qtbot)
    assert desk.session.is_saved
    assert fingerprint(open_project(file).grids) == fingerprint(session.project.grids)
    state = Path(os.environ["GRIDPLANNER_STATE"])
    qtbot.waitUntil(lambda: file not in [left.place for left in left_behind([state / "work"])], timeout=LONG)


def test_trouble_of_the_journal_is_told_and_goes_away(desk: Desk, file: Path, qtbot: QtBot) -> None:
    opened(desk, file, qtbot)
    keeping = desk.files.keeping
    assert keeping._journal is not None
    assert keeping.is_kept
    work = Path(os.environ["GRIDPLANNER_STATE"]) / "work"
    for trouble in ("the disk is full; make room", ""):
        keeping._journal._scribe.trouble = trouble  # as its thread does where a write fails
        keeping._journal.listener(trouble)
        qtbot.waitUntil(lambda text=trouble: bool(said(desk, "kept")) == bool(text), timeout=LONG)  # type: ignore[misc]
        assert trouble in said(desk, "kept")
    assert not desk.window.status._facts["kept"].isVisible()
    assert any(work.iterdir())


def test_a_place_without_permission_for_locks_is_worked_on_all_the_same(desk: Desk, file: Path) -> None:
    desk.files.keeping.begin(file, None, Lock(None, "t", 0.0, "no lock can be written there"))
    assert "no lock" in said(desk, "kept")
