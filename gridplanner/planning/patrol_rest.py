"""Planning the rest again: locked routes stay as they are, the others are found anew for what these leave over."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from algorithms.patrolling.crews import Crews
from algorithms.patrolling.problem import PatrolProblem, Sites, Streets
from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import PatrolPlan, PatrolStreets, Route
from gridplanner.model.patrol_draws import with_draws
from gridplanner.model.project import Project
from gridplanner.planning.patrol_area import PatrolArea, area_of, streets_of
from gridplanner.planning.patrol_findings import many_issues, name_of, no_route_issue, window_issues
from gridplanner.planning.patrol_problem import ZoneProblem, problem_of_zone
from gridplanner.planning.routes import solve_zone, told
from gridplanner.settings import PatrolSettings


def propose_rest(project: Project, zone: int | None = None, variant: int = 1, progress: Progress = SILENT) -> Replace:
    """Return the edit that plans all routes of a zone (an id; None: of all zones) and variant again but for those that are locked.

    These keep their streets, key sites and crews, bit for bit; other variants, and other zones where one is given, stay too. What is
    planned follows the streets, zones, key sites and settings of today. Raises InputError where there is no plan or no such zone, where a
    locked route is of a zone that is no longer there, and where anything would stay that was planned on other streets than there are now.
    """
    plan, settings = project.patrol, project.settings.patrol or PatrolSettings()
    if plan is None:
        raise InputError(_("There are no patrol routes yet; plan them first"))
    progress.report(0.0, _("Building the road graph"))
    area = area_of(project, settings)
    assert project.zones is not None
    keys = zone_ids(project.zones)
    if zone is not None and zone not in keys:
        raise InputError(_("The zone of this route is no longer there; plan all routes again"))
    mine = [row for row, key in enumerate(keys) if zone is None or key == zone]
    kept = [route for route in plan.routes if route.variant != variant or route.locked or (zone is not None and route.zone != zone)]
    streets = streets_of(project, area)
    _refuse(plan, kept, keys, streets)
    gone = [route for route in plan.routes if not any(route is other for other in kept)]
    routes: list[Route] = []
    found: list[Issue] = []
    for number, row in enumerate(mine):
        progress.check()
        span = Span(progress, 0.1 + 0.9 * number / len(mine), 0.1 + 0.9 * (number + 1) / len(mine))
        span.report(0.0, _("Routes of {zone}").format(zone=project.zones.zones[keys[row]].name))
        fixed = [route for route in kept if route.zone == keys[row] and route.variant == variant]
        made, said = _rest_of_zone(project, settings, area, row, fixed, (plan, variant), span)
        routes += made
        found += said
    whole = zone is None and plan.variants <= 1
    codes = {project.zones.zones[keys[row]].code for row in mine}
    before = [*area.issues, *window_issues(project, settings), *many_issues(project, area)] if whole else []
    issues = [*before, *_kept_issues(plan, variant, codes, {route.code for route in gone}, whole=whole), *found]
    after = dataclasses.replace(
        plan, routes=_in_order(plan, kept, routes), issues=tuple(issues), streets=streets,
        made_from=made_from(project, "patrol") if whole else plan.made_from,
    )  # fmt: skip
    if whole:
        after = with_draws(after, settings.days, project.settings.project.seed)
    words = {"n": len(routes), "kept": sum(route.locked and route.variant == variant for route in kept)}
    text = N_("Plan {n} patrol routes again beside {kept} locked ones") if words["kept"] else N_("Plan {n} patrol routes again")
    return Replace(text, {"patrol": after}, needs(project, "zones", "roads", "patrol"), words)


def propose_beside_locked(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that plans all routes again but for the locked ones; raises InputError where there are, or shall be, variants."""
    plan, settings = project.patrol, project.settings.patrol or PatrolSettings()
    if plan is not None and max(plan.variants, settings.variants) > 1:
        text = _("Some routes are locked, and variants are found all at once; unlock the routes, or plan the rest of one variant again")
        raise InputError(text)
    return propose_rest(project, None, 1, progress)


def _refuse(plan: PatrolPlan, kept: Sequence[Route], keys: Sequence[int], streets: PatrolStreets) -> None:
    """Raise InputError where routes would stay that have lost their zone, or that drive streets that are others now."""
    lost = [route for route in kept if route.zone not in keys]
    if lost:
        text = _("The zone of route {route} is no longer there; unlock the route, then plan all routes again")
        raise InputError(text.format(route=lost[0].code))
    if kept and not same_streets(plan.streets, streets):
        locked = next((route.code for route in kept if route.locked), "")
        if locked:
            text = _("The streets have changed since route {route} was planned, so it cannot stay; unlock it and plan all routes again")
            raise InputError(text.format(route=locked))
        raise InputError(_("The streets have changed since the routes were planned; plan all routes again"))


def same_streets(one: PatrolStreets, other: PatrolStreets) -> bool:
    """Return whether the streets of two plans are the same streets, driven in the same time: then arcs of one are arcs of the other."""
    pairs = [(one.lines.coords, other.lines.coords), (one.lines.offsets, other.lines.offsets)]
    pairs += [(getattr(one, name), getattr(other, name)) for name in ("u", "v", "seconds", "patrol", "banned")]
    return all(a.shape == b.shape and np.array_equal(a, b) for a, b in pairs)


def _rest_of_zone(
    project: Project, settings: PatrolSettings, area: PatrolArea, row: int, fixed: Sequence[Route], of: tuple[PatrolPlan, int],
    progress: Progress,
) -> tuple[list[Route], list[Issue]]:  # fmt: skip
    """Return the routes of a zone's other crews for what the routes that stay leave over, and what is to be said of them."""
    plan, variant = of
    given = problem_of_zone(project, settings, area, row)
    if given is None:
        return [], [no_route_issue(project, row)]
    rest = rest_of(given, fixed)
    if rest is None:
        return [], [*given.issues, *_all_locked(project, given, fixed, plan, variant)]
    solved = solve_zone(
        project, settings, rest.given, progress, again=lambda more: _again(project, settings, given, fixed, more)
    )  # fmt: skip
    found, issues = told(project, settings, solved)
    made = [dataclasses.replace(route, variant=variant) for route in found]
    taken = {route.code for route in fixed}
    named = [_as_crew(route, int(rest.crews[route.crew]), given, plan, taken) for route in made]
    if plan.variants > 1:
        issues = [dataclasses.replace(issue, values={**issue.values, "variant": variant}) for issue in issues]
    return named, issues


def _again(project: Project, settings: PatrolSettings, given: ZoneProblem, fixed: Sequence[Route], more: Ints) -> ZoneProblem:
    """Return what is left of a zone's patrol with more streets, so that more of it lies near the routes."""
    whole = problem_of_zone(project, settings, given.area, given.row, more)
    assert whole is not None
    rest = rest_of(whole, fixed)
    assert rest is not None
    return rest.given


@dataclass(frozen=True, eq=False)
class Rest:
    """What routes that stay leave over of a zone's patrol, and which of its crews each crew is that is left."""

    given: ZoneProblem
    crews: Ints


def rest_of(given: ZoneProblem, fixed: Sequence[Route]) -> Rest | None:
    """Return a zone's patrol without the crews, street visits and site visits of some routes; None where no crew is left.

    A street that is wanted in both directions, of which the routes patrol one, is wanted in both still.
    """
    problem = given.problem
    crew = ~np.isin(np.arange(len(problem.crews)), [route.crew for route in fixed])
    if not crew.any():
        return None
    street, site = _streets_left(problem, fixed), _sites_left(given, fixed)
    crews = Crews(*(getattr(problem.crews, one.name)[crew] for one in fields(Crews)))
    streets = Streets(*(getattr(problem.streets, one.name)[street] for one in fields(Streets)))
    sites = Sites(*(getattr(problem.sites, one.name)[site] for one in fields(Sites)))
    balance = problem.balance if len(crews) > 1 else 0.0
    left = dataclasses.replace(problem, crews=crews, streets=streets, sites=sites, balance=balance)
    told_crews = dataclasses.replace(given.crews, crews=crews, depot=given.crews.depot[crew], shift=given.crews.shift[crew])
    told_sites = dataclasses.replace(given.sites, sites=sites, site=given.sites.site[site], turn=given.sites.turn[site])
    return Rest(dataclasses.replace(given, problem=left, crews=told_crews, sites=told_sites), np.flatnonzero(crew))


def _streets_left(problem: PatrolProblem, fixed: Sequence[Route]) -> Bools:
    """Return which rows of the streets some routes leave over, (r,): they take the visits of their turns, else any of the street."""
    streets, graph = problem.streets, problem.graph
    made = Counter((arc // 2, call.turn) for route in fixed for call in route.calls if call.kind == "street" for arc in set(call.arcs))
    row = {(int(edge), int(turn)): k for k, (edge, turn) in enumerate(zip(streets.edge, streets.turn, strict=True))}
    left = np.ones(len(streets), bool)
    over: Counter[int] = Counter()
    for (edge, turn), times in made.items():
        k = row.get((edge, turn), -1)
        both = k >= 0 and streets.both[k] and np.isfinite(graph.seconds[2 * edge : 2 * edge + 2]).all()
        if both and times < 2:
            continue
        if k >= 0:
            left[k] = False
        over[edge] += times - (k >= 0) * (2 if both else 1)
    for k, edge in enumerate(streets.edge.tolist()):
        if left[k] and over[edge] > 0 and not streets.both[k]:
            left[k] = False
            over[edge] -= 1
    return left


def _sites_left(given: ZoneProblem, fixed: Sequence[Route]) -> Bools:
    made = {(call.site, call.turn) for route in fixed for call in route.calls if call.kind == "site"}
    visits = zip(given.sites.site.tolist(), given.sites.turn.tolist(), strict=True)
    return np.array([visit not in made for visit in visits], bool)


def _as_crew(route: Route, crew: int, given: ZoneProblem, plan: PatrolPlan, taken: set[str]) -> Route:
    """Return a route as that of a crew of the zone, with the code that this crew's route has had, if any."""
    had = next((r.code for r in plan.routes if (r.zone, r.crew, r.variant) == (route.zone, crew, route.variant)), "")
    usual = f"{given.zone.code}-{crew + 1}" + (f"-V{route.variant}" if route.variant > 1 else "")
    code = next((code for code in (had, usual) if code and code not in taken), f"{usual}b")
    taken.add(code)
    return dataclasses.replace(route, crew=crew, code=code)


def _all_locked(project: Project, given: ZoneProblem, fixed: Sequence[Route], plan: PatrolPlan, variant: int) -> list[Issue]:
    """Return that what the locked routes leave over is on no route, as no crew is left for it."""
    area, zone, why = given.area, given.zone, N_("all crews of its zone are locked; unlock one of their routes")
    values: dict[str, object] = {"zone": zone.name, "why": why} | ({"variant": variant} if plan.variants > 1 else {})
    text, found = N_("{zone}: {name} is on no route: {why}"), []
    for k in np.flatnonzero(_streets_left(given.problem, fixed)).tolist():
        edge = int(given.problem.streets.edge[k])
        mine = {"name": name_of(area, edge), "edge": edge, "turn": int(given.problem.streets.turn[k])}
        x, y = area.middle[edge].tolist()
        found.append(Issue(Level.WARNING, "unserved", text, values | mine, "routes", zone.code, x, y))
    for k in np.flatnonzero(_sites_left(given, fixed)).tolist():
        site = int(given.sites.site[k])
        mine = {"name": str(project.key_sites.names[site]), "site": site, "turn": int(given.sites.turn[k])}
        x, y = project.key_sites.xy[site].tolist()
        found.append(Issue(Level.WARNING, "unserved", text, values | mine, "routes", zone.code, x, y))
    return found


def _kept_issues(plan: PatrolPlan, variant: int, zones: set[str], routes: set[str], *, whole: bool) -> list[Issue]:
    """Return the findings that still hold: of other zones, of other variants, and of routes that stay."""
    kept: list[Issue] = []
    for issue in plan.issues:
        of = issue.values.get("variant")
        if issue.ref in routes and issue.layer == "routes":
            continue
        if issue.ref in zones:
            if of is None and issue.kind == "unserved" and plan.variants > 1:
                others = [number for number in range(1, plan.variants + 1) if number != variant]
                kept += [dataclasses.replace(issue, values={**issue.values, "variant": number}) for number in others]
            elif of is not None and of != variant:
                kept.append(issue)
        elif not whole or issue.ref:
            kept.append(issue)
    return kept


def _in_order(plan: PatrolPlan, kept: Sequence[Route], made: Sequence[Route]) -> tuple[Route, ...]:
    """Return the routes in the order of the plan: those made anew in the places of their crews', others behind their variant's."""
    place = {(route.variant, route.zone, route.crew): at for at, route in enumerate(plan.routes)}
    last = len(plan.routes)
    order = sorted([*kept, *made], key=lambda r: (r.variant, place.get((r.variant, r.zone, r.crew), last), r.zone, r.crew))
    return tuple(order)
