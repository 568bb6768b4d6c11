"""Addresses as dots, set directly into the picture's memory: a million in some ten milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from gridplanner.model.piece_index import address_index
from ui.map.scene import Scene, Showing

PART = 50_000  # dots between two breaths


class AddressLayer:
    """Every address with households, as a dot that grows with the scale."""

    name = "addresses"

    def sources(self, showing: Showing) -> tuple[object, ...]:
        return (showing.project.households,) if len(showing.project.households) else ()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        view, ratio = scene.view, scene.ratio
        left, top, width, height = scene.region.on_screen(ratio)
        stamp = disc(dot_size(view.scale) * ratio)
        reach = int(np.abs(stamp).max(initial=0)) + 1
        rim = 2 * reach  # dots just outside reach into the region; they are set with a rim around it that is not drawn
        pixels = np.zeros((height + 2 * rim, width + 2 * rim), np.uint32)
        flat, wide = pixels.reshape(-1), pixels.shape[1]
        colour = _premultiplied(QColor(scene.theme.dot), float(np.clip(0.2 + 1.3 * view.scale, 0.2, 0.75)))
        index = address_index(scene.showing.project.households)
        scene.breathe()
        for part in _parts(index.runs(scene.bounds(reach / ratio + 2))):
            at = view.to_screen(index.xy[part[0][0] : part[0][1]] if len(part) == 1 else np.concatenate([index.xy[a:b] for a, b in part]))
            at *= ratio
            np.floor(at, out=at)
            at += (rim - left, rim - top)
            column, row = at[:, 0], at[:, 1]
            inside = (column >= reach) & (row >= reach) & (column < wide - reach) & (row < len(pixels) - reach)
            spot = (row[inside] * wide + column[inside]).astype(np.int64)
            for dx, dy in stamp.tolist():
                flat[spot + (dy * wide + dx)] = colour
            scene.breathe()
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        target = np.frombuffer(image.bits(), np.uint32).reshape(height, image.bytesPerLine() // 4)
        target[:, :width] = pixels[rim : rim + height, rim : rim + width]
        image.setDevicePixelRatio(ratio)
        painter.drawImage(scene.region.left, scene.region.top, image)


def _parts(runs: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Yield runs in groups of about PART dots; longer ones are cut."""
    group: list[tuple[int, int]] = []
    size = 0
    for first, last in runs:
        for start in range(first, last, PART):
            stop = min(start + PART, last)
            group.append((start, stop))
            size += stop - start
            if size >= PART:
                yield group
                group, size = [], 0
    if group:
        yield group


def dot_size(scale: float) -> float:
    """Return the dots' size in pixels at a scale in pixels per metre."""
    return float(np.clip(0.9 + 2.6 * scale**0.6, 1.0, 6.0))


def disc(size: float) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return the pixels (n, 2) of a disc of a size in pixels, around its middle."""
    reach = int(size / 2)
    x, y = (part.ravel() for part in np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1)))
    inside = x**2 + y**2 <= (size / 2) ** 2 + 0.25
    pixels = np.column_stack((x[inside], y[inside]))
    if 1.5 <= size < 2.5:
        pixels = np.array([(0, 0), (1, 0), (0, 1), (1, 1)])
    return pixels.astype(np.int64)


def _premultiplied(colour: QColor, alpha: float) -> int:
    red, green, blue = (round(part * alpha) for part in (colour.red(), colour.green(), colour.blue()))
    return round(alpha * 255) << 24 | red << 16 | green << 8 | blue
