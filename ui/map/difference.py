"""What the map shows of a comparison of two scenarios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Bools, Floats
from gridplanner.model.outlines import boundary_mask
from gridplanner.model.piece_index import PieceIndex, index_of_pieces
from gridplanner.model.units import Units

LATTICE = 100.0  # places a metre on which the nodes of units lie


@dataclass(frozen=True, eq=False)
class Difference:
    """`changed` (u,) of the `units` shown, whose grids are those of `plan`; `borders` are borders of the other plan that are none here."""

    units: Units
    plan: GridPlan
    changed: Bools
    borders: PieceIndex


def difference_of(units: Units, plan: GridPlan, there: Units, other: GridPlan, changed: Bools) -> Difference:
    """Return the difference to `other`, a plan over the units `there`, for the map."""
    here, elsewhere = _borders(units, plan), _borders(there, other)
    fresh = ~np.isin(_keys(elsewhere), _keys(here))
    return Difference(units, plan, changed, index_of_pieces(elsewhere[fresh]))


def _borders(units: Units, plan: GridPlan) -> Floats:
    return units.xy[units.ends[boundary_mask(units, plan.labels)]].reshape(-1, 4)


def _keys(pieces: Floats) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Return one value for each piece, the same whichever way it runs."""
    ends = np.round(pieces * LATTICE).astype(np.int64).reshape(-1, 2, 2)
    turned = (ends[:, 0, 0] > ends[:, 1, 0]) | ((ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1]))
    ends[turned] = ends[turned, ::-1]
    return np.ascontiguousarray(ends.reshape(-1, 4)).view(np.dtype((np.void, 32))).ravel()
