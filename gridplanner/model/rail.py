"""Rail lines as measured lines, the work along them, and the guard segments that tile them.

A place on a line is a row of `RailPlan.lines` and metres `along` the line as it is drawn; a chainage is what a mileage system reads there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.mileage import Mileage, plain_mileage
from gridplanner.model.places import texts

_F, _I, _XY = np.zeros(0), np.zeros(0, np.int64), np.empty((0, 2))


@dataclass(frozen=True, eq=False)
class RailLine:
    """One assembled line: `coords` (n, 2) metres; `start` is the chainage of its first point in metres.

    `mileages` are its mileage systems, the first the one in which segments are told; empty: `start` and the drawn metres.
    """

    name: str
    coords: Floats
    start: float = 0.0
    mileages: tuple[Mileage, ...] = ()

    @property
    def mileage(self) -> Mileage:
        """The mileage system in which segments are told."""
        length = float(np.hypot(*np.diff(self.coords, axis=0).T).sum())
        return self.mileages[0] if self.mileages else plain_mileage(length, self.start)


@dataclass(frozen=True, eq=False)
class RailFeatures:
    """What makes work along the lines, one row a thing: on `line` (n,) from `low` to `high` metres along it (equal: at one place).

    `kinds` (n,) is a word of RAIL_KINDS, `names` text, `amount` (n,) how much of its kind: crossings, stations and schools 1, bridges,
    tunnels and fences km, settlements hundreds of households, history counts, slope its excess in km × ‰ ÷ 10.
    """

    line: Ints
    low: Floats
    high: Floats
    kinds: Texts
    names: Texts
    amount: Floats

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, eq=False)
class RailProfile:
    """The work along the lines in atoms, by line and rising along it; atoms of a line touch and reach from end to end.

    `line`, `low`, `high` (n,); `work` (n, k) km-equivalents of each of the `kinds`; a segment may begin at `low` where `open` (n,), is
    better there by `wish` (n,), and must where `wall` (n,). `access_s` (n,) seconds from the base `base` (n,) (row of RailPlan.bases, -1:
    none) to the atom, by road and then along the line, inf where there is no way; `gate` (n,) the row of RailPlan.gates walked from, -1.
    `amount` (n, k) is how much of each kind there is, as in RailFeatures, so that it can be weighed anew (`rail_weights.weighted`).
    `seconds` (n, b) are those from each base, `through` (n, b) the gate walked from then, -1.
    """

    line: Ints
    low: Floats
    high: Floats
    kinds: tuple[str, ...]
    work: Floats
    open: Bools
    wish: Floats
    wall: Bools
    access_s: Floats = field(default_factory=lambda: _F)
    base: Ints = field(default_factory=lambda: _I)
    gate: Ints = field(default_factory=lambda: _I)
    amount: Floats = field(default_factory=lambda: np.empty((0, 0)))
    seconds: Floats = field(default_factory=lambda: np.empty((0, 0)))
    through: Ints = field(default_factory=lambda: np.empty((0, 0), np.int64))

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True, eq=False)
class RailPlaces:
    """Bases or entry points of the line: `xy` (n, 2), `names` (n,), `line` (n,) and `along` (n,) of the nearest place on a line."""

    xy: Floats
    names: Texts
    line: Ints
    along: Floats

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True, eq=False)
class RailRound:
    """How a guard patrols a segment: `mode` foot, motorcycle or car, one round of `minutes` there and back, `times` a shift.

    `starts` are the minutes of the shift at which a round begins, `meets` are (minute of the shift, metres along, code of the neighbour)
    at which two neighbours meet at their common end; `guards` go together, two where a double guard is required.
    """

    mode: str
    minutes: float
    times: int
    starts: tuple[float, ...] = ()
    meets: tuple[tuple[float, float, str], ...] = ()
    guards: int = 1


@dataclass(frozen=True, eq=False)
class RailSegment:
    """A guard segment: chainages `start` and `stop` in metres on `line` (row), the squad and the guard responsible.

    `low` and `high` are its metres along the drawn line (the truth; the chainages are read off them), `plan` the plan it belongs to (day,
    night, …). `base` is the name of the base it is reached from in `access_s` seconds over the entry point `gate` (row, -1: none).
    `locked` segments stay; `post` is the name of the fixed post that it is, else empty.
    """

    code: str
    line: int
    squad: int
    guard: int
    start: float
    stop: float
    workload: float
    coords: Floats
    low: float = 0.0
    high: float = 0.0
    plan: str = "day"
    base: str = ""
    access_s: float = float("nan")
    gate: int = -1
    locked: bool = False
    post: str = ""
    round: RailRound | None = None


@dataclass(frozen=True)
class RailProof:
    """How good the division of one plan is: its heaviest work, the least that is possible (`bound`), status optimal, gap or by hand."""

    plan: str
    value: float
    bound: float
    status: str
    mean: float = 0.0


@dataclass(frozen=True, eq=False)
class RailCorridor:
    """What lies within the corridor of each segment (rows of RailPlan.segments, first plan): `polygons` (n,), counts (n,), no overlap."""

    polygons: Texts
    codes: Texts
    households: Floats
    persons: Floats
    villages: Ints
    schools: Ints
    village_names: Texts


NO_FEATURES = RailFeatures(_I, _F, _F, texts(), texts(), _F)
NO_PLACES = RailPlaces(_XY, texts(), _I, _F)
NO_PROFILE = RailProfile(_I, _F, _F, (), np.empty((0, 0)), np.zeros(0, bool), _F, np.zeros(0, bool), _F, _I, _I)
NO_CORRIDOR = RailCorridor(texts(), texts(), _F, _F, _I, _I, texts())


@dataclass(frozen=True, eq=False)
class RailPlan:
    """Segments in line order, plan after plan; `made_from` is as in model/freshness.py.

    `weights` are those of a plan that has its own (the night), one for each of the profile's kinds; the profile's work is of the others.
    `squad_bases` are the bases (rows, -1: none) from which the squads of a plan set out, squad 1 first.
    """

    lines: tuple[RailLine, ...]
    segments: tuple[RailSegment, ...]
    plan: str = "day"
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    features: RailFeatures = NO_FEATURES
    profile: RailProfile = NO_PROFILE
    bases: RailPlaces = NO_PLACES
    gates: RailPlaces = NO_PLACES
    proofs: tuple[RailProof, ...] = ()
    corridor: RailCorridor = NO_CORRIDOR
    weights: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    squad_bases: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.segments)

    @property
    def plans(self) -> tuple[str, ...]:
        """The names of its plans (day, night, …) in their order."""
        return tuple(dict.fromkeys(segment.plan for segment in self.segments))

    def of_plan(self, name: str) -> tuple[int, ...]:
        """Return the rows of the segments of one plan, in line order."""
        return tuple(row for row, segment in enumerate(self.segments) if segment.plan == name)
