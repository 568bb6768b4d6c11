"""Opening a project at its place: whether another works on it, whether it is whole, and what else can be opened where it is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.backups import Backup, list_backups
from gridplanner.io.keeping.lock import Lock, LockedError, take_lock
from gridplanner.io.keeping.workplace import Left
from gridplanner.io.saved import Saved
from gridplanner.io.shared_places import place_name
from ui.dialogs.damage_box import BACKUP, REST, DamageBox
from ui.dialogs.lock_box import READ, TAKE, LockBox
from ui.errand import Errand
from ui.jobs import Jobs
from ui.opening_task import Opened
from ui.when_words import when_words

Then = Callable[[Saved, Lock | None], object]  # what was opened, and the lock that goes with it: None where it is only read


class Opening(QObject):
    """Opens one place at a time; nothing is replaced before what comes instead is read."""

    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, errand: Errand, window: QWidget, *, keeps: bool = True) -> None:
        super().__init__(window)
        self._jobs, self._errand, self._window, self._keeps = jobs, errand, window, keeps
        self._is_busy = False

    def open(self, place: Path, then: Then, otherwise: Callable[[Saved], object]) -> None:
        """Open a place and call `then`; what can only be opened as a copy (a backup, the rest of a damaged file) goes to `otherwise`."""

        def read(lock: Lock | None) -> None:
            self._read(place, lock, then, otherwise)

        if not self._keeps:
            read(None)
        elif not self._is_busy:
            self._lock(place, read)

    def recover(self, left: Left, then: Then) -> None:
        """Bring back what a dead process left and call `then`."""

        def read(lock: Lock | None) -> None:
            def taken(saved: Saved) -> None:
                then(saved, lock)

            words = _("Recovering {name}").format(name=place_name(left.place) if left.place is not None else left.name)
            self._run(words, "ui.opening_task:recover", left, then=taken, lock=lock)

        if left.place is None:
            read(None)
        elif not self._is_busy:
            self._lock(left.place, read)

    def read(self, place: Path, then: Callable[[Saved], object], called: str = "") -> None:
        """Read a place without working on it; `called` is what the planner knows it by."""
        self._read(place, None, lambda saved, _lock: then(saved), then, called)

    def _lock(self, place: Path, then: Callable[[Lock | None], object], *, force: bool = False) -> None:
        """Take the lock of a place and call `then` with it, with None where the planner wants to read only."""
        self._is_busy = True

        def taken(answer: Lock | GridplannerError) -> None:
            self._is_busy = False
            if isinstance(answer, LockedError):
                box = LockBox(place.name, answer.info, self._window)

                def chosen() -> None:
                    if box.answer == READ:
                        then(None)
                    elif box.answer == TAKE:
                        self._lock(place, then, force=True)

                box.accepted.connect(chosen)
                box.open()
            elif isinstance(answer, GridplannerError):
                self.failed.emit(str(answer), "")
            else:
                then(answer)

        self._errand.run(lambda: take_lock(place, force=force), taken)

    def _read(self, place: Path, lock: Lock | None, then: Then, otherwise: Callable[[Saved], object], called: str = "") -> None:
        def opened(answer: Opened) -> str | None:
            if answer.saved is not None:
                then(answer.saved, lock)
                return None
            self._release(lock)
            self._errand.run(lambda: list_backups(place), lambda found: self._ask(place, answer, found, otherwise))
            return answer.damage

        self._run(_("Opening {file}").format(file=called or place_name(place)), "ui.opening_task:open_place", place, then=opened, lock=lock)

    def _run(self, words: str, task: str, what: object, *, then: Callable[[Any], str | None], lock: Lock | None) -> None:
        """Run a task, and let go of the lock where it fails."""
        if self._jobs.is_busy:
            self._release(lock)
            self.failed.emit(_("Something is being computed. Wait for it or cancel it at the bottom, then try again."), "")
        else:
            self._jobs.run(words, task, what, then=then, otherwise=lambda: self._release(lock))

    def _release(self, lock: Lock | None) -> None:
        if lock is not None:
            self._errand.run(lock.release, lambda _nothing: None)

    def _ask(self, place: Path, answer: Opened, found: tuple[Backup, ...] | GridplannerError, otherwise: Callable[[Saved], object]) -> None:
        backups = () if isinstance(found, GridplannerError) else found
        box = DamageBox(answer.damage, answer.rest, [one.at for one in backups], self._window)

        def chosen() -> None:
            if box.answer == BACKUP:
                self.read(backups[0].path, otherwise, version_words(place.name, backups[0]))
            elif box.answer == REST:
                words = _("Opening {file}").format(file=place.name)

                def taken(saved: Saved) -> None:
                    otherwise(saved)

                self._jobs.run(words, "ui.opening_task:open_rest", place, then=taken)

        box.accepted.connect(chosen)
        box.open()


def version_words(file: str, backup: Backup) -> str:
    """Return what a planner knows an earlier version by: a backup's own file name says nothing."""
    return _("{file} as it was {when}").format(file=file or _("project"), when=when_words(backup.at))
