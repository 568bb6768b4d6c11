"""What the planner lays down before grids are made: areas kept whole or grids of their own, lines that stay, places that belong."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from gridplanner.model.lines import NO_LINES, Bools, Floats, Ints, Lines, Texts
from gridplanner.model.outlines import polygons_of_units, unit_boxes, unit_polygons
from gridplanner.model.places import texts
from gridplanner.model.units import OUTSIDE, Units, unit_areas

FEW = 64  # areas up to which the units near each are looked for, rather than making the polygons of all


@dataclass(frozen=True, eq=False)
class RuleAreas:
    """Named areas: `polygons` (n,) Polygon or MultiPolygon, `names` (n,) text, `cuts` (n,) whether their outlines cut units.

    Areas that were drawn cut; areas that the planner made of whole units do not, so that making one leaves the units as they are.
    """

    polygons: Texts
    names: Texts
    cuts: Bools

    def __len__(self) -> int:
        return len(self.polygons)

    def without(self, row: int) -> RuleAreas:
        """Return the areas but the one at `row`."""
        keep = np.arange(len(self)) != row
        return RuleAreas(self.polygons[keep], self.names[keep], self.cuts[keep])

    def with_area(self, polygon: shapely.Geometry, name: str, *, cuts: bool) -> RuleAreas:
        """Return the areas and one more behind them."""
        last = np.empty(1, object)
        last[0] = polygon
        return RuleAreas(np.append(self.polygons, last), np.append(self.names, texts([name])), np.append(self.cuts, cuts))


@dataclass(frozen=True, eq=False)
class MustStays:
    """Places whose unit belongs to the grid of a code: `xy` (n, 2) metres, `codes` (n,) text."""

    xy: Floats
    codes: Texts

    def __len__(self) -> int:
        return len(self.xy)


NO_AREAS = RuleAreas(texts(), texts(), np.zeros(0, bool))
NO_MUST_STAYS = MustStays(np.empty((0, 2)), texts())


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules of the grid plan beside its sizes; locks are on the grids themselves.

    `keep` areas stay in one grid, `exclusive` ones are each a grid of their own, `groups` are villagers' groups, each a grid where the
    settings plan by villages; no grid lies on both sides of `fixed_lines`; the unit at a place of `must_stay` is in the grid of that code.
    """

    keep: RuleAreas = NO_AREAS
    exclusive: RuleAreas = NO_AREAS
    groups: RuleAreas = NO_AREAS
    fixed_lines: Lines = NO_LINES
    must_stay: MustStays = NO_MUST_STAYS

    def __len__(self) -> int:
        return len(self.keep) + len(self.exclusive) + len(self.groups) + len(self.fixed_lines) + len(self.must_stay)


NO_RULES = Rules()


def cutting(rules: Rules) -> tuple[object, ...]:
    """Return what of the rules cuts units: the outlines that were drawn, and the lines; nothing where there is none."""
    drawn = [tuple(areas.polygons[areas.cuts].tolist()) for areas in (rules.keep, rules.exclusive, rules.groups) if areas.cuts.any()]
    return (*drawn, rules.fixed_lines) if len(rules.fixed_lines) else tuple(drawn)


@lru_cache(maxsize=16)
def area_shares(units: Units, areas: RuleAreas) -> tuple[Ints, Ints, Floats]:
    """Return (unit, area row, share of the unit's ground inside the area) of all that overlap."""
    if not len(areas) or not len(units):
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0)
    near = _units_near(units, areas)
    polygons = polygons_of_units(units, near) if len(near) < len(units) else unit_polygons(units)
    shapely.prepare(areas.polygons)
    area, unit = shapely.STRtree(polygons).query(areas.polygons, predicate="intersects")
    inside = np.ones(len(area))
    partly = ~shapely.contains_properly(areas.polygons[area], polygons[unit])
    common = shapely.area(shapely.intersection(polygons[unit[partly]], areas.polygons[area[partly]]))
    unit = near[unit]
    inside[partly] = common / np.maximum(unit_areas(units)[unit[partly]], 1e-9)
    order = np.lexsort((area, unit))
    return unit[order].astype(np.int32), area[order].astype(np.int32), inside[order]


def _units_near(units: Units, areas: RuleAreas) -> Ints:
    """Return the units whose box meets that of an area, rising; all where there are many areas. An area by hand is made of a few units."""
    if len(areas) > FEW:
        return np.arange(len(units))
    boxes, near = unit_boxes(units), np.zeros(len(units), np.bool_)
    for left, bottom, right, top in shapely.bounds(areas.polygons).tolist():
        near |= (boxes[:, 0] <= right) & (boxes[:, 1] <= top) & (boxes[:, 2] >= left) & (boxes[:, 3] >= bottom)
    return np.flatnonzero(near)


@lru_cache(maxsize=16)
def area_of_units(units: Units, areas: RuleAreas) -> Ints:
    """Return the row of the area in which each unit has more than half of its ground (the fullest, then the first), OUTSIDE for none."""
    found = np.full(len(units), OUTSIDE, np.int32)
    unit, area, share = area_shares(units, areas)
    half = np.flatnonzero(share > 0.5)
    order = half[np.lexsort((-area[half], np.round(share[half], 6)))]  # the fullest is written last
    found[unit[order]] = area[order]
    return found


@lru_cache(maxsize=16)
def together(units: Units, areas: RuleAreas) -> tuple[Ints, tuple[str, ...]]:
    """Return the group of units that stay together, (u,) OUTSIDE for none, and the groups' names: areas that share a unit are one."""
    unit, area, share = area_shares(units, areas)
    unit, area = unit[share > 0.5], area[share > 0.5]
    order = np.argsort(unit, kind="stable")
    same = np.flatnonzero(unit[order][1:] == unit[order][:-1])
    one, other = area[order][same], area[order][same + 1]
    group = np.arange(len(areas))
    while not np.array_equal(group[one], group[other]):  # areas are few, and few overlap
        low = np.minimum(group[one], group[other])
        np.minimum.at(group, one, low)
        np.minimum.at(group, other, low)
    group = np.unique(group, return_inverse=True)[1]
    found = np.full(len(units), OUTSIDE, np.int32)
    found[unit] = group[area]
    count = int(group.max(initial=-1)) + 1
    return found, tuple(" + ".join(areas.names[group == g].tolist()) for g in range(count))


def members(group: Ints, count: int) -> list[Ints]:
    """Return the rows of each of the groups 0 … `count` - 1, ascending; rows of a group below 0 are in none."""
    order = np.argsort(group, kind="stable")
    bounds = np.searchsorted(group[order], np.arange(count + 1))
    return [order[a:b] for a, b in itertools.pairwise(bounds.tolist())]
