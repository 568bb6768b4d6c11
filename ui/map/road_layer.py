"""Streets, as wide as their class and the scale ask for, with a casing that sets them off the land."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats, Lines
from gridplanner.model.piece_index import PieceIndex, index_of_pieces
from gridplanner.model.places import RoadClass, Roads
from ui.map.scene import Scene, Showing

# metres across, least and most pixels, and the scale (pixels per metre) from which the class is drawn
WIDTHS = {
    RoadClass.PATH: (1.5, 0.8, 3.0, 0.5),
    RoadClass.LANE: (3.0, 1.0, 5.0, 0.35),
    RoadClass.STREET: (5.0, 1.0, 9.0, 0.12),
    RoadClass.ARTERIAL: (10.0, 1.8, 14.0, 0.0),
}
FEW = 400  # pieces in the picture up to which streets have round ends, which cost ten times as much
CASED = 8000  # pieces in the picture up to which streets have a casing


class RoadLayer:
    """All streets, the important ones on top."""

    name = "roads"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.roads,) if len(showing.project.roads) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        found = road_index(scene.showing.project.roads)
        scene.breathe()
        scale, whole = scene.view.scale, scene.view.bounds
        broader = scene.showing.looks.look(self.name).width
        drawn = [(found[kind], found[kind].count(whole), *WIDTHS[kind]) for kind in WIDTHS if kind in found and scale >= WIDTHS[kind][3]]
        many = sum(line[1] for line in drawn)
        scene.smooth_lines(painter, many)
        for colour, extra in ((scene.theme.road_casing, 1.4), (scene.theme.road, 0.0)):
            if extra and many > CASED:
                continue
            for index, _count, metres, least, most, _from in drawn:
                width = broader * float(np.clip(metres * scale, least, most)) + extra
                ends = Qt.PenCapStyle.RoundCap if many < FEW else Qt.PenCapStyle.SquareCap
                painter.setPen(QPen(QColor(colour), scene.line_width(width, many), Qt.PenStyle.SolidLine, ends))
                scene.draw_indexed(painter, index)


@lru_cache(maxsize=4)
def road_index(roads: Roads) -> dict[RoadClass, PieceIndex]:
    """Return the straight pieces of each class; roads of no class are drawn as streets."""
    pieces, line = line_pieces(roads.lines)
    classes = roads.classes[line]
    if not roads.classed:
        classes = np.full_like(classes, RoadClass.STREET)
    return {kind: index_of_pieces(part) for kind in WIDTHS if len(part := pieces[classes == kind])}


def line_pieces(lines: Lines) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return polylines as straight pieces (m, 4), and the line that each belongs to."""
    counts = np.diff(lines.offsets)
    owner = np.repeat(np.arange(len(lines)), counts)
    inner = owner[:-1] == owner[1:]
    pieces = np.concatenate((lines.coords[:-1], lines.coords[1:]), axis=1)[inner]
    return pieces, owner[:-1][inner]
