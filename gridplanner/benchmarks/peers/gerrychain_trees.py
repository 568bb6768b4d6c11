"""GerryChain's samplers of spanning trees. They draw plans within 5 % of equal weight; they do not look for a best one."""

from __future__ import annotations

import functools
import random
import warnings
from typing import Any

import numpy as np

from .area import Area, Ints

EPSILON = 0.05
STEPS = 200


def recursive_tree(area: Area, seed: int) -> Ints:
    """Return the labels of one recursive tree partition."""
    return _labels(area, _first(_graph(area), area, seed))


def recom(area: Area, seed: int) -> Ints:
    """Return the plan with the shortest inner border among `STEPS` of the recombination chain (DeFord, Duchin and Solomon 2021)."""
    import gerrychain
    from gerrychain.proposals import recom as propose

    graph = _graph(area)
    target = float(area.weight.sum()) / area.k
    first = gerrychain.Partition(graph, _first(graph, area, seed))
    rng = random.Random(seed)
    step = functools.partial(propose, pop_col="weight", pop_target=target, epsilon=EPSILON, node_repeats=2)
    best, least = np.zeros(0, np.int64), np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for plan in gerrychain.MarkovChain(step, [], gerrychain.accept.always_accept, first, STEPS, rng=rng):
            labels = _labels(area, plan.assignment)
            border = float(area.length[labels[area.low] != labels[area.high]].sum())
            if border < least:
                best, least = labels, border
    return best


def _graph(area: Area) -> Any:
    import gerrychain
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from((i, {"weight": int(w)}) for i, w in enumerate(area.weight))
    graph.add_edges_from(zip(area.low.tolist(), area.high.tolist(), strict=True))
    return gerrychain.Graph.from_networkx(graph)


def _first(graph: Any, area: Area, seed: int) -> Any:
    from gerrychain.partition.initial_partition_generators import recursive_tree_part

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        target = float(area.weight.sum()) / area.k
        return recursive_tree_part(graph, range(area.k), target, "weight", EPSILON, rng=random.Random(seed))


def _labels(area: Area, assignment: Any) -> Ints:
    return np.array([assignment[i] for i in range(len(area))], np.int64)
