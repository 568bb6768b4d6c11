"""What the writers of all formats are told, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from algorithms.progress import Progress
from gridplanner.io.export_places import Places
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.layer_schemas import TABLE


@dataclass(frozen=True)
class ExportWish:
    """How an export is written: `stem` of the files that hold all layers, `title` for people, the system, and text in shapefiles."""

    stem: str
    title: str
    places: Places
    encoding: str = "gb18030"


Writer = Callable[[Sequence[LayerRows], Path, ExportWish, Progress], None]


def with_places(rows: LayerRows) -> bool:
    """True for a layer whose rows have places."""
    return rows.schema.geometry != TABLE


def any_layer(rows: LayerRows) -> bool:
    """True: also a table."""
    return rows.schema.name != ""


@dataclass(frozen=True)
class Format:
    """One format: its writer of the layers that it `takes`, into a folder; `degrees`: its places are always longitudes and latitudes."""

    write: Writer
    takes: Callable[[LayerRows], bool] = any_layer
    degrees: bool = False
