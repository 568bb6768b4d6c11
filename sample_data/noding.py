"""From drawn lines to a road network: crossings become shared vertices, on a grid of a centimetre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely import LineString

from sample_data.curves import as_line, points_of
from sample_data.skeleton import Skeleton
from sample_data.structures import with_span_ends

GRID_M = 0.01
CLASSES = (
    *("motorway", "motorway_link", "trunk", "primary", "secondary", "tertiary"),
    *("residential", "service", "footway", "path"),
)
RANK = {kind: rank for rank, kind in enumerate(CLASSES)}
"""Lower ranks are larger roads; a path is a footway of a park, which bears no name."""
Node = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line as someone drew it; without a name where a cut made it."""

    name: str
    kind: str
    line: LineString


def node(drawn: Sequence[Drawn], others: Sequence[LineString]) -> tuple[list[Drawn], list[list[LineString]]]:
    """Every line in pieces between crossings, vertices on a grid of a centimetre.

    Snap-rounding (Hobby 1999, as in GEOS OverlayNG) puts the end of a street and the street it meets on the very same
    point. Pieces of `others` (river, railway, limit) come back apart, in the order given; short blind stubs are dropped.
    """
    sources = [d.line for d in drawn] + list(others)
    pieces = [p for p in shapely.get_parts(shapely.union_all(sources, grid_size=GRID_M)) if isinstance(p, LineString)]
    pieces = _welded(pieces)
    pieces = sorted((p.normalize() for p in pieces), key=lambda p: (round(p.coords[0][0] * 100), p.wkb))
    tree = shapely.STRtree(sources)
    roads: list[Drawn] = []
    rest: list[list[LineString]] = [[] for _ in others]
    for piece in pieces:
        near = tree.query(piece, predicate="dwithin", distance=0.03)
        own = [int(i) for i in near if _runs_on(piece, sources[i])]
        ways = [i for i in own if i < len(drawn)]
        if ways:
            best = min(ways, key=lambda i: (drawn[i].name == "", RANK[drawn[i].kind], i))
            roads.append(Drawn(drawn[best].name, drawn[best].kind, piece))
        for i in own:
            if i >= len(drawn):
                rest[i - len(drawn)].append(piece)
    return _without_stubs(roads), rest


def _welded(pieces: list[LineString], reach: float = 0.05) -> list[LineString]:
    """The pieces with vertices within reach (metres) of each other made one; what shrinks to nothing is left out."""
    places = np.unique(np.vstack([points_of(p) for p in pieces]), axis=0)
    target = places.copy()
    for i, j in sorted(cKDTree(places).query_pairs(reach)):
        target[j] = target[i]
    moved = {tuple(a): tuple(b) for a, b in zip(places.tolist(), target.tolist(), strict=True) if a != b}
    out = []
    for piece in pieces:
        xy = [moved.get((x, y), (x, y)) for x, y in piece.coords]
        kept = [xy[0], *(b for a, b in pairwise(xy) if a != b)]
        if len(kept) > 1:
            out.append(LineString(kept))
    return out


def _runs_on(piece: LineString, source: LineString) -> bool:
    xy = points_of(piece)
    probes = shapely.points(np.vstack([xy, (xy[:-1] + xy[1:]) / 2]))
    return bool(shapely.distance(source, probes).max() < 0.03)


def _without_stubs(roads: list[Drawn], longest: float = 14.0) -> list[Drawn]:
    degree: dict[Node, int] = defaultdict(int)
    for road in roads:
        for end in _ends(road.line):
            degree[end] += 1
    return [r for r in roads if r.line.length > longest or min(degree[e] for e in _ends(r.line)) > 1]


def in_one_net(roads: list[Drawn]) -> list[Drawn]:
    """The roads that lead to each other: what stands alone is left out, and a street that only footways reach is one itself."""
    together = _largest_net(roads)
    on_foot = ("footway", "path")
    by_car = {id(road) for road in _largest_net([road for road in together if road.kind not in on_foot])}
    return [road if road.kind in on_foot or id(road) in by_car else replace(road, kind="footway") for road in together]


def _largest_net(roads: list[Drawn]) -> list[Drawn]:
    net = nx.Graph()
    net.add_edges_from(_ends(road.line) for road in roads)
    largest = max(nx.connected_components(net), key=len)
    return [road for road in roads if _ends(road.line)[0] in largest]


def noded(skeleton: Skeleton) -> Skeleton:
    """The skeleton with a vertex wherever its lines meet or cross, all on the grid.

    What is drawn later against these lines then ends exactly on them.
    """
    drawn = {**skeleton.roads, **skeleton.outer}
    bounds = (skeleton.river_line, skeleton.brook_line, skeleton.rail, skeleton.limit)
    pieces, rest = node([Drawn(name, kind, line) for name, (kind, line) in drawn.items()], bounds)
    lines: dict[str, list[LineString]] = defaultdict(list)
    for piece in pieces:
        lines[piece.name].append(piece.line)
    river, brook, rail, limit = (_whole(parts) for parts in rest)
    return replace(
        skeleton,
        roads={name: (kind, with_span_ends(name, _whole(lines[name]), skeleton)) for name, (kind, _) in skeleton.roads.items()},
        outer={name: (kind, with_span_ends(name, _whole(lines[name]), skeleton)) for name, (kind, _) in skeleton.outer.items()},
        river_line=river,
        brook_line=brook,
        rail=rail,
        limit=limit,
    )


def _whole(pieces: Sequence[LineString]) -> LineString:
    """The one line that the pieces make, from west to east (a ring as it comes)."""
    (line,) = merged(pieces)
    return line if line.coords[0][0] <= line.coords[-1][0] else as_line(line.reverse())


def node_of(x: float, y: float) -> Node:
    """The key of a vertex: its place in whole centimetres."""
    return round(x * 100), round(y * 100)


def _ends(line: LineString) -> tuple[Node, Node]:
    return node_of(*line.coords[0]), node_of(*line.coords[-1])


def merged(lines: Sequence[LineString]) -> list[LineString]:
    """Pieces that meet end to end as few long lines."""
    merged = shapely.line_merge(shapely.MultiLineString(lines)) if len(lines) > 1 else lines[0]
    return [p for p in shapely.get_parts(merged) if isinstance(p, LineString)]
