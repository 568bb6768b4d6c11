"""Pixels as Qt's picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """Return (height, width, 4) red, green, blue, alpha as a picture of its own, ready to be painted."""
    high, wide = pixels.shape[:2]
    shared = QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGBA8888)
    return shared.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
