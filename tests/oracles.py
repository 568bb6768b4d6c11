"""Independent checkers: slow, simple, written apart from what they check."""

from itertools import combinations

import networkx as nx
import numpy as np


def graph_of(count, pairs):
    """The neighbour graph over crossable pairs."""
    graph = nx.Graph()
    graph.add_nodes_from(range(count))
    ok = pairs.crossable
    graph.add_edges_from(zip(pairs.low[ok].tolist(), pairs.high[ok].tolist(), strict=True))
    return graph


def is_connected(graph, units):
    """True where the units hang together."""
    return len(units) > 0 and nx.is_connected(graph.subgraph([int(u) for u in units]))


def broken_districts(graph, labels):
    """The labels whose units are in several pieces."""
    return [int(k) for k in np.unique(labels) if not is_connected(graph, np.flatnonzero(labels == k))]


def all_partitions(graph, count, districts):
    """Every labelling of `count` ≤ 10 units into connected districts, each once."""

    def grow(labels, unit, used):
        if unit == count:
            if used == districts and all(is_connected(graph, np.flatnonzero(np.array(labels) == k)) for k in range(used)):
                yield np.array(labels, np.int32)
            return
        for k in range(min(used + 1, districts)):
            yield from grow([*labels, k], unit + 1, max(used, k + 1))

    yield from grow([], 0, 0)


def rule_holds(problem, labels, span, window):
    """Whether a plan keeps the rule that a proof names; written apart from the code that makes it."""
    count = int(problem.districts[0])
    side = np.sqrt(problem.area.sum() / count)
    pairs = {tuple(p) for p in np.column_stack((problem.adjacency.low, problem.adjacency.high))[problem.adjacency.crossable].tolist()}
    for district in range(count):
        units = np.flatnonzero(labels == district).tolist()
        load = sum(problem.weight[u] for u in units).max()
        if not window[0] <= load <= window[1]:
            return False
        for a, b in combinations(units, 2):
            apart = np.hypot(*(problem.xy[a] - problem.xy[b])) - (np.sqrt(problem.area[a]) + np.sqrt(problem.area[b])) / 2
            if apart > span * side and (a, b) not in pairs:
                return False
    return True
