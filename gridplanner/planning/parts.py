"""From labelled land to a districting problem: neighbours, surroundings, and which parts of an area are planned together."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely

from algorithms.districting.problem import DistrictingProblem
from algorithms.graph.adjacency import Adjacency, adjacency
from algorithms.graph.components import components
from algorithms.graph.contiguity import Surroundings, surroundings, with_links
from algorithms.sums import group_sums
from gridplanner.model.band import Band
from gridplanner.model.fit import fits
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import sides
from gridplanner.model.units import Units, border_lengths, unit_areas
from gridplanner.planning.borders import APART, Borders, borders_of


@dataclass(frozen=True, eq=False)
class Land:
    """Pieces of land to be grouped: their neighbours, what lies around them, area, boundary cost, a point inside and a polygon.

    `area_row` (n,) is the area (community) that each piece lies in; pieces of different areas are no neighbours. `nearest` keeps which
    pieces of two sets are nearest to each other. `metre` is what the cheapest metre of boundary costs.
    """

    adjacency: Adjacency
    surroundings: Surroundings
    area: Floats
    rim: Floats
    xy: Floats
    area_row: Ints
    polygons: Texts
    nearest: dict[tuple[bytes, bytes], tuple[int, int]] = field(default_factory=dict)
    metre: float = 0.0


@dataclass(frozen=True, eq=False)
class Parts:
    """Connected parts of areas: `part` (n,) of each piece, `area_row` (p,) of each part, `loads` (w, p) of each kind."""

    part: Ints
    area_row: Ints
    loads: Floats

    @property
    def load(self) -> Floats:
        """(p,) the larger of the loads of each part."""
        return np.asarray(self.loads.max(axis=0))


@dataclass(frozen=True, eq=False)
class Regions:
    """What is planned together: `region` (n,) of each piece, `load` (r,) of each region, `links` between parts nothing else joins.

    `joined` lists (area row, loads of each kind, piece) of the parts that were joined to another because none of their own fits.
    """

    region: Ints
    load: Floats
    links: tuple[Ints, Ints]
    joined: tuple[tuple[int, tuple[float, ...], int], ...]


def land_of(
    units: Units, rows: Ints, polygons: Texts, area_row: Ints, borders: Borders | None = None, community: Ints | None = None
) -> Land:
    """Return the pieces that `rows` (u,) makes of the units: the units themselves, whole grids, or units that stay together.

    `borders` are the units' (None: with the usual prices, and crossed wherever the ground lets one). `community` (n,) says where a
    boundary is a limit and costs what a limit does, where that is not where the `area_row` (n,) differ.
    """
    given = borders or borders_of(units)
    count = len(polygons)
    left, right = sides(units, rows)
    border = left != right
    left, right = left[border], right[border]
    inner = (left >= 0) & (right >= 0)
    inner[inner] = area_row[left[inner]] == area_row[right[inner]]
    length = border_lengths(units)[border]
    within = inner
    if community is not None:
        within = (left >= 0) & (right >= 0)
        within[within] = community[left[within]] == community[right[within]]
    cost = length * np.where(within, given.price[border], given.limit)
    shared = cost
    if given.apart is not None:
        apart = given.apart[border] & within
        cost, shared = np.where(apart, 0.0, cost), np.where(apart, -APART * length, cost)
    blocked = given.blocked[border]
    pairs = adjacency(np.where(inner, left, -1), np.where(inner, right, -1), length, shared, blocked, count)
    made_of = rows.astype(np.int32).tobytes()
    ring = _ring(units, made_of, blocked.tobytes(), count)
    rim = np.zeros(count)
    for side in (left, right):
        rim += np.bincount(side[side >= 0], cost[side >= 0], minlength=count)
    area = group_sums(rows, unit_areas(units), count)
    xy = shapely.get_coordinates(shapely.point_on_surface(polygons))
    long = length > 0
    metre = float(np.min(cost[long] / length[long], initial=np.inf)) if long.any() else 0.0
    return Land(pairs, ring, area, rim, xy, area_row, polygons, _nearest_known(units, made_of), metre)


@lru_cache(maxsize=2)
def _nearest_known(_units: Units, _rows: bytes) -> dict[tuple[bytes, bytes], tuple[int, int]]:
    """Return where the nearest pairs of these pieces are kept: sizes change while the ground stays."""
    return {}


@lru_cache(maxsize=2)
def _ring(units: Units, rows: bytes, blocked: bytes, count: int) -> Surroundings:
    """Return the surroundings of pieces, the dearest of what land is made of; sizes may change while it stays."""
    left, right = sides(units, np.frombuffer(rows, np.int32))
    border = left != right
    return surroundings(units.xy, units.ends[border], left[border], right[border], np.frombuffer(blocked, bool), count)


def regions_of(land: Land, loads: Floats, band: Band) -> Regions:
    """Return what is planned together: each area's connected parts, those too small to stand alone joined to the nearest.

    A part with less than half the band's lower limit joins; a larger one stands alone where some number of districts fits it, and
    joins otherwise; an area keeps at least its heaviest part (contracts, parts). `loads` (w, n) as shares of the target.
    """
    parts = parts_of(land, loads)
    alone = standing(parts, band.low, band.high)
    first = np.unique(parts.part, return_index=True)[1]
    joined = tuple(
        (int(parts.area_row[p]), tuple(parts.loads[:, p].tolist()), int(first[p]))
        for p in sorted(np.flatnonzero(~alone).tolist(), key=lambda p: float(parts.load[p]))
    )
    links = links_between(land, parts.part, alone)
    region = components(len(alone), parts.part[links[0]], parts.part[links[1]])[parts.part]
    total = np.stack([group_sums(region, column) for column in loads]).max(axis=0)
    return Regions(region, total, links, joined)


def parts_of(land: Land, loads: Floats) -> Parts:
    """Return the connected parts of land whose pieces have these loads (w, n)."""
    pairs = land.adjacency
    part = components(len(land.area), pairs.low[pairs.crossable], pairs.high[pairs.crossable])
    count = int(part.max(initial=-1)) + 1
    area_row = np.zeros(count, np.int32)
    area_row[part] = land.area_row
    return Parts(part, area_row, np.stack([group_sums(part, column, count) for column in loads]))


def standing(parts: Parts, low: float, high: float) -> Bools:
    """Return which parts are planned by themselves under a band: those large enough that fit, at least the heaviest of each area."""
    load, area_of = parts.load, parts.area_row
    alone = (load >= 0.5 * low) & fits(load, low, high)
    order = np.lexsort((load, area_of))
    heaviest = order[np.append(area_of[order][1:] != area_of[order][:-1], True)] if len(load) else order
    stands = np.bincount(area_of[alone], minlength=int(area_of.max(initial=0)) + 1) > 0
    alone[heaviest] |= ~stands[area_of[heaviest]]
    return np.asarray(alone)


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
    return DistrictingProblem(loads.T.copy(), land.xy, land.area, land.rim, linked, ring, regions.region, districts, band, land.metre)


def links_between(land: Land, part: Ints, alone: Bools) -> tuple[Ints, Ints]:
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
            key = (mine.tobytes(), others.tobytes())
            if key not in land.nearest:
                near, far = _nearest_pair(land.polygons[mine], land.polygons[others])
                land.nearest[key] = int(mine[near]), int(others[far])
            a.append(land.nearest[key][0])
            b.append(land.nearest[key][1])
        cluster = components(len(alone), part[a], part[b]).astype(np.int64)


def _nearest_pair(mine: Texts, others: Texts) -> tuple[int, int]:
    """Return the rows of the two polygons, one of each side, that are nearest to each other; of several, those that touch most.

    A link between polygons that only share a corner would make a grid of two pieces where one was to be had.
    """
    tree = shapely.STRtree(others)
    (near, far), distance = tree.query_nearest(mine, return_distance=True)
    nearest = np.flatnonzero(distance <= distance.min())
    shared = shapely.length(shapely.intersection(mine[near[nearest]], others[far[nearest]]))
    best = nearest[int(np.argmax(shared))]
    return int(near[best]), int(far[best])
