"""Settings of railway protection: which line, how many guards, what counts as work, where a segment may end, how it is reached."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplanner.duty_settings import MODES
from gridplanner.i18n import _
from gridplanner.nearest import nearest_word, refuse_beyond, refuse_unknown

# km-equivalents: per km of line, crossing, km of bridge or tunnel, station, 100 households in the corridor, school, km of slope above
# the limit × 10 ‰, km of line without a fence, counted case
RAIL_WEIGHTS = {
    "length": 1.0, "crossing": 0.3, "bridge": 0.5, "tunnel": 0.5, "station": 0.0, "settlement": 0.4, "school": 0.0, "slope": 0.0,
    "fence": 0.0, "history": 0.0,
}  # fmt: skip
BREAK_PLACES = ("station", "tunnel", "bridge", "limit", "crossing", "post", "gate")  # where a segment may be wished or forbidden to end


@dataclass(frozen=True)
class RailBreak:
    """A broken chain: the place that reads `at` along the line behind it reads `equals` ahead; of the line named, else any."""

    at: str
    equals: str
    line: str = ""
    track: str = ""

    def __post_init__(self) -> None:
        refuse_unknown("breaks.track", self.track, ("", "up", "down"))


@dataclass(frozen=True)
class RailMark:
    """A place whose chainage is known: a station by `name`, or a place by `x` and `y` in the project CRS."""

    chainage: str
    name: str = ""
    x: float | None = None
    y: float | None = None
    line: str = ""
    track: str = ""

    def __post_init__(self) -> None:
        if not self.name and (self.x is None or self.y is None):
            raise ValueError(_("marks: {chainage} needs the name of a station, or x and y").format(chainage=self.chainage))
        refuse_unknown("marks.track", self.track, ("", "up", "down"))


@dataclass(frozen=True)
class RailPost:
    """A fixed post that has its own segment, such as a tunnel: from `start` to `stop` (chainages), with so many `guards`."""

    start: str
    stop: str
    name: str = ""
    guards: int = 1
    line: str = ""

    def __post_init__(self) -> None:
        refuse_beyond("posts.guards", self.guards, 1, 100)


@dataclass(frozen=True)
class RailShiftPlan:
    """A plan of its own, such as that of the night: its guards, squads (0: as the section says) and weights where they differ."""

    name: str
    guards: int = 0
    squads: int = 0
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError(_("plans: name is missing"))
        _check_weights(self.weights)


@dataclass(frozen=True)
class RailSettings:
    """Which part of which line is guarded, by how many, and what counts as work (km-equivalents).

    `guards` is the total of all squads, `squad_guards` how many each squad has where they differ. `weights` is completed from
    RAIL_WEIGHTS; `corridor_m` on each side is what counts for settlements and schools; slope counts above `slope_limit` ‰.

    Segments end at multiples of `atom_m` and at what lies between; they are drawn to places of `prefer` and never end within those of
    `forbid`, `walls` are limits that none crosses; `min_km` and `max_km` bound their length (0: no limit). `posts` have their own.

    A segment is reached from its squad's base: by road with `mode`, then along the line at `walk_kmh`; `access_weight` is the
    km-equivalents of an hour on the way, `max_access_min` the longest wished (0: none). `gate_m` is how near a road must come to the
    line to be an entry point.

    `patrol_mode`, `patrol_kmh`, `rounds` a shift of `shift_hours`, `double` names kinds of things whose segment is guarded by two.
    """

    start: str = ""
    stop: str = ""
    squads: int = 1
    guards: int = 1
    weights: Mapping[str, float] = field(default_factory=lambda: dict(RAIL_WEIGHTS), hash=False)
    breaks: tuple[RailBreak, ...] = ()
    line: str = ""
    squad_guards: tuple[int, ...] = ()
    plans: tuple[RailShiftPlan, ...] = ()
    marks: tuple[RailMark, ...] = ()
    posts: tuple[RailPost, ...] = ()
    prefix: str = "K"
    corridor_m: float = 2500.0
    slope_limit: float = 6.0
    atom_m: float = 50.0
    prefer: tuple[str, ...] = ("station", "tunnel", "limit")
    forbid: tuple[str, ...] = ("tunnel", "bridge")
    walls: tuple[str, ...] = ()
    min_km: float = 0.0
    max_km: float = 0.0
    mode: str = "car"
    walk_kmh: float = 4.0
    gate_m: float = 50.0
    access_weight: float = 0.0
    max_access_min: float = 0.0
    patrol_mode: str = "foot"
    patrol_kmh: float = 4.0
    rounds: int = 2
    shift_hours: float = 8.0
    double: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.squad_guards and (
            min(self.squad_guards) < 1 or sum(self.squad_guards) != self.guards or len(self.squad_guards) != self.squads
        ):
            text = _("squad_guards {each} must be one number for each of {squads} squads, and {guards} together")
            raise ValueError(text.format(each=list(self.squad_guards), squads=self.squads, guards=self.guards))
        if self.squads < 1 or self.guards < self.squads:
            raise ValueError(
                _("{guards} guards cannot fill {squads} squads; guards is the total").format(guards=self.guards, squads=self.squads)
            )
        _check_weights(self.weights)
        object.__setattr__(self, "weights", {**RAIL_WEIGHTS, **self.weights})
        for name in ("prefer", "forbid", "walls"):
            for word in getattr(self, name):
                refuse_unknown(name, word, BREAK_PLACES)
        for word in self.double:
            refuse_unknown("double", word, (*RAIL_WEIGHTS, "limit"))
        for name in ("mode", "patrol_mode"):
            refuse_unknown(name, getattr(self, name), MODES)
        for name, least, most in _LIMITS:
            refuse_beyond(name, getattr(self, name), least, most)
        if 0 < self.max_km < self.min_km:
            raise ValueError(_("min_km {low} must be below max_km {high}").format(low=self.min_km, high=self.max_km))


_LIMITS = (
    ("corridor_m", 1, 50_000), ("slope_limit", 0, 100), ("atom_m", 1, 5000), ("min_km", 0, 10_000), ("max_km", 0, 10_000),
    ("walk_kmh", 0.1, 30), ("gate_m", 0, 5000), ("access_weight", 0, 1000), ("max_access_min", 0, 1440), ("patrol_kmh", 0.1, 200),
    ("rounds", 0, 100), ("shift_hours", 0.5, 24),
)  # fmt: skip


def _check_weights(weights: Mapping[str, float]) -> None:
    for name, weight in weights.items():
        if name not in RAIL_WEIGHTS:
            raise ValueError(_("weights.{name} is not known; {hint}").format(name=name, hint=nearest_word(name, sorted(RAIL_WEIGHTS))))
        if not 0 <= weight < math.inf:
            raise ValueError(_("{name} is {value}; it must be {least} or more").format(name=f"weights.{name}", value=weight, least=0))
