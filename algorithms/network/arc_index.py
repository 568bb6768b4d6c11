"""What searches need of a whole road graph, made once for each: its open arcs in order, states of banned turns, nodes by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends

_CELL = 250.0  # metres: side of the squares in which nodes are found


@dataclass(frozen=True, eq=False)
class ArcIndex:
    """A road graph as a search walks it, from **row** to row.

    The first rows are the graph's nodes, in order. Row `node_count + i` is the end of the arc `turn_arc[i]` (rising), after which a turn is
    banned: a drive along that arc comes to this row instead of the node, and from it only turns that are allowed go on. So a search over
    rows makes no banned turn, and costs no more where there are none (Caldwell, On finding minimum routes in a network with turn penalties,
    CACM 4(2), 1961, has a row for every arc).

    `tail`, `head` (t,) are the rows and `arc` (t,) the arc of every step, ordered by tail, head and arc; the steps from row r are
    `starts[r]:starts[r + 1]`. `again` (t,) marks steps between the same rows as the one before.
    """

    node_count: int
    turn_arc: Ints
    turn_node: Ints
    tail: Ints
    head: Ints
    arc: Ints
    starts: Ints
    again: np.ndarray[tuple[int], np.dtype[np.bool_]]
    node_xy: Floats
    top_speed: float

    def turn_rows(self, arcs: Ints) -> Ints:
        """Return which of the arcs with a banned turn each arc is, -1 for the others."""
        if not len(self.turn_arc):
            return np.full(len(arcs), -1, np.int64)
        place = np.minimum(np.searchsorted(self.turn_arc, arcs), len(self.turn_arc) - 1)
        return np.where(self.turn_arc[place] == arcs, place, -1)

    def node_of(self, rows: Ints) -> Ints:
        """Return the node at which each row is."""
        turn = rows - self.node_count
        return np.where(turn < 0, rows, self.turn_node[np.maximum(turn, 0)]) if len(self.turn_node) else rows

    @cached_property
    def _cells(self) -> tuple[Floats, int, Ints, Ints]:
        """The corner of the cells, how many there are in a column, the cells of the nodes rising, and the nodes so ordered."""
        low = self.node_xy.min(axis=0)
        cell = np.floor((self.node_xy - low) / _CELL).astype(np.int64)
        high = int(cell[:, 1].max()) + 1
        key = cell[:, 0] * high + cell[:, 1]
        order = np.argsort(key, kind="stable")
        return low, high, key[order], order

    def nodes_near(self, around: Ints, margin: float) -> Ints:
        """Return the nodes, rising, in all cells that come within `margin` metres of the convex hull of the nodes `around`."""
        low, high, key, order = self._cells
        shape = shapely.convex_hull(shapely.multipoints(self.node_xy[around])).buffer(max(margin, 1.0))
        ring = (shapely.get_coordinates(shape) - low) / _CELL
        left, right = ring[:, 0].argmin(), ring[:, 0].argmax()
        columns = np.arange(max(int(ring[left, 0]), 0), min(int(ring[right, 0]), int(key[-1]) // high) + 1)
        ring = np.roll(ring[:-1], -left % (len(ring) - 1), axis=0)  # from the leftmost corner clockwise, as shapely's buffers run
        turn = int(ring[:, 0].argmax())
        upper, lower = ring[: turn + 1], np.concatenate((ring[turn:], ring[:1]))[::-1]
        top, bottom = (_reach(side, columns, sign) for side, sign in ((upper, 1), (lower, -1)))
        top, bottom = np.clip(np.floor(top), -1, high - 1).astype(np.int64), np.clip(np.floor(bottom), 0, high).astype(np.int64)
        first = np.searchsorted(key, columns * high + bottom)
        last = np.searchsorted(key, columns * high + top, side="right")
        return np.sort(order[ranges(first, np.maximum(first, last))])


def _reach(side: Floats, columns: Ints, sign: int) -> Floats:
    """Return how high (sign 1) or low (-1) the side of a convex ring comes within each column of cells."""
    peak = side[(sign * side[:, 1]).argmax(), 0]
    return np.asarray(np.interp(np.clip(peak, columns, columns + 1), side[:, 0], side[:, 1]))


def ranges(first: Ints, last: Ints) -> Ints:
    """Return the numbers from each `first` up to its `last`, one run after another.

    >>> ranges(np.array([3, 8]), np.array([5, 9]))
    array([3, 4, 8])
    """
    count = last - first
    ends = np.cumsum(count)
    return np.repeat(first - (ends - count), count) + np.arange(ends[-1] if len(ends) else 0)


_known: WeakKeyDictionary[RoadGraph, ArcIndex] = WeakKeyDictionary()


def arc_index(graph: RoadGraph) -> ArcIndex:
    """Return the index of a road graph, made when it is first asked for."""
    if graph not in _known:
        _known[graph] = _index(graph)
    return _known[graph]


def _index(graph: RoadGraph) -> ArcIndex:
    arcs = np.flatnonzero(np.isfinite(graph.seconds))
    begin, end = arc_ends(graph, arcs)
    metres = np.hypot(*(graph.node_xy[end] - graph.node_xy[begin]).T)
    top = float(np.max(metres / np.maximum(graph.seconds[arcs], 1e-9), initial=0.0))
    turn_arc = np.unique(graph.banned[:, 0])
    turn_node = arc_ends(graph, turn_arc)[1]
    rows = graph.node_count + len(turn_arc)
    tail, head, arc = begin, end, arcs
    if len(turn_arc):
        place = np.minimum(np.searchsorted(turn_arc, arcs), len(turn_arc) - 1)
        head = np.where(turn_arc[place] == arcs, graph.node_count + place, end)
        by_node = np.argsort(begin, kind="stable")
        first, last = (np.searchsorted(begin[by_node], turn_node, side=side) for side in ("left", "right"))
        onward = by_node[ranges(first, last)]
        turn = np.repeat(np.arange(len(turn_arc)), last - first)
        keys = graph.banned[:, 0] * len(graph.seconds) + graph.banned[:, 1]
        allowed = ~np.isin(turn_arc[turn] * len(graph.seconds) + arcs[onward], keys)
        tail = np.concatenate((tail, graph.node_count + turn[allowed]))
        head, arc = np.concatenate((head, head[onward[allowed]])), np.concatenate((arcs, arcs[onward[allowed]]))
    key = tail * rows + head
    order = np.argsort(key, kind="stable")
    order = order[tail[order] != head[order]]
    key, tail, head, arc = key[order], tail[order], head[order], arc[order]
    again = np.zeros(len(key), bool)
    again[1:] = key[1:] == key[:-1]
    starts = np.searchsorted(tail, np.arange(rows + 1))
    return ArcIndex(graph.node_count, turn_arc, turn_node, tail, head, arc, starts, again, graph.node_xy, top)
