"""Banned turns of a road graph: pairs of arcs that may not follow one another, and what is said of lines turned into such pairs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np

from algorithms.network.polylines import CELL, Bools, Floats, Ints
from algorithms.network.road_graph import RoadGraph, arc_ends


def with_banned(graph: RoadGraph, pairs: Ints) -> RoadGraph:
    """Return the graph with the turns `pairs` (b, 2) banned besides those that are: after arc pairs[i, 0] not arc pairs[i, 1].

    Raises
    ------
    ValueError
        Where a pair is not of arcs that meet.
    """
    given = np.asarray(pairs, np.int64).reshape(-1, 2)
    if np.any((given < 0) | (given >= 2 * graph.edge_count)):
        raise ValueError("a banned turn is of an arc that is not there")
    if np.any(arc_ends(graph, given[:, 0])[1] != arc_ends(graph, given[:, 1])[0]):
        raise ValueError("the arcs of a banned turn do not meet")
    return replace(graph, banned=np.unique(np.concatenate((graph.banned, given)), axis=0))


def banned_pairs(graph: RoadGraph, from_line: Ints, to_line: Ints, via: Floats, only: Bools) -> tuple[Ints, Bools]:
    """Return the pairs of arcs (b, 2) that turns from line to line ban, and which turns (t,) could be understood.

    A turn goes from `from_line` (t,) over the place `via` (t, 2), metres, into `to_line` (t,); where `only`, nothing else may be driven
    from there: neither another way on nor back (several such turns from one arc leave one another allowed). Lines that do not meet there,
    or pass through so that it is not said which part is meant, and arcs that are closed to this graph's vehicles ban nothing.
    """
    order = np.argsort(graph.line, kind="stable")
    lines = graph.line[order]
    pairs: list[tuple[int, int]] = []
    allowed: dict[int, set[int]] = defaultdict(set)
    understood = np.zeros(len(from_line), bool)

    def arcs_at(line: int, place: Floats, end: int) -> list[int]:
        """Return the open arcs of a line that begin (0) or end (1) at a place."""
        edges = order[np.searchsorted(lines, line) : np.searchsorted(lines, line, side="right")]
        arcs = np.concatenate((2 * edges, 2 * edges + 1))
        near = np.hypot(*(graph.node_xy[arc_ends(graph, arcs)[end]] - place).T) <= 2 * CELL
        return [int(arc) for arc in arcs[near] if np.isfinite(graph.seconds[arc])]

    for turn in range(len(from_line)):
        come, go = arcs_at(int(from_line[turn]), via[turn], 1), arcs_at(int(to_line[turn]), via[turn], 0)
        if len(come) != 1 or len(go) != 1 or arc_ends(graph, np.array(come))[1][0] != arc_ends(graph, np.array(go))[0][0]:
            continue
        understood[turn] = True
        if only[turn]:
            allowed[come[0]].update(go)
        else:
            pairs.append((come[0], go[0]))
    if allowed:
        open_arcs = np.flatnonzero(np.isfinite(graph.seconds))
        tail = arc_ends(graph, open_arcs)[0]
        by_tail = np.argsort(tail, kind="stable")
        for arc, free in allowed.items():
            node = arc_ends(graph, np.array([arc]))[1][0]
            low, high = (int(np.searchsorted(tail[by_tail], node, side=side)) for side in ("left", "right"))
            pairs += [(arc, onward) for onward in open_arcs[by_tail[low:high]].tolist() if onward not in free]
    return np.unique(np.array(pairs, np.int64).reshape(-1, 2), axis=0), understood
