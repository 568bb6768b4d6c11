"""The calls of a plan in another order and by other ways: what its variants are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.arc_network import NO_ARC, ArcNetwork, arc_network
from algorithms.network.polylines import Floats, Ints
from algorithms.network.road_graph import arc_ends
from algorithms.network.shortest_paths import travel_tables
from algorithms.patrolling.fleet import Fleet, Tables
from algorithms.patrolling.fleet_search import Tours, search_tours
from algorithms.patrolling.jobs import Jobs, Way
from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolRoute, StopKind, latest_begin
from algorithms.patrolling.walk import Link, NoWay, Walk, WalkCall, Ways, drive_calls
from algorithms.progress import Progress, Span

CHAIN = 120.0  # seconds of streets patrolled in a row that stay one call, the least of them
_REST_PLACES = 6  # between calls where a break is tried


@dataclass(frozen=True, eq=False)
class Orders:
    """The calls of a plan as jobs of a fleet.

    Way w of `jobs` serves the rows `rows[w]` of the problem's streets (or its one row of the sites) in that order; `crew` (c,) are the
    crews of the plan, `first` their tours in it. `depots` are the nodes where tours begin and end, by their rows in `fleet`;
    `resting` are the tours that have a break in the plan.
    """

    problem: PatrolProblem
    jobs: Jobs
    rows: tuple[tuple[int, ...], ...]
    crew: Ints
    first: Tours
    depots: Ints
    fleet: Fleet
    resting: tuple[int, ...]

    def driving(self, price: Floats, margin: float, progress: Progress) -> tuple[Floats, Floats]:
        """Return the priced seconds from each place (the depots, then the ways) to each, and the true seconds of these ways."""
        ways, none = self.jobs.ways, np.full(len(self.depots), NO_ARC)
        out = np.concatenate((self.depots, [way.exit for way in ways]))
        into = np.concatenate((self.depots, [way.entry for way in ways]))
        after = np.concatenate((none, [way.arcs[-1] if way.arcs else NO_ARC for way in ways]))
        before = np.concatenate((none, [way.arcs[0] if way.arcs else NO_ARC for way in ways]))
        network = arc_network(self.problem.graph, np.concatenate((out, into)), margin, price)
        return travel_tables(network, out, into, progress, after, before)


def orders_of(problem: PatrolProblem, routes: Sequence[PatrolRoute], longest: Floats) -> Orders:
    """Return the calls of routes as jobs; `longest` (routes,) is how long each crew may be out, seconds."""
    ways: list[Way] = []
    rows: list[tuple[int, ...]] = []
    by_job: list[tuple[int, ...]] = []
    first: Tours = []
    for route in routes:
        tour: list[int] = []
        for stops in _calls(problem, route):
            tour.append(len(ways))
            for way, served in _ways(problem, route, stops, len(by_job)):
                ways.append(way)
                rows.append(served)
            by_job.append(tuple(range(tour[-1], len(ways))))
        first.append(tour)
    crew = np.array([route.crew for route in routes], np.int64)
    jobs = Jobs(tuple(ways), np.ones(len(by_job)), tuple(by_job))
    crews = problem.crews
    depots, at = np.unique(np.concatenate((crews.depot[crew], crews.home[crew])), return_inverse=True)
    over = np.minimum(crews.overtime[crew], np.maximum(longest - crews.shift[crew], 0.0))
    fleet = Fleet(
        at[: len(crew)],
        at[len(crew) :],
        np.array(crews.start[crew]),
        np.minimum(longest, crews.shift[crew]) - crews.rest[crew],  # kept free for the break
        over,
        np.full(len(crew), np.inf),
        np.zeros(len(crew), np.int64),
    )
    resting = tuple(number for number, route in enumerate(routes) if np.any(route.kind == StopKind.REST))
    return Orders(problem, jobs, tuple(rows), crew, first, depots, fleet, resting)


def other_order(
    orders: Orders, price: Floats, warm: Tours, params: PatrolParams, ends_at: float, progress: Progress
) -> Tours | None:  # fmt: skip
    """Return tours that do the same where a second on each edge costs `price` (edges,), begun from the tours `warm`.

    None where the search finds none that are in time by the ways that are cheap at these prices.
    """
    cost, seconds = orders.driving(price, params.margin, Span(progress, 0.0, 0.2))
    tables = Tables(len(orders.depots), seconds, cost[None])
    found = search_tours(orders.jobs, tables, orders.fleet, params, ends_at, Span(progress, 0.2, 1.0), warm=warm)
    return found.tours if found.feasible else None


def turned_round(orders: Orders) -> Tours:
    """Return the tours of the plan from the end to the beginning, streets the other way round where they may be."""
    other = {w: group[1 - place] if len(group) == 2 else w for group in orders.jobs.by_job for place, w in enumerate(group)}
    return [[other[w] for w in reversed(tour)] for tour in orders.first]


def driven(orders: Orders, tours: Tours, price: Floats, margin: float) -> list[PatrolRoute] | None:
    """Return the routes of tours by the ways that are cheapest at a price (edges,), None where one is late, too long or has no way."""
    routes: list[PatrolRoute] = []
    for number, tour in enumerate(tours):
        route = _driven_tour(orders, number, tour, price, margin)
        if route is None:
            return None
        routes.append(route)
    return routes


def _driven_tour(orders: Orders, number: int, tour: list[int], price: Floats, margin: float) -> PatrolRoute | None:
    problem, crew = orders.problem, int(orders.crew[number])
    depot, home = int(problem.crews.depot[crew]), int(problem.crews.home[crew])
    nodes = np.array([depot, home, *(orders.jobs.ways[w].entry for w in tour), *(orders.jobs.ways[w].exit for w in tour)], np.int64)
    return _timed(orders, number, tour, Ways(problem.graph, arc_network(problem.graph, nodes, margin, price), price))


Legs = list[tuple[Link, Ints]]  # of one tour: from where to where, and the arcs driven, to each call and at last home


def legs_of(orders: Orders, route: PatrolRoute, tour: list[int]) -> Legs:
    """Return the drives between the calls of a route, whose tour this is."""
    crews, ways = orders.problem.crews, orders.jobs.ways
    at = route.at[route.kind != StopKind.REST]
    legs: Legs = []
    node, after, done, stop = int(crews.depot[route.crew]), NO_ARC, 0, 0
    for w in tour:
        way, begin = ways[w], int(at[stop])
        legs.append(((node, way.entry, after, way.arcs[0] if way.arcs else NO_ARC), route.arcs[done:begin]))
        node, after, done, stop = way.exit, way.arcs[-1] if way.arcs else NO_ARC, begin + len(way.arcs), stop + len(orders.rows[w])
    legs.append(((node, int(crews.home[route.crew]), after, NO_ARC), route.arcs[done:]))
    return legs


def walked(orders: Orders, number: int, tour: list[int], legs: Legs, network: ArcNetwork) -> PatrolRoute | None:
    """Return the route of a tour by given legs, the first of those between the same ends; None where it is late or too long."""
    ways = Ways(orders.problem.graph, network)
    for (node, other, after, before), arcs in legs:
        ways.keep(node, other, after, before, arcs)
    return _timed(orders, number, tour, ways)


def _timed(orders: Orders, number: int, tour: list[int], ways: Ways) -> PatrolRoute | None:
    problem, crew = orders.problem, int(orders.crew[number])
    crews = problem.crews
    depot, home, start = int(crews.depot[crew]), int(crews.home[crew]), float(crews.start[crew])
    calls = [_walk_call(orders, w) for w in tour]
    late = orders.fleet.shift[number] + orders.fleet.overtime[number] + crews.rest[crew] + 1e-6
    try:
        walk = drive_calls(ways, depot, home, start, calls)
        places = list(range(len(tour)))
        if number in orders.resting:
            rest = WalkCall(StopKind.REST, (), -1, float(crews.rest[crew]), float(crews.rest_from[crew]), float(crews.rest_to[crew]))
            for place in _rest_places(walk, rest):
                with_rest = drive_calls(ways, depot, home, start, [*calls[:place], rest, *calls[place:]])
                if not len(with_rest.late):
                    walk, places = with_rest, [*range(place), -1, *range(place, len(tour))]
                    break
            else:
                return None
    except NoWay:
        return None
    if len(walk.late) or walk.seconds > late:
        return None
    return _route(orders, tour, places, walk, crew)


def _rest_places(walk: Walk, rest: WalkCall) -> list[int]:
    """Return the rows before which a break may come, those first where it begins at about the time it should."""
    clock = np.append(walk.begin, walk.passed[-1])  # a break before row i begins at about the time that row i is due
    order = np.argsort(np.abs(np.clip(clock, rest.opens, rest.closes) - clock), kind="stable")
    return [int(row) for row in order[:_REST_PLACES]]


def _calls(problem: PatrolProblem, route: PatrolRoute) -> list[list[int]]:
    """Return the stops of each call of a route: a site, or streets patrolled one right after the other."""
    streets = problem.streets
    calls: list[list[int]] = []
    spent = np.inf
    for k in range(len(route.kind)):
        if route.kind[k] == StopKind.REST:
            spent = np.inf
            continue
        item = int(route.item[k])
        street = route.kind[k] == StopKind.STREET
        plain = street and not streets.both[item] and not np.isfinite(streets.opens[item]) and not np.isfinite(streets.closes[item])
        seconds = float(streets.seconds[item]) if street else 0.0
        follows = k > 0 and route.at[k - 1] == route.at[k] - 1 and abs(route.leave[k - 1] - route.begin[k]) < 1e-6
        if plain and follows and spent + seconds <= CHAIN:
            calls[-1].append(k)
            spent += seconds
        else:
            calls.append([k])
            spent = seconds if plain else np.inf
    return calls


def _ways(problem: PatrolProblem, route: PatrolRoute, stops: list[int], job: int) -> list[tuple[Way, tuple[int, ...]]]:
    """Return the ways of doing a call, that of the route first, and the rows that each serves in its order."""
    streets, sites, graph = problem.streets, problem.sites, problem.graph
    items = [int(route.item[k]) for k in stops]
    if route.kind[stops[0]] == StopKind.SITE:
        site = items[0]
        opens, closes, dwell = float(sites.opens[site]), float(sites.closes[site]), float(sites.dwell[site])
        node = int(sites.node[site])
        return [(Way(job, node, node, dwell, (), site, opens, float(latest_begin(opens, closes, dwell))), (site,))]
    arcs = [int(route.arcs[route.at[k]]) for k in stops]
    seconds = float(streets.seconds[items].sum())
    opens, closes = float(streets.opens[items[0]]), float(streets.closes[items[0]])
    sides = [(arcs, items)]
    back = [arc ^ 1 for arc in reversed(arcs)]
    if not streets.both[items[0]] and bool(np.all(np.isfinite(graph.seconds[back]))):
        sides.append((back, items[::-1]))
    found = []
    for way, served in sides:
        tail, head = arc_ends(graph, np.array([way[0], way[-1]]))
        closing = float(latest_begin(opens, closes, seconds))
        found.append((Way(job, int(tail[0]), int(head[1]), seconds, tuple(way), -1, opens, closing), tuple(served)))
    return found


def _walk_call(orders: Orders, w: int) -> WalkCall:
    way, streets, sites = orders.jobs.ways[w], orders.problem.streets, orders.problem.sites
    if way.site >= 0:
        return WalkCall(StopKind.SITE, (), way.entry, way.seconds, float(sites.opens[way.site]), float(sites.closes[way.site]))
    row = orders.rows[w][0]
    return WalkCall(StopKind.STREET, way.arcs, -1, way.seconds, float(streets.opens[row]), float(streets.closes[row]))


def _route(orders: Orders, tour: list[int], places: list[int], walk: Walk, crew: int) -> PatrolRoute:
    """Return a walk as a route: `places` (calls,) say which way of the tour each call of the walk is, -1 for a break."""
    problem = orders.problem
    graph, streets = problem.graph, problem.streets
    stops: list[tuple[int, int, int, float, float, float]] = []
    served = np.full(len(walk.arcs), -1, np.int64)
    for call, place in enumerate(places):
        arrive, begin, leave, at = (float(walk.arrive[call]), float(walk.begin[call]), float(walk.leave[call]), int(walk.at[call]))
        if place < 0:
            stops.append((StopKind.REST, -1, at, arrive, begin, leave))
            continue
        w = tour[place]
        if orders.jobs.ways[w].site >= 0:
            stops.append((StopKind.SITE, orders.jobs.ways[w].site, at, arrive, begin, leave))
            continue
        for step, row in enumerate(orders.rows[w]):
            end = begin + float(streets.seconds[row])
            served[at + step] = len(stops)
            stops.append((StopKind.STREET, row, at + step, arrive, begin, end))
            arrive = begin = end
    kind, item, at_arc, arrives, begins, leaves = (list(column) for column in zip(*stops, strict=True)) if stops else ([],) * 6
    metres = graph.length[walk.arcs // 2]
    return PatrolRoute(
        np.array(kind, np.int8),
        np.array(item, np.int64),
        np.array(at_arc, np.int64),
        np.array(arrives, np.float64),
        np.array(begins, np.float64),
        np.array(leaves, np.float64),
        np.array(walk.arcs, np.int64),
        served,
        float(walk.seconds),
        float(metres[served >= 0].sum()),
        float(metres[served < 0].sum()),
        crew,
    )
