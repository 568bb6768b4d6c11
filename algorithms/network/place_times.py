"""Times between places along a road graph: they lie on edges, not at nodes, and off the road by some metres."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import dijkstra

from algorithms.network.nearest import EdgePlaces
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph
from algorithms.network.shortest_paths import ArcNetwork
from algorithms.progress import SILENT, Progress

_CHUNK = 8_000_000  # entries of a distance table held at a time


def place_times(
    graph: RoadGraph, network: ArcNetwork, sources: EdgePlaces, targets: EdgePlaces, off_road: float, limit: float = np.inf,
    progress: Progress = SILENT, lead: Floats | None = None,
) -> Floats:  # fmt: skip
    """Return the seconds from every source to every target, (s, t): along the edge, through the graph, and on foot at both ends.

    `network` is of `graph`; `off_road` is the speed from the road to a place, m/s; `lead` (s,) the seconds from each source to the
    road where that is not at this speed too. Banned turns are not made on the way, but for those out of a source's own edge and into a
    target's. Ways longer than `limit` seconds between nodes of the graph are not looked for. Places with
    no way between them are inf apart.
    """
    table = np.empty((len(sources.edge), len(targets.edge)))
    for rows, part in place_times_by_source(graph, network, sources, targets, off_road, limit, progress, lead):
        table[rows] = part
    return table


def place_times_by_source(
    graph: RoadGraph, network: ArcNetwork, sources: EdgePlaces, targets: EdgePlaces, off_road: float, limit: float = np.inf,
    progress: Progress = SILENT, lead: Floats | None = None,
) -> Iterator[tuple[slice, Floats]]:  # fmt: skip
    """Yield `place_times` for some sources after another, (rows, (r, t)), so that the whole table need not be held."""
    arrive_u, arrive_v = network_rows(network, graph.u[targets.edge]), network_rows(network, graph.v[targets.edge])
    last_u, last_v = edge_seconds(graph, targets, arriving=True)
    lead = sources.distance / off_road if lead is None else lead
    step = max(1, _CHUNK // max(2 * network.times.shape[0], len(targets.edge), 1))
    leave_u, leave_v = edge_seconds(graph, sources, arriving=False)
    for start in range(0, len(sources.edge), step):
        progress.check()
        progress.report(start / len(sources.edge))
        rows = slice(start, min(start + step, len(sources.edge)))
        ends = np.concatenate((graph.u[sources.edge[rows]], graph.v[sources.edge[rows]]))
        node, place = np.unique(ends, return_inverse=True)
        row = network_rows(network, node)
        known = row >= 0
        reach = np.full((len(node), len(network.nodes) + 1), np.inf)  # the last column is of nodes that are not in the network
        reach[known, :-1] = network.at_nodes(dijkstra(network.times, indices=row[known], limit=limit))
        half = len(ends) // 2
        best = np.full((half, len(targets.edge)), np.inf)
        for first, leave in ((place[:half], leave_u[rows]), (place[half:], leave_v[rows])):
            for arrive, last in ((arrive_u, last_u), (arrive_v, last_v)):
                np.minimum(best, leave[:, None] + reach[np.ix_(first, arrive)] + last, out=best)
        np.minimum(best, _along(graph, sources, targets, rows), out=best)
        yield rows, best + lead[rows, None] + targets.distance / off_road


def network_rows(network: ArcNetwork, nodes: Ints) -> Ints:
    """Return the rows of graph nodes in the network, -1 for those beyond it."""
    row = np.searchsorted(network.nodes, nodes)
    inside = row < len(network.nodes)
    inside[inside] = network.nodes[row[inside]] == nodes[inside]
    return np.where(inside, row, -1)


def edge_seconds(graph: RoadGraph, places: EdgePlaces, *, arriving: bool) -> tuple[Floats, Floats]:
    """Return the seconds between each place and node u, and node v, of its edge: to the node, or from it where one arrives."""
    share = places.along / np.maximum(graph.length[places.edge], 1e-9)
    forward, backward = graph.seconds[2 * places.edge], graph.seconds[2 * places.edge + 1]
    near_u, near_v = (forward, backward) if arriving else (backward, forward)
    return share_of(share, near_u), share_of(1.0 - share, near_v)


def share_of(share: Floats, seconds: Floats) -> Floats:
    """Return a share of some seconds; none of an arc that is closed is nothing, for its end is where the place is."""
    open_arc = np.isfinite(seconds)
    return np.where(open_arc, share * np.where(open_arc, seconds, 0.0), np.where(share <= 1e-9, 0.0, np.inf))


def _along(graph: RoadGraph, sources: EdgePlaces, targets: EdgePlaces, rows: slice) -> Floats:
    """Return the seconds to targets on the source's own edge, inf to others."""
    found = np.full((rows.stop - rows.start, len(targets.edge)), np.inf)
    order = np.argsort(targets.edge, kind="stable")
    edges = targets.edge[order]
    low, high = (np.searchsorted(edges, sources.edge[rows], side=side) for side in ("left", "right"))
    for place in np.flatnonzero(high > low).tolist():  # few sources have a target beside them
        at = order[low[place] : high[place]]
        edge = int(sources.edge[rows.start + place])
        ahead = (targets.along[at] - sources.along[rows.start + place]) / max(float(graph.length[edge]), 1e-9)
        seconds = np.where(ahead >= 0, graph.seconds[2 * edge], graph.seconds[2 * edge + 1])
        found[place, at] = share_of(np.abs(ahead), seconds)
    return found
