"""Who drives over a cordon: outward from its households, and through it, by the classes of the streets that cross."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from algorithms.checkpoints.flows import Flows, Gates, flows_over, gates_at
from algorithms.network.nearest import nearest_edge, nearest_node
from algorithms.network.road_graph import EdgeState
from algorithms.progress import SILENT, Progress
from gridplanner.model.lines import Floats, Ints
from gridplanner.model.project import Project
from gridplanner.planning.cordon_crossings import RANKS, SITE, CordonCrossings, class_rank
from gridplanner.planning.travel import Ways

# how much a street of a class draws beside one of the smallest class of arterials
DRAW = dict(zip(RANKS, (8.0, 6.0, 4.0, 2.0, 1.0), strict=True))
MINOR = 0.1  # of any other class
GATES = 150  # crossings beyond which only those of main streets draw: a search over all streets each
AT_SITE = 40.0  # metres from a site to the streets that a checkpoint there sees


@dataclass(frozen=True)
class LoneSite:
    """A checkpoint that stands where no street crosses a cordon: where, on what street, and the edges of the graph that it sees.

    Without a street within SITE metres it has neither.
    """

    x: float
    y: float
    road: str
    highway: str
    edges: tuple[int, ...]


def lone_sites(project: Project, ways: Ways, crossed: list[CordonCrossings]) -> tuple[LoneSite, ...]:
    """Return the existing checkpoints that are at no crossing of any cordon."""
    sites = project.checkpoint_sites
    standing = sites.xy[sites.kinds == "existing"] if len(sites) else np.empty((0, 2))
    places = np.array([(row.x, row.y) for found in crossed for row in found.rows]).reshape(-1, 2)
    if len(standing) and len(places):
        standing = standing[cKDTree(places).query(standing)[0] > SITE]
    if not len(standing):
        return ()
    graph, roads = ways.graph, project.roads
    at = nearest_edge(graph, standing)
    street = ways.street[graph.line]
    on_street = at.distance <= SITE
    lines = shapely.linestrings(graph.coords, indices=np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets)))
    site, edge = shapely.STRtree(lines).query(shapely.points(standing), predicate="dwithin", distance=AT_SITE)
    found = []
    for row, (x, y) in enumerate(standing.tolist()):
        main = street[at.edge[row]]
        beside = edge[site == row]
        alike = beside[roads.highway[street[beside]] == roads.highway[main]]
        if on_street[row]:
            edges = tuple(sorted({int(at.edge[row]), *alike.tolist()}))
            found.append(LoneSite(x, y, str(roads.names[main]), str(roads.highway[main]), edges))
        else:
            found.append(LoneSite(x, y, "", "", ()))
    return tuple(found)


def flows_of(
    project: Project,
    ways: Ways,
    crossed: CordonCrossings,
    boundary: CordonCrossings | None = None,
    lone: tuple[LoneSite, ...] = (),
    progress: Progress = SILENT,
) -> Flows:
    """Return the trips over a cordon; places are the crossings' rows, then the lone sites.

    Through trips over a drawn line go between the crossings of the district's `boundary` where there is one: what lies beyond either
    end of a bridge is no place that one goes to.
    """
    if not crossed.rows:
        return Flows(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    streets = crossed.found.streets
    extra = np.full(len(streets.u), -1)
    for number, site in enumerate(lone):
        extra[np.isin(streets.edge, site.edges)] = len(crossed.rows) + number
    origin, amount = _origins(project, ways, crossed)
    apart = boundary is not None and crossed.cordon.line is not None and boundary.rows
    through = _gates(boundary, ways.graph.node_count) if apart and boundary is not None else None
    gates = _gates(crossed, streets.node_count)
    return flows_over(crossed.found, crossed.place, gates, origin, amount, through=through, extra=extra, progress=progress)


def _gates(crossed: CordonCrossings, nodes: int) -> Gates:
    """Return the gates beyond the crossings of a cordon, as far as they lie at the first `nodes` nodes."""
    weight = np.array([draw(row.highway) for row in crossed.rows])
    if len(weight) > GATES and weight.max() > MINOR:
        weight[weight <= MINOR] = 0.0
    gates = gates_at(crossed.found, crossed.place, weight)
    goal, start = gates.goal < nodes, gates.start < nodes
    return dataclasses.replace(
        gates, goal=gates.goal[goal], goal_gate=gates.goal_gate[goal], start=gates.start[start], start_gate=gates.start_gate[start]
    )


def draw(highway: str) -> float:
    """Return how much a street of a class draws."""
    rank = class_rank(highway)
    return DRAW[RANKS[rank]] if rank < len(RANKS) else MINOR


def _origins(project: Project, ways: Ways, crossed: CordonCrossings) -> tuple[Ints, Floats]:
    """Return the junctions inside from which households drive out, and how many at each; one each where nobody lives inside."""
    graph, homes = ways.graph, project.households
    core = graph.state == EdgeState.CORE
    among = np.zeros(graph.node_count, bool)
    among[graph.u[core]] = among[graph.v[core]] = True
    among &= crossed.found.side[: graph.node_count] > 0
    if not among.any():
        return np.zeros(0, np.int64), np.zeros(0)
    held = np.zeros(0, bool)
    if len(homes):
        shapely.prepare(crossed.cordon.area)
        held = shapely.contains_xy(crossed.cordon.area, homes.xy)
    if not held.any() or not homes.households[held].any():
        nodes = np.flatnonzero(among)
        return nodes, np.ones(len(nodes))
    node = nearest_node(graph, homes.xy[held], among)[0]
    amount: Floats = np.bincount(node, homes.households[held], minlength=graph.node_count).astype(np.float64)
    nodes = np.flatnonzero(amount)
    return nodes, amount[nodes]
