"""Shapefiles: one a layer with its .prj and .cpg, tables as a .dbf; names and text fitted to what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from algorithms.progress import Progress
from gridplanner.io import crs as systems
from gridplanner.io.export_faults import fitted
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.shapefiles import write_shapefile


def write_shp(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write LAYER.shp of each layer; what does not fit was told before (export_faults)."""
    wkt = systems.to_wkt(wish.places.crs, esri=True)
    for rows in layers:
        progress.check()
        fits, _faults = fitted(rows, wish.encoding)
        write_shapefile(folder / f"{rows.schema.name}.shp", fits, crs_wkt=wkt, encoding=wish.encoding)
