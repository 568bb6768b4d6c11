"""An independent check of a patrol: drive every route through a networkx graph and compare with what the result says."""

from __future__ import annotations

from collections import Counter
from typing import Any

from algorithms.network.road_graph import to_networkx
from algorithms.patrolling.check_reasons import Trips, wrong_reasons
from algorithms.patrolling.problem import PatrolProblem, PatrolResult, PatrolRoute, StopKind

_SECOND = 1e-3  # how far two sums of the same times may differ


def check_route(problem: PatrolProblem, result: PatrolResult) -> list[str]:
    """Return what is wrong with a result, one sentence a finding; nothing where all rules are kept.

    Consecutive arcs meet and may be driven, none where the price is infinite and no banned turn; times and lengths add up; streets and
    sites are served in their windows; every crew has one route at most, from its depot to its home within its shift, with its break;
    every required street and site is served or listed with a reason that holds; the balance is what the result says.
    """
    graph = to_networkx(problem.graph)
    ends = {arc: (tail, head) for tail, head, arc in graph.edges(keys=True)}
    closed = set() if problem.price is None else {int(e) for e in range(problem.graph.edge_count) if not problem.price[e] < float("inf")}
    wrong: list[str] = []
    served: Counter[tuple[int, int, int]] = Counter()
    crews = Counter(route.crew for route in result.routes)
    wrong += [f"crew {crew} has {count} routes" for crew, count in crews.items() if count > 1]
    if strangers := [crew for crew in crews if not 0 <= crew < len(problem.crews)]:
        return [*wrong, f"there are no crews {strangers}"]
    for number, route in enumerate(result.routes):
        wrong += [f"route {number}: {text}" for text in _Drive(problem, route, graph, ends, closed).findings()]
        wrong += [f"route {number}: {text}" for text in _rest(problem, result, route)]
        for k in range(len(route.kind)):
            if route.kind[k] != StopKind.REST:
                arc = int(route.arcs[route.at[k]]) if route.kind[k] == StopKind.STREET else -1
                served[(int(route.kind[k]), int(route.item[k]), arc)] += 1
    wrong += [f"{what} is served {times} times" for what, times in served.items() if times > 1]
    return wrong + _complete(problem, result, ends, served) + _figures(problem, result)


class _Drive:
    """One route, driven arc by arc, stopping where it says."""

    def __init__(
        self, problem: PatrolProblem, route: PatrolRoute, graph: Any, ends: dict[int, tuple[int, int]], closed: set[int]
    ) -> None:  # fmt: skip
        self.problem, self.route, self.graph, self.ends, self.closed = problem, route, graph, ends, closed
        self.clock = float(problem.crews.start[route.crew])
        self.place = int(problem.crews.depot[route.crew])
        self.wrong: list[str] = []

    def findings(self) -> list[str]:
        """Return what is wrong with the drive."""
        problem, route = self.problem, self.route
        streets, crews = problem.streets, problem.crews
        required = dead = 0.0
        stops = list(range(len(route.kind)))
        last = -1
        for i in range(len(route.arcs) + 1):
            while stops and route.kind[stops[0]] != StopKind.STREET and route.at[stops[0]] == i:
                if route.kind[stops[0]] == StopKind.SITE:
                    last = -1  # whoever stops at a site may leave it any way
                self._stand(stops.pop(0))
            if i == len(route.arcs):
                break
            arc = int(route.arcs[i])
            if arc not in self.ends or self.ends[arc][0] != self.place:
                return [*self.wrong, f"arc {arc} at position {i} may not be driven from node {self.place}"]
            if arc // 2 in self.closed:
                self.wrong.append(f"arc {arc} at position {i} lies where crews may not drive")
            if (last, arc) in self.graph.graph["banned"]:
                self.wrong.append(f"the turn from arc {last} to arc {arc} at position {i} is banned")
            data = self.graph.edges[(*self.ends[arc], arc)]
            if route.stop_of_arc[i] >= 0:
                k = int(route.stop_of_arc[i])
                if not stops or stops.pop(0) != k or route.kind[k] != StopKind.STREET or route.at[k] != i:
                    return [*self.wrong, f"arc {arc} serves stop {k} out of turn"]
                row = int(route.item[k])
                if streets.edge[row] != arc // 2:
                    self.wrong.append(f"stop {k} is another street than arc {i}")
                self._serve(k, float(streets.seconds[row]), float(streets.opens[row]), float(streets.closes[row]))
                required += data["metres"]
            else:
                self.clock += data["seconds"]
                dead += data["metres"]
            self.place, last = self.ends[arc][1], arc
        if stops:
            self.wrong.append(f"stops {stops} are never reached")
        if self.place != crews.home[route.crew]:
            self.wrong.append(f"ends at node {self.place}, not at the depot {crews.home[route.crew]}")
        away, longest = self.clock - float(crews.start[route.crew]), float(crews.longest[route.crew])
        if away > longest + _SECOND:
            self.wrong.append(f"takes {away:.1f} s, longer than {longest:.1f} s")
        if abs(away - route.seconds) > _SECOND:
            self.wrong.append(f"takes {away:.3f} s and says {route.seconds:.3f} s")
        if abs(required - route.required_m) > 1e-3 or abs(dead - route.dead_m) > 1e-3:
            self.wrong.append(f"drives {required:.3f} + {dead:.3f} m and says {route.required_m:.3f} + {route.dead_m:.3f} m")
        return self.wrong

    def _stand(self, k: int) -> None:
        """Stop at a site, or rest."""
        route, sites, crews = self.route, self.problem.sites, self.problem.crews
        if route.kind[k] == StopKind.REST:
            first, last = float(crews.rest_from[route.crew]), float(crews.rest_to[route.crew])
            seconds = float(crews.rest[route.crew])
            self._serve(k, seconds, first, last + seconds)
            return
        site = int(route.item[k])
        if self.place != sites.node[site]:
            self.wrong.append(f"stop {k} is at node {self.place}, its site at {sites.node[site]}")
        self._serve(k, float(sites.dwell[site]), float(sites.opens[site]), float(sites.closes[site]))

    def _serve(self, k: int, seconds: float, opens: float, closes: float) -> None:
        """Serve a stop here and now, or when its window opens."""
        route, arrive = self.route, self.clock
        begin = max(arrive, opens)
        fits = closes - opens >= seconds
        if begin > closes + _SECOND or (fits and begin + seconds > closes + _SECOND):
            self.wrong.append(f"stop {k} begins after the site has closed" if begin > closes else f"stop {k} ends after its window")
        said = (float(route.arrive[k]), float(route.begin[k]), float(route.leave[k]))
        real = (arrive, begin, begin + seconds)
        if max(abs(a - b) for a, b in zip(said, real, strict=True)) > _SECOND:
            self.wrong.append(f"stop {k} is served at {real[0]:.3f}, {real[1]:.3f}, {real[2]:.3f} s and says {said}")
        self.clock = begin + seconds


def _rest(problem: PatrolProblem, result: PatrolResult, route: PatrolRoute) -> list[str]:
    """Compare the breaks of a route with what its crew should have."""
    rests, wanted = int((route.kind == StopKind.REST).sum()), int(problem.crews.rest[route.crew] > 0)
    listed = route.crew in result.no_rest
    return [f"has {rests} breaks of {wanted}, and {'is' if listed else 'is not'} listed for it"] if rests != wanted * (not listed) else []


def _complete(
    problem: PatrolProblem, result: PatrolResult, ends: dict[int, tuple[int, int]], served: Counter[tuple[int, int, int]]
) -> list[str]:
    """Compare what is served with what is listed, and test the reasons that can be tested without a solver."""
    wrong: list[str] = []
    rows = zip(result.unserved.kind.tolist(), result.unserved.item.tolist(), result.unserved.reason.tolist(), strict=True)
    listed = {(kind, item): reason for kind, item, reason in rows}
    if len(listed) != len(result.unserved):
        wrong.append("something is listed twice as unserved")
    for row, edge in enumerate(problem.streets.edge.tolist()):
        arcs = [arc for arc in (2 * edge, 2 * edge + 1) if arc in ends]
        times = sum(served[(int(StopKind.STREET), row, arc)] for arc in arcs)
        wanted = len(arcs) if problem.streets.both[row] else 1
        if (times != wanted or not arcs) != ((int(StopKind.STREET), row) in listed):
            wrong.append(f"street {row} is served {times} times of {wanted}, which does not fit its being listed or not")
    for row in range(len(problem.sites)):
        if (served[(int(StopKind.SITE), row, -1)] == 0) != ((int(StopKind.SITE), row) in listed):
            wrong.append(f"site {row} is neither served nor listed, or both")
    return wrong + (wrong_reasons(problem, listed, Trips(problem)) if listed else [])


def _figures(problem: PatrolProblem, result: PatrolResult) -> list[str]:
    """Compare the figures of a result with its routes."""
    wrong: list[str] = []
    share = [0.0] * len(problem.crews)
    for route in result.routes:
        share[route.crew] = route.seconds / float(problem.crews.shift[route.crew])
    real = max(share) * len(share) / sum(share) if sum(share) > 0 else 1.0
    if abs(real - result.balance) > 1e-6:
        wrong.append(f"the longest time is {real:.6f} times the mean, and the result says {result.balance:.6f}")
    if result.shortage_hours > 0 and not len(result.unserved):
        wrong.append("hours are said to be lacking, but everything is served")
    return wrong
