"""Undo and redo by keeping the earlier projects: no inverse code, so no inverse bugs."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.project import Project

DEPTH = 200


@dataclass(frozen=True)
class Step:
    """A project and the words of the edit that led to it."""

    project: Project
    words: str


@dataclass(frozen=True)
class History:
    """What was, what is and what was undone; projects share all that an edit left alone."""

    past: tuple[Step, ...]
    present: Step
    future: tuple[Step, ...] = ()

    def record(self, project: Project, words: str) -> History:
        """Return the history after an edit; what had been undone is forgotten."""
        return History((*self.past, self.present)[-DEPTH:], Step(project, words))

    def undone(self) -> History:
        """Return the history one step back, or itself at the beginning."""
        if not self.past:
            return self
        return History(self.past[:-1], self.past[-1], (self.present, *self.future))

    def redone(self) -> History:
        """Return the history one step forward, or itself at the end."""
        if not self.future:
            return self
        return History((*self.past, self.present), self.future[0], self.future[1:])
