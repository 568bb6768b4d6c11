"""Line networks as people draw them made ready to be joined: what is bogus left out, what was drawn twice kept once, what should meet made to meet.

Every repair is kept with its place, so that it can be shown and left undone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from algorithms.network import line_defects, line_gaps, line_overlaps
from algorithms.network.joining import crossings_of
from algorithms.network.polylines import Bools, Floats, Ints, as_polylines, insert_vertices, line_of_vertex
from algorithms.progress import SILENT, Progress


class RepairKind(IntEnum):
    """What was mended."""

    NO_LENGTH = 0  # a line whose vertices are all one place, left out
    SPIKE = 1  # a vertex out and back, left out
    JUMP = 2  # a piece far longer than all others between sharp turns: the line is cut there
    DOUBLED = 3  # a line given again, whichever way it runs, left out
    OVERLAP = 4  # a stretch that another line has too, left out
    GAP = 5  # an end that fell short, moved onto what it nearly touched
    OVERSHOOT = 6  # an end that went too far, cut back
    CROSSING = 7  # two lines of one level that cross or touch without a common vertex, given one


@dataclass(frozen=True)
class CleaningParams:
    """What is mended, and how far ends may be moved.

    `tolerance` metres: NaN measures it in the data (line_gaps.measured_tolerance) between `least` and `most`. Where lines are known to
    meet at shared vertices only, `gaps`, `crossings` and `overlaps` are False.
    """

    tolerance: float = float("nan")
    least: float = 0.5
    most: float = 3.0
    gaps: bool = True
    crossings: bool = True
    overlaps: bool = True


@dataclass(frozen=True, eq=False)
class Repairs:
    """Repairs, one row each: `kind` (k,) RepairKind, `row` (k,) the given line, `other` (k,) the line that it is about too or -1.

    `xy` (k, 2) where, `metres` (k,) how far a vertex was moved or how much length was left out; 0 for crossings.
    """

    kind: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    row: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    other: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    xy: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    metres: Floats = field(default_factory=lambda: np.zeros(0))

    def __post_init__(self) -> None:
        for column in fields(self):
            getattr(self, column.name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, eq=False)
class CleanLines:
    """Lines after cleaning: `coords` (n, 2), `offsets` (lines + 1,), `row` (lines,) the given line that each is or is a part of.

    `tolerance` metres within which ends were joined, 0 where none were asked for.
    """

    coords: Floats
    offsets: Ints
    row: Ints
    repairs: Repairs
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        for column in (self.coords, self.offsets, self.row):
            column.setflags(write=False)


def clean_lines(
    coords: ArrayLike,
    offsets: ArrayLike,
    level: ArrayLike | None = None,
    rank: ArrayLike | None = None,
    spared: NDArray[np.bool_] | None = None,
    params: CleaningParams | None = None,
    progress: Progress = SILENT,
) -> CleanLines:
    """Return the polylines `coords[offsets[i]:offsets[i + 1]]` (metres) cleaned, and each repair.

    `level` (lines,) tells bridges and tunnels from the ground: lines of different levels are neither noded where they cross, nor joined
    but end to end where a level begins; `rank` (lines,) says which of two lines that coincide stays (the higher, then the earlier);
    `spared` (kinds, lines) marks repairs that are not to be made.

    Lines that need nothing come out as they went in, to the last bit. Vertices that repeat the one before are left out untold.
    Raises ValueError where the arrays do not fit together.

    Examples
    --------
    An end that stops 20 cm short of another line, and a line given twice:

    >>> clean = clean_lines([[0, 0], [100, 0], [50, 80], [50, 0.2], [100, 0], [0, 0]], [0, 2, 4, 6])
    >>> clean.coords.tolist(), clean.offsets.tolist()
    ([[0.0, 0.0], [50.0, 0.0], [100.0, 0.0], [50.0, 80.0], [50.0, 0.0]], [0, 3, 5])
    >>> [(RepairKind(kind).name, row) for kind, row in zip(clean.repairs.kind, clean.repairs.row.tolist())]
    [('DOUBLED', 2), ('GAP', 1)]
    """
    asked = params or CleaningParams()
    xy, ends = as_polylines(coords, offsets)
    count = len(ends) - 1
    storey = np.zeros(count, np.int64) if level is None else np.asarray(level, np.int64)
    worth = np.zeros(count, np.int64) if rank is None else np.asarray(rank, np.int64)
    left = np.zeros((len(RepairKind), count), bool) if spared is None else spared
    if storey.shape != (count,) or worth.shape != (count,) or left.shape != (len(RepairKind), count):
        raise ValueError("level, rank and spared need one value a line")
    work = _Work(xy, ends, np.arange(count), [])
    work.without_defects(left)
    progress.check()
    work.without_doubles(storey, worth, left, overlaps=asked.overlaps)
    progress.report(0.2)
    tolerance = work.gaps_closed(storey, left, asked) if asked.gaps else 0.0
    progress.check()
    progress.report(0.5)
    if asked.crossings:
        work.crossings_noded(storey, left, progress)
        progress.report(0.9)
        if asked.overlaps:
            work.without_doubles(storey, worth, left, overlaps=True)
    progress.report(1.0)
    return CleanLines(work.coords, work.offsets, work.row, _together(work.told), tolerance)


@dataclass
class _Work:
    """The lines as they are so far, `row` (lines,) what each is a part of, and what was told."""

    coords: Floats
    offsets: Ints
    row: Ints
    told: list[Repairs]

    def without_defects(self, left: Bools) -> None:
        """Leave out repeated vertices, lines of no length and spikes; cut lines at jumps."""
        keep = ~line_defects.repeated(self.coords, self.offsets)
        self._keep(keep)
        bare = np.flatnonzero(np.diff(self.offsets) < 2)
        if len(bare):
            there = bare[np.diff(self.offsets)[bare] == 1]
            self._tell(RepairKind.NO_LENGTH, there, self.coords[self.offsets[there]], np.zeros(len(there)))
            self._keep(np.diff(self.offsets)[line_of_vertex(self.offsets)] >= 2)
            self._drop(bare)
        spike, metres = line_defects.spikes(self.coords, self.offsets)
        line = line_of_vertex(self.offsets)[spike]
        wanted = ~left[RepairKind.SPIKE, self.row[line]]
        spike, line, metres = spike[wanted], line[wanted], metres[wanted]
        if len(spike):
            self._tell(RepairKind.SPIKE, line, self.coords[spike], metres)
            keep = np.ones(len(self.coords), bool)
            keep[spike] = False
            self._keep(keep)
            self._keep(~line_defects.repeated(self.coords, self.offsets))  # out and back from one place
        jump, metres = line_defects.jumps(self.coords, self.offsets)
        line = line_of_vertex(self.offsets)[jump]
        wanted = ~left[RepairKind.JUMP, self.row[line]]
        jump, line, metres = jump[wanted], line[wanted], metres[wanted]
        if len(jump):
            self._tell(RepairKind.JUMP, line, (self.coords[jump] + self.coords[jump + 1]) / 2, metres)
            gone = np.zeros(len(self.coords), bool)
            gone[jump] = True
            self._without_pieces(gone)

    def without_doubles(self, level: Ints, rank: Ints, left: Bools, *, overlaps: bool) -> None:
        """Leave out lines given again and, where asked for, stretches that another line has too."""
        twice, kept = line_overlaps.doubled(self.coords, self.offsets, level[self.row], rank[self.row])
        wanted = ~left[RepairKind.DOUBLED, self.row[twice]]
        twice, kept = twice[wanted], kept[wanted]
        if len(twice):
            middle = self.coords[(self.offsets[twice] + self.offsets[twice + 1] - 1) // 2]
            metres = line_defects.lengths(self.coords, self.offsets)[twice]
            self._tell(RepairKind.DOUBLED, twice, middle, metres, self.row[kept])
            gone = np.zeros(len(self.row), bool)
            gone[twice] = True
            self._keep(~gone[line_of_vertex(self.offsets)])
            self._drop(twice)
        if not overlaps:
            return
        gone, by = line_overlaps.overlapping(self.coords, self.offsets, level[self.row], rank[self.row])
        gone &= ~left[RepairKind.OVERLAP, self.row[line_of_vertex(self.offsets)]]
        if gone.any():
            first, last, metres = line_overlaps.runs(self.coords, self.offsets, gone)
            line = line_of_vertex(self.offsets)[first]
            self._tell(RepairKind.OVERLAP, line, (self.coords[first] + self.coords[last]) / 2, metres, self.row[by[first]])
            self._without_pieces(gone)

    def gaps_closed(self, level: Ints, left: Bools, asked: CleaningParams) -> float:
        """Move ends that hang free onto what they nearly touch; return the tolerance."""
        found = line_gaps.find_gaps(self.coords, self.offsets, level[self.row], max(asked.most, line_gaps.REACH))
        tolerance = asked.tolerance
        if np.isnan(tolerance):
            tolerance = line_gaps.measured_tolerance(found.distance, asked.least, asked.most)
        line = line_of_vertex(self.offsets)[found.vertex]
        kind = np.where(found.over, RepairKind.OVERSHOOT, RepairKind.GAP)
        wanted = (found.distance <= tolerance) & ~left[kind, self.row[line]]
        closed = line_gaps.close_gaps(self.coords, self.offsets, found.select(wanted), tolerance)
        if len(closed.vertex):
            line = line_of_vertex(self.offsets)[closed.vertex]
            kinds = np.where(closed.over, RepairKind.OVERSHOOT, RepairKind.GAP)
            other = self.row[closed.other]
            self._tell(kinds, line, closed.xy, closed.metres, other)
            self.coords, self.offsets = closed.coords, closed.offsets
            self._keep(~line_defects.repeated(self.coords, self.offsets))
        return tolerance

    def crossings_noded(self, level: Ints, left: Bools, progress: Progress) -> None:
        """Give lines of one level a common vertex where they cross or touch."""
        found = crossings_of(self.coords, self.offsets, level[self.row], progress)
        first, second = self.row[found.first], self.row[found.second]
        wanted = ~(left[RepairKind.CROSSING, first] | left[RepairKind.CROSSING, second])
        told = wanted & found.slanted
        later = np.where(first > second, found.first, found.second)[told]
        self._tell(RepairKind.CROSSING, later, found.xy[told], np.zeros(int(told.sum())), np.minimum(first, second)[told])
        put = wanted[found.crossing]
        self.coords, self.offsets = insert_vertices(
            self.coords, self.offsets, found.after[put], found.fraction[put], found.xy[found.crossing[put]]
        )
        self._keep(~line_defects.repeated(self.coords, self.offsets))

    def _tell(self, kind: int | Ints, line: Ints, xy: Floats, metres: Floats, other: Ints | None = None) -> None:
        rows = self.row[line]
        kinds = np.broadcast_to(np.asarray(kind, np.int8), rows.shape).copy()
        others = np.full(len(rows), -1, np.int64) if other is None else other.astype(np.int64)
        self.told.append(Repairs(kinds, rows.astype(np.int64), others, xy.astype(np.float64), metres.astype(np.float64)))

    def _keep(self, keep: Bools) -> None:
        """Leave out vertices; a line may be left with none."""
        if keep.all():
            return
        counts = np.bincount(line_of_vertex(self.offsets)[keep], minlength=len(self.row))
        self.coords, self.offsets = self.coords[keep], np.concatenate(([0], np.cumsum(counts)))

    def _drop(self, lines: Ints) -> None:
        """Leave out lines that have no vertices."""
        there = np.ones(len(self.row), bool)
        there[lines] = False
        self.offsets = np.concatenate(([0], np.cumsum(np.diff(self.offsets)[there])))
        self.row = self.row[there]

    def _without_pieces(self, gone: Bools) -> None:
        """Leave out the pieces that begin at the vertices `gone` (n,); what is left of a line is as many lines."""
        self.coords, self.offsets, line = line_overlaps.without_pieces(self.coords, self.offsets, gone)
        self.row = self.row[line]


def _together(told: list[Repairs]) -> Repairs:
    if not told:
        return Repairs()
    return Repairs(*(np.concatenate([getattr(one, column.name) for one in told]) for column in fields(Repairs)))
