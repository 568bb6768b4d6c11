"""The six communities: faces between the river, the railway, the limit and the streets chosen as their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely import LineString, Polygon

from sample_data.curves import place
from sample_data.noding import Drawn

BOUNDING_STREETS = ("环城西路", "环城北路", "环城东路", "友谊路", "文化路")
BRIDGE_ROADS = ("西桥路", "东桥路")
"""These bound a community only between the embankment and the middle of the river."""


@dataclass(frozen=True, eq=False)
class Community:
    """A community: 12-digit code, name, the households it must have, the grids this gives, and its outline."""

    code: str
    name: str
    households: int
    grids: int
    outline: Polygon


COMMUNITIES = (
    ("620802001001", "钟楼社区", 5472, 18, (0, 0)),
    ("620802001002", "北苑社区", 4857, 16, (300, 1300)),
    ("620802001003", "东关社区", 4761, 16, (1700, 200)),
    ("620802001004", "新城社区", 4548, 15, (-1700, 200)),
    ("620802001005", "南岸社区", 5134, 17, (0, -1300)),
    ("620802001006", "铁新社区", 4228, 14, (0, -2400)),
)
"""Code, name, households, grids of about 300, and a place inside."""


def draw_communities(
    pieces: Sequence[Drawn], river: Sequence[LineString], rail: Sequence[LineString], limit: Sequence[LineString]
) -> list[Community]:
    """The communities as faces of the noded lines: neighbours share every vertex of their common bound."""
    stream = shapely.union_all(river)
    bank = shapely.union_all([p.line for p in pieces if p.name == "滨河北路"])
    walls = [*limit, *river, *rail, *(p.line for p in pieces if p.name in BOUNDING_STREETS)]
    bridges = [p.line for p in pieces if p.name in BRIDGE_ROADS]
    walls += [line for line in bridges if line.distance(bank) == 0 and line.distance(stream) == 0]
    faces = shapely.get_parts(shapely.polygonize(walls))
    return [
        Community(code, name, households, grids, next(f for f in faces if f.contains(place(*spot))))
        for code, name, households, grids, spot in COMMUNITIES
    ]
