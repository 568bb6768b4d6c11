"""The quarters between the main roads, and what each is like: old town, terraces, estates, works, fields."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from sample_data.blocks import Block, Cut, Junctions, Rule, cut_up
from sample_data.curves import place, points_of, smooth_noise
from sample_data.skeleton import Skeleton

RULES: dict[str, Rule] = {
    "old": Rule(6_400, ((75_000, "tertiary"), (11_500, "residential"), (0, "footway")), 0.16, 9.0, 0.085, 0.45),
    "terrace": Rule(13_000, ((90_000, "tertiary"), (0, "residential")), 0.14, 5.0, 0.035, 0.7),
    "estate": Rule(34_000, ((150_000, "tertiary"), (0, "residential")), 0.10, 2.5, 0.025, 0.85),
    "works": Rule(52_000, ((0, "residential"),), 0.16, 2.0, 0.0, 0.8),
    "yard": Rule(26_000, ((0, "service"),), 0.16, 4.0, 0.0, 0.4),
    "field": Rule(120_000, ((0, "service"),), 0.18, 12.0, 0.06, 0.5),
}

SEEDS: tuple[tuple[str, float, float], ...] = (
    # the old town inside the ring
    ("old", -326, 217), ("old", 256, 187), ("old", -298, -96), ("old", 296, -148), ("old", -341, -529), ("old", 302, -483),
    ("old", -313, 602), ("old", 240, 607), ("old", -848, 244), ("old", -874, -161),
    ("terrace", -766, 564), ("terrace", 713, 581), ("terrace", 831, 205), ("terrace", 840, -144), ("terrace", 834, -345),
    ("terrace", -911, -586),
    # north
    ("estate", 339, 1415), ("terrace", -201, 1412), ("estate", -715, 1303), ("estate", 1023, 1265), ("terrace", 308, 1024),
    ("estate", -235, 1015), ("terrace", 967, 916), ("estate", -730, 880), ("estate", -1206, 1161), ("terrace", -1119, 934),
    # east
    ("terrace", 1276, 697), ("estate", 1324, 178), ("estate", 1709, 753), ("estate", 1804, 156), ("terrace", 1378, -374),
    ("estate", 1919, -545),
    # west
    ("terrace", -1407, 854), ("estate", -1825, 883), ("estate", -1854, 369), ("estate", -1422, 318), ("estate", -1843, -218),
    ("estate", -1456, -319),
    # between river and railway
    ("terrace", 888, -846), ("terrace", 342, -875), ("old", -240, -1027), ("old", -765, -1111), ("estate", 306, -1264),
    ("terrace", -1482, -1222), ("estate", 942, -1271), ("terrace", -282, -1264), ("old", -800, -1335), ("works", 306, -1662),
    ("works", -281, -1744), ("works", -796, -1746), ("works", 976, -1683), ("works", -1422, -1637), ("terrace", 1444, -1008),
    ("works", 1767, -1333), ("works", 1700, -1750),
    # along and beyond the railway
    ("estate", -700, -2339), ("estate", 100, -2339), ("estate", 900, -2320), ("estate", -1500, -2306), ("estate", -700, -2560),
    ("terrace", 300, -2520), ("yard", 126, -1976), ("terrace", 133, -2171), ("works", 1559, -2336), ("yard", -1500, -2050),
    ("terrace", -1214, -362), ("green", -1180, 275),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Quarter:
    """A face between main roads: its whole outline and the part that can be built on."""

    style: str
    face: Polygon
    ground: Polygon


def lay_out_quarters(skeleton: Skeleton) -> list[Quarter]:
    """The faces between roads, waters, railway and limit, each with its kind, from north-west to south-east."""
    town = Polygon(skeleton.limit)
    lines = [line for _, line in skeleton.roads.values()]
    lines += [skeleton.limit, skeleton.river_line, skeleton.brook_line, skeleton.rail]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines, grid_size=0.01)]))
    inside = [f for f in faces if town.contains(f.representative_point())]
    wet = shapely.union_all([skeleton.river.buffer(14), skeleton.brook.buffer(11), skeleton.rail.buffer(24)]).simplify(0.8)
    quarters = []
    for face in sorted(inside, key=lambda f: (-round(f.centroid.y), f.centroid.x)):
        ground = max(shapely.get_parts(face.difference(wet)), key=lambda g: g.area, default=face)
        quarters.append(Quarter(_style(face), face, ground))
    return quarters


def _corners(face: Polygon) -> list[Point]:
    return [Point(c) for c in face.simplify(8.0).exterior.coords[:-1]]


def _style(face: Polygon) -> str:
    for style, x, y in SEEDS:
        if face.contains(place(x, y)):
            return style
    return "field" if face.area > 60_000 else "green"


def cut_quarters(quarters: list[Quarter], skeleton: Skeleton, rng: np.random.Generator) -> tuple[list[Block], list[Cut]]:
    """All blocks of the town, and the streets between them that no one drew."""
    noise = smooth_noise(rng, 420.0)
    roads = [line for _, line in skeleton.roads.values()]
    drawn = shapely.union_all([*roads, skeleton.limit])
    junctions = Junctions()
    for quarter in quarters:
        junctions.add(_corners(quarter.face))
    blocks: list[Block] = []
    cuts: list[Cut] = []
    for number, quarter in enumerate(quarters):
        if quarter.style not in RULES:
            blocks.append(Block(quarter.style, quarter.ground, number))
            continue
        new_blocks, new_cuts = cut_up(quarter.ground, quarter.style, RULES[quarter.style], junctions, noise, rng)
        blocks += [replace(block, quarter=number) for block in new_blocks]
        cuts += new_cuts
        if quarter.style in ("field", "yard"):
            continue
        cuts += [Cut("residential", bank) for bank in _open_sides(quarter.ground, drawn)]
    return blocks, cuts


def _open_sides(ground: Polygon, drawn: shapely.Geometry) -> list[LineString]:
    """The sides of built ground where no road runs yet, along water or railway."""
    xy = points_of(ground.exterior)
    sides = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    bare = sides[shapely.distance(shapely.line_interpolate_point(sides, 0.5, normalized=True), drawn) > 0.05]
    joined = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(list(bare))))
    return [side for side in joined if isinstance(side, LineString) and side.length > 60.0]
