"""The districting problem: units with weights and borders, regions to be divided, and what a good district is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.graph.adjacency import Adjacency
from algorithms.graph.contiguity import Surroundings
from algorithms.sums import group_sums

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]


@dataclass(frozen=True, eq=False)
class Stay:
    """Where units were before: what a plan made anew should disturb as little as it can.

    `home` (u,) the district each unit was in (-1: none, so it is away nowhere), `mass` (u,) what counts when it is moved, and
    `most` the mass that may be away from home at any time: a hard limit.
    """

    home: Ints
    mass: Floats
    most: float = np.inf


@dataclass(frozen=True, eq=False)
class DistrictingProblem:
    """Basic units to be grouped into connected districts, region by region.

    Attributes
    ----------
    weight
        (u, w) loads as shares of the target; a district's load is the largest of its column sums (1.0 is the target).
    xy
        (u, 2) a point in each unit, metres.
    area
        (u,) square metres.
    rim
        (u,) cost of the whole boundary of each unit: metres times what a metre of boundary costs there.
    adjacency
        Neighbour pairs with the cost of their border; every pair that can be crossed lies inside one region.
    surroundings
        What lies around each unit, for the ring test.
    region
        (u,) region of each unit; each region is connected over crossable pairs.
    districts
        (r,) how many districts each region is divided into.
    band
        (lowest, highest) load wanted.
    metre
        What a metre of a district's boundary costs at least; 0 where that is not known.
    fixed
        (u,) units that keep the district of the plan they start with; None: every unit may move.
    stay
        Where the units were before, for planning anew with little disturbance; None: nothing was before.
    """

    weight: Floats
    xy: Floats
    area: Floats
    rim: Floats
    adjacency: Adjacency
    surroundings: Surroundings
    region: Ints
    districts: Ints
    band: tuple[float, float]
    metre: float = 0.0
    fixed: NDArray[np.bool_] | None = None
    stay: Stay | None = None

    @property
    def targets(self) -> Floats:
        """(r,) the mean load of a district of each region."""
        total = np.stack([group_sums(self.region, column, len(self.districts)) for column in self.weight.T])
        return np.asarray(total.max(axis=0) / np.maximum(self.districts, 1))


@dataclass(frozen=True)
class DistrictingParams:
    """What a district costs, and how long to search.

    A district costs `balance` × (distance from its region's mean ÷ half the band's half-width)² + `hinge` × (distance beyond the
    inner band ÷ the same) + `border` × boundary cost ÷ (2 √(π area)); the inner band keeps `margin` of the half-width free.
    The budget: `replicas` plans grow side by side through `cycles` of `halvings` rounds of recombination and `rounds` of annealing;
    their districts are the pool. `columns` is how
    many districts of a region may be listed for the exact step (0: none is), and `search` the deterministic seconds of its last search;
    `polish` turns are spent on a region whose districts cannot be listed, and `pricing` rounds on its bound (0: the floor only).
    """

    balance: float = 1.0
    hinge: float = 60.0
    margin: float = 0.15
    spread: float = 0.5
    stay: float = 0.0
    border: float = 60.0
    halvings: int = 10
    rounds: int = 100
    cycles: int = 4
    replicas: int = 12
    hot: float = 1.0
    cold: float = 0.03
    columns: int = 1_200_000
    search: float = 20.0
    polish: int = 2
    pricing: int = 0

    def __post_init__(self) -> None:
        prices = (self.balance, self.hinge, self.border, self.stay)
        if min(prices) < 0 or self.rounds < 0 or self.replicas < 1 or not 0 < self.cold <= self.hot:
            raise ValueError("costs must not be negative, rounds 0 or more, replicas 1 or more, 0 < cold <= hot")


def district_cost(
    load: Floats, boundary: Floats, area: Floats, target: Floats, band: tuple[float, float], params: DistrictingParams
) -> Floats:
    """Return the cost of districts with these loads, boundary costs and areas (arrays of one shape)."""
    low, high = band
    half = max((high - low) / 2, 1e-9)
    unit = half / 2
    free = params.margin * half
    beyond = np.maximum(np.maximum(low + free - load, load - (high - free)), 0.0)
    beyond = np.maximum(beyond, np.abs(load - target) - params.spread * half)
    shape = boundary / (2 * np.sqrt(np.pi * np.maximum(area, 1.0)))
    return np.asarray(params.balance * ((load - target) / unit) ** 2 + params.hinge * beyond / unit + params.border * shape)


@dataclass(frozen=True)
class Certificate:
    """What is known of the plan of a region: `bound` ≤ the least cost that any plan under the rule has ≤ `value`, the plan's own.

    `status` is "optimal", "gap" or "none" (nothing was asked). `method` says how the bound was found: "one district", "columns"
    (every district under the rule listed: `span` and `window` are the rule, see exact.Proof), or a bound's own name ("floor",
    "prices": any plan is at least so dear). `groups` above 0: no plan is better that keeps so many groups of units together, those
    that the good plans found have in common. `why` says why the districts were not listed: "large" (too many units a district, or too
    many sets), "stopped" (the listener asked to finish), "off", "" where they were.
    """

    status: str
    value: float
    bound: float | None = None
    method: str = ""
    span: float = 0.0
    window: tuple[float, float] = (0.0, 0.0)
    columns: int = 0
    groups: int = 0
    why: str = ""


@dataclass(frozen=True, eq=False)
class Districting:
    """A district per unit, `labels` (u,) 0 …, numbered region by region; the `cost` (d,) of each; a certificate for each region."""

    labels: Ints
    cost: Floats
    certificates: tuple[Certificate, ...] = ()


def district_sums(problem: DistrictingProblem, labels: Ints, count: int) -> tuple[Floats, Floats, Floats]:
    """Return (column loads (w, d), boundary cost (d,), area (d,)) of the districts of a labelling."""
    loads = np.stack([group_sums(labels, column, count) for column in problem.weight.T])
    pairs = problem.adjacency
    same = labels[pairs.low] == labels[pairs.high]
    boundary = group_sums(labels, problem.rim, count)
    boundary = boundary - 2 * group_sums(labels[pairs.low[same]], pairs.cost[same], count)
    return loads, boundary, group_sums(labels, problem.area, count)


def district_offsets(problem: DistrictingProblem) -> NDArray[np.signedinteger[Any]]:
    """Return the first district number of each region, (r + 1,)."""
    return np.concatenate(([0], np.cumsum(problem.districts)))


def evaluate(problem: DistrictingProblem, labels: Ints, params: DistrictingParams) -> Districting:
    """Return the districting of a labelling, scored."""
    first = district_offsets(problem)
    loads, boundary, area = district_sums(problem, labels, int(first[-1]))
    target = np.repeat(problem.targets, problem.districts)
    return Districting(labels, district_cost(loads.max(axis=0), boundary, area, target, problem.band, params))
