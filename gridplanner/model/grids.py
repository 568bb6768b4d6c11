"""The grid plan: one grid per unit, and what is known of each grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from gridplanner.model.issues import Issue
from gridplanner.model.lines import Ints

PREVIOUS = 200  # characters of prev_code, as the exported field has them


@dataclass(frozen=True)
class Grid:
    """What is known of one grid beside its shape: its community row, code, name, lock, people on duty and predecessor.

    `prev_code` are the codes of the grids that it was made from, or the one that it had before, separated by commas. `kind`
    is "exclusive" (an area that is a grid of its own) or "group" (a villagers' group), whatever they weigh; else empty.
    """

    community: int
    code: str = ""
    name: str = ""
    locked: bool = False
    workers: tuple[str, ...] = ()
    prev_code: str = ""
    valid_from: str = ""
    kind: str = ""


@dataclass(frozen=True)
class RetiredGrid:
    """A grid that is no more: the codes of the grids that took it over, most households first, and since when (YYYY-MM-DD or empty)."""

    community: int
    code: str
    name: str
    successors: tuple[str, ...]
    retired: str = ""


@dataclass(frozen=True, eq=False)
class Replan:
    """What the last re-planning started from, and what was known of it.

    `codes` are the grids of the earlier plan and `grid` (a,) the row of the one that each address was in, -1 for none, for addresses
    whose layer has the fingerprint `addresses`. `limit` is the share of households that could move, None without a limit; `certain`
    the share that had to, whatever was done, `exchange` where each household goes to a grid that bordered its own.
    """

    codes: tuple[str, ...]
    grid: Ints
    addresses: str
    limit: float | None
    certain: float
    exchange: float
    valid_from: str = ""


@dataclass(frozen=True)
class Certificate:
    """What is proven of a community's plan: `status` optimal, gap or none; `bound` ≤ the optimum ≤ `value` of `objective`.

    `method` says how the bound was found ("one district", "columns": every grid under the rule was looked at, or another bound's
    name). The rule: no two units of a grid farther apart than `span` sides of a mean grid unless they are neighbours, loads between
    `low` and `high` targets (0: no such rule). `groups` above 0: no plan that keeps so many groups of units together is better, those
    that the good plans found have in common. `columns` grids were looked at. `why` says why not all could be: "large" (too many
    units a grid), "stopped" (early), "off" (not asked for), "pins" (places that must stay), "replanned" (it keeps to an earlier plan),
    "edited" (by hand since); "" where nothing stood in the way. Of an edited plan, `status` is none, `bound` and `value` stay those of
    the plan as it was computed, and `border` is the metres of border between its grids (None: the plan is still as computed).
    """

    community: int
    objective: str
    status: str
    bound: float | None
    value: float | None
    method: str = ""
    span: float = 0.0
    low: float = 0.0
    high: float = 0.0
    columns: int = 0
    why: str = ""
    groups: int = 0
    border: float | None = None

    @property
    def gap(self) -> float | None:
        """By which share of the best the plan may be dearer than it: value ÷ bound − 1, as bound ≤ best; None where nothing is proven."""
        if self.status == "none" or self.bound is None or self.value is None:
            return None
        if self.status == "optimal" or self.value <= self.bound:
            return 0.0
        return self.value / self.bound - 1 if self.bound > 0 else None


@dataclass(frozen=True, eq=False)
class GridPlan:
    """One label per unit: `labels` (u,) int32 are keys of `grids`. `made_from` is as in model/freshness.py.

    `retired` are the grids that re-planning or the planner's hand gave up, the latest last; their codes are not given again.
    """

    labels: Ints
    grids: Mapping[int, Grid]
    certificates: tuple[Certificate, ...] = ()
    issues: tuple[Issue, ...] = ()
    made_from: str = ""
    retired: tuple[RetiredGrid, ...] = ()
    replan: Replan | None = None
    fingerprint_of: ClassVar[tuple[str, ...]] = ("labels",)

    def __len__(self) -> int:
        return len(self.grids)

    @property
    def retired_codes(self) -> frozenset[str]:
        """The codes of grids that ended."""
        return frozenset(end.code for end in self.retired if end.code)


def still_retired(retired: Iterable[RetiredGrid], grids: Mapping[int, Grid]) -> tuple[RetiredGrid, ...]:
    """Return the grids that ended, without those whose code a grid has again because a place or a planner demands it."""
    live = {grid.code for grid in grids.values()}
    return tuple(end for end in retired if end.code not in live)


def listed_codes(codes: Iterable[str]) -> str:
    """Return codes as `prev_code` lists them: each once, and no more than fit whole.

    >>> listed_codes(["a", "b", "", "a"])
    'a,b'
    """
    text = ""
    for code in dict.fromkeys(codes):
        longer = f"{text},{code}" if text else code
        if code and len(longer) <= PREVIOUS:
            text = longer
    return text
