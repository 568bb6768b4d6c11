"""Settings of beats, patrol zones, checkpoints, response, rating and street chiefs: one frozen dataclass a section, checked when made."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from gridplanner.i18n import _
from gridplanner.nearest import nearest_word, refuse_beyond, refuse_unknown

MODES = ("car", "motorcycle", "foot")
ARTERIALS = ("motorway", "trunk", "primary", "secondary", "tertiary")
WORK = ("households", "persons", "incidents", "street_km", "key_sites", "area_km2")
# a kilometre of which streets is so many kilometres of patrol work; other classes of streets count 1, lanes and paths nothing
CLASS_WORK = {"motorway": 0.0, "trunk": 1.5, "primary": 1.5, "secondary": 1.2, "tertiary": 1.1}
# people it takes to hold a street of a class at a checkpoint, both directions
MANPOWER = {"motorway": 12.0, "trunk": 10.0, "primary": 8.0, "secondary": 6.0, "tertiary": 4.0}


@dataclass(frozen=True)
class BeatSettings:
    """How large a beat should be, in persons, and what none crosses: the whole district (`district`), or areas in it.

    `within` is district, communities, streets (street offices) or stations: the areas of police stations where a source gives them,
    else each community goes to the police station nearest to it. The number of beats of an area is the one nearest to persons ÷ target,
    unless `count` says how many there are in all (0: not said).
    """

    target_persons: float = 2500.0
    tolerance: float = 0.20
    within: str = "district"
    count: int = 0

    def __post_init__(self) -> None:
        refuse_unknown("within", self.within, ("district", "communities", "streets", "stations"))
        if not 0 < self.target_persons < math.inf:
            raise ValueError(_("{name} is {value}; it must be above 0").format(name="target_persons", value=self.target_persons))
        if not 0 < self.tolerance < 1:
            raise ValueError(_("tolerance is {value}; it must lie between 0 and 1, such as 0.10").format(value=self.tolerance))
        refuse_beyond("count", self.count, 0, 10_000)


@dataclass(frozen=True)
class ZoneSettings:
    """How many patrol zones, of what, and what counts as work there.

    `response` weighs time to reach the demand against even work: 0 balance only … 1 response only. `stations`: zones are served from
    the depots there are (fixed), from places that the plan chooses (chosen), or one or the other as there are depots (auto).
    `max_minutes` is the longest time to any place of a zone that is wished, 0 for no wish. Times are those of `mode`.
    `class_work` says how many kilometres of work a kilometre of a street class is (completed from CLASS_WORK). `streets` names the
    street offices or townships that are patrolled; empty: all of them.
    """

    count: int = 12
    units: str = "grids"
    response: float = 0.3
    workload: Mapping[str, float] = field(
        default_factory=lambda: {"households": 1.0, "incidents": 5.0, "street_km": 10.0, "key_sites": 20.0}
    )
    stations: str = "auto"
    max_minutes: float = 0.0
    mode: str = "car"
    class_work: Mapping[str, float] = field(default_factory=dict, hash=False)
    streets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(_("count is {value}; it must be 1 or more").format(value=self.count))
        if self.units not in {"grids", "beats", "blocks"}:
            raise ValueError(_("units is {value}; it must be grids, beats or blocks").format(value=self.units))
        for name, price in self.workload.items():
            if name not in WORK:
                raise ValueError(_("workload.{name} is not known; {hint}").format(name=name, hint=nearest_word(name, sorted(WORK))))
            refuse_beyond(f"workload.{name}", price, 0, 1e9)
        refuse_beyond("response", self.response, 0, 1)
        refuse_beyond("max_minutes", self.max_minutes, 0, 10_000)
        refuse_unknown("stations", self.stations, ("auto", "fixed", "chosen"))
        refuse_unknown("mode", self.mode, MODES)
        for name, price in self.class_work.items():
            refuse_beyond(f"class_work.{name}", price, 0, 1e6)
        object.__setattr__(self, "class_work", {**CLASS_WORK, **self.class_work})


@dataclass(frozen=True)
class CheckpointSettings:
    """How many checkpoints at most, on which classes of streets, and what flow they should see.

    `count` is for the district's boundary; drawn cordons have counts of their own. `through` is the weight of through traffic against
    outbound traffic (1: only through). `depth_m` is how far behind the boundary a place may be moved to close it with fewer
    leaks, and with as few leaks fewer people; `manpower` says how many people a street class takes (completed from MANPOWER).
    """

    count: int = 18
    classes: tuple[str, ...] = ARTERIALS
    through: float = 0.5
    depth_m: float = 0.0
    manpower: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        refuse_beyond("count", self.count, 1, 10_000)
        refuse_beyond("through", self.through, 0, 1)
        refuse_beyond("depth_m", self.depth_m, 0, 50_000)
        if not self.classes:
            raise ValueError(_("classes is empty; name the classes of streets that a checkpoint may hold, such as primary"))
        for name, people in self.manpower.items():
            refuse_beyond(f"manpower.{name}", people, 0.01, 10_000)
        object.__setattr__(self, "manpower", {**MANPOWER, **self.manpower})


@dataclass(frozen=True)
class ResponseSettings:
    """Rings of reach in minutes, from the depots (`posts`), or from what the patrol zones are served from (`zones`)."""

    minutes: tuple[float, ...] = (1, 3, 5)
    posts: str = "depots"
    mode: str = "car"

    def __post_init__(self) -> None:
        refuse_unknown("posts", self.posts, ("depots", "zones"))
        refuse_unknown("mode", self.mode, MODES)
        rising = all(one < next_one for one, next_one in itertools.pairwise((0, *self.minutes)))  # NaN is not above anything
        if not self.minutes or not rising or self.minutes[-1] > 600:
            text = _("minutes is {value}; it must be rising numbers above 0, such as [1, 3, 5]")
            raise ValueError(text.format(value=list(self.minutes)))


@dataclass(frozen=True)
class RatingSettings:
    """The five-colour map: of which month (empty: the latest), of which areas, and how counts become a colour.

    `per` is stations, beats or zones. `weights` are those of the four indicators as the source names them and of `satisfaction`
    (left out: 1 each). With `method` percentile an area's score is its weighted mean rank among the areas of its month; with absolute
    it is the weighted mean of each count ÷ its value in `limits`, and of (100 − satisfaction) ÷ (100 − limits.satisfaction).
    `thresholds` are the four scores at which the next colour begins. Counts below `suppress_below` are neither shown nor exported.
    """

    month: str = ""
    per: str = "stations"
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    method: str = "percentile"
    limits: Mapping[str, float] = field(default_factory=dict, hash=False)
    thresholds: tuple[float, ...] = (0.2, 0.4, 0.6, 0.8)
    suppress_below: int = 0

    def __post_init__(self) -> None:
        refuse_unknown("per", self.per, ("stations", "beats", "zones"))
        refuse_unknown("method", self.method, ("percentile", "absolute"))
        if self.month:
            check_month(self.month)
        rising = all(one <= next_one for one, next_one in itertools.pairwise(self.thresholds))
        if len(self.thresholds) != 4 or not rising or not all(map(math.isfinite, self.thresholds)):
            text = _("thresholds is {value}; it must be four rising numbers, such as [0.2, 0.4, 0.6, 0.8]")
            raise ValueError(text.format(value=list(self.thresholds)))
        for name, value in (*self.weights.items(), *self.limits.items()):
            if not 0 <= value < math.inf:
                raise ValueError(_("{name} is {value}; it must be {least} or more").format(name=name, value=value, least=0))
        refuse_beyond("suppress_below", self.suppress_below, 0, 1_000)


@dataclass(frozen=True)
class StreetChiefSettings:
    """Stretches of streets with a chief each: how long, of which streets, and what counts as work along them beside their length.

    `workload` weighs 100 households and a key site beside the street, and an incident, in kilometres. `count` is how many stretches
    there are in all (0: as `length_km` gives).
    """

    length_km: float = 1.5
    count: int = 0
    classes: tuple[str, ...] = ("primary", "secondary", "tertiary", "residential", "unclassified", "living_street")
    workload: Mapping[str, float] = field(default_factory=lambda: {"households": 0.1, "key_sites": 0.2, "incidents": 0.05})

    def __post_init__(self) -> None:
        refuse_beyond("length_km", self.length_km, 0.05, 1_000)
        refuse_beyond("count", self.count, 0, 100_000)
        known = ("households", "key_sites", "incidents")
        for name, price in self.workload.items():
            if name not in known:
                raise ValueError(_("workload.{name} is not known; {hint}").format(name=name, hint=nearest_word(name, known)))
            refuse_beyond(f"workload.{name}", price, 0, 1e6)


def check_month(text: str) -> None:
    """Raise ValueError for what is not a month such as 2026-03."""
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and year.isdecimal() and len(month) == 2 and month.isdecimal() and 1 <= int(month) <= 12):
        raise ValueError(_("{text} is not a month such as 2026-03").format(text=text))
