"""From drawn lines to streets: crossings become shared vertices, pieces that run on become one street of one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import LineString, Point

from sample_data.curves import FloatArray, as_line, points_of, stretch
from sample_data.names import LANE_WORDS, STREET_WORDS, lane_name
from sample_data.skeleton import Skeleton

GRID_M = 0.01
RANK = {
    kind: rank
    for rank, kind in enumerate(
        ("motorway", "motorway_link", "trunk", "primary", "secondary", "tertiary", "residential", "service", "footway", "path")
    )
}
SPEED = {"motorway": 100, "motorway_link": 40, "trunk": 70, "primary": 60, "secondary": 50, "tertiary": 40, "residential": 30, "service": 15, "footway": 5}  # fmt: skip
RAIL_CROSSINGS = {"东桥路": "tunnel", "杨家沟路": "bridge"}
"""How these roads cross the railway; all others do so on the level."""
ONE_WAY = {"文庙街": -1, "东门街": 1}
"""A pair of streets with one direction each: southwards and northwards."""
Node = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line as someone drew it; without a name where a cut made it."""

    name: str
    kind: str
    line: LineString


@dataclass(frozen=True, eq=False)
class Street:
    """A street from end to end."""

    name: str
    kind: str
    line: LineString
    oneway: bool = False
    bridge: bool = False
    tunnel: bool = False
    layer: int = 0


def node(drawn: Sequence[Drawn], others: Sequence[LineString]) -> tuple[list[Drawn], list[list[LineString]]]:
    """Every line in pieces between crossings, vertices on a grid of a centimetre.

    Snap-rounding (Hobby 1999, as in GEOS OverlayNG) puts the end of a street and the street it meets on the very same
    point. Pieces of `others` (river, railway, limit) come back apart, in the order given; short blind stubs are dropped.
    """
    sources = [d.line for d in drawn] + list(others)
    pieces = [p for p in shapely.get_parts(shapely.union_all(sources, grid_size=GRID_M)) if isinstance(p, LineString)]
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
        roads={name: (kind, _whole(lines[name])) for name, (kind, _) in skeleton.roads.items()},
        outer={name: (kind, _whole(lines[name])) for name, (kind, _) in skeleton.outer.items()},
        river_line=river,
        brook_line=brook,
        rail=rail,
        limit=limit,
    )


def _whole(pieces: Sequence[LineString]) -> LineString:
    """The one line that the pieces make, from west to east (a ring as it comes)."""
    (line,) = merged(pieces)
    return line if line.coords[0][0] <= line.coords[-1][0] else as_line(line.reverse())


def _runs_on(piece: LineString, source: LineString) -> bool:
    xy = points_of(piece)
    probes = shapely.points(np.vstack([xy, (xy[:-1] + xy[1:]) / 2]))
    return bool(shapely.distance(source, probes).max() < 0.03)


def node_of(x: float, y: float) -> Node:
    """The key of a vertex: its place in whole centimetres."""
    return round(x * 100), round(y * 100)


def _ends(line: LineString) -> tuple[Node, Node]:
    return node_of(*line.coords[0]), node_of(*line.coords[-1])


def _without_stubs(roads: list[Drawn], longest: float = 14.0) -> list[Drawn]:
    degree: dict[Node, int] = defaultdict(int)
    for road in roads:
        for end in _ends(road.line):
            degree[end] += 1
    return [r for r in roads if r.line.length > longest or min(degree[e] for e in _ends(r.line)) > 1]


def streets_of(roads: Sequence[Drawn]) -> list[Street]:
    """Whole streets of the noded pieces, named: drawn ones keep their name, the others get one each.

    Unnamed pieces are joined into strokes by good continuation (Thomson and Richardson 1999): at a crossing the two
    that run on most nearly straight are one street.
    """
    groups: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
    for road in roads:
        groups[(road.name, road.kind) if road.name else ("", _tier(road.kind))].append(road)
    streets = [
        Street(name, kind, line)
        for (name, kind), members in groups.items()
        if name
        for line in merged([m.line for m in members])
    ]
    for tier in ("street", "lane", "service"):
        for stroke in _strokes(groups[("", tier)], turn=38.0 if tier == "street" else 30.0):
            kind = _usual_kind(stroke)
            streets += [Street("", kind, line) for line in merged([s.line for s in stroke])]
    streets.sort(key=lambda s: (s.name, RANK[s.kind], s.line.wkb))
    named = _named([_one_way(s) if s.name in ONE_WAY else s for s in streets])
    return [replace(s, kind="footway") if s.kind == "path" else s for s in named]


def _one_way(street: Street) -> Street:
    climbs = street.line.coords[-1][1] - street.line.coords[0][1]
    line = street.line if climbs * ONE_WAY[street.name] > 0 else as_line(street.line.reverse())
    return replace(street, line=line, oneway=True)


def _tier(kind: str) -> str:
    return {"footway": "lane", "service": "service", "path": "service"}.get(kind, "street")


def merged(lines: Sequence[LineString]) -> list[LineString]:
    """Pieces that meet end to end as few long lines."""
    merged = shapely.line_merge(shapely.MultiLineString(lines)) if len(lines) > 1 else lines[0]
    return [p for p in shapely.get_parts(merged) if isinstance(p, LineString)]


def _usual_kind(stroke: Sequence[Drawn]) -> str:
    length: dict[str, float] = defaultdict(float)
    for piece in stroke:
        length[piece.kind] += piece.line.length
    kind = max(length, key=lambda k: (length[k], k))
    whole = sum(length.values())
    return "residential" if kind == "tertiary" and whole < 260 else kind


def _strokes(roads: Sequence[Drawn], turn: float) -> list[list[Drawn]]:
    at: dict[Node, list[tuple[int, FloatArray]]] = defaultdict(list)
    for i, road in enumerate(roads):
        xy = points_of(road.line)
        for end, a, b in ((node_of(*xy[0]), xy[0], xy[1]), (node_of(*xy[-1]), xy[-1], xy[-2])):
            at[end].append((i, (b - a) / np.hypot(*(b - a))))
    leader = list(range(len(roads)))

    def find(i: int) -> int:
        while leader[i] != i:
            i = leader[i]
        return i

    for node in sorted(at):
        arms = at[node]
        pairs = sorted((float(u @ v), i, j) for k, (i, u) in enumerate(arms) for j, v in arms[k + 1 :])
        taken: set[int] = set()
        for cosine, i, j in pairs:
            if cosine < -np.cos(np.radians(turn)) and not taken & {i, j}:
                taken |= {i, j}
                leader[max(find(i), find(j))] = min(find(i), find(j))
    strokes: dict[int, list[Drawn]] = defaultdict(list)
    for i, road in enumerate(roads):
        strokes[find(i)].append(road)
    return list(strokes.values())


def _named(streets: list[Street]) -> list[Street]:
    """Every street and lane with a name of its own: long ones from the list, short ones counted along their parent."""
    out = list(streets)
    fresh = sorted((i for i, s in enumerate(streets) if not s.name and s.kind not in ("service", "path")), key=lambda i: -streets[i].line.length)
    words, lanes = iter(STREET_WORDS), iter(LANE_WORDS)
    parents = {i for i, s in enumerate(streets) if s.name}
    for i in fresh:
        street = streets[i]
        word = None
        if street.kind == "tertiary" or (street.kind == "residential" and street.line.length > 330):
            word = next(words, None)
        elif street.line.length > 190:
            name = next(lanes, None)
            out[i] = replace(street, name=name or "")
        if word is not None:
            out[i] = replace(street, name=word + _suffix(street.line))
            parents.add(i)
    tree = shapely.STRtree([s.line for s in out])
    children: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for i in fresh:
        if out[i].name or (out[i].kind == "footway" and out[i].line.length < 70):
            continue
        ends = [Point(c) for c in (out[i].line.coords[0], out[i].line.coords[-1])]
        near = [(RANK[out[int(j)].kind], int(j), e) for e in ends for j in tree.query(e, "dwithin", 0.005) if int(j) in parents]
        if near:
            _, parent, end = max(near, key=lambda n: (n[0], -n[1]))
            children[parent].append((float(out[parent].line.project(end)), i))
    for parent, offspring in children.items():
        for count, (_, i) in enumerate(sorted(offspring), start=1):
            out[i] = replace(out[i], name=lane_name(out[parent].name, count))
    return out


def _suffix(line: LineString) -> str:
    (x0, y0), (x1, y1) = line.coords[0], line.coords[-1]
    return "路" if abs(x1 - x0) > abs(y1 - y0) else "街"


def with_structures(
    streets: Sequence[Street], water: shapely.Geometry, brook: shapely.Geometry, track: shapely.Geometry
) -> list[Street]:
    """Streets parted where they become bridges over water or dive under the railway."""
    out: list[Street] = []
    for street in streets:
        spans = [(a, b, "bridge") for bed, margin in ((water, 9.0), (brook, 3.0)) for a, b in _inside(street.line, bed, margin)]
        if street.name in RAIL_CROSSINGS:
            spans += [(a, b, RAIL_CROSSINGS[street.name]) for a, b in _inside(street.line, track, 42.0)]
        done = 0.0
        for start, end, what in sorted(spans):
            if start > done + 0.5:
                out.append(replace(street, line=_snapped(street.line, done, start)))
            layer = 1 if what == "bridge" else -1
            span = _snapped(street.line, start, end)
            out.append(replace(street, line=span, bridge=what == "bridge", tunnel=what == "tunnel", layer=layer))
            done = end
        if done < street.line.length - 0.5:
            out.append(replace(street, line=_snapped(street.line, done, street.line.length)) if done else street)
    return out


def _inside(line: LineString, area: shapely.Geometry, margin: float) -> list[tuple[float, float]]:
    """Distances along a line between which it lies in an area, a margin added at both ends."""
    spans = []
    for part in shapely.get_parts(line.intersection(area)):
        if isinstance(part, LineString) and part.length > 1.0:
            a, b = sorted(line.project(Point(part.coords[k])) for k in (0, -1))
            spans.append((max(0.0, a - margin), min(line.length, b + margin)))
    return spans


def _snapped(line: LineString, start: float, end: float) -> LineString:
    """A stretch of a line with its new ends on the centimetre grid."""
    return LineString(np.round(points_of(stretch(line, start, end)), 2))
