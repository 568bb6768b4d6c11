"""Streets, barriers and tracks of one part of a large area at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import shapely

from algorithms.progress import Progress
from gridplanner.io.layer_parts import LayerParts, open_parts
from gridplanner.io.open_source import Opened, open_sources
from gridplanner.io.osm import is_osm
from gridplanner.io.read_lines import read_barriers, read_osm_barriers, read_osm_railway, read_osm_roads, read_railway, read_roads
from gridplanner.io.reading import Reading
from gridplanner.model.issues import Issue
from gridplanner.model.lines import Bools
from gridplanner.model.places import NO_BARRIERS, NO_RAILWAY, NO_ROADS, Barriers, Railway, Roads
from gridplanner.settings import Settings

MARGIN = 50.0  # metres around the communities: lines within 5 m of a limit are pulled onto it
GROUND = ("roads", "barriers", "railway")
Rows = TypeVar("Rows", Roads, Barriers, Railway)


@dataclass(frozen=True, eq=False)
class Ground:
    """What may bound units in some place, and what its reading found."""

    roads: Roads = NO_ROADS
    barriers: Barriers = NO_BARRIERS
    railway: Railway = NO_RAILWAY
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, eq=False)
class GroundParts:
    """The sources of streets, barriers and tracks: layers that are read part by part, and `whole` what OpenStreetMap files hold."""

    crs: str
    layers: Mapping[str, LayerParts]
    whole: Ground
    as_is: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by source, the repairs that are not wanted

    def within(self, area: shapely.Geometry) -> Ground:
        """Return the lines that come near an area; raises InputError where a part of a layer cannot be read."""
        near = shapely.buffer(shapely.simplify(area, MARGIN / 5), 1.2 * MARGIN, quad_segs=2)
        shapely.prepare(near)
        reading = Reading(self.crs, as_is=self.as_is)
        found = {key: getattr(self.whole, key) for key in GROUND}
        readers = {"roads": read_roads, "barriers": read_barriers, "railway": read_railway}
        for key, parts in self.layers.items():
            west, south, east, north = near.bounds
            table = parts.within((west, south, east, north), self.crs)
            if len(table):
                found[key] = readers[key](table, parts.fields, reading)
        near_ones = {key: _near(value, near) for key, value in found.items()}
        return Ground(**near_ones, issues=tuple(reading.issues))


def open_ground(settings: Settings, reading: Reading, progress: Progress) -> GroundParts:
    """Return the sources of lines of a plan, opened; OpenStreetMap files, which have no order to read them by, are held whole."""
    wanted = {key: settings.sources[key] for key in GROUND if key in settings.sources}
    osm = {key: source for key, source in wanted.items() if is_osm(source.path)}
    layers = {key: open_parts(key, source, reading) for key, source in wanted.items() if key not in osm}
    whole = Ground()
    if osm:
        whole = _whole(open_sources(dataclasses.replace(settings, sources=osm), reading, progress), reading, given="barriers" in wanted)
    return GroundParts(reading.crs, layers, whole, reading.as_is)


def _whole(opened: Mapping[str, Opened], reading: Reading, *, given: bool) -> Ground:
    parts: dict[str, Roads | Barriers | Railway] = {}
    if source := opened.get("roads"):
        parts["roads"] = read_osm_roads(source.table, source.fields, reading)
    if (source := opened.get("barriers")) and (not source.implied or not given):
        parts["barriers"] = read_osm_barriers(source.table, reading, walls=not source.implied)
    if source := opened.get("railway"):
        parts["railway"] = read_osm_railway(source.table, reading)
    return Ground(**parts)  # type: ignore[arg-type]


def _near(value: Rows, area: shapely.Geometry) -> Rows:
    """Return the rows whose line comes near a prepared area."""
    lines = value.lines
    if not len(lines):
        return value
    west, south, east, north = area.bounds
    low = np.minimum.reduceat(lines.coords, lines.offsets[:-1])
    high = np.maximum.reduceat(lines.coords, lines.offsets[:-1])
    near = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
    rows = np.flatnonzero(near)
    some = lines.select(rows)
    shapes = shapely.linestrings(some.coords, indices=np.repeat(np.arange(len(rows)), np.diff(some.offsets)))
    near[rows] = shapely.intersects(area, shapes)
    return value if near.all() else _selected(value, near)


def _selected(value: Rows, rows: Bools) -> Rows:
    columns: dict[str, Any] = {part.name: getattr(value, part.name) for part in dataclasses.fields(value)}
    some: dict[str, Any] = {name: column[rows] for name, column in columns.items() if isinstance(column, np.ndarray)}
    return dataclasses.replace(value, lines=value.lines.select(rows), **some)
