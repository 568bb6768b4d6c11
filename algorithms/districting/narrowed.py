"""A districting problem narrowed to some of its regions: regions have nothing to do with each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from algorithms.districting.problem import DistrictingProblem, Ints, Stay, district_offsets
from algorithms.graph.adjacency import Adjacency
from algorithms.graph.contiguity import GAP, Surroundings


@dataclass(frozen=True, eq=False)
class Narrowed:
    """The problem of some regions; `units` and `districts` are the rows and numbers that theirs have in the whole."""

    problem: DistrictingProblem
    units: NDArray[np.intp]
    districts: NDArray[np.intp]

    def labels(self, whole: Ints) -> Ints:
        """Return the part's labels in its own numbers, from labels of the whole."""
        return np.searchsorted(self.districts, whole[self.units]).astype(np.int32)

    def put(self, whole: Ints, labels: Ints) -> Ints:
        """Return labels of the whole in which the part's own have their new values."""
        out = whole.copy()
        out[self.units] = self.districts[labels]
        return out


def narrowed(problem: DistrictingProblem, regions: NDArray[np.bool_]) -> Narrowed:
    """Return the problem of the regions (r,) that are True, units and districts renumbered in their order.

    Units of other regions around a unit become gaps, which they are to contiguity. The limit of a `Stay` stays as it is: the caller
    knows what is away elsewhere.
    """
    keep = regions[problem.region]
    units = np.flatnonzero(keep)
    number = np.where(keep, np.cumsum(keep) - 1, GAP).astype(np.int32)
    first = district_offsets(problem)
    districts = np.flatnonzero(np.repeat(regions, problem.districts))
    pairs = problem.adjacency
    inner = keep[pairs.low]
    ring = problem.surroundings
    sizes = np.diff(ring.offsets)
    entries = np.repeat(keep, sizes)
    around = ring.units[entries]
    stay = problem.stay
    if stay is not None:
        new = np.full(int(first[-1]) + 1, -1, np.int32)
        new[districts] = np.arange(len(districts), dtype=np.int32)
        stay = Stay(new[stay.home[units]], stay.mass[units], stay.most)
    part = DistrictingProblem(
        problem.weight[units],
        problem.xy[units],
        problem.area[units],
        problem.rim[units],
        Adjacency(
            number[pairs.low[inner]], number[pairs.high[inner]], pairs.length[inner], pairs.cost[inner], pairs.crossable[inner],
        ),
        Surroundings(np.concatenate(([0], np.cumsum(sizes[units]))), np.where(around >= 0, number[around], GAP).astype(np.int32)),
        (np.cumsum(regions) - 1)[problem.region[units]].astype(np.int32),
        problem.districts[regions],
        problem.band,
        None if problem.fixed is None else problem.fixed[units],
        stay,
    )  # fmt: skip
    return Narrowed(part, units, districts)
