"""The ground of the made district: the town's blocks, the townships, the villages, and who belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

FloatArray = NDArray[np.float64]

BLOCK = 120.0  # metres between two streets of the town
COLUMNS, ROWS = 60, 40  # blocks of the town
WIDE, HIGH = 6, 5  # blocks of an urban community
OFFICES = ("东城街道", "中城街道", "西城街道")
TOWNSHIPS = (
    "柳林镇", "石桥镇", "安平镇", "清水镇", "永丰镇", "白庙镇", "草滩乡", "沙河乡", "大寨乡", "高坪乡", "麻地乡", "南塬乡", "花所乡",
    "西阳乡", "北沟乡", "上营乡", "下营乡",
)  # fmt: skip
INNER, OUTER = 9_000.0, 16_500.0  # metres from the town to the two rings of townships
NEAR, FAR = 7, 10  # townships in each
VILLAGES = 12  # villages of a township
EDGE = 22_000.0  # metres to the boundary, about


@dataclass(frozen=True, eq=False)
class Land:
    """Communities of the district in metres of the drawing, the town's first.

    `centres` (c, 2) is the middle of each one's houses, `offices` the street office or township, `urban` how many are of the town;
    `townships` (t, 2) are the middles of the townships, `outline` the district, `nodes` (rows + 1, columns + 1, 2) the town's corners.
    """

    outlines: list[Polygon]
    names: list[str]
    offices: list[str]
    centres: FloatArray
    urban: int
    townships: FloatArray
    outline: Polygon
    nodes: FloatArray


def draw_land(dice: np.random.Generator) -> Land:
    """The communities: superblocks of the town along its main streets, and for each village the land nearest to it."""
    nodes = _corners(dice)
    town = shapely.box(*(-0.5 * BLOCK * np.array([COLUMNS, ROWS])), *(0.5 * BLOCK * np.array([COLUMNS, ROWS])))
    outline = _outline(dice)
    townships = _ring(NEAR, INNER, 0.2, dice), _ring(FAR, OUTER, 0.5, dice)
    middles = np.concatenate(townships)
    villages = np.concatenate([_villages(middle, dice) for middle in middles])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(villages), extend_to=outline, ordered=True))
    outside = shapely.set_precision(outline.difference(town), 0.01)
    land = [_largest(cell) for cell in shapely.intersection(shapely.set_precision(cells, 0.01), outside, grid_size=0.01)]
    blocks, urban_names, offices = _superblocks(nodes)
    names = [f"{TOWNSHIPS[i // VILLAGES][:2]}{'一二三四五六七八九十'[i % VILLAGES] if i % VILLAGES < 10 else f'十{i % VILLAGES - 9}'}村"
             for i in range(len(villages))]  # fmt: skip
    return Land(
        outlines=blocks + land,
        names=urban_names + names,
        offices=offices + [TOWNSHIPS[i // VILLAGES] for i in range(len(villages))],
        centres=np.concatenate([shapely.get_coordinates(shapely.centroid(blocks)), villages]),
        urban=len(blocks),
        townships=middles,
        outline=outline,
        nodes=nodes,
    )


def _corners(dice: np.random.Generator) -> FloatArray:
    """Corners of the town's blocks, a little out of line save on main streets, which are straight."""
    x = BLOCK * (np.arange(COLUMNS + 1) - COLUMNS / 2)
    y = BLOCK * (np.arange(ROWS + 1) - ROWS / 2)
    nodes = np.stack(np.meshgrid(x, y), axis=2)
    shift = dice.uniform(-18, 18, nodes.shape).round(2)
    shift[::HIGH], shift[:, ::WIDE] = 0.0, 0.0
    return np.asarray(nodes + shift)


def _superblocks(nodes: FloatArray) -> tuple[list[Polygon], list[str], list[str]]:
    outlines, names, offices = [], [], []
    for row in range(0, ROWS, HIGH):
        for column in range(0, COLUMNS, WIDE):
            ring = [
                *(nodes[row, column + i] for i in range(WIDE)),
                *(nodes[row + i, column + WIDE] for i in range(HIGH)),
                *(nodes[row + HIGH, column + WIDE - i] for i in range(WIDE)),
                *(nodes[row + HIGH - i, column] for i in range(HIGH)),
            ]
            outlines.append(Polygon(ring))
            office = min(column * len(OFFICES) // COLUMNS, len(OFFICES) - 1)
            offices.append(OFFICES[office])
            names.append(f"{OFFICES[office][:2]}第{len([o for o in offices if o == OFFICES[office]])}社区")
    return outlines, names, offices


def _outline(dice: np.random.Generator) -> Polygon:
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radius = EDGE + sum(dice.uniform(300, 900) * np.sin(k * angle + dice.uniform(0, 6)) for k in (2, 3, 5, 8))
    return Polygon(np.column_stack([radius * np.cos(angle), 0.9 * radius * np.sin(angle)]).round(2))


def _ring(count: int, radius: float, turn: float, dice: np.random.Generator) -> FloatArray:
    angle = 2 * np.pi * (np.arange(count) + turn) / count + dice.uniform(-0.12, 0.12, count)
    far = radius * dice.uniform(0.94, 1.06, count)
    return np.column_stack([far * np.cos(angle), 0.9 * far * np.sin(angle)]).round(2)


def _villages(middle: FloatArray, dice: np.random.Generator) -> FloatArray:
    """The township's seat and the villages on two circles around it."""
    count = VILLAGES - 1
    angle = 2 * np.pi * (np.arange(count) / count + dice.uniform()) + dice.uniform(-0.15, 0.15, count)
    far = np.where(np.arange(count) % 2 == 0, 1_500.0, 2_600.0) * dice.uniform(0.9, 1.1, count)
    around = middle + far[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(np.vstack([middle, around]).round(2))


def _largest(shape: shapely.Geometry) -> Polygon:
    part: Polygon = max(shapely.get_parts(shape), key=lambda p: p.area)
    return part
