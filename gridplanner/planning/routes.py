"""Patrol routes of all zones: for each zone the rounds of its crews over required streets and key sites, and what is left undone."""

from __future__ import annotations

from algorithms.patrolling.problem import PatrolParams
from algorithms.patrolling.routes import solve_patrol
from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Replace, needs
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.project import Project
from gridplanner.planning.patrol_area import PatrolArea, area_of, streets_of
from gridplanner.planning.patrol_findings import unserved_issues
from gridplanner.planning.patrol_problem import problem_of_zone
from gridplanner.planning.patrol_route import route_of
from gridplanner.settings import PatrolSettings


def propose_routes(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that puts a patrol plan in place: for each zone the routes of its crews.

    Raises InputError where there are no zones or no streets. What cannot be served is an issue that says which limit stands against it.
    """
    settings = project.settings.patrol or PatrolSettings()
    progress.report(0.0, _("Building the road graph"))
    area = area_of(project, settings)
    zones = project.zones
    assert zones is not None
    routes: list[Route] = []
    issues: list[Issue] = list(area.issues)
    if settings.variants > 1:
        issues.append(Issue(Level.INFO, "not_built", N_("Variants of patrol routes are not built yet; one plan was made"), {}, "routes"))
    keys = zone_ids(zones)
    for row, key in enumerate(keys):
        progress.check()
        span = Span(progress, 0.15 + 0.85 * row / len(keys), 0.15 + 0.85 * (row + 1) / len(keys))
        span.report(0.0, _("Routes of {zone}").format(zone=zones.zones[key].name))
        made, found = _zone_routes(project, settings, area, row, span)
        routes += made
        issues += found
    seed = project.settings.project.seed
    plan = PatrolPlan(tuple(routes), tuple(issues), made_from(project, "patrol"), streets_of(project, area), (), seed)
    return Replace(N_("Plan {n} patrol routes"), {"patrol": plan}, needs(project, "zones", "roads"), {"n": len(routes)})


def _zone_routes(
    project: Project, settings: PatrolSettings, area: PatrolArea, row: int, progress: Progress
) -> tuple[list[Route], list[Issue]]:
    """Return the routes of one zone's crews, and what could not be served."""
    given = problem_of_zone(project, settings, area, row)
    if given is None:
        assert project.zones is not None
        zone = list(project.zones.zones.values())[row]
        text = N_("{zone} has neither required streets nor key sites, so no route")
        return [], [Issue(Level.INFO, "no_route", text, {"zone": zone.name}, "zones", zone.code)]
    result = solve_patrol(given.problem, PatrolParams(seed=project.settings.project.seed), progress)
    told = len({route.crew for route in result.routes}) == len(result.routes)
    routes = [route_of(project, given, route, crew=None if told else number) for number, route in enumerate(result.routes)]
    return routes, [*given.issues, *unserved_issues(project, given, result)]
