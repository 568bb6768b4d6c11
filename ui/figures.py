"""Which figures deserve red."""

from __future__ import annotations

import numpy as np

from gridplanner.model.band import band_of
from gridplanner.model.lines import Bools
from gridplanner.model.statistics import GridFigures
from gridplanner.settings import GridSettings


def out_of_band(figures: GridFigures, settings: GridSettings | None) -> Bools:
    """Return which grids lie out of their band, whatever else is wrong with them."""
    band = band_of(settings)
    return np.asarray((figures.load < band.low - 1e-9) | (figures.load > band.high + 1e-9), np.bool_)
