"""FlatGeobuf: one file a layer, with an index so that a map in a browser fetches what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from algorithms.progress import Progress
from gridplanner.io.formats.values import whole_columns
from gridplanner.io.formats.wish import ExportWish
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.vector_files import write_flatgeobuf


def write_fgb(layers: Sequence[LayerRows], folder: Path, wish: ExportWish, progress: Progress) -> None:
    """Write LAYER.fgb of each layer; the index orders rows by their place."""
    for rows in layers:
        progress.check()
        write_flatgeobuf(
            folder / f"{rows.schema.name}.fgb", rows.shapes, whole_columns(rows), geometry=rows.schema.geometry, crs=wish.places.crs
        )
