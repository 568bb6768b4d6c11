"""Small patrols for the tests: what must be driven and visited in a few words, and a solve that is checked."""

from __future__ import annotations

import numpy as np

from algorithms.network.road_graph import RoadGraph
from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.problem import (
    NO_SITES,
    NO_STREETS,
    PatrolParams,
    PatrolProblem,
    PatrolResult,
    Reason,
    Sites,
    StopKind,
    Streets,
)
from algorithms.patrolling.routes import solve_patrol

QUICK = PatrolParams(iterations=80, starts=2)


def patrol(graph, depot, shift, streets=NO_STREETS, sites=NO_SITES, crews=1, max_overtime=0.0, **more) -> PatrolProblem:
    return PatrolProblem(graph, like_crews(crews, depot, shift, max_overtime), streets, sites, **more)


def streets(graph: RoadGraph, edges, speed=5.0, both=False, weight=None) -> Streets:
    edge = np.array(edges, np.int64)
    worth = np.ones(len(edge)) if weight is None else np.array(weight, float)
    return Streets(edge, graph.length[edge] / speed, np.full(len(edge), both), worth)


def sites(nodes, dwell=60.0, opens=-np.inf, closes=np.inf, weight=1.0) -> Sites:
    count = len(nodes)
    values = [np.broadcast_to(np.asarray(v, float), count).copy() for v in (dwell, opens, closes, weight)]
    return Sites(np.array(nodes, np.int64), *values)


def node_at(graph: RoadGraph, x: float, y: float) -> int:
    return int(np.flatnonzero(np.all(graph.node_xy == (x, y), axis=1))[0])


def reasons(result: PatrolResult) -> dict[tuple[str, int], str]:
    rows = zip(result.unserved.kind, result.unserved.item, result.unserved.reason, strict=True)
    return {(StopKind(kind).name, int(item)): Reason(reason).name for kind, item, reason in rows}


def solved(problem: PatrolProblem, params: PatrolParams = QUICK) -> PatrolResult:
    result = solve_patrol(problem, params)
    assert check_route(problem, result) == []
    return result
