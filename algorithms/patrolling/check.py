"""An independent check of a patrol: drive every route through a networkx graph and compare with what the result says."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import numpy as np

from algorithms.network.road_graph import to_networkx
from algorithms.patrolling.problem import PatrolProblem, PatrolResult, PatrolRoute, Reason, StopKind

_SECOND = 1e-3  # how far two sums of the same times may differ


def check_route(problem: PatrolProblem, result: PatrolResult) -> list[str]:
    """Return what is wrong with a result, one sentence a finding; nothing where all rules are kept.

    Consecutive arcs meet and may be driven; times and lengths add up; sites are served in their windows; every route begins
    and ends at the depot within the shift; every required street and site is served or listed with a reason that holds.
    """
    graph = to_networkx(problem.graph)
    ends = {arc: (tail, head) for tail, head, arc in graph.edges(keys=True)}
    wrong: list[str] = []
    served: Counter[tuple[int, int]] = Counter()
    if len(result.routes) > len(problem.crews):
        wrong.append(f"{len(result.routes)} routes for {len(problem.crews)} crews")
    for number, route in enumerate(result.routes):
        wrong += [f"route {number}: {text}" for text in _drive(problem, route, graph, ends)]
        for k in range(len(route.kind)):
            street = route.kind[k] == StopKind.STREET
            served[(int(StopKind.STREET), int(route.arcs[route.at[k]])) if street else (int(StopKind.SITE), int(route.item[k]))] += 1
    wrong += [f"{what} is served {times} times" for what, times in served.items() if times > 1]
    return wrong + _complete(problem, result, graph, ends, served)


def _drive(problem: PatrolProblem, route: PatrolRoute, graph: Any, ends: dict[int, tuple[int, int]]) -> list[str]:
    """Drive one route arc by arc, stopping where it says."""
    wrong: list[str] = []
    streets, sites = problem.streets, problem.sites
    place, clock, required, dead = problem.depot, 0.0, 0.0, 0.0
    stops = list(range(len(route.kind)))
    for i in range(len(route.arcs) + 1):
        while stops and route.kind[stops[0]] == StopKind.SITE and route.at[stops[0]] == i:
            k, site = stops[0], int(route.item[stops.pop(0)])
            begin = max(clock, float(sites.opens[site]))
            if place != sites.node[site]:
                wrong.append(f"stop {k} is at node {place}, its site at {sites.node[site]}")
            if begin > sites.closes[site] + _SECOND:
                wrong.append(f"stop {k} begins after the site has closed")
            wrong += _times(route, k, clock, begin, begin + float(sites.dwell[site]))
            clock = begin + float(sites.dwell[site])
        if i == len(route.arcs):
            break
        arc = int(route.arcs[i])
        if arc not in ends or ends[arc][0] != place:
            return [*wrong, f"arc {arc} at position {i} may not be driven from node {place}"]
        data = graph.edges[(*ends[arc], arc)]
        if route.stop_of_arc[i] >= 0:
            k = int(route.stop_of_arc[i])
            if not stops or stops.pop(0) != k or route.kind[k] != StopKind.STREET or route.at[k] != i:
                return [*wrong, f"arc {i} serves stop {k} out of turn"]
            if streets.edge[route.item[k]] != arc // 2:
                wrong.append(f"stop {k} is another street than arc {i}")
            seconds = float(streets.seconds[route.item[k]])
            wrong += _times(route, k, clock, clock, clock + seconds)
            required += data["metres"]
        else:
            seconds = data["seconds"]
            dead += data["metres"]
        clock += seconds
        place = ends[arc][1]
    if stops:
        wrong.append(f"stops {stops} are never reached")
    if place != problem.depot:
        wrong.append(f"ends at node {place}, not at the depot {problem.depot}")
    if clock > problem.longest + _SECOND:
        wrong.append(f"takes {clock:.1f} s, longer than {problem.longest:.1f} s")
    if abs(clock - route.seconds) > _SECOND:
        wrong.append(f"takes {clock:.3f} s and says {route.seconds:.3f} s")
    if abs(required - route.required_m) > 1e-3 or abs(dead - route.dead_m) > 1e-3:
        wrong.append(f"drives {required:.3f} + {dead:.3f} m and says {route.required_m:.3f} + {route.dead_m:.3f} m")
    return wrong


def _times(route: PatrolRoute, k: int, arrive: float, begin: float, leave: float) -> list[str]:
    said = (float(route.arrive[k]), float(route.begin[k]), float(route.leave[k]))
    if max(abs(a - b) for a, b in zip(said, (arrive, begin, leave), strict=True)) > _SECOND:
        return [f"stop {k} is served at {arrive:.3f}, {begin:.3f}, {leave:.3f} s and says {said}"]
    return []


def _complete(
    problem: PatrolProblem, result: PatrolResult, graph: Any, ends: dict[int, tuple[int, int]], served: Counter[tuple[int, int]]
) -> list[str]:
    """Compare what is served with what is listed, and test the reasons that can be tested without a solver."""
    wrong: list[str] = []
    rows = zip(result.unserved.kind.tolist(), result.unserved.item.tolist(), result.unserved.reason.tolist(), strict=True)
    listed = {(kind, item): reason for kind, item, reason in rows}
    if len(listed) != len(result.unserved):
        wrong.append("something is listed twice as unserved")
    out = nx.single_source_dijkstra_path_length(graph, problem.depot, weight="seconds")
    back = nx.single_source_dijkstra_path_length(graph.reverse(copy=False), problem.depot, weight="seconds")
    for row, edge in enumerate(problem.streets.edge.tolist()):
        arcs = [arc for arc in (2 * edge, 2 * edge + 1) if arc in ends]
        times = [served[(int(StopKind.STREET), arc)] for arc in arcs]
        wanted = len(arcs) if problem.streets.both[row] else 1
        if (sum(times) != wanted or not arcs) != ((int(StopKind.STREET), row) in listed):
            wrong.append(f"street {row} is served {sum(times)} times of {wanted}, which does not fit its being listed or not")
        seconds = float(problem.streets.seconds[row])
        go = [out.get(ends[arc][0], np.inf) + seconds + back.get(ends[arc][1], np.inf) for arc in arcs]
        wrong += _reason(f"street {row}", listed.get((int(StopKind.STREET), row)), go, True, problem.longest)
    for row, node in enumerate(problem.sites.node.tolist()):
        if (served[(int(StopKind.SITE), row)] == 0) != ((int(StopKind.SITE), row) in listed):
            wrong.append(f"site {row} is neither served nor listed, or both")
        reach, home = out.get(node, np.inf), float(problem.sites.dwell[row]) + back.get(node, np.inf)
        begin = max(reach, float(problem.sites.opens[row]))
        in_time = begin <= problem.sites.closes[row] + _SECOND and begin + home <= problem.longest + _SECOND
        wrong += _reason(f"site {row}", listed.get((int(StopKind.SITE), row)), [reach + home], bool(in_time), problem.longest)
    return wrong


def _reason(what: str, reason: int | None, go: list[float], in_time: bool, longest: float) -> list[str]:
    """Test a reason against the shortest round trips `go` to it in each direction, and whether it is open in time."""
    if reason is None:
        return []
    fits = any(seconds <= longest + _SECOND for seconds in go)
    holds = {
        Reason.UNREACHABLE: not go or not all(np.isfinite(go)),
        Reason.TOO_FAR: any(longest - _SECOND < seconds < np.inf for seconds in go),
        Reason.CLOSED: fits and not in_time,
        Reason.NO_TIME: fits and in_time,
    }
    return [] if holds[Reason(reason)] else [f"{what} is listed for a reason that does not hold: {Reason(reason).name}"]
