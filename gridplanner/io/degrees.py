"""Places of a project in degrees, for people who compare it with another map."""

from __future__ import annotations

import math

import numpy as np

from gridplanner.i18n import _
from gridplanner.io import crs as systems


def to_degrees(crs: str, x: float, y: float) -> tuple[float, float] | None:
    """Return the longitude and latitude (WGS 84) of a place in a project's CRS; None where it has none.

    >>> lon, lat = to_degrees("EPSG:4545", 500000.0, 3900000.0)
    >>> round(lon, 6), round(lat, 3)
    (108.0, 35.23)
    """
    if not crs or not systems.is_known(crs):
        return None
    lon, lat = systems.transform(np.array([[x, y]]), crs, systems.WGS84)[0].tolist()
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None


def degrees_words(lon: float, lat: float) -> str:
    """Return a place as a person writes it, to five digits: about a metre.

    >>> degrees_words(8.7052, -50.0006)
    '50.00060°S 8.70520°E'
    """
    north, east = _("N") if lat >= 0 else _("S"), _("E") if lon >= 0 else _("W")
    return f"{abs(lat):.5f}°{north} {abs(lon):.5f}°{east}"
