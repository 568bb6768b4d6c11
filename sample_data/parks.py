"""Parks: winding footpaths, gates to the streets around, in some a pond."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Polygon

from sample_data.blocks import Cut
from sample_data.curves import points_of, smooth_line
from sample_data.homes import frame_of


def lay_out_park(outline: Polygon, with_pond: bool, rng: np.random.Generator) -> tuple[list[Cut], Polygon | None]:
    """Footpaths of a park and its pond, if it is to have one and is large enough."""
    walk = _winding(outline.buffer(-20.0).buffer(-12.0).buffer(12.0), 5.0, rng)
    pond = _pond(walk, rng) if walk and with_pond else None
    ways: list[shapely.Geometry] = [walk.exterior] if walk else []
    if walk and pond:
        for share in rng.uniform(0, 0.25) + np.array([0.0, 0.27, 0.5, 0.74]):
            gate = outline.exterior.interpolate(share % 1.0, normalized=True)
            ways.append(LineString([gate, walk.exterior.interpolate(walk.exterior.project(gate))]))
    else:
        frame = frame_of(outline)
        for line in (frame.line(0.0, None), frame.line(None, 0.0)):
            ways.append(max(shapely.get_parts(line.intersection(outline)), key=lambda part: part.length))
    return [Cut("path", LineString(points_of(w))) for w in ways], pond


def _pond(walk: Polygon, rng: np.random.Generator) -> Polygon | None:
    """Still water with bays and points, stretched like the park, within its walk."""
    frame = frame_of(walk)
    reach = np.sqrt(walk.area / np.pi) * np.array([0.95, 0.70])
    angles = np.linspace(0, 2 * np.pi, 11, endpoint=False)
    far = rng.uniform(0.55, 1.15, len(angles))[:, None]
    xy = frame.middle + far * (np.cos(angles)[:, None] * reach[0] * frame.east + np.sin(angles)[:, None] * reach[1] * frame.north)
    lake = Polygon(smooth_line(np.vstack([xy, xy[:1]]), step=5.0)).buffer(0).intersection(walk.buffer(-14.0))
    rounded = lake.buffer(-12.0).buffer(12.0).simplify(0.3)
    return rounded if isinstance(rounded, Polygon) and rounded.area > 900 else None


def _winding(ground: shapely.Geometry, sway: float, rng: np.random.Generator) -> Polygon | None:
    """The ground with a wavy outline; None where too little is left."""
    parts = [p for p in shapely.get_parts(ground) if isinstance(p, Polygon) and p.area > 3_500]
    if not parts:
        return None
    shell = max(parts, key=lambda p: p.area).exterior
    count = max(8, int(shell.length / 28))
    xy = np.array([points_of(shell.interpolate(s, normalized=True))[0] for s in np.arange(count) / count])
    xy += rng.uniform(-sway, sway, xy.shape)
    ring = Polygon(smooth_line(np.vstack([xy, xy[:1]]), step=5.0))
    whole = ring.buffer(0)
    return whole if isinstance(whole, Polygon) else None
