"""Undo and redo by keeping the earlier projects: no inverse code, so no inverse bugs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.model.project import Project

DEPTH = 200  # steps back at most
KEPT = 100  # steps back that are always possible, however much they hold
ROOM = 256 * 2**20  # bytes that all steps may hold together before the oldest beyond KEPT are forgotten
_ENTRY = 100  # bytes of an entry of a mapping, about


@dataclass(frozen=True)
class Step:
    """A project and the words of the edit that led to it; `number` counts the edits since the project was opened.

    `at` is when it was made, in seconds since 1970, 0 where nobody said; `weight` the bytes it holds that the step before did not.
    """

    project: Project
    words: str
    number: int = 0
    at: float = 0.0
    weight: int = 0


@dataclass(frozen=True)
class History:
    """What was, what is and what was undone; projects share all that an edit left alone."""

    past: tuple[Step, ...]
    present: Step
    future: tuple[Step, ...] = ()

    def record(self, project: Project, words: str, at: float = 0.0) -> History:
        """Return the history after an edit; what had been undone is forgotten, and the oldest steps where there are too many."""
        past = (*self.past, self.present)[-DEPTH:]
        step = Step(project, words, self.present.number + 1, at, fresh_bytes(self.present.project, project))
        held = step.weight + sum(part.weight for part in past)
        first = 0
        while held > ROOM and len(past) - first > KEPT:
            held -= past[first].weight
            first += 1
        return History(past[first:], step)

    def undone(self) -> History:
        """Return the history one step back, or itself at the beginning."""
        return self.moved(-1)

    def redone(self) -> History:
        """Return the history one step forward, or itself at the end."""
        return self.moved(1)

    def moved(self, steps: int) -> History:
        """Return the history some steps forward, or back below zero, as far as it goes."""
        steps = max(-len(self.past), min(len(self.future), steps))
        if not steps:
            return self
        every = (*self.past, self.present, *self.future)
        here = len(self.past) + steps
        return History(every[:here], every[here], every[here + 1 :])


def fresh_bytes(before: Project, after: Project) -> int:
    """Return about how many bytes a project holds that the one before does not: arrays and mappings compared by identity."""
    return _fresh(before, after)


def _fresh(before: object, after: object) -> int:
    if after is before:
        return 0
    if isinstance(after, np.ndarray):
        return after.nbytes
    if isinstance(after, Mapping):
        return _ENTRY * len(after)
    if dataclasses.is_dataclass(after) and not isinstance(after, type):
        names = [part.name for part in dataclasses.fields(after)]
        return sum(_fresh(getattr(before, name, None), getattr(after, name)) for name in names)
    if isinstance(after, tuple):
        known = {id(part) for part in before} if isinstance(before, tuple) else set()
        return sum(_ENTRY for part in after if id(part) not in known)
    return 0
