"""Patrol routes: where a crew drives, in driving order, and where it stops."""

from __future__ import annotations

from dataclasses import dataclass

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats


@dataclass(frozen=True)
class Stop:
    """One stop of a route: `kind` depot, street or site; `arrive` in clock minutes after midnight; `dwell` in minutes."""

    kind: str
    name: str
    x: float
    y: float
    arrive: float
    dwell: float


@dataclass(frozen=True, eq=False)
class Route:
    """One crew's round: `coords` (n, 2) metres in driving order, closed at the depot; lengths in metres, `minutes` in all."""

    code: str
    zone: int
    depot: str
    variant: int
    shift: str
    coords: Floats
    minutes: float
    required_m: float
    dead_m: float
    sites: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True, eq=False)
class PatrolPlan:
    """All routes; `made_from` is as in model/freshness.py."""

    routes: tuple[Route, ...]
    issues: tuple[Issue, ...] = ()
    made_from: str = ""

    def __len__(self) -> int:
        return len(self.routes)
