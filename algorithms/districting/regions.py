"""A districting problem taken apart by its regions, which share nothing, and put together again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.districting.problem import DistrictingProblem, Ints, Stay
from algorithms.graph.adjacency import Adjacency
from algorithms.graph.contiguity import GAP, Surroundings


@dataclass(frozen=True, eq=False)
class Share:
    """Some regions of a problem as a problem of their own: their `regions` (s,), and the rows `units` (n,) and `districts` (d,) there."""

    problem: DistrictingProblem
    regions: Ints
    units: Ints
    districts: Ints

    def labels(self, whole: Ints) -> Ints:
        """Return the share's labels in its own numbers, from labels of the whole."""
        return np.searchsorted(self.districts, whole[self.units]).astype(np.int32)

    def put(self, whole: Ints, labels: Ints) -> Ints:
        """Return labels of the whole in which the share's own have their new values."""
        out = whole.copy()
        out[self.units] = self.districts[labels]
        return out


def shares(problem: DistrictingProblem, most: int) -> list[Share]:
    """Return a problem in shares of consecutive regions, each of at most `most` units but never less than a region.

    The shares depend on the problem alone, so a plan does not depend on how many workers make it.
    """
    sizes = np.bincount(problem.region, minlength=len(problem.districts))
    groups: list[list[int]] = [[]]
    held = 0
    for region, size in enumerate(sizes.tolist()):
        if held and held + size > most:
            groups.append([])
            held = 0
        groups[-1].append(region)
        held += size
    if len(groups) == 1:
        every = np.arange(len(problem.region), dtype=np.int32)
        return [Share(problem, np.arange(len(sizes), dtype=np.int32), every, np.arange(int(problem.districts.sum()), dtype=np.int32))]
    return [share_of(problem, np.array(group, np.int32)) for group in groups]


def share_of(problem: DistrictingProblem, regions: Ints) -> Share:
    """Return the problem of some of the regions, in ascending order; the limit of a `Stay` stays as it is."""
    wanted = np.zeros(len(problem.districts), bool)
    wanted[regions] = True
    inside = wanted[problem.region]
    units = np.flatnonzero(inside).astype(np.int32)
    number = np.full(len(inside), GAP, np.int64)
    number[units] = np.arange(len(units))
    pairs = problem.adjacency
    keep = inside[pairs.low] & (problem.region[pairs.low] == problem.region[pairs.high])
    ring = problem.surroundings
    counts = np.diff(ring.offsets)[units]
    row = np.repeat(np.arange(len(units)), counts)
    entry = ring.offsets[units][row] + np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    seen = ring.units[entry]
    around = np.where(seen >= 0, number[seen], GAP)
    districts = np.flatnonzero(np.repeat(wanted, problem.districts)).astype(np.int32)
    stay = problem.stay
    if stay is not None:
        place = np.full(int(problem.districts.sum()) + 1, -1, np.int64)
        place[districts] = np.arange(len(districts))
        stay = Stay(place[stay.home[units]], stay.mass[units], stay.most)
    mine = DistrictingProblem(
        problem.weight[units],
        problem.xy[units],
        problem.area[units],
        problem.rim[units],
        Adjacency(
            number[pairs.low[keep]].astype(np.int32), number[pairs.high[keep]].astype(np.int32),
            pairs.length[keep], pairs.cost[keep], pairs.crossable[keep],
        ),
        Surroundings(np.concatenate(([0], np.cumsum(counts))), around.astype(np.int32)),
        np.searchsorted(regions, problem.region[units]).astype(np.int32),
        problem.districts[regions],
        problem.band,
        problem.metre,
        None if problem.fixed is None else problem.fixed[units],
        stay,
    )  # fmt: skip
    return Share(mine, regions, units, districts)
