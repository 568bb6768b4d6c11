"""Balanced k-means: centres as in Lloyd's method, units given to them by a flow of least cost that keeps every centre's share.

After Bradley, Bennett and Demiriz, Constrained k-means clustering (2000), with an upper limit beside their lower one.
The flow may split a unit between centres; the unit then goes where most of it went.
"""

from __future__ import annotations

import numpy as np

from .area import Area, Floats, Ints

ROUNDS = 4
NEAREST = 12  # centres that a unit may go to; all of them where the flow does not fit
IMBALANCE = 0.02  # of a centre's share, up and down; units that are split and then rounded add to it
SCALE = 1_000  # costs are whole numbers: thousandths of the squared width of a district


def flow_kmeans(area: Area, seed: int) -> Ints:
    """Return the labels (n,) of `ROUNDS` rounds of assignment by flow and recentring."""
    centres = spread_centres(area, np.random.default_rng(seed))
    labels = np.zeros(len(area), np.int64)
    for _round in range(ROUNDS):
        labels = assign(area, centres)
        centres = _recentred(area, labels, centres)
    return labels


def spread_centres(area: Area, rng: np.random.Generator) -> Floats:
    """Return k centres (k, 2) drawn as k-means++ draws them (Arthur and Vassilvitskii 2007), units counted by their weight."""
    mass = np.maximum(area.weight, 1e-9).astype(float)
    chosen = [int(rng.choice(len(area), p=mass / mass.sum()))]
    nearest = np.full(len(area), np.inf)
    while len(chosen) < area.k:
        nearest = np.minimum(nearest, ((area.xy - area.xy[chosen[-1]]) ** 2).sum(axis=1))
        chance = nearest * mass
        p = chance / chance.sum() if chance.sum() > 0 else mass / mass.sum()
        chosen.append(int(rng.choice(len(area), p=p)))
    return area.xy[chosen]


def assign(area: Area, centres: Floats) -> Ints:
    """Return the centre of each unit (n,): the cheapest flow in which every centre takes its share, or a little more or less."""
    distance = ((area.xy[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    for width in sorted({min(NEAREST, area.k), area.k}):
        labels = _flow(area, distance, width)
        if labels is not None:
            return labels
    raise AssertionError("all weight fits: the limits of all centres together leave room for it")


def _flow(area: Area, distance: Floats, width: int) -> Ints | None:
    """Return the labels where every unit may go to its `width` nearest centres; None where not all weight fits."""
    from ortools.graph.python import min_cost_flow

    n, k = len(area), area.k
    near = np.argsort(distance, axis=1, kind="stable")[:, :width]
    unit = np.repeat(np.arange(n), width)
    centre = near.ravel()
    scale = SCALE * k / max(float(np.ptp(area.xy, axis=0).prod()), 1.0)
    cost = np.rint(distance[unit, centre] * scale).astype(np.int64)
    total = int(area.weight.sum())
    least, most = int(total / k * (1 - IMBALANCE)), int(np.ceil(total / k * (1 + IMBALANCE)))
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(unit, n + centre, area.weight[unit], cost)
    flow.add_arcs_with_capacity_and_unit_cost(n + np.arange(k), np.full(k, n + k), np.full(k, most - least), np.zeros(k, np.int64))
    flow.set_nodes_supplies(np.arange(n + k + 1), np.concatenate((area.weight, np.full(k, -least), [k * least - total])))
    if flow.solve() != flow.OPTIMAL:
        return None
    sent = flow.flows(arcs).reshape(n, width)
    return np.asarray(near[np.arange(n), np.argmax(sent, axis=1)], np.int64)  # of nothing sent, the nearest


def _recentred(area: Area, labels: Ints, centres: Floats) -> Floats:
    mass = np.bincount(labels, area.weight, area.k)
    moved = np.column_stack([np.bincount(labels, area.weight * column, area.k) for column in area.xy.T])
    return np.where(mass[:, None] > 0, moved / np.maximum(mass, 1e-9)[:, None], centres)
