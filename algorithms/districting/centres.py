"""Districts around centres, proven best: the location problem whose sites are the units themselves and whose areas hang together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.graph.components import components
from algorithms.location.problem import Flags, Floats, Ints, Location, LocationParams, LocationProblem
from algorithms.location.programme import Link
from algorithms.location.solve import solve_location
from algorithms.progress import SILENT, Progress


@dataclass(frozen=True, eq=False)
class CentreProblem:
    """Units to be grouped into connected districts, each around one of its units, at least cost (Hess et al. 1965).

    Attributes
    ----------
    cost
        (u, u) cost of a unit (row) in the district of a centre (column): weight × hops, weight × squared distance. Never negative.
    weight
        (u,) what the band counts.
    low, high
        (p,) pairs of neighbouring units.
    districts
        How many districts.
    band
        (least, most) weight of a district, both allowed.
    """

    cost: Floats
    weight: Floats
    low: Ints
    high: Ints
    districts: int
    band: tuple[float, float]


def solve_centres(problem: CentreProblem, params: LocationParams, progress: Progress = SILENT) -> Location:
    """Return the best districts and their centres: `sites` (u,) is the centre of each unit's district.

    The assignment model of Hess et al. (1965), an open centre being in its own district, with connectedness by separators: unit i is
    in the district of j only if one unit of every set that separates them is (Carvajal et al. 2013; Validi, Buchanan and Lykhovyd
    2022). Where the lightest path from i to j is heavier than the band allows, i cannot be in the district of j at all.
    """
    least, most = problem.band
    weight = problem.weight.astype(np.float64)
    cost = np.where(lightest_paths(weight, problem.low, problem.high) > most * (1 + 1e-6), np.inf, problem.cost)
    count = len(weight)
    location = LocationProblem(
        cost=cost,
        demand=weight,
        capacity=np.full(count, float(most)),
        count=problem.districts,
        least=np.full(count, float(least)),
        own=np.arange(count),
    )
    return solve_location(location, params, progress, Connected(count, problem.low, problem.high))


def lightest_paths(weight: Floats, low: Ints, high: Ints) -> Floats:
    """Return (u, u) the least weight of a connected set that holds both units, inf where none does."""
    step = np.maximum(weight, 1e-9 * max(float(weight.max(initial=0)), 1.0))  # a weight of 0 would be no neighbour at all
    count = len(weight)
    graph = csr_array((step[np.append(high, low)], (np.append(low, high), np.append(high, low))), shape=(count, count))
    return np.asarray(dijkstra(graph) + weight[:, None])


def hop_distances(count: int, low: Ints, high: Ints) -> Floats:
    """Return (u, u) how many borders lie between two units on the shortest way, inf where there is none.

    >>> hop_distances(3, np.array([0, 1]), np.array([1, 2]))[0].tolist()
    [0.0, 1.0, 2.0]
    """
    pairs = (np.ones(2 * len(low)), (np.append(low, high), np.append(high, low)))
    return np.asarray(dijkstra(csr_array(pairs, shape=(count, count)), unweighted=True))


class Connected:
    """The rule that the units of a centre hang together with it."""

    def __init__(self, count: int, low: Ints, high: Ints) -> None:
        self.count = count
        self.low = low
        self.high = high
        around: list[list[int]] = [[] for _ in range(count)]
        for a, b in zip(low.tolist(), high.tolist(), strict=True):
            around[a].append(b)
            around[b].append(a)
        self.around = [tuple(sorted(units)) for units in around]

    def first(self, allowed: Flags) -> list[Link]:
        """Return the links by neighbours: a unit needs one of its neighbours in the same district, unless the centre is one."""
        unit, centre = np.nonzero(allowed)
        return [
            Link(i, j, self.around[i]) for i, j in zip(unit.tolist(), centre.tolist(), strict=True) if i != j and j not in self.around[i]
        ]

    def broken(self, sites: Ints) -> list[Link]:
        """Return, for each unit cut off from its centre, a set of units that separates them."""
        inside = sites[self.low] == sites[self.high]
        piece = components(self.count, self.low[inside], self.high[inside])
        links: list[Link] = []
        for part in np.unique(piece[piece != piece[sites]]).tolist():
            lost = np.flatnonzero(piece == part)
            centre = int(sites[lost[0]])
            wall = self._separator(lost, centre)
            links += [Link(unit, centre, wall) for unit in lost.tolist()]
        return links

    def _separator(self, lost: Ints, centre: int) -> tuple[int, ...]:
        """Return the neighbours of `lost` that the centre can reach without passing another of them: a minimal separator."""
        wall = np.zeros(self.count, bool)
        for unit in lost.tolist():
            wall[list(self.around[unit])] = True
        wall[lost] = False
        open_pairs = ~wall[self.low] & ~wall[self.high]
        reach = components(self.count, self.low[open_pairs], self.high[open_pairs])
        side = (reach == reach[centre]) & ~wall
        return tuple(unit for unit in np.flatnonzero(wall).tolist() if side[list(self.around[unit])].any())
