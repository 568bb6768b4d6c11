"""Straight cuts through heavy blocks, in the widest gaps between their buildings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SubdivideParams:
    """How blocks are cut: into pieces of at most `cap`, each side with at least `share` of the weight where a gap allows.

    `gap` is the clear width in metres that a cut wants; a narrower one is taken where there is none. `angles` directions are tried.
    """

    cap: float
    share: float = 0.25
    gap: float = 6.0
    angles: int = 8

    def __post_init__(self) -> None:
        if self.cap <= 0 or not 0 <= self.share < 0.5 or self.angles < 1:
            raise ValueError("cap must be above 0, share in [0, 0.5), angles 1 or more")


def cut_lines(polygon: shapely.Polygon, xy: Floats, weight: Floats, radius: Floats, params: SubdivideParams) -> list[Floats]:
    """Return straight cuts, each (2, 2), that divide a block until each piece weighs at most `params.cap`.

    A cut never comes within `radius[i]` of `xy[i]`; a piece that no such cut divides stays whole (one building, or addresses on
    one spot). Cuts end on the block's boundary or on earlier cuts, so noding them with the boundary gives the pieces.
    """
    cuts: list[Floats] = []
    stack = [(polygon, np.arange(len(xy)))]
    while stack:
        piece, mine = stack.pop()
        if weight[mine].sum() <= params.cap or len(mine) < 2:
            continue
        best = _best_cut(piece, xy[mine], weight[mine], radius[mine], params)
        if best is None:
            continue
        normal, offset, chord = best
        cuts.extend(shapely.get_coordinates(part) for part in shapely.get_parts(chord))
        side = xy[mine] @ normal > offset
        for rows, keep in ((mine[~side], -1.0), (mine[side], 1.0)):
            stack.extend(_pieces_with_points(piece, normal, offset, keep, xy, rows))
    return cuts


def _best_cut(
    piece: shapely.Polygon, xy: Floats, weight: Floats, radius: Floats, params: SubdivideParams
) -> tuple[Floats, float, shapely.Geometry] | None:
    """Return (normal, offset, chord) of the shortest cut in a wide gap that balances the two sides, None where no gap is clear."""
    x0, y0, x1, y1 = piece.bounds
    reach = x1 - x0 + y1 - y0
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    size = float(np.sqrt(piece.area))
    best: tuple[float, Floats, float, shapely.Geometry] | None = None
    for angle in _directions(piece, params.angles):
        normal = np.array([np.cos(angle), np.sin(angle)])
        along = np.array([-normal[1], normal[0]])
        for offset, gap, share in _gaps(xy @ normal, weight, radius, params):
            foot = centre + (offset - centre @ normal) * normal
            chord = shapely.intersection(piece, shapely.LineString([foot - reach * along, foot + reach * along]))
            parts = [p for p in shapely.get_parts(chord) if p.geom_type == "LineString" and p.length > 0]
            if not parts:
                continue
            cost = sum(p.length for p in parts) / size + 2.0 * (0.5 - share) + 0.5 * max(0.0, 1 - gap / params.gap) + 0.5 * (len(parts) - 1)
            if best is None or cost < best[0]:
                best = (cost, normal, offset, shapely.MultiLineString(parts))
    return best[1:] if best else None


def _directions(piece: shapely.Polygon, count: int) -> Floats:
    """Return `count` angles of cut normals from the long side of the smallest rectangle around the piece, half a turn in all."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))
    if len(corners) < 4:
        return np.arange(count) * np.pi / count
    sides = np.diff(corners[:3], axis=0)
    long = sides[np.argmax(np.hypot(sides[:, 0], sides[:, 1]))]
    return np.asarray(np.arctan2(long[1], long[0]) + np.arange(count) * np.pi / count)


def _gaps(t: Floats, weight: Floats, radius: Floats, params: SubdivideParams) -> list[tuple[float, float, float]]:
    """Return up to two (offset, clear width, share of the lighter side): the widest gap in the share window, and the most even one."""
    order = np.argsort(t - radius, kind="stable")
    low, high = (t - radius)[order], np.maximum.accumulate((t + radius)[order])
    width = low[1:] - high[:-1]
    share = np.cumsum(weight[order])[:-1] / weight.sum()
    share = np.minimum(share, 1 - share)
    clear = width > 0.05  # a cut on the lattice stays off the points
    window = clear & (share >= params.share)
    if not window.any():
        window = clear & (share > 0)
    if not window.any():
        return []
    rows = np.flatnonzero(window)
    picks = {int(rows[np.argmax(width[rows])]), int(rows[np.argmax(share[rows] + 0.2 * np.minimum(width[rows] / params.gap, 1))])}
    return [(float((low[i + 1] + high[i]) / 2), float(width[i]), float(share[i])) for i in sorted(picks)]


def _pieces_with_points(
    piece: shapely.Polygon, normal: Floats, offset: float, side: float, xy: Floats, rows: NDArray[np.signedinteger[Any]]
) -> list[tuple[shapely.Polygon, NDArray[np.signedinteger[Any]]]]:
    """Return the parts of a piece on one side of a cut that hold points, with the points of each."""
    x0, y0, x1, y1 = piece.bounds
    reach = 2 * (x1 - x0 + y1 - y0) + 1
    along = np.array([-normal[1], normal[0]])
    centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    foot = centre + (offset - centre @ normal) * normal
    half = shapely.Polygon(
        [
            foot - reach * along,
            foot + reach * along,
            foot + reach * along + side * reach * normal,
            foot - reach * along + side * reach * normal,
        ]
    )
    parts = [p for p in shapely.get_parts(shapely.intersection(piece, half)) if p.geom_type == "Polygon"]
    if len(parts) <= 1:
        return [(part, rows) for part in parts]
    away = shapely.distance(np.array(parts)[:, None], shapely.points(xy[rows])[None, :])
    nearest = np.argmin(away, axis=0)
    return [(part, rows[nearest == i]) for i, part in enumerate(parts) if np.any(nearest == i)]
