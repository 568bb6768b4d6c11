"""What is given: communities, addresses, streets, barriers, railways and sites, in the project CRS."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum

import numpy as np

from gridplanner.model.lines import NO_LINES, Bools, Floats, Ints, Lines, Texts


def texts(values: list[str] | tuple[str, ...] = ()) -> Texts:
    """Return text as a column of objects."""
    column = np.empty(len(values), object)
    column[:] = list(values)
    return column


@dataclass(frozen=True, eq=False)
class Communities:
    """Administrative areas that no grid crosses, one row each.

    `polygons` (c,) shapely Polygon or MultiPolygon, an exact coverage after cleaning; `codes` 12 digits, `names` and `streets`
    (the street office or township) text. `made_up` says that there was no layer and the area is a hull or the district outline.
    """

    polygons: Texts
    codes: Texts
    names: Texts
    streets: Texts
    made_up: bool = False

    def __len__(self) -> int:
        return len(self.polygons)


@dataclass(frozen=True, eq=False)
class Households:
    """Address points with what lives there in numbers, never who.

    `xy` (a, 2) metres; `households`, `persons` (a,) float64; `address` (a,) text, empty where none was mapped; `radius` (a,) how
    far the building reaches around its point, metres, None where addresses are plain points: no cut comes nearer; `group` (a,)
    the villagers' group, empty where an address is of none, None where no field says.
    """

    xy: Floats
    households: Floats
    persons: Floats
    address: Texts
    radius: Floats | None = None
    group: Texts | None = None

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True, eq=False)
class DrawnGrids:
    """A grid plan drawn elsewhere, as it was drawn: `polygons` (n,) may overlap, leave gaps and cross limits; `codes`, `names` text."""

    polygons: Texts
    codes: Texts
    names: Texts

    def __len__(self) -> int:
        return len(self.polygons)


class RoadClass(IntEnum):
    """Streets by what they carry; the order is the order of importance as a limit of a grid."""

    OTHER = 0  # not a way at all, or proposed
    PATH = 1  # footways, tracks, steps, cycle ways
    LANE = 2  # service ways, alleys, drives
    STREET = 3  # residential, unclassified, living streets
    ARTERIAL = 4  # tertiary and up


@dataclass(frozen=True, eq=False)
class Turns:
    """Turns that motor vehicles may not make, one row each: from the street `from_row` over the place `via` (t, 2) into `to_row` (t,).

    Rows are those of `Roads`; a U-turn has the same street twice. Where `only` (t,), that turn is the only one allowed from there.
    """

    from_row: Ints
    to_row: Ints
    via: Floats
    only: Bools

    def __len__(self) -> int:
        return len(self.from_row)


NO_TURNS = Turns(np.zeros(0, np.int32), np.zeros(0, np.int32), np.empty((0, 2)), np.zeros(0, bool))


@dataclass(frozen=True, eq=False)
class Roads:
    """Street centre lines, one row a line.

    `classes` RoadClass int8; `highway` the source's own class word (OpenStreetMap's where it is OSM, else the mapped field);
    `names` text; `oneway` int8: 1 along the line, -1 against it, 0 both; `speed` m/s, 0 where unknown; `level` int8
    (bridges above, tunnels below 0); `classed` False where the layer has no classes, so that every road counts as a street;
    `noded` True where lines meet only at shared vertices (OSM, layers cleaned as they were read), False where crossings may lack one;
    `turns` what may not be driven from one line into another.
    """

    lines: Lines
    classes: np.ndarray[tuple[int], np.dtype[np.int8]]
    highway: Texts
    names: Texts
    oneway: np.ndarray[tuple[int], np.dtype[np.int8]]
    speed: Floats
    level: np.ndarray[tuple[int], np.dtype[np.int8]]
    classed: bool = True
    noded: bool = True
    turns: Turns = NO_TURNS

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def fingerprint_of(self) -> list[str]:
        """The fields that make the streets what they are: those without turns are what they were before turns were known."""
        names = [part.name for part in fields(self)]
        return names if len(self.turns) else [name for name in names if name != "turns"]


class BarrierKind(IntEnum):
    """What stops a walker."""

    WATER = 1
    RAILWAY = 2
    WALL = 3


@dataclass(frozen=True, eq=False)
class Barriers:
    """Lines that limit grids: banks and centre lines of rivers, walls; `kinds` (n,) BarrierKind int8, `names` text."""

    lines: Lines
    kinds: np.ndarray[tuple[int], np.dtype[np.int8]]
    names: Texts

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, eq=False)
class Railway:
    """Track pieces in any order and direction; `main` (n,) False for sidings, yards and spurs; `names` text.

    `kinds` (n,) is bridge, tunnel or empty, `tracks` (n,) up, down or empty for both; both are empty arrays where no source says.
    """

    lines: Lines
    main: Bools
    names: Texts
    kinds: Texts = field(default_factory=lambda: texts())
    tracks: Texts = field(default_factory=lambda: texts())

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, eq=False)
class Stations:
    """Points on a rail line that calibrate it: `xy` (s, 2), `names` text, `chainage` metres or NaN, `line` text.

    `posts` (s,) True for kilometre posts, False for stations; `systems` (s,) the letters of the mileage system (K, DK) or empty, `tracks`
    (s,) up, down or empty, `height` (s,) metres above the sea or NaN: empty arrays where no source says.
    """

    xy: Floats
    names: Texts
    chainage: Floats
    line: Texts
    posts: Bools = field(default_factory=lambda: np.zeros(0, bool))
    systems: Texts = field(default_factory=lambda: texts())
    tracks: Texts = field(default_factory=lambda: texts())
    height: Floats = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True, eq=False)
class RailThings:
    """What stands or lies at the railway as a source says: points (lines of one vertex) and `lines`, one row a thing.

    `kinds` (n,) is a word of rail_settings.RAIL_WEIGHTS (crossing, bridge, tunnel, station, settlement, school, slope, fence, history),
    limit or gate (where guards get in); `names` (n,) text, `amount` (n,) how much, NaN where the source does not say.
    """

    lines: Lines
    kinds: Texts
    names: Texts
    amount: Floats

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, eq=False)
class KeySites:
    """Places a patrol must visit: `visits` per shift int32, `dwell` minutes, `start`/`stop` clock minutes (NaN: any), `weight`."""

    xy: Floats
    names: Texts
    visits: Ints
    dwell: Floats
    start: Floats
    stop: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.xy)


@dataclass(frozen=True, eq=False)
class Depots:
    """Police stations and patrol posts, where routes start and end: `crews` int32."""

    xy: Floats
    names: Texts
    kinds: Texts
    crews: Ints

    def __len__(self) -> int:
        return len(self.xy)


_I8 = np.zeros(0, np.int8)
_XY = np.empty((0, 2))
_F = np.zeros(0)
_I = np.zeros(0, np.int32)
NO_COMMUNITIES = Communities(texts(), texts(), texts(), texts())
NO_HOUSEHOLDS = Households(_XY, _F, _F, texts())
NO_DRAWN_GRIDS = DrawnGrids(texts(), texts(), texts())
NO_ROADS = Roads(NO_LINES, _I8, texts(), texts(), _I8, _F, _I8)
NO_BARRIERS = Barriers(NO_LINES, _I8, texts())
NO_RAILWAY = Railway(NO_LINES, np.zeros(0, bool), texts())
NO_STATIONS = Stations(_XY, texts(), _F, texts())
NO_RAIL_THINGS = RailThings(NO_LINES, texts(), texts(), _F)
NO_KEY_SITES = KeySites(_XY, texts(), _I, _F, _F, _F, _F)
NO_DEPOTS = Depots(_XY, texts(), texts(), _I)
