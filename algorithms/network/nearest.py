"""The node or edge of a road graph nearest to a place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from algorithms.network.polylines import Bools, Floats, Ints
from algorithms.network.road_graph import EdgeState, RoadGraph


def core_nodes(graph: RoadGraph) -> Bools:
    """Return the nodes that are the end of an edge of the core, (n,)."""
    found = np.zeros(graph.node_count, bool)
    core = graph.state == EdgeState.CORE
    found[graph.u[core]] = True
    found[graph.v[core]] = True
    return found


def nearest_node(graph: RoadGraph, points: Floats, among: Bools | None = None) -> tuple[Ints, Floats]:
    """Return the nearest node of each point (p, 2) and its distance in metres; `among` (n,) narrows the choice.

    Raises
    ------
    ValueError
        Where there is no node to choose.
    """
    choice = np.arange(graph.node_count) if among is None else np.flatnonzero(among)
    if not len(choice):
        raise ValueError("no node to choose from")
    distance, index = cKDTree(graph.node_xy[choice]).query(np.asarray(points, np.float64).reshape(-1, 2))
    return choice[index], distance


@dataclass(frozen=True, eq=False)
class EdgePlaces:
    """Places projected onto edges: `edge` (p,), metres `along` it from its node u, `distance` (p,) metres, `xy` (p, 2) the foot."""

    edge: Ints
    along: Floats
    distance: Floats
    xy: Floats


def nearest_edge(graph: RoadGraph, points: Floats, among: Bools | None = None) -> EdgePlaces:
    """Return the nearest edge of each point (p, 2) and where on it; `among` (m,) narrows the choice, ties go to the lower number.

    Raises
    ------
    ValueError
        Where there is no edge to choose.
    """
    choice = np.arange(graph.edge_count) if among is None else np.flatnonzero(among)
    if not len(choice):
        raise ValueError("no edge to choose from")
    row = np.repeat(np.arange(graph.edge_count), np.diff(graph.offsets))
    shapes = shapely.linestrings(graph.coords, indices=row)[choice]
    places = shapely.points(np.asarray(points, np.float64).reshape(-1, 2))
    point, found = shapely.STRtree(shapes).query_nearest(places)
    first = np.unique(point, return_index=True)[1]  # pairs come ordered by point
    order = np.lexsort((found, point))
    found = found[order][first]
    along = shapely.line_locate_point(shapes[found], places)
    foot = shapely.get_coordinates(shapely.line_interpolate_point(shapes[found], along))
    return EdgePlaces(choice[found], along, np.hypot(*(shapely.get_coordinates(places) - foot).T), foot)


def nearest_end(graph: RoadGraph, places: EdgePlaces) -> tuple[Ints, Floats]:
    """Return the nearer end node of each place's edge, and the metres along the edge to it."""
    rest = graph.length[places.edge] - places.along
    to_u = places.along <= rest
    return np.where(to_u, graph.u[places.edge], graph.v[places.edge]), np.where(to_u, places.along, rest)
