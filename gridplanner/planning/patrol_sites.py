"""Key sites of a patrol zone as visits: where a crew stops, how long, and between which times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import nearest_edge, nearest_end
from algorithms.patrolling.problem import NO_SITES, Sites
from algorithms.patrolling.sites import shift_window
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.project import Project
from gridplanner.planning.patrol_area import PatrolArea
from gridplanner.planning.patrol_depots import FAR, ZoneCrews
from gridplanner.planning.patrol_duty import duty_hours, visit_hours
from gridplanner.settings import PatrolSettings

SITE_WORTH = 5.0  # what leaving out one key site of weight 1 costs, in kilometres of street


@dataclass(frozen=True, eq=False)
class ZoneSites:
    """Visits of key sites, one row each: `sites` for the algorithm, `site` (v,) the key site's row, `turn` (v,) which of its visits."""

    sites: Sites
    site: Ints
    turn: Ints
    issues: tuple[Issue, ...] = ()


NO_ZONE_SITES = ZoneSites(NO_SITES, np.zeros(0, np.int64), np.zeros(0, np.int64))


def sites_of_zone(project: Project, settings: PatrolSettings, area: PatrolArea, rows: Ints, crews: ZoneCrews) -> ZoneSites:
    """Return the visits of some key sites by the crews of their zone: from the nearest street that they can come to and back from."""
    given, graph = project.key_sites, area.graph
    if not len(rows):
        return NO_ZONE_SITES
    places = nearest_edge(graph, given.xy[rows], _within_reach(area, int(crews.crews.depot[0])))
    node, _along = nearest_end(graph, places)
    zero = crews.zero
    first, last = (column / 60 + zero for column in shift_window(given.start[rows] * 60, given.stop[rows] * 60, zero * 60))
    weight = np.where(given.weight[rows] > 0, given.weight[rows], 1.0) * SITE_WORTH
    opens, closes, of, turn = visit_hours(duty_hours(settings), first, last, given.visits[rows], settings.min_gap_minutes)
    sites = Sites(node[of], given.dwell[rows][of] * 60, (opens - zero) * 60, (closes - zero) * 60, weight[of])
    text = N_("Key site {name} lies {m} m from the nearest street that can be driven")
    issues = []
    for k in np.flatnonzero(places.distance > FAR).tolist():
        values = {"name": str(given.names[rows[k]]), "m": f"{places.distance[k]:.0f}"}
        x, y = given.xy[rows[k]].tolist()
        issues.append(Issue(Level.INFO, "off_road", text, values, "key_sites", "", x, y))
    return ZoneSites(sites, rows[of], turn, tuple(issues))


def _within_reach(area: PatrolArea, depot: int) -> Bools:
    """Return the edges that a crew can drive and come back from to its depot, (m,)."""
    graph = area.graph
    part = graph.component[depot]
    both = (graph.component[graph.u] == part) & (graph.component[graph.v] == part)
    return np.asarray(both & np.isfinite(graph.seconds.reshape(-1, 2)).any(axis=1))
