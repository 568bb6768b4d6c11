"""Jobs and the ways of doing them: a street driven one way or the other, a site stopped at."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, fields, replace

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import arc_ends
from algorithms.network.shortest_paths import ArcNetwork, arc_network, travel_tables, travel_times
from algorithms.patrolling.chains import Chain, required_chains, reverse
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, Reason, StopKind, Streets, Unserved, latest_begin
from algorithms.progress import SILENT, Progress


@dataclass(frozen=True)
class Way:
    """One way of doing a job: in at node `entry`, out at node `exit`, after `seconds` of service that begin in a window."""

    job: int
    entry: int
    exit: int
    seconds: float
    arcs: Chain = ()  # of streets
    site: int = -1
    opens: float = 0.0
    closes: float = np.inf
    load: float = 0.0  # of what a vehicle's capacity is of
    rows: tuple[int, ...] = ()  # of the streets that the arcs serve


@dataclass(frozen=True)
class Jobs:
    """All ways, grouped by job; `weight` (jobs,) is what a job is worth. One of a job's ways is enough."""

    ways: tuple[Way, ...]
    weight: Floats
    by_job: tuple[tuple[int, ...], ...] = field(repr=False)


Left = tuple[Way, Reason]  # a job that is not done, and why


@dataclass(frozen=True, eq=False)
class Work:
    """What can be done at all: its jobs, the tables between them and the fleet; `left` is what cannot, `network` where ways are."""

    jobs: Jobs
    tables: Tables
    fleet: Fleet
    left: tuple[Left, ...]
    network: ArcNetwork


def jobs_of(problem: PatrolProblem, params: PatrolParams, single: Collection[int] = ()) -> Jobs:
    """Return every job of the problem with the ways the road graph allows, whether or not they can be reached.

    Required edges in a row, of one window, are one job, but for those in `single`.
    """
    graph, streets, sites, crews = problem.graph, problem.streets, problem.sites, problem.crews
    keep = np.concatenate((sites.node, crews.depot, crews.home))
    ways: list[Way] = []
    weight: list[float] = []
    shut = np.zeros(len(streets), bool) if problem.price is None else ~np.isfinite(problem.price[streets.edge])
    for rows, part in _like_times(streets, shut):
        opens, closes = float(part.opens[0]), float(part.closes[0])
        row = dict(zip(part.edge.tolist(), rows.tolist(), strict=True))
        longest = min(params.longest_chain, float(crews.longest.max()) / 8, max(closes - opens, 1.0))
        for chain in required_chains(graph, part, keep, longest, single):
            mine = [row[arc // 2] for arc in chain]
            seconds = float(streets.seconds[mine].sum())
            allowed = [c for c in (chain, reverse(chain)) if np.isfinite(graph.seconds[c[0]])]
            share = 2 if streets.both[mine[0]] and len(allowed) == 2 else 1
            late = float(latest_begin(opens, closes, seconds))
            for turn, arcs in enumerate(allowed or [chain]):
                if turn < share:
                    weight.append(float(streets.weight[mine].sum()) / share)
                ends = arc_ends(graph, np.array([arcs[0], arcs[-1]]))
                served = tuple(mine if arcs == chain else mine[::-1])
                ways.append(Way(len(weight) - 1, int(ends[0][0]), int(ends[1][-1]), seconds, arcs, -1, opens, late, 0.0, served))
    last = latest_begin(sites.opens, sites.closes, sites.dwell)
    for site in range(len(sites)):
        node, window = int(sites.node[site]), (float(sites.opens[site]), float(last[site]))
        weight.append(float(sites.weight[site]))
        ways.append(Way(len(weight) - 1, node, node, float(sites.dwell[site]), (), site, *window))
    return grouped(ways, np.array(weight))


def possible_jobs(problem: PatrolProblem, params: PatrolParams, progress: Progress = SILENT) -> Work:
    """Return the jobs that one crew could do if it did nothing else, what cannot be done and why, and where to search."""
    fleet, depots = patrol_fleet(problem)
    jobs = jobs_of(problem, params)
    nodes = np.concatenate((depots, [w.entry for w in jobs.ways], [w.exit for w in jobs.ways])).astype(np.int64)
    network = arc_network(problem.graph, nodes, params.margin, problem.price)
    tables = way_tables(problem, depots, jobs.ways, network, progress)
    reasons = _reasons(problem, fleet, jobs, tables)
    limited = (Reason.TOO_FAR, Reason.CLOSED, *([Reason.UNREACHABLE] if len(problem.graph.banned) else []))
    far = {arc // 2 for way, reason in zip(jobs.ways, reasons, strict=True) if reason in limited and len(way.arcs) > 1 for arc in way.arcs}
    if far:  # what is too long or too late as a chain, or ends where no turn leads back, may fit edge by edge
        jobs = jobs_of(problem, params, far)
        tables = way_tables(problem, depots, jobs.ways, network, progress)
        reasons = _reasons(problem, fleet, jobs, tables)
    outside = _only_outside(problem, jobs.ways, reasons)
    ways: list[Way] = []
    kept: list[int] = []
    weight: list[float] = []
    left: list[Left] = []
    for group in jobs.by_job:
        good = [w for w in group if not reasons[w]]
        if good:
            ways.extend(replace(jobs.ways[w], job=len(weight)) for w in good)
            kept.extend(good)
            weight.append(float(jobs.weight[jobs.ways[group[0]].job]))
        else:
            nearest = max(group, key=lambda w: reasons[w])  # the way that came closest tells why
            far_out = reasons[nearest] == Reason.UNREACHABLE and any(outside[w] for w in group)
            left.append((jobs.ways[nearest], Reason.OUTSIDE if far_out else Reason(reasons[nearest])))
    place = np.concatenate((np.arange(len(depots)), len(depots) + np.array(kept, np.int64)))
    pairs = np.ix_(place, place)
    part = Tables(len(depots), tables.seconds[pairs], tables.cost[0][pairs][None])
    return Work(grouped(ways, np.array(weight)), part, fleet, tuple(left), network)


def patrol_fleet(problem: PatrolProblem) -> tuple[Fleet, Ints]:
    """Return the crews as vehicles, their breaks taken off their shifts, and the nodes of the depots."""
    crews = problem.crews
    depots, place = np.unique(np.concatenate((crews.depot, crews.home)), return_inverse=True)
    count, zero = len(crews), np.zeros(len(crews), np.int64)
    fleet = Fleet(place[:count], place[count:], crews.start, crews.shift - crews.rest, crews.overtime, np.full(count, np.inf), zero)
    return fleet, depots


def way_tables(problem: PatrolProblem, depots: Ints, ways: Collection[Way], network: ArcNetwork, progress: Progress = SILENT) -> Tables:
    """Return what driving between depots and ways takes and costs, turns kept where a way begins and ends."""
    none = np.full(len(depots), -1)
    out = np.concatenate((depots, [way.exit for way in ways])).astype(np.int64)
    into = np.concatenate((depots, [way.entry for way in ways])).astype(np.int64)
    last = np.concatenate((none, [way.arcs[-1] if way.arcs else -1 for way in ways])).astype(np.int64)
    following = np.concatenate((none, [way.arcs[0] if way.arcs else -1 for way in ways])).astype(np.int64)
    if not len(problem.graph.banned):
        last[:] = following[:] = -1
    goals, column = np.unique(np.stack((into, following), axis=1), axis=0, return_inverse=True)
    cost, seconds = travel_tables(network, out, goals[:, 0], progress, last, goals[:, 1])
    return Tables(len(depots), seconds[:, column], cost[:, column][None])


def unserved(left: Collection[Left]) -> Unserved:
    """Return what jobs not done leave unserved, each street and site once, in the order of their rows."""
    found: dict[tuple[int, int], int] = {}
    for way, reason in left:
        items = [(int(StopKind.STREET), row) for row in way.rows] or [(int(StopKind.SITE), way.site)]
        for item in items:
            found[item] = min(int(reason), found.get(item, int(reason)))
    rows = sorted(found)
    return Unserved(
        np.array([kind for kind, _ in rows], np.int8),
        np.array([item for _, item in rows], np.int64),
        np.array([found[item] for item in rows], np.int8),
    )


def grouped(ways: list[Way], weight: Floats) -> Jobs:
    """Return ways as jobs; their own numbers of jobs say which belong together."""
    groups: list[list[int]] = [[] for _ in range(len(weight))]
    for number, way in enumerate(ways):
        groups[way.job].append(number)
    return Jobs(tuple(ways), weight, tuple(tuple(group) for group in groups))


def _like_times(streets: Streets, shut: Bools) -> Iterator[tuple[Ints, Streets]]:
    """Yield the rows of streets of one turn and window, and these streets; those `shut` to crews for themselves."""
    keys = np.stack((streets.turn, streets.opens, streets.closes, shut), axis=1)
    group = np.unique(keys, axis=0, return_inverse=True)[1]
    for number in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == number)
        part = {one.name: getattr(streets, one.name)[rows] for one in fields(streets)}
        yield rows, Streets(**part)


def _reasons(problem: PatrolProblem, fleet: Fleet, jobs: Jobs, tables: Tables) -> list[int]:
    """Return for every way 0, or the Reason why no crew can do it: that of the crew that comes closest."""
    if not jobs.ways:
        return []
    service, opens, closes = np.array([(way.seconds, way.opens, way.closes) for way in jobs.ways]).T
    seconds = problem.graph.seconds if problem.price is None else problem.graph.seconds * np.repeat(problem.price, 2)
    closed = np.array([bool(way.arcs) and not np.all(np.isfinite(seconds[list(way.arcs)])) for way in jobs.ways])
    best = np.full(len(jobs.ways), -1)
    for depot, home, start, longest in {*zip(fleet.depot, fleet.home, fleet.start, fleet.shift + fleet.overtime, strict=True)}:
        go, back = tables.seconds[depot, tables.depots :], tables.seconds[tables.depots :, home]
        begin = np.maximum(start + go, opens)
        found = np.select(
            [
                closed | ~np.isfinite(go + back),
                go + service + back > longest,
                (begin > closes) | (begin + service + back > start + longest),
            ],
            [Reason.UNREACHABLE, Reason.TOO_FAR, Reason.CLOSED],
            np.iinfo(np.int64).max,
        )
        best = np.maximum(best, found)
    return np.where(best > Reason.CLOSED, 0, best).tolist()  # type: ignore[no-any-return]


def _only_outside(problem: PatrolProblem, ways: Collection[Way], reasons: list[int]) -> list[bool]:
    """Return which ways could be reached if crews might drive everywhere."""
    found = [False] * len(reasons)
    lost = [(w, way) for w, way in enumerate(ways) if reasons[w] == Reason.UNREACHABLE]
    if problem.price is None or not lost or np.all(np.isfinite(problem.price)):
        return found
    network = arc_network(problem.graph)
    first, last = (np.array([way.arcs[end] if way.arcs else -1 for _, way in lost]) for end in (0, -1))
    there = travel_times(network, problem.crews.depot, np.array([way.entry for _, way in lost]), before=first)
    back = travel_times(network, np.array([way.exit for _, way in lost]), problem.crews.home, after=last).T
    reach = np.asarray(np.isfinite(there + back).any(axis=0))
    for i, (w, way) in enumerate(lost):
        found[w] = bool(reach[i]) and bool(np.all(np.isfinite(problem.graph.seconds[list(way.arcs)])))
    return found
