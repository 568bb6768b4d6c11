"""GeoPackage: all layers and tables in one file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from algorithms.progress import Progress
from gridplanner.io.formats.values import whole_columns
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.vector_files import write_gpkg_layer


def write_gpkg(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write STEM.gpkg with a layer each."""
    for rows in layers:
        progress.check()
        write_gpkg_layer(
            folder / f"{wish.stem}.gpkg", rows.schema.name, rows.shapes, whole_columns(rows), geometry=rows.schema.geometry,
            crs=wish.places.crs,
        )  # fmt: skip
