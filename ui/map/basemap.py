"""The basemap as the map shows it: a value that says which tiles or image there are by now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.map.basemap_image import ImageStore
    from ui.map.basemap_store import TileStore


@dataclass(frozen=True)
class Basemap:
    """What to paint under everything. `revision` grows with every tile that arrives, and with it the picture is painted anew."""

    store: TileStore | ImageStore
    revision: int
    gcj02: bool = False
