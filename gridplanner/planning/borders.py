"""What a boundary costs along each border between units, and which borders nothing may cross, as the settings wish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from algorithms.graph.components import components
from gridplanner.model.lines import Bools, Floats, Ints
from gridplanner.model.units import BorderKind, Units
from gridplanner.settings import BORDER_PRICE, GridSettings

APART = 10.0  # price of a metre inside a grid where a boundary is to stay: four times that of a cut through a block


@dataclass(frozen=True, eq=False)
class Borders:
    """Of each border piece of some units: `price` (m,) of a metre of boundary there, and `blocked` (m,) where nothing crosses it.

    `limit` is the price of a metre of a community's boundary, whatever runs along it; `apart` (m,) where a boundary is wished, so that
    a grid on both sides pays APART a metre (None: nowhere).
    """

    price: Floats
    limit: float
    blocked: Bools
    apart: Bools | None = None


def borders_of(units: Units, grids: GridSettings | None = None) -> Borders:
    """Return the borders of units as the settings of the grids wish them.

    Two units with a border of a kind that is never crossed are no neighbours, bridge or not, also where a crossable border lies
    beside it; a grid may still go round the end of such a line.
    """
    prices = grids.border_price if grids is not None else BORDER_PRICE
    price = np.array([prices[kind.name.lower()] for kind in BorderKind])[units.kind]
    blocked = units.blocked
    if grids is not None and grids.never_cross:
        kinds = [BorderKind[name.upper()] for name in grids.never_cross]
        blocked = blocked | same_sides(units, np.isin(units.kind, kinds))
    return Borders(price, prices["limit"], blocked)


def borders_apart(units: Units, borders: Borders, pieces: Bools) -> Borders:
    """Return the borders with some `pieces` (m,) that stay grid boundaries.

    Where the pieces divide what hangs together, nothing crosses them; a line that ends within it is only priced, for there a grid may
    have to go round its end.
    """
    if not pieces.any():
        return borders
    line = same_sides(units, pieces)
    inner = (units.left >= 0) & (units.right >= 0)
    free = inner & ~borders.blocked & ~line
    free[free] = units.community[units.left[free]] == units.community[units.right[free]]
    part = components(len(units), units.left[free], units.right[free])
    divides = line.copy()
    divides[line] = part[units.left[line]] != part[units.right[line]]
    return Borders(borders.price, borders.limit, borders.blocked | divides, pieces)


def same_sides(units: Units, pieces: Bools) -> Bools:
    """Return which border pieces (m,) lie between the same two units as one of `pieces` (m,)."""
    inner = (units.left >= 0) & (units.right >= 0)
    low: Ints = np.minimum(units.left, units.right).astype(np.int64)
    pair = low * (len(units) + 1) + np.maximum(units.left, units.right)
    return np.asarray(inner & np.isin(pair, np.unique(pair[inner & pieces])))
