"""Schools, hospitals, parks and the like: blocks without homes, key sites, and the posts patrols start from."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import shapely
from shapely import LineString, Polygon

from sample_data.blocks import Block, Cut
from sample_data.curves import place


class Place(NamedTuple):
    """A public place as drawn, and how often and when a patrol must call there (no visits: not a key site).

    `built` says that it fills its block, so that nobody lives there; with a reach (metres)
    it takes the blocks around too. A park gets footpaths, and a pond where one is named.
    """

    name: str
    x: float
    y: float
    visits: int = 0
    dwell_min: int = 0
    opens: str = "00:00"
    closes: str = "24:00"
    weight: float = 1.0
    built: bool = True
    reach: float = 0.0
    park: bool = False
    pond: str = ""


PLACES: tuple[Place, ...] = (
    Place("西郊街道办事处", -160, -75, 2, 5, "08:00", "18:00", 2.0),
    Place("钟楼广场", 75, 75, 3, 10, "08:00", "22:00", 2.0, reach=50, park=True),
    Place("县人民医院", 700, -160, 3, 10, "00:00", "24:00", 3.0, reach=75),
    Place("城关第一小学", -380, 250, 2, 10, "07:30", "17:30", 3.0, reach=60),
    Place("文庙公园", -480, -420, 1, 10, "06:00", "22:00", 1.0, reach=130, park=True, pond="莲花池"),
    Place("钟楼农贸市场", 330, 190, 2, 10, "06:00", "19:00", 2.0, reach=45),
    Place("第一中学", 780, 620, 2, 10, "07:00", "21:30", 3.0, reach=110),
    Place("城墙遗址公园", -820, 540, reach=95, park=True),
    Place("第三中学", -940, -650, 2, 10, "07:00", "21:30", 3.0, reach=105),
    Place("职业技术学院", -230, 1030, 2, 10, "07:00", "22:00", 2.0, reach=150),
    Place("北苑小学", 400, 1420, 2, 10, "07:30", "17:30", 3.0, reach=70),
    Place("体育场", 1000, 960, 1, 10, "06:00", "22:00", 1.5, reach=115),
    Place("北苑公园", 1080, 1300, reach=140, park=True),
    Place("汽车客运站", 200, 1400, 3, 10, "06:00", "20:00", 2.5),
    Place("妇幼保健院", -700, 1000, 2, 10, "00:00", "24:00", 2.5),
    Place("东关小学", 1330, 240, 2, 10, "07:30", "17:30", 3.0, reach=60),
    Place("东湖公园", 1800, 260, 1, 10, "06:00", "22:00", 1.0, reach=170, park=True, pond="东湖"),
    Place("自来水厂", 1850, -760, 2, 5, "00:00", "24:00", 2.5, reach=100),
    Place("东关市场", 1380, -160, 2, 10, "06:00", "19:00", 2.0),
    Place("县中医院", 1330, 700, 2, 10, "00:00", "24:00", 2.5, reach=75),
    Place("政务服务中心", -1850, 480, 2, 10, "08:30", "17:30", 2.0),
    Place("新城公园", -1830, 330, 1, 10, "06:00", "22:00", 1.0, reach=150, park=True, pond="新城湖"),
    Place("新城中学", -1850, -100, 2, 10, "07:00", "21:30", 3.0, reach=120),
    Place("新城小学", -1800, 930, 2, 10, "07:30", "17:30", 3.0),
    Place("变电站", -1450, 750, 2, 5, "00:00", "24:00", 2.5),
    Place("南岸小学", -330, -1300, 2, 10, "07:30", "17:30", 3.0),
    Place("河南市场", 150, -1200, 2, 10, "06:00", "19:00", 2.0),
    Place("南岸中学", 900, -1330, 2, 10, "07:00", "21:30", 3.0, reach=110),
    Place("滨河公园", 880, -700, 1, 10, "06:00", "22:00", 1.0, reach=105, park=True),
    Place("铁路医院", 300, -1750, 2, 10, "00:00", "24:00", 2.0),
    Place("粮库", -860, -1850, 2, 5, "00:00", "24:00", 2.0, reach=120),
    Place("油库", 1850, -1850, 3, 5, "00:00", "24:00", 3.0, reach=120),
    Place("铁路小学", 60, -2320, 2, 10, "07:30", "17:30", 3.0, reach=60),
    Place("工人文化宫", -560, -2330, 1, 10, "08:00", "21:00", 1.0),
    Place("西郊站", 25, -1985, 4, 15, "05:00", "24:00", 3.0, False),
    Place("南大桥", 36, -800, 2, 5, "00:00", "24:00", 1.5, False),
    Place("加油站", -1700, 150, 2, 5, "00:00", "24:00", 2.0, False),
)


class Post(NamedTuple):
    """A place patrols start from: a police station or a patrol post, and its crews."""

    name: str
    kind: str
    x: float
    y: float
    crews: int


POSTS: tuple[Post, ...] = (
    Post("西郊派出所", "派出所", -75, 118, 4),
    Post("新城派出所", "派出所", -1540, 300, 3),
    Post("站前派出所", "派出所", 20, -1830, 3),
    Post("北苑警务站", "巡逻岗", 95, 1262, 2),
    Post("东关警务站", "巡逻岗", 1530, -30, 2),
)


def clear_sites(blocks: list[Block], cuts: list[Cut]) -> tuple[list[Block], list[Cut], dict[int, int]]:
    """Room for the public places: their blocks joined and the streets across them taken away.

    Returns the blocks, the streets, and which block holds which place (number of the block to number of the place).
    """
    taken: dict[int, int] = {}
    for number, item in enumerate(PLACES):
        spot = place(item.x, item.y)
        own = next((i for i, b in enumerate(blocks) if b.outline.contains(spot)), None) if item.built else None
        if own is None or own in taken:
            continue
        near = [i for i, b in enumerate(blocks) if b.quarter == blocks[own].quarter and b.outline.centroid.distance(spot) < item.reach]
        site = shapely.union_all([blocks[i].outline for i in {own, *near} - set(taken)], grid_size=0.001)
        if isinstance(site, Polygon) and near:
            inner = site.buffer(-1.0)
            cuts = [Cut(c.kind, part) for c in cuts for part in _outside(c.line, inner)]
            blocks = [replace(b, outline=Polygon(site.exterior)) if i == own else b for i, b in enumerate(blocks)]
            taken |= dict.fromkeys(near, -1)
        taken[own] = number
    keep = [i for i in range(len(blocks)) if taken.get(i, 0) >= 0]
    return [blocks[i] for i in keep], cuts, {new: taken[i] for new, i in enumerate(keep) if i in taken}


def _outside(line: LineString, site: Polygon) -> list[LineString]:
    if not line.intersects(site):
        return [line]
    parts = shapely.get_parts(line.difference(site))
    return [p for p in parts if isinstance(p, LineString) and p.length > 8.0]
