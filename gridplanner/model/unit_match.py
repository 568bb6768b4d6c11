"""Units of two versions of a partition that are the same ground, found by their corners and area: row numbers play no part.

A line of the hand that meets a border from the other side puts a corner into it that no unit there knew; only corners that both versions
have are looked at, and an area may differ by what the lattice moved a border.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.sums import group_sums
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import pieces_of_units, polygons_of_units
from gridplanner.model.units import Units, border_lengths, unit_areas

Keys = NDArray[np.int64]
LATTICE = 100  # places to a metre
SLACK = 0.01  # metres by which the lattice may move a border when a corner is put into it
NOWHERE = -1
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True, eq=False)
class Blocks:
    """What of a version's ground is which ground of the base.

    `block` (u,) is the row of the base unit that each unit is or is a part of; the number of base units plus its community's row in the
    base where that community was divided anew, so that units are no parts of those of the base; NOWHERE for other communities.
    """

    block: Ints
    count: int

    def cut(self, blocks: int) -> Bools:
        """Return for each of `blocks` whether it is not one whole unit, as it was in the base."""
        times = np.bincount(self.block[self.block >= 0], minlength=blocks)
        found = times != 1
        found[self.count :] = times[self.count :] > 0
        return np.asarray(found)


def node_keys(xy: Floats) -> Keys:
    """Return a whole number for each place (n, 2), equal for places that are one on the lattice."""
    place = np.round(xy * LATTICE).astype(np.int64)
    return (place[:, 0] << 32) ^ (place[:, 1] & 0xFFFFFFFF)


def blocks_of(base: Units, other: Units, community: Ints) -> Blocks:
    """Return what of `other` is which ground of `base`; `community` (u,) is each unit's community row in the base or NOWHERE."""
    count = len(base)
    if other is base and np.array_equal(community, base.community):
        return Blocks(np.arange(count), count)
    found = matched(other, community, base, base.community)
    places = int(base.community.max(initial=-1)) + 1
    loose = np.flatnonzero((found < 0) & (community >= 0))
    if len(loose):
        concerned = np.zeros(places + 1, bool)
        concerned[np.unique(community[loose])] = True
        found[loose] = _within(other, loose, base, np.flatnonzero(concerned[base.community]), community)
    area = np.bincount(found[found >= 0], unit_areas(other)[found >= 0], minlength=count)
    apart = np.abs(area - unit_areas(base)) > _slack(base)
    anew = np.zeros(places + 1, bool)
    anew[base.community[apart & np.isin(base.community, community)]] = True
    anew[community[(found < 0) & (community >= 0)]] = True
    block = np.where(anew[community] & (community >= 0), count + community, found)
    return Blocks(np.where(community >= 0, block, NOWHERE), count)


def matched(one: Units, one_group: Ints, other: Units, other_group: Ints) -> Ints:
    """Return for each unit of `one` the unit of `other` in the same group that is the same ground, NOWHERE for none, (u,).

    Groups are whole numbers from 0 on; units of groups below 0 are left aside.
    """
    shared = np.intersect1d(node_keys(one.xy), node_keys(other.xy))
    mine, theirs = _signatures(one, one_group, shared), _signatures(other, other_group, shared)
    rows = np.flatnonzero(other_group >= 0)
    values, first, times = np.unique(theirs[rows], return_index=True, return_counts=True)
    found = np.full(len(one), NOWHERE, np.int64)
    if not len(values):
        return found
    at = np.searchsorted(values, mine).clip(max=len(values) - 1)
    hit = (values[at] == mine) & (times[at] == 1) & (one_group >= 0)
    hit &= _single(mine)
    found[hit] = rows[first[at[hit]]]
    far = np.abs(unit_areas(one) - unit_areas(other)[found]) > _slack(other)[found]
    found[hit & far] = NOWHERE
    return found


def _single(values: NDArray[np.uint64]) -> Bools:
    """Return which values occur once."""
    _known, at, times = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray(times[at] == 1)


def _signatures(units: Units, group: Ints, shared: Keys) -> NDArray[np.uint64]:
    """Return a number for each unit that follows from its group and its corners among those that are shared, (u,)."""
    keys = node_keys(units.xy)
    weight = np.where(np.isin(keys, shared), _mixed(keys.astype(np.uint64)), np.uint64(0))
    both = weight[units.ends[:, 0]] + weight[units.ends[:, 1]]  # numbers wrap round: sums stay exact
    offsets, pieces = pieces_of_units(units)
    total = np.concatenate((np.zeros(1, np.uint64), np.cumsum(both[pieces], dtype=np.uint64)))
    return _mixed(total[offsets[1:]] - total[offsets[:-1]]) + _mixed(group.astype(np.uint64))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return well mixed numbers (the finaliser of splitmix64: Steele, Lea, Flood 2014)."""
    mixed = values + _MIX[0]
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _MIX[1]
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _MIX[2]
    return mixed ^ (mixed >> np.uint64(31))


def _within(other: Units, rows: Ints, base: Units, among: Ints, community: Ints) -> Ints:
    """Return the base unit in which each of some units (n,) lies by a place well inside it, NOWHERE for none of its community."""
    found = np.full(len(rows), NOWHERE, np.int64)
    if not len(among):
        return found
    places = shapely.point_on_surface(polygons_of_units(other, rows.astype(np.int32)))
    place, unit = shapely.STRtree(polygons_of_units(base, among.astype(np.int32))).query(places, predicate="within")
    here = base.community[among[unit]] == community[rows[place]]
    found[place[here]] = among[unit[here]]
    return found


def _slack(units: Units) -> Floats:
    """Return by how many square metres the area of each unit may differ though it is the same ground, (u,)."""
    length = border_lengths(units)
    left, right = units.left >= 0, units.right >= 0
    around = group_sums(units.left[left], length[left], len(units)) + group_sums(units.right[right], length[right], len(units))
    return SLACK * around + SLACK
