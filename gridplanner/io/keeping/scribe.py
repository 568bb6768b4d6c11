"""The thread that keeps a place of work: it writes what cannot be written at once, and has the disk confirm all of it."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.about_work import let_go, remove_about
from gridplanner.io.keeping.delta import delta_of
from gridplanner.io.keeping.disk_words import cause_words
from gridplanner.io.keeping.entry import entry_to_bytes
from gridplanner.io.keeping.journal import JournalRead, read_journal, read_on
from gridplanner.io.keeping.opened_base import keep_opened
from gridplanner.io.keeping.orders import Edit, Save, Start
from gridplanner.io.keeping.recovery import Left, forget
from gridplanner.io.keeping.workplace import Workplace

PATIENCE_S = 2.0  # until what the disk refused is tried again
SHORT_S = 0.25  # that the hand waits at most for a place of work that is just being made: at the first edit after an opening
ASIDE = ".gridplanner-work"  # the folder beside a project that takes the journal where no other does


class MissingEditsError(GridplannerError):
    """The journal ends before the edit that goes before the next one; a save mends that."""


class Scribe:
    """Keeps one place of work at a time, in the first of some folders that takes it."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.trouble = ""
        self.listener: Callable[[str], object] = lambda _text: None
        self._folders = tuple(folders)
        self._change = threading.Condition()
        self._file = threading.Lock()  # held by who writes to the journal, and while another takes its place
        self._queue: deque[Start | Edit] = deque()
        self._saves: deque[Save] = deque()
        self._work: Workplace | None = None
        self._near: Path | None = None  # the folder of the project's own file
        self._durable = 0  # the number of the last record that the disk has confirmed
        self._left: Left | None = None
        self._claim = -1  # holds what was left until it is here
        self._bringing = ""  # the base on another disk that is being copied, or could not be
        self._brought: Path | None = None
        self._is_busy = False  # the thread is at what waits first
        self._thread: threading.Thread | None = None
        self._is_closed = self._keeps = False

    # on the thread of who edits

    def begin(self, start: Start) -> None:
        """Keep another project from now on; what was not written of the earlier one is nobody's any more."""
        with self._change:
            self._let_go_of_waiting()
            self._queue.clear()
            self._saves.clear()
            self._queue.append(start)
            self._wake()

    def write(self, edit: Edit) -> bool:
        """Write a small edit at once, and those small ones that wait before it; return whether that was possible and the disk took it."""
        with self._change:
            if self._queue and isinstance(start := self._queue[0], Start) and start.whole is None and not self.trouble:
                self._change.wait_for(lambda: not self._queue or self._queue[0] is not start, SHORT_S)
            if self._work is None or self._is_busy or not all(isinstance(job, Edit) and job.is_small for job in self._queue):
                return False
            self._queue.append(edit)
            try:
                self._write_waiting(self._work)
            except GridplannerError:
                self._queue.remove(edit)
                return False
            self._wake()
        return True

    def write_later(self, edit: Edit) -> None:
        """Let the thread write an edit, after those that wait."""
        with self._change:
            self._queue.append(edit)
            self._wake()

    def take_save(self, save: Save) -> None:
        """Begin anew from a save."""
        with self._change:
            self._saves.append(save)
            self._wake()

    def new_base(self) -> tuple[Path, Path | None] | None:
        """Return where a base may be written, and where the project itself is kept; None where there is no place of work."""
        with self._change:
            work = self._work
            return (work.base_for_new(), Path(work.about.place) if work.about.place else None) if work is not None else None

    def wait_durable(self, timeout: float) -> bool:
        """Return whether everything is on the disk within some seconds."""
        with self._change:
            return self._change.wait_for(lambda: not self._waits(), timeout)

    def close(self, *, keep: bool) -> None:
        """End the thread; what waits is written before that where it is to be kept."""
        with self._change:
            self._is_closed, self._keeps = True, keep
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()
        if self._work is not None:
            self._work.close(keep=keep)
            self._work = None
        self._let_go_of_waiting()
        let_go(self._claim)
        self._claim = -1

    def _let_go_of_waiting(self) -> None:
        for job in self._queue:
            if isinstance(job, Start):
                let_go(job.claim)

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()
        self._change.notify_all()

    def _write_waiting(self, work: Workplace) -> None:
        """Write the edits that wait, up to one that the disk does not take: raises GridplannerError."""
        while self._queue and isinstance(edit := self._queue[0], Edit):
            self._append(work, edit.number, edit.to_bytes())
            with self._change:
                if self._queue and self._queue[0] is edit:
                    self._queue.popleft()

    def _append(self, work: Workplace, number: int, payload: bytes) -> None:
        with self._file:
            if work.journal.last + 1 != number:  # one before it could not be written at all
                raise MissingEditsError(_("Edits are missing from the journal; save the project"))
            work.journal.append(payload)

    # on the thread of its own

    def _waits(self) -> bool:
        work = self._work
        if work is not None and (
            self._durable < work.journal.last or not work.is_settled or self._brought is not None or self._lacks_base(work)
        ):
            return True
        return bool(self._queue or self._saves)

    def _lacks_base(self, work: Workplace) -> bool:
        return not work.is_whole and self._bringing != work.about.base

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._is_closed or self._waits())
                if self._is_closed and not (self._keeps and self._waits()):
                    return
            why = self._why_not()
            self._tell(why)
            with self._change:
                self._is_busy = False
                self._change.notify_all()
                if why and self._is_closed:
                    return
                if why:
                    self._change.wait(PATIENCE_S)

    def _why_not(self) -> str:
        """Do what waits, and return why it could not be done; empty where it could."""
        try:
            try:
                self._work_off()
            except (GridplannerError, OSError) as why:
                if self._work is None or self._begins() or isinstance(why, MissingEditsError) or not self._moved():
                    raise
        except GridplannerError as why:
            return str(why)
        except OSError as why:
            return cause_words(why)
        except Exception as why:  # what cannot be written at all must not end the thread; the next save begins anew
            with self._change:
                self._queue.clear()
            return f"{type(why).__name__}: {why}"
        return ""

    def _work_off(self) -> None:
        """Do one thing that waits and have the disk confirm it; raises GridplannerError or OSError where it does not take it."""
        with self._change:
            job = self._queue[0] if self._queue else None
            save = self._saves.popleft() if self._saves and self._work is not None and not isinstance(job, Start) else None
            self._is_busy = job is not None and save is None
        if save is not None:
            self._begin_anew(save)
        elif isinstance(job, Start):
            self._begin(job)
        elif job is not None and self._work is not None:
            self._write_waiting(self._work)
        with self._change:
            self._is_busy = False
            self._change.notify_all()
        self._sync()

    def _begins(self) -> bool:
        """Return whether another project waits to be begun: that has tried every folder, and what is here is of the earlier one."""
        with self._change:
            return bool(self._queue) and isinstance(self._queue[0], Start)

    def _done(self, job: Start | Edit) -> None:
        with self._change:
            if self._queue and self._queue[0] is job:
                self._queue.popleft()
            self._change.notify_all()

    def _sync(self) -> None:
        work = self._work
        if work is None:
            return
        last = work.journal.last
        if not work.is_settled:
            work.settle()
            self._durable = last
        if self._left is not None:
            remove_about(self._left.folder)
            let_go(self._claim)  # before the rest goes: a file that is held cannot be removed everywhere
            forget(self._left)
            self._left, self._claim = None, -1
        if last > self._durable:
            work.journal.sync()
            self._durable = last
        if self._brought is not None:
            with contextlib.suppress(OSError):
                work.use_base(self._bringing, self._brought)
            self._brought = None
        elif self._lacks_base(work):
            self._bringing = work.about.base
            threading.Thread(target=self._bring, args=(work,), name="base", daemon=True).start()

    def _bring(self, work: Workplace) -> None:
        """Copy a base from another disk, on a thread of its own: edits do not wait for it. What cannot be copied stays where it is."""
        with contextlib.suppress(GridplannerError, OSError):
            copy = work.copy_of_base()
            with self._change:
                if self._work is work:
                    self._brought = copy
                self._change.notify_all()

    def _begin(self, start: Start) -> None:
        """Begin a place of work in the first folder that takes it, then let go of the earlier one."""
        work = self._first(lambda folder: _begun(folder, start), start.folder) if start.journal else None
        earlier = self._work
        with self._change:
            self._work, self._durable, self._near = work, 0, start.folder
            self._bringing, self._brought = "", None
        let_go(self._claim)
        self._left, self._claim = start.left, start.claim  # what it left is forgotten once the disk has it here
        self._done(start)
        if earlier is not None:
            earlier.close()

    def _begin_anew(self, save: Save) -> None:
        """Put a new base and journal in the place of those in use; where that is not possible they stay, and nothing is less safe."""
        work = self._work
        assert work is not None
        if save.mark.records < work.journal.header.first - 1:
            return  # an earlier save that took longer than the next one
        with contextlib.suppress(GridplannerError, OSError):
            renewal = work.renew(save.mark, save.place, save.source, name=save.name)
            try:
                read = _copied(read_journal(work.journal.path), renewal.journal.append, save.mark.records + 1)
                renewal.journal.sync()  # what the disk had confirmed must be confirmed in the new one before that is named
                with self._file:
                    if work.journal.last > read.last:
                        _copied(read_on(work.journal.path, read), renewal.journal.append, save.mark.records + 1)
                        renewal.journal.sync()
                    renewal.swap()
            except (GridplannerError, OSError):
                renewal.drop()
                raise
            with self._change:
                while self._queue and isinstance(edit := self._queue[0], Edit) and edit.number <= save.mark.records:
                    self._queue.popleft()
                self._durable = save.mark.records
            renewal.clear()

    def _moved(self) -> bool:
        """Take the work to another folder; return whether one takes it."""
        earlier = self._work
        assert earlier is not None
        with self._change:
            self._is_busy = True  # until it is over, edits wait without waiting for the file
        try:
            with self._file:
                work = self._first(lambda folder: _moved_to(folder, earlier), self._near, earlier.folder.parent)
                if work.journal.last != earlier.journal.last:
                    work.close()
                    return False
                self._work = work
        except (GridplannerError, OSError):
            return False
        with self._change:
            self._durable = 0
        earlier.close()
        return True

    def _first(self, make: Callable[[Path], Workplace], near: Path | None, but: Path | None = None) -> Workplace:
        """Return the place of work in the first folder that takes it."""
        why: Exception = GridplannerError(_("There is no folder for the journal"))
        for folder in (*self._folders, *([near / ASIDE] if near is not None else ())):
            if folder != but:
                try:
                    return make(folder)
                except (GridplannerError, OSError) as error:
                    why = error
        raise why

    def _tell(self, text: str) -> None:
        if bool(text) != bool(self.trouble):
            self.trouble = text
            self.listener(text)


def _begun(folder: Path, start: Start) -> Workplace:
    if start.left is not None and start.whole is None:
        return Workplace.taken_over(folder, start.left.folder)
    base = start.place if start.whole is None else None
    work = Workplace.begin(folder, start.place, start.mark, base=base, name=start.name, journal=start.journal)
    try:
        if start.whole is not None:
            work.journal.append(entry_to_bytes(start.changes, delta_of(None, start.whole)))
        elif base is not None:
            keep_opened(work, base, start)
    except BaseException:
        work.close()
        raise
    return work


def _moved_to(folder: Path, earlier: Workplace) -> Workplace:
    """Return a place of work that another folder's disk has confirmed: one that takes all and keeps nothing is no better."""
    work = Workplace.taken_over(folder, earlier.folder)
    try:
        work.settle()
    except BaseException:
        work.close()
        raise
    return work


def _copied(read: JournalRead, append: Callable[[bytes], object], first: int) -> JournalRead:
    """Hand on the records from a number on, and return what was read."""
    for payload in read.payloads[max(first - read.header.first, 0) :]:
        append(payload)
    return read
