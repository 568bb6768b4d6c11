"""Streets and tracks of a real town as bare arrays, read straight from the OpenStreetMap file (only for tests)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

SPEED_KMH = {
    "motorway": 100, "motorway_link": 60, "trunk": 80, "trunk_link": 50, "primary": 60, "primary_link": 40,
    "secondary": 50, "secondary_link": 40, "tertiary": 45, "tertiary_link": 35, "unclassified": 40, "residential": 30,
    "living_street": 10, "service": 15,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Streets:
    coords: np.ndarray
    offsets: np.ndarray
    forward: np.ndarray
    backward: np.ndarray
    speed: np.ndarray
    level: np.ndarray
    highway: np.ndarray


@dataclass(frozen=True, eq=False)
class Tracks:
    coords: np.ndarray
    offsets: np.ndarray
    main: np.ndarray
    name: np.ndarray


def _ways(path: Path, key: str) -> list[tuple[dict[str, str], list[tuple[float, float]]]]:
    import osmium

    found = []
    for thing in osmium.FileProcessor(str(path)).with_locations():
        if thing.is_way() and key in thing.tags:
            found.append(({t.k: t.v for t in thing.tags}, [(n.lon, n.lat) for n in thing.nodes if n.location.valid()]))
    return found


def _project(ways: list[list[tuple[float, float]]], epsg: int) -> tuple[np.ndarray, np.ndarray]:
    from pyproj import Transformer

    lonlat = np.array([p for way in ways for p in way]).reshape(-1, 2)
    x, y = Transformer.from_crs(4326, epsg, always_xy=True).transform(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack((x, y)), np.cumsum([0] + [len(way) for way in ways])


@lru_cache(maxsize=4)
def read_streets(file: Path, epsg: int) -> Streets:
    ways = [(tags, points) for tags, points in _ways(file, "highway") if tags["highway"] in SPEED_KMH]
    ways = [(tags, points) for tags, points in ways if tags.get("area") != "yes" and len(points) > 1]
    coords, offsets = _project([points for _, points in ways], epsg)
    oneway = [tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no") for tags, _ in ways]
    layer = [tags.get("layer", "0") for tags, _ in ways]
    return Streets(
        coords,
        offsets,
        np.array([way != "-1" for way in oneway]),
        np.array([way in ("no", "-1") for way in oneway]),
        np.array([SPEED_KMH[tags["highway"]] / 3.6 for tags, _ in ways]),
        np.array([int(x) if x.lstrip("-").isdigit() else 0 for x in layer]),
        np.array([tags["highway"] for tags, _ in ways]),
    )


@lru_cache(maxsize=4)
def read_tracks(file: Path, epsg: int) -> Tracks:
    """Tracks of `railway=rail`; a track is main where it has no `service` tag (spur, siding, yard, crossover)."""
    ways = [(tags, points) for tags, points in _ways(file, "railway") if tags["railway"] == "rail" and len(points) > 1]
    coords, offsets = _project([points for _, points in ways], epsg)
    names = [tags.get("name", "") for tags, _ in ways]
    known = sorted(set(names) - {""})
    return Tracks(
        coords,
        offsets,
        np.array(["service" not in tags for tags, _ in ways]),
        np.array([known.index(n) if n else -1 for n in names]),
    )
