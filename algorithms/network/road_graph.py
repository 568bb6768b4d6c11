"""The road graph: lines cut into directed edges with lengths and times, and what of it a driver can come back from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from algorithms.network import joining
from algorithms.network.polylines import CELL, Edges, Floats, Ints, as_polylines, edges_between_junctions
from algorithms.progress import SILENT, Progress


class EdgeState(IntEnum):
    """Whether a vehicle of the core can drive an edge and come back."""

    CORE = 0  # in the largest part in which everything can be reached from everything
    NO_WAY_BACK = 1  # a one-way trap: it can be entered from the core but not left
    NO_WAY_IN = 2  # it can be left towards the core but not entered
    APART = 3  # not connected to the core
    CLOSED = 4  # may be driven in neither direction


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Nodes and edges, one row each; an **arc** is an edge in one direction, numbered `2 * edge + (1 if against the edge)`.

    `node_xy` (n, 2) metres; edge i runs from `u[i]` to `v[i]` along `coords[offsets[i]:offsets[i + 1]]`, `length` metres, and
    is a piece of the given `line[i]`; `seconds` (2 m,) per arc, inf where travel is not allowed. `component` (n,) numbers
    the strongly connected parts, `state` (m,) is an `EdgeState`. `banned` (b, 2) are turns that may not be made, as the arc driven and
    the arc that may not follow it (see `turns.with_banned`); neither parts nor states look at them.
    """

    node_xy: Floats
    u: Ints
    v: Ints
    line: Ints
    length: Floats
    seconds: Floats
    coords: Floats
    offsets: Ints
    component: Ints
    state: NDArray[np.int8]
    banned: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))

    def __post_init__(self) -> None:
        for column in fields(self):
            getattr(self, column.name).setflags(write=False)

    @property
    def node_count(self) -> int:
        return len(self.node_xy)

    @property
    def edge_count(self) -> int:
        return len(self.u)


def build_road_graph(
    coords: ArrayLike,
    offsets: ArrayLike,
    forward: ArrayLike,
    backward: ArrayLike,
    speed: ArrayLike,
    level: ArrayLike | None = None,
    *,
    snap: float = 0.0,
    node_crossings: bool = False,
    progress: Progress = SILENT,
) -> RoadGraph:
    """Return the road graph of the polylines `coords[offsets[i]:offsets[i + 1]]` (metres).

    `forward` and `backward` (lines,) say whether a line may be driven along and against its direction, `speed` (lines,) is
    in m/s, `level` (lines,) tells bridges and tunnels from the ground: lines of different level are not joined where they
    merely cross, but a line's end joins whatever has a vertex there. Lines meet where they share a vertex (to a centimetre).

    For sources less careful than OpenStreetMap, `snap` (metres, such as 0.5) moves ends onto what they nearly touch, and
    `node_crossings` joins lines of one level that cross without a common vertex.

    Raises
    ------
    ValueError
        Where the arrays do not fit together or a speed is not positive.

    Examples
    --------
    >>> graph = build_road_graph([[0, 0], [10, 0], [20, 0], [10, 0], [10, 30]], [0, 3, 5], [1, 1], [1, 0], [10, 10])
    >>> graph.length, graph.seconds
    (array([10., 10., 30.]), array([ 1.,  1.,  1.,  1.,  3., inf]))
    """
    xy, ends = as_polylines(coords, offsets)
    lines = len(ends) - 1
    along, against = np.asarray(forward).astype(bool), np.asarray(backward).astype(bool)
    rate = np.asarray(speed, np.float64)
    storey = np.zeros(lines, np.int64) if level is None else np.asarray(level, np.int64)
    if not all(a.shape == (lines,) for a in (along, against, rate, storey)):
        raise ValueError("forward, backward, speed and level need one value a line")
    if not np.all(rate > 0) or not np.all(np.isfinite(rate)):
        raise ValueError("speeds must be positive")
    if snap > 0 or node_crossings:
        progress.report(0.1)
        xy, ends = joining.snap_ends(xy, ends, storey, max(snap, CELL), progress)
    if node_crossings:
        progress.report(0.3)
        xy, ends = joining.node_crossings(xy, ends, storey, progress)
    progress.report(0.7)
    edges = edges_between_junctions(xy, ends, storey)
    progress.check()
    time = edges.length / rate[edges.line]
    seconds = np.empty(2 * len(time))
    seconds[0::2] = np.where(along[edges.line], time, np.inf)
    seconds[1::2] = np.where(against[edges.line], time, np.inf)
    component, state = _reachability(edges, seconds)
    progress.report(1.0)
    return RoadGraph(edges.node_xy, edges.u, edges.v, edges.line, edges.length, seconds, edges.coords, edges.offsets, component, state)


def _reachability(edges: Edges, seconds: Floats) -> tuple[Ints, NDArray[np.int8]]:
    """Return the strongly connected part of every node and the state of every edge; the core is the part with most metres."""
    n, m = len(edges.node_xy), len(edges.u)
    if not m:
        return np.zeros(n, np.int64), np.zeros(m, np.int8)
    open_arcs = np.flatnonzero(np.isfinite(seconds))
    forward = open_arcs % 2 == 0
    e = open_arcs // 2
    tail, head = np.where(forward, edges.u[e], edges.v[e]), np.where(forward, edges.v[e], edges.u[e])
    links = csr_array((np.ones(len(tail)), (tail, head)), shape=(n, n))
    component = connected_components(links, directed=True, connection="strong")[1].astype(np.int64)
    closed = ~np.isfinite(seconds.reshape(-1, 2)).any(axis=1)
    whole = (component[edges.u] == component[edges.v]) & ~closed
    metres = np.bincount(component[edges.u[whole]], weights=edges.length[whole], minlength=int(component.max()) + 1)
    core = component == metres.argmax()
    seed = int(np.flatnonzero(core)[0])
    entered, returns = np.zeros(n, bool), np.zeros(n, bool)
    entered[breadth_first_order(links, seed, return_predecessors=False)] = True
    returns[breadth_first_order(csr_array(links.T), seed, return_predecessors=False)] = True
    reached, back = np.zeros(m, bool), np.zeros(m, bool)
    np.logical_or.at(reached, e, entered[tail])
    np.logical_or.at(back, e, returns[head])
    state = np.select(
        [closed, whole & core[edges.u], reached, back],
        [EdgeState.CLOSED, EdgeState.CORE, EdgeState.NO_WAY_BACK, EdgeState.NO_WAY_IN],
        EdgeState.APART,
    )
    return component, state.astype(np.int8)


def arc_ends(graph: RoadGraph, arcs: Ints) -> tuple[Ints, Ints]:
    """Return the nodes at which the arcs begin and end."""
    edge, against = arcs // 2, arcs % 2 == 1
    return np.where(against, graph.v[edge], graph.u[edge]), np.where(against, graph.u[edge], graph.v[edge])


def arcs_line(graph: RoadGraph, arcs: Ints) -> Floats:
    """Return the coordinates (k, 2) of a drive along consecutive arcs, each junction once."""
    parts: list[Floats] = []
    for arc in np.asarray(arcs).tolist():
        edge, against = divmod(arc, 2)
        piece = graph.coords[graph.offsets[edge] : graph.offsets[edge + 1]]
        piece = piece[::-1] if against else piece
        parts.append(piece[1:] if parts else piece)
    return np.concatenate(parts) if parts else np.zeros((0, 2))


def to_networkx(graph: RoadGraph, drivable_only: bool = True) -> Any:
    """Return the graph as a networkx MultiDiGraph: one edge per arc, keyed by the arc's number, with `seconds` and `metres`.

    `banned`, an attribute of the whole, is the set of pairs of arcs that may not follow one another.
    """
    whole = nx.MultiDiGraph(banned=frozenset(map(tuple, graph.banned.tolist())))
    whole.add_nodes_from((i, {"xy": (x, y)}) for i, (x, y) in enumerate(graph.node_xy.tolist()))
    for edge, (u, v, metres) in enumerate(zip(graph.u.tolist(), graph.v.tolist(), graph.length.tolist(), strict=True)):
        for arc, tail, head in ((2 * edge, u, v), (2 * edge + 1, v, u)):
            seconds = float(graph.seconds[arc])
            if seconds < np.inf or not drivable_only:
                whole.add_edge(tail, head, key=arc, seconds=seconds, metres=metres)
    return whole
