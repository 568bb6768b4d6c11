"""Units grouped by the rules before grids are made: grids that are settled already, and what stays together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from algorithms.graph.components import components
from algorithms.sums import group_sums
from algorithms.units.rings import ring_polygons, trace_rings
from gridplanner.i18n import N_
from gridplanner.model.issues import Issue, Level
from gridplanner.model.lines import Bools, Floats, Ints, Texts
from gridplanner.model.outlines import community_parts, sides, unit_polygons
from gridplanner.model.project import Project
from gridplanner.model.rules import area_shares, members, together
from gridplanner.model.units import OUTSIDE, Units, border_lengths, unit_areas
from gridplanner.planning.exclusive_areas import exclusive_units, free_of_locks
from gridplanner.planning.village_groups import village_units

_APART = {
    "exclusive": N_("The exclusive area {name} lies in {n} parts that nothing joins; each is a grid of its own"),
    "group": N_("The villagers' group {name} lies in {n} parts that nothing joins; each is a grid of its own"),
    "keep": N_("{name} is to stay together, but lies in {n} parts that nothing joins; each part stays whole"),
}


@dataclass(frozen=True)
class Settled:
    """A grid that the rules make before the others are sought: `kind` is locked, exclusive or group; `grid` a locked grid's id."""

    kind: str
    name: str = ""
    grid: int = 0


@dataclass(frozen=True, eq=False)
class Pieces:
    """What the units are grouped into before grids are made of them.

    `rows` (u,) is the piece of each unit; `community` (p,) each piece's community row, `area` (p,) what it is planned with: its
    community, or a number of its own where it is a grid already. `settled` and `kept` say which pieces are such grids, and which are
    areas (by name) that stay together; `polygons` (p,) are the pieces' shapes.
    """

    rows: Ints
    community: Ints
    area: Ints
    polygons: Texts
    settled: Mapping[int, Settled]
    kept: Mapping[int, str]
    issues: tuple[Issue, ...] = ()

    def __len__(self) -> int:
        return len(self.community)


def pieces_of(project: Project, load: Floats, blocked: Bools, low: float) -> Pieces:
    """Return the pieces that the rules and locks of a project make of its units.

    `load` (u,) is what each unit weighs as a share of the target, `blocked` (m,) the border pieces that nothing crosses, `low` the least
    load of a grid. Locks come first, then exclusive areas, villagers' groups, and what stays together. An area in parts that no
    crossable border joins makes a piece of each, but for parts that the community itself is in. Raises NoPlanFound where a lock and an
    exclusive area contradict each other, or an exclusive area lies in two communities.
    """
    units = project.units
    assert units is not None
    member = np.full(len(units), OUTSIDE, np.int32)
    settled: list[Settled] = []
    _lock(project, member, settled)
    if not settled and not len(project.rules) and not (project.settings.grids and project.settings.grids.rural):
        return _assembled(units, member, (), [], ())
    exclusive, issues = exclusive_units(project, load)
    for row, parts in enumerate(joined_parts(units, exclusive, len(project.rules.exclusive), load, blocked, attach=True)):
        name = str(project.rules.exclusive.names[row])
        free = [free_of_locks(project, part, member, load, name) for part in _with_households(parts, load)]
        _settle(units, free, Settled("exclusive", name), member, settled, issues)
    groups, names = village_units(project, member, load, blocked, low)
    for name, parts in zip(names, joined_parts(units, groups, len(names), load, blocked, attach=True), strict=True):
        _settle(units, _with_households(parts, load), Settled("group", name), member, settled, issues)
    if settled:
        _join_leftovers(units, member, settled, load, blocked)
    kept = _kept(project, member, load, blocked, issues)
    return _assembled(units, member, tuple(settled), kept, tuple(issues))


def _lock(project: Project, member: Ints, settled: list[Settled]) -> None:
    """Settle the locked grids of the plan as it is."""
    plan = project.grids
    if plan is None or len(plan.labels) != len(member):
        return
    for key in sorted(key for key, grid in plan.grids.items() if grid.locked):
        member[plan.labels == key] = len(settled)
        settled.append(Settled("locked", plan.grids[key].name, key))


def _with_households(parts: list[Ints], load: Floats) -> list[Ints]:
    """Return the parts of an area that make a grid each: those with households, the others staying free; all where nobody lives there."""
    lived = [part for part in parts if load[part].sum() > 0]
    return lived or parts


def _settle(units: Units, parts: list[Ints], what: Settled, member: Ints, settled: list[Settled], issues: list[Issue]) -> None:
    """Make each part of an area a grid; an empty part is a locked grid already."""
    for number, part in enumerate(parts):
        if len(part):
            member[part] = len(settled)
            settled.append(Settled(what.kind, what.name if not number else f"{what.name} ({number + 1})"))
    if len(parts) > 1:
        place = next((part for part in parts[1:] if len(part)), parts[0])
        if len(place):
            issues.append(_issue(units, place, _APART[what.kind], {"name": what.name, "n": len(parts)}))


def joined_parts(units: Units, group: Ints, count: int, load: Floats, blocked: Bools, *, attach: bool = False) -> list[list[Ints]]:
    """Return the units of each of `count` groups in parts that hang together over crossable borders, the heaviest first.

    `group` (u,) is the group of each unit, OUTSIDE for none. Of each part of the community the heaviest belong together: nothing but the
    community itself divides them. With `attach`, parts without households join what they touch over a border that cannot be crossed
    (the far bank of a river).
    """
    held = np.flatnonzero(group >= 0)
    if not len(held):
        return [[] for _ in range(count)]
    place = np.full(len(units) + 1, OUTSIDE, np.int64)  # the last place is OUTSIDE
    place[held] = np.arange(len(held))
    of = group[held]
    inner = (place[units.left] >= 0) & (place[units.right] >= 0)
    a, b, crossable = place[units.left[inner]], place[units.right[inner]], ~blocked[inner]
    same = of[a] == of[b]
    a, b, crossable = a[same], b[same], crossable[same]
    part = components(len(held), a[crossable], b[crossable])
    if attach:
        part = _attached(part, a, b, load[held])
    parts = int(part.max()) + 1
    heft = group_sums(part, load[held], parts) + 1e-9 * group_sums(part, unit_areas(units)[held], parts)
    home, owner = np.zeros(parts, np.int64), np.zeros(parts, np.int64)
    home[part], owner[part] = community_parts(units)[held], of
    order = np.lexsort((-heft, home, owner))
    main = np.zeros(parts, bool)
    main[order[np.append(True, (np.diff(owner[order]) != 0) | (np.diff(home[order]) != 0))]] = True
    # numbered group by group: the main parts of a group as one, then the others by weight
    order = np.lexsort((-heft, ~main, owner))
    new = np.append(True, (np.diff(owner[order]) != 0) | ~main[order][1:])
    number = np.empty(parts, np.int64)
    number[order] = np.cumsum(new) - 1
    rows = members(number[part], int(new.sum()))
    found: list[list[Ints]] = [[] for _ in range(count)]
    for mine, whose in zip(rows, owner[order][new].tolist(), strict=True):
        found[whose].append(held[mine])
    return found


def _attached(part: Ints, a: Ints, b: Ints, load: Floats) -> Ints:
    """Return the parts after each without load joined one that it touches, one with load where there is one."""
    while True:
        count = int(part.max(initial=-1)) + 1
        held = group_sums(part, load, count) > 0
        one, other = np.concatenate((part[a], part[b])), np.concatenate((part[b], part[a]))
        use = (one != other) & ~held[one]
        if not use.any():
            return part
        one, other = one[use], other[use]
        order = np.argsort(held[other], kind="stable")
        goes = np.arange(count)
        goes[one[order]] = other[order]  # one with load is written last
        part = components(count, np.arange(count), goes)[part]


def _join_leftovers(units: Units, member: Ints, settled: list[Settled], load: Floats, blocked: Bools) -> None:
    """Give ground without households that a settled grid cuts off from the rest of its community to that grid; never to a locked one."""
    takes = np.array([what.kind != "locked" for what in settled] + [False])  # OUTSIDE, the last place, takes nothing
    if not takes.any():
        return
    left, right = units.left, units.right
    inner = (left >= 0) & (right >= 0) & ~blocked
    inner[inner] = units.community[left[inner]] == units.community[right[inner]]
    a, b, length = left[inner], right[inner], border_lengths(units)[inner]
    free = member == OUTSIDE
    both = free[a] & free[b]
    part = components(len(units), a[both], b[both])
    empty = group_sums(part, np.where(free, load, 1.0)) == 0
    from_a = free[a] & empty[part[a]] & takes[member[b]]
    from_b = free[b] & empty[part[b]] & takes[member[a]]
    ground = np.concatenate((part[a[from_a]], part[b[from_b]])).astype(np.int64)
    taker = np.concatenate((member[b[from_a]], member[a[from_b]]))
    pair, index = np.unique(ground * len(settled) + taker, return_inverse=True)
    shared = group_sums(index, np.concatenate((length[from_a], length[from_b])), len(pair))
    order = np.argsort(shared, kind="stable")
    given = np.full(int(part.max(initial=0)) + 1, OUTSIDE, np.int32)
    given[pair[order] // len(settled)] = pair[order] % len(settled)  # the longest is written last
    taken = free & (given[part] >= 0)
    member[taken] = given[part[taken]]


def _kept(project: Project, member: Ints, load: Floats, blocked: Bools, issues: list[Issue]) -> list[tuple[Ints, str]]:
    """Return the units of each part of each area that stays together, with the area's name."""
    units, areas = project.units, project.rules.keep
    assert units is not None
    found: list[tuple[Ints, str]] = []
    _unit, area, share = area_shares(units, areas)
    for row in np.setdiff1d(np.arange(len(areas)), area[share > 0.5]).tolist():
        text = N_("{name} is to stay together, but no unit lies in it; draw it larger, or in a community")
        if row not in area:
            text = N_("{name} is to stay together, but lies outside every community; check its place and its coordinate system")
        x, y = shapely.get_coordinates(shapely.point_on_surface(areas.polygons[row]))[0].round(2).tolist()
        issues.append(Issue(Level.WARNING, "rule", text, {"name": str(areas.names[row])}, "rules", str(areas.names[row]), x, y))
    of_unit, names = together(units, areas)
    free = np.where(member == OUTSIDE, of_unit, OUTSIDE)
    communities = int(units.community.max()) + 1
    keys, group = np.unique(np.where(free >= 0, free.astype(np.int64) * communities + units.community, OUTSIDE), return_inverse=True)
    first = int(keys[0] < 0)  # the key of the units that are free to go
    divided = joined_parts(units, group - first, len(keys) - first, load, blocked)
    lived = np.zeros(len(names), int)
    for key, parts in zip(keys[first:].tolist(), divided, strict=True):
        name = names[key // communities]
        found += [(part, name) for part in parts]
        inhabited = [part for part in parts if load[part].sum() > 0]
        lived[key // communities] += bool(inhabited)
        if len(inhabited) > 1:
            issues.append(_issue(units, inhabited[1], _APART["keep"], {"name": name, "n": len(inhabited)}))
    for row, mine in enumerate(members(of_unit, len(names))):
        if lived[row] > 1:
            text = N_("{name} is to stay together, but lies in several communities; it stays whole in each of them")
            issues.append(_issue(units, mine, text, {"name": names[row]}))
        if len(np.unique(member[mine])) > 1:
            text = N_("{name} is to stay together, but part of it is in a locked or exclusive grid; the rest of it stays whole")
            issues.append(_issue(units, mine, text, {"name": names[row]}))
    return found


def _assembled(units: Units, member: Ints, settled: tuple[Settled, ...], kept: list[tuple[Ints, str]], issues: tuple[Issue, ...]) -> Pieces:
    """Return the pieces, numbered by their first unit: every unit is its own where no rule says otherwise."""
    first = np.arange(len(units))
    held = np.flatnonzero(member >= 0)
    lead = np.full(len(settled), len(units))
    np.minimum.at(lead, member[held], held)
    first[held] = lead[member[held]]
    for mine, _name in kept:
        first[mine] = mine.min()
    rows = np.unique(first, return_inverse=True)[1].astype(np.int32)
    count = int(rows.max(initial=-1)) + 1
    community = np.zeros(count, np.int32)
    community[rows] = units.community
    area = community.copy()
    ground = int(units.community.max(initial=0)) + 1
    of_piece: dict[int, Settled] = {}
    for number, what in enumerate(settled):
        if lead[number] < len(units):
            of_piece[int(rows[lead[number]])] = what
            area[rows[lead[number]]] = ground + number
    polygons = unit_polygons(units)
    if count < len(units):
        polygons = ring_polygons(units.xy, trace_rings(units.xy, units.ends, *sides(units, rows)), count)
    return Pieces(rows, community, area, polygons, of_piece, {int(rows[mine[0]]): name for mine, name in kept}, issues)


def _issue(units: Units, rows: Ints, text: str, values: Mapping[str, object]) -> Issue:
    x, y = shapely.get_coordinates(shapely.point_on_surface(unit_polygons(units)[rows[0]]))[0].round(2).tolist()
    return Issue(Level.WARNING, "rule", text, values, "rules", str(values["name"]), x, y)
