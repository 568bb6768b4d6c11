"""Villages at the fringe: a winding road, side lanes left and right of it, and scattered houses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import LineString, Point

from sample_data.blocks import Cut
from sample_data.curves import FloatArray, points_of, smooth_line, stretch
from sample_data.homes import Settlement, Site
from sample_data.quarters import Quarter
from sample_data.skeleton import Skeleton

SETTLED: Mapping[str, tuple[float, float]] = {
    "北塬": (0.2, 0.85), "杏树湾": (0.2, 0.75), "上塬": (0.12, 0.75), "西坪": (0.25, 0.85), "河湾": (0.25, 0.9), "南滩": (0.2, 0.85),
    "马家庄": (0.2, 0.75), "东滩": (0.15, 0.85), "沙坝": (0.12, 0.7), "槐树庄": (0.2, 0.85), "石咀": (0.2, 0.85), "南坡": (0.06, 0.76),
    "东沟": (0.15, 0.7), "砖窑": (0.2, 0.85),
}  # fmt: skip
"""Villages, and from where to where along its road houses stand, as shares of its length."""


def build_villages(skeleton: Skeleton, quarters: Sequence[Quarter], tracks: Sequence[Cut], rng: np.random.Generator) -> Settlement:
    """The lanes and houses of all villages, on open land and clear of other roads, farm tracks, waters and railway."""
    town = shapely.Polygon(skeleton.limit).buffer(-22.0)
    spines = {name: skeleton.roads[f"{name}路"][1] for name in SETTLED}
    others = [line.buffer(24.0) for name, (_, line) in skeleton.roads.items() if name[:-1] not in SETTLED]
    wet = [skeleton.river.buffer(24), skeleton.brook.buffer(16), skeleton.rail.buffer(45)]
    open_land = shapely.union_all([q.ground for q in quarters if q.style == "field"], grid_size=0.01)
    paths = shapely.union_all([cut.line for cut in tracks])
    free = town.intersection(open_land.buffer(0.1)).difference(shapely.union_all([*others, *wet])).difference(paths.buffer(9.0))
    out = Settlement()
    for name, spine in spines.items():
        lanes = _lanes(spine, SETTLED[name], free, rng)
        out.ways += [Cut("residential", lane) for lane in lanes]
        out.sites += _houses(name, [spine, *lanes], free, rng)
    return out


def _lanes(spine: LineString, settled: tuple[float, float], free: shapely.Geometry, rng: np.random.Generator) -> list[LineString]:
    """Side lanes off a village road, some joined by a back lane."""
    lanes: list[LineString] = []
    at, end = settled[0] * spine.length, settled[1] * spine.length - 8
    tips: dict[float, FloatArray] = {}
    while at < end:
        for side in (-1.0, 1.0):
            lane = _lane(spine, float(np.clip(at + rng.uniform(-14, 14), 8, end)), side, rng)
            clear = free.covers(stretch(lane, 10.0, lane.length)) and all(lane.distance(other) > 32 for other in lanes)
            if rng.random() > 0.75 or not clear:
                tips.pop(side, None)
                continue
            lanes.append(lane)
            tip = points_of(lane)[-1]
            if side in tips and rng.random() < 0.4:
                out = tip - points_of(lane)[0]
                knee = (tips[side] + tip) / 2 + out / np.hypot(*out) * rng.uniform(-6, 16)
                back = smooth_line(np.array([tips[side], knee, tip]))
                if back.length < 130 and free.covers(back) and sum(back.distance(x) < 1 for x in [spine, *lanes]) == 2:
                    lanes.append(back)
            tips[side] = tip
        at += rng.uniform(60, 100)
    return lanes


def _lane(spine: LineString, at: float, side: float, rng: np.random.Generator) -> LineString:
    foot, ahead = (points_of(spine.interpolate(s))[0] for s in (at, at + 5.0))
    way = (ahead - foot) / np.hypot(*(ahead - foot))
    turn = side * np.radians(90 + rng.normal(0, 10))
    out = np.array([way[0] * np.cos(turn) - way[1] * np.sin(turn), way[0] * np.sin(turn) + way[1] * np.cos(turn)])
    across = np.array([-out[1], out[0]])
    length, sway = rng.uniform(50, 135), rng.normal(0, 9)
    line = smooth_line(np.array([foot, foot + 0.45 * length * out + sway * across, foot + length * out + 1.6 * sway * across]))
    return LineString([foot, *line.coords[1:]])


def _houses(village: str, lanes: list[LineString], free: shapely.Geometry, rng: np.random.Generator) -> list[Site]:
    """Houses of one or two households left and right of the lanes, none on a road and none on another."""
    roads = shapely.union_all(lanes)
    places: list[tuple[float, float]] = []
    for k, lane in enumerate(lanes):
        first, last = SETTLED[village] if k == 0 else (0.12, 1.0)
        for at in np.arange(first * lane.length, last * lane.length - 4, 22.0):
            for side in (-1, 1):
                if rng.random() < 0.34:
                    continue
                foot, ahead = (points_of(lane.interpolate(s))[0] for s in (at, at + 4))
                way = (ahead - foot) / np.hypot(*(ahead - foot))
                off = side * (11.0 + rng.gamma(1.5, 2.5))
                x, y = foot + off * np.array([-way[1], way[0]]) + way * rng.uniform(-6, 6)
                crowded = any((x - a) ** 2 + (y - b) ** 2 < 169 for a, b in places)
                if not crowded and shapely.contains_xy(free, x, y) and roads.distance(Point(x, y)) > 7:
                    places.append((float(x), float(y)))
    return [Site(x, y, int(rng.integers(1, 3)), 1, 2, f"{village}村") for x, y in places]
