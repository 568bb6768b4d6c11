"""The journal of a session: every change of its project is kept on the disk before the hand goes on."""

from __future__ import annotations

import tempfile
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gridplanner.edits.history import fresh_bytes
from gridplanner.errors import GridplannerError
from gridplanner.i18n import _
from gridplanner.io.keeping.about_work import about_of
from gridplanner.io.keeping.delta import Delta, delta_of
from gridplanner.io.keeping.entry import entry_to_bytes
from gridplanner.io.keeping.journal import read_journal
from gridplanner.io.keeping.recovery import Left, forget
from gridplanner.io.keeping.workplace import Workplace
from gridplanner.io.saved import Mark, new_id
from gridplanner.model.changes import Change
from gridplanner.model.project import Project
from gridplanner.session import Session
from gridplanner.user_folder import state_folder

LARGE = 32 << 20  # bytes that an edit makes anew, from which they are not compared by the hand but by the thread of the journal
WIDE = 1 << 18  # bytes that differ, from which the thread packs and writes them
SHORT = 0.03  # seconds that the hand waits for what is being written before an edit, so that a kill right after it loses none
PATIENCE = 2.0  # seconds until what the disk refused is tried again


def work_folders(near: Sequence[Path] = ()) -> list[Path]:
    """Return where places of work may be: the program's own folder first, then where it falls back to.

    `near` are folders of projects that were open lately: beside them work is kept where no other folder takes it.
    """
    return [state_folder() / "work", Path(tempfile.gettempdir()) / "gridplanner-work", *(folder / ".gridplanner-work" for folder in near)]


@dataclass(frozen=True, eq=False)
class _Start:
    """Another project is worked on: from a file (`place` and `mark`), from what a dead process left, or `whole`."""

    journal: str
    place: Path | None
    mark: Mark | None
    left: Left | None
    whole: Project | None
    changes: tuple[Change, ...]
    name: str


@dataclass(eq=False)
class _Edit:
    """A change that is not written yet; `delta` where it is known already."""

    number: int
    before: Project
    after: Project
    changes: tuple[Change, ...]
    delta: Delta | None = None


@dataclass(frozen=True)
class _Saved:
    """A save that was made."""

    mark: Mark
    place: Path | None
    source: Path
    name: str


class Journalling:
    """Keeps the journal of a session, in a place of work under `folder`.

    How a window uses it:

    - Right before `session.open(project, saved=True)` of what came from a place: `opened(place, mark)` with the mark of its file; before
      opening what `recovered(left)` returned, `adopted(left)`: the work stays where it is safe until the new place of work has it. A
      project that comes from nowhere (an import, a plan file) needs no word: its first record is the project itself, or, for a large
      one, `save_base` lets another process write it.
    - At a save: `begin_save()` at the moment in which the project is taken, on the thread of the session; its answer goes into the
      `Mark` that is handed to `save_at` (`dataclasses.replace(mark, journal=…, records=…)`). After it `saved(mark, place)` with the
      mark that `save_at` returned: the journal begins anew from that save, with the edits made meanwhile.
    - `close()` on a clean exit removes the place of work; `close(keep=True)` leaves it for the next start.
    - `listener(text)` is called from another thread when the disk refuses the journal (once) and, with an empty text, when all is
      written again; `trouble` is the same text. The work is tried again every two seconds and goes to another folder where one takes it.

    Small edits are handed to the system before `Session.do` returns, so that a process that is killed loses none; within 50 ms a thread
    has the disk itself confirm them, so that a power cut loses none either. Edits that change more than `WIDE` bytes (a partition, an
    import) are packed and written by that thread, in order. `wait_durable()` is for tests: it returns once all is confirmed.
    """

    def __init__(self, session: Session, folder: Path | None = None, *, fallbacks: Sequence[Path] | None = None) -> None:
        given = work_folders() if folder is None else [folder]
        self._session, self._folders = session, [*given, *(fallbacks or ())]
        self.trouble = ""
        self.listener: Callable[[str], object] = lambda _text: None
        self._change = threading.Condition()
        self._queue: deque[_Start | _Edit] = deque()
        self._saves: deque[_Saved] = deque()
        self._work: Workplace | None = None
        self._journal = ""  # the id of the journal of what is worked on, empty where nothing is
        self._number = self._durable = 0  # of the last edit, and of the last that the disk has confirmed
        self._logged = len(session.log)
        self._opened = session.opened
        self._coming: tuple[Path, Mark] | Left | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = self._keeps = False
        session.listen(self._hear)

    # what the window tells

    def opened(self, place: Path, mark: Mark) -> None:
        """Take note that the project that the session opens next is the one kept at a place."""
        self._coming = (place, mark)

    def adopted(self, left: Left) -> None:
        """Take note that the project that the session opens next is what a dead process left; its place of work is taken over."""
        self._coming = left

    def begin_save(self) -> tuple[str, int]:
        """Return the id of the journal, and the number of the last record that is in the project as it is now: for the `Mark`."""
        return self._journal, self._number

    def saved(self, mark: Mark, place: Path) -> None:
        """Begin anew from a save of the session's project; that of another one, closed meanwhile, changes nothing."""
        self._renew(_Saved(mark, place, place, self._session.project.name))

    def base_place(self) -> Path | None:
        """Return where the base of a project that has no file may be written (`save_at`), None where that is not possible now."""
        with self._change:
            return self._work.base_for_new() if self._work is not None else None

    def base_saved(self, mark: Mark, base: Path) -> None:
        """Begin anew from a base that was written to `base_place()` as at a save; the project itself is still not saved."""
        with self._change:
            place = self._work.about.place if self._work is not None else ""
        self._renew(_Saved(mark, Path(place) if place else None, base, self._session.project.name))

    def wait_durable(self, timeout: float = 10.0) -> bool:
        """Return whether everything is on the disk within some seconds."""
        with self._change:
            self._change.notify_all()
            return self._change.wait_for(lambda: not self._waits(), timeout)

    def close(self, *, keep: bool = False) -> None:
        """End: what is not written yet is written where it is to be kept; raises nothing."""
        with self._change:
            self._is_closed, self._keeps = True, keep
            self._change.notify_all()
        if self._thread is not None:
            self._thread.join()

    # what the session tells

    def _hear(self, before: Project, after: Project) -> None:
        if self._is_closed:
            return
        if self._session.opened != self._opened:
            self._open(after)
            return
        changes = tuple(self._session.log[self._logged :])
        self._logged = len(self._session.log)
        if not self._journal:
            self._start(whole=after, changes=tuple(self._session.log))
            return
        self._number += 1
        edit = _Edit(self._number, before, after, changes)
        if not self._wrote(edit):
            self._later(edit)

    def _open(self, project: Project) -> None:
        self._opened, coming = self._session.opened, self._coming
        self._coming, self._logged = None, len(self._session.log)
        if isinstance(coming, Left):
            self._start(left=coming, whole=project, changes=tuple(self._session.log))
        elif coming is not None and self._session.is_saved:
            self._start(place=coming[0], mark=coming[1])
        elif self._session.is_saved:
            self._journal = ""  # nothing that could be lost: the first edit begins
            self._number = 0
        else:
            self._start(whole=project, changes=tuple(self._session.log))

    def _start(
        self, *, place: Path | None = None, mark: Mark | None = None, left: Left | None = None, whole: Project | None = None,
        changes: tuple[Change, ...] = (),
    ) -> None:  # fmt: skip
        name = self._session.project.name
        read = None
        if left is not None:
            read = _read(left)
            place = left.place
        self._journal = read[0] if read is not None else new_id()
        self._number = read[1] if read is not None else (1 if whole is not None else 0)
        if read is not None:
            whole = None
        self._later(_Start(self._journal, place, mark, left, whole, changes, name))

    def _wrote(self, edit: _Edit) -> bool:
        """Write a small edit now, where nothing waits before it; return whether that was done."""
        with self._change:
            if self._queue and not self.trouble:
                self._change.wait_for(lambda: not self._queue, SHORT)
            if self._queue or self._work is None:
                return False
        if fresh_bytes(edit.before, edit.after) > LARGE:
            return False
        edit.delta = delta_of(edit.before, edit.after)
        if sum(array.nbytes for array in edit.delta.arrays) > WIDE:
            return False
        try:
            payload = entry_to_bytes(edit.changes, edit.delta)
            with self._change:
                self._work.journal.append(payload)
                self._change.notify_all()
        except GridplannerError:
            return False
        return True

    def _later(self, job: _Start | _Edit) -> None:
        with self._change:
            if isinstance(job, _Start):
                self._queue.clear()  # nobody needs what was not written of the project that was closed
                self._saves.clear()
            self._queue.append(job)
            self._wake()

    def _renew(self, saved: _Saved) -> None:
        with self._change:
            if saved.mark.journal != self._journal:
                return
            self._saves.append(saved)
            self._wake()

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
            self._thread.start()
        self._change.notify_all()

    # what the thread does

    def _waits(self) -> bool:
        return bool(self._queue or self._saves or (self._work is not None and self._durable < self._work.journal.last))

    def _run(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._is_closed or self._waits())
                if self._is_closed and (not self._keeps or not self._waits()):
                    break
            try:
                self._work_off()
                self._tell("")
            except (GridplannerError, OSError) as why:
                self._tell(str(why))
                if self._is_closed:
                    break
                with self._change:
                    self._change.wait(PATIENCE)
        if self._work is not None:
            self._work.close(keep=self._keeps)

    def _work_off(self) -> None:
        """Do one thing that waits; raises GridplannerError or OSError where the disk does not take it."""
        with self._change:
            save = self._saves[0] if self._saves and self._work is not None else None
            job = self._queue[0] if self._queue else None
        if save is not None and not isinstance(job, _Start):
            self._begin_anew(save)
        elif isinstance(job, _Start):
            self._begin(job)
        elif job is not None:
            payload = entry_to_bytes(job.changes, job.delta or delta_of(job.before, job.after))
            with self._change:
                if self._queue and self._queue[0] is job and self._work is not None:
                    self._work.journal.append(payload)
                    self._queue.popleft()
        self._sync()

    def _sync(self) -> None:
        with self._change:
            work = self._work
            last = work.journal.last if work is not None else 0
        if work is not None and last > self._durable:
            work.journal.sync()
        with self._change:
            self._durable = last
            self._change.notify_all()

    def _begin(self, job: _Start) -> None:
        """Begin a place of work in the first folder that takes it, then let go of the earlier one."""
        why: Exception = GridplannerError(_("There is no folder for the journal"))
        for folder in self._folders:
            try:
                work = _begun(folder, job)
                break
            except (GridplannerError, OSError) as error:
                why = error
        else:
            raise why
        with self._change:
            earlier, self._work, self._durable = self._work, work, 0
            if self._queue and self._queue[0] is job:
                self._queue.popleft()
        work.journal.sync()
        if earlier is not None:
            earlier.close()
        if job.left is not None:
            forget(job.left)

    def _begin_anew(self, save: _Saved) -> None:
        work, mark = self._work, save.mark
        assert work is not None
        with self._change:
            self._saves.popleft()
        renewal = work.renew(mark, save.place, save.source, name=save.name)
        try:
            _copy_records(work, renewal.journal.append, mark.records + 1)
            with self._change:
                _copy_records(work, renewal.journal.append, renewal.journal.last + 1)
                renewal.swap()
                while self._queue and isinstance(edit := self._queue[0], _Edit) and edit.number <= mark.records:
                    self._queue.popleft()
                self._durable = mark.records
        except (GridplannerError, OSError):
            renewal.drop()
            raise
        renewal.clear()

    def _tell(self, text: str) -> None:
        if bool(text) != bool(self.trouble):
            self.trouble = text
            self.listener(text)


def _begun(folder: Path, job: _Start) -> Workplace:
    if job.left is not None and job.whole is None:
        return Workplace.taken_over(folder, job.left, name=job.name)
    work = Workplace.begin(folder, job.place, job.mark, name=job.name, journal=job.journal)
    if job.whole is not None:
        try:
            work.journal.append(entry_to_bytes(job.changes, delta_of(None, job.whole)))
        except BaseException:
            work.close()
            raise
    return work


def _copy_records(work: Workplace, append: Callable[[bytes], object], first: int) -> None:
    read = read_journal(work.journal.path)
    for payload in read.payloads[max(first - read.header.first, 0) :]:
        append(payload)


def _read(left: Left) -> tuple[str, int] | None:
    """Return the id of the journal of a place of work and its last record; None where some of it cannot be used."""
    try:
        read = read_journal(left.folder / about_of(left.folder).journal)
    except GridplannerError:
        return None
    return None if read.lost else (read.header.journal, read.last)
