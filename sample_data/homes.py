"""Houses and buildings on a block: courtyard lanes, terraces, closed estates, works."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from sample_data.blocks import Block, Cut
from sample_data.curves import NORTH_TURN, FloatArray, as_line, points_of


@dataclass(frozen=True)
class Site:
    """A house or a building: its place, how many households it may hold, and the estate or village it belongs to."""

    x: float
    y: float
    households: int
    least: int
    most: int
    estate: str = ""


@dataclass(eq=False)
class Settlement:
    """What building adds to the town."""

    sites: list[Site] = field(default_factory=list)
    ways: list[Cut] = field(default_factory=list)

    def add(self, other: Settlement) -> None:
        """Take in another settlement."""
        self.sites += other.sites
        self.ways += other.ways


@dataclass(frozen=True)
class Building:
    """A type of residential building: pitch along and across the rows (metres), households at least and at most."""

    along: float
    across: float
    least: int
    most: int


COURT = Building(40.0, 27.0, 12, 20)
WALK_UP = Building(48.0, 30.0, 12, 30)
SLAB = Building(55.0, 39.0, 18, 42)
TOWER = Building(52.0, 54.0, 36, 60)


@dataclass(frozen=True, eq=False)
class Frame:
    """Axes of a block: its middle, and unit vectors along its rows and across them."""

    middle: FloatArray
    east: FloatArray
    north: FloatArray

    def line(self, u: float | None, v: float | None) -> LineString:
        """The line across the block at u along the rows, or at v across them."""
        foot = self.middle + (u or 0.0) * self.east + (v or 0.0) * self.north
        way = self.north if v is None else self.east
        return LineString([foot - 900 * way, foot + 900 * way])


def build_old(block: Block, name: str, rng: np.random.Generator) -> Settlement:
    """Courtyard houses of 1–6 households along the lanes; a few blocks have been rebuilt with four-storey courts."""
    out = Settlement()
    chance = rng.random()
    if chance < 0.05:
        return out
    rebuilt = 0.22 if block.outline.centroid.distance(Point(0, 0)) < 420 else 0.05
    if chance < 0.05 + rebuilt and block.outline.area > 3_500:
        return Settlement(_rows(block.outline.buffer(-11.0, join_style="mitre"), COURT, frame_of(block.outline), [], name, rng))
    out.sites = _fronts(block.outline, 10.0, 27.0, 0.16, (1, 6), rng)
    if block.outline.area > 3_500 and rng.random() < 0.5:
        alley = _alley(block.outline, rng)
        if alley is not None:
            out.ways.append(Cut("footway", alley))
            x, y = alley.coords[-1]
            out.sites.append(Site(x + rng.uniform(4, 8), y + rng.uniform(4, 8), int(rng.integers(2, 6)), 1, 6))
    return out


def build_terrace(block: Block, name: str, rng: np.random.Generator) -> Settlement:
    """Four-storey courts behind low shop-houses, or shop-houses alone."""
    out = Settlement(_fronts(block.outline, 12.0, 38.0, 0.3, (2, 8), rng))
    yard = block.outline.buffer(-29.0, join_style="mitre")
    if yard.area > 2_500 and rng.random() < 0.75:
        frame = frame_of(block.outline)
        lane = _inside(frame.line(0.0, None), block.outline)
        out.sites += _rows(yard, COURT, frame, lane, name, rng)
        out.ways += [Cut("service", line) for line in lane]
    return out


def build_estate(block: Block, name: str, rng: np.random.Generator) -> Settlement:
    """A closed estate: gates, service roads in a loop, a ladder or a cross, and rows of buildings facing south."""
    kind = (WALK_UP, WALK_UP, SLAB, SLAB, TOWER)[int(rng.integers(5))]
    frame, plot = frame_of(block.outline), block.outline.buffer(-15.0, join_style="mitre")
    pattern = rng.random()
    lines = _inside(frame.line(0.0, None), block.outline)
    if pattern < 0.35:
        lines += [loop for loop in _loop(block.outline) if lines and lines[0].distance(loop.centroid) < 12.0]
    elif pattern < 0.75:
        for step in range(-6, 7, 2):
            rung = _inside(frame.line(None, step * kind.across), plot)
            lines += [line for line in rung if line.crosses(lines[0])]
    else:
        lines += _inside(frame.line(None, 0.0), block.outline)
    sites = _rows(plot, kind, frame, lines, name, rng)
    return Settlement(sites, [Cut("service", line) for line in lines])


def build_works(block: Block, name: str, rng: np.random.Generator) -> Settlement:
    """A works yard with its service road; at some, workers' houses in one corner."""
    frame = frame_of(block.outline)
    lines = _inside(frame.line(0.0, None), block.outline)
    sites: list[Site] = []
    if rng.random() < 0.45:
        corner = Point(block.outline.exterior.coords[int(rng.integers(len(block.outline.exterior.coords)))])
        homes = block.outline.buffer(-15.0, join_style="mitre").intersection(corner.buffer(110.0))
        sites = _rows(homes, WALK_UP, frame, lines, name, rng)
    return Settlement(sites, [Cut("service", line) for line in lines])


def frame_of(outline: Polygon) -> Frame:
    """Axes along the sides of a block, turned so that rows face the true south as nearly as the block lets them."""
    box = points_of(shapely.oriented_envelope(outline))
    true_east = np.array([np.cos(NORTH_TURN), np.sin(NORTH_TURN)])
    sides = [v / np.hypot(*v) for v in (box[1] - box[0], box[2] - box[1])]
    best = max(sides, key=lambda v: abs(float(v @ true_east)))
    east: FloatArray = best * np.sign(float(best @ true_east))
    return Frame(points_of(outline.centroid)[0], east, np.array([-east[1], east[0]]))


def _inside(line: LineString, outline: shapely.Geometry) -> list[LineString]:
    """The longest stretch of a line inside an outline, in a list; none where it is short."""
    parts = [p for p in shapely.get_parts(line.intersection(outline)) if isinstance(p, LineString) and p.length > 30]
    return [max(parts, key=lambda p: p.length)] if parts else []


def _loop(outline: Polygon) -> list[LineString]:
    """A rounded ring of service road inside a block; nothing where the block is too narrow."""
    inner = outline.buffer(-26.0).buffer(-14.0).buffer(14.0)
    parts = [p for p in shapely.get_parts(inner) if isinstance(p, Polygon) and p.area > 3_500]
    return [as_line(LineString(p.simplify(1.0).exterior.coords)) for p in parts[:1]]


def _fronts(
    outline: Polygon, depth: float, spacing: float, skip: float, households: tuple[int, int], rng: np.random.Generator
) -> list[Site]:
    """Low houses in a row along all sides of a block."""
    sites: list[Site] = []
    least, most = households
    for part in shapely.get_parts(outline.buffer(-depth, join_style="mitre")):
        shell, at = part.exterior, rng.uniform(0, spacing)
        while part.area > 60 and at < shell.length - 9:
            if rng.random() > skip:
                x, y = points_of(shell.interpolate(at))[0] + rng.normal(0, 1.5, 2)
                count = int(np.clip(least + rng.gamma(2.0, (most - least) / 5.0), least, most))
                sites.append(Site(float(x), float(y), count, least, most))
            at += spacing * rng.uniform(0.75, 1.3)
    return sites


def _rows(plot: shapely.Geometry, kind: Building, frame: Frame, lines: list[LineString], name: str, rng: np.random.Generator) -> list[Site]:
    """Buildings in rows; the middle lane and every second gap between rows stay free for service roads."""
    if plot.is_empty or plot.area < 900:
        return []
    steps = np.arange(-16, 16) + 0.5
    rows, columns = np.meshgrid(steps, steps, indexing="ij")
    offsets = columns.ravel()[:, None] * kind.along * frame.east + rows.ravel()[:, None] * kind.across * frame.north
    xy = frame.middle + offsets
    keep = shapely.contains_xy(plot, xy[:, 0], xy[:, 1]) & (rng.random(len(xy)) > 0.05)
    if lines:
        keep &= shapely.distance(shapely.union_all(lines), shapely.points(xy)) > 4.5
    usual = int(rng.integers(kind.least, kind.most + 1))
    sites = []
    for x, y in xy[keep] + rng.normal(0, 1.2, (int(keep.sum()), 2)):
        count = int(np.clip(usual + rng.integers(-4, 5), kind.least, kind.most))
        sites.append(Site(float(x), float(y), count, kind.least, kind.most, name))
    return sites


def _alley(outline: Polygon, rng: np.random.Generator) -> LineString | None:
    """A blind alley from the side of a block to its middle."""
    mouth = outline.exterior.interpolate(rng.uniform(0, 1), normalized=True)
    corners = points_of(outline.simplify(3.0))
    if np.hypot(corners[:, 0] - mouth.x, corners[:, 1] - mouth.y).min() < 14:
        return None
    start, middle = points_of(mouth)[0], points_of(outline.centroid)[0]
    knee = (start + middle) / 2 + rng.normal(0, 3.0, 2)
    line = LineString([start, knee, start + (middle - start) * rng.uniform(0.8, 1.1)])
    return line if outline.buffer(0.01).covers(line) and line.length > 18 else None
