"""Every connected set of units whose weight lies in a band and whose border is short, by branching unit by unit."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from algorithms.location.problem import Flags, Ints
from algorithms.progress import SILENT, Progress

Words = NDArray[np.uint64]
BLOCK = 200_000  # states that are branched at once: about 100 MB
ONE = np.uint64(1)


@dataclass(frozen=True, eq=False)
class ShortSets:
    """The sets found: `inside` (s, u), their `border` (s,), how many pairs they cut, and their `root` (s,), the heaviest unit's rank.

    `states` is how many partial sets were looked at; `complete` is False where that reached the limit.
    """

    inside: Flags
    border: Ints
    root: Ints
    states: int
    complete: bool


@dataclass(frozen=True, eq=False)
class _Branches:
    """Partial sets: bits of the units taken `inside`, shut `outside` and `near` (beside one inside); weights and pairs cut so far."""

    inside: Words
    outside: Words
    near: Words
    load: Ints
    lost: Ints
    cut: Ints

    def only(self, rows: Flags | slice) -> _Branches:
        """Return some of the branches."""
        return _Branches(*(getattr(self, part.name)[rows] for part in fields(self)))


def connected_sets(
    weight: Ints, low: Ints, high: Ints, band: tuple[int, int], longest: int, limit: int, progress: Progress = SILENT
) -> ShortSets:
    """Return all connected sets of a weight within the band whose border cuts at most `longest` pairs.

    Each set is grown from its heaviest unit; the heaviest unit beside what is inside is taken in or shut out, and pairs between
    inside and outside are cut for good, so a branch ends where they are too many, where what is inside is too heavy, or where what
    is not shut out is too light. Many branches advance together as rows of bits.
    """
    u = len(weight)
    order = np.argsort(-weight, kind="stable")
    rank = np.argsort(order)
    heavy = weight[order].astype(np.int64)
    words = (u + 63) // 64
    beside = np.zeros((u, words), np.uint64)
    for one, other in ((rank[low], rank[high]), (rank[high], rank[low])):
        np.bitwise_or.at(beside, (one, other >> 6), ONE << (other & 63).astype(np.uint64))
    single = _bits(np.arange(u), words)
    shut = int(heavy.sum()) - band[0]
    found: list[tuple[Words, Ints, Ints]] = []
    states, complete = 0, True
    for root in range(u):
        before = int(heavy[:root].sum())
        if before > shut or not complete:
            break
        outside = np.bitwise_or.reduce(single[:root], axis=0)[None, :] if root else np.zeros((1, words), np.uint64)
        cut = _count(beside[[root]] & outside)
        stack = [_Branches(single[[root]], outside, beside[[root]], heavy[[root]], np.array([before]), cut)]
        while stack:
            progress.check()
            state = stack.pop()
            if len(state.load) > BLOCK:
                stack.append(state.only(slice(BLOCK, None)))
                state = state.only(slice(BLOCK))
            states += len(state.load)
            if states > limit:
                complete = False
                break
            closed = ~(state.near & ~state.inside & ~state.outside).any(axis=1)
            fits = closed & (state.load >= band[0]) & (state.load <= band[1]) & (state.cut <= longest)
            found.append((state.inside[fits], state.cut[fits], np.full(int(fits.sum()), root)))
            state = state.only(np.logical_not(closed))
            unit = _lowest(state.near & ~state.inside & ~state.outside)
            taken, its = single[unit], beside[unit]
            more, less = state.load + heavy[unit], state.lost + heavy[unit]
            cut_in, cut_out = state.cut + _count(its & state.outside), state.cut + _count(its & state.inside)
            yes, no = (more <= band[1]) & (cut_in <= longest), (less <= shut) & (cut_out <= longest)
            if yes.any() or no.any():
                stack.append(
                    _Branches(
                        np.concatenate(((state.inside | taken)[yes], state.inside[no])),
                        np.concatenate((state.outside[yes], (state.outside | taken)[no])),
                        np.concatenate(((state.near | its)[yes], state.near[no])),
                        np.concatenate((more[yes], state.load[no])),
                        np.concatenate((state.lost[yes], less[no])),
                        np.concatenate((cut_in[yes], cut_out[no])),
                    )
                )
    bits = np.concatenate([row for row, _, _ in found]) if found else np.zeros((0, words), np.uint64)
    inside_ranks = ((bits[:, np.arange(u) >> 6] >> (np.arange(u) & 63).astype(np.uint64)) & ONE).astype(bool)
    return ShortSets(
        inside_ranks[:, rank],
        np.concatenate([cut for _, cut, _ in found]) if found else np.zeros(0, np.int64),
        np.concatenate([root for _, _, root in found]) if found else np.zeros(0, np.int64),
        states,
        complete,
    )


def _bits(unit: Ints, words: int) -> Words:
    """Return (n, words) one bit set in each row."""
    rows = np.zeros((len(unit), words), np.uint64)
    rows[np.arange(len(unit)), unit >> 6] = ONE << (unit & 63).astype(np.uint64)
    return rows


def _count(rows: Words) -> Ints:
    """Return how many bits of each row are set."""
    return np.asarray(np.bitwise_count(rows).sum(axis=1, dtype=np.int64))


def _lowest(rows: Words) -> Ints:
    """Return the lowest bit set in each row; every row has one."""
    word = np.argmax(rows != 0, axis=1)
    value = rows[np.arange(len(rows)), word]
    return np.asarray(word * 64 + np.bitwise_count((value & (~value + ONE)) - ONE).astype(np.int64))
