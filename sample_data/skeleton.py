"""What a surveyor would draw first: river, railway, main roads and the outer limit, by hand-chosen points.

Sheet units (see `curves.SHEET`) east and north of the crossing of the four main streets. Nothing here is traced from a real place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from shapely import LineString, Polygon

from sample_data.curves import SHEET, Pairs, as_line, attach, beside, roughened, spline

RIVER_NAME, BROOK_NAME, RAIL_NAME = "柳湾河", "北沙沟", "西柳线"
RIVER: Pairs = (
    (-8300, 420), (-7300, 640), (-6300, 260), (-5300, 380), (-4400, -60), (-3600, 40), (-2850, -420), (-2100, -380),
    (-1450, -760), (-720, -940), (0, -820), (600, -560), (1250, -620), (1850, -1000), (2600, -1120), (3300, -820),
    (4100, -900), (4900, -1330), (5700, -1420), (6600, -1820), (7500, -1750),
)  # fmt: skip
BROOK: Pairs = (
    (-1010, 2980), (-1120, 2560), (-900, 2180), (-990, 1830), (-830, 1560), (-960, 1300), (-900, 1020), (-1110, 760),
    (-1220, 460), (-1290, 180), (-1330, -180), (-1250, -520), (-1210, -860),
)  # fmt: skip
RAIL: Pairs = (
    (-7700, -760), (-6500, -1060), (-5300, -1500), (-4100, -1720), (-3000, -1800), (-1800, -1990), (-600, -2060),
    (600, -2040), (1800, -2130), (2900, -2120), (3850, -1900), (4650, -1470), (5400, -1040), (6300, -800), (7200, -900),
)  # fmt: skip
LIMIT: Pairs = (
    (-2830, 860), (-2260, 1120), (-1690, 1480), (-1450, 1890), (-880, 1860), (-430, 2080), (160, 2060), (620, 1820), (1180, 1850),
    (1760, 1640), (2030, 1380), (2490, 1270), (2560, 690), (2930, 330), (2930, -160), (2690, -560), (2990, -1010), (2760, -1560),
    (2900, -2120), (2480, -2420), (2060, -2830), (1390, -2690), (820, -2940), (160, -2800), (-420, -2860), (-1120, -2780),
    (-1640, -2840), (-2120, -2560), (-2620, -2570), (-2660, -2210), (-2860, -1800), (-2700, -1310), (-3080, -860), (-2960, -420),
    (-3150, 60), (-2920, 290),
)  # fmt: skip


class Road(NamedTuple):
    """A main road as drawn: name, class, points, and the roads its two ends must lie on (empty: free)."""

    name: str
    kind: str
    points: Pairs
    start: str = ""
    end: str = ""


ROADS: tuple[Road, ...] = (
    # the four main streets and the ring on the line of the old wall
    Road("环城北路", "primary", ((-960, 640), (-480, 770), (20, 810), (520, 850), (1000, 780))),
    Road("环城西路", "primary", ((-1060, -800), (-1150, -420), (-1120, 60), (-1080, 430), (-960, 640)), start="滨河北路"),
    Road("环城东路", "primary", ((1000, 780), (1080, 380), (1140, 20), (1100, -300), (1130, -560)), end="滨河北路"),
    Road("西大街", "secondary", ((-1120, 60), (-820, 90), (-420, 10), (0, 0)), start="环城西路"),
    Road("东大街", "secondary", ((0, 0), (350, -50), (760, 20), (1140, 20)), end="环城东路"),
    Road("北大街", "secondary", ((0, 0), (-50, 300), (-30, 560), (20, 830)), end="环城北路"),
    Road("南大街", "secondary", ((0, 0), (50, -260), (10, -520), (40, -740)), end="滨河北路"),
    Road("北市街", "tertiary", ((-1080, 430), (-820, 380), (-560, 420), (-300, 340), (-40, 400), (230, 450),
         (500, 380), (800, 420), (1070, 380)), start="环城西路", end="环城东路"),
    Road("文庙街", "tertiary", ((-640, 740), (-570, 420), (-640, 60), (-590, -300), (-700, -560), (-660, -860)),
         start="环城北路", end="滨河北路"),
    Road("东门街", "tertiary", ((520, 860), (500, 380), (590, 0), (540, -260), (640, -480)), start="环城北路", end="滨河北路"),
    Road("书院街", "tertiary", ((-1150, -420), (-880, -330), (-590, -300), (-300, -200), (40, -270), (300, -240),
         (540, -260), (830, -190), (1100, -300)), start="环城西路", end="环城东路"),
    # roads along and across the river
    Road("站前路", "primary", ((40, -740), (30, -1000), (-40, -1420), (-10, -1900), (-8, -1970)), start="滨河北路"),
    Road("西桥路", "secondary", ((-1058, -815), (-1010, -1100), (-1070, -1500), (-1040, -1960), (-1080, -2420),
         (-1120, -2780)), start="环城西路"),
    Road("东桥路", "primary", ((1132, -580), (1170, -900), (1290, -1500), (1300, -2080), (1400, -2450), (1390, -2690)), start="环城东路"),
    Road("南环路", "primary", ((-2700, -1310), (-1960, -1330), (-1060, -1450), (-40, -1420), (1280, -1500),
         (2230, -1590), (2760, -1560))),
    # avenues out of the ring
    Road("解放西路", "primary", ((-1120, 60), (-1480, 110), (-2080, 230), (-2920, 290)), start="环城西路"),
    Road("解放东路", "primary", ((1140, 20), (1560, -70), (2130, -110), (2930, -160)), start="环城东路"),
    Road("建设路", "primary", ((20, 830), (70, 1230), (40, 1610), (160, 2060), (240, 2420)), start="环城北路"),
    Road("友谊路", "secondary", ((-960, 640), (-1230, 890), (-1480, 1180), (-1690, 1480)), start="环城北路"),
    Road("文化路", "secondary", ((1000, 780), (1300, 930), (1640, 1120), (2030, 1380)), start="环城北路"),
    Road("北环路", "primary", ((-2080, 230), (-2150, 620), (-1960, 960), (-1480, 1240), (-760, 1440), (40, 1610), (820, 1560),
         (1560, 1170), (1960, 640), (2130, -110)), start="解放西路", end="解放东路"),
    Road("东环路", "primary", ((2132, -130), (2180, -560), (2290, -1080), (2230, -1590), (2170, -1970)), start="北环路", end="铁北路"),
    Road("西环路", "secondary", ((-2082, 210), (-2120, -60), (-2070, -330)), start="北环路", end="滨河北路"),
    # streets of the districts between them
    Road("学府路", "secondary", ((-1330, 990), (-760, 1110), (70, 1230), (760, 1190), (1460, 1010)), start="友谊路", end="文化路"),
    Road("迎宾路", "tertiary", ((-480, 760), (-520, 1140), (-400, 1590)), start="环城北路", end="北环路"),
    Road("朝阳路", "tertiary", ((520, 840), (600, 1190), (640, 1560)), start="环城北路", end="北环路"),
    Road("新城大道", "secondary", ((-1560, 1200), (-1640, 700), (-1560, 140), (-1590, -330), (-1500, -640)),
         start="北环路", end="滨河北路"),
    Road("西园路", "secondary", ((-2110, 640), (-1640, 560), (-1060, 450)), start="北环路", end="环城西路"),
    Road("东关街", "secondary", ((1560, 1090), (1500, 560), (1560, -70), (1660, -420), (1640, -760)), start="文化路", end="滨河北路"),
    Road("东湖路", "secondary", ((1070, 380), (1500, 420), (2050, 420)), start="环城东路", end="北环路"),
    Road("桥南街", "secondary", ((-1700, -1000), (-1040, -1260), (-560, -1190), (30, -1120), (620, -1040),
         (1210, -1080), (1760, -1290), (2260, -1330)), start="砖厂路", end="东环路"),
    Road("纺织路", "tertiary", ((-500, -980), (-560, -1430), (-520, -1920)), start="滨河南路", end="铁北路"),
    Road("光华路", "tertiary", ((640, -640), (600, -1040), (660, -1460), (640, -1900)), start="滨河南路", end="铁北路"),
    Road("砖厂路", "tertiary", ((-1690, -720), (-1700, -1000), (-1790, -1340), (-1760, -1840)), start="滨河南路", end="铁北路"),
    Road("货场路", "residential", ((1750, -2270), (1790, -2380)), start="铁南路", end="南山路"),
    Road("石料厂路", "residential", ((-1890, -2150), (-1920, -2380)), start="铁南路", end="南山路"),
    Road("机务街", "residential", ((-370, -2200), (-330, -2480), (-300, -2660)), start="铁南路"),
    Road("南苑路", "tertiary", ((-1100, -2590), (-700, -2640), (-300, -2640)), start="西桥路", end="机务街"),
    Road("新工街", "residential", ((470, -2190), (520, -2420)), start="铁南路", end="南山路"),
    Road("南山路", "tertiary", ((-2660, -2210), (-1900, -2370), (-1060, -2390), (-200, -2480), (560, -2400),
         (1380, -2420), (1990, -2330), (2480, -2420))),
    # village roads
    Road("北塬路", "residential", ((-330, 1540), (-320, 1730), (-120, 1850), (90, 1830)), "北环路", "建设路"),
    Road("杏树湾路", "residential", ((-1620, 1420), (-1440, 1540), (-1320, 1680), (-1330, 1980)), "友谊路"),
    Road("上塬路", "residential", ((700, 1590), (900, 1700), (1230, 1680), (1500, 1500), (1830, 1270)), "北环路", "文化路"),
    Road("西坪路", "residential", ((-2500, 265), (-2570, 560), (-2420, 840), (-2200, 960), (-1950, 970)), "解放西路", "北环路"),
    Road("河湾路", "residential", ((-2500, 262), (-2530, 30), (-2380, -170), (-2110, -150)), "解放西路", "西环路"),
    Road("南滩路", "residential", ((-2250, -1325), (-2330, -1080), (-2150, -830), (-1900, -760), (-1690, -800)), "南环路", "砖厂路"),
    Road("马家庄路", "residential", ((1900, 1290), (2190, 1010), (2330, 640), (2280, 250), (2360, -125)), "文化路", "解放东路"),
    Road("东滩路", "residential", ((2500, -135), (2540, -430), (2440, -720), (2230, -830)), "解放东路", "东环路"),
    Road("沙坝路", "residential", ((2490, -1580), (2580, -1400), (2620, -1310), (2900, -1280)), "南环路"),
    Road("槐树庄路", "residential", ((2490, -1580), (2470, -1780), (2340, -1880), (2190, -1870)), "南环路", "东环路"),
    Road("石咀路", "residential", ((-2150, -2330), (-2090, -2480), (-1750, -2600), (-1400, -2540), (-1090, -2520)), "南山路", "西桥路"),
    Road("南坡路", "residential", ((-305, -2600), (20, -2640), (420, -2600), (820, -2720), (1400, -2590)), "机务街", "东桥路"),
    Road("东沟路", "residential", ((1800, -2350), (1830, -2520), (2080, -2600), (2430, -2680)), "南山路"),
    Road("砖窑路", "residential", ((-2250, -1325), (-2240, -1560), (-2020, -1680), (-1780, -1640)), "南环路", "砖厂路"),
)  # fmt: skip

OUTER_ROADS: tuple[Road, ...] = (
    Road("平柳公路", "trunk", ((-7900, 1180), (-6700, 880), (-5500, 900), (-4500, 520), (-3500, 480), (-2920, 290))),
    Road("柳东公路", "trunk", ((2930, -160), (3700, -240), (4700, -520), (5600, -420), (6500, -240), (7400, -330))),
    Road("西柳公路", "tertiary", ((-7700, -420), (-6600, -620), (-5500, -1020), (-4400, -1330), (-3500, -1330), (-2700, -1310))),
    Road("东沟公路", "tertiary", ((2760, -1560), (3500, -1480), (4250, -1180), (4800, -760), (5150, -460)), end="柳东公路"),
    Road("南塬公路", "tertiary", ((1390, -2690), (1480, -3100), (1320, -3560))),
    Road("五里铺路", "residential", ((-5560, -1000), (-5460, -1440), (-5600, -1880)), start="西柳公路"),
    Road("八里桥路", "residential", ((-3960, -1340), (-3900, -1720), (-3980, -2160)), start="西柳公路"),
    Road("杨家沟路", "residential", ((3700, -1430), (3760, -1920), (3620, -2350)), start="东沟公路"),
    Road("东坪路", "residential", ((6250, -290), (6200, -820), (6320, -1240)), start="柳东公路"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The drawn lines of the town, ends already on each other."""

    roads: dict[str, tuple[str, LineString]]
    outer: dict[str, tuple[str, LineString]]
    river_line: LineString
    brook_line: LineString
    rail: LineString
    limit: LineString
    river: Polygon
    brook: Polygon


def draw_skeleton(rng: np.random.Generator) -> Skeleton:
    """The river, the railway, the main roads and the limit as smooth lines whose ends lie exactly on each other."""
    river, rail = spline(RIVER, step=20), spline(RAIL, step=25, tolerance=0.0)
    limit = roughened((*LIMIT, LIMIT[0]), rng)
    named = {road.name: spline(road.points) for road in ROADS}
    kinds = {road.name: road.kind for road in ROADS}
    embankments = {
        "滨河北路": ("secondary", _along(river, 78, -2075, 2185)),
        "滨河南路": ("tertiary", _along(river, -76, -1690, 2255)),
        "铁北路": ("tertiary", _along(rail, 150, -1820, 2240)),
        "铁南路": ("tertiary", _along(rail, -165, -1890, 1755)),
    }
    lines = {name: line for name, (_, line) in embankments.items()} | named
    kinds |= {name: kind for name, (kind, _) in embankments.items()}
    ends = {road.name: (road.start, road.end) for road in ROADS}
    ends |= {"滨河北路": ("西环路", "东环路"), "滨河南路": ("砖厂路", "东环路"), "铁北路": ("砖厂路", "东环路"), "铁南路": ("", "")}
    for name, (start, end) in ends.items():
        lines[name] = attach(lines[name], lines.get(start), lines.get(end))
    roads = {name: (kinds[name], line) for name, line in lines.items()}
    outer = {road.name: spline(road.points) for road in OUTER_ROADS}
    for road in OUTER_ROADS:
        outer[road.name] = attach(outer[road.name], outer.get(road.start), outer.get(road.end))
    return Skeleton(
        roads=roads,
        outer={road.name: (road.kind, outer[road.name]) for road in OUTER_ROADS},
        river_line=river,
        brook_line=spline(BROOK),
        rail=rail,
        limit=limit,
        river=_water(river, 34.0, rng),
        brook=_water(spline(BROOK), 5.0, rng),
    )


def _along(line: LineString, distance: float, west: float, east: float) -> LineString:
    """The stretch of a line beside another (metres to its left) between two eastings of the sheet."""
    side = beside(line, distance)
    inside = [c for c in side.coords if west <= c[0] / SHEET <= east]
    return as_line(LineString(inside))


def _water(line: LineString, half_width: float, rng: np.random.Generator) -> Polygon:
    """A river bed of changing width around its middle line."""
    stations = np.arange(0.0, line.length, 40.0 if half_width > 20 else 15.0)
    waves = rng.uniform(0, 2 * np.pi, 3)
    widths = half_width * (1 + 0.16 * np.sin(stations / 310 + waves[0]) + 0.10 * np.sin(stations / 127 + waves[1]))
    xy = np.array([(p.x, p.y) for p in (line.interpolate(s) for s in stations)])
    along = np.gradient(xy, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
    ring = np.vstack([xy + across * widths[:, None], (xy - across * widths[:, None])[::-1]])
    bed = Polygon(ring).buffer(0).simplify(0.4)
    if not isinstance(bed, Polygon):
        raise ValueError("the river bed folds over itself: draw its bends wider")
    return bed
