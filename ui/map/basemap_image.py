"""An image as basemap: opened once by a thread, in full and in halves of halves for views from afar."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from gridplanner.io.tiles.faults import TileFault
from gridplanner.io.tiles.pixels import image_pixels
from gridplanner.io.tiles.world_image import WorldImage, read_world_image
from ui.map.pixels import image_of

SMALLEST = 512  # pixels of the last half


class ImageStore(QObject):
    """`placed` and `pictures` (each half as large as the one before) are there after `arrived`; `told` says why they never will be."""

    arrived = Signal()
    told = Signal(str, str)

    def __init__(self, path: Path, crs: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path, self.crs = path, crs
        self.placed: WorldImage | None = None
        self.pictures: tuple[QImage, ...] = ()
        self._closed = False

    def start(self) -> None:
        """Open the image, once somebody listens."""
        threading.Thread(target=self._open, daemon=True, name="basemap-image").start()

    def close(self) -> None:
        """Say no more."""
        self._closed = True

    def _open(self) -> None:
        try:
            placed, pictures = open_image(self.path, self.crs)
        except TileFault as why:
            if not self._closed:
                self.told.emit(why.kind, str(why))
            return
        self.pictures, self.placed = pictures, placed  # in this order: who sees where it lies may paint it
        if not self._closed:
            self.arrived.emit()


def open_image(path: Path, crs: str) -> tuple[WorldImage, tuple[QImage, ...]]:
    """Return an image's place and its pictures, each half as large as the one before; raises TileFault."""
    placed = read_world_image(path, crs)
    pictures = [image_of(image_pixels(path))]
    while max(pictures[-1].width(), pictures[-1].height()) > SMALLEST:
        half = pictures[-1].size() / 2
        pictures.append(pictures[-1].scaled(half, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation))
    return placed, tuple(pictures)
