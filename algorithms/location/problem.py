"""The location problem: which sites to open and which site serves each customer, nobody's capacity exceeded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LocationProblem:
    """Customers to be served by `count` of the sites, each customer by one site: the capacitated p-median problem.

    Attributes
    ----------
    cost
        (n, m) cost of serving a customer from a site, never negative; inf where the site may not serve it.
    demand
        (n,) what a customer takes of its site's capacity, never negative.
    capacity
        (m,) most demand that a site can serve.
    count
        How many sites are open.
    least
        (m,) least demand that an open site must serve (None: nothing).
    fixed
        (m,) True for sites that are open whatever they cost: posts that stand already (None: no site).
    own
        (m,) customer that an open site must serve itself, below 0 for none (None: no site has one). Two sites never share one.
    """

    cost: Floats
    demand: Floats
    capacity: Floats
    count: int
    least: Floats | None = None
    fixed: Flags | None = None
    own: Ints | None = None

    def __post_init__(self) -> None:
        n, m = self.cost.shape
        if len(self.demand) != n or len(self.capacity) != m or not 1 <= self.count <= m:
            raise ValueError("one row of costs per demand, one column per capacity, and 1 to m sites open")
        if np.min(self.demand, initial=0) < 0 or np.min(self.cost, initial=0) < 0:
            raise ValueError("demands and costs must not be negative")
        if self.must_open.sum() > self.count:
            raise ValueError("more sites are fixed than may be open")

    @property
    def floor(self) -> Floats:
        """(m,) least demand of an open site, 0 where nothing is asked."""
        return np.zeros(len(self.capacity)) if self.least is None else self.least

    @property
    def must_open(self) -> Flags:
        """(m,) True for the sites that are open in any case."""
        return np.zeros(len(self.capacity), bool) if self.fixed is None else self.fixed

    @property
    def own_customer(self) -> Ints:
        """(m,) the customer that a site serves itself, -1 for none."""
        return np.full(len(self.capacity), -1) if self.own is None else self.own


@dataclass(frozen=True)
class LocationParams:
    """How long to search; every budget is a count, so that the same problem gives the same answer on any machine.

    `rounds` of the subgradient method, `nodes` of branch and bound in each integer programme, `guesses` at the best value (each costs
    an integer programme), `gap`: the relative distance of value and bound that counts as optimal, which is the tolerance of the
    proof. `seconds` is a safety stop of each integer programme, not a budget.
    """

    rounds: int = 400
    nodes: int = 20_000
    guesses: int = 8
    gap: float = 1e-7
    seconds: float = 300.0


class Status(Enum):
    """What is known of a result."""

    OPTIMAL = "optimal"  # the bound equals the value, within the gap asked for
    FEASIBLE = "feasible"  # a solution and a bound below it
    INFEASIBLE = "infeasible"  # proven: no solution keeps the rules
    UNKNOWN = "unknown"  # no solution found, none excluded


@dataclass(frozen=True, eq=False)
class Location:
    """A site per customer, and how good it is known to be.

    `sites` (n,) is the site of each customer (empty where none was found), `opened` (p,) the open sites in rising order, `value` the
    total cost (inf where none was found), `bound` what no solution can undercut, `status` what that means.
    """

    sites: Ints
    opened: Ints
    value: float
    bound: float
    status: Status

    @property
    def gap(self) -> float:
        """How far the value lies above the bound, as a share of the value."""
        return (self.value - self.bound) / self.value if 0 < self.value < np.inf else (0.0 if self.value <= self.bound else np.inf)
