"""Areas: the share of a zone's streets that lie near its routes, brought up to what is wished by driving more of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.patrolling.covering import near_metres, pieces_to_cover
from algorithms.patrolling.problem import PatrolResult
from algorithms.progress import SILENT, Progress
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.planning.patrol_problem import ZoneProblem
from gridplanner.settings import PatrolSettings

ROUNDS = 3  # of choosing more streets and solving again
NONE: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class Covered:
    """How much of a zone's streets lies near its routes: `metres` of `total`, and the edges that the routes drive."""

    metres: float
    total: float
    driven: Ints

    @property
    def share(self) -> float:
        """The share, 1 where there are no streets."""
        return self.metres / self.total if self.total > 0 else 1.0


def covered_by(given: ZoneProblem, result: PatrolResult, reach: float) -> Covered:
    """Return how much of the zone's streets lies within `reach` metres, along the streets, of the routes."""
    area = given.area
    mine = np.flatnonzero(area.zone == given.row)
    driven = np.unique(np.concatenate([NONE, *(np.asarray(route.arcs, np.int64) // 2 for route in result.routes)]))
    return Covered(float(near_metres(area.graph, driven, mine, reach).sum()), float(area.graph.length[mine].sum()), driven)


def more_streets(given: ZoneProblem, result: PatrolResult, settings: PatrolSettings, chosen: Ints, progress: Progress = SILENT) -> Ints:
    """Return edges to be driven beside the required ones, `chosen` before and new ones, so that the wished share would be near.

    They are of the zone and can be driven and come back from. None new where the wish is met or nothing more can be reached.
    """
    area, graph = given.area, given.area.graph
    covered = covered_by(given, result, settings.cover_m)
    wish = settings.cover_share * covered.total
    if covered.metres >= wish - 1e-6:
        return chosen
    mine = np.flatnonzero(area.zone == given.row)
    depot = graph.component[given.crews.crews.depot[0]]
    price = given.problem.price
    open_here = np.ones(graph.edge_count, bool) if price is None else np.isfinite(price)
    good = open_here & (graph.component[graph.u] == depot) & (graph.component[graph.v] == depot)
    good &= np.isfinite(graph.seconds.reshape(-1, 2)).any(axis=1)
    candidates = np.setdiff1d(mine[good[mine]], covered.driven)
    more = pieces_to_cover(graph, covered.driven, mine, candidates, settings.cover_m, wish, progress)
    return np.union1d(chosen, more)


def cover_issue(given: ZoneProblem, result: PatrolResult, settings: PatrolSettings) -> Issue:
    """Return what share of the zone's streets lies near its routes; a warning where that is less than wished."""
    covered = covered_by(given, result, settings.cover_m)
    short = settings.cover_share * covered.total - covered.metres
    values = {
        "zone": given.zone.name, "share": f"{100 * covered.share:.0f}", "m": f"{settings.cover_m:g}",
        "wish": f"{100 * settings.cover_share:.0f}", "km": f"{max(short, 0.0) / 1000:.1f}",
    }  # fmt: skip
    if short <= 1.0:
        text = N_("{zone}: {share} % of the streets lie within {m} m of the routes, as wished")
        return Issue(Level.INFO, "covered", text, values, "zones", given.zone.code)
    text = N_("{zone}: {share} % of the streets lie within {m} m of the routes, {wish} % are wished; {km} km are too far. "
              "Take a longer shift, more crews or more metres")  # fmt: skip
    return Issue(Level.WARNING, "covered", text, values, "zones", given.zone.code)
