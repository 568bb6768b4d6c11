"""Units of one version put into another one: ground that only they cut is theirs, all other ground stays as it is."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import shapely

from gridplanner.model.chain_merge import UnfitError, chain_of, joined_chains, turned_at
from gridplanner.model.cut_parts import areas_of
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.outlines import polygons_of_units
from gridplanner.model.unit_match import NOWHERE, Blocks, node_keys
from gridplanner.model.units import OUTSIDE, Units


@dataclass(frozen=True, eq=False)
class Spliced:
    """Merged units, and for each of them (u,) the row in mine and in theirs that it is, NOWHERE where it is neither's own.

    `of_mine` and `of_theirs` are the other way round: the merged row of each unit of mine and of theirs, NOWHERE for none.
    """

    units: Units
    mine: Ints
    theirs: Ints
    of_mine: Ints
    of_theirs: Ints


def spliced(
    mine: Units, my_blocks: Blocks, theirs: Units, their_blocks: Blocks, taken: Bools, community: Ints, road: Ints
) -> Spliced:  # fmt: skip
    """Return the units of `mine` with those of `theirs` in the blocks that are `taken` (blocks,).

    `community` maps communities of theirs to those of mine, `road` (r + 1,) streets likewise, the last one no street. A unit keeps its
    row where it is not replaced; the first part of one that was cut takes its row, the others come last in their order. Addresses are
    left in units of mine (see `addressed`). Raises UnfitError where the ground differs.
    """
    take = np.append(taken, False)  # the last for units that are in no block
    gone, come = take[my_blocks.block], take[their_blocks.block]
    row_of_mine, row_of_theirs, count = _numbered(gone, come, my_blocks.block, their_blocks.block)
    one, other = chain_of(mine, gone), chain_of(theirs, come)
    joints = joined_chains(mine, one, theirs, other)
    left, right = (np.where(side >= 0, row_of_mine[side], OUTSIDE) for side in (mine.left, mine.right))
    turned = turned_at(one, joints.kept)
    left[joints.kept[~turned]] = row_of_theirs[joints.inner[~turned]]
    right[joints.kept[turned]] = row_of_theirs[joints.inner[turned]]
    inside = np.append(gone, False)
    stays = ~(inside[mine.left] & inside[mine.right])
    stays[joints.dropped] = False
    came = np.append(come, False)
    more = np.flatnonzero(came[theirs.left] & came[theirs.right])
    xy, ends = _with_places(mine, theirs, more, joints.ends)
    source = joints.source
    beyond = np.where(joints.right >= 0, row_of_mine[joints.right], OUTSIDE)
    columns = {
        "left": (left[stays], row_of_theirs[theirs.left[more]], row_of_theirs[joints.left]),
        "right": (right[stays], row_of_theirs[theirs.right[more]], beyond),
        "kind": (mine.kind[stays], theirs.kind[more], mine.kind[source]),
        "road": (mine.road[stays], road[theirs.road[more]], mine.road[source]),
        "blocked": (mine.blocked[stays], theirs.blocked[more], mine.blocked[source]),
    }
    back = np.full(count, NOWHERE, np.int64)
    their_back = np.full(count, NOWHERE, np.int64)
    back[row_of_mine[~gone]] = np.flatnonzero(~gone)
    their_back[row_of_theirs[come]] = np.flatnonzero(come)
    where = np.zeros(count, mine.community.dtype)
    where[row_of_mine[~gone]] = mine.community[~gone]
    where[row_of_theirs[come]] = community[theirs.community[come]]
    units = Units(
        xy=xy, ends=np.concatenate((mine.ends[stays], ends)).astype(mine.ends.dtype),
        community=where, address_unit=mine.address_unit, issues=mine.issues, made_from=mine.made_from,
        by_hand=mine.by_hand or theirs.by_hand,
        **{name: np.concatenate(parts).astype(getattr(mine, name).dtype) for name, parts in columns.items()},
    )  # fmt: skip
    units = _without_loose_places(units)
    _check_ground(mine, units, gone, their_back >= 0)
    return Spliced(units, back, their_back, np.where(gone, NOWHERE, row_of_mine), np.where(come, row_of_theirs, NOWHERE))


def addressed(units: Units, block: Ints, held: Ints, blocks: Ints, xy: Floats) -> Units:
    """Return units with their addresses: `held` (a,) is each one's unit as far as it is known, NOWHERE where only its `blocks` (a,) is.

    `block` (u,) is that of each unit. Addresses of a block go to the unit of it that they lie in or nearest to.
    """
    found = held.copy()
    rows = np.flatnonzero((held < 0) & (blocks >= 0))
    order = np.argsort(block, kind="stable")
    for one in np.unique(blocks[rows]).tolist():
        own = order[np.searchsorted(block[order], one) : np.searchsorted(block[order], one, "right")]
        mine = rows[blocks[rows] == one]
        if len(own) == 1:
            found[mine] = own[0]
        elif len(own):
            polygons = polygons_of_units(units, np.sort(own).astype(np.int32))
            away = shapely.distance(polygons[:, None], shapely.points(xy[mine])[None, :])
            found[mine] = np.sort(own)[np.argmin(away, axis=0)]
    return dataclasses.replace(units, address_unit=found.astype(units.address_unit.dtype))


def _numbered(gone: Bools, come: Bools, my_block: Ints, their_block: Ints) -> tuple[Ints, Ints, int]:
    """Return the merged row of each unit of mine and of theirs: what comes takes the rows of its block that go, then new ones."""
    row_of_mine = np.arange(len(gone), dtype=np.int64)
    row_of_theirs = np.full(len(come), NOWHERE, np.int64)
    free: dict[int, list[int]] = {}
    for row in np.flatnonzero(gone)[::-1].tolist():
        free.setdefault(int(my_block[row]), []).append(row)
    count = len(gone)
    for row in np.flatnonzero(come).tolist():
        places = free.get(int(their_block[row]))
        if places:
            row_of_theirs[row] = places.pop()
        else:
            row_of_theirs[row] = count
            count += 1
    left = np.array(sorted(row for places in free.values() for row in places), np.int64)
    if len(left):  # fewer came than went: the rows behind move up
        row_of_mine -= np.searchsorted(left, row_of_mine)
        row_of_theirs[come] -= np.searchsorted(left, row_of_theirs[come])
        count -= len(left)
    return row_of_mine, row_of_theirs, count


def _with_places(
    mine: Units, theirs: Units, pieces: Ints, extra: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]
) -> tuple[Floats, Ints]:
    """Return the places of mine and those that pieces of theirs and finer pieces of the border add, and the ends of these pieces."""
    places = np.concatenate((theirs.xy[theirs.ends[pieces]].reshape(-1, 2), extra.reshape(-1, 2)))
    keys = node_keys(places)
    known = node_keys(mine.xy)
    order = np.argsort(known, kind="stable")
    at = np.searchsorted(known[order], keys).clip(max=max(len(known) - 1, 0))
    there = known[order][at] == keys
    row = np.where(there, order[at], NOWHERE)
    fresh, first, which = np.unique(keys[~there], return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))  # in the order in which they come
    row[~there] = len(known) + rank[which]
    more = np.empty((len(fresh), 2))
    more[rank] = places[~there][first]
    return np.concatenate((mine.xy, more)), row.reshape(-1, 2)


def _without_loose_places(units: Units) -> Units:
    """Return units without places at which no border ends any more."""
    used = np.zeros(len(units.xy), bool)
    used[units.ends] = True
    if used.all():
        return units
    number = np.cumsum(used) - 1
    return dataclasses.replace(units, xy=units.xy[used], ends=number[units.ends].astype(units.ends.dtype))


def _check_ground(before: Units, after: Units, gone: Bools, came: Bools) -> None:
    """Raise UnfitError unless what came fills the ground of what went, each unit of it some ground."""
    areas = areas_of(after, np.flatnonzero(came))
    filled, whole = float(areas.sum()), float(areas_of(before, np.flatnonzero(gone)).sum())
    if (areas <= 0).any() or abs(filled - whole) > 1e-4 * filled + 0.5:
        raise UnfitError
