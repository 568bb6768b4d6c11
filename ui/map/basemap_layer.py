"""The basemap painted: every tile in small cells, each laid down by its own affine map, so that streets fall on streets."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from gridplanner.io.tiles.mercator import SIDE, Ground, Mesh, Tile, covering, tile_meshes
from gridplanner.io.tiles.reader import TileReader
from gridplanner.model.lines import Floats
from ui.map.basemap_image import ImageStore
from ui.map.basemap_store import TileStore
from ui.map.scene import Changed, Scene, Showing
from ui.map.view import View

OVERLAP = 0.5  # pixels of the screen that cells reach over their edges, so that no seam shows
_KEPT = 4000  # places of tiles


class BasemapLayer:
    """Tiles or an image under everything; nothing where none is chosen or none has come yet."""

    name = "basemap"

    def __init__(self) -> None:
        self._meshes: OrderedDict[Tile, Mesh | None] = OrderedDict()
        self._ground: Ground | None = None
        self._covered: tuple[tuple[object, ...], list[Tile]] | None = None

    def sources(self, showing: Showing) -> tuple[object, ...]:
        basemap = showing.basemap
        return (basemap.store, basemap.revision, basemap.gcj02, showing.project.crs) if basemap is not None and showing.project.crs else ()

    def dirty(self, changed: Changed) -> Floats | None:
        """Return the boxes of the tiles that arrived since."""
        before, after = changed.before.showing.basemap, changed.after.showing.basemap
        if before is None or after is None or before.store is not after.store or not isinstance(after.store, TileStore):
            return None
        tiles = after.store.came(before.revision, after.revision)
        if tiles is None:
            return None
        ground = Ground(changed.after.showing.project.crs, after.gcj02)
        boxes = [mesh.box for _tile, mesh in self._placed(ground, tiles)]
        return changed.screen_boxes(np.array(boxes).reshape(-1, 4))

    def paint(self, painter: QPainter, scene: Scene) -> None:
        basemap = scene.showing.basemap
        assert basemap is not None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if isinstance(basemap.store, TileStore):
            self._paint_tiles(painter, scene, basemap.store, Ground(scene.showing.project.crs, basemap.gcj02))
        else:
            _paint_image(painter, scene, basemap.store)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_tiles(self, painter: QPainter, scene: Scene, store: TileStore, ground: Ground) -> None:
        reader = store.reader
        if reader is None:
            return
        view = scene.view
        wanted = self._placed(ground, self._covering(scene, ground, reader))
        scene.breathe()
        seen = scene.sees(np.array([mesh.box for _tile, mesh in wanted]).reshape(-1, 4))
        for index in np.flatnonzero(seen)[::-1].tolist():  # the last wish is granted first: the middle
            tile, mesh = wanted[index]
            found = store.find(tile)
            if found is not None:
                paint_cells(painter, view, found[0], found[1], mesh.affine, (SIDE, SIDE), mesh.cells)
            scene.breathe()

    def _covering(self, scene: Scene, ground: Ground, reader: TileReader) -> list[Tile]:
        """Return the tiles of the whole view, those in the middle first; found once for all its regions."""
        key = (scene.view, scene.ratio, ground.crs, ground.gcj02, reader)
        if self._covered is None or self._covered[0] != key:
            tiles = covering(ground, scene.view.bounds, scene.view.width * scene.ratio, reader.least, reader.most)
            self._covered = key, tiles
        return self._covered[1]

    def _placed(self, ground: Ground, tiles: Sequence[Tile]) -> list[tuple[Tile, Mesh]]:
        """Return tiles with where they lie, without those that have no place in the plane."""
        if ground != self._ground:
            self._meshes.clear()
            self._ground = ground
        new = [tile for tile in tiles if tile not in self._meshes]
        self._meshes.update(zip(new, tile_meshes(ground, new), strict=True))
        found = [(tile, mesh) for tile in tiles if (mesh := self._meshes[tile]) is not None]
        while len(self._meshes) > _KEPT:
            self._meshes.popitem(last=False)
        return found


def paint_cells(
    painter: QPainter, view: View, image: QImage, part: QRectF, affine: Floats, size: tuple[float, float], cells: int
) -> None:  # fmt: skip
    """Draw `part` of an image, which stands for `size` pixels cut into `cells` × `cells`, each by its row of `affine` (to metres)."""
    wide, high = size[0] / cells, size[1] / cells
    base = painter.transform()
    for number, (a, b, c, d, e, f) in enumerate(affine.tolist()):
        row, column = divmod(number, cells)
        x, y = view.point_to_screen(e, f)
        scale = view.scale
        extra = OVERLAP / (scale * max(abs(a * d - b * c) ** 0.5, 1e-12))
        painter.setTransform(QTransform(a * scale, -b * scale, c * scale, -d * scale, x, y) * base)
        source = QRectF(part.x() + part.width() * column / cells, part.y() + part.height() * row / cells,
                        part.width() / cells, part.height() / cells)  # fmt: skip
        painter.drawImage(QRectF(column * wide - extra, row * high - extra, wide + 2 * extra, high + 2 * extra), image, source)
    painter.setTransform(base)


def _paint_image(painter: QPainter, scene: Scene, store: ImageStore) -> None:
    placed = store.placed
    if placed is None or store.crs != scene.showing.project.crs or not scene.sees(np.array([placed.box]))[0]:
        return
    a, b, c, d = placed.affine[0, :4].tolist()
    shown = scene.view.scale * scene.ratio * abs(a * d - b * c) ** 0.5  # pixels of the screen that one of the image covers
    picture = store.pictures[min(max(int(np.floor(np.log2(max(1.0 / shown, 1.0)))), 0), len(store.pictures) - 1)]
    paint_cells(painter, scene.view, picture, QRectF(picture.rect()), placed.affine, placed.size, placed.cells)
