"""Pictures as pixels, decoded without Qt.

Qt's decoders ask every plugin, which take Qt's locks while the caller holds Python's; the window's thread may hold the one and wait for
the other when it takes a widget away, and both stand still.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from gridplanner.i18n import _
from gridplanner.io.tiles.faults import BROKEN, TileFault
from gridplanner.io.tiles.picture import LARGEST_IMAGE

KINDS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF")


def tile_pixels(data: bytes) -> NDArray[np.uint8]:
    """Return a tile as (height, width, 4) red, green, blue, alpha; raises TileFault where it is damaged."""
    try:
        return _decoded(BytesIO(data))
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError, Image.DecompressionBombError):
        raise TileFault(BROKEN, _("A tile of the basemap is damaged and was left out.")) from None


def image_pixels(path: Path) -> NDArray[np.uint8]:
    """Return an image file as (height, width, 4) red, green, blue, alpha; raises TileFault where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return _decoded(file)
    except (OSError, ValueError, SyntaxError, EOFError, UnidentifiedImageError, Image.DecompressionBombError) as why:
        raise TileFault(BROKEN, _("{file} cannot be opened ({reason}).").format(file=path.name, reason=why)) from None


def _decoded(source: IO[bytes]) -> NDArray[np.uint8]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sizes, which are held against our own limit here
        with Image.open(source, formats=KINDS) as picture:
            if picture.width * picture.height > LARGEST_IMAGE:
                raise ValueError(f"{picture.width} × {picture.height}")
            return np.ascontiguousarray(picture.convert("RGBA"), np.uint8)
