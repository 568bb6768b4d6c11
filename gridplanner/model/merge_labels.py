"""Who has each unit, decided three ways: what one side moved is moved, what both moved apart is a conflict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gridplanner.model.grid_identity import NO_GRID
from gridplanner.model.lines import Bools, Ints
from gridplanner.model.merge import THEIRS


@dataclass(frozen=True, eq=False)
class Sides:
    """The grid of each merged unit (u,) in the base, in mine and in theirs, under the ids of the merged plan; NO_GRID for none known.

    Units whose ground only one side knows have no grid on the other side and in the base.
    """

    base: Ints
    mine: Ints
    theirs: Ints


@dataclass(frozen=True, eq=False)
class Dispute:
    """Units that both sides moved apart, or a grid that one side ended while the other went on with it.

    `kind` is units, ended or empty. `grid` is the grid that it is about, of units the base's, and `mine`, `theirs` where the `units` are.
    """

    kind: str
    grid: int
    mine: int
    theirs: int
    units: Ints

    @property
    def name(self) -> str:
        """What tells disputes of one merge apart."""
        return f"{self.kind}:{self.grid}:{self.mine}:{self.theirs}" if self.kind == "units" else f"{self.kind}:{self.grid}"


def decided(
    sides: Sides, ended: tuple[frozenset[int], frozenset[int]], wanted: tuple[frozenset[int], frozenset[int]], choices: Mapping[str, str]
) -> tuple[Ints, list[Dispute]]:
    """Return the grid of each unit, (u,), and what is in dispute, decided by `choices` (by the disputes' names) or else as in mine.

    `ended` are grids of the base that mine and theirs ended, `wanted` those whose own values mine and theirs changed.
    """
    b, m, t = sides.base, sides.mine, sides.theirs
    both = (m != NO_GRID) & (t != NO_GRID)
    labels = np.where(m == NO_GRID, t, m)
    moved = both & (b != NO_GRID) & (m == b) & (t != b)
    labels[moved] = t[moved]
    found: list[Dispute] = []
    settled = np.zeros(len(b), bool)
    found += _ended(sides, both, ended, wanted, choices, labels, settled)
    apart = both & (m != t) & ~settled & ((b == NO_GRID) | ((m != b) & (t != b)))
    rows = np.flatnonzero(apart)
    triples, which = np.unique(np.column_stack((b[rows], m[rows], t[rows])), axis=0, return_inverse=True)
    for number, (grid, mine, theirs) in enumerate(triples.tolist()):
        dispute = Dispute("units", grid, mine, theirs, rows[which.ravel() == number])
        found.append(dispute)
        if choices.get(dispute.name) == THEIRS:
            labels[dispute.units] = theirs
    found += _emptied(sides, both, labels, choices)
    return labels, found


def _ended(
    sides: Sides, both: Bools, ended: tuple[frozenset[int], frozenset[int]], wanted: tuple[frozenset[int], frozenset[int]],
    choices: Mapping[str, str], labels: Ints, settled: Bools,
) -> list[Dispute]:  # fmt: skip
    """Find grids that one side ended and the other gave units to or changed; decide their units."""
    b, m, t = sides.base, sides.mine, sides.theirs
    found = []
    for own, gone, goes_on, wishes in ((m, ended[0] - ended[1], t, wanted[1]), (t, ended[1] - ended[0], m, wanted[0])):
        for grid in sorted(gone):
            got = both & (goes_on == grid) & (b != grid)
            if not got.any() and grid not in wishes:
                continue
            rows = np.flatnonzero(both & (goes_on == grid) & (own != grid))
            if not len(rows):
                continue
            dispute = Dispute("ended", grid, int(m[rows[0]]), int(t[rows[0]]), rows)
            found.append(dispute)
            side = t if choices.get(dispute.name) == THEIRS else m
            labels[rows] = side[rows]
            settled[rows] = True
    return found


def _emptied(sides: Sides, both: Bools, labels: Ints, choices: Mapping[str, str]) -> list[Dispute]:
    """Find grids that both sides have, but that lost all units to both together: each leaves the other's units in it."""
    b, m, t = sides.base, sides.mine, sides.theirs
    found: list[Dispute] = []
    alive = np.intersect1d(np.unique(m[both]), np.unique(t[both]))
    for _round in range(len(alive) + 1):
        empty = np.setdiff1d(np.setdiff1d(alive, np.unique(labels)), [dispute.grid for dispute in found])
        empty = empty[empty != NO_GRID]
        if not len(empty):
            break
        grid = int(empty[0])
        about = (b == grid) | (m == grid) | (t == grid)
        dispute = Dispute("empty", grid, grid, grid, np.flatnonzero(both & about & (m != t)))
        found.append(dispute)
        if choices.get(dispute.name) == THEIRS:
            rows = np.flatnonzero(both & (t == grid))
            labels[rows] = grid
        else:
            rows = np.flatnonzero(both & (m == grid))
            labels[rows] = grid
    return found
