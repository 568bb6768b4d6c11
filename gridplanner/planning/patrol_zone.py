"""How a patrol keeps to its zone: what a second costs on every street, and where routes must leave the zone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.patrolling.confinement import confine
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone
from gridplanner.planning.patrol_area import PatrolArea
from gridplanner.planning.patrol_depots import ZoneCrews
from gridplanner.planning.patrol_sites import ZoneSites
from gridplanner.settings import PatrolSettings

SOFT = 2.0  # a second outside a soft zone costs as much as two inside: it is left where that saves twice the time
LEG = 4.0  # a second on a leg that a hard zone cannot do without: nothing else is to be driven over it


@dataclass(frozen=True, eq=False)
class ZonePrice:
    """What a second on each edge costs, (m,), inf where crews of the zone may not drive; `issues` name the legs outside the zone.

    `lost` are required edges and `lost_sites` rows of key sites to which no way leads from the depot and back, wherever it goes.
    """

    price: Floats
    lost: Ints
    lost_sites: Ints
    issues: tuple[Issue, ...] = ()


def price_of_zone(
    project: Project, settings: PatrolSettings, area: PatrolArea, row: int, zone: Zone, edges: Ints, crews: ZoneCrews, sites: ZoneSites
) -> ZonePrice:
    """Return the prices for the crews of a zone.

    Soft: SOFT outside. Hard: outside only the fastest ways between depot and zone, and where a required street or key site has no way
    inside the zone the legs to it that have the fewest metres outside, each of which is an issue.
    """
    inside, soft = area.inside[row], settings.zone == "soft"
    site_nodes, first = np.unique(sites.sites.node, return_index=True)
    ground = np.ones(len(inside), bool) if soft else inside
    found = confine(area.graph, ground, crews.crews.depot, edges, site_nodes, area.demand.both[edges])
    gone = np.flatnonzero(found.part == -2)
    lost_nodes = site_nodes[gone[gone >= len(edges)] - len(edges)]
    lost = edges[gone[gone < len(edges)]], np.unique(sites.site[np.isin(sites.sites.node, lost_nodes)])
    if soft:
        return ZonePrice(np.where(inside, 1.0, SOFT), *lost)
    price = np.where(inside | found.approach, 1.0, np.where(found.legs, LEG, np.inf))
    issues = []
    for part, metres in enumerate(found.metres.tolist()):
        items = np.flatnonzero(found.part == part)
        streets, places = edges[items[items < len(edges)]], sites.site[first[items[items >= len(edges)] - len(edges)]]
        if len(streets):
            longest = int(streets[np.argmax(area.graph.length[streets])])
            name, (x, y) = str(area.names[longest]) or _("a street without a name"), area.middle[longest].tolist()
        else:
            name, (x, y) = str(project.key_sites.names[places[0]]), project.key_sites.xy[places[0]].tolist()
        km = float(area.graph.length[streets].sum()) / 1000.0
        text = N_("{zone}: no way inside leads to {name} and back; routes leave the zone for {m} m to serve {km} km of streets there")
        values = {"zone": zone.name, "name": name, "m": f"{metres:.0f}", "km": f"{km:.1f}"}
        issues.append(Issue(Level.INFO, "leg_outside", text, values, "zones", zone.code, x, y))
    return ZonePrice(price, *lost, tuple(issues))
