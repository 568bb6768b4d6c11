"""The railway: main line in pieces as maps have it, sidings, a yard, stations and kilometre posts."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely import LineString, Point

from sample_data.curves import as_line, beside, points_of, stretch
from sample_data.skeleton import Skeleton

FIRST_KM = 86
STATIONS = (("柳家台站", -4840.0), ("西郊站", 0.0), ("东坪站", 4680.0))


@dataclass(frozen=True, eq=False)
class Track:
    """A piece of track; `service` is empty on the main line."""

    line: LineString
    service: str = ""
    bridge: bool = False
    tunnel: bool = False


@dataclass(frozen=True, eq=False)
class Railway:
    """Pieces in no order, stations (name, place) and kilometre posts (kilometre, place)."""

    tracks: list[Track]
    stations: list[tuple[str, Point]]
    posts: list[tuple[int, Point]]


def build_railway(skeleton: Skeleton) -> Railway:
    """The made railway on its middle line, which runs from west to east and has a vertex at every crossing.

    The main line is cut where it becomes a bridge or a tunnel and at some plain places; the pieces come shuffled, some
    of them drawn from east to west, as in OpenStreetMap.
    """
    main = skeleton.rail
    spans = [(*_span(main, skeleton.river, 14.0), "bridge"), (320.0, 835.0, "tunnel")]
    cuts = sorted(
        {
            0.0,
            main.length,
            *(d for a, b, _ in spans for d in (a, b)),
            *(_nearest_vertex(main, main.length * k / 9) for k in (1, 2, 4, 5, 7)),
        }
    )
    pieces = []
    for a, b in pairwise(cuts):
        what = next((w for s, e, w in spans if s <= (a + b) / 2 <= e), "")
        pieces.append(Track(_rounded(stretch(main, a, b)), "", what == "bridge", what == "tunnel"))
    order = np.random.default_rng([1, 77]).permutation(len(pieces))
    tracks = [_turned(pieces[i]) if i % 3 == 1 else pieces[i] for i in order]
    tracks[2:2] = _station_tracks(main, "siding", -300.0, 390.0, (-7.0, 7.0))
    tracks += _station_tracks(main, "yard", -300.0, 390.0, (14.0, 21.0, 28.0))
    for _, x in STATIONS[::2]:
        tracks += _station_tracks(main, "siding", x - 290.0, x + 290.0, (7.0,))
    stations = [(name, _at_easting(main, x)) for name, x in STATIONS]
    posts = [(FIRST_KM + k, main.interpolate(1000.0 * k)) for k in range(int(main.length // 1000) + 1)]
    return Railway(tracks, stations, posts)


def _span(line: LineString, area: shapely.Geometry, margin: float) -> tuple[float, float]:
    ends = [line.project(Point(c)) for c in points_of(line.intersection(area))]
    return min(ends) - margin, max(ends) + margin


def _at_easting(main: LineString, x: float) -> Point:
    """The place on the line at an easting, moved to the nearest centimetre."""
    hit = main.intersection(LineString([(x, -9000), (x, 9000)]))
    return Point(np.round(points_of(hit)[0], 2))


def _station_tracks(main: LineString, service: str, west: float, east: float, offsets: tuple[float, ...]) -> list[Track]:
    """Tracks beside the main line that leave it and come back at its own vertices."""
    tracks = []
    for offset in offsets:
        spread = 6.0 * abs(offset)
        a, b = (_nearest_vertex(main, main.project(_at_easting(main, x))) for x in (west - spread, east + spread))
        side = beside(stretch(main, a + spread, b - spread), offset, smooth=90.0)
        start, end = main.interpolate(a), main.interpolate(b)
        tracks.append(Track(_rounded(LineString([(start.x, start.y), *side.coords, (end.x, end.y)])), service))
    return tracks


def _nearest_vertex(main: LineString, at: float) -> float:
    along = [float(main.project(Point(c))) for c in main.coords]
    return min(along, key=lambda d: abs(d - at))


def _rounded(line: LineString) -> LineString:
    return LineString(np.round(points_of(line), 2))


def _turned(track: Track) -> Track:
    return Track(as_line(track.line.reverse()), track.service, track.bridge, track.tunnel)
