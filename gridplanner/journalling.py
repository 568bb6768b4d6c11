"""The journal of a session: every change of its project is kept on the disk before the hand goes on."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from gridplanner.edits.history import fresh_bytes
from gridplanner.errors import GridplannerError
from gridplanner.io.keeping.about_work import ALIVE, about_of, hold
from gridplanner.io.keeping.delta import delta_of
from gridplanner.io.keeping.journal import read_journal
from gridplanner.io.keeping.orders import Edit, Save, Start
from gridplanner.io.keeping.recovery import Left
from gridplanner.io.keeping.scribe import ASIDE, Scribe
from gridplanner.io.project_file import mark_of
from gridplanner.io.saved import Mark, Saved, new_id
from gridplanner.model.project import Project
from gridplanner.session import Session
from gridplanner.user_folder import state_folder

LARGE = 32 << 20  # bytes that an edit makes anew, from which they are not compared by the hand but by the thread of the journal


def work_folders(near: Sequence[Path] = ()) -> list[Path]:
    """Return where places of work may be: the program's own folder first, then where it falls back to.

    `near` are folders of projects that were open lately: beside them work is kept where no other folder takes it.
    """
    account = "" if sys.platform == "win32" else f"-{os.getuid()}"
    return [state_folder() / "work", Path(tempfile.gettempdir()) / f"gridplanner-work{account}", *(folder / ASIDE for folder in near)]


class Journalling:
    """Keeps the journal of a session, in a place of work under `folder` (by default the first of `work_folders()` that takes it).

    How a window uses it:

    - Right before `session.open(project, saved=True)` of what came from a place: `opened(place, mark)` with the mark of its file; before
      opening what `recovered(left)` returned, `adopted(left, saved)`: the work stays where it is until the new place of work has it. A
      project that comes from nowhere (an import, a plan file) needs no word: its first record is the project itself. Where that would
      take the window's time, `base_place()` says where another process may save it (`save_at` with the mark of `begin_save`), and
      `base_saved(mark, base)` that this was done.
    - At a save: `begin_save()` at the moment in which the project is taken, on the thread of the session; its answer goes into the
      `Mark` that is handed to `save_at` (`dataclasses.replace(mark, journal=…, records=…)`). After it `saved(mark, place)` with the
      mark that `save_at` returned: the journal begins anew from that save, with the edits made meanwhile.
    - `close()` on a clean exit removes the place of work; `close(keep=True)` leaves it for the next start.
    - `listener(text)` is called from another thread when the disk refuses the journal (once) and, with an empty text, when all is
      written again; `trouble` is the same text. The work is tried again every two seconds and goes to another folder where one takes it.

    Small edits are handed to the system before `Session.do` returns, so that a process that is killed loses none; within 50 ms a thread
    has the disk itself confirm them, so that a power cut loses none either. Edits that change more than `orders.WIDE` bytes (a
    partition, an import) are packed and written by that thread, in order. `wait_durable()` is for tests: it returns once all is confirmed.
    """

    def __init__(self, session: Session, folder: Path | None = None) -> None:
        self._session = session
        self._scribe = Scribe(work_folders() if folder is None else [folder])
        self._journal = ""  # the id of the journal of what is worked on, empty where nothing is
        self._number = 0  # of the last edit
        self._logged = len(session.log)
        self._opened = session.opened
        self._last = session.project  # what the journal ends with
        self._coming: Start | None = None
        self._is_closed = False
        session.listen(self._hear)

    @property
    def trouble(self) -> str:
        """Why edits are not being kept, empty where they are."""
        return self._scribe.trouble

    @property
    def listener(self) -> Callable[[str], object]:
        """Who is told of trouble, on another thread."""
        return self._scribe.listener

    @listener.setter
    def listener(self, listener: Callable[[str], object]) -> None:
        self._scribe.listener = listener

    def opened(self, place: Path, mark: Mark) -> None:
        """Take note that the project that the session opens next is the one kept at a place."""
        self._coming = Start(place=place, mark=mark)

    def adopted(self, left: Left, saved: Saved | None = None) -> None:
        """Take note that the project that the session opens next is what a dead process left (`saved`); its place of work is taken over."""
        claim, mark = -1, saved.mark if saved is not None else None
        with contextlib.suppress(OSError):
            claim = hold(left.folder / ALIVE)
        if saved is not None and claim < 0:  # another window took it over meanwhile: two shall not go on in one journal
            self._coming = Start(place=left.place, mark=mark, whole=saved.project)
        elif saved is not None and saved.notes:  # some of its journal could not be read: the project begins a new one
            self._coming = Start(place=left.place, mark=mark, left=left, whole=saved.project, claim=claim)
        else:
            self._coming = Start(place=left.place, mark=mark, left=left, claim=claim)

    def begin_save(self) -> tuple[str, int]:
        """Return the id of the journal, and the number of the last record that is in the project as it is now: for the `Mark`."""
        return self._journal, self._number

    def saved(self, mark: Mark, place: Path) -> None:
        """Begin anew from a save of the session's project; that of another one, closed meanwhile, changes nothing."""
        if mark.journal == self._journal and place.is_file():
            if self._journal:
                self._scribe.take_save(Save(mark, place, place, self._session.project.name))
            else:
                self._begin(Start(place=place, mark=mark))

    def base_place(self) -> Path | None:
        """Return where the base of a project that has no file may be written (`save_at`), None where that is not possible now."""
        found = self._scribe.new_base()
        return found[0] if found is not None else None

    def base_saved(self, mark: Mark, base: Path) -> None:
        """Begin anew from a base that was written to `base_place()` as at a save; the project itself is still not saved."""
        found = self._scribe.new_base()
        if found is not None and mark.journal == self._journal:
            self._scribe.take_save(Save(mark, found[1], base, self._session.project.name))

    def wait_durable(self, timeout: float = 10.0) -> bool:
        """Return whether everything is on the disk within some seconds."""
        return self._scribe.wait_durable(timeout)

    def close(self, *, keep: bool = False) -> None:
        """End; the place of work is removed unless it is to be kept for the next start, with all that still waits. Raises nothing."""
        self._is_closed = True
        self._scribe.close(keep=keep)

    def _hear(self, _before: Project, after: Project) -> None:
        if self._is_closed:
            return
        before, self._last = self._last, after  # of its own, should another listener have kept a change from this one
        if self._session.opened != self._opened:
            self._open(after)
            return
        changes = tuple(self._session.log[self._logged :])
        self._logged = len(self._session.log)
        if not self._journal:
            self._begin(Start(whole=after))
            return
        self._number += 1
        edit = Edit(self._number, before, after, changes)
        if fresh_bytes(before, after) <= LARGE:
            edit.delta = delta_of(before, after)
        if not edit.is_small or not self._scribe.write(edit):
            self._scribe.write_later(edit)

    def _open(self, project: Project) -> None:
        self._opened, coming = self._session.opened, self._coming
        self._coming, self._logged = None, len(self._session.log)
        if coming is None:
            coming = Start() if self._session.is_saved else Start(whole=project)
        elif coming.left is None and coming.whole is None and not (self._session.is_saved and _is_there(coming)):
            coming = Start(place=coming.place, mark=coming.mark, whole=project)  # salvaged, of a database, or saved by another since
        self._begin(coming)

    def _begin(self, start: Start) -> None:
        """Keep what `start` says, under a journal of its own or the one that a dead process left."""
        self._journal, self._number = "", 0
        whole = start.whole
        if start.left is not None and whole is None:
            try:
                read = read_journal(start.left.folder / about_of(start.left.folder).journal)
                self._journal, self._number = read.header.journal, read.last
            except GridplannerError:
                whole = self._session.project
        if not self._journal and (whole is not None or start.place is not None):
            self._journal, self._number = new_id(), 0 if whole is None else 1
        changes = tuple(self._session.log)
        project = self._session.project
        self._scribe.begin(Start(self._journal, start.place, start.mark, start.left, whole, changes, project.name, project, start.claim))


def _is_there(start: Start) -> bool:
    """Return whether the file that was opened is still what is at its place."""
    if start.place is None or not start.place.is_file():
        return False
    if start.place.suffix.lower() != ".gridplan" or start.mark is None:
        return True
    with contextlib.suppress(GridplannerError, OSError):
        mark = mark_of(start.place)
        return mark is not None and mark.save_id == start.mark.save_id
    return False
