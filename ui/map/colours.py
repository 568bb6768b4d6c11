"""Colours of grids: few, calm, told apart by colour-blind eyes, and never the same on two sides of a border."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

from gridplanner.model.colouring import COLOURS, grid_colours, neighbour_pairs
from ui.styles import Theme

# Paul Tol's "light" scheme, made for filled areas with labels on them (Tol 2021, Colour Schemes, fig. 5), without its two darkest
HUES = ("#77aadd", "#ee8866", "#eedd88", "#ffaabb", "#99ddff", "#6fc7a8", "#bbcc33", "#c9b8e8", "#d9d3c7")
assert len(HUES) == COLOURS
__all__ = ["HUES", "grid_colours", "neighbour_pairs", "palette"]
_STRENGTH = {"light": 0.52, "dark": 0.34}


@lru_cache(maxsize=4)
def palette(theme: Theme) -> tuple[QColor, ...]:
    """Return the fills, mixed with the land's colour so that streets and labels stay readable on them."""
    share = _STRENGTH[theme.name]
    land = QColor("#ffffff" if theme.name == "light" else theme.land)
    return tuple(_mixed(QColor(hue), land, share) for hue in HUES)


def _mixed(colour: QColor, ground: QColor, share: float) -> QColor:
    parts = zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]  # getRgb returns a tuple
    return QColor(*(round(a * share + b * (1 - share)) for a, b in parts))
