"""The zoning problem: connected districts of even work, each reached soon from its site, and what is to be traded between the two."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.sums import group_sums

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]

AWAY = 0.3  # weight of a minute to the work beside one to the demand: crews drive to their work too, and districts keep together
LATE = 10.0  # a minute beyond the longest wished counts as so many
FAR = 1e7  # minutes from a site to what may not be in its district


@dataclass(frozen=True, eq=False)
class ZoningProblem:
    """Units to be grouped into connected districts, each served from one site.

    Attributes
    ----------
    work
        (n,) what the districts should have equal shares of, never negative.
    demand
        (n,) what is to be reached, never negative.
    minutes
        (m, n) travel time from each site to each unit, finite.
    home
        (m,) the unit that each site lies in; no two sites share one, and a site's home is in its district.
    low, high, length, crossable
        (p,) pairs of neighbours, the length of their common border, and whether it holds a district together.
    region
        (n,) units of different regions are never in one district; each region is connected over crossable pairs.
    districts
        (r,) how many districts each region has.
    must
        (m,) sites that are open whatever that costs; at most as many in a region as it has districts.
    most_minutes
        The longest time that is wished, 0 for no wish.
    away
        Weight of a minute to the work beside one to the demand.
    """

    work: Floats
    demand: Floats
    minutes: NDArray[np.floating[Any]]
    home: Ints
    low: Ints
    high: Ints
    length: Floats
    crossable: Bools
    region: Ints
    districts: Ints
    must: Bools
    most_minutes: float = 0.0
    away: float = AWAY

    def __post_init__(self) -> None:
        n, m = len(self.work), len(self.home)
        if self.minutes.shape != (m, n) or len(self.demand) != n or len(self.region) != n or len(self.must) != m:
            raise ValueError("one time per site and unit, one work, demand and region per unit")
        if len(np.unique(self.home)) < m:
            raise ValueError("two sites lie in one unit")
        for count, wanted in ((np.bincount(self.region[self.home], minlength=len(self.districts)), "few"), (self._musts, "many")):
            if np.any(count < self.districts) if wanted == "few" else np.any(count > self.districts):
                raise ValueError(f"a region has too {wanted} sites for its districts")

    @property
    def _musts(self) -> Ints:
        return np.bincount(self.region[self.home[self.must]], minlength=len(self.districts))

    @cached_property
    def share(self) -> Floats:
        """(n,) the demand of each unit as a share of all; even where there is none."""
        total = float(self.demand.sum())
        return self.demand / total if total > 0 else np.full(len(self.demand), 1 / max(len(self.demand), 1))

    @cached_property
    def pull(self) -> Floats:
        """(n,) what a minute to each unit costs: its share of the demand, and a little for its work, and for being there."""
        count = max(len(self.share), 1)
        total = float(self.work.sum())
        work = self.work / total if total > 0 else np.full(len(self.work), 1 / count)
        return np.asarray((self.share + self.away * (0.8 * work + 0.2 / count)) / (1 + self.away))

    @cached_property
    def target(self) -> Floats:
        """(r,) the mean work of a region's districts."""
        total = group_sums(self.region, self.work, len(self.districts))
        return np.asarray(np.maximum(total / np.maximum(self.districts, 1), 1e-12))

    @cached_property
    def load(self) -> Floats:
        """(n,) the work of each unit as a share of its region's target."""
        return np.asarray(self.work / self.target[self.region])

    def late(self, minutes: Floats) -> Floats:
        """Return what some times count as: themselves, and LATE times what is beyond the longest wished."""
        if self.most_minutes <= 0:
            return minutes
        return minutes + LATE * np.maximum(minutes - self.most_minutes, 0.0)

    def cost(self, sites: Ints) -> Floats:
        """Return (k, n) what each unit costs in the district of each of some sites, minutes; FAR where it lies in another region."""
        table = self.late(self.minutes[sites].astype(np.float64)) * self.pull
        table[self.region[self.home[sites]][:, None] != self.region[None, :]] = FAR
        return table


@dataclass(frozen=True, eq=False)
class Zoning:
    """A district 0 … k - 1 for each unit, `labels` (n,), and the row of each district's site, `sites` (k,)."""

    labels: Ints
    sites: Ints


@dataclass(frozen=True)
class ZoningFigures:
    """How a zoning does: `spread` the largest work ÷ its region's mean, `least` the smallest, `minutes` the demand-weighted mean time.

    `cost` is what the search weighs: minutes with late ones dearer, and a little weight on those to work. `worst` is the longest time,
    `border` the length between districts.
    """

    spread: float
    least: float
    minutes: float
    cost: float
    worst: float
    border: float


def figures(problem: ZoningProblem, zoning: Zoning) -> ZoningFigures:
    """Return how a zoning does."""
    labels = zoning.labels
    load = group_sums(labels, problem.load, len(zoning.sites))
    time = problem.minutes[zoning.sites[labels], np.arange(len(labels))].astype(np.float64)
    cut = labels[problem.low] != labels[problem.high]
    return ZoningFigures(
        spread=float(load.max(initial=0.0)),
        least=float(load.min(initial=np.inf)),
        minutes=float(problem.share @ time),
        cost=float(problem.pull @ problem.late(time)),
        worst=float(time.max(initial=0.0)),
        border=float(problem.length[cut].sum()),
    )
