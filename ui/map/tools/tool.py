"""What a map tool is: a generator that lives as long as a drag and returns the edit it amounts to."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol

from gridplanner.edits.edit import Edit
from gridplanner.model.project import Project


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is: in metres, over which unit (-1: none), Ctrl held or not, and whether the button was let go here."""

    x: float
    y: float
    unit: int
    extend: bool = False
    released: bool = False


Preview = frozenset[int]  # units to be shown as changed while the drag lasts
Drag = Generator[Preview, Pointer, Edit | None]


class Tool(Protocol):
    """Turns one drag into one edit. `drag` is sent every move of the pointer and yields what to show; Escape closes it."""

    def drag(self, project: Project, target: int | None, press: Pointer) -> Drag:
        """Start a drag at `press`; `target` is the selected grid."""
