"""The patrol of one zone as a problem for the algorithm, and what its rows mean."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.patrolling.problem import PatrolProblem, Streets
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone
from gridplanner.planning.patrol_area import PatrolArea
from gridplanner.planning.patrol_depots import ZoneCrews, crews_of_zone
from gridplanner.planning.patrol_sites import ZoneSites, sites_of_zone
from gridplanner.settings import PatrolSettings

LEAST_WEIGHT = 1e-6


@dataclass(frozen=True, eq=False)
class ZoneProblem:
    """The patrol of one zone: `problem` in the algorithm's terms, and what its rows are in the project's.

    `row` is the zone's place in `zone_ids` and `key` its id. `crews` and `sites` tell what the rows of the problem's crews and sites
    are; `turn` (r,) which visit in the shift a row of its streets is. `area` is what all zones share, `issues` were found on the way.
    """

    area: PatrolArea
    row: int
    key: int
    zone: Zone
    problem: PatrolProblem
    crews: ZoneCrews
    sites: ZoneSites
    turn: Ints
    issues: tuple[Issue, ...] = ()


def required_of_zone(area: PatrolArea, row: int) -> tuple[Ints, Ints]:
    """Return the required edges and the key sites of the zone in a row of `zone_ids`."""
    return np.flatnonzero(area.demand.required & (area.zone == row)), np.flatnonzero(area.site_zone == row)


def problem_of_zone(
    project: Project, settings: PatrolSettings, area: PatrolArea, row: int, more: Ints | None = None
) -> ZoneProblem | None:
    """Return the patrol of the zone in a row of `zone_ids`, None where it has neither required streets nor key sites.

    `more` are edges that are driven beside the required ones, at little worth.
    """
    assert project.zones is not None
    key = zone_ids(project.zones)[row]
    edges, site_rows = required_of_zone(area, row)
    if not len(edges) and not len(site_rows):
        return None
    crews = crews_of_zone(project, settings, area, row, edges, site_rows)
    sites = sites_of_zone(project, settings, area, site_rows, crews.zero, crews.span)
    streets, turn = _streets(area, edges)
    problem = PatrolProblem(area.graph, crews.crews, streets, sites.sites, **_wishes(settings))
    return ZoneProblem(area, row, key, project.zones.zones[key], problem, crews, sites, turn, (*crews.issues, *sites.issues))


def _streets(area: PatrolArea, edges: Ints) -> tuple[Streets, Ints]:
    worth: Floats = np.maximum(area.graph.length[edges] / 1000.0 * area.demand.weight[edges], LEAST_WEIGHT)
    return Streets(edges, area.seconds[edges], area.demand.both[edges], worth), np.zeros(len(edges), np.int64)


def _wishes(settings: PatrolSettings) -> dict[str, float]:
    balance = settings.balance if settings.crews_per_zone > 1 else 0.0
    return {"balance": balance, "balance_travel": settings.balance_travel, "compact": settings.compact}
