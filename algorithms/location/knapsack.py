"""Which customers a site would take at given reduced costs: one knapsack per site, all of them at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.location.problem import Floats, Ints, LocationProblem

LIMIT = 1e300  # a ratio that stands for infinity, so that a site's own customer still comes before it


@dataclass(frozen=True, eq=False)
class Knapsacks:
    """The best loads of all sites: `value` (m,), `taken` (n, m) shares of 0 to 1.

    `reduced` (n, m): forcing a customer into a load makes the load at least that much dearer.
    """

    value: Floats
    taken: Floats
    reduced: Floats


def fractional_knapsacks(cost: Floats, problem: LocationProblem) -> Knapsacks:
    """Return the cheapest loads (costs of any sign) between `floor` and `capacity` when a customer may be taken in part.

    Greedy by cost per demand (Dantzig 1957): whatever pays goes in until the capacity is full, then what hurts least until the floor
    is reached. A site whose floor cannot be reached, or whose own customer does not fit, has the value inf.
    """
    n, m = cost.shape
    own = problem.own_customer
    has = np.flatnonzero(own >= 0)
    demand = np.broadcast_to(problem.demand[:, None], (n, m))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(demand > 0, cost / demand, np.where(cost == 0, 0.0, np.sign(cost) * np.inf))
    ratio = np.where(np.isfinite(cost), np.clip(ratio, -LIMIT, LIMIT), np.inf)
    ratio[own[has], has] = -np.inf
    order = np.argsort(ratio, axis=0, kind="stable")
    sorted_cost = np.take_along_axis(cost, order, 0)
    sorted_demand = np.where(np.isfinite(sorted_cost), np.take_along_axis(demand, order, 0), 0.0)
    after = np.cumsum(sorted_demand, axis=0)
    before = after - sorted_demand
    pays = sorted_cost < 0
    pays[0, has] = True
    wanted = np.clip(np.sum(np.where(pays, sorted_demand, 0.0), axis=0), problem.floor, problem.capacity)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(sorted_demand > 0, np.clip((wanted - before) / sorted_demand, 0.0, 1.0), pays * 1.0)
    share = np.where(np.isfinite(sorted_cost), share, 0.0)
    value = np.sum(np.where(share > 0, sorted_cost, 0.0) * share, axis=0)
    impossible = after[-1] < problem.floor
    impossible[has] |= (problem.demand[own[has]] > problem.capacity[has]) | ~np.isfinite(cost[own[has], has])
    value[impossible] = np.inf
    # the price of a unit of room: the ratio at which the load stops, where capacity (below 0) or floor (above 0) stops it
    stop = np.argmax(after >= wanted - 1e-9, axis=0)
    sorted_ratio = np.take_along_axis(ratio, order, 0)
    room = sorted_ratio[stop, np.arange(m)]
    bound_by_capacity = wanted >= problem.capacity
    bound_by_floor = (wanted <= problem.floor) & (problem.floor > 0)
    room = np.where(bound_by_capacity & (room < 0), room, np.where(bound_by_floor & (room > 0), room, 0.0))
    room = np.where(np.isfinite(room), room, 0.0)
    taken = np.empty((n, m))
    np.put_along_axis(taken, order, share, 0)
    reduced = np.where(np.isfinite(cost), cost - room * demand, np.inf)
    reduced[own[has], has] = np.where(impossible[has], np.inf, 0.0)  # it is in the load already
    return Knapsacks(value, taken, reduced)


def whole_knapsacks(cost: Floats, problem: LocationProblem, every: bool = True) -> Knapsacks:
    """Return the cheapest loads within the capacities when a customer is taken whole or not; demands are whole numbers.

    Without `every`, sites that cannot be among the `count` cheapest keep the value of their fractional load.
    """
    found = fractional_knapsacks(cost, problem)
    value, taken = found.value.copy(), found.taken.copy()
    ranked = np.lexsort((value, ~problem.must_open))
    some = ranked if every else ranked[: 2 * problem.count]
    demand = problem.demand.astype(np.int64)
    value[some], taken[:, some] = _whole_loads(cost[:, some], demand, np.floor(problem.capacity[some]))
    rest = ranked[len(some) :]
    if len(rest):
        last = np.sort(value[some])[problem.count - 1]
        some = rest[value[rest] < last]
        value[some], taken[:, some] = _whole_loads(cost[:, some], demand, np.floor(problem.capacity[some]))
    # both relaxations say what forcing a customer in costs
    reduced = np.maximum(np.maximum(cost, 0.0), np.maximum(found.reduced, 0.0) + (found.value - value))
    return Knapsacks(value, taken, np.where(np.isfinite(cost), reduced, np.inf))


def _whole_loads(cost: Floats, demand: Ints, capacity: Floats) -> tuple[Floats, Floats]:
    """Return (value (m,), taken (n, m)) by the dynamic programme over the capacity (Bellman 1957), for all sites at once."""
    n, m = cost.shape
    room = int(capacity.max(initial=0))
    order = np.argsort(cost, axis=0, kind="stable")
    steps = int(np.max(np.sum(cost < 0, axis=0), initial=0))  # only what pays enters
    widest = int(demand.max(initial=0))
    best = np.zeros((m, widest + room + 1))
    best[:, :widest] = np.inf  # loads below nothing
    chosen = np.zeros((steps, m, room + 1), bool)
    cell = (np.arange(m) * best.shape[1])[:, None] + np.arange(widest, widest + room + 1)
    site = np.arange(m)
    for step in range(steps):
        customer = order[step]
        gain = np.where(cost[customer, site] < 0, cost[customer, site], np.inf)
        candidate = best.take(cell - demand[customer][:, None])
        candidate += gain[:, None]
        now = best[:, widest:]
        np.less(candidate, now, out=chosen[step])
        np.minimum(candidate, now, out=now)
    left = capacity.astype(np.int64)
    value = best[site, widest + left]
    taken = np.zeros((n, m))
    for step in range(steps - 1, -1, -1):
        customer = order[step]
        yes = chosen[step, site, left]
        taken[customer[yes], site[yes]] = 1.0
        left = left - np.where(yes, demand[customer], 0)
    return value, taken
