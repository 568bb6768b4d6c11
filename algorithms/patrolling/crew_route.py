"""A crew's tour made a route: driven arc by arc, each street and site in its time, with the crew's break."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from algorithms.patrolling.breaks import rest_call, rest_place
from algorithms.patrolling.jobs import Way, Work, grouped, way_tables
from algorithms.patrolling.problem import PatrolProblem, PatrolRoute, StopKind
from algorithms.patrolling.tour_plan import TourPlan, only
from algorithms.patrolling.walk import Walk, WalkCall, Ways, drive_calls
from algorithms.progress import SILENT, Progress

_LATE = 1e-6  # seconds


@dataclass(frozen=True, eq=False)
class CrewOnRoute:
    """One crew's tour made a route: driven arc by arc, with its break."""

    problem: PatrolProblem
    work: Work
    plan: TourPlan
    row: int
    ways: Ways

    def route(self, tour: list[int], progress: Progress = SILENT) -> tuple[PatrolRoute, bool]:
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
            again = self._with_rest(tour, rest, progress)
            if again is None:
                return without, False
            before = again.index(None)
            first, second = (self._calls([way for way in part if way]) for part in (again[:before], again[before + 1 :]))
            calls, items, place = first[0] + second[0], first[1] + second[1], len(first[0])
        calls, items = [*calls[:place], rest, *calls[place:]], [*items[:place], -1, *items[place:]]
        walk = self._walk(calls)
        if len(walk.late) or walk.passed[-1] > ends_by + _LATE:  # the way past the resting place was shorter than the cheapest way
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

    def _with_rest(self, tour: list[int], rest: WalkCall, progress: Progress) -> list[Way | None] | None:
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
        search = found.ask(fleet, progress)
        self.plan.iterations += search.iterations
        self.plan.cut_short |= search.cut_short
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
