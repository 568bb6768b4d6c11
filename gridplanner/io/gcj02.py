"""The shift between WGS 84 (or CGCS2000) and GCJ-02, the coordinates that commercial Chinese maps are drawn in.

The series is the one that circulates publicly (its author is not known); it is the map makers' own to some centimetres. The way back
has no closed form and is found by fixed-point iteration, which gains two digits a step because the shift varies by less than 1 %.

Places are shifted inside a box around China and nowhere else, so the box has a seam. A place of the box is always found again. Where the
last places of the box are shifted across its border they fall on places outside that were not shifted: on that strip (under a kilometre
wide, at sea and abroad) shifted degrees are taken to be the box's.
"""

from __future__ import annotations

import numpy as np

from gridplanner.model.lines import Bools, Floats

_AXIS, _SQUARED = 6378245.0, 0.00669342162296594323  # Krasovsky 1940: half axis in metres, squared eccentricity
_STEPS = 3
_BLOCK = 16_384  # places at a time: what is in between stays in the processor's cache
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271  # degrees outside which nothing is shifted
_LOW, _HIGH = np.nextafter((WEST, SOUTH), 180.0), np.nextafter((EAST, NORTH), 0.0)
_MILLIMETRE = 1e-8  # degrees


def to_gcj02(lonlat: Floats) -> Floats:
    """Return WGS 84 degrees (n, 2) as GCJ-02 degrees; places outside China's box stay as they are.

    >>> to_gcj02(np.array([[116.404, 39.915]])).round(6).tolist()
    [[116.410244, 39.916404]]
    """
    return np.asarray(lonlat + np.where(inside_box(lonlat)[:, None], _shift(lonlat), 0.0), np.float64)


def from_gcj02(lonlat: Floats, *, bounded: bool = True) -> Floats:
    """Return GCJ-02 degrees (n, 2) as WGS 84 degrees, to less than a millimetre.

    Where `bounded`, degrees that no place of China's box was shifted to stay as they are.
    """
    found = np.array(lonlat, np.float64)
    for _step in range(_STEPS):
        found = lonlat - _shift(found)
    return of_the_box(found, lonlat) if bounded else found


def of_the_box(found: Floats, lonlat: Floats) -> Floats:
    """Return the places (n, 2) that were found for shifted degrees where they lie in China's box, and the degrees as they are elsewhere.

    Places a millimetre outside are the box's: they were inside before they were found again to less than a millimetre.
    """
    held = np.clip(found, _LOW, _HIGH)
    ours = np.abs(found - held).max(axis=1) < _MILLIMETRE
    return np.where(ours[:, None], held, lonlat)


def inside_box(lonlat: Floats) -> Bools:
    """True for the places (n, 2) that are shifted at all."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    return np.asarray((lon > WEST) & (lon < EAST) & (lat > SOUTH) & (lat < NORTH))


def _shift(lonlat: Floats) -> Floats:
    """Return how far GCJ-02 lies from WGS 84 at WGS 84 places, in degrees (n, 2)."""
    found = np.empty((len(lonlat), 2))
    for start in range(0, len(lonlat), _BLOCK):
        found[start : start + _BLOCK] = _block_shift(lonlat[start : start + _BLOCK])
    return found


def _block_shift(lonlat: Floats) -> Floats:
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    # the waves are at 6, 2, 1 and 1/3 times pi: one sine and one cosine give them all, by the formulas for double and triple angles
    third, fell = np.sin(x * (pi / 3)), np.cos(x * (pi / 3))
    once = third * (3 - 4 * third * third)
    twice = 2 * once * fell * (4 * fell * fell - 3)
    ripple = 40 / 3 * (twice * (3 - 4 * twice * twice) + twice)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    up = np.sin(y * (pi / 3))
    north += 40 / 3 * up * (5 - 4 * up * up) + 320 / 3 * np.sin(y * (pi / 12)) + 640 / 3 * np.sin(y * (pi / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += 40 / 3 * (once + 2 * third) + 100 * np.sin(x * (pi / 12)) + 200 * np.sin(x * (pi / 30))
    sine = np.sin(np.radians(lat))
    squared = sine * sine
    curve = 1 - _SQUARED * squared
    d_lat = north * (180 / (_AXIS * (1 - _SQUARED) * pi)) * curve * np.sqrt(curve)
    d_lon = east * (180 / (_AXIS * pi)) * np.sqrt(curve / (1 - squared))
    return np.column_stack((d_lon, d_lat))
