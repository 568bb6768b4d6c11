"""One open project: its history, the one door for every change, and the one signal."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from gridplanner.edits.edit import Edit
from gridplanner.edits.history import History, Step
from gridplanner.model.changes import DONE, REDONE, UNDONE, Change, changes_between
from gridplanner.model.project import Project
from gridplanner.who import who

Listener = Callable[[Project, Project], None]


class Session:
    """A project being worked on. Listeners are called with (before, after) at every change, undo and redo included.

    `log` are all changes of the project, those that came with its file first; `opened` counts the projects opened so far, so that a
    listener can tell a change of the project from another project; `earlier` is the part of the log that came with the last one.
    """

    def __init__(self, project: Project) -> None:
        self._history = History((), Step(project, "", at=time.time()))
        self._listeners: list[Listener] = []
        self.saved: Project | None = None
        self.log: list[Change] = []
        self.earlier: tuple[Change, ...] = ()
        self.opened = 0

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._history.present.project

    @property
    def history(self) -> History:
        """Past, present and future."""
        return self._history

    @property
    def is_saved(self) -> bool:
        """True where the project as it is now is on disk."""
        return self.saved is self.project

    def listen(self, listener: Listener) -> None:
        """Call `listener(before, after)` at every change from now on."""
        self._listeners.append(listener)

    def do(self, edit: Edit) -> None:
        """Apply an edit; raises EditRejected and changes nothing where it would corrupt the project."""
        words = edit.words
        self._move_to(self._history.record(edit.apply(self.project), words, time.time()), words, DONE)

    def undo(self) -> None:
        """Go one step back."""
        self.travel(-1)

    def redo(self) -> None:
        """Go one step forward."""
        self.travel(1)

    def travel(self, steps: int) -> None:
        """Go some steps forward, or back below zero, at once: listeners hear of one change."""
        before, after = self._history, self._history.moved(steps)
        words = (after if steps > 0 else before).present.words  # of the last step made again, or of the one taken back
        self._move_to(after, words, REDONE if steps > 0 else UNDONE)

    def open(self, project: Project, *, saved: bool, log: Sequence[Change] = ()) -> None:
        """Work on another project from now on, with a fresh history and the log that came with it."""
        if saved:
            self.saved = project
        self.log, self.earlier = list(log), tuple(log)
        self.opened += 1
        before, self._history = self.project, History((), Step(project, "", at=time.time()))
        self._tell(before)

    def mark_saved(self, project: Project) -> None:
        """Take note that `project` is on disk."""
        self.saved = project

    def _move_to(self, history: History, words: str, way: str) -> None:
        before, self._history = self.project, history
        if before is not self.project:
            number = self.log[-1].number + 1 if self.log else 1
            self.log.append(Change(number, time.time(), who(), words, way, changes_between(before, self.project)))
        self._tell(before)

    def _tell(self, before: Project) -> None:
        if before is not self.project:
            for listener in self._listeners:
                listener(before, self.project)
