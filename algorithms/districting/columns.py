"""Every connected, balanced set of a few basic units: the columns from which an exact plan is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from algorithms.progress import SILENT, Progress

Bits = NDArray[np.uint64]
Floats = NDArray[np.float64]
Ints = NDArray[np.signedinteger[Any]]

WIDTH = 64  # units that a set may choose from, its root included: one machine word
BLOCK = 1 << 16  # sets grown at a time: what the caches hold
LIGHT = 4  # sets too light to be columns that may be seen for each column allowed
ONE = np.uint64(1)


@dataclass(frozen=True, eq=False)
class Columns:
    """Connected sets of units, one a row.

    `members` (c, n) is a 0/1 matrix in sparse rows; `root` (c,) the first unit of each set, ascending. The same sets in words: bit j
    of `bits` (c,) stands for unit `choice[root, j]`, `choice` (n, 64).
    """

    members: csr_array
    root: Ints
    bits: Bits
    choice: Ints

    def __len__(self) -> int:
        return len(self.root)

    def row_of(self, units: Ints) -> int:
        """Return the row of a set of units, -1 where it is not among the columns."""
        first = int(units.min())
        place = np.flatnonzero(np.isin(self.choice[first], units))
        if len(place) < len(units):
            return -1
        word = np.bitwise_or.reduce(ONE << place.astype(np.uint64))
        low, high = np.searchsorted(self.root, [first, first + 1])
        at = int(low + np.searchsorted(self.bits[low:high], word))
        return at if at < high and self.bits[at] == word else -1


def sets_in_all(
    weight: Floats, joined: NDArray[np.bool_], near: NDArray[np.bool_], low: float, high: float, most: int, progress: Progress = SILENT
) -> float:
    """Return about how many columns there are, from every eighth root; infinity where they are more than `most` or do not fit a word."""
    roots = np.arange(0, len(weight), 8)
    found = enumerate_columns(weight, joined, near, low, high, -(-most * len(roots) // len(weight)), progress, roots)
    return np.inf if found is None else len(found) * len(weight) / len(roots)


@dataclass(frozen=True, eq=False)
class _Words:
    """What each root may choose from, in words of 64 bits: `units` (r, 64) or -1; of each place its neighbours and who is near."""

    units: Ints
    neighbours: Bits
    near: Bits
    load: Floats


def enumerate_columns(
    weight: Floats,
    joined: NDArray[np.bool_],
    near: NDArray[np.bool_],
    low: float,
    high: float,
    most: int,
    progress: Progress = SILENT,
    roots: Ints | None = None,
) -> Columns | None:
    """Return every connected set of units with low ≤ load ≤ high whose units are near one another pair by pair.

    Parameters
    ----------
    weight
        (n, w) loads; a set's load is the largest of its column sums. A unit heavier than `high` counts as `high`: it makes a set by
        itself, or with units that weigh nothing.
    joined, near
        (n, n) symmetric: which units are neighbours, and which may be in one set.
    most
        Sets at most; None is returned where there are more (or four times as many too light ones), or where a unit has more than
        63 later ones to choose from.
    roots
        The first units of the sets wanted; None: every set.

    Notes
    -----
    Sets grow from their first unit by exclusive neighbours, so each is made once (ESU, Wernicke 2006); all sets of a size grow
    together, as words of 64 bits. Units sorted along a line have the fewest later ones near them.
    """
    capped = np.minimum(weight, high)
    words = _words(capped, joined, near, high)
    if words is None:
        return None
    count = len(weight)
    flat_near, flat_next, load = words.near.ravel(), words.neighbours.ravel(), words.load
    root = np.arange(count) if roots is None else roots
    first = root * WIDTH
    start = np.ones(len(root), np.uint64)
    reach = flat_next[first] & flat_near[first]
    found: list[tuple[Ints, Bits]] = []
    stack = [(root, start, reach, start | flat_next[first] | ~flat_near[first], load[:, first])]
    alone = load[:, first].max(axis=0) >= low
    found.append((root[alone], start[alone]))
    total, seen = int(alone.sum()), 0
    while stack:
        progress.check()
        children = _grown(*stack.pop(), flat_near, flat_next, load, high)
        seen += sum(len(child[0]) for child in children)
        if seen > LIGHT * most:
            return None
        for root, chosen, _reach, _shut, sums in children:
            full = sums.max(axis=0) >= low
            total += int(full.sum())
            if total > most:
                return None
            found.append((root[full], chosen[full]))
        stack += _blocks(children)
    return _columns(words.units, found, count)


def _words(weight: Floats, joined: NDArray[np.bool_], near: NDArray[np.bool_], high: float) -> _Words | None:
    """Return each root's choice in words; None where one has more than fits a word."""
    count = len(weight)
    units = np.full((count, WIDTH), -1, np.int64)
    inside = np.zeros((count, WIDTH, WIDTH), bool)
    close = np.zeros((count, WIDTH, WIDTH), bool)
    low, high_end = np.nonzero(joined)
    for root in range(count):
        use = (low >= root) & (high_end >= root) & near[root, low] & near[root, high_end]
        reach = near[root] & (np.arange(count) >= root)
        for column in weight.T:
            # what the lightest connected set that holds both root and unit weighs at least
            step = csr_array((column[high_end[use]] + 1e-12, (low[use], high_end[use])), shape=(count, count))
            reach &= column[root] + dijkstra(step, indices=root, limit=high + 1e-6) <= high + 1e-6
        chosen = np.flatnonzero(reach)
        if len(chosen) > WIDTH:
            return None
        units[root, : len(chosen)] = chosen
        inside[root, : len(chosen), : len(chosen)] = joined[np.ix_(chosen, chosen)]
        close[root, : len(chosen), : len(chosen)] = near[np.ix_(chosen, chosen)]
    load = np.where(units >= 0, weight.T[:, units], 0.0).reshape(weight.shape[1], -1)
    return _Words(units, _packed(inside), _packed(close), load)


def _packed(flags: NDArray[np.bool_]) -> Bits:
    """Return (…, 64) flags as words, the first flag in the lowest bit."""
    return np.packbits(flags, axis=-1, bitorder="little").view("<u8")[..., 0].astype(np.uint64)


_State = tuple[Ints, Bits, Bits, Bits, Floats]


def _grown(
    root: Ints, chosen: Bits, reach: Bits, shut: Bits, sums: Floats, near: Bits, following: Bits, load: Floats, high: float
) -> list[_State]:
    """Return the sets that one more unit makes of each: by each unit in reach, those before it then being out of reach."""
    made: list[_State] = []
    while True:
        alive = reach != 0
        if not alive.any():
            return made
        if not alive.all():
            root, chosen, reach, shut, sums = root[alive], chosen[alive], reach[alive], shut[alive], sums[:, alive]
        unit = reach & (~reach + ONE)
        reach = reach ^ unit
        place = root * WIDTH + np.bitwise_count(unit - ONE)
        total = sums + load[:, place]
        ok = total.max(axis=0) <= high
        at, kept, with_unit, outside = place[ok], reach[ok], unit[ok], shut[ok]
        beside = following[at]
        close = near[at]
        made.append((root[ok], chosen[ok] | with_unit, (kept | (beside & ~outside)) & close, outside | beside | ~close, total[:, ok]))


def _blocks(children: list[_State]) -> list[_State]:
    """Return the sets that can grow further in blocks of at most BLOCK."""
    if not children:
        return []
    root, chosen, reach, shut = (np.concatenate([c[i] for c in children]) for i in range(4))
    sums = np.concatenate([c[4] for c in children], axis=1)
    grows = reach != 0
    root, chosen, reach, shut, sums = root[grows], chosen[grows], reach[grows], shut[grows], sums[:, grows]
    cuts = range(0, len(root), BLOCK)
    return [(root[i : i + BLOCK], chosen[i : i + BLOCK], reach[i : i + BLOCK], shut[i : i + BLOCK], sums[:, i : i + BLOCK]) for i in cuts]


def _columns(units: Ints, found: list[tuple[Ints, Bits]], count: int) -> Columns:
    root = np.concatenate([r for r, _bits in found])
    bits = np.concatenate([b for _root, b in found])
    order = np.lexsort((bits, root))
    root, bits = root[order].astype(np.int32), bits[order]
    sizes = np.bitwise_count(bits).astype(np.int64)
    offsets = np.concatenate(([0], np.cumsum(sizes)))
    members = np.empty(int(offsets[-1]), np.int32)
    for start in range(0, len(root), BLOCK):
        part = slice(start, start + BLOCK)
        row, place = np.nonzero(np.unpackbits(bits[part].astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, bitorder="little"))
        members[offsets[start] : offsets[min(start + BLOCK, len(root))]] = units[root[part][row], place]
    return Columns(csr_array((np.ones(len(members)), members, offsets), shape=(len(root), count)), root, bits, units)
