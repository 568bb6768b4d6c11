"""Web mercator tiles on the ground: which ones a view needs, and where in a project's plane each lies.

A tile is laid down in small cells, each by the affine map that fits it best. The cells are made as many as keep every place of the tile
within TOLERANCE pixels of where PROJ puts it; from zoom 12 on one cell a tile is enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gridplanner.io import crs as systems
from gridplanner.io.gcj02 import from_gcj02, to_gcj02
from gridplanner.model.lines import Floats

SIDE = 256  # pixels that a tile stands for, however many it has
TOLERANCE = 0.35  # pixels of the tile
MOST_CELLS = 16  # along one side
MOST_TILES = 400  # that one picture may need
_LIMIT = 85.0511287798066  # degrees of latitude where web mercator ends
Tile = tuple[int, int, int]  # zoom, column from the west, row from the north


@dataclass(frozen=True)
class Ground:
    """A project's plane: its CRS, and whether what the tiles show is shifted (GCJ-02)."""

    crs: str
    gcj02: bool = False

    def to_mercator(self, xy: Floats) -> Floats:
        """Return places (n, 2) of the plane as shares of web mercator's square: x from the west, y from the north."""
        lonlat = systems.transform(xy, self.crs, systems.WGS84)
        lonlat = lonlat[np.isfinite(lonlat).all(axis=1)]
        return mercator_shares(to_gcj02(lonlat) if self.gcj02 else lonlat)

    def to_plane(self, shares: Floats) -> Floats:
        """Return shares of web mercator's square (n, 2) as places of the plane, in metres; infinite out of reach."""
        lonlat = mercator_degrees(shares)
        return systems.transform(from_gcj02(lonlat) if self.gcj02 else lonlat, systems.WGS84, self.crs)


@dataclass(frozen=True, eq=False)
class Mesh:
    """A tile cut into `cells` × `cells` cells. `affine` (cells², 6) maps pixels of the tile (SIDE a side) to metres.

    x = a·u + c·v + e and y = b·u + d·v + f, the six numbers in the order a, b, c, d, e, f; `error` is the largest misfit in tile pixels.
    """

    cells: int
    affine: Floats
    box: tuple[float, float, float, float]
    error: float


def mercator_shares(lonlat: Floats) -> Floats:
    """Return degrees (n, 2) as shares of web mercator's square, x from the west and y from the north.

    >>> mercator_shares(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    lat = np.radians(np.clip(lonlat[:, 1], -_LIMIT, _LIMIT))
    return np.column_stack((lonlat[:, 0] / 360.0 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)))


def mercator_degrees(shares: Floats) -> Floats:
    """Return shares of web mercator's square (n, 2) as degrees, longitude first."""
    return np.column_stack(((shares[:, 0] - 0.5) * 360.0, np.degrees(np.arctan(np.sinh(2 * np.pi * (0.5 - shares[:, 1]))))))


def covering(
    ground: Ground, bounds: tuple[float, float, float, float], pixels: float, least: int, most: int
) -> list[Tile]:  # fmt: skip
    """Return the tiles that cover `bounds` (left, bottom, right, top in metres) shown `pixels` wide, those in the middle first.

    The zoom is the one whose pixels come nearest to the screen's, as far as the basemap has it and no more than MOST_TILES are needed.
    """
    left, bottom, right, top = bounds
    x, y = np.meshgrid(np.linspace(left, right, 7), np.linspace(bottom, top, 7))
    shares = ground.to_mercator(np.column_stack((x.ravel(), y.ravel())))
    if not len(shares):
        return []
    (west, north), (east, south) = shares.min(axis=0), shares.max(axis=0)
    zoom = round(math.log2(max(pixels, 1.0) / SIDE / max(east - west, 1e-12)))
    for z in range(min(max(zoom, least), most), -1, -1):
        count = 1 << z
        columns = range(max(math.floor(west * count), 0), min(math.floor(east * count), count - 1) + 1)
        rows = range(max(math.floor(north * count), 0), min(math.floor(south * count), count - 1) + 1)
        if len(columns) * len(rows) <= MOST_TILES:
            break
    if z < least:
        return []
    middle = ((west + east) / 2 * count - 0.5, (north + south) / 2 * count - 0.5)
    tiles = [(z, column, row) for column in columns for row in rows]
    return sorted(tiles, key=lambda tile: (tile[1] - middle[0]) ** 2 + (tile[2] - middle[1]) ** 2)


def tile_meshes(ground: Ground, tiles: Sequence[Tile]) -> list[Mesh | None]:
    """Return where tiles lie in the plane, None for those of which a part has no place there.

    All are tried with one cell at once; those few that it does not fit are cut further one by one.
    """
    if not tiles:
        return []
    places = np.array(tiles, np.float64)
    shares = (places[:, None, 1:] + _lattice(1)[None]) / np.exp2(places[:, None, :1])
    plane = ground.to_plane(shares.reshape(-1, 2)).reshape(-1, 9, 2)
    with np.errstate(invalid="ignore"):
        affine, error = _fitted(plane.transpose(0, 2, 1), SIDE)
    boxes = np.hstack((plane.min(axis=1), plane.max(axis=1))).tolist()
    sound: list[bool] = np.asarray(np.isfinite(plane).all(axis=(1, 2))).tolist()
    found: list[Mesh | None] = []
    for row, (tile, misfit, box) in enumerate(zip(tiles, error.tolist(), boxes, strict=True)):
        if sound[row] and misfit <= TOLERANCE:
            found.append(Mesh(1, affine[row : row + 1], (box[0], box[1], box[2], box[3]), misfit))
        else:
            found.append(tile_mesh(ground, tile) if sound[row] else None)
    return found


def tile_mesh(ground: Ground, tile: Tile) -> Mesh | None:
    """Return where a tile lies in the plane; None where a part of it has no place there."""
    z, column, row = tile
    cells = 1
    while True:
        shares = (_lattice(cells) + np.array([column, row])) / (1 << z)
        plane = ground.to_plane(shares)
        if not np.isfinite(plane).all():
            return None
        affine, error = fitted_cells(plane.reshape(2 * cells + 1, 2 * cells + 1, 2), cells)
        if error <= TOLERANCE or cells >= MOST_CELLS:
            low, high = plane.min(axis=0).tolist(), plane.max(axis=0).tolist()
            return Mesh(cells, affine, (low[0], low[1], high[0], high[1]), error)
        cells *= 2


def fitted_cells(plane: Floats, cells: int, side: float = SIDE) -> tuple[Floats, float]:
    """Return the best affine map of every cell (cells², 6) and the largest misfit in pixels.

    `plane` (2·cells + 1, 2·cells + 1, 2) are the metres of the cells' corners, edge middles and middles, rows from the north.
    """
    patches = np.lib.stride_tricks.sliding_window_view(plane, (3, 3), axis=(0, 1))[::2, ::2].reshape(cells * cells, 2, 9)
    affine, error = _fitted(patches, side / cells)
    row, column = np.divmod(np.arange(cells * cells), cells)
    u, v = column * side / cells, row * side / cells
    affine[:, 4] -= affine[:, 0] * u + affine[:, 2] * v
    affine[:, 5] -= affine[:, 1] * u + affine[:, 3] * v
    return affine, float(error.max())


def _fitted(patches: Floats, side: float) -> tuple[Floats, Floats]:
    """Return the affine map from `side` × `side` pixels to metres that fits each patch best (n, 6), and its misfit in pixels (n,).

    Patches (n, 2, 9) are the metres of three rows of three places: corners, edge middles and middle.
    """
    v, u = (part.ravel() * side / 2 for part in np.meshgrid(np.arange(3.0), np.arange(3.0), indexing="ij"))
    design = np.column_stack((u, v, np.ones(9)))
    near = patches[:, :, :1]
    solved = (patches - near) @ np.linalg.pinv(design).T  # (n, 2, 3), measured from a corner to keep digits
    misfit = np.linalg.norm(solved @ design.T - (patches - near), axis=1).max(axis=1)
    a, b, c, d = solved[:, 0, 0], solved[:, 1, 0], solved[:, 0, 1], solved[:, 1, 1]
    e, f = solved[:, 0, 2] + near[:, 0, 0], solved[:, 1, 2] + near[:, 1, 0]
    size = np.maximum(np.sqrt(np.abs(a * d - b * c)), 1e-12)
    return np.column_stack((a, b, c, d, e, f)), np.asarray(misfit / size, np.float64)


def _lattice(cells: int) -> Floats:
    """Return the places (n, 2) of a tile's corners, edge middles and middles of cells, as shares of the tile."""
    step = np.linspace(0.0, 1.0, 2 * cells + 1)
    v, u = np.meshgrid(step, step, indexing="ij")
    return np.column_stack((u.ravel(), v.ravel()))
