"""Patrol routes changed by hand: streets and sites given to a route or taken from it, its order, its ways and its depot.

Every function returns the edit with the plan as it would be, so that its figures can be shown before it is done. All of them work on the
streets that the plan was made of, also where the roads have changed since; key sites and the settings of the patrol are those of today.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from algorithms.network.road_graph import EdgeState
from gridplanner.edits.patrol_edits import patrol_of, route_at
from gridplanner.edits.refusals import changed_since
from gridplanner.errors import EditRejected
from gridplanner.i18n import N_, _
from gridplanner.model.patrol import Call, PatrolPlan, Route
from gridplanner.model.project import Project
from gridplanner.planning.hand_findings import with_routes
from gridplanner.planning.hand_insertion import inserted
from gridplanner.planning.hand_route import Driven, Driver
from gridplanner.planning.hand_tally import arcs_wanted, calls_with, free_turn, joined, served_by


@dataclass(frozen=True, eq=False)
class RouteEdit:
    """Put a plan changed by hand in the place of the plan `before`; `rows` are the routes that changed, the one meant in front.

    `text` is the msgid of the words, filled from `places`.
    """

    text: str
    before: PatrolPlan
    after: PatrolPlan
    rows: tuple[int, ...]
    places: Mapping[str, object] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The words in the language in use."""
        return _(self.text).format(**self.places)

    def apply(self, project: Project) -> Project:
        """Return the project with the plan; raises EditRejected where its plan is another than the one that was changed."""
        if project.patrol is not self.before:
            raise changed_since(self.words)
        return dataclasses.replace(project, patrol=self.after)


def add_street(project: Project, row: int, edge: int) -> RouteEdit:
    """Give a street piece (a row of the plan's streets) to a route, where it is the least way round.

    A visit that no route makes comes first; else it is taken from the route that makes it. Raises EditRejected where the route makes it
    already, a route is locked, or the street cannot be driven or reached.
    """
    hand = _Hand(project, row)
    streets, route = hand.plan.streets, hand.route
    if not 0 <= edge < len(streets):
        raise EditRejected(_("There is no such street"))
    name = hand.street(edge)
    if hand.driver.ground.graph.state[edge] == EdgeState.CLOSED:
        raise EditRejected(_("{name} may not be driven in either direction").format(name=name))
    wanted = arcs_wanted(hand.plan, edge, route.variant)
    taken: dict[int, Driven] = {}
    if not wanted:
        giver = next((other for other in hand.others() if served_by(hand.plan.routes[other], edge)), -1)
        if giver < 0 and served_by(route, edge):
            raise EditRejected(_("{name} is on route {route} already").format(name=name, route=route.code))
        if giver >= 0:
            wanted = hand.taken_arcs(giver, edge)
            taken[giver] = hand.drive(giver, calls_with(hand.plan.routes[giver].calls, edge, ()))
    either = streets.seconds[2 * edge : 2 * edge + 2]
    options = wanted or [tuple(2 * edge + side for side in (0, 1) if np.isfinite(either[side]))]
    calls, turn = list(route.calls), free_turn(hand.plan, edge, route.variant, tuple(taken))
    for choice in options:
        calls, driven = hand.inserted(calls, Call("street", (choice[0],), -1, turn), either=len(choice) > 1)
    if len(together := joined(streets, calls)) < len(calls):
        driven = hand.drive(row, together)
    return hand.edit(N_("Give {name} to route {route}"), {row: driven, **taken}, name=name, route=route.code)


def remove_street(project: Project, row: int, edge: int) -> RouteEdit:
    """Take a street piece from a route: it is on no route then, which the findings say where it is required."""
    hand = _Hand(project, row)
    if not served_by(hand.route, edge):
        raise EditRejected(_("{name} is not on route {route}").format(name=hand.street(edge), route=hand.route.code))
    driven = hand.drive(row, calls_with(hand.route.calls, edge, ()))
    return hand.edit(N_("Take {name} from route {route}"), {row: driven}, name=hand.street(edge), route=hand.route.code)


def add_site(project: Project, row: int, site: int) -> RouteEdit:
    """Give a visit of a key site to a route, where it is the least way round: one that no route makes, else one of another route.

    Raises EditRejected where the route makes all its visits already, a route is locked, or the site cannot be reached.
    """
    hand = _Hand(project, row)
    sites, route = project.key_sites, hand.route
    if not 0 <= site < len(sites):
        raise EditRejected(_("There is no such key site"))
    name = str(sites.names[site])
    made = {call.turn: other for other in hand.of_variant() for call in hand.plan.routes[other].calls if call.site == site}
    free = [turn for turn in range(max(int(sites.visits[site]), 1)) if turn not in made]
    taken: dict[int, Driven] = {}
    if not free:
        turn, giver = next(((turn, other) for turn, other in made.items() if other != row), (-1, -1))
        if giver < 0:
            raise EditRejected(_("{name} is on route {route} already").format(name=name, route=route.code))
        hand.refuse_locked(giver)
        left = [call for call in hand.plan.routes[giver].calls if (call.site, call.turn) != (site, turn)]
        taken[giver], free = hand.drive(giver, left), [turn]
    _calls, driven = hand.inserted(route.calls, Call("site", (), site, free[0]))
    return hand.edit(N_("Give {name} to route {route}"), {row: driven, **taken}, name=name, route=route.code)


def remove_call(project: Project, row: int, call: int) -> RouteEdit:
    """Take a call from a route; what is required of it is on no route then, which the findings say."""
    hand = _Hand(project, row)
    gone = hand.call(call)
    calls = [*hand.route.calls[:call], *hand.route.calls[call + 1 :]]
    if gone.kind == "via":
        return hand.edit(N_("Let route {route} go its own way"), {row: hand.drive(row, calls)}, route=hand.route.code)
    name = hand.called(gone)
    return hand.edit(N_("Take {name} from route {route}"), {row: hand.drive(row, calls)}, name=name, route=hand.route.code)


def give_call(project: Project, row: int, call: int, to: int) -> RouteEdit:
    """Give a call of a route to another route of its variant, where it is the least way round there."""
    hand, other = _Hand(project, row), _Hand(project, to)
    gone = hand.call(call)
    if to == row or other.route.variant != hand.route.variant:
        raise EditRejected(_("Choose another route of the same variant"))
    if gone.kind in ("via", "rest"):
        raise EditRejected(_("Only streets and key sites go to another route"))
    left = hand.drive(row, [*hand.route.calls[:call], *hand.route.calls[call + 1 :]])
    _calls, driven = other.inserted(other.route.calls, gone, either=gone.kind == "street" and hand.may_turn(gone))
    changed = {to: driven, row: left}
    return hand.edit(N_("Give {name} to route {route}"), changed, name=hand.called(gone), route=other.route.code)


def move_call(project: Project, row: int, call: int, to: int) -> RouteEdit:
    """Do a call earlier or later: it becomes the call `to`, counted among the calls as they are then."""
    hand = _Hand(project, row)
    moved = hand.call(call)
    calls = [*hand.route.calls[:call], *hand.route.calls[call + 1 :]]
    if not 0 <= to <= len(calls) or to == call:
        raise EditRejected(_("{name} cannot go farther in this direction").format(name=hand.called(moved)))
    calls.insert(to, moved)
    text = N_("Do {name} earlier on route {route}") if to < call else N_("Do {name} later on route {route}")
    return hand.edit(text, {row: hand.drive(row, calls)}, name=hand.called(moved), route=hand.route.code)


def reverse_route(project: Project, row: int) -> RouteEdit:
    """Drive a route the other way round: calls in the opposite order, streets the other way where that may be driven."""
    hand = _Hand(project, row)
    if not hand.route.calls:
        raise EditRejected(_("Route {route} has nothing to turn round").format(route=hand.route.code))
    seconds = hand.plan.streets.seconds
    able = [bool(call.arcs) and _may_turn(seconds, call) for call in hand.route.calls]
    apart = [_turns_apart(hand.plan, call) for call in hand.route.calls]
    turned = _mirrored([call if able[row] and apart[row] else Call("via") for row, call in enumerate(hand.route.calls)])
    calls = [
        _reversed(call) if able[row] and (not apart[row] or row in turned) else call
        for row, call in reversed(list(enumerate(hand.route.calls)))
        if call.kind != "rest"
    ]
    for place, call in enumerate(hand.route.calls):
        if call.kind == "rest":  # has its time of day, which does not turn round with the way
            calls.insert(place, call)
    return hand.edit(N_("Turn route {route} round"), {row: hand.drive(row, calls)}, route=hand.route.code)


def turn_call(project: Project, row: int, call: int) -> RouteEdit:
    """Patrol the streets of a call the other way; raises EditRejected where they are one-way or both ways are wanted."""
    hand = _Hand(project, row)
    turned = hand.call(call)
    name = hand.called(turned)
    if not turned.arcs:
        raise EditRejected(_("{name} is no street and has no direction").format(name=name))
    if not hand.may_turn(turned):
        raise EditRejected(_("{name} may be driven in one direction only").format(name=name))
    if turned.kind == "street" and _turns_apart(hand.plan, turned):
        raise EditRejected(_("{name} is patrolled in both directions; each is a call of its own").format(name=name))
    calls = [_reversed(turned) if place == call else other for place, other in enumerate(hand.route.calls)]
    return hand.edit(N_("Drive {name} the other way on route {route}"), {row: hand.drive(row, calls)}, name=name, route=hand.route.code)


def add_via(project: Project, row: int, gaps: Sequence[int], edge: int) -> RouteEdit:
    """Lead a route through a street piece on its way to the call `gap`, for the one of `gaps` where that is the least way round.

    A gap is the row of the call that follows, the number of calls for the way home.
    """
    hand = _Hand(project, row)
    calls, name = hand.route.calls, hand.street(edge)
    arcs = [arc for arc in (2 * edge, 2 * edge + 1) if 0 <= edge < len(hand.plan.streets) and np.isfinite(hand.plan.streets.seconds[arc])]
    if not arcs:
        raise EditRejected(_("{name} may not be driven in either direction").format(name=name))
    tried: list[Driven] = []
    why: EditRejected | None = None
    for gap in sorted({min(max(gap, 0), len(calls)) for gap in gaps}):
        for arc in arcs:
            try:
                tried.append(hand.drive(row, [*calls[:gap], Call("via", (arc,)), *calls[gap:]]))
            except EditRejected as refused:
                why = refused
    if not tried:
        raise why or EditRejected(_("There is no such street"))
    best = min(tried, key=lambda driven: (len(driven.late), driven.route.minutes))
    return hand.edit(N_("Lead route {route} through {name}"), {row: best}, name=name, route=hand.route.code)


def move_depot(project: Project, rows: Sequence[int], node: int) -> RouteEdit:
    """Let routes start and end at another junction."""
    changed: dict[int, Driven] = {}
    hand = _Hand(project, rows[0])
    graph = hand.driver.ground.graph
    if not 0 <= node < graph.node_count:
        raise EditRejected(_("There is no such junction"))
    for row in rows:
        one = _Hand(project, row)
        changed[row] = one.driver.drive(one.route, one.route.calls, node)
    name = hand.driver.name_of(node)
    if len(rows) == 1:
        return hand.edit(N_("Let route {route} start at another place: {name}"), changed, name=name, route=hand.route.code)
    return hand.edit(N_("Let {n} routes start at another place: {name}"), changed, n=len(rows), name=name)


def ready_to_edit(project: Project, row: int) -> None:
    """Make what the first edit of a route by hand would have to wait for: the road graph, and the ways between its calls."""
    try:
        hand = _Hand(project, row, locked=True)
        hand.driver.drive(hand.route, hand.route.calls)
    except EditRejected:
        return


class _Hand:
    """One route of a plan under the hand; raises EditRejected where there is none, it is locked, or the plan does not know its streets."""

    def __init__(self, project: Project, row: int, *, locked: bool = False) -> None:
        self.project, self.row = project, row
        self.plan = patrol_of(project)
        self.route: Route = route_at(self.plan, row)
        if not len(self.plan.streets) or self.route.depot_node < 0:
            raise EditRejected(_("This plan was made by an earlier version; plan the routes again, then change them by hand"))
        if not locked:
            self.refuse_locked(row)
        self.driver = Driver(project, self.plan, self.route.zone, self.route.variant)

    def refuse_locked(self, row: int) -> None:
        route = self.plan.routes[row]
        if route.locked:
            raise EditRejected(_("Route {route} is locked; unlock it first").format(route=route.code))

    def of_variant(self) -> list[int]:
        """Return the rows of all routes of the variant."""
        return [row for row, route in enumerate(self.plan.routes) if route.variant == self.route.variant]

    def others(self) -> list[int]:
        """Return the rows of the other routes of the variant, those of the zone first."""
        rows = [row for row in self.of_variant() if row != self.row]
        return sorted(rows, key=lambda row: self.plan.routes[row].zone != self.route.zone)

    def call(self, call: int) -> Call:
        if not 0 <= call < len(self.route.calls):
            raise EditRejected(_("There is no such stop on route {route}").format(route=self.route.code))
        return self.route.calls[call]

    def street(self, edge: int) -> str:
        return self.driver.street(edge)

    def called(self, call: Call) -> str:
        return self.driver.called(call)

    def may_turn(self, call: Call) -> bool:
        return _may_turn(self.plan.streets.seconds, call)

    def taken_arcs(self, giver: int, edge: int) -> list[tuple[int, ...]]:
        """Return the visits of a street piece that another route gives away: one in either direction, or each where both are wanted."""
        self.refuse_locked(giver)
        arcs = served_by(self.plan.routes[giver], edge)
        if self.plan.streets.both[edge]:
            return [(arc,) for arc in arcs]
        return [tuple(arc for arc in (2 * edge, 2 * edge + 1) if np.isfinite(self.plan.streets.seconds[arc]))] * len(arcs)

    def drive(self, row: int, calls: Sequence[Call]) -> Driven:
        """Return a route of the plan with other calls."""
        route = self.plan.routes[row]
        same = (route.zone, route.variant) == (self.route.zone, self.route.variant)
        driver = self.driver if same else Driver(self.project, self.plan, route.zone, route.variant)
        return driver.drive(route, calls)

    def inserted(self, calls: Sequence[Call], new: Call, *, either: bool = False) -> tuple[list[Call], Driven]:
        """Return calls with one more where it is the least way round, turned where that is less way still, and the route with them."""
        return inserted(self.driver, self.route, calls, [new, _reversed(new)] if either else [new])

    def edit(self, text: str, changed: Mapping[int, Driven], **places: object) -> RouteEdit:
        """Return the edit that puts changed routes in place."""
        return RouteEdit(text, self.plan, with_routes(self.project, self.plan, changed), tuple(changed), places)


def _reversed(call: Call) -> Call:
    return dataclasses.replace(call, arcs=tuple(arc ^ 1 for arc in reversed(call.arcs)))


def _mirrored(calls: Sequence[Call]) -> set[int]:
    """Return the rows of the calls that can all be driven back at once without a street being driven in another direction than before."""
    rows = {row for row, call in enumerate(calls) if call.arcs}
    while True:
        often = Counter(arc for row in rows for arc in calls[row].arcs)
        uneven = {row for row in rows if any(often[arc] != often[arc ^ 1] for arc in calls[row].arcs)}
        if not uneven:
            return rows
        rows -= uneven


def _may_turn(seconds: np.ndarray[tuple[int], np.dtype[np.float64]], call: Call) -> bool:
    return bool(np.all(np.isfinite(seconds[[arc ^ 1 for arc in call.arcs]])))


def _turns_apart(plan: PatrolPlan, call: Call) -> bool:
    """Return whether the directions of a call's streets are wanted each on its own."""
    both = [arc // 2 for arc in call.arcs if plan.streets.both[arc // 2]]
    return call.kind == "street" and any(np.isfinite(plan.streets.seconds[2 * edge : 2 * edge + 2]).all() for edge in both)
