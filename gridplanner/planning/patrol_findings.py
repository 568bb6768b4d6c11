"""What a patrol leaves undone and why, as findings with a place on the map and the remedy."""

from __future__ import annotations

from algorithms.patrolling.problem import PatrolResult, Reason, StopKind
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.project import Project
from gridplanner.planning.patrol_problem import ZoneProblem

WHY = {
    Reason.UNREACHABLE: N_("there is no way from the depot to it and back"),
    Reason.TOO_FAR: N_("it takes longer than the shift by itself"),
    Reason.CLOSED: N_("it cannot be reached before it closes"),
    Reason.NO_TIME: N_("the shift has no time left for it"),
}


def unserved_issues(project: Project, given: ZoneProblem, result: PatrolResult) -> list[Issue]:
    """Return a finding for each street and key site that is on no route, with the limit that stands against it.

    `values` hold what a program can match beside the words: `edge`, the row in the plan's streets, or `site`, the row of the key site.
    """
    area, zone = given.area, given.zone
    issues: list[Issue] = []
    for kind, item, reason in zip(result.unserved.kind, result.unserved.item, result.unserved.reason, strict=True):
        values: dict[str, object] = {"zone": zone.name, "why": _(WHY[Reason(int(reason))])}
        if kind == StopKind.STREET:
            edge = int(given.problem.streets.edge[item])
            x, y = area.middle[edge].tolist()
            values |= {"name": str(area.names[edge]) or _("a street without a name"), "edge": edge, "turn": int(given.turn[item])}
        else:
            site = int(given.sites.site[item])
            x, y = project.key_sites.xy[site].tolist()
            values |= {"name": str(project.key_sites.names[site]), "site": site, "turn": int(given.sites.turn[item])}
        issues.append(Issue(Level.WARNING, "unserved", N_("{zone}: {name} is on no route: {why}"), values, "routes", zone.code, x, y))
    if result.cut_short:
        text = N_("{zone}: the search for routes was stopped early; the best so far was kept")
        issues.append(Issue(Level.INFO, "cut_short", text, {"zone": zone.name}, "routes", zone.code))
    return issues
