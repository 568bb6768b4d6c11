"""The latest picture of the map: put together from what the painting thread hands out, moved and scaled at once when the view moves."""

from __future__ import annotations

import dataclasses
import math

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from ui.map.regions import Region
from ui.map.scene import Frame, Patch
from ui.map.view import View


class Picture:
    """One frame, and below it the one before, for as long as the new one has no margins yet."""

    def __init__(self) -> None:
        self.frame: Frame | None = None
        self._below: Frame | None = None

    def take(self, frame: Frame) -> None:
        """Show another frame from now on."""
        if self.frame is not None and (_is_whole(self.frame) or self._below is None):
            self._below = self.frame
        self.frame = frame
        if _is_whole(frame):
            self._below = None

    def mend(self, patch: Patch) -> Region | None:
        """Put a part into the frame and return where it is, None where the picture stays as it was."""
        frame = self.frame
        if frame is None:
            return None
        region = frame.region
        if patch.image is not None:
            painter = QPainter(frame.image)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(QPoint(patch.region.left, patch.region.top), patch.image)
            painter.end()
        if patch.whole:
            region = Region(0, 0, frame.view.width, frame.view.height)
            self._below = None
        self.frame = dataclasses.replace(frame, showing=patch.showing, region=region, seconds=patch.seconds)
        return patch.region if patch.image is not None else None

    def draw(self, painter: QPainter, view: View, ratio: float, ground: QColor) -> None:
        """Draw what there is for a view: crisp where it is the frame's own scale, else the frame stretched."""
        screen = QRectF(0, 0, view.width, view.height)
        if self.frame is None or not _place(self.frame, view, ratio, self.frame.region).contains(screen):
            painter.fillRect(screen, ground)
            if self._below is not None:
                _draw(painter, self._below, view, ratio)
        if self.frame is not None:
            _draw(painter, self.frame, view, ratio)

    def on_widget(self, region: Region, view: View, ratio: float) -> QRect:
        """Return where a region of the frame lies in the window, with a pixel around it."""
        assert self.frame is not None
        place = _place(self.frame, view, ratio, region)
        left, top = math.floor(place.left()) - 1, math.floor(place.top()) - 1
        return QRect(left, top, math.ceil(place.right()) + 1 - left, math.ceil(place.bottom()) + 1 - top)


def _is_whole(frame: Frame) -> bool:
    return (frame.region.width, frame.region.height) == (frame.view.width, frame.view.height)


def _place(frame: Frame, view: View, ratio: float, region: Region) -> QRectF:
    """Return where a region of a frame lies on the screen of a view; in whole pixels of the screen where the scale is the same."""
    zoom = view.scale / frame.view.scale
    x, y = view.point_to_screen(*frame.view.point_to_world(0.0, 0.0))
    if zoom == 1.0:
        x, y = round(x * ratio) / ratio, round(y * ratio) / ratio
    return QRectF(x + region.left * zoom, y + region.top * zoom, region.width * zoom, region.height * zoom)


def _draw(painter: QPainter, frame: Frame, view: View, ratio: float) -> None:
    target = _place(frame, view, ratio, frame.region)
    source = QRectF(*frame.region.on_screen(frame.image.devicePixelRatio()))
    if view.scale == frame.view.scale and _is_whole(frame):
        painter.drawImage(QPointF(target.left(), target.top()), frame.image)
    else:
        painter.drawImage(target, frame.image, source)
