"""Settings of patrols: crews and shifts, what they must drive, visit and cover, and how routes should look."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplanner.duty_settings import MODES
from gridplanner.i18n import _
from gridplanner.nearest import refuse_beyond, refuse_unknown


@dataclass(frozen=True)
class StreetWish:
    """Streets that are to be patrolled whatever their class, by name: `times` a shift (0: not at all), `both_sides`, `weight`."""

    name: str
    times: int = 1
    both_sides: bool = False
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError(_("streets: name is missing"))
        refuse_beyond("streets.times", self.times, 0, 48)
        refuse_beyond("streets.weight", self.weight, 0.001, 1000)


@dataclass(frozen=True)
class PatrolSettings:
    """Crews, shifts and what they must drive or walk.

    Crews: `crews_per_zone`, each with a shift of `shift_minutes` that begins at one of `starts` in turn, `max_overtime_min`, and a break of
    `break_minutes` that begins between the two clock times of `break_between`. `mode` is car, motorcycle or foot.

    Streets: those of `required_classes`, as often a shift as `times` says of their class (1), with the weight of their class in `weights`
    (1) that decides who is left out where time is short; `both_sides` for all; `streets` names others. No street may wait longer than
    `revisit_minutes` while crews are out (0: no such wish).

    Sites: their own visits, dwell and hours; two visits begin `min_gap_minutes` apart at least.

    Areas: the share `cover_share` of a zone's street kilometres lies within `cover_m` of the zone's routes, along the streets (0: no such
    wish).

    Zones: with `zone` hard a route leaves its zone only between it and its depot, with soft where that saves twice the time.
    Routes of one zone take about as long: the longest at most `balance` times the mean (0: as it comes), for at most the share
    `balance_travel` more driving. `compact` 0 … 1 is how much crews keep out of each other's streets.

    `variants` plans of about equal length with little overlap, one drawn for each of `days`; each may be `variant_travel` longer. A
    place has been seen when a patrol came within `seen_m` between the clock times of `seen_between`.
    """

    crews_per_zone: int = 1
    shift_minutes: float = 240.0
    starts: tuple[str, ...] = ("08:00",)
    max_overtime_min: float = 0.0
    mode: str = "car"
    required_classes: tuple[str, ...] = ("primary", "secondary", "tertiary")
    both_sides: bool = False
    variants: int = 1
    zone: str = "hard"
    break_minutes: float = 0.0
    break_between: tuple[str, ...] = ("11:00", "14:00")
    times: Mapping[str, int] = field(default_factory=dict, hash=False)
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    streets: tuple[StreetWish, ...] = ()
    revisit_minutes: float = 0.0
    min_gap_minutes: float = 0.0
    cover_share: float = 0.0
    cover_m: float = 300.0
    balance: float = 1.02
    balance_travel: float = 0.15
    compact: float = 0.0
    variant_travel: float = 0.10
    days: int = 7
    seen_m: float = 1000.0
    seen_between: tuple[str, ...] = ("08:00", "20:00")

    def __post_init__(self) -> None:
        refuse_unknown("mode", self.mode, MODES)
        refuse_unknown("zone", self.zone, ("hard", "soft"))
        for name in ("shift_minutes", "cover_m", "seen_m"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(_("{name} is {value}; it must be above 0").format(name=name, value=getattr(self, name)))
        for name, least, most in _LIMITS:
            refuse_beyond(name, getattr(self, name), least, most)
        if 0 < self.balance < 1:
            raise ValueError(_("balance is {value}; it must be 1 or more, such as 1.02, or 0 for none").format(value=self.balance))
        if self.break_minutes >= self.shift_minutes:
            text = _("break_minutes is {value}; a break must be shorter than the shift of {shift:g} minutes")
            raise ValueError(text.format(value=self.break_minutes, shift=self.shift_minutes))
        for name, times in self.times.items():
            refuse_beyond(f"times.{name}", times, 0, 48)
        for name, weight in self.weights.items():
            refuse_beyond(f"weights.{name}", weight, 0.001, 1000)
        if not self.starts:
            raise ValueError(_("starts is empty; give the clock of one shift at least, such as 08:00"))
        for name in ("break_between", "seen_between"):
            if len(getattr(self, name)) != 2:
                text = _('{name} has {n} times; give two clock times, such as ["11:00", "14:00"]')
                raise ValueError(text.format(name=name, n=len(getattr(self, name))))
        for clock in (*self.starts, *self.break_between, *self.seen_between):
            clock_minutes(clock)


_LIMITS = (
    ("crews_per_zone", 1, 1000), ("max_overtime_min", 0, 1440), ("variants", 1, 200), ("break_minutes", 0, 600),
    ("revisit_minutes", 0, 1440), ("min_gap_minutes", 0, 1440), ("cover_share", 0, 1), ("balance", 0, 10),
    ("balance_travel", 0, 10), ("compact", 0, 1), ("variant_travel", 0, 10), ("days", 1, 366),
)  # fmt: skip


def clock_minutes(text: str) -> float:
    """Return minutes after midnight of a clock time such as 08:00; raises ValueError for anything else."""
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60 and 60 * int(hours) + int(minutes) <= 1440):
        raise ValueError(_("{text} is not a clock time such as 08:00").format(text=text))
    return 60.0 * int(hours) + int(minutes)
