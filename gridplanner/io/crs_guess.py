"""Which coordinate system a layer is in that does not say it: a guess with its reason, for the planner to confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.model.lines import Floats

Box = tuple[float, float, float, float]  # west, south, east, north in a layer's own coordinates


@dataclass(frozen=True)
class CrsGuess:
    """A code such as EPSG:4545 (empty where nothing can be said) and why, in the language in use."""

    code: str
    why: str


@dataclass(frozen=True)
class Neighbour:
    """Another layer whose coordinate system is known: its name, its code and its box."""

    name: str
    code: str
    box: Box


def box_of(xy: Floats) -> Box | None:
    """Return the box of (n, 2) coordinates that are numbers, None where there are none."""
    finite = xy[np.isfinite(xy).all(axis=1)]
    if not len(finite):
        return None
    (west, south), (east, north) = finite.min(axis=0).tolist(), finite.max(axis=0).tolist()
    return west, south, east, north


def guess_crs(box: Box | None, neighbours: Sequence[Neighbour] = ()) -> CrsGuess:
    """Return what coordinates in `box` most likely are.

    In this order: degrees; a zone number before the eastings; the system of another layer whose numbers lie in the same place.

    >>> guess_crs((106.0, 35.0, 107.0, 36.0)).code, guess_crs((35500000.0, 3900000.0, 35510000.0, 3910000.0)).code
    ('EPSG:4326', 'EPSG:4523')
    """
    if box is None:
        return CrsGuess("", _("there are no coordinates"))
    corners = np.array([box[:2], box[2:]])
    if systems.look_like_degrees(corners):
        return CrsGuess(systems.WGS84, _("the values are degrees"))
    zone = systems.zone_in_easting(corners)
    if zone:
        return CrsGuess(zone, _("the eastings begin with zone number {zone}").format(zone=int(corners[0, 0] // 1e6)))
    for other in neighbours:
        if _touch(box, other.box):
            return CrsGuess(other.code, _("the values lie where those of {layer} lie").format(layer=other.name))
    if (np.abs(corners) > 1e5).any() and 1.5e6 < corners[0, 1] < 6.5e6 and 1.5e5 < corners[0, 0] < 8.5e5:
        return CrsGuess("", _("the values look like metres of a zone whose number is not given"))
    return CrsGuess("", _("the values fit no system that is known here"))


def _touch(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
