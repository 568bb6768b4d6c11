"""Patrol routes: what each crew does on its way, where it drives, and the streets that all of that is said of."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from gridplanner.model.issues import Issue
from gridplanner.model.lines import NO_LINES, Bools, Floats, Ints, Lines, Texts
from gridplanner.model.places import texts

NO_ARCS: Ints = np.zeros(0, np.int64)
NO_ARCS.setflags(write=False)
DEAD = -1  # an arc that serves no call: deadheading


@dataclass(frozen=True, eq=False)
class PatrolStreets:
    """The streets of a patrol plan as they were when it was made, one row an edge of the road graph.

    An **arc** is an edge in one direction, numbered `2 * row + (1 if against the edge)`. `lines` metres; `u`, `v` (m,) the nodes where an
    edge begins and ends; `seconds` (2 m,) to drive each arc, inf where that is not allowed; `patrol` (m,) seconds to patrol along it;
    `names`, `classes` (m,) text; `zone` (m,) the id of the patrol zone an edge lies in, -1 outside all. What is wanted: `times` (m,) int32
    visits a shift, 0 where it is not required; `both` (m,) True where that is meant for each direction that may be driven.
    `banned` (b, 2) are pairs of arcs of which the second may not follow the first.
    """

    lines: Lines = NO_LINES
    u: Ints = field(default_factory=lambda: NO_ARCS)
    v: Ints = field(default_factory=lambda: NO_ARCS)
    seconds: Floats = field(default_factory=lambda: np.zeros(0))
    patrol: Floats = field(default_factory=lambda: np.zeros(0))
    names: Texts = field(default_factory=texts)
    classes: Texts = field(default_factory=texts)
    zone: Ints = field(default_factory=lambda: NO_ARCS)
    times: Ints = field(default_factory=lambda: NO_ARCS)
    both: Bools = field(default_factory=lambda: np.zeros(0, bool))
    banned: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))

    def __len__(self) -> int:
        return len(self.u)


NO_PATROL_STREETS = PatrolStreets()


@dataclass(frozen=True)
class Call:
    """One thing a crew does, in its order: `kind` street, site, via or rest.

    `arcs` are driven one after the other: patrolled (street) or merely passed (via, a way that the planner drew). `site` is the row of
    the project's key site, `turn` which of its visits in the shift this is, from 0.
    """

    kind: str
    arcs: tuple[int, ...] = ()
    site: int = -1
    turn: int = 0


@dataclass(frozen=True)
class Stop:
    """One stop of a route: `kind` depot, street, site or rest; `arrive` in clock minutes after midnight; `dwell` in minutes."""

    kind: str
    name: str
    x: float
    y: float
    arrive: float
    dwell: float


@dataclass(frozen=True, eq=False)
class Route:
    """One crew's round: `coords` (n, 2) metres in driving order, closed at the depot; lengths in metres, `minutes` in all.

    `calls` are what the crew does, in order; `arcs` what it drives, and `call_of_arc` (arcs,) the row of the call that an arc serves, DEAD
    for deadheading; `passed` (arcs + 1,) clock minutes at which each arc is begun, and at last the depot reached. `crew` counts the crews
    of a zone from 0. A `locked` route stays as it is when the rest is planned again. `outside_m` are metres driven outside the zone.
    """

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
    crew: int = 0
    calls: tuple[Call, ...] = ()
    arcs: Ints = field(default_factory=lambda: NO_ARCS)
    call_of_arc: Ints = field(default_factory=lambda: NO_ARCS)
    passed: Floats = field(default_factory=lambda: np.zeros(0))
    depot_node: int = -1
    locked: bool = False
    outside_m: float = 0.0


@dataclass(frozen=True)
class Draw:
    """Which variant a zone's crews drive on which day; days count from 0."""

    day: int
    zone: int
    variant: int


@dataclass(frozen=True)
class StreetPick:
    """A street that the planner picked by hand: the one nearest to a place on the map.

    `times` a shift, 0: it need not be patrolled although its class is; `both` sides; `weight` beside other streets' 1.
    """

    x: float
    y: float
    times: int = 1
    both: bool = False
    weight: float = 1.0


@dataclass(frozen=True, eq=False)
class PatrolPlan:
    """All routes of all variants (from 1); `made_from` is as in model/freshness.py.

    `draws` say which variant is driven when, drawn with `seed`.
    """

    routes: tuple[Route, ...]
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    streets: PatrolStreets = NO_PATROL_STREETS
    draws: tuple[Draw, ...] = ()
    seed: int = 0

    def __len__(self) -> int:
        return len(self.routes)

    @property
    def first(self) -> tuple[Route, ...]:
        """The routes of the first variant: one for each crew that goes out."""
        return tuple(route for route in self.routes if route.variant == 1)

    @property
    def variants(self) -> int:
        """How many variants there are."""
        return max((route.variant for route in self.routes), default=0)
