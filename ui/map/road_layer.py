"""Streets, as wide as their class and the scale ask for, with a casing that sets them off the land."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats, Lines
from gridplanner.model.places import RoadClass, Roads
from ui.map.scene import Scene, Showing

# metres across, least and most pixels, and the scale (pixels per metre) from which the class is drawn
WIDTHS = {
    RoadClass.PATH: (1.5, 0.8, 3.0, 0.5),
    RoadClass.LANE: (3.0, 1.0, 5.0, 0.22),
    RoadClass.STREET: (5.0, 1.0, 9.0, 0.12),
    RoadClass.ARTERIAL: (10.0, 1.8, 14.0, 0.0),
}
FEW = 2000  # pieces that may have round ends, which cost ten times as much


class RoadLayer:
    """All streets, the important ones on top."""

    name = "roads"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.roads,) if len(showing.project.roads) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        pieces = road_pieces(scene.showing.project.roads)
        scene.breathe()
        scale = scene.view.scale
        drawn = [(pieces[kind], *WIDTHS[kind]) for kind in WIDTHS if kind in pieces and scale >= WIDTHS[kind][3]]
        for colour, extra in ((scene.theme.road_casing, 1.4), (scene.theme.road, 0.0)):
            for part, metres, least, most, _from in drawn:
                width = float(np.clip(metres * scale, least, most)) + extra
                ends = Qt.PenCapStyle.RoundCap if width > 2.2 and len(part) * _share(scene, part) < FEW else Qt.PenCapStyle.FlatCap
                painter.setPen(QPen(QColor(colour), width, Qt.PenStyle.SolidLine, ends))
                scene.draw_pieces(painter, part)


@lru_cache(maxsize=2)
def road_pieces(roads: Roads) -> dict[RoadClass, Floats]:
    """Return the straight pieces of each class, (m, 4); roads of no class are drawn as streets."""
    pieces, line = line_pieces(roads.lines)
    classes = roads.classes[line]
    if not roads.classed:
        classes = np.full_like(classes, RoadClass.STREET)
    return {kind: part for kind in WIDTHS if len(part := pieces[classes == kind])}


def line_pieces(lines: Lines) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return polylines as straight pieces (m, 4), and the line that each belongs to."""
    counts = np.diff(lines.offsets)
    owner = np.repeat(np.arange(len(lines)), counts)
    inner = owner[:-1] == owner[1:]
    pieces = np.concatenate((lines.coords[:-1], lines.coords[1:]), axis=1)[inner]
    return pieces, owner[:-1][inner]


def _share(scene: Scene, pieces: Floats) -> float:
    """Return roughly which share of the pieces is in sight."""
    some = pieces[:: max(len(pieces) // 500, 1)]
    left, bottom, right, top = scene.view.bounds
    return float(((some[:, 0] >= left) & (some[:, 0] <= right) & (some[:, 1] >= bottom) & (some[:, 1] <= top)).mean())
