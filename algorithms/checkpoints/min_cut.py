"""The cheapest set of edges that separates two sides of a network, proven by a flow as large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow

Ints = NDArray[np.signedinteger[Any]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cut:
    """Edges that separate the sides: rows `edges` (k,) rising, their capacity together `value`, the greatest `flow` between the sides.

    `inside` (n,) True for the nodes that stay with the inner side. A cut is the cheapest where `value` equals `flow`: every flow passes
    it, so that no cut costs less than any flow carries (Ford and Fulkerson 1956).
    """

    edges: Ints
    value: int
    flow: int
    inside: Bools


def min_cut(u: Ints, v: Ints, capacity: Ints, side: Ints) -> Cut:
    """Return the cheapest cut between the nodes of one side and those of the other.

    Edge i joins nodes `u[i]` and `v[i]` (m,) both ways and costs `capacity[i]` (m,), whole and not negative. `side` (n,) is 1 for nodes
    that are inside, -1 for those outside, 0 for those that may be either. Of several cheapest cuts it is the one next to the inside.

    Raises
    ------
    ValueError
        Where the capacities together are beyond what a flow can count (2 ** 62), or one is negative.

    Examples
    --------
    >>> cut = min_cut(np.array([0, 1]), np.array([1, 2]), np.array([5, 3]), np.array([1, 0, -1]))
    >>> cut.edges.tolist(), cut.value, cut.flow, cut.inside.tolist()
    ([1], 3, 3, [True, True, False])
    """
    weight = np.asarray(capacity, np.int64)
    if weight.min(initial=0) < 0 or weight.astype(np.float64).sum() >= 2.0**62:
        raise ValueError("capacities must be 0 or more, and less than 2 ** 62 together")
    free = np.flatnonzero(side == 0)
    row = np.where(side > 0, 0, 1)  # all of one side are one node: the source 0, the sink 1
    row[free] = 2 + np.arange(len(free))
    tail, head = row[u], row[v]
    useful = (tail != head) & (weight > 0)
    solver = max_flow.SimpleMaxFlow()
    solver.add_arc_with_capacity(0, 1, 0)  # so that both are there, joined or not
    solver.add_arcs_with_capacity(
        np.concatenate((tail[useful], head[useful])),
        np.concatenate((head[useful], tail[useful])),
        np.concatenate((weight[useful], weight[useful])),
    )
    if solver.solve(0, 1) != solver.OPTIMAL:
        raise ValueError("the greatest flow could not be found")
    flow, inner = int(solver.optimal_flow()), np.zeros(2 + len(free), bool)
    inner[0] = True
    inner[np.asarray(solver.get_source_side_min_cut(), np.int64)] = True
    inside = inner[row]
    edges = np.flatnonzero(inside[u] != inside[v])
    return Cut(edges, int(weight[edges].sum()), flow, inside)
