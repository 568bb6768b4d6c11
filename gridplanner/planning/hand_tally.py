"""What of the demand on a plan's streets its routes meet, counted from their calls."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from gridplanner.model.patrol import Call, PatrolPlan, PatrolStreets, Route

Visits = Counter[int]  # of an arc, how often it is patrolled


def visits_of(routes: Iterable[Route]) -> Visits:
    """Return how often each arc is patrolled."""
    return Counter(arc for route in routes for call in route.calls if call.kind == "street" for arc in call.arcs)


def served_by(route: Route, edge: int) -> list[int]:
    """Return the arcs of a street piece that a route patrols, in its order."""
    return [arc for call in route.calls if call.kind == "street" for arc in call.arcs if arc // 2 == edge]


def missing(plan: PatrolPlan, edge: int, visits: Visits) -> list[tuple[int, ...]]:
    """Return the visits of a street piece that are wanted and not made: of each the arcs, one of which is to be patrolled."""
    streets, arcs = plan.streets, (2 * edge, 2 * edge + 1)
    may = tuple(arc for arc in arcs if np.isfinite(streets.seconds[arc]))
    times = int(streets.times[edge])
    if not may:
        return [arcs] * times
    if streets.both[edge] and len(may) == 2:
        return [(arc,) for arc in may for _turn in range(times - visits[arc])]
    return [may] * (times - visits[arcs[0]] - visits[arcs[1]])


def unmade(plan: PatrolPlan, edge: int, visits: Visits) -> int:
    """Return how many visits of a street piece are wanted and not made whole: one that lacks a direction is not."""
    if plan.streets.zone[edge] < 0:
        return 0
    gaps = Counter(arcs for arcs in missing(plan, edge, visits))
    return max(gaps.values(), default=0)


def arcs_wanted(plan: PatrolPlan, edge: int, variant: int) -> list[tuple[int, ...]]:
    """Return the visits of a street piece that a variant leaves out."""
    return missing(plan, edge, visits_of(route for route in plan.routes if route.variant == variant))


def free_turn(plan: PatrolPlan, edge: int, variant: int, without: Sequence[int] = ()) -> int:
    """Return the first turn in the shift at which no route of a variant, but those at the rows `without`, patrols a street piece."""
    taken = {
        call.turn
        for row, route in enumerate(plan.routes)
        if route.variant == variant and row not in without
        for call in route.calls
        if call.kind == "street" and any(arc // 2 == edge for arc in call.arcs)
    }
    return next(turn for turn in range(len(taken) + 1) if turn not in taken)


def calls_with(calls: Sequence[Call], edge: int, arcs: tuple[int, ...]) -> list[Call]:
    """Return calls that patrol of a street piece these arcs alone; a call of several pieces falls apart where one leaves it."""
    found: list[Call] = []
    for call in calls:
        if call.kind != "street" or all(arc // 2 != edge or arc in arcs for arc in call.arcs):
            found.append(call)
            continue
        part: list[int] = []
        for arc in (*call.arcs, -1):
            if arc >= 0 and (arc // 2 != edge or arc in arcs):
                part.append(arc)
            elif part:
                found.append(dataclasses.replace(call, arcs=tuple(part)))
                part = []
    return found


def joined(streets: PatrolStreets, calls: Sequence[Call]) -> list[Call]:
    """Return calls of which those that patrol one street on and on, in one visit, are one."""
    found: list[Call] = []
    for call in calls:
        last = found[-1] if found else call
        if last is not call and last.kind == call.kind == "street" and last.turn == call.turn and not set(last.arcs) & set(call.arcs):
            one, other = last.arcs[-1], call.arcs[0]
            name = streets.names[one // 2]
            meets = (streets.u if one % 2 else streets.v)[one // 2] == (streets.v if other % 2 else streets.u)[other // 2]
            if name and name == streets.names[other // 2] and meets:
                found[-1] = dataclasses.replace(last, arcs=last.arcs + call.arcs)
                continue
        found.append(call)
    return found
