"""How soon everything on a road graph is reached from the nearest in time of several posts: one search from all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.network.nearest import EdgePlaces
from algorithms.network.place_times import edge_seconds, network_rows, share_of
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph
from algorithms.network.shortest_paths import ArcNetwork

NO_POST = -1


@dataclass(frozen=True, eq=False)
class Reach:
    """When each node of a network is first reached, and from where.

    `posts` are the places that crews start from and `lead` (p,) the seconds until each is on the road; `seconds` (k,) is when each node
    of the network is reached, inf where there is no way, and `first` (k,) the row of the post that is first there, NO_POST for none.
    """

    posts: EdgePlaces
    lead: Floats
    seconds: Floats
    first: Ints

    def __post_init__(self) -> None:
        for array in (self.lead, self.seconds, self.first):
            array.setflags(write=False)


def reach_from(graph: RoadGraph, network: ArcNetwork, posts: EdgePlaces, lead: Floats) -> Reach:
    """Return when each node of a network is reached from the first of the posts (p,), which lie on edges.

    Dijkstra's search from all posts at once: a post is a node of its own with an arc to each end of its edge, so that the work does not
    grow with the number of posts.
    """
    k, p = network.times.shape[0], len(posts.edge)
    if not p:
        nodes = len(network.nodes)
        return Reach(posts, np.asarray(lead, np.float64), np.full(nodes, np.inf), np.full(nodes, NO_POST, np.int64))
    to_u, to_v = edge_seconds(graph, posts, arriving=False)
    tail = np.tile(k + np.arange(p), 2)
    head = np.concatenate((network_rows(network, graph.u[posts.edge]), network_rows(network, graph.v[posts.edge])))
    cost = np.concatenate((lead + to_u, lead + to_v))
    # of posts at one place only the first there sets out: equal times would share the streets between them at random
    order = np.lexsort((np.arange(p), lead, posts.along, posts.edge))
    same = (np.diff(posts.edge[order]) == 0) & (np.diff(posts.along[order]) == 0)
    sets_out = np.isin(np.arange(p), order[np.append(True, ~same)])
    open_way = (head >= 0) & np.isfinite(cost) & np.tile(sets_out, 2)
    tail, head, cost = tail[open_way], head[open_way], cost[open_way]
    order = np.lexsort((cost, head, tail))  # an edge from a node to itself gives two arcs, of which the faster one counts
    tail, head, cost = tail[order], head[order], cost[order]
    fresh = np.append(True, (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])) if len(tail) else np.zeros(0, bool)
    inner = np.repeat(np.arange(k), np.diff(network.times.indptr))
    rows = np.concatenate((inner, tail[fresh]))
    columns = np.concatenate((network.times.indices, head[fresh]))
    values = np.concatenate((network.times.data, cost[fresh]))
    links = csr_array((values, (rows, columns)), shape=(k + p, k + p))
    seconds, _before, source = dijkstra(links, indices=k + np.arange(p), min_only=True, return_predecessors=True)
    first = np.where(np.isfinite(seconds[:k]), source[:k] - k, NO_POST)
    return Reach(posts, np.asarray(lead, np.float64), *_by_node(network, seconds[:k], first.astype(np.int64)))


def _by_node(network: ArcNetwork, seconds: Floats, first: Ints) -> tuple[Floats, Ints]:
    """Return when each node is reached and from where, of what is known by row: some nodes have several, one for each way of coming in."""
    k = len(network.nodes)
    node = network.rows(network.index.turn_node[network.turns])
    by_node, post = seconds[:k].copy(), first[:k].copy()
    order = np.argsort(-seconds[k:], kind="stable")  # the soonest is written last
    sooner = order[seconds[k:][order] < by_node[node[order]]]
    by_node[node[sooner]], post[node[sooner]] = seconds[k:][sooner], first[k:][sooner]
    return by_node, post


def reached(graph: RoadGraph, network: ArcNetwork, reach: Reach, targets: EdgePlaces) -> tuple[Floats, Ints]:
    """Return the seconds until the road beside each target (t,) is reached, inf where there is no way, and the post that is first.

    A target is come to over either end of its edge, or along the edge from a post on it. Equal times go to the lower post.
    """
    seconds, first = np.full(len(targets.edge), np.inf), np.full(len(targets.edge), NO_POST, np.int64)
    ends = (graph.u[targets.edge], graph.v[targets.edge])
    for node, last in zip(ends, edge_seconds(graph, targets, arriving=True), strict=True):
        row = network_rows(network, node)
        at = np.where(row >= 0, reach.seconds[row] + last, np.inf)
        _keep_sooner(seconds, first, np.arange(len(at)), at, np.where(row >= 0, reach.first[row], NO_POST))
    order = np.argsort(targets.edge, kind="stable")
    edges = targets.edge[order]
    posts = reach.posts
    low, high = (np.searchsorted(edges, posts.edge, side=side) for side in ("left", "right"))
    for post in np.flatnonzero(high > low).tolist():
        at, edge = order[low[post] : high[post]], int(posts.edge[post])
        ahead = (targets.along[at] - posts.along[post]) / max(float(graph.length[edge]), 1e-9)
        along = share_of(np.abs(ahead), np.where(ahead >= 0, graph.seconds[2 * edge], graph.seconds[2 * edge + 1]))
        _keep_sooner(seconds, first, at, reach.lead[post] + along, np.full(len(at), post, np.int64))
    return seconds, first


def _keep_sooner(seconds: Floats, first: Ints, rows: Ints, at: Floats, post: Ints) -> None:
    """Put in place at `rows` what is sooner, or as soon and from a lower post."""
    sooner = (at < seconds[rows]) | ((at == seconds[rows]) & np.isfinite(at) & (post < first[rows]))
    seconds[rows[sooner]], first[rows[sooner]] = at[sooner], post[sooner]
