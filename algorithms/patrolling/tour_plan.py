"""The questions asked of the search, one after the other, until there are tours for the crews: all jobs, or the most worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from algorithms.network.polylines import Floats, Ints
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.fleet_search import Search, search_tours
from algorithms.patrolling.jobs import Jobs
from algorithms.patrolling.problem import PatrolParams
from algorithms.patrolling.shortage import Timetable
from algorithms.patrolling.stretches import Ground, Tours, move_stretches
from algorithms.progress import Progress, Span

_AMPLE = 1e7  # seconds: a shift in which anything fits
_NO_WAY = 1e7  # seconds, in sums that must stay finite


@dataclass
class TourPlan:
    """Tours of a fleet: what has been asked of the search so far is counted in `iterations`, and whether it was stopped in `cut_short`."""

    jobs: Jobs
    tables: Tables
    fleet: Fleet
    params: PatrolParams
    ends_at: float
    iterations: int = 0
    cut_short: bool = False
    ground: Ground = field(init=False)

    def __post_init__(self) -> None:
        self.ground = ground_of(self.jobs, self.tables, self.fleet)

    @property
    def timetable(self) -> Timetable:
        """When tours are where."""
        return Timetable(self.jobs, self.tables, self.fleet)

    def best(self, progress: Progress) -> tuple[Tours, bool]:
        """Return tours with all jobs in time, and True; or else with the most worth that the crews' time holds, and False."""
        alone = len(self.fleet) == 1
        row = int(np.argmax(self.fleet.shift + self.fleet.overtime))
        whole = _ample(self.fleet, row)
        done = Search([], False, np.inf, 0, False)
        if alone or self._service() <= float((self.fleet.shift + self.fleet.overtime).sum()):
            done = self.ask(whole if alone else self.fleet, Span(progress, 0.0, 0.5), give_up=not alone)
            if done.feasible and all(self.timetable.schedule(k, tour)[1] for k, tour in enumerate(done.tours) if tour):
                return done.tours, True
        round_trip = done if alone or done.cut_short else self.ask(whole, Span(progress, 0.5, 0.6))
        warm: Tours = []
        if round_trip.feasible:  # one tour of everything, cut up among the crews and cut down to their time
            parts = self.timetable.shared_out(round_trip.tours[0], row)
            warm = [self.timetable.fitting(k, part) for k, part in enumerate(self.nearest(parts))]
        last = self.ask(self.fleet, Span(progress, 0.6, 1.0), all_required=False, warm=warm)
        return [self.timetable.fitting(k, tour) for k, tour in enumerate(last.tours)], False

    def ask(
        self,
        fleet: Fleet,
        progress: Progress,
        all_required: bool = True,
        warm: Tours | None = None,
        give_up: bool = False,
        tables: Tables | None = None,
        params: PatrolParams | None = None,
        target: float = -np.inf,
    ) -> Search:
        """Return what the search finds for a fleet, with whole stretches moved between its rounds; costs of `target` are enough."""
        driven = self.tables if tables is None else tables
        cost_of = Costs(Timetable(self.jobs, driven, fleet))
        like = replace(self.ground, alike=len({*fleet_kinds(fleet)}) == 1)
        ground = like if len(fleet) == len(self.fleet) else ground_of(self.jobs, self.tables, fleet)

        def improve(tours: Tours) -> Tours:
            return move_stretches(tours, ground, cost_of)

        begun = improve(warm) if warm and any(warm) else ()
        found = search_tours(
            self.jobs, driven, fleet, params or self.params, self.ends_at, progress, begun, all_required, give_up, improve, target
        )
        self.iterations += found.iterations
        self.cut_short |= found.cut_short
        return found

    def _service(self) -> float:
        return sum(min(self.jobs.ways[w].seconds for w in group) for group in self.jobs.by_job)

    def nearest(self, parts: Tours) -> Tours:
        """Return the parts of a round trip in the order of the crews that are nearest to them."""
        table = np.zeros((len(parts), len(parts)))
        for i, part in enumerate(parts):
            if part:
                ends = self.tables.depots + np.array([part[0], part[-1]])
                table[i] = self.tables.seconds[self.fleet.depot, ends[0]] + self.tables.seconds[ends[1], self.fleet.home]
        crew = linear_sum_assignment(np.minimum(table, _NO_WAY))[1]
        return [parts[i] for i in np.argsort(crew).tolist()]


class Costs:
    """What tours cost, each tour looked at once."""

    def __init__(self, timetable: Timetable) -> None:
        self._of: Callable[[int, list[int]], float] = timetable.cost
        self._kinds = fleet_kinds(timetable.fleet)
        self._known: dict[tuple[object, ...], float] = {}

    def __call__(self, tours: Tours) -> float:
        total = 0.0
        for row, tour in enumerate(tours):
            key = (self._kinds[row], *tour)
            cost = self._known.get(key)
            if cost is None:
                cost = self._known[key] = self._of(row, tour)
            total += cost
        return total


def fleet_kinds(fleet: Fleet) -> list[tuple[float, ...]]:
    """Return for every vehicle what it is like: equal where two do not differ."""
    columns = (fleet.depot, fleet.home, fleet.start, fleet.shift, fleet.overtime, fleet.capacity, fleet.table)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def ground_of(jobs: Jobs, tables: Tables, fleet: Fleet) -> Ground:
    """Return where the tours of a fleet lead, by what driving costs and takes together."""
    times = np.minimum(tables.cost[0] + fleet.second_cost * tables.seconds, _NO_WAY)
    alike = len({*fleet_kinds(fleet)}) == 1
    return Ground(times, tables.depots, fleet.depot, fleet.home, _turned(jobs), alike)


def with_shift(fleet: Fleet, shift: Floats, overtime: Floats | None = None) -> Fleet:
    """Return the fleet with other shifts, (c,) seconds."""
    return replace(fleet, shift=shift, overtime=fleet.overtime if overtime is None else overtime)


def only(fleet: Fleet, row: int) -> Fleet:
    """Return one vehicle of a fleet."""
    columns = ("depot", "home", "start", "shift", "overtime", "capacity", "table")
    return replace(fleet, **{name: getattr(fleet, name)[[row]] for name in columns})


def _ample(fleet: Fleet, row: int) -> Fleet:
    return with_shift(only(fleet, row), np.array([_AMPLE]), np.zeros(1))


def _turned(jobs: Jobs) -> Ints:
    """Return for every way the way that does the same job in the other direction: itself for a site, -1 where there is none."""
    turned = np.full(len(jobs.ways), -1, np.int64)
    for group in jobs.by_job:
        if len(group) == 2:
            turned[list(group)] = group[::-1]
        elif jobs.ways[group[0]].site >= 0:
            turned[group[0]] = group[0]
    return turned
