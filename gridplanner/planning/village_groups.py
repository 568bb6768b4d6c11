"""Villagers' groups (村民小组) as grids: the units of each, and the empty ground between them given to the nearest."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.graph.components import components
from algorithms.sums import group_sums
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.rules import area_of_units
from gridplanner.model.units import OUTSIDE, Units, border_lengths, unit_areas

LIGHT = 0.1  # share of a group's load below which a part away from the others follows its neighbours
ROUNDS = 20


def village_units(project: Project, member: Ints, load: Floats, blocked: Bools, low: float) -> tuple[Ints, tuple[str, ...]]:
    """Return the villagers' group of each unit, (u,) OUTSIDE for none, and the groups' names; none where villages are not asked for.

    A unit is of the group whose area holds it, else of that in which most of its households are. In a community with groups,
    ground without households goes to the nearest group (along units, over crossable borders first), and so do households of no group
    where they are less than half of `low`, the least load of a grid; else they are planned as elsewhere. Units that are at or above 0 in
    `member` (u,) are taken already.
    """
    units, settings = project.units, project.settings.grids
    assert units is not None
    group = np.full(len(units), OUTSIDE, np.int64)
    if settings is None or settings.rural != "villages":
        return group, ()
    name = _names(project, units)
    named = np.array([bool(text) for text in name], bool) & (member == OUTSIDE)
    named &= _inhabited(units, name, load)
    if not named.any():
        return group, ()
    words, word = np.unique(name[named].astype(str), return_inverse=True)
    keys, group[named] = np.unique(units.community[named].astype(np.int64) * len(words) + word, return_inverse=True)
    group = _spread(units, group, len(keys), member, load, blocked, low)
    group = _without_light_parts(units, group, len(keys), load, blocked)
    return np.where(group < len(keys), group, OUTSIDE), tuple(words[keys % len(words)].tolist())


def _names(project: Project, units: Units) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the group that each unit says it is of, empty for none."""
    homes, areas = project.households, project.rules.groups
    name = np.full(len(units), "", object)
    if homes.group is not None:
        told = np.flatnonzero((units.address_unit >= 0) & np.array([bool(text) for text in homes.group], bool))
        words, word = np.unique(homes.group[told].astype(str), return_inverse=True)
        pair, index = np.unique(units.address_unit[told].astype(np.int64) * max(len(words), 1) + word, return_inverse=True)
        heads = group_sums(index, homes.households[told] + 1e-6, len(pair))
        order = np.argsort(heads, kind="stable")
        name[pair[order] // max(len(words), 1)] = words[pair[order] % max(len(words), 1)].astype(object)  # the most is written last
    of_unit = area_of_units(units, areas)
    inside = of_unit >= 0
    name[inside] = areas.names[of_unit[inside]]
    return name


def _inhabited(units: Units, name: np.ndarray[tuple[int], np.dtype[np.object_]], load: Floats) -> Bools:
    """True for units of a group that has households at all."""
    key = units.community.astype(np.int64) * (len(units) + 1) + np.unique(name.astype(str), return_inverse=True)[1]
    return np.isin(key, np.unique(key[load > 0]))


def _spread(units: Units, group: Ints, count: int, member: Ints, load: Floats, blocked: Bools, low: float) -> Ints:
    """Return the groups after what is of none was given to the nearest; `count` + community stands for households planned as elsewhere."""
    communities = int(units.community.max()) + 1
    planned = np.bincount(units.community[group >= 0], minlength=communities) > 0
    ours = planned[units.community] & (member == OUTSIDE)
    rest = ours & (group == OUTSIDE) & (load > 0)
    much = group_sums(units.community[rest], load[rest], communities) >= max(0.5 * low, 1e-9)
    group = np.where(rest & much[units.community], count + units.community, group)
    for ways in (~blocked, np.ones(len(blocked), bool)):
        lost = ours & (group == OUTSIDE)
        if lost.any():
            group = np.where(lost, _nearest_along(units, group, ours, ways), group)
    lost = np.flatnonzero(ours & (group == OUTSIDE))
    polygons = unit_polygons(units)
    for community in np.unique(units.community[lost]).tolist():
        mine = lost[units.community[lost] == community]
        others = np.flatnonzero(ours & (group != OUTSIDE) & (units.community == community))
        near = shapely.STRtree(polygons[others]).query_nearest(polygons[mine], all_matches=False)
        group[mine[near[0]]] = group[others[near[1]]]
    return np.where(ours, group, OUTSIDE)


def _nearest_along(units: Units, group: Ints, ours: Bools, ways: Bools) -> Ints:
    """Return the group of the nearest unit that has one, walking from unit to unit over some borders; OUTSIDE where none is in reach."""
    left, right = units.left, units.right
    inner = (left >= 0) & (right >= 0) & ways
    inner[inner] = ours[left[inner]] & ours[right[inner]] & (units.community[left[inner]] == units.community[right[inner]])
    pair = np.unique(np.sort(np.column_stack((left[inner], right[inner])), axis=1), axis=0)
    xy = shapely.get_coordinates(shapely.centroid(unit_polygons(units)))
    step = np.hypot(*(xy[pair[:, 0]] - xy[pair[:, 1]]).T) + 0.01
    graph = csr_array((step, (pair[:, 0], pair[:, 1])), shape=(len(units), len(units)))
    sources = np.flatnonzero(ours & (group != OUTSIDE))
    found = dijkstra(graph, directed=False, indices=sources, min_only=True, return_predecessors=True)[2]
    return np.where(found >= 0, group[np.maximum(found, 0)], OUTSIDE)


def _without_light_parts(units: Units, group: Ints, count: int, load: Floats, blocked: Bools) -> Ints:
    """Return the groups after light parts of a group away from its main one followed the neighbour with the longest common border."""
    inner = (units.left >= 0) & (units.right >= 0) & ~blocked
    a, b, length = units.left[inner], units.right[inner], border_lengths(units)[inner]
    group = group.copy()
    total = group_sums(np.maximum(group, 0), np.where(group >= 0, load, 0.0))
    for _round in range(ROUNDS):
        same = (group[a] == group[b]) & (group[a] >= 0)
        part = components(len(units), a[same], b[same])
        parts = int(part.max()) + 1
        of_part = np.zeros(parts, np.int64)
        of_part[part] = group
        heft = group_sums(part, load, parts)
        order = np.lexsort((group_sums(part, unit_areas(units), parts), heft, of_part))
        main = np.zeros(parts, bool)
        main[order[np.append(of_part[order][1:] != of_part[order][:-1], True)]] = True
        light = ~main & (of_part >= 0) & (of_part < count) & (heft < LIGHT * total[np.maximum(of_part, 0)])
        across = (part[a] != part[b]) & (group[a] >= 0) & (group[b] >= 0) & (units.community[a] == units.community[b])
        one, other, metres = np.concatenate((a[across], b[across])), np.concatenate((b[across], a[across])), np.tile(length[across], 2)
        use = light[part[one]] & main[part[other]]
        if not use.any():
            break
        pair, index = np.unique(part[one[use]].astype(np.int64) * parts + part[other[use]], return_inverse=True)
        shared = group_sums(index, metres[use], len(pair))
        order = np.argsort(shared, kind="stable")
        goes = np.full(parts, OUTSIDE, np.int64)
        goes[pair[order] // parts] = of_part[pair[order] % parts]
        moved = goes[part] >= 0
        group[moved] = goes[part[moved]]
    return group
