"""When a time found in a clipped network is the true one: a drive that leaves the box and comes back would take longer."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from algorithms.network.arc_network import ArcNetwork, arc_network
from algorithms.network.polylines import Bools, Floats, Ints

_SLACK = 1e-9  # of a time: two sums of the same seconds may differ by this


def certain(network: ArcNetwork, reach: Floats, found: Floats, targets: Ints) -> Bools:
    """Return which `found` (s, t) costs hold in the whole graph; `reach` (s, r) are the costs from each source to every row.

    A drive out of the box takes one of its exits; what lies before the exit is known exactly, and what lies behind it, to a target, is no
    shorter than the straight line at the top speed of the graph (prices only raise it). A found cost no higher than the least of these
    is the true one. First with the nearest exit of each source and target, then, for what that leaves open, exit by exit.
    """
    if network.whole or not len(network.exits.row):
        return np.ones(found.shape, bool)
    leave, back = _bounds(network, reach, targets)
    sure = found <= (leave.min(axis=1)[:, None] + back.min(axis=1)) * (1 + _SLACK)
    source, target = np.flatnonzero(~sure.all(axis=1)), np.flatnonzero(~sure.all(axis=0))
    if len(source):
        bound = np.full((len(source), len(target)), np.inf)
        for out, home in zip(leave[source].T, back[target].T, strict=True):
            np.minimum(bound, out[:, None] + home, out=bound)
        part = np.ix_(source, target)
        sure[part] = found[part] <= bound * (1 + _SLACK)
    return np.asarray(sure)


def certain_pairs(network: ArcNetwork, reach: Floats, found: Floats, targets: Ints) -> Bools:
    """Return the same for pairs: `found` (p,) from row i of `reach` (p, r) to `targets[i]`."""
    if network.whole or not len(network.exits.row):
        return np.ones(len(found), bool)
    leave, back = _bounds(network, reach, targets)
    return np.asarray(found <= (leave + back).min(axis=1) * (1 + _SLACK))


def _bounds(network: ArcNetwork, reach: Floats, targets: Ints) -> tuple[Floats, Floats]:
    """Return the costs from each source through each exit (s, x), and the least from each exit to each target (t, x)."""
    exits = network.exits
    place = network.graph.node_xy[targets]
    away = np.hypot(place[:, 0, None] - exits.xy[:, 0], place[:, 1, None] - exits.xy[:, 1])
    return reach[:, exits.row] + exits.cost, away / max(network.index.top_speed, 1e-9)


def reachable(network: ArcNetwork, sources: Ints, targets: Ints) -> Bools:
    """Return which targets (t,) can be driven to from each source (s,) in the whole graph, turns aside; (s, t).

    Where there is no way even with all turns, none need be looked for.
    """
    graph = network.graph
    whole = arc_network(graph, price=network.price)
    index = network.index
    at = index.node_of(np.arange(whole.times.shape[0]))
    tail = np.repeat(at, np.diff(whole.times.indptr))
    links = csr_array((np.ones(len(tail), np.int8), (tail, at[whole.times.indices])), shape=(graph.node_count, graph.node_count))
    start, row = np.unique(graph.component[sources] if network.price is None else sources, return_inverse=True)
    found = np.zeros((len(start), len(targets)), bool)
    for i in range(len(start)):
        seen = np.zeros(graph.node_count, bool)
        seen[breadth_first_order(links, int(sources[np.flatnonzero(row == i)[0]]), return_predecessors=False)] = True
        found[i] = seen[targets]
    return found[row]
