"""Part: 200 sites and 150 streets for 8 crews of 6 hours on the main roads of a real city, beside OR-Tools on the same matrices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from algorithms.network.nearest import core_nodes, nearest_node
from algorithms.network.road_graph import EdgeState, RoadGraph
from algorithms.patrolling.check import check_route
from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.jobs import possible_jobs
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult, Sites, Streets
from algorithms.patrolling.routes import solve_patrol
from algorithms.progress import SILENT, Progress, Span
from gridplanner.benchmarks.over_seeds import Measure, Run, rows_over_seeds
from gridplanner.benchmarks.own_process import timed
from gridplanner.benchmarks.routing_peer import NAME, driving_of, peer_tours
from gridplanner.benchmarks.table import Row
from gridplanner.errors import InputError
from gridplanner.i18n import _
from gridplanner.planning.road_network import graph_of_roads, patrol_seconds
from gridplanner.settings import ProjectSettings, Settings, SourceSettings

ROADS = Path("towns", "nanchang_roads.gpkg")
SITES, STREETS, CREWS, SHIFT = 200, 150, 8, 6 * 3600.0
SERVICE = 32.5 * 3600.0  # seconds of dwelling and patrolling, of 48 hours
OPEN, WINDOW = 60, 2 * 3600.0  # sites with a window, and how long it is
BALANCE, MORE = 1.02, 0.15
MEASURES = (
    Measure("seconds", "time, balanced", "s", every=True),
    Measure("ratio", "longest / mean", every=True),
    Measure("unbalanced_ratio", "longest / mean, unbalanced"),
    Measure("more_pct", "travel for balance", "%", every=True),
    Measure("minutes", "travel, unbalanced", "min"),
    Measure("less_pct", "less travel than OR-Tools", "%", less=False),
    Measure("plain_seconds", "time, unbalanced", "s"),
    Measure("wrong", "findings of the checker", every=True),
    Measure("left", "not served", every=True),
)
BARS = {"seconds": 20.0, "ratio": BALANCE, "more_pct": 100 * MORE, "less_pct": 3.0, "wrong": 0.0, "left": 0.0}


def crew_rows(data: Path, quick: bool, seeds: int, progress: Progress = SILENT) -> list[Row]:
    """Return the rows of the part; raises InputError where the roads are not there."""
    runs = []
    graph, seconds = city(data)
    for seed in range(1, (1 if quick else seeds) + 1):
        span = Span(progress, (seed - 1) / seeds, seed / seeds)
        span.report(0.0, "crews")
        runs.append(_run(made_problem(graph, seconds, seed), seed))
    return rows_over_seeds("8 crews", MEASURES, runs, BARS)


def city(data: Path) -> tuple[RoadGraph, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return the road graph of the city, and how long patrolling each edge takes."""
    from gridplanner.io.sources import read_sources

    if not (data / ROADS).exists():
        raise InputError(_("the roads are not here: {name}").format(name=data / ROADS))
    source = SourceSettings(str(data / ROADS), layer="edges", fields={"speed": "speed_ms"})
    project = read_sources(Settings(ProjectSettings("Nanchang", "EPSG:4527"), sources={"roads": source}))
    graph = graph_of_roads(project.roads, "car")[0]
    return graph, patrol_seconds(graph, "car")


def made_problem(graph: RoadGraph, seconds: np.ndarray[tuple[int], np.dtype[np.float64]], seed: int) -> PatrolProblem:
    """Return a patrol on the graph: sites at junctions, some with windows, streets anywhere, from a depot in the middle."""
    rng = np.random.default_rng(seed)
    core = core_nodes(graph)
    depot = int(nearest_node(graph, graph.node_xy[core].mean(axis=0), core)[0][0])
    edges = np.sort(rng.choice(np.flatnonzero((graph.state == EdgeState.CORE) & (graph.length >= 100)), STREETS, replace=False))
    streets = Streets(edges, seconds[edges], np.zeros(STREETS, bool), graph.length[edges] / 1000)
    dwell = rng.uniform(1.0, 3.0, SITES)
    dwell *= (SERVICE - float(streets.seconds.sum())) / dwell.sum()
    opens, closes = np.full(SITES, -np.inf), np.full(SITES, np.inf)
    opens[:OPEN] = rng.uniform(0.0, SHIFT - WINDOW - 1800.0, OPEN)
    closes[:OPEN] = opens[:OPEN] + WINDOW
    sites = Sites(rng.choice(np.flatnonzero(core), SITES, replace=False), dwell, opens, closes, np.full(SITES, 5.0))
    return PatrolProblem(graph, like_crews(CREWS, depot, SHIFT), streets, sites, balance=BALANCE, balance_travel=MORE)


def _run(problem: PatrolProblem, seed: int) -> Run:
    params = PatrolParams(seed=seed)
    plain, plain_s = timed(lambda: solve_patrol(replace(problem, balance=0.0), params))
    even, even_s = timed(lambda: solve_patrol(problem, params))
    work = possible_jobs(problem, params)
    theirs = driving_of(work, peer_tours(work, plain_s))
    mine = sum(driving(problem, plain))
    peers = {} if theirs is None else {NAME: {"minutes": theirs / 60}}
    ours = {
        "seconds": even_s,
        "ratio": even.balance,
        "unbalanced_ratio": plain.balance,
        "more_pct": 100 * (sum(driving(problem, even)) / mine - 1),
        "minutes": mine / 60,
        "less_pct": 0.0 if theirs is None else 100 * (1 - mine / theirs),
        "plain_seconds": plain_s,
        "wrong": float(len(check_route(problem, even)) + len(check_route(replace(problem, balance=0.0), plain))),
        "left": float(len(even.unserved) + len(plain.unserved)),
    }
    return Run(ours, peers)


def driving(problem: PatrolProblem, result: PatrolResult) -> list[float]:
    """Return the seconds that each route drives without patrolling."""
    return [float(problem.graph.seconds[route.arcs[route.stop_of_arc < 0]].sum()) for route in result.routes]
