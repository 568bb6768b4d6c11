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
_AGAIN = 3  # a search from known tours has this part of the iterations
_CHEAP = 0.1  # of the driving that balance may cost: a search may stop there


def kept_apart(problem: PatrolProblem, plan: TourPlan, places: Floats, tours: Tours, progress: Progress) -> Tours:
    """Return tours searched again, twice, where each crew pays for going into another's part; `places` (ways, 2) are where ways lie."""
    for step in range(_COMPACT_ROUNDS):
        if progress.should_finish():
            break
        tables, fleet = _driven_by(problem, plan, places, tours)
        span = Span(progress, step / _COMPACT_ROUNDS, (step + 1) / _COMPACT_ROUNDS)
        found = plan.ask(fleet, span, warm=tours, tables=tables, params=_once_more(plan.params))
        if found.feasible:
            tours = found.tours
    return tours


def evened(problem: PatrolProblem, plan: TourPlan, places: Floats, tours: Tours, progress: Progress) -> Balanced:
    """Return tours of about equal time, as `balanced` does, of crews that still keep to their parts where that is wished."""
    timetable, first = plan.timetable, tours
    longest = plan.fleet.shift + plan.fleet.overtime
    scales = Scales(
        lambda made: np.array([timetable.away(row, tour) for row, tour in enumerate(made)]),
        lambda made: sum(timetable.driving(row, tour) for row, tour in enumerate(made)),
        plan.fleet.shift,
    )
    more = _CHEAP * problem.balance_travel * scales.driving(tours)

    def ask(limit: Floats, warm: Tours, span: Progress) -> Tours | None:
        tables, fleet = _driven_by(problem, plan, places, warm)
        enough = Costs(Timetable(plan.jobs, tables, fleet))(first) + more
        held = with_shift(fleet, np.minimum(limit, longest), np.zeros(len(fleet)))
        found = plan.ask(held, span, warm=warm, tables=tables, params=_once_more(plan.params), target=enough)
        return found.tours if found.feasible else None

    return balanced(tours, scales, ask, problem.balance, problem.balance_travel, plan.params.balance_steps, progress)


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
