"""Rail lines as measured lines, and the guard segments that tile them."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats


@dataclass(frozen=True, eq=False)
class RailLine:
    """One assembled line from its western end: `coords` (n, 2) metres; `start` is the chainage of its first point in metres."""

    name: str
    coords: Floats
    start: float = 0.0


@dataclass(frozen=True, eq=False)
class RailSegment:
    """A guard segment: chainages `start` and `stop` in metres on `line` (row), the squad and the guard responsible."""

    code: str
    line: int
    squad: int
    guard: int
    start: float
    stop: float
    workload: float
    coords: Floats


@dataclass(frozen=True, eq=False)
class RailPlan:
    """Segments in line order; `made_from` is as in model/freshness.py."""

    lines: tuple[RailLine, ...]
    segments: tuple[RailSegment, ...]
    plan: str = "day"
    issues: tuple[Issue, ...] = ()
    made_from: str = ""

    def __len__(self) -> int:
        return len(self.segments)
