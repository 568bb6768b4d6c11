"""The datums that degrees can be in, and the way between them: one table for reading, exporting, routes and maps."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from gridplanner.io.bd09 import from_bd09, to_bd09
from gridplanner.io.gcj02 import from_gcj02, to_gcj02
from gridplanner.model.lines import Floats

_WAYS: dict[str, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    "gcj02": (from_gcj02, to_gcj02),
    "bd09": (from_bd09, to_bd09),
}
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
SHIFTED = tuple(_WAYS)  # of these, the ones that lie some hundred metres off
NAMES = MappingProxyType({"wgs84": "WGS 84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"})
_AXIS, _SQUARED = 6378137.0, 0.00669437999014  # WGS 84: half axis in metres, squared eccentricity


def to_wgs84(lonlat: Floats, datum: str) -> Floats:
    """Return degrees (n, 2) of a datum of DATUMS, longitude first, as WGS 84 degrees; CGCS2000 is the same to within centimetres.

    GCJ-02 and BD-09 are undone to less than a millimetre; outside China's box nothing moves, and what is not a number stays so.

    >>> to_wgs84(from_wgs84(np.array([[106.68, 35.54]]), "bd09"), "bd09").round(7).tolist()
    [[106.68, 35.54]]
    """
    return _WAYS[datum][0](lonlat) if datum in _WAYS and len(lonlat) else lonlat


def from_wgs84(lonlat: Floats, datum: str) -> Floats:
    """Return WGS 84 degrees (n, 2) in a datum of DATUMS, longitude first."""
    return _WAYS[datum][1](lonlat) if datum in _WAYS and len(lonlat) else lonlat


def shift_metres(lonlat: Floats, datum: str) -> Floats:
    """Return (n,) the metres by which degrees (n, 2) of a datum lie off the same degrees of WGS 84."""
    return metres_between(lonlat, to_wgs84(lonlat, datum))


def metres_between(one: Floats, other: Floats) -> Floats:
    """Return (n,) the metres between places in WGS 84 degrees (n, 2) that lie near each other (a kilometre: to a millimetre)."""
    phi = np.radians((one[:, 1] + other[:, 1]) / 2.0)
    curve = 1.0 - _SQUARED * np.sin(phi) ** 2
    east = np.radians(other[:, 0] - one[:, 0]) * _AXIS / np.sqrt(curve) * np.cos(phi)
    north = np.radians(other[:, 1] - one[:, 1]) * _AXIS * (1.0 - _SQUARED) / (curve * np.sqrt(curve))
    return np.asarray(np.hypot(east, north), np.float64)
