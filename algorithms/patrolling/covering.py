"""Coverage of an area by patrol routes: the metres of street that lie near a route, and the pieces that bring most of the rest near one.

Distances are along the streets, in either direction. Choosing pieces is weighted set cover; the greedy choice by gain per cost is within
a factor of 1 + ln n of the best (Chvátal, *A greedy heuristic for the set-covering problem*, Mathematics of Operations Research 4, 1979).
"""

from __future__ import annotations

import heapq

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import RoadGraph
from algorithms.progress import SILENT, Progress

_CHUNK = 4_000_000  # entries of a distance table held at a time


def near_metres(graph: RoadGraph, route: Ints, edges: Ints, reach: float) -> Floats:
    """Return how many metres of each of the `edges` (e,) lie within `reach` metres, along the streets, of the edges of a `route`, (e,)."""
    if not len(route) or not len(edges):
        return np.zeros(len(edges))
    nodes = np.unique(np.concatenate((graph.u[route], graph.v[route])))
    away = dijkstra(_metres(graph), indices=nodes, min_only=True, limit=reach)
    near = _covered(graph.length[edges], away[graph.u[edges]], away[graph.v[edges]], reach)
    return np.where(np.isin(edges, route), graph.length[edges], near)


def pieces_to_cover(
    graph: RoadGraph, route: Ints, edges: Ints, candidates: Ints, reach: float, metres: float, progress: Progress = SILENT
) -> Ints:
    """Return pieces among the `candidates` that, driven beside the `route`, bring `metres` of the `edges` within `reach` of what is driven.

    Each is the one with most metres gained by metres of detour (there and back) and drive; fewer where there are none that gain anything.
    """
    links = _metres(graph)
    start = np.unique(np.concatenate((graph.u[route], graph.v[route]))) if len(route) else np.zeros(0, np.int64)
    away = dijkstra(links, indices=start, min_only=True) if len(start) else np.full(graph.node_count, np.inf)
    near = np.where(away <= reach, away, np.inf)
    length, u, v = graph.length[edges], graph.u[edges], graph.v[edges]
    whole = np.isin(edges, route)
    covered = np.where(whole, length, _covered(length, near[u], near[v], reach))
    nodes, row = np.unique(np.concatenate((graph.u[candidates], graph.v[candidates])), return_inverse=True)
    table = _near_table(links, nodes, np.concatenate((u, v)), reach, progress)
    at_u, at_v = table[:, : len(edges)], table[:, len(edges) :]
    first, last = row[: len(candidates)], row[len(candidates) :]
    place = np.full(graph.edge_count, -1)
    place[edges] = np.arange(len(edges))
    state = {"u": near[u].copy(), "v": near[v].copy()}

    def gained(c: int) -> tuple[Floats, float]:
        new_u = np.minimum(state["u"], np.minimum(at_u[first[c]], at_u[last[c]]))
        new_v = np.minimum(state["v"], np.minimum(at_v[first[c]], at_v[last[c]]))
        now = np.maximum(covered, _covered(length, new_u, new_v, reach))
        own = place[candidates[c]]
        if own >= 0:
            now[own] = length[own]
        return now, float(now.sum() - covered.sum())

    def cost(c: int) -> float:
        edge = candidates[c]
        there = min(away[graph.u[edge]], away[graph.v[edge]])
        return float(graph.length[edge] + 2 * there) + 1.0 if np.isfinite(there) else np.inf

    queue = [(-gained(c)[1] / cost(c), c) for c in range(len(candidates))]
    heapq.heapify(queue)
    chosen: list[int] = []
    while queue and covered.sum() < metres:
        progress.check()
        _rate, c = heapq.heappop(queue)
        now, gain = gained(c)  # gains only fall, so the first that keeps its place is the best (Minoux 1978)
        rate = gain / cost(c)
        if rate <= 0:
            continue
        if queue and -rate > queue[0][0] + 1e-12:
            heapq.heappush(queue, (-rate, c))
            continue
        chosen.append(int(candidates[c]))
        covered = now
        for ends, at in (("u", at_u), ("v", at_v)):
            state[ends] = np.minimum(state[ends], np.minimum(at[first[c]], at[last[c]]))
    return np.array(chosen, np.int64)


def _covered(length: Floats, at_u: Floats, at_v: Floats, reach: float) -> Floats:
    """Return the metres of edges that lie within `reach`, of what is so far from their two ends."""
    return np.asarray(np.minimum(length, np.maximum(reach - at_u, 0.0) + np.maximum(reach - at_v, 0.0)))


def _near_table(links: csr_array, nodes: Ints, targets: Ints, reach: float, progress: Progress) -> Floats:
    """Return the metres from nodes to targets, (nodes, targets), inf beyond `reach`."""
    table = np.empty((len(nodes), len(targets)), np.float32)
    step = max(1, _CHUNK // links.shape[0])
    for i in range(0, len(nodes), step):
        progress.check()
        table[i : i + step] = dijkstra(links, indices=nodes[i : i + step], limit=reach)[:, targets]
    return table.astype(np.float64)


def _metres(graph: RoadGraph) -> csr_array:
    """Return the streets that may be driven as a matrix of metres, the same both ways; of parallel ones the shortest."""
    own: Bools = np.isfinite(graph.seconds.reshape(-1, 2)).any(axis=1) & (graph.u != graph.v)
    tail, head = np.concatenate((graph.u[own], graph.v[own])), np.concatenate((graph.v[own], graph.u[own]))
    metres = np.tile(np.maximum(graph.length[own], 1e-6), 2)
    order = np.lexsort((metres, head, tail))
    tail, head, metres = tail[order], head[order], metres[order]
    fresh = np.ones(len(tail), bool)
    fresh[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    return csr_array((metres[fresh], (tail[fresh], head[fresh])), shape=(graph.node_count, graph.node_count))
