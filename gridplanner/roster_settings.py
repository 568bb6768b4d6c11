"""Settings of the roster: shifts, how many people each needs, the rules that a roster keeps and the wishes that it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gridplanner.i18n import _
from gridplanner.nearest import refuse_beyond, refuse_unknown

GROUPS = ("rail", "patrol", "volunteers")
# price of each kind of penalty: a person short, one too many, an hour of unfairness, a night or weekend of unfairness, a wish not met,
# one cell changed, a single day on or off
ROSTER_WEIGHTS = {
    "short": 1000.0, "over": 50.0, "hours": 1.0, "nights": 10.0, "weekends": 10.0,
    "wish": 5.0, "change": 20.0, "single": 2.0, "points": 1.0,
}  # fmt: skip


@dataclass(frozen=True)
class RosterPerson:
    """A person as the roster knows one: a `code` such as 1-03, its squad or zone, its skills; hours and points that it brings."""

    code: str
    squad: str = ""
    skills: tuple[str, ...] = ()
    max_hours: float = 0.0  # a week, 0: as the section says
    hours: float = 0.0  # worked before the first day, for the ledger
    points: float = 0.0

    def __post_init__(self) -> None:
        if not self.code:
            raise ValueError(_("people: code is missing"))


@dataclass(frozen=True)
class RosterCell:
    """What a person wishes or has fixed on some days (YYYY-MM-DD … `until`): `kind` leave, fixed, want, avoid; `shift`, `off` or empty."""

    person: str
    day: str
    kind: str = "leave"
    shift: str = ""
    until: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        refuse_unknown("cells.kind", self.kind, ("leave", "fixed", "want", "avoid"))
        for text in (self.day, *((self.until,) if self.until else ())):
            try:
                date.fromisoformat(text)
            except ValueError:
                raise ValueError(_("{text} is not a day such as 2026-03-01").format(text=text)) from None


@dataclass(frozen=True)
class RosterSettings:
    """Who is on duty when.

    `group` says whom it is for: rail (squads and guards of the rail plan), patrol (crews of the zones) or volunteers (`people`). From
    `start` (YYYY-MM-DD; empty: the Monday after the plan is made) over `days`; `shifts` name → clock hours from, to (to may be past 24 or
    at most from: the next day). `demand` is how many people each shift needs on each day: per squad or zone, with `per` segment or route
    for each of them; `weekend_demand` where it differs on Saturdays and Sundays. `skill_demand` shift → skill → people.

    Rules: `rest_hours` between two shifts, `max_hours_week` in any week (Monday to Sunday) as a mean over the cycle too, `max_run` days on
    duty and `max_nights` nights in a row, `min_off_run` days off in a row at least, `max_weekends` in the cycle (0: none); `pair_shifts`
    are never worked alone in a squad. `people` (empty: one per guard or crew, named as their segment or route) and `cells` of theirs.
    Wishes: `weights` completed from ROSTER_WEIGHTS; `points` an hour of each shift brings, for the ledger of volunteers.
    """

    start: str = ""
    days: int = 7
    shifts: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {"early": (8, 16), "late": (16, 24), "night": (0, 8)}, hash=False
    )
    demand: Mapping[str, int] = field(default_factory=lambda: {"early": 2, "late": 2, "night": 1}, hash=False)
    group: str = "rail"
    per: str = "squad"
    weekend_demand: Mapping[str, int] = field(default_factory=dict, hash=False)
    skill_demand: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    rest_hours: float = 11.0
    max_hours_week: float = 48.0
    max_run: int = 6
    max_nights: int = 3
    min_off_run: int = 1
    max_weekends: int = 0
    pair_shifts: tuple[str, ...] = ()
    people: tuple[RosterPerson, ...] = ()
    cells: tuple[RosterCell, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict, hash=False)
    points: Mapping[str, float] = field(default_factory=dict, hash=False)
    seconds: float = 60.0

    def __post_init__(self) -> None:
        refuse_unknown("for", self.group, GROUPS)
        refuse_unknown("per", self.per, ("squad", "zone", "segment", "route"))
        if self.start:
            try:
                date.fromisoformat(self.start)
            except ValueError:
                raise ValueError(_("{text} is not a day such as 2026-03-01").format(text=self.start)) from None
        for name, least, most in _LIMITS:
            refuse_beyond(name, getattr(self, name), least, most)
        if not self.shifts:
            raise ValueError(_("shifts is empty; give one shift at least, such as early = [8, 16]"))
        for name, hours in self.shifts.items():
            if len(hours) != 2 or not (0 <= hours[0] < 24 and 0 <= hours[1] <= 48):
                raise ValueError(
                    _("shifts.{name} is {hours}; give its two clock hours, such as [8, 16]").format(name=name, hours=list(hours))
                )
        for section in ("demand", "weekend_demand", "skill_demand", "points"):
            for name in getattr(self, section):
                refuse_unknown(section, name, tuple(self.shifts))
        for name in self.pair_shifts:
            refuse_unknown("pair_shifts", name, tuple(self.shifts))
        for name, weight in self.weights.items():
            refuse_unknown("weights", name, tuple(ROSTER_WEIGHTS))
            refuse_beyond(f"weights.{name}", weight, 0, 1_000_000)
        object.__setattr__(self, "weights", {**ROSTER_WEIGHTS, **self.weights})


_LIMITS = (
    ("days", 1, 366), ("rest_hours", 0, 48), ("max_hours_week", 0, 168), ("max_run", 1, 366), ("max_nights", 0, 366),
    ("min_off_run", 0, 30), ("max_weekends", 0, 60), ("seconds", 1, 3600),
)  # fmt: skip
