"""A guarded line divided among squads, and each squad's part among its guards, as fairly as can be."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from algorithms.errors import Infeasible
from algorithms.network.polylines import Floats, Ints
from algorithms.progress import SILENT, Progress
from algorithms.railguard.line_partition import LARGEST_TOTAL, even_cuts, least_cap


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Segments in line order, one guard each; squads follow one another along the line.

    `breaks` (guards + 1,) are the atoms at which segments begin, and the number of atoms; `load` (guards,) the weight of each,
    `squad` and `guard` (guards,) whose it is, `guard` counted from 0 within the squad.
    """

    breaks: Ints
    load: Floats
    squad: Ints
    guard: Ints

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)


def even_squads(guards: int, squads: int) -> Ints:
    """Return how many guards each squad has, as even as can be, the larger squads first.

    >>> even_squads(44, 4), even_squads(8, 3)
    (array([11, 11, 11, 11]), array([3, 3, 2]))
    """
    if squads < 1 or guards < squads:
        raise Infeasible(f"{guards} guards cannot form {squads} squads; at most {max(guards, 0)} squads can be formed")
    return np.full(squads, guards // squads, np.int64) + (np.arange(squads) < guards % squads)


def segment(
    weights: ArrayLike,
    guards_per_squad: ArrayLike,
    forced_breaks: ArrayLike = (),
    forbidden: ArrayLike = (),
    progress: Progress = SILENT,
) -> Segmentation:
    """Return the fairest division of a line of atoms, exactly: least heaviest load, then least squared deviation of loads.

    `weights` (n,) are the atoms' work in line order; atom i lies between positions i and i + 1. Segments are cut at every
    position of `forced_breaks` (where a line ends, or a jurisdiction) and at none of `forbidden` (inside a tunnel). Every
    guard gets at least one atom and, as every load is drawn towards the mean of all, a squad's work follows its size. Work
    that is zero everywhere counts as one an atom. Weights are counted to a billionth of their sum.

    Raises
    ------
    Infeasible
        Where there are more guards than pieces, or fewer than the forced breaks make.
    ValueError
        Where a weight is negative, or a position is forced and forbidden.

    Examples
    --------
    >>> segment([3, 1, 1, 3, 4], [2, 1]).breaks
    array([0, 3, 4, 5])
    """
    weight, squads = np.asarray(weights, np.float64), np.asarray(guards_per_squad, np.int64)
    n, parts = len(weight), int(squads.sum())
    walls, banned = _positions(forced_breaks, n), _positions(forbidden, n)
    if not np.all(np.isfinite(weight)) or np.any(weight < 0) or np.any(squads < 1):
        raise ValueError("weights must be finite and not negative, and every squad needs a guard")
    if len(np.intersect1d(walls, banned)):
        raise ValueError("a position cannot be forced and forbidden")
    places = np.setdiff1d(np.arange(n + 1), banned)
    if parts > len(places) - 1:
        raise Infeasible(f"{parts} guards for {len(places) - 1} pieces of line; at most {len(places) - 1} guards can be placed")
    if len(walls) + 1 > parts:
        raise Infeasible(f"{len(walls) + 1} separate stretches for {parts} guards; at least {len(walls) + 1} guards are needed")
    sums = _counted(weight)[places]
    at = np.searchsorted(places, walls)
    cap = least_cap(sums, at, parts)
    breaks = places[even_cuts(sums, at, parts, cap, progress)]
    along = np.concatenate(([0.0], np.cumsum(weight)))
    return Segmentation(breaks, np.diff(along[breaks]), *_ranks(squads))


@dataclass(frozen=True, eq=False)
class LengthSegments:
    """Segments of measured lines, one guard each, in line order: metres `start` to `stop` on `line`; `squad`, `guard` as above."""

    line: Ints
    start: Floats
    stop: Floats
    squad: Ints
    guard: Ints

    def __post_init__(self) -> None:
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)


def segment_lengths(lengths: ArrayLike, guards_per_squad: ArrayLike) -> LengthSegments:
    """Return lines of so many metres divided where length is all the work: each line into exactly equal parts.

    How many guards a line gets is decided as in `segment`: the longest part as short as can be, then the least squares.

    Raises
    ------
    Infeasible
        Where there are more lines than guards.

    Examples
    --------
    >>> segment_lengths([900.0, 300.0], [2, 2]).stop
    array([300., 600., 900., 300.])
    """
    metres, squads = np.asarray(lengths, np.float64), np.asarray(guards_per_squad, np.int64)
    if np.any(~(metres > 0)) or not len(metres) or np.any(squads < 1):
        raise ValueError("every line needs a length and every squad a guard")
    counts = share_guards(metres, int(squads.sum()))
    line = np.repeat(np.arange(len(metres)), counts)
    turn = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts, counts)
    start, stop = metres[line] * turn / counts[line], metres[line] * (turn + 1) / counts[line]
    return LengthSegments(line, start, stop, *_ranks(squads))


def share_guards(work: Floats, guards: int) -> Ints:
    """Return how many guards each of several stretches gets: least heaviest share, then least squares over all guards, exactly."""
    if guards < len(work):
        raise Infeasible(f"{len(work)} separate stretches for {guards} guards; at least {len(work)} guards are needed")
    counts = np.ones(len(work), np.int64)
    for _ in range(guards - len(work)):
        counts[np.argmax(work / counts)] += 1
    cap = float((work / counts).max())
    counts = np.maximum(1, np.ceil(work / cap - 1e-9).astype(np.int64)) if cap > 0 else np.ones(len(work), np.int64)
    for _ in range(guards - int(counts.sum())):
        counts[np.argmax(work**2 / (counts * (counts + 1.0)))] += 1
    return counts


def _positions(positions: ArrayLike, n: int) -> Ints:
    """Return inner positions, sorted and once each; the line's two ends are cuts anyway."""
    found = np.unique(np.asarray(positions, np.int64))
    if len(found) and (found[0] < 0 or found[-1] > n):
        raise ValueError(f"positions must lie between 0 and {n}")
    inner: Ints = found[(found > 0) & (found < n)]
    return inner


def _counted(weight: Floats) -> Ints:
    """Return prefix sums in integers: the weights themselves where they are whole and small enough, else scaled."""
    if not weight.any():
        return np.arange(len(weight) + 1)
    sums = np.concatenate(([0.0], np.cumsum(weight)))
    if sums[-1] <= LARGEST_TOTAL and np.all(weight == np.rint(weight)):
        return sums.astype(np.int64)
    scaled: Ints = np.rint(sums * (LARGEST_TOTAL / sums[-1])).astype(np.int64)
    return scaled


def _ranks(squads: Ints) -> tuple[Ints, Ints]:
    squad = np.repeat(np.arange(len(squads)), squads)
    return squad, np.arange(len(squad)) - np.repeat(np.cumsum(squads) - squads, squads)
