"""A published routing instance as the jobs, tables and fleet that the patrol's own search takes."""

from __future__ import annotations

import itertools

import numpy as np

from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs, Way
from gridplanner.benchmarks.routing_instances import RoutingInstance


def jobs_of(instance: RoutingInstance) -> Jobs:
    """Return a job for every service; way w is row w of `instance.ways`. Serving takes no time: only driving between services counts."""
    ways = tuple(
        Way(number, into, out, 0.0, load=service.demand) for number, service in enumerate(instance.services) for into, out in service.ways
    )
    first = np.cumsum([0, *(len(service.ways) for service in instance.services)]).tolist()
    groups = tuple(tuple(range(low, high)) for low, high in itertools.pairwise(first))
    return Jobs(ways, np.ones(len(groups)), groups)


def tables_of(instance: RoutingInstance) -> Tables:
    """Return what driving costs between the services; seconds are the same and of no matter."""
    between = instance.distances()
    ways = instance.ways
    leave = np.array([instance.depot, *(out for _, _, out in ways)])
    reach = np.array([instance.depot, *(into for _, into, _ in ways)])
    cost = between[np.ix_(leave, reach)]
    return Tables(1, cost, cost[None])


def fleet_of(instance: RoutingInstance) -> Fleet:
    """Return the vehicles, which may be out as long as they like, for nothing."""
    count = instance.vehicles
    zero, node = np.zeros(count), np.zeros(count, np.int64)
    long = np.full(count, np.inf)
    return Fleet(node, node, zero, long, zero, np.full(count, instance.capacity), node, second_cost=0.0)


def constant(instance: RoutingInstance) -> float:
    """Return what serving costs in any solution."""
    return sum(service.cost for service in instance.services)
