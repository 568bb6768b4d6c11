"""What a cut by hand has changed of the units: what is kept for all of them need be made anew for these alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridplanner.model.lines import Ints
from gridplanner.model.units import Units


@dataclass(frozen=True, eq=False)
class UnitsChange:
    """Rows of the finer units: `pieces` (m,) are border pieces that are other ones or new, `units` (n,) the units that these lie beside.

    Rows from the number of pieces or units of the coarser ones on are new; nodes were only added.
    """

    pieces: Ints
    units: Ints


def units_change(coarse: Units, fine: Units) -> UnitsChange | None:
    """Return what is another between units and the same after cuts; None where the second are not the first with some of them cut.

    For an undo give the two the other way round. It is read off the arrays themselves, so that it can never be out of date.
    """
    nodes, pieces, count = len(coarse.xy), len(coarse.ends), len(coarse)
    if len(fine.xy) < nodes or len(fine.ends) < pieces or len(fine) < count:
        return None
    if not np.array_equal(fine.xy[:nodes], coarse.xy) or not np.array_equal(fine.community[:count], coarse.community):
        return None
    other = (fine.ends[:pieces] != coarse.ends).any(axis=1)
    for name in ("left", "right", "kind", "road", "blocked"):
        other |= getattr(fine, name)[:pieces] != getattr(coarse, name)
    rows = np.concatenate((np.flatnonzero(other), np.arange(pieces, len(fine.ends)))).astype(np.int32)
    beside = np.unique(np.concatenate((fine.left[rows], fine.right[rows])))
    return UnitsChange(rows, beside[beside >= 0])
