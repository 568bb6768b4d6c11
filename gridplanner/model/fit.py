"""How numbers of grids fit totals: the arithmetic of a band, and what it says of each community and of the district."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.band import Band
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Bools, Floats, Ints


def fitting_numbers(loads: Floats, low: float, high: float) -> tuple[Ints, Ints]:
    """Return the lowest and highest number of grids with total ÷ k from `low` to `high`, (n,) each; where none does, highest < lowest.

    As `Band.fitting` has it for one total: without a lower limit, up to the total.

    >>> [int(k[0]) for k in fitting_numbers(np.array([2.0]), 0.9, 1.1)]
    [2, 2]
    """
    first = np.maximum(np.ceil(loads / high - 1e-9), 1)
    last = np.floor(loads / low + 1e-9) if low > 0 else np.maximum(first, np.ceil(loads))
    last = np.where(loads > 0, last, 0)
    return first.astype(np.int64), last.astype(np.int64)


def fits(loads: Floats, low: float, high: float) -> Bools:
    """Return for which totals some number of grids fits, (n,)."""
    first, last = fitting_numbers(loads, low, high)
    return np.asarray(first <= last)


def tightest_spread(loads: Floats, middle: float = 1.0) -> Floats:
    """Return the smallest share t for which some number of grids k has total ÷ k within `middle` × (1 ± t), (n,).

    The best k is one of the two beside total ÷ middle.

    >>> tightest_spread(np.array([2.2])).round(3).tolist()
    [0.1]
    """
    share = np.asarray(loads, np.float64) / middle
    less = np.maximum(np.floor(share), 1)
    return np.asarray(np.minimum(np.abs(share / less - 1), np.abs(share / (less + 1) - 1)))


@dataclass(frozen=True)
class CommunityFit:
    """What sizes allow in one community. Loads are shares of the target; spreads are shares of the middle of the band.

    Attributes
    ----------
    community, name
        Row and name.
    households, persons, load
        What it holds, and the larger share of what is to be divided: grids that rules settle (locked, exclusive) are left out.
    fitting
        Lowest and highest number of grids for its total, None where none fits.
    grids
        The number taken.
    fits
        Whether each of its parts that is planned by itself has a number of grids that fits.
    by_total, in_parts, with_units
        The tightest spread at which a number of grids fits: for the total alone, given the parts that it lies in, and given also
        that no unit is divided; each at least the one before.
    parts, smallest
        How many inhabited parts nothing joins, and the load of the smallest.
    heaviest, heaviest_unit, heavy
        Load and row of the heaviest unit (-1 before there are units; of units that stay together the first), and how many are
        heavier than a grid may be.
    """

    community: int
    name: str
    households: float
    persons: float
    load: float
    fitting: tuple[int, int] | None
    grids: int
    fits: bool
    by_total: float
    in_parts: float
    with_units: float
    parts: int
    smallest: float
    heaviest: float
    heaviest_unit: int
    heavy: int


@dataclass(frozen=True)
class TargetFit:
    """Targets from `low` to `high` that fit `communities` of those there are; `best` is the one nearest to the wished."""

    best: float
    low: float
    high: float
    communities: int


@dataclass(frozen=True, eq=False)
class Feasibility:
    """What sizes allow in a district, before anything is solved.

    `spread` is the half-width of the band now and `tightest` the smallest at which every community fits, as shares of the band's
    `middle` (for target ± tolerance that is the tolerance); `target` is what the scan of targets found, None where it finds nothing
    better. `findings` say what does not fit, `remedies` what would.
    """

    band: Band
    communities: tuple[CommunityFit, ...]
    spread: float
    middle: float
    tightest: float
    target: TargetFit | None
    findings: tuple[Issue, ...]
    remedies: tuple[Issue, ...]

    @property
    def inhabited(self) -> int:
        """How many communities have anything to be divided."""
        return sum(community.load > 0 for community in self.communities)

    @property
    def fitting(self) -> int:
        """How many of these fit."""
        return sum(community.fits and community.load > 0 for community in self.communities)

    @property
    def with_units(self) -> float:
        """The tightest spread at which every community fits and no unit is heavier than a grid may be."""
        return max((community.with_units for community in self.communities), default=0.0)

    @property
    def grids(self) -> int:
        """How many grids there will be."""
        return sum(community.grids for community in self.communities)

    @property
    def heavy(self) -> int:
        """How many units are heavier than a grid may be."""
        return sum(community.heavy for community in self.communities)
