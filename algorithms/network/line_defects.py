"""Vertices that no line should have: repeated ones, spikes out and back, jumps across the map."""

from __future__ import annotations

import numpy as np

from algorithms.network.polylines import CELL, Bools, Floats, Ints, line_of_vertex, polyline_lengths, vertex_ids

KICK = 3.0  # metres: a reversal shorter than the width of a street is a slip of the hand
BACK = np.cos(np.radians(175.0))  # a turn sharper than this comes straight back
SHARP = np.cos(np.radians(45.0))  # roads bend into a long straight piece, bogus pieces break off
FAR = 1000.0  # metres: no bogus piece is shorter
TIMES = 20.0  # how many times longer than nine in ten of all pieces a bogus one is at least
SPIKE = 300.0  # metres of a spike's legs at least, where they are not slips of the hand
MOUTH = 0.1  # width of a spike's mouth by its shorter leg, at most

lengths = polyline_lengths


def repeated(coords: Floats, offsets: Ints) -> Bools:
    """Return which vertices (n,) are the place of the one before them in the same line."""
    again = np.zeros(len(coords), bool)
    if len(coords) > 1:
        near = np.flatnonzero((np.abs(np.diff(coords, axis=0)) <= CELL).all(axis=1)) + 1
        line = line_of_vertex(offsets)
        near = near[line[near] == line[near - 1]]
        place = np.rint(coords[np.concatenate((near - 1, near))] / CELL)
        again[near] = (place[: len(near)] == place[len(near) :]).all(axis=1)
    return again


def spikes(coords: Floats, offsets: Ints) -> tuple[Ints, Floats]:
    """Return the vertices of spikes, which only their own line passes, and how long their longer leg is.

    A spike turns by more than 175° and is either a slip of the hand, one leg at most KICK metres, or far out: both legs SPIKE metres or
    more, TIMES longer than nine in ten of all pieces or half of them, and its mouth a tenth of that.
    """
    none = np.zeros(0, np.int64), np.zeros(0)
    inner = _inner(offsets, 1)
    if not len(inner):
        return none
    before, after = coords[inner] - coords[inner - 1], coords[inner + 1] - coords[inner]
    a, b = np.hypot(*before.T), np.hypot(*after.T)
    back = np.sum(before * after, axis=1) <= BACK * a * b
    if not back.any():
        return none
    short, long = np.minimum(a, b), np.maximum(a, b)
    mouth = np.hypot(*(coords[inner + 1] - coords[inner - 1]).T)
    far = max(SPIKE, _ordinary(coords, offsets) * TIMES / 2)
    found = np.flatnonzero(back & ((short <= KICK) | ((short >= far) & (mouth <= MOUTH * short))))
    place = vertex_ids(coords)
    alone = np.bincount(place)[place[inner[found]]] == 1
    found = found[alone]
    found = found[np.diff(inner[found], prepend=-2) > 1]  # of two in a row the first: the second may be none without it
    return inner[found], long[found]


def jumps(coords: Floats, offsets: Ints) -> tuple[Ints, Floats]:
    """Return the first vertices of bogus pieces, and their metres.

    A bogus piece is FAR metres or more, TIMES longer than nine in ten of all pieces and than half of its own line's, which has three
    others at least, and breaks off by more than 45° wherever its line goes on: a road bends into a long straight piece.
    """
    line = line_of_vertex(offsets)
    start = np.flatnonzero(line[1:] == line[:-1]) if len(line) else np.zeros(0, np.int64)
    if not len(start):
        return start, np.zeros(0)
    step = coords[start + 1] - coords[start]
    length = np.hypot(*step.T)
    pieces = np.bincount(line[start], minlength=len(offsets) - 1)
    far = np.flatnonzero((length >= max(FAR, TIMES * _ordinary(coords, offsets))) & (pieces[line[start]] >= 4))
    if not len(far):
        return start[:0], length[:0]
    usual = np.array([np.median(length[line[start] == one]) for one in np.unique(line[start[far]])])  # few lines have one
    far = far[length[far] >= TIMES * usual[np.searchsorted(np.unique(line[start[far]]), line[start[far]])]]
    comes = (far > 0) & (line[start[np.maximum(far - 1, 0)]] == line[start[far]])
    goes = (far < len(start) - 1) & (line[start[np.minimum(far + 1, len(start) - 1)]] == line[start[far]])
    breaks = np.ones(len(far), bool)
    for there, other in ((comes, far - 1), (goes, far + 1)):
        mine, next_to = far[there], other[there]
        turn = np.sum(step[mine] * step[next_to], axis=1) / np.maximum(length[mine] * length[next_to], 1e-12)
        breaks[there] &= turn < SHARP
    return start[far[breaks]], length[far[breaks]]


def _inner(offsets: Ints, margin: int) -> Ints:
    """Return the vertices that have `margin` others of their line on either side."""
    inside = np.ones(int(offsets[-1]), bool)
    filled = np.diff(offsets) > 0
    for step in range(margin):
        inside[np.minimum(offsets[:-1][filled] + step, offsets[1:][filled] - 1)] = False
        inside[np.maximum(offsets[1:][filled] - 1 - step, offsets[:-1][filled])] = False
    return np.flatnonzero(inside)


def _ordinary(coords: Floats, offsets: Ints) -> float:
    """Return the metres that nine in ten pieces do not exceed, at most five times the middle one: small files may be full of bogus ones."""
    line = line_of_vertex(offsets)
    within = line[1:] == line[:-1]
    length = np.hypot(*np.diff(coords, axis=0)[within].T)
    if not len(length):
        return 0.0
    usual, long = np.quantile(length, (0.5, 0.9), method="lower").tolist()
    return float(min(long, 5.0 * usual))
