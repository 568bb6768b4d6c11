"""Colours of grids: few, calm, told apart by colour-blind eyes, and never the same on two sides of a border."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor

from gridplanner.model.grids import GridPlan
from gridplanner.model.lines import Ints
from gridplanner.model.units import Units
from ui.styles import Theme

# Paul Tol's "light" scheme, made for filled areas with labels on them (Tol 2021, Colour Schemes, fig. 5), without its two darkest
HUES = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#6fc7a8", "#bbcc33", "#c9b8e8", "#d9d3c7")
_STRENGTH = {"light": 0.52, "dark": 0.34}


def palette(theme: Theme) -> tuple[QColor, ...]:
    """Return the fills, mixed with the land's colour so that streets and labels stay readable on them."""
    share = _STRENGTH[theme.name]
    land = QColor("#ffffff" if theme.name == "light" else theme.land)
    return tuple(_mixed(QColor(hue), land, share) for hue in HUES)


def neighbour_pairs(units: Units, labels: Ints) -> Ints:
    """Return the pairs of grids that share a border, (n, 2), each once, the smaller label first."""
    both = (units.left >= 0) & (units.right >= 0)
    a, b = labels[units.left[both]], labels[units.right[both]]
    differ = a != b
    pairs = np.column_stack((np.minimum(a, b)[differ], np.maximum(a, b)[differ]))
    return np.unique(pairs, axis=0).astype(np.int32) if len(pairs) else np.empty((0, 2), np.int32)


@lru_cache(maxsize=4)
def grid_colours(units: Units, plan: GridPlan) -> dict[int, int]:
    """Return the index into the palette of every grid; neighbours differ, and a grid keeps its colour through most edits.

    Greedy: each grid prefers a colour that follows from its number alone, and takes the next one that no neighbour has. With more
    than nine neighbours of nine colours (a lake of a grid), it takes the one its neighbours use least.
    """
    beside: dict[int, list[int]] = {label: [] for label in plan.grids}
    for a, b in neighbour_pairs(units, plan.labels).tolist():
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)
    colours: dict[int, int] = {}
    for label in sorted(beside, key=lambda key: (len(beside[key]) < len(HUES), key)):  # first those that could find every colour taken
        taken = [colours[other] for other in beside[label] if other in colours]
        wish = [(label * 4 + step) % len(HUES) for step in range(len(HUES))]
        colours[label] = min(wish, key=taken.count)
    return colours


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]  # getRgb returns a tuple
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts))
