"""A route driven anew after its calls were changed by hand: ways, times, stops and lengths, and what is amiss with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.road_graph import arc_ends, arcs_line
from algorithms.patrolling.problem import StopKind
from algorithms.patrolling.sites import shift_window, visit_windows
from algorithms.patrolling.walk import NoWay, Walk, WalkCall, Ways, drive_calls
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.patrol import DEAD, Call, PatrolPlan, Route, Stop
from gridplanner.model.project import Project
from gridplanner.planning.hand_ground import Ground, ground_of, inside_zone, site_nodes, ways_in
from gridplanner.planning.patrol_depots import rest_windows
from gridplanner.settings import PatrolSettings, clock_minutes

KINDS = {"street": StopKind.STREET, "site": StopKind.SITE, "rest": StopKind.REST, "via": StopKind.VIA}


@dataclass(frozen=True, eq=False)
class Driven:
    """A route with the rows of its calls that begin too late."""

    route: Route
    late: tuple[int, ...] = ()


class Driver:
    """Drives the routes of one zone and variant of a plan, over the streets that the plan knows."""

    def __init__(self, project: Project, plan: PatrolPlan, zone: int, variant: int) -> None:
        self.project, self.plan, self.zone, self.variant = project, plan, zone, variant
        self.settings = project.settings.patrol or PatrolSettings()
        self.ground: Ground = ground_of(plan.streets)
        self.inside: Bools | None = inside_zone(project, self.ground, zone)
        starts = [clock_minutes(self.settings.starts[k % len(self.settings.starts)]) for k in range(self.settings.crews_per_zone)]
        self.zero = min(starts)
        self.span = max(starts) - self.zero + self.settings.shift_minutes

    def drive(self, before: Route, calls: Sequence[Call], depot: int | None = None) -> Driven:
        """Return the route with other calls; ways between calls that stay neighbours stay as they are.

        Raises EditRejected where a call cannot be reached.
        """
        node = before.depot_node if depot is None else depot
        given, owner = self.walk_calls(before, calls, node)
        ways = self.ways_for(before, [*given, WalkCall(StopKind.SITE, node=node)])
        start = clock_minutes(before.shift) * 60.0
        try:
            walk = drive_calls(ways, node, node, start, given)
        except NoWay as why:
            raise EditRejected(self._no_way(calls, owner, why.call)) from why
        return self._told(before, calls, walk, owner, node)

    def ways_for(self, route: Route, calls: Sequence[WalkCall]) -> Ways:
        """Return the ways between calls of a route, with those that it takes now kept, so that those stay which no change touches."""
        graph, none = self.ground.graph, np.zeros(0, np.int64)
        ends = np.concatenate([none, *(arc_ends(graph, np.array(call.arcs)) for call in calls if call.arcs)], axis=None)
        held = [call.node for call in calls if call.kind == StopKind.SITE]
        nodes = np.concatenate((ends, np.array([*held, route.depot_node], np.int64)))
        ways = ways_in(self.ground, self.inside, self.settings.zone, self.zone, self.variant, nodes)
        self._keep(ways, route)
        return ways

    def walk_calls(self, route: Route, calls: Sequence[Call], depot: int | None = None) -> tuple[list[WalkCall], list[int]]:
        """Return the calls as they are driven, every street arc one of its own, and the row of the call that each is part of."""
        depot = route.depot_node if depot is None else depot
        rests = [stop.dwell for stop in route.stops if stop.kind == "rest"]
        found: list[WalkCall] = []
        owner: list[int] = []
        for row, call in enumerate(calls):
            if call.kind == "street":
                found += [self._street(arc, call.turn) for arc in call.arcs]
            elif call.kind == "via":
                found.append(WalkCall(StopKind.VIA, call.arcs))
            elif call.kind == "site":
                found.append(self._site(call, depot))
            else:
                found.append(self._rest(route, rests[0] if rests else self.settings.break_minutes))
            owner += [row] * (len(found) - len(owner))
        return found, owner

    def _street(self, arc: int, turn: int) -> WalkCall:
        streets = self.plan.streets
        opens, closes = self._window(-np.inf, np.inf, int(streets.times[arc // 2]), turn)
        return WalkCall(StopKind.STREET, (arc,), seconds=float(streets.patrol[arc // 2]), opens=opens, closes=closes)

    def _site(self, call: Call, depot: int) -> WalkCall:
        sites, row = self.project.key_sites, call.site
        if not 0 <= row < len(sites):
            raise EditRejected(_("A key site of this route is no longer there; plan the routes again"))
        opens, closes = shift_window(sites.start[[row]] * 60, sites.stop[[row]] * 60, self.zero * 60)
        window = self._window(float(opens[0]), float(closes[0]), int(sites.visits[row]), call.turn, self.settings.min_gap_minutes * 60)
        node = int(site_nodes(self.project, self.ground, depot)[row])
        return WalkCall(StopKind.SITE, node=node, seconds=float(sites.dwell[row]) * 60, opens=window[0], closes=window[1])

    def _window(self, opens: float, closes: float, visits: int, turn: int, gap: float = 0.0) -> tuple[float, float]:
        """Return between which seconds after midnight a visit lies, as the routes were planned: all of them are spread over the shift."""
        first, last, _of, _turn = visit_windows(np.array([opens]), np.array([closes]), np.array([visits]), self.span * 60, gap)
        at = min(max(turn, 0), len(first) - 1)
        return float(first[at]) + self.zero * 60, float(last[at]) + self.zero * 60

    def _rest(self, route: Route, minutes: float) -> WalkCall:
        clock = np.array([clock_minutes(route.shift)])
        settings = dataclasses.replace(self.settings, break_minutes=min(minutes, self.settings.shift_minutes * 0.99))
        first, last = rest_windows(settings, 0.0, clock)
        return WalkCall(StopKind.REST, seconds=minutes * 60, opens=float(first[0]), closes=float(last[0]))

    def _keep(self, ways: Ways, route: Route) -> None:
        """Remember the ways that a route takes between its calls."""
        given, owner = self.walk_calls(route, route.calls)
        arcs, graph = np.asarray(route.arcs, np.int64), self.ground.graph
        if not len(arcs):
            return
        tail, head = arc_ends(graph, arcs)
        at, node, after = 0, route.depot_node, -1
        for call, row in zip([*given, None], [*owner, DEAD], strict=True):
            if call is not None and call.kind == StopKind.REST:
                continue
            to = self._next(route, arcs, tail, head, at, call, row)
            if to < 0:
                return
            goal = route.depot_node if call is None else call.node if not call.arcs else int(tail[to])
            before = call.arcs[0] if call is not None and call.arcs else -1
            if not len(arcs[at:to]) or (tail[at] == node and head[to - 1] == goal):
                ways.keep(node, goal, after, before, arcs[at:to])
            at = to + (len(call.arcs) if call is not None else 0)
            node = int(head[at - 1]) if at else route.depot_node
            after = int(arcs[at - 1]) if at else -1

    def _next(self, route: Route, arcs: Ints, tail: Ints, head: Ints, at: int, call: WalkCall | None, row: int) -> int:
        """Return how many arcs are driven before a call that comes at `at` arcs or later; -1 where it is not found."""
        if call is None:
            return len(arcs)
        if call.arcs:
            here = np.flatnonzero((route.call_of_arc[at:] == row) & (arcs[at:] == call.arcs[0]))
            return at + int(here[0]) if len(here) else -1
        places = np.append(tail, head[-1])
        here = at + np.flatnonzero(places[at:] == call.node)
        served = np.flatnonzero(route.call_of_arc[at:] != DEAD)
        here = here[here <= (at + served[0] if len(served) else len(arcs))]
        if not len(here):
            return -1
        kinds = np.array([call.kind == "street" for call in route.calls] + [False])
        moving = np.where(kinds[route.call_of_arc], self.plan.streets.patrol[arcs // 2], self.ground.graph.seconds[arcs]) / 60
        stood = np.append([route.passed[0] - clock_minutes(route.shift)], np.diff(route.passed) - moving)  # minutes, at each place
        return int(here[stood[here].argmax()]) if stood[here].max() > 1e-6 else int(here[0])

    def _told(self, before: Route, calls: Sequence[Call], walk: Walk, owner: list[int], node: int) -> Driven:
        """Return a walk as a route of the plan."""
        graph, of = self.ground.graph, np.array([*owner, DEAD], np.int64)
        arcs = np.asarray(walk.arcs, np.int64)
        served = of[walk.call_of_arc]
        kinds = np.array([call.kind for call in calls] + [""], object)
        patrolled = (kinds == "street")[served]
        metres = graph.length[arcs // 2]
        start = clock_minutes(before.shift)
        x, y = graph.node_xy[node].tolist()
        coords = arcs_line(graph, arcs) if len(arcs) else np.repeat(graph.node_xy[[node]], 2, axis=0)
        minutes = walk.seconds / 60
        depot = before.depot if node == before.depot_node else self.name_of(node)
        stops = [Stop("depot", depot, x, y, start, 0.0), *self._stops(calls, walk, owner), Stop("depot", depot, x, y, start + minutes, 0.0)]
        outside = metres[~self.inside[arcs // 2]].sum() if self.inside is not None else before.outside_m
        route = dataclasses.replace(
            before, depot=depot, coords=coords, minutes=minutes, required_m=float(metres[patrolled].sum()),
            dead_m=float(metres[~patrolled].sum()), sites=sum(call.kind == "site" for call in calls), stops=tuple(stops),
            calls=tuple(calls), arcs=arcs, call_of_arc=served, passed=walk.passed / 60, depot_node=node, outside_m=float(outside),
        )  # fmt: skip
        for column in (route.coords, route.arcs, route.call_of_arc, route.passed):
            column.setflags(write=False)
        return Driven(route, tuple(dict.fromkeys(owner[row] for row in walk.late.tolist())))

    def _stops(self, calls: Sequence[Call], walk: Walk, owner: list[int]) -> list[Stop]:
        """Return a stop for every call but those that are merely passed."""
        graph, first = self.ground.graph, {row: at for at, row in reversed(list(enumerate(owner)))}
        last = dict(zip(owner, range(len(owner)), strict=True))
        stops = []
        for row, call in enumerate(calls):
            if call.kind == "via":
                continue
            begin, leave = float(walk.begin[first[row]]) / 60, float(walk.leave[last[row]]) / 60
            if call.kind == "street":
                x, y = self.ground.middle[call.arcs[0] // 2].tolist()
                name = str(self.plan.streets.names[call.arcs[0] // 2])
            elif call.kind == "site":
                x, y = self.project.key_sites.xy[call.site].tolist()
                name = str(self.project.key_sites.names[call.site])
            else:
                at = int(walk.at[first[row]])
                node = arc_ends(graph, walk.arcs[[min(at, len(walk.arcs) - 1)]])[at >= len(walk.arcs)] if len(walk.arcs) else [0]
                (x, y), name = graph.node_xy[int(node[0])].tolist(), _("Break")
            stops.append(Stop(call.kind, name, x, y, begin, leave - begin))
        return stops

    def name_of(self, node: int) -> str:
        """Return what a junction is called as a depot: the depot nearest to it within some metres, else where streets meet."""
        xy, depots = self.ground.graph.node_xy[node], self.project.depots
        if len(depots):
            away = np.hypot(*(depots.xy - xy).T)
            if away.min() <= AT_DEPOT:
                return str(depots.names[int(away.argmin())])
        return _("Junction")

    def _no_way(self, calls: Sequence[Call], owner: list[int], at: int) -> str:
        if at >= len(owner):
            return _("There is no way back to the depot from there; one-way streets lead away from it")
        call = calls[owner[at]]
        name = self.project.key_sites.names[call.site] if call.kind == "site" else ""
        if call.arcs:
            name = self.plan.streets.names[call.arcs[0] // 2]
        return _("There is no way to {name} from what comes before it").format(name=name or _("a street without a name"))


AT_DEPOT = 150.0  # metres from a junction within which a depot is the one that routes start from there
