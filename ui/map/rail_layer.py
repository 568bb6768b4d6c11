"""Railways: the track as maps draw it, and the guard segments along it in the colours of their squads."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gridplanner.model.lines import Floats
from gridplanner.model.piece_index import PieceIndex, index_of_pieces
from gridplanner.model.places import Railway
from gridplanner.model.rail import RailPlan
from ui.map.rail_strokes import segment_colours, segments_shown
from ui.map.road_layer import line_pieces
from ui.map.scene import Scene, Showing
from ui.map.shapes import polygon_of

BAND, LIT = 11.0, 19.0  # pixels of a segment's band, and of what lies around the one that is chosen


class RailLayer:
    """Tracks, dark with light sleepers."""

    name = "rail"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.railway,) if len(showing.project.railway) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        broader = scene.showing.looks.look(self.name).width
        painter.setPen(QPen(QColor(scene.theme.rail), 3.0 * broader, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        scene.draw_indexed(painter, rail_index(project.railway))
        pen = QPen(QColor(scene.theme.halo), 1.6 * broader, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([5.0, 5.0])
        painter.setPen(pen)
        lines = project.railway.lines
        for index in range(len(lines)):
            if scene.touches(lines.line(index)):
                painter.drawPolyline(polygon_of(scene.view.to_screen(lines.line(index))))
                scene.breathe()


@lru_cache(maxsize=4)
def rail_index(railway: Railway) -> PieceIndex:
    """Return the straight pieces of all tracks."""
    return index_of_pieces(line_pieces(railway.lines)[0])


class GuardLayer:
    """Guard segments as a band in the colour of their squad, every other one paler; around the one that is chosen a broader band."""

    name = "guards"
    draws_lines = True

    def sources(self, showing: Showing) -> tuple[object, ...]:
        plan = showing.project.rail
        return (plan, showing.rail_choice, showing.rail_segment) if plan is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        showing = scene.showing
        plan = showing.project.rail
        assert plan is not None
        broader = showing.looks.look(self.name).width
        rows = segments_shown(plan, showing.rail_choice)
        boxes = segment_boxes(plan)[list(rows)]
        colours = segment_colours(plan, showing.rail_choice, scene.theme)
        seen = [row for row, is_seen in zip(rows, scene.sees(boxes, LIT * max(broader, 1.0)).tolist(), strict=True) if is_seen]
        if showing.rail_segment in seen:
            self._stroke(painter, scene, plan.segments[showing.rail_segment].coords, QColor(scene.theme.accent), LIT * broader)
            self._stroke(painter, scene, plan.segments[showing.rail_segment].coords, QColor(scene.theme.halo), (LIT - 4.0) * broader)
        for row in seen:
            self._stroke(painter, scene, plan.segments[row].coords, colours[row], BAND * broader)
            scene.breathe()

    def _stroke(self, painter: QPainter, scene: Scene, coords: Floats, colour: QColor, wide: float) -> None:
        at = scene.view.to_screen(np.asarray(coords, np.float64))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(polygon_of(thinned(at)))


def thinned(at: Floats) -> Floats:
    """Return a line on the screen without the corners that lie within half a pixel of the one before; both ends stay."""
    if len(at) < 3:
        return at
    cells = np.round(at * 2.0)
    kept = np.concatenate(([True], (cells[1:] != cells[:-1]).any(axis=1)))
    kept[-1] = True
    return at[kept]


@lru_cache(maxsize=8)
def segment_boxes(plan: RailPlan) -> Floats:
    """Return left, bottom, right, top of each segment, (n, 4) metres."""
    boxes = [(*segment.coords.min(axis=0), *segment.coords.max(axis=0)) for segment in plan.segments]
    return np.array(boxes, np.float64).reshape(-1, 4)
