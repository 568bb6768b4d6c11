"""Keeping crews on their own ground: which edges beyond it they must be let onto, so that all they serve can be reached and left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends

_HERE = 1e-3  # cost of a metre on the own ground beside 1 beyond it


@dataclass(frozen=True, eq=False)
class Confinement:
    """What of a road graph crews may drive beside their own ground.

    `approach` (m,) edges beyond it on the fastest ways between depots and ground; `legs` (m,) those without which something cannot be
    served. `part` (i,) numbers for every item (required edges, then nodes) the piece of the ground it lies in, -1 where it needs no leg,
    -2 where no way leads to it at all; `metres` (parts,) are driven beyond the ground there and back for each piece.
    """

    approach: Bools
    legs: Bools
    part: Ints
    metres: Floats


def confine(graph: RoadGraph, inside: Bools, depots: Ints, edges: Ints, nodes: Ints, both: Bools | None = None) -> Confinement:
    """Return the edges that crews from `depots` (d,) need beyond their ground `inside` (m,) to serve `edges` (r,) and `nodes` (s,).

    The ground is as good as its largest part in which everything can be reached from everything, by metres of what is to be served. What
    lies apart from that is joined to it over the fewest metres beyond the ground, there and back; where that is not the ground, on
    least metres in all. An edge needs one of its directions, one of `both` (r,) each that is open. Banned turns are not looked at.
    """
    m = graph.edge_count
    pair = np.zeros(len(edges), bool) if both is None else both
    core = _main_part(graph, inside, depots, edges, nodes)
    if core is None:
        return Confinement(np.zeros(m, bool), np.zeros(m, bool), np.full(len(edges) + len(nodes), -1), np.zeros(0))
    approach = np.zeros(m, bool)
    there, back = _Ways(graph, graph.seconds, core, False), _Ways(graph, graph.seconds, core, True)
    for depot in np.unique(depots).tolist():
        for ways in (there, back):
            approach[[edge for edge in ways.edges(depot) if not inside[edge]]] = True
    arcs = np.repeat(graph.length * np.where(inside | approach, _HERE, 1.0), 2)
    cost = np.where(np.isfinite(graph.seconds), arcs, np.inf)
    out, home = _Ways(graph, cost, core, False), _Ways(graph, cost, core, True)
    metres_of = np.where(inside | approach, 0.0, graph.length)
    piece = _pieces(graph, inside)
    legs = np.zeros(m, bool)
    needed: dict[int, set[int]] = {}
    part = np.full(len(edges) + len(nodes), -1, np.int64)
    key_of: dict[int, int] = {}
    items: list[tuple[int, list[tuple[int, int]]]] = []
    for i, edge in enumerate(edges.tolist()):
        runs = [(2 * edge + k, arc_ends(graph, np.array([2 * edge + k]))) for k in (0, 1) if np.isfinite(graph.seconds[2 * edge + k])]
        pairs = [(int(tail[0]), int(head[0])) for _arc, (tail, head) in runs]
        if not pair[i] and len(pairs) > 1:
            pairs = [min(pairs, key=lambda ends: out.cost[ends[0]] + home.cost[ends[1]])]
        items.append((i, pairs))
    items += [(len(edges) + i, [(node, node)]) for i, node in enumerate(nodes.tolist())]
    for i, pairs in items:
        if not pairs or not all(np.isfinite(out.cost[tail] + home.cost[head]) for tail, head in pairs):
            part[i] = -2
            continue
        beyond = {e for tail, head in pairs for e in (*out.edges(tail), *home.edges(head)) if metres_of[e] > 0}
        if i < len(edges):
            beyond.discard(int(edges[i]))
        if beyond:
            key = int(piece[pairs[0][0]])
            part[i] = key_of.setdefault(key, len(key_of))
            needed.setdefault(part[i], set()).update(beyond)
            legs[list(beyond)] = True
    metres = np.array([sum(float(metres_of[e]) for e in needed[k]) for k in range(len(key_of))])
    return Confinement(approach, legs & ~approach, part, metres)


class _Ways:
    """Cheapest ways between a set of nodes and every node: from the set, or to it where `towards`."""

    def __init__(self, graph: RoadGraph, cost: Floats, core: Ints, towards: bool) -> None:
        arcs = np.flatnonzero(np.isfinite(cost))
        tail, head = arc_ends(graph, arcs)
        if towards:
            tail, head = head, tail
        order = np.lexsort((arcs, cost[arcs], head, tail))
        arcs, tail, head = arcs[order], tail[order], head[order]
        fresh = np.ones(len(arcs), bool)
        fresh[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])  # of parallel arcs the cheapest
        arcs, tail, head = arcs[fresh], tail[fresh], head[fresh]
        n = graph.node_count
        self._arcs, self._tail, self._head, self._n = arcs, tail, head, n
        links = csr_array((np.maximum(cost[arcs], 1e-12), (tail, head)), shape=(n, n))
        self.cost, self._before, _source = dijkstra(links, indices=core, min_only=True, return_predecessors=True)
        self._key = tail * n + head

    def edges(self, node: int) -> list[int]:
        """Return the edges of the way between the set and a node."""
        found: list[int] = []
        while self._before[node] >= 0:
            last = int(self._before[node])
            found.append(int(self._arcs[np.searchsorted(self._key, last * self._n + node)]) // 2)
            node = last
        return found


def _main_part(graph: RoadGraph, inside: Bools, depots: Ints, edges: Ints, nodes: Ints) -> Ints | None:
    """Return the nodes of the part of the ground in which crews can go everywhere and on which most of what they serve lies.

    Of equal parts the one with a depot, or else with more streets.
    """
    arcs = np.flatnonzero(np.isfinite(graph.seconds) & np.repeat(inside, 2))
    if not len(arcs):
        return None
    tail, head = arc_ends(graph, arcs)
    n = graph.node_count
    label = connected_components(csr_array((np.ones(len(arcs)), (tail, head)), shape=(n, n)), directed=True, connection="strong")[1]
    whole = inside & (label[graph.u] == label[graph.v]) & np.isfinite(graph.seconds.reshape(-1, 2)).any(axis=1)
    if not whole.any():
        return None
    mine = edges[whole[edges]]
    count = int(label.max()) + 1
    wanted = np.bincount(label[graph.u[mine]], graph.length[mine], count) + 100.0 * np.bincount(label[nodes], minlength=count)
    wanted[np.bincount(label[graph.u[whole]], minlength=count) == 0] = -1.0
    metres = np.bincount(label[graph.u[whole]], graph.length[whole], count)
    home = np.bincount(label[depots], minlength=count) > 0
    best = int(np.lexsort((metres, home, np.round(wanted, 3)))[-1])
    return np.flatnonzero(label == best)


def _pieces(graph: RoadGraph, inside: Bools) -> Ints:
    """Return the number of the connected piece of the ground of each node, whatever the direction, (n,)."""
    own = np.flatnonzero(inside)
    n = graph.node_count
    links = csr_array((np.ones(len(own)), (graph.u[own], graph.v[own])), shape=(n, n))
    found: Ints = connected_components(links, directed=False)[1]
    return found
