"""Edges of a street network chained into strokes: lines that run on through junctions as the eye follows them.

Thomson and Richardson, *The 'good continuation' principle of perceptual organization applied to the generalization of road networks*
(International Cartographic Conference, Ottawa 1999): at each junction the two ends that run on most straightly are joined first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import RoadGraph

_LOOK = 15.0  # metres from a junction at which the direction of an edge is seen
_FREE = 135.0  # degrees that a line may turn where nothing else meets it: more is the other carriageway coming back


@dataclass(frozen=True, eq=False)
class Strokes:
    """Strokes as runs of arcs: stroke i is `arcs[offsets[i]:offsets[i + 1]]` in walking order; every edge is in exactly one.

    `stroke` (m,) is the stroke of each edge and `start` (m,) the metres from the stroke's beginning to where the edge begins along it.
    """

    arcs: Ints
    offsets: Ints
    stroke: Ints
    start: Floats

    def __post_init__(self) -> None:
        for array in (self.arcs, self.offsets, self.stroke, self.start):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def run(self, stroke: int) -> Ints:
        """Return the arcs of a stroke."""
        return self.arcs[self.offsets[stroke] : self.offsets[stroke + 1]]


def find_strokes(graph: RoadGraph, street: Ints, turn: Floats) -> Strokes:
    """Return the strokes of a graph, whatever may be driven in which direction.

    Only edges of one `street` (m,) are joined, and only where the line turns by no more than `turn` (m,) degrees of both; where two
    edges meet and no other, they are joined unless the line turns back on itself. A closed stroke begins at a junction where it has one.

    Examples
    --------
    A street of two edges and a side street; the street runs on.

    >>> from algorithms.network.road_graph import build_road_graph
    >>> graph = build_road_graph([[0, 0], [50, 0], [90, 0], [50, 0], [50, 40]], [0, 3, 5], [1, 1], [1, 1], [10, 10])
    >>> find_strokes(graph, np.zeros(3, np.int64), np.full(3, 60.0)).stroke
    array([0, 0, 1])
    """
    m = graph.edge_count
    mate = _mates(graph, street, turn)
    junction = _degrees(graph) > 2
    arcs: list[int] = []
    offsets, stroke, start = [0], np.full(m, -1, np.int64), np.zeros(m)
    length, ends = graph.length.tolist(), (graph.u.tolist(), graph.v.tolist())
    for edge in range(m):
        if stroke[edge] >= 0:
            continue
        run = _run(2 * edge, mate)
        if mate[run[0]] >= 0:  # a ring: any place is its beginning, a junction the best
            first = next((i for i, arc in enumerate(run) if junction[ends[arc % 2][arc // 2]]), 0)
            run = run[first:] + run[:first]
        done = 0.0
        for arc in run:
            stroke[arc // 2], start[arc // 2] = len(offsets) - 1, done
            done += length[arc // 2]
        arcs += run
        offsets.append(len(arcs))
    return Strokes(np.array(arcs, np.int64), np.array(offsets, np.int64), stroke, start)


def _degrees(graph: RoadGraph) -> Ints:
    return np.bincount(graph.u, minlength=graph.node_count) + np.bincount(graph.v, minlength=graph.node_count)


def _run(first: int, mate: list[int]) -> list[int]:
    """Return the arcs of the stroke that an arc is on, in the arc's direction, from its beginning or once round from the arc."""
    arc = first
    while (end := mate[arc]) >= 0:
        arc = end ^ 1  # the arc that leads to this end
        if arc == first:
            break
    run = [arc]
    while (end := mate[run[-1] ^ 1]) >= 0 and end != run[0]:
        run.append(end)
    return run


def _mates(graph: RoadGraph, street: Ints, turn: Floats) -> list[int]:
    """Return the end that each end of an edge is joined with, -1 for none, the straightest pairs first.

    End `2 * edge` is at u and `2 * edge + 1` at v: an arc begins with the end of its own number and stops at that number with its last bit
    turned.
    """
    m = graph.edge_count
    end = np.arange(2 * m)
    node = np.where(end % 2 == 0, graph.u[end // 2], graph.v[end // 2])
    lines = shapely.linestrings(graph.coords, indices=np.repeat(np.arange(m), np.diff(graph.offsets)))
    look = np.minimum(_LOOK, graph.length / 2)
    seen = shapely.get_coordinates(shapely.line_interpolate_point(np.repeat(lines, 2), np.stack((look, graph.length - look), 1).ravel()))
    away = seen - graph.node_xy[node]
    angle = np.arctan2(away[:, 1], away[:, 0])
    degree = _degrees(graph)
    order = np.lexsort((end, street[end // 2], node))
    one, other = _pairs_of_groups(node[order], street[end[order] // 2])
    a, b = order[one], order[other]
    apart = a // 2 != b // 2
    a, b = a[apart], b[apart]
    bend = np.degrees(np.abs(np.pi - np.abs(angle[a] - angle[b]) % (2 * np.pi)))
    most = np.where(degree[node[a]] == 2, _FREE, np.minimum(turn[a // 2], turn[b // 2]))
    fits = np.flatnonzero(bend <= most)
    fits = fits[np.lexsort((b[fits], a[fits], np.round(bend[fits], 6)))]
    mate = [-1] * (2 * m)
    for x, y in zip(a[fits].tolist(), b[fits].tolist(), strict=True):
        if mate[x] < 0 and mate[y] < 0:
            mate[x], mate[y] = y, x
    return mate


def _pairs_of_groups(*keys: Ints) -> tuple[Ints, Ints]:
    """Return all pairs of places (i, j), i < j, at which sorted keys are equal."""
    count = len(keys[0])
    fresh = np.ones(count, bool)
    fresh[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    group = np.cumsum(fresh) - 1
    last = np.append(np.flatnonzero(fresh)[1:], count)[group] if count else np.zeros(0, np.int64)
    more = last - np.arange(count) - 1
    first = np.repeat(np.arange(count), more)
    return first, first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(more) - more, more)
