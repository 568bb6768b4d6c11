"""A roster to be found: people, days and shifts, what must be kept and what is weighed; and what was found."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from algorithms.network.polylines import Bools, Floats, Ints

FREE, OFF = -2, -1  # of a cell: nothing is fixed; no shift


@dataclass(frozen=True, eq=False)
class Fairness:
    """Amounts to be shared evenly: `amount` (d, s) of each cell, among `people` (rows), from `before` (len(people),) on.

    The spread (most less least) costs `price` a unit; `target` (len(people),) where shares should differ, else empty.
    """

    name: str
    amount: Ints
    people: Ints
    price: int
    before: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    target: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, eq=False)
class RosterProblem:
    """p people, d days, s shifts; one shift a person and day at most. All prices are whole numbers.

    Hard: `allowed` (p, d, s); `fixed` (p, d) FREE, OFF or a shift; `follows` (s, s) whether shift b may be worked on the day after a;
    `minutes` (s,) with `min_minutes` and `max_minutes` (p,) over all days and `week_minutes` (p,) over any seven days from `week_starts`;
    `max_shifts` (p, s); `min_run`, `max_run` days on, `min_off` days off in a row (p,), at the edges of the horizon runs may be shorter;
    `max_weekends` (p,) of the weekends (pairs of days) in `weekends` (w, 2); `nights` (s,) are shifts of which `max_nights` (p,) may
    follow one another; `before` (p, h) the h days before the first, OFF or a shift; `pairs` (s,) shifts in which a group has none or two.

    Weighed: `group` (p,) and `demand` (g, d, s), a person short at `short` (g, d, s), one too many at `over` (g, d, s), in no case
    fewer than `least` (g, d, s); `skills` (k, p) with `skill_demand` (k, g, d, s) short at the same price; `cost` (p, d, s) of working
    and `off_cost` (p, d) of not working; `fairness`; where `kept` (p, d) is given (OFF, a shift, or FREE: new), a cell that differs costs
    `change` (p, d); a single day on between two off costs `lone_on` (p,), a single day off between two on `lone_off` (p,).

    `week_starts` may be negative: such a week begins in the days `before`. What a rule looks at outside both is not known and breaks none.
    """

    allowed: Bools
    fixed: Ints
    follows: Bools
    minutes: Ints
    demand: Ints
    short: Ints
    over: Ints
    group: Ints
    min_minutes: Ints
    max_minutes: Ints
    max_shifts: Ints
    min_run: Ints
    max_run: Ints
    min_off: Ints
    max_weekends: Ints
    weekends: Ints
    cost: Ints
    off_cost: Ints
    week_minutes: Ints | None = None
    week_starts: Ints | None = None
    nights: Bools | None = None
    max_nights: Ints | None = None
    before: Ints | None = None
    pairs: Bools | None = None
    least: Ints | None = None
    skills: Bools | None = None
    skill_demand: Ints | None = None
    fairness: tuple[Fairness, ...] = ()
    kept: Ints | None = None
    change: Ints | None = None
    lone_on: Ints | None = None
    lone_off: Ints | None = None

    def __post_init__(self) -> None:
        p, d, s = self.allowed.shape
        g = len(self.demand)
        wanted = {
            "fixed": (p, d), "follows": (s, s), "minutes": (s,), "demand": (g, d, s), "short": (g, d, s), "over": (g, d, s), "group": (p,),
            "min_minutes": (p,), "max_minutes": (p,), "max_shifts": (p, s), "min_run": (p,), "max_run": (p,), "min_off": (p,),
            "max_weekends": (p,), "cost": (p, d, s), "off_cost": (p, d), "week_minutes": (p,), "nights": (s,), "max_nights": (p,),
            "pairs": (s,), "least": (g, d, s), "kept": (p, d), "change": (p, d), "lone_on": (p,), "lone_off": (p,),
        }  # fmt: skip
        for name, shape in wanted.items():
            value = getattr(self, name)
            if value is not None and value.shape != shape:
                raise ValueError(f"{name} is {value.shape}, not {shape}")
        if p and (self.group.min() < 0 or self.group.max() >= g):
            raise ValueError("group names a group without demand")

    def key(self) -> bytes:
        """Return what two problems have in common only where they are the same."""
        parts: list[bytes] = []
        arrays = [(each.name, getattr(self, each.name)) for each in fields(self)]
        for shares in self.fairness:
            arrays += [(each.name, getattr(shares, each.name)) for each in fields(shares)]
        for name, value in arrays:
            if isinstance(value, np.ndarray):
                parts += [str((name, value.shape, value.dtype.str)).encode(), value.tobytes()]
            elif name == "price":
                parts.append(str(value).encode())
        return b"".join(parts)

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many people, days and shifts."""
        people, days, shifts = self.allowed.shape
        return people, days, shifts


@dataclass(frozen=True)
class RosterParams:
    """How long to search: `work` deterministic seconds of CP-SAT's clock, `wall` seconds as a safety stop; seed; how many workers.

    Several workers take turns, so that the result does not depend on the machine.
    """

    work: float = 60.0
    wall: float = 120.0
    seed: int = 1
    workers: int = 2


@dataclass(frozen=True, eq=False)
class Roster:
    """A roster: `cells` (p, d) OFF or a shift, its `value`, the `bound` that no roster goes below, whether it is `proven` best."""

    cells: NDArray[np.int64]
    value: int
    bound: int
    proven: bool
    cut_short: bool = False


@dataclass(frozen=True, eq=False)
class Conflict:
    """Why there is no roster: rules that cannot be kept together, and how many people are short.

    `rules` are names of the problem's fields, each with the rows of a person and a day (-1: all); `short` (g, d, s) is the least number
    of people missing by group, day and shift where only the demand is given up.
    """

    rules: tuple[tuple[str, int, int], ...]
    short: Ints
    people: Floats = field(default_factory=lambda: np.zeros(0))
