"""Routes of the crews of one patrol: serve required streets and sites, within the shift, from the depot and back to it."""

from __future__ import annotations

import time

import numpy as np

from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import arcs_line
from algorithms.network.shortest_paths import ArcNetwork, fastest_ways
from algorithms.patrolling.jobs import Jobs, Left, possible_jobs, unserved
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, PatrolRoute, Reason, StopKind
from algorithms.patrolling.stretches import move_stretches
from algorithms.patrolling.vehicle_model import Search, search, vehicle_model, way_times
from algorithms.progress import SILENT, Progress, Span

DEFAULTS = PatrolParams()


def solve_patrol(problem: PatrolProblem, params: PatrolParams = DEFAULTS, progress: Progress = SILENT) -> PatrolResult:
    """Return the crews' routes, short in time, and whatever is not served with the reason.

    First everything that can be reached is required. Where the crews' time does not suffice for that, as much worth as
    possible is served and the rest listed. The same problem and parameters give the same routes.
    """
    ends_at = time.monotonic() + params.wall_seconds
    jobs, left, network = possible_jobs(problem, params)
    progress.report(0.02, "travel times")
    if not jobs.ways:
        return PatrolResult((), unserved(problem, left), 0, False)
    times = way_times(problem, jobs, network, Span(progress, 0.02, 0.1))
    found, iterations, cut_short = _search(problem, params, jobs, times, ends_at, progress)
    tours = [fitting(problem, jobs, times, tour) for tour in found]
    left += _left_out(jobs, tours)
    progress.report(0.98, "drawing routes")
    routes = tuple(_route(problem, jobs, times, network, tour) for tour in tours if tour)
    progress.report(1.0)
    return PatrolResult(routes, unserved(problem, left), iterations, cut_short)


def _search(
    problem: PatrolProblem, params: PatrolParams, jobs: Jobs, times: Floats, ends_at: float, progress: Progress
) -> tuple[list[list[int]], int, bool]:
    turned = _turned(jobs)

    def seconds(tours: list[list[int]]) -> float:
        clocks = [schedule(problem, jobs, times, tour) for tour in tours]
        return sum(float(clock[-1, 0]) for clock, _ in clocks) if all(good for _, good in clocks) else np.inf

    def improve(tours: list[list[int]]) -> list[list[int]]:
        return move_stretches(tours, times, turned, seconds)

    service = sum(jobs.ways[group[0]].seconds for group in jobs.by_job)
    tried: Search | None = None
    if service <= problem.crews * problem.longest:
        data = vehicle_model(problem, jobs, times, all_required=True)
        tried = search(data, params, ends_at, improve, Span(progress, 0.1, 0.98), give_up=True)
        if tried.feasible:
            return tried.tours, tried.iterations, tried.cut_short
    data = vehicle_model(problem, jobs, times, all_required=False)
    second = search(data, params, ends_at, improve, Span(progress, 0.54 if tried else 0.1, 0.98))
    before = tried.iterations if tried else 0
    return second.tours, before + second.iterations, second.cut_short or bool(tried and tried.cut_short)


def _turned(jobs: Jobs) -> Ints:
    """Return for every way the way that does the same job in the other direction: itself for a site, -1 where there is none."""
    turned = np.full(len(jobs.ways), -1, np.int64)
    for group in jobs.by_job:
        if len(group) == 2:
            turned[list(group)] = group[::-1]
        elif jobs.ways[group[0]].site >= 0:
            turned[group[0]] = group[0]
    return turned


def schedule(problem: PatrolProblem, jobs: Jobs, times: Floats, tour: list[int]) -> tuple[Floats, bool]:
    """Return when each stop of a tour is reached, begun and left (stops, 3), and at last the depot; and whether all is in time."""
    clock, place, good = 0.0, 0, True
    rows: list[tuple[float, float, float]] = []
    for w in tour:
        way = jobs.ways[w]
        arrive = clock + float(times[place, w + 1])
        begin = max(arrive, way.opens)
        clock, place = begin + way.seconds, w + 1
        good &= begin <= way.closes + 1e-6
        rows.append((arrive, begin, clock))
    home = clock + float(times[place, 0])
    rows.append((home, home, home))
    return np.array(rows), good and home <= problem.longest + 1e-6


def fitting(problem: PatrolProblem, jobs: Jobs, times: Floats, tour: list[int]) -> list[int]:
    """Return the tour without the stops of least weight whose leaving brings it into the shift; a tour that fits stays whole.

    The solver's plans fit already, unless it was stopped before it found one.
    """
    while tour and not schedule(problem, jobs, times, tour)[1]:
        least = min(float(jobs.weight[jobs.ways[w].job]) for w in tour)
        cheap = [i for i, w in enumerate(tour) if float(jobs.weight[jobs.ways[w].job]) <= least]
        ends = [float(schedule(problem, jobs, times, tour[:i] + tour[i + 1 :])[0][-1, 0]) for i in cheap]
        out = cheap[int(np.argmin(ends))]
        tour = tour[:out] + tour[out + 1 :]
    return tour


def route_line(problem: PatrolProblem, route: PatrolRoute) -> Floats:
    """Return the coordinates (k, 2) of a route in driving order, from the depot back to the depot; at least two points."""
    line = arcs_line(problem.graph, route.arcs)
    return line if len(line) else np.repeat(problem.graph.node_xy[[problem.depot]], 2, axis=0)


def _left_out(jobs: Jobs, tours: list[list[int]]) -> list[Left]:
    done = {jobs.ways[w].job for tour in tours for w in tour}
    return [(jobs.ways[group[0]], Reason.NO_TIME) for job, group in enumerate(jobs.by_job) if job not in done]


def _route(problem: PatrolProblem, jobs: Jobs, times: Floats, network: ArcNetwork, tour: list[int]) -> PatrolRoute:
    graph, streets = problem.graph, problem.streets
    row = dict(zip(streets.edge.tolist(), range(len(streets)), strict=True))
    ways = [jobs.ways[w] for w in tour]
    leave = np.array([problem.depot, *(way.exit for way in ways)])
    reach = np.array([*(way.entry for way in ways), problem.depot])
    between = fastest_ways(network, leave, reach)
    clock = schedule(problem, jobs, times, tour)[0]
    stops: list[tuple[int, int, int, float, float, float]] = []
    arcs: list[int] = []
    served: list[int] = []
    for i, way in enumerate(ways):
        arcs += between[i].tolist()
        served += [-1] * len(between[i])
        arrive, begin, end = clock[i].tolist()
        if way.site >= 0:
            stops.append((StopKind.SITE, way.site, len(arcs), arrive, begin, end))
        for arc in way.arcs:
            end = begin + float(streets.seconds[row[arc // 2]])
            stops.append((StopKind.STREET, row[arc // 2], len(arcs), arrive, begin, end))
            served.append(len(stops) - 1)
            arcs.append(arc)
            arrive = begin = end
    arcs += between[-1].tolist()
    served += [-1] * len(between[-1])
    drive, stop_of_arc = np.array(arcs, np.int64), np.array(served, np.int64)
    metres = graph.length[drive // 2]
    kind, item, at, arrives, begins, leaves = zip(*stops, strict=True)
    return PatrolRoute(
        np.array(kind, np.int8),
        np.array(item, np.int64),
        np.array(at, np.int64),
        np.array(arrives),
        np.array(begins),
        np.array(leaves),
        drive,
        stop_of_arc,
        float(clock[-1, 0]),
        float(metres[stop_of_arc >= 0].sum()),
        float(metres[stop_of_arc < 0].sum()),
    )
