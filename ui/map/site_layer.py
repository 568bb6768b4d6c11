"""Single places: police stations and posts, key sites, railway stations."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gridplanner.model.lines import Floats, Texts
from ui.map.scene import Scene, Showing
from ui.styles import SMALL, font

NAMED = 0.6  # pixels per metre from which names are written
SIZE = 6.0
WRITTEN = 220  # pixels that a place and its name reach to the right
Shape = Callable[[QPainter, QPointF, float], None]


class SiteLayer:
    """A square for a depot, a diamond for a key site, a ring for a railway station; names where there is room."""

    name = "sites"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        project = showing.project
        parts = (project.depots, project.key_sites, project.stations)
        return parts if any(len(part) for part in parts) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        project, look = scene.showing.project, scene.theme
        stations = project.stations
        at = ~stations.posts if len(stations.posts) == len(stations) else np.ones(len(stations), bool)  # kilometre posts are no stations
        self._paint(painter, scene, stations.xy[at], stations.names[at], _ring, look.rail)
        self._paint(painter, scene, project.key_sites.xy, project.key_sites.names, _diamond, look.warn)
        self._paint(painter, scene, project.depots.xy, project.depots.names, _square, look.accent)

    def _paint(self, painter: QPainter, scene: Scene, xy: Floats, names: Texts, shape: Shape, colour: str) -> None:
        size = SIZE if scene.view.scale > 0.1 else SIZE * 0.6
        region = scene.region
        painter.setFont(font(SMALL))
        for (x, y), name in zip(scene.view.to_screen(xy).tolist(), names.tolist(), strict=True):
            if not (region.left - WRITTEN < x < region.right + 20 and region.top - 20 < y < region.bottom + 20):
                continue
            painter.setPen(QPen(QColor(scene.theme.halo), 1.6))
            painter.setBrush(QColor(colour))
            shape(painter, QPointF(x, y), size)
            if scene.view.scale >= NAMED and name:
                _write(painter, scene, x + size + 3, y, str(name))
            scene.breathe()


def _square(painter: QPainter, at: QPointF, size: float) -> None:
    painter.drawRoundedRect(QRectF(at.x() - size, at.y() - size, 2 * size, 2 * size), 2.5, 2.5)


def _diamond(painter: QPainter, at: QPointF, size: float) -> None:
    x, y = at.x(), at.y()
    painter.drawPolygon(QPolygonF([QPointF(x, y - size), QPointF(x + size, y), QPointF(x, y + size), QPointF(x - size, y)]))


def _ring(painter: QPainter, at: QPointF, size: float) -> None:
    painter.setPen(QPen(painter.brush().color(), 2.0))
    painter.setBrush(QColor("#ffffff"))
    painter.drawEllipse(at, size * 0.8, size * 0.8)


def _write(painter: QPainter, scene: Scene, x: float, y: float, name: str) -> None:
    box = QRectF(x, y - 8, 200, 16)
    align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    halo = QColor(scene.theme.halo)
    halo.setAlphaF(0.8)
    painter.setPen(halo)
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(box.translated(dx, dy), align, name)
    painter.setPen(QColor(scene.theme.text))
    painter.drawText(box, align, name)
