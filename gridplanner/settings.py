"""Settings as the plan file has them: one frozen dataclass a section, checked when made."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gridplanner.code_profiles import STANDARD, profile_of
from gridplanner.duty_settings import BeatSettings as BeatSettings
from gridplanner.duty_settings import CheckpointSettings as CheckpointSettings
from gridplanner.duty_settings import RatingSettings as RatingSettings
from gridplanner.duty_settings import ResponseSettings as ResponseSettings
from gridplanner.duty_settings import StreetChiefSettings as StreetChiefSettings
from gridplanner.duty_settings import ZoneSettings as ZoneSettings
from gridplanner.export_settings import FORMATS as FORMATS
from gridplanner.export_settings import ExportSettings as ExportSettings
from gridplanner.i18n import _
from gridplanner.nearest import nearest_word
from gridplanner.patrol_settings import PatrolSettings as PatrolSettings
from gridplanner.patrol_settings import StreetWish as StreetWish
from gridplanner.patrol_settings import clock_minutes as clock_minutes
from gridplanner.rail_settings import RailBreak as RailBreak
from gridplanner.rail_settings import RailMark as RailMark
from gridplanner.rail_settings import RailPost as RailPost
from gridplanner.rail_settings import RailSettings as RailSettings
from gridplanner.rail_settings import RailShiftPlan as RailShiftPlan
from gridplanner.roster_settings import RosterCell as RosterCell
from gridplanner.roster_settings import RosterPerson as RosterPerson
from gridplanner.roster_settings import RosterSettings as RosterSettings
from gridplanner.source_settings import JoinSettings as JoinSettings
from gridplanner.source_settings import SourceSettings as SourceSettings

SOURCES = (
    "district", "communities", "households", "roads", "barriers", "railway", "stations", "rail_posts", "key_sites", "depots",
    "rail_features", "incidents", "staff", "current_grids", "estates", "exclusive", "groups", "fixed_lines", "must_stay",
    "station_areas", "indicators", "checkpoint_sites", "cordons", "roster_cells",
)  # fmt: skip


@dataclass(frozen=True)
class ProjectSettings:
    """Name, CRS (`auto` or an authority code of a projected CRS) and the seed of every random choice."""

    name: str = ""
    crs: str = "auto"
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.seed < 2**31:
            raise ValueError(_("seed is {value}; it must be a whole number from 0 to 2147483647").format(value=self.seed))


# price of a metre of a grid's boundary by what runs along it; measured on two real towns (README § Decisions)
BORDER_PRICE = {
    "arterial": 0.3, "street": 0.4, "lane": 0.7, "path": 2.0, "cut": 2.5, "railway": 0.6, "water": 0.6, "wall": 0.6, "limit": 0.3,
}  # fmt: skip
NEVER_CROSS = ("railway", "water", "wall", "arterial")


@dataclass(frozen=True)
class GridSettings:
    """How large a grid should be, what may bound and divide it, and how hard to search. Loads in households and/or persons.

    `divide_blocks` False keeps blocks whole that are heavy for a unit; `border_price` is completed from BORDER_PRICE (a lower price
    draws boundaries there); `never_cross` names kinds of borders that no grid crosses, not even over a bridge. Re-planning moves at most
    the share `max_moved` of the households, and what it changes is valid from `valid_from` (YYYY-MM-DD).
    """

    target_households: float | None = None
    target_persons: float | None = None
    tolerance: float = 0.10
    min_households: float | None = None
    max_households: float | None = None
    min_persons: float | None = None
    max_persons: float | None = None
    rural: str = ""
    effort: str = "standard"
    prove: bool = True
    max_moved: float | None = None
    valid_from: str = ""
    codes: str = STANDARD
    divide_blocks: bool = True
    border_price: Mapping[str, float] = field(default_factory=dict, hash=False)
    never_cross: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._check_borders()
        if self.effort not in {"quick", "standard", "thorough"}:
            raise ValueError(_("effort is {value}; it must be quick, standard or thorough").format(value=self.effort))
        if self.rural not in {"", "villages"}:
            raise ValueError(_("rural is {value}; it must be villages, or left out").format(value=self.rural))
        if not 0 < self.tolerance < 1:
            raise ValueError(_("tolerance is {value}; it must lie between 0 and 1, such as 0.10").format(value=self.tolerance))
        if self.max_moved is not None and not 0 <= self.max_moved <= 1:
            raise ValueError(_("max_moved is {value}; it must lie between 0 and 1, such as 0.05").format(value=self.max_moved))
        if self.valid_from:
            check_date(self.valid_from)
        profile_of(self.codes)
        for name in ("target_households", "target_persons"):
            value = getattr(self, name)
            if value is not None and not 0 < value < math.inf:
                raise ValueError(_("{name} is {value}; it must be above 0").format(name=name, value=value))
        for kind in ("households", "persons"):
            low, high = getattr(self, f"min_{kind}"), getattr(self, f"max_{kind}")
            if low is not None and high is not None and not 0 <= low < high:
                raise ValueError(_("min_{kind} {low} must be below max_{kind} {high}").format(kind=kind, low=low, high=high))
            if (low is None) != (high is None):
                self._check_one_sided(kind, low, high)

    def _check_borders(self) -> None:
        """Complete the prices of borders, or raise ValueError for one that cannot be and for a kind that there is not."""
        for name, price in self.border_price.items():
            if name not in BORDER_PRICE:
                text = _("border_price.{name} is not known; {hint}")
                raise ValueError(text.format(name=name, hint=nearest_word(name, sorted(BORDER_PRICE))))
            if not 0 < price < math.inf:
                raise ValueError(_("{name} is {value}; it must be above 0").format(name=f"border_price.{name}", value=price))
        object.__setattr__(self, "border_price", {**BORDER_PRICE, **self.border_price})
        for name in self.never_cross:
            if name not in NEVER_CROSS:
                raise ValueError(_("never_cross has {name}; {hint}").format(name=name, hint=nearest_word(name, NEVER_CROSS)))

    def _check_one_sided(self, kind: str, low: float | None, high: float | None) -> None:
        """Raise ValueError where a minimum or maximum alone leaves no band around the target, or there is no target."""
        persons = (self.target_persons, self.min_persons, self.max_persons)
        usual = 300.0 if kind == "households" and persons == (None, None, None) else None
        target = getattr(self, f"target_{kind}") or usual
        if target is None:
            text = _("a minimum or maximum of {kind} alone makes no band; give both min_{kind} and max_{kind}, or target_{kind}")
            raise ValueError(text.format(kind=kind))
        low = target * (1 - self.tolerance) if low is None else low
        high = target * (1 + self.tolerance) if high is None else high
        if not 0 <= low < high:
            text = _("the band would reach from {low:g} to {high:g} {kind}; give both min_{kind} and max_{kind}, or another target")
            raise ValueError(text.format(low=low, high=high, kind=kind))


@dataclass(frozen=True)
class StaffSettings:
    """Grid workers and what they cost."""

    workers_per_grid: float = 1.0
    monthly_wage: float = 1600.0

    def __post_init__(self) -> None:
        if not 0 <= self.workers_per_grid < math.inf:
            text = _("{name} is {value}; it must be {least} or more")
            raise ValueError(text.format(name="workers_per_grid", value=self.workers_per_grid, least=0))


@dataclass(frozen=True)
class Settings:
    """Everything a plan file can say; a section that is None was left out and its step is skipped."""

    project: ProjectSettings = field(default_factory=ProjectSettings)
    sources: Mapping[str, SourceSettings] = field(default_factory=dict)
    grids: GridSettings | None = None
    staff: StaffSettings | None = None
    beats: BeatSettings | None = None
    zones: ZoneSettings | None = None
    checkpoints: CheckpointSettings | None = None
    patrol: PatrolSettings | None = None
    rail: RailSettings | None = None
    roster: RosterSettings | None = None
    response: ResponseSettings | None = None
    rating: RatingSettings | None = None
    street_chiefs: StreetChiefSettings | None = None
    export: ExportSettings = field(default_factory=ExportSettings)


def check_date(text: str) -> None:
    """Raise ValueError for what is not a day such as 2026-03-01."""
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if day != text:
        raise ValueError(_("{text} is not a day such as 2026-03-01").format(text=text))
