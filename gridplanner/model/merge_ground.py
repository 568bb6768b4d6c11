"""Three versions of a partition on one ground: the merged units, and the unit of each version in which each of them lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.model.chain_merge import UnfitError
from gridplanner.model.lines import Bools, Floats, Ints, Lines
from gridplanner.model.merge import THEIRS
from gridplanner.model.merge_units import addressed, spliced
from gridplanner.model.places import Roads
from gridplanner.model.project import Project
from gridplanner.model.unit_match import NOWHERE, Blocks, blocks_of, matched
from gridplanner.model.units import Units


@dataclass(frozen=True, eq=False)
class Communities3:
    """Rows of the same communities: of the base's in mine and in theirs, NOWHERE for none; and their `keys` by row in the base."""

    keys: tuple[str, ...]
    in_mine: Ints
    in_theirs: Ints

    def to_base(self, which: str, count: int) -> Ints:
        """Return the base's row of each of `count` communities of mine or theirs, NOWHERE for none; one more for no community."""
        rows = getattr(self, which)
        found = np.full(count + 1, NOWHERE, np.int64)
        found[rows[rows >= 0]] = np.flatnonzero(rows >= 0)
        return found


@dataclass(frozen=True, eq=False)
class Ground:
    """Merged units with the row of each (u,) in the base, mine and theirs, NOWHERE where that version does not tell.

    `cut` (u,) are those that came from theirs cut otherwise. `apart` maps the key of each community in which both cut the same ground
    otherwise to the units there, by merged rows.
    """

    units: Units
    base: Ints
    mine: Ints
    theirs: Ints
    cut: Bools
    apart: Mapping[str, Ints]


def merged_ground(
    base: Project, mine: Project, theirs: Project, places: Communities3, choices: Mapping[str, str],
    moved: Callable[[], tuple[Ints, Ints]],
) -> Ground:  # fmt: skip
    """Return the merged units of three projects that have units.

    `moved` tells the communities (rows in the base) in which mine and theirs changed their plan other than by cuts: where one side divided
    a community anew and the other changed its plan, there is no telling what that would have been. Raises UnfitError where the ground
    of what theirs cut differs from mine's.
    """
    b, m, t = base.units, mine.units, theirs.units
    assert b is not None
    assert m is not None
    assert t is not None
    mine_place = places.to_base("in_mine", len(mine.communities))[m.community]
    their_place = places.to_base("in_theirs", len(theirs.communities))[t.community]
    mine_place = np.where(np.isin(mine_place, their_place), mine_place, NOWHERE)  # communities that all three have
    blocks = blocks_of(b, m, mine_place), blocks_of(b, t, their_place)
    count = len(b)
    total = count + len(places.keys)
    anew = [np.unique(one.block[one.block >= count]) - count for one in blocks]
    either = np.union1d(*anew)
    one, other = (_lifted(part, where, either, count) for part, where in zip(blocks, (mine_place, their_place), strict=True))
    cut = [part.cut(total) for part in (one, other)]
    if len(either):  # a community that the other side divided anew counts as changed where its plan was
        for number, plan in enumerate(moved()):
            changed = np.union1d(anew[number], plan)
            cut[number][count:] = np.isin(np.arange(len(places.keys)), np.intersect1d(changed, either))
    same, twin = _alike(m, one, t, other, cut[0] & cut[1])
    there = np.zeros(total, bool)
    there[other.block[other.block >= 0]] = True
    clash = cut[0] & cut[1] & ~same & there
    community = np.concatenate((b.community.astype(np.int64), np.arange(len(places.keys))))
    apart = {places.keys[row]: clash & (community == row) for row in np.unique(community[clash]).tolist()}
    taken = cut[1] & ~cut[0] & there
    for key, blocks_there in apart.items():
        if choices.get(f"cut:{key}") == THEIRS:
            taken |= blocks_there
    return _laid(mine, theirs, places, one, other, taken, twin, apart, count)


def _laid(
    mine: Project, theirs: Project, places: Communities3, one: Blocks, other: Blocks, taken: Bools, twin: Ints,
    apart: Mapping[str, Bools], count: int,
) -> Ground:  # fmt: skip
    m, t = mine.units, theirs.units
    assert m is not None
    assert t is not None
    if taken.any():
        to_mine = places.in_mine[places.to_base("in_theirs", len(theirs.communities))[:-1]]
        found = spliced(m, one, t, other, taken, to_mine, same_roads(theirs.roads, mine.roads))
        units, in_mine, in_theirs = found.units, found.mine, found.theirs
        of_mine, of_theirs = found.of_mine, found.of_theirs
    else:
        units, in_mine, in_theirs = m, np.arange(len(m)), np.full(len(m), NOWHERE, np.int64)
        of_mine, of_theirs = np.arange(len(m)), np.full(len(t), NOWHERE, np.int64)
    block = np.full(len(units), NOWHERE, np.int64)
    block[in_mine >= 0] = one.block[in_mine[in_mine >= 0]]
    block[in_theirs >= 0] = other.block[in_theirs[in_theirs >= 0]]
    cut = in_theirs >= 0
    in_base = np.where((block >= 0) & (block < count), block, NOWHERE)
    total = len(taken)
    lone_mine, lone_theirs = (_lone(part.block, count, total) for part in (one, other))
    safe = np.where(block >= 0, block, 0)
    in_mine = np.where((in_mine < 0) & (block >= 0), lone_mine[safe], in_mine)
    hint = np.where(in_mine >= 0, twin[np.where(in_mine >= 0, in_mine, 0)], NOWHERE)
    in_theirs = np.where((in_theirs < 0) & (block >= 0), np.where(lone_theirs[safe] >= 0, lone_theirs[safe], hint), in_theirs)
    if taken.any():
        units = _with_addresses(mine, theirs, units, block, one, of_mine, of_theirs)
    disputed = {key: np.flatnonzero(where[block] & (block >= 0)) for key, where in apart.items()}
    return Ground(units, in_base, in_mine, in_theirs, cut, disputed)


def _with_addresses(mine: Project, theirs: Project, units: Units, block: Ints, one: Blocks, of_mine: Ints, of_theirs: Ints) -> Units:
    """Return the merged units with the addresses of mine: in the unit that they were in here or there, else in the nearest of the block."""
    m, t = mine.units, theirs.units
    assert m is not None
    assert t is not None
    at = m.address_unit
    held = np.where(at >= 0, of_mine[at], NOWHERE)
    lost = np.flatnonzero((at >= 0) & (held < 0))
    near = np.flatnonzero(np.append(of_theirs, NOWHERE)[t.address_unit] >= 0)
    there = _same_addresses(mine, theirs, lost, near)
    known = there >= 0
    held[lost[known]] = of_theirs[t.address_unit[near[there[known]]]]
    blocks = np.where((at >= 0) & (held < 0), one.block[at], NOWHERE)
    found = addressed(units, block, held, blocks, mine.households.xy)
    if ((found.address_unit >= 0) != (at >= 0)).any():
        raise UnfitError
    return found


def _same_addresses(mine: Project, theirs: Project, rows: Ints, near: Ints) -> Ints:
    """Return which of some addresses of theirs (`near`) each of some of mine (n,) is, by place and counts, NOWHERE if not certain."""
    columns = []
    for homes, some in ((mine.households, rows), (theirs.households, near)):
        counts = np.column_stack((homes.households[some], homes.persons[some]))
        columns.append(np.round(np.column_stack((homes.xy[some] * 1000, counts * 100))).astype(np.int64))
    wanted, known = columns
    _all, at = np.unique(np.concatenate((known, wanted)), axis=0, return_inverse=True)
    at = at.ravel()
    size = int(at.max(initial=-1)) + 1
    times = np.bincount(at[: len(known)], minlength=size)
    row = np.full(size, NOWHERE, np.int64)
    row[at[: len(known)]] = np.arange(len(known))
    key = at[len(known) :]
    return np.where(times[key] == 1, row[key], NOWHERE)


def _lifted(blocks: Blocks, community: Ints, anew: Ints, count: int) -> Blocks:
    """Return blocks in which communities that either side divided anew are one block each."""
    whole = (community >= 0) & np.isin(community, anew)
    return Blocks(np.where(whole, count + community, blocks.block), count)


def _alike(m: Units, one: Blocks, t: Units, other: Blocks, both: Bools) -> tuple[Bools, Ints]:
    """Return which blocks that both sides cut are cut alike, and the unit of theirs that each unit of mine there is, NOWHERE for none."""
    twin = np.full(len(m), NOWHERE, np.int64)
    if not both.any():
        return np.zeros(len(both), bool), twin
    wanted = np.append(both, False)
    group = [np.where(wanted[part.block], part.block, NOWHERE) for part in (one, other)]
    twin = matched(m, group[0], t, group[1])
    size = len(both)
    sizes = [np.bincount(part[part >= 0], minlength=size) for part in group]
    pairs = np.bincount(group[0][(twin >= 0) & (group[0] >= 0)], minlength=size)
    same = both & (sizes[0] == sizes[1]) & (pairs == sizes[0])
    twin[~np.append(same, False)[group[0]]] = NOWHERE
    return same, twin


def _lone(block: Ints, count: int, total: int) -> Ints:
    """Return the unit that each of the `count` units of the base still is, (total,), NOWHERE where it is cut and for other blocks."""
    found = np.full(total, NOWHERE, np.int64)
    inside = np.flatnonzero(block >= 0)
    times = np.bincount(block[inside], minlength=total)
    found[block[inside]] = inside
    found[times != 1] = NOWHERE
    found[count:] = NOWHERE
    return found


def same_roads(roads: Roads, here: Roads) -> Ints:
    """Return the row here of each street elsewhere, by its course, -1 for none; one more at the end for no street."""
    there, known = _courses(roads.lines), _courses(here.lines)
    found = np.full(len(roads) + 1, NOWHERE, np.int64)
    if len(known) and len(there):
        order = np.argsort(known, kind="stable")
        at = np.searchsorted(known[order], there).clip(max=len(known) - 1)
        found[:-1] = np.where(known[order][at] == there, order[at], NOWHERE)
    return found


def _courses(lines: Lines) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return a number for the course of each line, (lines,)."""
    if not len(lines):
        return np.zeros(0, np.uint64)
    place = np.arange(len(lines.coords), dtype=np.uint64) - np.repeat(lines.offsets[:-1].astype(np.uint64), np.diff(lines.offsets))
    bits: Floats = np.ascontiguousarray(lines.coords, np.float64)
    words = bits.view(np.uint64)
    mixed = (words[:, 0] * np.uint64(0x9E3779B97F4A7C15)) ^ (words[:, 1] * np.uint64(0xC2B2AE3D27D4EB4F))
    mixed ^= place * np.uint64(0x165667B19E3779F9)
    mixed = (mixed ^ (mixed >> np.uint64(31))) * np.uint64(0x94D049BB133111EB)
    total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)))
    return np.asarray(total[lines.offsets[1:]] - total[lines.offsets[:-1]])
