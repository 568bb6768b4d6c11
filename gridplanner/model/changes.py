"""The change log: who changed what, when, from what to what."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.project import Project

DONE, UNDONE, REDONE = "done", "undone", "redone"


@dataclass(frozen=True)
class ChangeLine:
    """One thing that became another: `what` it is (grid, units, rule, layer, setting …), which one, its field, and both values as text."""

    what: str
    ref: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One adopted change; `number` counts all of the project from 1 on, `at` is in seconds since 1970, `way` done, undone or redone.

    `words` are those of the edit in the language that was in use; clocks may go back, numbers do not.
    """

    number: int
    at: float
    who: str
    words: str
    way: str = DONE
    lines: tuple[ChangeLine, ...] = ()


def changes_between(before: Project, after: Project) -> tuple[ChangeLine, ...]:  # noqa: ARG001  (the lines follow in this issue)
    """Return what differs between two projects, for the log."""
    return ()
