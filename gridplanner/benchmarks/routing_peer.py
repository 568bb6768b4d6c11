"""Peer: OR-Tools' routing library on the jobs and the matrices of a patrol, with the same limits, for the same seconds."""

from __future__ import annotations

import math
from importlib.metadata import version
from typing import Protocol

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Jobs, Work
from algorithms.patrolling.stretches import Tours

NAME = f"OR-Tools {version('ortools')}"
_TICK = 0.01  # seconds, as our own search counts
_FAR = 10**9


class Driving(Protocol):
    """What tours are looked for: of a patrol, or of a published instance."""

    @property
    def jobs(self) -> Jobs: ...
    @property
    def tables(self) -> Tables: ...
    @property
    def fleet(self) -> Fleet: ...


def peer_tours(work: Driving, seconds: float) -> Tours | None:
    """Return the tours that guided local search finds from parallel cheapest insertion; None where it finds none.

    A street that may be driven either way is a disjunction of two nodes of which one is visited. What is driven is its cost, as it is
    all that is compared.
    """
    jobs, tables, fleet = work.jobs, work.tables, work.fleet
    crews, first = len(fleet), tables.depots
    ticks = np.where(np.isfinite(tables.seconds), np.ceil(tables.seconds / _TICK - 1e-6), _FAR).astype(np.int64)
    manager = pywrapcp.RoutingIndexManager(len(ticks), crews, fleet.depot.tolist(), fleet.home.tolist())
    routing = pywrapcp.RoutingModel(manager)
    drive = routing.RegisterTransitMatrix(ticks.tolist())
    routing.SetArcCostEvaluatorOfAllVehicles(drive)
    if np.all(np.isfinite(fleet.shift)):
        _keep_times(routing, manager, work, ticks)
    if np.all(np.isfinite(fleet.capacity)):
        load = routing.RegisterUnaryTransitVector([0] * first + [math.ceil(way.load) for way in jobs.ways])
        routing.AddDimensionWithVehicleCapacity(load, 0, np.floor(fleet.capacity).astype(np.int64).tolist(), True, "load")
    for group in jobs.by_job:
        if len(group) > 1:
            routing.AddDisjunction([manager.NodeToIndex(first + w) for w in group], _FAR * 100, 1)
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(round(1000 * seconds))
    found = routing.SolveWithParameters(settings)
    if found is None:
        return None
    tours: Tours = []
    for crew in range(crews):
        index, tour = found.Value(routing.NextVar(routing.Start(crew))), []
        while not routing.IsEnd(index):
            tour.append(manager.IndexToNode(index) - first)
            index = found.Value(routing.NextVar(index))
        tours.append(tour)
    return tours


def _keep_times(
    routing: pywrapcp.RoutingModel,
    manager: pywrapcp.RoutingIndexManager,
    work: Driving,
    ticks: np.ndarray[tuple[int, int], np.dtype[np.int64]],
) -> None:
    """Give every vehicle its shift and every job its window."""
    jobs, fleet, first = work.jobs, work.fleet, work.tables.depots
    service = [0] * first + [math.ceil(way.seconds / _TICK - 1e-6) for way in jobs.ways]
    spend = routing.RegisterTransitMatrix((ticks + np.array(service)[:, None]).tolist())
    longest = [math.floor((s + o) / _TICK) for s, o in zip(fleet.shift.tolist(), fleet.overtime.tolist(), strict=True)]
    routing.AddDimensionWithVehicleCapacity(spend, max(longest), longest, True, "time")
    clock = routing.GetDimensionOrDie("time")
    begin = float(fleet.start.min())
    for w, way in enumerate(jobs.ways):
        index = manager.NodeToIndex(first + w)
        last = max(longest) if math.isinf(way.closes) else math.floor((way.closes - begin) / _TICK)
        clock.CumulVar(index).SetRange(max(0, math.ceil((way.opens - begin) / _TICK)) if math.isfinite(way.opens) else 0, last)


def driving_of(work: Work, tours: Tours | None) -> float | None:
    """Return the seconds that tours drive, None where there are none or a job is missing."""
    if tours is None or sum(len(tour) for tour in tours) < len(work.jobs.by_job):
        return None
    total = 0.0
    for crew, tour in enumerate(tours):
        path = [int(work.fleet.depot[crew]), *(work.tables.depots + w for w in tour), int(work.fleet.home[crew])]
        total += float(work.tables.seconds[path[:-1], path[1:]].sum()) if tour else 0.0
    return total
