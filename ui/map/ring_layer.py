"""Response rings: how many minutes from the first post, from dark to light; the posts, and the addresses that nobody reaches in time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from gridplanner.model.lines import Bools, Floats
from gridplanner.model.rings import RingPlan
from ui.map.checkpoint_marks import paint_post
from ui.map.land_layer import box_of
from ui.map.scene import Scene, Showing
from ui.map.shapes import path_of, polygon_of
from ui.styles import SMALL, Theme, font

# one hue: as dark as the first ring on light ground, as bright on dark ground
HUES = {"light": "#1f5a96", "dark": "#7db8e8"}
STRONGEST, WEAKEST = 0.78, 0.20  # share of the hue in the first and the last ring
DOTS = 1000  # in one call of Qt
NAMED = 40  # posts up to which each is named
SPREAD = 260  # pixels that a post and its name reach


class RingLayer:
    """The rings, under the streets."""

    name = "rings"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.rings,) if showing.project.rings is not None else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        plan = scene.showing.project.rings
        assert plan is not None
        colours = ring_colours(plan.minutes, scene.theme)
        paths, boxes, ring, origin = _paths(plan)
        painter.setTransform(scene.world(origin))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # smooth edges would leave a hair line between two rings
        painter.setPen(Qt.PenStyle.NoPen)
        for row in np.flatnonzero(scene.sees(boxes)).tolist():
            painter.setBrush(colours[ring[row]])
            painter.drawPath(paths[row])
            scene.breathe()
        painter.resetTransform()


class PostLayer:
    """What lies over the streets: addresses beyond the last ring as dots, posts as signs with their names."""

    name = "posts"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        shown = project.rings is not None and RingLayer.name not in showing.hidden
        return (project.rings, project.households) if shown else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project = scene.showing.project
        plan = project.rings
        assert plan is not None
        size = float(np.clip(2.0 + 6.0 * scene.view.scale, 2.0, 6.0))
        self._paint_dots(painter, scene, project.households.xy[beyond(plan, len(project.households))], size)
        region = scene.region
        painter.setFont(font(SMALL, bold=True))
        for (x, y), name in zip(scene.view.to_screen(plan.posts).tolist(), plan.names.tolist(), strict=True):
            if region.left - SPREAD < x < region.right + SPREAD and region.top - 20 < y < region.bottom + 20:
                paint_post(painter, QPointF(x, y), scene.theme)
                if len(plan.names) <= NAMED and name:
                    _write(painter, scene.theme, x + 12, y, str(name))
                scene.breathe()

    def _paint_dots(self, painter: QPainter, scene: Scene, xy: Floats, size: float) -> None:
        left, bottom, right, top = scene.bounds(size)
        inside = (xy[:, 0] >= left) & (xy[:, 0] <= right) & (xy[:, 1] >= bottom) & (xy[:, 1] <= top)
        places = scene.view.to_screen(xy[inside])
        painter.setPen(QPen(QColor(scene.theme.bad), size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for start in range(0, len(places), DOTS):
            painter.drawPoints(polygon_of(places[start : start + DOTS]))
            scene.breathe()


def ring_colours(minutes: tuple[float, ...], look: Theme) -> dict[float, QColor]:
    """Return the colour of each ring by its minutes, one hue over the land's colour, strongest for the first."""
    hue, ground = QColor(HUES[look.name]), QColor(look.land)
    shares = np.linspace(STRONGEST, WEAKEST, len(minutes)) if len(minutes) > 1 else [STRONGEST]
    parts = ((hue.red(), ground.red()), (hue.green(), ground.green()), (hue.blue(), ground.blue()))
    mixed = [QColor(*(round(a * share + b * (1 - share)) for a, b in parts)) for share in shares]
    return dict(zip((float(minute) for minute in minutes), mixed, strict=True))


def beyond(plan: RingPlan, addresses: int) -> Bools:
    """Return which addresses (a,) no post reaches within the last ring; none where the addresses are others by now."""
    if len(plan.address_minutes) != addresses:
        return np.zeros(addresses, np.bool_)
    return np.asarray(plan.address_minutes > plan.minutes[-1], np.bool_)


@lru_cache(maxsize=4)
def _paths(plan: RingPlan) -> tuple[list[QPainterPath], Floats, list[float], tuple[float, float]]:
    """Return the parts of all rings as paths in metres from an origin, their boxes, and the minutes of each; the first ring comes last."""
    known = np.array([float(minute) for minute in plan.minutes])
    parts: list[tuple[float, list[Floats]]] = []
    for row in np.argsort(-plan.shape_minutes, kind="stable").tolist():
        minute = float(known[np.abs(known - plan.shape_minutes[row]).argmin()])
        parts += [(minute, rings) for rings in _parts(plan.shapes[row])]
    if not parts:
        return [], np.zeros((0, 4)), [], (0.0, 0.0)
    x, y = parts[0][1][0][0].tolist()
    paths = [path_of(rings, (x, y)) for _minute, rings in parts]
    return paths, np.array([box_of(rings) for _minute, rings in parts]), [minute for minute, _rings in parts], (x, y)


def _parts(polygon: Any) -> list[list[Floats]]:
    """Return the rings of each part of a polygon of the model; parts lie apart, so each is painted by itself."""
    shape = polygon.__geo_interface__
    coordinates = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[np.array(ring, np.float64)[:, :2] for ring in part if len(ring)] for part in coordinates if len(part)]


def _write(painter: QPainter, look: Theme, x: float, y: float, name: str) -> None:
    box, align = QRectF(x, y - 9, 240, 18), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(look.halo))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(box.translated(dx, dy), align, name)
    painter.setPen(QColor(look.text))
    painter.drawText(box, align, name)
