"""Required edges in a row, with nothing but each other at the nodes between them, are one job."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from algorithms.network.polylines import Ints
from algorithms.network.road_graph import RoadGraph, arc_ends
from algorithms.patrolling.problem import Streets

Chain = tuple[int, ...]  # arcs in driving order


def required_chains(graph: RoadGraph, streets: Streets, keep: Ints, longest: float, single: Collection[int] = ()) -> list[Chain]:
    """Return chains of consecutive arcs that together hold every required edge once.

    Two edges are joined at a node of degree 2 where they may be driven in the same directions, no turn between them is banned and
    they are required alike (both sides, the same worth or the same worth per second); never at the nodes `keep` (the depots, the
    sites), never beyond `longest` seconds of service, and the edges `single` not at all. A chain can be driven in the order given,
    or whole the other way round, or both, as its first edge can.
    """
    follow = _followers(graph, streets, keep)
    chains: list[Chain] = []
    seen: set[int] = set()
    cost = dict(zip(streets.edge.tolist(), streets.seconds.tolist(), strict=True))
    for edge in streets.edge.tolist():
        if edge in seen:
            continue
        first = 2 * edge
        while (before := follow.get(first ^ 1)) is not None and before // 2 != edge:
            first = before ^ 1  # walk back to the chain's beginning, or once round a ring
        arcs = list(_run(first, follow))
        seen.update(arc // 2 for arc in arcs)
        if not np.isfinite(graph.seconds[arcs[0]]) and np.isfinite(graph.seconds[arcs[0] ^ 1]):
            arcs = [arc ^ 1 for arc in reversed(arcs)]
        if any(arc // 2 in single for arc in arcs):
            chains.extend((arc,) for arc in arcs)
        else:
            chains.extend(_cut(arcs, cost, longest))
    return chains


def reverse(chain: Chain) -> Chain:
    """Return the chain driven the other way round."""
    return tuple(arc ^ 1 for arc in reversed(chain))


def _run(first: int, follow: dict[int, int]) -> Iterator[int]:
    arc: int | None = first
    while arc is not None:
        yield arc
        arc = follow.get(arc)
        if arc == first:
            return


def _cut(arcs: list[int], cost: dict[int, float], longest: float) -> Iterator[Chain]:
    """Cut a chain into parts of about equal service, none over `longest` unless one edge alone is."""
    total = sum(cost[arc // 2] for arc in arcs)
    share = total / max(1, int(np.ceil(total / longest)))
    part: list[int] = []
    spent = 0.0
    for arc in arcs:
        if part and spent + cost[arc // 2] > share * (1 + 1e-9):
            yield tuple(part)
            part, spent = [], 0.0
        part.append(arc)
        spent += cost[arc // 2]
    yield tuple(part)


def _followers(graph: RoadGraph, streets: Streets, keep: Ints) -> dict[int, int]:
    """Return for each arc of a required edge the arc that continues it through a node of degree 2, where one does."""
    degree = np.bincount(graph.u, minlength=graph.node_count) + np.bincount(graph.v, minlength=graph.node_count)
    through = degree == 2
    through[keep] = False
    row = dict(zip(streets.edge.tolist(), range(len(streets)), strict=True))
    rate = streets.weight / np.maximum(streets.seconds, 1e-9)

    def alike(one: int, other: int) -> bool:
        i, j = row[one // 2], row[other // 2]
        worth = np.isclose(streets.weight[i], streets.weight[j]) or np.isclose(rate[i], rate[j])
        return bool(streets.both[i] == streets.both[j] and worth)

    leaving: dict[int, list[int]] = {}
    arcs = np.sort(np.concatenate((2 * streets.edge, 2 * streets.edge + 1)))
    tail, head = arc_ends(graph, arcs)
    for arc, node in zip(arcs[through[tail]].tolist(), tail[through[tail]].tolist(), strict=True):
        leaving.setdefault(node, []).append(arc)
    follow: dict[int, int] = {}
    may = np.isfinite(graph.seconds)
    banned = {*map(tuple, graph.banned.tolist())}
    for arc, node in zip(arcs[through[head]].tolist(), head[through[head]].tolist(), strict=True):
        onward = [a for a in leaving.get(node, []) if a // 2 != arc // 2]
        if len(onward) != 1 or not alike(arc, onward[0]):
            continue
        if (arc, onward[0]) in banned or (onward[0] ^ 1, arc ^ 1) in banned:
            continue
        if may[arc] == may[onward[0]] and may[arc ^ 1] == may[onward[0] ^ 1]:
            follow[arc] = onward[0]
    return follow
