"""Faces of a planar graph: what its edges enclose, and which face lies on either side of each edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.units.noding import PlanarGraph
from algorithms.units.rings import cycle_areas, cycle_roots, next_halfedges

OUTSIDE = -1


@dataclass(frozen=True, eq=False)
class Faces:
    """`left` and `right` (m,) int32 name the face on either side of each edge of the graph, OUTSIDE where it is unbounded."""

    left: NDArray[np.signedinteger[Any]]
    right: NDArray[np.signedinteger[Any]]
    count: int


def find_faces(graph: PlanarGraph) -> Faces:
    """Return the bounded faces of a planar graph, holes given to the face around them."""
    m = len(graph.ends)
    if m == 0:
        return Faces(np.empty(0, np.int32), np.empty(0, np.int32), 0)
    source, following = next_halfedges(graph.xy, graph.ends)
    root = cycle_roots(following)
    area = cycle_areas(graph.xy, source, following, root)
    is_root = root == np.arange(2 * m)
    shells = np.flatnonzero(is_root & (area > 0))
    face = np.full(2 * m, OUTSIDE, np.int32)
    face[shells] = np.arange(len(shells), dtype=np.int32)
    rims = np.flatnonzero(is_root & (area <= 0))
    if len(rims) and len(shells):
        face[rims] = _faces_around(graph.xy, source, following, shells, rims, area)
    of = face[root]
    return Faces(of[:m].copy(), of[m:].copy(), len(shells))


def _faces_around(
    xy: NDArray[np.float64],
    source: NDArray[np.signedinteger[Any]],
    following: NDArray[np.signedinteger[Any]],
    shells: NDArray[np.signedinteger[Any]],
    rims: NDArray[np.signedinteger[Any]],
    area: NDArray[np.float64],
) -> NDArray[np.signedinteger[Any]]:
    """Return for each outer rim of a connected piece the smallest shell of another piece around it, or OUTSIDE."""
    piece = components(len(xy), source, source[following])
    point = shapely.points(xy[source[rims]])
    polygons = np.array([shapely.Polygon(xy[_walk(source, following, int(h))]) for h in shells]) if len(rims) > 1 else np.empty(0, object)
    around = np.full(len(rims), OUTSIDE, np.int32)
    if not len(polygons):
        return around
    rim, shell = shapely.STRtree(polygons).query(point, predicate="intersects")
    other = piece[source[rims[rim]]] != piece[source[shells[shell]]]
    rim, shell = rim[other], shell[other]
    order = np.lexsort((-area[shells[shell]], rim))  # the smallest shell is written last
    around[rim[order]] = shell[order]
    return around


def _walk(source: NDArray[np.signedinteger[Any]], following: NDArray[np.signedinteger[Any]], start: int) -> list[int]:
    nodes = [int(source[start])]
    here = int(following[start])
    while here != start:
        nodes.append(int(source[here]))
        here = int(following[here])
    return nodes
