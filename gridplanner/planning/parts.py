"""From labelled land to a districting problem: neighbours, surroundings, and which parts of an area are planned together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.districting.problem import DistrictingProblem
from algorithms.graph.adjacency import Adjacency, adjacency
from algorithms.graph.components import components
from algorithms.graph.contiguity import Surroundings, surroundings, with_links
from algorithms.sums import group_sums
from gridplanner.model.band import Band
from gridplanner.model.lines import Floats, Ints, Texts
from gridplanner.model.outlines import sides
from gridplanner.model.units import BorderKind, Units, border_lengths, unit_areas

# what a metre of a district's boundary costs by what runs along it; measured on two real towns (README § Decisions)
BORDER_PRICE = {
    BorderKind.CUT: 2.5, BorderKind.PATH: 2.0, BorderKind.LANE: 0.7, BorderKind.STREET: 0.4, BorderKind.ARTERIAL: 0.3,
    BorderKind.RAILWAY: 0.6, BorderKind.WATER: 0.6, BorderKind.WALL: 0.6,
}  # fmt: skip
LIMIT_PRICE = 0.3


@dataclass(frozen=True, eq=False)
class Land:
    """Pieces of land to be grouped: their neighbours, what lies around them, area, boundary cost, a point inside and a polygon.

    `area_row` (n,) is the area (community) that each piece lies in; pieces of different areas are no neighbours.
    """

    adjacency: Adjacency
    surroundings: Surroundings
    area: Floats
    rim: Floats
    xy: Floats
    area_row: Ints
    polygons: Texts


@dataclass(frozen=True, eq=False)
class Regions:
    """What is planned together: `region` (n,) of each piece, `load` (r,) of each region, `links` between parts nothing else joins.

    `joined` lists (area row, loads of each kind, piece) of the parts that were joined to another because none of their own fits.
    """

    region: Ints
    load: Floats
    links: tuple[Ints, Ints]
    joined: tuple[tuple[int, tuple[float, ...], int], ...]


def land_of(units: Units, rows: Ints, polygons: Texts, area_row: Ints) -> Land:
    """Return the pieces that `rows` (u,) makes of the units: the units themselves, or whole grids."""
    count = len(polygons)
    left, right = sides(units, rows)
    border = left != right
    left, right = left[border], right[border]
    inner = (left >= 0) & (right >= 0)
    inner[inner] = area_row[left[inner]] == area_row[right[inner]]
    length = border_lengths(units)[border]
    price = np.array([BORDER_PRICE[kind] for kind in BorderKind])[units.kind[border]]
    cost = length * np.where(inner, price, LIMIT_PRICE)
    blocked = units.blocked[border]
    pairs = adjacency(np.where(inner, left, -1), np.where(inner, right, -1), length, cost, blocked, count)
    ring = surroundings(units.xy, units.ends[border], left, right, blocked, count)
    rim = np.zeros(count)
    for side in (left, right):
        rim += np.bincount(side[side >= 0], cost[side >= 0], minlength=count)
    area = group_sums(rows, unit_areas(units), count)
    return Land(pairs, ring, area, rim, shapely.get_coordinates(shapely.point_on_surface(polygons)), area_row, polygons)


def regions_of(land: Land, loads: Floats, band: Band) -> Regions:
    """Return what is planned together: each area's connected parts, those too small to stand alone joined to the nearest.

    A part with less than half the band's lower limit joins; a larger one stands alone where some number of districts fits it, and
    joins otherwise; an area keeps at least its heaviest part (contracts, parts). `loads` (w, n) as shares of the target.
    """
    pairs = land.adjacency
    part = components(len(land.area), pairs.low[pairs.crossable], pairs.high[pairs.crossable])
    count = int(part.max(initial=-1)) + 1
    of_kind = np.stack([group_sums(part, column, count) for column in loads])
    load = of_kind.max(axis=0)
    area_of = np.zeros(count, np.int64)
    area_of[part] = land.area_row
    alone = np.array([w >= 0.5 * band.low and len(band.fitting(w)) > 0 for w in load.tolist()], bool)
    order = np.lexsort((load, area_of))
    heaviest = order[np.append(area_of[order][1:] != area_of[order][:-1], True)] if count else order
    stands = np.bincount(area_of[alone], minlength=int(area_of.max(initial=0)) + 1) > 0
    alone[heaviest] |= ~stands[area_of[heaviest]]
    first = np.unique(part, return_index=True)[1]
    joined = tuple(
        (int(area_of[p]), tuple(of_kind[:, p].tolist()), int(first[p]))
        for p in sorted(np.flatnonzero(~alone).tolist(), key=lambda p: float(load[p]))
    )
    links = _links(land, part, alone)
    region = components(count, part[links[0]], part[links[1]])[part]
    total = np.stack([group_sums(region, column) for column in loads]).max(axis=0)
    return Regions(region, total, links, joined)


def problem_of(land: Land, regions: Regions, loads: Floats, districts: Ints, band: tuple[float, float]) -> DistrictingProblem:
    """Return the districting problem of land in regions; linked parts become neighbours with a border of no length."""
    pairs, (a, b) = land.adjacency, regions.links
    count = len(land.area)
    key = np.concatenate((pairs.low.astype(np.int64) * count + pairs.high, np.minimum(a, b).astype(np.int64) * count + np.maximum(a, b)))
    unique, index = np.unique(key, return_inverse=True)
    zero = np.zeros(len(a))
    linked = Adjacency(
        (unique // count).astype(np.int32),
        (unique % count).astype(np.int32),
        group_sums(index, np.concatenate((pairs.length, zero)), len(unique)),
        group_sums(index, np.concatenate((pairs.cost, zero)), len(unique)),
        group_sums(index, np.concatenate((pairs.crossable, np.ones(len(a), bool))), len(unique)) > 0,
    )
    ring = with_links(land.surroundings, a, b)
    return DistrictingProblem(loads.T.copy(), land.xy, land.area, land.rim, linked, ring, regions.region, districts, band)


def _links(land: Land, part: Ints, alone: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return pairs of pieces that join every part to one that stands alone: the shortest way out of each cluster, until all have one."""
    a: list[int] = []
    b: list[int] = []
    cluster = np.arange(len(alone))
    while True:
        stands = np.bincount(cluster[alone], minlength=len(alone)) > 0
        lost = [c for c in np.unique(cluster).tolist() if not stands[c]]
        if not lost:
            return np.array(a, np.int32), np.array(b, np.int32)
        for c in lost:
            mine = np.flatnonzero(cluster[part] == c)
            others = np.flatnonzero((land.area_row == land.area_row[mine[0]]) & (cluster[part] != c))
            near, far = _nearest_pair(land.polygons[mine], land.polygons[others])
            a.append(int(mine[near]))
            b.append(int(others[far]))
        cluster = components(len(alone), part[a], part[b]).astype(np.int64)


def _nearest_pair(mine: Texts, others: Texts) -> tuple[int, int]:
    """Return the rows of the two polygons, one of each side, that are nearest to each other."""
    tree = shapely.STRtree(others)
    (near, far), distance = tree.query_nearest(mine, return_distance=True, all_matches=False)
    best = int(np.argmin(distance))
    return int(near[best]), int(far[best])
