"""The border round some ground as two versions have it, brought together: each side keeps the corners that it put there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gridplanner.model.lines import Bools, Ints
from gridplanner.model.unit_match import Keys, node_keys
from gridplanner.model.units import Units


class UnfitError(ValueError):
    """Two versions have other ground here, so that their borders cannot be brought together."""


@dataclass(frozen=True, eq=False)
class Chain:
    """The border pieces round some units, those on their left: rows `pieces` (k,) of the units', `turned` where they were not.

    `start`, `end` (k,) keys of their ends, `inner` (k,) the unit of the ground and `outer` (k,) the one beyond, OUTSIDE for none.
    """

    pieces: Ints
    turned: Bools
    start: Keys
    end: Keys
    inner: Ints
    outer: Ints


@dataclass(frozen=True, eq=False)
class Joints:
    """Two chains brought together.

    `kept` (k,) are rows of the first one's pieces that stay as they are, with the unit of the second one on the ground's side (`inner`).
    `dropped` are those that are replaced by finer ones: `places` (n + 1, …) in runs. Each finer piece has its ends in metres (`ends`
    (n, 2, 2)), the unit of the second version on its left, that of the first on its right, and the first's piece that it is part of.
    """

    kept: Ints
    inner: Ints
    dropped: Ints
    ends: np.ndarray[tuple[int, int, int], np.dtype[np.float64]]
    left: Ints
    right: Ints
    source: Ints


def chain_of(units: Units, ground: Bools) -> Chain:
    """Return the border round some units (u,)."""
    inside = np.append(ground, False)  # the last for OUTSIDE
    left, right = inside[units.left], inside[units.right]
    pieces = np.flatnonzero(left != right)
    turned = right[pieces]
    keys = node_keys(units.xy)
    ends = units.ends[pieces]
    start, end = np.where(turned, ends[:, 1], ends[:, 0]), np.where(turned, ends[:, 0], ends[:, 1])
    inner = np.where(turned, units.right[pieces], units.left[pieces])
    outer = np.where(turned, units.left[pieces], units.right[pieces])
    return Chain(pieces, turned, keys[start], keys[end], inner, outer)


def joined_chains(mine: Units, one: Chain, theirs: Units, other: Chain) -> Joints:
    """Return the borders of the same ground in two versions brought together; raises UnfitError where it is not the same ground."""
    shared = np.intersect1d(one.start, other.start)
    whole = [np.isin(chain.start, shared) & np.isin(chain.end, shared) for chain in (one, other)]
    place = {(a, b): row for row, (a, b) in enumerate(zip(other.start.tolist(), other.end.tolist(), strict=True)) if whole[1][row]}
    kept, inner, met = [], [], set()
    for row in np.flatnonzero(whole[0]).tolist():
        there = place.get((int(one.start[row]), int(one.end[row])))
        if there is not None:
            kept.append(row)
            inner.append(int(other.inner[there]))
            met.add(there)
    left = [np.ones(len(one.pieces), bool), np.ones(len(other.pieces), bool)]
    left[0][kept], left[1][list(met)] = False, False
    paths = [_paths(chain, some, shared) for chain, some in zip((one, other), left, strict=True)]
    if paths[0].keys() != paths[1].keys():
        raise UnfitError
    ends, sides = [], []
    for run, rows in paths[0].items():
        for a, b, at_one, at_other in _overlaid(_line(mine, one, rows), _line(theirs, other, paths[1][run])):
            ends.append((a, b))
            sides.append((other.inner[paths[1][run][at_other]], one.outer[rows[at_one]], one.pieces[rows[at_one]]))
    found = np.array(sides, np.int64).reshape(-1, 3)
    return Joints(
        one.pieces[kept], np.array(inner, np.int64), one.pieces[left[0]], np.array(ends, np.float64).reshape(-1, 2, 2),
        found[:, 0], found[:, 1], found[:, 2],
    )  # fmt: skip


def turned_at(chain: Chain, pieces: Ints) -> Bools:
    """Return whether each of some of the chain's pieces has the ground on its right."""
    return np.asarray(chain.turned[np.searchsorted(chain.pieces, pieces)])


def _paths(chain: Chain, some: Bools, shared: Keys) -> dict[tuple[int, int], list[int]]:
    """Return the runs of some pieces between corners that both versions have, by those corners; raises UnfitError for two of one name."""
    known = set(shared.tolist())
    rows = np.flatnonzero(some).tolist()
    start, end = chain.start.tolist(), chain.end.tolist()
    after: dict[int, int] = {}
    for row in rows:
        if start[row] not in known:
            if start[row] in after:
                raise UnfitError
            after[start[row]] = row
    found: dict[tuple[int, int], list[int]] = {}
    used = 0
    for row in rows:
        if start[row] not in known:
            continue
        run = [row]
        while end[run[-1]] not in known:
            more = after.get(end[run[-1]])
            if more is None or len(run) > len(rows):
                raise UnfitError
            run.append(more)
        name = (start[row], end[run[-1]])
        if name in found:
            raise UnfitError
        found[name] = run
        used += len(run)
    if used != len(rows):  # a ring without a shared corner
        raise UnfitError
    return found


def _line(units: Units, chain: Chain, rows: list[int]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the places along a run of pieces, (n + 1, 2)."""
    pieces, turned = chain.pieces[rows], chain.turned[rows]
    ends = units.ends[pieces]
    first = np.where(turned, ends[:, 1], ends[:, 0])
    last = np.where(turned, ends[:, 0], ends[:, 1])
    return np.asarray(units.xy[np.append(first, last[-1])])


def _overlaid(
    one: np.ndarray[tuple[int, int], np.dtype[np.float64]], other: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> list[tuple[tuple[float, float], tuple[float, float], int, int]]:
    """Return the pieces of two lines between the same two places put over each other, with the row of each line's own piece there.

    Raises UnfitError where the lines go back, or put corners at one place along them that are not one.
    """
    step = one[-1] - one[0]
    length = float(np.hypot(*step))
    if length <= 0:
        raise UnfitError
    along = [(line - one[0]) @ step / length for line in (one, other)]
    across = [np.abs((line - one[0]) @ np.array([-step[1], step[0]]) / length) for line in (one, other)]
    if any((np.diff(at) <= 0).any() for at in along) or max(at.max() for at in across) > 0.05:
        raise UnfitError  # not the one straight border that corners were put into
    places = sorted({(at, *xy) for values, line in zip(along, (one, other), strict=True)
                     for at, xy in zip(values[1:-1].tolist(), line[1:-1].tolist(), strict=True)})  # fmt: skip
    stops = [(0.0, *one[0].tolist()), *places, (length, *one[-1].tolist())]
    found = []
    for a, b in pairwise(stops):
        if b[0] - a[0] < 1e-3:
            raise UnfitError
        middle = (a[0] + b[0]) / 2
        rows = [int(np.searchsorted(at, middle)) - 1 for at in along]
        found.append(((a[1], a[2]), (b[1], b[2]), rows[0], rows[1]))
    return found
