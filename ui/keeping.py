"""What keeps the work of the open project: the lock that others see, and the journal of its edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from gridplanner.i18n import _
from gridplanner.io.keeping.lock import TOUCH_S, Lock, read_lock
from gridplanner.io.keeping.workplace import Left, left_behind
from gridplanner.io.saved import Mark, Saved, new_id
from gridplanner.journalling import Journalling, work_folders
from gridplanner.session import Session
from ui.errand import Errand


class Keeping(QObject):
    """Knows where the open project belongs and which save of it this is; `trouble` says what stands in the way, empty where nothing.

    A window that only shows a project (`keeps` False) takes no lock and writes no journal.
    """

    changed = Signal()
    _journal_told = Signal(str)

    def __init__(self, session: Session, errand: Errand, parent: QObject | None = None, *, keeps: bool = True) -> None:
        super().__init__(parent)
        self._session, self._errand = session, errand
        self.keeps = keeps
        self._journal: Journalling | None = None
        if keeps:
            self._journal = Journalling(session)
            self._journal.listener = self._journal_told.emit
            self._journal_told.connect(lambda _words: self.changed.emit())
        self.place: Path | None = None
        self.mark = Mark(project_id=new_id())
        self.expected = ""  # the save that must still be at the place when the next one comes; empty where any may be
        self.is_reading = False  # another works on it: saving asks for another name
        self._lock_trouble = ""
        self._lock: Lock | None = None
        self._pulse = QTimer(self)
        self._pulse.setInterval(round(1000 * TOUCH_S))
        self._pulse.timeout.connect(self._touch)
        self._pulse.start()

    @property
    def is_kept(self) -> bool:
        """True where every edit is in the journal."""
        return self._journal is not None and not self._journal.trouble

    @property
    def is_durable(self) -> bool:
        """True where every edit so far is on the disk itself."""
        return self._journal is not None and self._journal.wait_durable(0.0)

    @property
    def trouble(self) -> str:
        """What stands in the way of keeping the work, and what to do; empty where nothing does."""
        journal = self._journal.trouble if self._journal is not None else ""
        if journal:
            return _("Edits are not being kept: {why}").format(why=journal)
        return self._lock_trouble

    def begin(
        self, place: Path | None, mark: Mark | None, lock: Lock | None, *, is_reading: bool = False, left: tuple[Left, Saved] | None = None
    ) -> None:
        """Keep another project from now on; call it right before the session opens it.

        `left` is what a dead process left, and what was recovered of it.
        """
        self._release()
        if self._journal is not None:
            if left is not None:
                self._journal.adopted(*left)
            elif place is not None and mark is not None:
                self._journal.opened(place, mark)
        self.place, self.mark, self._lock, self.is_reading = place, mark or Mark(project_id=new_id()), lock, is_reading
        self.expected = self.mark.save_id if place is not None else ""
        self._tell(lock.told if lock is not None else "")

    def as_it_is(self) -> Saved:
        """Return the project as it is now, with its mark and its log, to be saved."""
        mark = self.mark
        if self._journal is not None:
            journal, records = self._journal.begin_save()
            mark = replace(mark, journal=journal, records=records)
        return Saved(self._session.project, mark, tuple(self._session.log))

    def is_of_this_work(self, mark: Mark) -> bool:
        """Return whether a save at the project's place is one of this very session: what it holds is in the project as it is now."""
        return bool(mark.journal) and self._journal is not None and self._journal.begin_save()[0] == mark.journal

    def settle(self, place: Path, mark: Mark, lock: Lock | None) -> None:
        """Take note of a save; with a lock the project has moved to another place."""
        if lock is not None:
            self._release()
            self._lock = lock
        self.place, self.mark, self.expected, self.is_reading = place, mark, mark.save_id, False
        if self._journal is not None:
            self._journal.saved(mark, place)
        self._tell("")

    def move(self, place: Path | None) -> None:
        """Let the project belong to another place, whatever is there."""
        self.place, self.expected = place, ""

    def left_behind(self, near: Sequence[Path]) -> list[Left]:
        """Return the work that dead processes left, the latest first; `near` are folders of projects opened lately. It reads files."""
        return left_behind(work_folders(near)) if self.keeps else []

    def close(self) -> None:
        """Leave the project: the lock is released, the journal is not needed any more."""
        self._pulse.stop()
        if self._journal is not None:
            self._journal.listener = lambda _words: None
            self._journal.close()
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            self._errand.run(lock.release, lambda _nothing: None)

    def _touch(self) -> None:
        lock, place = self._lock, self.place
        if lock is None or place is None:
            return

        def told(answer: object) -> None:
            if self._lock is lock and isinstance(answer, str):
                self._tell(_("{who} has taken the project over; save under another name").format(who=answer) if answer else lock.told)

        def touched() -> str:
            if lock.touch():
                return ""
            info = read_lock(place)
            return info.who if info is not None else "?"

        self._errand.run(touched, told)

    def _tell(self, trouble: str) -> None:
        if trouble != self._lock_trouble:
            self._lock_trouble = trouble
            self.changed.emit()
