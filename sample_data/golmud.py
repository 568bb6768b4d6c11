"""Writes the Golmud scenario's files: `python -m sample_data.golmud [FOLDER]` (default: sample_data/golmud)."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import shapely.ops
from shapely import LineString, Point, Polygon

from sample_data.curves import FloatArray, as_line, points_of, stretch
from sample_data.generate import write_geojson
from sample_data.golmud_line import DESIGN, FIRST, LAST, NAME, SEED, Axis, draw_axis
from sample_data.ground import DECIMALS, degrees_of

MERIDIAN = 93.0
# stations: name, chainage in km, metres above the sea, length of the passing loop in metres
STATIONS = (
    ("格尔木站", 814.4, 2829, 0), ("南山口站", 845.9, 3080, 1100), ("甘隆站", 876.2, 3360, 900), ("纳赤台站", 906.6, 3575, 900),
    ("小南川站", 936.8, 3810, 900), ("玉珠峰站", 957.6, 4159, 900), ("望昆站", 969.4, 4484, 900), ("不冻泉站", 998.3, 4611, 900),
    ("楚玛尔河站", 1024.7, 4495, 900),
)  # fmt: skip
# bridges and tunnels: where they begin (km) and their metres
SPANS = (
    ("bridge", 838.15, 260), ("bridge", 851.32, 180), ("bridge", 868.9, 420), ("bridge", 884.41, 690), ("bridge", 897.6, 150),
    ("tunnel", 911.27, 610), ("bridge", 919.83, 340), ("bridge", 933.05, 220), ("tunnel", 941.6, 480), ("bridge", 949.18, 130),
    ("bridge", 964.72, 310), ("tunnel", 976.25, 1686), ("bridge", 989.94, 250), ("bridge", 1006.5, 520), ("bridge", 1019.33, 380),
    ("bridge", 1036.08, 470),
)  # fmt: skip
# level crossings (km) and how far the road goes on behind the line, metres; ways that only come near it, for the guards
CROSSINGS = (
    (816.2, 900), (819.7, 700), (823.1, 1200), (828.6, 500), (834.4, 500), (843.3, 600), (848.7, 400), (861.2, 300), (879.5, 400),
    (891.8, 300), (904.9, 500), (927.4, 300), (953.2, 400), (972.1, 300), (985.6, 400), (1001.9, 500), (1015.3, 300), (1030.8, 400),
)  # fmt: skip
GATES = (855.1, 872.6, 887.9, 899.2, 914.8, 922.7, 945.3, 961.9, 980.4, 994.0, 1010.6, 1040.2)
# settlements: name, chainage in km, metres to the left of the line, households
SETTLEMENTS = (
    ("河西新村", 815.3, 1500, 640), ("城南新村", 816.9, -1100, 820), ("园艺一村", 818.6, 700, 260), ("园艺二村", 820.3, 900, 310),
    ("红柳村", 822.4, -800, 190), ("新华村", 823.9, 1300, 240), ("中滩村", 827.7, 600, 130), ("戈壁新村", 834.0, -500, 96),
    ("南山口村", 846.3, 450, 74), ("大格勒道班", 861.6, -350, 12), ("甘隆村", 876.6, 400, 38), ("三岔河村", 885.6, -700, 22),
    ("纳赤台村", 907.0, 420, 57), ("小南川村", 937.2, 380, 26), ("西大滩村", 954.6, 600, 45), ("昆仑道班", 971.7, -300, 9),
    ("不冻泉村", 998.8, 450, 48), ("清水河道班", 1016.0, -400, 11), ("楚玛尔河村", 1025.2, 380, 31),
)  # fmt: skip
SCHOOLS = (
    ("城南小学", 817.2, -1300),
    ("园艺小学", 819.4, 800),
    ("新华小学", 823.5, 1100),
    ("南山口小学", 846.0, 600),
    ("纳赤台小学", 907.2, 520),
)
FENCES = ((814.2, 824.0), (843.0, 849.5), (905.0, 909.0), (996.0, 1001.0))
CASES = ((816.3, 4), (819.9, 6), (822.6, 3), (829.4, 2), (846.4, 2), (876.9, 1), (907.3, 2), (954.8, 1), (998.9, 3), (1025.0, 1))
BASES = (("第一中队驻点", 836.2), ("第二中队驻点", 892.6), ("第三中队驻点", 953.9), ("第四中队驻点", 1012.4))
COUNTY = 977.1
"""Where the line passes from the first county into the second, km: in the long tunnel."""
HIGHWAY, HIGHWAY_STEP = -600.0, 400.0
"""How far the highway keeps to the right of the line, and the distance of its drawn places, metres."""


def write_golmud(folder: Path) -> None:
    """All layers of the scenario in a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    axis = draw_axis()
    _write(folder, "railway", _tracks(axis))
    _write(folder, "stations", [
        (_at(axis, km), {"name": name, "里程": chainage(1000 * km), "高程": height, "line": NAME}) for name, km, height, _loop in STATIONS
    ])  # fmt: skip
    _write(folder, "rail_posts", _posts(axis))
    _write(folder, "roads", _roads(axis))
    _write(folder, "households", _households(axis))
    _write(folder, "key_sites", [(_at(axis, km, left), {"name": name}) for name, km, left in SCHOOLS])
    _write(folder, "depots", [(_at(axis, km, _highway(km) + 40.0), {"name": name, "kind": "护路中队", "crews": 1}) for name, km in BASES])
    _write(folder, "communities", _counties(axis))
    _write(folder, "rail_features", _features(axis))


def chainage(metres: float, letters: str = "K") -> str:
    """Metres as posts bear them.

    >>> chainage(814400.0), chainage(13200.0, "DK")
    ('K814+400', 'DK13+200')
    """
    return f"{letters}{round(metres) // 1000}+{round(metres) % 1000:03d}"


def on_globe(geometry: shapely.Geometry) -> shapely.Geometry:
    """The geometry in degrees of CGCS2000, longitude first, rounded so that equal vertices stay equal."""
    return shapely.transform(geometry, lambda xy: degrees_of(xy, MERIDIAN).round(DECIMALS))


def _write(folder: Path, name: str, features: list[tuple[shapely.Geometry, dict[str, object]]]) -> None:
    write_geojson(folder / f"{name}.geojson", features, on_globe)


def _at(axis: Axis, km: float, left: float = 0.0) -> Point:
    return Point(np.round(axis.point(axis.along(1000 * km), left), 2))


def _highway(km: float) -> float:
    """How far to the left of the line the highway runs at a chainage; it swings, and keeps its side."""
    return HIGHWAY + 250.0 * float(np.sin(km / 7.0))


def _tracks(axis: Axis) -> list[tuple[shapely.Geometry, dict[str, object]]]:
    """Pieces of the line as maps have them, in no order and direction, with loops at stations, a yard and a spur."""
    spans = [(axis.along(1000 * km), axis.along(1000 * km) + metres, kind) for kind, km, metres in SPANS]
    loops = [(axis.along(1000 * km) - metres / 2, axis.along(1000 * km) + metres / 2) for _name, km, _height, metres in STATIONS if metres]
    yard = (250.0, 1450.0)
    spur = axis.along(847_200.0)
    plain = np.arange(9_000.0, axis.line.length, 9_000.0).tolist()
    cuts = sorted({0.0, axis.line.length, spur, *yard, *(at for low, high, *_kind in (*spans, *loops) for at in (low, high)), *plain})
    dice = np.random.default_rng([SEED, 1])
    pieces: list[tuple[LineString, str]] = []
    for a, b in pairwise(cuts):
        kind = next((kind for low, high, kind in spans if low <= (a + b) / 2 <= high), "")
        pieces.append((_rounded(stretch(axis.line, a, b)), kind))
    order, turned = dice.permutation(len(pieces)), dice.random(len(pieces)) < 0.4
    found = [_track(as_line(pieces[i][0].reverse()) if turned[i] else pieces[i][0], pieces[i][1], "") for i in order]
    for low, high in loops:
        found.insert(int(dice.integers(len(found))), _track(_beside(axis, low, high, 5.0), "", "siding"))
    found += [_track(_beside(axis, *yard, offset), "", "yard") for offset in (5.0, 10.0, 15.0)]
    away = [axis.point(spur + 300.0 * k, 9.0 * k**2).round(2) for k in range(6)]
    found.append(_track(LineString(away), "", "spur"))
    return found


def _track(line: LineString, kind: str, service: str) -> tuple[shapely.Geometry, dict[str, object]]:
    return line, {
        "name": NAME, "service": service, "main": "no" if service else "yes", "bridge": "yes" if kind == "bridge" else "no",
        "tunnel": "yes" if kind == "tunnel" else "no",
    }  # fmt: skip


def _beside(axis: Axis, low: float, high: float, left: float) -> LineString:
    """A track beside the line that leaves it and comes back at its own vertices."""
    inner = np.linspace(low + 60.0, high - 60.0, 6)
    return LineString([axis.point(low).round(2), *(axis.point(at, left).round(2) for at in inner), axis.point(high).round(2)])


def _rounded(line: LineString) -> LineString:
    return LineString(np.round(points_of(line), 2))


def _posts(axis: Axis) -> list[tuple[shapely.Geometry, dict[str, object]]]:
    """A post every kilometre, three metres beside the line, and every twenty of the builders' own."""
    posts: list[tuple[shapely.Geometry, dict[str, object]]] = [
        (_at(axis, km, -3.0), {"里程": chainage(1000 * km), "line": NAME})
        for km in range(int(FIRST) // 1000, int(LAST) // 1000 + 1)
        if km != 900  # left out by the short chain: what reads so behind it reads 20 m more ahead
    ]
    for metres in np.arange(20_000.0, DESIGN + axis.line.length, 20_000.0).tolist():
        posts.append((Point(axis.point(metres - DESIGN, 3.0).round(2)), {"里程": chainage(metres, "DK"), "line": NAME}))
    return posts


def _roads(axis: Axis) -> list[tuple[shapely.Geometry, dict[str, object]]]:
    """The highway in pieces from junction to junction, and the ways that leave it for the line."""
    ways = [(km, behind) for km, behind in CROSSINGS] + [(km, -25.0) for km in GATES]  # a way to the line ends 25 m before it
    ways.sort()
    ends = {km: _at(axis, km, _highway(km)) for km, _behind in ways}
    highway: list[FloatArray] = []
    roads: list[tuple[shapely.Geometry, dict[str, object]]] = []
    alongs = sorted({*(axis.along(1000 * km) for km in ends), *np.arange(0.0, axis.line.length, HIGHWAY_STEP).tolist(), axis.line.length})
    junctions = {axis.along(1000 * km): km for km in ends}
    for along in alongs:
        km = junctions.get(along)
        place = points_of(ends[km])[0] if km is not None else axis.point(along, _highway((FIRST + along) / 1000.0)).round(2)
        highway.append(place)
        if (km is not None or along == alongs[-1]) and len(highway) > 1:
            roads.append((LineString(highway), {"class": "trunk", "name": "G109", "maxspeed": 80}))
            highway = [place]
    for km, behind in ways:
        along = axis.along(1000 * km)
        here = [points_of(ends[km])[0], axis.point(along, -60.0).round(2)] if behind > 0 else [points_of(ends[km])[0]]
        there = [axis.point(along).round(2), axis.point(along, behind).round(2)] if behind > 0 else [axis.point(along, behind).round(2)]
        name = f"{round(km)}道口路" if behind > 0 else f"{round(km)}巡护路"
        roads.append((LineString([*here, *there]), {"class": "unclassified" if behind > 0 else "service", "name": name, "maxspeed": 30}))
    return roads


def _households(axis: Axis) -> list[tuple[shapely.Geometry, dict[str, object]]]:
    """Addresses of settlements: houses of one household, terraces of some where there are many."""
    dice = np.random.default_rng([SEED, 2])
    found: list[tuple[shapely.Geometry, dict[str, object]]] = []
    for name, km, left, households in SETTLEMENTS:
        count = min(12, max(3, households // 8))
        each = np.full(count, households // count) + (np.arange(count) < households % count)
        middle = points_of(_at(axis, km, left))[0]
        for number, here in enumerate(each.tolist(), start=1):
            at = Point((middle + dice.normal(0.0, 90.0, 2)).round(2))
            found.append((at, {"hh": here, "pop": round(2.9 * here), "addr": f"{name}{number}号"}))
    return found


def _features(axis: Axis) -> list[tuple[shapely.Geometry, dict[str, object]]]:
    """What the squads keep lists of: villages by name, crossings, fences, and cases of the last year."""
    found: list[tuple[shapely.Geometry, dict[str, object]]] = [
        (_at(axis, km, left), {"kind": "村庄", "name": name, "amount": households}) for name, km, left, households in SETTLEMENTS
    ]
    found += [(_at(axis, km), {"kind": "道口", "name": f"{chainage(1000 * km)}道口", "amount": 1}) for km, _behind in CROSSINGS]
    for km, stop in FENCES:
        at = np.arange(axis.along(1000 * km), axis.along(1000 * stop), 250.0)
        line = LineString([axis.point(along, 12.0).round(2) for along in at])
        found.append((line, {"kind": "护栏", "name": f"{chainage(1000 * km)}护栏", "amount": round(line.length)}))
    found += [(_at(axis, km, 30.0), {"kind": "案事件", "name": "", "amount": count}) for km, count in CASES]
    return found


def _counties(axis: Axis) -> list[tuple[shapely.Geometry, dict[str, object]]]:
    """Two areas along the line that share their bound."""
    at = axis.along(1000 * COUNTY)
    land = as_polygon(stretch(axis.line, 0.0, axis.line.length).simplify(500.0).buffer(6_000.0, quad_segs=2))
    blade = LineString([axis.point(at, -9_000.0), axis.point(at, 9_000.0)])
    parts = [as_polygon(part) for part in shapely.get_parts(shapely.ops.split(land, blade))]
    parts.sort(key=lambda part: part.distance(Point(axis.point(0.0))))
    named = (("632801200000", "郭勒木德镇"), ("632726200000", "曲麻河乡"))
    return [
        (Polygon(np.round(points_of(part.exterior), 2)), {"code": code, "name": name})
        for part, (code, name) in zip(parts, named, strict=True)
    ]


def as_polygon(geometry: shapely.Geometry) -> Polygon:
    """The geometry itself, known to be one area.

    Raises
    ------
    TypeError
        Where it is anything else.
    """
    if not isinstance(geometry, Polygon):
        raise TypeError(f"expected one area, not {geometry.geom_type}")
    return geometry


if __name__ == "__main__":
    write_golmud(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "golmud")
