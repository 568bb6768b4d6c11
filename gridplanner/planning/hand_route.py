"""A route driven anew after its calls were changed by hand: ways, times, stops and lengths, and what is amiss with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.road_graph import arc_ends, arcs_line
from algorithms.patrolling.problem import StopKind
from algorithms.patrolling.walk import NoWay, Walk, WalkCall, Ways, drive_calls
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.patrol import DEAD, Call, PatrolPlan, Route, Stop
from gridplanner.model.project import Project
from gridplanner.planning.hand_calls import WalkCalls
from gridplanner.planning.hand_ground import Ground, ground_of, inside_zone, ways_in
from gridplanner.settings import PatrolSettings, clock_minutes

AT_DEPOT = 150.0  # metres from a junction within which a depot is the one that routes start from there


@dataclass(frozen=True, eq=False)
class Driven:
    """A route with the rows of its calls that begin too late, and the metres outside its zone but on the way from the depot and back."""

    route: Route
    late: tuple[int, ...] = ()
    strayed_m: float = 0.0


class Driver:
    """Drives the routes of one zone and variant of a plan, over the streets that the plan knows."""

    def __init__(self, project: Project, plan: PatrolPlan, zone: int, variant: int) -> None:
        self.project, self.plan, self.zone, self.variant = project, plan, zone, variant
        self.settings = project.settings.patrol or PatrolSettings()
        self.ground: Ground = ground_of(plan.streets)
        self.inside: Bools | None = inside_zone(project, self.ground, zone)
        self.walk_calls = WalkCalls(project, plan, self.ground, self.settings)

    def drive(self, before: Route, calls: Sequence[Call], depot: int | None = None) -> Driven:
        """Return the route with other calls; ways between calls that stay neighbours stay as they are.

        Raises EditRejected where a call cannot be reached.
        """
        node = before.depot_node if depot is None else depot
        given, owner = self.walk_calls.of(before, calls, node)
        start = clock_minutes(before.shift) * 60.0
        try:
            walk = drive_calls(self._ways(before, given, node), node, node, start, given)
        except NoWay as why:
            placed = [row for row, call in zip(owner, given, strict=True) if call.kind != StopKind.REST]
            raise EditRejected(self._no_way(calls, placed, why.call)) from why
        return self._told(before, calls, walk, owner, node)

    def ways_of(self, route: Route, calls: Sequence[Call]) -> Ways:
        """Return the ways between calls of a route, of which those that it takes now are kept."""
        return self._ways(route, self.walk_calls.of(route, calls, route.depot_node)[0], route.depot_node)

    def ends_of(self, route: Route, call: Call) -> tuple[int, int]:
        """Return the nodes at which a call of a route begins and ends."""
        if call.arcs:
            tail, head = arc_ends(self.ground.graph, np.array([call.arcs[0], call.arcs[-1]]))
            return int(tail[0]), int(head[1])
        node = self.walk_calls.of(route, [call], route.depot_node)[0][0].node
        return node, node

    def called(self, call: Call) -> str:
        """Return what a call is called."""
        if call.kind == "site":
            sites = self.project.key_sites
            return str(sites.names[call.site]) if 0 <= call.site < len(sites) else _("a key site")
        return _("the break") if call.kind == "rest" else self.street(call.arcs[0] // 2)

    def street(self, edge: int) -> str:
        """Return what a street is called."""
        names = self.plan.streets.names
        return (str(names[edge]) if 0 <= edge < len(names) else "") or _("a street without a name")

    def _ways(self, route: Route, calls: Sequence[WalkCall], depot: int) -> Ways:
        ends = [arc for call in calls if call.arcs for arc in (call.arcs[0], call.arcs[-1])]
        held = [call.node for call in calls if call.kind == StopKind.SITE]
        tail, head = arc_ends(self.ground.graph, np.array(ends, np.int64))
        nodes = np.concatenate((tail, head, np.array([*held, depot, route.depot_node], np.int64)))
        ways = ways_in(self.ground, self.inside, self.settings.zone, self.zone, self.variant, nodes)
        known = self.ground.kept.setdefault(route, set())
        if id(ways) not in known:
            self._keep(ways, route)
            known.add(id(ways))
        return ways

    def _keep(self, ways: Ways, route: Route) -> None:
        """Remember the ways that a route takes between its calls, so that those stay which no change touches."""
        given, owner = self.walk_calls.of(route, route.calls, route.depot_node)
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
            after = call.arcs[-1] if call is not None and call.arcs else -1  # whoever stops at a site may leave it any way

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
        away = ~self.inside[arcs // 2] if self.inside is not None else np.zeros(len(arcs), bool)
        here = np.flatnonzero(~away)
        between = away.copy()
        between[: here[0] if len(here) else 0] = between[here[-1] + 1 if len(here) else 0 :] = False
        route = dataclasses.replace(
            before, depot=depot, coords=coords, minutes=minutes, required_m=float(metres[patrolled].sum()),
            dead_m=float(metres[~patrolled].sum()), sites=sum(call.kind == "site" for call in calls), stops=tuple(stops),
            calls=tuple(calls), arcs=arcs, call_of_arc=served, passed=self._passed(walk, patrolled), depot_node=node,
            outside_m=float(metres[away].sum()),
        )  # fmt: skip
        for column in (route.coords, route.arcs, route.call_of_arc, route.passed):
            column.setflags(write=False)
        late = tuple(dict.fromkeys(owner[row] for row in walk.late.tolist()))
        return Driven(route, late, float(metres[between].sum()))

    def _passed(self, walk: Walk, patrolled: Bools) -> Floats:
        """Return the clock minutes at which each arc is begun: along a call of several streets each takes its own time."""
        passed = walk.passed / 60
        inner = np.zeros(len(walk.arcs), bool)
        inner[1:] = patrolled[1:] & (walk.call_of_arc[1:] == walk.call_of_arc[:-1])
        takes = np.append(0.0, self.plan.streets.patrol[walk.arcs // 2] / 60)
        done = np.cumsum(takes)[:-1]
        first = np.maximum.accumulate(np.where(inner, -1, np.arange(len(inner))))
        passed[:-1] = np.where(inner, passed[first] + done - done[first], passed[:-1])
        return passed

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
        return _("There is no way to {name} from what comes before it").format(name=self.called(calls[owner[at]]))
