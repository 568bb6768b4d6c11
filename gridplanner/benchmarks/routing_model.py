"""A published routing instance as the jobs, tables and fleet that the search for patrols takes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs, Way
from gridplanner.benchmarks.routing_instances import RoutingInstance


@dataclass(frozen=True, eq=False)
class RoutingModel:
    """What the search is given; `service` is what serving costs in any solution, which is in no table."""

    jobs: Jobs
    tables: Tables
    fleet: Fleet
    service: float


def model_of(instance: RoutingInstance) -> RoutingModel:
    """Return a job for every service, whose way w is row w of `instance.ways`; only driving costs, and no shift ends."""
    ways = instance.ways
    jobs = tuple(Way(number, into, out, 0.0, load=instance.services[number].demand) for number, into, out in ways)
    first = np.cumsum([0, *(len(service.ways) for service in instance.services)]).tolist()
    groups = tuple(tuple(range(low, high)) for low, high in itertools.pairwise(first))
    leave = np.array([instance.depot, *(out for _, _, out in ways)])
    reach = np.array([instance.depot, *(into for _, into, _ in ways)])
    cost = instance.distances()[np.ix_(leave, reach)]
    zero, node = np.zeros(instance.vehicles), np.zeros(instance.vehicles, np.int64)
    capacity = np.full(instance.vehicles, instance.capacity)
    fleet = Fleet(node, node, zero, np.full(instance.vehicles, np.inf), zero, capacity, node, second_cost=0.0)
    service = sum(each.cost for each in instance.services)
    return RoutingModel(Jobs(jobs, np.ones(len(groups)), groups), Tables(1, cost, cost[None]), fleet, service)
