"""Fastest ways through a road graph: many-to-many times, and the arcs of a way where it is to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends
from algorithms.progress import SILENT, Progress

_CHUNK = 8_000_000  # entries of a distance table held at a time


@dataclass(frozen=True, eq=False)
class ArcNetwork:
    """A part of a road graph made ready for search.

    `nodes` (k,) are the graph's nodes in it, rising; `times` (k, k) sparse seconds of the fastest arc between two
    neighbours, and `arcs` the number of that arc for each stored entry.
    """

    nodes: Ints
    times: csr_array
    arcs: Ints

    def rows(self, nodes: Ints) -> Ints:
        """Return the rows of graph nodes; every one of them must lie in the network."""
        row = np.searchsorted(self.nodes, nodes)
        if len(row) and (row.max() >= len(self.nodes) or np.any(self.nodes[row] != nodes)):
            raise ValueError("a node lies outside the network")
        return row


def arc_network(graph: RoadGraph, around: Ints | None = None, margin: float = 0.0) -> ArcNetwork:
    """Return the whole graph, or its part inside the bounding box of the nodes `around`, widened by `margin` metres.

    A clipped network is many times faster to search, and its ways are ways of the graph; but a faster way that leaves the
    box is not seen.
    """
    inside = np.ones(graph.node_count, bool)
    if around is not None and len(around):
        low, high = graph.node_xy[around].min(axis=0) - margin, graph.node_xy[around].max(axis=0) + margin
        inside = np.all((graph.node_xy >= low) & (graph.node_xy <= high), axis=1)
    nodes = np.flatnonzero(inside)
    row = np.cumsum(inside) - 1
    arcs = np.flatnonzero(np.isfinite(graph.seconds))
    tail, head = arc_ends(graph, arcs)
    keep = inside[tail] & inside[head] & (tail != head)
    arcs, tail, head = arcs[keep], row[tail[keep]], row[head[keep]]
    order = np.lexsort((arcs, graph.seconds[arcs], head, tail))
    arcs, tail, head = arcs[order], tail[order], head[order]
    fastest = np.ones(len(arcs), bool)  # a sparse matrix would add up parallel arcs
    fastest[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    arcs, tail, head = arcs[fastest], tail[fastest], head[fastest]
    starts = np.searchsorted(tail, np.arange(len(nodes) + 1))
    times = csr_array((graph.seconds[arcs], head, starts), shape=(len(nodes), len(nodes)))
    return ArcNetwork(nodes, times, arcs)


def travel_times(network: ArcNetwork, sources: Ints, targets: Ints, progress: Progress = SILENT) -> Floats:
    """Return the seconds from every source to every target (graph nodes), (sources, targets), inf where there is no way."""
    start, column = np.unique(network.rows(sources), return_inverse=True)
    goal = network.rows(targets)
    table = np.empty((len(start), len(goal)))
    step = max(1, _CHUNK // max(len(network.nodes), 1))
    for i in range(0, len(start), step):
        progress.check()
        progress.report(i / len(start))
        table[i : i + step] = dijkstra(network.times, indices=start[i : i + step])[:, goal]
    return table[column]


def times_from(network: ArcNetwork, source: int) -> Floats:
    """Return the seconds from one node to every node of the network, (k,)."""
    found: Floats = dijkstra(network.times, indices=int(network.rows(np.array([source]))[0]))
    return found


def times_to(network: ArcNetwork, target: int) -> Floats:
    """Return the seconds from every node of the network to one node, (k,)."""
    found: Floats = dijkstra(csr_array(network.times.T), indices=int(network.rows(np.array([target]))[0]))
    return found


def fastest_ways(network: ArcNetwork, sources: Ints, targets: Ints, progress: Progress = SILENT) -> list[Ints]:
    """Return for every pair (sources[i], targets[i]) the arcs of a fastest way; none where both are the same node.

    Raises
    ------
    ValueError
        Where a target cannot be reached from its source.
    """
    start, goal = network.rows(sources), network.rows(targets)
    unique, group = np.unique(start, return_inverse=True)
    ways: list[Ints] = [np.zeros(0, np.int64)] * len(start)
    step = max(1, _CHUNK // (2 * max(len(network.nodes), 1)))
    for i in range(0, len(unique), step):
        progress.check()
        progress.report(i / len(unique))
        before = dijkstra(network.times, indices=unique[i : i + step], return_predecessors=True)[1]
        for pair in np.flatnonzero((group >= i) & (group < i + step)).tolist():
            ways[pair] = _walk_back(network, before[group[pair] - i], int(start[pair]), int(goal[pair]))
    return ways


def _walk_back(network: ArcNetwork, before: Ints, start: int, goal: int) -> Ints:
    arcs: list[int] = []
    indptr, indices = network.times.indptr, network.times.indices
    while goal != start:
        previous = int(before[goal])
        if previous < 0:
            raise ValueError(f"no way from node {network.nodes[start]} to node {network.nodes[goal]}")
        low, high = int(indptr[previous]), int(indptr[previous + 1])
        arcs.append(int(network.arcs[low + np.searchsorted(indices[low:high], goal)]))
        goal = previous
    return np.array(arcs[::-1], np.int64)
