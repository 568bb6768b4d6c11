"""Points whose place is doubtful: at 0, 0, far from all others, given twice, on the border of two communities."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from gridplanner.i18n import N_
from gridplanner.io.reading import MAX_PLACED, Reading
from gridplanner.io.table import Column, Table
from gridplanner.model.issues import Level
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.places import Communities, Households

FAR = 5_000.0  # metres, and ten times the usual distance from the middle: what is beyond stands quite apart
FEW = 20  # points from which on it can be said what is usual
NOWHERE = 100_000.0  # metres from all others within which 0, 0 may be a place
ON_BORDER = 0.005  # metres: half a cell of the lattice that borders lie on
_SOME = 10_000


def away_from_others(xy: Floats) -> tuple[Floats, Bools]:
    """Return how far each point is from the middle of all, and which of them stand quite apart."""
    step = max(len(xy) // _SOME, 1)
    away: Floats = np.hypot(*(xy - np.median(xy[::step], axis=0)).T)
    return away, np.asarray(away > FAR + 10.0 * float(np.median(away[::step])))


def without_zeros(table: Table, given: Floats, xy: Floats, key: str, reading: Reading) -> tuple[Table, Floats]:
    """Return the rows but those at 0, 0 in `given` (n, 2), as they were read, while all others are far from there in `xy` (n, 2), metres.

    What has no place is written so by many programs; it can be kept.
    """
    zero = np.asarray((given[:, 0] == 0.0) & (given[:, 1] == 0.0))
    if not zero.any() or zero.all():
        return table, xy
    others = xy[~zero]
    others = others[np.isfinite(others).all(axis=1)]
    there = xy[np.argmax(zero)]
    if not len(others) or (np.isfinite(there).all() and np.hypot(*(others - there).T).min() < NOWHERE):
        return table, xy
    gone = reading.wanted_rows(table, zero, key, "null_place")
    reading.tell_rows(
        table, gone, key, level=Level.WARNING, kind="null_place", repair=True,
        text=N_("{file}, rows {rows}: at 0, 0, far from all others: no place is known, left out ({count} in all)"),
    )  # fmt: skip
    reading.tell_left_rows(
        table, zero & ~gone, key, kind="null_place", text=N_("{file}, row {rows}: at 0, 0, far from all others, kept as it was read")
    )  # fmt: skip
    return table.select(~gone), xy[~gone]


def tell_astray(table: Table, xy: Floats, key: str, reading: Reading) -> None:
    """Report the points that stand quite apart from all others, where these are few; they stay."""
    if len(xy) < FEW:
        return
    away, astray = away_from_others(xy)
    if not 0 < astray.sum() <= len(xy) // FEW:
        return
    reading.tell_rows(
        table, astray, key, level=Level.WARNING, kind="astray", at=xy, values={"km": float(away.max() / 1000.0)},
        text=N_("{file}, rows {rows}: up to {km:.0f} km from the middle of all others; check the coordinates ({count} in all)"),
    )  # fmt: skip


def tell_doubled(table: Table, xy: Floats, key: str, reading: Reading) -> None:
    """Report rows whose place and values an earlier row has; they stay and count, for a house is often a row for each household."""
    place = np.round(xy, 2)
    _places, index, count = np.unique(place[:, 0] + 1j * place[:, 1], return_inverse=True, return_counts=True)
    shared = np.flatnonzero(count[index] > 1)
    if not len(shared) or not table.columns:
        return
    columns = [index[shared], *(_hashes(column[shared]) for column in table.columns.values())]
    order = np.lexsort((table.rows[shared], *columns))
    same = np.ones(max(len(order) - 1, 0), bool)
    for column in columns:
        same &= column[order][1:] == column[order][:-1]
    doubled = np.zeros(len(table), bool)
    doubled[shared[order[1:][same]]] = True
    reading.tell_rows(
        table, doubled, key, level=Level.INFO, kind="doubled_points",
        text=N_("{file}, rows {rows}: the place and the values of an earlier row; each counts ({count} in all)"),
    )  # fmt: skip


def _hashes(column: Column) -> NDArray[np.int64]:
    """Return a number for each value, the same one for equal values."""
    if column.dtype != object:
        return np.unique(column, return_inverse=True)[1].astype(np.int64)
    return np.fromiter((hash(value) for value in column.tolist()), np.int64, len(column))


def tell_on_borders(homes: Households, communities: Communities, reading: Reading) -> None:
    """Report the addresses on the border of two communities: each is in one of them, the same one every time."""
    if not len(homes) or len(communities) < 2:
        return
    corners, ring = shapely.get_coordinates(shapely.get_parts(shapely.boundary(communities.polygons)), return_index=True)
    first = np.flatnonzero(ring[1:] == ring[:-1])
    sides = shapely.linestrings(np.stack((corners[first], corners[first + 1]), axis=1))
    near = np.unique(shapely.STRtree(shapely.points(homes.xy)).query(sides, predicate="dwithin", distance=ON_BORDER)[1])
    owners = shapely.STRtree(communities.polygons).query(shapely.points(homes.xy[near]), predicate="dwithin", distance=ON_BORDER)[0]
    found = near[np.bincount(owners, minlength=len(near)) > 1]
    if not len(found):
        return
    text = N_("{count} addresses ({n} households) lie on the border of two communities; each is in one of them, always the same")
    values = {"count": len(found), "n": f"{homes.households[found].sum():g}"}
    reading.tell(Level.INFO, "on_border", text, values, layer="households")
    for address in found[:MAX_PLACED].tolist():
        text = N_("Address {row} ({n} households) lies on the border of two communities; it is in one of them, always the same")
        values = {"row": address + 1, "n": f"{homes.households[address]:g}"}
        reading.tell(Level.INFO, "on_border", text, values, layer="households", ref=str(address + 1), at=homes.xy[address])
