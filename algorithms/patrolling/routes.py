"""Routes of the crews of one patrol: serve required streets and sites, within the shift, from the depot and back to it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import arcs_line
from algorithms.network.shortest_paths import ArcNetwork, fastest_ways
from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.jobs import Jobs, Left, possible_jobs, unserved
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, PatrolRoute, Reason, StopKind
from algorithms.patrolling.shortage import fitting, schedule, shared_out
from algorithms.patrolling.stretches import move_stretches
from algorithms.patrolling.vehicle_model import Search, search, vehicle_model, way_times
from algorithms.progress import SILENT, Progress, Span

DEFAULTS = PatrolParams()
_AMPLE = 1e7  # seconds: a shift in which anything fits


def solve_patrol(problem: PatrolProblem, params: PatrolParams = DEFAULTS, progress: Progress = SILENT) -> PatrolResult:
    """Return the crews' routes, short in time, and whatever is not served with the reason.

    First everything that can be reached is required. Where the crews' time does not suffice for that, as much worth as
    possible is served and the rest listed. The same problem and parameters give the same routes.
    """
    ends_at = time.monotonic() + params.wall_seconds
    jobs, left, network = possible_jobs(problem, params)
    progress.report(0.02)
    if not jobs.ways:
        return PatrolResult((), unserved(problem, left), 0, False)
    times = way_times(problem, jobs, network, Span(progress, 0.02, 0.1))
    found = _Plan(problem, params, jobs, times, ends_at).make(Span(progress, 0.1, 0.98))
    tours = [fitting(problem, jobs, times, tour) for tour in found.tours]
    left += _left_out(jobs, tours)
    routes = tuple(_route(problem, jobs, times, network, tour) for tour in tours if tour)
    progress.report(1.0)
    return PatrolResult(routes, unserved(problem, left), found.iterations, found.cut_short)


@dataclass(frozen=True, eq=False)
class _Plan:
    """The questions asked of the solver, one after the other, until one has an answer."""

    problem: PatrolProblem
    params: PatrolParams
    jobs: Jobs
    times: Floats
    ends_at: float

    def make(self, progress: Progress) -> Search:
        """Return the plan: all jobs within the shift, or else the most worth that it holds."""
        alone = len(self.problem.crews) == 1
        whole = replace(self.problem, crews=like_crews(1, self.problem.depot, _AMPLE))
        done = Search([], False, 0, False)
        if alone or self._service() <= len(self.problem.crews) * self.problem.longest:
            done = self._ask(whole if alone else self.problem, Span(progress, 0.0, 0.5), give_up=not alone)
            if done.feasible and all(schedule(self.problem, self.jobs, self.times, tour)[1] for tour in done.tours):
                return done
        round_trip = done if alone or done.cut_short else self._ask(whole, Span(progress, 0.5, 0.6))
        tours: list[list[int]] = []
        if round_trip.feasible:  # one tour of everything, cut up among the crews and cut down to their time
            parts = shared_out(self.jobs, self.times, round_trip.tours, len(self.problem.crews))
            tours = [fitting(self.problem, self.jobs, self.times, part) for part in parts]
        last = self._ask(self.problem, Span(progress, 0.6, 1.0), all_required=False, warm=[tour for tour in tours if tour])
        spent = last.iterations + done.iterations + (0 if round_trip is done else round_trip.iterations)
        return replace(last, iterations=spent, cut_short=done.cut_short or round_trip.cut_short or last.cut_short)

    def _service(self) -> float:
        return sum(self.jobs.ways[group[0]].seconds for group in self.jobs.by_job)

    def _ask(
        self,
        problem: PatrolProblem,
        progress: Progress,
        all_required: bool = True,
        warm: list[list[int]] | None = None,
        give_up: bool = False,
    ) -> Search:
        turned = _turned(self.jobs)

        def seconds(tours: list[list[int]]) -> float:
            """Return the crews' time and their driving, as the solver counts them; infinite where a tour is not in time."""
            total = 0.0
            for tour in tours:
                clock, good = schedule(problem, self.jobs, self.times, tour)
                path = np.array([0, *(w + 1 for w in tour), 0])
                total += float(clock[-1, 0]) + float(self.times[path[:-1], path[1:]].sum()) if good else np.inf
            return total

        def improve(tours: list[list[int]]) -> list[list[int]]:
            return move_stretches(tours, self.times, turned, seconds)

        data = vehicle_model(problem, self.jobs, self.times, all_required)
        return search(data, self.params, self.ends_at, improve, progress, improve(warm) if warm else [], give_up)


def _turned(jobs: Jobs) -> Ints:
    """Return for every way the way that does the same job in the other direction: itself for a site, -1 where there is none."""
    turned = np.full(len(jobs.ways), -1, np.int64)
    for group in jobs.by_job:
        if len(group) == 2:
            turned[list(group)] = group[::-1]
        elif jobs.ways[group[0]].site >= 0:
            turned[group[0]] = group[0]
    return turned


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
