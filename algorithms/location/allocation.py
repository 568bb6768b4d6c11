"""Good solutions of the location problem without proof: serve, exchange, move each site into the middle of its customers."""

from __future__ import annotations

import numpy as np

from algorithms.location.problem import Floats, Ints, LocationProblem

EXCHANGES = 1500  # improving moves of one allocation after which it is left as it is
TURNS = 20  # times that the sites are moved
PAIRS = 400  # customers above which pairs are not compared: the table would have this many squared entries


def locate_and_allocate(problem: LocationProblem, opened: Ints) -> tuple[Ints, Ints] | None:
    """Return (site of each customer (n,), open sites (p,)) found from a first set of open sites, or None where none was found.

    Location–allocation (Cooper 1963): serve the customers from the open sites, replace each site that is not fixed by the one that
    serves its customers cheapest, and again while that pays. A problem with floors under the loads is not tried.
    """
    if problem.least is not None:
        return None
    best: tuple[Ints, Ints] | None = None
    worth = np.inf
    for _ in range(TURNS):
        sites = allocate(problem, opened)
        if sites is None:
            break
        value = total(problem, sites)
        if value >= worth:
            break
        best, worth = (sites, opened), value
        opened = _middles(problem, sites, opened)
    return best


def total(problem: LocationProblem, sites: Ints) -> float:
    """Return the cost of an assignment."""
    return float(problem.cost[np.arange(len(sites)), sites].sum())


def allocate(problem: LocationProblem, opened: Ints) -> Ints | None:
    """Return a cheap assignment (n,) to these open sites within their capacities, or None where none was found.

    Served in turn, either those first that lose most by waiting or the largest first; the better of both after exchanges.
    """
    ranked = np.sort(problem.cost[:, opened], axis=1)
    if not np.all(np.isfinite(ranked[:, 0])):
        return None
    regret = ranked[:, min(1, len(opened) - 1)] - ranked[:, 0]
    size = np.maximum(problem.demand, 1e-12)
    tried = [_in_turn(problem, opened, np.argsort(rank, kind="stable")) for rank in (-regret, -regret / size, -size)]
    return min((sites for sites in tried if sites is not None), key=lambda sites: total(problem, sites), default=None)


def _in_turn(problem: LocationProblem, opened: Ints, turn: Ints) -> Ints | None:
    """Return the assignment that serves the customers in this order, each by the cheapest site with room, then exchanges them."""
    cost = problem.cost[:, opened]
    demand, room = problem.demand, problem.capacity[opened].astype(np.float64)
    at = np.full(len(cost), -1)
    own = problem.own_customer[opened]
    has = np.flatnonzero(own >= 0)
    at[own[has]] = has
    room[has] -= demand[own[has]]
    if not np.all(np.isfinite(cost[own[has], has])):
        return None
    for customer in turn.tolist():
        if at[customer] >= 0:
            continue
        fits = np.where(room >= demand[customer], cost[customer], np.inf)
        place = int(np.argmin(fits))
        if not np.isfinite(fits[place]):
            return None
        at[customer] = place
        room[place] -= demand[customer]
    if room.min() < 0:
        return None
    bound = np.zeros(len(cost), bool)
    bound[own[has]] = True
    return np.asarray(opened[_exchange(cost, demand, room, at, bound)])


def _exchange(cost: Floats, demand: Floats, room: Floats, at: Ints, bound: Ints) -> Ints:
    """Return the assignment after the best shifts of one customer and swaps of two, while they pay."""
    n = len(cost)
    each = np.arange(n)
    for _ in range(EXCHANGES):
        now = cost[each, at]
        gain = np.where((room[None, :] >= demand[:, None]) & ~bound[:, None], cost - now[:, None], np.inf)
        gain[each, at] = np.inf
        shift = int(np.argmin(gain))
        customer, place = divmod(shift, cost.shape[1])
        if gain[customer, place] < -1e-9 * (1 + now.sum()):
            room[at[customer]] += demand[customer]
            room[place] -= demand[customer]
            at[customer] = place
            continue
        if n > PAIRS:
            break
        to = cost[:, at]  # customer i at the site of customer k
        pair = to + to.T - now[:, None] - now[None, :]
        heavier = demand[:, None] - demand[None, :]  # what k's site takes on
        fits = (heavier <= room[at][None, :]) & (-heavier <= room[at][:, None]) & ~bound[:, None] & ~bound[None, :]
        pair = np.where(fits, pair, np.inf)
        one, other = divmod(int(np.argmin(pair)), n)
        if not pair[one, other] < -1e-9 * (1 + now.sum()):
            break
        change = demand[one] - demand[other]
        room[at[one]] += change
        room[at[other]] -= change
        at[one], at[other] = at[other], at[one]
    return at


def _middles(problem: LocationProblem, sites: Ints, opened: Ints) -> Ints:
    """Return the open sites after each that is not fixed moved to where its customers are served cheapest."""
    place = np.searchsorted(opened, sites)
    cost = np.zeros((len(opened), len(problem.capacity)))
    np.add.at(cost, place, problem.cost)
    load = np.bincount(place, problem.demand, minlength=len(opened))
    cost[load[:, None] > problem.capacity[None, :]] = np.inf
    moved = opened.copy()
    free = ~np.isin(np.arange(len(problem.capacity)), opened)
    for row in np.flatnonzero(~problem.must_open[opened]).tolist():
        options = np.where(free, cost[row], np.inf)
        options[moved[row]] = cost[row, moved[row]]
        site = int(np.argmin(options))
        free[moved[row]], free[site] = True, False
        moved[row] = site
    return np.sort(moved)
