"""The patrol of one zone as a problem for the algorithm, and what its rows mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.patrolling.problem import PatrolProblem, Streets
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone
from gridplanner.planning.patrol_area import PatrolArea
from gridplanner.planning.patrol_depots import ZoneCrews, crews_of_zone
from gridplanner.planning.patrol_duty import DutyHours, duty_hours, visit_hours
from gridplanner.planning.patrol_sites import ZoneSites, sites_of_zone
from gridplanner.planning.patrol_zone import price_of_zone
from gridplanner.settings import PatrolSettings

LEAST_WEIGHT = 1e-6
EXTRA = 0.01  # worth of a kilometre that is driven only so that more of the zone lies near a route
NONE: Ints = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False)
class ZoneProblem:
    """The patrol of one zone: `problem` in the algorithm's terms, and what its rows are in the project's.

    `row` is the zone's place in `zone_ids` and `key` its id. `crews` and `sites` tell what the rows of the problem's crews and sites
    are. `lost` are required edges and `lost_sites` key sites to which no way leads. `area` is what all zones share, `issues` were found on
    the way.
    """

    area: PatrolArea
    row: int
    key: int
    zone: Zone
    problem: PatrolProblem
    crews: ZoneCrews
    sites: ZoneSites
    lost: Ints
    lost_sites: Ints
    issues: tuple[Issue, ...] = ()


def required_of_zone(area: PatrolArea, row: int) -> tuple[Ints, Ints]:
    """Return the required edges and the key sites of the zone in a row of `zone_ids`."""
    return np.flatnonzero(area.demand.required & (area.zone == row)), np.flatnonzero(area.site_zone == row)


def problem_of_zone(project: Project, settings: PatrolSettings, area: PatrolArea, row: int, more: Ints | None = None) -> ZoneProblem | None:
    """Return the patrol of the zone in a row of `zone_ids`, None where it has neither required streets nor key sites.

    `more` are edges that are driven beside the required ones, at little worth.
    """
    assert project.zones is not None
    key = zone_ids(project.zones)[row]
    edges, site_rows = required_of_zone(area, row)
    if not len(edges) and not len(site_rows):
        return None
    crews = crews_of_zone(project, settings, area, row, edges, site_rows)
    sites = sites_of_zone(project, settings, area, site_rows, crews)
    zone = project.zones.zones[key]
    price = price_of_zone(project, settings, area, row, zone, edges, crews, sites)
    streets = _streets(area, edges, NONE if more is None else more, duty_hours(settings), crews.zero)
    problem = PatrolProblem(area.graph, crews.crews, streets, sites.sites, price.price, **_wishes(settings))
    issues = (*crews.issues, *sites.issues, *price.issues)
    return ZoneProblem(area, row, key, zone, problem, crews, sites, price.lost, price.lost_sites, issues)


def _streets(area: PatrolArea, edges: Ints, more: Ints, hours: DutyHours, zero: float) -> Streets:
    """Return a row for every visit of every required edge, spread over the time in which crews are out, and one for each edge `more`."""
    edges, more = edges.astype(np.int64), np.setdiff1d(more, edges).astype(np.int64)
    times = np.concatenate((area.demand.times[edges], np.ones(len(more), np.int32)))
    every = np.concatenate((edges, more))
    anytime = np.full(len(every), np.inf)
    opens, closes, of, turn = visit_hours(hours, -anytime, anytime, times)
    worth = area.graph.length[every] / 1000.0 * np.concatenate((area.demand.weight[edges], np.full(len(more), EXTRA)))
    both = np.concatenate((area.demand.both[edges], np.zeros(len(more), bool)))
    row = every[of]
    weight = np.maximum(worth[of], LEAST_WEIGHT)
    return Streets(row, area.seconds[row], both[of], weight, (opens - zero) * 60, (closes - zero) * 60, turn)


def _wishes(settings: PatrolSettings) -> dict[str, float]:
    balance = settings.balance if settings.crews_per_zone > 1 else 0.0
    return {"balance": balance, "balance_travel": settings.balance_travel, "compact": settings.compact}
