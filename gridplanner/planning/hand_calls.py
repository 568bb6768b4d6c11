"""The calls of a route as they are driven by hand: where each begins and ends, how long it takes, and between which times."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from algorithms.patrolling.problem import StopKind
from algorithms.patrolling.sites import shift_window
from algorithms.patrolling.walk import WalkCall
from gridplanner.errors import EditRejected
from gridplanner.i18n import _
from gridplanner.model.patrol import Call, PatrolPlan, Route
from gridplanner.model.project import Project
from gridplanner.planning.hand_ground import Ground, site_nodes
from gridplanner.planning.patrol_depots import rest_windows
from gridplanner.planning.patrol_duty import duty_hours, visit_hours
from gridplanner.settings import PatrolSettings, clock_minutes

Window = tuple[float, float]  # seconds after midnight
ANY: Window = (-np.inf, np.inf)


class WalkCalls:
    """Turns calls into what is driven, by the plan's streets and the key sites and settings of today."""

    def __init__(self, project: Project, plan: PatrolPlan, ground: Ground, settings: PatrolSettings) -> None:
        self._project, self._plan, self._ground, self._settings = project, plan, ground, settings
        self._hours = duty_hours(settings)
        self._sites: dict[tuple[int, int, int], WalkCall] = {}

    def of(self, route: Route, calls: Sequence[Call], depot: int) -> tuple[list[WalkCall], list[int]]:
        """Return the calls as they are driven by the crew of a route from a depot, and the row of the call that each is part of.

        Raises EditRejected where a key site is no longer there.
        """
        rests = [stop.dwell for stop in route.stops if stop.kind == "rest"]
        found: list[WalkCall] = []
        owner: list[int] = []
        for row, call in enumerate(calls):
            if call.kind == "street":
                found += self._streets(call)
            elif call.kind == "via":
                found.append(WalkCall(StopKind.VIA, call.arcs))
            elif call.kind == "site":
                found.append(self._site(call, depot))
            else:
                found.append(self._rest(route, rests[0] if rests else self._settings.break_minutes))
            owner += [row] * (len(found) - len(owner))
        return found, owner

    def _streets(self, call: Call) -> list[WalkCall]:
        """Return a call along streets whole, or street by street where each has a time of its own."""
        streets, edges = self._plan.streets, [arc // 2 for arc in call.arcs]
        if streets.times[edges].max() <= 1:
            return [WalkCall(StopKind.STREET, call.arcs, seconds=float(streets.patrol[edges].sum()))]
        return [
            WalkCall(StopKind.STREET, (arc,), -1, float(streets.patrol[edge]), *self._window(ANY, int(streets.times[edge]), call.turn))
            for arc, edge in zip(call.arcs, edges, strict=True)
        ]

    def _site(self, call: Call, depot: int) -> WalkCall:
        key = call.site, call.turn, depot
        if key not in self._sites:
            self._sites[key] = self._site_anew(call, depot)
        return self._sites[key]

    def _site_anew(self, call: Call, depot: int) -> WalkCall:
        sites, row = self._project.key_sites, call.site
        if not 0 <= row < len(sites):
            raise EditRejected(_("A key site of this route is no longer there; plan the routes again"))
        zero = float(self._hours.begin[0]) * 60
        opens, closes = shift_window(sites.start[[row]] * 60, sites.stop[[row]] * 60, zero)
        given = zero + float(opens[0]), zero + float(closes[0])
        window = self._window(given, int(sites.visits[row]), call.turn, self._settings.min_gap_minutes)
        node = int(site_nodes(self._project, self._ground, depot)[row])
        return WalkCall(StopKind.SITE, (), node, float(sites.dwell[row]) * 60, *window)

    def _window(self, given: Window, visits: int, turn: int, gap: float = 0.0) -> Window:
        """Return between which times a visit lies, as the routes were planned: all visits are spread over the shifts."""
        if visits < 2:
            return given
        first, last = (np.array([seconds / 60]) for seconds in given)
        opens, closes, _of, _turn = visit_hours(self._hours, first, last, np.array([visits]), gap)
        at = min(max(turn, 0), len(opens) - 1)
        return float(opens[at]) * 60, float(closes[at]) * 60

    def _rest(self, route: Route, minutes: float) -> WalkCall:
        clock = np.array([clock_minutes(route.shift)])
        settings = dataclasses.replace(self._settings, break_minutes=min(minutes, self._settings.shift_minutes * 0.99))
        first, last = rest_windows(settings, 0.0, clock)
        return WalkCall(StopKind.REST, (), -1, minutes * 60, float(first[0]), float(last[0]))
