"""What lies around each unit, in turn: the ring test tells whether a unit can leave its district without breaking it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from algorithms.sums import group_sums
from algorithms.units.rings import Rings, next_halfedges, trace_rings

GAP = -1


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The units around each unit in turn, those that only touch a corner included: `units[offsets[v]:offsets[v + 1]]` around v.

    GAP stands for the outside, for a border that cannot be crossed between two consecutive units, and between the rings of a unit
    with holes. Consecutive entries other than GAP are one unit or share a border.
    """

    offsets: NDArray[np.signedinteger[Any]]
    units: NDArray[np.signedinteger[Any]]

    @cached_property
    def before(self) -> NDArray[np.signedinteger[Any]]:
        """What stands before each entry around the same unit, the first following the last."""
        rolled = np.append(self.units[:1], self.units[:-1])
        filled = self.offsets[1:] > self.offsets[:-1]
        rolled[self.offsets[:-1][filled]] = self.units[self.offsets[1:][filled] - 1]
        return rolled


def surroundings(
    xy: NDArray[np.float64],
    ends: NDArray[np.signedinteger[Any]],
    left: NDArray[np.signedinteger[Any]],
    right: NDArray[np.signedinteger[Any]],
    blocked: NDArray[np.bool_],
    count: int,
) -> Surroundings:
    """Return the surroundings of `count` units from the border pieces of a planar partition (every piece has two different sides)."""
    m = len(ends)
    source, following = next_halfedges(xy, ends)
    twin = np.concatenate((np.arange(m, 2 * m), np.arange(m)))
    face = np.concatenate((left, right))
    wall = np.concatenate((blocked, blocked))
    # counter-clockwise successor around the source node: the next half-edge of h's twin runs backwards
    degree = np.bincount(source, minlength=len(xy))
    ccw = np.empty(2 * m, np.int64)
    ccw[following] = twin  # following[h] is clockwise before twin[h], both start at the same node
    rings = trace_rings(xy, ends, left, right)
    half = _ring_halfedges(rings, source, following)
    ring = np.repeat(np.arange(len(rings.face)), np.diff(rings.offsets))
    corners = degree[source[twin[half]]]
    emit = np.maximum(corners - 2, 1)
    row = np.repeat(np.arange(len(half)), emit)
    step = np.arange(len(row)) - np.repeat(np.cumsum(emit) - emit, emit)
    here = twin[half][row]
    for turn in range(1, int(step.max(initial=0)) + 1):
        more = step >= turn
        here[more] = ccw[here[more]]
    seen = face[here]
    after = wall[ccw[here]] & (corners[row] > 2)
    ring_of = ring[row]
    several = np.bincount(rings.face, minlength=count)[rings.face[ring_of]] > 1
    last = np.append(ring_of[1:] != ring_of[:-1], True) if len(ring_of) else np.zeros(0, bool)
    after |= several & last
    value = np.column_stack((seen, np.full(len(seen), GAP)))
    keep = np.column_stack((np.ones(len(seen), bool), after))
    unit = np.repeat(rings.face[ring_of], 2)[keep.ravel()]
    around = np.maximum(value.ravel()[keep.ravel()], GAP).astype(np.int32)
    new = np.append(True, (around[1:] != around[:-1]) | (unit[1:] != unit[:-1])) if len(unit) else np.zeros(0, bool)
    offsets = np.concatenate(([0], np.cumsum(np.bincount(unit[new], minlength=count))))
    return Surroundings(offsets, around[new])


def _ring_halfedges(
    rings: Rings, source: NDArray[np.signedinteger[Any]], following: NDArray[np.signedinteger[Any]]
) -> NDArray[np.signedinteger[Any]]:
    """Return the half-edge that leaves each node of each ring."""
    lengths = np.diff(rings.offsets)
    ring = np.repeat(np.arange(len(lengths)), lengths)
    position = np.arange(len(rings.nodes)) - rings.offsets[:-1][ring]
    target = rings.nodes[rings.offsets[:-1][ring] + (position + 1) % lengths[ring]]
    count = int(source.max(initial=-1)) + 1
    key = source * count + source[following]
    order = np.argsort(key)
    return np.asarray(order[np.searchsorted(key[order], rings.nodes * count + target)])


def with_links(ring: Surroundings, a: NDArray[np.signedinteger[Any]], b: NDArray[np.signedinteger[Any]]) -> Surroundings:
    """Return surroundings in which a[i] and b[i] are also neighbours that nothing else connects (a ferry between two islands)."""
    if not len(a):
        return ring
    count = len(ring.offsets) - 1
    owner = np.concatenate((np.repeat(np.arange(count), np.diff(ring.offsets)), np.repeat(np.concatenate((a, b)), 3)))
    other = np.concatenate((b, a))
    extra = np.column_stack((np.full(len(other), GAP), other, np.full(len(other), GAP))).ravel()
    order = np.argsort(owner, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=count))))
    return Surroundings(offsets, np.concatenate((ring.units, extra))[order].astype(np.int32))


def can_leave(
    ring: Surroundings, labels: NDArray[np.signedinteger[Any]], units: NDArray[np.signedinteger[Any]], label: NDArray[np.signedinteger[Any]]
) -> NDArray[np.bool_]:
    """Return, for each of `units`, whether the members of `label[i]` around it stand in one run.

    With `label` the unit's own district, taking the unit out leaves the rest connected; with the district it joins, no hole
    is enclosed. `labels` (u + 1,) ends with a value for GAP. Sufficient, not necessary: a run that closes elsewhere counts as two.
    """
    start, stop = ring.offsets[units], ring.offsets[units + 1]
    counts = stop - start
    row = np.repeat(np.arange(len(units)), counts)
    at = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = start[row] + at
    wanted = label[row]
    change = (labels[ring.units[entry]] == wanted) != (labels[ring.before[entry]] == wanted)
    return np.asarray(group_sums(row, change, len(units)) == 2)
