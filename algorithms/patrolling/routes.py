"""Routes of the crews of one patrol: serve required streets and sites, each within its shift, from its depot and home again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.network.road_graph import arcs_line
from algorithms.patrolling.balance import Balanced
from algorithms.patrolling.compactness import overlap
from algorithms.patrolling.crew_route import CrewOnRoute
from algorithms.patrolling.jobs import Left, Work, possible_jobs, unserved
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, PatrolRoute, Reason
from algorithms.patrolling.stretches import Tours
from algorithms.patrolling.tour_plan import TourPlan
from algorithms.patrolling.walk import Ways
from algorithms.patrolling.wishes import evened, kept_apart
from algorithms.progress import SILENT, Progress, Span

DEFAULTS = PatrolParams()
_MANY = 400  # jobs, beyond which one start is best


def solve_patrol(problem: PatrolProblem, params: PatrolParams = DEFAULTS, progress: Progress = SILENT) -> PatrolResult:
    """Return the crews' routes, short in time, and whatever is not served with the reason.

    First everything that can be reached is required. Where the crews' time does not suffice for that, as much worth as
    possible is served and the rest listed. Then crews are kept out of each other's parts and their times made alike, as far as the
    problem wishes for either, and breaks are put in. The same problem and parameters give the same routes.
    """
    ends_at = time.monotonic() + params.wall_seconds
    work = possible_jobs(problem, params, Span(progress, 0.0, 0.1))
    progress.report(0.1)
    if not work.jobs.ways:
        return PatrolResult((), unserved(work.left), 0, False)
    plan = TourPlan(work.jobs, work.tables, work.fleet, spent_on(params, len(work.jobs.by_job)), ends_at)
    several = len(problem.crews) > 1
    planned = 0.4 if several and (problem.balance or problem.compact) else 0.95
    tours, complete = plan.best(Span(progress, 0.1, planned))
    places = way_places(problem, work)
    before = overlap(places, tours)
    if several and problem.compact > 0 and complete:
        tours = kept_apart(problem, plan, places, tours, Span(progress, planned, planned + 0.2))
    made = Balanced(tours, 1.0, 0.0)
    if several and problem.balance > 0 and complete:
        made = evened(problem, plan, places, tours, Span(progress, planned + 0.2 * (problem.compact > 0), 0.95))
    ways = Ways(problem.graph, work.network, problem.price)
    routes: list[PatrolRoute] = []
    no_rest: list[int] = []
    for row, tour in enumerate(made.tours):
        if tour:
            route, rested = CrewOnRoute(problem, work, plan, row, ways).route(tour, Span(progress, 0.95, 0.95))
            routes.append(route)
            no_rest += [] if rested else [row]
    left = [*work.left, *_left_out(work, made.tours)]
    progress.report(1.0)
    return PatrolResult(
        tuple(routes),
        unserved(left),
        plan.iterations,
        plan.cut_short,
        plan.timetable.shortage() / 3600,
        balance_of(problem, routes),
        made.more,
        overlap(places, made.tours),
        before,
        tuple(no_rest),
    )


def spent_on(params: PatrolParams, jobs: int) -> PatrolParams:
    """Return the parameters with fewer and longer starts where there are many jobs.

    For 350 jobs on the main roads of a city one start drove 3 % less than four; 2.5 times the iterations would save another 3 %, for
    more than twice the time (four seeds).
    """
    starts = max(1, min(params.starts, round(_MANY / jobs)))
    return replace(params, starts=starts, rounds=params.rounds * params.starts // starts)


def balance_of(problem: PatrolProblem, routes: Sequence[PatrolRoute]) -> float:
    """Return the longest time of a crew by the mean over all, each as a share of its shift; 1 where nobody goes out."""
    share = np.zeros(len(problem.crews))
    for route in routes:
        share[route.crew] = route.seconds / problem.crews.shift[route.crew]
    return float(share.max() / share.mean()) if share.max() > 0 else 1.0


def route_line(problem: PatrolProblem, route: PatrolRoute) -> Floats:
    """Return the coordinates (k, 2) of a route in driving order, from its depot to its home; at least two points."""
    line = arcs_line(problem.graph, route.arcs)
    return line if len(line) else np.repeat(problem.graph.node_xy[problem.crews.depot[[route.crew]]], 2, axis=0)


def way_places(problem: PatrolProblem, work: Work) -> Floats:
    """Return where each way lies, halfway between its ends, (ways, 2)."""
    ends = np.array([(way.entry, way.exit) for way in work.jobs.ways])
    return np.asarray(problem.graph.node_xy[ends].mean(axis=1))


def _left_out(work: Work, tours: Tours) -> list[Left]:
    jobs = work.jobs
    done = {jobs.ways[w].job for tour in tours for w in tour}
    return [(jobs.ways[group[0]], Reason.NO_TIME) for job, group in enumerate(jobs.by_job) if job not in done]
