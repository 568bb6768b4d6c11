"""Patrol routes of all zones: for each zone the rounds of its crews over required streets and key sites, and what is left undone.

What another computation needs to solve a zone again is public in its neighbours: `area_of` (the streets, kept), `problem_of_zone` (a
zone as a problem), `solve_zone` here, and `route_of` (a route as the plan tells it).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from algorithms.patrolling.problem import PatrolParams, PatrolProblem, PatrolResult
from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Replace, needs
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import PatrolPlan, Route
from gridplanner.model.patrol_draws import with_draws
from gridplanner.model.project import Project
from gridplanner.planning.patrol_area import PatrolArea, area_of, streets_of
from gridplanner.planning.patrol_covering import ROUNDS, cover_issue, more_streets
from gridplanner.planning.patrol_findings import many_issues, no_route_issue, search_issues, unserved_issues, wait_issues, window_issues
from gridplanner.planning.patrol_parts import solve_in_parts
from gridplanner.planning.patrol_problem import NONE, ZoneProblem, problem_of_zone
from gridplanner.planning.patrol_route import route_of, without_idle_rests
from gridplanner.planning.patrol_variants import zone_variants
from gridplanner.planning.shared_out import answer, handed_out
from gridplanner.settings import PatrolSettings


@dataclass(frozen=True, eq=False)
class ZoneRoutes:
    """A zone that was solved: its problem, with the streets added so that more of the zone is covered, the result, in how many parts."""

    given: ZoneProblem
    result: PatrolResult
    parts: int = 1


def propose_routes(project: Project, progress: Progress = SILENT, workers: Executor | None = None) -> Replace:
    """Return the edit that puts a patrol plan in place: for each zone the routes of its crews.

    Zones are solved one by one; `workers` take some of them and do not change the plan. A search that is asked to finish keeps the zones
    that are done and plans the others quickly. Routes that are locked stay as they are. Raises InputError where there are no zones or no
    streets, and where locked routes cannot stay. What cannot be served is an issue that says which limit stands against it.
    """
    settings = project.settings.patrol or PatrolSettings()
    if project.patrol is not None and any(route.locked for route in project.patrol.routes):
        from gridplanner.planning.patrol_rest import propose_beside_locked  # it solves zones with what is here

        return propose_beside_locked(project, progress)
    progress.report(0.0, _("Building the road graph"))
    area = area_of(project, settings)
    assert project.zones is not None
    issues = [*area.issues, *window_issues(project, settings), *many_issues(project, area)]
    routes: list[Route] = []
    zones = _solved(project, settings, area, Span(progress, 0.1, 0.5 if settings.variants > 1 else 1.0), workers)
    for row, solved in enumerate(zones):
        if solved is None:
            issues.append(no_route_issue(project, row))
            continue
        made, found = told(project, settings, solved)
        routes += made
        issues += found
    given = [(solved.given, solved.result) for solved in zones if solved is not None]
    made, found = zone_variants(project, settings, given, Span(progress, 0.5, 1.0), workers)
    routes += made
    issues += found
    seed = project.settings.project.seed
    plan = PatrolPlan(tuple(routes), tuple(issues), made_from(project, "patrol"), streets_of(project, area), (), seed)
    plan = with_draws(plan, settings.days, seed)
    return Replace(N_("Plan {n} patrol routes"), {"patrol": plan}, needs(project, "zones", "roads"), {"n": len(plan.first)})


def params_of(project: Project) -> PatrolParams:
    """Return how hard the routes of a zone are searched for."""
    return PatrolParams(seed=project.settings.project.seed)


def solve_zone(
    project: Project,
    settings: PatrolSettings,
    given: ZoneProblem,
    progress: Progress = SILENT,
    first: tuple[PatrolResult, int] | None = None,
    again: Callable[[Ints], ZoneProblem | None] | None = None,
) -> ZoneRoutes:
    """Return a zone solved: again, with more streets, as long as less of it lies near the routes than wished and more can be reached.

    `first` is the result of the zone as it is and its number of parts, where that is known already; `again` returns the problem with
    more streets where it is not the zone's own (`problem_of_zone`).
    """
    rounds = ROUNDS if settings.cover_share > 0 else 0
    share = 1.0 / (1 + rounds)
    result, parts = first if first is not None else _search(given.problem, params_of(project), Span(progress, 0.0, share))
    done, chosen = ZoneRoutes(given, result, parts), NONE
    for step in range(rounds):
        if progress.should_finish():
            break
        more = more_streets(done.given, done.result, settings, chosen, progress)
        if len(more) == len(chosen):
            break
        wider = again(more) if again is not None else problem_of_zone(project, settings, given.area, given.row, more)
        assert wider is not None
        result, parts = _search(wider.problem, params_of(project), Span(progress, share * (step + 1), share * (step + 2)))
        done, chosen = ZoneRoutes(wider, result, parts), more
    return done


def told(project: Project, settings: PatrolSettings, solved: ZoneRoutes) -> tuple[list[Route], list[Issue]]:
    """Return the routes of a solved zone as the plan tells them, and what is to be said of it."""
    given, result = solved.given, solved.result
    issues = [*given.issues, *unserved_issues(project, given, result), *search_issues(given, result)]
    if solved.parts > 1:
        text = N_("{zone} has {n} required street pieces and key sites, too many at once; its crews were planned in {parts} parts")
        values = {"zone": given.zone.name, "n": len(given.problem.streets) + len(given.problem.sites), "parts": solved.parts}
        issues.append(Issue(Level.INFO, "parts", text, values, "zones", given.zone.code))
    if settings.cover_share > 0:
        issues.append(cover_issue(given, result, settings))
    routes = [route_of(project, given, route) for route in result.routes]
    return routes, [*issues, *wait_issues(settings, given, routes)]


def _solved(
    project: Project, settings: PatrolSettings, area: PatrolArea, progress: Progress, workers: Executor | None
) -> list[ZoneRoutes | None]:  # fmt: skip
    """Return every zone solved, in the order of `zone_ids`, None for those with nothing to patrol."""
    assert project.zones is not None
    keys = zone_ids(project.zones)
    problems = [problem_of_zone(project, settings, area, row) for row in range(len(keys))]
    size = [0 if one is None else len(one.problem.streets) + len(one.problem.sites) + 1 for one in problems]
    params = params_of(project)
    given_rows = [row for row, given in enumerate(problems) if given is not None]
    asked = handed_out(given_rows, workers, lambda executor, row: executor.submit(_search, _problem(problems[row]), params))
    whole, done = max(sum(size), 1), 0
    found: list[ZoneRoutes | None] = [None] * len(keys)
    for row in sorted(range(len(keys)), key=lambda row: row in asked):  # what others solve is looked at last
        given = problems[row]
        if given is None:
            continue
        progress.check()
        span = Span(progress, done / whole, (done + size[row]) / whole)
        span.report(0.0, _("Routes of {zone}").format(zone=given.zone.name))
        found[row] = solve_zone(project, settings, given, span, answer(asked.get(row), progress))
        done += size[row]
    return found


def _problem(given: ZoneProblem | None) -> PatrolProblem:
    assert given is not None
    return given.problem


def _search(problem: PatrolProblem, params: PatrolParams, progress: Progress = SILENT) -> tuple[PatrolResult, int]:
    """Return a zone's result, and in how many parts it was solved; quickly where the search is to finish before it began."""
    if progress.should_finish():
        params = replace(params, iterations=1, starts=1, rounds=1)
    result, parts = solve_in_parts(problem, params, progress)
    return without_idle_rests(problem, result), parts
