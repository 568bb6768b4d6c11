"""What a patrol cannot do, said before it is solved, and what a solved one leaves undone and why: with the place, the limit, the remedy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from algorithms.network.road_graph import EdgeState
from algorithms.patrolling.problem import PatrolResult, Reason, StopKind
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Ints
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import Route
from gridplanner.model.project import Project
from gridplanner.planning.patrol_area import PatrolArea, area_of
from gridplanner.planning.patrol_duty import duty_hours
from gridplanner.planning.patrol_problem import ZoneProblem, problem_of_zone
from gridplanner.settings import PatrolSettings

DAY = 1440.0
MANY = 3000  # required streets from which it is worth a word that zones are planned one by one
WHY = {
    Reason.UNREACHABLE: N_("there is no way from the depot to it and back"),
    Reason.TOO_FAR: N_("it takes longer than the shift by itself"),
    Reason.CLOSED: N_("it cannot be reached before it closes"),
    Reason.NO_TIME: N_("the shift has no time left for it"),
    Reason.OUTSIDE: N_("its only ways lead outside the zone; make the zone soft or correct its limits"),
}
WHY_LOST = {
    EdgeState.NO_WAY_BACK: N_("it is a one-way trap: a crew can drive in but not out"),
    EdgeState.NO_WAY_IN: N_("it is a one-way street that a crew can drive out of but not into"),
    EdgeState.APART: N_("it is not connected to the streets of the depot"),
    EdgeState.CLOSED: N_("it may be driven in no direction"),
}


def patrol_feasibility(project: Project) -> tuple[Issue, ...]:
    """Return what can be said of the patrol before it is solved; quick enough to follow every change of the settings.

    Streets and key sites that no crew can come to or back from, windows that are too short or lie outside the shifts, visits that do not
    fit as far apart as wished, and the hours that a zone's crews lack. Raises InputError where there are no zones or no streets.
    """
    settings = project.settings.patrol or PatrolSettings()
    area = area_of(project, settings)
    assert project.zones is not None
    issues = [*area.issues, *window_issues(project, settings), *many_issues(project, area)]
    for row in range(len(zone_ids(project.zones))):
        given = problem_of_zone(project, settings, area, row)
        if given is None:
            issues.append(no_route_issue(project, row))
            continue
        issues += [*given.issues, *_lost_issues(project, given), *capacity_issues(given)]
    return tuple(issues)


def no_route_issue(project: Project, row: int) -> Issue:
    """Return that a zone has nothing to patrol."""
    assert project.zones is not None
    zone = list(project.zones.zones.values())[row]
    text = N_("{zone} has neither required streets nor key sites, so no route")
    return Issue(Level.INFO, "no_route", text, {"zone": zone.name}, "zones", zone.code)


def many_issues(project: Project, area: PatrolArea) -> list[Issue]:
    """Return that there are so many required streets that they are planned zone by zone."""
    assert project.zones is not None
    count = int((area.demand.required & (area.zone >= 0)).sum())
    if count < MANY or len(project.zones) < 2:
        return []
    text = N_("{n} street pieces are required; each of the {k} zones is planned by itself")
    return [Issue(Level.INFO, "by_zone", text, {"n": count, "k": len(project.zones)}, "routes")]


def window_issues(project: Project, settings: PatrolSettings) -> list[Issue]:
    """Return key sites whose hours leave no room for what is wanted there."""
    sites = project.key_sites
    issues: list[Issue] = []
    opens, closes = np.nan_to_num(sites.start, nan=0.0), np.where(np.isnan(sites.stop), DAY, sites.stop)
    room = np.where(closes < opens, closes + DAY, closes) - opens
    bounded = ~(np.isnan(sites.start) & np.isnan(sites.stop))

    def tell(rows: Ints, kind: str, text: str, **more: object) -> None:
        for row in rows.tolist():
            x, y = sites.xy[row].tolist()
            values = {
                "name": str(sites.names[row]), "dwell": f"{sites.dwell[row]:g}", "room": f"{room[row]:g}", "n": int(sites.visits[row]),
                **more,
            }  # fmt: skip
            issues.append(Issue(Level.WARNING, kind, text, values, "key_sites", "", x, y))

    text = N_("Key site {name} is open for {room} min, and a crew stays {dwell} min: it comes within the hours but leaves after them")
    tell(np.flatnonzero(bounded & (room < sites.dwell)), "short_window", text)
    text = N_("Key site {name} takes {dwell} min, longer than a shift of {shift} min")
    longest = settings.shift_minutes + settings.max_overtime_min
    tell(np.flatnonzero(sites.dwell > longest), "long_dwell", text, shift=f"{longest:g}")
    room = np.minimum(room, duty_hours(settings).minutes)
    text = N_("Key site {name} is to be visited {n} times {gap} min apart within {room} min; the visits come closer together")
    apart = np.flatnonzero((sites.visits > 1) & ((sites.visits - 1) * settings.min_gap_minutes > room))
    tell(apart, "gap", text, gap=f"{settings.min_gap_minutes:g}")
    return issues


def capacity_issues(given: ZoneProblem, lacking_hours: float = 0.0) -> list[Issue]:
    """Return that the crews of a zone have not the hours for what is to be done, by how much at the least, and what would help.

    Counted without any driving in between, or `lacking_hours` as a search found.
    """
    streets, sites, crews = given.problem.streets, given.problem.sites, given.crews.crews
    ways = np.isfinite(given.area.graph.seconds.reshape(-1, 2)).sum(axis=1)[streets.edge]
    kept = ~np.isin(streets.edge, given.lost)
    need = float((streets.seconds * np.where(streets.both, ways, 1))[kept].sum() + sites.dwell.sum()) / 3600.0
    have = float((crews.longest - crews.rest).sum()) / 3600.0
    lack = max(need - have, lacking_hours)
    if lack <= 0.01:
        return []
    text = N_(
        "{zone}: streets and key sites take {need} h without driving in between, its crews have {have} h: {lack} h are missing at the "
        "least. Take more crews, a longer shift or fewer streets"
    )
    values = {"zone": given.zone.name, "need": f"{need:.1f}", "have": f"{have:.1f}", "lack": f"{lack:.1f}"}
    return [Issue(Level.WARNING, "short_of_time", text, values, "zones", given.zone.code)]


def _lost_issues(project: Project, given: ZoneProblem) -> list[Issue]:
    """Return streets that no way leads to and back from, those of one reason together, and key sites one by one."""
    area, zone = given.area, given.zone
    issues: list[Issue] = []
    for state, why in WHY_LOST.items():
        mine = given.lost[area.graph.state[given.lost] == state]
        if len(mine):
            longest = int(mine[np.argmax(area.graph.length[mine])])
            x, y = area.middle[longest].tolist()
            text = N_("{zone}: {n} required street pieces, {km} km, cannot be patrolled, such as {name}: {why}")
            values = {
                "zone": zone.name, "n": len(mine), "km": f"{area.graph.length[mine].sum() / 1000:.2f}", "name": name_of(area, longest),
                "why": why,
            }  # fmt: skip
            issues.append(Issue(Level.WARNING, "unreachable", text, values, "roads", zone.code, x, y))
    for site in given.lost_sites.tolist():
        x, y = project.key_sites.xy[site].tolist()
        values = {"zone": zone.name, "name": str(project.key_sites.names[site]), "why": WHY[Reason.UNREACHABLE]}
        issues.append(Issue(Level.WARNING, "unreachable", N_("{zone}: {name} is on no route: {why}"), values, "key_sites", zone.code, x, y))
    return issues


def unserved_issues(project: Project, given: ZoneProblem, result: PatrolResult, variant: int = 0) -> list[Issue]:
    """Return a finding for each street and key site that is on no route, with the limit that stands against it.

    `values` hold what a program can match beside the words: `edge`, the row in the plan's streets, or `site`, the row of the key site;
    which `turn` of its visits it is; and the `variant` where it is of one alone (0: of all).
    """
    area, zone = given.area, given.zone
    issues: list[Issue] = []
    for kind, item, reason in zip(result.unserved.kind, result.unserved.item, result.unserved.reason, strict=True):
        why = WHY[Reason(int(reason))]
        values: dict[str, object] = {"zone": zone.name} | ({"variant": variant} if variant else {})
        if kind == StopKind.STREET:
            edge = int(given.problem.streets.edge[item])
            if not area.demand.times[edge]:
                continue  # driven only to come near more of the zone
            if reason == Reason.UNREACHABLE:
                why = WHY_LOST.get(EdgeState(int(area.graph.state[edge])), why)
            x, y = area.middle[edge].tolist()
            values |= {"name": name_of(area, edge), "why": why, "edge": edge, "turn": int(given.problem.streets.turn[item])}
        else:
            site = int(given.sites.site[item])
            x, y = project.key_sites.xy[site].tolist()
            values |= {"name": str(project.key_sites.names[site]), "why": why, "site": site, "turn": int(given.sites.turn[item])}
        issues.append(Issue(Level.WARNING, "unserved", N_("{zone}: {name} is on no route: {why}"), values, "routes", zone.code, x, y))
    return issues


def search_issues(given: ZoneProblem, result: PatrolResult) -> list[Issue]:
    """Return what is to be said of a search: hours that lack, breaks without room, crews that are not even, a search that was stopped."""
    zone = given.zone
    issues = []
    if np.any(result.unserved.reason == Reason.NO_TIME):
        issues += capacity_issues(given, result.shortage_hours)
    for crew in result.no_rest:
        text = N_("{zone}: the break of crew {crew} has no room between what it does; move the hours of the break or take another crew")
        issues.append(Issue(Level.WARNING, "no_break", text, {"zone": zone.name, "crew": crew + 1}, "routes", zone.code))
    wish = given.problem.balance
    if wish > 0 and result.balance > wish + 0.005:
        text = N_("{zone}: the longest route takes {ratio} times the mean; none more even were found for at most {share} % more driving")
        values = {"zone": zone.name, "ratio": f"{result.balance:.2f}", "share": f"{100 * given.problem.balance_travel:.0f}"}
        issues.append(Issue(Level.INFO, "balance", text, values, "routes", zone.code))
    if result.cut_short:
        text = N_("{zone}: the search for routes was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {"zone": zone.name}, "routes", zone.code))
    return issues


def wait_issues(settings: PatrolSettings, given: ZoneProblem, routes: Sequence[Route]) -> list[Issue]:
    """Return that required streets wait longer for a crew than wished, how many, and which the longest.

    What counts is from the begin of the first shift to the first visit, from visit to visit, and from the last to the end of the shifts,
    without the time between shifts in which no crew is out.
    """
    if settings.revisit_minutes <= 0:
        return []
    area, zone, hours = given.area, given.zone, duty_hours(settings)
    edges, times = [np.zeros(0, np.int64)], [np.zeros(0)]
    for route in routes:
        patrolled = np.array([call.kind == "street" for call in route.calls] + [False])[route.call_of_arc]
        edges.append(route.arcs[patrolled] // 2)
        times.append(hours.before(route.passed[:-1][patrolled]))
    mine = np.setdiff1d(np.unique(given.problem.streets.edge), given.lost)
    edge = np.concatenate((*edges, mine, mine))
    at = np.concatenate((*times, np.zeros(len(mine)), np.full(len(mine), hours.minutes)))
    order = np.lexsort((at, edge))
    gap = np.where(np.diff(edge[order]) == 0, np.diff(at[order]), 0.0)
    gap[~area.demand.required[edge[order][1:]]] = 0.0
    late = gap > settings.revisit_minutes + 0.5
    if not late.any():
        return []
    worst = int(np.argmax(gap))
    where = int(edge[order][worst])
    x, y = area.middle[where].tolist()
    text = N_("{zone}: {n} required street pieces wait longer than {wish} min for a crew, {name} the longest with {minutes} min")
    values = {
        "zone": zone.name, "n": len(np.unique(edge[order][1:][late])), "wish": f"{settings.revisit_minutes:g}",
        "name": name_of(area, where), "minutes": f"{gap[worst]:.0f}",
    }  # fmt: skip
    return [Issue(Level.WARNING, "revisit", text, values, "routes", zone.code, x, y)]


def name_of(area: PatrolArea, edge: int) -> str:
    """Return what a street is called."""
    return str(area.names[edge]) or _("a street without a name")
