"""An image with a world file: a scanned or drawn map laid on the ground by six numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gridplanner.i18n import _
from gridplanner.io import crs as systems
from gridplanner.io.tiles.faults import BROKEN, TileFault
from gridplanner.io.tiles.mercator import TOLERANCE, fitted_cells
from gridplanner.io.tiles.picture import LARGEST_IMAGE, picture_size
from gridplanner.model.lines import Floats

SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
_WORLD = {
    ".png": (".pgw", ".pngw"),
    ".jpg": (".jgw", ".jpgw"),
    ".jpeg": (".jgw", ".jpegw", ".jpgw"),
    ".tif": (".tfw", ".tifw"),
    ".tiff": (".tfw", ".tiffw"),
    ".webp": (".webpw",),
}
_MOST_CELLS = 32


@dataclass(frozen=True, eq=False)
class WorldImage:
    """An image file on the ground: `affine` (cells², 6) maps its pixels to metres of the project as in mercator.Mesh.

    The image is cut into `cells` × `cells` equal parts; `size` are its pixels, `error` the largest misfit in pixels.
    """

    path: Path
    size: tuple[int, int]
    cells: int
    affine: Floats
    box: tuple[float, float, float, float]
    error: float


def read_world_image(path: Path, crs: str) -> WorldImage:
    """Return an image's place in a project's plane `crs`. Without a .prj file beside it, it is taken to be in that plane.

    Raises TileFault for an image that is none or too large to open, without its world file, or whose world file makes no sense.
    """
    try:
        with path.open("rb") as file:
            head = file.read(1 << 20)
            at = int.from_bytes(head[4:8], "little" if head[:2] == b"II" else "big")  # a TIFF may say its size behind its pixels
            if head[:2] in {b"II", b"MM"} and at > len(head) - 4096:
                file.seek(at)
                head = head[:4] + (8).to_bytes(4, "little" if head[:2] == b"II" else "big") + file.read(8192)
            found = picture_size(head)
    except OSError as why:
        raise TileFault(BROKEN, _("{file} cannot be read ({reason}).").format(file=path.name, reason=why.strerror or why)) from why
    if found is None or path.suffix.lower() not in SUFFIXES:
        text = _("{file} is not an image that can be drawn here. Save it as PNG or JPEG, with its world file.")
        raise TileFault(BROKEN, text.format(file=path.name))
    _kind, wide, high = found
    if wide * high > LARGEST_IMAGE or not wide * high:
        text = _("{file} has {wide} × {high} pixels, too many to open at once. Make a tile pack (MBTiles) of it.")
        raise TileFault(BROKEN, text.format(file=path.name, wide=wide, high=high))
    a, b, c, d, e, f = read_world_file(world_file_of(path))
    source = _crs_beside(path) or crs
    cells = 1
    while True:
        v, u = np.meshgrid(np.linspace(0, high, 2 * cells + 1), np.linspace(0, wide, 2 * cells + 1), indexing="ij")
        u, v = u - 0.5, v - 0.5  # the file gives the place of the first pixel's middle
        xy = np.column_stack(((a * u + c * v + e).ravel(), (b * u + d * v + f).ravel()))
        plane = systems.transform(xy, source, crs)
        if not np.isfinite(plane).all():
            text = _("{file} lies outside the reach of its coordinate system {crs}. Check its world file and its .prj file.")
            raise TileFault(BROKEN, text.format(file=path.name, crs=systems.describe(source)))
        scaled, error = fitted_cells(plane.reshape(2 * cells + 1, 2 * cells + 1, 2), cells, 1.0)
        error *= math.sqrt(wide * high)  # it was measured with an image one pixel large
        if error <= TOLERANCE or cells >= _MOST_CELLS:
            low, high_corner = plane.min(axis=0).tolist(), plane.max(axis=0).tolist()
            affine = scaled / (wide, wide, high, high, 1, 1)
            return WorldImage(path, (wide, high), cells, affine, (low[0], low[1], high_corner[0], high_corner[1]), error)
        cells *= 2


def world_file_of(path: Path) -> Path:
    """Return the world file of an image, whatever the case of its ending; raises TileFault where there is none."""
    wanted = {path.stem.lower() + ending for ending in (*_WORLD.get(path.suffix.lower(), ()), ".wld")} | {path.name.lower() + "w"}
    for beside in sorted(path.parent.iterdir()):
        if beside.name.lower() in wanted:
            return beside
    ending = (*_WORLD.get(path.suffix.lower(), ()), ".wld")[0]
    text = _("{file} has no world file. Put {world}, which says where it lies, beside it.")
    raise TileFault(BROKEN, text.format(file=path.name, world=path.stem + ending))


def read_world_file(path: Path) -> tuple[float, float, float, float, float, float]:
    """Return the six numbers: metres east and north of one pixel to the right, of one pixel down, and of the first pixel's middle."""
    try:
        words = path.read_text(encoding="ascii", errors="replace").replace(",", ".").split()
        numbers = [float(word) for word in words[:6]]
    except (OSError, ValueError) as why:
        raise TileFault(BROKEN, _("{file} is not a world file: six numbers are expected, one a line.").format(file=path.name)) from why
    if len(numbers) < 6 or not all(map(math.isfinite, numbers)) or abs(numbers[0] * numbers[3] - numbers[1] * numbers[2]) < 1e-18:
        raise TileFault(BROKEN, _("{file} is not a world file: six numbers are expected, one a line.").format(file=path.name))
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _crs_beside(path: Path) -> str:
    """Return the CRS that a .prj file beside an image says, empty where there is none; raises TileFault where nobody knows it."""
    for beside in (path.with_suffix(".prj"), path.with_suffix(".PRJ")):
        if beside.exists():
            text = beside.read_text(encoding="utf-8", errors="replace").strip()
            if not systems.is_known(text):
                raise TileFault(BROKEN, _("{file} does not say a known coordinate system.").format(file=beside.name))
            return text
    return ""
