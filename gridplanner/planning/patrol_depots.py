"""Where the crews of a patrol zone start, when, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import nearest_node
from algorithms.patrolling.crews import Crews
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import zone_ids
from gridplanner.model.places import texts
from gridplanner.model.project import Project
from gridplanner.model.zones import Zone
from gridplanner.planning.patrol_area import PatrolArea
from gridplanner.settings import PatrolSettings, clock_minutes

FAR = 100.0  # metres from the nearest street from which a depot or key site is worth a word
OFF = 500.0  # metres from which a depot does not lie on the network at all
DAY = 1440.0


@dataclass(frozen=True, eq=False)
class ZoneCrews:
    """The crews of a zone, c of them: `crews` for the algorithm, the name `depot` (c,) of where each starts, its clock time `shift` (c,).

    `zero` are the clock minutes from which the algorithm counts seconds: the begin of the first shift.
    """

    crews: Crews
    depot: Texts
    shift: Texts
    zero: float
    issues: tuple[Issue, ...] = ()


def crews_of_zone(project: Project, settings: PatrolSettings, area: PatrolArea, row: int, edges: Ints, sites: Ints) -> ZoneCrews:
    """Return the crews of the zone in a row of `zone_ids`, dealt to its depots in turn: as many to each as it has, and then again.

    `edges` are its required edges and `sites` its key sites. Without a depot they start at the junction nearest the zone's weighted centre.
    """
    assert project.zones is not None
    zone = project.zones.zones[zone_ids(project.zones)[row]]
    ground = _ground(area, edges)
    depots = depots_of_zone(project, area, row)
    if len(depots):
        nodes, names, issues = _at_depots(project, area, depots, ground, zone)
        turns = np.repeat(np.arange(len(depots)), np.maximum(project.depots.crews[depots], 1))
    else:
        nodes, names, issues = _at_junction(project, area, zone, edges, sites, ground)
        turns = np.zeros(1, np.int64)
    count = settings.crews_per_zone
    turn = np.resize(_in_turn(turns), count)
    starts = texts([settings.starts[k % len(settings.starts)] for k in range(count)])
    clock = np.array([clock_minutes(text) for text in starts])
    zero = float(clock.min())
    node = nodes[turn]
    full = np.full
    rest_from, rest_to = rest_windows(settings, zero, clock)
    crews = Crews(
        node, node, (clock - zero) * 60.0, full(count, settings.shift_minutes * 60.0), full(count, settings.max_overtime_min * 60.0),
        full(count, settings.break_minutes * 60.0), rest_from, rest_to,
    )  # fmt: skip
    return ZoneCrews(crews, names[turn], starts, zero, tuple(issues))


def depots_of_zone(project: Project, area: PatrolArea, row: int) -> Ints:
    """Return the depots that serve a zone: its own first, then the others that lie in it and are no other zone's own."""
    assert project.zones is not None
    zones = list(project.zones.zones.values())
    own = zones[row].depot
    others = {zone.depot for k, zone in enumerate(zones) if k != row}
    inside = [d for d in np.flatnonzero(area.depot_zone == row).tolist() if d != own and d not in others]
    return np.array(([own] if own >= 0 else []) + inside, np.int64)


def _in_turn(turns: Ints) -> Ints:
    """Return depots in turn, one crew to each before a second to any."""
    _values, first = np.unique(turns, return_index=True)
    nth = np.arange(len(turns)) - first[turns]
    return np.asarray(turns[np.lexsort((turns, nth))])


def _ground(area: PatrolArea, edges: Ints) -> Bools:
    """Return the nodes of the part of the network on which most of a zone's required metres lie, all in reach of each other, (n,)."""
    graph = area.graph
    whole = graph.component[graph.u] == graph.component[graph.v]
    whole &= np.isfinite(graph.seconds.reshape(-1, 2)).any(axis=1)
    count = int(graph.component.max()) + 1
    all_metres = np.bincount(graph.component[graph.u[whole]], graph.length[whole], count)
    mine = edges[whole[edges]]
    metres = np.bincount(graph.component[graph.u[mine]], graph.length[mine], count)
    best = np.lexsort((all_metres, metres))[-1]
    return np.asarray(graph.component == best)


def _at_depots(
    project: Project, area: PatrolArea, rows: Ints, ground: Bools, zone: Zone
) -> tuple[Ints, Texts, list[Issue]]:  # fmt: skip
    nodes, away = nearest_node(area.graph, project.depots.xy[rows], ground)
    issues = []
    for row, metres in zip(rows.tolist(), away.tolist(), strict=True):
        if metres > FAR:
            level = Level.WARNING if metres > OFF else Level.INFO
            text = N_("Depot {name} of {zone} lies {m} m from the nearest street that can be driven; routes start and end there")
            values = {"name": str(project.depots.names[row]), "zone": zone.name, "m": f"{metres:.0f}"}
            x, y = project.depots.xy[row].tolist()
            issues.append(Issue(level, "depot_off_road", text, values, "depots", zone.code, x, y))
    return nodes, texts([str(name) for name in project.depots.names[rows]]), issues


def _at_junction(
    project: Project, area: PatrolArea, zone: Zone, edges: Ints, sites: Ints, ground: Bools
) -> tuple[Ints, Texts, list[Issue]]:  # fmt: skip
    graph = area.graph
    places = np.concatenate((area.middle[edges], project.key_sites.xy[sites]))
    weight = np.concatenate((graph.length[edges], np.full(len(sites), 100.0)))
    centre = np.average(places, axis=0, weights=weight)
    degree = np.bincount(np.concatenate((graph.u, graph.v)), minlength=graph.node_count)
    junction = ground & (degree >= 3)
    node, _away = nearest_node(graph, centre[None], junction if junction.any() else ground)
    x, y = graph.node_xy[int(node[0])].tolist()
    text = N_("{zone} has no depot; its routes start at the junction nearest its centre")
    return node, texts([_("Junction")]), [Issue(Level.WARNING, "no_depot", text, {"zone": zone.name}, "zones", zone.code, x, y)]


def rest_windows(settings: PatrolSettings, zero: float, clock: Floats) -> tuple[Floats, Floats]:
    """Return between which seconds each crew's break begins: within the wished clock times where its shift has any, else anywhere."""
    low, high = (clock_minutes(text) for text in settings.break_between)
    high = high + DAY if high < low else high
    first, last = np.full(len(clock), -np.inf), np.full(len(clock), np.inf)
    ends = clock + settings.shift_minutes - settings.break_minutes
    for day in (-DAY, 0.0, DAY):
        some = (low + day <= ends) & (high + day >= clock) & ~np.isfinite(first)
        first[some], last[some] = np.maximum(low + day, clock[some]), np.minimum(high + day, ends[some])
    return (first - zero) * 60.0, (last - zero) * 60.0
