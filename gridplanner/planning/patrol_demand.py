"""Which streets a patrol must drive, how often, on how many sides, and what each is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from algorithms.network.nearest import nearest_edge
from algorithms.network.road_graph import EdgeState, RoadGraph
from gridplanner.i18n import N_, _
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.patrol import StreetPick
from gridplanner.model.places import RoadClass, Roads
from gridplanner.nearest import near_word
from gridplanner.planning.patrol_duty import duty_hours
from gridplanner.settings import PatrolSettings

PICKED = 30.0  # metres from the street within which a place on the map means it
# classes of OpenStreetMap by importance, for what stands in where none of those asked for exists
ORDER = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service", "pedestrian",
    "track", "footway", "path",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class StreetDemand:
    """What is wanted of each edge of the road graph, (m,) each.

    `times` int32 visits a shift, 0 where it is not required; `both` True where that is meant for each direction; `weight` the worth of a
    kilometre, beside 1 for a usual street.
    """

    times: Ints
    both: Bools
    weight: Floats

    def __post_init__(self) -> None:
        for column in (self.times, self.both, self.weight):
            column.setflags(write=False)

    @property
    def required(self) -> Bools:
        """Which edges are required, (m,)."""
        return np.asarray(self.times > 0)


def demand_of(
    graph: RoadGraph, street: Ints, roads: Roads, zone: Ints, settings: PatrolSettings, picks: Sequence[StreetPick] = ()
) -> tuple[StreetDemand, list[Issue]]:
    """Return what is wanted of each edge, and what was amiss with the wishes.

    By class first, then by name, then by hand: the later wish counts; so often at least that none waits longer than wished.
    `street` (m,) is the row in `roads` of each edge, `zone` (m,) the row of its patrol zone or -1.
    """
    classes, names = roads.highway[street], roads.names[street]
    wanted, issues = _classes(roads, classes, street, settings)
    times = np.where(wanted, 1, 0).astype(np.int32)
    weight = np.ones(len(street))
    for name, often in settings.times.items():
        mine = wanted & (classes == name)
        times[mine] = often
        if often and not mine.any():
            text = N_("[patrol] times: no street of class {name} is patrolled; add it to required_classes, or take it out of times")
            issues.append(Issue(Level.WARNING, "unknown_class", text, {"name": name}, "roads"))
    for name, worth in settings.weights.items():
        weight[classes == name] = worth
    both = np.full(len(street), settings.both_sides)
    for wish in settings.streets:
        mine = names == wish.name
        if not mine.any():
            text = N_("[patrol] streets: no street is called {name}; {hint}")
            hint = near_word(wish.name, sorted({str(name) for name in names if name})) or _("check its name in the road layer")
            issues.append(Issue(Level.WARNING, "unknown_street", text, {"name": wish.name, "hint": hint}, "roads"))
        times[mine], both[mine], weight[mine] = wish.times, wish.both_sides or settings.both_sides, wish.weight
    issues += _picked(graph, names, picks, times, both, weight)
    out = duty_hours(settings).minutes
    if 0 < settings.revisit_minutes < out:
        least = math.ceil(out / settings.revisit_minutes)
        times = np.where(times > 0, np.maximum(times, least), 0).astype(np.int32)
    outside = (times > 0) & (zone < 0)
    if outside.any():
        text = N_("{km} km of required streets lie outside every patrol zone and are not planned")
        issues.append(Issue(Level.INFO, "outside_zones", text, {"km": f"{graph.length[outside].sum() / 1000:.1f}"}, "roads"))
    return StreetDemand(times, both, weight), issues


def _classes(roads: Roads, classes: Texts, street: Ints, settings: PatrolSettings) -> tuple[Bools, list[Issue]]:
    """Return the edges of the required classes; where there are none, those of the next class below them that exists."""
    if not roads.classed:
        text = N_("The road layer has no classes, so every street is to be patrolled")
        return np.ones(len(street), bool), [Issue(Level.INFO, "no_classes", text, {}, "roads")]
    wanted = np.isin(classes, settings.required_classes)
    if wanted.any() or not settings.required_classes or not len(street):
        return wanted, []
    known = set(classes.tolist())
    highest = min((ORDER.index(name) for name in settings.required_classes if name in ORDER), default=-1)
    instead = [name for name in ORDER[highest + 1 :] if name in known][:1]
    if instead:
        wanted = classes == instead[0]
    else:  # words of another source: by what the classes were taken for
        best = int(roads.classes[street].max())
        wanted = roads.classes[street] == best
        instead = sorted({str(name) for name in classes[wanted]}) if best > RoadClass.OTHER else []
    text = N_("No street is of the required classes {classes}, so those of class {instead} are patrolled")
    values = {"classes": ", ".join(settings.required_classes), "instead": ", ".join(instead)}
    return wanted, [Issue(Level.INFO, "nothing_required", text, values, "roads")]


def _picked(
    graph: RoadGraph, names: Texts, picks: Sequence[StreetPick], times: Ints, both: Bools, weight: Floats
) -> list[Issue]:  # fmt: skip
    """Set what was picked by hand, in order; return what no street lies at."""
    if not picks:
        return []
    open_edges = graph.state != EdgeState.CLOSED
    places = nearest_edge(graph, np.array([(pick.x, pick.y) for pick in picks]), open_edges)
    issues: list[Issue] = []
    degree = np.bincount(np.concatenate((graph.u, graph.v)), minlength=graph.node_count)
    at = _edges_at(graph)
    for pick, edge, away in zip(picks, places.edge.tolist(), places.distance.tolist(), strict=True):
        if away > PICKED:
            text = N_("No street lies within {m} m of a place that was picked by hand; pick the street again")
            issues.append(Issue(Level.WARNING, "no_street", text, {"m": f"{PICKED:.0f}"}, "roads", "", pick.x, pick.y))
            continue
        piece = _piece(graph, names, degree, at, edge)
        times[piece], both[piece], weight[piece] = pick.times, pick.both, pick.weight
    return issues


def _edges_at(graph: RoadGraph) -> tuple[Ints, Ints]:
    """Return (offsets, edges): the edges that meet at each node."""
    ends = np.concatenate((graph.u, graph.v))
    order = np.argsort(ends, kind="stable")
    return np.searchsorted(ends[order], np.arange(graph.node_count + 1)), order % max(graph.edge_count, 1)


def _piece(graph: RoadGraph, names: Texts, degree: Ints, at: tuple[Ints, Ints], edge: int) -> list[int]:
    """Return the edges of the street of one name between two junctions that an edge is part of."""
    offsets, edges = at
    found = [edge]
    for node in (int(graph.u[edge]), int(graph.v[edge])):
        last = edge
        while degree[node] == 2:
            near = [int(e) for e in edges[offsets[node] : offsets[node + 1]] if e != last]
            if not near or near[0] in found or names[near[0]] != names[edge]:
                break
            last = near[0]
            found.append(last)
            node = int(graph.v[last] if graph.u[last] == node else graph.u[last])
    return found
