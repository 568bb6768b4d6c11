"""The files that an earlier export left in a folder, which a later one replaces or removes."""

from __future__ import annotations

from pathlib import Path

from gridplanner.errors import InputError
from gridplanner.io.field_table import NAME as FIELD_TABLE
from gridplanner.io.field_table import earlier_layers
from gridplanner.io.formats.writers import SUFFIXES
from gridplanner.io.formats.xlsx_tables import NAME as TABLES
from gridplanner.io.layer_schemas import SCHEMAS
from gridplanner.io.route_files import PHONES, STEM
from gridplanner.io.shifted_systems import NOTE
from gridplanner.io.summary_file import NAME as SUMMARY
from gridplanner.io.vector_files import list_layers

# what other programs lay beside a shapefile to find its rows, and would find the new ones by
_INDEXES = (".qix", ".sbn", ".sbx")


def earlier_files(folder: Path, stem: str) -> list[str]:
    """Return the names of files in a folder that an export of a project called `stem` wrote; none where no `fields.csv` tells of one.

    The routes for phones are not among them, which a command of their own writes too; nor is a GeoPackage that holds other layers than
    the export had, and is somebody else's.
    """
    if not (folder / FIELD_TABLE).exists():
        return []
    listed = earlier_layers(folder / FIELD_TABLE)
    phones = {f"{STEM}.{name}" for name in PHONES}
    layers = [f"{layer}{end}" for layer in (*SCHEMAS, *listed) for end in (*SUFFIXES, *_INDEXES)]
    whole = [f"{stem}.gpkg"] if _holds(folder / f"{stem}.gpkg", listed) else []
    shared = [TABLES, NOTE, SUMMARY, f"{stem}.dxf", f"{stem}.qgz", *whole]
    return [name for name in dict.fromkeys((*layers, *shared)) if name not in phones]


def _holds(path: Path, layers: list[str]) -> bool:
    """True for a GeoPackage that has just these layers."""
    if not path.is_file():
        return False
    try:
        return set(list_layers(path)) == set(layers)
    except InputError:
        return False
