"""Line networks as people draw them, made ready to be joined: bogus pieces left out, doubles kept once, near misses made to meet.

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

    `left` are the repairs that were not made because they were spared; `tolerance` metres within which ends were joined, 0 where none
    were asked for.
    """

    coords: Floats
    offsets: Ints
    row: Ints
    repairs: Repairs
    left: Repairs
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
    given = np.zeros((len(RepairKind), count), bool) if spared is None else spared
    if storey.shape != (count,) or worth.shape != (count,) or given.shape != (len(RepairKind), count):
        raise ValueError("level, rank and spared need one value a line")
    work = _Work(xy, ends, np.arange(count), storey, worth, given)
    work.without_defects()
    progress.check()
    work.without_doubles(overlaps=asked.overlaps)
    progress.report(0.2)
    tolerance = work.gaps_closed(asked) if asked.gaps else 0.0
    progress.check()
    progress.report(0.5)
    if asked.crossings:
        work.crossings_noded(progress)
        progress.report(0.9)
        if asked.overlaps:
            work.without_doubles(overlaps=True)
    progress.report(1.0)
    return CleanLines(work.coords, work.offsets, work.row, _together(work.told), _together(work.left), tolerance)


@dataclass
class _Work:
    """The lines as they are so far, `row` (lines,) what each is a part of, what is spared of the given ones, and what was told and left."""

    coords: Floats
    offsets: Ints
    row: Ints
    given_level: Ints
    given_rank: Ints
    spared: Bools
    told: list[Repairs] = field(default_factory=list)
    left: list[Repairs] = field(default_factory=list)

    @property
    def level(self) -> Ints:
        return self.given_level[self.row]

    @property
    def rank(self) -> Ints:
        return self.given_rank[self.row]

    def without_defects(self) -> None:
        """Leave out repeated vertices, lines of no length and spikes; cut lines at jumps."""
        self._keep(~line_defects.repeated(self.coords, self.offsets))
        bare = np.flatnonzero(np.diff(self.offsets) == 1)
        self._tell(RepairKind.NO_LENGTH, bare, self.coords[self.offsets[bare]], np.zeros(len(bare)))
        self._swept()
        spike, metres = line_defects.spikes(self.coords, self.offsets)
        spike = spike[self._tell(RepairKind.SPIKE, line_of_vertex(self.offsets)[spike], self.coords[spike], metres)]
        if len(spike):
            keep = np.ones(len(self.coords), bool)
            keep[spike] = False
            self._keep(keep)
            self._keep(~line_defects.repeated(self.coords, self.offsets))  # out and back from one place
            self._swept()
        jump, metres = line_defects.jumps(self.coords, self.offsets)
        middle = (self.coords[jump] + self.coords[jump + 1]) / 2
        jump = jump[self._tell(RepairKind.JUMP, line_of_vertex(self.offsets)[jump], middle, metres)]
        if len(jump):
            gone = np.zeros(len(self.coords), bool)
            gone[jump] = True
            self._without_pieces(gone)

    def without_doubles(self, *, overlaps: bool) -> None:
        """Leave out lines given again and, where asked for, stretches that another line has too."""
        twice, kept = line_overlaps.doubled(self.coords, self.offsets, self.level, self.rank)
        if len(twice):
            middle = self.coords[(self.offsets[twice] + self.offsets[twice + 1] - 1) // 2]
            metres = line_defects.lengths(self.coords, self.offsets)[twice]
            twice = twice[self._tell(RepairKind.DOUBLED, twice, middle, metres, self.row[kept])]
            gone = np.zeros(len(self.row), bool)
            gone[twice] = True
            self._keep(~gone[line_of_vertex(self.offsets)])
            self._swept()
        if not overlaps:
            return
        gone, by = line_overlaps.overlapping(self.coords, self.offsets, self.level, self.rank)
        first, last, metres = line_overlaps.runs(self.coords, self.offsets, gone, by)
        line = line_of_vertex(self.offsets)[first]
        middle = (self.coords[first] + self.coords[last]) / 2
        wanted = self._tell(RepairKind.OVERLAP, line, middle, metres, self.row[by[first]])
        for start, stop in zip(first[~wanted].tolist(), last[~wanted].tolist(), strict=True):  # those the planner left: a few
            gone[start:stop] = False
        if gone.any():
            self._without_pieces(gone)

    def gaps_closed(self, asked: CleaningParams) -> float:
        """Move ends that hang free onto what they nearly touch; return the tolerance."""
        found = line_gaps.find_gaps(self.coords, self.offsets, self.level, max(asked.most, line_gaps.REACH))
        tolerance = asked.tolerance
        if np.isnan(tolerance):
            tolerance = line_gaps.measured_tolerance(found.distance, asked.least, asked.most)
        found = found.select(found.distance <= tolerance)
        line = line_of_vertex(self.offsets)[found.vertex]
        spared = self.spared[_kind_of_gap(found.over), self.row[line]]
        left, found = found.select(spared), found.select(~spared)
        closed = line_gaps.close_gaps(self.coords, self.offsets, found, tolerance)
        lines = line_of_vertex(self.offsets)
        for one in (left, closed):
            self._tell(_kind_of_gap(one.over), lines[one.vertex], one.xy, one.distance, self.row[lines[one.met]])
        if len(closed.vertex):
            self.coords, self.offsets = closed.coords, closed.offsets
            self._keep(~line_defects.repeated(self.coords, self.offsets))
            self._swept()
        return tolerance

    def crossings_noded(self, progress: Progress) -> None:
        """Give lines of one level a common vertex where they cross or touch."""
        found = crossings_of(self.coords, self.offsets, self.level, progress)
        first, second = self.row[found.first], self.row[found.second]
        spared = self.spared[RepairKind.CROSSING, first] | self.spared[RepairKind.CROSSING, second]
        late = np.where(first > second, found.first, found.second)
        late = np.where(self.spared[RepairKind.CROSSING, np.minimum(first, second)], first + second - self.row[late], self.row[late])
        told = found.slanted
        self._note(RepairKind.CROSSING, late[told], found.xy[told], (first + second - late)[told], spared[told])
        put = ~spared[found.crossing]
        self.coords, self.offsets = insert_vertices(
            self.coords, self.offsets, found.after[put], found.fraction[put], found.xy[found.crossing[put]]
        )
        self._keep(~line_defects.repeated(self.coords, self.offsets))

    def _tell(self, kind: int | Ints, line: Ints, xy: Floats, metres: Floats, other: Ints | None = None) -> Bools:
        """Note repairs of lines as they are so far, and return which of them are to be made."""
        rows = self.row[line]
        spared: Bools = self.spared[kind, rows]
        self._note(kind, rows, xy, np.full(len(rows), -1) if other is None else other, spared, metres)
        return ~spared

    def _note(self, kind: int | Ints, rows: Ints, xy: Floats, other: Ints, spared: Bools, metres: Floats | None = None) -> None:
        if not len(rows):
            return
        kinds = np.broadcast_to(np.asarray(kind, np.int8), rows.shape)
        far = np.zeros(len(rows)) if metres is None else metres
        for kept, mask in ((self.told, ~spared), (self.left, spared)):
            if mask.any():
                kept.append(Repairs(kinds[mask], rows[mask].astype(np.int64), other[mask].astype(np.int64), xy[mask], far[mask]))

    def _keep(self, keep: Bools) -> None:
        """Leave out vertices; a line may be left with none."""
        if keep.all():
            return
        counts = np.bincount(line_of_vertex(self.offsets)[keep], minlength=len(self.row))
        self.coords, self.offsets = self.coords[keep], np.concatenate(([0], np.cumsum(counts)))

    def _swept(self) -> None:
        """Leave out lines of fewer than two vertices."""
        there = np.diff(self.offsets) >= 2
        if not there.all():
            self._keep(there[line_of_vertex(self.offsets)])
            self.offsets = np.concatenate(([0], np.cumsum(np.diff(self.offsets)[there])))
            self.row = self.row[there]

    def _without_pieces(self, gone: Bools) -> None:
        """Leave out the pieces that begin at the vertices `gone` (n,); what is left of a line is as many lines."""
        self.coords, self.offsets, line = line_overlaps.without_pieces(self.coords, self.offsets, gone)
        self.row = self.row[line]


def _kind_of_gap(over: Bools) -> Ints:
    return np.where(over, RepairKind.OVERSHOOT, RepairKind.GAP)


def _together(told: list[Repairs]) -> Repairs:
    if not told:
        return Repairs()
    return Repairs(*(np.concatenate([getattr(one, column.name) for one in told]) for column in fields(Repairs)))
