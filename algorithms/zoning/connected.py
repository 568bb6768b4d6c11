"""Districts that hang together: who the neighbours are, what may leave, and strays given to the district that they touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.graph.components import components
from algorithms.zoning.problem import Floats, Ints, ZoningProblem


@dataclass(frozen=True, eq=False)
class Around:
    """The crossable neighbours of each unit: `units[offsets[i]:offsets[i + 1]]`, as lists for walks from unit to unit."""

    offsets: Ints
    units: Ints
    lists: list[list[int]]


def around(problem: ZoningProblem) -> Around:
    """Return the crossable neighbours of each unit."""
    a, b = problem.low[problem.crossable], problem.high[problem.crossable]
    ends, other = np.concatenate((a, b)), np.concatenate((b, a))
    order = np.argsort(ends, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=len(problem.work)))))
    units = other[order]
    lists = [part.tolist() for part in np.split(units, offsets[1:-1])]
    return Around(offsets, units, lists)


def may_leave(near: Around, labels: Ints, unit: int) -> bool:
    """Return whether a district hangs together without one of its units: its neighbours there find each other without it."""
    own = labels[unit]
    mine = [other for other in near.lists[unit] if labels[other] == own]
    if len(mine) < 2:
        return bool(mine)
    missing = set(mine[1:])
    seen, stack = {unit, mine[0]}, [mine[0]]
    while stack:
        for other in near.lists[stack.pop()]:
            if other not in seen and labels[other] == own:
                missing.discard(other)
                if not missing:
                    return True
                seen.add(other)
                stack.append(other)
    return False


def hang_together(problem: ZoningProblem, labels: Ints) -> bool:
    """Return whether every district is in one piece."""
    inside = problem.crossable & (labels[problem.low] == labels[problem.high])
    return int(components(len(labels), problem.low[inside], problem.high[inside]).max(initial=-1)) + 1 == len(np.unique(labels))


def mended(problem: ZoningProblem, near: Around, cost: Floats, labels: Ints, sites: Ints) -> Ints:
    """Return labels (n,) in which every district is in one piece around its site: strays go, from the rim inwards, where they cost least.

    `cost` (k, n) is what a unit costs in each district, prices included.
    """
    labels = labels.copy()
    labels[problem.home[sites]] = np.arange(len(sites))
    inside = problem.crossable & (labels[problem.low] == labels[problem.high])
    part = components(len(labels), problem.low[inside], problem.high[inside])
    stray = part != part[problem.home[sites]][labels]
    if not stray.any():
        return labels
    labels[stray] = -1
    owner = np.repeat(np.arange(len(labels)), np.diff(near.offsets))
    while True:
        lost = labels < 0
        at = np.flatnonzero(lost[owner] & (labels[near.units] >= 0))
        if not len(at):
            return labels
        unit, label = owner[at], labels[near.units[at]]
        order = np.lexsort((cost[label, unit], unit))
        first = np.append(True, np.diff(unit[order]) > 0)
        labels[unit[order][first]] = label[order][first]
