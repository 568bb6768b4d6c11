"""From the drawing to the globe: degrees of CGCS2000 for every vertex."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import shapely

from sample_data.curves import NORTH_TURN, FloatArray

CENTRAL_MERIDIAN = 108.0
ORIGIN_EAST, ORIGIN_NORTH = 416_400.0, 3_916_300.0
"""Where the crossing of the four main streets lies in EPSG:4545, the three-degree zone of 108° E, metres."""
DECIMALS = 8
"""Of a degree in all files: a millimetre, and always the same for a vertex that two layers share."""

_AXIS_M, _FLATTENING = 6_378_137.0, 1 / 298.257222101
_N = _FLATTENING / (2 - _FLATTENING)
_RADIUS = _AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_BETA = (_N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96, _N**2 / 48 + _N**3 / 15, 17 * _N**3 / 480)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3 + 116 * _N**4 / 45,
    7 * _N**2 / 3 - 8 * _N**3 / 5 - 227 * _N**4 / 45,
    56 * _N**3 / 15 - 136 * _N**4 / 35,
    4279 * _N**4 / 630,
)

Geometry = TypeVar("Geometry", bound=shapely.Geometry)


def on_globe(geometry: Geometry) -> Geometry:
    """The geometry in degrees, longitude first, rounded so that equal vertices stay equal."""
    moved: Geometry = shapely.transform(geometry, lambda xy: degrees_of(projected(xy)).round(DECIMALS))
    return moved


def projected(xy: FloatArray) -> FloatArray:
    """Metres of the drawing as easting and northing in EPSG:4545: turned to the true north and moved to Gansu."""
    cosine, sine = np.cos(NORTH_TURN), np.sin(NORTH_TURN)
    east = xy[:, 0] * cosine + xy[:, 1] * sine
    north = xy[:, 1] * cosine - xy[:, 0] * sine
    return np.column_stack([ORIGIN_EAST + east, ORIGIN_NORTH + north])


def degrees_of(eastnorth: FloatArray, meridian: float = CENTRAL_MERIDIAN) -> FloatArray:
    """Longitude and latitude of places in the Gauss–Krüger zone of a meridian, to a tenth of a millimetre.

    Krüger's series (1912) in the form of Karney (2011), cut after the third and fourth powers of the third flattening.
    """
    xi = eastnorth[:, 1] / _RADIUS
    eta = (eastnorth[:, 0] - 500_000.0) / _RADIUS
    xi_sphere, eta_sphere = xi.copy(), eta.copy()
    for j, beta in enumerate(_BETA, start=1):
        xi_sphere -= beta * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        eta_sphere -= beta * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    conformal = np.arcsin(np.sin(xi_sphere) / np.cosh(eta_sphere))
    latitude = conformal + sum(delta * np.sin(2 * j * conformal) for j, delta in enumerate(_DELTA, start=1))
    longitude = np.arctan2(np.sinh(eta_sphere), np.cos(xi_sphere))
    return np.column_stack([meridian + np.degrees(longitude), np.degrees(latitude)])
