"""Jobs and the ways of doing them: a street driven one way or the other, a site stopped at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

import numpy as np

from algorithms.network.polylines import Floats
from algorithms.network.road_graph import arc_ends
from algorithms.network.shortest_paths import ArcNetwork, arc_network, times_from, times_to
from algorithms.patrolling.chains import Chain, required_chains, reverse
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, Reason, StopKind, Unserved


@dataclass(frozen=True)
class Way:
    """One way of doing a job: in at node `entry`, out at node `exit`, after `seconds` of service that begin in a window."""

    job: int
    entry: int
    exit: int
    seconds: float
    arcs: Chain = ()  # of a street
    site: int = -1
    opens: float = 0.0
    closes: float = np.inf
    load: float = 0.0  # of what a vehicle's capacity is of


@dataclass(frozen=True)
class Jobs:
    """All ways, grouped by job; `weight` (jobs,) is what a job is worth. One of a job's ways is enough."""

    ways: tuple[Way, ...]
    weight: Floats
    by_job: tuple[tuple[int, ...], ...] = field(repr=False)


Left = tuple[Way, Reason]  # a job that is not done, and why


def jobs_of(problem: PatrolProblem, params: PatrolParams, single: Collection[int] = ()) -> Jobs:
    """Return every job of the problem with the ways the road graph allows, whether or not they can be reached.

    Required edges in a row are one job, but for those in `single`.
    """
    graph, streets, sites = problem.graph, problem.streets, problem.sites
    row = dict(zip(streets.edge.tolist(), range(len(streets)), strict=True))
    keep = np.append(sites.node, problem.depot)
    ways: list[Way] = []
    weight: list[float] = []
    for chain in required_chains(graph, streets, keep, min(params.longest_chain, problem.longest / 8), single):
        rows = [row[arc // 2] for arc in chain]
        seconds = float(streets.seconds[rows].sum())
        allowed = [c for c in (chain, reverse(chain)) if np.isfinite(graph.seconds[c[0]])]
        share = 2 if streets.both[rows[0]] and len(allowed) == 2 else 1
        for turn, arcs in enumerate(allowed or [chain]):
            if turn < share:
                weight.append(float(streets.weight[rows].sum()) / share)
            ends = arc_ends(graph, np.array([arcs[0], arcs[-1]]))
            ways.append(Way(len(weight) - 1, int(ends[0][0]), int(ends[1][-1]), seconds, arcs))
    for site in range(len(sites)):
        node, window = int(sites.node[site]), (float(sites.opens[site]), float(sites.closes[site]))
        weight.append(float(sites.weight[site]))
        ways.append(Way(len(weight) - 1, node, node, float(sites.dwell[site]), (), site, max(window[0], 0.0), window[1]))
    return _grouped(ways, np.array(weight))


def possible_jobs(problem: PatrolProblem, params: PatrolParams) -> tuple[Jobs, list[Left], ArcNetwork]:
    """Return the jobs that one crew could do if it did nothing else, what cannot be done and why, and where to search."""
    jobs = jobs_of(problem, params)
    nodes = np.array([problem.depot, *(w.entry for w in jobs.ways), *(w.exit for w in jobs.ways)])
    network = arc_network(problem.graph, nodes, params.margin)
    reasons = _reasons(problem, jobs, network)
    if len(network.nodes) < problem.graph.node_count and any(reasons):
        network = arc_network(problem.graph)  # perhaps the way round lies outside the box
        reasons = _reasons(problem, jobs, network)
    far = {arc // 2 for way, reason in zip(jobs.ways, reasons, strict=True) if reason == Reason.TOO_FAR for arc in way.arcs}
    if far:  # what is too long as a chain may fit edge by edge
        jobs = jobs_of(problem, params, far)
        reasons = _reasons(problem, jobs, network)
    ways: list[Way] = []
    weight: list[float] = []
    left: list[Left] = []
    for group in jobs.by_job:
        good = [jobs.ways[w] for w in group if not reasons[w]]
        if good:
            ways.extend(replace(way, job=len(weight)) for way in good)
            weight.append(float(jobs.weight[jobs.ways[group[0]].job]))
        else:
            nearest = max(group, key=lambda w: reasons[w])  # the way that came closest tells why
            left.append((jobs.ways[nearest], Reason(reasons[nearest])))
    return _grouped(ways, np.array(weight)), left, network


def unserved(problem: PatrolProblem, left: list[Left]) -> Unserved:
    """Return what jobs not done leave unserved, each street and site once, in the order of their rows."""
    row = dict(zip(problem.streets.edge.tolist(), range(len(problem.streets)), strict=True))
    found: dict[tuple[int, int], int] = {}
    for way, reason in left:
        items = [(int(StopKind.STREET), row[arc // 2]) for arc in way.arcs] or [(int(StopKind.SITE), way.site)]
        for item in items:
            found[item] = min(int(reason), found.get(item, int(reason)))
    rows = sorted(found)
    return Unserved(
        np.array([kind for kind, _ in rows], np.int8),
        np.array([item for _, item in rows], np.int64),
        np.array([found[item] for item in rows], np.int8),
    )


def _reasons(problem: PatrolProblem, jobs: Jobs, network: ArcNetwork) -> list[int]:
    """Return for every way 0, or the Reason why no crew can do it."""
    out, back = times_from(network, problem.depot), times_to(network, problem.depot)
    found: list[int] = []
    for way in jobs.ways:
        go, home = (float(table[network.rows(np.array([node]))[0]]) for table, node in ((out, way.entry), (back, way.exit)))
        begin = max(go, way.opens)
        closed_road = bool(way.arcs) and not np.isfinite(problem.graph.seconds[way.arcs[0]])
        if closed_road or not np.isfinite(go + home):
            found.append(Reason.UNREACHABLE)
        elif go + way.seconds + home > problem.longest:
            found.append(Reason.TOO_FAR)
        elif begin > way.closes or begin + way.seconds + home > problem.longest:
            found.append(Reason.CLOSED)
        else:
            found.append(0)
    return found


def _grouped(ways: list[Way], weight: Floats) -> Jobs:
    groups: list[list[int]] = [[] for _ in range(len(weight))]
    for number, way in enumerate(ways):
        groups[way.job].append(number)
    return Jobs(tuple(ways), weight, tuple(tuple(group) for group in groups))
