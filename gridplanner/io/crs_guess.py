"""Which coordinate system a layer is in that does not say it: a guess with its reason, for the planner to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import _
from gridplanner.io.doctor.coordinates import Box as Box
from gridplanner.io.doctor.coordinates import Candidate, candidates, settled
from gridplanner.io.doctor.coordinates import Neighbour as Neighbour
from gridplanner.model.lines import Floats


@dataclass(frozen=True)
class CrsGuess:
    """A code such as EPSG:4545 (empty where nothing can be said) and why, in the language in use.

    `axes` and `scale` are those of SourceSettings that go with it; `others` are the next best ways to read the coordinates.
    """

    code: str
    why: str
    axes: str = "xy"
    scale: float = 1.0
    others: tuple[Candidate, ...] = ()


def box_of(xy: Floats) -> Box | None:
    """Return the box of (n, 2) coordinates that are numbers, None where there are none."""
    finite = xy[np.isfinite(xy).all(axis=1)]
    if not len(finite):
        return None
    (west, south), (east, north) = finite.min(axis=0).tolist(), finite.max(axis=0).tolist()
    return west, south, east, north


def guess_crs(where: Box | Floats | None, neighbours: Sequence[Neighbour] = (), said: str = "") -> CrsGuess:
    """Return what coordinates (n, 2), or those in a box, most likely are; `said` is the system that the file names.

    >>> guess_crs((106.0, 35.0, 107.0, 36.0)).code, guess_crs((35500000.0, 3900000.0, 35510000.0, 3910000.0)).code
    ('EPSG:4326', 'EPSG:4523')
    """
    found = candidates(where, said, neighbours) if where is not None else ()
    best = settled(found)
    if best is not None:
        return CrsGuess(best.crs, best.why, best.axes, best.scale, found[1:])
    if where is None or not len(where):
        return CrsGuess("", _("there are no coordinates"))
    if found and found[0].score >= 0.25:
        return CrsGuess("", _("the values look like metres of a zone whose number is not given"), others=found)
    return CrsGuess("", _("the values fit no system that is known here"), others=found)
