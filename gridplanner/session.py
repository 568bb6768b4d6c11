"""One open project: its history, the one door for every change, and the one signal."""

from __future__ import annotations

import time
from collections.abc import Callable

from gridplanner.edits.edit import Edit
from gridplanner.edits.history import History, Step
from gridplanner.model.project import Project

Listener = Callable[[Project, Project], None]


class Session:
    """A project being worked on. Listeners are called with (before, after) at every change, undo and redo included."""

    def __init__(self, project: Project) -> None:
        self._history = History((), Step(project, "", at=time.time()))
        self._listeners: list[Listener] = []
        self.saved: Project | None = None

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
        self._move_to(self._history.record(edit.apply(self.project), edit.words, time.time()))

    def undo(self) -> None:
        """Go one step back."""
        self._move_to(self._history.undone())

    def redo(self) -> None:
        """Go one step forward."""
        self._move_to(self._history.redone())

    def travel(self, steps: int) -> None:
        """Go some steps forward, or back below zero, at once: listeners hear of one change."""
        self._move_to(self._history.moved(steps))

    def open(self, project: Project, *, saved: bool) -> None:
        """Work on another project from now on, with a fresh history."""
        if saved:
            self.saved = project
        self._move_to(History((), Step(project, "", at=time.time())))

    def mark_saved(self, project: Project) -> None:
        """Take note that `project` is on disk."""
        self.saved = project

    def _move_to(self, history: History) -> None:
        before, self._history = self.project, history
        if before is not self.project:
            for listener in self._listeners:
                listener(before, self.project)
