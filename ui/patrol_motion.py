"""Where crews are at any time of day: routes as places and the clock minutes at which they are passed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gridplanner.model.lines import Floats
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.patrol_draws import arcs_patrolled
from ui.map.patrol_strokes import arc_coords, routes_shown
from ui.patrol_figures import times_of

STANDS = 0.2  # minutes in one place from which a crew stands


@dataclass(frozen=True, eq=False)
class Way:
    """One route: `row` in the plan, and where (n, 2) the crew is at which clock minute (n,), rising."""

    row: int
    minutes: Floats
    places: Floats

    def at(self, minute: float) -> tuple[float, float] | None:
        """Return where the crew is, None before it begins and after it ended."""
        if not self.minutes[0] <= minute <= self.minutes[-1]:
            return None
        return float(np.interp(minute, self.minutes, self.places[:, 0])), float(np.interp(minute, self.minutes, self.places[:, 1]))

    def stands(self, minute: float) -> bool:
        """True while the crew stays in one place."""
        after = int(np.clip(np.searchsorted(self.minutes, minute, side="right"), 1, len(self.minutes) - 1))
        still = bool((self.places[after] == self.places[after - 1]).all())
        return still and float(self.minutes[after] - self.minutes[after - 1]) >= STANDS


@lru_cache(maxsize=4)
def ways_of(plan: PatrolPlan, choice: str) -> tuple[Way, ...]:
    """Return the ways of the routes that a choice shows."""
    routes = [(row, plan.routes[row]) for row in routes_shown(plan, choice)]
    return tuple(_way(plan, row, route) for row, route in routes if len(route.coords) and route.stops)


def span_of(ways: tuple[Way, ...]) -> tuple[float, float]:
    """Return the clock minutes at which the first crew begins and the last one ends."""
    if not ways:
        return 0.0, 0.0
    return min(float(way.minutes[0]) for way in ways), max(float(way.minutes[-1]) for way in ways)


def _way(plan: PatrolPlan, row: int, route: Route) -> Way:
    begin, end = times_of(route)
    if not len(route.arcs) or not len(plan.streets):
        along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(route.coords, axis=0).T))))
        return Way(row, begin + (end - begin) * along / max(float(along[-1]), 1e-9), route.coords)
    coords, counts = arc_coords(plan, route.arcs)
    streets, edge = plan.streets, route.arcs >> 1
    spent = np.where(arcs_patrolled(route), streets.patrol[edge], streets.seconds[route.arcs]) / 60
    leaves, arrives = route.passed[:-1], np.minimum(route.passed[:-1] + spent, route.passed[1:])
    step = np.hypot(*np.diff(coords, axis=0, prepend=coords[:1]).T)
    first = np.cumsum(counts) - counts
    step[first] = 0.0
    run = np.cumsum(step)
    whole = np.add.reduceat(step, first)
    share = (run - np.repeat(run[first], counts)) / np.repeat(np.maximum(whole, 1e-9), counts)
    minutes = np.repeat(leaves, counts) + share * np.repeat(arrives - leaves, counts)
    minutes = np.concatenate(([min(begin, float(minutes[0]))], minutes, [max(float(route.passed[-1]), float(minutes[-1]))]))
    return Way(row, np.maximum.accumulate(minutes), np.concatenate((coords[:1], coords, coords[-1:])))
