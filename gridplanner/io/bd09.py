"""The shift between GCJ-02 and BD-09, the coordinates that one Chinese map maker (Baidu) lays on top of GCJ-02.

The series circulates publicly (its author is not known). The way back that circulates with it is off by up to a metre; here it is found
by fixed-point iteration, which gains more than one and a half digits a step because the shift varies by less than 2 %.
"""

from __future__ import annotations

import numpy as np

from gridplanner.io.gcj02 import from_gcj02, inside_box, of_the_box, to_gcj02
from gridplanner.model.lines import Floats

_STEPS = 4
_EAST, _NORTH = 0.0065, 0.006  # degrees
_WAVES = np.pi * 3000.0 / 180.0  # per degree


def to_bd09(lonlat: Floats) -> Floats:
    """Return WGS 84 degrees (n, 2) as BD-09 degrees; places outside China's box (io.gcj02) stay as they are.

    >>> to_bd09(np.array([[116.404, 39.915]])).round(6).tolist()
    [[116.416627, 39.9227]]
    """
    inside = inside_box(lonlat)
    moved = to_gcj02(lonlat)
    return np.where(inside[:, None], moved + _shift(moved), lonlat)


def from_bd09(lonlat: Floats) -> Floats:
    """Return BD-09 degrees (n, 2) as WGS 84 degrees, to less than a millimetre; outside China's box they stay as they are."""
    found = np.array(lonlat, np.float64)
    for _step in range(_STEPS):
        found = lonlat - _shift(found)
    return of_the_box(from_gcj02(found, bounded=False), lonlat)


def _shift(lonlat: Floats) -> Floats:
    """Return how far BD-09 lies from GCJ-02 at GCJ-02 places, in degrees (n, 2)."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    longer = 1.0 + 2e-5 * np.sin(lat * _WAVES) / np.hypot(lon, lat)
    turn = 3e-6 * np.cos(lon * _WAVES)  # radians about (0, 0); its cube is nothing
    left = 1.0 - turn * turn / 2.0
    return np.column_stack(((lon * left - lat * turn) * longer + _EAST - lon, (lat * left + lon * turn) * longer + _NORTH - lat))
