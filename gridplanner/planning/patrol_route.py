"""A route as the algorithm found it, told as a route of the plan: calls and stops with names, every arc with its time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from algorithms.network.road_graph import arcs_line
from algorithms.patrolling.problem import PatrolProblem, PatrolResult, PatrolRoute, StopKind
from algorithms.patrolling.routes import balance_of
from gridplanner.i18n import _
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.patrol import DEAD, Call, Route, Stop
from gridplanner.model.project import Project
from gridplanner.planning.patrol_problem import ZoneProblem


def route_of(project: Project, given: ZoneProblem, route: PatrolRoute, variant: int = 1) -> Route:
    """Return a route of the plan. Streets of one name that are patrolled one right after the other are one call and one stop."""
    number = route.crew
    crews, area = given.crews, given.area
    graph, zero = area.graph, crews.zero
    start = zero + float(crews.crews.start[number]) / 60.0
    node, depot, arcs = int(crews.crews.depot[number]), str(crews.depot[number]), np.asarray(route.arcs, np.int64)
    x, y = graph.node_xy[node].tolist()
    calls, stops, call_of_stop = _calls(project, given, route)
    coords = arcs_line(graph, arcs) if len(arcs) else np.repeat(graph.node_xy[[node]], 2, axis=0)
    ends = Stop("depot", depot, x, y, start, 0.0), Stop("depot", depot, x, y, start + route.seconds / 60.0, 0.0)
    served = np.asarray(route.stop_of_arc, np.int64)
    code = f"{given.zone.code}-{number + 1}" + (f"-V{variant}" if variant > 1 else "")
    outside = ~area.inside[given.row][arcs // 2]
    return Route(
        code, given.key, depot, variant, str(crews.shift[number]), coords, route.seconds / 60.0, route.required_m, route.dead_m,
        sum(call.kind == "site" for call in calls), (ends[0], *stops, ends[1]), number, tuple(calls), arcs,
        np.where(served >= 0, np.append(call_of_stop, DEAD)[served], DEAD), _passed(graph.seconds, route, zero, start), node,
        False, float(graph.length[arcs // 2][outside].sum()),
    )  # fmt: skip


def without_idle_rests(problem: PatrolProblem, result: PatrolResult) -> PatrolResult:
    """Return a result in which no crew that is home before the hours of its break waits at the depot for them: it needs no break."""
    routes = tuple(_home_before_rest(problem, route) for route in result.routes)
    if all(one is other for one, other in zip(routes, result.routes, strict=True)):
        return result
    return replace(result, routes=routes, balance=balance_of(problem, routes))


def _home_before_rest(problem: PatrolProblem, route: PatrolRoute) -> PatrolRoute:
    if not len(route.kind) or route.kind[-1] != StopKind.REST or route.at[-1] < len(route.arcs):
        return route
    home = float(route.arrive[-1])
    if home >= float(problem.crews.rest_from[route.crew]):
        return route
    columns = {name: getattr(route, name)[:-1] for name in ("kind", "item", "at", "arrive", "begin", "leave")}
    return replace(route, seconds=home - float(problem.crews.start[route.crew]), **columns)


def _calls(project: Project, given: ZoneProblem, route: PatrolRoute) -> tuple[list[Call], list[Stop], Ints]:
    """Return the calls of a route, a stop for each, and the call that each stop of the algorithm is part of."""
    area, zero = given.area, given.crews.zero
    calls: list[Call] = []
    stops: list[Stop] = []
    call_of = np.zeros(len(route.kind), np.int64)
    for k in range(len(route.kind)):
        begin, leave = zero + float(route.begin[k]) / 60.0, zero + float(route.leave[k]) / 60.0
        item, at = int(route.item[k]), int(route.at[k])
        if route.kind[k] == StopKind.STREET:
            arc = int(route.arcs[at])
            name = str(area.names[arc // 2])
            follows = k > 0 and route.kind[k - 1] == StopKind.STREET and route.at[k - 1] == at - 1 and route.begin[k] == route.leave[k - 1]
            turn = int(given.problem.streets.turn[item])
            if follows and name and stops[-1].name == name and calls[-1].turn == turn and arc not in calls[-1].arcs:
                last = stops[-1]
                calls[-1] = Call("street", (*calls[-1].arcs, arc), -1, turn)
                stops[-1] = Stop("street", name, last.x, last.y, last.arrive, leave - last.arrive)
            else:
                calls.append(Call("street", (arc,), -1, turn))
                stops.append(Stop("street", name, *_xy(area.middle[arc // 2]), begin, leave - begin))
        elif route.kind[k] == StopKind.SITE:
            site = int(given.sites.site[item])
            calls.append(Call("site", (), site, int(given.sites.turn[item])))
            stops.append(Stop("site", str(project.key_sites.names[site]), *_xy(project.key_sites.xy[site]), begin, leave - begin))
        else:
            calls.append(Call("rest"))
            stops.append(Stop("rest", _("Break"), *_place(given, route, at), begin, leave - begin))
        call_of[k] = len(calls) - 1
    return calls, stops, call_of


def _xy(place: Floats) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _place(given: ZoneProblem, route: PatrolRoute, at: int) -> tuple[float, float]:
    """Return where a crew is before it drives the arc at a place of its route."""
    graph = given.area.graph
    if not len(route.arcs):
        node = int(given.crews.crews.depot[route.crew])
    else:
        arc = int(route.arcs[min(at, len(route.arcs) - 1)])
        ends = (int(graph.u[arc // 2]), int(graph.v[arc // 2]))
        node = ends[arc % 2] if at < len(route.arcs) else ends[1 - arc % 2]
    return _xy(graph.node_xy[node])


def _passed(seconds: Floats, route: PatrolRoute, zero: float, start: float) -> Floats:
    """Return the clock minutes at which each arc is begun, and at last the depot reached, (arcs + 1,)."""
    passed = np.empty(len(route.arcs) + 1)
    clock, k = start, 0
    for i, (arc, stop) in enumerate(zip(route.arcs.tolist(), route.stop_of_arc.tolist(), strict=True)):
        while k < len(route.kind) and route.at[k] <= i and route.kind[k] != StopKind.STREET:
            clock, k = zero + float(route.leave[k]) / 60.0, k + 1
        if stop >= 0:
            passed[i] = zero + float(route.begin[stop]) / 60.0
            clock, k = zero + float(route.leave[stop]) / 60.0, stop + 1
        else:
            passed[i] = clock
            clock += float(seconds[arc]) / 60.0
    for last in range(k, len(route.kind)):
        clock = zero + float(route.leave[last]) / 60.0
    passed[-1] = clock
    return passed
