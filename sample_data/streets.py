"""Streets of one name from end to end, out of the pieces of the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import LineString, Point

from sample_data.curves import FloatArray, as_line, points_of, stretch
from sample_data.names import LANE_WORDS, STREET_WORDS, lane_name
from sample_data.noding import RANK, Drawn, Node, merged, node_of
from sample_data.skeleton import Skeleton
from sample_data.structures import spans

ONE_WAY = {"文庙街": -1, "东门街": 1}
"""A pair of streets with one direction each: southwards and northwards."""


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


def streets_of(roads: Sequence[Drawn]) -> list[Street]:
    """Whole streets of the noded pieces, named: drawn ones keep their name, the others get one each.

    Unnamed pieces are joined into strokes by good continuation (Thomson and Richardson 1999): at a crossing the two
    that run on most nearly straight are one street.
    """
    groups: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
    for road in roads:
        groups[(road.name, road.kind) if road.name else ("", _tier(road.kind))].append(road)
    streets = [Street(name, kind, line) for (name, kind), members in groups.items() if name for line in merged([m.line for m in members])]
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
    fresh = sorted(
        (i for i, s in enumerate(streets) if not s.name and s.kind not in ("service", "path")), key=lambda i: -streets[i].line.length
    )
    words, lanes = iter(STREET_WORDS), iter(LANE_WORDS)
    parents = {i for i, s in enumerate(streets) if s.name}
    for i in fresh:
        street = streets[i]
        word = None
        if street.kind == "tertiary" or (street.kind == "residential" and street.line.length > 330):
            word = next(words, None)
        elif street.line.length > 190:
            name = next(lanes, None)
            out[i] = replace(street, name=f"{name}巷" if name else "")
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


def with_structures(streets: Sequence[Street], skeleton: Skeleton) -> list[Street]:
    """Streets parted where they become bridges over water or cross the railway above or below it."""
    out: list[Street] = []
    for street in streets:
        done = 0.0
        for start, end, what in spans(street.name, street.line, skeleton):
            if start > done:
                out.append(replace(street, line=stretch(street.line, done, start)))
            layer = 1 if what == "bridge" else -1
            span = stretch(street.line, start, end)
            out.append(replace(street, line=span, bridge=what == "bridge", tunnel=what == "tunnel", layer=layer))
            done = end
        if done < street.line.length:
            out.append(replace(street, line=stretch(street.line, done, street.line.length)) if done else street)
    return out
