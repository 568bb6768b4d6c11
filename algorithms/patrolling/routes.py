"""Routes of the crews of one patrol: serve required streets and sites, each within its shift, from its depot and home again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.network.road_graph import arcs_line
from algorithms.patrolling.balance import Balanced, Scales, balanced
from algorithms.patrolling.breaks import rest_call, rest_place
from algorithms.patrolling.compactness import ENTRIES, overlap, parted
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.jobs import Left, Way, Work, grouped, possible_jobs, unserved, way_tables
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, PatrolRoute, Reason, StopKind
from algorithms.patrolling.shortage import Timetable
from algorithms.patrolling.stretches import Tours
from algorithms.patrolling.tour_plan import Costs, TourPlan, only, with_shift
from algorithms.patrolling.walk import Walk, WalkCall, Ways, drive_calls
from algorithms.progress import SILENT, Progress, Span

DEFAULTS = PatrolParams()
_COMPACT_ROUNDS = 2
_MANY = 400  # jobs, beyond which one start is best
_AGAIN = 3  # a search from known tours has this part of the iterations
_CHEAP = 0.1  # of the driving that balance may cost: not worth looking for less


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
    rest = 0.4 if several and (problem.balance or problem.compact) else 0.95
    tours, complete = plan.best(Span(progress, 0.1, rest))
    places = way_places(problem, work)
    before = overlap(places, tours)
    cost = (work.tables, work.fleet)
    if several and problem.compact > 0 and complete and len(problem.crews) * work.tables.seconds.size <= ENTRIES:
        tours, cost = _kept_apart(problem, plan, places, tours, Span(progress, rest, rest + 0.2))
    made = Balanced(tours, 1.0, 0.0)
    if several and problem.balance > 0 and complete:
        made = _evened(problem, plan, cost, tours, Span(progress, rest + 0.2 * (problem.compact > 0), 0.95))
    ways = Ways(problem.graph, work.network, problem.price)
    routes: list[PatrolRoute] = []
    no_rest: list[int] = []
    for row, tour in enumerate(made.tours):
        if tour:
            route, rested = _Crew(problem, work, plan, row, ways).route(tour)
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
    """Return the parameters with fewer and longer starts where there are many jobs: what a search of them has found is dear to lose."""
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


def _kept_apart(
    problem: PatrolProblem, plan: TourPlan, places: Floats, tours: Tours, progress: Progress
) -> tuple[Tours, tuple[Tables, Fleet]]:
    """Return tours searched again, twice, where each crew pays for going into another's part."""
    metres = problem.graph.length.sum()
    known = np.isfinite(problem.graph.seconds)
    pace = float(problem.graph.seconds[known].sum() / max(metres * known.mean() * 2, 1e-9))
    cost = (plan.tables, plan.fleet)
    for step in range(_COMPACT_ROUNDS):
        if progress.should_finish():
            break
        cost = parted(plan.tables, plan.fleet, places, tours, problem.compact, pace)
        span = Span(progress, step / _COMPACT_ROUNDS, (step + 1) / _COMPACT_ROUNDS)
        found = plan.ask(cost[1], span, warm=tours, tables=cost[0], params=_once_more(plan.params))
        if found.feasible:
            tours = found.tours
    return tours, cost


def _evened(problem: PatrolProblem, plan: TourPlan, cost: tuple[Tables, Fleet], tours: Tours, progress: Progress) -> Balanced:
    """Return tours of about equal time."""
    tables, fleet = cost
    timetable = plan.timetable
    longest = fleet.shift + fleet.overtime
    driving = sum(timetable.driving(row, tour) for row, tour in enumerate(tours))
    enough = Costs(Timetable(plan.jobs, tables, fleet))(tours) + _CHEAP * problem.balance_travel * driving

    def ask(limit: Floats, warm: Tours, span: Progress) -> Tours | None:
        held = with_shift(fleet, np.minimum(limit, longest), np.zeros(len(fleet)))
        found = plan.ask(held, span, warm=warm, tables=tables, params=_once_more(plan.params), target=enough)
        return found.tours if found.feasible else None

    scales = Scales(
        lambda made: np.array([timetable.away(row, tour) for row, tour in enumerate(made)]),
        lambda made: sum(timetable.driving(row, tour) for row, tour in enumerate(made)),
        fleet.shift,
    )
    return balanced(tours, scales, ask, problem.balance, problem.balance_travel, plan.params.balance_steps, progress)


def _once_more(params: PatrolParams) -> PatrolParams:
    return replace(params, starts=1, rounds=2, iterations=max(1, params.iterations // _AGAIN))


def _left_out(work: Work, tours: Tours) -> list[Left]:
    jobs = work.jobs
    done = {jobs.ways[w].job for tour in tours for w in tour}
    return [(jobs.ways[group[0]], Reason.NO_TIME) for job, group in enumerate(jobs.by_job) if job not in done]


@dataclass(frozen=True, eq=False)
class _Crew:
    """One crew's tour made a route: driven arc by arc, with its break."""

    problem: PatrolProblem
    work: Work
    plan: TourPlan
    row: int
    ways: Ways

    def route(self, tour: list[int]) -> tuple[PatrolRoute, bool]:
        """Return the route, and whether the crew has the break it should have."""
        crews, row = self.problem.crews, self.row
        calls, items = self._calls([self.work.jobs.ways[w] for w in tour])
        walk = self._walk(calls)
        without = self._made(walk, calls, items)
        if crews.rest[row] <= 0:
            return without, True
        rest = rest_call(float(crews.rest[row]), float(crews.rest_from[row]), float(crews.rest_to[row]))
        ends_by = float(crews.start[row] + crews.longest[row])
        place = rest_place(walk, calls, rest, ends_by)
        if place is None:
            again = self._with_rest(tour, rest)
            if again is None:
                return without, False
            before = again.index(None)
            first, second = (self._calls([way for way in part if way]) for part in (again[:before], again[before + 1 :]))
            calls, items, place = first[0] + second[0], first[1] + second[1], len(first[0])
        calls, items = [*calls[:place], rest, *calls[place:]], [*items[:place], -1, *items[place:]]
        walk = self._walk(calls)
        if len(walk.late) or walk.passed[-1] > ends_by + 1e-6:  # the way past the resting place was shorter than the cheapest way
            return without, False
        return self._made(walk, calls, items), True

    def _walk(self, calls: list[WalkCall]) -> Walk:
        crews, row = self.problem.crews, self.row
        return drive_calls(self.ways, int(crews.depot[row]), int(crews.home[row]), float(crews.start[row]), calls)

    def _calls(self, ways: list[Way]) -> tuple[list[WalkCall], list[int]]:
        """Return the calls of ways, one a street or site, and the rows of the problem that they serve."""
        streets, sites = self.problem.streets, self.problem.sites
        calls: list[WalkCall] = []
        items: list[int] = []
        for way in ways:
            if way.site >= 0:
                i = way.site
                window = float(sites.opens[i]), float(sites.closes[i])
                calls.append(WalkCall(StopKind.SITE, (), int(sites.node[i]), float(sites.dwell[i]), *window))
                items.append(i)
            for arc, i in zip(way.arcs, way.rows, strict=True):
                window = float(streets.opens[i]), float(streets.closes[i])
                calls.append(WalkCall(StopKind.STREET, (arc,), -1, float(streets.seconds[i]), *window))
                items.append(i)
        return calls, items

    def _with_rest(self, tour: list[int], rest: WalkCall) -> list[Way | None] | None:
        """Return the crew's ways in an order that leaves room for the rest, which is None among them; nothing where none is found."""
        jobs, crews = self.work.jobs, self.problem.crews
        own = {jobs.ways[w].job: number for number, w in enumerate(tour)}
        ways = [replace(jobs.ways[w], job=own[job]) for job in own for w in jobs.by_job[job]]
        count = len(ways)
        depots = np.unique(np.concatenate((crews.depot, crews.home)))
        lasts = float(rest.seconds or 0.0)
        nodes = sorted({int(crews.depot[self.row]), *(way.exit for way in ways)})
        ways += [Way(len(own), node, node, lasts, opens=rest.opens, closes=rest.closes) for node in nodes]
        tables = way_tables(self.problem, depots, ways, self.work.network)
        fleet = only(self.plan.fleet, self.row)
        fleet = replace(fleet, shift=fleet.shift + lasts)
        group = grouped(ways, np.ones(len(own) + 1))
        found = TourPlan(group, tables, fleet, replace(self.plan.params, starts=2), self.plan.ends_at)
        search = found.ask(fleet, Progress())
        if not search.feasible or not found.timetable.schedule(0, search.tours[0])[1]:
            return None
        return [ways[w] if w < count else None for w in search.tours[0]]

    def _made(self, walk: Walk, calls: list[WalkCall], items: list[int]) -> PatrolRoute:
        served = walk.call_of_arc >= 0
        metres = self.problem.graph.length[walk.arcs // 2]
        return PatrolRoute(
            np.array([call.kind for call in calls], np.int8),
            np.array(items, np.int64),
            walk.at,
            walk.arrive,
            walk.begin,
            walk.leave,
            walk.arcs,
            walk.call_of_arc,
            walk.seconds,
            float(metres[served].sum()),
            float(metres[~served].sum()),
            self.row,
        )
