"""Neighbouring chunks made to meet exactly: what one adds to a common limit of two communities, the other takes over.

Each chunk nodes the limits of its own communities, whose corners are the same for all (an exact coverage on a 1 cm lattice). Between two
corners a chunk has further nodes where streets, tracks or cuts of its own side meet the limit; the neighbour knows nothing of them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from algorithms.graph.components import components
from algorithms.units.noding import LATTICE
from gridplanner.model.lines import Floats, Texts
from gridplanner.model.units import Units

Cells = NDArray[np.int64]
Rows = NDArray[np.signedinteger[Any]]
_FAR = np.int64(1) << 62


@dataclass(frozen=True, eq=False)
class Rim:
    """Nodes on the limits of a chunk between two corners: `ends` (n, 4) cells of the corners (x, y, x, y, lower first), `cell` (n, 2)."""

    ends: Cells
    cell: Cells

    def __len__(self) -> int:
        return len(self.cell)


@dataclass(frozen=True, eq=False)
class _Chains:
    """The border pieces along the rim of a chunk: `ends` (c, 4) the corners each chain runs between, and its nodes in between.

    Node `node[i]` lies on chain `chain[i]`; `first`, `last` (c,) are the nodes of its corners.
    """

    ends: Cells
    first: Rows
    last: Rows
    chain: Rows
    node: Rows


def rim_of(units: Units, polygons: Texts) -> Rim:
    """Return what the units of a chunk have on the rim between the corners of its communities (`polygons`)."""
    chains = _chains(units, _Corners(polygons))
    return Rim(chains.ends[chains.chain], _cells(units.xy)[chains.node])


def joined_rims(rims: list[Rim]) -> Rim:
    """Return several rims as one."""
    return Rim(np.concatenate([r.ends for r in rims]).reshape(-1, 4), np.concatenate([r.cell for r in rims]).reshape(-1, 2))


def stitched(units: Units, polygons: Texts, rims: Rim) -> tuple[Units, int]:
    """Return the units with every node that `rims` (of all chunks) has on their limits, and how many could not be placed.

    Of two chunks that share a limit both then have the same nodes in the same order, by their distance along it.
    """
    corners = _Corners(polygons)
    chains = _chains(units, corners)
    cells = _cells(units.xy)
    mine = np.isin(corners.piece(rims.ends), corners.piece(_segments(polygons)))
    known = np.unique(np.column_stack((rims.ends[mine], rims.cell[mine])), axis=0)
    if not len(known):
        return units, 0
    ours, wanted = corners.piece(chains.ends), corners.piece(known[:, :4])
    order = np.argsort(ours, kind="stable")
    at = order[np.minimum(np.searchsorted(ours, wanted, sorter=order), len(order) - 1)]
    there = ours[at] == wanted
    chain, cell = at[there], known[there][:, 4:]
    lost = int((~there).sum())
    table = _Table.of(chains, cells, chain, cell)
    if not (table.node < 0).any():
        return units, lost
    return _replaced(units, table, lost)


@dataclass(frozen=True, eq=False)
class _Table:
    """The nodes of every chain that something is added to, in order: `node` is -1 where it is new."""

    chain: Rows
    cell: Cells
    node: Rows

    @classmethod
    def of(cls, chains: _Chains, cells: Cells, chain: Rows, cell: Cells) -> _Table:
        """Return the corners, the chunk's own nodes and the added ones (`cell` on `chain`), each cell of a chain once."""
        touched = np.unique(chain)
        own = np.isin(chains.chain, touched)
        row = np.concatenate((touched, touched, chains.chain[own], chain))
        node = np.concatenate((chains.first[touched], chains.last[touched], chains.node[own], np.full(len(chain), -1)))
        place = np.concatenate((cells[node[: len(node) - len(chain)]], cell))
        start, step = chains.ends[row][:, :2], chains.ends[row][:, 2:] - chains.ends[row][:, :2]
        along = ((place - start) * step).sum(axis=1)
        along[: len(touched)] = -_FAR
        along[len(touched) : 2 * len(touched)] = _FAR
        order = np.lexsort((node < 0, place[:, 1], place[:, 0], along, row))
        row, place, node = row[order], place[order], node[order]
        again = np.append(False, (row[1:] == row[:-1]) & (place[1:] == place[:-1]).all(axis=1))
        return cls(row[~again], place[~again], node[~again])


def _replaced(units: Units, table: _Table, lost: int) -> tuple[Units, int]:
    """Return the units with the chains of a table in place of their own border pieces; chains that do not fit stay as they were."""
    count = len(table.node)
    own = table.node >= 0
    before = np.maximum.accumulate(np.where(own, np.arange(count), 0))
    after = np.minimum.accumulate(np.where(own, np.arange(count), count - 1)[::-1])[::-1]
    pair = np.flatnonzero(table.chain[1:] == table.chain[:-1])
    piece = _pieces_between(units, table.node[before[pair]], table.node[after[pair + 1]])
    wrong = np.unique(table.chain[pair[piece < 0]])
    good = ~np.isin(table.chain[pair], wrong)
    lost += int((~own & np.isin(table.chain, wrong)).sum())
    pair, piece = pair[good], piece[good]
    placed = ~own & ~np.isin(table.chain, wrong)
    new, number = np.unique(table.cell[placed], axis=0, return_inverse=True)
    node = table.node.copy()
    node[placed] = len(units.xy) + number.ravel()
    ends = np.column_stack((node[pair], node[pair + 1]))
    turned = units.ends[piece, 0] != table.node[before[pair]]
    ends[turned] = ends[turned][:, ::-1]
    keep = np.ones(len(units.ends), bool)
    keep[piece] = False

    def column(values: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate((values[keep], values[piece]))

    made = dataclasses.replace(
        units, xy=np.concatenate((units.xy, np.round(new * LATTICE, 2))), ends=np.concatenate((units.ends[keep], ends)).astype(np.int32),
        left=column(units.left), right=column(units.right), kind=column(units.kind), road=column(units.road),
        blocked=column(units.blocked),
    )  # fmt: skip
    return made, lost


def _pieces_between(units: Units, one: Rows, other: Rows) -> Rows:
    """Return the row of the border piece between two nodes, -1 where there is none."""
    count = len(units.xy)
    pieces = np.sort(units.ends, axis=1).astype(np.int64)
    key = pieces[:, 0] * count + pieces[:, 1]
    order = np.argsort(key, kind="stable")
    wanted = np.minimum(one, other).astype(np.int64) * count + np.maximum(one, other)
    at = order[np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)]
    return np.where(key[at] == wanted, at, -1)


def _chains(units: Units, corners: _Corners) -> _Chains:
    """Return the chains of border pieces on the rim, each from one corner to the next."""
    piece = units.ends[(units.left < 0) | (units.right < 0)]
    cells = _cells(units.xy)
    corner = corners.row(cells) >= 0
    tips = corner[piece]
    between = piece[~tips.any(axis=1)]
    group = components(len(units.xy), between[:, 0], between[:, 1])
    direct = piece[tips.all(axis=1)]
    half = piece[tips.sum(axis=1) == 1]
    inner = half[~corner[half]]
    order = np.lexsort((half[corner[half]], group[inner]))
    owner, tip = group[inner][order], half[corner[half]][order]
    sizes = np.bincount(owner, minlength=len(units.xy))
    fit = sizes[owner] == 2  # a chain that touches itself between corners is left as it is
    owner, tip = owner[fit].reshape(-1, 2)[:, 0], tip[fit].reshape(-1, 2)
    node = np.unique(piece[~corner[piece]])
    number = np.full(len(units.xy), -1)
    number[owner] = len(direct) + np.arange(len(owner))
    chain = number[group[node]]
    both = np.concatenate((direct, tip))
    a, b = cells[both[:, 0]], cells[both[:, 1]]
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    both[turned] = both[turned][:, ::-1]
    ends = cells[both].reshape(-1, 4)
    return _Chains(ends, both[:, 0], both[:, 1], chain[chain >= 0], node[chain >= 0])


def _segments(polygons: Texts) -> Cells:
    """Return the straight pieces of the limits of areas, (n, 4) cells, the lower end first."""
    xy, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygons)), return_index=True)
    cell = _cells(xy)
    same = ring[1:] == ring[:-1]
    a, b = cell[:-1][same], cell[1:][same]
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    a[turned], b[turned] = b[turned], a[turned]
    return np.column_stack((a, b))


def _cells(xy: Floats) -> Cells:
    return np.rint(xy / LATTICE).astype(np.int64)


class _Corners:
    """The corners of the limits of some communities, numbered: places and straight pieces between them become single numbers."""

    def __init__(self, polygons: Texts) -> None:
        self.known = np.unique(_key(_cells(shapely.get_coordinates(polygons))))

    def row(self, cells: Cells) -> Rows:
        """Return the number of the corner at each place (n, 2), -1 where there is none."""
        key = _key(cells)
        at = np.minimum(np.searchsorted(self.known, key), len(self.known) - 1)
        return np.where(self.known[at] == key, at, -1)

    def piece(self, ends: Cells) -> Rows:
        """Return a number for each pair of corners (n, 4), -1 where one of them is none."""
        one, other = self.row(ends[:, :2]), self.row(ends[:, 2:])
        return np.where((one >= 0) & (other >= 0), one * len(self.known) + other, -1)


def _key(cells: Cells) -> Cells:
    """Return one number for each place (n, 2): different ones for places less than 21,000 km apart."""
    return (cells[:, 0] << 31) + cells[:, 1]
