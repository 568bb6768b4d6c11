"""A road graph, or the part of it around some nodes, made ready for search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from algorithms.network.arc_index import ArcIndex, arc_index, ranges
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends

NO_ARC = -1
NARROW = 400.0  # metres: a margin below this is not worth widening step by step


@dataclass(frozen=True, eq=False)
class Exits:
    """Steps that lead out of a clipped network: from `row` (x,), at a price of `cost` (x,), to a place `xy` (x, 2) beyond it."""

    row: Ints
    cost: Floats
    xy: Floats


@dataclass(frozen=True, eq=False)
class ArcNetwork:
    """A part of a road graph made ready for search.

    `nodes` (k,) are the graph's nodes in it, rising. The search goes over r ≥ k rows: row i is `nodes[i]`, and row k + i the end of an
    arc after which a turn is banned, the arc `index.turn_arc[turns[i]]`. `times` (r, r) sparse are the priced seconds of the cheapest arc
    from row to row, and `arcs` the number of that arc for each stored entry. `price` (m,) is what an edge's seconds are multiplied by,
    None for one; `exits` lead beyond the nodes, `margin` metres around what was asked for.
    """

    graph: RoadGraph
    index: ArcIndex
    nodes: Ints
    turns: Ints
    times: csr_array
    arcs: Ints
    price: Floats | None
    margin: float
    exits: Exits

    @property
    def whole(self) -> bool:
        """True where nothing of the graph lies beyond."""
        return len(self.nodes) == self.graph.node_count

    def rows(self, nodes: Ints) -> Ints:
        """Return the rows of graph nodes; every one of them must lie in the network."""
        row = np.searchsorted(self.nodes, nodes)
        if len(row) and (row.max() >= len(self.nodes) or np.any(self.nodes[row] != nodes)):
            raise ValueError("a node lies outside the network")
        return row

    def rows_after(self, nodes: Ints, after: Ints | None = None) -> Ints:
        """Return the rows at which a drive begins at `nodes` (p,) when it has come by the arcs `after` (p,), NO_ARC for none."""
        rows = self.rows(nodes)
        if after is None:
            return rows
        self._meet(nodes, after, 1)
        turn = self.index.turn_rows(after)
        held = np.flatnonzero(turn >= 0)
        rows[held] = len(self.nodes) + np.searchsorted(self.turns, turn[held])
        return rows

    def arrivals(self, nodes: Ints, before: Ints | None = None) -> tuple[Ints, Ints, Ints]:
        """Return the rows (p,) of `nodes` (p,), and the other rows at which a drive may end there: which of the p, and the row.

        Where the drive will go on by the arcs `before` (p,), NO_ARC for none, rows from which that turn is banned are not among them.
        """
        rows = self.rows(nodes)
        at = self.index.turn_node[self.turns]
        if before is not None:
            self._meet(nodes, before, 0)
        if not len(at):
            return rows, np.zeros(0, np.int64), np.zeros(0, np.int64)
        order = np.argsort(at, kind="stable")
        first, last = (np.searchsorted(at[order], nodes, side=side) for side in ("left", "right"))
        turn, which = order[ranges(first, last)], np.repeat(np.arange(len(nodes)), last - first)
        if before is not None:
            arcs = len(self.graph.seconds)
            keys = self.graph.banned[:, 0] * arcs + self.graph.banned[:, 1]
            come = self.index.turn_arc[self.turns[turn]]
            allowed = (before[which] < 0) | ~np.isin(come * arcs + before[which], keys)
            turn, which = turn[allowed], which[allowed]
        return rows, which, len(self.nodes) + turn

    def at_nodes(self, by_row: Floats) -> Floats:
        """Return the least of what is known by row (…, r) for every node, (…, k)."""
        k = len(self.nodes)
        if by_row.shape[-1] == k:
            return by_row
        found = by_row[..., :k].copy()
        node = self.rows(self.index.turn_node[self.turns])
        np.minimum.at(found.T, node, by_row[..., k:].T)
        return found

    def wider(self, around: Ints) -> ArcNetwork:
        """Return the network of the same graph and prices around some nodes, with twice the margin."""
        return arc_network(self.graph, around, 2 * max(self.margin, NARROW), self.price)

    def _meet(self, nodes: Ints, arcs: Ints, end: int) -> None:
        given = arcs >= 0
        if np.any(arc_ends(self.graph, arcs[given])[end] != nodes[given]):
            raise ValueError("an arc before or after a way does not meet its end")


def arc_network(graph: RoadGraph, around: Ints | None = None, margin: float = 0.0, price: Floats | None = None) -> ArcNetwork:
    """Return the whole graph, or its part within `margin` metres (and a bit) of the convex hull of the nodes `around`.

    An infinite margin is the whole graph. `price` (m,) ≥ 1 multiplies the seconds of each edge where ways are chosen; inf closes it. A
    clipped network is many times faster to search; what it is searched for (`travel_times` and its kin) is found as if it were whole.

    Raises
    ------
    ValueError
        Where there is not one price an edge, or one is below 1.
    """
    if price is not None and (price.shape != (graph.edge_count,) or not np.all(price >= 1)):
        raise ValueError("there must be a price of at least 1 for every edge")
    index = arc_index(graph)
    clipped = around is not None and len(around) > 0 and np.isfinite(margin)
    nodes = index.nodes_near(np.asarray(around), margin) if clipped else np.arange(graph.node_count)
    turns = np.arange(len(index.turn_arc))
    if len(nodes) < graph.node_count:
        inside = np.zeros(graph.node_count, bool)
        inside[nodes] = True
        turns = np.flatnonzero(inside[index.turn_node])
        rows = np.concatenate((nodes, graph.node_count + turns))
        step = ranges(index.starts[rows], index.starts[rows + 1])
    else:
        rows, step = np.arange(graph.node_count + len(turns)), np.arange(len(index.arc))
    number = np.full(graph.node_count + len(index.turn_arc), -1, np.int64)
    number[rows] = np.arange(len(rows))
    tail, head, arc, again = number[index.tail[step]], number[index.head[step]], index.arc[step], index.again[step]
    cost = graph.seconds[arc] if price is None else graph.seconds[arc] * price[arc // 2]
    out = np.flatnonzero((head < 0) & np.isfinite(cost))
    exits = Exits(tail[out], cost[out], graph.node_xy[index.node_of(index.head[step[out]])])
    keep = (head >= 0) & _cheapest(cost, again) & np.isfinite(cost)
    tail, head, arc, cost = tail[keep], head[keep], arc[keep], cost[keep]
    starts = np.searchsorted(tail, np.arange(len(rows) + 1))
    times = csr_array((cost, head.astype(np.int32), starts.astype(np.int32)), shape=(len(rows), len(rows)))
    return ArcNetwork(graph, index, nodes, turns, times, arc, price, margin, exits)


def _cheapest(cost: Floats, again: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which steps are the cheapest, and first of equals, between their rows: a sparse matrix would add up parallel arcs."""
    if not again.any():
        return np.ones(len(cost), bool)
    starts = np.flatnonzero(~again)
    group = np.cumsum(~again) - 1
    best = np.flatnonzero(cost == np.minimum.reduceat(cost, starts)[group])
    keep = np.zeros(len(cost), bool)
    keep[best[np.unique(group[best], return_index=True)[1]]] = True
    return keep
