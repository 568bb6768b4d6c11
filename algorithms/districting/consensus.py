"""Units that every good plan keeps together, joined into one: what is left is small enough to be solved exactly."""

from __future__ import annotations

import numpy as np

from algorithms.districting.problem import Districting, DistrictingProblem, Ints
from algorithms.graph.adjacency import Adjacency
from algorithms.graph.components import components
from algorithms.graph.contiguity import Surroundings
from algorithms.sums import group_sums


def common_groups(problem: DistrictingProblem, plans: list[Ints], most: int) -> Ints:
    """Return a group (u,) 0 … for each unit of a problem of one region: neighbours are of one group where all the first plans agree.

    `plans` are labellings, the best first; as many of them are asked as leave at most `most` groups.
    """
    pairs = problem.adjacency
    low, high = pairs.low[pairs.crossable], pairs.high[pairs.crossable]
    together = np.ones(len(low), bool)
    group = np.zeros(len(problem.area), np.int32)
    for plan in plans:
        together &= plan[low] == plan[high]
        finer = components(len(group), low[together], high[together])
        if int(finer.max()) + 1 > most:
            break
        group = finer
    return group


def grouped(problem: DistrictingProblem, group: Ints) -> DistrictingProblem:
    """Return a problem of one region whose units are the groups; its surroundings are empty, so it can be listed but not annealed."""
    count = int(group.max()) + 1
    area = group_sums(group, problem.area, count)
    share = np.where(area[group] > 0, problem.area / np.maximum(area[group], 1e-12), 0.0)
    pairs = problem.adjacency
    low, high = group[pairs.low], group[pairs.high]
    apart = low != high
    rim = group_sums(group, problem.rim, count) - 2 * group_sums(low[~apart], pairs.cost[~apart], count)
    key = np.minimum(low, high)[apart].astype(np.int64) * count + np.maximum(low, high)[apart]
    found, index = np.unique(key, return_inverse=True)
    joined = Adjacency(
        (found // count).astype(np.int32),
        (found % count).astype(np.int32),
        group_sums(index, pairs.length[apart], len(found)),
        group_sums(index, pairs.cost[apart], len(found)),
        group_sums(index, pairs.crossable[apart], len(found)) > 0,
    )
    return DistrictingProblem(
        np.stack([group_sums(group, column, count) for column in problem.weight.T], axis=1),
        np.stack([group_sums(group, share * column, count) for column in problem.xy.T], axis=1),
        area,
        rim,
        joined,
        Surroundings(np.zeros(count + 1, np.int64), np.zeros(0, np.int32)),
        np.zeros(count, np.int32),
        problem.districts,
        problem.band,
        problem.metre,
    )


def ranked(problem: DistrictingProblem, pool: list[Districting]) -> list[Ints]:
    """Return the different labellings of a pool of plans of one region, the cheapest first."""
    order = sorted(range(len(pool)), key=lambda k: float(pool[k].cost.sum()))
    seen: set[bytes] = set()
    plans = []
    for k in order:
        pairs = problem.adjacency
        key = np.packbits(pool[k].labels[pairs.low] == pool[k].labels[pairs.high]).tobytes()
        if key not in seen:
            seen.add(key)
            plans.append(pool[k].labels)
    return plans
