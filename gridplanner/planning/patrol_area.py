"""The streets as a patrol sees them: the road graph, what each piece is called, which zone it lies in and what is wanted of it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import lru_cache

import numpy as np

from algorithms.network.road_graph import RoadGraph
from gridplanner.errors import InputError
from gridplanner.i18n import N_, _
from gridplanner.model.grids import GridPlan
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Lines, Texts
from gridplanner.model.outlines import zone_ids
from gridplanner.model.patrol import PatrolStreets, StreetPick
from gridplanner.model.places import Depots, KeySites, Roads
from gridplanner.model.project import Project
from gridplanner.model.units import Units
from gridplanner.model.zone_ground import streets_of_zones
from gridplanner.model.zones import ZonePlan
from gridplanner.planning.patrol_demand import StreetDemand, demand_of
from gridplanner.planning.road_network import edge_middles, patrol_seconds, road_findings, zone_of_places
from gridplanner.planning.travel import ways_of
from gridplanner.settings import PatrolSettings


@dataclass(frozen=True, eq=False)
class PatrolArea:
    """The road graph of a patrol with what every zone needs of it; m edges, z zones in the order of `zone_ids`.

    `street` (m,) the project's street row of each edge, `names` and `classes` (m,) its words, `middle` (m, 2) metres, `seconds` (m,) to
    patrol it. `zone` (m,) is the row of the zone an edge is planned in, -1 for none; `inside` (z, m) which edges belong to each zone: one
    on the limit of two belongs to both. `demand` is what is wanted of the edges. `site_zone`, `depot_zone` are the zone's row of each key
    site and depot, -1 for none. `issues` were found on the way.
    """

    graph: RoadGraph
    street: Ints
    names: Texts
    classes: Texts
    middle: Floats
    seconds: Floats
    zone: Ints
    inside: Bools
    demand: StreetDemand
    site_zone: Ints
    depot_zone: Ints
    issues: tuple[Issue, ...] = field(default=())

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)


def area_of(project: Project, settings: PatrolSettings) -> PatrolArea:
    """Return the streets as a patrol sees them; kept, so that asking again of the same streets, zones and settings costs nothing.

    Raises InputError where there are no zones or no streets that connect places.
    """
    if project.zones is None:
        raise InputError(_("There are no patrol zones yet; make the zones first"))
    if not len(project.roads):
        raise InputError(_("There are no streets to patrol; add a road layer"))
    return _area(
        project.roads, project.units, project.grids, project.zones, project.key_sites, project.depots, project.picks, settings
    )  # fmt: skip


@lru_cache(maxsize=4)
def _area(
    roads: Roads, units: Units | None, grids: GridPlan | None, zones: ZonePlan, sites: KeySites, depots: Depots,
    picks: tuple[StreetPick, ...], settings: PatrolSettings,
) -> PatrolArea:  # fmt: skip
    ground = Project(roads=roads, units=units, grids=grids, zones=zones)
    ways = ways_of(roads, settings.mode)
    graph, street = ways.graph, ways.street[ways.graph.line]
    middle = edge_middles(graph)
    zone = zone_of_places(ground, middle)
    demand, issues = demand_of(graph, street, roads, zone, settings, picks)
    issues += road_findings(roads, graph, ways.street, settings.mode)
    site_zone = zone_of_places(ground, sites.xy)
    for row in np.flatnonzero(site_zone < 0).tolist():
        x, y = sites.xy[row].tolist()
        text = N_("Key site {name} lies outside every patrol zone and is on no route; correct its place or the zones")
        values = {"name": str(sites.names[row]), "site": row}
        issues += [Issue(Level.WARNING, "unserved", text, values, "key_sites", "", x, y)] * max(int(sites.visits[row]), 1)
    return PatrolArea(
        graph, street, roads.names[street], roads.highway[street], middle, patrol_seconds(graph, settings.mode), zone,
        streets_of_zones(ground, Lines(graph.coords, graph.offsets.astype(np.int32))), demand,
        site_zone, zone_of_places(ground, depots.xy), tuple(issues),
    )  # fmt: skip


def streets_of(project: Project, area: PatrolArea) -> PatrolStreets:
    """Return the streets as the plan keeps them, so that the plan can be judged without the road layer."""
    assert project.zones is not None
    graph, keys = area.graph, np.array([*zone_ids(project.zones), -1], np.int64)
    return PatrolStreets(
        Lines(graph.coords, graph.offsets.astype(np.int32)), graph.u, graph.v, graph.seconds, area.seconds, area.names, area.classes,
        keys[area.zone], area.demand.times, area.demand.both, graph.banned,
    )  # fmt: skip
