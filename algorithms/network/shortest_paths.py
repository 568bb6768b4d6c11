"""Fastest ways through a road graph: many-to-many times, and the arcs of a way where it is to be drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.network.arc_network import NO_ARC, ArcNetwork, arc_network
from algorithms.network.certainty import certain, certain_pairs, reachable
from algorithms.network.polylines import Floats, Ints
from algorithms.progress import SILENT, Progress

__all__ = ["NO_ARC", "ArcNetwork", "arc_network", "fastest_ways", "times_from", "times_to", "travel_tables", "travel_times"]

_CHUNK = 8_000_000  # entries of a distance table held at a time


def travel_times(
    network: ArcNetwork, sources: Ints, targets: Ints, progress: Progress = SILENT, after: Ints | None = None, before: Ints | None = None
) -> Floats:  # fmt: skip
    """Return the priced seconds from every source to every target (graph nodes), (sources, targets), inf where there is no way.

    `after` (sources,) is the arc by which each source was come to, `before` (targets,) the arc by which each target will be left, NO_ARC
    for none: banned turns are not made there either. Where the network is clipped, what might be faster outside is searched again in a
    wider part until nothing can be (`certain`), so the times are those of the whole graph.

    Raises
    ------
    ValueError
        Where a node lies outside the network, or an arc does not end or begin where it should.
    """
    return _tables(network, (sources, after), (targets, before), progress, False)[0]


def travel_tables(
    network: ArcNetwork, sources: Ints, targets: Ints, progress: Progress = SILENT, after: Ints | None = None, before: Ints | None = None
) -> tuple[Floats, Floats]:  # fmt: skip
    """Return `travel_times`, and the seconds that the ways so chosen take without the prices, (sources, targets) each."""
    return _tables(network, (sources, after), (targets, before), progress, True)


def times_from(network: ArcNetwork, source: int) -> Floats:
    """Return the priced seconds from one node to every node of the network, by ways inside it, (k,)."""
    found: Floats = dijkstra(network.times, indices=int(network.rows(np.array([source]))[0]))
    return network.at_nodes(found)


def times_to(network: ArcNetwork, target: int) -> Floats:
    """Return the priced seconds from every node of the network to one node, by ways inside it, (k,)."""
    row, _which, others = network.arrivals(np.array([target]))
    found: Floats = dijkstra(csr_array(network.times.T), indices=np.concatenate((row, others)), min_only=True)
    return found[: len(network.nodes)]


def fastest_ways(
    network: ArcNetwork, sources: Ints, targets: Ints, progress: Progress = SILENT, after: Ints | None = None, before: Ints | None = None
) -> list[Ints]:  # fmt: skip
    """Return for every pair (sources[i], targets[i]) the arcs of a cheapest way; none where both are the same node.

    `after` and `before` are as in `travel_times`; for a pair whose turn at the same node is banned there is a way round.

    Raises
    ------
    ValueError
        Where a target cannot be reached from its source.
    """
    sources, targets = np.asarray(sources), np.asarray(targets)
    ways: list[Ints] = [np.zeros(0, np.int64)] * len(sources)
    todo = np.arange(len(sources))
    while len(todo):
        left: list[Ints] = []
        given = (sources[todo], _part(after, todo), targets[todo], _part(before, todo))
        for group, pairs, reach, tree in _searched(network, *given[:2], progress, True):
            goal, cost = _ends(network, reach[group], given[2][pairs], _part(given[3], pairs))
            sure = certain_pairs(network, reach[group], cost, given[2][pairs])
            left.append(todo[pairs[~sure]])
            for i in np.flatnonzero(sure & np.isfinite(cost)).tolist():
                ways[todo[pairs[i]]] = _walk_back(network, tree[group[i]], int(goal[i]))
            for i in np.flatnonzero(sure & ~np.isfinite(cost)).tolist()[:1]:
                raise ValueError(f"no way from node {given[0][pairs[i]]} to node {given[2][pairs[i]]}")
        todo = np.concatenate(left)
        network = network.wider(np.concatenate((sources[todo], targets[todo]))) if len(todo) else network
    return ways


def _tables(
    network: ArcNetwork, begin: tuple[Ints, Ints | None], end: tuple[Ints, Ints | None], progress: Progress, with_seconds: bool
) -> tuple[Floats, Floats]:  # fmt: skip
    (sources, after), (targets, before) = begin, end
    sources, targets = np.asarray(sources), np.asarray(targets)
    cost = np.full((len(sources), len(targets)), np.inf)
    seconds = cost.copy() if with_seconds and network.price is not None else cost
    rows, columns = np.arange(len(sources)), np.arange(len(targets))
    while len(rows) and len(columns):
        left = np.zeros((len(rows), len(columns)), bool)
        to, on = targets[columns], _part(before, columns)
        for group, which, reach, tree in _searched(network, sources[rows], _part(after, rows), progress, seconds is not cost):
            goal, found = _table_ends(network, reach, to, on)
            sure = certain(network, reach, found, to)
            part = np.ix_(rows[which], columns)
            cost[part] = found[group]
            left[which] = ~sure[group]
            if seconds is not cost:
                seconds[part] = _true_seconds(network, tree, goal, found)[group]
        lost = left & ~np.isfinite(cost[np.ix_(rows, columns)])
        if lost.any():
            left &= ~lost | reachable(network, sources[rows], to)
        rows, columns = rows[left.any(axis=1)], columns[left.any(axis=0)]
        if len(rows):
            network = network.wider(np.concatenate((sources[rows], targets[columns])))
    return cost, seconds


def _searched(
    network: ArcNetwork, sources: Ints, after: Ints | None, progress: Progress, trees: bool
) -> Iterator[tuple[Ints, Ints, Floats, Ints]]:  # fmt: skip
    """Yield searches for some sources at a time: the row of each in the tables, which sources these are, costs and predecessors (u, r)."""
    start, column = np.unique(network.rows_after(sources, after), return_inverse=True)
    order = np.argsort(column, kind="stable")
    step = max(1, _CHUNK // ((2 if trees else 1) * max(network.times.shape[0], 1)))
    for i in range(0, len(start), step):
        progress.check()
        progress.report(i / len(start))
        low, high = np.searchsorted(column[order], [i, i + step])
        which = order[low:high]
        if trees:
            reach, tree = dijkstra(network.times, indices=start[i : i + step], return_predecessors=True)
        else:
            reach, tree = dijkstra(network.times, indices=start[i : i + step]), np.zeros((0, 0), np.int32)
        yield column[which] - i, which, reach, tree


def _part(arcs: Ints | None, rows: Ints) -> Ints | None:
    return None if arcs is None else np.asarray(arcs)[rows]


def _ends(network: ArcNetwork, reach: Floats, targets: Ints, before: Ints | None) -> tuple[Ints, Floats]:
    """Return the row (p,) at which each pair's way ends, and what it costs."""
    goal, which, others = network.arrivals(targets, before)
    cost = reach[np.arange(len(goal)), goal]
    for i, row in zip(which.tolist(), others.tolist(), strict=True):
        if reach[i, row] < cost[i]:
            goal[i], cost[i] = row, reach[i, row]
    return goal, cost


def _table_ends(network: ArcNetwork, reach: Floats, targets: Ints, before: Ints | None) -> tuple[Ints, Floats]:
    """Return the row at which the way from each source to each target ends (s, t), and what it costs."""
    row, which, others = network.arrivals(targets, before)
    cost = reach[:, row]
    goal = np.broadcast_to(row, cost.shape)
    if len(which):
        goal = goal.copy()
        for i, other in zip(which.tolist(), others.tolist(), strict=True):
            better = reach[:, other] < cost[:, i]
            cost[better, i], goal[better, i] = reach[better, other], other
    return goal, cost


def _true_seconds(network: ArcNetwork, tree: Ints, goal: Ints, cost: Floats) -> Floats:
    """Return the seconds without prices of the ways to `goal` (s, t), summed over the rows that the ways to all goals share.

    The rows on the ways are gathered a step at a time, from the goals back; then each row's sum reaches twice as far back in every round
    (pointer jumping, Wyllie 1979), until it reaches the source.
    """
    size = tree.shape[1]
    before_of = tree.ravel()
    source, target = np.nonzero(np.isfinite(cost))
    ends = source * size + goal[source, target]
    number = np.full(tree.size, -1, np.int64)
    front, parts, count = ends, [], 0
    while len(front):
        front = front[number[front] < 0]
        number[front] = np.arange(count, count + len(front))
        front = front[number[front] == np.arange(count, count + len(front))]  # each once
        number[front] = np.arange(count, count + len(front))
        parts.append(front)
        count += len(front)
        before = before_of[front]
        front = (front - front % size + before)[before >= 0]
    rows = np.concatenate(parts) if parts else ends
    before, row = before_of[rows].astype(np.int64), rows % size
    moved = before >= 0
    keys = np.repeat(np.arange(size), np.diff(network.times.indptr)) * size + network.times.indices
    total = np.zeros(len(rows))
    entry = np.searchsorted(keys, before[moved] * size + row[moved])
    total[moved] = network.graph.seconds[network.arcs[entry]]
    up = np.arange(len(rows))
    up[moved] = number[rows[moved] - row[moved] + before[moved]]
    while np.any(up[up] != up):
        total += total[up]
        up = up[up]
    found = np.full(cost.shape, np.inf)
    found[source, target] = total[number[ends]]
    return found


def _walk_back(network: ArcNetwork, tree: Ints, goal: int) -> Ints:
    """Return the arcs of the way to a row, whose search's tree (r,) gives the row before each."""
    arcs: list[int] = []
    indptr, indices = network.times.indptr, network.times.indices
    while (previous := int(tree[goal])) >= 0:
        low, high = int(indptr[previous]), int(indptr[previous + 1])
        arcs.append(int(network.arcs[low + np.searchsorted(indices[low:high], goal)]))
        goal = previous
    return np.array(arcs[::-1], np.int64)
