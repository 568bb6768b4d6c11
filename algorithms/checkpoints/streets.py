"""Street pieces between nodes: a road graph that may be cut further at places along its edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph


@dataclass(frozen=True, eq=False)
class Streets:
    """Nodes `xy` (n, 2) metres; piece i joins nodes `u[i]` and `v[i]`, is edge `edge[i]` of the graph from `low[i]` to `high[i]` metres.

    `seconds` (m, 2) along and against the edge, inf where that is not allowed.
    """

    xy: Floats
    u: Ints
    v: Ints
    edge: Ints
    low: Floats
    high: Floats
    seconds: Floats

    @property
    def node_count(self) -> int:
        return len(self.xy)


def streets_of(graph: RoadGraph, edge: Ints, along: Floats, xy: Floats) -> Streets:
    """Return the graph with its edges cut at places: (k,) edges, metres along each, and coordinates (k, 2)."""
    order = np.lexsort((along, edge))
    edge, along, xy = edge[order], along[order], xy[order]
    piece = np.concatenate((np.arange(graph.edge_count), edge))
    low = np.concatenate((np.zeros(graph.edge_count), along))
    node = np.concatenate((graph.u, graph.node_count + np.arange(len(edge))))
    order = np.lexsort((low, piece))
    piece, low, node = piece[order], low[order], node[order]
    last = np.append(piece[1:] != piece[:-1], [True] * bool(len(piece)))
    high, end = np.append(low[1:], 0.0)[: len(low)], np.append(node[1:], 0)[: len(node)]
    high[last], end[last] = graph.length[piece[last]], graph.v[piece[last]]
    share = (high - low) / np.maximum(graph.length[piece], 1e-9)
    seconds = graph.seconds.reshape(-1, 2)[piece] * np.maximum(share, 1e-9)[:, None]
    return Streets(np.concatenate((graph.node_xy, xy)), node, end, piece, low, high, seconds)
