"""The shift between WGS 84 (or CGCS2000) and GCJ-02, the coordinates that commercial Chinese maps are drawn in.

The series is the one that circulates publicly (its author is not known); it is the map makers' own to some centimetres. The way back
has no closed form and is found by fixed-point iteration, which gains two digits a step because the shift varies by less than 1 %.
"""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Bools, Floats

_AXIS, _SQUARED = 6378245.0, 0.00669342162296594323  # Krasovsky 1940: half axis in metres, squared eccentricity
_STEPS = 6
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271  # degrees outside which nothing is shifted


def to_gcj02(lonlat: Floats) -> Floats:
    """Return WGS 84 degrees (n, 2) as GCJ-02 degrees; places outside China's box stay as they are.

    >>> to_gcj02(np.array([[116.404, 39.915]])).round(6).tolist()
    [[116.410244, 39.916404]]
    """
    return np.asarray(lonlat + _shift(lonlat), np.float64)


def from_gcj02(lonlat: Floats) -> Floats:
    """Return GCJ-02 degrees (n, 2) as WGS 84 degrees, to less than a millimetre."""
    found = np.array(lonlat, np.float64)
    for _step in range(_STEPS):
        found = lonlat - _shift(found)
    return found


def _shift(lonlat: Floats) -> Floats:
    """Return how far GCJ-02 lies from WGS 84 at WGS 84 places, in degrees (n, 2)."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    pi = np.pi
    ripple = (20 * np.sin(6 * x * pi) + 20 * np.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += (20 * np.sin(y * pi) + 40 * np.sin(y / 3 * pi)) * 2 / 3 + (160 * np.sin(y / 12 * pi) + 320 * np.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += (20 * np.sin(x * pi) + 40 * np.sin(x / 3 * pi)) * 2 / 3 + (150 * np.sin(x / 12 * pi) + 300 * np.sin(x / 30 * pi)) * 2 / 3
    phi = np.radians(lat)
    curve = 1 - _SQUARED * np.sin(phi) ** 2
    d_lat = north * 180 / (_AXIS * (1 - _SQUARED) / (curve * np.sqrt(curve)) * pi)
    d_lon = east * 180 / (_AXIS / np.sqrt(curve) * np.cos(phi) * pi)
    return np.where(_inside(lonlat)[:, None], np.column_stack((d_lon, d_lat)), 0.0)


def _inside(lonlat: Floats) -> Bools:
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    return np.asarray((lon > _WEST) & (lon < _EAST) & (lat > _SOUTH) & (lat < _NORTH))
