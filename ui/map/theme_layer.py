"""Streets in the colours of their classes, for the theme that asks how streets and grids lie to each other."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.map.road_layer import WIDTHS, road_index
from ui.map.scene import Scene, Showing
from ui.map.themes import STREETS, theme_of_map


class StreetClassLayer:
    """The streets of the theme “by street class”, over the plain ones; the important on top."""

    name = "street-classes"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        shown = theme_of_map(showing.map_theme, showing.project).id == "street" and "roads" not in showing.hidden
        return (showing.project.roads,) if shown else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        found = road_index(scene.showing.project.roads)
        scene.breathe()
        broader = scene.showing.looks.look("roads").width
        for kind, colour in reversed(STREETS):
            metres, least, most, finest = WIDTHS[kind]
            if kind in found and scene.view.scale >= finest:
                width = broader * float(np.clip(metres * scene.view.scale, least, most))
                painter.setPen(QPen(QColor(colour), max(width - 1.0, 1.2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
                scene.draw_indexed(painter, found[kind])
