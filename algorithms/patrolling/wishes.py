"""What is wished of tours beside little driving: crews that keep out of each other's parts, and are out about as long."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.network.road_graph import RoadGraph
from algorithms.patrolling.balance import Balanced, Scales, balanced
from algorithms.patrolling.compactness import ENTRIES, parted
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.problem import PatrolParams, PatrolProblem
from algorithms.patrolling.shortage import Timetable
from algorithms.patrolling.stretches import Tours
from algorithms.patrolling.tour_plan import Costs, TourPlan, with_shift
from algorithms.progress import Progress, Span

_COMPACT_ROUNDS = 2
_AGAIN = 4  # a search from known tours has this part of the iterations
_CHEAP = 0.1  # of the driving that balance may cost: a search may stop there
_ROOM = 1.1  # times the longest of equal shares of one tour: in that much time all crews can surely do all of it


def kept_apart(problem: PatrolProblem, plan: TourPlan, places: Floats, tours: Tours, progress: Progress) -> Tours:
    """Return tours searched again, twice, where each crew pays for going into another's part; `places` (ways, 2) are where ways lie."""
    for step in range(_COMPACT_ROUNDS):
        if progress.should_finish():
            plan.cut_short = True
            break
        tables, fleet = _driven_by(problem, plan, places, tours)
        span = Span(progress, step / _COMPACT_ROUNDS, (step + 1) / _COMPACT_ROUNDS)
        found = plan.ask(fleet, span, warm=tours, tables=tables, params=_once_more(plan.params))
        if found.feasible:
            tours = found.tours
    return tours


def evened(problem: PatrolProblem, plan: TourPlan, places: Floats, tours: Tours, progress: Progress) -> Balanced:
    """Return tours of about equal time, as `balanced` does, of crews that still keep to their parts where that is wished.

    Crews that the shortest plan leaves at home get a part of the work first, whatever more has to be driven for that: who is there
    is to go out. The driving that balance may cost is then counted from the plan in which all do.
    """
    timetable, first = plan.timetable, tours
    longest, rest = plan.fleet.shift + plan.fleet.overtime, problem.crews.rest  # breaks are no part of the fleet's shifts
    scales = Scales(
        lambda made: np.array([timetable.away(row, tour) + rest[row] if tour else 0.0 for row, tour in enumerate(made)]),
        lambda made: sum(timetable.driving(row, tour) for row, tour in enumerate(made)),
        problem.crews.shift,
    )
    began = max(scales.driving(tours), 1e-9)
    more = _CHEAP * problem.balance_travel * began

    def ask(limit: Floats, warm: Tours, span: Progress) -> Tours | None:
        tables, fleet = _driven_by(problem, plan, places, warm)
        enough = Costs(Timetable(plan.jobs, tables, fleet))(first) + more
        held = with_shift(fleet, np.clip(limit - rest, 0.0, longest), np.zeros(len(fleet)))
        found = plan.ask(held, span, warm=warm, tables=tables, params=_once_more(plan.params), target=enough)
        return found.tours if found.feasible else None

    if not all(tours) and len(plan.jobs.by_job) >= len(tours):
        parts = plan.nearest(timetable.shared_out([w for tour in tours for w in tour], 0))
        limit = _ROOM * float((scales.away(parts) / scales.full).max())
        found = ask(limit * scales.full, parts, Span(progress, 0.0, 0.2)) if np.isfinite(limit) else None
        in_time = all(timetable.schedule(row, part)[1] for row, part in enumerate(parts))
        for made in (found, parts if in_time else None):  # where crews wait for sites to open, one may do all in as much time as two
            if made is not None and all(made):
                first = tours = made
                break
    even = balanced(tours, scales, ask, problem.balance, problem.balance_travel, plan.params.balance_steps, Span(progress, 0.2, 1.0))
    return replace(even, more=(1 + even.more) * scales.driving(first) / began - 1)


def _driven_by(problem: PatrolProblem, plan: TourPlan, places: Floats, tours: Tours) -> tuple[Tables, Fleet]:
    """Return the tables and the fleet with what crews pay for going into others' parts, where that is wished and there is memory."""
    if problem.compact <= 0 or len(plan.fleet) * plan.tables.seconds.size > ENTRIES:
        return plan.tables, plan.fleet
    return parted(plan.tables, plan.fleet, places, tours, problem.compact, _pace(problem.graph))


def _pace(graph: RoadGraph) -> float:
    """Return the seconds that driving a metre takes."""
    known = np.isfinite(graph.seconds)
    return float(graph.seconds[known].sum() / max(float(np.repeat(graph.length, 2)[known].sum()), 1e-9))


def _once_more(params: PatrolParams) -> PatrolParams:
    return replace(params, starts=1, rounds=2, iterations=max(1, params.iterations // _AGAIN))
