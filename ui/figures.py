"""Which figures deserve red, and the limits they are held against."""

from __future__ import annotations

import math

import numpy as np

from gridplanner.model.band import Band, band_of
from gridplanner.model.lines import Bools
from gridplanner.model.statistics import GridFigures
from gridplanner.settings import GridSettings


def out_of_band(figures: GridFigures, settings: GridSettings | None) -> Bools:
    """Return which grids lie out of their band, whatever else is wrong with them."""
    band = band_of(settings)
    return np.asarray((figures.load < band.low - 1e-9) | (figures.load > band.high + 1e-9), np.bool_)


def amount(value: float) -> str:
    """Return a number of households or persons; those that were shared out may have a half.

    >>> amount(1234.0), amount(2.5)
    ('1,234', '2.5')
    """
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def limits(band: Band, target: float) -> tuple[int, int]:
    """Return the fewest and the most whole households or persons that lie in the band around a target.

    >>> limits(Band(250.0, None, 0.85, 1.15), 250.0)
    (213, 287)
    """
    return math.ceil(band.low * target - 1e-6), math.floor(band.high * target + 1e-6)
