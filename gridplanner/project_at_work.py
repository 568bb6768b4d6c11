"""A project file that a command works on: locked for its run, saved only where nobody else saved it meanwhile."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from gridplanner.errors import ProjectFileError
from gridplanner.i18n import _
from gridplanner.io.keeping.lock import Lock, LockedError, is_file, lock_path, take_lock
from gridplanner.io.project_file import mark_of
from gridplanner.io.project_places import open_at, save_at
from gridplanner.io.saved import Mark, Saved
from gridplanner.model.changes import DONE, Change, changes_between
from gridplanner.model.project import Project
from gridplanner.progress import SILENT, Progress
from gridplanner.who import who


class ProjectAtWork:
    """A project as it was opened, and the place where it will be saved."""

    def __init__(self, saved: Saved, target: Path, expected: str) -> None:
        self._saved, self._target, self._expected = saved, target, expected

    @property
    def project(self) -> Project:
        """The project as it was opened."""
        return self._saved.project

    @property
    def mark(self) -> Mark:
        """Which save of which project it was opened from, or is by now."""
        return self._saved.mark

    def save(self, project: Project, words: str, progress: Progress = SILENT) -> None:
        """Save what became of the project, and log it in `words`.

        Raises ProjectFileError, also where somebody else saved the file since it was opened: it is then as they left it.
        """
        before = self._saved
        number = before.changes[-1].number + 1 if before.changes else 1
        change = Change(number, time.time(), who(), words, DONE, changes_between(before.project, project))
        mark = replace(before.mark, journal="", records=0)  # what a window's journal says of its own save is not so of this one
        saved = Saved(project, mark, (*before.changes, change), before.notes)
        mark = save_at(saved, self._target, progress, expected=self._expected)
        self._saved, self._expected = replace(saved, mark=mark), mark.save_id


@contextmanager
def worked_on(source: Path, target: Path, say: Callable[[str], None]) -> Iterator[ProjectAtWork]:
    """Open the project at `source` to be saved at `target` (the same or another), which is locked until the end.

    Raises LockedError where somebody else has `target` open, ProjectFileError where `source` cannot be opened; `say` gets the words where
    others cannot see that it is worked on.
    """
    with locked(target, say):
        expected = ""
        if source != target and is_file(target):
            with contextlib.suppress(ProjectFileError):  # what is no project there, or a damaged one, was named to be replaced
                there = mark_of(target)
                expected = there.save_id if there else ""
        saved = open_at(source)
        if source == target:
            expected = saved.mark.save_id
        yield ProjectAtWork(saved, target, expected)


@contextmanager
def locked(target: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a project that a command will write, where it is there already; raises LockedError where somebody has it open."""
    if not is_file(target) or not target.exists():
        yield
        return
    with _taken(target) as lock:
        if lock.told:
            say(lock.told)
        yield


def _taken(target: Path) -> Lock:
    """Return the lock of a project; raises LockedError, which names the lock's file where its owner cannot be asked from here."""
    try:
        return take_lock(target)
    except LockedError as why:
        if why.info.alive is not None:
            raise
        text = _("{fault}. If nobody works on it any more, as where a computer crashed, delete {lock} and try again")
        raise LockedError(text.format(fault=why, lock=lock_path(target)), why.info) from None
