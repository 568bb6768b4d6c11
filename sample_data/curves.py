"""Curves and smooth noise: the drawing instruments of the made town."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
import shapely.ops
from shapely import LineString, Point

FloatArray: TypeAlias = npt.NDArray[np.float64]
Pairs: TypeAlias = tuple[tuple[float, float], ...]

SHEET = 0.8
"""Metres on the ground to one unit of the drawing sheet: every place chosen by hand is in sheet units."""
NORTH_TURN = float(np.radians(9.0))
"""How far true north lies to the left of the sheet's up, radians: rows of houses face the true south all the same."""


def place(x: float, y: float) -> Point:
    """A place of the drawing sheet on the ground, metres east and north of the town's middle."""
    return Point(x * SHEET, y * SHEET)


def spline(points: Pairs, step: float = 12.0, tolerance: float = 0.25) -> LineString:
    """A smooth line on the ground through points of the drawing sheet.

    Centripetal Catmull–Rom (Yuksel et al. 2011): passes through every point and makes no loop or cusp
    between them, so that a road drawn with few points never crosses itself.

    Parameters
    ----------
    points
        Two or more places in sheet units.
    step
        Distance of the computed vertices before thinning, metres.
    tolerance
        How far thinning may move the line, metres.
    """
    return smooth_line(np.asarray(points, dtype=np.float64) * SHEET, step, tolerance)


def smooth_line(xy: FloatArray, step: float = 12.0, tolerance: float = 0.25) -> LineString:
    """A smooth line through points on the ground, metres."""
    if len(xy) == 2:
        return LineString(xy)
    padded = np.vstack([2 * xy[0] - xy[1], xy, 2 * xy[-1] - xy[-2]])
    pieces = [_catmull_rom(padded[i : i + 4], step) for i in range(len(xy) - 1)]
    line = LineString(np.vstack([*pieces, xy[-1:]]))
    return as_line(line.simplify(tolerance))


def _catmull_rom(p: FloatArray, step: float) -> FloatArray:
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(p, axis=0).T)))])
    count = max(2, int(np.hypot(*(p[2] - p[1])) / step))
    t = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def between(a: FloatArray, b: FloatArray, i: int, j: int) -> FloatArray:
        blend: FloatArray = ((knots[j] - t) * a + (t - knots[i]) * b) / (knots[j] - knots[i])
        return blend

    a1, a2, a3 = (between(p[i], p[i + 1], i, i + 1) for i in range(3))
    b1, b2 = between(a1, a2, 0, 2), between(a2, a3, 1, 3)
    return between(b1, b2, 1, 2)


def as_line(geometry: shapely.Geometry) -> LineString:
    """The geometry itself, known to be one line.

    Raises
    ------
    TypeError
        Where it is anything else.
    """
    if not isinstance(geometry, LineString):
        raise TypeError(f"expected one line, not {geometry.geom_type}")
    return geometry


def points_of(line: shapely.Geometry) -> FloatArray:
    """The vertices of a line, one row each."""
    xy: FloatArray = shapely.get_coordinates(line)
    return xy


def attach(line: LineString, start: LineString | None = None, end: LineString | None = None) -> LineString:
    """The line with its ends put exactly on other lines: trimmed where it overshoots, extended where it falls short.

    Of several crossings the one nearest the drawn end counts.
    """
    for index, other in ((0, start), (-1, end)):
        if other is None:
            continue
        tip = Point(line.coords[index])
        hits = [p for p in shapely.get_parts(line.intersection(other)) if isinstance(p, Point)]
        if hits and min(p.distance(tip) for p in hits) < 150.0:
            at = line.project(min(hits, key=tip.distance))
            line = stretch(line, at, line.length) if index == 0 else stretch(line, 0.0, at)
            tip = Point(line.coords[index])
        foot = other.interpolate(other.project(tip))
        xy = points_of(line).copy()
        xy[index] = (foot.x, foot.y)
        line = LineString(xy)
    return line


def stretch(line: LineString, start: float, end: float) -> LineString:
    """The part of a line between two distances along it, metres."""
    return as_line(shapely.ops.substring(line, start, end))


def beside(line: LineString, distance: float, smooth: float = 60.0) -> LineString:
    """A smooth line at a distance to the left (positive) or right of another, in its direction."""
    offset = line.offset_curve(distance, quad_segs=8)
    parts = [as_line(p) for p in shapely.get_parts(offset)]
    longest = max(parts, key=lambda p: p.length)
    count = max(3, int(longest.length / smooth))
    picks = [longest.interpolate(s, normalized=True) for s in np.linspace(0, 1, count)]
    return smooth_line(np.array([(p.x, p.y) for p in picks]))


def roughened(points: Pairs, rng: np.random.Generator, share: float = 0.07, rounds: int = 3) -> LineString:
    """A line through points of the drawing sheet that wanders between them like a boundary along field edges.

    Midpoint displacement: every round halves each piece and moves its middle sideways by up to `share` of its length.
    """
    xy = np.asarray(points, dtype=np.float64) * SHEET
    for _ in range(rounds):
        along = np.diff(xy, axis=0)
        across = np.column_stack([-along[:, 1], along[:, 0]])
        middle = (xy[:-1] + xy[1:]) / 2 + across * rng.uniform(-share, share, (len(along), 1))
        woven = np.empty((2 * len(xy) - 1, 2))
        woven[0::2], woven[1::2] = xy, middle
        xy = woven
    return LineString(xy)


@dataclass(frozen=True, eq=False)
class Noise:
    """A smooth random field over the plane: a sum of plane waves, between about −1 and 1."""

    waves: FloatArray
    phases: FloatArray

    def at(self, xy: FloatArray) -> FloatArray:
        """The field at places of shape (n, 2)."""
        values: FloatArray = np.sin(xy @ self.waves.T + self.phases).sum(axis=1) / np.sqrt(2 * len(self.phases))
        return values


def smooth_noise(rng: np.random.Generator, wavelength: float, count: int = 7) -> Noise:
    """A field whose hills are about half a wavelength (metres) wide."""
    angle = rng.uniform(0, 2 * np.pi, count)
    size = 2 * np.pi / (wavelength * rng.uniform(0.7, 1.4, count))
    return Noise(np.column_stack([np.cos(angle), np.sin(angle)]) * size[:, None], rng.uniform(0, 2 * np.pi, count))
