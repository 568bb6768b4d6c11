"""What must go from district to district for all to come into the band: a least-cost flow between neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.districting.problem import Floats, Ints
from algorithms.graph.adjacency import Adjacency

SCALE = 100_000  # loads become whole numbers
OVER = 1_000  # what a unit of load left beyond the band costs, in border crossings


@dataclass(frozen=True, eq=False)
class Exchange:
    """The loads (d,) after the cheapest exchange, and the load (d,) that crossed a border out of each district."""

    load: Floats
    moved: Floats


def district_pairs(pairs: Adjacency, labels: Ints) -> tuple[Ints, Ints]:
    """Return the pairs of districts that share a border which can be crossed, each once."""
    one, other = labels[pairs.low].astype(np.int64), labels[pairs.high].astype(np.int64)
    apart = (one != other) & pairs.crossable
    one, other = one[apart], other[apart]
    count = int(labels.max(initial=0)) + 1
    key = np.unique(np.minimum(one, other) * count + np.maximum(one, other))
    return key // count, key % count


def least_exchange(load: Floats, one: Ints, other: Ints, low: float, high: float) -> Exchange:
    """Return the exchange over the borders (`one`, `other`) that brings the loads into [low, high] and moves least over borders.

    A load that cannot come into the band (there is no room) stays beyond it. The moved load is a lower bound for every plan in which
    each unit goes to a district that bordered its own: what goes further crosses several borders and counts at each. Solved as
    minimum-cost flow in whole numbers (OR-Tools, cost scaling by Goldberg and Tarjan 1990), so equal loads give equal flows.
    """
    from ortools.graph.python import min_cost_flow

    count = len(load)
    if not count:
        return Exchange(load, load)
    low = min(low, high)
    least, most = int(np.ceil(low * SCALE)), int(np.floor(high * SCALE))
    most = max(most, least)
    amount = np.rint(load * SCALE).astype(np.int64)
    model = min_cost_flow.SimpleMinCostFlow()
    everything = int(amount.sum()) + count * (most + 1)
    source, target = np.concatenate((one, other)), np.concatenate((other, one))
    nodes, sink = np.arange(count), count

    def arcs(tails: Ints, heads: Ints, room: int, cost: int) -> Ints:
        capacity, price = np.full(len(tails), room, np.int64), np.full(len(tails), cost, np.int64)
        return np.asarray(model.add_arcs_with_capacity_and_unit_cost(tails, heads, capacity, price))

    crossing = arcs(source, target, everything, 1)
    arcs(nodes, np.full(count, sink), most - least, 0)  # what lies inside the band may stay
    arcs(nodes, np.full(count, sink), everything, OVER)
    arcs(np.full(count, sink), nodes, least, OVER)
    model.set_nodes_supplies(np.append(nodes, sink), np.append(amount - least, -int((amount - least).sum())))
    if model.solve() != model.OPTIMAL:
        raise ArithmeticError("the exchange between districts has no solution")  # every load may stay where it is, so this cannot be
    flow = model.flows(crossing)
    moved = np.bincount(source, flow, minlength=count)
    return Exchange((amount - moved + np.bincount(target, flow, minlength=count)) / SCALE, moved / SCALE)
