"""Lines on top of each other: given twice, whichever way they run, or sharing a stretch."""

from __future__ import annotations

import numpy as np

from algorithms.network.polylines import Bools, Floats, Ints, gather, line_of_vertex, vertex_ids


def doubled(coords: Floats, offsets: Ints, level: Ints, rank: Ints) -> tuple[Ints, Ints]:
    """Return the lines that are given again and the line of each that stays: of highest rank, then the first.

    Two lines are the same where their pieces are, on one level; pieces are compared by a hash of 64 bits, lines by the sum of theirs.
    """
    line, start, key = _pieces(coords, offsets, level)
    if not len(start):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    total = np.zeros(len(offsets) - 1, np.uint64)
    np.add.at(total, line[start], _mixed(key))
    pieces = np.bincount(line[start], minlength=len(total)).astype(np.uint64)
    same = np.unique(total ^ _mixed(pieces.astype(np.int64)), return_inverse=True)[1]
    order = np.lexsort((np.arange(len(total)), -rank, same))
    order = order[pieces[order] > 0]
    head = np.append(True, same[order[1:]] != same[order[:-1]])
    kept = order[head][np.cumsum(head) - 1]
    twice, kept = order[~head], kept[~head]
    back = np.argsort(twice)
    return twice[back], kept[back]


def overlapping(coords: Floats, offsets: Ints, level: Ints, rank: Ints) -> tuple[Bools, Ints]:
    """Return which vertices (n,) begin a piece that another line of the level has too, or the same line before; and whose that is (n,)."""
    line, start, key = _pieces(coords, offsets, level)
    gone, by = np.zeros(len(coords), bool), np.full(len(coords), -1, np.int64)
    if len(start):
        order = np.lexsort((start, -rank[line[start]], key))
        head = np.append(True, key[order[1:]] != key[order[:-1]])
        first = order[head][np.cumsum(head) - 1]
        gone[start[order[~head]]] = True
        by[start[order[~head]]] = line[start[first[~head]]]
    return gone, by


def runs(coords: Floats, offsets: Ints, gone: Bools, by: Ints) -> tuple[Ints, Ints, Floats]:
    """Return the first and last vertex of every run of pieces `gone` (n,) along one line `by` (n,), and its metres."""
    piece = np.flatnonzero(gone)
    if not len(piece):
        return piece, piece, np.zeros(0)
    line = line_of_vertex(offsets)
    head = np.append(True, (np.diff(piece) > 1) | (line[piece[1:]] != line[piece[:-1]]) | (by[piece[1:]] != by[piece[:-1]]))
    length = np.hypot(*(coords[piece + 1] - coords[piece]).T)
    first = np.flatnonzero(head)
    last = np.append(first[1:], len(piece)) - 1
    return piece[first], piece[last] + 1, np.add.reduceat(length, first)


def without_pieces(coords: Floats, offsets: Ints, gone: Bools) -> tuple[Floats, Ints, Ints]:
    """Return the polylines without the pieces that begin at the vertices `gone` (n,), and the line that each is a part of."""
    line = line_of_vertex(offsets)
    there = np.zeros(len(coords), bool)
    there[:-1] = (line[1:] == line[:-1]) & ~gone[:-1]
    before = np.append(False, there[:-1])
    start, stop = np.flatnonzero(there & ~before), np.flatnonzero(before & ~there)
    parts, part_offsets = gather(coords, start, stop + 1)
    return parts, part_offsets, line[start]


def _pieces(coords: Floats, offsets: Ints, level: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the line of every vertex, the first vertex of every piece, and a number that pieces share which are one."""
    line, place = line_of_vertex(offsets), vertex_ids(coords)
    start = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, np.int64)
    if not len(start):
        return line, start, start
    a, b = place[start], place[start + 1]
    count = int(place.max()) + 1
    storey = np.unique(level, return_inverse=True)[1].astype(np.int64)[line[start]]
    pair = np.minimum(a, b) * count + np.maximum(a, b)
    if storey.any():
        pair = np.unique(pair, return_inverse=True)[1].astype(np.int64) * (int(storey.max()) + 1) + storey
    return line, start, pair


def _mixed(keys: Ints) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return well spread 64-bit numbers of keys (the finalizer of splitmix64, Steele, Lea & Flood 2014)."""
    x = keys.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
