"""One crew's route a zone: required streets and key sites, within the shift, from the depot and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import core_nodes, nearest_node
from algorithms.network.road_graph import RoadGraph
from algorithms.patrolling.crews import like_crews
from algorithms.patrolling.problem import NO_SITES, PatrolParams, PatrolProblem, PatrolResult, PatrolRoute, Reason, Sites, StopKind, Streets
from algorithms.patrolling.routes import route_line, solve_patrol
from algorithms.patrolling.sites import repeated_visits, shift_window, site_access
from algorithms.progress import SILENT, Progress, Span
from gridplanner.edits.edit import Replace, needs
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.freshness import made_from
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import PatrolPlan, Route, Stop
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone
from gridplanner.planning.road_network import edge_middles, patrol_seconds, road_graph_of, zone_of_places
from gridplanner.settings import PatrolSettings, clock_minutes

FAR = 100.0  # metres beside the road from which a key site is worth a word
SITE_WORTH = 5.0  # what leaving out one key site of weight 1 costs, in kilometres of street


@dataclass(frozen=True, eq=False)
class _Area:
    """The road graph with what every zone needs of it."""

    graph: RoadGraph
    names: list[str]
    required: Ints
    edge_zone: Ints
    site_zone: Ints
    middle: Floats
    seconds: Floats


def propose_routes(project: Project, progress: Progress = SILENT) -> Replace:
    """Return the edit that puts a patrol plan in place: for each zone the routes of its crews.

    Raises InputError where there are no zones or no streets. What cannot be served is an issue that says which limit stands against it.
    """
    zones, settings = project.zones, project.settings.patrol or PatrolSettings()
    if zones is None:
        raise InputError(_("There are no patrol zones yet; make the zones first"))
    if not len(project.roads):
        raise InputError(_("There are no streets to patrol; add a road layer"))
    progress.report(0.0, _("Building the road graph"))
    area, issues = _area(project, settings, Span(progress, 0.0, 0.15))
    routes: list[Route] = []
    keys = zone_ids(zones)
    for row, key in enumerate(keys):
        progress.check()
        span = Span(progress, 0.15 + 0.85 * row / len(keys), 0.15 + 0.85 * (row + 1) / len(keys))
        span.report(0.0, _("Routes of {zone}").format(zone=zones.zones[key].name))
        made, found = _zone_routes(project, settings, area, row, key, span)
        routes += made
        issues += found
    plan = PatrolPlan(tuple(routes), tuple(issues), made_from(project, "patrol"))
    text = N_("Plan {n} patrol routes")
    return Replace(text, {"patrol": plan}, needs(project, "zones", "roads"), {"n": len(routes)})


def _area(project: Project, settings: PatrolSettings, progress: Progress) -> tuple[_Area, list[Issue]]:
    graph, rows = road_graph_of(project, settings.mode, progress)
    required = np.isin(project.roads.highway[rows[graph.line]], settings.required_classes) | (not project.roads.classed)
    middle = edge_middles(graph)
    edge_zone = zone_of_places(project, middle)
    names = [str(name) for name in project.roads.names[rows[graph.line]]]
    issues: list[Issue] = []
    outside = required & (edge_zone < 0)
    if outside.any():
        text = N_("{km} km of required streets lie outside every patrol zone and are not planned")
        issues.append(Issue(Level.INFO, "outside_zones", text, {"km": f"{graph.length[outside].sum() / 1000:.1f}"}, "roads"))
    if not project.roads.classed:
        issues.append(Issue(Level.INFO, "no_classes", N_("The road layer has no classes, so every street is to be patrolled"), {}, "roads"))
    if not required.any():
        text = N_("No street is of the required classes {classes}")
        issues.append(Issue(Level.WARNING, "nothing_required", text, {"classes": ", ".join(settings.required_classes)}, "roads"))
    if settings.variants > 1:
        issues.append(Issue(Level.INFO, "not_built", N_("Variants of patrol routes are not built yet; one plan was made"), {}, "routes"))
    site_zone = zone_of_places(project, project.key_sites.xy)
    seconds = patrol_seconds(graph, settings.mode)
    return _Area(graph, names, np.flatnonzero(required), edge_zone, site_zone, middle, seconds), issues


def _zone_routes(
    project: Project, settings: PatrolSettings, area: _Area, row: int, key: int, progress: Progress
) -> tuple[list[Route], list[Issue]]:
    """Return the routes of one zone's crews, and what could not be served."""
    assert project.zones is not None
    graph, zone = area.graph, project.zones.zones[key]
    edges = area.required[area.edge_zone[area.required] == row]
    site_rows = np.flatnonzero(area.site_zone == row)
    if not len(edges) and not len(site_rows):
        text = N_("{zone} has neither required streets nor key sites, so no route")
        return [], [Issue(Level.INFO, "no_route", text, {"zone": zone.name}, "zones", zone.code)]
    depot, name, issues = _depot(project, area, zone, edges, site_rows)
    streets = Streets(edges, area.seconds[edges], np.full(len(edges), settings.both_sides), np.maximum(graph.length[edges] / 1000, 1e-6))
    sites, site_of, far = _sites(project, settings, graph, site_rows)
    crews = like_crews(settings.crews_per_zone, depot, settings.shift_minutes * 60, settings.max_overtime_min * 60)
    problem = PatrolProblem(graph, crews, streets, sites)
    result = solve_patrol(problem, PatrolParams(seed=project.settings.project.seed), progress)
    routes = [_route(project, settings, area, problem, route, (key, number), name, site_of) for number, route in enumerate(result.routes)]
    return routes, [*issues, *far, *_unserved(project, area, problem, result, zone, site_of)]


def _depot(project: Project, area: _Area, zone: Zone, edges: Ints, site_rows: Ints) -> tuple[int, str, list[Issue]]:
    """Return the node where the zone's routes start: its depot's, else the junction nearest its weighted centre, with a warning."""
    core = core_nodes(area.graph)
    if zone.depot >= 0:
        node, _away = nearest_node(area.graph, project.depots.xy[[zone.depot]], core)
        return int(node[0]), str(project.depots.names[zone.depot]), []
    places = np.concatenate((area.middle[edges], project.key_sites.xy[site_rows]))
    weight = np.concatenate((area.graph.length[edges], np.full(len(site_rows), 100.0)))
    centre = np.average(places, axis=0, weights=weight)
    ends = np.concatenate((area.graph.u, area.graph.v))
    junction = core & (np.bincount(ends, minlength=area.graph.node_count) >= 3)
    node, _away = nearest_node(area.graph, centre[None], junction if junction.any() else core)
    x, y = area.graph.node_xy[int(node[0])].tolist()
    text = N_("{zone} has no depot; its routes start at the junction nearest its centre")
    return int(node[0]), _("Junction"), [Issue(Level.WARNING, "no_depot", text, {"zone": zone.name}, "zones", zone.code, x, y)]


def _sites(project: Project, settings: PatrolSettings, graph: RoadGraph, rows: Ints) -> tuple[Sites, Ints, list[Issue]]:
    """Return a problem row for every visit of every key site, the key site of each, and those that lie far from any street."""
    given = project.key_sites
    if not len(rows):
        return NO_SITES, np.zeros(0, np.int64), []
    access = site_access(graph, given.xy[rows])
    opens, closes = shift_window(given.start[rows] * 60, given.stop[rows] * 60, clock_minutes(settings.starts[0]) * 60)
    weight = np.where(given.weight[rows] > 0, given.weight[rows], 1.0) * SITE_WORTH
    sites, of = repeated_visits(
        Sites(access.node, given.dwell[rows] * 60, opens, closes, weight), given.visits[rows], settings.shift_minutes * 60
    )
    text = N_("Key site {name} lies {m} m from the nearest street that can be driven")
    issues = [
        Issue(
            Level.INFO,
            "off_road",
            text,
            {"name": given.names[rows[k]], "m": f"{access.off_road[k]:.0f}"},
            "key_sites",
            "",
            *given.xy[rows[k]].tolist(),
        )
        for k in np.flatnonzero(access.off_road > FAR).tolist()
    ]
    return sites, rows[of], issues


def _route(
    project: Project,
    settings: PatrolSettings,
    area: _Area,
    problem: PatrolProblem,
    route: PatrolRoute,
    place: tuple[int, int],
    depot: str,
    site_of: Ints,
) -> Route:
    key, number = place
    assert project.zones is not None
    shift = settings.starts[number % len(settings.starts)]
    start = clock_minutes(shift)
    coords = route_line(problem, route)
    x, y = area.graph.node_xy[problem.depot].tolist()
    stops = [Stop("depot", depot, x, y, start, 0.0)]
    for k in range(len(route.kind)):
        item = int(route.item[k])
        arrive, stay = start + float(route.begin[k]) / 60, float(route.leave[k] - route.begin[k]) / 60
        if route.kind[k] == StopKind.STREET:
            edge = int(problem.streets.edge[item])
            name = area.names[edge]
            last = stops[-1]
            if last.kind == "street" and last.name == name and name:
                stops[-1] = Stop("street", name, last.x, last.y, last.arrive, arrive + stay - last.arrive)
                continue
            px, py = area.middle[edge].tolist()
            stops.append(Stop("street", name, px, py, arrive, stay))
        else:
            site = int(site_of[item])
            px, py = project.key_sites.xy[site].tolist()
            stops.append(Stop("site", str(project.key_sites.names[site]), px, py, arrive, stay))
    stops.append(Stop("depot", depot, x, y, start + route.seconds / 60, 0.0))
    code = f"{project.zones.zones[key].code}-{number + 1}"
    sites = int(np.sum(route.kind == StopKind.SITE))
    return Route(code, key, depot, 1, shift, coords, route.seconds / 60, route.required_m, route.dead_m, sites, tuple(stops))


_WHY = {
    Reason.UNREACHABLE: N_("there is no way from the depot to it and back"),
    Reason.TOO_FAR: N_("it takes longer than the shift by itself"),
    Reason.CLOSED: N_("it cannot be reached before it closes"),
    Reason.NO_TIME: N_("the shift has no time left for it"),
}


def _unserved(project: Project, area: _Area, problem: PatrolProblem, result: PatrolResult, zone: Zone, site_of: Ints) -> list[Issue]:
    issues = []
    for kind, item, reason in zip(result.unserved.kind, result.unserved.item, result.unserved.reason, strict=True):
        if kind == StopKind.STREET:
            edge = int(problem.streets.edge[item])
            (x, y), name = area.middle[edge].tolist(), area.names[edge] or _("a street without a name")
        else:
            site = int(site_of[item])
            (x, y), name = project.key_sites.xy[site].tolist(), str(project.key_sites.names[site])
        text = N_("{zone}: {name} is on no route: {why}")
        values = {"zone": zone.name, "name": name, "why": _(_WHY[Reason(int(reason))])}
        issues.append(Issue(Level.WARNING, "unserved", text, values, "routes", zone.code, x, y))
    if result.cut_short:
        text = N_("{zone}: the search for routes was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {"zone": zone.name}, "routes", zone.code))
    return issues
