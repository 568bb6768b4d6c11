"""Superblocks cut into blocks, again and again, as towns are: every cut is a new street."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from shapely import LineString, Point, Polygon

from sample_data.curves import FloatArray, Noise, as_line, points_of


@dataclass(frozen=True)
class Rule:
    """How a quarter is cut.

    Attributes
    ----------
    block_m2
        Pieces smaller than about this stay whole.
    classes
        Class of the street a cut makes, by the area of the piece cut: (at least m², class), largest first.
    off_centre
        How far from the middle a cut may lie, as a share of the length.
    skew
        How far it may turn from square, degrees.
    bend
        How far it may bow, as a share of its own length.
    meet
        Share of cuts that line up with a street across the way where one is near; the others make T-junctions.
    """

    block_m2: float
    classes: tuple[tuple[float, str], ...]
    off_centre: float = 0.12
    skew: float = 3.0
    bend: float = 0.02
    meet: float = 0.85


@dataclass(frozen=True, eq=False)
class Cut:
    """A street made by a cut."""

    kind: str
    line: LineString


@dataclass(frozen=True, eq=False)
class Block:
    """A piece no longer cut, the kind of its quarter and its number."""

    style: str
    outline: Polygon
    quarter: int = -1


class Junctions:
    """Where streets begin on the sides of blocks: later cuts look for them to line up."""

    def __init__(self, points: Iterable[Point] = ()) -> None:
        self._xy: FloatArray = np.empty((0, 2))
        self.add(points)

    def add(self, points: Iterable[Point]) -> None:
        """Remember more junctions."""
        self._xy = np.vstack([self._xy, *([[p.x, p.y]] for p in points)])

    def nearest(self, point: Point, outline: Polygon, reach: float) -> tuple[Point, float]:
        """The nearest junction on an outline within reach and its distance in metres (infinite where there is none)."""
        far = np.hypot(self._xy[:, 0] - point.x, self._xy[:, 1] - point.y)
        near = np.flatnonzero(far < reach)
        for i in near[np.argsort(far[near], kind="stable")]:
            place = Point(self._xy[i])
            if outline.exterior.distance(place) < 0.01:
                return place, float(far[i])
        return point, np.inf


def cut_up(
    quarter: Polygon, style: str, rule: Rule, junctions: Junctions, noise: Noise, rng: np.random.Generator
) -> tuple[list[Block], list[Cut]]:
    """Blocks and new streets of one quarter, cut across its longer side until the pieces are small.

    The method is the recursive splitting by the oriented bounding box of Parish and Müller (2001) and Vanegas et al.
    (2012), with three manners of real towns added: cuts line up with streets across the way, avoid near misses and
    acute corners, and bow with the lie of the land.
    """
    pending, blocks, cuts = [quarter], [], []
    while pending:
        piece = pending.pop()
        enough = rule.block_m2 * rng.uniform(0.75, 1.35)
        cut = None if piece.area < enough else _best_cut(piece, rule, junctions, noise, rng)
        if cut is None:
            blocks.append(Block(style, piece))
            continue
        line, pieces = cut
        kind = next(kind for least, kind in rule.classes if piece.area >= least)
        cuts.append(Cut(kind, line))
        junctions.add((Point(line.coords[0]), Point(line.coords[-1])))
        pending.extend(pieces)
    return blocks, cuts


def _best_cut(
    piece: Polygon, rule: Rule, junctions: Junctions, noise: Noise, rng: np.random.Generator
) -> tuple[LineString, list[Polygon]] | None:
    box = points_of(shapely.oriented_envelope(piece))
    sides = box[1:3] - box[:2]
    long, short = sorted(sides, key=lambda v: float(np.hypot(*v)), reverse=True)
    start = box[1] if np.allclose(long, sides[1]) else box[0]
    depth = float(np.sqrt(rule.block_m2))
    best, best_score = None, 0.05
    for _ in range(8):
        along = 0.5 + rng.uniform(-rule.off_centre, rule.off_centre)
        turn = np.radians(rng.uniform(-rule.skew, rule.skew))
        across = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ short
        centre = start + along * long + (short if np.allclose(start, box[0]) else -short) / 2
        chord = _chord(piece, centre, across)
        if chord is None:
            continue
        ends, score = [], 1.0
        for end in chord:
            place, far = junctions.nearest(end, piece, 0.45 * depth)
            if far < 0.30 * depth and rng.random() < rule.meet:
                end, score = place, score * 1.15
            elif far < np.inf:
                score *= 0.6
            ends.append(end)
        straight = LineString(ends)
        if straight.length < 0.35 * depth:
            continue
        score *= _squareness(piece, straight)
        line = _bowed(straight, rule.bend, noise)
        pieces = _split(piece, line) or _split(piece, straight)
        if len(pieces) != 2:
            continue
        score *= min(p.area for p in pieces) / (0.5 * piece.area)
        score *= min(_fullness(p) for p in pieces)
        if score > best_score:
            best, best_score = (line if _split(piece, line) else straight, pieces), score
    return best


def _chord(piece: Polygon, centre: FloatArray, across: FloatArray) -> tuple[Point, Point] | None:
    ray = LineString([centre - 2 * across, centre + 2 * across])
    inside = [p for p in shapely.get_parts(ray.intersection(piece)) if isinstance(p, LineString)]
    if not inside:
        return None
    longest = max(inside, key=lambda p: p.length)
    return Point(longest.coords[0]), Point(longest.coords[-1])


def _squareness(piece: Polygon, line: LineString) -> float:
    """Product over both ends of how square the line meets the outline, 0 to 1."""
    ring, xy = piece.exterior, points_of(line)
    way = (xy[-1] - xy[0]) / line.length
    value = 1.0
    for end in xy:
        at = ring.project(Point(end))
        a, b = (ring.interpolate((at + d) % ring.length) for d in (-6.0, 6.0))
        side = np.array([b.x - a.x, b.y - a.y])
        sine = abs(way[0] * side[1] - way[1] * side[0]) / max(float(np.hypot(*side)), 1e-9)
        value *= max(0.0, float(sine) - 0.3) / 0.7
    return value


def _fullness(piece: Polygon) -> float:
    """Share of its bounding rectangle a piece fills: triangles and slivers score low."""
    return float(piece.area / shapely.oriented_envelope(piece).area)


def _bowed(line: LineString, bend: float, noise: Noise) -> LineString:
    """The line bowed sideways by a smooth field, its ends kept."""
    count = int(line.length / 18)
    if bend == 0 or count < 2:
        return line
    t = np.linspace(0, 1, count + 1)
    xy = np.column_stack([np.interp(t, [0, 1], c) for c in points_of(line).T])
    way = (xy[-1] - xy[0]) / line.length
    sway = np.sin(np.pi * t) ** 0.8 * noise.at(xy) * bend * min(line.length, 320.0)
    bowed = LineString(xy + sway[:, None] * np.array([-way[1], way[0]]))
    fixed = as_line(bowed.simplify(0.3))
    return LineString([line.coords[0], *fixed.coords[1:-1], line.coords[-1]])


def _split(piece: Polygon, line: LineString) -> list[Polygon]:
    """Both sides of a piece cut by a line from side to side; empty where the line leaves it on the way."""
    if not piece.buffer(0.01).covers(line):
        return []
    xy = points_of(line)
    head, tail = xy[0] - xy[1], xy[-1] - xy[-2]
    longer = LineString([xy[0] + 0.3 * head / np.hypot(*head), *xy[1:-1], xy[-1] + 0.3 * tail / np.hypot(*tail)])
    parts = [p for p in shapely.ops.split(piece, longer).geoms if p.area > 1.0]
    return [p for p in parts if isinstance(p, Polygon)] if len(parts) == 2 else []
